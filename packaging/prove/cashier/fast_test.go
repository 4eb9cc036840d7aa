//go:build !race

package cashier_test

import (
	"testing"

	"veratill/packaging/prove/cashier"
)

// usualSeeds is how many histories a test run lives through.
const usualSeeds = 100

// A script is the same history each time, so that what was found can be looked at again.
func TestRepeatable(t *testing.T) {
	for seed := range max(1, seeds(t)/20) {
		plan := cashier.Plan(seed)
		a, b := cashier.Run(t, plan), cashier.Run(t, plan)
		if a.Transcript != b.Transcript {
			t.Errorf("seed %d is another history the second time:\n%s\nor\n%s", seed, tail(a.Transcript), tail(b.Transcript))
		}
	}
}
