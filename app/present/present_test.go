package present

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"veratill/assets"
	"veratill/txn"
	"veratill/txn/messages"
	"veratill/txn/money"
	"veratill/txn/sale"
)

func words(t *testing.T, language string) *Words {
	t.Helper()
	w, err := NewWords(language)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func attempt(state txn.State, kind txn.Kind, tender txn.Tender) txn.Attempt {
	id := txn.ID(42)
	a := txn.Attempt{ID: id, Batch: 3, Kind: kind, Tender: tender, State: state, Paper: txn.Printed, Amount: money.Amount{Minor: 700, Currency: money.CNY}}
	if kind == txn.Void {
		a.Original = id - 1
	}
	return a
}

// of is an attempt with its sale, which it pays at once, and with what became of the receipt.
func of(a txn.Attempt, paper txn.Paper) txn.Matter {
	b := txn.Bill{SaleID: 5, Total: a.Amount, State: txn.BillOpen, Paper: txn.NoPaper}
	switch {
	case a.Kind == txn.Void, a.State == txn.Approved, a.State == txn.Claimed:
		b.State, b.PaidMs, b.Paper = txn.BillPaid, 1, paper
	case a.State == txn.Voided:
		b.State, b.PaidMs, b.Paper = txn.BillReturned, 1, paper
	}
	return txn.Matter{Attempt: a, Bill: b}
}

// In every state, of every kind, in both languages, three things are said: what
// happened, whether the customer is charged, what to do next. And unknown is
// never told as a failure or as a success.
func TestEveryStateSaysWhetherTheCustomerIsCharged(t *testing.T) {
	for _, language := range assets.Languages {
		w := words(t, language)
		for _, kind := range []txn.Kind{txn.Sale, txn.Void} {
			for _, tender := range []txn.Tender{txn.Cash, txn.Card} {
				for _, state := range txn.States {
					if state == txn.Claimed { // of a separate terminal alone, see the next test
						continue
					}
					a := attempt(state, kind, tender)
					m := w.Matter(of(a, txn.Printed))
					if m.What == "" || m.Charged == "" || m.Next == "" || !strings.Contains(m.Small, "000042") {
						t.Errorf("%s %s %s %s: %+v", language, kind, tender, state, m)
					}
					if (a.Charged() == txn.ChargedUnknown) != strings.Contains(m.Charged, w.Text("charged.unknown-of", "amount", Money(700, money.CNY))) && kind == txn.Sale {
						t.Errorf("%s %s says %q", language, state, m.Charged)
					}
					if a.Open() && (m.Tone == Bad || m.Tone == Good) {
						t.Errorf("%s has the tone %s", state, m.Tone)
					}
					if state == txn.Approved && kind == txn.Sale && m.Tone != Good {
						t.Errorf("an approved payment has the tone %s", m.Tone)
					}
				}
			}
		}
	}
}

// A shop with several tills sees which one this is; its only one has no number.
func TestTheStripSaysWhichTillItIs(t *testing.T) {
	w := words(t, "zh")
	for n, want := range map[int]string{0: "真账", 2: "真账 · 2 号收银机"} {
		if first, _ := w.Strip(About{Merchant: "真账", TillNumber: n}, time.Now()); first != want {
			t.Errorf("till %d: the strip says %q, want %q", n, first, want)
		}
	}
}

// said is what the words about the money amount to.
func said(t *testing.T, w *Words, charged string) txn.Charged {
	t.Helper()
	for _, c := range []struct {
		key  string
		want txn.Charged
	}{
		{"charged.no", txn.ChargedNo}, {"charged.back", txn.ChargedNo}, {"charged.back.cash", txn.ChargedNo}, {"charged.back.card", txn.ChargedNo},
		{"charged.unknown", txn.ChargedUnknown}, {"charged.unknown-of", txn.ChargedUnknown}, {"charged.back-unknown", txn.ChargedUnknown},
		{"charged.yes.cash", txn.ChargedYes}, {"charged.yes.card", txn.ChargedYes}, {"charged.still-no-cash", txn.ChargedYes}, {"charged.kept", txn.ChargedYes},
	} {
		if charged == w.Text(c.key, "amount", Money(700, money.CNY)) {
			return c.want
		}
	}
	t.Fatalf("it says %q of the money", charged)
	return ""
}

// What the words say of the money is what the journal says, for each kind of attempt, outcome and refusal.
func TestWordsSayOfTheMoneyWhatTheJournalSays(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := words(t, rapid.SampledFrom(assets.Languages).Draw(r, "language"))
		a := attempt(rapid.SampledFrom(txn.States).Draw(r, "state"), rapid.SampledFrom(txn.Kinds).Draw(r, "kind"), rapid.SampledFrom([]txn.Tender{txn.Cash, txn.Card}).Draw(r, "tender"))
		if a.State == txn.Claimed || a.Kind == txn.Void && (a.State == txn.Voided || a.State == txn.Kept) {
			return // of a separate terminal alone; and a void is neither
		}
		if a.Kind == txn.Refund {
			return // of which it is asked whether it went back: see TestARefundSaysWhetherItWentBack
		}
		a.Reason = rapid.SampledFrom(append([]txn.Reason{txn.NoReason}, txn.Reasons...)).Draw(r, "reason")
		a.Answer.ResponseCode = rapid.SampledFrom([]string{"", "00", "51", "94", "zz"}).Draw(r, "code")
		a.Tries = rapid.IntRange(0, 5).Draw(r, "tries")
		if a.State == txn.Unresolved {
			a.Refused = rapid.SampledFrom([]string{"", "58"}).Draw(r, "refused")
		}
		m := of(a, rapid.SampledFrom(txn.Papers).Draw(r, "paper"))
		payment := attempt(rapid.SampledFrom([]txn.State{txn.Approved, txn.Voided}).Draw(r, "payment"), txn.Sale, a.Tender)
		if a.Kind == txn.Void {
			if a.State == txn.Approved {
				payment.State = txn.Voided
			}
			payment.ID = a.Original
			m.Bill.Parts = []txn.Part{{ID: payment.ID, Kind: txn.Sale, State: payment.State}, {ID: a.ID, Kind: txn.Void, State: a.State, Original: payment.ID}}
			m.Original = &payment
		} else if a.State == txn.Approved && rapid.Bool().Draw(r, "a void of it is not known") {
			how := rapid.SampledFrom([]txn.State{txn.Pending, txn.Reversing, txn.Unresolved}).Draw(r, "the void")
			m.Bill.Parts = []txn.Part{{ID: a.ID, Kind: txn.Sale, State: a.State}, {ID: a.ID + 1, Kind: txn.Void, State: how, Original: a.ID}}
			if m.Charged() != txn.ChargedUnknown {
				r.Errorf("a void of a payment is %s, and the journal says that the customer is %s", how, m.Charged())
			}
		}
		if got := said(t, w, w.Matter(m).Charged); got != m.Charged() {
			r.Errorf("a %s by %s that is %s says %s, and the journal %s", a.Kind, a.Tender, a.State, got, m.Charged())
		}
		code := rapid.SampledFrom([]string{"not voidable", "bank offline", "reversal owed", "journal failed", "cancelled", "books differ", "no such word"}).Draw(r, "why a void is refused")
		if a.Kind == txn.Sale {
			refused := w.Result(Result{Code: code, Charged: m.Charged(), Undoes: m}, false)
			if gone := rapid.Int64Range(0, 700).Draw(r, "given back before"); gone > 0 && a.State == txn.Approved && m.Charged() == txn.ChargedYes {
				state := rapid.SampledFrom([]txn.State{txn.Approved, txn.Unresolved}).Draw(r, "a refund before")
				m.Bill.Parts = []txn.Part{{ID: a.ID, Kind: txn.Sale, State: a.State, AmountMinor: 700}, {ID: a.ID + 1, Kind: txn.Refund, State: state, Original: a.ID, AmountMinor: gone}}
				refused = w.Result(Result{Code: code, Charged: txn.ChargedYes, Undoes: m}, false)
				if !strings.HasPrefix(refused.Charged, w.Text("charged.yes."+string(a.Tender), "amount", "¥7.00")) || !strings.Contains(refused.Charged, Money(gone, money.CNY)) || !strings.HasSuffix(refused.Charged, w.Text("charged.no-more-back")) {
					r.Errorf("%d of 7.00 is %s as given back, and a refused void says %q", gone, state, refused.Charged)
				}
				return
			}
			if got := said(t, w, refused.Charged); got != m.Charged() || refused.Tone == Good || refused.What == "" || refused.Next == "" {
				r.Errorf("a void of a payment that is %s, refused as %q, says %s of the money: %+v", a.State, code, got, refused)
			}
		}
	})
}

