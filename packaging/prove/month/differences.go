package month

import (
	"time"

	"veratill/txn"
)

// found has the provider tell a payment that the till has otherwise.
func found(class string) func(*planter, *move) {
	return func(p *planter, m *move) {
		r := p.honest(m)
		p.put(r)
		p.want(class, m, r)
	}
}

// foundBack is the same of money that was given back, of a payment that is as it should be.
func foundBack(class string, says row) func(*planter, *move) {
	return func(p *planter, m *move) {
		p.matched(m)
		for _, b := range m.backs {
			r := p.honest(b)
			r.failed = says.failed
			p.put(r)
			p.want(class, b, r)
		}
	}
}

func absent(class string) func(*planter, *move) {
	return func(p *planter, m *move) { p.missing(class, m) }
}

func absentBack(class string) func(*planter, *move) {
	return func(p *planter, m *move) {
		p.matched(m)
		p.missing(class, m.backs[0])
	}
}

// secondNumber has the bank take a payment twice, under two numbers of its own.
func secondNumber(p *planter, m *move) {
	r := p.honest(m)
	again := r
	again.number, again.slip = p.newNumber(m.format, r.day, false), p.digits(20)
	p.put(r, again)
	p.want(Twice, m, again)
}

// secondRow has a file hold a row twice.
func secondRow(p *planter, m *move) {
	r := p.honest(m)
	p.put(r, r)
	p.want(TwiceInFile, m, r)
}

// cameBack has the processor tell first that money went back, and then that it could not.
func cameBack(p *planter, m *move) {
	p.matched(m)
	for _, b := range m.backs {
		r := p.honest(b)
		failed := r
		failed.kind = returned
		p.put(r, failed)
		p.want(Refused, b, r)
	}
}

// failedThere has the file say of a payment that it failed: by its state, or by a second row.
func failedThere(p *planter, m *move) {
	r := p.honest(m)
	p.want(Refused, m, r)
	if m.format == table {
		r.failed, r.feeMinor = true, 0
		p.put(r)
		return
	}
	failed := r
	failed.kind, failed.feeMinor = bounced, 0
	p.put(r, failed)
}

func otherAmount(p *planter, m *move) {
	r := p.honest(m)
	r.amountMinor += []int64{1, 100, 9, 900}[p.r.IntN(4)]
	r.feeMinor = rated(formatOf(m.format), r.amountMinor)
	p.put(r)
	p.want(Amount, m, r)
}

func otherCurrency(p *planter, m *move) {
	r := p.honest(m)
	r.currency = "HKD"
	p.put(r)
	p.want(Currency, m, r)
}

// revokedThere has the provider undo a payment that the till has as approved.
func revokedThere(p *planter, m *move) {
	r := p.honest(m)
	u := p.undoing(m, r)
	p.put(r, u)
	p.want(State, m, u)
}

// keptThough has the bank keep a payment of which it never made the void: the payment is kept once the void is overdue, and as it should be until then.
func keptThough(void string) func(*planter, *move) {
	return func(p *planter, m *move) {
		r := p.honest(m)
		p.put(r)
		if p.missing(void, m.backs[0]); void == Overdue {
			p.want(Kept, m, r)
			return
		}
		p.m.Matched[m.format]++
	}
}

// backTwice has the bank undo a payment a second time.
func backTwice(p *planter, m *move) {
	undone(p, m)
	backUntaken(p, m)
}

// backUntaken has the bank undo a payment that it never took, or one time more than it did.
func backUntaken(p *planter, m *move) {
	u := p.undoing(m, p.honest(m))
	p.put(u)
	p.want(TooMuchBack, m, u)
}

// givenBackThere has the provider give some of a payment back, which nobody here asked for.
func givenBackThere(p *planter, m *move) {
	r := p.honest(m)
	b := r
	b.kind, b.code, b.amountMinor, b.origin, b.originSlip = back, "", max(1, r.amountMinor/2), r.number, r.slip
	b.number, b.slip = p.newNumber(m.format, r.day, true), p.digits(20)
	b.feeMinor = -rated(formatOf(m.format), b.amountMinor)
	if formatOf(m.format).keepsFee {
		b.feeMinor = 0
	}
	if m.a.Tender == txn.Code {
		b.back = r.at.Format("060102") + "9" + p.letters(17)
	}
	if m.format == alipay {
		b.number = b.back
	}
	p.put(r, b)
	p.want(State, m, b)
}

// strangers are rows of another terminal or merchant, and rows of ours that nothing here explains.
func (p *planter) strangers(f *format) {
	for nth := range 6 + p.r.IntN(3) {
		r := p.stranger(f)
		if f.name == stripe { // it names neither merchant nor terminal
			break
		}
		other := "898310000000005"
		switch {
		case f.name == wechat:
			r.merchant = []string{"1900000204", "1900000301"}[nth%2]
		case f.name == adyen:
			r.merchant = "VeratillShopWEB"
		case f.name == square:
			r.terminal = "Bakery Stand"
		case f.name == allinpay && nth%3 == 0:
			r.merchant = other
		case f.name == table:
			r.terminal = "QR000002"
		case f.name == alipay:
			r.terminal = "SH001-2"
		default:
			r.terminal = "T0000002"
		}
		if f.name == allinpay { // under numbers that this till used too
			ours := p.rows[f.name][r.day]
			for _, o := range ours {
				if o.terminal == terminal && o.merchant == merchant && o.stan != 0 {
					r.batch, r.stan, r.amountMinor, r.feeMinor = o.batch, o.stan, o.amountMinor, o.feeMinor
					break
				}
			}
		}
		p.put(r)
		p.want(Anothers, nil, r)
	}
	for range 4 + p.r.IntN(3) {
		r := p.stranger(f)
		p.put(r)
		p.want(BankOnly, nil, r)
	}
}

// stranger is a payment in the files that no attempt explains, although its numbers look like ours.
func (p *planter) stranger(f *format) row {
	day := firstDay + p.r.IntN(lastDay)
	at := p.moment(day).Truncate(time.Second)
	r := row{format: f.name, day: day, at: at, kind: paid, amountMinor: p.price(), currency: string(f.currency), number: p.newNumber(f.name, day, false), slip: p.digits(20),
		merchant: f.ours.Merchant, terminal: f.ours.Terminal}
	r.feeMinor = rated(f, r.amountMinor)
	switch f.tender {
	case txn.Code:
		r.order = at.Format("060102") + pad(p.r.Int64N(900_000), 6) + p.letters(12)
	case txn.External:
		r.masked = "622588******4444" // a card that paid nothing here
		if f.name == adyen {
			r.order, r.code = "TRX"+p.digits(9), p.digits(6)
		}
	default:
		r.masked = cards[p.r.IntN(len(cards))]
		batch := int64(100 + day)
		if free := p.free[batch]; len(free) > 0 {
			r.batch, r.stan = batch, free[0]
			p.free[batch] = free[1:]
		} else {
			r.batch, r.stan = batch-90, 77 // of a batch that this till never had
		}
	}
	return r
}
