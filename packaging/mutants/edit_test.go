package main

import (
	"strings"
	"testing"
)

// marked is a file whose only mark, late, is before some lines.
func marked(t *testing.T, lines string) places {
	t.Helper()
	return one(t, "package p\n\nfunc f() {\n//mutant:late\n"+lines+"\n}\n")
}

func TestEdits(t *testing.T) {
	for _, c := range []struct {
		op            operation
		lines, become string
	}{
		{skip(), "a = b // why", "if false { a = b } // why"},
		{skip(), "defer f()", "if false { defer f() }"},
		{instead("return nil"), "return g(\n1)", "return nil"},
		{before("b = c"), "a = b", "b = c; a = b"},
		{after("if b { c() }"), "a = b", "a = b; if b { c() }"},
		{never(), "if a || b {\n}", "if (a || b) && false {\n}"},
		{always(), "if x := y(); a {\n}", "if x := y(); (a) || true {\n}"},
		{onlyIf("c"), "if a || b {\n}", "if (a || b) && c {\n}"},
		{alsoIf("c"), "if a && b {\n}", "if (a && b) || c {\n}"},
		{replace("d . e", "g"), "return d.e, d", "return g, d"},
		{replace("e", "g"), "return d.e, T{e: e}", "return d.e, T{e: g}"},
		{replace("a==b", "a || b"), "return !f(a == b)", "return !f((a || b))"},
		{drop("a"), "return a && b || c", "return b || c"},
		{drop("!b()"), "if a || !b() {\n}", "if a {\n}"},
		{drop("1"), "x := []int{1, 2, 3}", "x := []int{2, 3}"},
		{drop("3"), "x := []int{1, 2, 3}", "x := []int{1, 2}"},
		{reword("FULL", "OFF"), "s := `sync = FULL`", "s := `sync = OFF`"},
	} {
		texts, err := marked(t, c.lines).edited(mutant{"r", tests, []edit{at("late", c.op)}})
		want := "package p\n\nfunc f() {\n//mutant:late\n" + c.become + "\n}\n"
		if err != nil || texts["txn/a.go"] != want {
			t.Errorf("%s becomes %q, %v", c.lines, texts["txn/a.go"], err)
		}
	}
}

func TestEditsOfCases(t *testing.T) {
	for _, c := range []struct {
		op           operation
		head, become string
	}{
		{never(), "case a:", "case (a) && false:"},
		{drop("b"), "case a, b:", "case a:"},
		{alsoCase("c"), "case a, b:", "case a, b, c:"},
	} {
		all := one(t, "package p\n\nfunc f() {\n\tswitch {\n\t//mutant:late\n\t"+c.head+"\n\t}\n}\n")
		texts, err := all.edited(mutant{"r", tests, []edit{at("late", c.op)}})
		if err != nil || !strings.Contains(texts["txn/a.go"], "\n\t"+c.become+"\n") {
			t.Errorf("%s becomes %q, %v", c.head, texts["txn/a.go"], err)
		}
	}
}

func TestEditsThatDoNotFitAreRefused(t *testing.T) {
	for _, c := range []struct {
		op         operation
		lines, why string
	}{
		{never(), "a = b", "has no condition"},
		{alsoCase("c"), "a = b", "no case"},
		{replace("c", "d"), "a = b", "is there 0 times"},
		{replace("b", "d"), "a = b + b", "is there 2 times"},
		{replace("b", "d +"), "a = b", "expected operand"},
		{replace("b", "b"), "a = b", "changes nothing"},
		{drop("b"), "a = b", "neither an operand"},
		{drop("b"), "a = b + c", "neither an operand"},
		{drop("1"), "x := []int{1}", "not one element of several"},
		{reword("FULL", "OFF"), "a = b", "0 times"},
		{reword("U", "O"), "s := `UU`", "2 times"},
		{instead("if {"), "a = b", "missing condition"},
	} {
		_, err := marked(t, c.lines).edited(mutant{"r", tests, []edit{at("late", c.op)}})
		if err == nil || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s: %v, want %q", c.lines, err, c.why)
		}
	}
	all := one(t, "package p\n\n//mutant:late\nvar a = 1\n")
	if _, err := all.edited(mutant{"r", tests, []edit{at("late", skip())}}); err == nil {
		t.Error("a declaration is skipped like a statement")
	}
}

func TestEditsOfOneMutantMayNotOverlap(t *testing.T) {
	_, err := marked(t, "a = b").edited(mutant{"r", tests, []edit{at("late", skip()), at("late", replace("b", "c"))}})
	if err == nil || !strings.Contains(err.Error(), "overlap") {
		t.Error(err)
	}
}