// A sale that was undone says "not charged" only where no part of it is unresolved.
func TestUndoneWithAnUnresolvedPartIsNotKnown(t *testing.T) {
	for _, language := range assets.Languages {
		w := words(t, language)
		for state, want := range map[txn.State]string{txn.Reversed: "charged.no", txn.Unresolved: "charged.unknown"} {
			r := Result{Bill: txn.Bill{SaleID: 1, State: txn.BillDropped, Parts: []txn.Part{{ID: 1, Kind: txn.Sale, Tender: txn.Card, State: state, AmountMinor: 100}}}}
			if m := w.Undone(r); m.Charged != w.Text(want) || (m.Tone == Good) != (state == txn.Reversed) {
				t.Errorf("%s: a part is %s: %+v", language, state, m)
			}
		}
	}
}

// Only a sale that is dropped is told as undone: one of books that do not hold, or that can't be read, says how it stands, or that nobody knows.
func TestOnlyADroppedSaleIsToldAsUndone(t *testing.T) {
	taken := txn.Bill{SaleID: 1, Total: money.Amount{Minor: 900, Currency: money.CNY}, State: txn.BillPartPaid, Parts: []txn.Part{{ID: 1, Kind: txn.Sale, Tender: txn.Card, State: txn.Approved, AmountMinor: 100}}}
	for _, language := range assets.Languages {
		w := words(t, language)
		for name, c := range map[string]struct {
			r       Result
			charged string
		}{
			"the books do not hold":   {Result{Bill: taken, Code: "books differ"}, w.Text("charged.still", "amount", "¥1.00")},
			"the bill can't be read":  {Result{Code: "journal failed"}, w.Text("charged.unknown")},
			"the bill is paid":        {Result{Bill: txn.Bill{SaleID: 1, State: txn.BillPaid}, Code: "not allowed"}, w.Text("charged.unknown")},
			"the bill is in no state": {Result{Bill: txn.Bill{SaleID: 1}}, w.Text("charged.unknown")},
		} {
			if m := w.Undone(c.r); m.Tone == Good || m.What == w.Text("sale.undone") || m.Charged != c.charged || m.Next == "" {
				t.Errorf("%s, %s: %+v", language, name, m)
			}
		}
		if m := w.Undone(Result{Bill: taken, Code: "books differ"}); !strings.Contains(m.Next, w.Text("code.books-differ.next")) {
			t.Errorf("%s: what to do about books that do not hold is not said: %+v", language, m)
		}
	}
}

