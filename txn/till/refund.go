package till

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"veratill/txn"
	"veratill/txn/plan"
	"veratill/txn/sale"
)

// Giving is money of one payment that is to go back.
type Giving struct {
	Payment     txn.ID
	AmountMinor int64
	// Goods come back for it; none gives an amount back. They come to GoodsMinor, of which AmountMinor may be a share: the rest goes back by other
	// payments of the sale, which then name the Return.
	Goods      []sale.Want
	GoodsMinor int64
	// InCash gives it back in cash, whatever paid it: as far as the settings allow that (Config.Refunds), and only with a reason in the actor's Why.
	InCash bool
	Return int // of an earlier share: the return that this one pays for too
	Card   txn.Plastic
	Facts  txn.CardFacts // of the card that was read again
	Tell   func(stage Stage, id txn.ID)
}

// ReadsCard reports whether the card has to be read again to give an amount of a payment back, as the till would do it now. No card is asked
// for in vain: of what can't be given back none is.
func (t *Till) ReadsCard(m txn.Matter, amountMinor int64) bool {
	kind, _ := t.Chooses(m, amountMinor)
	line := t.givingLine(m.Attempt, kind)
	return kind == txn.Refund && plan.Refundable(m.Attempt, m.Bill, amountMinor, false) == nil && line != nil && line.Refunds().ReadsCard
}

// Chooses says whether an amount of a payment would go back by a void or by a refund now, and why.
func (t *Till) Chooses(m txn.Matter, amountMinor int64) (txn.Kind, plan.Why) {
	kind, why := plan.Choose(t.view(), m.Attempt, m.Bill, amountMinor)
	//mutant:a-terminal-voids-what-it-took
	if kind == txn.Void && !m.Attempt.Tender.AtOnce() && t.givingLine(m.Attempt, txn.Void) == nil && t.givingLine(m.Attempt, txn.Refund) != nil {
		return txn.Refund, plan.WhyElsewhere
	}
	return kind, why
}

// GiveBack gives money of a payment back, for whoever asks, by: by a void where it is all of a payment of the open day, else by a refund. Cash goes
// out of the drawer, a card's money by its line, and what a terminal of its own took by a person who gives it back there. The error is a
// *txn.Fault; ErrNotRefundable and ErrNotVoidable say why nothing was begun.
func (t *Till) GiveBack(ctx context.Context, by txn.Actor, g Giving) (Outcome, error) {
	defer g.Card.Zero()
	m, err := t.matter(ctx, g.Payment)
	if err != nil {
		return Outcome{}, fault(txn.ChargedUnknown, err)
	}
	if g.InCash && m.Attempt.Tender != txn.Cash {
		return t.giveCash(ctx, by, m, g)
	}
	w := with{tell: g.Tell, goods: g.Goods, goodsMinor: g.GoodsMinor, paysFor: g.Return}
	if kind, _ := t.Chooses(m, g.AmountMinor); kind == txn.Void {
		return t.void(ctx, by, g.Payment, w)
	}
	if !m.Attempt.Tender.AtOnce() && t.givingLine(m.Attempt, txn.Refund) == nil {
		return Outcome{}, fault(m.Charged(), noLine(m.Attempt))
	}
	//mutant:refund-goes-to-the-card-that-paid
	if err := t.sameCard(m, g); err != nil {
		return Outcome{}, fault(m.Charged(), err)
	}
	w.card = g.Card
	refund := txn.Attempt{Kind: txn.Refund, Tender: m.Attempt.Tender, Original: m.Attempt.ID, Card: m.Attempt.Card, Return: g.Return,
		Amount: m.Attempt.Amount}
	refund.Amount.Minor = g.AmountMinor
	if t.ReadsCard(m, g.AmountMinor) {
		refund.Card = g.Facts
	}
	if refund.Tender != txn.Card && refund.Tender != txn.Code { // nobody else waits while a person is asked
		return t.refundIt(ctx, by, refund, w)
	}
	if err := t.card.Acquire(ctx, 1); err != nil {
		return Outcome{}, fault(m.Charged(), err)
	}
	defer t.card.Release(1)
	if refund.Tender == txn.Code {
		w.line = t.givingLine(m.Attempt, txn.Refund)
		err = t.readyWallet(ctx, w.line)
	} else {
		err = t.readyToSend(ctx)
	}
	if err != nil {
		return Outcome{}, fault(m.Charged(), err)
	}
	return t.refundIt(ctx, by, refund, w)
}

// newestBooks refuses to give anything back from books that may not be the newest, whatever paid it: what they call paid may have gone back already,
// and the line would take the second refund, which has a new number. Sales go on: nobody is charged twice by them.
func (t *Till) newestBooks() error {
	//mutant:nothing-goes-back-from-books-in-doubt
	if n := t.cfg.Numbers.Numbers(); n.Why.OfBooks() {
		return fmt.Errorf("%w: %s: what these books call paid may have gone back already", ErrNumbers, n.Why)
	}
	return nil
}

