package main

import (
	"strings"
	"testing"
)

// one reads the marks of a single file.
func one(t *testing.T, text string) places {
	t.Helper()
	all := places{}
	if err := all.read("txn/a.go", []byte(text)); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestMarksFindTheNodeBehindThem(t *testing.T) {
	all := one(t, `package p

// f says what it is for.
//
//mutant:function
func f(a, b bool) int {
	//mutant:statement
	// why
	if a {
		return 1 //  not a mark
	}
	switch {
	//mutant:case
	case b:
		return 2
	}
	return 3
}

var list = []point{
	//mutant:element
	{x: 1, y: 2},
}

const (
	one = 1
	//mutant:constant
	two = 2
)
`)
	for mark, begins := range map[string]string{"function": "func f(a, b bool) int {", "statement": "if a {",
		"case": "case b:", "element": "{x: 1, y: 2}", "constant": "two = 2"} {
		p, marked := all[mark]
		if !marked {
			t.Errorf("%s was not found", mark)
		} else if got := p.of(p.node); !strings.HasPrefix(got, begins) {
			t.Errorf("%s marks %q", mark, got)
		}
	}
}

func TestOddMarksAreRefused(t *testing.T) {
	for body, why := range map[string]string{
		"\t// mutant:late\n\tf()\n":                        "//mutant:NAME",
		"\t//mutant:Late\n\tf()\n":                         "//mutant:NAME",
		"\t//mutant:late two\n\tf()\n":                     "//mutant:NAME",
		"\tf() //mutant:late\n\tf()\n":                     "line of its own",
		"\t//mutant:late\n":                                "follows this mark",
		"\t//mutant:late\n\n\tf()\n":                       "follows this mark",
		"\tif true {\n\t\t//mutant:late\n\t}\n\tf()\n":     "follows this mark",
		"\t//mutant:late\n\tf()\n\t//mutant:late\n\tf()\n": "give each its own",
	} {
		err := places{}.read("txn/a.go", []byte("package p\n\nfunc f() {\n"+body+"}\n"))
		if err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v, want %q", body, err, why)
		}
	}
}

// The same name in two files is one too many as well.
func TestMarkOfAnotherFileIsNotRepeated(t *testing.T) {
	all := one(t, "package p\n\n//mutant:late\nfunc f() {}\n")
	err := all.read("txn/b.go", []byte("package p\n\n//mutant:late\nfunc g() {}\n"))
	if err == nil || !strings.Contains(err.Error(), "txn/a.go too") {
		t.Error(err)
	}
	if err := all.read("txn/b.go", []byte("package p\n\n//mutant:late/shell\nfunc g() {}\n")); err != nil {
		t.Error(err)
	}
}

func TestTableAndMarksHaveToAgree(t *testing.T) {
	all := one(t, "package p\n\n//mutant:late\nfunc f() {}\n")
	for name, c := range map[string]struct {
		table []mutant
		why   string
	}{
		"a name that is not marked": {[]mutant{{"r", tests, []edit{at("late", skip()), at("early", skip())}}}, "is marked //mutant:early"},
		"a mark that is not named":  {nil, "edits //mutant:late"},
	} {
		if err := all.agree(c.table); err == nil || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A marked line that moves to another file and package takes its mutant along.
func TestMarkedLineMayMove(t *testing.T) {
	m := mutant{"r", tests, []edit{at("late", never())}}
	for _, path := range []string{"txn/a.go", "app/desk/z.go"} {
		all := places{}
		if err := all.read(path, []byte("package p\n\nfunc f() {\n\t//mutant:late\n\tif g() {\n\t}\n}\n")); err != nil {
			t.Fatal(err)
		}
		texts, err := all.edited(m)
		if err != nil || !strings.Contains(texts[path], "if (g()) && false {") {
			t.Errorf("%s: %q, %v", path, texts, err)
		}
	}
}
