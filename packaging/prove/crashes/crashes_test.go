package crashes_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"veratill/packaging/prove/crashes"
)

const migrations = "../../../txn/journal/migration"

// What -short looks at, in about four seconds: a sample of the cuts, so that each of the recordings has its turn.
const (
	shortStates = 3000
	shortOneIn  = 18
)

// Every write and sync of a journal's life is cut; VERATILL_STATES says how many states are looked at.
func TestCrashStates(t *testing.T) {
	states, oneIn := usualStates, 1
	if testing.Short() {
		states, oneIn = min(states, shortStates), shortOneIn
	}
	if text := os.Getenv("VERATILL_STATES"); text != "" {
		var err error
		if states, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	begun := time.Now()
	r, err := crashes.Explore(crashes.Budget{States: states, Seed: 1, Migrations: os.DirFS(migrations), OneIn: oneIn})
	for _, v := range r.Violations {
		t.Error(v)
	}
	if err != nil {
		t.Fatal(err)
	}
	if testing.Short() && states == shortStates && r.Recordings < crashes.Kinds {
		t.Errorf("only %d recordings were cut, but there are %d kinds", r.Recordings, crashes.Kinds)
	}
	t.Logf("%d unique crash states, %d of them of recoveries, of %d recordings; %.0f a second", r.States, r.Nested, r.Recordings,
		float64(r.States)/time.Since(begun).Seconds())
}

// TestLong goes on for VERATILL_FOR, with choices from VERATILL_FROM, and prints one
// `name: value` a line for ./dev prove.
func TestLong(t *testing.T) {
	during, err := time.ParseDuration(os.Getenv("VERATILL_FOR"))
	if err != nil {
		t.Skip("a long run, for ./dev prove: VERATILL_FOR says how long")
	}
	from, err := strconv.ParseUint(os.Getenv("VERATILL_FROM"), 10, 64)
	if err != nil {
		t.Fatal("VERATILL_FROM is the seed")
	}
	begun := time.Now()
	r, err := crashes.Explore(crashes.Budget{For: during, Seed: from, Migrations: os.DirFS(migrations)})
	for _, v := range r.Violations {
		fmt.Printf("violation: %s\n", v)
	}
	fmt.Printf("crash_states: %d\ncrash_states_of_recoveries: %d\ncrash_recordings: %d\ncrash_seconds: %.0f\nviolations: %d\n",
		r.States, r.Nested, r.Recordings, time.Since(begun).Seconds(), len(r.Violations))
	if err != nil {
		t.Fatal(err)
	}
}
