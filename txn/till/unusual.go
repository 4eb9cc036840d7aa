package till

import (
	"context"
	"fmt"
	"strings"

	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/plan"
	"veratill/txn/sale"
)

// Unusual is how much may be given back in cash where it was not paid in cash, in minor units. 0 is none of it: what the settings leave out is off.
type Unusual struct {
	CardMinor      int64 // of one payment by card, also at a separate terminal
	OtherMinor     int64 // of one payment by anything else: a payment code, a voucher, goods that came back
	NoReceiptMinor int64 // in one day, of goods whose sale nobody knows
}

// mostInCash is how much of a payment may be given back in cash.
func (u Unusual) mostInCash(paid txn.Tender) int64 {
	//mutant:a-card-s-money-in-cash-has-its-own-setting
	if paid == txn.Card || paid == txn.External {
		return u.CardMinor
	}
	return u.OtherMinor
}

// InCash is how much of a payment may still go back in cash, though something else paid it; 0 where the settings do not allow that.
func (t *Till) InCash(m txn.Matter) int64 {
	if m.Attempt.Tender == txn.Cash {
		return 0
	}
	left := t.cfg.Refunds.mostInCash(m.Attempt.Tender)
	for _, p := range m.Bill.Parts {
		//mutant:the-ceiling-is-of-the-payment
		if p.Kind == txn.Refund && p.Original == m.Attempt.ID && p.Tender == txn.Cash {
			left -= p.AmountMinor
		}
	}
	return max(min(left, m.Bill.BackOf(m.Attempt.ID).LeftMinor), 0)
}

// giveCash gives money of a payment back in cash, though something else paid it.
func (t *Till) giveCash(ctx context.Context, by txn.Actor, m txn.Matter, g Giving) (Outcome, error) {
	if err := plan.Refundable(m.Attempt, m.Bill, g.AmountMinor, true); err != nil {
		return Outcome{}, fault(m.Charged(), err)
	}
	//mutant:an-unusual-refund-has-a-reason
	if strings.TrimSpace(by.Why) == "" {
		return Outcome{}, fault(m.Charged(), errNoReason)
	}
	refund := txn.Attempt{Kind: txn.Refund, Tender: txn.Cash, Original: m.Attempt.ID, Return: g.Return, Amount: m.Attempt.Amount, OtherWay: true}
	refund.Amount.Minor = g.AmountMinor
	return t.refundIt(ctx, by, refund, with{tell: g.Tell, goods: g.Goods, goodsMinor: g.GoodsMinor, paysFor: g.Return})
}

// mayGiveCash refuses more in cash than the settings leave of a payment. The caller holds the write lock: two at once come to no more than one after the other.
func (t *Till) mayGiveCash(m txn.Matter, amountMinor int64) error {
	if most := t.InCash(m); amountMinor > most {
		return tooMuch(amountMinor, most, m)
	}
	return nil
}

// tooMuch says what was asked for in cash of a payment, what the settings leave of it, and what to do.
func tooMuch(asked, most int64, m txn.Matter) error {
	c := m.Attempt.Amount.Currency
	if most > 0 {
		return fmt.Errorf("%w: %s was asked for in cash, and they allow %s more in cash of this payment. Nothing went back: ask for that at most, or give it back to where it was paid from", errNotAllowed, figure(asked, c), figure(most, c))
	}
	return fmt.Errorf("%w: %s was asked for in cash, and they allow no cash, or no more of it, for this payment. Nothing went back: give it back to where it was paid from", errNotAllowed, figure(asked, c))
}

// TakeBack takes goods back without the receipt of their sale, and gives cash for them: as much as the settings allow in one day, and with a reason in the
// actor's Why. It is one synced commit. The error is a *txn.Fault.
func (t *Till) TakeBack(ctx context.Context, by txn.Actor, s sale.Sale) (Outcome, error) {
	if strings.TrimSpace(by.Why) == "" {
		return Outcome{}, fault(txn.ChargedNo, errNoReason)
	}
	if s.ID != 0 {
		return Outcome{}, fault(txn.ChargedNo, txn.ErrNotAllowed)
	}
	s.NoReceipt, s.Exchange = true, nil
	return t.atOnce(ctx, by, txn.Attempt{Kind: txn.Refund, Tender: txn.Cash, NoReceipt: true, Amount: s.Total()}, 0, with{sale: s})
}

// mayTakeBack refuses more without a receipt than the settings leave of the day. The caller holds the write lock.
func (t *Till) mayTakeBack(ctx context.Context, s sale.Sale) error {
	left, err := t.leftWithoutReceipt(ctx)
	if err != nil {
		return err
	}
	//mutant:no-receipt-has-a-ceiling
	if s.TotalMinor > left {
		return fmt.Errorf("%w: %s was asked for without a receipt, and they allow %s more today. Nothing went back: look for the receipt, or take goods for that at most", errNotAllowed, figure(s.TotalMinor, s.Currency), figure(left, s.Currency))
	}
	return nil
}

// leftWithoutReceipt is how much may still go back in the open day without a receipt, in minor units. A ceiling that counted one refund alone would be
// none: there can be any number of them.
func (t *Till) leftWithoutReceipt(ctx context.Context) (int64, error) {
	left := t.cfg.Refunds.NoReceiptMinor
	if left == 0 {
		return 0, nil
	}
	day, err := t.cfg.Numbers.Attempts(ctx, t.cfg.Journal.Next().Batch)
	for _, a := range day {
		//mutant:the-ceiling-is-of-the-day
		if a.NoReceipt {
			left -= a.Amount.Minor
		}
	}
	return max(left, 0), err
}

func figure(minor int64, c money.Currency) string {
	return money.Amount{Minor: minor, Currency: c}.Figure()
}
