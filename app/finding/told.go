package finding

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"veratill/txn"
	"veratill/txn/clearing"
)

// Reconciled is what files and books amount to, as the command line says it.
type Reconciled struct {
	File     *FileTold          `json:"file,omitempty"` // the one that was asked about
	Currency string             `json:"currency"`
	Files    int                `json:"files"` // of the last half year
	Missing  []string           `json:"missing,omitempty"`
	Sums     []ClassSum         `json:"classes"`
	Items    []Difference       `json:"items"`
	Days     []clearing.DayLine `json:"days"`
}

// FileTold is what a file says.
type FileTold struct {
	Name      string           `json:"name"`
	Format    clearing.Format  `json:"format"`
	SHA256    string           `json:"sha256"`
	Kept      bool             `json:"kept"`
	Currency  string           `json:"currency"`
	Rows      int              `json:"rows"`
	Paid      int64            `json:"paid"`
	PaidMinor int64            `json:"paidMinor"`
	Back      int64            `json:"back"`
	BackMinor int64            `json:"backMinor"`
	FeeMinor  int64            `json:"feeMinor"`
	NetMinor  int64            `json:"netMinor"`
	Failed    int64            `json:"failed"`
	Others    map[string]int64 `json:"others,omitempty"`
	From      string           `json:"from"`
	To        string           `json:"to"`
	OwnSums   int              `json:"ownSums"`
}

// FileOf tells a file that was read.
func FileOf(f Read) *FileTold {
	return &FileTold{Name: f.Name, Format: f.Format, SHA256: f.SHA256, Currency: string(f.Currency), Rows: len(f.Rows), Paid: f.Paid.Count, PaidMinor: f.Paid.AmountMinor,
		Back: f.Back.Count, BackMinor: f.Back.AmountMinor, FeeMinor: f.FeeMinor, NetMinor: f.NetMinor(), Failed: f.Failed, Others: f.Others, From: f.From, To: f.To, OwnSums: f.OwnSums}
}

// ClassSum is what the items of one class come to.
type ClassSum struct {
	Class clearing.Class `json:"class"`
	Sum
}

// Difference is one item with what was done about it.
type Difference struct {
	clearing.Item
	Open   bool          `json:"open"`
	Answer *txn.Answered `json:"answer,omitempty"`
}

// ReconciledOf tells what stands. Without all it lists what somebody still has to see to, and what closes itself.
func ReconciledOf(s Standing, all bool) Reconciled {
	told := Reconciled{Files: len(s.Files), Missing: s.Missing, Days: s.Days, Sums: []ClassSum{}, Items: []Difference{}}
	sums := s.Sums()
	for _, c := range clearing.Classes {
		if sum, there := sums[c]; there {
			told.Sums = append(told.Sums, ClassSum{c, sum})
		}
	}
	for _, i := range s.Items {
		if !all && !i.Open() {
			continue
		}
		d := Difference{Item: i.Item, Open: i.Open()}
		if i.Answered() {
			d.Answer = &i.Answer
		}
		told.Items = append(told.Items, d)
	}
	slices.SortStableFunc(told.Items, func(a, b Difference) int {
		return cmp.Compare(slices.Index(clearing.Classes, a.Class), slices.Index(clearing.Classes, b.Class))
	})
	return told
}

// Line is a difference on one line.
func (d Difference) Line(figure func(minor int64) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %-18s %-34s", d.At.Format("2006-01-02 15:04"), d.Class, d.Key)
	if d.Attempt != 0 {
		fmt.Fprintf(&b, " till %s %s", figure(d.TillMinor), d.State)
	}
	if len(d.Rows) > 0 {
		fmt.Fprintf(&b, " file %s (line %d)", figure(d.BankMinor), d.Rows[0].Line)
	}
	if d.Class == clearing.Fee {
		fmt.Fprintf(&b, " fee %s, agreed %s", figureE3(d.FeeE3, figure), figureE3(d.DueE3, figure))
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

func figureE3(e3 int64, figure func(minor int64) string) string {
	text := figure(e3 / 1000)
	if rest := e3 % 1000; rest != 0 {
		text += fmt.Sprintf("%03d", rest)
	}
	return text
}

// Reconciled says what the files of the last half year and the books amount to.
func (r *Reconciler) Reconciled(ctx context.Context, all bool) (Reconciled, error) {
	s, err := r.Standing(ctx)
	told := ReconciledOf(s, all)
	told.Currency = string(r.ground.Currency)
	return told, err
}
