package till

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"veratill/txn"
	"veratill/txn/plan"
	"veratill/txn/sale"
)

func (t *Till) paperEnded() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.papers--; t.papers == 0 {
		t.ended.Broadcast()
	}
}

// printed journals an outcome. It rides on the next synced commit: should it be lost
// with the power, the start finds a print whose end is unknown, which is safe.
func (t *Till) printed(ctx context.Context, s Sheet, outcome txn.Paper, proof string) {
	var p plan.Plan
	var err error
	ended := txn.Event{Kind: txn.PrintEnded, PrintID: s.Print.ID, Outcome: outcome, Proof: proof}
	switch {
	case s.Attempt.ID != 0:
		p, err = t.move(ctx, txn.ByTill, s.Attempt.ID, ended)
	case s.Bill.SaleID != 0:
		p, err = t.moveSale(ctx, txn.ByTill, s.Bill.SaleID, ended)
	default:
		t.write.Lock()
		err = t.save(ctx, txn.ByTill, txn.Lazy, txn.ReportClosed{ID: s.Print.ID, Outcome: outcome, Proof: proof})
		t.write.Unlock()
	}
	if err != nil {
		t.cfg.Log.Error("paper", "print", s.Print.ID, "error", err)
		return
	}
	t.carry(ctx, p, with{sale: s.Sale})
}

// await remembers paper of this run that comes by itself once the printer is ready.
func (t *Till) await(o owner) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !slices.Contains(t.waiting, o) {
		t.waiting = append(t.waiting, o)
	}
}

func (t *Till) printWaiting(ctx context.Context) {
	if t.cfg.Printer == nil || !t.cfg.Printer.Ready() {
		return
	}
	t.mu.Lock()
	waiting := t.waiting // as they were sold
	t.waiting = nil
	t.mu.Unlock()
	for _, o := range waiting {
		// Never a copy: what was voided in the meantime gets no paper by itself.
		if _, _, err := t.printAs(ctx, txn.ByTill, o, txn.PrintBegun); err != nil && !errors.Is(err, txn.ErrNotAllowed) {
			t.cfg.Log.Error("paper", "sale", o.sale, "attempt", o.attempt.String(), "error", err)
		}
	}
}

// Reprint prints the first receipt where none has come out, and a marked copy in
// every other case, for whoever asks, by. It returns at once; the channel is closed when the print has ended. The error is
// a *txn.Fault: no paper was begun.
func (t *Till) Reprint(ctx context.Context, by txn.Actor, id txn.ID) (printID int64, done <-chan struct{}, err error) {
	return t.printAs(ctx, by, owner{attempt: id}, "")
}

// ReprintSale is Reprint for a sale, by its number: one of 0.00 has no payment by which it could be named.
func (t *Till) ReprintSale(ctx context.Context, by txn.Actor, sale int64) (printID int64, done <-chan struct{}, err error) {
	return t.printAs(ctx, by, owner{sale: sale}, "")
}

// PrintNote prints a slip that says that it is no receipt, for a payment that is not known or did not happen.
func (t *Till) PrintNote(ctx context.Context, by txn.Actor, id txn.ID) (printID int64, done <-chan struct{}, err error) {
	return t.printAs(ctx, by, owner{attempt: id}, txn.NoteBegun)
}

// PrintSlip prints a slip of one part of a sale. Before its sale is paid that is all the paper it has; afterwards the receipt
// names it.
func (t *Till) PrintSlip(ctx context.Context, by txn.Actor, id txn.ID) (printID int64, done <-chan struct{}, err error) {
	return t.printAs(ctx, by, owner{attempt: id}, txn.SlipBegun)
}

// printAs prints a paper of an attempt or a sale; an empty kind is the next one that a person can have.
func (t *Till) printAs(ctx context.Context, by txn.Actor, o owner, kind txn.EventKind) (int64, <-chan struct{}, error) {
	p, s, charged, err := t.planPaper(ctx, by, o, kind)
	if err != nil {
		return 0, nil, fault(charged, err)
	}
	d := t.carry(context.WithoutCancel(ctx), p, with{sale: s})
	return d.printID, d.paper, nil
}

// planPaper plans a print and commits its intent (rule 2).
func (t *Till) planPaper(ctx context.Context, by txn.Actor, o owner, kind txn.EventKind) (p plan.Plan, s sale.Sale, charged txn.Charged, err error) {
	charged = txn.ChargedUnknown
	if t.cfg.Printer == nil {
		return p, s, charged, errNoPrinter
	}
	t.write.Lock()
	defer t.write.Unlock()
	m, err := t.owned(ctx, o)
	if err != nil {
		return p, s, charged, err
	}
	charged = m.Charged()
	if s, err = t.cfg.Journal.Sale(ctx, m.Bill.SaleID); err != nil {
		return p, s, charged, err
	}
	if kind == "" {
		kind, _ = txn.NextPaper(m)
	}
	if p, err = plan.Paper(t.view(), m, kind); err != nil {
		return p, s, charged, err
	}
	return p, s, charged, t.commit(ctx, named(by), p)
}

// owned reads whose paper it is, as it is now.
func (t *Till) owned(ctx context.Context, o owner) (m txn.Matter, err error) {
	if o.attempt != 0 {
		return t.matterAndOriginal(ctx, o.attempt)
	}
	m.Bill, err = t.cfg.Journal.Bill(ctx, o.sale)
	return m, err
}

