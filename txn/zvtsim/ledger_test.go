package zvtsim

import (
	"os"
	"path/filepath"
	"testing"
)

// A file of lines that are no terminal's is left as it is.
func TestWhatIsNoTerminalsLineIsLeft(t *testing.T) {
	for _, content := range []string{`{"msg":"sold"}` + "\n" + `{"ms`, "{}\n", "text without an end"} {
		path := filepath.Join(t.TempDir(), "till.log")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := openLedger(path)
		if now, _ := os.ReadFile(path); err == nil || string(now) != content {
			t.Errorf("%q is %q afterwards: %v", content, now, err)
		}
	}
}
