package present

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"veratill/txn"
	"veratill/txn/clearing"
	"veratill/txn/messages"
	"veratill/txn/money"
)

// Says is what a customer at the counter says of a payment.
type Says string

// The three disputes of a shop counter.
const (
	saysNotDebited Says = "slip"    // there is a slip, and no money left the account
	saysDebited    Says = "failed"  // it was said to have failed, and the money is gone
	saysNoSlip     Says = "nothing" // the money is gone, and there is no slip
)

// AllSays are the three, in their order.
var AllSays = []Says{saysNotDebited, saysDebited, saysNoSlip}

// MayDispute reports whether a customer can say something of a payment that the books can answer.
func MayDispute(m txn.Matter) bool { return m.Attempt.ID != 0 && m.Attempt.Kind == txn.Sale }

// Verdict answers what a customer says of a payment, by the books and by the files that were taken in: what is so, what to read to the customer (Charged), and what to do
// today (Next).
func (w *Words) Verdict(says Says, m Affair) Message {
	a := m.Attempt
	verdict := verdictOf(m)
	bank := a.Answer.Shown()
	back := m.Bill.BackOf(a.ID)
	item, _ := m.Filed.Of(a.ID)
	pairs := []string{"amount", Money(a.Amount.Minor, a.Amount.Currency), "at", w.moment(a.OpenedMs), "ended", w.moment(a.EndedMs), "rrn", dash(cmp.Or(bank.RRN, item.Number())),
		"approval", dash(bank.ApprovalCode), "code", dash(bank.ResponseCode), "back", Money(back.VoidedMinor+back.RefundedMinor, a.Amount.Currency), "ways", w.ways(m),
		"filed", item.amount(a.Amount.Currency), "state", w.Text("state." + string(a.State))}
	way := wayBack(m)
	if item.Class == clearing.Unknown {
		way = ".filed"
	}
	text := func(part string) string {
		for _, key := range []string{way + part, "." + string(says) + part} {
			if key = "verdict." + verdict + key; key != "verdict."+verdict+part && w.Has(key) {
				return w.Text(key, pairs...)
			}
		}
		return w.Text("verdict."+verdict+part, pairs...)
	}
	return Message{Tone: toneOfVerdict(verdict), What: text(""), Charged: text(".aloud"), Next: text(".next")}
}

func dash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

func toneOfVerdict(verdict string) Tone {
	switch verdict {
	case "paid", "cash", "voucher", "exchange", "cleared":
		return Good
	case "unknown", "unresolved", "elsewhere", "elsewhere-open", "elsewhere-refused", "file-back", "file-differs":
		return Unknown
	case "kept", "file-kept", "file-twice", "file-refused":
		return Bad
	}
	return Warning
}

// Dispute is an answer to what a customer says, as the command line gives it.
type Dispute struct {
	Attempt int64       `json:"attempt"`
	Says    Says        `json:"says"`
	Verdict string      `json:"verdict"` // one of a closed set of words: paid, undone, refused, unknown, …
	Charged txn.Charged `json:"charged"`
	What    string      `json:"what"`
	Aloud   string      `json:"aloud"` // to read to the customer
	Next    string      `json:"next"`  // what to do today
	Life    []Moment    `json:"life"`
}

// Moment is a line of a payment's life.
type Moment struct {
	At   string `json:"at,omitempty"`
	What string `json:"what"`
}

// Dispute answers what a customer says of a payment. The error says why it can't be answered.
func (w *Words) Dispute(says Says, m Affair) (d Dispute, err error) {
	if !slices.Contains(AllSays, says) {
		return d, fmt.Errorf("-says is slip (a slip, and no debit), failed (a failure, and a debit) or nothing (a debit, and no slip), and not %q", says)
	}
	if !MayDispute(m.Matter) {
		return d, fmt.Errorf("attempt %s is no payment: a void or a refund is answered with its payment", m.Attempt.ID)
	}
	v := w.Verdict(says, m)
	d = Dispute{Attempt: int64(m.Attempt.ID), Says: says, Verdict: verdictOf(m), Charged: m.Charged(), What: v.What, Aloud: v.Charged, Next: v.Next, Life: []Moment{}}
	for _, f := range w.Life(m) {
		d.Life = append(d.Life, Moment{f.Label, f.Value})
	}
	return d, nil
}

