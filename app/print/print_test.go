package print

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"veratill/devices"
	"veratill/devices/printer"
	"veratill/escpos"
	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/report"
	"veratill/txn/sale"
	"veratill/txn/till"
)

var update = flag.Bool("update", false, "write the golden files anew; read their diff")

var shanghai = time.FixedZone("CST", 8*3600)

func options(l Language) Options {
	return Options{Language: l, Books: "3f2a9c01d4b7e8560123456789abcdef", MerchantName: sale.Name{ZH: "真账便利店", EN: "Veratill Corner Shop"},
		Address: sale.Name{ZH: "上海市黄浦区南京东路100号", EN: "100 Nanjing Rd E, Shanghai"}, Location: shanghai}
}

func amount(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: money.CNY} }

func payment(state txn.State, kind txn.PrintKind) till.Sheet {
	id := txn.ID(124)
	return till.Sheet{
		Print: txn.Print{ID: 77, Kind: kind, AtMs: 1773451613000},
		Attempt: txn.Attempt{ID: id, Batch: 3, Kind: txn.Sale, Tender: txn.Card, State: state, Amount: amount(123456),
			Terminal: "12345678", Merchant: "898310054110001", Cashier: "小王", OpenedMs: 1773451613000,
			Card:   txn.CardFacts{Masked: "621700*********4567", Scheme: "UnionPay"},
			Answer: txn.Answer{RRN: "260314092653", ApprovalCode: "654321"}},
		Sale: sale.Sale{Currency: money.CNY, TotalMinor: 123456, TaxMinor: 14203, Lines: []sale.Line{
			{Name: map[string]string{"zh": "农夫山泉饮用天然水550毫升", "en": "Nongfu Spring water 550 ml"}, Unit: sale.Piece, UnitPriceMinor: 200, QuantityE5: 2 * sale.OneE5, AmountMinor: 400},
			{Name: map[string]string{"zh": "红富士苹果", "en": "Fuji apples"}, Unit: sale.Kilogram, UnitPriceMinor: 1280, QuantityE5: 1250 * sale.GramE5, AmountMinor: 1600},
			{Name: map[string]string{"zh": "智能电饭煲", "en": "Rice cooker"}, Unit: sale.Piece, UnitPriceMinor: 121456, QuantityE5: sale.OneE5, AmountMinor: 121456},
		}},
	}
}

// of puts a payment on the paper of its sale, as the machine has it: paid, or voided later. Notes and slips stay its own.
func of(s till.Sheet) till.Sheet {
	a := s.Attempt
	b := txn.Bill{SaleID: 5, Total: a.Amount, State: txn.BillOpen, Batch: a.Batch, Terminal: a.Terminal, Merchant: a.Merchant, Cashier: a.Cashier, OpenedMs: a.OpenedMs}
	switch a.State {
	case txn.Approved, txn.Claimed:
		b.State, b.PaidMs = txn.BillPaid, a.OpenedMs
	case txn.Voided:
		b.State, b.PaidMs = txn.BillReturned, a.OpenedMs
	}
	s.Bill = b
	if s.Print.Kind == txn.PrintOriginal || s.Print.Kind == txn.PrintRepeat {
		s.Attempt, s.Parts = txn.Attempt{}, []txn.Attempt{a}
	}
	return s
}

func card(state txn.State, kind txn.PrintKind) till.Sheet { return of(payment(state, kind)) }

// split is the receipt of a sale that was paid by card, at a separate terminal and in cash.
func split() till.Sheet {
	s := card(txn.Approved, txn.PrintOriginal)
	first := s.Parts[0]
	second, third := first, first
	first.Amount, second.Amount, third.Amount = amount(100000), amount(20000), amount(3456)
	second.ID, second.Tender, second.State, second.Card, second.Answer = first.ID+1, txn.External, txn.Claimed, txn.CardFacts{}, txn.Answer{}
	third.ID, third.Tender, third.Card, third.Answer = first.ID+2, txn.Cash, txn.CardFacts{}, txn.Answer{}
	third.ReceivedMinor, third.ChangeMinor, s.OpenDrawer = 5000, 1544, true
	s.Parts = []txn.Attempt{first, second, third}
	return s
}