// refundIt begins a refund and brings it to its verdict.
func (t *Till) refundIt(ctx context.Context, by txn.Actor, refund txn.Attempt, w with) (out Outcome, err error) {
	m, err := t.matter(ctx, refund.Original)
	if err == nil {
		err = plan.Refundable(m.Attempt, m.Bill, refund.Amount.Minor, refund.OtherWay)
	}
	if err != nil {
		return Outcome{}, fault(m.Charged(), err)
	}
	if w.sale, err = t.cfg.Journal.Sale(ctx, m.Attempt.SaleID); err != nil {
		return Outcome{}, fault(m.Charged(), err)
	}
	w.told(Saving, 0)
	if refund.Tender.AtOnce() {
		out, err = t.atOnce(ctx, by, refund, refund.Original, w)
	} else {
		out, err = t.ask(ctx, by, refund, refund.Original, w)
	}
	if out.Attempt.ID == 0 {
		err = stillCharged(err, m)
	}
	return out, err
}

// sameCard says why a card that was read is not the one that paid. Where a line reads the card again one has to be there.
func (t *Till) sameCard(m txn.Matter, g Giving) error {
	paid, read := m.Attempt.Card.Masked, g.Facts.Masked
	switch {
	case !t.ReadsCard(m, g.AmountMinor):
		return nil
	case len(g.Card.PAN) == 0:
		return errCardNeeded
	case paid != "" && read != "" && paid != read:
		return fmt.Errorf("%w: that was %s, and this is %s", errOtherCard, paid, read)
	}
	return nil
}

// givesBack is what a void or a refund hangs on, as it is now.
func (t *Till) givesBack(ctx context.Context, a txn.Attempt) (txn.Matter, error) {
	if a.Kind != txn.Refund {
		return t.voidable(ctx, a.Original)
	}
	m, err := t.matter(ctx, a.Original)
	if err != nil {
		return m, err
	}
	//mutant:cash-has-a-ceiling
	if a.OtherWay {
		if err := t.mayGiveCash(m, a.Amount.Minor); err != nil {
			return m, err
		}
	}
	return m, plan.Refundable(m.Attempt, m.Bill, a.Amount.Minor, a.OtherWay)
}

// giveUpRefunds leaves refunds as not known whose verdict could not be journaled while they were open. It needs no line: nothing is
// sent for them. The caller holds the conversation, so that none is under way.
func (t *Till) giveUpRefunds(ctx context.Context) error {
	open, err := t.openAttempts(ctx)
	if err != nil {
		return err
	}
	for _, a := range open {
		if a.Kind == txn.Refund && !a.AsksAPerson() {
			if _, err := t.giveUp(ctx, a.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// How rarely a refund that is not known is repeated where its host knows repeats: doubling, the first repeat at once.
const (
	firstAgain = time.Minute
	lastAgain  = time.Hour
)

// Repeat asks again about the refunds that are not known, each under its own number, where their hosts know repeats (rule 14). Nobody waits for them.
func (t *Till) Repeat(ctx context.Context) error {
	if err := t.card.Acquire(ctx, 1); err != nil {
		return err
	}
	defer t.card.Release(1)
	return t.repeatOwed(ctx)
}

// askedAgain are the refunds that are not known, of which their hosts are asked again.
func (t *Till) askedAgain(ctx context.Context) ([]txn.Attempt, error) {
	owed, err := t.cfg.Journal.Owed(ctx)
	return slices.DeleteFunc(owed, func(a txn.Attempt) bool { return !a.Again || a.Kind != txn.Refund || a.State != txn.Unresolved }), err
}

// repeatOwed is Repeat for callers that hold the conversation.
func (t *Till) repeatOwed(ctx context.Context) error {
	again, err := t.askedAgain(ctx)
	if err != nil {
		return err
	}
	again, _ = t.reachable(ctx, slices.DeleteFunc(again, func(a txn.Attempt) bool { return !t.restedAgain(a) }))
	for _, a := range again {
		if err := t.repeat(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// repeat sends a refund once more.
func (t *Till) repeat(ctx context.Context, a txn.Attempt) error {
	if !t.isDue(a.ID) {
		p, err := t.move(ctx, txn.ByTill, a.ID, txn.Event{Kind: txn.RepeatDue})
		if err != nil {
			return err
		}
		t.carry(ctx, p, with{})
	}
	now, err := t.cfg.Journal.Attempt(ctx, a.ID)
	if err != nil {
		return err
	}
	t.mu.Lock()
	due := t.due[a.ID]
	delete(t.due, a.ID)
	t.mu.Unlock()
	if !due || !now.Again || now.State != txn.Unresolved { // a late answer has ended it
		return nil
	}
	o, err := t.order(ctx, now)
	if err != nil {
		return err
	}
	defer o.Card.Zero()
	s, err := t.cfg.Journal.Sale(ctx, now.SaleID)
	if err != nil {
		return err
	}
	v := t.lineOf(now).Request(ctx, o) // reachable has seen that it is there
	_, err = t.conclude(ctx, txn.ByTill, now, v, with{sale: s})
	if errors.Is(err, txn.ErrNotAllowed) { // a late answer has ended it meanwhile
		return nil
	}
	return err
}

// restedAgain reports whether a refund may be repeated again, and notes that it is.
func (t *Till) restedAgain(a txn.Attempt) bool {
	now, wait := t.nowMs(), lastAgain
	if n := a.Tries - 1; n < 6 {
		wait = firstAgain << max(n, 0)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	last, known := t.askedMs[a.ID]
	if !t.due[a.ID] && known && now-last < wait.Milliseconds() && now >= last {
		return false
	}
	t.askedMs[a.ID] = now
	return true
}
