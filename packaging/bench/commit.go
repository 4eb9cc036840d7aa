package main

import (
	stdcontext "context"
	"slices"
	"time"

	"veratill/txn"
	"veratill/txn/journal"
	"veratill/txn/money"
	"veratill/txn/plan"
	"veratill/txn/sale"
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
	matter            txn.Matter
	pending, approval []time.Duration
	lazy              []time.Duration // without a sync: what a commit costs beside the disk
}

func (s *seller) open(ctx stdcontext.Context) error {
	v := viewOf(s.journal)
	cart := threeLines()
	a := txn.Attempt{Kind: txn.Sale, Tender: txn.Card, Amount: cart.Total(), Terminal: terminal, Merchant: merchant, Cashier: "01",
		Card: txn.CardFacts{Masked: "622202*********1234", Scheme: "UnionPay", EntryMode: "022"}, OpenedMs: v.AtMs}
	p, err := plan.Begin(v, txn.Matter{Attempt: a}, openedAt(v, cart), make([]byte, 47))
	return s.commit(ctx, p, err, &s.pending)
}

func (s *seller) approve(ctx stdcontext.Context) error {
	v := viewOf(s.journal)
	p, err := plan.Move(v, s.matter, txn.Event{Kind: txn.BankApproved,
		Answer: txn.Answer{ResponseCode: "00", RRN: "000000000001", ApprovalCode: "123456", HostTime: "1123010203"}})
	return s.commit(ctx, p, err, &s.approval)
}

func (s *seller) papered(ctx stdcontext.Context) error {
	v := viewOf(s.journal)
	p, err := plan.MoveSale(v, s.matter.Bill, printedOf(s.matter.Bill))
	return s.commit(ctx, p, err, &s.lazy)
}

// commit measures the commit of a plan, and not how it was made.
func (s *seller) commit(ctx stdcontext.Context, p plan.Plan, err error, took *[]time.Duration) error {
	if err != nil {
		return err
	}
	begun := time.Now()
	err = s.journal.Commit(ctx, txn.ByTill, p.Durability, p.Records...)
	*took = append(*took, time.Since(begun))
	s.matter = txn.Matter{Attempt: p.After, Bill: p.Bill}
	return err
}

const (
	terminal = "T0000001"
	merchant = "898000000000001"
)

// viewOf is what a plan needs to know of a till whose printer is ready.
func viewOf(j *journal.Journal) plan.View {
	return plan.View{Next: j.Next(), Ready: true, AtMs: time.Now().UnixMilli()}
}

func openedAt(v plan.View, s sale.Sale) *txn.SaleOpened {
	return &txn.SaleOpened{Sale: s, Batch: v.Batch, Terminal: terminal, Merchant: merchant, Cashier: "01", AtMs: v.AtMs}
}

// printedOf ends the receipt of a sale.
func printedOf(b txn.Bill) txn.Event {
	return txn.Event{Kind: txn.PrintEnded, PrintID: b.Prints[len(b.Prints)-1].ID, Outcome: txn.Printed, Proof: "process id"}
}

// currency of every figure.
const currency = money.CNY
