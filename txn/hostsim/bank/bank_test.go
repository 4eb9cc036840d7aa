package bank

import (
	"math/rand/v2"
	"slices"
	"testing"

	"veratill/txn/iso8583"
)

// sold is a sale that the bank approved; void undoes it.
var (
	sold = Row{Key: Key{"T1", 1, 2}, AmountMinor: 1250, State: Approved, Kind: Sale, ResponseCode: "00", RRN: " 1 2        ", ApprovalCode: "  A 1 "}
	void = Request{Row: Row{Key: Key{"T1", 1, 3}, AmountMinor: 1250, Kind: Void, OriginalBatch: 1, Original: 2}}
)

// refund gives some of the sale back.
var refund = Request{Row: Row{Key: Key{"T1", 1, 4}, AmountMinor: 1000, Kind: Refund, OriginalBatch: 1, Original: 2}}

// changed is a copy of a value with one thing otherwise.
func changed[T any](v T, change func(*T)) T {
	change(&v)
	return v
}

func TestDecisions(t *testing.T) {
	sale := Request{Row: Row{Key: sold.Key, AmountMinor: 1250, Kind: Sale}}
	reversal := changed(sale, func(r *Request) { r.Reversal = true })
	in := func(s State) Row { return changed(sold, func(r *Row) { r.State = s }) }
	voided := changed(void.Row, func(r *Row) { r.State = Approved })
	for name, c := range map[string]struct {
		asked         Request
		was, original Row
		code          string
		states        []State // of the rows that are written
	}{
		"a new sale is approved":                       {sale, Row{}, Row{}, "00", []State{Approved}},
		"an unwilling bank declines":                   {changed(sale, func(r *Request) { r.RefuseWith = "51" }), Row{}, Row{}, "51", []State{Declined}},
		"a number is booked once":                      {sale, sold, Row{}, "94", nil},
		"a declined number is not booked again":        {sale, in(Declined), Row{}, "94", nil},
		"a reversed number is refused":                 {sale, in(Reversed), Row{}, "12", nil},
		"a voided number is refused":                   {sale, in(Voided), Row{}, "12", nil},
		"a void undoes its sale":                       {void, Row{}, sold, "00", []State{Approved, Voided}},
		"a void of nothing is refused":                 {void, Row{}, Row{}, "25", []State{Declined}},
		"a void of a void is refused":                  {void, Row{}, changed(sold, func(r *Row) { r.Kind = Void }), "25", []State{Declined}},
		"a void of a declined sale is refused":         {void, Row{}, in(Declined), "12", []State{Declined}},
		"a sale is voided once":                        {void, Row{}, in(Voided), "12", []State{Declined}},
		"a void of another amount is refused":          {void, Row{}, changed(sold, func(r *Row) { r.AmountMinor++ }), "64", []State{Declined}},
		"a refund gives some of its sale back":         {refund, Row{}, sold, "00", []State{Approved, Approved}},
		"a refund of nothing is refused":               {refund, Row{}, Row{}, "25", []State{Declined}},
		"a refund of a voided sale is refused":         {refund, Row{}, in(Voided), "12", []State{Declined}},
		"a refund above the sale is refused":           {changed(refund, func(r *Request) { r.AmountMinor = 1251 }), Row{}, sold, "64", []State{Declined}},
		"a refund above what is left is refused":       {refund, Row{}, changed(sold, func(r *Row) { r.RefundedMinor = 251 }), "64", []State{Declined}},
		"a refund is booked once":                      {refund, changed(refund.Row, func(r *Row) { r.State = Approved }), sold, "94", nil},
		"a refund of another RRN is refused":           {changed(refund, func(r *Request) { r.NamesRRN = "000000000012" }), Row{}, sold, "25", []State{Declined}},
		"a refund is not undone":                       {changed(refund, func(r *Request) { r.Reversal = true }), changed(refund.Row, func(r *Row) { r.State = Approved }), sold, "58", nil},
		"a sale that went back in part is not voided":  {void, Row{}, changed(sold, func(r *Row) { r.RefundedMinor = 1 }), "64", []State{Declined}},
		"a reversal undoes":                            {reversal, sold, Row{}, "00", []State{Reversed}},
		"a reversal that comes first is remembered":    {reversal, Row{}, Row{}, "25", []State{Reversed}},
		"a repeated reversal is answered the same":     {reversal, in(Reversed), Row{}, "00", nil},
		"a reversal of a declined sale says so":        {reversal, in(Declined), Row{}, "12", nil},
		"a reversed void gives its sale back":          {changed(void, func(r *Request) { r.Reversal = true }), voided, in(Voided), "00", []State{Reversed, Approved}},
		"a reversed void leaves a reversed sale alone": {changed(void, func(r *Request) { r.Reversal = true }), voided, in(Reversed), "00", []State{Reversed}},
	} {
		d := Decide(c.asked, c.was, c.original)
		var states []State
		for _, r := range d.Rows {
			states = append(states, r.State)
		}
		if d.Code != c.code || !slices.Equal(states, c.states) {
			t.Errorf("%s: it answers %s and writes %v, want %s and %v", name, d.Code, states, c.code, c.states)
		}
	}
}

