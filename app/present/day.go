package present

import (
	"slices"
	"strconv"
	"time"

	"veratill/txn"
	"veratill/txn/money"
)

// Fact is a label with its value.
type Fact struct{ Label, Value string }

// Table is a heading with rows of name, count and amount.
type Table struct {
	Heading string
	Rows    [][3]string
}

// DayTables are the day's sums as tables, in the order of the screen.
func (w *Words) DayTables(d Day, c money.Currency) []Table {
	named := func(heading, prefix string, list []Named) Table {
		t := Table{Heading: w.Text(heading)}
		for _, n := range list {
			name := n.Name
			if prefix != "" {
				name = w.Closed(prefix, n.Name)
			}
			t.Rows = append(t.Rows, [3]string{name, strconv.FormatInt(n.Count, 10), Figure(n.AmountMinor, c)})
		}
		return t
	}
	tables := []Table{named("day.by-tender", "tender.", d.ByTender)}
	if len(d.RefundsByTender) > 0 {
		tables = append(tables, named("day.refunds-by-tender", "tender.", d.RefundsByTender))
	}
	if len(d.NotProven) > 0 {
		tables = append(tables, named("day.not-proven", "kind.", d.NotProven))
	}
	if len(d.Vouchers) > 0 {
		tables = append(tables, named("day.vouchers", "kind.", d.Vouchers))
	}
	if len(d.Fees) > 0 {
		tables = append(tables, named("day.fees", "", d.Fees))
	}
	return append(tables, named("day.by-type", "kind.", d.ByType), named("day.by-cashier", "", w.cashiers(d.ByCashier)))
}

// cashiers are the rows of the cashiers: what each sold, and then what each voided.
func (w *Words) cashiers(all []Cashier) (rows []Named) {
	for _, one := range all {
		rows = append(rows, Named{Name: one.Name, Tally: one.Sales})
		//mutant:cashiers-voids-are-shown
		if one.Voids.Count > 0 {
			rows = append(rows, Named{Name: joined(one.Name, w.Closed("kind.", string(txn.Void))), Tally: one.Voids})
		}
		if one.Refunds.Count > 0 {
			rows = append(rows, Named{Name: joined(one.Name, w.Closed("kind.", string(txn.Refund))), Tally: one.Refunds})
		}
	}
	return rows
}

// DayFacts are the day's head: counts, sums, and what never resets.
func (w *Words) DayFacts(d Day, c money.Currency) []Fact {
	tally := func(t Tally) string {
		return w.Text("day.tally", "n", strconv.FormatInt(t.Count, 10), "amount", Money(t.AmountMinor, c))
	}
	sales := func(t Tally) string {
		return w.Counted("day.tally-sales", int(t.Count), "amount", Money(t.AmountMinor, c))
	}
	facts := []Fact{
		{w.Text("day.first"), whenOf(w, d.Opened)},
		{w.Text("day.closed"), whenOf(w, d.Closed)},
		{w.Text("day.sales"), sales(d.Sales)},
		{w.Text("day.given"), nonZero(d.Given)},
		{w.Text("day.voids"), tally(d.Voids)},
		{w.Text("day.refunds"), nonZeroTally(d.Refunds, tally)},
		{w.Text("day.with-word"), nonZeroMoney(d.NetMinor, d.ByWordMinor, c)},
		{w.Text("day.other-way"), nonZeroTally(d.OtherWay, tally)},
		{w.Text("day.no-receipt"), nonZeroTally(d.NoReceipt, tally)},
		{w.Text("day.refunds-unknown"), nonZeroTally(d.RefundsUnknown, tally)},
		{w.Text("day.open"), strconv.Itoa(len(d.Open))},
		{w.Text("day.unresolved"), nonZero(int64(len(d.Unresolved)))},
		{w.Text("day.kept"), nonZeroTally(d.Kept, tally)},
		{w.Text("day.unpaid"), nonZero(int64(len(d.Unpaid)))},
		{w.Text("day.unpapered"), strconv.Itoa(len(d.Unpapered))},
		{w.Text("day.reversals"), strconv.Itoa(len(d.Reversals))},
		{w.Text("day.grand"), sales(d.Grand)},
	}
	for _, s := range d.Settlements {
		facts = append(facts, Fact{joined(w.Text("closing.settlement"), strconv.FormatInt(s.Batch, 10)), w.Text("settled." + s.State)})
	}
	return slices.DeleteFunc(facts, func(f Fact) bool { return f.Value == "" })
}

