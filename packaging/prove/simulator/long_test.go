package simulator_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"veratill/packaging/prove/simulator"
)

// TestLong lives through seed after seed for VERATILL_FOR, from VERATILL_FROM on, and prints
// one `name: value` a line for ./dev prove. One history in fifty is on a disk that lies.
func TestLong(t *testing.T) {
	during, err := time.ParseDuration(os.Getenv("VERATILL_FOR"))
	if err != nil {
		t.Skip("a long run, for ./dev prove: VERATILL_FOR says how long")
	}
	from, err := strconv.ParseUint(os.Getenv("VERATILL_FROM"), 10, 64)
	if err != nil {
		t.Fatal("VERATILL_FROM is the first seed")
	}
	var total simulator.Result
	begun, seed := time.Now(), from
	for ; time.Since(begun) < during && len(total.Violations) < 3; seed++ {
		plan := simulator.Plan(seed)
		if seed%50 == 49 {
			plan = simulator.PlanLying(seed)
		}
		r := simulator.Run(t, plan, false)
		total.Add(r)
		for _, v := range r.Violations {
			fmt.Printf("violation: seed %d: %s\nthe shortest history that shows it:\n%s", seed, v, simulator.Shrink(t, plan))
		}
	}
	seconds := time.Since(begun).Seconds()
	fmt.Printf("sim_seeds: %d\nsim_sales: %d\nsim_messages: %d\npower_cuts: %d\nsim_kills: %d\nsim_starts: %d\nsim_refused_starts: %d\n",
		seed-from, total.Sales, total.Messages, total.PowerCuts, total.Kills, total.Starts, total.FailedStarts)
	fmt.Printf("sim_hours: %.0f\nsim_seconds: %.0f\nviolations: %d\n", total.Simulated.Hours(), seconds, len(total.Violations))
	if len(total.Violations) > 0 {
		t.Fail()
	}
}