// Life is what happened to a payment, in its order: when it was begun and how it ended, what was printed of it and of its sale, and whether that is known to have come out, what
// undid it or gave money of it back, and then what the files have of it. What has no moment comes behind what has one.
func (w *Words) Life(m Affair) []Fact {
	a := m.Attempt
	var l life
	l.add(a.OpenedMs, w.Text("life.begun", "amount", Money(a.Amount.Minor, a.Amount.Currency)))
	if a.Tries > 0 {
		l.add(firstOf(m.Messages, undoing), w.Counted("life.tries", a.Tries))
	}
	for _, answer := range m.Messages {
		if answer.Way == messages.Received && undoing(answer) {
			l.add(answer.AtMs, joined(w.Text("life.undo.answered"), joinedBy(" ", CodeOf(answer), w.says(answer.Verdict))))
		}
	}
	if a.EndedMs != 0 {
		bank := a.Answer.Shown()
		l.add(a.EndedMs, joined(w.Text("state."+string(a.State)), strings.TrimSpace(bank.ResponseCode+" "+bank.ApprovalCode)))
	}
	for _, p := range m.Prints() {
		l.add(p.AtMs, joined(w.Text("life.print."+string(p.Kind)), w.Text("paper."+slug(string(p.Outcome)))))
	}
	for _, p := range m.Bill.Parts {
		if p.Kind.GivesBack() && p.Original == a.ID {
			of := m.part(p.ID)
			//mutant:what-went-back-has-its-moment
			l.add(cmp.Or(of.EndedMs, of.OpenedMs), joined(w.Text("title."+string(p.Tender)+"-"+string(p.Kind)), joined(Money(p.AmountMinor, a.Amount.Currency), w.Text("state."+string(p.State)))))
		}
	}
	if a.Late != (txn.Answer{}) {
		late := func(m messages.Message) bool { return m.Way == messages.Late }
		l.add(firstOf(m.Messages, late), joined(w.Text("fact.late"), a.Late.Shown().ResponseCode))
	}
	if e := a.Evidence; e.As != "" {
		l.add(a.EndedMs, joined(w.Text("fact.evidence"), joined(w.Text("finding."+string(e.As)), e.Document)))
	}
	if _, there := m.Filed.Of(a.ID); a.Cleared != "" && !there {
		l.add(0, w.Text("life.cleared"))
	}
	facts := l.inOrder(w)
	for _, i := range m.Filed.Items { // they came later than all of it, and their clock is another one
		facts = append(facts, Fact{w.moment(i.AtMs()), w.FiledLine(i, a.Amount.Currency)})
	}
	if m.Filed.Trouble != "" {
		facts = append(facts, Fact{"", joined(w.Text("life.filed.trouble"), m.Filed.Trouble)})
	}
	return facts
}

// life is what happened, each with its moment in Unix milliseconds, or 0.
type life []event

type event struct {
	atMs int64
	what string
}

func (l *life) add(atMs int64, what string) { *l = append(*l, event{atMs, what}) }

func (l life) inOrder(w *Words) (facts []Fact) {
	slices.SortStableFunc(l, func(a, b event) int {
		return cmp.Compare(cmp.Or(a.atMs, math.MaxInt64), cmp.Or(b.atMs, math.MaxInt64))
	})
	for _, one := range l {
		facts = append(facts, Fact{Label: w.moment(one.atMs), Value: one.what})
	}
	return facts
}

// undoing reports whether a message asks a bank to undo a payment, or answers that (ISO 8583: x4xx).
func undoing(m messages.Message) bool { return len(m.Kind) == 4 && m.Kind[1] == '4' }

// firstOf is when the first message of a kind was exchanged, in Unix milliseconds; 0 where there is none.
func firstOf(all []messages.Message, of func(messages.Message) bool) int64 {
	for _, m := range all {
		if of(m) {
			return m.AtMs
		}
	}
	return 0
}

// FiledLine is what the files have of an attempt, on one line: whose, what it turned out to be, and what it says.
func (w *Words) FiledLine(i FiledItem, c money.Currency) string {
	what := w.Text("life.filed")
	if i.Kind.GivesBack() {
		what = w.Text("life.filed-back")
	}
	amount := ""
	if i.Has() {
		amount = i.amount(c)
	}
	return joined(joined(what, w.Class(i.Class)), joined(amount, i.Name))
}
