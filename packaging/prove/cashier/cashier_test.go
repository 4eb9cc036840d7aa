package cashier_test

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"veratill/packaging/prove/cashier"
)

// On one processor goroutines that become ready together run in the same order each time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(800)
	debug.SetMemoryLimit(3 << 30) // beside other proofs
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

// stretch is how long one process lives through histories: Fyne's shaper keeps the fonts of each app that there was (go-text, planCache), some
// ten megabytes a history.
const stretch = time.Minute

// TestLong lives through seed after seed for VERATILL_FOR, from VERATILL_FROM on, and prints one `name: value` a line for ./dev prove. A long
// run is one process after the other.
func TestLong(t *testing.T) {
	during, err := time.ParseDuration(os.Getenv("VERATILL_FOR"))
	if err != nil {
		t.Skip("a long run, for ./dev prove: VERATILL_FOR says how long")
	}
	from, err := strconv.ParseUint(os.Getenv("VERATILL_FROM"), 10, 64)
	if err != nil {
		t.Fatal("VERATILL_FROM is the first seed")
	}
	if during > stretch {
		inStretches(t, during, from)
		return
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

// counted are the figures that a run prints, in their order.
var counted = []string{"window_seeds", "window_actions", "window_payments", "window_kills", "window_hours", "window_seconds", "violations"}

// inStretches runs the test again and again in a process of its own, and prints the sums.
func inStretches(t *testing.T, during time.Duration, from uint64) {
	sums := map[string]int64{}
	for begun := time.Now(); time.Since(begun) < during && sums["violations"] < 3; {
		cmd := exec.Command(os.Args[0], "-test.run=^TestLong$", "-test.v", "-test.timeout=10m")
		next := from + uint64(sums["window_seeds"])
		cmd.Env = append(os.Environ(), "VERATILL_FOR="+stretch.String(), fmt.Sprintf("VERATILL_FROM=%d", next))
		said, err := cmd.CombinedOutput()
		for line := range strings.Lines(string(said)) {
			name, value, figure := strings.Cut(strings.TrimSpace(line), ": ")
			if n, bad := strconv.ParseInt(value, 10, 64); figure && bad == nil && slices.Contains(counted, name) {
				sums[name] += n
			} else if !strings.HasPrefix(line, "=== ") && !strings.HasPrefix(line, "window_") && err != nil {
				fmt.Print(line)
			}
		}
		if err != nil && sums["violations"] == 0 || sums["window_seeds"] == int64(next-from) {
			t.Fatalf("a stretch from seed %d did not end as it should: %v", next, err)
		}
	}
	for _, name := range counted {
		fmt.Printf("%s: %d\n", name, sums[name])
	}
	fmt.Printf("window_actions_per_s: %d\n", sums["window_actions"]/max(sums["window_seconds"], 1))
	if sums["violations"] > 0 {
		t.Fail()
	}
}
