package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"veratill/app/present"
	"veratill/app/ui/uitest"
	"veratill/txn"
	"veratill/txn/clearing"
)

// differences are some of each weight, and files to take in.
func differences(d *uitest.Desk) {
	row := func(minor int64, provider, order string) []clearing.Row {
		return []clearing.Row{{Line: 17, Kind: "payment", At: morning, AmountMinor: minor, Currency: "CNY", Provider: provider, Order: order}}
	}
	item := func(c clearing.Class, id txn.ID, s txn.State, till, bank int64, rows []clearing.Row) clearing.Item {
		i := clearing.Item{Key: "attempt " + id.String(), Class: c, Format: "wechat", Attempt: id, State: s, Kind: txn.Sale, TillMinor: till, BankMinor: bank, At: morning.Add(time.Duration(id) * time.Minute), Rows: rows}
		if id == 0 {
			i.Key = "wechat payment 4200002"
		}
		return i
	}
	stranger := item(clearing.BankOnly, 0, "", 0, 8000, row(8000, "4200002278712905076170215324", "M2026110100017"))
	stranger.Proposed = []txn.ID{42, 57}
	fee := item(clearing.Fee, 31, txn.Approved, 12_800, 12_800, row(12_800, "4200009077257277162877901282", "261101000031LAFHPKLHQPSB"))
	fee.FeeE3, fee.DueE3 = 76_800, 48_640
	items := []clearing.Item{
		item(clearing.Kept, 12, txn.Reversed, 23_900, 23_900, row(23_900, "4200002278712905076170215324", "261101000012ZCDNBYBBWHJL")),
		item(clearing.Unknown, 19, txn.Unresolved, 1250, 1250, row(1250, "4200008879746777822100630600", "261101000019UYFUFVANLFBU")), stranger, fee,
		item(clearing.Timing, 77, txn.Approved, 4500, 0, nil), item(clearing.Overdue, 5, txn.Approved, 9900, 0, nil), item(clearing.Matched, 78, txn.Approved, 300, 300, row(300, "42", "26")),
	}
	d.StandingNow = clearing.Stand(items, []txn.Answered{{Key: "attempt 5", Class: "overdue", Owner: "李娜", Due: "2026-12-10", Said: "请款"}})
	d.StandingNow.Files = []txn.FileKept{{Name: "1900000109All2026-11-01.csv", Format: "wechat", From: "2026-11-01", To: "2026-11-01"}}
	d.StandingNow.Days = []clearing.DayLine{{Day: "2026-11-20", Format: "wechat", Till: clearing.Sum{Count: 210, AmountMinor: 1_284_350}, Bank: clearing.Sum{Count: 210, AmountMinor: 1_284_350}, FeeMinor: 4_863, NetMinor: 1_279_487},
		{Day: "2026-11-21", Format: "alipay", Till: clearing.Sum{Count: 91, AmountMinor: 402_110}, Bank: clearing.Sum{Count: 90, AmountMinor: 378_210}, FeeMinor: 2_080, NetMinor: 376_130, Differences: 2},
		{Day: "2026-11-21", Format: "allinpay", Till: clearing.Sum{Count: 118, AmountMinor: 882_240}, Bank: clearing.Sum{Count: 118, AmountMinor: 882_240}, FeeMinor: 4_850, NetMinor: 877_390, Arrives: "2026-11-23"},
		{Day: "2026-11-21", Tender: txn.Card, Till: clearing.Sum{Count: 7, AmountMinor: 61_200}}, {Day: "2026-11-21", Tender: txn.Cash, Till: clearing.Sum{Count: 33, AmountMinor: 120_450}}}
	d.BillsNow = []present.Bill{{Name: "1900000109All2026-11-02.csv.gz", Path: "/media/stick/1900000109All2026-11-02.csv.gz", Folder: "stick", At: morning}, {Name: "cut.csv", Path: "Downloads/cut.csv", Folder: "Downloads", At: morning.Add(-time.Hour)},
		{Name: "20880000000000000156_20261101.csv.zip", Path: "Downloads/a.zip", Folder: "Downloads", At: morning.Add(-26 * time.Hour)}}
	d.TriedNow = present.TriedFile{Name: "1900000109All2026-11-02.csv.gz", Standing: d.StandingNow, File: clearing.File{Format: "wechat", Currency: "CNY", Paid: clearing.Sum{Count: 210, AmountMinor: 1_284_350},
		Back: clearing.Sum{Count: 3, AmountMinor: 4_580}, FeeMinor: 4_863, From: "2026-11-02", To: "2026-11-02", OwnSums: 7}}
}