// given is the receipt of a sale of 0.00.
func given() till.Sheet {
	s := card(txn.Approved, txn.PrintOriginal)
	s.Parts, s.Bill.Total = nil, amount(0)
	s.Sale = sale.Sale{Currency: money.CNY, Lines: []sale.Line{{Name: map[string]string{"zh": "购物袋", "en": "Bag"}, Unit: sale.Piece, QuantityE5: sale.OneE5}}}
	return s
}

// partSlip is the slip of a card part before its sale is paid.
func partSlip() till.Sheet {
	s := payment(txn.Approved, txn.PrintPart)
	s.Bill = txn.Bill{SaleID: 5, Total: amount(200000), State: txn.BillPartPaid}
	return s
}

func cash() till.Sheet {
	s := payment(txn.Approved, txn.PrintOriginal)
	s.Attempt.Tender, s.Attempt.Card, s.Attempt.Answer = txn.Cash, txn.CardFacts{}, txn.Answer{}
	s.Attempt.ReceivedMinor, s.Attempt.ChangeMinor, s.OpenDrawer = 130000, 6544, true
	return of(s)
}

func void() till.Sheet {
	s := payment(txn.Approved, txn.PrintOriginal)
	s.Bill = txn.Bill{SaleID: 5, Total: s.Attempt.Amount, State: txn.BillReturned}
	s.Original = s.Attempt
	s.Attempt.Kind, s.Attempt.Original = txn.Void, s.Attempt.ID
	s.Attempt.ID++
	s.Attempt.Answer = txn.Answer{RRN: "260314101010", ApprovalCode: "111222"}
	return s
}

func copied(s till.Sheet) till.Sheet {
	s.Copy = true
	return s
}

func totals(kind txn.PrintKind) till.Sheet {
	t := report.Totals{Batch: 3, Z: 41, Date: "2026-03-14", OfDate: 2, FirstMs: 1773440000000, ClosedMs: 1773451613000, Given: 2, Currency: "CNY", Sales: report.Tally{Count: 12, AmountMinor: 456700}, Voids: report.Tally{Count: 1, AmountMinor: 1000},
		NetMinor: 455700, ByTender: map[string]report.Tally{"card": {Count: 7, AmountMinor: 300000}, "cash": {Count: 5, AmountMinor: 156700}},
		VoidsBy:   map[string]report.Tally{"card": {Count: 1, AmountMinor: 1000}},
		ByCashier: map[string]report.Split{"小王": {Sales: report.Tally{Count: 12, AmountMinor: 456700}, Voids: report.Tally{Count: 1, AmountMinor: 1000}}},
		Declined:  2, Reversed: 1, Grand: report.Tally{Count: 900, AmountMinor: 98765432}, HeadSeq: 1234, Head: "0123456789abcdef0123"}
	t.ByHour[9] = report.Tally{Count: 12, AmountMinor: 456700}
	b, _ := json.Marshal(t)
	return till.Sheet{Print: txn.Print{ID: 9, Kind: kind, AtMs: 1773451613000}, Totals: b}
}

