package present

import (
	"crypto/ed25519"
	"strconv"
	"testing"
	"time"

	"veratill/assets"
	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/plan"
	"veratill/txn/receipt"
	"veratill/txn/sale"
)

// soldThree is a card payment of three pieces and some weight.
func soldThree(t *testing.T) Entry {
	t.Helper()
	cart := sale.NewCart(money.CNY)
	for _, one := range []struct {
		unit     sale.Unit
		price    int64
		quantity int64
	}{{sale.Piece, 333, 3 * sale.OneE5}, {sale.Kilogram, 1180, 125_000}} {
		if _, err := cart.Add(sale.Item{Code: string(one.unit), Unit: one.unit, UnitPriceMinor: one.price}, one.quantity); err != nil {
			t.Fatal(err)
		}
	}
	s, err := cart.Freeze()
	if err != nil {
		t.Fatal(err)
	}
	s.ID = 7
	a := attempt(txn.Approved, txn.Sale, txn.Card)
	a.SaleID, a.Amount = s.ID, s.Total()
	return Entry{Attempt: a, Sale: s, Bill: txn.Bill{SaleID: 7, Total: s.Total(), State: txn.BillPaid, PaidMs: 1,
		Parts: []txn.Part{{ID: a.ID, Kind: txn.Sale, Tender: txn.Card, State: txn.Approved, AmountMinor: a.Amount.Minor, Paid: true}}}}
}

// Goods that are tapped come to their price, weighed ones as a whole; an amount that is typed takes their place, and they its.
func TestWhatGoesBackIsGoodsOrAnAmount(t *testing.T) {
	b := NewBack(soldThree(t))
	if b.Ready() || b.AmountMinor() != 0 {
		t.Error("nothing may go back before anything was said")
	}
	for range 5 {
		b.Add(0, 1)
	}
	if b.AmountMinor() != 999 || len(b.Goods()) != 1 || b.Goods()[0].QuantityE5 != 3*sale.OneE5 {
		t.Errorf("five taps on three pieces: %d, %+v", b.AmountMinor(), b.Goods())
	}
	b.Add(0, -1)
	b.Add(1, 1)
	if b.AmountMinor() != 666+1475 || !b.Ready() || b.Giving().GoodsMinor != 666+1475 {
		t.Errorf("two pieces and the weight: %d", b.AmountMinor())
	}
	if !b.Type('5') || !b.Type('.') || b.Type('.') || b.AmountMinor() != 500 || b.Goods() != nil || b.Giving().GoodsMinor != 0 {
		t.Errorf("5. typed: %d, %+v", b.AmountMinor(), b.Goods())
	}
	b.Erase()
	b.Type('9')
	b.Type('9')
	if b.AmountMinor() != 59900 || b.Ready() {
		t.Errorf("599 typed: %d, ready %v", b.AmountMinor(), b.Ready())
	}
	b.All()
	if b.AmountMinor() != b.LeftMinor() || len(b.Goods()) != 2 || !b.Ready() {
		t.Errorf("everything: %d of %d, %+v", b.AmountMinor(), b.LeftMinor(), b.Goods())
	}
	b.Entry.Bill.Parts = append(b.Entry.Bill.Parts, txn.Part{ID: 99, Kind: txn.Refund, State: txn.Approved, AmountMinor: 100, Original: b.Entry.Attempt.ID})
	b.All()
	if b.AmountMinor() != b.LeftMinor() || b.Goods() != nil {
		t.Errorf("everything after an amount went back: %d of %d, %+v", b.AmountMinor(), b.LeftMinor(), b.Goods())
	}
	b.Add(0, 1)
	if !MayGiveBack(b.Entry.Matter()) || !b.MayExchange() {
		t.Error("goods of a payment that stands can't be given back")
	}
	b.Entry.Bill.Parts[0].Awaits = true
	if MayGiveBack(b.Entry.Matter()) || b.MayExchange() {
		t.Error("money of a payment goes back which its terminal has not confirmed")
	}
	b.Entry.Bill.Parts[0].Awaits = false
	b.Entry.Bill.Parts[1].State = txn.Unresolved
	if b.Ready() || MayGiveBack(b.Entry.Matter()) {
		t.Error("another refund is offered while one is not known")
	}
}

// Each way in which money goes back, and each reason, has its words in both languages.
func TestGivingBackHasWords(t *testing.T) {
	for _, language := range assets.Languages {
		w := words(t, language)
		b := NewBack(soldThree(t))
		b.Add(0, 1)
		for _, why := range []plan.Why{plan.WhyWhole, plan.WhyEarlier, plan.WhyInPart, plan.WhyBackSome, plan.WhyElsewhere, plan.WhyNotVoided} {
			for _, kind := range []txn.Kind{txn.Void, txn.Refund} {
				for _, tender := range txn.Tenders {
					b.Entry.Attempt.Tender = tender
					for _, c := range []Choice{{ReadsCard: true}, {}, {AtTerminal: true}} {
						c.Kind, c.Why = kind, why
						m := w.Back(b, c)
						for _, text := range []string{m.What, m.Charged, m.Next} {
							if text == "" || w.Has(text) || len(text) > 4 && (text[:4] == "why." || text[:7] == "giving.") {
								t.Errorf("%s, %s by %s (%s): %+v", language, kind, tender, why, m)
							}
						}
					}
				}
			}
		}
	}
}

