package terminal

import (
	"context"
	"errors"
	"fmt"

	"veratill/txn"
	"veratill/txn/zvt"
)

// CanSettle connects. A terminal that asks for its end of the day first is ready for it.
func (l *Line) CanSettle(ctx context.Context) error {
	if err := l.take(ctx); err != nil {
		return err
	}
	defer l.give()
	return l.connect(ctx)
}

// PlanSettlement completes a settlement that is to begin. A terminal is asked for its sums once, and is told of no payment.
func (l *Line) PlanSettlement(s txn.Settlement, kept []txn.Attempt) (txn.Settlement, error) {
	for _, a := range kept {
		s.Items = append(s.Items, a.ID)
	}
	var err error
	s.Sums, err = txn.SumOf(kept, []string{""}, func(txn.Attempt) string { return "" })
	return s, err
}

// SettleBatch makes the terminal end its day (06 50), and holds its sum against the till's. The terminal has ended its day when its answer is on the way: one that is lost can't be asked
// for again, and what it came to is then on its own slip alone. Of a terminal that was not asked it says nothing.
func (l *Line) SettleBatch(ctx context.Context, s txn.Settlement, _ txn.Order) (e txn.SettlementEvent) {
	if l.CanSettle(ctx) != nil {
		return e
	}
	day, err := l.EndOfDay(ctx)
	var no refused
	switch {
	case errors.As(err, &no) && no.code == busy:
		return e
	case errors.As(err, &no):
		return txn.SettlementEvent{Kind: txn.SettlementAnswerNo, Code: fmt.Sprintf("%02X", no.code)}
	case day.Code > 0:
		return txn.SettlementEvent{Kind: txn.SettlementAnswerNo, Code: fmt.Sprintf("%02X", day.Code), Slip: day.Slip}
	//mutant:a-lost-end-of-day-is-not-asked-again
	case err != nil, day.AmountMinor < 0:
		return txn.SettlementEvent{Kind: txn.SettlementLost, Slip: day.Slip}
	}
	ours, err := txn.Total(s.Sums)
	if err != nil {
		return txn.SettlementEvent{Kind: txn.SettlementNotSent, Detail: err.Error()}
	}
	e = txn.SettlementEvent{Kind: txn.SettlementDiffered, Slip: day.Slip, Bank: []txn.SettlementSum{{Debits: day.Count, DebitMinor: day.AmountMinor}}}
	//mutant:the-terminal-s-sum-is-the-till-s
	if ours.DebitMinor-ours.CreditMinor == day.AmountMinor {
		e.Kind = txn.SettlementAgreed
	}
	return e
}

// sumOf is what a terminal's day came to: its amount (bitmap 04) and its totals (60), which have to say the same where it says both. AmountMinor is -1 where it does not say.
func sumOf(s zvt.Status) (d Day) {
	d.AmountMinor, d.Count = s.AmountMinor, s.Totals.Count
	switch {
	case !s.HasTotals:
	case d.AmountMinor < 0:
		d.AmountMinor = s.Totals.AmountMinor
	//mutant:two-sums-of-a-terminal-say-the-same
	case d.AmountMinor != s.Totals.AmountMinor:
		d.AmountMinor = -1
	}
	return d
}
