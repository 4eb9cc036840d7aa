package ui

import (
	"errors"
	"testing"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/app/ui/uitest"
	"veratill/txn"
	"veratill/txn/report"
)

// The list settles with the bank first and then closes the day, and each takes a press of its own.
func TestClosingListSettlesAndThenCloses(t *testing.T) {
	c := openDefault(t, closable)
	c.closing()
	s := c.till.top().(*closingScreen)
	if a := s.primary(c.till); a.label != c.till.words.Text("closing.settle") || !a.enabled {
		t.Fatalf("%+v", a)
	}
	s.primary(c.till).press()
	c.wait("the bank", func() bool { return c.desk.Asked("settle") == 1 && !s.asking && !s.closing.Settles() })
	if a := s.primary(c.till); a.label != c.till.words.Text("closing.close") || !a.enabled {
		t.Fatalf("%+v", a)
	}
	s.primary(c.till).press()
	if c.desk.Asked("z") != 0 {
		t.Fatal("the day is closed without a question")
	}
	c.till.top().(*askScreen).answer(c.till)
	c.wait("the Z", func() bool { return c.till.top() == screen(s.day) && s.day.note.Key == "day.z-done" })
}

// A bank that can't be asked, and one that is silent, keep no day open.
func TestClosingListGoesOnWithoutTheBank(t *testing.T) {
	for _, trouble := range []func(*uitest.Desk){
		func(d *uitest.Desk) { d.SettleErr = errors.New("the bank can't be reached") },
		func(d *uitest.Desk) { d.SettleSilent = true },
	} {
		c := openDefault(t, func(d *uitest.Desk) { closable(d); trouble(d) })
		c.closing()
		s := c.till.top().(*closingScreen)
		s.primary(c.till).press()
		c.wait("the bank", func() bool { return s.tried && !s.asking })
		s.primary(c.till).press()
		if _, asked := c.till.top().(*askScreen); !asked {
			t.Errorf("the day can't be closed: %+v", s.closing.Steps)
		}
	}
}

// What keeps the day open takes its button away, and no key brings the question.
func TestStoppedDayIsNotClosed(t *testing.T) {
	c := openDefault(t, func(d *uitest.Desk) {
		closable(d)
		d.ClosingNow.Steps[2] = present.ClosingStep{Kind: present.ClosingPayments, State: present.StepStops, Count: 1}
		d.ClosingNow.Steps[4].State = present.StepWaits
	})
	c.closing()
	s := c.till.top().(*closingScreen)
	if s.primary(c.till).enabled {
		t.Error("its button can be pressed")
	}
	c.press(fyne.KeyReturn)
	s.askZ(c.till)
	if c.till.top() != screen(s) || c.desk.Asked("settle")+c.desk.Asked("z") > 0 {
		t.Errorf("something was done: %v", c.desk.Calls)
	}
	c.desk.Change(func(d *uitest.Desk) {
		d.ClosingNow.Steps[2] = present.ClosingStep{Kind: present.ClosingPayments, State: present.StepDone}
	})
	c.wait("the list", func() bool { return s.primary(c.till).enabled })
}

// Each line says in both languages how it stands and what to do, for every state that it can have.
func TestClosingListHasItsWords(t *testing.T) {
	c := openDefault(t, closable)
	for _, language := range []string{"zh", "en"} {
		words, err := present.NewWords(language)
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range c.desk.ClosingNow.Steps {
			if row := words.ClosingRow(step, "CNY"); !said(row.Title) || !said(row.State) || !said(row.Small) {
				t.Errorf("%s: %+v", language, row)
			}
			if step.Settlement == nil {
				continue
			}
			for _, state := range txn.SettlementStates {
				one := *step.Settlement
				one.State = string(state)
				step.Settlement = &one
				if row := words.ClosingRow(step, "CNY"); !said(row.Small) {
					t.Errorf("%s: %+v", language, row)
				}
				day := present.Day{Settlements: []report.Settlement{one}}
				if facts := words.DayFacts(day, "CNY"); !said(facts[len(facts)-1].Value) {
					t.Errorf("%s: %+v", language, facts)
				}
			}
		}
	}
}

// said reports whether a text is more than the key of one that is missing.
func said(text string) bool {
	for _, prefix := range []string{"closing.", "settlement.", "settled.", "step.", "format."} {
		if len(text) >= len(prefix) && text[:len(prefix)] == prefix {
			return false
		}
	}
	return text != ""
}

// closing opens the list with which a day is closed.
func (c *counter) closing() {
	c.day()
	c.till.openClosing(c.till.top().(*dayScreen))
	c.wait("the list", func() bool { return c.till.top().stands().page == closingPage && c.till.top().stands().ready })
}

