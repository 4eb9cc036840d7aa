// Command licences writes list.tsv: every module of which the program, its tests or its
// tools hold code, with its version, its licences as SPDX names, and what it is for where
// go.mod requires it directly. A test holds the list against the modules as they are: one
// that is added, or changes its licence, has to be looked at by somebody.
//
//	licences        writes packaging/licences/list.tsv anew
package main

import (
	"fmt"
	"os"
)

const listFile = "packaging/licences/list.tsv"

func main() {
	all, err := gather(".")
	stopOn(err)
	stopOn(os.WriteFile(listFile, []byte(format(all)), 0o644))
	bad := judge(all)
	for _, b := range bad {
		fmt.Println("violation:", b)
	}
	fmt.Printf("modules: %d\nviolations: %d\n", len(all), len(bad))
	if len(bad) > 0 {
		os.Exit(1)
	}
}

func stopOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}
