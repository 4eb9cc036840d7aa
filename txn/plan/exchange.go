package plan

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"veratill/txn"
	"veratill/txn/sale"
)

// ErrExchange says why goods that come back can't pay for others; nothing of them was given back.
var ErrExchange = errors.New("the goods that come back can't pay for this sale")

// Swap is the sale whose goods come back for those of another one, as it is now.
type Swap struct {
	Bill     txn.Bill
	Sold     sale.Sale
	Payments map[txn.ID]txn.Attempt // of that sale, as far as they stand
}

// Exchange plans the part of a sale that goods of another one pay, which completes it (Bill.mayBegin takes no other one), and that they are given back for it: all in one commit, so that
// neither is ever without the other. into is the sale's bill, with everything else paid; opened is the sale where it has no number yet. as is what all
// attempts of the till have in common.
//
// The plans are to be committed together. The first one is of the sale that is paid; the others are of what is given back of the other one.
func Exchange(v View, s Swap, sold sale.Sale, into txn.Bill, opened *txn.SaleOpened, as txn.Attempt) (plans []Plan, err error) {
	e, credit := sold.Exchange, sold.CreditMinor()
	if e == nil || credit == 0 || e.SaleID != s.Bill.SaleID || s.Bill.SaleID == into.SaleID || s.Bill.Total.Currency != sold.Currency || s.Bill.Demo != as.Demo {
		return nil, fmt.Errorf("%w: no goods of another sale come back for it", ErrExchange)
	}
	pays := as
	pays.Kind, pays.Tender, pays.Amount = txn.Sale, txn.Exchange, sold.Total()
	pays.Amount.Minor, pays.ReceivedMinor, pays.ChangeMinor = credit, e.AmountMinor, e.AmountMinor-credit
	pays.Reference = strconv.FormatInt(e.SaleID, 10)
	first, err := Begin(v, txn.Matter{Bill: into, Attempt: pays}, opened, nil)
	if err != nil {
		return nil, err
	}
	shares, err := Spread(s.Bill, credit)
	if err != nil {
		return nil, err
	}
	plans, v = []Plan{first}, v.After(first)
	back := as
	back.Kind, back.Tender, back.Reference = txn.Refund, txn.Exchange, strconv.FormatInt(first.Bill.SaleID, 10)
	bill := s.Bill
	for i, share := range shares {
		payment := s.Payments[share.Payment]
		back.Original, back.Card, back.Amount = share.Payment, payment.Card, pays.Amount
		back.Amount.Minor = share.AmountMinor
		m := txn.Matter{Bill: bill, Attempt: back, Original: &payment}
		var p Plan
		if i == 0 {
			p, err = BeginReturn(v, m, s.Sold, e.Goods, e.AmountMinor, nil)
			back.Return = p.After.Return
		} else {
			p, err = Begin(v, m, nil, nil)
		}
		if err != nil {
			return nil, err
		}
		plans, v, bill = append(plans, p), v.After(p), p.Bill
	}
	return plans, nil
}

// After is the view once a plan is committed in the same entry as the next one.
func (v View) After(p Plan) View {
	for _, r := range p.Records {
		switch r := r.(type) {
		case txn.AttemptOpened:
			v.Attempt = max(v.Attempt, r.Attempt.ID+1)
		case txn.AttemptMoved:
			v.Print = max(v.Print, r.Event.PrintID+1)
		case txn.SaleMoved:
			v.Print = max(v.Print, r.Event.PrintID+1)
		}
	}
	return v
}

// Together is what several plans commit in one entry. Its acts are none: each plan's are done by itself, with what it needs.
func Together(plans ...Plan) (all Plan) {
	for _, p := range plans {
		all.Records = append(all.Records, p.Records...)
		all.Acts = append(all.Acts, p.Acts...)
		all.Durability = max(all.Durability, p.Durability)
	}
	return all
}

// Difference says of which payment what is left of goods that came back goes back, once they have paid for others: the last one of which so much is
// left. The error is ErrNotRefundable where it would be several.
func Difference(bill txn.Bill, overMinor int64) (Share, error) {
	shares, err := Spread(bill, overMinor)
	if err == nil && len(shares) > 1 {
		i := slices.IndexFunc(bill.Parts, func(p txn.Part) bool {
			return p.Stands() && p.Tender != txn.Exchange && bill.BackOf(p.ID).LeftMinor >= overMinor
		})
		if i < 0 {
			return Share{}, fmt.Errorf("%w: the difference would go back by several payments: give the goods back, and sell the others", ErrNotRefundable)
		}
		return Share{bill.Parts[i].ID, overMinor}, nil
	}
	if err != nil {
		return Share{}, err
	}
	return shares[0], nil
}
