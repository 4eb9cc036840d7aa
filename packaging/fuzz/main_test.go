package main

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestOnlyTheTargetsThatFitIntoTheTimeHaveTheirTurn(t *testing.T) {
	var all []target
	for n := range 10 {
		all = append(all, target{room: "room", name: fmt.Sprint("Fuzz", n)})
	}
	if turns := fitting(all, time.Minute, 7); len(turns) != 10 || turns[0].name != "Fuzz0" {
		t.Errorf("a minute is enough for all of them in their order: %v", turns)
	}
	turned := map[string]bool{}
	for seed := range uint64(10) {
		turns := fitting(all, 3*leastShare+time.Second, seed)
		if len(turns) != 3 || turns[0].name == turns[1].name || turns[1].name == turns[2].name {
			t.Errorf("seed %d: three different targets fit, and these have their turn: %v", seed, turns)
		}
		for _, f := range turns {
			turned[f.name] = true
		}
	}
	if len(turned) != len(all) {
		t.Errorf("whatever the seed, only %d of %d targets have their turn", len(turned), len(all))
	}
	if turns := fitting(all, 0, 1); len(turns) != 1 {
		t.Errorf("at least one target has its turn: %v", turns)
	}
}

func TestWhatTheFuzzerSays(t *testing.T) {
	const counts, begins = "fuzz: elapsed: 3s, execs: 21 (7/sec)\nfuzz: elapsed: 5s, execs: 40 (8/sec)\n", "fuzz: elapsed: 1s, gathering baseline coverage: 95/139 completed\nPASS\n"
	bad := errors.New("exit status 1")
	for name, c := range map[string]struct {
		out   string
		ended error
		calls int64
		want  func(error) bool
	}{
		"counts":                    {counts, nil, 40, func(err error) bool { return err == nil }},
		"found":                     {counts + found, bad, 40, func(err error) bool { return errors.Is(err, bad) }},
		"its time ended at work":    {counts + overtime, bad, 40, func(err error) bool { return err == nil }},
		"found as its time ended":   {counts + overtime + found, bad, 40, func(err error) bool { return errors.Is(err, bad) }},
		"its time ended before":     {begins, nil, 0, func(err error) bool { return errors.Is(err, errNoTurn) }},
		"ended badly before":        {begins, bad, 0, func(err error) bool { return errors.Is(err, bad) }},
		"another fuzzer than known": {"PASS\n", nil, 0, func(err error) bool { return err != nil && !errors.Is(err, errNoTurn) }},
	} {
		if calls, err := said([]byte(c.out), c.ended); calls != c.calls || !c.want(err) {
			t.Errorf("%s: %d, %v", name, calls, err)
		}
	}
}
