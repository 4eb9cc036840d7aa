package ui

import (
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/app/ui/uitest"
	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/report"
	"veratill/txn/sale"
)

// scene is a state of the window that a person should look at.
type scene struct {
	name string
	set  func(d *uitest.Desk)
	walk func(c *counter)
}

func (c *counter) fill() {
	for _, i := range []int{0, 4, 26, 61, 90, 120} {
		c.scan(demoItems(c.t)[i].Code)
	}
	c.keys("3*")
	c.scan(demoItems(c.t)[30].Code)
	c.keys("101")
	c.press(fyne.KeyEnter)
	c.keys("1.25")
	c.press(fyne.KeyEnter)
}

func (c *counter) card() {
	c.press(fyne.KeyF9, fyne.KeyF2)
	c.press(fyne.KeyReturn)
	c.wait("a result", c.onResult)
	c.till.changed()
	c.wait("quiet", func() bool { return !c.till.watching.pending.Load() })
}

func (c *counter) sending() {
	c.press(fyne.KeyF9, fyne.KeyF2)
	c.press(fyne.KeyReturn)
	c.wait("the bank", func() bool { return c.till.top().(*payScreen).paying.Progress.Step == present.Sending })
	for range 4 {
		c.pass(time.Second)
	}
}

// showCode scans a payment code, and waits four seconds of what the provider takes.
func (c *counter) showCode() {
	c.press(fyne.KeyF9)
	c.scan(shownCode)
	c.wait("the provider", func() bool { return c.payScreen().paying.Progress.Step == present.Sending })
	for range 4 {
		c.pass(time.Second)
	}
}

// giving opens what goes back of a card payment with several goods on it.
func (c *counter) giving() {
	c.entry()
	c.press(fyne.KeyF3)
}

// entry opens a card payment with several goods on it.
func (c *counter) entry() {
	c.t.Helper()
	c.fill()
	c.card()
	c.press(fyne.KeyReturn)
	c.day()
	c.wait("payments", func() bool { return len(c.till.top().(*dayScreen).entries) > 0 })
	c.till.openEntry(c.till.top().(*dayScreen).entries[0])
}

func (c *counter) day() {
	c.till.openDay()
	c.wait("the day", func() bool { return c.till.top().(*dayScreen).loaded })
}

// dispute opens what a customer says of a card payment.
func (c *counter) dispute() {
	c.entry()
	c.press(fyne.KeyF6)
	c.wait("what the books and the files say", func() bool { s, ok := c.till.top().(*disputeScreen); return ok && s.of.ready })
}

func (c *counter) reconciling() {
	c.t.Helper()
	c.chord(fyne.KeyB)
	c.wait("what differs", func() bool { s, ok := c.till.top().(*reconcilingScreen); return ok && s.loaded && c.rests() })
}

func (c *counter) bills() {
	c.t.Helper()
	c.reconciling()
	c.press(fyne.KeyF4)
	c.wait("the files", func() bool { s, ok := c.till.top().(*billsScreen); return ok && s.loaded && c.rests() })
}

func (c *counter) articles() {
	c.chord(fyne.KeyA)
	c.wait("the list", func() bool { return c.till.top().(*articlesScreen).loaded })
}

func (c *counter) devices() {
	c.till.openDevices()
	c.wait("the devices", func() bool { return c.till.top().(*devicesScreen).loaded })
}

// plugged is a counter with a printer in use, a scanner that was pulled out, a reader that nobody may open, and a serial line.
func plugged(d *uitest.Desk) {
	d.Plugged = []present.Device{
		{Address: "usb:04b8:0202?serial=J3XF012345", Uses: []present.Part{present.Printer}, InUse: present.Printer, Name: "EPSON TM-T88V", Serial: "J3XF012345", Where: "bus 1 port 2"},
		{Address: "serial:///dev/ttyACM0?baud=9600", Uses: []present.Part{present.Printer, present.Scanner}, Name: "USB to UART", Where: "/dev/ttyACM0"},
		{Address: "usb:0c2e:0b61", Uses: []present.Part{present.Scanner}, InUse: present.Scanner, Name: "usb:0c2e:0b61", Problem: "unplugged"},
		{Address: "usb:0801:0002", Uses: []present.Part{present.Reader}, Name: "Mag-Tek USB Swipe Reader", Where: "bus 1 port 4.1", Problem: "port denied",
			Detail: "/dev/bus/usb/001/007: permission denied: install the udev rule 70-veratill.rules and plug the device in again, or ask who looks after this computer"},
	}
	d.ChipsNow = append(d.ChipsNow, present.Chip{Part: present.Scanner, Health: present.Offline, Code: "unplugged", Since: morning.Add(-time.Minute)})
}

func unknownCard(d *uitest.Desk) { d.Card, d.Reason = txn.Reversing, txn.NoAnswer }

