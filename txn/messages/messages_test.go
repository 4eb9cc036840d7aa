package messages_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"veratill/txn"
	"veratill/txn/disk"
	"veratill/txn/messages"
	"veratill/txn/monthly"
)

var noon = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

func attempt(id txn.ID) txn.Attempt { return txn.Attempt{ID: id, OpenedMs: noon.UnixMilli()} }

func message(id txn.ID, n int) messages.Message {
	return messages.Message{Attempt: id, AtMs: noon.UnixMilli() + int64(n), Line: "bank", Way: messages.Sent, Kind: fmt.Sprint(n), Fields: []messages.Field{{Name: "DE4 amount", Value: "000000001000"}}}
}

// filled has three messages of each of 20 attempts.
func filled(t *testing.T, dir string) *messages.Store {
	t.Helper()
	store := messages.New(disk.System{}, dir)
	for n := range 3 {
		for id := txn.ID(1); id <= 20; id++ {
			if err := store.Keep(message(id, n)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return store
}

func TestAnAttemptHasItsOwnMessagesInTheirOrder(t *testing.T) {
	dir := t.TempDir()
	filled(t, dir)
	for id := txn.ID(1); id <= 20; id++ {
		kept, err := messages.New(disk.System{}, dir).Of(attempt(id), noon)
		if err != nil || len(kept.Messages) != 3 || kept.Altered != 0 {
			t.Fatalf("attempt %s has %+v, %v", id, kept, err)
		}
		for n, m := range kept.Messages {
			if m.Attempt != id || m.Kind != fmt.Sprint(n) || len(m.Fields) != 1 {
				t.Fatalf("message %d of attempt %s is %+v", n, id, m)
			}
		}
	}
	if kept, err := messages.New(disk.System{}, dir).Of(attempt(21), noon); err != nil || len(kept.Messages) != 0 {
		t.Errorf("an attempt without messages has %+v, %v", kept, err)
	}
}

// A power cut tears the end of the file, at each byte of the last message: it loses itself alone, and what is kept afterwards is found.
func TestATornEndLosesItselfAlone(t *testing.T) {
	dir := t.TempDir()
	store := filled(t, dir)
	path := filepath.Join(dir, "messages", "2026-11.messages")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	last := bytes.LastIndex(whole, []byte("VTMESG1\n"))
	for cut := last; cut < len(whole); cut++ {
		if err := os.WriteFile(path, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		if err := store.Keep(message(20, 9)); err != nil {
			t.Fatal(err)
		}
		kept, err := store.Of(attempt(20), noon)
		if err != nil || len(kept.Messages) != 3 || kept.Messages[2].Kind != "9" {
			t.Fatalf("cut at %d of %d: %+v, %v", cut, len(whole), kept, err)
		}
		if kept, err = store.Of(attempt(19), noon); err != nil || len(kept.Messages) != 3 || kept.Altered != 0 {
			t.Fatalf("cut at %d of %d, another attempt: %+v, %v", cut, len(whole), kept, err)
		}
	}
}

// A byte that is altered makes its message none, and says so.
func TestAnAlteredMessageIsNone(t *testing.T) {
	dir := t.TempDir()
	store := filled(t, dir)
	path := filepath.Join(dir, "messages", "2026-11.messages")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	whole[len(whole)-12] ^= 1
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	kept, err := store.Of(attempt(20), noon)
	if err != nil || len(kept.Messages) != 2 || kept.Altered != 1 {
		t.Errorf("%+v, %v", kept, err)
	}
}

func TestMessagesAreRemovedAfter18Months(t *testing.T) {
	dir := t.TempDir()
	store := filled(t, dir)
	for months, want := range map[int]int{messages.Months: 0, messages.Months + 2: 1} {
		if gone, err := store.Expire(noon.AddDate(0, months, 0)); err != nil || len(gone) != want {
			t.Errorf("after %d months %v went, %v", months, gone, err)
		}
	}
}

func TestAMonthHasABound(t *testing.T) {
	dir := t.TempDir()
	store := filled(t, dir)
	if err := os.Truncate(filepath.Join(dir, "messages", "2026-11.messages"), 96<<20); err != nil {
		t.Fatal(err)
	}
	if err := store.Keep(message(1, 1)); !errors.Is(err, monthly.ErrFull) {
		t.Errorf("above its bound a month takes one more: %v", err)
	}
}

// badDisk writes nothing while it is full, and waits while it hangs.
type badDisk struct {
	disk.System
	full *bool
	hang chan struct{}
}

var errFull = errors.New("no space left on device")

func (d badDisk) MakeDir(dir string) error {
	if d.hang != nil {
		<-d.hang
	}
	if d.full != nil && *d.full {
		return errFull
	}
	return d.System.MakeDir(dir)
}

// A full disk loses messages, and says so once, whatever comes; when there is room again they are kept, and that is said too.
func TestAFullDiskIsSaidOnce(t *testing.T) {
	dir, full := t.TempDir(), true
	var log bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		store := messages.New(badDisk{full: &full}, dir)
		k := messages.NewKeeper(store, slog.New(slog.NewTextHandler(&log, nil)))
		for n := range 5 {
			k.Tell(message(1, n))
		}
		synctest.Wait()
		full = false
		k.Tell(message(1, 5))
		k.Close()
		kept, err := store.Of(attempt(1), noon)
		if err != nil || len(kept.Messages) != 1 || k.Lost() != 5 {
			t.Errorf("%d are kept and %d lost, %v", len(kept.Messages), k.Lost(), err)
		}
	})
	if n := strings.Count(log.String(), "are not kept"); n != 1 || !strings.Contains(log.String(), "kept again") {
		t.Errorf("it is said %d times:\n%s", n, &log)
	}
}

// A disk that hangs keeps nobody waiting who tells of a message, however many there are.
func TestADiskThatHangsKeepsNobodyWaiting(t *testing.T) {
	dir, hang := t.TempDir(), make(chan struct{})
	k := messages.NewKeeper(messages.New(badDisk{hang: hang}, dir), slog.New(slog.DiscardHandler))
	for n := range 5000 {
		k.Tell(message(1, n))
	}
	if k.Lost() == 0 {
		t.Error("5000 messages wait for a disk that hangs")
	}
	close(hang)
	k.Close()
	k.Tell(message(1, 1)) // after the end
}

// What another gave as a name is no hiding place, and a run of digits that may be a card number is never whole.
func TestNumbersAreHidden(t *testing.T) {
	for name, want := range map[string]string{"amount.total": "amount.total", "6222020000000001234": "…", "a6222b0200c0000d0012": "…", "x y": "…", "DE4": "DE4", "": "…"} {
		if got := messages.Name(name); got != want {
			t.Errorf("the name %q becomes %q", name, got)
		}
	}
	for text, want := range map[string]string{"123456789012": "123456789012", "1234567890123": "123456***0123", "6222 0200 0000 0001 234": "6222 02** **** ***1 234",
		"PAN 4111:1111:1111:1111": "PAN 4111:11**:****:1111", "4111, 1111, 1111, 1111": "4111, 11**, ****, 1111", "4111,1111,1111,1112": "4111,1111,1111,1112"} {
		if got := messages.Hidden(text); got != want {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}