// alone are differences of which one row stands alone with its payment, another one was given to one by hand, and a file that was taken in before.
func alone(d *uitest.Desk) {
	differences(d)
	for n := range d.StandingNow.Items {
		switch i := &d.StandingNow.Items[n]; i.Class {
		case clearing.BankOnly:
			i.Alone, i.Proposed = 57, []txn.ID{57}
		case clearing.Matched:
			i.Linked, i.ByPerson = "wechat payment 42", true
		}
	}
	d.TriedNow.Known, d.TriedNow.SHA256 = true, "abc"
	d.TriedNow.File.Others = map[string]int64{"payout": 1, "chargeback": 2}
}

// A file is read first and kept by a second key; what differs then stands in the list. A key that reads does not keep.
func TestAFileIsReadBeforeItIsTaken(t *testing.T) {
	c := openDefault(t, differences)
	c.bills()
	took := func() bool {
		return slices.ContainsFunc(c.desk.Calls, func(call string) bool { return strings.HasPrefix(call, "took ") })
	}
	s := c.till.top().(*billsScreen)
	c.press(fyne.KeyReturn)
	c.wait("what it has", func() bool { return s.tried != nil })
	if took() {
		t.Fatal("the key that read the file kept it")
	}
	c.press(fyne.KeyDown) // another file: what was read is no longer chosen
	if s.tried != nil || s.primary(c.till).means != "read" {
		t.Fatal("another file is chosen, and the first one would be kept")
	}
	c.press(fyne.KeyUp, fyne.KeyReturn)
	c.wait("what it has", func() bool { return s.tried != nil })
	c.pass(time.Second) // the button means something else by now
	c.press(fyne.KeyReturn)
	c.wait("the list", func() bool { return c.till.top().stands().page == reconcilingPage && c.rests() })
	if !took() {
		t.Errorf("nothing was kept: %v", c.desk.Calls)
	}
}

// A damaged file says which line, and keeps nothing.
func TestADamagedFileSaysWhatIsWrong(t *testing.T) {
	c := openDefault(t, differences)
	c.bills()
	s := c.till.top().(*billsScreen)
	c.press(fyne.KeyDown, fyne.KeyReturn)
	c.wait("why not", func() bool { return s.done.Tone != "" && !s.busy })
	c.drain()
	if text := s.say.message.What; !strings.Contains(text, "12") || s.primary(c.till).means != "read" {
		t.Errorf("%q, then %+v", text, s.primary(c.till))
	}
}

// A difference gets an owner, the bank's answer and an end; what is wrong with them is told, and nothing is kept then.
func TestADifferenceIsAnswered(t *testing.T) {
	c := openDefault(t, differences)
	c.reconciling()
	list := c.till.top().(*reconcilingScreen)
	before := len(list.shown())
	c.press(fyne.KeyReturn)
	s := c.till.top().(*differenceScreen)
	s.answer.Due = "soon"
	c.pass(time.Second)
	c.press(fyne.KeyReturn)
	c.wait("what is wrong", func() bool { return s.done.Key == "difference.failed" })
	s.answer.Due = "2026-12-31"
	s.reply(c.till, "贷记调整")
	c.pass(time.Second)
	c.press(fyne.KeyReturn)
	c.wait("the list", func() bool { return c.till.top() == screen(list) && c.rests() })
	if d, _ := c.desk.StandingNow.Find("attempt 12"); d.Answer == nil || d.Answer.Said != "贷记调整" || !d.Open {
		t.Fatalf("%+v", d)
	}
	c.pass(time.Second)
	c.press(fyne.KeyReturn)
	c.pass(time.Second)
	c.press(fyne.KeyF8)
	c.wait("one fewer", func() bool { return len(list.shown()) == before-1 })
	if d, _ := c.desk.StandingNow.Find("attempt 12"); d.Open {
		t.Errorf("closed, and open all the same: %+v", d)
	}
}

