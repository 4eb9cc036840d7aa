package plan

import (
	"errors"
	"fmt"
	"slices"

	"veratill/txn"
	"veratill/txn/money"
)

// Why is why money of a payment goes back by a refund and not by a void, or by a void.
type Why string

// The closed set of reasons.
const (
	WhyWhole     Why = "whole and of today" // a void: the bank has not settled it yet
	WhyEarlier   Why = "earlier day"        // its batch is closed
	WhyInPart    Why = "in part"            // a void undoes the whole
	WhyBackSome  Why = "given back before"  // the rest of it is no whole payment
	WhyElsewhere Why = "paid elsewhere"     // a card terminal voids what it took itself
	WhyNotVoided Why = "void declined"      // the bank said no to a void of it, or the line could not make one
)

// ErrNotRefundable says why money of a payment cannot be given back; nothing was begun.
var ErrNotRefundable = errors.New("this money cannot be given back")

// Choose decides how an amount of a payment goes back: a void where it is all of a payment of the open day of which nothing has gone back yet,
// and no bank has declined that, and no line was unable to make one; else a refund. Whether it may begin is Voidable's and Refundable's to say.
func Choose(v View, a txn.Attempt, bill txn.Bill, amountMinor int64) (txn.Kind, Why) {
	back := bill.BackOf(a.ID)
	switch {
	//mutant:void-of-the-open-day-alone
	case a.Batch != v.Batch:
		return txn.Refund, WhyEarlier
	case back.RefundedMinor+back.UnknownMinor > 0:
		return txn.Refund, WhyBackSome
	//mutant:void-of-the-whole-alone
	case amountMinor != a.Amount.Minor:
		return txn.Refund, WhyInPart
	//mutant:a-void-that-can-t-be-made-is-a-refund
	case slices.ContainsFunc(bill.Parts, func(p txn.Part) bool {
		return p.Kind == txn.Void && p.Original == a.ID && (p.State == txn.Declined || p.NotMade)
	}):
		return txn.Refund, WhyNotVoided
	}
	return txn.Void, WhyWhole
}

// Refundable returns nil where so much of a payment may be given back by a refund: the way it came, or in cash where otherWay says so.
func Refundable(a txn.Attempt, bill txn.Bill, amountMinor int64, otherWay bool) error {
	back := bill.BackOf(a.ID)
	switch {
	case a.Kind != txn.Sale || !a.Concluded():
		return fmt.Errorf("%w: it is a %s that is %s", ErrNotRefundable, a.Kind, a.State)
	case a.Tender == txn.Exchange && !otherWay:
		return fmt.Errorf("%w: goods that came back paid it, and no money: exchange what it paid for", ErrNotRefundable)
	case !bill.WasPaid():
		return fmt.Errorf("%w: sale %d is %s: finish it, or undo it", ErrNotRefundable, bill.SaleID, bill.State)
	//mutant:what-is-not-confirmed-is-not-refundable
	case bill.Unconfirmed():
		return fmt.Errorf("%w: %w", ErrNotRefundable, errUnconfirmed(bill))
	case back.UnknownMinor > 0:
		return fmt.Errorf("%w: whether an earlier void or refund of it went through is not known: give nothing back until it is", ErrNotRefundable)
	case amountMinor > back.LeftMinor:
		return fmt.Errorf("%w: %s was asked for, and %s of this payment is left to give back. Nothing went back: ask for that at most", ErrNotRefundable, figure(amountMinor, a.Amount.Currency), figure(back.LeftMinor, a.Amount.Currency))
	}
	return nil
}

// errUnconfirmed says why nothing goes back of a sale of which a line has not confirmed a part.
func errUnconfirmed(bill txn.Bill) error {
	return fmt.Errorf("the terminal has not said yet whether it keeps a payment of sale %d, and may undo it by itself. Nothing went back: see that the terminal can be reached, which is asked, and try again", bill.SaleID)
}

// Share is how much goes back of which payment.
type Share struct {
	Payment     txn.ID
	AmountMinor int64
}

// Spread says of which payments of a sale an amount goes back: the last one first, as a sale is undone, and none of which something is not known. The
// error is ErrNotRefundable: less than that is left.
func Spread(bill txn.Bill, amountMinor int64) (shares []Share, err error) {
	//mutant:what-is-not-confirmed-pays-for-nothing
	if bill.Unconfirmed() {
		return nil, fmt.Errorf("%w: %w", ErrNotRefundable, errUnconfirmed(bill))
	}
	need := amountMinor
	for _, part := range ToUndo(bill) {
		back := bill.BackOf(part.ID)
		take := min(need, back.LeftMinor)
		if back.UnknownMinor > 0 || take <= 0 {
			continue
		}
		shares, need = append(shares, Share{part.ID, take}), need-take
	}
	if need > 0 || amountMinor <= 0 {
		return nil, fmt.Errorf("%w: %s was asked for, and %s of sale %d is left to give back. Nothing went back: ask for that at most", ErrNotRefundable, figure(amountMinor, bill.Total.Currency), figure(amountMinor-need, bill.Total.Currency), bill.SaleID)
	}
	return shares, nil
}

func figure(minor int64, c money.Currency) string {
	return money.Amount{Minor: minor, Currency: c}.Figure()
}
