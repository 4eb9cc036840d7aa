package office_test

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"veratill/app/office"
	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/journal"
)

// books are those of a folder, with so many entries behind their first start.
func books(t *testing.T, dir string, entries int) *journal.Journal {
	t.Helper()
	j, err := journal.Open(t.Context(), dir, journal.Options{Version: "test", Currency: "CNY", Shop: "M1", Till: "T1"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	write(t, j, entries)
	return j
}

func write(t *testing.T, j *journal.Journal, entries int) {
	t.Helper()
	for range entries {
		if err := j.Commit(context.Background(), txn.ByTill, txn.Synced, txn.Booted{Version: "test", AtMs: time.Now().UnixMilli()}); err != nil {
			t.Fatal(err)
		}
	}
}

func of(j *journal.Journal, dir string) *office.Office {
	return office.New(office.Config{Books: j, Dir: dir, Log: slog.New(slog.DiscardHandler), Now: time.Now})
}

// A backup says how it stands to the books that are open: as they are, before them, of other ones, or a fork that went on elsewhere.
func TestABackupSaysHowItStands(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "till")
	j := books(t, dir, 2)
	path := filepath.Join(dir, "backup", journal.BackupName(time.Now()))
	if err := j.Backup(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	o := of(j, dir)
	stands := func(want present.BackupStands, path string) present.HeldBackup {
		t.Helper()
		held, err := o.LookAtBackup(t.Context(), path)
		if err != nil || held.Here != want {
			t.Errorf("it stands %q, %v, want %q", held.Here, err, want)
		}
		return held
	}
	if held := stands(present.BackupIsNow, path); held.Shop != "M1" || held.Entries == 0 || held.Behind != -1 {
		t.Errorf("%+v", held)
	}
	write(t, j, 1)
	stands(present.BackupBefore, path)
	second := filepath.Join(t.TempDir(), "second")
	there := filepath.Join(second, "till-T1-abcdef01", journal.BackupNameByHand(time.Now().Add(time.Hour)))
	if err := j.Backup(t.Context(), there); err != nil {
		t.Fatal(err)
	}
	both := office.New(office.Config{Books: j, Dir: dir, Second: second, Log: slog.New(slog.DiscardHandler), Now: time.Now}).Backups(t.Context())
	if len(both) != 2 || both[0].Path != there {
		t.Errorf("with a second place found are %+v", both)
	}
	found := o.Backups(t.Context())
	if len(found) != 1 || found[0].Path != path {
		t.Errorf("found are %+v", found)
	}
	// The same books go on elsewhere.
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	if _, err := o.RestoreBackup(t.Context(), txn.ByTill, path, elsewhere); err != nil {
		t.Fatal(err)
	}
	k, err := journal.Open(t.Context(), elsewhere, journal.Options{Version: "test", Currency: "CNY", Shop: "M1", Till: "T1"})
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	forked := filepath.Join(elsewhere, "forked.db")
	if err := k.Backup(t.Context(), forked); err != nil {
		t.Fatal(err)
	}
	stands(present.BackupForked, forked)
	other := books(t, filepath.Join(t.TempDir(), "other"), 1)
	path = filepath.Join(t.TempDir(), "other.db")
	if err := other.Backup(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	stands(present.OfOtherBooks, path)
}

// A backup goes into a folder that has no books, with its slips, messages and files of the clearing; into one that has, nothing goes, and what is damaged goes nowhere.
func TestNothingIsRestoredOverBooks(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "till")
	j := books(t, dir, 2)
	path := filepath.Join(dir, "backup", journal.BackupName(time.Now()))
	if err := j.Backup(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "messages"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "messages", "2026-11.messages"), []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"abc.json.gz", "stray.txt"} {
		if err := os.MkdirAll(filepath.Join(dir, office.FiledFolder), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, office.FiledFolder, name), []byte("kept"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o := of(j, dir)
	fresh := filepath.Join(t.TempDir(), "new")
	r, err := o.RestoreBackup(t.Context(), txn.ByTill, path, fresh)
	if err != nil || r.Beside != nil || r.Entries == 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	if _, err := os.Stat(filepath.Join(fresh, "messages", "2026-11.messages")); err != nil {
		t.Errorf("the messages did not come along: %v", err)
	}
	if filed, err := os.ReadDir(filepath.Join(fresh, office.FiledFolder)); err != nil || len(filed) != 1 || filed[0].Name() != "abc.json.gz" {
		t.Errorf("of the files of the clearing %v came along: %v", filed, err)
	}
	before, err := os.ReadDir(fresh)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.RestoreBackup(t.Context(), txn.ByTill, path, fresh); !errors.Is(err, office.ErrHasBooks) {
		t.Errorf("over books: %v", err)
	}
	if after, err := os.ReadDir(fresh); err != nil || len(after) != len(before) {
		t.Errorf("the folder has %d files now, and had %d: %v", len(after), len(before), err)
	}
	damaged := filepath.Join(t.TempDir(), "damaged.db")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := strings.Index(string(raw), `"booted"`)
	if at < 0 {
		at = len(raw) / 2
	}
	raw[at+1] ^= 1
	if err := os.WriteFile(damaged, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := o.LookAtBackup(t.Context(), damaged); !errors.Is(err, journal.ErrDamaged) {
		t.Errorf("a damaged backup is looked at: %v", err)
	}
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	if _, err := o.RestoreBackup(t.Context(), txn.ByTill, damaged, nowhere); !errors.Is(err, journal.ErrDamaged) || journal.Exists(nowhere) {
		t.Errorf("a damaged backup is restored: %v", err)
	}
	if _, err := o.LookAtBackup(t.Context(), filepath.Join(dir, "none.db")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("none: %v", err)
	}
}
