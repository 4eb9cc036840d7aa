package till

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"veratill/txn"
)

// Settlements are what the till asks of its journal about batches.
type Settlements interface {
	SettlementsOf(ctx context.Context, batch int64) ([]txn.Settlement, error)
	SettlementsOwed(ctx context.Context) ([]txn.Settlement, error)
}

// settler is a line whose bank holds the sums of a batch against the till's.
type settler interface {
	Line
	// CanSettle connects. It is Ready, but for a line that has to end its day before it takes another payment.
	CanSettle(ctx context.Context) error
	// PlanSettlement completes a settlement that is to begin: its reference, its sums, and what is kept in the order in which the bank is told of it.
	PlanSettlement(s txn.Settlement, kept []txn.Attempt) (txn.Settlement, error)
	// SettleBatch sends the next message of a settlement, once, waits, and says what came of it; the zero event where nothing was sent. next is the payment that the bank is told of while it is uploading.
	SettleBatch(ctx context.Context, s txn.Settlement, next txn.Order) txn.SettlementEvent
}

// ErrBatchSettled means that the batch of the open day is being settled, or was: the day is closed before the next card.
var ErrBatchSettled = errors.New("the bank's batch of this day is being settled: close the day (Z) before the next card")

// How long a settlement without an answer is left alone, doubling: a bank that never answers it must not keep customers waiting for the line.
const (
	firstSettlementRest = 30 * time.Second
	lastSettlementRest  = 5 * time.Minute
)

// settlementRest is that after so many tries without an answer.
func settlementRest(tries int) time.Duration {
	return min(firstSettlementRest<<min(max(tries-1, 0), 8), lastSettlementRest)
}

// settling is the line that can be asked about a settlement now; nil where the settings name none.
func (t *Till) settling(name string) settler {
	line, _ := t.cfg.Lines[txn.Card].(settler)
	//mutant:a-settlement-stays-with-its-line
	if line == nil || line.Name() != name {
		return nil
	}
	return line
}

// notSettled holds that no payment is begun in a batch that is being settled: the bank has its sums. The caller holds the write lock.
func (t *Till) notSettled(ctx context.Context, line Line, batch int64) error {
	if _, settles := line.(settler); !settles || t.cfg.Settlements == nil {
		return nil
	}
	begun, err := t.cfg.Settlements.SettlementsOf(ctx, batch)
	if err != nil {
		return err
	}
	//mutant:a-settled-batch-takes-no-payment
	if slices.ContainsFunc(begun, func(s txn.Settlement) bool { return line.Numbering(s.Line) == line.Numbering(line.Name()) }) {
		return ErrBatchSettled
	}
	return nil
}

// SettleDay settles the open day's batch with the bank, for whoever asks, by, and says how it stands when the bank has answered, or has not. No card is taken
// from then on before the day is closed. The error is a *txn.Fault: nothing was begun; ErrOwed where a payment is not known yet, ErrSaleOpen where a sale is paid in part, ErrBankOffline where the bank is not there.
func (t *Till) SettleDay(ctx context.Context, by txn.Actor) ([]txn.Settlement, error) {
	if err := t.card.Acquire(ctx, 1); err != nil {
		return nil, fault(txn.ChargedUnknown, err)
	}
	defer t.card.Release(1)
	batch := t.cfg.Journal.Next().Batch
	err := t.readyToSettle(ctx, batch)
	if err == nil {
		t.write.Lock()
		err = t.openSettlements(ctx, by, batch)
		t.write.Unlock()
	}
	if err != nil {
		return nil, fault(txn.ChargedUnknown, err)
	}
	begun, err := t.settlementsOf(ctx, batch)
	for i, s := range begun {
		for again := true; again && err == nil && ctx.Err() == nil; {
			s, again, err = t.settleStep(ctx, begun[i].Key())
		}
		begun[i] = s
	}
	if err != nil {
		return begun, fault(txn.ChargedUnknown, err)
	}
	return begun, nil
}

// readyToSettle holds what has to be so before a batch is settled: the bank is there, and no money of the batch is still on its way.
func (t *Till) readyToSettle(ctx context.Context, batch int64) error {
	if err := t.cfg.Journal.Failed(); err != nil {
		return fmt.Errorf("%w: %w", ErrJournal, err)
	}
	line, _ := t.cfg.Lines[txn.Card].(settler)
	if line == nil || t.cfg.Settlements == nil {
		return nil
	}
	unfinished, err := t.Unfinished(ctx)
	if err != nil {
		return err
	}
	//mutant:a-batch-is-settled-with-its-sales
	if len(unfinished) > 0 { // their parts could neither be voided nor made up by a card
		return fmt.Errorf("%w (%d)", ErrSaleOpen, len(unfinished))
	}
	left, err := t.settle(ctx, func(a txn.Attempt) bool { return a.Tender == txn.Card })
	if err != nil {
		return err
	}
	//mutant:nothing-is-under-way-when-a-batch-is-settled
	if left > 0 {
		return fmt.Errorf("%w (%d)", ErrOwed, left)
	}
	begun, err := t.settlementsOf(ctx, batch)
	if err != nil || len(begun) > 0 {
		return err
	}
	if err := line.CanSettle(ctx); err != nil {
		return fmt.Errorf("%w: %w", ErrBankOffline, err)
	}
	return nil
}

