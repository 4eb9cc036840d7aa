package zvt

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// What terminals of two other networks sent means what the tests of Portalum.Zvt expect of it.
func TestTerminalsOfOtherNetworksAreRead(t *testing.T) {
	all := recorded(t, "portalum.txt")
	for name, want := range map[string]Status{
		"AbortByKey":    {Result: 0x6C, AmountMinor: -1, TID: "28004869", Text: "Abbruch durch Kunde"},
		"SystemError":   {Result: 0xFF, AmountMinor: -1, TID: "28004869", Text: "Betrag falsch"},
		"PaymentGood1":  {AmountMinor: 2040, TID: "28004869", Text: "GEN.NR.:611804", CardName: "Debit Mastercard", Currency: "978", Time: "223953", PAN: "************4771", Trace: "000470"},
		"PaymentGood2":  {AmountMinor: 2040, TID: "28004869", Text: "GEN.NR.:978539", CardName: "Debit Mastercard", Currency: "978", Time: "210443", PAN: "************4771", Trace: "000463"},
		"ReversalGood1": {AmountMinor: 100, TID: "28004869", Text: "GEN.NR.:715691", CardName: "Debit Mastercard", Currency: "978", Time: "154858", PAN: "************4771", Trace: "000607"},
		"TlvInfos1":     {AmountMinor: -1, TID: "00000006", CardName: "MASTERCARD", Time: "231355", Date: "1029", PAN: "************4771", Trace: "000000"},
		"TlvInfos2":     {AmountMinor: 2040, TID: "00000006", CardName: "MASTERCARD", Time: "210916", Date: "1101", PAN: "************4771", Trace: "000000"},
	} {
		got, err := ReadStatus(all[name].Data, CP437)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if want.Date == "" { // not said by those tests
			got.Date = ""
		}
		if got, want := meant(got), meant(want); got != want {
			t.Errorf("%s: read as\n%s, and is\n%s", name, got, want)
		}
	}
}

// meant is what those tests say of a status.
func meant(s Status) string {
	return fmt.Sprintf("result %02X, %d of %q, terminal %s, trace %s, %s %s, %q %s, %q", s.Result, s.AmountMinor, s.Currency, s.TID, s.Trace, s.Date, s.Time, s.CardName, s.PAN, s.Text)
}

// Receipts in one block belong to whom they are for, and are whole.
func TestReceiptsOfAnotherNetworkAreRead(t *testing.T) {
	all := recorded(t, "portalum.txt")
	for name, want := range map[string]struct {
		whose       Copy
		first, some string
	}{
		"block-CardholderReceipt":     {ForCustomer, "  Leihstellung von hobex", "KUNDENBELEG"},
		"block-MerchantReceipt":       {ForMerchant, "  Leihstellung von hobex", "HÄNDLERBELEG"},
		"block-AdministrationReceipt": {ForShop, "02.11.2021         17:05:02", "Abschluss - keine TX"},
	} {
		p := ReadPrint(all[name], CP437)
		if len(p.Lines) == 0 || p.For != want.whose || !p.Last || !strings.HasPrefix(p.Lines[0], want.first) || !strings.Contains(strings.Join(p.Lines, "\n"), want.some) {
			t.Errorf("%s: for %d, last %v: %q", name, p.For, p.Last, p.Lines)
		}
	}
}

// A terminal that says behind each line whose paper it is for prints nothing of that, and its merchant's receipt is not the customer's.
func TestALineSaysWhoseItIs(t *testing.T) {
	all := recorded(t, "portalum.txt")
	papers, ends := map[Copy][]string{}, 0
	for n := range 67 {
		p := ReadPrint(all[fmt.Sprintf("line-tlv-%02d", n)], Latin9)
		papers[p.For] = append(papers[p.For], p.Lines...)
		if p.Last {
			ends++
		}
	}
	for whose, want := range map[Copy]string{ForMerchant: "** HÄNDLERBELEG **", ForCustomer: "** KUNDENBELEG **"} {
		lines := papers[whose]
		if len(lines) == 0 || lines[0] != want || !slices.Contains(lines, "BETRAG:  EUR        2,00") {
			t.Errorf("for %d: %q", whose, lines)
		}
		for _, line := range lines {
			if strings.ContainsFunc(line, func(r rune) bool { return r < ' ' }) {
				t.Errorf("for %d: %q has a control character", whose, line)
			}
		}
	}
	if len(papers) != 2 || ends != 2 {
		t.Errorf("%d papers, %d ends", len(papers), ends)
	}
	if p := ReadPrint(all["line-00"], Latin9); p.For != ForAnybody || p.Lines[0] != "** KASSENSCHNITT **" {
		t.Errorf("a line that says nothing of it: %+v", p)
	}
}