// What books that do not hold refuse was not begun: no money moved, no bank is asked, and it says what to do.
func TestWhatTheBooksRefuseWasNotBegun(t *testing.T) {
	for _, language := range assets.Languages {
		w := words(t, language)
		m := w.Result(Result{Code: "books differ", Charged: txn.ChargedUnknown}, false)
		if m.Charged != w.Text("charged.nothing-moved") || m.Next != w.Text("code.books-differ.next") || m.Tone != Warning {
			t.Errorf("%s: %+v", language, m)
		}
		payment := of(attempt(txn.Approved, txn.Sale, txn.Card), txn.Printed)
		if m := w.Result(Result{Code: "books differ", Charged: txn.ChargedUnknown, Undoes: payment}, false); m.Next != w.Text("code.books-differ.next") || m.Charged != w.Text("charged.back-unknown") {
			t.Errorf("%s, of a payment that is not known: %+v", language, m)
		}
	}
}

// The head of what is unfinished names each kind: nothing that waits for the bank, or for the manager, is told as finished, and beside a sale that is paid
// in part it says too that nothing is charged again.
func TestWhatIsUnfinishedIsNotToldAsFinished(t *testing.T) {
	w := words(t, "en")
	sale := func(state txn.State, kind txn.Kind) Recovered {
		return Recovered{Before: txn.Pending, Matter: of(attempt(state, kind, txn.Card), txn.Printed), Done: state != txn.Pending && state != txn.Reversing}
	}
	part := Recovered{OfSale: true, Matter: txn.Matter{Bill: txn.Bill{SaleID: 9, State: txn.BillPartPaid}}}
	for name, c := range map[string]struct {
		found         []Recovered
		tone          Tone
		what, charged string
	}{
		"all are over":                 {[]Recovered{sale(txn.Reversed, txn.Sale)}, Good, "The payment is finished", ""},
		"one waits for the manager":    {[]Recovered{sale(txn.Reversed, txn.Sale), sale(txn.Unresolved, txn.Sale)}, Unknown, "1 payment needs the manager", w.Text("finishing.charged")},
		"a void waits for the manager": {[]Recovered{sale(txn.Unresolved, txn.Void)}, Unknown, "1 payment needs the manager", w.Text("charged.back-unknown")},
		"a part beside an open one":    {[]Recovered{part, sale(txn.Reversing, txn.Sale)}, Unknown, "1 sale is paid in part · Finishing 1 payment", w.Text("finishing.charged")},
		"a part":                       {[]Recovered{part}, Warning, "1 sale is paid in part", ""},
	} {
		if m := w.FinishingHead(c.found); m.Tone != c.tone || m.What != c.what || m.Charged != c.charged || m.Next == "" {
			t.Errorf("%s: %+v", name, m)
		}
	}
}

