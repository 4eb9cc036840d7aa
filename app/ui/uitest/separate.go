package uitest

import (
	"context"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/external"
	"veratill/txn/sale"
)

// AskPerson implements present.Separate.
func (d *Desk) AskPerson(ask func(context.Context, txn.Order) external.Answer) { d.ask = ask }

// PayExternal implements present.Separate.
func (d *Desk) PayExternal(ctx context.Context, by txn.Actor, s sale.Sale, partMinor int64) present.Result {
	d.mu.Lock()
	d.noteBy(by, "external")
	a := d.begin(s, txn.Sale, txn.External)
	if partMinor != 0 {
		a.Amount.Minor = partMinor
	}
	d.take(a)
	d.mu.Unlock()
	return d.told(a, s, d.ask(ctx, txn.Order{Attempt: a}))
}

// Said implements present.Separate.
func (d *Desk) Said(_ context.Context, by txn.Actor, id txn.ID, said external.Answer) present.Result {
	d.mu.Lock()
	d.noteBy(by, "said "+string(said.Shown))
	a := d.attempts[id]
	d.mu.Unlock()
	return d.told(a, sale.Sale{Currency: a.Amount.Currency, TotalMinor: a.Amount.Minor}, said)
}

// told ends an attempt as a person says.
func (d *Desk) told(a txn.Attempt, s sale.Sale, said external.Answer) present.Result {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch said.Shown {
	case external.Approved:
		a.State = txn.Claimed
		if a.Kind == txn.Void {
			a.Paper = d.Paper
		}
	case external.Declined:
		a.State = txn.Declined
	}
	if a.State != txn.Pending {
		a.EndedMs = d.Now().UnixMilli()
	}
	return d.keep(a, s)
}

// PayVoucher implements present.Paying.
func (d *Desk) PayVoucher(_ context.Context, by txn.Actor, s sale.Sale, worthMinor int64, number string) present.Result {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noteBy(by, "voucher")
	if before, taken := d.vouchers[number]; taken && by.Why == "" {
		return present.Result{Code: "voucher taken", Charged: txn.ChargedNo, Earlier: before}
	}
	a := d.begin(s, txn.Sale, txn.Voucher)
	a.Amount.Minor, a.ReceivedMinor, a.Reference = min(a.Amount.Minor, worthMinor), worthMinor, number
	a.State, a.EndedMs = txn.Claimed, a.OpenedMs
	d.tookVoucher(number, a)
	return d.keep(a, s)
}

// TookVoucher lets an earlier payment have taken a voucher.
func (d *Desk) TookVoucher(number string, by txn.Attempt) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tookVoucher(number, by)
}

func (d *Desk) tookVoucher(number string, by txn.Attempt) {
	if number == "" {
		return
	}
	if d.vouchers == nil {
		d.vouchers = map[string]txn.Attempt{}
	}
	d.vouchers[number] = by
}
