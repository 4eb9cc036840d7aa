package desk

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/report"
)

// Closing implements present.Reporting.
func (d *Desk) Closing(ctx context.Context) (c present.Closing, err error) {
	parked, err := d.Parked()
	if err != nil && !errors.Is(err, ErrParkedUnreadable) {
		return c, err
	}
	unfinished, errOfSales := d.till.Unfinished(ctx)
	owed, errOfOwed := d.journal.Owed(ctx)
	if err := cmp.Or(errOfSales, errOfOwed); err != nil {
		return c, err
	}
	payments, refunds := 0, 0
	for _, a := range owed {
		switch {
		case a.AwaitsLine(), a.Open() && a.Kind != txn.Refund:
			payments++
		case a.Open(), a.CarriedOver():
			refunds++
		}
	}
	c.Steps = []present.ClosingStep{
		counted(present.ClosingParked, len(parked), present.StepCarried),
		counted(present.ClosingUnpaid, len(unfinished), present.StepStops),
		counted(present.ClosingPayments, payments, present.StepStops),
		counted(present.ClosingRefunds, refunds, present.StepCarried),
	}
	settlements, err := d.closingSettlements(ctx, c.Stopped())
	if err != nil {
		return c, err
	}
	bills, err := d.closingBills(ctx)
	c.Steps = append(slices.Concat(c.Steps, settlements, bills), d.closingBackup())
	return c, err
}

// counted is a line of something that is done where there is none of it.
func counted(kind string, n int, some present.StepState) present.ClosingStep {
	s := present.ClosingStep{Kind: kind, State: present.StepDone, Count: n}
	if n > 0 {
		s.State = some
	}
	return s
}

// closingSettlements are the batches that are settled, or can be. stopped says that something has to end before.
func (d *Desk) closingSettlements(ctx context.Context, stopped bool) (steps []present.ClosingStep, err error) {
	begun, err := d.Settlements(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range begun {
		steps = append(steps, present.ClosingStep{Kind: present.ClosingSettlement, State: stepOf(txn.SettlementState(s.State)), Settlement: &s})
	}
	toCome, err := d.till.ToSettle(ctx)
	if err != nil {
		return nil, err
	}
	shown, err := report.SettlementsOf(toCome)
	for _, s := range shown {
		s.State = "" // nobody has begun it
		step := present.ClosingStep{Kind: present.ClosingSettlement, State: present.StepOpen, Settlement: &s}
		//mutant:each-line-unlocks-the-next
		if stopped {
			step.State = present.StepWaits
		}
		steps = append(steps, step)
	}
	return steps, err
}

// stepOf is how the state of a settlement looks in the list.
func stepOf(s txn.SettlementState) present.StepState {
	switch s {
	case txn.SettlementBalanced, txn.SettlementLeft:
		return present.StepDone
	case txn.SettlementDiffers, txn.SettlementUnsure:
		return present.StepAsks
	}
	return present.StepCarried
}

// closingBills says of each provider that the settings name, or whose bill was ever read, how far the newest one goes, and in a shop that takes payment codes that none was.
func (d *Desk) closingBills(ctx context.Context) (steps []present.ClosingStep, err error) {
	files, err := d.journal.Files(ctx)
	if err != nil {
		return nil, err
	}
	answers, err := d.journal.Answers(ctx)
	if err != nil {
		return nil, err
	}
	newest := map[string]string{}
	for _, format := range d.config.Bills {
		//mutant:a-bill-that-was-never-read-is-asked-for
		newest[format] = ""
	}
	for _, f := range txn.Counting(files, answers) {
		newest[f.Format] = max(newest[f.Format], f.To)
	}
	yesterday := d.dateOf(0).AddDate(0, 0, -1)
	for _, format := range slices.Sorted(maps.Keys(newest)) {
		step := present.ClosingStep{Kind: present.ClosingBill, Format: format, State: present.StepAsks}
		if until, err := time.ParseInLocation(time.DateOnly, newest[format], time.Local); err == nil {
			step.Until = until
			//mutant:a-bill-covers-yesterday
			if !until.Before(yesterday) {
				step.State = present.StepDone
			}
		}
		steps = append(steps, step)
	}
	if len(steps) == 0 && d.till.TakesCodes() {
		steps = append(steps, present.ClosingStep{Kind: present.ClosingBill, State: present.StepAsks})
	}
	return steps, nil
}

// closingBackup is how the backups stand: the Z makes one.
func (d *Desk) closingBackup() present.ClosingStep {
	b := d.Backups()
	s := present.ClosingStep{Kind: present.ClosingBackup, State: present.StepDone, Until: b.Last}
	switch {
	case b.Err != nil:
		s.State, s.Detail = present.StepAsks, b.Err.Error()
	case b.Second == "":
		s.State = present.StepAsks
	}
	return s
}
