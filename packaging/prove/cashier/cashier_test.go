package cashier_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"veratill/packaging/prove/cashier"
)

// On one processor goroutines that become ready together run in the same order each time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(800)
	runtime.GOMAXPROCS(1)
	os.Exit(m.Run())
}

// tail is the end of a transcript.
func tail(text string) string {
	lines := strings.Split(text, "\n")
	return strings.Join(lines[max(0, len(lines)-30):], "\n")
}

// Each script is a history with a line on what it proves.
func TestScripts(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.script")
	if err != nil || len(paths) == 0 {
		t.Fatal("there are no scripts: ", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".script"), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			s, err := cashier.Parse(string(text))
			if err != nil {
				t.Fatal(err)
			}
			r := cashier.Run(t, s)
			t.Log(r.Transcript)
			for _, v := range r.Violations {
				t.Error(v)
			}
		})
	}
}

// seeds is how many histories the test lives through: VERATILL_SEEDS, the usual number, or with -short a fiftieth of it.
func seeds(t *testing.T) uint64 {
	text := os.Getenv("VERATILL_SEEDS")
	if text == "" && testing.Short() {
		return max(1, usualSeeds/50)
	}
	if text == "" {
		return usualSeeds
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n < 1 {
		t.Fatalf("VERATILL_SEEDS=%q is no number of histories", text)
	}
	return n
}

// Whoever stands at the window and whatever they press: what it shows is what the journal says, nothing is paid that nobody chose, and no
// goods go anywhere by themselves. Each seed is another history; VERATILL_FROM is the first.
func TestSeeds(t *testing.T) {
	from, err := strconv.ParseUint(cmp.Or(os.Getenv("VERATILL_FROM"), "0"), 10, 64)
	if err != nil {
		t.Fatal("VERATILL_FROM is the first seed")
	}
	var total cashier.Result
	begun := time.Now()
	for seed := from; seed < from+seeds(t); seed++ {
		plan := cashier.Plan(seed)
		r := cashier.Run(t, plan)
		total.Add(r)
		if len(r.Violations) > 0 {
			t.Errorf("seed %d: %v\n%s", seed, r.Violations, tail(r.Transcript))
			if os.Getenv("VERATILL_SHRINK") != "no" { // whoever takes rules out asks only whether one is missed
				short := cashier.Shrink(t, plan)
				t.Errorf("the shortest history that shows it:\n%s\n%s", short, cashier.Run(t, short).Transcript)
			}
			break
		}
	}
	seconds := time.Since(begun).Seconds()
	t.Logf("%d steps, %d actions, %d payments, %d ends of the program, %.0f hours in %.0f s: %.0f actions a second",
		total.Steps, total.Actions, total.Attempts, total.Kills, total.Simulated.Hours(), seconds, float64(total.Actions)/seconds)
}

// TestLong lives through seed after seed for VERATILL_FOR, from VERATILL_FROM on, and prints one `name: value` a line for ./dev prove.
func TestLong(t *testing.T) {
	during, err := time.ParseDuration(os.Getenv("VERATILL_FOR"))
	if err != nil {
		t.Skip("a long run, for ./dev prove: VERATILL_FOR says how long")
	}
	from, err := strconv.ParseUint(os.Getenv("VERATILL_FROM"), 10, 64)
	if err != nil {
		t.Fatal("VERATILL_FROM is the first seed")
	}
	var total cashier.Result
	begun, seed := time.Now(), from
	for ; time.Since(begun) < during && len(total.Violations) < 3; seed++ {
		plan := cashier.Plan(seed)
		r := cashier.Run(t, plan)
		total.Add(r)
		for _, v := range r.Violations {
			fmt.Printf("violation: seed %d: %s\n", seed, v)
		}
		if len(r.Violations) > 0 {
			fmt.Printf("the shortest history that shows it:\n%s", cashier.Shrink(t, plan))
		}
	}
	seconds := time.Since(begun).Seconds()
	fmt.Printf("window_seeds: %d\nwindow_actions: %d\nwindow_payments: %d\nwindow_kills: %d\nwindow_hours: %.0f\nwindow_seconds: %.0f\nviolations: %d\n",
		seed-from, total.Actions, total.Attempts, total.Kills, total.Simulated.Hours(), seconds, len(total.Violations))
	fmt.Printf("window_actions_per_s: %.0f\n", float64(total.Actions)/seconds)
	if len(total.Violations) > 0 {
		t.Fail()
	}
}
