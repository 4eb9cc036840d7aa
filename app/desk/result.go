package desk

import (
	"cmp"
	"context"
	"errors"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/journal"
	"veratill/txn/sale"
	"veratill/txn/till"
)

// Unread is the result of a card that was not read, or for which nobody waits any more.
func Unread(err error) present.Result {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return notBegun("cancelled", err)
	}
	return refused(CodeOfCard(err), err)
}

// refused is a card that this till does not take: a refusal like the bank's.
func refused(code string, err error) present.Result {
	r := notBegun(code, err)
	r.Refused = true
	return r
}

func notBegun(code string, err error) present.Result {
	r := present.Result{Code: code, Charged: txn.ChargedNo}
	if err != nil {
		r.Detail = err.Error()
	}
	return r
}

// result says how a payment or a void ended, and where the money is.
func (d *Desk) result(out till.Outcome, err error) present.Result {
	r := present.Result{Attempt: out.Attempt, Bill: out.Bill, SaleID: out.SaleID, PrintID: out.PrintID}
	if r.Bill.SaleID == 0 && out.Attempt.ID != 0 { // its end could not be kept, or it is not known: the sale is as the books have it
		if bill, err := d.journal.Bill(d.ctx, out.Attempt.SaleID); err == nil {
			r.Bill = bill
		}
	}
	if out.Attempt.ID == 0 && out.Bill.SaleID != 0 {
		r.Charged = r.Matter().Charged()
	}
	if out.Attempt.ID != 0 {
		r.Charged, r.GivenBack = d.chargedOf(out.Attempt), out.Attempt.GivenBack()
	}
	if err != nil {
		r.Charged, r.Code, r.Detail = txn.FaultOf(err).Charged, codeOf(err), err.Error()
	}
	return r
}

// asStands says of a payment that was not begun how its sale stands by the books: a part of it may be taken or not known, and "not charged" would be read
// as said of that part too.
func (d *Desk) asStands(s sale.Sale, r present.Result) present.Result {
	id := cmp.Or(s.ID, s.Before)
	if id == 0 || r.Attempt.ID != 0 || r.Charged != txn.ChargedNo || r.Bill.SaleID != 0 {
		return r
	}
	b, err := d.journal.Bill(d.ctx, id)
	switch {
	case err != nil:
		r.Charged, r.Detail = txn.ChargedUnknown, r.Detail+"; "+err.Error()
	//mutant:goods-of-a-payment-not-known-are-said
	case s.ID == 0 && b.NotKnown():
		r.Code, r.Charged = "goods not known", txn.ChargedUnknown
	case s.ID == 0 && (b.WasPaid() || b.State == txn.BillPartPaid):
		r.Code, r.Charged = "goods paid", txn.ChargedYes
	case s.ID == 0:
	//mutant:a-refused-payment-says-what-stands
	case b.NotKnown() || b.WasPaid():
		if of, err := d.MatterOf(present.InQuestion(b)); err == nil {
			return d.result(till.Outcome{Attempt: of.Attempt, Bill: of.Bill, SaleID: of.Bill.SaleID}, nil)
		}
		r.Charged = txn.ChargedUnknown
	default:
		r.Bill, r.SaleID = b, b.SaleID
	}
	return r
}

// chargedOf says whether the customer is charged: of a void or a refund it looks at the payment.
func (d *Desk) chargedOf(a txn.Attempt) txn.Charged {
	if !a.Kind.GivesBack() {
		return a.Charged()
	}
	payment, err := d.Attempt(a.Original)
	if err != nil {
		return txn.ChargedUnknown
	}
	return txn.ChargedAfter(payment, a)
}

// ResultOf is how an attempt stands now.
func (d *Desk) ResultOf(id txn.ID) (present.Result, error) {
	m, err := d.MatterOf(id)
	return d.result(till.Outcome{Attempt: m.Attempt, Bill: m.Bill, SaleID: m.Bill.SaleID}, nil), err
}

// codeOf is the closed word for an error, which the language catalogue translates. What the journal says of its
// disk is more exact than the till's word for it.
func codeOf(err error) string {
	for _, k := range []struct {
		err  error
		code string
	}{
		{journal.ErrFull, "disk full"}, {journal.ErrNumbersUsed, "numbers used"}, {journal.ErrNotFound, "not found"},
	} {
		if errors.Is(err, k.err) {
			return k.code
		}
	}
	return txn.FaultOf(err).Code
}
