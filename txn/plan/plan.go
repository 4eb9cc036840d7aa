// Package plan is the till's mind: what is to be committed, and what is to be done after that, for
// everything that can happen to a payment. It is pure, so that the explorer of the proof drives
// the same code as the till.
//
// A plan is carried out in one order: its records are committed, as durably as it asks; only then are
// its acts done. An act that is not in a plan is done by nobody.
package plan

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	"veratill/txn"
	"veratill/txn/sale"
)

// AwaitPrinter is the act of remembering that the receipt comes by itself once the printer is
// ready. It is the till's own: no decision of the machine asks for it.
const AwaitPrinter txn.Effect = "await the printer"

// PrintReport is the act of printing an X or a Z.
const PrintReport txn.Effect = "print report"

// View is what a plan needs to know of the till at this moment.
type View struct {
	txn.Next
	Taken bool  // the bank held a payment under a new number for another card today already
	Ready bool  // a printer is set up and can print now, by what is known without asking
	AtMs  int64 // Unix milliseconds, this till's clock
}

// Act is one thing to be done.
type Act struct {
	Effect   txn.Effect
	Attempt  txn.Attempt // as it is after the commit; ID 0 where the act is about the sale alone
	Original txn.Attempt // of a void: what it undoes, as it is after the commit
	Bill     txn.Bill    // of the sale, as it is after the commit
	Print    txn.Print   // of paper
	OfSale   bool        // the paper is the sale's, and not the attempt's
}

// Plan is what an input leads to.
type Plan struct {
	After      txn.Attempt // what the input is about, as it is after the commit
	Bill       txn.Bill    // of its sale, as it is after the commit
	Durability txn.Durability
	Records    []txn.Record
	Acts       []Act // in their order
}

// Open begins a sale of 0.00, which is paid at once and gets its receipt.
func Open(v View, o txn.SaleOpened) (Plan, error) {
	b := builder{view: v}
	if err := b.open(o); err != nil {
		return Plan{}, err
	}
	return b.finish()
}

// Begin plans a new attempt of a sale. opened is the sale where it has no number yet: it is opened in the same commit; else m.Bill
// is the sale's. m.Original is what a void undoes, or a refund gives back of; a void in cash undoes it at once. sealed is the encrypted
// card number, if there is one.
func Begin(v View, m txn.Matter, opened *txn.SaleOpened, sealed []byte) (Plan, error) {
	return begin(builder{view: v, bill: m.Bill, before: m.Bill}, m, opened, sealed)
}

// BeginReturn plans the goods of a sale that come back, and the first attempt to give their money back: Begin, with the return in the same commit.
// want is how much of which lines, which has to come to goodsMinor: what whoever asked was shown. The attempt may give back a share of that.
func BeginReturn(v View, m txn.Matter, sold sale.Sale, want []sale.Want, goodsMinor int64, sealed []byte) (Plan, error) {
	b := builder{view: v, bill: m.Bill, before: m.Bill}
	lines, amountMinor, err := sale.Back(sold.Lines, m.Bill.Returned(), want)
	if err != nil {
		return Plan{}, err
	}
	if amountMinor != goodsMinor || m.Attempt.Amount.Minor > goodsMinor {
		return Plan{}, fmt.Errorf("%w: the goods come to %s by now, and not to %s", ErrNotRefundable, figure(amountMinor, sold.Currency), figure(goodsMinor, sold.Currency))
	}
	r := txn.Return{Number: len(m.Bill.Returns) + 1, Lines: lines, AmountMinor: amountMinor}
	if b.bill, err = txn.TakeReturn(m.Bill, sold, r); err != nil {
		return Plan{}, err
	}
	b.records = append(b.records, txn.ReturnOpened{SaleID: sold.ID, Return: r})
	m.Attempt.Return = r.Number
	return begin(b, m, nil, sealed)
}

func begin(b builder, m txn.Matter, opened *txn.SaleOpened, sealed []byte) (Plan, error) {
	if opened != nil {
		if err := b.open(*opened); err != nil {
			return Plan{}, err
		}
	}
	a := m.Attempt
	a.ID, a.Batch, a.SaleID = b.view.Attempt, b.view.Batch, b.bill.SaleID
	d, err := txn.Begin(a)
	if err != nil {
		return Plan{}, err
	}
	b.records = append(b.records, txn.AttemptOpened{Attempt: d.After, Sealed: sealed})
	if err := b.take(d, ""); err != nil {
		return Plan{}, err
	}
	if err := b.undo(m.Original); err != nil {
		return Plan{}, err
	}
	return b.finish()
}

