package main

import (
	stdcontext "context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"veratill/txn"
	"veratill/txn/find"
	"veratill/txn/journal"
)

// findQueries is how many times payments are looked for.
const findQueries = 1000

// measureFind measures how long a payment is looked for in books of so many, and in books that have none, in turn; and the index itself: how long it takes
// to make, how much it is, and what reading as many bytes takes.
func measureFind(dir string, rows int) error {
	ctx := stdcontext.Background()
	long, err := longJournal(rows)
	if err != nil {
		return err
	}
	full, err := openFinder(ctx, filepath.Join(long, "demo"))
	if err != nil {
		return err
	}
	defer full.books.Close()
	empty, err := openFinder(ctx, filepath.Join(dir, "find-empty"))
	if err != nil {
		return err
	}
	defer empty.books.Close()
	say("find_payments", float64(rows), 0)
	say("find_index_made_s", full.made.Seconds(), 1)
	say("find_index_bytes_per_payment", float64(full.size)/float64(rows), 1)
	random := rand.New(rand.NewPCG(1, 1))
	var took, none, read []time.Duration
	for n := range findQueries {
		q := someQuery(random, int64(rows))
		for _, f := range []struct {
			*finder
			took *[]time.Duration
		}{{full, &took}, {empty, &none}} {
			begun := time.Now()
			if _, err := f.index.Find(ctx, q); err != nil {
				return err
			}
			*f.took = append(*f.took, time.Since(begun))
		}
		if n%50 == 0 {
			begun := time.Now()
			if _, err := os.ReadFile(full.path); err != nil {
				return err
			}
			read = append(read, time.Since(begun))
		}
	}
	say("find_p50_us", p50(took), 1)
	say("find_p99_us", quantile(took, 0.99), 1)
	say("find_most_us", quantile(took, 1), 1)
	say("find_empty_journal_p50_us", p50(none), 1)
	say("find_empty_journal_p99_us", quantile(none, 0.99), 1)
	say("find_p99_over_reading_the_file", quantile(took, 0.99)/p50(read), 3)
	return nil
}

type finder struct {
	books *journal.Journal
	index *find.Index
	path  string
	made  time.Duration
	size  int64
}

// openFinder makes the index of books anew.
func openFinder(ctx stdcontext.Context, dir string) (*finder, error) {
	j, err := journal.Open(ctx, dir, journal.Options{})
	if err != nil {
		return nil, err
	}
	f := &finder{books: j, index: find.New(nil, dir, j, nil), path: filepath.Join(dir, find.FileName)}
	f.index.Rebuild()
	begun := time.Now()
	if err := f.index.TakeAll(ctx, nil); err != nil {
		return nil, err
	}
	f.made = time.Since(begun)
	if info, err := os.Stat(f.path); err == nil { // few payments have no file
		f.size = info.Size()
	}
	return f, nil
}

// someQuery is what a person may type, each way as likely: some are met often, some once, some never.
func someQuery(r *rand.Rand, rows int64) find.Query {
	n := r.Int64N(rows)
	day := time.Now().Add(-time.Duration(r.IntN(400)) * 24 * time.Hour)
	texts := []string{
		fmt.Sprintf("%d.%02d", 1+r.IntN(200), r.IntN(100)), fmt.Sprint(1 + r.IntN(300)), fmt.Sprintf("%d-%d", 80+r.IntN(9), 90+r.IntN(9)),
		fmt.Sprintf("%02d:%02d", r.IntN(24), r.IntN(60)), fmt.Sprintf("*%04d", r.IntN(10_000)), fmt.Sprintf("%04d", r.IntN(10_000)),
		fmt.Sprintf("%06d", n), fmt.Sprintf("%012d", n), "declined", "apple", "酸奶", "Longma 1234", "金穗大米", fmt.Sprintf("69%011d", r.IntN(growArticles)),
		"no such thing", day.Format("2006-01-02"), day.Format("2006-01-02 15:04") + " card", fmt.Sprintf("card *%04d %d-%d", r.IntN(10_000), 10, 60),
		"rice *0001 refused", fmt.Sprintf("%02d 12.34", r.IntN(12)),
	}
	return find.Query{Terms: find.Read(texts[r.IntN(len(texts))], find.Ground{Now: time.Now(), Digits: 2, Last: txn.ID(rows)}), Limit: 50}
}
