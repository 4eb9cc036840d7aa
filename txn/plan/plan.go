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
	NextAttempt txn.ID
	NextSale    int64 // the number of the very next entry
	NextPrint   int64
	Ready       bool  // a printer is set up and can print now, by what is known without asking
	AtMs        int64 // Unix milliseconds, this till's clock
}

// Act is one thing to be done.
type Act struct {
	Effect   txn.Effect
	Attempt  txn.Attempt // as it is after the commit
	Original txn.Attempt // of a void: what it undoes, as it is after the commit
	Print    txn.Print   // of paper
}

// Plan is what an input leads to.
type Plan struct {
	After      txn.Attempt // what the input is about, as it is after the commit
	Durability txn.Durability
	Records    []txn.Record
	Acts       []Act // in their order
}

// Begin plans a new attempt of a sale, which is opened with it where it has no number yet. sealed is the
// encrypted card number, if there is one. original is what a void undoes, else nil; a void in cash
// undoes it at once.
func Begin(v View, a txn.Attempt, original *txn.Attempt, s *sale.Sale, sealed []byte) (Plan, error) {
	b := builder{view: v}
	a.ID = v.NextAttempt
	if s != nil {
		if s.ID == 0 {
			s.ID = v.NextSale
			b.records = append(b.records, txn.SaleOpened{Sale: *s})
		}
		a.SaleID = s.ID
	}
	d, err := txn.Begin(a)
	if err != nil {
		return Plan{}, err
	}
	b.records = append(b.records, txn.AttemptOpened{Attempt: d.After, Sealed: sealed})
	if err := b.take(d, ""); err != nil {
		return Plan{}, err
	}
	if err := b.undo(original); err != nil {
		return Plan{}, err
	}
	return b.plan(), nil
}

// Move plans an event of an attempt: a verdict of the bank, a late answer, the end of a print, a
// restart. original is what a void undoes, as it is now, else nil.
func Move(v View, a txn.Attempt, original *txn.Attempt, e txn.Event) (Plan, error) {
	b := builder{view: v, after: a}
	if err := b.step(e); err != nil {
		return Plan{}, err
	}
	if err := b.undo(original); err != nil {
		return Plan{}, err
	}
	//mutant:unprinted-receipt-waits
	if e.Kind == txn.PrintEnded && b.after.Paper == txn.NotPrinted && b.isReceipt(e.PrintID) {
		b.act(AwaitPrinter, txn.Print{})
	}
	return b.plan(), nil
}

// Paper plans a print that was asked for: PrintBegun, CopyBegun or NoteBegun.
func Paper(v View, a txn.Attempt, original *txn.Attempt, kind txn.EventKind) (Plan, error) {
	b := builder{view: v, after: a}
	if original != nil {
		b.original = *original
	}
	if err := b.step(txn.Event{Kind: kind, PrintID: v.NextPrint}); err != nil {
		return Plan{}, err
	}
	return b.plan(), nil
}

// Report plans the print of an X or a Z of a batch.
func Report(v View, kind txn.PrintKind, batch int64) Plan {
	p := txn.Print{ID: v.NextPrint, Kind: kind, AtMs: v.AtMs, Outcome: txn.Printing}
	return Plan{Durability: txn.Synced, Records: []txn.Record{txn.ReportOpened{Print: p, Batch: batch}},
		Acts: []Act{{Effect: PrintReport, Print: p}}}
}

// Undo plans what an attempt that is open needs before its reversal can leave: nothing where it is
// journaled as reversing (rule 6); one whose verdict could not be journaled is given up now.
func Undo(v View, a txn.Attempt) (Plan, error) {
	if a.State != txn.Pending {
		return Plan{After: a}, nil
	}
	return Move(v, a, nil, txn.Event{Kind: txn.GaveUp, Reason: txn.LinkLost})
}

// ErrNotVoidable says why a payment cannot be voided; nothing was begun.
var ErrNotVoidable = errors.New("this payment cannot be voided")

// Voidable returns nil where a void of a payment may be begun. owed are the attempts that are not finished.
func Voidable(v View, a txn.Attempt, owed []txn.Attempt) error {
	switch {
	case !txn.Allowed(a, txn.VoidApproved):
		return fmt.Errorf("%w: it is a %s that is %s", ErrNotVoidable, a.Kind, a.State)
	case a.ID.Batch() != v.NextAttempt.Batch():
		return fmt.Errorf("%w: its day is closed, so it needs a refund", ErrNotVoidable)
	case a.Paper == txn.Printing:
		return fmt.Errorf("%w: its receipt is being printed", ErrNotVoidable)
	}
	for _, o := range owed {
		if o.Original == a.ID && o.Open() {
			return fmt.Errorf("%w: an earlier void of it is not known yet", ErrNotVoidable)
		}
	}
	return nil
}

// builder gathers a plan.
type builder struct {
	view       View
	after      txn.Attempt
	original   txn.Attempt
	durability txn.Durability
	records    []txn.Record
	acts       []Act
	destroyed  bool // the card number goes with this commit
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

// take makes acts of a decision's effects.
func (b *builder) take(d txn.Decision, kind txn.EventKind) error {
	b.after = d.After
	b.durability = max(b.durability, d.Durability)
	for _, effect := range d.Effects {
		switch {
		case effect == txn.DestroyPAN: // done by the commit itself, see step
		case effect == txn.PrintReceipt && kind != txn.PrintBegun:
			if err := b.receipt(); err != nil {
				return err
			}
		case effect == txn.PrintReceipt, effect == txn.PrintCopy, effect == txn.PrintNote:
			b.act(effect, b.after.Prints[len(b.after.Prints)-1])
		default:
			b.act(effect, txn.Print{})
		}
	}
	return nil
}

// receipt begins the receipt in the same commit where the printer is ready (rule 2), and else lets it wait.
func (b *builder) receipt() error {
	//mutant:receipt-waits-for-the-printer
	if !b.view.Ready {
		b.act(AwaitPrinter, txn.Print{})
		return nil
	}
	//mutant:intent-is-in-the-approval
	return b.step(txn.Event{Kind: txn.PrintBegun, PrintID: b.view.NextPrint})
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
	b.original, b.durability = d.After, max(b.durability, d.Durability)
	//mutant:void-marks-its-sale
	b.records = append(b.records, txn.Moved(e, d))
	return nil
}

func (b *builder) act(effect txn.Effect, print txn.Print) {
	b.acts = append(b.acts, Act{Effect: effect, Print: print})
}

func (b *builder) isReceipt(printID int64) bool {
	return slices.ContainsFunc(b.after.Prints, func(p txn.Print) bool { return p.ID == printID && p.Kind == txn.PrintOriginal })
}

func (b *builder) plan() Plan {
	for i := range b.acts {
		b.acts[i].Attempt, b.acts[i].Original = b.after, b.original
	}
	//mutant:plan-is-as-durable-as-asked
	return Plan{After: b.after, Durability: b.durability, Records: b.records, Acts: b.acts}
}
