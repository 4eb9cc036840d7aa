package simulator_test

import (
	"os"
	"strconv"
	"testing"
	"time"

	"veratill/packaging/prove/simulator"
)

// seeds is how many histories the test lives through.
func seeds(t *testing.T, usual int) int {
	text := os.Getenv("VERATILL_SEEDS")
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("VERATILL_SEEDS=%q is no number of histories", text)
	}
	return n
}

func TestSeeds(t *testing.T) {
	n := seeds(t, 500)
	var total simulator.Result
	begun := time.Now()
	for seed := range uint64(n) {
		r := simulator.Run(t, simulator.Plan(seed), false)
		total.Sales += r.Sales
		total.PowerCuts += r.PowerCuts
		total.Kills += r.Kills
		total.Messages += r.Messages
		total.Simulated += r.Simulated
		total.FailedStarts += r.FailedStarts
		if len(r.Violations) > 0 {
			t.Errorf("seed %d: %v", seed, r.Violations)
			if os.Getenv("VERATILL_TRANSCRIPT") != "" {
				r = simulator.Run(t, simulator.Plan(seed), true)
				t.Log(r.Transcript)
			}
			break
		}
	}
	s := time.Since(begun).Seconds()
	t.Logf("sales %d, power cuts %d, kills %d, messages %d, failed starts %d, simulated %v, %.0f sales/s, %.0f cuts/s", total.Sales, total.PowerCuts, total.Kills, total.Messages, total.FailedStarts,
		total.Simulated, float64(total.Sales)/s, float64(total.PowerCuts)/s)
}
