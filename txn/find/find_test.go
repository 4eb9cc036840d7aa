package find_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/find"
	"veratill/txn/journal"
)

// index is one with small blocks.
func (s *shop) index(dir string) *find.Index {
	return find.New(nil, dir, s.j, s.clock).Small(8, 5)
}

// agrees compares the index with a scan of every entry.
func agrees(t *testing.T, s *shop, x *find.Index, queries int) {
	t.Helper()
	if err := s.j.Sync(ctx); err != nil {
		t.Fatal(err)
	}
	if err := x.TakeAll(ctx, nil); err != nil {
		t.Fatal(err)
	}
	agreesWith(t, s, x, naive(t, s.j), queries)
}

func agreesWith(t *testing.T, s *shop, x *find.Index, all scanned, queries int) {
	t.Helper()
	for range queries {
		q := query(s.r, all)
		got, err := x.Find(ctx, q)
		if err != nil || got.Trouble != nil || got.Behind != 0 {
			t.Fatalf("%v, trouble %v, behind %d", err, got.Trouble, got.Behind)
		}
		want := all.find(q, s.clock().Add(-find.ItemDays*24*time.Hour).UnixMilli())
		if !reflect.DeepEqual(append([]find.Hit{}, got.Hits...), append([]find.Hit{}, want...)) {
			t.Fatalf("%+v finds\n%v, a scan\n%v", q, got.Hits, want)
		}
	}
}

// Whatever is sold, answered, undone and closed, and wherever the program is killed between two pieces of work: the index answers as a scan of all entries does.
func TestTheIndexAnswersAsAScanOfTheBooksDoes(t *testing.T) {
	for seed := range uint64(histories) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			dir := t.TempDir()
			s := newShop(t, seed, dir)
			x := s.index(dir)
			for i := range 240 {
				s.step()
				switch s.r.IntN(12) {
				case 0, 1, 2:
					if _, err := x.Take(ctx); err != nil {
						t.Fatal(err)
					}
				case 3:
					x = s.index(dir) // the program was killed
				case 4:
					if i%40 == 0 {
						agrees(t, s, x, 10)
					}
				}
			}
			agrees(t, s, x, 150)
			if x.Blocks() == 0 {
				t.Error("no block was ever written: the file was not tested")
			}
			agrees(t, s, s.index(dir), 50)
		})
	}
}

// A power cut takes what was not synced from the books, and never leaves it in the index.
func TestThePowerTakesNothingThatTheIndexKeeps(t *testing.T) {
	for seed := range uint64(histories) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			dir := t.TempDir()
			s := onSimDisk(t, seed)
			s.lazy = 2
			x := find.New(nil, dir, s.j, s.clock).Small(2, 5)
			for range 20 {
				for range 8 {
					s.step()
				}
				if err := x.TakeAll(ctx, nil); err != nil {
					t.Fatal(err)
				}
				s.answer() // what it moves may be on no disk yet
				if err := x.TakeAll(ctx, nil); err != nil {
					t.Fatal(err)
				}
				s.cutPower()
				x = find.New(nil, dir, s.j, s.clock).Small(2, 5)
				agrees(t, s, x, 25)
			}
		})
	}
}

// Books that were put back from an earlier copy, or that are others, have an index made of them, whatever lay beside them.
func TestAnIndexOfOtherBooksIsMadeAnew(t *testing.T) {
	dir, kept := t.TempDir(), t.TempDir()
	s := newShop(t, 1, dir)
	sell := func(n int) {
		for range n {
			s.step()
		}
	}
	sell(150)
	agrees(t, s, s.index(kept), 20)
	closeBooks(t, s)
	copyFiles(t, dir, kept+"/books")
	s.start()
	sell(150)
	agrees(t, s, s.index(kept), 20)
	closeBooks(t, s)

	s.dir = kept + "/books" // what was sold since is no longer there
	s.start()
	s.open, s.paid = nil, nil
	agrees(t, s, s.index(kept), 60)
	sell(150) // and other entries take its numbers
	agrees(t, s, s.index(kept), 60)

	other := newShop(t, 2, t.TempDir())
	for range 150 {
		other.step()
	}
	agrees(t, other, other.index(kept), 60)
}

func closeBooks(t *testing.T, s *shop) {
	t.Helper()
	if err := s.j.Close(); err != nil {
		t.Fatal(err)
	}
}

