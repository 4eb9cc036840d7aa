package simulator_test

import (
	"os"
	"strconv"
	"testing"

	"veratill/packaging/prove/simulator"
)

// Whatever providers of payment codes do, and wherever the program ends, what the till says of a payment by code is what its provider has.
func TestHistoriesByCode(t *testing.T) {
	n := min(uint64(seeds(t, usualSeeds/20)), usualSeeds/20)
	if more, err := strconv.ParseUint(os.Getenv("VERATILL_CODE_SEEDS"), 10, 64); err == nil {
		n = more
	}
	sales := 0
	for seed := range n {
		r := simulator.Run(t, simulator.PlanCodes(seed), false)
		sales += r.Sales
		if len(r.Violations) > 0 {
			again := simulator.Run(t, simulator.PlanCodes(seed), true)
			t.Fatalf("seed %d: %v\n%s", seed, r.Violations, again.Transcript)
		}
	}
	t.Logf("%d histories, %d sales", n, sales)
}
