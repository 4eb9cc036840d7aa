package txn

import (
	"fmt"
	"reflect"
	"slices"

	"veratill/txn/sale"
)

// Back is what became of the money of payments that went back, or may have, in minor units.
type Back struct {
	VoidedMinor   int64 // payments that a void undid
	RefundedMinor int64 // refunds that are approved, or claimed by a person's word or a manager's evidence
	UnknownMinor  int64 // voids and refunds that are under way, or not known
	LeftMinor     int64 // what may still be given back; never below 0
}

// Back is the one place that decides what a customer got back of a sale, beside derive: the sum of BackOf over its payments.
func (b Bill) Back() Back {
	var all Back
	for _, p := range b.Parts {
		if p.Kind != Sale {
			continue
		}
		one := b.BackOf(p.ID)
		all.VoidedMinor += one.VoidedMinor
		all.RefundedMinor += one.RefundedMinor
		all.UnknownMinor += one.UnknownMinor
		all.LeftMinor += one.LeftMinor
	}
	return all
}

// BackOf is what went back of one payment. Everything that is under way or not known counts as gone, so that nobody gets it twice: what is
// left is compared and set with each attempt that begins, by whoever takes parts into a bill one at a time.
func (b Bill) BackOf(payment ID) (back Back) {
	for _, p := range b.Parts {
		switch {
		case p.ID == payment && p.State == Voided:
			back.VoidedMinor = p.AmountMinor
		case p.ID == payment && p.Stands():
			back.LeftMinor += p.AmountMinor
		case p.Kind == Sale || p.Original != payment:
		//mutant:unknown-refund-counts-as-given
		case p.Open() || p.State == Unresolved:
			back.UnknownMinor += p.AmountMinor
			back.LeftMinor -= p.AmountMinor
		//mutant:refund-counts-as-given
		case p.Kind == Refund && (p.State == Approved || p.State == Claimed):
			back.RefundedMinor += p.AmountMinor
			back.LeftMinor -= p.AmountMinor
		}
	}
	back.LeftMinor = max(back.LeftMinor, 0)
	return back
}

// refunding reports whether a refund of a payment is under way, or not known.
func (b Bill) refunding(payment ID) bool {
	return slices.ContainsFunc(b.Parts, func(p Part) bool {
		return p.Kind == Refund && p.Original == payment && (p.Open() || p.State == Unresolved)
	})
}

// mayRefund says why a refund may not be begun. It is the compare-and-set over all that is under way.
func (b Bill) mayRefund(refund Attempt) error {
	no := func(why string) error {
		return fmt.Errorf("%w: payment %s of sale %d: %s", ErrNotAllowed, refund.Original, b.SaleID, why)
	}
	i := slices.IndexFunc(b.Parts, func(p Part) bool { return p.ID == refund.Original && p.Stands() })
	switch {
	//mutant:refund-of-a-paid-sale
	case i < 0 || !b.WasPaid():
		return no("it is no payment that stands, of a sale that was paid")
	//mutant:nothing-goes-back-of-what-is-not-confirmed
	case b.Unconfirmed(): // what its line then undid was never paid, and the sale has a rest again
		return no("a line has not confirmed yet that it keeps a part of it")
	//mutant:money-goes-back-the-way-it-came
	case refund.Tender != Exchange && b.Parts[i].Tender != refund.Tender && !refund.OtherWay || refund.OtherWay && b.Parts[i].Tender == Cash || refund.Tender == Exchange && refund.Return == 0:
		return no("money goes back the way it came")
	//mutant:one-refund-at-a-time
	case b.refunding(refund.Original):
		return no("whether an earlier refund of it went through is not known")
	case b.undoing(refund.Original) || b.Doubts(refund.Original):
		return no("whether a void of it went through is not known")
	//mutant:no-refund-above-what-is-left
	case refund.Amount.Minor > b.BackOf(refund.Original).LeftMinor:
		return no("that is more than is left of it")
	}
	return nil
}

// Return is the goods of a sale that came back at one time.
type Return struct {
	Number      int             `json:"number"` // within its sale: 1, 2, 3 …
	Lines       []sale.BackLine `json:"lines"`
	AmountMinor int64           `json:"amountMinor"` // the sum of the lines
}

// Returned is how much of each line of a sale came back, in 1/100,000 of its unit. A return counts from the beginning of the first attempt to
// give its money back, and no longer where all of them were declined or undone.
func (b Bill) Returned() map[int]int64 {
	back := map[int]int64{}
	for _, r := range b.Returns {
		if !b.counts(r.Number) {
			continue
		}
		for _, line := range r.Lines {
			back[line.Line] += line.QuantityE5
		}
	}
	return back
}

func (b Bill) counts(number int) bool {
	//mutant:return-counts-while-not-declined
	return slices.ContainsFunc(b.Parts, func(p Part) bool { return p.Return == number && p.State != Declined && p.State != Reversed })
}

// TakeReturn takes a return into the bill of a sale. Its lines have to be what sale.Back makes of what was sold and came back before.
func TakeReturn(b Bill, sold sale.Sale, r Return) (Bill, error) {
	want := make([]sale.Want, len(r.Lines))
	for i, line := range r.Lines {
		want[i] = sale.Want{Line: line.Line, QuantityE5: line.QuantityE5}
	}
	lines, amountMinor, err := sale.Back(sold.Lines, b.Returned(), want)
	if err != nil {
		return b, fmt.Errorf("%w: return %d of sale %d: %w", ErrNotAllowed, r.Number, b.SaleID, err)
	}
	//mutant:return-is-as-sold
	if sold.ID != b.SaleID || r.Number != len(b.Returns)+1 || amountMinor != r.AmountMinor || !reflect.DeepEqual(lines, r.Lines) {
		return b, fmt.Errorf("%w: return %d of sale %d is not what was sold and is left of it", ErrImpossible, r.Number, b.SaleID)
	}
	b.Returns = append(b.Returns[:len(b.Returns):len(b.Returns)], r)
	return b, nil
}
