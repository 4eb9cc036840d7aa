package settings

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/BurntSushi/toml"

	"veratill/packaging/nasty"
)

// Settings that are taken hold to their ranges, and are read the same after they were written.
func FuzzSettings(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		s, err := Parse(string(b))
		if err != nil {
			return
		}
		if err := s.check(); err != nil || s.Till.Terminal == "" || s.Till.Currency == "" {
			t.Fatalf("%+v: %v", s, err)
		}
		s.Complaints = nil
		var text bytes.Buffer
		if err := toml.NewEncoder(&text).Encode(s); err != nil {
			t.Fatal(err)
		}
		again, err := Parse(text.String())
		s.invented, again.invented, s.nameless, again.nameless = nil, nil, false, false // what was left out is written out
		if err != nil || !reflect.DeepEqual(s, again) {
			t.Fatalf("%s is read otherwise: %v", text.String(), err)
		}
	})
}
