package till

import (
	"context"

	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/plan"
	"veratill/txn/sale"
)

// This file is where the till acts. Whatever leaves it leaves from here, because a plan of txn/plan asked for
// it and its commit is as durable as the plan wanted.

// with is what an act needs and no journal keeps.
type with struct {
	card   txn.Plastic // until the request has left
	sale   sale.Sale
	drawer bool   // cash: the drawer opens with the receipt
	totals []byte // of an X or a Z
	copied bool   // that Z was printed before
	tell   func(Stage, txn.ID)
	line   Line   // that was chosen for a payment code; nil where the tender has one alone
	wallet Wallet // the same, while it is to sign a payment
	// unfinished is of a void that undoes a sale that was not finished: it is begun only while that is so.
	unfinished bool
	goods      []sale.Want // come back by a void or a refund
	goodsMinor int64       // what they come to
	again      bool        // what is owed by it was asked for just now: the round waits before it asks once more
	swapped    []plan.Plan // what goods that come back pay, in the same commit
	swappedOf  sale.Sale   // which they are of
	notSwapped error       // why they could not
	paysFor    int         // the return of goods that came back by an earlier share
}

func (w with) told(stage Stage, id txn.ID) {
	if w.tell != nil {
		w.tell(stage, id)
	}
}

// done is what came of acts.
type done struct {
	verdict txn.Verdict     // of a request
	printID int64           // 0 when no print was begun
	paper   <-chan struct{} // closed when the print has ended
}

// carry does what a committed plan asks for, in its order.
func (t *Till) carry(ctx context.Context, p plan.Plan, w with) (d done) {
	for _, act := range p.Acts {
		switch act.Effect {
		case txn.SendRequest:
			w.told(Sending, act.Attempt.ID)
			//mutant:mark-before-request
			t.keepMark(false)
			d.verdict = t.request(ctx, orderOf(act, w.card))
		case txn.Acknowledge:
			//mutant:mark-before-paper/approval
			t.keepMark(false)
			d.verdict = t.acknowledge(ctx, orderOf(act, txn.Plastic{}), true)
		case txn.SendReversal, txn.SendRepeat:
			t.owe(act.Attempt.ID, !w.again)
		case txn.PrintReceipt, txn.PrintCopy, txn.PrintNote, txn.PrintPartSlip, plan.PrintReport:
			w.told(Papering, p.After.ID)
			//mutant:mark-before-paper
			t.keepMark(false) // books that have lost what follows are found out
			d.printID, d.paper = act.Print.ID, t.print(ctx, t.sheetOf(ctx, p, act, w))
		case plan.AwaitPrinter:
			t.await(ownerOf(act))
		case txn.TellPerson:
			t.cfg.Tell(txn.Matter{Attempt: act.Attempt, Bill: act.Bill})
		}
	}
	return d
}

// request asks the line of an attempt: begin has seen that it is there.
func (t *Till) request(ctx context.Context, o txn.Order) txn.Verdict {
	later, err := t.later(ctx, o)
	if err != nil {
		return txn.Verdict{Kind: txn.NotSent, Reason: txn.CannotPack, Detail: err.Error()}
	}
	o.Later = later
	line := t.lineOf(o.Attempt)
	return line.Request(ctx, o)
}

// later is what an order says of the time since the payment that it undoes, to a line whose numbers may have begun anew.
func (t *Till) later(ctx context.Context, o txn.Order) (all []txn.Attempt, err error) {
	line := t.lineOf(o.Attempt)
	if _, renumbers := line.(renumbering); !renumbers || o.Attempt.Kind != txn.Void || o.Original == nil {
		return nil, nil
	}
	for batch := o.Original.Batch; batch <= o.Attempt.Batch; batch++ {
		day, err := t.cfg.Numbers.Attempts(ctx, batch)
		if err != nil {
			return nil, err
		}
		for _, a := range day {
			if a.ID > o.Original.ID && a.ID != o.Attempt.ID && line.Succeeds(a.Line) {
				all = append(all, a)
			}
		}
	}
	return all, nil
}

// acknowledge tells a line that waits for it whether an approval is durable.
func (t *Till) acknowledge(ctx context.Context, o txn.Order, durable bool) txn.Verdict {
	line := t.lineOf(o.Attempt) // it is the one that has just approved
	return line.Acknowledge(ctx, o, durable)
}

// askKept asks a line whether it keeps what it approved.
func (t *Till) askKept(ctx context.Context, a txn.Attempt) txn.Verdict {
	return t.lineOf(a).Resolve(ctx, txn.Order{Attempt: a}, 1)
}

func orderOf(act plan.Act, card txn.Plastic) txn.Order {
	o := txn.Order{Attempt: act.Attempt, Card: card}
	if act.Attempt.Original != 0 {
		o.Original = &act.Original
	}
	return o
}