func busyDay(d *uitest.Desk) {
	tally := func(n, minor int64) present.Tally { return present.Tally{Count: n, AmountMinor: minor} }
	day := present.Day{Batch: 3, Opened: morning.Add(-6 * time.Hour), Sales: tally(214, 1_284_350), Voids: tally(3, 4_580), NetMinor: 1_279_770,
		ByTender:  []present.Named{{Name: "cash", Tally: tally(96, 402_110)}, {Name: "card", Tally: tally(118, 882_240)}},
		ByType:    []present.Named{{Name: "sale", Tally: tally(214, 1_284_350)}, {Name: "void", Tally: tally(3, 4_580)}},
		ByCashier: []present.Cashier{{Name: "张敏", Sales: tally(150, 900_000), Voids: tally(1, 1_200)}, {Name: "Li Wei", Sales: tally(64, 384_350)}},
		Grand:     tally(48_210, 301_224_780)}
	for h := range 24 {
		amount := int64(0)
		if h >= 8 && h <= 14 {
			amount = int64(60_000 + (h*7919)%9*22_000)
		}
		day.ByHour = append(day.ByHour, present.Hour{Hour: h, Sales: tally(amount/6000, amount)})
	}
	attempt := func(stan int64, state txn.State, paper txn.Paper) present.Entry {
		id := txn.ID(stan)
		return present.Entry{Attempt: txn.Attempt{ID: id, Kind: txn.Sale, Tender: txn.Card, State: state, Paper: paper, Reason: txn.NoAnswer,
			Amount: money.Amount{Minor: 700 + stan, Currency: money.CNY}, OpenedMs: morning.UnixMilli(), Card: txn.CardFacts{Masked: "622848******1234", Scheme: "UnionPay"}}}
	}
	day.Open = []present.Entry{attempt(17, txn.Reversing, txn.NoPaper)}
	day.Unpapered = []present.Entry{attempt(21, txn.Approved, txn.NotPrinted)}
	day.Reversals = []present.Entry{attempt(17, txn.Reversing, txn.NoPaper), attempt(19, txn.Reversed, txn.NoPaper)}
	d.Day1 = day
	for z := int64(17); z > 9; z-- {
		old := day
		old.Z, old.Batch, old.Opened = z, z-15, morning.AddDate(0, 0, int(z-18))
		d.ClosedDays = append(d.ClosedDays, old)
	}
}

func found(d *uitest.Desk) {
	for i, state := range []txn.State{txn.Reversing, txn.Reversed, txn.Approved} {
		id := txn.ID(int64(38 + i))
		a := txn.Attempt{ID: id, Kind: txn.Sale, Tender: txn.Card, Amount: money.Amount{Minor: int64(700 + 1250*i), Currency: money.CNY},
			State: state, Reason: txn.CutByRestart, Card: txn.CardFacts{Masked: "622848******1234", Scheme: "UnionPay"}}
		before, bill := txn.Pending, txn.Bill{SaleID: int64(id), Total: a.Amount, State: txn.BillOpen}
		if state == txn.Approved {
			before, a.Reason = txn.Approved, ""
			bill.State, bill.PaidMs, bill.Paper = txn.BillPaid, 1, txn.NotPrinted
		}
		d.Found = append(d.Found, present.Recovered{Before: before, Matter: txn.Matter{Attempt: a, Bill: bill}, Done: state == txn.Reversed})
	}
}

// foundPart is a start that finds a sale paid in part, and a payment that is not known yet.
func foundPart(d *uitest.Desk) {
	found(d)
	id := txn.ID(36)
	a := txn.Attempt{ID: id, SaleID: 90, Kind: txn.Sale, Tender: txn.Card, Amount: money.Amount{Minor: 3000, Currency: money.CNY}, State: txn.Approved,
		Card: txn.CardFacts{Masked: "622848******1234", Scheme: "UnionPay"}}
	bill := txn.Bill{SaleID: 90, Total: money.Amount{Minor: 5000, Currency: money.CNY}, State: txn.BillPartPaid,
		Parts: []txn.Part{{ID: id, Kind: txn.Sale, Tender: txn.Card, State: txn.Approved, AmountMinor: 3000}}}
	d.Found = append([]present.Recovered{{Before: txn.Approved, Matter: txn.Matter{Attempt: a, Bill: bill}, OfSale: true}}, d.Found...)
}

// cardPart pays a part of the sale on the pay screen by card.
func (c *counter) cardPart(amount string) {
	c.t.Helper()
	c.press(fyne.KeyF4)
	c.keys(amount)
	c.press(fyne.KeyF2)
	c.wait("the reader", func() bool { return c.till.top().(*payScreen).choosing() })
	c.press(fyne.KeyReturn)
	c.wait("the rest", func() bool { p, ok := c.till.top().(*payScreen); return ok && p.paying.Held() && !p.paying.Busy() })
	c.pass(time.Second)
}

// give sells an article that costs nothing.
func (c *counter) give() {
	c.t.Helper()
	item := demoItems(c.t)[0]
	item.UnitPriceMinor = 0
	if _, err := c.till.sell.Cart.Add(item, sale.OneE5); err != nil {
		c.t.Fatal(err)
	}
	c.till.redraw()
	c.press(fyne.KeyF9)
}

// offered is a till for which there is a newer version.
func offered(d *uitest.Desk) {
	d.UpdateNow = present.Update{SetUp: true, State: "offered", Version: "0.2.0", From: "0.1.0", Notes: sale.Name{
		ZH: "打印更快，中文小票更清楚。", EN: "Prints faster, and Chinese receipts are clearer."}}
}

