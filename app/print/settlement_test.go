package print

import (
	"encoding/json"
	"strings"
	"testing"

	"veratill/escpos"
	"veratill/txn"
	"veratill/txn/report"
)

// A report says how each batch stands with its bank: both sums where they differ, one where they agree, and by number what is in neither.
func TestReportNamesSettlements(t *testing.T) {
	var day report.Totals
	z := totals(txn.PrintZ)
	if err := json.Unmarshal(z.Totals, &day); err != nil {
		t.Fatal(err)
	}
	day.Settlements = []report.Settlement{
		{Batch: 2, Terminal: "00000001", State: string(txn.SettlementDiffers), Code: "95", Payments: report.Tally{Count: 3, AmountMinor: 3000}, Refunds: report.Tally{Count: 1, AmountMinor: 70},
			BankSays: true, BankPayments: report.Tally{Count: 2, AmountMinor: 2000}, BankRefunds: report.Tally{Count: 1, AmountMinor: 70}, NotTaken: []int64{17}},
		{Batch: 3, Terminal: "00000001", State: string(txn.SettlementBalanced), Payments: report.Tally{Count: 7, AmountMinor: 300000},
			BankSays: true, BankPayments: report.Tally{Count: 7, AmountMinor: 300000}, NotKnown: []int64{18}},
	}
	z.Totals, _ = json.Marshal(day)
	for lang, words := range map[Language][]string{en: {"DIFFERS: ask the bank (95)", "Till", "Bank", "Balanced", "In no sum, not known", "Not with the bank"}, zh: {"不平，请查", "收银机", "平账", "未计入"}} {
		paper := text(t, z, Options{Language: lang}, escpos.Paper80)
		for _, word := range append(words, "STAN 000017", "STAN 000018", "20.00") {
			if !strings.Contains(paper, word) {
				t.Errorf("%s: a Z without %q:\n%s", lang, word, paper)
			}
		}
	}
	if paper := text(t, z, Options{Language: en}, escpos.Paper80); strings.Count(paper, "Bank ") != 2 { // where the sums agree the till's say it
		t.Errorf("%d lines of the bank's:\n%s", strings.Count(paper, "Bank "), paper)
	}
	for _, state := range txn.SettlementStates {
		if settlementStates[state].zh == "" || settlementStates[state].en == "" {
			t.Errorf("paper has no word for %s", state)
		}
	}
}
