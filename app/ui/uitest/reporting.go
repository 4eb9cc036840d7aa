package uitest

import (
	"context"
	"slices"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/report"
)

// Day implements present.Reporting.
func (d *Desk) Day(context.Context, int64) (present.Day, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.Day1, nil
}

// Days implements present.Reporting.
func (d *Desk) Days(context.Context) ([]present.Day, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.ClosedDays, nil
}

// Entries implements present.Reporting.
func (d *Desk) Entries(context.Context, int64, int) ([]present.Entry, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := append([]present.Entry(nil), d.entries...)
	for i := range out {
		out[i].Attempt, out[i].Bill = d.attempts[out[i].Attempt.ID], d.bills[out[i].Bill.SaleID]
	}
	return out, nil
}

// PrintX implements present.Reporting.
func (d *Desk) PrintX(_ context.Context, by txn.Actor) (present.Day, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noteBy(by, "x")
	return d.papered(d.Day1), nil
}

// ReprintZ implements present.Reporting.
func (d *Desk) ReprintZ(_ context.Context, by txn.Actor, batch int64) (present.Day, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noteBy(by, "z again")
	day := d.Day1
	day.Batch = batch
	return d.papered(day), nil
}

// papered is a day whose paper comes out of the virtual printer.
func (d *Desk) papered(day present.Day) present.Day {
	if d.Virtual {
		day.PrintID = int64(len(d.sheets) + 1)
		d.sheets = append(d.sheets, present.Sheet{PrintID: day.PrintID, At: d.Now(), Picture: receipt(len(day.ByTender))})
	}
	return day
}

// CloseDay implements present.Reporting.
func (d *Desk) CloseDay(_ context.Context, by txn.Actor) (present.Day, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noteBy(by, "z")
	if d.CloseErr != nil {
		return present.Day{}, d.CloseErr
	}
	closed := d.Day1
	closed.Z = 18
	return d.papered(closed), nil
}

// Closing implements present.Reporting.
func (d *Desk) Closing(context.Context) (present.Closing, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return present.Closing{Steps: slices.Clone(d.ClosingNow.Steps)}, nil
}

// SettleDay implements present.Reporting: what is open balances, or is carried over where SettleErr or SettleSilent say so.
func (d *Desk) SettleDay(_ context.Context, by txn.Actor) (settled []report.Settlement, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noteBy(by, "settle")
	if d.SettleErr != nil {
		return nil, d.SettleErr
	}
	for i, s := range d.ClosingNow.Steps {
		if s.State != present.StepOpen {
			continue
		}
		one := *s.Settlement
		one.State, s.State = string(txn.SettlementBalanced), present.StepDone
		if d.SettleSilent {
			one.State, s.State = string(txn.SettlementAsked), present.StepCarried
		}
		s.Settlement = &one
		d.ClosingNow.Steps[i] = s
		settled = append(settled, one)
	}
	return settled, nil
}

// SettleAgain implements present.Reporting: what was refused balances, or SettleErr.
func (d *Desk) SettleAgain(_ context.Context, by txn.Actor, key txn.SettlementKey) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noteBy(by, "settle again")
	return d.settles(key, txn.SettlementBalanced, "")
}

// LeaveSettlement implements present.Reporting.
func (d *Desk) LeaveSettlement(_ context.Context, by txn.Actor, key txn.SettlementKey, who string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noteBy(by, "settlement left by "+who)
	return d.settles(key, txn.SettlementLeft, who)
}

func (d *Desk) settles(key txn.SettlementKey, state txn.SettlementState, who string) error {
	if d.SettleErr != nil {
		return d.SettleErr
	}
	for i, s := range d.ClosingNow.Steps {
		if s.Settlement == nil || s.Settlement.Batch != key.Batch || s.Settlement.Line != key.Line {
			continue
		}
		one := *s.Settlement
		one.State, one.Detail, one.Unfinished, s.State = string(state), who, false, present.StepDone
		s.Settlement = &one
		d.ClosingNow.Steps[i] = s
	}
	return nil
}

// Totals implements present.Reporting.
func (d *Desk) Totals(_ context.Context, batch int64) (report.Totals, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return report.Totals{Date: "2026-11-22", Batch: batch, Currency: "CNY"}, nil
}
