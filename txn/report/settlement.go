package report

import (
	"strconv"

	"veratill/txn"
)

// Settlement is how the batch of a line stands with its bank: the till's sums, and the bank's where it says them.
type Settlement struct {
	Batch    int64  `json:"batch"`
	Line     string `json:"line"`
	Terminal string `json:"terminal,omitempty"`
	State    string `json:"state"` // a txn.SettlementState
	Payments Tally  `json:"payments"`
	Refunds  Tally  `json:"refunds,omitzero"`
	BankSays bool   `json:"bankSays,omitempty"` // the next two are there
	// BankPayments and BankRefunds are the bank's sums, as it said them first.
	BankPayments Tally    `json:"bankPayments,omitzero"`
	BankRefunds  Tally    `json:"bankRefunds,omitzero"`
	NotKnown     []int64  `json:"notKnown,omitempty"`   // attempts in no sum
	NotTaken     []int64  `json:"notTaken,omitempty"`   // attempts of which the bank was told, and which it does not have so
	Uploaded     int      `json:"uploaded,omitempty"`   // payments of which the bank was told
	ToUpload     int      `json:"toUpload,omitempty"`   // of how many
	Code         string   `json:"code,omitempty"`       // DE39 of the answer that decided
	Detail       string   `json:"detail,omitempty"`     // why nothing was sent, or who left it to the bank
	Slip         []string `json:"slip,omitempty"`       // what a terminal printed at its end of the day
	Unfinished   bool     `json:"unfinished,omitempty"` // it is carried over to the next day
}

// Agrees reports whether the bank's sums are the till's, as far as the bank says them. A terminal says payments less refunds alone.
func (s Settlement) Agrees() bool {
	return s.State == string(txn.SettlementBalanced) || s.BankSays && s.Payments == s.BankPayments && s.Refunds == s.BankRefunds
}

// SettlementsOf shows settlements as a report names them. It fails only where a sum does not fit.
func SettlementsOf(all []txn.Settlement) (shown []Settlement, err error) {
	for _, s := range all {
		ours, err := txn.Total(s.Sums)
		if err != nil {
			return nil, err
		}
		theirs, err := txn.Total(s.Bank)
		if err != nil {
			return nil, err
		}
		one := Settlement{Batch: s.Batch, Line: s.Line, Terminal: s.Terminal, State: string(s.State), Code: s.Code, Detail: s.Detail, Unfinished: s.Unfinished(), Slip: s.Slip,
			Payments: Tally{ours.Debits, ours.DebitMinor}, Refunds: Tally{ours.Credits, ours.CreditMinor},
			NotKnown: numbersOf(s.NotKnown), NotTaken: numbersOf(s.Refused)}
		if s.State == txn.SettlementUploading || s.Sent > 0 {
			one.Uploaded, one.ToUpload = s.Sent, len(s.Items)
		}
		if len(s.Bank) > 0 {
			one.BankSays, one.BankPayments, one.BankRefunds = true, Tally{theirs.Debits, theirs.DebitMinor}, Tally{theirs.Credits, theirs.CreditMinor}
		}
		shown = append(shown, one)
	}
	return shown, nil
}

func numbersOf(ids []txn.ID) (numbers []int64) {
	for _, id := range ids {
		numbers = append(numbers, int64(id))
	}
	return numbers
}

// settlementRows are the lines of a table about settlements.
func settlementRows(all []Settlement) (rows []Row) {
	for _, s := range all {
		name := "batch " + strconv.FormatInt(s.Batch, 10) + ", " + s.Line
		add := func(section string, of Tally) {
			rows = append(rows, Row{Section: section, Name: name, Count: of.Count, Minor: of.AmountMinor, Counts: true, Sums: true})
		}
		rows = append(rows, Row{Section: "settlement", Name: name, Text: s.State})
		add("settlement payments", s.Payments)
		add("settlement refunds", s.Refunds)
		if s.BankSays {
			add("bank's payments", s.BankPayments)
			add("bank's refunds", s.BankRefunds)
		}
		rows = append(rows, attemptRows("settlement not known", s.NotKnown)...)
		rows = append(rows, attemptRows("bank does not take", s.NotTaken)...)
	}
	return rows
}

func attemptRows(section string, ids []int64) (rows []Row) {
	for _, id := range ids {
		rows = append(rows, Row{Section: section, Name: "attempt " + strconv.FormatInt(id, 10), Count: 1, Counts: true})
	}
	return rows
}