// wentBack is a till whose newer version did not come up.
func wentBack(d *uitest.Desk) {
	busyDay(d)
	d.UpdateNow = present.Update{SetUp: true, State: "went back", Version: "0.2.0", From: "0.1.0", Fault: "crashed", Detail: "signal: segmentation fault", News: true}
}

// unresolved is a day with a payment that the bank refuses to undo, and one under a number that it knows.
func unresolved(d *uitest.Desk) {
	busyDay(d)
	refused := d.Day1.Open[0]
	refused.Attempt.State, refused.Attempt.Reason, refused.Attempt.Refused, refused.Attempt.Tries, refused.Attempt.Batch = txn.Unresolved, txn.NoAnswer, "58", 4, 3
	refused.Bill.SaleID = 90
	taken := refused
	taken.Attempt.ID, taken.Attempt.Reason, taken.Attempt.Refused, taken.Attempt.Answer = 1018, txn.NumberTaken, "", txn.Answer{ResponseCode: "94"}
	d.Day1.Open, d.Day1.Reversals, d.Day1.Unresolved = nil, nil, []present.Entry{refused, taken}
	d.Day1.Kept = present.Tally{Count: 1, AmountMinor: 1250}
}

// wrongList is an article list of which each kind of row is wrong, with names that the printer can't show.
func wrongList(d *uitest.Desk) {
	d.AboutNow.Notice, d.Lacks = "articles refused", "水"
	d.List = present.Articles{Sold: 183, Refused: len(sale.RemarkKinds), NoSigns: []present.NoSign{
		{Of: "6990204110138", Text: "纯净水 550 ml", Missing: "水"}, {Of: "no-sign.merchant", Text: "水果店", Missing: "水"}}}
	for i, kind := range sale.RemarkKinds {
		d.List.Remarks = append(d.List.Remarks, sale.Remark{Row: 4 + 17*i, Column: "商品名称（必填）", Code: "6901234567892", Kind: kind, Value: "6.90123E+12", Other: 3, Refused: i < len(sale.RemarkKinds)-2})
	}
	d.List.Remarks = append(d.List.Remarks, sale.Remark{Kind: sale.FileMissing, Value: strings.Repeat("/long/folder", 4), Refused: true}, sale.Remark{Kind: sale.ColumnMissing, Value: "price", Refused: true})
}

// remembered are payments of earlier days: voided, declined, in cash, by card, at a terminal; one has many articles.
func remembered(d *uitest.Desk) {
	busyDay(d)
	at := func(days int, tender txn.Tender, state txn.State, minor int64, names ...string) {
		id := txn.ID(4000 - days)
		e := present.Entry{Attempt: txn.Attempt{ID: id, SaleID: int64(id), Batch: 1, Kind: txn.Sale, Tender: tender, State: state, Amount: money.Amount{Minor: minor, Currency: money.CNY},
			OpenedMs: morning.AddDate(0, 0, -days).Add(-time.Duration(days) * 13 * time.Minute).UnixMilli(), Cashier: "张敏"},
			Bill: txn.Bill{SaleID: int64(id), State: txn.BillPaid, PaidMs: 1, Total: money.Amount{Minor: minor, Currency: money.CNY}}}
		if tender == txn.Card {
			e.Attempt.Card = txn.CardFacts{Masked: "622848******1234", Scheme: "UnionPay"}
		}
		for i, name := range names {
			e.Sale.Lines = append(e.Sale.Lines, sale.Line{Code: fmt.Sprint(1000 + i), Name: map[string]string{"en": name}, Unit: sale.Piece, UnitPriceMinor: minor, QuantityE5: sale.OneE5, AmountMinor: minor})
		}
		e.Sale.Currency = money.CNY
		d.FoundNow.Entries = append(d.FoundNow.Entries, e)
	}
	at(0, txn.Card, txn.Approved, 8050, "Cola 330 ml", "Red apples", "Dark chocolate with whole hazelnuts", "Mineral water 1.5 l", "Toothpaste")
	at(1, txn.Card, txn.Declined, 128_450, "Espresso machine")
	at(1, txn.Cash, txn.Approved, 550, "Cola 330 ml")
	at(2, txn.Card, txn.Voided, 9900, "Rice cooker")
	at(9, txn.Card, txn.Reversing, 2390, "Green tea")
	at(40, txn.External, txn.Claimed, 33_000, "Gift card")
	at(390, txn.Card, txn.Reversed, 100_000_00, "Ring")
	for i := range 12 {
		at(41+i, txn.Cash, txn.Approved, int64(300+i*75), "Cola 330 ml", "Bread")
	}
}

func (c *counter) find(text string) {
	c.t.Helper()
	c.chord(fyne.KeyF)
	c.keys(text)
	c.pass(time.Second)
	c.wait("payments", func() bool { s, ok := c.till.top().(*findScreen); return ok && s.loaded && c.rests() })
}