// PrintReport prints an X for whoever asks, by: totals as they are now. The error is a *txn.Fault.
func (t *Till) PrintReport(ctx context.Context, by txn.Actor, batch int64, totals []byte) (printID int64, done <-chan struct{}, err error) {
	return t.report(ctx, by, txn.PrintX, batch, with{totals: totals})
}

// ReprintZ prints the Z of a day that is closed once more, marked as a copy, for whoever asks, by: totals are those that its Z kept. The error is
// a *txn.Fault.
func (t *Till) ReprintZ(ctx context.Context, by txn.Actor, batch int64, totals []byte) (printID int64, done <-chan struct{}, err error) {
	return t.report(ctx, by, txn.PrintZ, batch, with{totals: totals, copied: true})
}

func (t *Till) report(ctx context.Context, by txn.Actor, kind txn.PrintKind, batch int64, w with) (printID int64, done <-chan struct{}, err error) {
	p, err := t.planReport(ctx, by, kind, batch)
	if err != nil {
		return 0, nil, fault(txn.ChargedUnknown, err)
	}
	d := t.carry(context.WithoutCancel(ctx), p, w)
	return d.printID, d.paper, nil
}

// planReport commits the intent to print an X, or a Z again. It is synced for the sake of its number: the printer will echo
// it, so that no receipt may get it again.
func (t *Till) planReport(ctx context.Context, by txn.Actor, kind txn.PrintKind, batch int64) (plan.Plan, error) {
	if t.cfg.Printer == nil {
		return plan.Plan{}, errNoPrinter
	}
	t.write.Lock()
	defer t.write.Unlock()
	p := plan.Report(t.view(), kind, batch)
	return p, t.commit(ctx, named(by), p)
}

// CloseDay is the Z, made by whoever asks for it. sum is called with no sale under way and gives the day's totals
// as they will be kept and printed; the day is closed, the next one opened and the
// print begun in one synced commit. The error is a *txn.Fault; ErrDayOpen while money is not known yet,
// ErrSaleOpen while a sale is paid in part.
func (t *Till) CloseDay(ctx context.Context, by txn.Actor, closed txn.DayClosed, next txn.DayOpened, sum func() ([]byte, error)) (printID int64, done <-chan struct{}, err error) {
	if err := t.card.Acquire(ctx, 1); err != nil {
		return 0, nil, fault(txn.ChargedUnknown, err)
	}
	defer t.card.Release(1)
	p, totals, err := t.planClose(ctx, by, closed, next, sum)
	if err != nil {
		return 0, nil, fault(txn.ChargedUnknown, err)
	}
	// Nothing is open: what old pages and backups still hold of card numbers ends here,
	// also in a till that is never switched off.
	if err := t.forgetKey(); err != nil {
		t.cfg.Log.Error("key", "error", err)
	}
	t.keepMark(true)
	t.Kick() // to settle the batch that has ended
	d := t.carry(context.WithoutCancel(ctx), p, with{totals: totals})
	return d.printID, d.paper, nil
}

func (t *Till) planClose(ctx context.Context, by txn.Actor, closed txn.DayClosed, next txn.DayOpened, sum func() ([]byte, error)) (p plan.Plan, totals []byte, err error) {
	t.write.Lock()
	defer t.write.Unlock()
	open, err := t.openAttempts(ctx) // under the lock: a payment at a separate terminal may begin meanwhile
	if err != nil {
		return p, nil, err
	}
	//mutant:a-refund-keeps-no-day-open
	open = slices.DeleteFunc(open, func(a txn.Attempt) bool { return a.Kind == txn.Refund }) // carried over by name (rule 15)
	waiting, err := t.awaiting(ctx)
	if err != nil {
		return p, nil, err
	}
	//mutant:day-ends-with-what-is-confirmed
	if len(open)+len(waiting) > 0 {
		return p, nil, ErrDayOpen
	}
	unfinished, err := t.Unfinished(ctx)
	if err != nil {
		return p, nil, err
	}
	//mutant:day-ends-with-its-sales
	if len(unfinished) > 0 {
		return p, nil, fmt.Errorf("%w (%d)", ErrSaleOpen, len(unfinished))
	}
	// A bank that is silent keeps no day open: the settlement stays owed, and the Z names it.
	//mutant:a-day-s-batch-is-settled
	if err := t.openSettlements(ctx, by, closed.Batch); err != nil {
		return p, nil, err
	}
	if totals, err = sum(); err != nil {
		return p, nil, err
	}
	closed.Totals, closed.AtMs, next.AtMs = totals, t.nowMs(), t.nowMs()
	if t.cfg.Printer != nil {
		p = plan.Report(t.view(), txn.PrintZ, closed.Batch)
	}
	p.Durability, p.Records = txn.Synced, append([]txn.Record{closed, next}, p.Records...)
	return p, totals, t.commit(ctx, named(by), p)
}

// WaitForPaper returns when every print that was begun has ended. Others may begin meanwhile: a
// printer is exchanged while the till sells, and a sync.WaitGroup panics there.
func (t *Till) WaitForPaper() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.papers > 0 {
		t.ended.Wait()
	}
}
