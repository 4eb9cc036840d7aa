package assets

import (
	"strings"
	"testing"

	"veratill/packaging/nasty"
)

// A language file that is taken has a text for each of its keys, in one line.
func FuzzLanguage(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		texts, err := readLanguage("xx", b)
		if err != nil {
			return
		}
		for key, text := range texts {
			if text == "" || strings.Contains(key+text, "\n") || !strings.Contains(string(b), text) {
				t.Fatalf("%q is %q", key, text)
			}
		}
	})
}