func ownerOf(act plan.Act) owner {
	if act.OfSale {
		return owner{sale: act.Bill.SaleID}
	}
	return owner{attempt: act.Attempt.ID}
}

func (t *Till) sheetOf(ctx context.Context, p plan.Plan, act plan.Act, w with) Sheet {
	s := Sheet{Print: act.Print, Attempt: act.Attempt, Original: act.Original, Bill: act.Bill, Sale: w.sale, OpenDrawer: w.drawer, Totals: w.totals, Copy: w.copied}
	if act.OfSale {
		s.Parts = t.partsOf(ctx, act.Bill, p.After)
	}
	s.Moved = t.movedOf(ctx, act)
	return s
}

// movedOf reads the refunds of a sale that are through, beside the one that the paper is of. A sale's first receipt has none, and reads nothing.
func (t *Till) movedOf(ctx context.Context, act plan.Act) (moved []txn.Attempt) {
	for _, part := range act.Bill.Parts {
		through := part.State == txn.Approved || part.State == txn.Claimed
		if part.Kind != txn.Refund || !through || part.ID == act.Attempt.ID {
			continue
		}
		a, err := t.cfg.Journal.Attempt(ctx, part.ID)
		if err != nil { // the paper says no more of it than the bill
			t.cfg.Log.Error("refund of a receipt", "attempt", part.ID.String(), "error", err)
			continue
		}
		moved = append(moved, a)
	}
	return moved
}

// partsOf reads the payments that made up the sum, in their order: those that a receipt names. The one that the plan is about is known already: a
// sale that is paid at once reads nothing while its customer waits.
func (t *Till) partsOf(ctx context.Context, b txn.Bill, known txn.Attempt) []txn.Attempt {
	var parts []txn.Attempt
	for _, part := range b.Parts {
		if !part.Paid {
			continue
		}
		if part.ID == known.ID {
			parts = append(parts, known)
			continue
		}
		a, err := t.cfg.Journal.Attempt(ctx, part.ID)
		if err != nil { // the paper says what the bill has of it
			t.cfg.Log.Error("part of a receipt", "attempt", part.ID.String(), "error", err)
			a = txn.Attempt{ID: part.ID, SaleID: b.SaleID, Kind: part.Kind, Tender: part.Tender, State: part.State,
				Amount: money.Amount{Minor: part.AmountMinor, Currency: b.Total.Currency}}
		}
		parts = append(parts, a)
	}
	return parts
}

// print puts a sheet on the printer. Where no other is under way the first byte leaves here, because a customer waits
// for it; all that has to be waited for is waited for beside whatever else goes on, so that the next sale does not wait. The
// channel is closed when the outcome is journaled.
func (t *Till) print(ctx context.Context, s Sheet) <-chan struct{} {
	done, through := make(chan struct{}), make(chan struct{})
	t.mu.Lock()
	before := t.newest
	t.newest = through
	t.papers++
	t.mu.Unlock()
	var end func() (txn.Paper, string)
	begin := func() { end = t.cfg.Printer.Begin(ctx, s) }
	select {
	case <-before:
		begin()
	default:
	}
	go func() {
		defer t.paperEnded()
		defer close(done)
		<-before
		if end == nil {
			begin()
		}
		outcome, proof := end()
		close(through)
		t.printed(ctx, s, outcome, proof)
	}()
	return done
}

// owe notes that a decision asked for a reversal that has not left yet. Run, or the next payment, sends it: at once where now says so, and else in Run's own
// time, so that what is answered at once with "ask again" is not asked as fast as the line can carry it.
func (t *Till) owe(id txn.ID, now bool) {
	t.mu.Lock()
	t.due[id] = true
	t.mu.Unlock()
	//mutant:what-was-answered-at-once-is-not-asked-at-once
	if now {
		t.Kick()
	}
}

// reverse sends the one reversal that a decision asked for and that has not left; sent is false where there is none, or where a late answer
// has said since then that it may be another's.
func (t *Till) reverse(ctx context.Context, o txn.Order) (v txn.Verdict, sent bool) {
	now, err := t.cfg.Journal.Attempt(context.WithoutCancel(ctx), o.Attempt.ID)
	if err != nil {
		return v, false
	}
	t.mu.Lock()
	due := t.due[o.Attempt.ID]
	delete(t.due, o.Attempt.ID)
	t.mu.Unlock()
	//mutant:reversal-is-still-due
	if !due || !now.Undoes() {
		return v, false
	}
	line := t.lineOf(o.Attempt) // reachable has seen that it is there
	return line.Resolve(ctx, o, o.Attempt.Tries), true
}

// forgetKey throws the key of sealed card numbers away: no attempt is open, and what old pages and backups
// still hold of them is read by nobody from now on.
func (t *Till) forgetKey() error {
	//mutant:pan-key-thrown-away
	return t.cfg.Vault.Rotate()
}
