package uitest

import (
	"context"
	"errors"
	"slices"
	"time"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/sale"
)

func (d *Desk) begin(s sale.Sale, kind txn.Kind, tender txn.Tender) txn.Attempt {
	d.next++
	id := txn.ID(d.next)
	saleID := s.ID
	if saleID == 0 {
		saleID = int64(id)
	}
	amount := s.Total()
	if b := d.bill(saleID, s); kind == txn.Sale && !b.WasPaid() {
		amount = b.Rest()
	}
	return txn.Attempt{ID: id, Batch: 3, SaleID: saleID, Kind: kind, Tender: tender, Amount: amount, State: txn.Pending,
		Paper: txn.NoPaper, Terminal: "T0000001", Cashier: "张敏", OpenedMs: d.Now().UnixMilli()}
}

// bill is that of a sale, begun where it is new.
func (d *Desk) bill(saleID int64, s sale.Sale) txn.Bill {
	b, known := d.bills[saleID]
	if !known {
		s.ID = saleID
		opened, err := txn.OpenBill(txn.SaleOpened{Sale: s, Batch: 3, Terminal: "T0000001", Cashier: "张敏", AtMs: d.Now().UnixMilli()})
		if err != nil {
			panic(err)
		}
		b = opened.After
		d.bills[saleID], d.sales[saleID] = b, s
	}
	return b
}

// take keeps an attempt, and lets the shipped machine say what that makes of its sale.
func (d *Desk) take(a txn.Attempt) txn.Bill {
	b, was := d.bills[a.SaleID], d.bills[a.SaleID].WasPaid()
	taken, err := txn.TakePart(b, a)
	if err != nil {
		panic(err)
	}
	b = taken.After
	if b.WasPaid() && !was {
		b.Paper = d.Paper
		b.Prints = append(b.Prints, txn.Print{ID: int64(len(d.sheets) + 1), Kind: txn.PrintOriginal, Outcome: d.Paper})
	}
	d.attempts[a.ID], d.bills[a.SaleID] = a, b
	return b
}

