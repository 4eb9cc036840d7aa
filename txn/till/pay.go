package till

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

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
	Sale          sale.Sale // ID 0 begins a new one; else it is another part, or another try, of that sale
	AmountMinor   int64     // the part of the sale that is paid now; 0 is all that is left of it
	Card          txn.Plastic
	Facts         txn.CardFacts
	ReceivedMinor int64  // cash; of a voucher what it is worth
	Number        string // of a voucher, see txn.VoucherNumber; empty where it has none
	Tell          func(stage Stage, id txn.ID)
}

// Outcome is how a payment stands when the call returns.
type Outcome struct {
	Attempt txn.Attempt
	Bill    txn.Bill // of its sale, as this payment left it; SaleID 0 where it was not begun, or its end is not known
	SaleID  int64
	PrintID int64           // 0 when no print was begun
	Paper   <-chan struct{} // closed when the print has ended; nil when none was begun
}

// PayCard pays a sale by card, for the cashier by. The error is a *txn.Fault, which says whether the customer is
// charged; with one after the attempt was begun, the outcome has the attempt. Cancelling ctx after
// the send gives the attempt up.
func (t *Till) PayCard(ctx context.Context, by txn.Actor, p Payment) (Outcome, error) {
	defer p.Card.Zero()
	amount, err := t.part(ctx, &p)
	if err != nil {
		return Outcome{}, fault(txn.ChargedNo, err)
	}
	if err := t.card.Acquire(ctx, 1); err != nil {
		return Outcome{}, fault(txn.ChargedNo, err)
	}
	defer t.card.Release(1)
	if err := t.readyToSend(ctx); err != nil {
		return Outcome{}, fault(txn.ChargedNo, err)
	}
	w := with{card: p.Card, sale: p.Sale, tell: p.Tell}
	w.told(Saving, 0)
	return t.ask(ctx, by, txn.Attempt{Kind: txn.Sale, Tender: txn.Card, Amount: amount, Card: p.Facts}, 0, w)
}

// part is the amount of the part that a payment asks for. Whether the sale takes it is decided when it is begun. A sale
// that is open is read again: its receipt says what was sold, and not what its caller has of it.
func (t *Till) part(ctx context.Context, p *Payment) (money.Amount, error) {
	rest := p.Sale.Total()
	rest.Minor -= p.Sale.CreditMinor()
	if p.Sale.ID != 0 {
		b, err := t.cfg.Journal.Bill(ctx, p.Sale.ID)
		if err != nil {
			return rest, err
		}
		if b.WasPaid() {
			return rest, fmt.Errorf("%w: sale %d is %s", txn.ErrNotAllowed, b.SaleID, b.State)
		}
		if p.Sale, err = t.cfg.Journal.Sale(ctx, p.Sale.ID); err != nil {
			return rest, err
		}
		rest = b.Rest()
	}
	if p.AmountMinor != 0 {
		rest.Minor = p.AmountMinor
	}
	return rest, rest.Payable()
}

// ask begins an attempt at the bank, waits for its verdict and concludes it. undoes is what a void undoes. The caller holds the line.
func (t *Till) ask(ctx context.Context, by txn.Actor, a txn.Attempt, undoes txn.ID, w with) (Outcome, error) {
	begun, err := t.begin(ctx, by, a, undoes, &w)
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
	return t.conclude(ctx, heard, begun.After, sent.verdict, w)
}

