package shop_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"veratill/txn/journal"
)

// The till's own backup is in both places, whole in each, and old ones go in both; a second place that is not there, or can't keep what it was given, is told until it is there again, and
// no folder is made in its stead.
func TestTheTillKeepsBackupsInTwoPlaces(t *testing.T) {
	second := filepath.Join(t.TempDir(), "stick")
	c := openedAt(t, "[till]\nmode = \"cash\"\n[backup]\nsecond = '"+second+"'\n", time.Now)
	ctx := context.Background()
	if r := c.PayCash(ctx, clerk, cart(700), 700); r.Code != "" {
		t.Fatal(r.Detail)
	}
	c.Till.WaitForPaper()

	c.Shop.Desk.KeepBackup(ctx)
	state := c.Shop.Desk.Backups()
	if state.Err == nil || !strings.Contains(state.Err.Error(), "data folder alone") || c.About().Notice != "backup failed" {
		t.Errorf("without the second place: %+v, notice %q", state, c.About().Notice)
	}
	if _, err := os.Stat(second); err == nil {
		t.Error("a folder was made where a stick should be")
	}
	if err := os.Mkdir(second, 0o700); err != nil {
		t.Fatal(err)
	}
	old := journal.BackupName(time.Now().AddDate(-4, 0, 0))
	older := journal.BackupName(time.Now().AddDate(-4, 0, 0).Add(-time.Hour))
	for _, name := range []string{old, older, "letter.pdf"} {
		if err := os.WriteFile(filepath.Join(second, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c.Shop.Desk.KeepBackup(ctx)
	if state := c.Shop.Desk.Backups(); state.Err != nil || time.Since(state.Last) > time.Minute || c.About().Notice != "" {
		t.Errorf("with it: %+v, notice %q", state, c.About().Notice)
	}
	var books []string
	entries, err := os.ReadDir(second)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != old && e.Name() != "letter.pdf" {
			books = append(books, e.Name())
		}
	}
	if len(books) != 1 {
		t.Fatalf("the second place has %v", books)
	}
	if slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == older }) {
		t.Error("an old one of the same day as another stayed")
	}
	v, err := journal.CheckBackup(ctx, filepath.Join(second, books[0]), journal.Options{})
	if err != nil || v.Attempts != 1 {
		t.Errorf("the copy: %+v, %v", v, err)
	}
}