// Cash is received, and not approved; days count sales.
func TestCashIsReceivedAndDaysCountSales(t *testing.T) {
	w := words(t, "zh")
	if e := w.Entry(of(attempt(txn.Approved, txn.Sale, txn.Cash), txn.Printed)); e.State != "已收" {
		t.Errorf("cash is %q", e.State)
	}
	if e := w.Entry(of(attempt(txn.Approved, txn.Sale, txn.Card), txn.Printed)); e.State != "成功" {
		t.Errorf("a card is %q", e.State)
	}
	for n, want := range map[int64]string{1: "1 sale · ¥4.00", 2: "2 sales · ¥4.00"} {
		facts := words(t, "en").DayFacts(Day{Sales: Tally{n, 400}}, money.CNY)
		if !slices.Contains(facts, Fact{"Sales", want}) {
			t.Errorf("%d sales are told as %v", n, facts)
		}
	}
}

// A cashier's voids stand beside what they sold, and only where there are any.
func TestByCashierCountsVoids(t *testing.T) {
	for _, language := range assets.Languages {
		w := words(t, language)
		tables := w.DayTables(Day{ByCashier: []Cashier{{Name: "Li", Sales: Tally{2, 300}, Voids: Tally{1, 100}}, {Name: "Wu", Sales: Tally{1, 200}}}}, money.CNY)
		want := [][3]string{{"Li", "2", "3.00"}, {"Li · " + w.Text("kind.void"), "1", "1.00"}, {"Wu", "1", "2.00"}}
		if got := tables[len(tables)-1].Rows; !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", language, got, want)
		}
	}
}

// Of a terminal that stands alone every state says whose slip counts, and none sounds like a bank's approval.
func TestSeparateTerminalIsNeverToldAsProved(t *testing.T) {
	for _, language := range assets.Languages {
		w := words(t, language)
		for _, state := range []txn.State{txn.Pending, txn.Claimed, txn.Declined, txn.Voided} {
			for _, kind := range []txn.Kind{txn.Sale, txn.Void} {
				if kind == txn.Void && state == txn.Voided { // a void is never voided
					continue
				}
				a := attempt(state, kind, txn.External)
				m := w.Matter(of(a, txn.Printed))
				charged := "charged.elsewhere"
				if kind == txn.Sale && state == txn.Pending { // nobody charges for it again
					charged = "charged.elsewhere-unknown"
				}
				if m.What == "" || m.Next == "" || m.Charged != w.Text(charged, "amount", Money(700, money.CNY)) || m.Tone == Good {
					t.Errorf("%s %s %s: %+v", language, kind, state, m)
				}
			}
		}
	}
}

// What the printer does never changes what is said of the money.
func TestPaperNeverChangesTheMoney(t *testing.T) {
	w := words(t, "en")
	a := attempt(txn.Approved, txn.Sale, txn.Card)
	want := w.Matter(of(a, txn.Printed))
	for _, paper := range txn.Papers {
		if m := w.Matter(of(a, paper)); m.What != want.What || m.Charged != want.Charged || m.Tone != Good {
			t.Errorf("%s: %+v", paper, m)
		}
	}
}

// The customer may see the screen: no answer of a bank says that a card is lost or stolen.
func TestNoAnswerSaysStolen(t *testing.T) {
	for _, language := range assets.Languages {
		w := words(t, language)
		for _, code := range []string{"04", "07", "33", "34", "35", "36", "37", "41", "43", "59", "62", "63", "67"} {
			a := attempt(txn.Declined, txn.Sale, txn.Card)
			a.Answer.ResponseCode = code
			m := w.Matter(of(a, txn.Printed))
			if m.What != w.Text("result.declined") || !strings.Contains(m.Small, code) {
				t.Errorf("%s %s: %+v", language, code, m)
			}
		}
		for key, text := range w.texts {
			for _, word := range []string{"stolen", "fraud", "lost", "被盗", "挂失", "失窃", "没收"} {
				if strings.Contains(strings.ToLower(text), word) {
					t.Errorf("%s: %q", key, text)
				}
			}
		}
	}
}

func TestMoneyForTheScreen(t *testing.T) {
	for want, a := range map[string]money.Amount{
		"¥7.00": {Minor: 700, Currency: money.CNY}, "¥1,234,567.89": {Minor: 123456789, Currency: money.CNY},
		"¥1,200": {Minor: 1200, Currency: money.JPY}, "KD 1.250": {Minor: 1250, Currency: money.KWD}, "−¥0.05": {Minor: -5, Currency: money.CNY},
	} {
		if got := Money(a.Minor, a.Currency); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Quick cash is never below due, never the exact sum, and rises.
func TestQuickCash(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		due := rapid.Int64Range(1, money.MaxMinor).Draw(t, "due")
		c := rapid.SampledFrom([]money.Currency{"CNY", "JPY", "KWD", "EUR", "TWD"}).Draw(t, "currency")
		last := due
		for _, sum := range QuickCash(due, c, 5) {
			if sum <= last {
				t.Fatalf("%d after %d, due %d", sum, last, due)
			}
			last = sum
		}
	})
}

