package find

import (
	"math/bits"
	"testing"

	"veratill/txn"
)

// Each closed set has its own bits for each of its words.
func TestClosedSetsFitTheirBits(t *testing.T) {
	for name, set := range map[string]struct {
		words  int
		within uint16
	}{"states": {len(txn.States), stateBits}, "tenders": {len(txn.Tenders), tenderBits}, "kinds": {len(txn.Kinds), kindBits}} {
		if set.words > 1<<bits.OnesCount16(set.within) {
			t.Errorf("%d %s do not fit %d bits: give the set another bit of the column of codes", set.words, name, bits.OnesCount16(set.within))
		}
	}
}
