package print

import (
	"encoding/json"
	"fmt"

	"veratill/escpos"
	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/report"
	"veratill/txn/till"
)

// Report lays the totals of a day out as its X, or as its Z where it is closed.
func Report(t report.Totals, atMs int64, o Options) (*escpos.Document, error) {
	totals, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	kind := txn.PrintX
	if t.Z > 0 {
		kind = txn.PrintZ
	}
	return Document(till.Sheet{Print: txn.Print{Kind: kind, AtMs: atMs}, Totals: totals}, o)
}

// report is an X or a Z: the totals as they were kept.
func (p *page) report() error {
	var t report.Totals
	if err := json.Unmarshal(p.s.Totals, &t); err != nil {
		return fmt.Errorf("%w: %w", errBadTotals, err)
	}
	p.Demo = p.Demo || t.Demo
	name := p.Language.say(reportX)
	if p.s.Print.Kind == txn.PrintZ {
		name = fmt.Sprintf("%s %d", p.Language.say(reportZ), t.Z)
	}
	marks := p.repeatMarks()
	p.marks(marks...)
	p.heading()
	p.text(name, large)
	p.field(labelDay, t.Date)
	if t.OfDate > 1 {
		p.field(secondOfDate, fmt.Sprint(t.OfDate))
	}
	p.field(labelFirst, p.when(t.FirstMs))
	p.field(labelClosed, p.when(t.ClosedMs))
	p.field(labelBatch, fmt.Sprintf("%06d", t.Batch))
	p.field(labelTime, p.when(p.s.Print.AtMs))
	p.add(escpos.Rule{})
	c := money.Currency(t.Currency)
	p.tally(p.Language.say(labelSales), t.Sales, c)
	if t.Given > 0 {
		p.field(labelGiven, fmt.Sprint(t.Given))
	}
	p.tally(p.Language.say(labelVoids), t.Voids, c)
	if t.Refunds.Count > 0 {
		p.tally(p.Language.say(labelRefunds), t.Refunds, c)
	}
	for _, of := range []struct {
		label word
		tally report.Tally
	}{{labelOtherWay, t.OtherWay}, {labelNoReceipt, t.NoReceipt}} {
		if of.tally.Count > 0 {
			p.tally(p.Language.say(of.label), of.tally, c)
		}
	}
	p.add(escpos.LeftRight(p.Language.say(labelNet), p.amount(t.NetMinor, c), sum))
	p.splits(t, c)
	p.notProven(t, c)
	if t.Kept.Count > 0 {
		p.tally(p.Language.say(labelKept), t.Kept, c)
	}
	if t.RefundsUnknown.Count > 0 {
		p.tally(p.Language.say(labelRefundsUnknown), t.RefundsUnknown, c)
	}
	p.carried(t.Carried, c)
	p.settlements(t.Settlements, c)
	p.hours(t, c)
	p.add(escpos.Rule{})
	for _, n := range []struct {
		label word
		count int64
	}{{labelDeclined, t.Declined}, {labelReversed, t.Reversed}, {labelOpen, t.Open}, {labelUnpapered, t.Unpapered}} {
		p.field(n.label, fmt.Sprint(n.count))
	}
	p.tally(p.Language.say(labelGrand), t.Grand, c)
	if len(t.Head) >= 16 {
		p.field(labelJournal, fmt.Sprintf("%d %s", t.HeadSeq, t.Head[:16]))
	}
	p.keyCode()
	p.marks(marks...)
	p.add(escpos.Cut{})
	return nil
}

// tally is a row of a name, a count and a sum.
func (p *page) tally(name string, t report.Tally, c money.Currency) {
	p.add(escpos.Row{Cells: []escpos.Cell{
		{S: name},
		{S: fmt.Sprint(t.Count), Align: escpos.Right, Columns: 6},
		{S: p.amount(t.AmountMinor, c), Align: escpos.Right, Columns: 15},
	}})
}

// splits are the totals by tender and by cashier, sales and voids apart.
func (p *page) splits(t report.Totals, c money.Currency) {
	if len(t.ByTender)+len(t.VoidsBy)+len(t.RefundsBy) > 0 {
		p.text(p.Language.say(labelByTender), escpos.Style{Bold: true})
	}
	for _, name := range report.Names(t.ByTender) {
		p.tally(p.tenderName(name), t.ByTender[name], c)
	}
	for _, name := range report.Names(t.VoidsBy) {
		p.tally(p.tenderName(name)+" "+p.Language.say(labelVoids), t.VoidsBy[name], c)
	}
	for _, name := range report.Names(t.RefundsBy) {
		p.tally(p.tenderName(name)+" "+p.Language.say(labelRefunds), t.RefundsBy[name], c)
	}
	if len(t.ByCashier) > 0 {
		p.text(p.Language.say(labelByCashier), escpos.Style{Bold: true})
	}
	for _, name := range report.Names(t.ByCashier) {
		split := t.ByCashier[name]
		if name == "" {
			name = "-"
		}
		p.tally(name, split.Sales, c)
		if split.Voids.Count > 0 {
			p.tally(name+" "+p.Language.say(labelVoids), split.Voids, c)
		}
		if split.Refunds.Count > 0 {
			p.tally(name+" "+p.Language.say(labelRefunds), split.Refunds, c)
		}
	}
}

