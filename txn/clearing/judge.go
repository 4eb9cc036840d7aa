package clearing

import (
	"slices"
	"time"

	"veratill/txn"
	"veratill/txn/money"
)

// judge says what an attempt turned out to be. One that no file speaks of, and none has to, is nothing.
func (m *matcher) judge(h *held) (i Item, told bool) {
	moved := slices.DeleteFunc(slices.Clone(h.rows), func(f filed) bool { return f.Failed })
	switch {
	case len(h.rows) == 0 && len(h.undone) == 0:
		return m.missing(h)
	case len(moved) == 0 && len(h.undone) == 0: // the files say that it moved nothing
		return h.item(Refused), h.stands()
	case two(moved), again(moved):
		return h.item(Twice), true
	case h.stands() && failedAfter(h.rows, moved): // it moved, and came back
		return h.item(Refused), true
	}
	if over := m.over(h, moved); over > 0 {
		i := h.item(TooMuchBack)
		i.BankMinor = -over
		return i, true
	}
	if c := m.stateOf(h, moved); c != "" {
		return h.item(c), true
	}
	for _, f := range moved {
		switch {
		case f.Currency != h.Attempt.Amount.Currency:
			return h.item(Currency), true
		case f.AmountMinor != h.Attempt.Amount.Minor:
			return h.item(Amount), true
		}
	}
	if i, differs := m.fee(h, moved); differs {
		return i, true
	}
	return h.item(Matched), true
}

// two reports whether rows are of two movements: their bank gave them two numbers.
func two(rows []filed) bool {
	for _, f := range rows[min(1, len(rows)):] {
		first := rows[0]
		//mutant:two-numbers-are-two-payments
		if f.Provider != first.Provider || f.ProviderRefund != first.ProviderRefund || f.RRN != first.RRN {
			return true
		}
	}
	return false
}

// again reports whether one file has a movement twice under one number.
func again(rows []filed) bool {
	for n, f := range rows {
		//mutant:one-number-twice-is-two-movements
		if slices.ContainsFunc(rows[n+1:], func(o filed) bool { return o.file == f.file && o.AmountMinor == f.AmountMinor }) {
			return true
		}
	}
	return false
}

// over is what the bank gave back of a payment beyond what it took, in minor units; 0 where it has no more than that. Of a payment that stands the file that has
// it may be missing.
func (m *matcher) over(h *held, moved []filed) int64 {
	if h.Kind.GivesBack() || len(h.undone) == 0 || h.stands() && len(moved) == 0 {
		return 0
	}
	kept := h.keptMinor(moved)
	for _, b := range m.back[h.ID] {
		for _, f := range b.rows {
			if !f.Failed {
				kept -= f.AmountMinor
			}
		}
	}
	//mutant:no-more-comes-back-than-was-paid
	return max(0, -kept)
}

// failedAfter reports whether the newest word of the files is that it moved nothing.
func failedAfter(rows, moved []filed) bool {
	//mutant:what-no-row-moved-has-no-last-one
	if len(moved) == 0 {
		return len(rows) > 0
	}
	last := moved[len(moved)-1]
	return slices.ContainsFunc(rows, func(f filed) bool { return f.Failed && !f.At.Before(last.At) })
}

// stands reports whether the till believes that the attempt's money moved. What a void undid moved before; what a terminal undid by itself did not.
func (h *held) stands() bool {
	return h.Concluded() || h.Attempt.State == txn.Voided && !h.gone() || h.Attempt.State == txn.Kept
}

// gone reports whether the line undid it by itself: it is voided, and no void of this till did it.
func (h *held) gone() bool {
	//mutant:what-a-terminal-undid-is-gone
	return h.UndoneByLine() && h.void == nil
}

// known reports whether the till knows what became of it.
func (h *held) known() bool { return !h.Open() && h.Attempt.State != txn.Unresolved }

