package simulator_test

import (
	"os"
	"strconv"
	"testing"

	"veratill/packaging/prove/simulator"
)

// Wherever the cable of a card terminal is pulled and the program ends, what the till says of a payment is what the terminal keeps: also where the till has it
// durable and the terminal never heard so.
func TestHistoriesAtACardTerminal(t *testing.T) {
	n := min(uint64(seeds(t, usualSeeds/20)), usualSeeds/20)
	if more, err := strconv.ParseUint(os.Getenv("VERATILL_CABLE_SEEDS"), 10, 64); err == nil {
		n = more
	}
	sales := 0
	for seed := range n {
		r := simulator.Run(t, simulator.PlanTerminal(seed), false)
		sales += r.Sales
		if len(r.Violations) > 0 {
			again := simulator.Run(t, simulator.PlanTerminal(seed), true)
			t.Fatalf("seed %d: %v\n%s", seed, r.Violations, again.Transcript)
		}
	}
	t.Logf("%d histories, %d sales", n, sales)
}
