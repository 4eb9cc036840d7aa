package bank

import (
	"slices"
	"testing"

	"veratill/txn/iso8583"
)

func closing(t *testing.T, b *Book, p *iso8583.Profile, m iso8583.Message) ClosingDecision {
	t.Helper()
	d := b.DecideClosing(p, m, false)
	b.KeepClosing(d)
	return d
}

func item(p *iso8583.Profile, stan, minor int64, refund bool) iso8583.Message {
	return p.Upload(iso8583.Transaction{Terminal: iso8583.Terminal{Number: "T1", Batch: 4}, STAN: stan, AmountMinor: minor, Currency: "156", EntryMode: "022"}, "000000000001", refund, false)
}

// The bank sums what it keeps of a batch, and of an upload it notices what is missing, what is not its own, what has another amount, and what comes twice.
func TestBankHoldsAnUploadAgainstItsBook(t *testing.T) {
	for _, p := range iso8583.Profiles() {
		b := NewBook()
		row := func(stan int64, k Kind, s State, minor int64) {
			b.Keep(Row{Key: Key{"T1", 4, stan}, Kind: k, State: s, AmountMinor: minor})
		}
		row(1, Sale, Approved, 100)
		row(2, Sale, Voided, 200)
		row(3, Void, Approved, 200)
		row(4, Refund, Approved, 30)
		row(5, Sale, Reversed, 7)
		row(6, Sale, Approved, 50)
		b.Keep(Row{Key: Key{"T2", 4, 7}, Kind: Sale, State: Approved, AmountMinor: 1}, Row{Key: Key{"T1", 5, 8}, Kind: Sale, State: Approved, AmountMinor: 1})
		kept := iso8583.Sums{Debits: 2, DebitMinor: 150, Credits: 1, CreditMinor: 30}
		of := iso8583.Batch{Terminal: iso8583.Terminal{Number: "T1", Batch: 4}, STAN: 999004, Currency: "156", Own: kept}
		if d := closing(t, b, p, item(p, 1, 100, false)); d.Code != "12" || d.Item != nil {
			t.Errorf("%s: an upload before its sums: %+v", p.Name, d)
		}
		asked, err := p.Settle(of)
		if err != nil {
			t.Fatal(err)
		}
		if d := closing(t, b, p, asked); d.Code != "00" || !d.Closing.Balanced || d.Closing.Bank != kept {
			t.Fatalf("%s: %+v, %+v", p.Name, d, d.Closing)
		}
		of.Own = iso8583.Sums{Debits: 2, DebitMinor: 160}
		if asked, err = p.Settle(of); err != nil {
			t.Fatal(err)
		}
		d := closing(t, b, p, asked)
		if d.Code != "95" || d.Closing.Balanced || d.Own != kept {
			t.Fatalf("%s: %+v, %+v", p.Name, d, d.Closing)
		}
		if m := d.Answer(p, asked, func(iso8583.Field) string { return "" }); p.Balances(asked, m) != iso8583.BatchDiffers {
			t.Errorf("%s: %s", p.Name, m.Redacted())
		}
		for _, c := range []struct {
			stan, minor int64
			refund      bool
			code        string
		}{{1, 100, false, "00"}, {1, 100, false, "00"}, {4, 30, true, "00"}, {2, 200, false, "25"}, {6, 51, false, "64"}, {9, 1, false, "25"}} {
			if d := closing(t, b, p, item(p, c.stan, c.minor, c.refund)); d.Code != c.code {
				t.Errorf("%s: %+v is answered %s", p.Name, c, d.Code)
			}
		}
		missing, foreign, doubles := b.Missing("T1", 4)
		if len(missing) != 0 || !slices.Equal(foreign, []int64{2, 6, 9}) || !slices.Equal(doubles, []int64{1}) {
			t.Errorf("%s: missing %v, foreign %v, doubles %v", p.Name, missing, foreign, doubles)
		}
		row(10, Sale, Approved, 5)
		if missing, _, _ = b.Missing("T1", 4); !slices.Equal(missing, []int64{10}) {
			t.Errorf("%s: missing %v", p.Name, missing)
		}
		if d := closing(t, b, p, p.EndBatch(of, 5, false)); d.Code != "00" || !d.Closing.Ended || d.Closing.Told != 5 {
			t.Errorf("%s: %+v", p.Name, d.Closing)
		}
		if d := closing(t, b, p, asked); d.Code != "95" || d.Closing.Bank != kept { // what has ended gets the answer that it got
			t.Errorf("%s: asked again: %+v", p.Name, d.Closing)
		}
	}
}
