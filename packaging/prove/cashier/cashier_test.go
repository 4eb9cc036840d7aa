package cashier_test

import (
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

// Whoever stands at the window and whatever they press: what it shows is what the journal says, nothing is paid that nobody chose, and no
// goods go anywhere by themselves. Each seed is another history.
func TestSeeds(t *testing.T) {
	var total cashier.Result
	begun := time.Now()
	n, err := strconv.Atoi(os.Getenv("VERATILL_SEEDS"))
	if err != nil {
		n = 5
	}
	from, _ := strconv.ParseUint(os.Getenv("VERATILL_FROM"), 10, 64)
	for seed := from; seed < from+uint64(n); seed++ {
		plan := cashier.Plan(seed)
		r := cashier.Run(t, plan)
		total.Add(r)
		if len(r.Violations) > 0 {
			t.Errorf("seed %d: %v\n%s", seed, r.Violations, tail(r.Transcript))
			if os.Getenv("VERATILL_SHRINK") != "no" {
				short := cashier.Shrink(t, plan)
				t.Errorf("the shortest history that shows it:\n%s\n%s", short, cashier.Run(t, short).Transcript)
			}
			break
		}
	}
	seconds := time.Since(begun).Seconds()
	t.Logf("%d acts, %d events, %d attempts, %d kills, %.1f hours in %.0f s: %.0f acts a second", total.Acts, total.Events, total.Attempts, total.Kills, total.Simulated.Hours(), seconds, float64(total.Acts)/seconds)
}
