package journal

import (
	"encoding/binary"
	"errors"
	"testing"

	"veratill/packaging/nasty"
)

// A header is taken only from a file that is ours, of a format that is known, and of pages that SQLite has.
func FuzzHeader(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		var h [headerBytes]byte
		copy(h[:], b)
		err := inspectHeader(h, 3)
		if err != nil {
			if !errors.Is(err, ErrForeign) && !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrNewer) {
				t.Fatal(err)
			}
			return
		}
		if string(h[:16]) != "SQLite format 3\x00" || string(h[68:72]) != "VrTl" || int32(binary.BigEndian.Uint32(h[60:])) > 3 {
			t.Fatalf("taken: % x", h)
		}
	})
}