// Move plans an event of an attempt: a verdict of the bank, a late answer, the end of a print, a
// restart. m.Original is what a void undoes, as it is now.
func Move(v View, m txn.Matter, e txn.Event) (Plan, error) {
	b := builder{view: v, after: m.Attempt, bill: m.Bill, before: m.Bill}
	if err := b.step(e); err != nil {
		return Plan{}, err
	}
	if err := b.undo(m.Original); err != nil {
		return Plan{}, err
	}
	//mutant:numbers-move-after-94
	if b.after.Reason.MaybeAnothers() {
		b.moveNumbers(m.Attempt)
	}
	//mutant:unprinted-receipt-waits/slip
	if e.Kind == txn.PrintEnded && b.after.Paper == txn.NotPrinted && isUnmarked(b.after.Prints, e.PrintID) {
		b.act(AwaitPrinter, txn.Print{})
	}
	p, err := b.finish()
	return toldBefore(p, e, reflect.DeepEqual(p.After, m.Attempt) && reflect.DeepEqual(p.Bill, m.Bill)), err
}

// toldBefore leaves out what a start would write of what it finds as an earlier start left it: a person is told again, the books are not.
func toldBefore(p Plan, e txn.Event, same bool) Plan {
	//mutant:start-writes-nothing-twice
	if (e.Kind == txn.Restarted || e.Kind == txn.BooksDiffer) && same {
		p.Records = nil
	}
	return p
}

// moveNumbers leads the numbers ahead when an attempt met a number that the bank knew: others may follow it. A second one for another
// card on the same day stops cards until somebody has looked: another till may have this one's terminal number.
func (b *builder) moveNumbers(before txn.Attempt) {
	if before.Reason == b.after.Reason { // it is known, and moved then
		return
	}
	why := txn.NumberWasTaken
	if b.view.Taken {
		why = txn.NumbersTaken
	}
	b.records = append([]txn.Record{txn.NumbersMoved{To: b.view.Attempt - 1 + txn.NumbersAhead, Why: why, AtMs: b.view.AtMs}}, b.records...)
	b.durability = txn.Synced
}

// MoveSale plans an event of a sale: the end of a print of it, a restart.
func MoveSale(v View, bill txn.Bill, e txn.Event) (Plan, error) {
	b := builder{view: v, bill: bill, before: bill}
	if err := b.stepSale(e); err != nil {
		return Plan{}, err
	}
	//mutant:unprinted-receipt-waits
	if e.Kind == txn.PrintEnded && b.bill.Paper == txn.NotPrinted && isUnmarked(b.bill.Prints, e.PrintID) {
		b.actOfSale(AwaitPrinter, txn.Print{})
	}
	p := b.plan()
	return toldBefore(p, e, reflect.DeepEqual(p.Bill, bill)), nil
}

// Paper plans a print that was asked for: PrintBegun, CopyBegun, NoteBegun or SlipBegun. The receipt of a payment is its
// sale's; a void, a refund, and a note or a slip of a part, have paper of their own.
func Paper(v View, m txn.Matter, kind txn.EventKind) (Plan, error) {
	e := txn.Event{Kind: kind, PrintID: v.Print}
	if !m.Attempt.Kind.GivesBack() && (kind == txn.PrintBegun || kind == txn.CopyBegun) {
		return MoveSale(v, m.Bill, e)
	}
	b := builder{view: v, after: m.Attempt, bill: m.Bill, before: m.Bill}
	if m.Original != nil {
		b.original = *m.Original
	}
	if err := b.step(e); err != nil {
		return Plan{}, err
	}
	return b.plan(), nil
}

// Report plans the print of an X or a Z of a batch.
func Report(v View, kind txn.PrintKind, batch int64) Plan {
	p := txn.Print{ID: v.Print, Kind: kind, AtMs: v.AtMs, Outcome: txn.Printing}
	return Plan{Durability: txn.Synced, Records: []txn.Record{txn.ReportOpened{Print: p, Batch: batch}},
		Acts: []Act{{Effect: PrintReport, Print: p}}}
}

// Undo plans what an attempt that is open needs before its reversal can leave: nothing where it is
// journaled as reversing (rule 6); one whose verdict could not be journaled is given up now.
func Undo(v View, m txn.Matter) (Plan, error) {
	if m.Attempt.State != txn.Pending {
		return Plan{After: m.Attempt, Bill: m.Bill}, nil
	}
	m.Original = nil
	return Move(v, m, txn.Event{Kind: txn.GaveUp, Reason: txn.LinkLost})
}

