package main

import (
	stdcontext "context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"veratill/txn"
	"veratill/txn/journal"
	"veratill/txn/plan"
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
		if err := growDay(ctx, j, day, days); err != nil {
			return err
		}
		if err := j.Idle(ctx); err != nil {
			return err
		}
	}
	return j.Close()
}

// growDay is a day's sales, and its end but for the last day.
func growDay(ctx stdcontext.Context, j *journal.Journal, day, days int) error {
	atMs := time.Now().Add(-time.Duration(days-1-day) * 24 * time.Hour).UnixMilli()
	for range salesADay {
		if err := growSale(ctx, j, atMs); err != nil {
			return err
		}
	}
	if day == days-1 {
		return nil
	}
	batch := j.OpenDay().Batch
	return j.Commit(ctx, txn.ByTill, txn.Lazy, txn.DayClosed{Batch: batch, Z: int64(day + 1), Totals: []byte(`{}`), AtMs: atMs},
		txn.DayOpened{Batch: batch + 1, Currency: string(currency), AtMs: atMs})
}

// growSale is a sale in cash and its receipt.
func growSale(ctx stdcontext.Context, j *journal.Journal, atMs int64) error {
	v := viewOf(j)
	v.AtMs = atMs
	cart := threeLines()
	a := txn.Attempt{Kind: txn.Sale, Tender: txn.Cash, Amount: cart.Total(), Terminal: terminal, Merchant: merchant, Cashier: "01",
		ReceivedMinor: cart.TotalMinor, OpenedMs: atMs}
	sold, err := plan.Begin(v, txn.Matter{Attempt: a}, openedAt(v, cart), nil)
	if err != nil {
		return err
	}
	if err := j.Commit(ctx, txn.ByTill, txn.Lazy, sold.Records...); err != nil {
		return err
	}
	printed, err := plan.MoveSale(v, sold.Bill, printedOf(sold.Bill))
	if err != nil {
		return err
	}
	return j.Commit(ctx, txn.ByTill, txn.Lazy, printed.Records...)
}
