package main

import (
	stdcontext "context"
	"slices"
	"time"

	"veratill/txn"
	"veratill/txn/journal"
	"veratill/txn/money"
)

// rest is how long a till waits for its customer before a commit, at the least: the processor and the disk are
// asleep by then, which a loop never lets them be.
const rest = 8 * time.Millisecond

// measureCommits makes card sales through the journal, raw writes beside each commit, and a pause before each of
// them. The names of its figures begin with prefix.
func measureCommits(dir, prefix string, sales int, pause time.Duration) error {
	ctx := stdcontext.Background()
	j, err := journal.Open(ctx, dir, journal.Options{})
	if err != nil {
		return err
	}
	defer j.Close()
	raw, err := newFloors(dir)
	if err != nil {
		return err
	}
	defer raw.close()
	s := seller{journal: j}
	written := func(f *floor) func(stdcontext.Context) error {
		return func(stdcontext.Context) error { return f.write() }
	}
	for range sales {
		for _, commit := range []func(stdcontext.Context) error{s.open, written(raw.append), written(raw.overwrite), s.approve,
			written(raw.append), written(raw.overwrite), s.papered, j.Idle} {
			time.Sleep(pause)
			if err := commit(ctx); err != nil {
				return err
			}
		}
	}
	say(prefix+"fdatasync_p50_us", p50(raw.append.took), 1)
	say(prefix+"overwrite_p50_us", p50(raw.overwrite.took), 1)
	both := slices.Concat(s.pending, s.approval)
	raw.say(prefix+"commit_p50", p50(both))
	raw.say(prefix+"commit_pending_p50", p50(s.pending))
	raw.say(prefix+"commit_approval_p50", p50(s.approval))
	say(prefix+"commit_without_sync_p50_us", p50(s.lazy), 1)
	say(prefix+"fdatasync_p99_us", quantile(raw.append.took, 0.99), 1)
	say(prefix+"commit_p99_us", quantile(both, 0.99), 1)
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