func encode(t *testing.T, s till.Sheet, o Options, paper escpos.Paper) []byte {
	t.Helper()
	doc, err := Document(s, o)
	if err != nil {
		t.Fatal(err)
	}
	e, err := escpos.NewEncoder(escpos.Profile{Paper: paper})
	if err != nil {
		t.Fatal(err)
	}
	b, err := e.Append(nil, doc)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func text(t *testing.T, s till.Sheet, o Options, paper escpos.Paper) string {
	t.Helper()
	return escpos.Decode(encode(t, s, o, paper), escpos.DecodeOptions{Paper: paper}).Text()
}

// What was a demonstration says so on paper, after the till is none any more: a sale, a void, a note, and a report with one of them in it.
func TestPaperSaysDemonstrationForEver(t *testing.T) {
	sale, slip, note := card(txn.Approved, txn.PrintRepeat), void(), of(payment(txn.Reversing, txn.PrintSlip))
	sale.Bill.Demo, slip.Attempt.Demo, note.Attempt.Demo = true, true, true
	z := totals(txn.PrintZ)
	z.Totals = []byte(strings.Replace(string(z.Totals), `"batch":3`, `"demo":true,"batch":3`, 1))
	for name, s := range map[string]till.Sheet{"a sale": sale, "a void": slip, "a note": note, "a report": z} {
		if paper := text(t, s, Options{}, escpos.Paper80); strings.Count(paper, "DEMO") < 2 {
			t.Errorf("%s does not say at both ends that it was a demonstration:\n%s", name, paper)
		}
	}
	if paper := text(t, totals(txn.PrintZ), Options{}, escpos.Paper80); strings.Contains(paper, "DEMO") {
		t.Errorf("a report without a demonstration says that it is one:\n%s", paper)
	}
}

// What stands on every kind of paper, on both widths, in all three languages.
func TestGolden(t *testing.T) {
	merchantToo := func(o Options) Options { o.MerchantCopy = true; return o }
	demo := func(o Options) Options { o.Demo = true; return o }
	same := func(o Options) Options { return o }
	for name, c := range map[string]struct {
		s till.Sheet
		o func(Options) Options
	}{
		"card":     {card(txn.Approved, txn.PrintOriginal), merchantToo},
		"repeat":   {card(txn.Approved, txn.PrintRepeat), demo},
		"voided":   {card(txn.Voided, txn.PrintRepeat), same},
		"cash":     {cash(), same},
		"void":     {void(), same},
		"split":    {split(), merchantToo},
		"given":    {given(), same},
		"part":     {partSlip(), same},
		"slip":     {card(txn.Reversing, txn.PrintSlip), demo},
		"undone":   {card(txn.Reversed, txn.PrintSlip), same},
		"declined": {card(txn.Declined, txn.PrintSlip), same},
		"x":        {totals(txn.PrintX), same},
		"z":        {totals(txn.PrintZ), demo},
	} {
		var all strings.Builder
		for _, paper := range []escpos.Paper{escpos.Paper80, escpos.Paper58} {
			for _, l := range []Language{zh, en, both} {
				fmt.Fprintf(&all, "=== %d columns, %s\n%s", paper.Columns, l, text(t, c.s, c.o(options(l)), paper))
			}
		}
		path := filepath.Join("testdata", name+".txt")
		if *update {
			if err := os.WriteFile(path, []byte(all.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if all.String() != string(want) {
			t.Errorf("%s differs (go test -update writes it):\n%s", name, all.String())
		}
	}
}

// "Copy" stands on repeats alone, top and bottom; a slip never says paid; demo is
// on every paper of a demo, top and bottom.
func TestMarks(t *testing.T) {
	for _, paper := range []escpos.Paper{escpos.Paper80, escpos.Paper58} {
		for _, l := range []Language{zh, en, both} {
			o := options(l)
			o.MerchantCopy, o.Demo = true, true
			for _, c := range []struct {
				s      till.Sheet
				copies int // papers
				repeat bool
				slip   bool
			}{
				{card(txn.Approved, txn.PrintOriginal), 2, false, false}, {card(txn.Approved, txn.PrintRepeat), 2, true, false},
				{card(txn.Voided, txn.PrintRepeat), 2, true, false}, {cash(), 1, false, false}, {void(), 2, false, false},
				{split(), 2, false, false}, {given(), 1, false, false},
				{card(txn.Pending, txn.PrintSlip), 1, false, true}, {card(txn.Reversed, txn.PrintSlip), 1, false, true},
				{card(txn.Declined, txn.PrintSlip), 1, false, true}, {totals(txn.PrintX), 1, false, false},
				{totals(txn.PrintZ), 1, false, false}, {copied(totals(txn.PrintZ)), 1, true, false},
			} {
				out := text(t, c.s, o, paper)
				upper := strings.ToUpper(out)
				demos := max(strings.Count(out, "演示"), strings.Count(upper, "DEMO"))
				if demos != 2*c.copies {
					t.Errorf("%s: %d demo marks:\n%s", l, demos, out)
				}
				marks := max(strings.Count(out, "补打"), strings.Count(upper, "COPY"))
				if want := 2 * c.copies; c.repeat && marks != want || !c.repeat && marks != 0 {
					t.Errorf("%s: %d copy marks:\n%s", l, marks, out)
				}
				nots := max(strings.Count(out, "非凭证"), strings.Count(upper, "NOT A RECEIPT"))
				if c.slip != (nots == 2) {
					t.Errorf("%s: %d slip marks:\n%s", l, nots, out)
				}
				for _, paid := range []string{"PAID", "APPROV", "已付", "已收", "成功", "批准", "授权码", "CUSTOMER RECEIPT", "顾客联"} {
					if c.slip && strings.Contains(upper, paid) {
						t.Errorf("a slip says %q:\n%s", paid, out)
					}
				}
				if strings.Contains(out, "�") {
					t.Errorf("a word of ours is not in the encoding:\n%s", out)
				}
			}
		}
	}
}

// No paper exists for a payment that is not approved, whoever asks for one.
func TestNoReceiptWithoutApproval(t *testing.T) {
	for _, state := range txn.States {
		for _, kind := range []txn.PrintKind{txn.PrintOriginal, txn.PrintRepeat, txn.PrintSlip} {
			_, err := Document(card(state, kind), options(both))
			paid := state == txn.Approved || state == txn.Voided || state == txn.Claimed
			var want error
			switch {
			case kind == txn.PrintSlip && paid:
				want = errNoSlip
			case kind == txn.PrintOriginal && state == txn.Voided:
				want = errUnmarked
			case kind != txn.PrintSlip && !paid:
				want = errNotPaid
			}
			if !errors.Is(err, want) {
				t.Errorf("%s of %s: %v, wanted %v", kind, state, err, want)
			}
		}
	}
	if _, err := Document(till.Sheet{Print: txn.Print{Kind: "poem"}}, Options{}); !errors.Is(err, errKind) {
		t.Error(err)
	}
	if _, err := Document(till.Sheet{Print: txn.Print{Kind: txn.PrintX}, Totals: []byte("{")}, Options{}); !errors.Is(err, errBadTotals) {
		t.Error(err)
	}
}

// From a sheet to paper, over the driver and the emulated printer.
func TestPress(t *testing.T) {
	e, err := escpos.NewEncoder(escpos.Profile{})
	if err != nil {
		t.Fatal(err)
	}
	unit := printer.NewEmulator(printer.Traits{})
	papers := make(chan printer.Paper, 4)
	unit.OnPaper(func(p printer.Paper) { papers <- p })
	d := printer.OpenVirtual(unit, printer.Config{Timeout: 200 * time.Millisecond})
	defer d.Close()
	press := &Press{Options: func() Options { return options(both) }, Log: slog.New(slog.DiscardHandler)}
	press.Use(d, e)
	var _ till.Printer = press
	if out, proof := press.Begin(context.Background(), cash())(); out != txn.Printed || proof != "process id" {
		t.Fatal(out, proof)
	}
	if p := <-papers; !strings.Contains(escpos.Decode(p.Bytes, escpos.DecodeOptions{}).Text(), "1,234.56") || unit.Kicks() != 1 {
		t.Error("the paper or the drawer")
	}
	if out, _ := press.Begin(context.Background(), card(txn.Pending, txn.PrintOriginal))(); out != txn.NotPrinted {
		t.Error(out)
	}
	unit.OutAfter(-1, 3)
	if out, _ := press.Begin(context.Background(), card(txn.Approved, txn.PrintOriginal))(); out != txn.PaperUnknown {
		t.Error(out)
	}
	if press.Ready() {
		t.Error("ready without paper")
	}
	if out, _ := press.Begin(context.Background(), card(txn.Approved, txn.PrintRepeat))(); out != txn.NotPrinted {
		t.Error(out)
	}
	if d.Status().Reason != devices.PaperOut {
		t.Error(d.Status())
	}
}

// A payment at a separate terminal says on its paper that the terminal's slip counts, and never has a bank's numbers.
func TestSeparateTerminalSaysWhoseSlipCounts(t *testing.T) {
	s := payment(txn.Claimed, txn.PrintOriginal)
	s.Attempt.Tender, s.Attempt.Card, s.Attempt.Answer = txn.External, txn.CardFacts{}, txn.Answer{ApprovalCode: "A1B2C3"}
	receipt := text(t, of(s), options(both), escpos.Paper80)
	for _, want := range []string{"Separate terminal", "The slip of that terminal counts", "以该终端的签购单为准", "A1B2C3"} {
		if !strings.Contains(receipt, want) {
			t.Errorf("the receipt lacks %q:\n%s", want, receipt)
		}
	}
	if strings.Contains(receipt, "RRN") {
		t.Errorf("the receipt has a bank's number:\n%s", receipt)
	}
	s.Attempt.State, s.Print.Kind = txn.Declined, txn.PrintSlip
	if note := text(t, s, options(en), escpos.Paper80); !strings.Contains(note, "separate card terminal showed") || strings.Contains(note, "You were not charged") {
		t.Errorf("the note of a declined one says what nobody knows:\n%s", note)
	}
}

// A voucher says on paper what it paid, what it is worth where that is more, its number, and that nobody but the cashier looked at it.
func TestAVoucherSaysWhoLookedAtIt(t *testing.T) {
	s := payment(txn.Claimed, txn.PrintOriginal)
	s.Attempt.Tender, s.Attempt.Card, s.Attempt.Answer, s.Attempt.Reference = txn.Voucher, txn.CardFacts{}, txn.Answer{}, "AB-7"
	s.Attempt.ReceivedMinor = s.Attempt.Amount.Minor
	receipt := text(t, of(s), options(both), escpos.Paper80)
	for _, want := range []string{"Voucher", "AB-7", "由收银员查验", "this till has not"} {
		if !strings.Contains(receipt, want) {
			t.Errorf("the receipt lacks %q:\n%s", want, receipt)
		}
	}
	if strings.Contains(receipt, "no change") || strings.Contains(receipt, "RRN") {
		t.Errorf("the receipt says more than there is:\n%s", receipt)
	}
	s.Attempt.ReceivedMinor = s.Attempt.Amount.Minor + 4321
	if receipt = text(t, of(s), options(both), escpos.Paper80); !strings.Contains(receipt, "no change") {
		t.Errorf("the receipt does not say what the voucher is worth:\n%s", receipt)
	}
}

// A receipt of goods that were paid by others says what these were worth where that is more, and that the difference goes back by a paper of its own: the
// receipt is printed before anybody knows what became of it.
func TestADifferenceThatGoesBackIsOnTheReceipt(t *testing.T) {
	s := payment(txn.Approved, txn.PrintOriginal)
	s.Attempt.Tender, s.Attempt.Card, s.Attempt.Answer, s.Attempt.Reference = txn.Exchange, txn.CardFacts{}, txn.Answer{}, "41"
	s.Attempt.ReceivedMinor = s.Attempt.Amount.Minor
	words := []string{"退回商品价值", "Goods that came back", "差额另单退还", "Without that slip it has not", "1,277.77"}
	even := text(t, of(s), options(both), escpos.Paper80)
	s.Attempt.ReceivedMinor, s.Attempt.ChangeMinor = 127777, 127777-s.Attempt.Amount.Minor
	over := text(t, of(s), options(both), escpos.Paper80)
	for _, word := range words {
		if strings.Contains(even, word) {
			t.Errorf("nothing goes back, and the receipt says %q:\n%s", word, even)
		}
		if !strings.Contains(over, word) {
			t.Errorf("a difference goes back, and the receipt lacks %q:\n%s", word, over)
		}
	}
}

// A shop with a separate terminal sees on its report all that the day brought, and what of it is proven.
func TestAllOfADayIsOnItsReport(t *testing.T) {
	s := totals(txn.PrintZ)
	proven := text(t, s, options(en), escpos.Paper80)
	s.Totals = []byte(strings.Replace(string(s.Totals), `"notProven":{"sales":{"count":0,"amountMinor":0}`, `"notProven":{"sales":{"count":2,"amountMinor":1234}`, 1))
	both := text(t, s, options(en), escpos.Paper80)
	if strings.Contains(proven, "Net with") || !strings.Contains(both, "Net with what is not proven") || !strings.Contains(both, "4,569.34") {
		t.Errorf("without a terminal:\n%s\nwith one:\n%s", proven, both)
	}
}

// The slip of a difference that goes back adds up: goods of 3.00 came back, others of 1.77 were taken for them, and the rest is in cash.
func TestASlipOfGoodsThatCameBackAddsUp(t *testing.T) {
	s := of(payment(txn.Approved, txn.PrintRepeat))
	goods := sale.BackLine{Line: 0, QuantityE5: sale.OneE5, AmountMinor: 300}
	s.Bill.Returns = []txn.Return{{Number: 1, Lines: []sale.BackLine{goods}, AmountMinor: 300}}
	s.Attempt = txn.Attempt{ID: 127, Kind: txn.Refund, Tender: txn.Cash, State: txn.Approved, Amount: amount(123), Original: 124, Return: 1, SaleID: 5}
	s.Print.Kind = txn.PrintOriginal
	share := func(id txn.ID, back int, state txn.State) txn.Part {
		return txn.Part{ID: id, Kind: txn.Refund, Tender: txn.Exchange, State: state, AmountMinor: 177, Original: 124, Return: back}
	}
	for name, c := range map[string]struct {
		other txn.Part
		says  bool
	}{"its share": {share(126, 1, txn.Approved), true}, "another return's": {share(126, 2, txn.Approved), false}, "one that was refused": {share(126, 1, txn.Declined), false}} {
		s.Bill.Parts = []txn.Part{{ID: 127, Kind: txn.Refund, Tender: txn.Cash, State: txn.Approved, AmountMinor: 123, Original: 124, Return: 1}, c.other}
		if slip := text(t, s, options(en), escpos.Paper80); strings.Contains(slip, "Goods exchanged") != c.says || strings.Contains(slip, "1.77") != c.says {
			t.Errorf("%s:\n%s", name, slip)
		}
	}
}

// A copy of a receipt says that a refund is not known, and of how much.
func TestACopySaysThatARefundIsNotKnown(t *testing.T) {
	s := of(payment(txn.Approved, txn.PrintRepeat))
	paid := txn.Part{ID: 1, Kind: txn.Sale, Tender: txn.Card, State: txn.Approved, AmountMinor: s.Bill.Total.Minor, Paid: true}
	for state, known := range map[txn.State]bool{txn.Pending: false, txn.Unresolved: false, txn.Declined: true} {
		s.Bill.Parts = []txn.Part{paid, {ID: paid.ID + 1, Kind: txn.Refund, Tender: paid.Tender, State: state, AmountMinor: 4321, Original: paid.ID}}
		receipt := text(t, s, options(en), escpos.Paper80)
		if said := strings.Contains(receipt, "Refund not known") && strings.Contains(receipt, "43.21"); said == known {
			t.Errorf("a refund is %s, and the copy says:\n%s", state, receipt)
		}
	}
}

// The paper of a void of one payment of several says what went back, and neither the goods nor the tax of the whole sale.
func TestVoidOfAPartSaysItsOwnSumAlone(t *testing.T) {
	s := void()
	whole := text(t, s, options(en), escpos.Paper80)
	s.Attempt.Amount = amount(s.Sale.TotalMinor - 1)
	part := text(t, s, options(en), escpos.Paper80)
	for _, word := range []string{"Tax in it", s.Sale.Lines[0].Name["en"]} {
		if !strings.Contains(whole, word) || strings.Contains(part, word) {
			t.Errorf("%q: of all\n%s\nof a part\n%s", word, whole, part)
		}
	}
}

// A card terminal's lines for the merchant stand on the merchant's slip alone, and those for the customer on the receipt: the merchant's may have a line
// to be signed, and then ours has none beside it.
func TestTheMerchantsSlipIsTheTerminals(t *testing.T) {
	s := card(txn.Approved, txn.PrintOriginal)
	for i := range s.Parts {
		s.Parts[i].Slip, s.Parts[i].MerchantSlip = []string{"KUNDENBELEG"}, []string{"HAENDLERBELEG", "Unterschrift: ......"}
	}
	s.Attempt.Slip, s.Attempt.MerchantSlip = []string{"KUNDENBELEG"}, []string{"HAENDLERBELEG", "Unterschrift: ......"}
	paper := text(t, s, Options{MerchantCopy: true}, escpos.Paper80)
	customer, merchant, both := strings.Cut(paper, "MERCHANT RECEIPT")
	if !both || !strings.Contains(customer, "KUNDENBELEG") || strings.Contains(customer, "HAENDLERBELEG") {
		t.Errorf("the customer's:\n%s", customer)
	}
	if !strings.Contains(merchant, "HAENDLERBELEG") || strings.Contains(merchant, "KUNDENBELEG") || strings.Contains(merchant, "____") {
		t.Errorf("the merchant's:\n%s", merchant)
	}
}
