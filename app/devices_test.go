package main

import (
	"os"
	"path/filepath"
	"testing"

	"veratill/app/settings"
)

// A card terminal is tried in the currency of the shop whose settings there are, and in the one that is asked for.
func TestATerminalIsTriedInTheShopsCurrency(t *testing.T) {
	folder := func(text string) string {
		dir := t.TempDir()
		if text != "" {
			if err := os.WriteFile(filepath.Join(dir, settings.FileName), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	pounds := folder("[till]\nmode = \"cash\"\ncurrency = \"GBP\"\n")
	for _, k := range []struct{ dir, asked, want string }{{pounds, "", "GBP"}, {pounds, "usd", "USD"}, {folder(""), "", "EUR"}} {
		if got, err := terminalCurrency(k.dir, k.asked); err != nil || string(got) != k.want {
			t.Errorf("%q in %s: %s, %v", k.asked, k.dir, got, err)
		}
	}
	if _, err := terminalCurrency(pounds, "XXX"); err == nil {
		t.Error("a currency that is none is taken")
	}
	if _, err := terminalCurrency(folder("this is no TOML"), ""); err == nil {
		t.Error("settings that can't be read say a currency")
	}
}
