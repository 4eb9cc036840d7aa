// Command licences writes list.tsv: every module of which the program, its tests or its
// tools hold code, with its version, its licences as SPDX names, and what it is for where
// go.mod requires it directly. A test holds the list against the modules as they are: one
// that is added, or changes its licence, has to be looked at by somebody.
//
//	licences                        writes packaging/licences/list.tsv anew
//	licences -give DIR -goos linux  writes what goes along with a package: THIRD-PARTY.txt, the texts of
//	                                the licences of all that is inside, and sbom.cdx.json (CycloneDX 1.6)
//	licences -give DIR -goos windows -also libusb=1.0.26=LGPL-2.1-or-later=COPYING
//	                                with a library that is linked in and is no module
package main

import (
	"flag"
	"fmt"
	"os"
)

const listFile = "packaging/licences/list.tsv"

func main() {
	to := flag.String("give", "", "`folder` that gets what goes along with a package")
	goos := flag.String("goos", "linux", "the package's system")
	var also extras
	flag.Var(&also, "also", "`NAME=VERSION=LICENCE=FILE` of a library that is linked in, with the text of its licence")
	flag.Parse()
	all, err := gather(".")
	stopOn(err)
	if *to != "" {
		stopOn(give(*to, append(inside(all, *goos), also...)))
		return
	}
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