func (d *Desk) keep(a txn.Attempt, s sale.Sale) present.Result {
	b := d.take(a)
	if a.Kind == txn.Sale && s.Exchange != nil && !b.WasPaid() && b.Rest().Minor == 0 && !b.Waits() {
		b = d.swap(b, s)
	}
	d.entries = append([]present.Entry{{Attempt: a, Bill: b, Sale: s}}, d.entries...)
	r := present.Result{Attempt: a, Bill: b, SaleID: a.SaleID, Charged: a.Charged()}
	if (a.Kind.GivesBack() && a.State == txn.Approved || a.Kind == txn.Sale && b.WasPaid()) && d.Virtual {
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
	a.State, a.ReceivedMinor, a.ChangeMinor = txn.Approved, receivedMinor, receivedMinor-a.Amount.Minor
	a.EndedMs = a.OpenedMs
	return d.keep(a, s)
}

// PayCard implements present.Paying.
func (d *Desk) PayCard(ctx context.Context, by txn.Actor, s sale.Sale, partMinor int64, tell func(present.Progress)) present.Result {
	d.mu.Lock()
	d.noteBy(by, "card")
	gate, there := d.Gate, d.AboutNow.CardTerminal
	d.mu.Unlock()
	if !there { // a card terminal reads it by itself
		tell(present.Progress{Step: present.Presenting, At: d.Now()})
		select {
		case <-ctx.Done():
			return present.Result{Charged: txn.ChargedNo, Code: "cancelled"}
		case <-d.presented:
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.Card == "" {
		return present.Result{Charged: txn.ChargedNo, Code: d.Code}
	}
	d.CardPaid = append(d.CardPaid, s)
	a := d.begin(s, txn.Sale, txn.Card)
	if partMinor != 0 {
		a.Amount.Minor = partMinor
	}
	a.Card = txn.CardFacts{Masked: "622848******1234", Scheme: "UnionPay", EntryMode: "022"}
	return d.answer(ctx, a, s, gate, tell)
}

// PayCode implements present.Paying.
func (d *Desk) PayCode(ctx context.Context, by txn.Actor, s sale.Sale, partMinor int64, code txn.Secret, tell func(present.Progress)) present.Result {
	d.mu.Lock()
	defer d.mu.Unlock()
	defer code.Zero()
	d.noteBy(by, "code")
	gate := d.Gate
	a := d.begin(s, txn.Sale, txn.Code)
	if partMinor != 0 {
		a.Amount.Minor = partMinor
	}
	a.Card, a.Reference = txn.FactsOfCode(code), "261129000042ABCDEFGHJKLM"
	return d.answer(ctx, a, s, gate, tell)
}

// answer plays the bank; it is called with the lock held and lets it go while it waits.
func (d *Desk) answer(ctx context.Context, a txn.Attempt, s sale.Sale, gate chan struct{}, tell func(present.Progress)) present.Result {
	code, terminal := a.Tender == txn.Code, a.Tender == txn.Card && d.AboutNow.CardTerminal
	tell(present.Progress{Step: present.Saving, STAN: a.ID.STAN(), At: d.Now(), Code: code, Terminal: terminal})
	tell(present.Progress{Step: present.Sending, STAN: a.ID.STAN(), At: d.Now(), Deadline: d.Now().Add(time.Minute), Code: code, Typing: d.Typing, Terminal: terminal, Shown: d.Displays})
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
		a.Awaits = d.Awaits
		if a.Kind.GivesBack() {
			a.Paper = d.Paper
		}
		a.Answer = txn.Answer{ResponseCode: "00", RRN: "112233445566", ApprovalCode: "A1B2C3"}
		tell(present.Progress{Step: present.Papering, STAN: a.ID.STAN(), At: d.Now(), Code: code})
	case txn.Declined:
		a.Answer = txn.Answer{ResponseCode: d.Code, RRN: "112233445566"}
	case txn.Voided: // by its line, which never heard that it is durable here
	default:
		a.Reason, a.Tries = reason, 1
		if a.Kind == txn.Refund {
			a.State, a.Tries = txn.Unresolved, 0
		}
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
	s := sale.Sale{ID: old.SaleID, Currency: old.Amount.Currency, TotalMinor: old.Amount.Minor}
	if of := slices.IndexFunc(d.entries, func(e present.Entry) bool { return e.Attempt.ID == id }); of >= 0 {
		s = d.entries[of].Sale
		s.ID, s.TotalMinor = old.SaleID, old.Amount.Minor // of a part: what that took
	}
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
		r.Bill = d.take(old)
	}
	return r
}

// UndoSale implements present.Returning.
func (d *Desk) UndoSale(ctx context.Context, by txn.Actor, saleID int64, tell func(present.Progress)) (r present.Result) {
	d.mu.Lock()
	parts := d.bills[saleID].Standing()
	d.mu.Unlock()
	slices.Reverse(parts)
	for _, p := range parts {
		r = d.Void(ctx, by, p.ID, tell)
	}
	return r
}

// Give implements present.Paying.
func (d *Desk) Give(_ context.Context, by txn.Actor, s sale.Sale) present.Result {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noteBy(by, "give")
	d.next++
	b := d.bill(d.next, s)
	b.Paper = d.Paper
	d.bills[b.SaleID] = b
	d.entries = append([]present.Entry{{Bill: b, Sale: s}}, d.entries...)
	return present.Result{Bill: b, SaleID: b.SaleID, Charged: txn.ChargedNo}
}

// Current implements present.Paying.
func (d *Desk) Current(m txn.Matter) (txn.Matter, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	b, ok := d.bills[m.Bill.SaleID]
	if !ok {
		return m, errors.New("no such sale")
	}
	return txn.Matter{Attempt: d.attempts[m.Attempt.ID], Bill: b}, nil
}

// SaleOf implements present.Paying.
func (d *Desk) SaleOf(saleID int64) (sale.Sale, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.sales[saleID], nil
}
