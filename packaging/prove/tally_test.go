package main

import (
	"errors"
	"testing"
)

func TestAPartThatDoesNotEndInTimeIsAViolation(t *testing.T) {
	bad := errors.New("signal: interrupt")
	for _, c := range []struct {
		name string
		p    part
		o    outcome
		want int
	}{
		{"a part that found nothing", part{}, outcome{text: "violations: 0\n"}, 0},
		{"a part that found two", part{}, outcome{text: "violations: 2\n", err: bad}, 2},
		{"a part that ended badly without a word", part{}, outcome{err: bad}, 1},
		{"a part that did not end", part{}, outcome{err: bad, cut: true}, 1},
		{"a part that did not end and had told of two", part{}, outcome{text: "violation: a\nviolation: b\n", err: bad, cut: true}, 2},
		{"mutants cut off", part{whole: true}, outcome{text: "caught by tests in 1.0 s: rule 1 (TestX)\n", err: bad, cut: true}, 0},
		{"mutants cut off after a miss", part{whole: true}, outcome{text: "NOT CAUGHT by tests in 1.0 s: rule 1\n", err: bad, cut: true}, 1},
		{"mutants that end badly by themselves", part{whole: true}, outcome{text: "mutants: x\n", err: bad}, 1},
		{"a part that a person stopped", part{}, outcome{err: bad, cut: true, stopped: true}, 0},
		{"a part that a person stopped after a violation", part{}, outcome{text: "violation: a\n", err: bad, cut: true, stopped: true}, 1},
	} {
		if got := lies(c.p, c.o, counts(c.o)); got != c.want {
			t.Errorf("%s: %d violations, want %d", c.name, got, c.want)
		}
	}
}

func TestMutantsAreCountedWhereTheyAreCutOff(t *testing.T) {
	said := counts(outcome{cut: true, text: "caught by explorer in 1.0 s: a (b)\ncaught by explorer in 1.0 s: c (d)\nERROR by explorer: e: f\n"})
	if said["mutants"] != 3 || said["mutants_caught"] != 2 || said["mutants_missed"] != 1 {
		t.Errorf("%v", said)
	}
}