// stateOf compares what became of an attempt here with what the bank has; "" where both agree.
func (m *matcher) stateOf(h *held, moved []filed) Class {
	kept := h.keptMinor(moved)
	switch {
	//mutant:the-unknown-that-the-bank-has-is-told
	case !h.known() && (h.Kind.GivesBack() || kept > 0):
		return Unknown
	case h.Kind.GivesBack() && !h.stands():
		return State // the bank gave back what was not given back here
	case h.Kind.GivesBack():
		return ""
	//mutant:what-the-bank-keeps-is-told
	case !h.stands() && kept > 0:
		return Kept
	case !h.stands() && h.known(): // taken and given back there, nothing here
		return Netted
	case !h.stands():
		return ""
	//mutant:what-was-voided-and-is-kept-is-told
	case kept > 0 && m.keptOn(h):
		return Kept
	case len(h.undone) > 0 && (len(moved) > 0 || h.Attempt.State != txn.Voided):
		return State // the bank gave back what was not given back here
	}
	return ""
}

// keptOn reports whether the bank keeps a payment that a void undid: two files came after the void's day without it. Before that the void itself is waited for.
func (m *matcher) keptOn(h *held) bool {
	if h.Attempt.State != txn.Voided || h.void == nil || len(h.void.rows) > 0 {
		return false
	}
	_, later, _, covered := m.covered(h.void)
	return covered && later >= 2
}

// keptMinor is what the bank has of a payment, less what it gave back of it under no number of the till's.
func (h *held) keptMinor(moved []filed) (minor int64) {
	for _, f := range moved {
		minor += f.AmountMinor
	}
	for _, f := range h.undone {
		minor -= f.AmountMinor
	}
	return minor
}

// fee compares what a provider kept of a payment with the settings' rate.
func (m *matcher) fee(h *held, moved []filed) (Item, bool) {
	for _, f := range moved {
		rates := m.Books.Rates[f.format]
		if len(rates) == 0 || !f.HasFee || f.Kind != payment {
			continue
		}
		//mutant:a-fee-is-of-what-the-shop-gets
		due, agrees := nearestFee(rates, f.AmountMinor-f.OffMinor, f.FeeE3)
		if !agrees {
			i := h.item(Fee)
			i.FeeE3, i.DueE3 = f.FeeE3, due
			return i, true
		}
	}
	return Item{}, false
}

// Rate is what a provider keeps of a payment.
type Rate struct {
	PPM        int64 // parts per million of it
	FixedMinor int64 // and so much of each
	MostMinor  int64 // at most so much; 0 is no bound
}

// feeE3 is what it keeps of an amount, in thousandths of a minor unit; ok is false where that is no number.
func (r Rate) feeE3(minor int64) (e3 int64, ok bool) {
	e3, err := money.MulDiv(minor*1000, r.PPM, 1_000_000)
	e3 += r.FixedMinor * 1000
	//mutant:a-fee-has-its-most
	if most := r.MostMinor * 1000; most > 0 {
		e3 = min(e3, most)
	}
	return e3, err == nil
}

// nearestFee is what the rates say that a fee should be, by the one that is nearest to it, and whether that is within a cent: debit and credit cards may have rates of their own, and a file may not
// say which one paid.
func nearestFee(rates []Rate, minor, feeE3 int64) (due int64, agrees bool) {
	least := int64(-1)
	for _, r := range rates {
		is, ok := r.feeE3(minor)
		if !ok {
			return 0, true
		}
		if off := max(feeE3-is, is-feeE3); least < 0 || off < least {
			due, least = is, off
		}
	}
	//mutant:a-fee-may-differ-by-a-cent
	return due, least <= 1000
}

// missing judges an attempt that no file speaks of.
func (m *matcher) missing(h *held) (i Item, told bool) {
	//mutant:no-file-owes-a-demonstration
	if h.Demo || !h.Concluded() && h.Attempt.State != txn.Voided || h.gone() {
		return i, false
	}
	format, later, first, covered := m.covered(h)
	if !covered {
		return i, false
	}
	c := Timing
	//mutant:two-files-without-it-are-overdue
	if later >= 2 {
		c = Overdue
	}
	if m.netted(h) {
		c = Netted
	}
	i = h.item(c)
	i.Format, i.File = format, first
	return i, true
}

// netted reports whether an attempt and what undid it on the same day both left no row.
func (m *matcher) netted(h *held) bool {
	payment := h
	if h.Kind == txn.Void {
		payment = m.byID[h.Original]
	}
	if payment == nil || payment.Attempt.State != txn.Voided || len(payment.rows)+len(payment.undone) > 0 {
		return false
	}
	return payment.void != nil && len(payment.void.rows) == 0
}

