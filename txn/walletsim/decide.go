package walletsim

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// result is what a provider says of a question.
type result string

// The closed set of results.
const (
	done        result = "done"         // as it was asked for; the order says how it stands
	declined    result = "declined"     // with a code
	typing      result = "typing"       // the customer is typing the password
	systemError result = "system error" // nobody knows
	notThere    result = "not there"
	again       result = "again"      // the undo has to be repeated
	processing  result = "processing" // giving back is accepted
	closed      result = "closed"     // giving back came to nothing
	stuck       result = "stuck"      // giving back has left the shop, and does not reach the customer
	conflict    result = "conflict"   // the number is another payment's
	notAllowed  result = "not allowed"
)

// outcome is what became of a question.
type outcome struct {
	result result
	order  Order
	back   Back
	code   string // of declined
	key    string // of a check-in
	echo   string // the payment code, where the answer says it back
	// contradicts says that the answer refuses what was done, and says beside that that it was.
	contradicts bool
}

// decide commits what a question does and says what came of it. All is in the ledger before anybody hears of it.
func (s *Sim) decide(a asked, rule Rule) (outcome, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	nowMs := s.cfg.Now().UnixMilli()
	if err := s.ledger.settle(nowMs); err != nil {
		return outcome{}, err
	}
	o, there := s.ledger.byNumber[a.provider+" "+a.number]
	if rule.Do == ErrorBefore {
		return outcome{result: systemError, order: Order{Number: a.number}}, nil
	}
	var out outcome
	var err error
	switch {
	case a.question == checkIn:
		out.result, out.order.Number = done, UpayTerminal
		out.key, err = s.cfg.Keys.renew(s.cfg.Now())
	case a.question == pay:
		s.shown[a.provider+" "+a.number] = a.code
		out, err = s.pay(a, rule, o, there, nowMs)
	// UnionPay is asked about numbers of both kinds in one way, and WeChat Pay about a refund by the refund's number alone.
	case !there && (a.provider == "unionpay" && a.question == ask || a.question == askedBack) && s.ledger.ofBack(a) != nil:
		out = aboutBack(a, *s.ledger.ofBack(a), nowMs)
	case !there:
		out = outcome{result: notThere, order: Order{Provider: a.provider, Number: a.number}, back: Back{Number: a.back}}
	case a.question == ask:
		out = outcome{result: done, order: o}
	case a.question == undo:
		out, err = s.undo(rule, o, nowMs)
	case a.question == giveBack:
		out, err = s.giveBack(a, rule, o, nowMs)
	default:
		out = aboutBack(a, o, nowMs)
	}
	if rule.Do == SystemError && err == nil {
		out.result = systemError
	}
	return out, err
}

func (s *Sim) pay(a asked, rule Rule, o Order, there bool, nowMs int64) (outcome, error) {
	if there { // the same number is the same payment
		switch {
		case o.AmountMinor != a.amountMinor:
			return outcome{result: conflict, order: o}, nil
		case o.State == Open:
			return outcome{result: typing, order: o}, nil
		case o.State == Failed:
			return outcome{result: declined, order: o}, nil
		}
		return outcome{result: done, order: o}, nil
	}
	o = Order{Provider: a.provider, Number: a.number, AmountMinor: a.amountMinor, Code: a.code[max(0, len(a.code)-4):], State: Paid, BegunMs: nowMs}
	o.ID = fmt.Sprintf("42%s%012d", time.UnixMilli(nowMs).UTC().Format("20060102150405"), len(s.ledger.order)+1)
	out := outcome{result: done}
	switch rule.Do {
	case Decline:
		o.State, out.result, out.code = Failed, declined, rule.Code
	case Typing, TypingRefused:
		o.State, o.EndsMs, o.Ends, out.result = Open, nowMs+rule.wait().Milliseconds(), Paid, typing
		if rule.Do == TypingRefused {
			o.Ends = Failed
		}
	}
	out.order = o
	return out, s.ledger.keep(o)
}

func (s *Sim) undo(rule Rule, o Order, nowMs int64) (outcome, error) {
	switch {
	case rule.Do == Again:
		return outcome{result: again, order: o}, nil
	case rule.Do == NotAllowed:
		return outcome{result: notAllowed, order: o}, nil
	case rule.Do == PaidAfter && o.State != Undone: // it says that it is closed, and the customer pays all the same
		told := o
		told.State = Undone
		o.State, o.EndsMs, o.Ends = Paid, 0, ""
		return outcome{result: done, order: told}, s.ledger.keep(o)
	}
	o.State, o.EndsMs, o.Ends = Undone, 0, ""
	return outcome{result: done, order: o}, s.ledger.keep(o)
}

func (s *Sim) giveBack(a asked, rule Rule, o Order, nowMs int64) (outcome, error) {
	if b, before := backOf(o, a.back); before { // the same number is the same refund
		if b.AmountMinor != a.backMinor {
			return outcome{result: conflict, order: o, back: b}, nil
		}
		return aboutBack(a, o, nowMs), nil
	}
	if rule.Do == NotAllowed || o.State != Paid || a.backMinor < 1 || o.BackMinor()+a.backMinor > o.AmountMinor {
		return outcome{result: notAllowed, order: o, back: Back{Number: a.back}}, nil
	}
	b := Back{Number: a.back, AmountMinor: a.backMinor, ID: cmp.Or(fmt.Sprintf("50%s%02d", o.ID[2:], len(o.Backs)+1), a.back)}
	switch rule.Do {
	case Processing, ClosedAfter, StuckAfter:
		b.EndsMs = nowMs + rule.wait().Milliseconds()
		b.Ends = map[Do]string{ClosedAfter: backClosed, StuckAfter: backStuck}[rule.Do]
	}
	o.Backs = append(slices.Clone(o.Backs), b)
	if err := s.ledger.keep(o); err != nil {
		return outcome{}, err
	}
	return aboutBack(a, o, nowMs), nil
}

func backOf(o Order, number string) (Back, bool) {
	i := slices.IndexFunc(o.Backs, func(b Back) bool { return b.Number == number })
	if i < 0 {
		return Back{Number: number}, false
	}
	return o.Backs[i], true
}

// ofBack is the order of which money goes back under a number; nil where there is none.
func (l *ledger) ofBack(a asked) *Order {
	for _, o := range l.byNumber {
		if _, there := backOf(o, a.back); there && o.Provider == a.provider {
			return &o
		}
	}
	return nil
}

// aboutBack is what is known of money that goes back.
func aboutBack(a asked, o Order, nowMs int64) outcome {
	b, there := backOf(o, a.back)
	if !there {
		return outcome{result: notThere, order: o, back: b}
	}
	return outcome{result: b.at(nowMs), order: o, back: b}
}