// What refunds gave back is kept with their sale, which a refund without a number of its original is found by.
func TestRefundsOfASaleAddUp(t *testing.T) {
	p := iso8583.Profiles()[0]
	b := NewBook()
	b.Keep(sold)
	none := func(iso8583.Field) string { return "" }
	byRRN := changed(refund, func(r *Request) { r.OriginalBatch, r.Original, r.NamesRRN, r.AmountMinor = 0, 0, sold.RRN, 700 })
	d := b.Decide(p, byRRN, none)
	b.Keep(d.Rows...)
	if row := b.Row(sold.Key); d.Code != "00" || row.RefundedMinor != 700 || b.Row(refund.Key).Original != sold.STAN {
		t.Fatalf("%s, and the sale is %+v", d.Code, row)
	}
	byRRN.STAN++
	if d := b.Decide(p, byRRN, none); d.Code != "64" {
		t.Errorf("another 700 of 1250: %s", d.Code)
	}
	byRRN.NamesRRN = "            "
	if d := b.Decide(p, byRRN, none); d.Code != "25" {
		t.Errorf("of nothing that is named: %s", d.Code)
	}
	b.Repeats = true
	if d := b.Decide(p, refund, none); d.Code != "00" || d.Again.AmountMinor != 700 || len(d.Rows) != 0 {
		t.Errorf("the repeat is answered %+v", d)
	}
}

// A void that names its sale has to say RRN and approval code as the bank said them, blanks included.
func TestVoidNamesItsSaleExactly(t *testing.T) {
	for _, c := range []struct{ rrn, code, want string }{
		{sold.RRN, sold.ApprovalCode, "00"}, {"", "", "00"}, {sold.RRN, "", "00"},
		{"1 2         ", sold.ApprovalCode, "25"}, {sold.RRN, "A 1   ", "25"}, {"000000000012", "", "25"}, {"", "      ", "25"},
	} {
		asked := void
		asked.NamesRRN, asked.NamesCode = c.rrn, c.code
		if got := Decide(asked, Row{}, sold).Code; got != c.want {
			t.Errorf("RRN %q and approval code %q are answered %s, want %s", c.rrn, c.code, got, c.want)
		}
	}
}

// An RRN is nobody else's, unless the source insists.
func TestRRNIsUnique(t *testing.T) {
	p := iso8583.Profiles()[0]
	b := NewBook()
	b.Keep(sold)
	next := []string{sold.RRN, sold.RRN, "000000000002"}
	counting := func(f iso8583.Field) string {
		if f.Number != 37 {
			return ""
		}
		text := next[0]
		next = append(next[1:], text)
		return text
	}
	asked := Request{Row: Row{Key: Key{"T1", 1, 9}, AmountMinor: 1, Kind: Sale}}
	if d := b.Decide(p, asked, counting); d.Rows[0].RRN != "000000000002" {
		t.Errorf("the RRN is %q, which another payment has", d.Rows[0].RRN)
	}
	d := b.Decide(p, asked, func(iso8583.Field) string { return sold.RRN })
	if d.Rows[0].RRN != sold.RRN {
		t.Errorf("a source that insists gets %q", d.Rows[0].RRN)
	}
	if len(b.Rows()) != 1 {
		t.Error("a decision changed the book")
	}
}

// Whatever any source says, the answer fits the profile, is read as it was meant, and the void
// that says it back is approved.
func TestAnswersOfAnyValueAreSaidBack(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	values := Any(r.IntN)
	for _, p := range iso8583.Profiles() {
		b := NewBook()
		for n := range int64(300) {
			tx := iso8583.Transaction{Terminal: iso8583.Terminal{Number: "T1", Merchant: "M1", Batch: 1}, STAN: 2*n + 1, AmountMinor: 100, Currency: "156", EntryMode: "022"}
			sale := ask(t, b, p, p.Financial(tx), values)
			tx.Original = &iso8583.Original{Batch: 1, STAN: tx.STAN, Date: "0101", Time: "0101000000", RRN: sale.Get(37), Approval: sale.Get(38)}
			tx.STAN++
			if m := ask(t, b, p, p.Financial(tx), values); m.Get(39) != "00" {
				t.Fatalf("%s: the void of RRN %q with approval code %q is answered %s", p.Name, sale.Get(37), sale.Get(38), m.Get(39))
			}
			if m := ask(t, b, p, p.Reversal(tx, "98", 2), values); m.Get(39) != "00" || m.MTI != "0410" {
				t.Fatalf("%s: the void's reversal is answered %s with %s", p.Name, m.MTI, m.Get(39))
			}
		}
	}
}

// ask sends a request over the wire, and returns the answer as it comes back.
func ask(t *testing.T, b *Book, p *iso8583.Profile, m iso8583.Message, s Source) iso8583.Message {
	t.Helper()
	asked, err := Read(p, m)
	if err != nil {
		t.Fatal(err)
	}
	d := b.Decide(p, asked, s)
	b.Keep(d.Rows...)
	body, err := p.Pack(d.Answer(p, m, s))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := p.Unpack(body)
	if err != nil {
		t.Fatal(err)
	}
	if d := answer; d.Get(37) != "" && d.Get(37) != b.Row(asked.Key).RRN || !p.Matches(m, d) {
		t.Fatalf("the answer is %s", d)
	}
	return answer
}