// closable is a day whose batch can be settled, with parked sales, a bill that is behind and no second place for backups.
func closable(d *uitest.Desk) {
	busyDay(d)
	d.ClosingNow = present.Closing{Steps: []present.ClosingStep{
		{Kind: present.ClosingParked, State: present.StepCarried, Count: 2},
		{Kind: present.ClosingUnpaid, State: present.StepDone},
		{Kind: present.ClosingPayments, State: present.StepDone},
		{Kind: present.ClosingRefunds, State: present.StepDone},
		{Kind: present.ClosingSettlement, State: present.StepOpen, Settlement: &report.Settlement{Batch: 3, Terminal: "00000001", Line: "iso8583 unionpay 10.0.0.5:5000 00000001 898000000000001",
			Payments: report.Tally{Count: 118, AmountMinor: 882_240}, Refunds: report.Tally{Count: 2, AmountMinor: 4_580}}},
		{Kind: present.ClosingBill, State: present.StepDone, Format: "wechat", Until: morning.AddDate(0, 0, -1)},
		{Kind: present.ClosingBill, State: present.StepAsks, Format: "alipay", Until: morning.AddDate(0, 0, -4)},
		{Kind: present.ClosingBackup, State: present.StepAsks, Until: morning.AddDate(0, 0, -1)},
	}}
}

// differing is what a bank says whose sums are others.
func differing(d *uitest.Desk) {
	s := d.ClosingNow.Steps[4].Settlement
	s.State, s.Code, s.BankSays, s.BankPayments, s.BankRefunds = string(txn.SettlementDiffers), "95", true, report.Tally{Count: 117, AmountMinor: 880_990}, s.Refunds
	s.Uploaded, s.ToUpload, s.NotKnown, s.NotTaken = 120, 120, []int64{17}, []int64{96}
	d.ClosingNow.Steps[4].State = present.StepAsks
}

// refusing is a bank that refuses to settle, and says why.
func refusing(d *uitest.Desk) {
	closable(d)
	s := d.ClosingNow.Steps[4].Settlement
	s.State, s.Code, s.Unfinished = string(txn.SettlementRefused), "77", true
	d.ClosingNow.Steps[4].State = present.StepCarried
}

// onSettlement opens the list with the settlement marked.
func (c *counter) onSettlement() *closingScreen {
	c.t.Helper()
	c.closing()
	s := c.till.top().(*closingScreen)
	s.mark(c.till, 4)
	return s
}

// F5 has the bank asked again about what it refused; a bank that can't be asked is told, and the settlement stays.
func TestARefusedSettlementIsAskedAgain(t *testing.T) {
	c := openDefault(t, refusing)
	s := c.onSettlement()
	c.press(fyne.KeyF5)
	c.wait("the answer", func() bool { return !s.asking && c.rests() })
	if c.desk.Asked("settle again") != 1 || s.closing.Steps[4].Settlement.State != string(txn.SettlementBalanced) || s.retry.Visible() {
		t.Errorf("%+v, %v", s.closing.Steps[4].Settlement, c.desk.Calls)
	}
	c = openDefault(t, func(d *uitest.Desk) { refusing(d); d.SettleErr = errors.New("the bank can't be reached") })
	s = c.onSettlement()
	c.press(fyne.KeyF5)
	c.wait("the answer", func() bool { return s.note.Key == "settlement.not-again" && c.rests() })
	if s.closing.Steps[4].Settlement.State != string(txn.SettlementRefused) || !s.retry.Visible() {
		t.Errorf("%+v", s.closing.Steps[4].Settlement)
	}
}

// F6 asks who answers for it that the bank settles by itself; without a name nothing is left, and Esc leaves everything as it is.
func TestASettlementIsLeftByName(t *testing.T) {
	c := openDefault(t, refusing)
	s := c.onSettlement()
	c.press(fyne.KeyF6)
	if a := c.till.top().primary(c.till); c.till.top().stands().page != leavingPage || a.enabled {
		t.Fatalf("%s, %+v", c.till.top().stands().page, a)
	}
	c.press(fyne.KeyEscape)
	if c.till.top() != screen(s) || c.desk.Asked("settlement left by Li") != 0 {
		t.Fatal("Esc left something")
	}
	c.press(fyne.KeyF6)
	c.keys("Li")
	c.till.top().primary(c.till).press()
	c.wait("it is left", func() bool { return c.desk.Asked("settlement left by Li") == 1 && !s.asking && c.rests() })
	if of := s.closing.Steps[4].Settlement; of.State != string(txn.SettlementLeft) || of.Detail != "Li" {
		t.Errorf("%+v", of)
	}
}

// A settlement that has ended at the bank, and one that has not begun, are neither asked about again nor left.
func TestAnEndedSettlementHasNoKeys(t *testing.T) {
	for name, set := range map[string]func(*uitest.Desk){"differs": func(d *uitest.Desk) { closable(d); differing(d) }, "not begun": closable} {
		c := openDefault(t, set)
		s := c.onSettlement()
		if _, may := s.unfinished(); may || s.retry.Visible() {
			t.Errorf("%s: it has keys", name)
		}
		c.press(fyne.KeyF5)
		c.wait("its end", c.rests)
		c.press(fyne.KeyF6)
		if s.retry.Visible() || c.till.top() != screen(s) || c.desk.Asked("settle again") != 0 {
			t.Errorf("%s: %v", name, c.desk.Calls)
		}
	}
}
