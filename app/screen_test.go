//go:build !ci

package main

// opensWindows: Fyne is built with a screen.
const opensWindows = true
