//go:build race

package main

// passwords of the keys that are tried: none. What makes one slow to guess takes a minute under the race detector.
var passwords = []string{""}
