//go:build !race

package main

// passwords of the keys that are tried: none, and one.
var passwords = []string{"", "correct horse"}
