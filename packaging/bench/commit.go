package main

import (
	stdcontext "context"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"veratill/txn"
	"veratill/txn/journal"
	"veratill/txn/money"
)

// floor is the raw write that everything is compared with: append 256 bytes, fdatasync.
type floor struct {
	file  *os.File
	block [256]byte
	took  []time.Duration
}

func newFloor(dir string) (*floor, error) {
	f, err := os.OpenFile(filepath.Join(dir, "floor"), os.O_CREATE|os.O_WRONLY|os.O_APPEND|os.O_TRUNC, 0o600)
	return &floor{file: f}, err
}

func (f *floor) write() error {
	begun := time.Now()
	if _, err := f.file.Write(f.block[:]); err != nil {
		return err
	}
	if err := syscall.Fdatasync(int(f.file.Fd())); err != nil {
		return err
	}
	f.took = append(f.took, time.Since(begun))
	return nil
}

// measureCommits makes card sales through the journal, a raw write beside each commit.
func measureCommits(dir string, sales int) error {
	ctx := stdcontext.Background()
	j, err := journal.Open(ctx, dir, journal.Options{})
	if err != nil {
		return err
	}
	defer j.Close()
	raw, err := newFloor(dir)
	if err != nil {
		return err
	}
	defer raw.file.Close()
	s := seller{journal: j}
	for range sales {
		for _, commit := range []func(stdcontext.Context) error{s.open, func(stdcontext.Context) error { return raw.write() }, s.approve,
			func(stdcontext.Context) error { return raw.write() }, s.papered, j.Idle} {
			if err := commit(ctx); err != nil {
				return err
			}
		}
	}
	base := p50(raw.took)
	say("fdatasync_p50_us", base, 1)
	say("commit_p50_over_fdatasync", p50(append(append([]time.Duration{}, s.pending...), s.approval...))/base, 3)
	say("commit_pending_p50_over_fdatasync", p50(s.pending)/base, 3)
	say("commit_approval_p50_over_fdatasync", p50(s.approval)/base, 3)
	say("commit_without_sync_p50_us", p50(s.lazy), 1)
	say("fdatasync_p99_us", quantile(raw.took, 0.99), 1)
	say("commit_p99_us", quantile(append(s.pending, s.approval...), 0.99), 1)
	return nil
}

// seller commits what a card sale commits, and nothing else.
type seller struct {
	journal           *journal.Journal
	attempt           txn.Attempt
	print             int64
	pending, approval []time.Duration
	lazy              []time.Duration // without a sync: what a commit costs beside the disk
}

func (s *seller) open(ctx stdcontext.Context) error {
	id, err := s.journal.NextAttempt()
	if err != nil {
		return err
	}
	number := s.journal.NextSale()
	cart := threeLines()
	cart.ID = number
	d, err := txn.Begin(txn.Attempt{ID: id, SaleID: number, Kind: txn.Sale, Tender: txn.Card, Amount: cart.Total(), Terminal: "T0000001", Merchant: "898000000000001",
		Cashier: "01", Card: txn.CardFacts{Masked: "622202*********1234", Token: "0123456789abcdef", Scheme: "UnionPay", EntryMode: "022"}, OpenedMs: time.Now().UnixMilli()})
	if err != nil {
		return err
	}
	begun := time.Now()
	err = s.journal.Commit(ctx, txn.ByTill, txn.Synced, txn.SaleOpened{Sale: cart}, txn.AttemptOpened{Attempt: d.After, Sealed: make([]byte, 47)})
	s.pending = append(s.pending, time.Since(begun))
	s.attempt = d.After
	return err
}

func (s *seller) approve(ctx stdcontext.Context) error {
	s.print = s.journal.NextPrint()
	approved, err := s.step(txn.Event{Kind: txn.BankApproved, Answer: txn.Answer{ResponseCode: "00", RRN: "000000000001", ApprovalCode: "123456", HostTime: "1123010203"}})
	if err != nil {
		return err
	}
	printing, err := s.step(txn.Event{Kind: txn.PrintBegun, PrintID: s.print})
	if err != nil {
		return err
	}
	begun := time.Now()
	err = s.journal.Commit(ctx, txn.ByTill, txn.Synced, approved, printing)
	s.approval = append(s.approval, time.Since(begun))
	return err
}

func (s *seller) papered(ctx stdcontext.Context) error {
	printed, err := s.step(txn.Event{Kind: txn.PrintEnded, PrintID: s.print, Outcome: txn.Printed, Proof: "process id"})
	if err != nil {
		return err
	}
	begun := time.Now()
	err = s.journal.Commit(ctx, txn.ByTill, txn.Lazy, printed)
	s.lazy = append(s.lazy, time.Since(begun))
	return err
}

func (s *seller) step(e txn.Event) (txn.AttemptMoved, error) {
	e.AtMs = time.Now().UnixMilli()
	d, err := txn.Step(s.attempt, e)
	s.attempt = d.After
	return txn.AttemptMoved{ID: s.attempt.ID, Event: e, After: s.attempt}, err
}

// currency of every figure.
const currency = money.CNY
