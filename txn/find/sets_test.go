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
		within uint8
	}{"states": {len(txn.States), stateBits}, "tenders": {len(txn.Tenders), tenderBits}, "kinds": {len(txn.Kinds), kindBits}} {
		if set.words > 1<<bits.OnesCount8(set.within) {
			t.Errorf("%d %s do not fit %d bits: give the column of codes another byte", set.words, name, bits.OnesCount8(set.within))
		}
	}
}