// What closes itself and what agrees can't be closed by hand; a row that may be a payment's is given to it by one button, pressed twice: one finger that slips gives nothing away.
func TestARowIsGivenToItsPayment(t *testing.T) {
	c := openDefault(t, differences)
	c.reconciling()
	list := c.till.top().(*reconcilingScreen)
	at := slices.IndexFunc(list.shown(), func(d clearing.Difference) bool { return d.Class == clearing.BankOnly })
	list.openAt(c.till, at)
	c.drain()
	s := c.till.top().(*differenceScreen)
	if len(s.mine) != 2 {
		t.Fatalf("%d payments are offered", len(s.mine))
	}
	c.pass(time.Second)
	for _, n := range []int{0, 1} { // another one in between asks anew
		c.tap(s.mine[n])
		c.pass(time.Second)
		if d, _ := c.desk.StandingNow.Find("wechat payment 4200002"); d.Answer != nil || c.till.top() != screen(s) {
			t.Fatalf("one press gave the row away: %+v", d.Answer)
		}
	}
	c.tap(s.mine[1])
	c.wait("the list", func() bool { return c.till.top() == screen(list) && c.rests() })
	if d, _ := c.desk.StandingNow.Find("wechat payment 4200002"); d.Answer == nil || d.Answer.Attempt != 57 {
		t.Errorf("%+v", d)
	}
}

// A row that a person gave to a payment is taken away again by a key, pressed twice.
func TestARowIsTakenFromItsPayment(t *testing.T) {
	c := openDefault(t, func(d *uitest.Desk) {
		differences(d)
		for n := range d.StandingNow.Items {
			if d.StandingNow.Items[n].Class == clearing.Matched {
				d.StandingNow.Items[n].Linked = "wechat payment 42"
			}
		}
	})
	c.reconciling()
	list := c.till.top().(*reconcilingScreen)
	c.press(fyne.KeyF5)
	list.openAt(c.till, slices.IndexFunc(list.shown(), func(d clearing.Difference) bool { return d.Linked != "" }))
	c.drain()
	c.pass(time.Second)
	c.press(fyne.KeyF9)
	if d, _ := c.desk.StandingNow.Find("attempt 78"); d.Answer != nil {
		t.Fatal("one press took the row away")
	}
	c.press(fyne.KeyF9)
	c.wait("the list", func() bool { return c.till.top() == screen(list) && c.rests() })
	if d, _ := c.desk.StandingNow.Find("attempt 78"); d.Answer == nil || !d.Answer.Apart || d.Answer.Attempt != 0 {
		t.Errorf("%+v", d.Answer)
	}
}

// Rows that stand alone with their payments are given to them by one key, pressed twice; where there is none it does nothing.
func TestRowsThatStandAloneAreGivenTogether(t *testing.T) {
	linked := func(c *counter) bool {
		return slices.ContainsFunc(c.desk.Calls, func(call string) bool { return strings.Contains(call, "linked alone") })
	}
	c := openDefault(t, func(d *uitest.Desk) {
		differences(d)
		for n := range d.StandingNow.Items {
			if d.StandingNow.Items[n].Class == clearing.BankOnly {
				d.StandingNow.Items[n].Alone = 57
			}
		}
	})
	c.reconciling()
	list := c.till.top().(*reconcilingScreen)
	c.pass(time.Second)
	if list.link == nil {
		t.Fatal("no key offers it")
	}
	c.press(fyne.KeyF8)
	if linked(c) || !strings.Contains(list.say.message.Next, "F8") {
		t.Fatalf("after one press: %v, %+v", c.desk.Calls, list.say.message)
	}
	c.press(fyne.KeyF8)
	c.wait("linked", func() bool { return linked(c) && c.rests() })
	none := openDefault(t, differences)
	none.reconciling()
	none.press(fyne.KeyF8, fyne.KeyF8)
	if none.till.top().(*reconcilingScreen).link != nil || linked(none) {
		t.Errorf("without any: %v", none.desk.Calls)
	}
}

// A file that was taken in before is taken out again by a key, pressed twice; one that was not has no such key.
func TestAFileIsTakenOut(t *testing.T) {
	tookOut := func(c *counter) bool {
		return slices.ContainsFunc(c.desk.Calls, func(call string) bool { return strings.Contains(call, "took out abc") })
	}
	for _, known := range []bool{true, false} {
		c := openDefault(t, func(d *uitest.Desk) {
			differences(d)
			d.TriedNow.Known, d.TriedNow.SHA256 = known, "abc"
		})
		c.bills()
		s := c.till.top().(*billsScreen)
		c.press(fyne.KeyReturn)
		c.wait("what it has", func() bool { return s.tried != nil && c.rests() })
		c.pass(time.Second)
		c.press(fyne.KeyF8)
		if tookOut(c) || s.sure != known || (s.out != nil) != known {
			t.Fatalf("known %t: after one press %v", known, c.desk.Calls)
		}
		c.press(fyne.KeyF8)
		if known {
			c.wait("it is out", func() bool { return tookOut(c) && c.rests() })
		} else if tookOut(c) {
			t.Error("a file that was never taken in was taken out")
		}
	}
}

