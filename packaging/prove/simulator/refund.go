package simulator

import (
	"context"

	"veratill/txn"
	"veratill/txn/hostsim/bank"
	"veratill/txn/till"
)

// refund gives some of what was paid back: the nth newest payment, so many per cent of it.
func (w *world) refund(ctx context.Context, l *life, s Step) {
	id, ok := w.pickSold(s.Sum(1))
	if !ok {
		return
	}
	a, err := l.journal.Attempt(ctx, id)
	if err != nil { // its folder was put back, or its disk failed
		return
	}
	p := w.payment(0)
	g := till.Giving{Payment: id, AmountMinor: max(a.Amount.Minor*s.Sum(2)/100, 1), Card: p.Card, Facts: p.Facts}
	w.told1(l, s)(l.till.GiveBack(ctx, clerk, g))
}

// judgeRefunds looks at what leaves for a refund: never a reversal (rule 13), and the RRN of its payment as the bank said it.
func (w *world) judgeRefunds(t transit) {
	a, err := w.life.journal.Attempt(context.Background(), t.id)
	if err != nil || a.Kind != txn.Refund {
		return
	}
	if t.MTI[1] == '4' {
		w.bad("rule 13: a reversal of the refund %s leaves", t.id)
	}
	if o := w.bank.row(a.Original); t.MTI[1] == '2' && o.Kind == bank.Sale && t.Get(37) != o.RRN {
		w.bad("%s gives back of RRN %q, and the bank said %q", t.id, t.Get(37), o.RRN)
	}
}

// backOf is what an attempt gave back of its sale: of a card what the bank's book says.
func (w *world) backOf(a txn.Attempt) int64 {
	if a.Kind != txn.Refund || !a.Concluded() || a.Tender == txn.Card && w.bank.row(a.ID).State != bank.Approved {
		return 0
	}
	return a.Amount.Minor
}

// judgeBack holds that the bank gave no more back of a payment than it took.
func (w *world) judgeBack() {
	for _, r := range w.bank.book.Rows() {
		if r.Kind == bank.Sale && (r.RefundedMinor > r.AmountMinor || r.RefundedMinor > 0 && r.State == bank.Voided) {
			w.bad("of %06d, which took %d and is %s, %d went back", r.STAN, r.AmountMinor, r.State, r.RefundedMinor)
		}
	}
}
