package crashes_test

import (
	"os"
	"strconv"
	"testing"
	"time"

	"veratill/packaging/prove/crashes"
)

// Every write and sync of a journal's life is cut; VERATILL_STATES says how many states are looked at.
func TestCrashStates(t *testing.T) {
	b := crashes.Budget{States: 20_000, Seed: 1, Migrations: os.DirFS("../../../txn/journal/migration")}
	if text := os.Getenv("VERATILL_STATES"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		b.States = n
	}
	begun := time.Now()
	r, err := crashes.Explore(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range r.Violations {
		t.Error(v)
	}
	t.Logf("crash_states %d, %d of them of recoveries, %d recordings, %.0f/s", r.States, r.Nested, r.Recordings, float64(r.States)/time.Since(begun).Seconds())
}
