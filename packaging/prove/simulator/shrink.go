package simulator

import (
	"slices"
	"testing"
)

// shrinkRuns bounds how often a failing history is tried again while it is made shorter.
const shrinkRuns = 600

// Shrink takes steps out of a history that shows a violation for as long as it goes on
// showing one: large pieces first, single steps last.
func Shrink(t *testing.T, s Script) Script {
	runs := 0
	fails := func(steps []Step) bool {
		runs++
		tried := s
		tried.Steps = steps
		return len(Run(t, tried, false).Violations) > 0
	}
	steps := s.Steps
	for size := (len(steps) + 1) / 2; size > 0 && runs < shrinkRuns; size /= 2 {
		for at := 0; at < len(steps) && runs < shrinkRuns; {
			without := slices.Concat(steps[:at], steps[min(len(steps), at+size):])
			if fails(without) {
				steps = without
			} else {
				at += size
			}
		}
	}
	s.Steps = steps
	return s
}
