//go:build race

package main

// The scripts in which goroutines of the till meet: the race detector makes each start of the program ten times slower,
// and most scripts are starts.
var (
	scriptFolder = ""
	scriptFiles  = []string{
		"testdata/script/sell.txt", "testdata/script/parts.txt", "testdata/script/separate.txt", "testdata/script/devices.txt",
		"testdata/script/printer.txt", "testdata/script/papers.txt", "testdata/script/find.txt", "testdata/script/update-hand-over.txt",
	}
)
