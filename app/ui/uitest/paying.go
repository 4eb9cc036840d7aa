package uitest

import (
	"context"
	"errors"
	"time"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/sale"
)

func (d *Desk) begin(s sale.Sale, kind txn.Kind, tender txn.Tender) txn.Attempt {
	d.next++
	id, _ := txn.NewID(3, d.next)
	return txn.Attempt{ID: id, SaleID: int64(id), Kind: kind, Tender: tender, Amount: s.Total(), State: txn.Pending,
		Paper: txn.NoPaper, Terminal: "T0000001", Cashier: "张敏", OpenedMs: d.Now().UnixMilli()}
}

func (d *Desk) keep(a txn.Attempt, s sale.Sale) present.Result {
	d.attempts[a.ID] = a
	d.entries = append([]present.Entry{{Attempt: a, Sale: s}}, d.entries...)
	r := present.Result{Attempt: a, SaleID: a.SaleID, Charged: a.Charged()}
	if a.State == txn.Approved && d.Virtual {
		r.PrintID = int64(len(d.sheets) + 1)
		d.sheets = append(d.sheets, present.Sheet{PrintID: r.PrintID, At: d.Now(), Picture: receipt(len(s.Lines))})
	}
	return r
}

// PayCash implements present.Paying.
func (d *Desk) PayCash(_ context.Context, by txn.Actor, s sale.Sale, receivedMinor int64) present.Result {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noteBy(by, "cash")
	d.CashPaid = append(d.CashPaid, receivedMinor)
	a := d.begin(s, txn.Sale, txn.Cash)
	a.State, a.Paper, a.ReceivedMinor, a.ChangeMinor = txn.Approved, d.Paper, receivedMinor, receivedMinor-s.TotalMinor
	a.EndedMs = a.OpenedMs
	return d.keep(a, s)
}

// PayCard implements present.Paying.
func (d *Desk) PayCard(ctx context.Context, by txn.Actor, s sale.Sale, tell func(present.Progress)) present.Result {
	d.mu.Lock()
	d.noteBy(by, "card")
	gate := d.Gate
	d.mu.Unlock()
	tell(present.Progress{Step: present.Presenting, At: d.Now()})
	select {
	case <-ctx.Done():
		return present.Result{Charged: txn.ChargedNo, Code: "cancelled"}
	case <-d.presented:
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.Card == "" {
		return present.Result{Charged: txn.ChargedNo, Code: d.Code}
	}
	d.CardPaid = append(d.CardPaid, s)
	a := d.begin(s, txn.Sale, txn.Card)
	a.Card = txn.CardFacts{Masked: "622848******1234", Scheme: "UnionPay", EntryMode: "022"}
	return d.answer(ctx, a, s, gate, tell)
}

// answer plays the bank; it is called with the lock held and lets it go while it waits.
func (d *Desk) answer(ctx context.Context, a txn.Attempt, s sale.Sale, gate chan struct{}, tell func(present.Progress)) present.Result {
	tell(present.Progress{Step: present.Saving, STAN: a.ID.STAN(), At: d.Now()})
	tell(present.Progress{Step: present.Sending, STAN: a.ID.STAN(), At: d.Now(), Deadline: d.Now().Add(time.Minute)})
	state, reason := d.Card, d.Reason
	if gate != nil {
		d.mu.Unlock()
		select {
		case <-gate:
		case <-ctx.Done():
			state, reason = txn.Reversing, txn.Cancelled
		}
		d.mu.Lock()
	}
	a.State = state
	switch state {
	case txn.Approved:
		a.Paper = d.Paper
		a.Answer = txn.Answer{ResponseCode: "00", RRN: "112233445566", ApprovalCode: "A1B2C3"}
		tell(present.Progress{Step: present.Papering, STAN: a.ID.STAN(), At: d.Now()})
	case txn.Declined:
		a.Answer = txn.Answer{ResponseCode: d.Code, RRN: "112233445566"}
	default:
		a.Reason, a.Tries = reason, 1
	}
	a.EndedMs = d.Now().UnixMilli()
	return d.keep(a, s)
}

// TestCards implements present.Virtual.
func (d *Desk) TestCards() []present.TestCard {
	if !d.Virtual {
		return nil
	}
	return []present.TestCard{
		{ID: "1", Name: sale.Name{ZH: "普通卡", EN: "Everyday card"}, Scheme: "UnionPay", Masked: "622848******1234"},
		{ID: "2", Name: sale.Name{ZH: "芯片卡(刷磁条会被拒绝)", EN: "Chip card (its stripe is refused)"}, Scheme: "UnionPay", Masked: "622202******8888"},
		{ID: "3", Name: sale.Name{ZH: "过期卡", EN: "Card out of date"}, Scheme: "Visa", Masked: "411111******1111"},
	}
}

// PresentCard implements present.Virtual.
func (d *Desk) PresentCard(id string) error {
	d.mu.Lock()
	d.note("present")
	d.mu.Unlock()
	select {
	case d.presented <- id:
		return nil
	default:
		return errors.New("no one waits for a card")
	}
}

// Void implements present.Returning.
func (d *Desk) Void(ctx context.Context, by txn.Actor, id txn.ID, tell func(present.Progress)) present.Result {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noteBy(by, "void")
	old := d.attempts[id]
	s := sale.Sale{Currency: old.Amount.Currency, TotalMinor: old.Amount.Minor}
	a := d.begin(s, txn.Void, old.Tender)
	a.Original = id
	if a.Tender == txn.External {
		d.mu.Unlock()
		said := d.ask(ctx, txn.Order{Attempt: a})
		r := d.told(a, s, said)
		d.mu.Lock()
		return r
	}
	r := d.answer(ctx, a, s, nil, tell)
	if r.Attempt.State == txn.Approved {
		old.State, old.VoidedBy = txn.Voided, a.ID
		d.attempts[id] = old
	}
	return r
}

// Attempt implements present.Paying.
func (d *Desk) Attempt(id txn.ID) (txn.Attempt, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	a, ok := d.attempts[id]
	if !ok {
		return a, errors.New("no such attempt")
	}
	return a, nil
}
