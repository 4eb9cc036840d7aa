//go:build cgo

package port

import (
	"testing"

	"github.com/google/gousb"
)

// What may be in a device after a write: all of a transfer that ended without a word, nothing of one that could not
// begin, and otherwise what the bus counted.
func TestTaken(t *testing.T) {
	for name, c := range map[string]struct {
		n    int
		err  error
		want int
	}{
		"whole":           {64, nil, 64},
		"pulled":          {0, gousb.TransferNoDevice, 100},
		"failed":          {10, gousb.TransferError, 100},
		"stopped in time": {10, gousb.TransferCancelled, 10},
		"stalled":         {0, gousb.TransferStall, 0},
		"never began":     {0, gousb.ErrorNoDevice, 0},
		"a negative":      {-4, gousb.ErrorIO, 0},
	} {
		if got := taken(c.n, 100, c.err); got != c.want {
			t.Errorf("%s: %d and not %d", name, got, c.want)
		}
	}
}
