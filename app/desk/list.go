package desk

import (
	"cmp"
	"context"
	"slices"

	"veratill/txn"
)

// Listed is an attempt as the command line lists it.
type Listed struct {
	Attempt      int64         `json:"attempt"` // the till's own number; 0 of a sale of 0.00
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
	Charged      txn.Charged   `json:"charged"`             // of the payment; of a void or a refund, of its payment
	GivenBack    txn.GivenBack `json:"givenBack,omitempty"` // of a void or a refund
	// BackMinor is what voids and refunds gave back of a payment, BackUnknownMinor what they may have: nobody knows yet.
	BackMinor        int64         `json:"backMinor,omitempty"`
	BackUnknownMinor int64         `json:"backUnknownMinor,omitempty"`
	Sale             int64         `json:"sale"`
	SaleState        txn.BillState `json:"saleState"` // of the sale that it is a part of
	Paper            txn.Paper     `json:"paper"`     // of a payment, its sale's receipt; of a void, its slip
	Reason           txn.Reason    `json:"reason,omitempty"`
	Number           string        `json:"number,omitempty"`  // of a payment by code, or of giving one back, with its provider
	Cleared          string        `json:"cleared,omitempty"` // of what a person claimed: the SHA-256 of the acquirer's file that has it, too
	Card             txn.CardFacts `json:"card,omitzero"`
	Original         int64         `json:"originalStan,omitempty"`
	OpenedMs         int64         `json:"openedMs"`
	Prints           []txn.Print   `json:"prints"`
	Demo             bool          `json:"demo,omitempty"` // no money moved: the bank was simulated, or nothing proved that it was one
}

// ListedOf shows an attempt as the command line does. A sale of 0.00 has no attempt: its STAN is 0 and its tender none.
func ListedOf(m txn.Matter) Listed {
	a := m.Attempt
	bank := a.Answer.Shown()
	l := Listed{
		Attempt: int64(a.ID), STAN: a.ID.STAN(), Batch: a.Batch, Type: a.Kind, Tender: a.Tender, RRN: bank.RRN,
		ApprovalCode: bank.ApprovalCode, ResponseCode: bank.ResponseCode, AmountMinor: a.Amount.Minor,
		Currency: string(a.Amount.Currency), Demo: m.Demo(), State: a.State, Charged: a.Charged(), GivenBack: a.GivenBack(), Paper: m.Paper(), Reason: a.Reason,
		Card: a.Card, Cleared: a.Cleared, Original: a.Original.STAN(), OpenedMs: a.OpenedMs, Prints: m.Prints(), Sale: m.Bill.SaleID, SaleState: m.Bill.State,
	}
	if !a.Kind.GivesBack() {
		l.Charged = m.Charged()
		back := m.Bill.BackOf(a.ID)
		l.BackMinor, l.BackUnknownMinor = back.VoidedMinor+back.RefundedMinor, back.UnknownMinor
	}
	if a.ID == 0 {
		l.Batch, l.Type, l.Tender, l.State, l.Currency, l.OpenedMs = m.Bill.Batch, txn.Sale, "none", txn.State(m.Bill.State), string(m.Bill.Total.Currency), m.Bill.OpenedMs
	}
	if a.Tender == txn.Code || a.Tender == txn.Voucher {
		l.Number = a.Reference
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
	bills, err := d.journal.AllBills(ctx)
	if err != nil {
		return nil, err
	}
	return listAll(attempts, bills), nil
}

// PartsOf lists every attempt of a sale as it is now, the voids of those that were undone among them.
func (d *Desk) PartsOf(ctx context.Context, b txn.Bill) []Listed {
	var parts []txn.Attempt
	for _, p := range b.Parts {
		if a, err := d.journal.Attempt(ctx, p.ID); err == nil {
			parts = append(parts, a)
		}
	}
	return listAll(parts, []txn.Bill{b})
}

// listAll lists attempts with their sales, and says of each void what is so of its payment, which is among them.
func listAll(attempts []txn.Attempt, bills []txn.Bill) []Listed {
	byID := make(map[txn.ID]txn.Attempt, len(attempts))
	for _, a := range attempts {
		byID[a.ID] = a
	}
	all := make([]Listed, 0, len(attempts))
	for _, m := range withSales(attempts, bills) {
		l := ListedOf(m)
		if payment, known := byID[m.Attempt.Original]; known {
			l.Charged = txn.ChargedAfter(payment, m.Attempt)
		}
		all = append(all, l)
	}
	return all
}

// withSales joins attempts with their sales, the oldest first. A sale of 0.00, which has no attempt, stands before the first
// attempt of a sale that was opened after it.
func withSales(attempts []txn.Attempt, bills []txn.Bill) []txn.Matter {
	ofSale := make(map[int64]txn.Bill, len(bills))
	var given []txn.Bill
	for _, b := range bills {
		ofSale[b.SaleID] = b
		if b.WasPaid() && len(b.Parts) == 0 {
			given = append(given, b)
		}
	}
	slices.SortFunc(given, func(a, b txn.Bill) int { return cmp.Compare(a.SaleID, b.SaleID) })
	all := make([]txn.Matter, 0, len(attempts)+len(given))
	for _, a := range attempts {
		for len(given) > 0 && given[0].SaleID < a.SaleID {
			all, given = append(all, txn.Matter{Bill: given[0]}), given[1:]
		}
		bill := ofSale[a.SaleID]
		bill.SaleID = a.SaleID
		all = append(all, txn.Matter{Attempt: a, Bill: bill})
	}
	for _, b := range given {
		all = append(all, txn.Matter{Bill: b})
	}
	return all
}
