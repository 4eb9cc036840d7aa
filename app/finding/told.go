package finding

import (
	"fmt"
	"strings"

	"veratill/txn/clearing"
	"veratill/txn/money"
)

// Reconciled is what files and books amount to, as the command line says it.
type Reconciled struct {
	File *FileTold `json:"file,omitempty"` // the one that was asked about
	clearing.Standing
}

// FileTold is what a file says.
type FileTold struct {
	Name        string           `json:"name"`
	Format      clearing.Format  `json:"format"`
	SHA256      string           `json:"sha256"`
	Kept        bool             `json:"kept"`
	Currency    string           `json:"currency"`
	Rows        int              `json:"rows"`
	Paid        int64            `json:"paid"`
	PaidMinor   int64            `json:"paidMinor"`
	Back        int64            `json:"back"`
	BackMinor   int64            `json:"backMinor"`
	FeeMinor    int64            `json:"feeMinor"`
	OffMinor    int64            `json:"offMinor"`
	BesideMinor int64            `json:"besideMinor"`
	NetMinor    int64            `json:"netMinor"`
	Failed      int64            `json:"failed"`
	Others      map[string]int64 `json:"others,omitempty"`
	From        string           `json:"from"`
	To          string           `json:"to"`
	OwnSums     int              `json:"ownSums"`
}

// FileOf tells a file that was read.
func FileOf(f Read) *FileTold {
	return &FileTold{Name: f.Name, Format: f.Format, SHA256: f.SHA256, Currency: string(f.Currency), Rows: len(f.Rows), Paid: f.Paid.Count, PaidMinor: f.Paid.AmountMinor,
		Back: f.Back.Count, BackMinor: f.Back.AmountMinor, FeeMinor: f.FeeMinor, OffMinor: f.OffMinor, BesideMinor: f.BesideMinor, NetMinor: f.NetMinor(), Failed: f.Failed, Others: f.Others, From: f.From, To: f.To, OwnSums: f.OwnSums}
}

// Line is a difference on one line.
func Line(d clearing.Difference, c money.Currency) string {
	figure := func(minor int64) string { return money.Amount{Minor: minor, Currency: c}.Figure() }
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %-18s %-34s", d.At.Format("2006-01-02 15:04"), d.Class, d.Key)
	if d.Attempt != 0 {
		fmt.Fprintf(&b, " till %s %s", figure(d.TillMinor), d.State)
	}
	if len(d.Rows) > 0 {
		fmt.Fprintf(&b, " file %s (line %d)", figure(d.BankMinor), d.Rows[0].Line)
	}
	if d.Class == clearing.Fee {
		fmt.Fprintf(&b, " fee %s, agreed %s", clearing.FeeFigure(d.FeeE3, c), clearing.FeeFigure(d.DueE3, c))
	}
	if d.Linked != "" {
		fmt.Fprintf(&b, " given by hand: %s", d.Linked)
	}
	if len(d.Proposed) > 0 {
		fmt.Fprintf(&b, " may be attempt %v", d.Proposed)
	}
	if a := d.Answer; a != nil {
		fmt.Fprintf(&b, " | %s %s %s %s", a.Owner, a.Due, a.Said, a.Note)
		if a.Closed {
			b.WriteString(" closed")
		}
	}
	return strings.TrimRight(b.String(), " ")
}
