package simdisk_test

import (
	"context"
	"testing"

	"veratill/packaging/prove/simdisk"
	"veratill/txn"
	"veratill/txn/journal"
	"veratill/txn/money"
	"veratill/txn/sale"
)

var ctx = context.Background()

func sell(tb testing.TB, j *journal.Journal) {
	id, err := j.NextAttempt()
	if err != nil {
		tb.Fatal(err)
	}
	s := sale.Sale{ID: j.NextSale(), Currency: money.CNY, TotalMinor: 1250}
	d, err := txn.Begin(txn.Attempt{ID: id, SaleID: s.ID, Kind: txn.Sale, Tender: txn.Card, Cashier: "01", OpenedMs: 1000,
		Amount: money.Amount{Minor: 1250, Currency: money.CNY}})
	if err != nil {
		tb.Fatal(err)
	}
	if err := j.Commit(ctx, txn.Synced, txn.SaleOpened{Sale: s}, txn.AttemptOpened{Attempt: d.After, Sealed: make([]byte, 44)}); err != nil {
		tb.Fatal(err)
	}
	a := d.After
	var records []txn.Record
	for _, e := range []txn.Event{{Kind: txn.BankApproved, Answer: txn.Answer{RRN: "000000000001"}}, {Kind: txn.PrintBegun, PrintID: j.NextPrint()}} {
		d, err := txn.Step(a, e)
		if err != nil {
			tb.Fatal(err)
		}
		a = d.After
		records = append(records, txn.AttemptMoved{ID: a.ID, Event: e, After: a})
	}
	if err := j.Commit(ctx, txn.Synced, records...); err != nil {
		tb.Fatal(err)
	}
	e := txn.Event{Kind: txn.PrintEnded, PrintID: a.Prints[0].ID, Outcome: txn.Printed}
	d, err = txn.Step(a, e)
	if err != nil {
		tb.Fatal(err)
	}
	if err := j.Commit(ctx, txn.Lazy, txn.AttemptMoved{ID: a.ID, Event: e, After: d.After}); err != nil {
		tb.Fatal(err)
	}
}

func BenchmarkSale(b *testing.B) {
	d := simdisk.New(1)
	defer d.Close()
	j, err := journal.Open(ctx, d.Root()+"/till", journal.Options{Disk: d})
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		sell(b, j)
		if i%20 == 0 {
			j.Idle(ctx)
		}
	}
	if _, err := j.Verify(ctx); err != nil {
		b.Fatal(err)
	}
	j.Close()
}

func BenchmarkReopen(b *testing.B) {
	d := simdisk.New(1)
	j, err := journal.Open(ctx, d.Root()+"/till", journal.Options{Disk: d})
	if err != nil {
		b.Fatal(err)
	}
	for range 40 {
		sell(b, j)
	}
	for b.Loop() {
		d.Stop(simdisk.PowerCut)
		j.Abandon()
		next := d.Reopen(simdisk.Torn)
		d.Close()
		d = next
		if j, err = journal.Open(ctx, d.Root()+"/till", journal.Options{Disk: d}); err != nil {
			b.Fatal(err)
		}
	}
	d.Close()
}
