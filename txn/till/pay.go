package till

import (
	"context"
	"fmt"

	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/plan"
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

// PayCard pays a sale by card, for the cashier by. The error is a *txn.Fault, which says whether the customer is
// charged; with one after the attempt was begun, the outcome has the attempt. Cancelling ctx after
// the send gives the attempt up.
func (t *Till) PayCard(ctx context.Context, by txn.Actor, p Payment) (Outcome, error) {
	defer p.Card.Zero()
	if err := p.Sale.Total().Payable(); err != nil {
		return Outcome{}, fault(txn.ChargedNo, err)
	}
	if err := t.card.Acquire(ctx, 1); err != nil {
		return Outcome{}, fault(txn.ChargedNo, err)
	}
	defer t.card.Release(1)
	if err := t.readyToSend(ctx); err != nil {
		return Outcome{}, fault(txn.ChargedNo, err)
	}
	p.Facts.Token = t.cfg.Vault.Token(p.Card.PAN)
	w := with{card: p.Card, sale: p.Sale, tell: p.Tell}
	w.told(Saving, 0)
	return t.ask(ctx, by, txn.Attempt{Kind: txn.Sale, Tender: txn.Card, Amount: p.Sale.Total(), Card: p.Facts}, nil, w)
}

// ask begins an attempt at the bank, waits for its verdict and concludes it. The caller holds the line.
func (t *Till) ask(ctx context.Context, by txn.Actor, a txn.Attempt, original *txn.Attempt, w with) (Outcome, error) {
	begun, err := t.begin(ctx, by, a, original, &w.sale, w.card.PAN)
	//mutant:unsaved-is-not-sent
	if err != nil {
		return Outcome{}, fault(txn.ChargedNo, err)
	}
	//mutant:request-once
	sent := t.carry(ctx, begun, w)
	heard := txn.ByTill
	if a.Tender == txn.External { // it is a person who answers
		heard = named(by)
	}
	return t.conclude(ctx, heard, begun.After, original, sent.verdict, w)
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

// begin makes an attempt durable, with its sale where that is new (rule 1).
func (t *Till) begin(ctx context.Context, by txn.Actor, a txn.Attempt, original *txn.Attempt, s *sale.Sale, pan txn.Secret) (plan.Plan, error) {
	t.write.Lock()
	defer t.write.Unlock()
	if original != nil { // a copy of it may have been printed since it was looked at, or another void begun
		now, err := t.voidable(ctx, original.ID)
		if err != nil {
			return plan.Plan{}, err
		}
		original = &now
	}
	v, err := t.viewForNew()
	if err != nil {
		return plan.Plan{}, err
	}
	sealed, err := t.seal(v.NextAttempt, pan)
	if err != nil {
		return plan.Plan{}, err
	}
	if a.Tender != txn.Cash {
		a.Line = t.line(a).Name()
	}
	a.Demo, a.Terminal, a.Merchant, a.Cashier, a.OpenedMs = t.cfg.Demo, t.cfg.Terminal, t.cfg.Merchant, by.By, v.AtMs
	//mutant:request-time/kept
	_, a.ZoneSeconds = t.cfg.Now().Zone()
	p, err := plan.Begin(v, a, original, s, sealed)
	if err != nil {
		return plan.Plan{}, err
	}
	return p, t.commit(ctx, named(by), p)
}

// seal encrypts the card number that a reversal may need.
func (t *Till) seal(id txn.ID, pan txn.Secret) ([]byte, error) {
	//mutant:pan-is-kept
	if len(pan) == 0 {
		return nil, nil
	}
	//mutant:pan-is-sealed
	return t.cfg.Vault.Seal(id, pan)
}

// conclude turns a verdict into a durable state and does what follows from it. An approval and the intent to
// print are one synced commit, the second of a sale's two. The verdict is the word of whoever gave it, by.
func (t *Till) conclude(ctx context.Context, by txn.Actor, a txn.Attempt, original *txn.Attempt, v txn.Verdict, w with) (Outcome, error) {
	ctx = context.WithoutCancel(ctx) // from here on nothing may be left half done
	out := Outcome{Attempt: a, SaleID: a.SaleID}
	//mutant:reversal-journaled-first
	p, err := t.judge(ctx, by, a, original, v, w)
	if err != nil {
		return out, fault(txn.ChargedUnknown, err)
	}
	d := t.carry(ctx, p, w)
	out.Attempt, out.PrintID, out.Paper = p.After, d.printID, d.paper
	return out, nil
}

// judge plans a verdict and commits it.
func (t *Till) judge(ctx context.Context, by txn.Actor, a txn.Attempt, original *txn.Attempt, v txn.Verdict, w with) (plan.Plan, error) {
	t.write.Lock()
	defer t.write.Unlock()
	if a.Tender == txn.External { // nobody holds a line for it: it may have been said elsewhere meanwhile
		now, err := t.cfg.Journal.Attempt(ctx, a.ID)
		if err != nil {
			return plan.Plan{}, err
		}
		a = now
	}
	//mutant:void-rereads-its-sale
	if original != nil {
		// As it is now: a copy of it may have been printed while the bank was deciding.
		now, err := t.cfg.Journal.Attempt(ctx, original.ID)
		if err != nil {
			return plan.Plan{}, err
		}
		original = &now
	}
	p, err := plan.Move(t.view(), a, original, txn.EventOf(v))
	if err != nil {
		return p, err
	}
	for _, act := range p.Acts {
		if act.Print.ID != 0 {
			go t.cfg.Printer.Prepare(sheetOf(act, w)) // beside the sync, for which a customer waits
		}
	}
	return p, t.commit(ctx, by, p)
}

// PayCash takes a sale's amount in notes and coins, for the cashier by. It is one synced commit. The error is a *txn.Fault.
func (t *Till) PayCash(ctx context.Context, by txn.Actor, p Payment) (Outcome, error) {
	total := p.Sale.Total()
	if err := total.Payable(); err != nil {
		return Outcome{}, fault(txn.ChargedNo, err)
	}
	change, err := money.Amount{Minor: p.ReceivedMinor, Currency: total.Currency}.Sub(total)
	if err != nil {
		return Outcome{}, fault(txn.ChargedNo, fmt.Errorf("received less than is due: %w", err))
	}
	return t.cash(ctx, by, txn.Attempt{
		Kind: txn.Sale, Tender: txn.Cash, Amount: total, ReceivedMinor: p.ReceivedMinor, ChangeMinor: change.Minor,
	}, nil, p.Sale)
}

// cash commits a cash attempt with its print intent, and what it undoes, at once.
func (t *Till) cash(ctx context.Context, by txn.Actor, a txn.Attempt, original *txn.Attempt, s sale.Sale) (Outcome, error) {
	w := with{sale: s, drawer: true}
	p, err := t.begin(ctx, by, a, original, &w.sale, nil)
	if err != nil {
		return Outcome{}, fault(txn.ChargedNo, err)
	}
	d := t.carry(context.WithoutCancel(ctx), p, w)
	return Outcome{Attempt: p.After, SaleID: p.After.SaleID, PrintID: d.printID, Paper: d.paper}, nil
}

// Void undoes a payment of the open batch for whoever asks, by: cash at once, a card by an attempt of its own, which
// keeps the same rules, what a terminal of its own took by a person who voids it there. The error is a *txn.Fault;
// ErrNotVoidable says why not.
func (t *Till) Void(ctx context.Context, by txn.Actor, id txn.ID, tell func(Stage, txn.ID)) (Outcome, error) {
	original, err := t.cfg.Journal.Attempt(ctx, id)
	if err != nil {
		return Outcome{}, fault(txn.ChargedUnknown, err)
	}
	//mutant:terminal-is-never-the-bank
	if original.Tender == txn.External && t.cfg.External == nil {
		return Outcome{}, fault(original.Charged(), errNoTerminal)
	}
	if original.Tender == txn.External { // nobody else waits while a person is asked
		return t.undoIt(ctx, by, id, tell)
	}
	if err := t.card.Acquire(ctx, 1); err != nil {
		return Outcome{}, fault(txn.ChargedUnknown, err)
	}
	defer t.card.Release(1)
	return t.undoIt(ctx, by, id, tell)
}

func (t *Till) undoIt(ctx context.Context, by txn.Actor, id txn.ID, tell func(Stage, txn.ID)) (Outcome, error) {
	original, err := t.voidable(ctx, id)
	if err != nil {
		return Outcome{}, fault(original.Charged(), err)
	}
	s, err := t.cfg.Journal.Sale(ctx, original.SaleID)
	if err != nil {
		return Outcome{}, fault(original.Charged(), err)
	}
	undo := txn.Attempt{Kind: txn.Void, Tender: original.Tender, Amount: original.Amount, Original: original.ID, Card: original.Card}
	var out Outcome
	switch original.Tender {
	case txn.Cash:
		out, err = t.cash(ctx, by, undo, &original, s)
	case txn.External:
		out, err = t.ask(ctx, by, undo, &original, with{sale: s, tell: tell})
	default:
		if err := t.readyToSend(ctx); err != nil {
			return Outcome{}, fault(original.Charged(), err)
		}
		undo.Card.EntryMode = noCard
		out, err = t.ask(ctx, by, undo, &original, with{sale: s, tell: tell})
	}
	if out.Attempt.ID == 0 {
		err = stillCharged(err, original)
	}
	return out, err
}

// noCard is DE22 of a void: entered without a card.
const noCard = "012"

// stillCharged says of a void that was never begun what is so of the payment.
func stillCharged(err error, of txn.Attempt) error {
	if err == nil {
		return nil
	}
	f := *txn.FaultOf(err)
	f.Charged = of.Charged()
	return &f
}

func (t *Till) voidable(ctx context.Context, id txn.ID) (txn.Attempt, error) {
	a, err := t.cfg.Journal.Attempt(ctx, id)
	if err != nil {
		return a, err
	}
	v, err := t.viewForNew()
	if err != nil {
		return a, err
	}
	owed, err := t.cfg.Journal.Owed(ctx)
	if err != nil {
		return a, err
	}
	return a, plan.Voidable(v, a, owed)
}
