package devices

import (
	"errors"
	"testing"

	"veratill/packaging/nasty"
)

// An address that is taken is written in a form that is read the same.
func FuzzURL(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		s := string(b)
		u, err := ParseURL(s)
		if err != nil {
			if !errors.Is(err, ErrURL) {
				t.Fatal(err)
			}
			return
		}
		if again, err := ParseURL(u.String()); err != nil || again != u {
			t.Fatalf("%q → %+v → %q: %v", s, u, u.String(), err)
		}
	})
}