// The code on a paper of ours says what it is about; nothing else is taken for one.
func TestReceiptCodesAreRead(t *testing.T) {
	for code, want := range map[string]Receipt{
		"VERATILL sale T0000001 STAN 000042 RRN 000000000001 CNY 12.50 2026-11-29 10:00:00": {},
		"VERATILL refund T0000001 STAN 000043 CNY 2.50 2026-11-29 10:00:00":                 {},
		"VERATILL sale T0000001 SALE 17 CNY 12.50 2026-11-29 10:00:00":                      {SaleID: 17},
		"VERATILL sale  STAN 000007 CNY 3.00 2026-11-29 10:00:00":                           {},
	} {
		got, ok := ReceiptOf(code)
		if !ok || got.SaleID != want.SaleID || want.SaleID == 0 && got.Asked.STAN == "" || got.Asked.Amount == "" {
			t.Errorf("%q: %+v, %v", code, got, ok)
		}
	}
	if got, _ := ReceiptOf("VERATILL sale T0000001 STAN 000042 RRN 1 CNY 12.50 2026-11-29 10:00:00"); got.Asked.STAN != "42" || got.Asked.Amount != "12.50" {
		t.Errorf("%+v", got)
	}
	signed, err := receipt.Statement{Payment: 1_000_042, Sale: 17, Order: 1_000_042, Tender: txn.Card, Outcome: receipt.Paid,
		Amount: money.Amount{Minor: 1250, Currency: money.CNY}, AtSeconds: 1}.Sign(ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := ReceiptOf(signed + "\r"); !ok || got.Asked.STAN != strconv.FormatInt(txn.ID(1_000_042).STAN(), 10) || got.Asked.Amount != "12.50" {
		t.Errorf("%q: %+v, %v", signed, got, ok)
	}
	for _, code := range []string{signed[:20], signed[1:], "", "6901234567892", "VERATILL", "VERATILL sale T0000001 STAN 000000 CNY 1 2026-11-29 10:00:00", "VERATILL sale T SALE x CNY 1 2026 10", "veratill sale T STAN 1 CNY 1 2 3"} {
		if got, ok := ReceiptOf(code); ok {
			t.Errorf("%q was read as %+v", code, got)
		}
	}
}

// A receipt names a payment of these books by till, sum, currency and moment, also where the clock stood in another zone: another till's payment of the same
// number is another's.
func TestAReceiptNamesItsOwnPaymentAlone(t *testing.T) {
	paid := time.Date(2026, 11, 29, 10, 0, 0, 700_000_000, time.UTC)
	cny := money.Amount{Minor: 1250, Currency: money.CNY}
	m := txn.Matter{Attempt: txn.Attempt{ID: 42, SaleID: 17, Kind: txn.Sale, Tender: txn.Card, Terminal: "T0000001", Amount: cny, OpenedMs: paid.UnixMilli(), EndedMs: paid.UnixMilli()},
		Bill: txn.Bill{SaleID: 17, Terminal: "T0000001", Total: cny, PaidMs: paid.UnixMilli()}}
	for code, want := range map[string]bool{
		"VERATILL sale T0000001 STAN 000042 RRN 000000000001 CNY 12.50 2026-11-29 10:00:00": true,
		"VERATILL sale T0000001 STAN 000042 CNY 12.50 2026-11-29 18:00:00":                  true, // by a clock in Shanghai
		"VERATILL sale T0000001 SALE 17 CNY 12.50 2026-11-29 10:00:00":                      true,
		"VERATILL sale T0000002 STAN 000042 CNY 12.50 2026-11-29 10:00:00":                  false,
		"VERATILL sale STAN 000042 CNY 12.50 2026-11-29 10:00:00":                           false,
		"VERATILL sale T0000001 STAN 000042 USD 12.50 2026-11-29 10:00:00":                  false,
		"VERATILL sale T0000001 STAN 000042 CNY 12.51 2026-11-29 10:00:00":                  false,
		"VERATILL sale T0000001 STAN 000042 CNY 12.50 2026-11-29 10:00:01":                  false,
		"VERATILL sale T0000001 STAN 000042 CNY 12.50 2026-11-28 10:00:00":                  false,
		"VERATILL sale T0000001 SALE 17 CNY 12.60 2026-11-29 10:00:00":                      false,
		"VERATILL sale T0000002 SALE 17 CNY 12.50 2026-11-29 10:00:00":                      false,
		"VERATILL sale T0000001 SALE 17 CNY 12.50 2026-11-29 10:00:09":                      false,
	} {
		r, ok := ReceiptOf(code)
		if !ok || r.Names(m) != want {
			t.Errorf("%q: read %v, and names the payment: %v", code, ok, r.Names(m))
		}
	}
	for name, change := range map[string]func(*receipt.Statement){
		"":                   func(*receipt.Statement) {},
		"another payment":    func(s *receipt.Statement) { s.Payment, s.Order = 43, 43 },
		"another sale":       func(s *receipt.Statement) { s.Sale = 18 },
		"another sum":        func(s *receipt.Statement) { s.Amount.Minor++ },
		"another moment":     func(s *receipt.Statement) { s.AtSeconds++ },
		"another way to pay": func(s *receipt.Statement) { s.Tender = txn.Cash },
	} {
		s := receipt.Statement{Payment: 42, Sale: 17, Order: 42, Tender: txn.Card, Outcome: receipt.Paid, Amount: cny, AtSeconds: paid.Unix()}
		change(&s)
		signed, err := s.Sign(ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
		if err != nil {
			t.Fatal(err)
		}
		if r, ok := ReceiptOf(signed); !ok || r.Names(m) != (name == "") {
			t.Errorf("signed, %s: read %v, and names the payment: %v", name, ok, r.Names(m))
		}
	}
}