// readyToSend holds what has to be so before any new attempt: the journal works, the
// bank is there, and no reversal is owed.
func (t *Till) readyToSend(ctx context.Context) error {
	if err := t.cfg.Journal.Failed(); err != nil {
		return fmt.Errorf("%w: %w", ErrJournal, err)
	}
	line := t.cfg.Lines[txn.Card]
	if line == nil {
		return fmt.Errorf("%w: the settings name none", ErrBankOffline)
	}
	//mutant:cards-wait-for-numbers
	if n := t.cfg.Numbers.Numbers(); n.Why.Stops() {
		return fmt.Errorf("%w: %s", ErrNumbers, n.Why)
	}
	if err := line.Ready(ctx); err != nil {
		return fmt.Errorf("%w: %w", ErrBankOffline, err)
	}
	left, err := t.settle(ctx, t.StopsCards)
	if err != nil {
		return err
	}
	//mutant:owed-first
	if left > 0 {
		return fmt.Errorf("%w (%d)", ErrOwed, left)
	}
	//mutant:an-upload-goes-on-first
	if err := t.goOnUploading(ctx); err != nil {
		return err
	}
	if line.Refunds().VoidsAgain { // it tells of its last transaction alone: what is looked for there is looked for before the next one
		if err := t.repeatOwed(ctx); err != nil {
			return err
		}
	}
	//mutant:what-was-undone-moves-the-last-receipt
	if s, may := line.(interface{ Stale() bool }); may && s.Stale() { // what was asked of it just now is its last transaction now
		if err := line.Ready(ctx); err != nil {
			return fmt.Errorf("%w: %w", ErrBankOffline, err)
		}
	}
	return ctx.Err()
}

// begin makes an attempt durable, with its sale where that is new (rule 1). undoes is what a void undoes, or a refund gives back of.
func (t *Till) begin(ctx context.Context, by txn.Actor, a txn.Attempt, undoes txn.ID, w *with) (plan.Plan, error) {
	t.write.Lock()
	defer t.write.Unlock()
	a.Original = undoes
	if a.Kind != txn.Sale || w.sale.Exchange != nil {
		if err := t.newestBooks(); err != nil {
			return plan.Plan{}, err
		}
	}
	m, err := t.toBegin(ctx, a, *w) // as it is now: a copy of it may have been printed since it was looked at, or another void begun
	if err != nil {
		return plan.Plan{}, err
	}
	v := t.view()
	if err := t.cfg.Numbers.Rested(ctx, v.Attempt); err != nil {
		return plan.Plan{}, err
	}
	sealed, err := t.seal(v.Attempt, w.card.PAN)
	if err != nil {
		return plan.Plan{}, err
	}
	if err := t.onLine(ctx, &a, v, *w); err != nil {
		return plan.Plan{}, err
	}
	t.stamp(&a, by, v)
	m.Attempt = a
	var opened *txn.SaleOpened
	if w.sale.ID == 0 {
		opened = t.opened(v, by, w.sale)
	}
	var p plan.Plan
	if len(w.goods) > 0 {
		p, err = plan.BeginReturn(v, m, w.sale, w.goods, w.goodsMinor, sealed)
	} else {
		m.Attempt.Return = w.paysFor
		p, err = plan.Begin(v, m, opened, sealed)
	}
	if err != nil {
		return plan.Plan{}, err
	}
	w.sale.ID = p.Bill.SaleID
	if a.Tender.AtOnce() {
		if err := t.exchangeWith(ctx, by, v, p, w); err != nil {
			return plan.Plan{}, err
		}
	}
	return p, t.commitAndPrepare(ctx, named(by), p, w)
}

// stamp says of an attempt that is to be begun where, when and by whom.
func (t *Till) stamp(a *txn.Attempt, by txn.Actor, v plan.View) {
	a.Demo, a.Terminal, a.Merchant, a.Cashier, a.OpenedMs = t.cfg.Demo, t.cfg.Terminal, t.cfg.Merchant, by.By, v.AtMs
	//mutant:request-time/kept
	_, a.ZoneSeconds = t.cfg.Now().Zone()
}

// opened is a sale that begins now.
func (t *Till) opened(v plan.View, by txn.Actor, s sale.Sale) *txn.SaleOpened {
	return &txn.SaleOpened{Sale: s, Batch: v.Batch, Demo: t.cfg.Demo, Terminal: t.cfg.Terminal, Merchant: t.cfg.Merchant, Cashier: by.By, AtMs: v.AtMs}
}