// ErrNotVoidable says why a payment cannot be voided; nothing was begun.
var ErrNotVoidable = errors.New("this payment cannot be voided")

// Voidable returns nil where a void of a payment may be begun.
func Voidable(v View, a txn.Attempt, bill txn.Bill) error {
	switch {
	case a.Tender == txn.Exchange:
		return fmt.Errorf("%w: goods that came back paid it: exchange again, or give the rest back", ErrNotVoidable)
	case a.AwaitsLine(): // it has not been made for good: nothing of it is to be undone
		return fmt.Errorf("%w: %w", ErrNotVoidable, errUnconfirmed(bill))
	case !txn.Allowed(a, txn.VoidApproved):
		return fmt.Errorf("%w: it is a %s that is %s", ErrNotVoidable, a.Kind, a.State)
	case a.Batch != v.Batch:
		return fmt.Errorf("%w: its day is closed, so it needs a refund", ErrNotVoidable)
	case bill.Doubts(a.ID):
		return fmt.Errorf("%w: whether an earlier void of it gave the money back is not known", ErrNotVoidable)
	case bill.BackOf(a.ID).RefundedMinor > 0, bill.BackOf(a.ID).UnknownMinor > 0:
		return fmt.Errorf("%w: some of it was given back, or may have been, so the rest needs a refund", ErrNotVoidable)
	case bill.Paper == txn.Printing:
		return fmt.Errorf("%w: its receipt is being printed", ErrNotVoidable)
	case bill.Waits():
		return fmt.Errorf("%w: another part of its sale is not known yet", ErrNotVoidable)
	}
	return nil
}

// ToUndo lists the payments of a sale that stand, the last one first: the order in which a sale that was not finished is
// undone.
func ToUndo(bill txn.Bill) []txn.Part {
	parts := bill.Standing()
	//mutant:undone-in-reverse
	slices.Reverse(parts)
	return parts
}

// builder gathers a plan.
type builder struct {
	view       View
	after      txn.Attempt
	original   txn.Attempt
	bill       txn.Bill
	before     txn.Bill // as it was before the plan
	complete   bool     // the sum is complete by this commit: the receipt follows what else is planned
	durability txn.Durability
	records    []txn.Record
	acts       []Act
	destroyed  bool // the card number goes with this commit
}

// open opens a sale.
func (b *builder) open(o txn.SaleOpened) error {
	o.Sale.ID = b.view.Sale
	d, err := txn.OpenBill(o)
	if err != nil {
		return err
	}
	b.bill = d.After
	b.records = append(b.records, o)
	b.takeBill(d)
	return nil
}

// step runs an event through the machine.
func (b *builder) step(e txn.Event) error {
	e.AtMs = b.view.AtMs
	d, err := txn.Step(b.after, e)
	if err != nil {
		return err
	}
	m := txn.Moved(e, d)
	b.destroyed = b.destroyed || m.DestroyPAN
	m.DestroyPAN = b.destroyed // of several records in one commit the last one writes the row
	b.records = append(b.records, m)
	return b.take(d, e.Kind)
}

// stepSale runs an event of the sale through its machine.
func (b *builder) stepSale(e txn.Event) error {
	e.AtMs = b.view.AtMs
	d, err := txn.StepBill(b.bill, e)
	if err != nil {
		return err
	}
	b.records = append(b.records, txn.SaleMoved{SaleID: d.After.SaleID, Event: e})
	b.bill, b.durability = d.After, max(b.durability, d.Durability)
	for _, effect := range d.Effects {
		print := txn.Print{}
		if effect != txn.TellPerson {
			print = b.bill.Prints[len(b.bill.Prints)-1]
		}
		b.actOfSale(effect, print)
	}
	return nil
}

// take makes acts of a decision's effects, and takes the attempt into its sale's bill.
func (b *builder) take(d txn.Decision, kind txn.EventKind) error {
	b.after = d.After
	b.durability = max(b.durability, d.Durability)
	taken, err := txn.TakePart(b.bill, d.After)
	if err != nil {
		return err
	}
	b.bill = taken.After
	for _, effect := range d.Effects {
		switch {
		case effect == txn.DestroyPAN: // done by the commit itself, see step
		case effect == txn.PrintReceipt && kind != txn.PrintBegun:
			if err := b.slip(); err != nil {
				return err
			}
		case effect == txn.PrintReceipt, effect == txn.PrintCopy, effect == txn.PrintNote, effect == txn.PrintPartSlip:
			b.act(effect, b.after.Prints[len(b.after.Prints)-1])
		default:
			b.act(effect, txn.Print{})
		}
	}
	b.takeBill(taken)
	if kind == txn.LineKept && b.bill.Unpapered() && b.bill.Paper == txn.NoPaper { // the receipt waited for it
		b.complete = true
	}
	return nil
}