var scenes = []scene{
	{"find", remembered, func(c *counter) { c.find("") }},
	{"find-cola", remembered, func(c *counter) { c.find("cola") }},
	{"find-filter", remembered, func(c *counter) {
		c.find("")
		c.till.top().(*findScreen).toggle(c.till, present.FindFilters[3])
		c.drain()
	}},
	{"find-none", remembered, func(c *counter) { c.find("no such thing") }},
	{"find-behind", func(d *uitest.Desk) { remembered(d); d.FoundNow.Behind, d.FoundNow.More = 48_211, true }, func(c *counter) { c.find("") }},
	{"find-trouble", func(d *uitest.Desk) { remembered(d); d.FoundNow.Trouble = "find.index: no space left on device" }, func(c *counter) { c.find("") }},
	{"numbers-in-doubt", func(d *uitest.Desk) { d.InDoubt = txn.Numbers{Last: 1042, Why: txn.EntriesMissing} }, func(*counter) {}},
	{"day-unresolved", unresolved, func(c *counter) { c.day() }},
	{"entry-refused", unresolved, func(c *counter) { c.day(); c.till.openEntry(c.desk.Day1.Unresolved[0]); c.drain() }},
	{"entry-taken", unresolved, func(c *counter) { c.day(); c.till.openEntry(c.desk.Day1.Unresolved[1]); c.drain() }},
	{"evidence", unresolved, func(c *counter) {
		c.day()
		c.till.openEvidence(c.desk.Day1.Unresolved[0])
		c.till.top().(*evidenceScreen).as = txn.WasKept
		c.till.show()
		c.drain()
	}},
	{"closing", closable, func(c *counter) { c.closing() }},
	{"closing-differs", func(d *uitest.Desk) { closable(d); differing(d) }, func(c *counter) { c.closing() }},
	{"closing-refused", refusing, func(c *counter) { c.onSettlement() }},
	{"closing-leave", refusing, func(c *counter) { c.onSettlement(); c.press(fyne.KeyF6); c.keys("Li") }},
	{"closing-stopped", func(d *uitest.Desk) {
		closable(d)
		d.ClosingNow.Steps[2] = present.ClosingStep{Kind: present.ClosingPayments, State: present.StepStops, Count: 1}
		d.ClosingNow.Steps[4].State = present.StepWaits
	}, func(c *counter) { c.closing() }},
	{"day-settled", func(d *uitest.Desk) {
		closable(d)
		differing(d)
		d.Day1.Settlements = []report.Settlement{{Batch: 2, State: string(txn.SettlementAsked), Unfinished: true}, *d.ClosingNow.Steps[4].Settlement}
	}, func(c *counter) { c.day() }},
	{"dispute", nil, func(c *counter) { c.dispute(); c.keys("3") }},
	{"dispute-filed", filedTwice, func(c *counter) { c.dispute(); c.keys("1") }},
	{"dispute-unknown", unknownCard, func(c *counter) { c.dispute(); c.keys("2") }},
	{"office", nil, func(c *counter) { c.till.openOffice() }},
	{"export", read, func(c *counter) {
		c.reads("3")
		s := c.exporting()
		s.write(c.till)
		c.wait("saved", func() bool { return s.done.Key != "" && c.rests() })
	}},
	{"insight-week", nil, func(c *counter) { c.insight(); c.keys("2") }},
	{"audit", read, func(c *counter) { c.reads("3") }},
	{"log", read, func(c *counter) { c.reads("4") }},
	{"checks", read, func(c *counter) { s := c.reads("2"); s.mark(c.till, 3); c.till.unfoldDetails() }},
	{"backups", backups, func(c *counter) { c.restoring() }},
	{"backup-held", backups, func(c *counter) { c.held() }},
	{"backup-forked", func(d *uitest.Desk) { backups(d); d.HeldNow.Here, d.HeldNow.Behind = present.BackupForked, -1 }, func(c *counter) { c.held() }},
	{"messages", exchanged, func(c *counter) { c.exchange() }},
	{"messages-none", nil, func(c *counter) { c.exchange() }},
	{"case-new", nil, func(c *counter) { c.letter(); c.keys("2") }},
	{"case", nil, func(c *counter) { c.received() }},
	{"case-packed", nil, func(c *counter) { c.packed() }},
	{"insight", nil, func(c *counter) { c.insight(); c.keys("1") }},
	{"insight-exceptions", nil, func(c *counter) { c.insight(); c.keys("6") }},
	{"cases", someCases, func(c *counter) { c.cases() }},
	{"reconciling", differences, func(c *counter) { c.reconciling() }},
	{"reconciling-link", alone, func(c *counter) { c.reconciling(); c.pass(time.Second); c.press(fyne.KeyF8) }},
	{"difference-linked", alone, func(c *counter) {
		c.reconciling()
		list := c.till.top().(*reconcilingScreen)
		c.press(fyne.KeyF5)
		list.openAt(c.till, len(list.shown())-1)
		c.drain()
	}},
	{"bill-known", alone, func(c *counter) {
		c.bills()
		c.press(fyne.KeyReturn)
		c.wait("what it has", func() bool { return c.till.top().(*billsScreen).tried != nil })
	}},
	{"reconciling-days", differences, func(c *counter) { c.reconciling(); c.press(fyne.KeyF6) }},
	{"reconciling-none", nil, func(c *counter) { c.reconciling() }},
	{"difference", differences, func(c *counter) { c.reconciling(); c.press(fyne.KeyReturn); c.drain() }},
	{"difference-proposed", differences, func(c *counter) { c.reconciling(); c.press(fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn); c.drain() }},
	{"bills", differences, func(c *counter) { c.bills() }},
	{"bill-read", differences, func(c *counter) {
		c.bills()
		c.press(fyne.KeyReturn)
		c.wait("what it has", func() bool { return c.till.top().(*billsScreen).tried != nil })
	}},
	{"bill-refused", differences, func(c *counter) {
		c.bills()
		c.press(fyne.KeyDown, fyne.KeyReturn)
		c.wait("why not", func() bool { return c.till.top().(*billsScreen).done.Key == "billfile.trouble.row-cut" })
	}},
	{"sell-card-number", nil, func(c *counter) { c.fill(); c.scan("4111111111111111") }},
	{"day-demonstration", func(d *uitest.Desk) {
		busyDay(d)
		d.AboutNow.Demo = false
		d.Day1.Demo = true
		d.Day1.Open[0].Attempt.Demo = true
	}, func(c *counter) { c.day() }},
	{"articles", wrongList, func(c *counter) { c.articles() }},
	{"articles-marked", wrongList, func(c *counter) { c.articles(); c.press(fyne.KeyDown, fyne.KeyDown) }},
	{"articles-good", func(d *uitest.Desk) { d.List = present.Articles{Sold: 186} }, func(c *counter) { c.articles() }},
	{"articles-none", func(d *uitest.Desk) {
		d.AboutNow.Notice = "articles none"
		d.List = present.Articles{Remarks: []sale.Remark{{Kind: sale.FileWorkbook, Refused: true}}}
	}, func(c *counter) { c.articles(); c.press(fyne.KeyDown) }},
	{"sell-articles-refused", wrongList, func(*counter) {}},
	{"sell-articles-none", func(d *uitest.Desk) { d.AboutNow.Notice = "articles none" }, func(*counter) {}},
	{"sell-settings-in-part", func(d *uitest.Desk) { d.AboutNow.Notice = "settings in part" }, func(*counter) {}},
	{"giving", nil, func(c *counter) { c.giving() }},
	{"giving-goods", nil, func(c *counter) { c.giving(); c.keys("++"); c.press(fyne.KeyDown, fyne.KeyDown); c.keys("+") }},
	{"giving-all", nil, func(c *counter) { c.giving(); c.press(fyne.KeyF12) }},
	{"exchange", nil, func(c *counter) { c.exchanging(); c.tile(3); c.tile(3) }},
	{"exchange-pay", nil, func(c *counter) { c.exchanging(); c.tile(3); c.tile(3); c.press(fyne.KeyF9) }},
	{"exchange-over", nil, func(c *counter) { c.exchanging(); c.tile(0); c.press(fyne.KeyF9) }},
	{"giving-too-much", nil, func(c *counter) { c.giving(); c.keys("9999") }},
	{"giving-card", nil, func(c *counter) { c.giving(); c.keys("5"); c.press(fyne.KeyReturn) }},
	{"giving-at-terminal", nil, func(c *counter) { c.giving(); cardTerminal(c.desk); c.keys("5") }},
	{"giving-unknown", nil, func(c *counter) {
		c.giving()
		c.desk.Card, c.desk.Reason = txn.Unresolved, txn.NoAnswer
		c.keys("5")
		c.press(fyne.KeyReturn, fyne.KeyReturn)
		c.wait("a result", c.onResult)
		c.wait("quiet", func() bool { return !c.till.watching.pending.Load() })
	}},
	{"giving-done", nil, func(c *counter) {
		c.giving()
		c.keys("+")
		c.press(fyne.KeyReturn, fyne.KeyReturn)
		c.wait("a result", c.onResult)
		c.wait("quiet", func() bool { return !c.till.watching.pending.Load() })
	}},
	{"giving-entry-after", nil, func(c *counter) {
		c.giving()
		c.desk.Card, c.desk.Reason = txn.Unresolved, txn.NoAnswer
		c.keys("5")
		c.press(fyne.KeyReturn, fyne.KeyReturn)
		c.wait("a result", c.onResult)
		c.press(fyne.KeyReturn)
		c.wait("quiet", func() bool { return !c.till.watching.pending.Load() })
	}},
	{"sell-empty", nil, func(*counter) {}},
	{"sell", nil, func(c *counter) { c.fill() }},
	{"sell-search", nil, func(c *counter) { c.fill(); c.keys("sp") }},
	{"sell-unknown-code", nil, func(c *counter) { c.fill(); c.scan("6901234567892") }},
	{"sell-weigh", nil, func(c *counter) { c.fill(); c.keys("118"); c.press(fyne.KeyEnter); c.keys("0.85") }},
	{"sell-trouble", func(d *uitest.Desk) {
		d.ChipsNow[0] = present.Chip{Part: present.Reader, Health: present.Offline, Code: "no answer", Since: morning.Add(-time.Hour)}
		d.ChipsNow[1] = present.Chip{Part: present.Printer, Health: present.Attention, Code: "cover open", Since: morning.Add(-time.Hour)}
		d.ChipsNow[2] = present.Chip{Part: present.Bank, Health: present.Busy, Code: "connecting", Since: morning.Add(-time.Hour)}
	}, func(c *counter) { c.fill() }},
	{"pay", nil, func(c *counter) { c.fill(); c.press(fyne.KeyF9) }},
	{"pay-terminal", separate, func(c *counter) { c.fill(); c.press(fyne.KeyF9) }},
	{"pay-vouchers", func(d *uitest.Desk) { codes(d); separate(d); vouchers(d) }, func(c *counter) { c.fill(); c.press(fyne.KeyF9) }},
	{"pay-voucher", vouchers, func(c *counter) { c.fill(); c.press(fyne.KeyF9, fyne.KeyF6); c.scan("AB-7"); c.keys("50") }},
	{"pay-voucher-no-change", vouchers, func(c *counter) { c.fill(); c.press(fyne.KeyF9, fyne.KeyF6); c.keys("500") }},
	{"pay-voucher-twice", vouchers, func(c *counter) {
		c.desk.TookVoucher("AB-7", txn.Attempt{Amount: money.Amount{Minor: 5000, Currency: "CNY"}, OpenedMs: morning.UnixMilli()})
		c.fill()
		c.press(fyne.KeyF9, fyne.KeyF6)
		c.scan("AB-7")
		c.keys("50")
		c.press(fyne.KeyReturn)
		c.wait("a question", func() bool { _, ok := c.till.top().(*reasonScreen); return ok })
	}},
	{"pay-voucher-taken", vouchers, func(c *counter) {
		c.fill()
		c.press(fyne.KeyF9, fyne.KeyF6)
		c.keys("500")
		c.press(fyne.KeyReturn)
		c.wait("a result", c.onResult)
	}},
	{"pay-split", separate, func(c *counter) { c.fill(); c.press(fyne.KeyF9, fyne.KeyF4); c.keys("30") }},
	{"pay-split-too-much", separate, func(c *counter) { c.fill(); c.press(fyne.KeyF9, fyne.KeyF4); c.keys("300000") }},
	{"pay-part-paid", separate, func(c *counter) { c.fill(); c.press(fyne.KeyF9); c.cardPart("30") }},
	{"pay-part-undo", separate, func(c *counter) { c.fill(); c.press(fyne.KeyF9); c.cardPart("30"); c.press(fyne.KeyEscape) }},
	{"pay-part-undone", separate, func(c *counter) {
		c.fill()
		c.press(fyne.KeyF9)
		c.cardPart("30")
		c.press(fyne.KeyEscape)
		c.till.top().(*askScreen).answer(c.till)
		c.wait("a result", c.onResult)
		c.wait("quiet", func() bool { return !c.till.watching.pending.Load() })
	}},
	{"pay-part-declined", separate, func(c *counter) {
		c.fill()
		c.press(fyne.KeyF9)
		c.cardPart("30")
		c.desk.Change(func(d *uitest.Desk) { d.Card, d.Code = txn.Declined, "51" })
		c.press(fyne.KeyF2)
		c.press(fyne.KeyReturn)
		c.wait("a result", c.onResult)
	}},
	{"unpaid-list", separate, func(c *counter) {
		c.fill()
		c.press(fyne.KeyF9)
		c.cardPart("30")
		c.press(fyne.KeyEscape)
		c.till.top().(*askScreen).close(c.till, c.till.top().(*askScreen).pressThen)
		c.tile(1)
		c.till.openUnknown()
	}},
	{"finishing-part", foundPart, func(*counter) {}},
	{"result-given", nil, func(c *counter) {
		c.give()
		c.wait("a result", c.onResult)
	}},
	{"pay-cash-only", func(d *uitest.Desk) { d.AboutNow.CashOnly = true }, func(c *counter) { c.fill(); c.press(fyne.KeyF9) }},
	{"terminal-ask", separate, func(c *counter) { c.fill(); c.atTerminal() }},
	{"terminal-approved", separate, func(c *counter) { c.fill(); c.atTerminal(); c.keys("y"); c.wait("a result", c.onResult) }},
	{"terminal-declined", separate, func(c *counter) { c.fill(); c.atTerminal(); c.keys("n"); c.wait("a result", c.onResult) }},
	{"terminal-nothing", separate, func(c *counter) { c.fill(); c.atTerminal(); c.press(fyne.KeyEscape); c.wait("a result", c.onResult) }},
	{"terminal-later", separate, func(c *counter) {
		c.fill()
		c.atTerminal()
		c.press(fyne.KeyEscape)
		c.wait("a result", c.onResult)
		c.press(fyne.KeyReturn)
		c.till.openUnknown()
		c.till.openEntry(present.Entry{Attempt: c.till.unknown()[0].Attempt, Bill: c.till.unknown()[0].Bill})
		c.drain()
	}},
	{"pay-card-terminal", cardTerminal, func(c *counter) { c.fill(); c.press(fyne.KeyF9, fyne.KeyF2) }},
	{"result-terminal-undone", func(d *uitest.Desk) { cardTerminal(d); d.Gate, d.Card = nil, txn.Voided }, func(c *counter) {
		c.fill()
		c.press(fyne.KeyF9, fyne.KeyF2)
		c.wait("a result", c.onResult)
	}},
	{"result-terminal-awaits", func(d *uitest.Desk) { cardTerminal(d); d.Gate, d.Awaits = nil, true }, func(c *counter) {
		c.fill()
		c.press(fyne.KeyF9, fyne.KeyF2)
		c.wait("a result", c.onResult)
	}},
	{"pay-codes", func(d *uitest.Desk) { codes(d); separate(d) }, func(c *counter) { c.fill(); c.press(fyne.KeyF9) }},
	{"pay-code", codes, func(c *counter) { c.fill(); c.press(fyne.KeyF9, fyne.KeyF3) }},
	{"pay-test-code", testCodes, func(c *counter) { c.fill(); c.press(fyne.KeyF9, fyne.KeyF3) }},
	{"pay-code-or-item", codes, func(c *counter) {
		c.till.catalog = alsoSells{c.till.catalog, demoItems(c.t)[1]}
		c.fill()
		c.press(fyne.KeyF9)
		c.scan(shownCode)
	}},
	{"pay-code-typing", func(d *uitest.Desk) { codes(d); d.Typing, d.Gate = true, make(chan struct{}) }, func(c *counter) { c.fill(); c.showCode() }},
	{"result-code-approved", codes, func(c *counter) { c.fill(); c.press(fyne.KeyF9); c.scan(shownCode); c.wait("a result", c.onResult) }},
	{"result-code-declined", func(d *uitest.Desk) { codes(d); d.Card, d.Code = txn.Declined, "NOT_ENOUGH" }, func(c *counter) { c.fill(); c.press(fyne.KeyF9); c.scan(shownCode); c.wait("a result", c.onResult) }},
	{"result-code-unknown", func(d *uitest.Desk) { codes(d); d.Card, d.Reason = txn.Reversing, txn.NoAnswer }, func(c *counter) { c.fill(); c.press(fyne.KeyF9); c.scan(shownCode); c.wait("a result", c.onResult) }},
	{"keys-codes", codes, func(c *counter) { c.fill(); c.press(fyne.KeyF9, fyne.KeyF1) }},
	{"pay-cash", nil, func(c *counter) { c.fill(); c.press(fyne.KeyF9); c.keys("150") }},
	{"pay-cash-short", nil, func(c *counter) { c.fill(); c.press(fyne.KeyF9); c.keys("15"); c.press(fyne.KeyEnter) }},
	{"pay-card-choose", nil, func(c *counter) {
		c.fill()
		c.press(fyne.KeyF9, fyne.KeyF2)
		c.wait("the reader", func() bool { return c.desk.Asked("card") == 1 })
	}},
	{"pay-card-bank", func(d *uitest.Desk) { d.Gate = make(chan struct{}) }, func(c *counter) { c.fill(); c.sending() }},
	{"pay-card-escape", func(d *uitest.Desk) { d.Gate = make(chan struct{}) }, func(c *counter) { c.fill(); c.sending(); c.press(fyne.KeyEscape) }},
	{"result-approved", nil, func(c *counter) { c.fill(); c.card() }},
	{"result-approved-no-paper", func(d *uitest.Desk) { d.Paper, d.Virtual = txn.NotPrinted, true }, func(c *counter) { c.fill(); c.card() }},
	{"result-cash", nil, func(c *counter) {
		c.fill()
		c.press(fyne.KeyF9)
		c.keys("150")
		c.press(fyne.KeyEnter)
		c.wait("a result", c.onResult)
		c.wait("quiet", func() bool { return !c.till.watching.pending.Load() })
	}},
	{"result-declined", func(d *uitest.Desk) { d.Card, d.Code = txn.Declined, "51" }, func(c *counter) { c.fill(); c.card() }},
	{"result-unknown", unknownCard, func(c *counter) { c.fill(); c.card() }},
	{"result-refused", func(d *uitest.Desk) { d.Card, d.Code = "", "chip card swiped" }, func(c *counter) { c.fill(); c.card() }},
	{"sell-one-unknown", unknownCard, func(c *counter) { c.fill(); c.card(); c.press(fyne.KeyEnter); c.tile(1) }},
	{"sell-change", nil, func(c *counter) {
		c.fill()
		c.press(fyne.KeyF9)
		c.keys("150")
		c.press(fyne.KeyEnter)
		c.wait("a result", c.onResult)
		c.press(fyne.KeyEnter)
	}},
	{"finishing", found, func(*counter) {}},
	{"device-printer", nil, func(c *counter) {
		c.fill()
		c.card()
		c.press(fyne.KeyEnter)
		c.till.openDevice(present.Printer)
		_ = c.desk.Fault("paper out")
		c.pass(4 * time.Second)
		c.wait("the fault", func() bool { c.till.changed(); return c.till.strip.health.icon == present.Warning })
	}},
	{"device-bank", nil, func(c *counter) {
		c.till.openDevice(present.Bank)
		d := c.till.top().(*deviceScreen)
		d.runTest(c.till)
		c.wait("the test", func() bool { return !d.running })
	}},
	{"devices", plugged, func(c *counter) { c.devices(); c.press(fyne.KeyDown) }},
	{"devices-denied", plugged, func(c *counter) { c.devices(); c.press(fyne.KeyDown, fyne.KeyDown, fyne.KeyDown) }},
	{"devices-none", nil, func(c *counter) { c.devices() }},
	{"devices-swiped", plugged, func(c *counter) {
		c.devices()
		c.press(fyne.KeyF8)
		c.wait("the reader", func() bool { return c.desk.Asked("try swipe") == 1 })
		_ = c.desk.PresentCard("1")
		c.wait("the card", func() bool { return c.till.top().(*devicesScreen).running == nil })
	}},
	{"day", busyDay, func(c *counter) { c.day() }},
	{"day-update", offered, func(c *counter) { c.day() }},
	{"day-update-ask", offered, func(c *counter) { c.day(); c.till.top().(*dayScreen).pressUpdate(c.till) }},
	{"day-update-back", wentBack, func(c *counter) { c.day() }},
	{"sell-update-back", wentBack, func(*counter) {}},
	{"update", func(d *uitest.Desk) { offered(d); d.Gate = make(chan struct{}) }, func(c *counter) {
		c.day()
		c.till.top().(*dayScreen).installUpdate(c.till)
		c.wait("the backup", func() bool { return c.desk.Asked("update") == 1 })
	}},
	{"day-payments", busyDay, func(c *counter) {
		c.tile(1)
		c.card()
		c.press(fyne.KeyEnter)
		c.tile(1)
		c.press(fyne.KeyF9, fyne.KeyEnter)
		c.wait("cash", c.onResult)
		c.press(fyne.KeyEnter)
		c.day()
		c.till.top().(*dayScreen).tab = payments
		c.till.show()
	}},
	{"day-earlier", busyDay, func(c *counter) { c.day(); c.till.top().(*dayScreen).tab = earlier; c.till.show() }},
	{"day-close", busyDay, func(c *counter) { c.day(); c.till.top().(*dayScreen).askZ(c.till, func() {}) }},
	{"day-payment", busyDay, func(c *counter) {
		c.fill()
		c.card()
		c.press(fyne.KeyEnter)
		c.day()
		c.till.openEntry(c.till.top().(*dayScreen).entries[0])
	}},
	{"keys", nil, func(c *counter) { c.press(fyne.KeyF1) }},
	{"recall", nil, func(c *counter) {
		c.fill()
		c.press(fyne.KeyF4)
		c.wait("parked", func() bool { return c.desk.Asked("park") == 1 })
		c.chord(fyne.KeyF4)
		c.wait("the list", func() bool { return len(c.till.top().(*recallScreen).parked) == 1 })
	}},
	{"menu", nil, func(c *counter) { c.fill(); c.chord(fyne.KeyM) }},
	{"receipts-page", func(d *uitest.Desk) { d.AboutNow.Signed = true }, func(c *counter) {
		c.till.makeReceiptPage()
		c.wait("the page", func() bool { return c.till.sell.Note.Key != "" })
	}},
	{"lock", nil, func(c *counter) { c.fill(); c.chord(fyne.KeyL) }},
	{"close-busy", func(d *uitest.Desk) { d.Gate = make(chan struct{}) }, func(c *counter) { c.fill(); c.sending(); c.till.askClose() }},
}