// Whatever is pressed on the pad, what was received is an amount, and change is exact.
func TestTheCashPadTakesAmountsOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := NewPay(sale.Sale{Currency: rapid.SampledFrom([]money.Currency{"CNY", "JPY", "KWD"}).Draw(t, "currency"), TotalMinor: 1234})
		for range rapid.IntRange(0, 30).Draw(t, "keys") {
			if key := rapid.SampledFrom([]string{"0", "1", "9", "00", ".", "<"}).Draw(t, "key"); key == "<" {
				p.Erase()
			} else {
				p.Type(key)
			}
			change, enough := p.Change()
			if p.Received() < 0 || p.Received() > money.MaxMinor || change != p.Received()-1234 || enough != (change >= 0) || p.Legal() != enough {
				t.Fatalf("pad %q: %d, change %d", p.Pad, p.Received(), change)
			}
		}
	})
}

func TestStepsSayWhoActsAndHowLong(t *testing.T) {
	w := words(t, "en")
	at := time.Date(2026, 11, 22, 14, 5, 3, 0, time.UTC)
	p := Progress{Step: Sending, At: at, Deadline: at.Add(time.Minute)}
	rows := w.Steps(p, at, at.Add(4*time.Second))
	if len(rows) != 4 || rows[1].Tone != Good || rows[2].Tone != Waiting || rows[2].Time != "4 s of 60 s" || rows[3].Tone != Muted {
		t.Fatalf("%+v", rows)
	}
	if w.WhoActs(p, false) != "Nobody needs to do anything." || w.WhoActs(Progress{}, false) == w.WhoActs(p, false) {
		t.Fatal(w.WhoActs(p, false))
	}
}

func TestChipsSettle(t *testing.T) {
	var s Settler
	at := time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)
	good := []Chip{{Part: Bank, Health: Ready, Since: at}}
	bad := []Chip{{Part: Bank, Health: Offline, Code: "no answer", Since: at}}
	s.Settle(good, at)
	if got := s.Settle(bad, at.Add(2*time.Second)); got[0].Health != Ready || !s.Unsettled(bad) {
		t.Fatalf("%+v", got)
	}
	if got := s.Settle(bad, at.Add(3*time.Second)); got[0].Health != Offline || s.Unsettled(bad) {
		t.Fatalf("%+v", got)
	}
	if got := s.Settle(good, at.Add(3*time.Second)); got[0].Health != Ready {
		t.Fatalf("%+v", got)
	}
}

// A note that has a key has words, in both languages.
func TestSellNotes(t *testing.T) {
	catalogue := sale.ReadList(assets.DemoCatalogue, money.CNY, nil)
	if n := catalogue.Len(); n < 150 {
		t.Fatalf("%d articles in the demo", n)
	}
	s := NewSell(sale.NewCart(money.CNY))
	steps := []func(){s.Star, s.More, s.Remove, s.SetQuantity, func() { s.Scan("6901234567892", catalogue) },
		func() { s.Scan("6901234567893", catalogue) }, func() { s.Scan("101", catalogue) },
		func() { s.Type("0"); s.Enter(catalogue) }, func() { s.Scan("101", catalogue); s.Type("1.5"); s.Enter(catalogue) },
		func() { s.Type("99999"); s.Star(); s.Scan(catalogue.InGroup("")[0].Code, catalogue) },
		func() { s.Scan(catalogue.InGroup("")[0].Code, catalogue); s.Type("1.5"); s.SetQuantity() }}
	for i, step := range steps {
		step()
		for _, language := range assets.Languages {
			if m := words(t, language).Tell(s.Note, money.CNY); m.What == s.Note.Key || strings.Contains(m.What+m.Next, "{") {
				t.Errorf("step %d in %s: %+v", i, language, m)
			}
		}
	}
}

// A typed quantity has at most the three decimals that a scale shows; a fourth is a slip of the finger.
func TestTypedQuantityIsInGrams(t *testing.T) {
	for text, want := range map[string]int64{
		"2": 2 * sale.OneE5, "1.25": 125_000, "0.001": sale.GramE5, ".5": sale.OneE5 / 2, "5.": 5 * sale.OneE5, "999999.999": 99_999_999_900,
		"1.2345": 0, "0": 0, "0.000": 0, ".": 0, "": 0, "..": 0, "1.2.3": 0, "1000000": 0,
	} {
		if got, ok := sale.ParseQuantity(text); ok != (want > 0) || ok && got != want {
			t.Errorf("%q is %d, %v; want %d", text, got, ok, want)
		}
	}
}

