//go:build !windows

package main

// console: whoever starts the program reads its error output, or has chosen not to.
func console() (heard bool) { return true }

// tell has no box to show: console says that there is no need of one.
func tell(string, string) {}

// languages: what is written to the error output is English.
func languages() []string { return nil }

// drawingHelp has nothing to add: distributions bring OpenGL along with the display.
const drawingHelp = ""
