package shop_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"veratill/app/office"
	"veratill/app/settings"
	"veratill/app/shop"
	"veratill/txn/journal"
	"veratill/txn/vault"
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
	c.Shop.Desk.KeepBackup(ctx)
	if state := c.Shop.Desk.Backups(); state.Err != nil || time.Since(state.Last) > time.Minute || c.About().Notice != "" {
		t.Errorf("with it: %+v, notice %q", state, c.About().Notice)
	}
	own := folderIn(t, second)
	noon := time.Date(time.Now().Year()-4, 3, 1, 12, 0, 0, 0, time.Local)
	old, older := journal.BackupName(noon), journal.BackupName(noon.Add(-time.Hour))
	byHand := journal.BackupNameByHand(noon.Add(-time.Hour))
	for _, name := range []string{old, older, byHand, "letter.pdf"} {
		if err := os.WriteFile(filepath.Join(own, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c.Shop.Desk.KeepBackup(ctx)
	var books []string
	entries := names(t, own)
	for _, name := range entries {
		if name != old && name != byHand && name != "letter.pdf" && strings.HasSuffix(name, ".db") {
			books = append(books, name)
		}
	}
	if len(books) != 1 {
		t.Fatalf("the second place has %v", books)
	}
	if slices.Contains(entries, older) || !slices.Contains(entries, byHand) {
		t.Errorf("an old one of the same day as another stayed, or one that a person made went: %v", entries)
	}
	v, err := journal.CheckBackup(ctx, filepath.Join(own, books[0]), journal.Options{})
	if err != nil || v.Attempts != 1 {
		t.Errorf("the copy: %+v, %v", v, err)
	}
}

func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// folderIn is the only thing in a folder.
func folderIn(t *testing.T, dir string) string {
	t.Helper()
	all := names(t, dir)
	if len(all) != 1 || !strings.HasPrefix(all[0], "till-") {
		t.Fatalf("%s has %v, want one folder of a till", dir, all)
	}
	return filepath.Join(dir, all[0])
}

// Two tills of a shop that use one folder of a server as their second place keep out of each other's way: each has its books, slips and keys there, and lets
// its own go alone.
func TestTwoTillsShareASecondPlace(t *testing.T) {
	second := t.TempDir()
	ctx := context.Background()
	for range 2 {
		c := signing(t, t.TempDir(), "[backup]\nsecond = '"+second+"'\n")
		if r := c.PayCash(ctx, clerk, cart(700), 700); r.Code != "" {
			t.Fatal(r.Detail)
		}
		c.Till.WaitForPaper()
		c.Shop.Desk.KeepBackup(ctx)
		if err := c.Shop.Desk.Backups().Err; err != nil {
			t.Fatal(err)
		}
	}
	folders := names(t, second)
	if len(folders) != 2 {
		t.Fatalf("two tills have %v", folders)
	}
	if a, b := filepath.Join(second, folders[0], vault.PublicKeysName), filepath.Join(second, folders[1], vault.PublicKeysName); content(t, a) == content(t, b) {
		t.Error("the public keys of one are those of the other")
	}
}

// The files of the clearing go along into the second place, and come back with the backup that is restored from there: nothing of them is missing then.
func TestFilesGoAlongWithBackups(t *testing.T) {
	second := t.TempDir()
	c := signing(t, t.TempDir(), "[backup]\nsecond = '"+second+"'\n")
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "bill.csv")
	if err := os.WriteFile(path, []byte("rrn,time,amount\n1,2026-11-05 08:00,5.00\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.Shop.Reconciler.TakeFile(ctx, clerk, path); err != nil {
		t.Fatal(err)
	}
	c.Shop.Desk.KeepBackup(ctx)
	own := folderIn(t, second)
	copies := names(t, filepath.Join(own, "clearing"))
	if len(copies) != 1 {
		t.Fatalf("the second place has %v", copies)
	}
	books := slices.DeleteFunc(names(t, own), func(name string) bool { return filepath.Ext(name) != ".db" })
	fresh := filepath.Join(t.TempDir(), "new")
	if _, beside, err := office.Restore(ctx, filepath.Join(own, books[0]), fresh); err != nil || beside != nil {
		t.Fatal(err, beside)
	}
	if got := names(t, filepath.Join(fresh, "clearing")); !slices.Equal(got, copies) {
		t.Errorf("restored with %v, want %v", got, copies)
	}
}

// The public keys of receipts go along with each backup, into both places, and the private key into none.
func TestPublicKeysGoAlongWithBackups(t *testing.T) {
	dir, second := t.TempDir(), t.TempDir()
	c := signing(t, dir, "[backup]\nsecond = '"+second+"'\n")
	ctx := context.Background()
	if r := c.PayCash(ctx, clerk, cart(700), 700); r.Code != "" {
		t.Fatal(r.Detail)
	}
	c.Till.WaitForPaper()
	c.Shop.Desk.KeepBackup(ctx)
	if err := c.Shop.Desk.Backups().Err; err != nil {
		t.Fatal(err)
	}
	private := content(t, filepath.Join(dir, vault.SignerName))
	for _, place := range []string{folderIn(t, second), filepath.Join(dir, "backup")} {
		if content(t, filepath.Join(place, vault.PublicKeysName)) != content(t, filepath.Join(dir, vault.PublicKeysName)) {
			t.Errorf("%s has other public keys", place)
		}
		names, err := os.ReadDir(place)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range names {
			if n.Name() == vault.SignerName || strings.Contains(content(t, filepath.Join(place, n.Name())), private) {
				t.Errorf("%s in %s has the private key", n.Name(), place)
			}
		}
	}
}

// signing opens a till that takes cash and signs its receipts.
func signing(t *testing.T, dir, more string) *counter {
	t.Helper()
	s, err := settings.Parse("[till]\nmode = \"cash\"\n[receipt]\nsigned = true\n" + more)
	if err != nil {
		t.Fatal(err)
	}
	c, err := open(shop.Options{Dir: dir, Settings: s, Version: "test", Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// Where the key of receipts can't be used, the till sells on, its receipts have the code that names their payment, and the screen says so.
func TestReceiptsThatCanNotBeSignedAreTold(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, vault.SignerName), 0o700); err != nil {
		t.Fatal(err)
	}
	c := signing(t, dir, "")
	if got := c.About().Notice; got != "receipts unsigned" {
		t.Errorf("the screen says %q", got)
	}
	if r := c.PayCash(context.Background(), clerk, cart(700), 700); r.Code != "" {
		t.Error(r.Detail)
	}
	if got := signing(t, t.TempDir(), "").About().Notice; got != "" {
		t.Errorf("of a key that can be used the screen says %q", got)
	}
}

// The doctor, the list of backups and the backup's age go by the same files: where the list is empty, the doctor does not call the backup good.
func TestTheDoctorSaysOfBackupsWhatTheirListSays(t *testing.T) {
	ctx := context.Background()
	c := openedAt(t, "[till]\nmode = \"cash\"\n", time.Now)
	said := func() (level, detail string) {
		for _, check := range c.Examine(ctx) {
			if check.Name == "backup" {
				return check.Level, check.Detail
			}
		}
		t.Fatal("the doctor says nothing of backups")
		return "", ""
	}
	if level, detail := said(); level != "ok" || !strings.Contains(detail, "no payment") {
		t.Errorf("of books without a payment: %s, %s", level, detail)
	}
	if r := c.PayCash(ctx, clerk, cart(700), 700); r.Code != "" {
		t.Fatal(r.Detail)
	}
	if level, detail := said(); level == "ok" || len(c.Backups(ctx)) != 0 {
		t.Errorf("without a backup: %s, %s, and the list has %d", level, detail, len(c.Backups(ctx)))
	}
	c.Shop.Desk.KeepBackup(ctx)
	if level, detail := said(); level != "ok" || len(c.Backups(ctx)) != 1 || !strings.Contains(detail, "the newest is of") {
		t.Errorf("with one: %s, %s, and the list has %d", level, detail, len(c.Backups(ctx)))
	}
}
