package till

import (
	"context"
	"errors"
	"maps"
	"slices"

	"veratill/txn"
	"veratill/txn/sale"
)

// sheetOf is the sheet of an attempt's newest print, which is begun.
func sheetOf(a txn.Attempt, s sale.Sale) Sheet {
	return Sheet{Attempt: a, Sale: s, Print: a.Prints[len(a.Prints)-1]}
}

// print puts a sheet on the printer beside whatever else goes on: the next sale
// does not wait for it. The channel is closed when the outcome is journaled.
func (t *Till) print(ctx context.Context, s Sheet) <-chan struct{} {
	done, onPaper := make(chan struct{}), make(chan struct{})
	t.mu.Lock()
	before := t.newest
	t.newest = onPaper
	t.papers++
	t.mu.Unlock()
	go func() {
		defer t.paperEnded()
		defer close(done)
		if before != nil {
			<-before
		}
		outcome, proof := t.cfg.Printer.Print(ctx, s)
		close(onPaper)
		t.printed(ctx, s, outcome, proof)
	}()
	return done
}

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
	t.write.Lock()
	defer t.write.Unlock()
	var err error
	if s.Attempt.ID == 0 {
		err = t.commit(ctx, txn.ByTill, txn.Lazy, txn.ReportClosed{ID: s.Print.ID, Outcome: outcome, Proof: proof})
	} else {
		ended := txn.Event{Kind: txn.PrintEnded, PrintID: s.Print.ID, Outcome: outcome, Proof: proof}
		_, err = t.advanceWith(ctx, s.Attempt.ID, ended)
	}
	if err != nil {
		t.cfg.Log.Error("paper", "print", s.Print.ID, "error", err)
	}
	if outcome == txn.NotPrinted && s.Print.Kind == txn.PrintOriginal {
		t.await(s.Attempt.ID)
	}
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
		if _, _, err := t.printAs(ctx, id, txn.PrintBegun); err != nil && !errors.Is(err, txn.ErrNotAllowed) {
			t.cfg.Log.Error("paper", "attempt", id.String(), "error", err)
		}
	}
}

// Reprint prints the first receipt where none has come out, and a marked copy in
// every other case. It returns at once; the channel is closed when the print has ended.
func (t *Till) Reprint(ctx context.Context, id txn.ID) (printID int64, done <-chan struct{}, err error) {
	a, err := t.cfg.Journal.Attempt(ctx, id)
	if err != nil {
		return 0, nil, err
	}
	//mutant:one-unmarked-receipt/shell
	if a.State == txn.Approved && (a.Paper == txn.NoPaper || a.Paper == txn.NotPrinted) {
		return t.printAs(ctx, id, txn.PrintBegun)
	}
	return t.printAs(ctx, id, txn.CopyBegun)
}

// PrintNote prints a slip that says that it is no receipt, for a payment that is not known or did not happen.
func (t *Till) PrintNote(ctx context.Context, id txn.ID) (printID int64, done <-chan struct{}, err error) {
	return t.printAs(ctx, id, txn.NoteBegun)
}

func (t *Till) printAs(ctx context.Context, id txn.ID, event txn.EventKind) (int64, <-chan struct{}, error) {
	if t.cfg.Printer == nil {
		return 0, nil, errors.New("no printer is set up")
	}
	t.write.Lock()
	defer t.write.Unlock()
	before, err := t.cfg.Journal.Attempt(ctx, id)
	if err != nil {
		return 0, nil, err
	}
	s, err := t.cfg.Journal.Sale(ctx, before.SaleID)
	if err != nil {
		return 0, nil, err
	}
	after, durability, records, err := t.steps(before, []txn.Event{{Kind: event, PrintID: t.cfg.Journal.NextPrint()}})
	if err != nil {
		return 0, nil, err
	}
	sheet := sheetOf(after, s)
	if after.Original != 0 {
		if sheet.Original, err = t.cfg.Journal.Attempt(ctx, after.Original); err != nil {
			return 0, nil, err
		}
	}
	if err := t.commit(ctx, t.cashier(), durability, records...); err != nil {
		return 0, nil, err
	}
	return sheet.Print.ID, t.print(context.WithoutCancel(ctx), sheet), nil
}

// PrintReport prints an X: totals as they are now.
func (t *Till) PrintReport(ctx context.Context, batch int64, totals []byte) (<-chan struct{}, error) {
	t.write.Lock()
	defer t.write.Unlock()
	s := t.report(txn.PrintX, totals)
	// Synced for the sake of its number: the printer will echo it, so that no receipt may get it again.
	if err := t.commit(ctx, t.cashier(), txn.Synced, txn.ReportOpened{Print: s.Print, Batch: batch}); err != nil {
		return nil, err
	}
	return t.print(context.WithoutCancel(ctx), s), nil
}

func (t *Till) report(kind txn.PrintKind, totals []byte) Sheet {
	return Sheet{Totals: totals, Print: txn.Print{
		ID: t.cfg.Journal.NextPrint(), Kind: kind, AtMs: t.nowMs(), Outcome: txn.Printing,
	}}
}

// CloseDay is the Z. sum is called with no sale under way and gives the day's totals
// as they will be kept and printed; the day is closed, the next one opened and the
// print begun in one synced commit. ErrDayOpen while money is not known yet.
func (t *Till) CloseDay(ctx context.Context, closed txn.DayClosed, next txn.DayOpened, sum func() ([]byte, error)) (<-chan struct{}, error) {
	if err := t.card.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	defer t.card.Release(1)
	open, err := t.openAttempts(ctx)
	if err != nil {
		return nil, err
	}
	if len(open) > 0 {
		return nil, ErrDayOpen
	}
	t.write.Lock()
	defer t.write.Unlock()
	if closed.Totals, err = sum(); err != nil {
		return nil, err
	}
	closed.AtMs, next.AtMs = t.nowMs(), t.nowMs()
	s := t.report(txn.PrintZ, closed.Totals)
	records := []txn.Record{closed, txn.ReportOpened{Print: s.Print, Batch: closed.Batch}, next}
	if t.cfg.Printer == nil {
		records = []txn.Record{closed, next}
	}
	if err := t.commit(ctx, t.cashier(), txn.Synced, records...); err != nil {
		return nil, err
	}
	// Nothing is open: what old pages and backups still hold of card numbers ends here,
	// also in a till that is never switched off.
	if err := t.cfg.Vault.Rotate(); err != nil {
		t.cfg.Log.Error("key", "error", err)
	}
	if t.cfg.Printer == nil {
		return nil, nil
	}
	return t.print(context.WithoutCancel(ctx), s), nil
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
