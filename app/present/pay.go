package present

import (
	"cmp"
	"strings"
	"time"

	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// PayMode is what the pay screen is doing.
type PayMode int

// The modes of the pay screen. While it is choosing, what is typed or tapped is cash that was received.
const (
	Choosing   PayMode = iota
	TakingCard         // a card payment is under way
	Settling           // cash is being recorded
)

// Pay is the screen on which a frozen sale is paid, at once or in parts.
type Pay struct {
	Sale     sale.Sale
	Bill     txn.Bill // of the sale, once a part of it was begun; SaleID 0 before
	Split    bool     // the pad says how much the next card or terminal payment takes
	NoTender bool     // after a payment that did not come about: nothing is chosen, and Enter takes nothing
	Voucher  bool     // a voucher is taken: the pad says what it is worth
	Number   string   // of the voucher, as it was scanned; empty is none
	Code     bool     // a payment code is waited for: Enter takes nothing
	Mode     PayMode
	Pad      string // what was received, as typed; empty is exact. While Split, the part; empty is none yet
	Tapped   bool   // Pad was tapped together: the next figure begins anew
	Exact    bool   // the key for exact cash was pressed: pressed again it takes it
	Progress Progress
	Began    time.Time // when the card payment began
	Moving   int64     // what the payment under way takes, in minor units; 0 before one
	Undoing  bool      // the cashier asked to undo it
	Card     int       // marked test card
}

// NewPay opens the screen for a sale.
func NewPay(s sale.Sale) *Pay { return &Pay{Sale: s} }

// ContinuePay opens it for a sale that was begun before.
func ContinuePay(s sale.Sale, b txn.Bill) *Pay {
	s.ID = b.SaleID
	return &Pay{Sale: s, Bill: b}
}

// DueMinor is what is still to be paid of the sale.
func (p *Pay) DueMinor() int64 {
	if p.Bill.SaleID == 0 {
		return p.Sale.TotalMinor - p.Sale.CreditMinor()
	}
	return p.Bill.Rest().Minor
}

// Held reports whether parts of the sale are taken: then it is finished or undone, and never just left.
func (p *Pay) Held() bool { return p.Bill.State == txn.BillPartPaid }

// Taken takes a part that stands, and goes back to the choice of tenders for the rest.
func (p *Pay) Taken(b txn.Bill) {
	*p = Pay{Sale: p.Sale, Bill: b}
	p.Sale.ID = b.SaleID
}

// ToggleSplit begins to type a part, or ends it.
func (p *Pay) ToggleSplit() {
	if !p.Busy() {
		p.Split, p.Voucher, p.Number = !p.Split, false, ""
		p.put("", false)
	}
}

// ChooseCash goes back to cash from whatever was chosen.
func (p *Pay) ChooseCash() {
	if p.Split || p.Voucher {
		p.put("", false)
	}
	p.Split, p.NoTender, p.Exact, p.Code, p.Voucher, p.Number = false, false, false, false, false, ""
}

// ChooseVoucher begins to type what a voucher is worth; chosen again it goes back to cash.
func (p *Pay) ChooseVoucher() {
	chosen := p.Voucher
	p.ChooseCash()
	p.put("", false)
	p.Voucher = !chosen
}

// Worth is what the voucher is worth, as it was typed; ok is false where nothing is.
func (p *Pay) Worth() (minor int64, ok bool) {
	if p.Pad == "" {
		return 0, false
	}
	minor = p.Received()
	return minor, minor > 0
}

// Begin is called where a payment of a part begins, 0 for all that is left: what was being chosen is over.
func (p *Pay) Begin(m PayMode, partMinor int64) {
	p.Mode, p.Voucher, p.Number, p.Undoing, p.Moving = m, false, "", false, cmp.Or(partMinor, p.DueMinor())
}

// MovingMinor is what the payment under way takes, or what goes back by it.
func (p *Pay) MovingMinor() int64 { return cmp.Or(p.Moving, p.Sale.TotalMinor) }

// ChooseCode waits for a payment code, for all that is left or the part on the pad; pressed again it does not.
func (p *Pay) ChooseCode() {
	p.Code, p.Exact, p.NoTender, p.Voucher, p.Number = !p.Code, false, false, false, ""
	if !p.Split {
		p.put("", false)
	}
}

// AskExact chooses exact cash, and reports whether it had been chosen so already: then it is taken.
func (p *Pay) AskExact() (again bool) {
	again = p.Exact
	p.ChooseCash()
	p.put("", false)
	p.Exact = true
	return again
}

// put sets the pad. Whatever changes it takes back that exact cash was asked for.
func (p *Pay) put(pad string, tapped bool) { p.Pad, p.Tapped, p.Exact = pad, tapped, false }

// PartMinor is what the next card or terminal payment takes: 0 is all that is left. ok is false where the pad says nothing,
// or more than is left.
func (p *Pay) PartMinor() (minor int64, ok bool) {
	if !p.Split {
		return 0, true
	}
	if p.Pad == "" {
		return 0, false
	}
	minor = p.Received()
	return minor, minor > 0 && minor <= p.DueMinor()
}

// Busy reports whether money may be moving: nothing else is allowed then.
func (p *Pay) Busy() bool { return p.Mode == TakingCard || p.Mode == Settling }

// Sent reports whether the request may have left: the amount is locked, and
// leaving means asking the bank to undo.
func (p *Pay) Sent() bool { return p.Mode == TakingCard && p.Progress.Step >= Saving }

// Type puts a digit or the point on the pad, and reports whether that is an amount still; if not, nothing changes. What was
// tapped together is not gone on with.
func (p *Pay) Type(text string) bool {
	next := p.Pad + text
	//mutant:figures-after-a-tap-begin-anew
	if p.Tapped {
		next = text
	}
	if strings.HasPrefix(next, ".") {
		next = "0" + next
	}
	if _, err := money.Parse(strings.TrimSuffix(next, "."), p.Sale.Currency); err != nil || strings.Count(next, ".") > 1 {
		return false
	}
	if strings.Contains(next, ".") && p.Sale.Currency.Digits() == 0 {
		return false
	}
	p.put(next, false)
	p.NoTender, p.Code = false, p.Code && p.Split // figures are cash, or the part
	return true
}

// Erase takes the last character off.
func (p *Pay) Erase() {
	if p.Pad != "" {
		p.put(p.Pad[:len(p.Pad)-1], false)
	}
}

// Received is what the customer handed over, in minor units; an empty pad is the exact sum.
func (p *Pay) Received() int64 {
	if p.Pad == "" {
		return p.DueMinor()
	}
	amount, err := money.Parse(strings.TrimSuffix(p.Pad, "."), p.Sale.Currency)
	if err != nil {
		return 0
	}
	return amount.Minor
}

// Set puts a sum on the pad in place of what was there, and cash is chosen, but where it is a voucher's worth.
func (p *Pay) Set(minor int64) {
	if !p.Voucher {
		p.ChooseCash()
	}
	p.put(money.Amount{Minor: minor, Currency: p.Sale.Currency}.Figure(), true)
}

// Add puts a banknote to what is on the pad. It reports false where that would be more than the till can count.
func (p *Pay) Add(minor int64) bool {
	sum := minor
	if p.Pad != "" && !p.Split {
		sum += p.Received()
	}
	if sum > money.MaxMinor {
		return false
	}
	p.Set(sum)
	return true
}

// Change is what goes back, and false while too little was received.
func (p *Pay) Change() (int64, bool) {
	change := p.Received() - p.DueMinor()
	return change, change >= 0
}

// Legal reports whether cash can be taken now.
func (p *Pay) Legal() bool {
	_, enough := p.Change()
	//mutant:no-tender-takes-nothing
	if p.NoTender || p.Code || p.Voucher {
		return false
	}
	return p.Mode == Choosing && enough && !p.Split
}

// Implausible reports whether more was received than a person would hand over: more than is due and the largest banknote with it. In
// a currency whose notes are not known it is ten times what is due.
func (p *Pay) Implausible() bool {
	most := 9 * p.DueMinor()
	if notes := Banknotes(p.Sale.Currency); len(notes) > 0 {
		most = notes[len(notes)-1].Minor
	}
	return p.Received()-p.DueMinor() > most
}

// QuickCash lists at most limit sums that a customer is likely to hand over, the
// small first: the total rounded up to each note. None is below due, and the
// exact sum is not among them, since it has its own key.
func QuickCash(dueMinor int64, c money.Currency, limit int) []int64 {
	var sums []int64
	for _, note := range Banknotes(c) {
		up, err := money.Add(dueMinor, note.Minor-1)
		if err != nil {
			break
		}
		up -= up % note.Minor
		if up == dueMinor || up > money.MaxMinor || (len(sums) > 0 && sums[len(sums)-1] >= up) {
			continue
		}
		if len(sums) == limit {
			break
		}
		sums = append(sums, up)
	}
	return sums
}

// Parts says what of a sale is taken, part by part, and what is left.
func (w *Words) Parts(b txn.Bill) Message {
	var parts []string
	for _, p := range b.Standing() {
		parts = append(parts, w.Text("tender."+string(p.Tender))+" "+Money(p.AmountMinor, b.Total.Currency))
	}
	return Message{Tone: Warning, What: w.Taken(b), Charged: strings.Join(parts, " · "),
		Next: w.Text("sale.rest", "rest", Money(b.Rest().Minor, b.Total.Currency))}
}

// StepRow is one of the four steps of a card payment as the screen shows it.
type StepRow struct {
	Tone Tone // Good when done, Waiting now, Muted later
	Text string
	Time string // when it was done, or the seconds that run
}

// Steps are the four rows of a running card payment or void.
func (w *Words) Steps(p Progress, began, now time.Time) []StepRow {
	rows := make([]StepRow, 0, 4)
	names := []string{"card", "saved", "bank", "paper"}
	switch {
	case p.Code:
		names[0], names[2] = "code", "provider"
	case p.Terminal:
		names[0], names[2] = "amount", "terminal"
	}
	for i, key := range names {
		step := Step(i)
		row := StepRow{Tone: Muted, Text: w.Text("step." + key + ".later")}
		switch {
		case p.Step > step:
			row = StepRow{Tone: Good, Text: w.Text("step." + key + ".done")}
		case p.Step == step:
			row = StepRow{Tone: Waiting, Text: w.Text("step." + key + ".now"), Time: w.running(p, began, now)}
		}
		rows = append(rows, row)
	}
	return rows
}

// running is the seconds of the present step, with the limit where there is one.
func (w *Words) running(p Progress, began, now time.Time) string {
	from := p.At
	if from.IsZero() {
		from = began
	}
	elapsed := seconds(now.Sub(from))
	if p.Deadline.IsZero() {
		return w.Text("step.seconds", "n", elapsed)
	}
	return w.Text("step.seconds-of", "n", elapsed, "limit", seconds(p.Deadline.Sub(from)))
}

// WhoActs says who has to do something now.
func (w *Words) WhoActs(p Progress, undoing bool) string {
	switch {
	case undoing && p.Code:
		return w.Text("step.undoing-code")
	case undoing && p.Terminal:
		return w.Text("step.undoing-terminal")
	case p.Terminal && len(p.Shown) > 0:
		return w.Text("step.terminal-shows", "text", strings.Join(p.Shown, " · "))
	case p.Terminal && p.Step == Sending:
		return w.Text("step.customer-at-terminal")
	case undoing:
		return w.Text("step.undoing")
	case p.Typing:
		return w.Text("step.customer-types")
	case p.Step == Presenting:
		return w.Text("step.customer-acts")
	}
	return w.Text("step.nobody-acts")
}

// What may be offered of an attempt is asked of the machine (txn.Allowed): a screen decides none of it.

// MayVoid reports whether a payment of the open batch may be voided. While another part of its sale is not known it may not.
func MayVoid(m txn.Matter, openBatch int64) bool {
	return txn.Allowed(m.Attempt, txn.VoidApproved) && m.Attempt.Tender != txn.Exchange && m.Attempt.Batch == openBatch && !m.Bill.Waits() && !m.Bill.Doubts(m.Attempt.ID) &&
		m.Bill.BackOf(m.Attempt.ID) == txn.Back{LeftMinor: m.Attempt.Amount.Minor}
}

// MayResolve reports whether only evidence ends an attempt, or may have to: an approval whose terminal is gone keeps the day open. Another one that is
// still asked for is left to the bank for as long as the window stands.
func MayResolve(a txn.Attempt) bool {
	return (a.State == txn.Unresolved || a.AwaitsLine()) && txn.Allowed(a, txn.Resolved)
}

// MayReprint reports whether a receipt, or its marked copy, can be printed.
func MayReprint(m txn.Matter) bool {
	_, ok := txn.NextPaper(m)
	return ok
}

// PaperWord is the words' key of what a print would be: the one unmarked receipt, a marked copy, or a part's slip.
func PaperWord(m txn.Matter) string {
	switch kind, _ := txn.NextPaper(m); kind {
	case txn.PrintBegun:
		return "result.print-first"
	case txn.SlipBegun:
		return "result.print-slip"
	}
	return "result.print-copy"
}

// MayNote reports whether a slip that says NOT A RECEIPT can be printed.
func MayNote(a txn.Attempt) bool { return txn.Allowed(a, txn.NoteBegun) }
