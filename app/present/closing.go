package present

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/report"
)

// StepState is how a line of the list stands with which a day is closed.
type StepState string

// The closed set of states.
const (
	StepDone    StepState = "done"    // nothing is left to do
	StepOpen    StepState = "open"    // it can be done now
	StepWaits   StepState = "waits"   // what stands above it comes first
	StepStops   StepState = "stops"   // no day is closed with it
	StepCarried StepState = "carried" // it stays over the day's end, and is named
	StepAsks    StepState = "asks"    // it is over, and a person has to look at it
)

// Kinds of lines, in their order.
const (
	ClosingParked     = "parked"
	ClosingUnpaid     = "unpaid"
	ClosingPayments   = "payments"
	ClosingRefunds    = "refunds"
	ClosingSettlement = "settlement"
	ClosingBill       = "bill"
	ClosingBackup     = "backup"
)

// ClosingStep is a line of that list.
type ClosingStep struct {
	Kind       string
	State      StepState
	Count      int
	Format     string             // of a bill; empty where none was ever read
	Until      time.Time          // of a bill, the newest day that it covers; of a backup, when it was made
	Settlement *report.Settlement // of a settlement; its State is empty where it has not begun
	Detail     string             // why it failed
}

// Closing is what stands between an open day and its Z.
type Closing struct {
	Steps []ClosingStep
}

// Stopped reports whether a line keeps the day open.
func (c Closing) Stopped() bool { return c.has(StepStops) }

// Settles reports whether the batch of the day can be settled now.
func (c Closing) Settles() bool { return c.has(StepOpen) }

func (c Closing) has(state StepState) bool {
	return slices.ContainsFunc(c.Steps, func(s ClosingStep) bool { return s.State == state })
}

// MaySettleAgain reports whether a person may have the bank asked once more about a settlement, or leave it to the bank: one that has ended at the bank is neither asked nor left, and what it
// says then is compared with the bank's file.
func (s ClosingStep) MaySettleAgain() bool {
	//mutant:a-settlement-that-has-ended-is-not-asked-again
	return s.Settlement != nil && s.Settlement.State != "" && s.Settlement.Unfinished
}

// First is the line that a person sees to first: what stops, else what can be done, else the first settlement.
func (c Closing) First() int {
	for _, of := range []func(ClosingStep) bool{
		func(s ClosingStep) bool { return s.State == StepStops },
		func(s ClosingStep) bool { return s.State == StepOpen },
		func(s ClosingStep) bool { return s.Settlement != nil },
	} {
		if at := slices.IndexFunc(c.Steps, of); at >= 0 {
			return at
		}
	}
	return 0
}

// toneOfStep is how a state looks.
func toneOfStep(s StepState) Tone {
	switch s {
	case StepDone:
		return Good
	case StepOpen:
		return Waiting
	case StepStops:
		return Bad
	case StepCarried, StepAsks:
		return Warning
	}
	return Muted
}

// ClosingRow puts a line into a row of the list.
func (w *Words) ClosingRow(s ClosingStep, c money.Currency) EntryRow {
	row := EntryRow{Tone: toneOfStep(s.State), Title: w.Text("closing." + s.Kind), State: w.Text("step." + string(s.State)), Small: w.closingWhy(s)}
	switch {
	case s.Settlement != nil:
		row.Title = joined(row.Title, w.settledWhich(*s.Settlement))
		row.Amount = Money(s.Settlement.Payments.AmountMinor-s.Settlement.Refunds.AmountMinor, c)
	case s.Count > 0:
		row.Amount = strconv.Itoa(s.Count)
	case s.Format != "":
		row.Title = joined(row.Title, w.Closed("format.", s.Format))
	}
	return row
}

// settledWhich names a batch: by the terminal, where it has a number of its own.
func (w *Words) settledWhich(s report.Settlement) string {
	return w.Text("closing.batch", "batch", strconv.FormatInt(s.Batch, 10), "terminal", s.Terminal)
}

// closingWhy says of a line why it stands so, and what to do.
func (w *Words) closingWhy(s ClosingStep) string {
	if s.Settlement != nil {
		return w.settlementWhy(*s.Settlement, s.State)
	}
	key := "closing." + s.Kind + "." + string(s.State)
	switch {
	case s.Kind == ClosingBill && s.Format == "":
		key = "closing.bill.none"
	case s.Kind == ClosingBill && s.Until.IsZero():
		key = "closing.bill.never"
	case s.Kind == ClosingBackup && s.Detail != "":
		key = "closing.backup.failed"
	}
	var pairs []string
	if !s.Until.IsZero() {
		pairs = append(pairs, "date", w.Date(s.Until))
	}
	if s.Count > 0 {
		return w.Counted(key, s.Count, pairs...)
	}
	return w.Text(key, pairs...)
}

func (w *Words) settlementWhy(s report.Settlement, state StepState) string {
	if s.State == "" {
		return w.Text("closing.settlement." + string(state))
	}
	key := s.State
	if s.State == string(txn.SettlementUnsure) && s.Code != "" {
		key = "uncompared"
	}
	return w.Text("settlement."+key, "code", s.Code, "detail", s.Detail, "sent", strconv.Itoa(s.Uploaded), "of", strconv.Itoa(s.ToUpload))
}

// ClosingHead says what the list comes to.
func (w *Words) ClosingHead(c Closing, currency money.Currency) Message {
	key, tone := "closing.ready", Good
	switch {
	case c.Stopped():
		key, tone = "closing.stopped", Bad
	case c.Settles():
		key, tone = "closing.settles", Waiting
	case c.has(StepCarried), c.has(StepAsks):
		key, tone = "closing.carries", Warning
	}
	m := w.Tell(Note{Tone: tone, Key: key}, currency)
	for _, s := range c.Steps {
		m.Detail = joined(m.Detail, s.Detail)
	}
	return m
}

// SettlementFacts are the till's sums and the bank's, side by side, and what is in neither.
func (w *Words) SettlementFacts(s report.Settlement, c money.Currency) []Fact {
	tally := func(t report.Tally) string {
		return w.Text("day.tally", "n", strconv.FormatInt(t.Count, 10), "amount", Money(t.AmountMinor, c))
	}
	facts := []Fact{{w.Text("settlement.till-payments"), tally(s.Payments)}, {w.Text("settlement.till-refunds"), tally(s.Refunds)}}
	if s.BankSays {
		facts = append(facts, Fact{w.Text("settlement.bank-payments"), tally(s.BankPayments)}, Fact{w.Text("settlement.bank-refunds"), tally(s.BankRefunds)})
	}
	for _, of := range []struct {
		key string
		ids []int64
	}{{"settlement.not-known", s.NotKnown}, {"settlement.not-taken", s.NotTaken}} {
		for _, id := range of.ids {
			facts = append(facts, Fact{w.Text(of.key), w.stan(txn.ID(id))})
		}
	}
	if s.Code != "" && s.Code != "00" {
		facts = append(facts, Fact{w.Text("fact.response"), s.Code})
	}
	return append(facts, Fact{w.Text("settlement.line"), addressOf(s.Line)})
}

// addressOf is the one word of a line's name that tells it from another of this till: its address; the name where it has none.
func addressOf(line string) string {
	words := strings.Fields(line)
	if at := slices.IndexFunc(words, func(word string) bool { return strings.Contains(word, ":") }); at >= 0 {
		return words[at]
	}
	return line
}
