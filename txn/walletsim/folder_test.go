package walletsim_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"veratill/txn/walletsim"
)

// A folder with a till's settings, or its books, gets no keys and keeps both; the simulator's own gets new settings each time.
func TestAFolderOfATillGetsNoKeys(t *testing.T) {
	own := filepath.Join(t.TempDir(), "keys")
	if _, err := walletsim.LoadKeys(own, "https://127.0.0.1:1", "5s"); err != nil {
		t.Fatal(err)
	}
	made, err := os.ReadFile(filepath.Join(own, "settings.toml"))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"settings.toml": "[till]\nmode = \"bank\"\n", "journal.db": "SQLite format 3", "journal-0002.db": "SQLite format 3", "settings.toml ": string(made)} {
		dir := t.TempDir()
		path := filepath.Join(dir, strings.TrimSpace(name))
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := walletsim.LoadKeys(dir, "https://127.0.0.1:1", "5s")
		now, _ := os.ReadFile(path)
		if all, _ := os.ReadDir(dir); err == nil || len(all) != 1 || string(now) != content {
			t.Errorf("with %s: %v, then there are %d files", name, err, len(all))
		}
	}
	if err := os.WriteFile(filepath.Join(own, "settings.toml"), []byte("[till]\nmode = \"bank\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := walletsim.LoadKeys(own, "https://127.0.0.1:1", "5s"); err == nil {
		t.Error("settings that somebody else put beside the keys were written over")
	}
}

// A file that is no ledger is left as it is, with or without an end of its last line.
func TestWhatIsNoLedgerIsLeft(t *testing.T) {
	keys, err := walletsim.MakeSharedKeys()
	if err != nil {
		t.Fatal(err)
	}
	for _, content := range []string{"a key without an end of line", "\x00\x01\x02", `{"books":"1"}`, `{"msg":"sold"}` + "\n" + `{"ms`, "{}\n", "text\n"} {
		path := filepath.Join(t.TempDir(), "receipt.key")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := walletsim.New(walletsim.Config{Keys: keys, Ledger: path})
		if now, _ := os.ReadFile(path); err == nil || string(now) != content || !strings.Contains(err.Error(), path) {
			t.Errorf("%q is %q afterwards: %v", content, now, err)
		}
	}
	path := filepath.Join(t.TempDir(), "ledger")
	if err := os.WriteFile(path, []byte(`{"provider":"wechat","num`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := walletsim.New(walletsim.Config{Keys: keys, Ledger: path}); err != nil {
		t.Errorf("a first line that a crash cut short: %v", err)
	}
}