func (t *Till) settlementsOf(ctx context.Context, batch int64) ([]txn.Settlement, error) {
	if t.cfg.Settlements == nil {
		return nil, nil
	}
	return t.cfg.Settlements.SettlementsOf(ctx, batch)
}

// openSettlements makes the intent to settle a batch durable on each line that it has payments of, where none is there. The caller holds the write lock.
func (t *Till) openSettlements(ctx context.Context, by txn.Actor, batch int64) error {
	all, err := t.unsettled(ctx, batch)
	if err != nil {
		return err
	}
	var records []txn.Record
	for _, s := range all {
		records = append(records, txn.SettlementOpened{Settlement: s})
	}
	//mutant:a-settlement-is-durable-before-it-is-sent
	return t.save(ctx, named(by), txn.Synced, records...)
}

// unsettled plans the settlement of a batch on each line that has payments of it and has none. The caller holds the write lock.
func (t *Till) unsettled(ctx context.Context, batch int64) (all []txn.Settlement, err error) {
	if t.cfg.Settlements == nil {
		return nil, nil
	}
	begun, err := t.settlementsOf(ctx, batch)
	if err != nil {
		return nil, err
	}
	attempts, err := t.cfg.Numbers.Attempts(ctx, batch)
	if err != nil {
		return nil, err
	}
	for _, first := range onePerLine(attempts) {
		key := txn.SettlementKey{Batch: batch, Line: first.Line}
		if slices.ContainsFunc(begun, func(s txn.Settlement) bool { return s.Key() == key }) || !t.hasSettlement(first) {
			continue
		}
		s, err := t.planSettlement(key, first, attempts)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// ToSettle is what a settlement of the open day would begin with now; nothing is begun.
func (t *Till) ToSettle(ctx context.Context) ([]txn.Settlement, error) {
	t.write.Lock()
	defer t.write.Unlock()
	return t.unsettled(ctx, t.cfg.Journal.Next().Batch)
}

// onePerLine is a card attempt of each line.
func onePerLine(attempts []txn.Attempt) (firsts []txn.Attempt) {
	for _, a := range attempts {
		if a.Tender == txn.Card && !slices.ContainsFunc(firsts, func(f txn.Attempt) bool { return f.Line == a.Line }) {
			firsts = append(firsts, a)
		}
	}
	return firsts
}

// hasSettlement reports whether the line of an attempt holds sums against the till's. Of one that the settings no longer name nobody knows it: what is owed there is named, and asked
// about once they name it again. In a demonstration no money moved.
func (t *Till) hasSettlement(a txn.Attempt) bool {
	line := t.cfg.Lines[txn.Card]
	if line == nil || line.Name() != a.Line {
		return !a.Demo
	}
	_, settles := line.(settler)
	return settles
}

// planSettlement is the settlement of a batch as it begins; of names whose it is: one of its attempts.
func (t *Till) planSettlement(key txn.SettlementKey, of txn.Attempt, attempts []txn.Attempt) (txn.Settlement, error) {
	kept, notKnown := txn.InBatch(key, attempts)
	s := txn.Settlement{Batch: key.Batch, Line: key.Line, Currency: of.Amount.Currency, Terminal: of.Terminal, Merchant: of.Merchant,
		State: txn.SettlementAsked, Demo: of.Demo, OpenedMs: t.nowMs()}
	for _, a := range notKnown {
		s.NotKnown = append(s.NotKnown, a.ID)
	}
	var err error
	if line := t.settling(key.Line); line != nil {
		s, err = line.PlanSettlement(s, kept)
	} else {
		for _, a := range kept {
			s.Items = append(s.Items, a.ID)
		}
		s.Sums, err = txn.SumOf(kept, []string{""}, func(txn.Attempt) string { return "" })
	}
	if err != nil {
		return s, err
	}
	return s, txn.BeginSettlement(s, attempts)
}

// settleStep sends the next message of a settlement, journals what came of it, and reports whether there is more to send now. The caller holds the conversation; before it did,
// somebody else may have gone on with the settlement, so that it is read again.
func (t *Till) settleStep(ctx context.Context, key txn.SettlementKey) (after txn.Settlement, more bool, err error) {
	s, err := t.settlement(ctx, key)
	if err != nil {
		return s, false, err
	}
	line := t.settling(s.Line)
	if line == nil || !s.Owed() {
		return s, false, nil
	}
	var next txn.Order
	if s.State == txn.SettlementUploading {
		if next.Attempt, err = t.cfg.Journal.Attempt(ctx, s.Items[s.Sent]); err != nil {
			return s, false, err
		}
	}
	e := line.SettleBatch(ctx, s, next)
	unsaid := e.Kind == "" || e.Kind == txn.SettlementUnanswered
	if after = s; e.Kind != "" {
		after, err = t.settlementMoves(ctx, txn.ByTill, key, e)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	//mutant:a-silent-bank-is-left-alone
	if unsaid {
		t.silent[key] = t.nowMs()
	} else {
		delete(t.silent, key)
	}
	return after, err == nil && !unsaid && after.Owed(), err
}

// settlementMoves decides an event of a settlement and commits it.
func (t *Till) settlementMoves(ctx context.Context, by txn.Actor, key txn.SettlementKey, e txn.SettlementEvent) (txn.Settlement, error) {
	ctx = context.WithoutCancel(ctx)
	t.write.Lock()
	defer t.write.Unlock()
	e.AtMs = t.nowMs()
	s, err := t.settlement(ctx, key)
	if err != nil {
		return s, err
	}
	d, err := txn.StepSettlement(s, e)
	if err != nil {
		return s, err
	}
	if err := t.save(ctx, by, d.Durability, txn.SettlementMoved{Batch: key.Batch, Line: key.Line, Event: e, After: d.After}); err != nil {
		return s, err
	}
	if d.Tell {
		t.cfg.Log.Warn("settlement", "batch", key.Batch, "state", string(d.After.State), "code", d.After.Code, "detail", d.After.Detail)
	}
	return d.After, nil
}

// settlement reads one as it is now.
func (t *Till) settlement(ctx context.Context, key txn.SettlementKey) (txn.Settlement, error) {
	all, err := t.settlementsOf(ctx, key.Batch)
	at := slices.IndexFunc(all, func(s txn.Settlement) bool { return s.Key() == key })
	if err != nil || at < 0 {
		return txn.Settlement{}, errors.Join(err, errNoSettlement)
	}
	return all[at], nil
}

var errNoSettlement = errors.New("there is no settlement of this batch")

// SettleOwed goes on with settlements that the bank has not answered to its end, one message a conversation, so that a customer waits for one at most.
func (t *Till) SettleOwed(ctx context.Context) error {
	owed, err := t.owedSettlements(ctx, func(txn.Settlement) bool { return true })
	for _, s := range owed {
		for more := true; more && err == nil && ctx.Err() == nil; {
			if err := t.card.Acquire(ctx, 1); err != nil {
				return err
			}
			_, more, err = t.settleStep(ctx, s.Key())
			t.card.Release(1)
		}
	}
	return err
}

// owedSettlements are those that may be asked about now.
func (t *Till) owedSettlements(ctx context.Context, of func(txn.Settlement) bool) ([]txn.Settlement, error) {
	if t.cfg.Settlements == nil {
		return nil, nil
	}
	owed, err := t.cfg.Settlements.SettlementsOwed(ctx)
	now := t.nowMs()
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.DeleteFunc(owed, func(s txn.Settlement) bool {
		last, silent := t.silent[s.Key()]
		return !s.Owed() || !of(s) || silent && now-last < settlementRest(s.Tries).Milliseconds() && now >= last
	}), err
}

// goOnUploading ends an upload that was interrupted, as far as the bank answers: it goes before anything else is sent. The caller holds the conversation.
func (t *Till) goOnUploading(ctx context.Context) error {
	owed, err := t.owedSettlements(ctx, func(s txn.Settlement) bool { return s.State != txn.SettlementAsked })
	for _, s := range owed {
		for more := true; more && err == nil && ctx.Err() == nil; {
			_, more, err = t.settleStep(ctx, s.Key())
		}
	}
	return err
}

// SettlementAgain has the bank asked once more about a batch that it refused to settle, for whoever asks, by.
func (t *Till) SettlementAgain(ctx context.Context, by txn.Actor, key txn.SettlementKey) (txn.Settlement, error) {
	s, err := t.settlementMoves(ctx, named(by), key, txn.SettlementEvent{Kind: txn.SettlementAgain})
	if err == nil {
		t.Kick()
	}
	return s, err
}

// LeaveSettlement takes the word of a person, who, that the bank settles a batch by itself: the till asks no more.
func (t *Till) LeaveSettlement(ctx context.Context, by txn.Actor, key txn.SettlementKey, who string) (txn.Settlement, error) {
	return t.settlementMoves(ctx, named(by), key, txn.SettlementEvent{Kind: txn.SettlementLetGo, Detail: who})
}
