// Command explore looks at every history of a till within a budget, and says whether a
// promise about money is broken in one of them.
//
//	explore [-budget NAME] [-states N]
//	explore -for DURATION
//
// The first looks at one budget, with -states until it has seen that many worlds. The
// second goes from small budgets to larger ones until the time is over, and adds up.
// It prints one `name: value` a line, `violations` last, and ends with 1 unless that is 0.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"

	"veratill/packaging/prove/explorer"
)

func main() {
	name := flag.String("budget", "small", "which histories: tiny, void, terminal, small, split, undo, code, refused, taken, put back, refund, settlement … or large")
	states := flag.Int("states", 0, "how many worlds at most; 0 is all that the budget has")
	long := flag.Duration("for", 0, "search growing budgets for so long")
	flag.Parse()
	var total explorer.Result
	var err error
	if *long > 0 {
		total, err = grow(*long)
	} else {
		total, err = once(*name, *states)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "explore:", err)
		os.Exit(2)
	}
	report(total)
	if total.Violation != nil {
		os.Exit(1)
	}
}

func once(name string, states int) (explorer.Result, error) {
	b, err := explorer.BudgetNamed(name)
	if err != nil {
		return explorer.Result{}, err
	}
	fmt.Println("explorer_budget:", b)
	r, err := explorer.Explore(b, explorer.Limits{States: states})
	fmt.Println("explorer_complete:", r.Complete)
	return r, err
}

// grow adds up: worlds are distinct within each search, and may come again in another.
func grow(long time.Duration) (total explorer.Result, err error) {
	searches, complete := 0, 0
	err = explorer.Grow(time.Now().Add(long), func(g explorer.Grown) {
		searches++
		if g.Complete {
			complete++
		}
		fmt.Printf("search %d: %d worlds, complete %v, %.1f s; %s\n", searches, g.States, g.Complete, g.Seconds, g.Budget)
		total.States += g.States
		total.Transitions += g.Transitions
		total.Depth = max(total.Depth, g.Depth)
		total.Seconds += g.Seconds
		total.Odds += g.Odds
		total.Crowded += g.Crowded
		total.Violation = g.Violation
	})
	fmt.Println("explorer_searches:", searches)
	fmt.Println("explorer_searches_complete:", complete)
	return total, err
}

func report(r explorer.Result) {
	violations := 0
	if v := r.Violation; v != nil {
		violations = 1
		fmt.Println("violation:", v.Promise)
		for _, line := range v.Script {
			fmt.Println("   ", line)
		}
	}
	fmt.Println("explorer_states:", r.States)
	fmt.Println("explorer_transitions:", r.Transitions)
	fmt.Println("explorer_depth:", r.Depth)
	fmt.Printf("explorer_states_per_s: %.0f\n", float64(r.States)/max(r.Seconds, 1e-9))
	fmt.Printf("explorer_seconds: %.1f\n", r.Seconds)
	fmt.Println("explorer_crowded:", r.Crowded)
	fmt.Printf("explorer_collision_odds: %.1e\n", r.Odds)
	fmt.Println("violations:", violations)
}
