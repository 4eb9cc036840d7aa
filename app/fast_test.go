//go:build !race

package main

// Every script.
var (
	scriptFolder = "testdata/script"
	scriptFiles  []string
)
