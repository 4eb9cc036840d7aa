package simulator_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"time"

	"veratill/packaging/prove/simulator"
	"veratill/txn"
	"veratill/txn/clearing"
)

func init() { simulator.Differing = differing }

// differing holds what a bank settles, as a table that is read like any other one, against attempts: which of them differ, and as what; and the rows that none of them explains. The table covers each day.
func differing(rows []simulator.Settled, attempts []txn.Attempt) (differs map[txn.ID]string, strangers []string, err error) {
	var b bytes.Buffer
	lines := csv.NewWriter(&b)
	err = lines.Write([]string{"terminal", "batch", "stan", "type", "time", "amount"})
	for _, r := range rows {
		if err == nil {
			err = lines.Write([]string{r.Terminal, strconv.FormatInt(r.Batch, 10), strconv.FormatInt(r.STAN, 10), r.Word, r.At.UTC().Format(time.DateTime), fmt.Sprintf("%d.%02d", r.AmountMinor/100, r.AmountMinor%100)})
		}
	}
	if lines.Flush(); err != nil {
		return nil, nil, err
	}
	cells, err := clearing.Split(b.String())
	if err != nil {
		return nil, nil, err
	}
	f, err := clearing.Read(cells, clearing.Shop{Currency: "CNY", Where: time.UTC, Format: clearing.Named})
	if err != nil {
		return nil, nil, err
	}
	f.From, f.To = "0001-01-01", "9999-12-31"
	var account clearing.Account
	for _, a := range attempts {
		if a.Tender == txn.Card {
			account.Lines = append(account.Lines, a.Line)
		}
	}
	differs = map[txn.ID]string{}
	for _, i := range clearing.Reconcile([]clearing.File{f}, clearing.Books{Attempts: attempts, Accounts: map[clearing.Format]clearing.Account{clearing.Named: account}}) {
		switch {
		case i.Attempt == 0:
			strangers = append(strangers, fmt.Sprintf("a row of %d that is %s", i.BankMinor, i.Class))
		case i.Class.Differs():
			differs[i.Attempt] = string(i.Class)
		}
	}
	return differs, strangers, nil
}
