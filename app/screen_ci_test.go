//go:build ci

package main

// opensWindows is false where Fyne is built without a screen.
const opensWindows = false