// What a customer says of a payment is answered by the books, and the answer follows the payment while they wait.
func TestADisputeIsAnsweredByTheBooks(t *testing.T) {
	c := openDefault(t, unknownCard)
	c.dispute()
	s, ok := c.till.top().(*disputeScreen)
	if !ok {
		t.Fatalf("F6 opened %v", c.till.top().stands().page)
	}
	c.keys("2")
	if !strings.Contains(s.say.message.Next, "neither cash nor goods") {
		t.Errorf("%+v", s.say.message)
	}
	now := s.entry.Matter()
	now.Attempt.State = txn.Reversed
	for i := range now.Bill.Parts {
		now.Bill.Parts[i].State = txn.Reversed
	}
	s.take(c.till, seen{owed: []txn.Matter{now}})
	s.refresh(c.till)
	if !strings.Contains(s.say.message.Next, "credit adjustment") {
		t.Errorf("after the bank's answer: %+v", s.say.message)
	}
}

// The days of the files stand beside the till's, the newest first; nothing of them opens a payment, and the same key goes back.
func TestDaysStandBesideEachOther(t *testing.T) {
	c := openDefault(t, differences)
	c.reconciling()
	s := c.till.top().(*reconcilingScreen)
	c.press(fyne.KeyF6)
	if s.length() != 5 || !strings.Contains(s.row(c.till, 0).title, "2026-11-21") || s.primary(c.till).enabled {
		t.Errorf("%d days, the first %+v, %+v", s.length(), s.row(c.till, 0), s.primary(c.till))
	}
	c.press(fyne.KeyF6)
	if s.byDay || s.length() != len(s.shown()) {
		t.Error("the same key does not go back")
	}
}

// A file that falls onto the window is read and not kept; none falls while money may be moving.
func TestAFileThatIsDroppedIsRead(t *testing.T) {
	c := openDefault(t, differences)
	c.till.openDropped([]fyne.URI{storage.NewFileURI("/tmp/bill.csv")})
	c.wait("what it has", func() bool { s, ok := c.till.top().(*billsScreen); return ok && s.tried != nil })
	if !slices.Contains(c.desk.Calls, "tried /tmp/bill.csv") || slices.ContainsFunc(c.desk.Calls, func(call string) bool { return strings.HasPrefix(call, "took ") }) {
		t.Errorf("%v", c.desk.Calls)
	}
	paying := openDefault(t, func(d *uitest.Desk) { d.Gate = make(chan struct{}) })
	paying.fill()
	paying.press(fyne.KeyF9, fyne.KeyF2, fyne.KeyReturn)
	paying.till.openDropped([]fyne.URI{storage.NewFileURI("/tmp/bill.csv")})
	if paying.till.top().stands().page != payPage {
		t.Errorf("while a card is asked for, a file opened %s", paying.till.top().stands().page)
	}
	close(paying.desk.Gate)
	paying.wait("a result", paying.onResult)
}

// What the bank's files say of a payment is on the page of what a customer says of it, and on that of its case, once it is read.
func TestTheFilesAnswerACustomer(t *testing.T) {
	c := openDefault(t, filedTwice)
	c.dispute()
	s, ok := c.till.top().(*disputeScreen)
	if !ok {
		t.Fatalf("%T", c.till.top())
	}
	c.keys("2")
	if !strings.Contains(s.say.message.Charged, "The bank took it twice") {
		t.Errorf("%+v", s.say.message)
	}
	told := false
	for _, f := range s.list {
		told = told || strings.Contains(f.Value, "allinpay-20261101.csv")
	}
	if !told {
		t.Errorf("the file is not among %v", s.list)
	}
	c.press(fyne.KeyF4)
	letter, ok := c.till.top().(*caseScreen)
	if !ok {
		t.Fatalf("%T", c.till.top())
	}
	c.keys("2") // charged twice
	c.wait("the customer is right", func() bool { return strings.Contains(letter.say.message.Next, "Do not fight it") })
}

// filedTwice is a bank's file that has every payment twice.
func filedTwice(d *uitest.Desk) {
	d.FiledNow = present.Filed{Items: []present.FiledItem{{Item: clearing.Item{Kind: txn.Sale, Class: clearing.Twice, BankMinor: 12_345, Rows: []clearing.Row{{At: morning, Currency: "CNY", RRN: "000000000042"}}}, Name: "allinpay-20261101.csv"}}}
}