// What a scale prints sells its own weight or price once, whatever quantity waited; what can't be right is refused.
func TestLabelsOfAScale(t *testing.T) {
	labels, err := sale.ParseLabels([]string{"21=weight", "22=price"})
	if err != nil {
		t.Fatal(err)
	}
	c, err := sale.NewCatalogue([]sale.Item{
		{Code: "101", Name: sale.Name{EN: "Apples"}, UnitPriceMinor: 1200, Unit: sale.Kilogram},
		{Code: "00102", Name: sale.Name{EN: "Bread"}, UnitPriceMinor: 800, Unit: sale.Piece},
	})
	if err != nil {
		t.Fatal(err)
	}
	label := func(digits string) string {
		check, _ := sale.CheckDigit(digits)
		return digits + string('0'+check)
	}
	for _, k := range []struct {
		code  string
		total int64
		key   string
	}{
		{label("210010101250"), 1500, "sell.added"}, // 1.250 kg of 12.00
		{label("220010100999"), 999, "sell.added"},
		{label("220010200555"), 555, "sell.added"},
		{label("210010200500"), 0, "sell.label-weight"}, // sold by the piece
		{label("210010100000"), 0, "sell.label-empty"},
		{label("210099901250"), 0, "sell.code-unknown"},
		{"134567890123456789", 0, "sell.payment-code"},
	} {
		s := NewSell(sale.NewCart(money.CNY))
		s.Labels, s.TimesE5 = labels, 3*sale.OneE5
		s.Scan("]E0"+k.code, c)
		if s.Cart.TotalMinor() != k.total || s.Note.Key != k.key || s.TimesE5 != 0 {
			t.Errorf("%s: %d, %q, %d", k.code, s.Cart.TotalMinor(), s.Note.Key, s.TimesE5)
		}
	}
}

// A message that could not leave calls the manager, and names the setting; the money is said as it is.
func TestUnsentMessagesCallTheManager(t *testing.T) {
	for _, language := range []string{"zh", "en"} {
		w := words(t, language)
		owed := attempt(txn.Reversing, txn.Sale, txn.Card)
		owed.Unsent = "0400: DE41 (terminal) does not fit ans8"
		if m := w.Matter(of(owed, txn.NoPaper)); m.Next != w.Text("result.unknown.unsent") || m.Charged != w.Text("charged.unknown-of", "amount", Money(700, money.CNY)) || !strings.Contains(m.Detail, "DE41") {
			t.Errorf("%s: an unsent reversal reads %+v", language, m)
		}
		never := attempt(txn.Reversed, txn.Sale, txn.Card)
		never.Reason, never.Unsent = txn.CannotPack, "0200: DE41 (terminal) does not fit ans8"
		if m := w.Matter(of(never, txn.NoPaper)); m.What != w.Text("reason.cannot-pack") || m.Charged != w.Text("charged.no") || !strings.Contains(m.Detail, "DE41") {
			t.Errorf("%s: an unsent request reads %+v", language, m)
		}
	}
}

// While a separate terminal's answer is missing, the list of what is not known says who has to do something.
func TestFinishingAsksThePersonForTheTerminal(t *testing.T) {
	w, err := NewWords("en")
	if err != nil {
		t.Fatal(err)
	}
	for tender, want := range map[txn.Tender]string{txn.Card: "finishing.open.next", txn.External: "finishing.open.next-terminal"} {
		head := w.FinishingHead([]Recovered{{Matter: txn.Matter{Attempt: txn.Attempt{Tender: tender, State: txn.Pending}}}})
		if head.Next != w.Text(want) {
			t.Errorf("%s: %q", tender, head.Next)
		}
	}
}

// A card's number that somebody types or scans is told as that, and not one digit of it: neither stays on the pad.
func TestACardNumberIsNoCode(t *testing.T) {
	for _, number := range []string{"4111111111111111", "378282246310005", "4111111111111111=4912101"} {
		s := NewSell(sale.NewCart(money.CNY))
		s.Scan(number, nothing{})
		if s.Note.Key != "sell.card-number" || len(s.Note.Pairs) > 0 {
			t.Errorf("%s is scanned: %+v", number, s.Note)
		}
		s.Note = Note{}
		s.Type(number[:min(len(number), padLimit)])
		s.Enter(nothing{})
		if len(number) <= padLimit && (s.Note.Key != "sell.card-number" || s.Pad != "") {
			t.Errorf("%s is typed: %+v, the pad holds %q", number, s.Note, s.Pad)
		}
	}
}