func copyFiles(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

// filled is a shop with an index in a file, which has several blocks.
func filled(t *testing.T) (s *shop, dir string) {
	t.Helper()
	dir = t.TempDir()
	s = newShop(t, 3, dir)
	for range 300 {
		s.step()
	}
	x := s.index(dir)
	agrees(t, s, x, 10)
	if x.Blocks() < 5 {
		t.Fatalf("%d blocks", x.Blocks())
	}
	return s, dir
}

// A file that is damaged, cut, of another version, empty or something else is made anew, wherever the damage lies.
func TestADamagedIndexIsMadeAnew(t *testing.T) {
	s, dir := filled(t)
	path := filepath.Join(dir, find.FileName)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	spoil := map[string][]byte{"empty": {}, "something else": []byte("not an index at all, but a text that is longer than a head"), "doubled": append(append([]byte{}, good...), good...)}
	r := rand.New(rand.NewPCG(1, 1))
	for i := range 5 * histories {
		one := append([]byte{}, good...)
		at := r.IntN(len(one))
		for one[at] == 0 { // most of a small block is the room of its signature
			at = r.IntN(len(one))
		}
		one[at] ^= byte(1 + r.IntN(255))
		spoil[fmt.Sprintf("byte %d of try %d", at, i)] = one
		spoil[fmt.Sprintf("cut of try %d", i)] = good[:r.IntN(len(good))]
	}
	for name, content := range spoil {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		x := s.index(dir)
		if err := x.TakeAll(ctx, nil); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all := naive(t, s.j)
		// One of each section: a damage that is met while looking is told, and is gone then.
		for _, r := range []find.Reading{{Field: find.Tender, Text: string(txn.External), Fit: 1}, {Field: find.RRN, Text: "nosuch", Fit: 1}, {Field: find.Item, Text: "nosuch", Fit: 1}} {
			got, err := x.Find(ctx, find.Query{Terms: []find.Term{{r}}})
			if err != nil || len(got.Hits) > 0 {
				t.Fatalf("%s: %v, %v", name, got.Hits, err)
			}
			if err := x.TakeAll(ctx, nil); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		agreesWith(t, s, x, all, 15)
	}
}

// What was sold more than 400 days ago is left out of the file once it is written anew, and is still found by all else.
func TestOldItemsLeaveTheFile(t *testing.T) {
	s, dir := filled(t)
	if !holds(t, dir, "coca") {
		t.Error("what was sold is not in the file, or not as this test looks for it")
	}
	late := func() time.Time { return time.UnixMilli(s.atMs).Add((find.ItemDays + 1) * 24 * time.Hour) }
	x := find.New(nil, dir, s.j, late).Small(8, 5)
	x.Rebuild()
	if err := x.TakeAll(ctx, nil); err != nil {
		t.Fatal(err)
	}
	if holds(t, dir, "coca") {
		t.Error("what was sold is in the file")
	}
	if got, err := x.Find(ctx, find.Query{Terms: []find.Term{{{Field: find.Item, Text: "cola", Fit: 1}}}}); err != nil || len(got.Hits) != 0 {
		t.Errorf("%v, %v", got.Hits, err)
	}
	if got, err := x.Find(ctx, find.Query{Terms: []find.Term{{{Field: find.Tender, Text: string(txn.Cash), Fit: 1}}}}); err != nil || len(got.Hits) == 0 {
		t.Errorf("%v, %v", got.Hits, err)
	}
}

func holds(t *testing.T, dir, text string) bool {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, find.FileName))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(content, []byte(text))
}

// The books are what the index takes them to be.
var _ find.Books = (*journal.Journal)(nil)

// Whoever looks for payments does so beside the till that sells and the round that takes up: nobody waits for another for long, and every answer is one.
func TestFindBesideTake(t *testing.T) {
	dir := t.TempDir()
	s := newShop(t, 6, dir)
	x := find.New(nil, dir, s.j, func() time.Time { return time.UnixMilli(noon) }).Small(8, 5)
	stop, cancel := context.WithCancel(ctx)
	var wait sync.WaitGroup
	for n := range 3 {
		wait.Go(func() {
			for stop.Err() == nil {
				if n == 0 {
					if _, err := x.Take(ctx); err != nil {
						t.Error(err)
						return
					}
					continue
				}
				got, err := x.Find(ctx, find.Query{Terms: []find.Term{{{Field: find.Tender, Text: string(txn.Cash), Fit: 1}}, {{Field: find.Item, Text: "cola", Fit: 1}}}, Limit: 10})
				if err != nil || got.Trouble != nil || !slices.IsSortedFunc(got.Hits, func(a, b find.Hit) int { return int(b.ID - a.ID) }) {
					t.Errorf("%+v, %v", got, err)
					return
				}
			}
		})
	}
	for range 150 {
		s.step()
	}
	cancel()
	wait.Wait()
	agrees(t, s, s.index(dir), 20)
}
