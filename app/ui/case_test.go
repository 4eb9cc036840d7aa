package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/app/ui/uitest"
	"veratill/txn"
)

// A manager leads a case by keys alone: from the payment to its end, and the books hold each step once.
func TestACaseIsLedByKeys(t *testing.T) {
	c := openDefault(t, nil)
	c.packed()
	s := c.till.top().(*caseScreen)
	if !slices.ContainsFunc(s.shown, func(f present.Fact) bool { return strings.Contains(f.Value, "case-1.pdf") }) {
		t.Errorf("the page does not say where the pages lie: %+v", s.shown)
	}
	c.pass(time.Second)
	c.press(fyne.KeyF6)
	c.wait("sent", func() bool { return s.c.State == txn.CaseSent && c.rests() })
	c.pass(time.Second)
	c.press(fyne.KeyF6)
	c.wait("won", func() bool { return s.c.State == txn.CaseWon && c.rests() })
	if s.c.SentSHA256 == "" || len(s.steps) != 0 {
		t.Errorf("%+v, %d keys", s.c, len(s.steps))
	}
	cases, _ := c.desk.Cases(t.Context())
	if len(cases) != 1 || len(cases[0].Moves) != 4 {
		t.Errorf("%+v", cases)
	}
}

// The bank's code says what the customer says, where nobody has chosen; it takes nothing back that somebody has.
func TestTheBanksCodeChoosesTheClaim(t *testing.T) {
	c := openDefault(t, nil)
	c.letter()
	s := c.till.top().(*caseScreen)
	if s.primary(c.till).enabled {
		t.Error("a case can be opened before anybody said what it is about")
	}
	s.c.Code = "4512"
	s.byCode(c.till)
	if s.c.Claim != txn.ClaimTwice {
		t.Errorf("4512 chose %q", s.c.Claim)
	}
	s.c.Code = "4502"
	s.byCode(c.till)
	if s.c.Claim != txn.ClaimTwice {
		t.Errorf("the chosen claim became %q", s.c.Claim)
	}
}

// What waits for the shop stands first, by its date.
func TestCasesThatWaitStandFirst(t *testing.T) {
	c := openDefault(t, someCases)
	c.cases()
	s := c.till.top().(*casesScreen)
	var order []int64
	for _, one := range s.all {
		order = append(order, one.Number)
	}
	if !slices.Equal(order, []int64{3, 2, 1}) || !strings.Contains(s.say.message.What, "2") {
		t.Errorf("%v: %+v", order, s.say.message)
	}
	c.pass(time.Second)
	c.press(fyne.KeyReturn)
	c.wait("the case", func() bool { one, ok := c.till.top().(*caseScreen); return ok && one.c.Number == 3 })
}

// letter opens a dispute with the bank about a card payment.
func (c *counter) letter() {
	c.t.Helper()
	c.dispute()
	c.press(fyne.KeyF4)
	c.wait("the case", func() bool { s, ok := c.till.top().(*caseScreen); return ok && s.of.ready && c.rests() })
}

// received is one that was opened.
func (c *counter) received() {
	c.t.Helper()
	c.letter()
	c.keys("2")
	c.press(fyne.KeyReturn)
	c.wait("the case", func() bool { return c.till.top().(*caseScreen).c.Number == 1 && c.rests() })
}

// packed leads one so far that its pages are made.
func (c *counter) packed() {
	c.t.Helper()
	c.received()
	c.pass(time.Second)
	c.press(fyne.KeyReturn)
	c.wait("the pages", func() bool { return c.till.top().(*caseScreen).c.State == txn.CaseChosen && c.rests() })
}

func (c *counter) cases() {
	c.t.Helper()
	c.reconciling()
	c.press(fyne.KeyF7)
	c.wait("the cases", func() bool { s, ok := c.till.top().(*casesScreen); return ok && s.loaded && c.rests() })
}

// someCases wait, and one has its end.
func someCases(d *uitest.Desk) {
	d.CasesNow = []txn.Case{
		{Number: 1, Attempt: 57, Claim: txn.ClaimDebited, Scheme: txn.UnionPay, Code: "4502", State: txn.CaseAccepted},
		{Number: 2, Attempt: 58, Claim: txn.ClaimTwice, Scheme: txn.UnionPay, Code: "4512", Reference: "20261120-77", State: txn.CaseChosen, Due: "2026-12-20"},
		{Number: 3, Attempt: 59, Claim: txn.ClaimNotMe, Scheme: txn.Visa, Code: "10.4", State: txn.CaseReceived, Due: "2026-12-04"},
	}
}

// Cases are looked for by what their rows show.
func TestCasesAreLookedFor(t *testing.T) {
	c := openDefault(t, someCases)
	c.cases()
	s := c.till.top().(*casesScreen)
	c.keys("4512")
	if s.sieve.count() != 1 || s.all[s.sieve.at(0)].Number != 2 {
		t.Errorf("%d rows are shown", s.sieve.count())
	}
	c.pass(time.Second)
	c.press(fyne.KeyReturn)
	c.wait("the case", func() bool { one, ok := c.till.top().(*caseScreen); return ok && one.c.Number == 2 })
}

// A code that is typed chooses what the customer says, and the cursor stays in its field: the next figure chooses nothing.
func TestACodeThatIsTypedKeepsItsField(t *testing.T) {
	c := openDefault(t, nil)
	c.letter()
	s := c.till.top().(*caseScreen)
	field := s.fields[0]
	c.till.Window().Canvas().Focus(field)
	c.keys("4512")
	if s.c.Claim == "" || s.c.Code != "4512" || c.till.Window().Canvas().Focused() != fyne.Focusable(field) || s.fields[0] != field {
		t.Errorf("claim %q, code %q, in the field %v", s.c.Claim, s.c.Code, c.till.Window().Canvas().Focused() == fyne.Focusable(field))
	}
	claim := s.c.Claim
	c.keys("1")
	if s.c.Claim != claim || s.c.Code != "45121" {
		t.Errorf("a figure behind it: claim %q, code %q", s.c.Claim, s.c.Code)
	}
}
