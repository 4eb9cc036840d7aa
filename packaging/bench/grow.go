package main

import (
	stdcontext "context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"veratill/txn"
	"veratill/txn/journal"
)

const (
	salesADay = 1000
)

// longJournal is a till's folder with so many attempts, a thousand a day. It is made
// once: a second call finds it.
func longJournal(rows int) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "veratill", fmt.Sprintf("journal-of-%d", rows))
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	fresh := dir + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return "", err
	}
	begun := time.Now()
	// Without settings a till is a demonstration, and that keeps its books in this folder.
	if err := grow(filepath.Join(fresh, "demo"), rows); err != nil {
		return "", err
	}
	fmt.Fprintf(os.Stderr, "bench: a journal of %d attempts was made in %s, in %s\n", rows, time.Since(begun).Round(time.Second), dir)
	return dir, os.Rename(fresh, dir)
}

func grow(dir string, rows int) error {
	ctx := stdcontext.Background()
	j, err := journal.Open(ctx, dir, journal.Options{})
	if err != nil {
		return err
	}
	days := max(1, rows/salesADay)
	for day := range days {
		records, err := dayOf(j, day, days)
		if err != nil {
			return err
		}
		for ; len(records) > 0; records = records[2:] {
			if err := j.Commit(ctx, txn.ByTill, txn.Lazy, named(j, records[:2])...); err != nil {
				return err
			}
		}
		if err := j.Idle(ctx); err != nil {
			return err
		}
	}
	return j.Close()
}

// named gives a sale, and its attempt, the number of the entry that will hold it.
func named(j *journal.Journal, pair []txn.Record) []txn.Record {
	opened, ok := pair[0].(txn.SaleOpened)
	if !ok {
		return pair
	}
	attempt := pair[1].(txn.AttemptOpened)
	opened.Sale.ID = j.NextSale()
	attempt.Attempt.SaleID = opened.Sale.ID
	return []txn.Record{opened, attempt}
}

// dayOf is a day's sales, and its end but for the last day.
func dayOf(j *journal.Journal, day, days int) ([]txn.Record, error) {
	batch := j.OpenDay().Batch
	atMs := time.Now().Add(-time.Duration(days-1-day) * 24 * time.Hour).UnixMilli()
	records := make([]txn.Record, 0, 2*salesADay+2)
	for n := range salesADay {
		cart := threeLines()
		id, err := txn.NewID(batch, int64(n+1))
		if err != nil {
			return nil, err
		}
		a := txn.Attempt{ID: id, Kind: txn.Sale, Tender: txn.Cash, Amount: cart.Total(), State: txn.Approved, Paper: txn.Printed,
			Terminal: "T0000001", Merchant: "898000000000001", Cashier: "01", ReceivedMinor: cart.TotalMinor, OpenedMs: atMs, EndedMs: atMs,
			Prints: []txn.Print{{ID: int64(n + 1), Kind: txn.PrintOriginal, AtMs: atMs, Outcome: txn.Printed, Proof: "process id"}}}
		records = append(records, txn.SaleOpened{Sale: cart}, txn.AttemptOpened{Attempt: a})
	}
	if day < days-1 {
		records = append(records, txn.DayClosed{Batch: batch, Z: int64(day + 1), Totals: []byte(`{}`), AtMs: atMs},
			txn.DayOpened{Batch: batch + 1, Currency: string(currency), AtMs: atMs})
	}
	return records, nil
}
