package simulator_test

import (
	"testing"

	"veratill/packaging/prove/simulator"
)

// Whatever becomes of the disk of the raw messages, every history goes as it does where it works: no money waits for them, and none ends otherwise.
func TestMessagesChangeNoHistory(t *testing.T) {
	n := min(seeds(t, usualSeeds/250), 12)
	if raced {
		t.Skip("under the race detector a history is another one each time")
	}
	kept := 0
	for seed := range uint64(n) {
		plans := []simulator.Script{simulator.Plan(seed)}
		if seed%4 == 0 {
			plans = append(plans, simulator.PlanCodes(seed))
		}
		for _, s := range plans {
			s.Messages = simulator.Works
			want := simulator.Run(t, s, false)
			kept += want.Kept
			for _, broken := range []simulator.Broken{simulator.Fills, simulator.Hangs} {
				s.Messages = broken
				if got := simulator.Run(t, s, false); got.Hash != want.Hash || len(got.Violations) > 0 || got.Kept > 0 {
					t.Fatalf("seed %d, a disk of messages that %s: history %x, and %x where it works; %d kept; %v", seed, broken, got.Hash, want.Hash, got.Kept, got.Violations)
				}
			}
		}
	}
	if kept == 0 {
		t.Error("no message was kept, so that nothing was looked at")
	}
	t.Logf("%d messages were kept where the disk works", kept)
}
