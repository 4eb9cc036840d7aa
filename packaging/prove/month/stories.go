package month

import (
	"slices"
	"time"

	"veratill/txn"
	"veratill/txn/money"
)

// story is what becomes of a payment, here and at its provider.
type story struct {
	formats []string
	often   int                                 // one payment in so many; 0 is a few, which are planted
	when    func(p *planter, nth int) time.Time // the payment is begun
	begin   func(p *planter, m *move)           // changes the till's side before it has numbers; nil leaves it approved
	settle  func(p *planter, m *move)           // writes the provider's side, and what is to be found
}

func during(from, to int) func(*planter, int) time.Time {
	return func(p *planter, _ int) time.Time { return p.moment(from + p.r.IntN(to-from+1)) }
}

// first takes the given days before it draws others, so that both sides of a bound are there in each month.
func first(days []int, others func(*planter, int) time.Time) func(*planter, int) time.Time {
	return func(p *planter, nth int) time.Time {
		if nth < len(days) {
			return p.moment(days[nth])
		}
		return others(p, nth)
	}
}

var (
	anyDay = during(firstDay, lastDay)
	early  = during(firstDay, lastDay-4)                                      // money may go back later, and files come after that
	gone   = first([]int{lastDay - 2, firstDay}, during(firstDay, lastDay-2)) // two later files came
	ending = first([]int{lastDay, lastDay - 1}, during(lastDay-1, lastDay))   // fewer
	beyond = during(lateDay, lateDay)                                         // no file is of that day
)

// at is a moment of a day beside midnight.
func at(from, to int, of time.Duration) func(*planter, int) time.Time {
	return func(p *planter, nth int) time.Time {
		days := []int{from, to} // the month's ends first
		day := from + p.r.IntN(to-from+1)
		if nth < len(days) {
			day = days[nth]
		}
		return midnight(day).Add(of + time.Duration(p.r.IntN(900))*time.Millisecond)
	}
}

var stories = []story{
	{all, 2, anyDay, nil, told},
	{without(all, square), 3, anyDay, nil, told},
	{[]string{square}, 3, during(firstDay, lastDay), unproved, proposed},
	{all, 25, early, inParts, told},
	{all, 30, early, inWhole, told},
	{all, 25, anyDay, neverTaken, func(*planter, *move) {}},
	{[]string{allinpay}, 40, early, voidedHere, told},
	{[]string{wechat, allinpay, table}, 0, anyDay, givenUp, undone},
	{all, 0, during(firstDay, lastDay-1), nil, inLaterFile(1)},
	{all, 0, during(firstDay, lastDay-2), nil, inLaterFile(2)},
	{all, 0, at(0, lastDay-1, 24*time.Hour-time.Second), nil, overMidnight(+2 * time.Second)},
	{all, 0, at(2, lastDay, 0), nil, overMidnight(-2 * time.Second)},
	{all, 0, beyond, nil, func(*planter, *move) {}},
	{all, 0, anyDay, nil, feeOff(false)},
	{[]string{allinpay}, 0, anyDay, nil, byRRNAlone},

	{ours, 0, anyDay, givenUp, found(Kept)},
	{[]string{adyen}, 0, anyDay, declined, found(Kept)},
	{ours, 0, anyDay, openHere, found(Unknown)},
	{[]string{adyen}, 0, anyDay, openHere, found(Unknown)},
	{ours, 0, early, openBack, foundBack(Unknown, row{})},
	{[]string{wechat, alipay, allinpay, adyen, table}, 0, anyDay, heardOf, secondNumber},
	{all, 0, anyDay, nil, secondRow},
	{ours, 0, ending, nil, absent(Timing)},
	{ours, 0, gone, nil, absent(Overdue)},
	{ours, 0, early, backOn(gone), absentBack(Overdue)},
	{ours, 0, early, backOn(ending), absentBack(Timing)},
	{[]string{wechat, table}, 0, early, inWhole, foundBack(Refused, row{failed: true})},
	{[]string{adyen, stripe}, 0, early, inWhole, cameBack},
	{[]string{stripe, table}, 0, anyDay, nil, failedThere},
	{without(without(all, stripe), square), 0, anyDay, codeTyped, otherAmount}, // those two have no code by which such a row could be told
	{all, 0, anyDay, nil, feeOff(true)},
	{[]string{wechat, adyen, table}, 0, anyDay, codeTyped, otherCurrency},
	{[]string{wechat, allinpay, table}, 0, anyDay, nil, revokedThere},
	{[]string{allinpay}, 0, gone, voidedHere, keptThough(Overdue)},
	{[]string{allinpay}, 0, ending, voidedHere, keptThough(Timing)},
	{[]string{allinpay}, 0, anyDay, undoneByLine, found(Kept)},
	{[]string{allinpay}, 0, anyDay, undoneByLine, undone},
	{[]string{wechat, allinpay, table}, 0, anyDay, givenUp, backTwice},
	{[]string{wechat, allinpay, table}, 0, anyDay, givenUp, backUntaken},
	{without(all, allinpay), 0, anyDay, nil, givenBackThere},
}

