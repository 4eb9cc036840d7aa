package desk

import (
	"context"
	"strconv"

	"veratill/app/present"
	"veratill/txn"
)

// FoundList is an answer as the command line gives it.
type FoundList struct {
	Payments []FoundPayment `json:"payments"` // the best first
	More     bool           `json:"more"`     // others fit as well as the last one
	Behind   int64          `json:"behind"`   // entries of the books that the index has not taken up yet
	Trouble  string         `json:"trouble,omitempty"`
}

// FoundPayment is a payment with what was sold.
type FoundPayment struct {
	Listed
	Cashier string   `json:"cashier,omitempty"`
	Items   []string `json:"items"` // the names, in Chinese where the article has one, or the codes
}

// FoundListOf is an answer as the command line gives it.
func FoundListOf(f present.FoundPayments) FoundList {
	list := FoundList{Payments: []FoundPayment{}, More: f.More, Behind: f.Behind, Trouble: f.Trouble}
	for _, e := range f.Entries {
		p := FoundPayment{Listed: ListedOf(e.Matter()), Cashier: e.Attempt.Cashier, Items: []string{}}
		for _, part := range e.Bill.Parts {
			if part.ID == e.Attempt.Original { // of a void: what is so of its payment
				p.Charged = txn.ChargedAfter(txn.Attempt{Kind: part.Kind, Tender: part.Tender, State: part.State}, e.Attempt)
			}
		}
		for _, l := range e.Sale.Lines {
			name := l.ShownName()
			if name.ZH == "" {
				name.ZH = name.EN
			}
			p.Items = append(p.Items, name.ZH)
		}
		list.Payments = append(list.Payments, p)
	}
	return list
}

// Dispute answers what a customer says of a payment, as a second program asks for it.
func (d *Desk) Dispute(ctx context.Context, attempt, says, language string) (present.Dispute, error) {
	id, err := strconv.ParseInt(attempt, 10, 64)
	if err != nil {
		return present.Dispute{}, err
	}
	words, err := present.NewWords(language)
	if err != nil {
		return present.Dispute{}, err
	}
	of, err := d.config.Disputes.Affair(ctx, txn.ID(id))
	if err != nil {
		return present.Dispute{}, err
	}
	return words.Dispute(present.Says(says), of)
}
