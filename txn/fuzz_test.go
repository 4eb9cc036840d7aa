package txn

import (
	"testing"

	"veratill/packaging/nasty"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// Any history of events of a payment and of its sale, in any order, keeps the promises: money that was taken is not
// reversed, a receipt without a mark is begun only for a sale that is paid and
// where none can have come out, and no event but the first sends the request.
func FuzzHistory(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		d, err := Begin(Attempt{ID: 1_000_002, Batch: 1, Kind: Sale, Tender: Card, Amount: money.Amount{Minor: 1250, Currency: money.CNY}, SaleID: 1})
		if err != nil {
			t.Fatal(err)
		}
		opened, err := OpenBill(SaleOpened{Sale: sale.Sale{ID: 1, Currency: money.CNY, TotalMinor: 1250}})
		if err != nil {
			t.Fatal(err)
		}
		h := history{t: t, a: d.After, bill: opened.After}
		h.take(d.After)
		for i := 0; i+1 < len(b) && i < 64; i += 2 {
			e := Event{Kind: EventKinds[int(b[i])%len(EventKinds)], PrintID: int64(b[i+1]%8) + 1, AtMs: int64(i), By: 1_000_003,
				Outcome: Papers[int(b[i+1])%len(Papers)], Reason: Reasons[int(b[i+1])%len(Reasons)]}
			e.Answer.ResponseCode = []string{"00", "05", "11", "94", "", "25"}[int(b[i+1])%6]
			h.step(e)
			h.stepSale(e)
		}
	})
}

type history struct {
	t    *testing.T
	a    Attempt
	bill Bill
	paid bool
}

func (h *history) take(a Attempt) {
	d, err := TakePart(h.bill, a)
	if err != nil {
		h.t.Fatal(err)
	}
	h.a, h.bill = a, d.After
}

func (h *history) step(e Event) {
	next, err := Step(h.a, e)
	if err != nil {
		return
	}
	for _, effect := range next.Effects {
		if effect == SendRequest || h.paid && effect == SendReversal || effect == PrintReceipt {
			h.t.Fatalf("%s after %s: %s", e.Kind, h.a.State, effect)
		}
	}
	h.take(next.After)
	if h.paid && h.a.State != Approved && h.a.State != Voided {
		h.t.Fatalf("money that was taken is %s", h.a.State)
	}
	h.paid = h.paid || h.a.State == Approved
}

func (h *history) stepSale(e Event) {
	next, err := StepBill(h.bill, e)
	if err != nil {
		return
	}
	if e.Kind == PrintBegun && (h.a.State != Approved || h.bill.Paper != NoPaper && h.bill.Paper != NotPrinted) {
		h.t.Fatalf("a receipt without a mark is begun though the payment is %s and its paper %s", h.a.State, h.bill.Paper)
	}
	h.bill = next.After
}
