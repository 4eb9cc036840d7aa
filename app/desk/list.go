package desk

import (
	"context"

	"veratill/txn"
)

// Listed is an attempt as the command line lists it.
type Listed struct {
	STAN         int64         `json:"stan"`
	Batch        int64         `json:"batch"`
	Type         txn.Kind      `json:"type"`
	Tender       txn.Tender    `json:"tender"`
	RRN          string        `json:"rrn"`
	ApprovalCode string        `json:"approvalCode"`
	ResponseCode string        `json:"responseCode"`
	AmountMinor  int64         `json:"amountMinor"`
	Currency     string        `json:"currency"`
	State        txn.State     `json:"state"`
	Charged      txn.Charged   `json:"charged"`             // of the payment; of a void, of what it was to undo
	GivenBack    txn.GivenBack `json:"givenBack,omitempty"` // of a void
	Paper        txn.Paper     `json:"paper"`
	Reason       txn.Reason    `json:"reason,omitempty"`
	Card         txn.CardFacts `json:"card,omitzero"`
	Original     int64         `json:"originalStan,omitempty"`
	OpenedMs     int64         `json:"openedMs"`
	Prints       []txn.Print   `json:"prints"`
}

// ListedOf shows an attempt as the command line does.
func ListedOf(a txn.Attempt) Listed {
	bank := a.Answer.Shown()
	l := Listed{
		STAN: a.ID.STAN(), Batch: a.ID.Batch(), Type: a.Kind, Tender: a.Tender, RRN: bank.RRN,
		ApprovalCode: bank.ApprovalCode, ResponseCode: bank.ResponseCode, AmountMinor: a.Amount.Minor,
		Currency: string(a.Amount.Currency), State: a.State, Charged: a.Charged(), GivenBack: a.GivenBack(), Paper: a.Paper, Reason: a.Reason,
		Card: a.Card, Original: a.Original.STAN(), OpenedMs: a.OpenedMs, Prints: a.Prints,
	}
	if l.Paper == txn.Printing { // begun, and nobody knows yet
		l.Paper = txn.PaperUnknown
	}
	if l.Prints == nil {
		l.Prints = []txn.Print{}
	}
	return l
}

// List is every attempt of the journal in order.
func (d *Desk) List(ctx context.Context) ([]Listed, error) {
	attempts, err := d.journal.AllAttempts(ctx)
	if err != nil {
		return nil, err
	}
	return listAll(attempts), nil
}

// listAll lists attempts, and says of each void what is so of its payment, which is among them.
func listAll(attempts []txn.Attempt) []Listed {
	byID := make(map[txn.ID]txn.Attempt, len(attempts))
	for _, a := range attempts {
		byID[a.ID] = a
	}
	all := make([]Listed, 0, len(attempts))
	for _, a := range attempts {
		l := ListedOf(a)
		if payment, known := byID[a.Original]; known {
			l.Charged = txn.ChargedAfter(payment, a)
		}
		all = append(all, l)
	}
	return all
}
