package till

import (
	"testing"
	"time"
)

// The till asks a silent bank about a batch more and more rarely, and never gives up.
func TestSettlementRestsLongerAndLonger(t *testing.T) {
	before := time.Duration(0)
	for tries := range 100 {
		rest := settlementRest(tries)
		if rest < before || rest < firstSettlementRest || rest > lastSettlementRest {
			t.Errorf("after %d tries it rests for %v, and before for %v", tries, rest, before)
		}
		before = rest
	}
	if before != lastSettlementRest || settlementRest(2) != 2*firstSettlementRest {
		t.Errorf("%v after two tries, %v at last", settlementRest(2), before)
	}
}
