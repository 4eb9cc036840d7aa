package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"veratill/app/present"
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
