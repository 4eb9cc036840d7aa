package main

import (
	"testing"
	"time"
)

func TestLanesHaveEqualShares(t *testing.T) {
	all := parts("veratill", 1)
	dealt := lanesOf(all)
	var sums [lanes]int
	n := 0
	for lane, its := range dealt {
		for _, p := range its {
			sums[lane] += p.share
			n++
		}
	}
	if n != len(all) {
		t.Fatalf("%d parts were dealt out, of %d", n, len(all))
	}
	if most, least := max(sums[0], sums[1]), min(sums[0], sums[1]); most-least > most/10 {
		t.Errorf("the lanes have shares of %v: one is idle at the end", sums)
	}
}

// The parts that find nothing to cut short have to be first: what they leave over is for the others.
func TestMutantsComeFirstInTheirLanes(t *testing.T) {
	for lane, its := range lanesOf(parts("veratill", 1)) {
		if !its[0].whole {
			t.Errorf("lane %d begins with %s", lane, its[0].name)
		}
	}
}

// A lane whose parts use up their slots ends with the time; each part has at least leastSlot.
func TestSlotsFillTheTimeExactly(t *testing.T) {
	for _, during := range []time.Duration{shortest, 2 * time.Minute, 10 * time.Minute, 145 * time.Minute} {
		for lane, its := range lanesOf(parts("veratill", 1)) {
			left := during
			for n := range its {
				s := slot(left, its[n:])
				if s < leastSlot {
					t.Errorf("%s, lane %d: %s has only %s", during, lane, its[n].name, s)
				}
				if of := told(s); of+leastEnding > s {
					t.Errorf("%s, lane %d: %s is told %s of %s and has no time to end", during, lane, its[n].name, of, s)
				}
				left -= s
			}
			if left != 0 {
				t.Errorf("%s, lane %d: %s are left", during, lane, left)
			}
		}
	}
}

func TestASlotGrowsWithWhatWasLeftOver(t *testing.T) {
	lane := []part{{share: 50}, {share: 25}, {share: 25}}
	if s := slot(400*time.Second, lane); s != 200*time.Second {
		t.Errorf("half of 400 s is %s", s)
	}
	if s := slot(390*time.Second, lane[1:]); s != 195*time.Second { // the first took 10 s of its 200
		t.Errorf("half of the 390 s that are left is %s", s)
	}
	if s := slot(-time.Second, lane[1:]); s != 0 {
		t.Errorf("when the time is over a part gets %s", s)
	}
}