// covered reports whether a file covers the day of an attempt, which one did first, and how many of its format came later. Of several formats that could have
// it the one counts that came least often since.
func (m *matcher) covered(h *held) (format Format, later, first int, covered bool) {
	for _, f := range Formats {
		if !m.Books.expects(f, h.Attempt) && !m.shows(f, h) {
			continue
		}
		in, since, found := m.since(f, h)
		if found && (!covered || since < later) {
			format, later, first, covered = f, since, in, true
		}
	}
	return format, later, first, covered
}

// since finds the first file of a format that covers an attempt, and counts the ones that go on behind it.
func (m *matcher) since(f Format, h *held) (first, later int, found bool) {
	ended := time.UnixMilli(max(h.OpenedMs, h.EndedMs))
	day, to := "", ""
	for _, i := range m.byFormat[f] {
		file := &m.files[i]
		//mutant:the-file-of-another-account-covers-nothing
		if m.elsewhere(i, h) {
			continue
		}
		if day == "" {
			day = ended.In(file.Rows[0].At.Location()).Format("2006-01-02")
		}
		switch {
		case !found && file.From <= day && day <= file.To:
			first, found, to = i, true, file.To
		case found && file.To > to:
			later, to = later+1, file.To
		}
	}
	return first, later, found
}

// near is how far apart a row and what it may belong to are at most.
const near = 15 * time.Minute

// propose names, for rows that nothing explains, the attempts that they may be of: the same amount, or the same approval code, a quarter of an hour at most away, and no other card. What a
// person said to be declined is among them: they may be wrong. A person decides: equal amounts are no proof.
func (m *matcher) propose(items []Item) {
	type around struct {
		minor int64
		day   string
	}
	open := map[around][]*held{} // attempts without a row, by amount and day
	for at := range m.books {
		if h := &m.books[at]; (h.stands() || h.Tender == txn.External) && len(h.rows) == 0 && !h.Demo {
			key := around{h.Amount.Minor, h.Opened().UTC().Format(time.DateOnly)}
			open[key] = append(open[key], h)
		}
	}
	claims := map[txn.ID]int{} // rows that a claim is proposed to
	for n := range items {
		row := &items[n]
		if row.Class != BankOnly || len(row.Rows) == 0 {
			continue
		}
		f := filed{Row: row.Rows[0], format: row.Format}
		var those []*held
		for days := -1; days <= 1; days++ {
			those = append(those, open[around{row.BankMinor, f.At.UTC().AddDate(0, 0, days).Format(time.DateOnly)}]...)
		}
		row.Proposed = m.fitting(f, append(those, m.byCode[f.Code]...))
		for _, id := range row.Proposed {
			claims[id]++
		}
	}
	for n := range items {
		items[n].Alone = m.standsAlone(items[n], claims)
	}
}

// fitting are those of some attempts that a row may be of, in their order.
func (m *matcher) fitting(f filed, those []*held) (ids []txn.ID) {
	for _, h := range those {
		sameWay := (f.Kind == payment) == (h.Kind == txn.Sale)
		sameSum := f.AmountMinor == h.Amount.Minor && f.Currency == h.Amount.Currency || f.Code != "" && f.Code == codeOf(h.Answer.ApprovalCode)
		if len(h.rows) == 0 && m.Books.may(f.format, h.Attempt) && sameWay && sameSum && f.sameCard(h) && f.nearTo(h, near) {
			ids = append(ids, h.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// standsAlone is the one claim that a row may be, where that one may be no other row's: of such ones a person may take many at once. It is 0 where there is none.
func (m *matcher) standsAlone(i Item, rows map[txn.ID]int) txn.ID {
	var claims []txn.ID
	for _, id := range i.Proposed {
		if m.byID[id].stands() {
			claims = append(claims, id)
		}
	}
	//mutant:one-row-and-one-claim-stand-alone
	if len(claims) != 1 || rows[claims[0]] != 1 || m.byID[claims[0]].Amount.Minor != i.BankMinor {
		return 0
	}
	return claims[0]
}