// takeBill notes what a part made of the bill. The receipt of a sum that is complete is begun last.
func (b *builder) takeBill(d txn.BillDecision) {
	b.durability = max(b.durability, d.Durability)
	b.complete = b.complete || slices.Contains(d.Effects, txn.PrintReceipt)
}

// slip begins the slip of a void in the same commit where the printer is ready (rule 2), and else lets it wait.
func (b *builder) slip() error {
	//mutant:receipt-waits-for-the-printer/slip
	if !b.view.Ready {
		b.act(AwaitPrinter, txn.Print{})
		return nil
	}
	return b.step(txn.Event{Kind: txn.PrintBegun, PrintID: b.view.Print})
}

// receipt begins the receipt of the sale in the same commit where the printer is ready (rule 2), and else lets it wait.
func (b *builder) receipt() error {
	b.complete = false
	//mutant:receipt-that-may-be-out-is-not-begun
	if !txn.BillAllowed(b.bill, txn.PrintBegun) { // newer books may have printed it: a person asks for a marked copy
		return nil
	}
	//mutant:receipt-waits-for-the-printer
	if !b.view.Ready {
		b.actOfSale(AwaitPrinter, txn.Print{})
		return nil
	}
	//mutant:intent-is-in-the-approval
	return b.stepSale(txn.Event{Kind: txn.PrintBegun, PrintID: b.view.Print})
}

// undo marks what an approved void undoes, in the same commit.
func (b *builder) undo(original *txn.Attempt) error {
	if original == nil {
		return nil
	}
	b.original = *original
	//mutant:void-waits-for-the-bank
	if b.after.Kind != txn.Void || !b.after.Concluded() {
		return nil
	}
	e := txn.Event{Kind: txn.VoidApproved, By: b.after.ID, AtMs: b.view.AtMs}
	d, err := txn.Step(*original, e)
	if err != nil {
		return err
	}
	taken, err := txn.TakePart(b.bill, d.After)
	if err != nil {
		return err
	}
	b.original, b.durability, b.bill = d.After, max(b.durability, d.Durability), taken.After
	//mutant:void-marks-its-sale
	b.records = append(b.records, txn.Moved(e, d))
	return nil
}

func (b *builder) act(effect txn.Effect, print txn.Print) {
	b.acts = append(b.acts, Act{Effect: effect, Print: print})
}

func (b *builder) actOfSale(effect txn.Effect, print txn.Print) {
	b.acts = append(b.acts, Act{Effect: effect, Print: print, OfSale: true})
}

// showBill gives the bill to one record of the commit, which writes its row: none where nothing changed.
func (b *builder) showBill() {
	if len(b.records) == 0 || reflect.DeepEqual(b.before, b.bill) {
		return
	}
	last := len(b.records) - 1
	if o, opened := b.records[0].(txn.SaleOpened); opened {
		o.Bill = b.bill
		b.records[0] = o
		return
	}
	switch r := b.records[last].(type) {
	case txn.AttemptOpened:
		r.Bill = b.bill
		b.records[last] = r
	case txn.AttemptMoved:
		r.Bill = b.bill
		b.records[last] = r
	case txn.SaleMoved:
		r.Bill = b.bill
		b.records[last] = r
	}
}

func isUnmarked(prints []txn.Print, id int64) bool {
	return slices.ContainsFunc(prints, func(p txn.Print) bool { return p.ID == id && p.Kind == txn.PrintOriginal })
}

// finish begins the receipt of a sum that is complete by this commit, and ends the plan.
func (b *builder) finish() (Plan, error) {
	if b.complete {
		if err := b.receipt(); err != nil {
			return Plan{}, err
		}
	}
	return b.plan(), nil
}

func (b *builder) plan() Plan {
	for i := range b.acts {
		b.acts[i].Bill = b.bill
		if !b.acts[i].OfSale {
			b.acts[i].Attempt, b.acts[i].Original = b.after, b.original
		}
	}
	b.showBill()
	//mutant:plan-is-as-durable-as-asked
	return Plan{After: b.after, Bill: b.bill, Durability: b.durability, Records: b.records, Acts: b.acts}
}