// notProven is what stands by a person's word, and what the day brought with it.
func (p *page) notProven(t report.Totals, c money.Currency) {
	p.byWord(labelNotProven, t.NotProven, c)
	p.byWord(labelVouchers, t.Vouchers, c)
	//mutant:all-of-a-day-is-on-its-report
	if by := t.ByWordMinor(); by != 0 {
		p.add(escpos.LeftRight(p.Language.say(labelWithWord), p.amount(t.NetMinor+by, c), escpos.Style{Bold: true}))
	}
}

// byWord are what people say of terminals that stand alone, or of vouchers: in no other sum, because nothing here proves them.
func (p *page) byWord(label word, t report.Split, c money.Currency) {
	if t.Sales.Count+t.Voids.Count+t.Refunds.Count == 0 {
		return
	}
	p.text(p.Language.say(label), escpos.Style{Bold: true})
	p.tally(p.Language.say(labelSales), t.Sales, c)
	if t.Voids.Count > 0 {
		p.tally(p.Language.say(labelVoids), t.Voids, c)
	}
	if t.Refunds.Count > 0 {
		p.tally(p.Language.say(labelRefunds), t.Refunds, c)
	}
}

// carried names what stays unresolved over the day's end: the bank says no more of it, or holds another's payment under its number.
func (p *page) carried(all []report.Carried, c money.Currency) {
	if len(all) == 0 {
		return
	}
	p.text(p.Language.say(labelCarried), escpos.Style{Bold: true})
	for _, one := range all {
		name := fmt.Sprintf("STAN %06d", one.STAN)
		switch one.Type {
		case string(txn.Void):
			name += " " + p.Language.say(kindVoid)
		case string(txn.Refund):
			name += " " + p.Language.say(kindRefund)
		}
		if one.Code != "" {
			name += " (" + one.Code + ")"
		}
		p.add(escpos.LeftRight(name, p.amount(one.AmountMinor, c), escpos.Style{}))
	}
}

// settlements name how each batch stands with its bank, the two sums side by side where they differ, and what is in neither.
func (p *page) settlements(all []report.Settlement, c money.Currency) {
	for i, s := range all {
		if i == 0 {
			p.text(p.Language.say(labelSettlement), escpos.Style{Bold: true})
		}
		state := p.Language.say(settlementStates[txn.SettlementState(s.State)])
		if s.Code != "" && s.Code != "00" {
			state += " (" + s.Code + ")"
		}
		p.add(escpos.LeftRight(fmt.Sprintf("%06d %s", s.Batch, s.Terminal), state, escpos.Style{}))
		p.sums(labelTillSums, s.Payments, s.Refunds, c)
		//mutant:both-sums-are-on-paper
		if s.BankSays && !s.Agrees() {
			p.sums(labelBankSums, s.BankPayments, s.BankRefunds, c)
		}
		p.attempts(labelSettleUnknown, s.NotKnown)
		p.attempts(labelNotTaken, s.NotTaken)
	}
}

// sums are whose sums of a batch: payments, and refunds where there are some.
func (p *page) sums(whose word, payments, refunds report.Tally, c money.Currency) {
	p.tally(p.Language.say(whose)+" "+p.Language.say(labelSales), payments, c)
	if refunds.Count > 0 {
		p.tally(p.Language.say(whose)+" "+p.Language.say(labelRefunds), refunds, c)
	}
}

// attempts names payments by their STANs.
func (p *page) attempts(label word, ids []int64) {
	for _, id := range ids {
		p.field(label, fmt.Sprintf("STAN %06d", txn.ID(id).STAN()))
	}
}

// hours are those in which something was sold.
func (p *page) hours(t report.Totals, c money.Currency) {
	first := true
	for hour, tally := range t.ByHour {
		if tally.Count == 0 {
			continue
		}
		if first {
			p.text(p.Language.say(labelByHour), escpos.Style{Bold: true})
			first = false
		}
		p.tally(fmt.Sprintf("%02d:00", hour), tally, c)
	}
}

func (p *page) tenderName(code string) string {
	switch txn.Tender(code) {
	case txn.Card:
		return p.Language.say(tenderCard)
	case txn.Cash:
		return p.Language.say(tenderCash)
	case txn.External:
		return p.Language.say(labelSeparate)
	case txn.Code:
		return p.Language.say(tenderCode)
	case txn.Voucher:
		return p.Language.say(tenderVoucher)
	case txn.Exchange:
		return p.Language.say(tenderExchange)
	}
	return code
}