// toBegin reads what a new attempt hangs on: its sale where that is open already, and what a void undoes or a refund gives back of.
func (t *Till) toBegin(ctx context.Context, a txn.Attempt, w with) (m txn.Matter, err error) {
	if a.Original != 0 {
		undone, err := t.givesBack(ctx, a)
		if err == nil && w.unfinished && undone.Bill.State != txn.BillPartPaid { // somebody paid the rest meanwhile
			err = fmt.Errorf("%w: sale %d is %s", txn.ErrNotAllowed, undone.Bill.SaleID, undone.Bill.State)
		}
		return txn.Matter{Bill: undone.Bill, Original: &undone.Attempt}, err
	}
	if w.sale.ID != 0 {
		m.Bill, err = t.cfg.Journal.Bill(ctx, w.sale.ID)
		return m, err
	}
	if a.NoReceipt {
		return m, t.mayTakeBack(ctx, w.sale)
	}
	return m, t.maySellAgain(ctx, w.sale)
}

// maySellAgain refuses goods some of which are in another sale of which a payment is not known, or whose money is taken: whoever pays for them
// here may pay for them twice. What was begun with them before their lines were changed is looked up in the books.
func (t *Till) maySellAgain(ctx context.Context, s sale.Sale) error {
	if s.Before == 0 {
		return nil
	}
	b, err := t.cfg.Journal.Bill(ctx, s.Before)
	if err != nil {
		return err
	}
	//mutant:goods-of-a-payment-not-known-are-in-no-other-sale
	if b.NotKnown() || b.WasPaid() || b.State == txn.BillPartPaid {
		return fmt.Errorf("%w: some of these goods are in sale %d, which is %s, and a payment of it is taken or not known", txn.ErrNotAllowed, b.SaleID, b.State)
	}
	return nil
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
func (t *Till) conclude(ctx context.Context, by txn.Actor, a txn.Attempt, v txn.Verdict, w with) (Outcome, error) {
	ctx = context.WithoutCancel(ctx) // from here on nothing may be left half done
	out := Outcome{Attempt: a, SaleID: a.SaleID}
	//mutant:reversal-journaled-first
	p, err := t.judge(ctx, by, a, v, &w)
	//mutant:unsaved-approval-is-not-acknowledged
	if v.Awaits && (err != nil || !p.After.AwaitsLine()) {
		t.acknowledge(ctx, txn.Order{Attempt: a}, false)
	}
	if err != nil {
		return out, fault(txn.ChargedUnknown, err)
	}
	d := t.carry(ctx, p, w)
	out.Attempt, out.Bill, out.PrintID, out.Paper = p.After, p.Bill, d.printID, d.paper
	if p.After.AwaitsLine() {
		return t.confirmed(ctx, out, d.verdict, w)
	}
	return t.andExchanged(ctx, out, w)
}

// judge plans a verdict and commits it. All is read as it is now: a copy of what a void undoes may have been printed
// while the bank was deciding, and what a separate terminal showed may have been said elsewhere.
func (t *Till) judge(ctx context.Context, by txn.Actor, a txn.Attempt, v txn.Verdict, w *with) (plan.Plan, error) {
	t.write.Lock()
	defer t.write.Unlock()
	//mutant:void-rereads-its-sale
	m, err := t.matterAndOriginal(ctx, a.ID)
	taken := false
	if err == nil {
		v, taken, err = t.number(ctx, m.Attempt, v)
	}
	//mutant:what-cannot-be-read-back-is-the-journal-s-fault
	if err != nil { // the books can't take the verdict either
		return plan.Plan{}, fmt.Errorf("%w: %w", ErrJournal, err)
	}
	view := t.view()
	view.Taken = taken
	p, err := plan.Move(view, m, txn.EventOf(v))
	if err != nil {
		return p, err
	}
	//mutant:a-difference-that-is-paid-takes-the-goods
	if err := t.exchangeWith(ctx, by, view, p, w); err != nil { // what the bank has approved stands all the same: the sale is paid in part, and is undone
		w.notSwapped = err
	}
	for _, act := range p.Acts {
		if act.Print.ID != 0 {
			go t.cfg.Printer.Prepare(t.sheetOf(ctx, p, act, *w)) // beside the sync, for which a customer waits
		}
	}
	if err := t.commit(ctx, by, plan.Together(append([]plan.Plan{p}, w.swapped...)...)); err != nil {
		return p, err
	}
	return t.overtaken(ctx, p), nil
}

// PayCash takes a sale's amount in notes and coins, for the cashier by. It is one synced commit. The error is a *txn.Fault.
func (t *Till) PayCash(ctx context.Context, by txn.Actor, p Payment) (Outcome, error) {
	due, err := t.part(ctx, &p)
	if err != nil {
		return Outcome{}, fault(txn.ChargedNo, err)
	}
	change, err := money.Amount{Minor: p.ReceivedMinor, Currency: due.Currency}.Sub(due)
	if err != nil {
		return Outcome{}, fault(txn.ChargedNo, fmt.Errorf("received less than is due: %w", err))
	}
	return t.atOnce(ctx, by, txn.Attempt{
		Kind: txn.Sale, Tender: txn.Cash, Amount: due, ReceivedMinor: p.ReceivedMinor, ChangeMinor: change.Minor,
	}, 0, with{sale: p.Sale})
}

// PayVoucher takes a paper voucher that is worth p.ReceivedMinor, for the cashier by, whose word it is. It pays what is due at most, and no change is
// given on it; what it does not pay of the sale is left to another part. One whose number was taken before needs a reason in the actor's Why: the error
// is a *VoucherTaken then. It is one synced commit. Other errors are a *txn.Fault.
func (t *Till) PayVoucher(ctx context.Context, by txn.Actor, p Payment) (Outcome, error) {
	//mutant:vouchers-are-taken-where-the-settings-say-so
	if !t.cfg.Vouchers {
		return Outcome{}, fault(txn.ChargedNo, errNoVouchers)
	}
	amount, err := t.part(ctx, &p)
	if err != nil {
		return Outcome{}, fault(txn.ChargedNo, err)
	}
	number, err := txn.VoucherNumber(p.Number)
	if err != nil {
		return Outcome{}, fault(txn.ChargedNo, err)
	}
	if err := t.voucherIsNew(ctx, by, number); err != nil {
		return Outcome{}, err
	}
	//mutant:no-change-on-a-voucher
	amount.Minor = min(amount.Minor, p.ReceivedMinor)
	return t.atOnce(ctx, by, txn.Attempt{Kind: txn.Sale, Tender: txn.Voucher, Amount: amount, ReceivedMinor: p.ReceivedMinor, Reference: number}, 0, with{sale: p.Sale})
}

// VoucherTaken is the fault of a voucher whose number was taken before.
type VoucherTaken struct {
	*txn.Fault
	Before txn.Attempt // the newest payment that took it, and of which not all went back
}

// voucherIsNew refuses a voucher that was taken before, and was not handed back as a whole since, unless by says why it is taken again.
func (t *Till) voucherIsNew(ctx context.Context, by txn.Actor, number string) error {
	if number == "" || strings.TrimSpace(by.Why) != "" {
		return nil
	}
	before, err := t.cfg.Numbers.Vouchers(ctx, number)
	if err != nil {
		return fault(txn.ChargedNo, err)
	}
	for _, a := range slices.Backward(before) {
		bill, err := t.cfg.Journal.Bill(ctx, a.SaleID)
		if err != nil {
			return fault(txn.ChargedNo, err)
		}
		//mutant:a-voucher-is-taken-once
		if bill.BackOf(a.ID).LeftMinor > 0 {
			return &VoucherTaken{fault(txn.ChargedNo, fmt.Errorf("%w: attempt %s took it on %s", errVoucherTaken, a.ID, a.Opened().Format("2006-01-02 15:04"))), a}
		}
	}
	return nil
}

// Unwrap is the fault.
func (v *VoucherTaken) Unwrap() error { return v.Fault }

// atOnce commits an attempt over the counter with its print intent, and what it undoes. Only cash opens the drawer.
func (t *Till) atOnce(ctx context.Context, by txn.Actor, a txn.Attempt, undoes txn.ID, w with) (Outcome, error) {
	w.drawer = a.Tender == txn.Cash
	broken := t.cfg.Journal.Failed()
	p, err := t.begin(ctx, by, a, undoes, &w)
	if err != nil {
		return Outcome{}, t.unsaved(broken, err)
	}
	ctx = context.WithoutCancel(ctx)
	d := t.carry(ctx, p, w)
	return t.andExchanged(ctx, Outcome{Attempt: p.After, Bill: p.Bill, SaleID: p.After.SaleID, PrintID: d.printID, Paper: d.paper}, w)
}

// unsaved is the fault of what a commit was to conclude. One that failed just now may be on the disk all the same, and the next start may find it paid:
// nobody is told that nothing was taken. Where the journal could not save before, nothing of it was written.
func (t *Till) unsaved(before, err error) *txn.Fault {
	//mutant:what-could-not-be-saved-is-not-known
	if before == nil && errors.Is(err, ErrJournal) && t.cfg.Journal.Failed() != nil {
		return fault(txn.ChargedUnknown, err)
	}
	return fault(txn.ChargedNo, err)
}

// Void undoes a payment of the open batch for whoever asks, by: cash at once, a card by an attempt of its own, which
// keeps the same rules, what a terminal of its own took by a person who voids it there. The error is a *txn.Fault;
// ErrNotVoidable says why not.
func (t *Till) Void(ctx context.Context, by txn.Actor, id txn.ID, tell func(Stage, txn.ID)) (Outcome, error) {
	return t.void(ctx, by, id, with{tell: tell})
}

func (t *Till) void(ctx context.Context, by txn.Actor, id txn.ID, w with) (Outcome, error) {
	original, err := t.cfg.Journal.Attempt(ctx, id)
	if err != nil {
		return Outcome{}, fault(txn.ChargedUnknown, err)
	}
	//mutant:void-on-its-line
	if !original.Tender.AtOnce() && t.givingLine(original, txn.Void) == nil {
		return Outcome{}, fault(original.Charged(), noLine(original))
	}
	if original.Tender.ByWord() { // nobody else waits while a person is asked
		return t.undoIt(ctx, by, id, w)
	}
	if err := t.card.Acquire(ctx, 1); err != nil {
		return Outcome{}, fault(txn.ChargedUnknown, err)
	}
	defer t.card.Release(1)
	return t.undoIt(ctx, by, id, w)
}

func (t *Till) undoIt(ctx context.Context, by txn.Actor, id txn.ID, w with) (Outcome, error) {
	undone, err := t.voidable(ctx, id)
	original := undone.Attempt
	if err != nil {
		return Outcome{}, fault(undone.Charged(), err)
	}
	if w.sale, err = t.cfg.Journal.Sale(ctx, original.SaleID); err != nil {
		return Outcome{}, fault(undone.Charged(), err)
	}
	undo := txn.Attempt{Kind: txn.Void, Tender: original.Tender, Amount: original.Amount, Original: original.ID, Card: original.Card}
	var out Outcome
	switch original.Tender {
	case txn.Cash, txn.Voucher:
		out, err = t.atOnce(ctx, by, undo, id, w)
	case txn.External:
		out, err = t.ask(ctx, by, undo, id, w)
	case txn.Code:
		w.line = t.givingLine(original, txn.Void)
		if err := t.readyWallet(ctx, w.line); err != nil {
			return Outcome{}, fault(undone.Charged(), err)
		}
		out, err = t.ask(ctx, by, undo, id, w)
	default:
		if err := t.readyToSend(ctx); err != nil {
			return Outcome{}, fault(undone.Charged(), err)
		}
		undo.Card.EntryMode = noCard
		out, err = t.ask(ctx, by, undo, id, w)
	}
	if out.Attempt.ID == 0 {
		err = stillCharged(err, undone)
	}
	return out, err
}

// noLine says which line of a payment the settings lack.
func noLine(a txn.Attempt) error {
	if a.Tender == txn.External {
		return errNoTerminal
	}
	return fmt.Errorf("%w: %q", errNoLine, a.Line)
}

// noCard is DE22 of a void: entered without a card.
const noCard = "012"

// stillCharged says of a void that was never begun what is so of the payment.
func stillCharged(err error, of txn.Matter) error {
	if err == nil {
		return nil
	}
	f := *txn.FaultOf(err)
	f.Charged = of.Charged()
	return &f
}

func (t *Till) voidable(ctx context.Context, id txn.ID) (txn.Matter, error) {
	m, err := t.matter(ctx, id)
	if err != nil {
		return m, err
	}
	return m, plan.Voidable(t.view(), m.Attempt, m.Bill)
}
