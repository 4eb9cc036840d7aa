package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The list says what is true: no module was added, none changed its version or its
// licence, without somebody having looked and written it anew (./dev licences).
func TestTheListIsTrue(t *testing.T) {
	root := filepath.Join("..", "..")
	all, err := gather(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range judge(all) {
		t.Error(b)
	}
	text, err := os.ReadFile("list.tsv")
	if err != nil {
		t.Fatal(err)
	}
	was, is := strings.Split(string(text), "\n"), strings.Split(format(all), "\n")
	for _, line := range is {
		if !slices.Contains(was, line) {
			t.Errorf("not in list.tsv: %s", line)
		}
	}
	for _, line := range was {
		if !slices.Contains(is, line) {
			t.Errorf("in list.tsv and no longer so: %s", line)
		}
	}
	if t.Failed() {
		t.Log("look at the licence, then write the list with ./dev licences")
	}
}

// A purpose that nothing has any more is taken out.
func TestPurposesAreOfModulesThatAreThere(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for path := range purposes {
		if path != fontFolder && path != printerFolder && !strings.Contains(string(text), path+" v") {
			t.Errorf("%s is not in go.mod", path)
		}
	}
}

// Texts are told apart, also where one quotes another.
func TestKinds(t *testing.T) {
	for text, want := range map[string]string{
		"Permission is hereby granted, free of\n  charge, to any person obtaining a copy of this software and associated documentation files": "MIT",
		"Redistribution and use in source and binary forms, with or without":                                                                  "BSD-2-Clause",
		"Redistribution and use in source and binary forms ... may be used to endorse or promote products derived":                            "BSD-3-Clause",
		"GNU GENERAL PUBLIC LICENSE\n   Version 3, 29 June 2007":                                                                              "GPL",
		"Mozilla Public License Version 2.0 ... the GNU General Public License, Version 2.0":                                                  "MPL-2.0",
		"All rights reserved.": unknown,
	} {
		if got := strings.Join(kindsOf(text), " "); got != want {
			t.Errorf("%q is %s, not %s", text, got, want)
		}
	}
	if slices.Contains(allowed, "GPL") || slices.Contains(allowed, unknown) {
		t.Error("allowed, and should not be")
	}
}