// nonZeroMoney is a sum with what is not proven; empty where there is none of that.
func nonZeroMoney(netMinor, byWordMinor int64, c money.Currency) string {
	if byWordMinor == 0 {
		return ""
	}
	return Money(netMinor+byWordMinor, c)
}

func nonZeroTally(t Tally, say func(Tally) string) string {
	if t.Count == 0 {
		return ""
	}
	return say(t)
}

func whenOf(w *Words, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return w.moment(at.UnixMilli())
}

// demoMark is what is said of whatever was a demonstration, also after the till is none any more.
func (w *Words) demoMark(demo bool) string {
	if !demo {
		return ""
	}
	return w.Text("demo.mark")
}

// nonZero is a figure that is shown only where there is one.
func nonZero(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// Attention are the sales and payments of a day that a person should look at: what is paid in part first, then what is not known yet, what has no paper, and
// last what was reversed. Only that last one is over, and leaves the list: once its page was opened as it stands, or where another payment has paid
// its sale. seen says of which payments the page was opened.
func (d Day) Attention(seen func(txn.Attempt) bool) []Entry {
	list := slices.Concat(d.Unpaid, d.Open, d.Unresolved, d.Unpapered)
	for _, e := range d.Reversals {
		if !e.Attempt.Open() && asksForALook(e, seen) { // those that are open stand above
			list = append(list, e)
		}
	}
	return list
}

// asksForALook reports whether a payment that was reversed still asks for a look: nobody has seen it, and its goods may have left the shop without
// being paid, its line could not send, or said something else afterwards.
func asksForALook(e Entry, seen func(txn.Attempt) bool) bool {
	a := e.Attempt
	switch {
	//mutant:only-what-is-over-leaves-the-list
	case a.State != txn.Reversed:
		return true
	case seen(a):
		return false
	}
	//mutant:what-was-paid-in-the-end-asks-for-no-look
	return !e.Bill.WasPaid() || a.Unsent != "" || a.Late != (txn.Answer{})
}

// AfterZ says of an open day without a sale that the day before it was closed today; empty where that is not so. closed are the closed days, the
// newest first.
func AfterZ(open Day, closed []Day, now time.Time) Note {
	if open.Z != 0 || !open.Opened.IsZero() || len(closed) == 0 || closed[0].Closed.IsZero() {
		return Note{}
	}
	last := closed[0]
	//mutant:after-a-z-the-page-says-so
	if last.Closed.Format(time.DateOnly) != now.Format(time.DateOnly) && !last.Date.Equal(open.Date) {
		return Note{}
	}
	return Note{Tone: Plain, Key: "day.after-z", Pairs: []string{"time", minute(last.Closed), "z", strconv.FormatInt(last.Z, 10)}}
}

// DayTitle names a day: "Business day 22 Nov, batch 3", or its Z once it is closed.
func (w *Words) DayTitle(d Day) string {
	return joined(w.dayTitle(d), w.demoMark(d.Demo))
}

func (w *Words) dayTitle(d Day) string {
	switch z := strconv.FormatInt(d.Z, 10); {
	case d.OfDate > 1:
		return w.Text("day.title-again", "z", z, "date", w.Date(d.Date), "n", strconv.FormatInt(d.OfDate, 10))
	case d.Z > 0:
		return w.Text("day.title-z", "z", z, "date", w.Date(d.Date))
	}
	return w.Text("day.title", "date", w.Date(d.Date), "batch", strconv.FormatInt(d.Batch, 10))
}

// EntryRow is a row of the day's list.
type EntryRow struct {
	Tone   Tone
	Time   string
	Title  string
	State  string
	Amount string
	Small  string
}

// Entry puts an attempt into a row of the list.
func (w *Words) Entry(m txn.Matter) EntryRow {
	a, sign := m.Attempt, ""
	if a.Kind.GivesBack() {
		sign = "−"
	}
	if a.ID == 0 {
		b := m.Bill
		return EntryRow{Tone: toneOfBill(b.State), Time: minute(time.UnixMilli(b.OpenedMs)), Title: w.Title(m), State: joined(w.Text("bill."+slug(string(b.State))), w.demoMark(m.Demo())),
			Amount: Figure(0, b.Total.Currency), Small: w.Text("sale.number", "n", strconv.FormatInt(b.SaleID, 10))}
	}
	state := joined(w.stateOf(a.Kind, a.Tender, a.State), w.backMark(m))
	return EntryRow{Tone: toneOf(a.State), Time: minute(time.UnixMilli(a.OpenedMs)), Title: w.Title(m),
		State: joined(state, w.demoMark(m.Demo())), Amount: sign + Figure(a.Amount.Minor, a.Amount.Currency),
		Small: joined(w.stan(a.ID), a.Card.Masked)}
}

// backMark is what refunds gave back of a payment, or may have; empty where there are none.
func (w *Words) backMark(m txn.Matter) string {
	back := m.Bill.BackOf(m.Attempt.ID)
	switch {
	case m.Attempt.Kind != txn.Sale || back.RefundedMinor+back.UnknownMinor == 0 || m.Attempt.State == txn.Voided:
		return ""
	case back.UnknownMinor > 0:
		return w.Text("refund.row-unknown")
	}
	return w.Text("refund.row", "amount", Figure(back.RefundedMinor, m.Bill.Total.Currency))
}

// Facts are all that is known of an attempt and of its sale, for its page.
func (w *Words) Facts(m txn.Matter) []Fact {
	facts := append([]Fact{{w.Text("fact.demo"), w.demoMark(m.Demo())}}, w.attemptFacts(m)...)
	facts = append(facts, w.saleFacts(m.Bill)...)
	known := facts[:0]
	for _, fact := range facts {
		if fact.Value != "" {
			known = append(known, fact)
		}
	}
	return known
}

// saleFacts are those of a sale with several parts, or none: what it comes to, and each part of it.
func (w *Words) saleFacts(b txn.Bill) []Fact {
	if b.SaleID == 0 || len(b.Parts) == 1 && b.State != txn.BillPartPaid {
		return nil
	}
	facts := []Fact{{w.Text("fact.sale"), joined(strconv.FormatInt(b.SaleID, 10), w.Text("bill."+slug(string(b.State))))},
		{w.Text("fact.total"), Money(b.Total.Minor, b.Total.Currency)}}
	for _, p := range b.Parts {
		if p.Kind == txn.Refund && p.State == txn.Unresolved {
			facts = append(facts, Fact{w.Text("title." + string(p.Tender) + "-refund"), joined(Money(p.AmountMinor, b.Total.Currency), w.Text("refund.not-known"))})
			continue
		}
		facts = append(facts, Fact{w.Text("title." + string(p.Tender) + "-" + string(p.Kind)),
			joined(Money(p.AmountMinor, b.Total.Currency), w.stateOf(p.Kind, p.Tender, p.State))})
	}
	return facts
}

// stateOf is the word for a state. Cash is not approved by anybody: it is received.
func (w *Words) stateOf(kind txn.Kind, tender txn.Tender, s txn.State) string {
	if kind == txn.Sale && tender == txn.Cash && s == txn.Approved {
		return w.Text("state.received")
	}
	return w.Text("state." + string(s))
}

func (w *Words) attemptFacts(m txn.Matter) []Fact {
	a := m.Attempt
	if a.ID == 0 {
		return []Fact{{w.Text("fact.paper"), w.Text("paper." + slug(string(m.Paper())))}, {w.Text("fact.cashier"), m.Bill.Cashier}, {w.Text("fact.opened"), w.moment(m.Bill.OpenedMs)}}
	}
	bank, late := a.Answer.Shown(), a.Late.Shown()
	facts := []Fact{
		{w.Text("fact.state"), w.stateOf(a.Kind, a.Tender, a.State)},
		{w.Text("fact.paper"), w.Text("paper." + slug(string(m.Paper())))},
		{w.Text("fact.number"), a.Trace()},
		{w.Text("fact.rrn"), bank.RRN},
		{w.Text("fact.approval"), bank.ApprovalCode},
		{w.Text("fact.response"), bank.ResponseCode},
		{w.Text("fact.words"), a.Answer.Words},
		{w.Text("fact.card"), joinedBy(" ", w.Scheme(a.Card.Scheme), a.Card.Masked)},
		{w.Text("fact.cashier"), a.Cashier},
		{w.Text("fact.terminal"), a.Terminal},
		{w.Text("fact.opened"), w.moment(a.OpenedMs)},
		{w.Text("fact.ended"), w.moment(a.EndedMs)},
	}
	if a.Reason != txn.NoReason {
		facts = append(facts, Fact{w.Text("fact.reason"), w.why(a)}, Fact{w.Text("fact.tries"), strconv.Itoa(a.Tries)})
	}
	if a.Late != (txn.Answer{}) {
		facts = append(facts, Fact{w.Text("fact.late"), joined(late.ResponseCode, late.RRN)})
	}
	if a.Refused != "" {
		facts = append(facts, Fact{w.Text("fact.refused"), a.Refused})
	}
	if e := a.Evidence; e.As != "" {
		facts = append(facts, Fact{w.Text("fact.evidence"), joined(w.Text("finding."+string(e.As)), joined(e.Who, e.Document))})
	}
	if a.Unsent != "" {
		facts = append(facts, Fact{w.Text("fact.unsent"), a.Unsent})
	}
	if a.Original != 0 {
		facts = append(facts, Fact{w.Text("fact.original"), a.Original.String()})
	}
	if a.VoidedBy != 0 {
		facts = append(facts, Fact{w.Text("fact.voided-by"), a.VoidedBy.String()})
	}
	if a.Tender == txn.Cash && a.Kind == txn.Sale {
		facts = append(facts, Fact{w.Text("pay.received"), Money(a.ReceivedMinor, a.Amount.Currency)},
			Fact{w.Text("pay.change"), Money(a.ChangeMinor, a.Amount.Currency)})
	}
	if a.Tender == txn.Voucher && a.Kind == txn.Sale {
		facts = append(facts, Fact{w.Text("pay.worth"), Money(a.ReceivedMinor, a.Amount.Currency)})
	}
	return facts
}

func (w *Words) moment(ms int64) string {
	if ms == 0 {
		return ""
	}
	t := time.UnixMilli(ms)
	return w.Date(t) + " " + clock(t)
}

// CopyText is what the copy button puts on the clipboard: the facts, one a line.
func CopyText(facts []Fact) string {
	text := ""
	for _, fact := range facts {
		text += fact.Label + ": " + fact.Value + "\n"
	}
	return text
}

// Strip is the left end of the status strip in two lines: whose shop it is, and who sells since when.
func (w *Words) Strip(a About, now time.Time) (first, second string) {
	if first = w.Shop(a); a.TillNumber > 0 {
		first = joined(first, w.Text("strip.till", "n", strconv.Itoa(a.TillNumber)))
	}
	return first, joined(a.Cashier, w.Text("strip.day", "date", w.Date(a.Day), "time", minute(now)))
}

// stan is the number that an attempt has at its bank, named in the window's language.
func (w *Words) stan(id txn.ID) string {
	return w.Text("small.stan", "n", strconv.FormatInt(id.STAN(), 10))
}

// Shop is what the shop is called in the window's language.
func (w *Words) Shop(a About) string {
	if w.Language() == "en" && a.MerchantEN != "" {
		return a.MerchantEN
	}
	return a.Merchant
}
