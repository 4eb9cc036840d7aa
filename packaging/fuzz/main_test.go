package main

import (
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
