package nasty

import (
	"bytes"
	"testing"
)

// The same input has the same variations always, the first being itself, and most are something new.
func TestVary(t *testing.T) {
	b := []byte(";6200000000000005=49121010000000000?")
	different := map[string]bool{}
	for i := range Batch {
		once, twice := Vary(nil, b, i), Vary(make([]byte, 0, 4096), b, i)
		if !bytes.Equal(once, twice) {
			t.Fatalf("variation %d is %q and %q", i, once, twice)
		}
		different[string(once)] = true
	}
	if !different[string(b)] || len(different) < Batch*3/4 {
		t.Errorf("%d of %d are different", len(different), Batch)
	}
	if got := Digits("a12b3456c7"); got != 4 {
		t.Error(got)
	}
}
