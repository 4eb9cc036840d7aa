package till

import (
	"context"
	"errors"
	"maps"
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
	if s.Attempt.ID == 0 {
		t.write.Lock()
		err = t.save(ctx, txn.ByTill, txn.Lazy, txn.ReportClosed{ID: s.Print.ID, Outcome: outcome, Proof: proof})
		t.write.Unlock()
	} else {
		p, err = t.move(ctx, txn.ByTill, s.Attempt.ID, txn.Event{Kind: txn.PrintEnded, PrintID: s.Print.ID, Outcome: outcome, Proof: proof})
	}
	if err != nil {
		t.cfg.Log.Error("paper", "print", s.Print.ID, "error", err)
		return
	}
	t.carry(ctx, p, with{sale: s.Sale})
}

// await remembers a receipt of this run that comes by itself once the printer is ready.
func (t *Till) await(id txn.ID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.waiting[id] = true
}

func (t *Till) printWaiting(ctx context.Context) {
	if t.cfg.Printer == nil || !t.cfg.Printer.Ready() {
		return
	}
	t.mu.Lock()
	ids := slices.Sorted(maps.Keys(t.waiting)) // as they were sold
	clear(t.waiting)
	t.mu.Unlock()
	for _, id := range ids {
		// Never a copy: what was voided in the meantime gets no paper by itself.
		if _, _, err := t.printAs(ctx, txn.ByTill, id, txn.PrintBegun); err != nil && !errors.Is(err, txn.ErrNotAllowed) {
			t.cfg.Log.Error("paper", "attempt", id.String(), "error", err)
		}
	}
}

// Reprint prints the first receipt where none has come out, and a marked copy in
// every other case, for whoever asks, by. It returns at once; the channel is closed when the print has ended. The error is
// a *txn.Fault: no paper was begun.
func (t *Till) Reprint(ctx context.Context, by txn.Actor, id txn.ID) (printID int64, done <-chan struct{}, err error) {
	return t.printAs(ctx, by, id, "")
}

// PrintNote prints a slip that says that it is no receipt, for a payment that is not known or did not happen.
func (t *Till) PrintNote(ctx context.Context, by txn.Actor, id txn.ID) (printID int64, done <-chan struct{}, err error) {
	return t.printAs(ctx, by, id, txn.NoteBegun)
}

// printAs prints a paper of an attempt; an empty kind is the next one that a person can have.
func (t *Till) printAs(ctx context.Context, by txn.Actor, id txn.ID, kind txn.EventKind) (int64, <-chan struct{}, error) {
	p, s, charged, err := t.planPaper(ctx, by, id, kind)
	if err != nil {
		return 0, nil, fault(charged, err)
	}
	d := t.carry(context.WithoutCancel(ctx), p, with{sale: s})
	return d.printID, d.paper, nil
}

// planPaper plans a print and commits its intent (rule 2).
func (t *Till) planPaper(ctx context.Context, by txn.Actor, id txn.ID, kind txn.EventKind) (p plan.Plan, s sale.Sale, charged txn.Charged, err error) {
	charged = txn.ChargedUnknown
	if t.cfg.Printer == nil {
		return p, s, charged, errNoPrinter
	}
	t.write.Lock()
	defer t.write.Unlock()
	a, err := t.cfg.Journal.Attempt(ctx, id)
	if err != nil {
		return p, s, charged, err
	}
	charged = a.Charged()
	if s, err = t.cfg.Journal.Sale(ctx, a.SaleID); err != nil {
		return p, s, charged, err
	}
	var original *txn.Attempt
	if a.Original != 0 {
		undone, err := t.cfg.Journal.Attempt(ctx, a.Original)
		if err != nil {
			return p, s, charged, err
		}
		original = &undone
	}
	if kind == "" {
		kind, _ = txn.NextPaper(a)
	}
	if p, err = plan.Paper(t.view(), a, original, kind); err != nil {
		return p, s, charged, err
	}
	return p, s, charged, t.commit(ctx, named(by), p)
}

// PrintReport prints an X for whoever asks, by: totals as they are now. The error is a *txn.Fault.
func (t *Till) PrintReport(ctx context.Context, by txn.Actor, batch int64, totals []byte) (<-chan struct{}, error) {
	p, err := t.planReport(ctx, by, batch)
	if err != nil {
		return nil, fault(txn.ChargedUnknown, err)
	}
	return t.carry(context.WithoutCancel(ctx), p, with{totals: totals}).paper, nil
}

// planReport commits the intent to print an X. It is synced for the sake of its number: the printer will echo
// it, so that no receipt may get it again.
func (t *Till) planReport(ctx context.Context, by txn.Actor, batch int64) (plan.Plan, error) {
	if t.cfg.Printer == nil {
		return plan.Plan{}, errNoPrinter
	}
	t.write.Lock()
	defer t.write.Unlock()
	p := plan.Report(t.view(), txn.PrintX, batch)
	return p, t.commit(ctx, named(by), p)
}

// CloseDay is the Z, made by whoever asks for it. sum is called with no sale under way and gives the day's totals
// as they will be kept and printed; the day is closed, the next one opened and the
// print begun in one synced commit. The error is a *txn.Fault; ErrDayOpen while money is not known yet.
func (t *Till) CloseDay(ctx context.Context, by txn.Actor, closed txn.DayClosed, next txn.DayOpened, sum func() ([]byte, error)) (<-chan struct{}, error) {
	if err := t.card.Acquire(ctx, 1); err != nil {
		return nil, fault(txn.ChargedUnknown, err)
	}
	defer t.card.Release(1)
	p, totals, err := t.planClose(ctx, by, closed, next, sum)
	if err != nil {
		return nil, fault(txn.ChargedUnknown, err)
	}
	// Nothing is open: what old pages and backups still hold of card numbers ends here,
	// also in a till that is never switched off.
	if err := t.forgetKey(); err != nil {
		t.cfg.Log.Error("key", "error", err)
	}
	return t.carry(context.WithoutCancel(ctx), p, with{totals: totals}).paper, nil
}

func (t *Till) planClose(ctx context.Context, by txn.Actor, closed txn.DayClosed, next txn.DayOpened, sum func() ([]byte, error)) (p plan.Plan, totals []byte, err error) {
	t.write.Lock()
	defer t.write.Unlock()
	open, err := t.openAttempts(ctx) // under the lock: a payment at a separate terminal may begin meanwhile
	if err != nil {
		return p, nil, err
	}
	if len(open) > 0 {
		return p, nil, ErrDayOpen
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