func without(formats []string, one string) []string {
	return slices.DeleteFunc(slices.Clone(formats), func(f string) bool { return f == one })
}

// prices are what the shop's goods cost most often: many payments are of the same sum.
var prices = []int64{1250, 1250, 1250, 1250, 650, 650, 1999, 3580, 990, 2500, 100, 10_000, 99, 500, 123_456}

func (p *planter) price() int64 {
	if p.r.IntN(3) == 0 {
		return 100 + p.r.Int64N(60_000)
	}
	return prices[p.r.IntN(len(prices))]
}

// moment is one of a day's open hours; every third is in the hour of lunch.
func (p *planter) moment(day int) time.Time {
	from, span := 7*time.Hour+30*time.Minute, 15*time.Hour
	if p.r.IntN(3) == 0 {
		from, span = 12*time.Hour, time.Hour
	}
	return midnight(day).Add(from + time.Duration(p.r.Int64N(int64(span/time.Millisecond)))*time.Millisecond)
}

// cards are few, so that equal ones pay within minutes.
var cards = []string{"622588******1234", "621700*********1234", "622202******0007", "625094******8888", "621661******0027"}

// pay makes a payment that went well.
func (p *planter) pay(f *format, at time.Time) *move {
	m := &move{format: f.name, at: at, number: p.newNumber(f.name, dayOf(at), false), slip: p.digits(20)}
	m.a = txn.Attempt{Kind: txn.Sale, Tender: f.tender, Line: f.ours.Line, Amount: money.Amount{Minor: p.price(), Currency: f.currency}, State: txn.Approved}
	m.a.Answer = txn.Answer{RRN: m.number}
	m.masked, m.code, m.ref = cards[p.r.IntN(len(cards))], p.digits(6), "TRX"+p.digits(9)
	switch f.tender {
	case txn.Card:
		m.a.Card.Masked, m.a.Answer.ApprovalCode = m.masked, m.code
	case txn.External: // somebody says that it was approved, and types the code or does not: this is all that the till knows
		m.a.State, m.a.Answer = txn.Claimed, txn.Answer{}
		if p.r.IntN(2) == 0 {
			codeTyped(p, m)
		}
	}
	if f.name == allinpay && p.r.IntN(10) == 0 { // the till keeps the bank's blanks, and a file has none
		m.number = p.digits(10)
		m.a.Answer.RRN = m.number + "  "
	}
	p.moves = append(p.moves, m)
	return m
}

// cash makes a payment that no file tells.
func (p *planter) cash() {
	minor := p.price()
	p.moves = append(p.moves, &move{at: p.moment(p.r.IntN(lateDay + 1)), a: txn.Attempt{Kind: txn.Sale, Tender: txn.Cash,
		Amount: money.Amount{Minor: minor, Currency: money.CNY}, State: txn.Approved, ReceivedMinor: minor}})
}

// giveBack makes an attempt that gives some of a payment back, and went well.
func (p *planter) giveBack(m *move, k txn.Kind, minor int64, at time.Time) *move {
	b := &move{format: m.format, at: at, of: m, number: p.newNumber(m.format, dayOf(at), true), slip: p.digits(20), masked: m.masked, a: m.a}
	b.a.Kind, b.a.Amount.Minor, b.a.Answer = k, minor, txn.Answer{RRN: b.number}
	switch {
	case m.format == alipay: // which names the payment, and asks for the till's number
		b.a.Answer.RRN = m.number
	case m.a.Tender == txn.External:
		b.a.Answer = txn.Answer{}
	}
	m.backs = append(m.backs, b)
	p.moves = append(p.moves, b)
	return b
}

// soon is within three days and within the files.
func (p *planter) soon(m *move) time.Time {
	later := m.at.Add(time.Duration(1+p.r.IntN(72*60)) * time.Minute)
	if dayOf(later) > lastDay-1 {
		return m.at.Add(time.Minute)
	}
	return later
}

func inParts(p *planter, m *move) {
	m.a.Amount.Minor += 300
	for range 2 + p.r.IntN(2) { // often the same part again
		p.giveBack(m, txn.Refund, 100, p.soon(m))
	}
}

func inWhole(p *planter, m *move) { p.giveBack(m, txn.Refund, m.a.Amount.Minor, p.soon(m)) }

// heardOf has the till know the provider's number of the payment, or of a separate terminal's the code.
func heardOf(p *planter, m *move) {
	if codeTyped(p, m); m.a.Tender != txn.External {
		m.a.Answer.RRN = m.number
	}
}

