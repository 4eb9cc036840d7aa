package present

import (
	"cmp"
	"slices"
	"strconv"

	"veratill/txn"
)

// Stance is what a shop does about a case, by its books.
type Stance string

// The closed set of stances.
const (
	StanceRight     Stance = "right"     // the customer is right: ask for a credit adjustment
	StanceEvidence  Stance = "evidence"  // the books hold the payment: send the pages
	StanceAsk       Stance = "ask"       // nobody knows yet: ask the bank
	StanceWeak      Stance = "weak"      // the books hold it, and a stripe without a PIN proves nobody
	StanceElsewhere Stance = "elsewhere" // a separate terminal's slip is the evidence
)

// stripeAlone reports whether a card was read from its stripe and no PIN was entered, by DE22 (n3): 02 is a stripe, 90 one that is read whole, 80 one in the place of a chip;
// 1 at the end is a PIN.
func stripeAlone(entryMode string) bool {
	return len(entryMode) == 3 && slices.Contains([]string{"02", "90", "80"}, entryMode[:2]) && entryMode[2] != '1'
}

// StanceOf is what the books, and the files that were taken in, say of a claim about a payment. What is not known is never fought.
func StanceOf(claim txn.Claim, m Affair) Stance {
	a, answer := m.Attempt, StanceEvidence
	back := m.Bill.BackOf(a.ID)
	switch verdict := verdictOf(m); {
	case verdict == "file-twice" && claim != txn.ClaimTwice && claim != txn.ClaimDebited, verdict == "file-differs" && claim != txn.ClaimAmount:
		answer = StanceAsk
	case slices.Contains([]string{"unknown", "unresolved", "elsewhere-open", "elsewhere-refused", "file-refused", "file-back"}, verdict):
		answer = StanceAsk
	case verdict == "elsewhere", verdict == "elsewhere-back":
		answer = StanceElsewhere
	case slices.Contains([]string{"undone", "refused", "kept", "file-kept", "file-twice", "file-differs"}, verdict):
		answer = StanceRight
	case claim == txn.ClaimNoRefund && back.UnknownMinor > 0:
		answer = StanceAsk
	case claim == txn.ClaimNotAllowed && a.Tender == txn.Card && a.Answer.ApprovalCode == "":
		answer = StanceRight
	case claim == txn.ClaimNotMe && stripeAlone(a.Card.EntryMode):
		answer = StanceWeak
	}
	//mutant:a-stance-is-the-journals
	return answer
}

// EntryMode says how a card was read, and whether its holder was asked for a PIN, by DE22 (n3); the digits alone where they are on no list.
func (w *Words) EntryMode(digits string) string {
	if len(digits) != 3 || !w.Has("entry."+digits[:2]) {
		return digits
	}
	return joined(w.Text("entry."+digits[:2]), joined(w.Closed("entry.pin.", digits[2:]), "DE22 "+digits))
}

// CaseHead is what the books say of a claim about a payment, and what the shop does about it.
func (w *Words) CaseHead(c txn.Case, m Affair) Message {
	tone := map[Stance]Tone{StanceRight: Warning, StanceAsk: Unknown, StanceElsewhere: Unknown, StanceWeak: Warning, StanceEvidence: Good}[StanceOf(c.Claim, m)]
	title := w.Text("case.new")
	if c.Number > 0 {
		title = w.Text("case.title", "n", strconv.FormatInt(c.Number, 10), "claim", w.Claim(c.Claim))
	}
	if c.Claim == "" {
		return Message{Tone: Plain, What: title, Next: w.Text("case.new.next")}
	}
	return Message{Tone: tone, What: title, Charged: w.Verdict(saysDebited, m).What, Next: w.Stance(c, m)}
}

// CaseRow is a case in a list.
func (w *Words) CaseRow(c txn.Case) EntryRow {
	row := EntryRow{Time: strconv.FormatInt(c.Number, 10), Title: w.Claim(c.Claim), Small: joinedBy(" ", joinedBy(" ", c.Scheme, c.Code), c.Reference), State: w.CaseState(c.State), Tone: Plain}
	if c.Open() {
		row.Tone, row.Amount = Warning, c.Due
	}
	return row
}

// CasesInOrder are cases as people look at them: those that wait for the shop first, by when the bank wants its answer, and then the newest.
func CasesInOrder(all []txn.Case) []txn.Case {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b txn.Case) int {
		switch {
		case a.Open() != b.Open():
			return map[bool]int{true: -1, false: 1}[a.Open()]
		case a.Open() && a.Due != b.Due:
			return cmp.Compare(cmp.Or(a.Due, "9999"), cmp.Or(b.Due, "9999"))
		}
		return cmp.Compare(b.Number, a.Number)
	})
	return all
}

// CasesHead says how many cases wait for the shop.
func (w *Words) CasesHead(all []txn.Case) Message {
	open := 0
	for _, c := range all {
		if c.Open() {
			open++
		}
	}
	switch {
	case len(all) == 0:
		return Message{Tone: Plain, What: w.Text("cases.none"), Next: w.Text("cases.none.next")}
	case open == 0:
		return Message{Tone: Good, What: w.Text("cases.ended")}
	}
	return Message{Tone: Warning, What: w.Counted("cases.open", open), Next: w.Text("cases.open.next")}
}

// CaseSteps are the states that a person may choose next by a key of its own. The first pages have the large one.
func CaseSteps(c txn.Case) []txn.CaseState {
	return slices.DeleteFunc(c.Next(), func(s txn.CaseState) bool {
		return s == txn.CaseReceived || s == txn.CaseChosen && c.State == txn.CaseReceived
	})
}

// CaseLife is what was done about a case, in its order.
func (w *Words) CaseLife(c txn.Case) (life []Fact) {
	for _, m := range c.Moves {
		life = append(life, Fact{w.moment(m.AtMs), joined(w.CaseState(m.To), m.Note)})
	}
	return life
}

// Claim is what a customer says to their bank.
func (w *Words) Claim(c txn.Claim) string { return w.Closed("claim.", string(c)) }

// CaseState is how far a case has come.
func (w *Words) CaseState(s txn.CaseState) string { return w.Closed("case.state.", string(s)) }

// Stance is what the shop does about a case, in words.
func (w *Words) Stance(c txn.Case, m Affair) string {
	due := c.Due
	if due == "" {
		due = w.Text("case.due-none")
	}
	return w.Text("case.stance."+string(StanceOf(c.Claim, m)), "due", due)
}

// CaseFacts are what names a case at the bank.
func (w *Words) CaseFacts(c txn.Case) []Fact {
	code := ""
	if c.Code != "" {
		code = w.Text("case.code.unknown", "scheme", c.Scheme, "code", c.Code)
		if r, known := txn.ReasonCodeOf(c.Scheme, c.Code); known {
			code = joined(w.Text("case.code.unchecked", "scheme", c.Scheme, "code", c.Code), r.Name)
		}
	}
	return []Fact{{w.Text("case.code"), code}, {w.Text("case.reference"), c.Reference}, {w.Text("case.due"), c.Due}}
}
