package journal_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/journal"
	"veratill/txn/money"
)

func BenchmarkSale(b *testing.B) {
	dir := b.TempDir()
	j, err := journal.Open(context.Background(), dir, journal.Options{})
	if err != nil {
		b.Fatal(err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "raw"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		b.Fatal(err)
	}
	var raw, commit1, commit2 []time.Duration
	block := make([]byte, 256)
	for b.Loop() {
		t0 := time.Now()
		f.Write(block)
		fdatasync(f)
		raw = append(raw, time.Since(t0))
		id, _ := j.NextAttempt()
		d, err := txn.Begin(txn.Attempt{ID: id, Kind: txn.Sale, Tender: txn.Card, Amount: money.Amount{Minor: 100, Currency: "CNY"}, Terminal: "T0000001", Merchant: "M00000000000001"})
		if err != nil {
			b.Fatal(err)
		}
		t0 = time.Now()
		if err := j.Commit(context.Background(), txn.Synced, txn.AttemptOpened{Attempt: d.After, Sealed: block[:60]}); err != nil {
			b.Fatal(err)
		}
		commit1 = append(commit1, time.Since(t0))
		e := txn.Event{Kind: txn.BankApproved, Answer: txn.Answer{ResponseCode: "00", RRN: "000000000001"}}
		d, _ = txn.Step(d.After, e)
		m1 := txn.AttemptMoved{ID: id, Event: e, After: d.After}
		e = txn.Event{Kind: txn.PrintBegun, PrintID: j.NextPrint()}
		d, _ = txn.Step(d.After, e)
		t0 = time.Now()
		if err := j.Commit(context.Background(), txn.Synced, m1, txn.AttemptMoved{ID: id, Event: e, After: d.After}); err != nil {
			b.Fatal(err)
		}
		commit2 = append(commit2, time.Since(t0))
		e = txn.Event{Kind: txn.PrintEnded, PrintID: e.PrintID, Outcome: txn.Printed}
		d, err = txn.Step(d.After, e)
		if err != nil {
			b.Fatal(err)
		}
		j.Commit(context.Background(), txn.Lazy, txn.AttemptMoved{ID: id, Event: e, After: d.After})
		j.Idle(context.Background())
	}
	p50 := func(d []time.Duration) float64 { slices.Sort(d); return float64(d[len(d)/2].Microseconds()) }
	b.ReportMetric(p50(raw), "raw-us")
	b.ReportMetric(p50(commit1), "c1-us")
	b.ReportMetric(p50(commit2), "c2-us")
	b.ReportMetric(p50(commit1)/p50(raw), "c1/raw")
	b.ReportMetric(p50(commit2)/p50(raw), "c2/raw")
}