// codeTyped has somebody type the approval code of a separate terminal's slip.
func codeTyped(_ *planter, m *move) {
	if m.a.Tender == txn.External {
		m.a.Answer.ApprovalCode = m.code
	}
}

func voidedHere(p *planter, m *move) {
	p.giveBack(m, txn.Void, m.a.Amount.Minor, m.at.Add(time.Minute))
	m.a.State = txn.Voided
}

// undoneByLine has the terminal undo an approval by itself, so that no void of the till's names it.
func undoneByLine(_ *planter, m *move) { m.a.State = txn.Voided }

func backOn(when func(*planter, int) time.Time) func(*planter, *move) {
	return func(p *planter, m *move) {
		later := when(p, 2) // any of them
		for !later.After(m.at) {
			later = when(p, 2)
		}
		p.giveBack(m, txn.Refund, m.a.Amount.Minor, later)
	}
}

func declined(_ *planter, m *move) {
	m.a.State, m.a.Answer = txn.Declined, txn.Answer{ResponseCode: "51"}
	if m.a.Tender == txn.External {
		m.a.Answer = txn.Answer{}
	}
}

func givenUp(p *planter, m *move) {
	if p.r.IntN(3) == 0 {
		declined(p, m)
		return
	}
	m.a.State, m.a.Reason, m.a.Tries, m.a.Answer = txn.Reversed, txn.NoAnswer, 1, txn.Answer{}
	if p.r.IntN(3) == 0 { // its approval came after it was given up, which makes it no payment
		m.a.Late = txn.Answer{ResponseCode: "00", RRN: m.number}
	}
}

func neverTaken(p *planter, m *move) {
	if m.a.Tender == txn.External {
		declined(p, m)
		return
	}
	givenUp(p, m)
}

func openHere(p *planter, m *move) {
	m.a.Answer = txn.Answer{}
	if m.a.Tender == txn.External { // nobody has said yet what the terminal showed
		m.a.State = txn.Pending
		return
	}
	m.a.State, m.a.Reason, m.a.Tries = txn.Reversing, txn.NoAnswer, 3
	if p.r.IntN(2) == 0 {
		m.a.State, m.a.Reason = txn.Unresolved, txn.BooksDiffered
	}
}

func openBack(p *planter, m *move) {
	inWhole(p, m)
	m.backs[0].a.State, m.backs[0].a.Answer = txn.Pending, txn.Answer{}
}

// unproved is a payment of which nobody could say whose row is whose: some come with others that look the same.
func unproved(p *planter, m *move) {
	for p.r.IntN(4) == 0 {
		twin := p.pay(formatOf(m.format), m.at.Add(time.Duration(1+p.r.IntN(9))*time.Minute))
		twin.a.Amount, twin.masked, twin.story = m.a.Amount, m.masked, m.story
		if dayOf(twin.at) != dayOf(m.at) {
			twin.at = m.at
		}
	}
}

func told(p *planter, m *move) {
	p.matched(m)
	p.matched(m.backs...)
}

func proposed(p *planter, m *move) {
	p.put(p.honest(m))
	p.m.Proposals = append(p.m.Proposals, Proposal{Format: m.format, Key: m.number})
}

func undone(p *planter, m *move) {
	r := p.honest(m)
	p.put(r, p.undoing(m, r))
	p.m.Undone = append(p.m.Undone, m.a.ID)
}

func inLaterFile(days int) func(*planter, *move) {
	return func(p *planter, m *move) {
		r := p.honest(m)
		r.day += days
		p.put(r)
		p.m.Matched[m.format]++
	}
}

// overMidnight has the provider see a payment on the other side of midnight.
func overMidnight(by time.Duration) func(*planter, *move) {
	return func(p *planter, m *move) {
		r := p.honest(m)
		r.at = m.at.Add(by).Truncate(time.Second)
		r.day = dayOf(r.at)
		p.put(r)
		p.m.Matched[m.format]++
	}
}

func byRRNAlone(p *planter, m *move) {
	r := p.honest(m)
	r.batch, r.stan = 0, 0
	p.put(r)
	p.m.Matched[m.format]++
}

// feeOff has a fee that differs: by two to nine cents where that is to be found, else by a cent at most from the unrounded fee.
func feeOff(found bool) func(*planter, *move) {
	return func(p *planter, m *move) {
		r := p.honest(m)
		exact, rounded := m.a.Amount.Minor*formatOf(m.format).ratePPM, r.feeMinor*1_000_000
		switch {
		case found:
			r.feeMinor += 2 + p.r.Int64N(8)
			p.want(Fee, m, r)
		case rounded > exact:
			r.feeMinor--
		default:
			r.feeMinor++
		}
		if !found {
			p.m.Matched[m.format]++
		}
		p.put(r)
	}
}
