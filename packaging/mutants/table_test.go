package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// A mutant whose text is not in the code any more takes nothing out of it.
func TestEveryEditFindsItsText(t *testing.T) {
	if err := os.Chdir("../.."); err != nil {
		t.Fatal(err)
	}
	for _, d := range detectors(0) {
		seen := map[string]bool{}
		for _, m := range d.table {
			if seen[m.rule] {
				t.Errorf("%s: %q is there twice", d.name, m.rule)
			}
			seen[m.rule] = true
			texts := map[string]string{}
			for _, e := range m.edits {
				if _, read := texts[e.file]; !read {
					text, err := os.ReadFile(e.file)
					if err != nil {
						t.Fatal(err)
					}
					texts[e.file] = string(text)
				}
				if n := strings.Count(texts[e.file], e.old); n != 1 {
					t.Errorf("%s: %s: %s has the text %d times: %q", d.name, m.rule, e.file, n, e.old)
				}
				texts[e.file] = strings.Replace(texts[e.file], e.old, e.new, 1)
			}
		}
	}
}

// Each of the twelve rules is taken out for the explorer and for the tests.
func TestEveryRuleIsTakenOut(t *testing.T) {
	for _, d := range detectors(0) {
		if d.name == "simulator" { // what its bank keeps is edited in its own room
			continue
		}
		for rule := 1; rule <= 12; rule++ {
			found := false
			for _, m := range d.table {
				found = found || strings.HasPrefix(m.rule, fmt.Sprintf("rule %d:", rule))
			}
			if !found {
				t.Errorf("%s: nothing takes out rule %d", d.name, rule)
			}
		}
	}
}
