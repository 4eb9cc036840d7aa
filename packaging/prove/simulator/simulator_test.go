package simulator_test

import (
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"veratill/packaging/prove/simulator"
)

// seeds is how many histories the test lives through: VERATILL_SEEDS, the usual number, or with -short a fiftieth of it.
func seeds(t *testing.T, usual int) int {
	text := os.Getenv("VERATILL_SEEDS")
	if text == "" && testing.Short() {
		return max(1, usual/50)
	}
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("VERATILL_SEEDS=%q is no number of histories", text)
	}
	return n
}

// Most of what a history leaves is garbage at once: a rarer collection is a faster one.
// On one processor goroutines that become ready together run in the same order each time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(800)
	runtime.GOMAXPROCS(1)
	os.Exit(m.Run())
}

// Each script is a history with a line on what it proves, and what happened in it.
func TestScripts(t *testing.T) {
	scripts(t, func(_ *datadriven.TestData, r simulator.Result) string { return r.Transcript })
}

// No script shows a lie, whatever else happens in it: a rule that is taken out has to be missed, not only to be seen.
func TestScriptsShowNoLie(t *testing.T) {
	scripts(t, func(d *datadriven.TestData, _ simulator.Result) string { return d.Expected })
}

// scripts lives through them all, and fails for each lie. happened is held against what is written of a history.
func scripts(t *testing.T, happened func(*datadriven.TestData, simulator.Result) string) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			s, err := simulator.Parse(d.Input)
			if err != nil {
				d.Fatalf(t, "%v", err)
			}
			r := simulator.Run(t, s, true)
			for _, v := range r.Violations {
				t.Error(v)
			}
			if t.Failed() {
				t.Log(r.Transcript)
			}
			return happened(d, r)
		})
	})
}

// Whatever goes wrong, no receipt lies and no money is lost. Each seed is another history.
func TestSeeds(t *testing.T) {
	n := seeds(t, usualSeeds)
	var total simulator.Result
	begun := time.Now()
	for seed := range uint64(n) {
		r := simulator.Run(t, simulator.Plan(seed), false)
		total.Add(r)
		if len(r.Violations) > 0 {
			t.Errorf("seed %d: %v", seed, r.Violations)
			if os.Getenv("VERATILL_SHRINK") == "no" { // whoever takes rules out asks only whether one is missed
				break
			}
			short := simulator.Shrink(t, simulator.Plan(seed))
			t.Errorf("the shortest history that shows it:\n%s\n%s", short, simulator.Run(t, short, true).Transcript)
			break
		}
	}
	seconds := time.Since(begun).Seconds()
	t.Logf("%d histories: %d sales, %d power cuts, %d kills, %d messages, %d starts refused by the disk; %.0f hours in %.0f s: %.0f sales and %.0f power cuts a second",
		n, total.Sales, total.PowerCuts, total.Kills, total.Messages, total.FailedStarts, total.Simulated.Hours(), seconds,
		float64(total.Sales)/seconds, float64(total.PowerCuts)/seconds)
}

// On a disk that says it has synced and has not, money can be lost and nobody can help it.
// The till neither falls nor hangs, and what the journal lost it notices: it is whole, or says that it is damaged.
func TestLyingDisk(t *testing.T) {
	for seed := range uint64(seeds(t, usualSeeds/25)) {
		if r := simulator.Run(t, simulator.PlanLying(seed), false); len(r.Violations) > 0 {
			t.Fatalf("seed %d: %v\n%s", seed, r.Violations, simulator.Shrink(t, simulator.PlanLying(seed)))
		}
	}
}

// A script is the same history each time, so that what was found can be looked at again.
func TestRepeatable(t *testing.T) {
	if raced {
		t.Skip("under the race detector a history is another one each time")
	}
	different := 0
	for seed := range uint64(seeds(t, usualSeeds/50)) {
		a, b := simulator.Run(t, simulator.Plan(seed), true), simulator.Run(t, simulator.Plan(seed), true)
		if a.Hash != b.Hash {
			different++
			t.Errorf("seed %d: %s", seed, firstDifference(a.Transcript, b.Transcript))
		}
	}
	if different > 0 {
		t.Errorf("%d histories are not repeatable", different)
	}
}

func firstDifference(a, b string) string {
	one, two := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(one), len(two)) {
		if one[i] != two[i] {
			from := max(0, i-6)
			return "\n" + strings.Join(one[from:i+1], "\n") + "\n   or\n" + strings.Join(two[i:min(len(two), i+2)], "\n")
		}
	}
	return "one is longer"
}