// A line to the bank by a card terminal has the name of what stands on the counter, on the pill and on its page.
func TestACardTerminalIsCalledSo(t *testing.T) {
	for _, language := range []string{"en", "zh"} {
		w := words(t, language)
		c := Chip{Part: Bank, Health: Offline, Code: "bank offline", Terminal: true}
		want := w.Text("part.terminal")
		if pill, page := w.Worst([]Chip{c}), w.Device(c, time.Now()); !strings.Contains(pill.What, want) || !strings.Contains(page.What, want) {
			t.Errorf("%s: the pill says %q and the page %q, want %q", language, pill.What, page.What, want)
		}
	}
}

// The pill at the top names one part: the worst, and among equals the one that stops most.
func TestTheWorstPartIsNamed(t *testing.T) {
	w, err := NewWords("en")
	if err != nil {
		t.Fatal(err)
	}
	low, off := Attention, Offline
	for want, chips := range map[string][]Chip{
		"All ready/":            {{Part: Reader, Health: Ready}, {Part: Printer, Health: Busy, Code: "printing"}},
		"Printer/paper out":     {{Part: Reader, Health: Ready}, {Part: Printer, Health: off, Code: "paper out"}},
		"Bank +1/not reached":   {{Part: Printer, Health: off, Code: "paper out"}, {Part: Bank, Health: off, Code: "bank offline"}},
		"Printer +1/paper out":  {{Part: Printer, Health: off, Code: "paper out"}, {Part: Bank, Health: low, Code: "call the manager"}},
		"Journal +2/can't save": {{Part: Bank, Health: off}, {Part: Printer, Health: off}, {Part: Journal, Health: off, Code: "journal failed"}},
		"Bank/call the manager": {{Part: Bank, Health: low, Code: "call the manager"}, {Part: Scanner, Health: Ready}},
	} {
		m := w.Worst(chips)
		if got := m.What + "/" + m.Next; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A refund says whether the money went back; one that is not known says that no cash is to be given, and its payment does too.
func TestARefundSaysWhetherItWentBack(t *testing.T) {
	for _, language := range assets.Languages {
		w := words(t, language)
		amount := Money(700, money.CNY)
		want := map[txn.State]string{txn.Pending: w.Text("refund.no-cash"), txn.Unresolved: w.Text("refund.no-cash"), txn.Approved: w.Text("charged.back.card", "amount", amount),
			txn.Declined: w.Text("refund.not-back", "amount", amount), txn.Claimed: w.Text("refund.back", "amount", amount)}
		for state, text := range want {
			a := attempt(state, txn.Refund, txn.Card)
			a.Evidence.As = map[bool]txn.Finding{true: txn.WasGivenBack}[state == txn.Claimed]
			m := w.Matter(of(a, txn.Printed))
			if m.Charged != text || m.What == "" || m.Next == "" {
				t.Errorf("%s, %s: %+v", language, state, m)
			}
			if unknown := state == txn.Pending || state == txn.Unresolved; unknown != (m.Tone == Unknown) {
				t.Errorf("%s, %s: its tone is %v", language, state, m.Tone)
			}
		}
		paid := attempt(txn.Approved, txn.Sale, txn.Card)
		m := of(paid, txn.Printed)
		m.Bill.Parts = []txn.Part{{ID: paid.ID, Kind: txn.Sale, Tender: txn.Card, State: txn.Approved, AmountMinor: 700, Paid: true},
			{ID: paid.ID + 1, Kind: txn.Refund, Tender: txn.Card, State: txn.Unresolved, AmountMinor: 300, Original: paid.ID}}
		if said := w.Matter(m).Charged; !strings.Contains(said, w.Text("refund.some-unknown", "amount", Money(300, money.CNY))) {
			t.Errorf("%s: the payment says %q", language, said)
		}
		if MayVoid(m, m.Attempt.Batch) {
			t.Error("a void is offered of a payment that may have gone back in part")
		}
		m.Bill.Parts[1].State = txn.Approved
		if said := w.Matter(m).Charged; !strings.Contains(said, w.Text("refund.some-back", "amount", Money(300, money.CNY), "left", Money(400, money.CNY))) {
			t.Errorf("%s: the payment says %q", language, said)
		}
	}
}

// What a message was taken to mean is told by its first word, with or without a reason behind it; what has no words is not told in another language.
func TestAMessagesVerdictIsToldInWords(t *testing.T) {
	w := words(t, "zh")
	for verdict, want := range map[string]string{"bank approved": "批准", "gave up no answer": "不确定", "no answer": "没有应答", "not paid, and will not be": "未付", "": "", "something else": ""} {
		if got := w.MessageRow(messages.Message{Way: messages.Received, Verdict: verdict}).State; got != want {
			t.Errorf("%q is told as %q, want %q", verdict, got, want)
		}
	}
}

// A part that was not begun says what is taken of its sale: "not charged" would be read as said of that too.
func TestAPartNotBegunSaysWhatIsTaken(t *testing.T) {
	for _, language := range assets.Languages {
		w := words(t, language)
		b := txn.Bill{SaleID: 1, State: txn.BillPartPaid, Total: money.Amount{Minor: 700, Currency: money.CNY},
			Parts: []txn.Part{{ID: 1, Kind: txn.Sale, Tender: txn.Card, State: txn.Approved, AmountMinor: 300}}}
		r := Result{Bill: b, SaleID: 1, Code: "card unreadable", Charged: txn.ChargedNo}
		if m := w.Result(r, false); m.Charged != w.Text("sale.part-not-charged", "taken", Money(300, money.CNY)) || !PayAgain(r) || r.Begun() {
			t.Errorf("%s: %+v", language, m)
		}
	}
}

// Only a day that was closed today, and behind which nothing was sold, is told as closed.
func TestAfterZIsOfTodayAlone(t *testing.T) {
	now := time.Date(2026, 11, 22, 20, 0, 0, 0, time.Local)
	today := time.Date(2026, 11, 22, 0, 0, 0, 0, time.Local)
	closed := Day{Z: 18, Date: today, Closed: now.Add(-time.Hour)}
	for name, c := range map[string]struct {
		open   Day
		closed []Day
		told   bool
	}{
		"closed an hour ago":          {Day{Date: today}, []Day{closed}, true},
		"sold since":                  {Day{Date: today, Opened: now}, []Day{closed}, false},
		"closed the day before":       {Day{Date: today}, []Day{{Z: 17, Date: today.AddDate(0, 0, -1), Closed: now.AddDate(0, 0, -1)}}, false},
		"closed today, of yesterday":  {Day{Date: today}, []Day{{Z: 17, Date: today.AddDate(0, 0, -1), Closed: today.Add(time.Minute)}}, true},
		"no day was closed":           {Day{Date: today}, nil, false},
		"an earlier day's page":       {closed, []Day{closed}, false},
		"closed, and nobody knows at": {Day{Date: today}, []Day{{Z: 18, Date: today}}, false},
	} {
		if got := AfterZ(c.open, c.closed, now).Key != ""; got != c.told {
			t.Errorf("%s: told %v", name, got)
		}
	}
}

// A payment that was reversed asks for a look until it was seen, or another payment has paid its sale; nothing else leaves the list because somebody saw it.
func TestOnlyWhatIsOverLeavesWhatNeedsAttention(t *testing.T) {
	nobody := func(txn.Attempt) bool { return false }
	everybody := func(txn.Attempt) bool { return true }
	of := func(state txn.State, paidMs int64, change func(*txn.Attempt)) Entry {
		a := txn.Attempt{ID: 7, Kind: txn.Sale, State: state}
		change(&a)
		return Entry{Attempt: a, Bill: txn.Bill{SaleID: 3, PaidMs: paidMs}}
	}
	same := func(*txn.Attempt) {}
	for name, c := range map[string]struct {
		day        Day
		unseen, of int // listed before anybody saw it, and after
	}{
		"reversed":                         {Day{Reversals: []Entry{of(txn.Reversed, 0, same)}}, 1, 0},
		"reversed, and paid another way":   {Day{Reversals: []Entry{of(txn.Reversed, 1, same)}}, 0, 0},
		"paid another way, and not sent":   {Day{Reversals: []Entry{of(txn.Reversed, 1, func(a *txn.Attempt) { a.Unsent = "no MAC key" })}}, 1, 0},
		"paid another way, and told late":  {Day{Reversals: []Entry{of(txn.Reversed, 1, func(a *txn.Attempt) { a.Late.ResponseCode = "00" })}}, 1, 0},
		"reversing, which stands as open":  {Day{Open: []Entry{of(txn.Reversing, 0, same)}, Reversals: []Entry{of(txn.Reversing, 0, same)}}, 1, 1},
		"in doubt":                         {Day{Unresolved: []Entry{of(txn.Unresolved, 1, same)}}, 1, 1},
		"without paper":                    {Day{Unpapered: []Entry{of(txn.Approved, 1, same)}}, 1, 1},
		"paid in part":                     {Day{Unpaid: []Entry{of(txn.Approved, 0, same)}}, 1, 1},
		"of a state that is not over here": {Day{Reversals: []Entry{of(txn.Kept, 1, same)}}, 1, 1},
	} {
		if n := len(c.day.Attention(nobody)); n != c.unseen {
			t.Errorf("%s: %d are listed before anybody saw it, want %d", name, n, c.unseen)
		}
		if n := len(c.day.Attention(everybody)); n != c.of {
			t.Errorf("%s: %d are listed once it was seen, want %d", name, n, c.of)
		}
	}
}
