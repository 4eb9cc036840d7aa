package till

import (
	"context"
	"errors"
	"fmt"

	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// Stage is how far a payment has come, for whoever is watching.
type Stage int

// The stages in their order.
const (
	Saving   Stage = iota // being made durable here
	Sending               // the request is about to leave
	Papering              // approved and durable; the receipt is begun
	Ended
)

// Payment is a sale and how it is paid.
type Payment struct {
	Sale          sale.Sale // ID 0 begins a new one; else it is another try of that sale
	Card          txn.Plastic
	Facts         txn.CardFacts // Token is filled in here
	ReceivedMinor int64         // cash
	Tell          func(stage Stage, id txn.ID)
}

// Outcome is how a payment stands when the call returns.
type Outcome struct {
	Attempt txn.Attempt
	SaleID  int64
	PrintID int64           // 0 when no print was begun
	Paper   <-chan struct{} // closed when the print has ended; nil when none was begun
}

func (p Payment) tell(stage Stage, id txn.ID) {
	if p.Tell != nil {
		p.Tell(stage, id)
	}
}

// PayCard pays a sale by card. An error means that nothing was begun and nobody is
// charged, except ErrJournal after the send: then the attempt in the outcome is
// open, and the next start reverses it. Cancelling ctx after the send gives the attempt up.
func (t *Till) PayCard(ctx context.Context, p Payment) (Outcome, error) {
	defer p.Card.Zero()
	if err := p.Sale.Total().Payable(); err != nil {
		return Outcome{}, err
	}
	if err := t.card.Acquire(ctx, 1); err != nil {
		return Outcome{}, err
	}
	defer t.card.Release(1)
	if err := t.readyToSend(ctx); err != nil {
		return Outcome{}, err
	}
	p.Facts.Token = t.cfg.Vault.Token(p.Card.PAN)
	p.tell(Saving, 0)
	a, err := t.open(ctx, txn.Attempt{
		Kind: txn.Sale, Tender: txn.Card, Amount: p.Sale.Total(), Card: p.Facts, SaleID: p.Sale.ID,
	}, &p.Sale, p.Card.PAN)
	//mutant:unsaved-is-not-sent
	if err != nil {
		return Outcome{}, err
	}
	p.tell(Sending, a.ID)
	//mutant:request-once
	verdict := t.cfg.Bank.Request(ctx, txn.Order{Attempt: a, Card: p.Card})
	return t.conclude(ctx, a, txn.Attempt{}, p.Sale, verdict, p.Tell)
}

// readyToSend holds what has to be so before any new attempt: the journal works, the
// bank is there, and no reversal is owed.
func (t *Till) readyToSend(ctx context.Context) error {
	if err := t.cfg.Journal.Failed(); err != nil {
		return fmt.Errorf("%w: %w", ErrJournal, err)
	}
	if err := t.cfg.Bank.Ready(ctx); err != nil {
		return fmt.Errorf("%w: %w", ErrBankOffline, err)
	}
	left, err := t.settle(ctx)
	if err != nil {
		return err
	}
	//mutant:owed-first
	if left > 0 {
		return fmt.Errorf("%w (%d)", ErrOwed, left)
	}
	return ctx.Err()
}

// open makes an attempt durable, with its sale where that is new (rule 1).
func (t *Till) open(ctx context.Context, a txn.Attempt, s *sale.Sale, pan txn.Secret) (txn.Attempt, error) {
	t.write.Lock()
	defer t.write.Unlock()
	d, records, err := t.begin(a, s)
	if err != nil {
		return a, err
	}
	opened := txn.AttemptOpened{Attempt: d.After}
	//mutant:pan-is-kept
	if len(pan) > 0 {
		//mutant:pan-is-sealed
		if opened.Sealed, err = t.cfg.Vault.Seal(d.After.ID, pan); err != nil {
			return a, err
		}
	}
	//mutant:attempt-before-request/shell
	return d.After, t.commit(ctx, t.cashier(), d.Durability, append(records, opened)...)
}

// begin numbers an attempt and its sale. The caller holds the write lock and commits.
func (t *Till) begin(a txn.Attempt, s *sale.Sale) (txn.Decision, []txn.Record, error) {
	var err error
	if a.ID, err = t.cfg.Journal.NextAttempt(); err != nil {
		return txn.Decision{}, nil, err
	}
	var records []txn.Record
	if s != nil && s.ID == 0 {
		s.ID = t.cfg.Journal.NextSale()
		records = append(records, txn.SaleOpened{Sale: *s})
	}
	if s != nil {
		a.SaleID = s.ID
	}
	a.Demo, a.Terminal, a.Merchant, a.Cashier, a.OpenedMs = t.cfg.Demo, t.cfg.Terminal, t.cfg.Merchant, t.cfg.Cashier(), t.nowMs()
	//mutant:request-time/kept
	_, a.ZoneSeconds = t.cfg.Now().Zone()
	d, err := txn.Begin(a)
	return d, records, err
}

// conclude turns a verdict into a durable state and begins what follows from it.
func (t *Till) conclude(ctx context.Context, a, original txn.Attempt, s sale.Sale, v txn.Verdict, tell func(Stage, txn.ID)) (Outcome, error) {
	ctx = context.WithoutCancel(ctx) // from here on nothing may be left half done
	out := Outcome{Attempt: a, SaleID: a.SaleID}
	event := txn.EventOf(v)
	//mutant:reversal-journaled-first
	if v.Kind != txn.BankApproved {
		after, err := t.advance(ctx, a.ID, event)
		if errors.Is(err, ErrJournal) {
			return out, err
		}
		out.Attempt = after
		if after.Open() {
			t.Kick()
		}
		return out, err
	}
	after, sheet, err := t.approve(ctx, a, original, s, event)
	if err != nil {
		return out, err
	}
	out.Attempt = after
	if sheet != nil {
		if tell != nil {
			tell(Papering, a.ID)
		}
		out.PrintID, out.Paper = sheet.Print.ID, t.print(ctx, *sheet)
	}
	return out, nil
}

// approve makes an approval durable, and in the same commit the intent to print where
// the printer is ready, and what a void undoes: the second of a sale's two syncs.
func (t *Till) approve(ctx context.Context, a, original txn.Attempt, s sale.Sale, e txn.Event) (txn.Attempt, *Sheet, error) {
	t.write.Lock()
	defer t.write.Unlock()
	events := []txn.Event{e}
	printID := t.cfg.Journal.NextPrint()
	ready := t.cfg.Printer != nil && t.cfg.Printer.Ready()
	if ready {
		events = append(events, txn.Event{Kind: txn.PrintBegun, PrintID: printID})
	}
	after, durability, records, err := t.steps(a, events)
	if err != nil {
		return a, nil, err
	}
	if original.ID != 0 {
		voided, moved, err := t.voided(ctx, original.ID, a.ID)
		if err != nil {
			return a, nil, err
		}
		//mutant:void-marks-its-sale
		original, records = voided, append(records, moved...)
	}
	if !ready {
		t.await(a.ID)
		return after, nil, t.commit(ctx, txn.ByTill, durability, records...)
	}
	sheet := sheetOf(after, s)
	sheet.Original = original
	go t.cfg.Printer.Prepare(sheet) // beside the sync, for which a customer waits
	return after, &sheet, t.commit(ctx, txn.ByTill, durability, records...)
}

// voided is what a sale becomes when its void is approved: as it is in the journal now,
// because a copy of it may have been printed while the bank was deciding. The caller
// holds the write lock and commits.
func (t *Till) voided(ctx context.Context, id, by txn.ID) (txn.Attempt, []txn.Record, error) {
	original, err := t.cfg.Journal.Attempt(ctx, id)
	if err != nil {
		return original, nil, err
	}
	//mutant:void-rereads-its-sale
	after, _, records, err := t.steps(original, []txn.Event{{Kind: txn.VoidApproved, By: by}})
	return after, records, err
}

// PayCash takes a sale's amount in notes and coins. It is one synced commit.
func (t *Till) PayCash(ctx context.Context, p Payment) (Outcome, error) {
	total := p.Sale.Total()
	if err := total.Payable(); err != nil {
		return Outcome{}, err
	}
	change, err := money.Amount{Minor: p.ReceivedMinor, Currency: total.Currency}.Sub(total)
	if err != nil {
		return Outcome{}, fmt.Errorf("received less than is due: %w", err)
	}
	return t.cash(ctx, txn.Attempt{
		Kind: txn.Sale, Tender: txn.Cash, Amount: total, SaleID: p.Sale.ID,
		ReceivedMinor: p.ReceivedMinor, ChangeMinor: change.Minor,
	}, txn.Attempt{}, p.Sale)
}

// cash commits a cash attempt with its print intent, and what it undoes, at once.
func (t *Till) cash(ctx context.Context, a, original txn.Attempt, s sale.Sale) (Outcome, error) {
	t.write.Lock()
	d, records, err := t.begin(a, &s)
	if err != nil {
		t.write.Unlock()
		return Outcome{}, err
	}
	after := d.After
	records = append(records, txn.AttemptOpened{Attempt: after})
	if original.ID != 0 {
		voided, moved, err := t.voided(ctx, original.ID, after.ID)
		if err != nil {
			t.write.Unlock()
			return Outcome{}, err
		}
		original, records = voided, append(records, moved...)
	}
	var sheet *Sheet
	if t.cfg.Printer != nil && t.cfg.Printer.Ready() {
		moved, _, begun, err := t.steps(after, []txn.Event{{Kind: txn.PrintBegun, PrintID: t.cfg.Journal.NextPrint()}})
		if err != nil {
			t.write.Unlock()
			return Outcome{}, err
		}
		made := sheetOf(moved, s)
		made.Original, made.OpenDrawer = original, true
		after, sheet = moved, &made
		records = append(records, begun...)
	} else {
		t.await(after.ID)
	}
	err = t.commit(ctx, t.cashier(), txn.Synced, records...)
	t.write.Unlock()
	out := Outcome{Attempt: after, SaleID: after.SaleID}
	if err != nil {
		return Outcome{}, err
	}
	if sheet != nil {
		out.PrintID, out.Paper = sheet.Print.ID, t.print(context.WithoutCancel(ctx), *sheet)
	}
	return out, nil
}

// Void undoes an approved sale of the open batch: cash at once, a card by an
// attempt of its own, which keeps the same rules. ErrNotVoidable says why not.
func (t *Till) Void(ctx context.Context, id txn.ID, tell func(Stage, txn.ID)) (Outcome, error) {
	if err := t.card.Acquire(ctx, 1); err != nil {
		return Outcome{}, err
	}
	defer t.card.Release(1)
	original, err := t.voidable(ctx, id)
	if err != nil {
		return Outcome{}, err
	}
	s, err := t.cfg.Journal.Sale(ctx, original.SaleID)
	if err != nil {
		return Outcome{}, err
	}
	undo := txn.Attempt{Kind: txn.Void, Tender: original.Tender, Amount: original.Amount, SaleID: original.SaleID, Original: original.ID,
		Card: original.Card}
	if original.Tender == txn.Cash {
		return t.cash(ctx, undo, original, s)
	}
	if err := t.readyToSend(ctx); err != nil {
		return Outcome{}, err
	}
	undo.Card.EntryMode = noCard
	a, err := t.open(ctx, undo, nil, nil)
	if err != nil {
		return Outcome{}, err
	}
	if tell != nil {
		tell(Sending, a.ID)
	}
	verdict := t.cfg.Bank.Request(ctx, txn.Order{Attempt: a, Original: &original})
	return t.conclude(ctx, a, original, s, verdict, tell)
}

// noCard is DE22 of a void: entered without a card.
const noCard = "012"

func (t *Till) voidable(ctx context.Context, id txn.ID) (txn.Attempt, error) {
	a, err := t.cfg.Journal.Attempt(ctx, id)
	if err != nil {
		return a, err
	}
	next, err := t.cfg.Journal.NextAttempt()
	switch {
	case err != nil:
		return a, err
	case a.Kind != txn.Sale || a.State != txn.Approved:
		return a, fmt.Errorf("%w: it is a %s that is %s", ErrNotVoidable, a.Kind, a.State)
	case a.ID.Batch() != next.Batch():
		return a, fmt.Errorf("%w: its day is closed, so it needs a refund", ErrNotVoidable)
	case a.Paper == txn.Printing:
		return a, fmt.Errorf("%w: its receipt is being printed", ErrNotVoidable)
	}
	owed, err := t.cfg.Journal.Owed(ctx)
	if err != nil {
		return a, err
	}
	for _, o := range owed {
		if o.Original == id && o.Open() {
			return a, fmt.Errorf("%w: an earlier void of it is not known yet", ErrNotVoidable)
		}
	}
	return a, nil
}
