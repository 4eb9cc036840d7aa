package till

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"veratill/txn"
	"veratill/txn/plan"
	"veratill/txn/sale"
)

// Slips keep the merchant's slips of card payments as they are first printed.
type Slips interface {
	// Make makes what a sheet has of them, with its SHA-256 in hex; nothing where it has none.
	Make(s Sheet) (slip []byte, sha256 string, err error)
	// Keep keeps one. It is durable once Sync was called.
	Keep(slip []byte, at time.Time) error
	// Lacks lists which are not there as their hashes say, of some by their hashes, each with about when it was kept.
	Lacks(kept map[string]time.Time) (missing map[string]bool, err error)
	Sync() error
}

// Evidence is what the journal has for disputes: the merchant's slips, and the cases.
type Evidence interface {
	Cases(ctx context.Context) ([]txn.Case, error)
	SlipsBefore(ctx context.Context, printID int64, most int) ([]txn.SlipKept, error)
}

// slipsOf keeps the slips that a plan is about to print for the first time, and returns the records that name them: they belong to the entry of the print's intent. A
// slip that can't be kept stops no receipt: the customer has paid.
func (t *Till) slipsOf(ctx context.Context, p plan.Plan) (records []txn.Record) {
	for _, act := range p.Acts {
		//mutant:a-copy-is-no-original
		if act.Effect != txn.PrintReceipt {
			continue
		}
		kept, err := t.keepSlip(ctx, p, act)
		switch {
		case err != nil:
			t.cfg.Log.Error("slip", "print", act.Print.ID, "error", err)
		case kept.SHA256 != "":
			records = append(records, kept)
		}
	}
	slices.SortFunc(records, func(a, b txn.Record) int { return cmp.Compare(a.(txn.SlipKept).Print, b.(txn.SlipKept).Print) })
	return records
}

// keepSlip keeps what an act is about to print; without a hash where that has no card.
func (t *Till) keepSlip(ctx context.Context, p plan.Plan, act plan.Act) (k txn.SlipKept, err error) {
	if !withCard(act) { // which most sales of some shops are: nothing is read for them
		return k, nil
	}
	s, err := t.sheetToKeep(ctx, p, act)
	if err != nil {
		return k, err
	}
	slip, sha, err := t.cfg.Slips.Make(s)
	if err != nil || sha == "" {
		return k, err
	}
	return txn.SlipKept{Print: s.Print.ID, SaleID: s.Bill.SaleID, Attempt: s.Attempt.ID, SHA256: sha, AtMs: s.Print.AtMs},
		t.cfg.Slips.Keep(slip, time.UnixMilli(s.Print.AtMs))
}

// withCard reports whether what is printed has a card payment on it, or what went back of one.
func withCard(act plan.Act) bool {
	if !act.OfSale {
		return act.Attempt.Tender == txn.Card
	}
	return slices.ContainsFunc(act.Bill.Parts, func(p txn.Part) bool { return p.Paid && p.Tender == txn.Card })
}

// sheetToKeep is what a plan is about to print. Of its sale and its card payment the journal knows only what was so before the plan.
func (t *Till) sheetToKeep(ctx context.Context, p plan.Plan, act plan.Act) (s Sheet, err error) {
	var sold sale.Sale
	for _, r := range p.Records {
		switch r := r.(type) {
		case txn.SaleOpened:
			sold = r.Sale
		case txn.AttemptMoved:
			if r.After.SaleID == act.Bill.SaleID && r.After.Tender == txn.Card {
				p.After = r.After
			}
		}
	}
	if sold.ID != act.Bill.SaleID {
		if sold, err = t.cfg.Journal.Sale(ctx, act.Bill.SaleID); err != nil {
			return s, err
		}
	}
	return t.sheetOf(ctx, p, act, with{sale: sold}), nil
}

// remakeSlips makes slips anew that a power cut took before they were durable: what was printed follows from the books, and its hash says whether it is the same. It looks back
// until it has met enough that are there.
func (t *Till) remakeSlips(ctx context.Context) error {
	const (
		atOnce = 32
		most   = 4096
	)
	before := int64(math.MaxInt64)
	for looked := 0; looked < most; looked += atOnce {
		list, err := t.cfg.Evidence.SlipsBefore(ctx, before, atOnce)
		if err != nil || len(list) == 0 {
			return err
		}
		named := map[string]time.Time{}
		for _, k := range list {
			before, named[k.SHA256] = k.Print, time.UnixMilli(k.AtMs)
		}
		missing, err := t.cfg.Slips.Lacks(named)
		if err != nil || len(missing) == 0 {
			return err
		}
		for _, k := range list {
			if !missing[k.SHA256] {
				continue
			}
			if err := t.remake(ctx, k); err != nil {
				t.cfg.Log.Warn("slip", "print", k.Print, "error", err)
			}
		}
	}
	return nil
}

var errOtherSlip = errors.New("the slip was lost, and what the books and the settings make of it now is another one")

func (t *Till) remake(ctx context.Context, k txn.SlipKept) error {
	o := owner{sale: k.SaleID, attempt: k.Attempt}
	m, err := t.owned(ctx, o)
	if err != nil {
		return err
	}
	act := plan.Act{Attempt: m.Attempt, Bill: m.Bill, Print: txn.Print{ID: k.Print, Kind: txn.PrintOriginal, AtMs: k.AtMs}, OfSale: k.Attempt == 0}
	if m.Original != nil {
		act.Original = *m.Original
	}
	sold, err := t.cfg.Journal.Sale(ctx, k.SaleID)
	if err != nil {
		return err
	}
	slip, sha, err := t.cfg.Slips.Make(t.sheetOf(ctx, plan.Plan{}, act, with{sale: sold}))
	if err != nil {
		return err
	}
	//mutant:a-slip-that-is-made-anew-is-the-same
	if sha != k.SHA256 {
		return errOtherSlip
	}
	return t.cfg.Slips.Keep(slip, time.UnixMilli(k.AtMs))
}
