package settings_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"veratill/app/settings"
)

// Without a file it is a demonstration; the specimen is a whole file that can be used.
func TestDefaultAndSpecimen(t *testing.T) {
	s, notice, err := settings.Load(t.TempDir())
	if err != nil || notice != "" || !s.Demo() {
		t.Errorf("%+v %q %v", s, notice, err)
	}
	if _, err := settings.Parse(settings.Specimen); err != nil {
		t.Error(err)
	}
}

// A file that can't be used is kept as .bak and said; a misspelt bank never becomes a simulated one in silence.
func TestDamagedFileIsKept(t *testing.T) {
	for _, bad := range []string{
		"this is no TOML", "[devices]\nbnak = \"tcp://h:1\"", "[window]\nlanguage = \"fr\"", "[devices]\nwidthMm = 44",
		"[merchant]\nnumber = \"1234567890123456\"", "[till]\nterminal = \"a\\u0007b\"", "[receipt]\ncopies = [\"everyone\"]", "[window]\ntheme = \"pink\"",
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, settings.FileName)
		if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		s, notice, err := settings.Load(dir)
		if err != nil || !s.Demo() || !strings.Contains(notice, ".bak") {
			t.Errorf("%q: %q, %v", bad, notice, err)
		}
		kept, err := os.ReadFile(path + ".bak")
		if err != nil || string(kept) != bad {
			t.Errorf("%q was not kept: %q, %v", bad, kept, err)
		}
	}
}
