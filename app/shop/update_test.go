//go:build unix

package shop_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"aead.dev/minisign"

	"veratill/app/present"
	"veratill/app/settings"
	"veratill/app/shop"
	"veratill/app/update"
	"veratill/txn"
	"veratill/txn/journal"
)

// publisher is a server that offers 0.2.0, and counts how often it is asked.
func publisher(t *testing.T) (asked *atomic.Int64, updater func(dir string) *update.Updater) {
	t.Helper()
	asked = new(atomic.Int64)
	public, private, err := minisign.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"/program": []byte("the new program")}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/manifest.json" {
			asked.Add(1)
		}
		w.Write(files[r.URL.Path])
	}))
	t.Cleanup(server.Close)
	m := update.Manifest{Format: 1, Program: "test", Release: update.Release{Version: "0.2.0", Build: 1}, Date: "2026-12-01",
		Notes: update.Notes{ZH: "更快", EN: "Faster"}, Files: []update.File{{GOOS: "linux", GOARCH: "amd64", Kind: update.Archive, URL: server.URL + "/program",
			Size: int64(len(files["/program"])), SHA256: fmt.Sprintf("%x", sha256.Sum256(files["/program"]))}}}
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	files["/manifest.json"], files["/manifest.json.minisig"] = text, minisign.Sign(private, text)
	return asked, func(dir string) *update.Updater {
		program := filepath.Join(dir, "veratill")
		if err := os.WriteFile(program, []byte("#!/bin/sh\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		return update.New(&update.Updater{Dir: filepath.Join(dir, "updates"), Address: server.URL + "/manifest.json", Key: public.String(), ID: "test",
			Me: update.Release{Version: "0.1.0", Build: 1}, GOOS: "linux", GOARCH: "amd64", Program: program, Running: program,
			Kind: func(context.Context, string) update.Kind { return update.Archive }})
	}
}

func updatable(t *testing.T, dir string, u *update.Updater) *counter {
	t.Helper()
	c, err := open(shop.Options{Dir: dir, SettingsDir: dir, Settings: settings.Default(), Version: "test", Update: u})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// quiet gives a till that should not ask the time to do so.
const quiet = 300 * time.Millisecond

// A till asks for a newer version before the first sale of a business day, by itself, and never during one.
func TestAskedAtTheStartOfADay(t *testing.T) {
	asked, updater := publisher(t)
	dir := t.TempDir()
	u := updater(dir)
	c := updatable(t, dir, u)
	if time.Sleep(quiet); asked.Load() != 0 {
		t.Error("it asked before it ran")
	}
	c.Run()
	until(t, "the offer", func() bool { return c.Update().State == "offered" })
	if shown := c.Update(); !shown.Ready() || shown.Version != "0.2.0" || shown.Notes.EN != "Faster" || asked.Load() != 1 {
		t.Errorf("%+v, asked %d times", shown, asked.Load())
	}
	if r := c.PayCash(context.Background(), clerk, cart(550), 1000); r.Charged != txn.ChargedYes {
		t.Fatalf("%+v", r)
	}
	if shown := c.Update(); shown.Ready() || shown.Hindrance != "day open" {
		t.Errorf("it can be installed during a day: %+v", shown)
	}
	c.Close()
	c = updatable(t, dir, u)
	c.Run() // a restart in the middle of a day
	if time.Sleep(quiet); asked.Load() != 1 {
		t.Error("it asked during a day")
	}
	until(t, "the paper", func() bool {
		c.Till.WaitForPaper()
		owed, err := c.Journal.Owed(context.Background())
		return err == nil && len(owed) == 0
	})
	if _, err := c.CloseDay(context.Background(), clerk); err != nil {
		t.Fatal(err)
	}
	until(t, "it asks at the start of the next day", func() bool { return asked.Load() == 2 })
}

// Nobody is asked who is not named, and what goes wrong disturbs nobody.
func TestAskedOnlyWhomTheManagerNames(t *testing.T) {
	asked, updater := publisher(t)
	for _, c := range []struct {
		change func(u *update.Updater)
		fault  string
	}{
		{func(u *update.Updater) { u.Address = "" }, ""},
		{func(u *update.Updater) { u.Key = "" }, ""},
		{func(u *update.Updater) { u.Address = "http://example.org" }, "bad address"},
		{func(u *update.Updater) { u.Address = "http://127.0.0.1:1/manifest.json" }, "offline"},
	} {
		dir := t.TempDir()
		u := updater(dir)
		c.change(u)
		till := updatable(t, dir, u)
		till.Run()
		if c.fault == "" {
			time.Sleep(quiet)
		}
		until(t, "the fault "+c.fault, func() bool { return till.Update().Fault == c.fault })
		if till.Update().Ready() {
			t.Error("something is on offer")
		}
	}
	if asked.Load() != 0 {
		t.Errorf("asked %d times", asked.Load())
	}
}

// A prepared update has the books as they are in a backup that can be put back; nothing is written behind it.
func TestPrepareUpdate(t *testing.T) {
	_, updater := publisher(t)
	dir := t.TempDir()
	u := updater(dir)
	c := updatable(t, dir, u)
	ctx := context.Background()
	if code, _ := c.PrepareUpdate(ctx, func(present.UpdateStep) {}); code != "nothing" || c.Shop.Desk.UpdatePrepared() {
		t.Errorf("%q without an offer", code)
	}
	if r := c.PayCash(ctx, clerk, cart(550), 1000); r.Charged != txn.ChargedYes {
		t.Fatalf("%+v", r)
	}
	if _, err := u.Check(ctx); err != nil {
		t.Fatal(err)
	}
	c.Run()
	if code, _ := c.PrepareUpdate(ctx, func(s present.UpdateStep) { t.Errorf("%s during a day", s) }); code != "day open" || c.Shop.Desk.UpdatePrepared() {
		t.Errorf("%q during a day", code)
	}
	c.Till.WaitForPaper()
	if _, err := c.CloseDay(ctx, clerk); err != nil {
		t.Fatal(err)
	}
	until(t, "the Z is on paper", func() bool { r, err := c.Journal.ReportsOpen(ctx); return err == nil && len(r) == 0 })
	var steps []present.UpdateStep
	if code, detail := c.PrepareUpdate(ctx, func(s present.UpdateStep) { steps = append(steps, s) }); code != "" || !c.Shop.Desk.UpdatePrepared() {
		t.Fatalf("%q: %s", code, detail)
	}
	if !slices.Equal(steps, present.UpdateSteps) {
		t.Errorf("%v", steps)
	}
	r, err := u.Record()
	if err != nil || r.State != update.BackedUp || r.Backup.Books != dir {
		t.Fatalf("%+v, %v", r, err)
	}
	time.Sleep(quiet) // the line to the bank would sign in, and take a number from the journal
	c.Close()
	if err := journal.Restore(ctx, dir, filepath.Join(u.Dir, r.Backup.Name), journal.Options{}); err != nil {
		t.Errorf("it can't be put back: %v", err)
	}
}