// TestPictures renders the scenes to PNG when VERATILL_PICTURES names a directory;
// VERATILL_SCENE picks one. They are for looking at, not for comparing.
func TestPictures(t *testing.T) {
	dir := os.Getenv("VERATILL_PICTURES")
	if dir == "" {
		t.Skip("VERATILL_PICTURES names no directory")
	}
	percent := 100
	if os.Getenv("VERATILL_PERCENT") != "" {
		_, _ = fmt.Sscan(os.Getenv("VERATILL_PERCENT"), &percent)
	}
	w, h := float32(1366), float32(768)
	if os.Getenv("VERATILL_SIZE") != "" {
		_, _ = fmt.Sscanf(os.Getenv("VERATILL_SIZE"), "%gx%g", &w, &h)
	}
	for _, s := range append([]scene{{"parts", nil, func(c *counter) { c.till.open(&specimen{}); c.drain() }}}, scenes...) {
		if only := os.Getenv("VERATILL_SCENE"); only != "" && only != s.name {
			continue
		}
		for _, language := range []string{"zh", "en"} {
			for _, theme := range themes {
				if only := os.Getenv("VERATILL_LOOK"); only != "" && only != language+"-"+theme {
					continue
				}
				c := open(t, language, theme, fyne.NewSize(w, h), percent, s.set)
				s.walk(c)
				name := fmt.Sprintf("%s-%s-%s-%gx%g-%d.png", s.name, language, theme, w, h, percent)
				file, err := os.Create(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				if err := png.Encode(file, c.till.Window().Canvas().Capture()); err != nil {
					t.Fatal(err)
				}
				_ = file.Close()
			}
		}
	}
}
