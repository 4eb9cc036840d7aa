package acquirer

import (
	"strconv"
	"strings"
	"time"

	"veratill/txn"
	"veratill/txn/iso8583"
	"veratill/txn/messages"
)

// judge decides what an answer to a request means, and counts what it should not be.
func (c *Client) judge(request iso8583.Message, got arrival) txn.Verdict {
	//mutant:answer-is-signed
	if !c.trusted(got) {
		c.counts.badMAC.Add(1)
		return txn.Verdict{Kind: txn.GaveUp, Reason: txn.BadMAC, Answer: answerOf(got.message)}
	}
	v := c.meaning(request, got.message)
	if v.Reason == txn.WrongAnswer || v.Reason == txn.NotOurs {
		c.counts.wrong.Add(1)
	}
	return v
}

// meaning is what a genuine answer says of its request. An approval counts only if it brings back what was asked; anything doubtful is given
// up, and owes a reversal.
func (c *Client) meaning(request, answer iso8583.Message) txn.Verdict {
	v := txn.Verdict{Kind: txn.GaveUp, Answer: answerOf(answer), Compares: c.cfg.Compares}
	code := v.Answer.ResponseCode
	switch {
	//mutant:another-payment-is-not-ours
	case c.holds(code) && c.cfg.Profile.Contradicts(request, answer):
		// A bank that answers a number which it knows with what it said first says what names that payment: maybe another's.
		v.Kind, v.Reason = txn.NumberIsTaken, txn.NotOurs
	//mutant:answer-agrees
	case !c.fits(request, answer), code == "":
		v.Reason = txn.WrongAnswer
	//mutant:seen-before-is-no-refusal
	case c.cfg.Profile.NumberTaken(code):
		// The bank holds a payment of this number: this one, where the network sent it twice and the first answer never came
		// here; or another's. It is no refusal, and no reversal is owed for what may be another's.
		v.Kind = txn.NumberIsTaken
	//mutant:part-is-no-approval
	case c.cfg.Profile.ApprovesInPart(code):
		v.Reason = txn.PartialAmount
	case c.refuses(request, code):
		v.Kind = txn.BankDeclined
	case !c.cfg.Profile.Approves(code):
		v.Reason = txn.CodeUnknown
	//mutant:approval-matches
	case !c.cfg.Profile.Matches(request, answer):
		v.Reason = txn.WrongAnswer
	default:
		v.Kind = txn.BankApproved
	}
	return v
}

// holds reports whether a code says that the bank has a payment under the number that it was asked about.
func (c *Client) holds(code string) bool {
	//mutant:taken-and-contradicted-is-not-ours
	return c.takes(code) || c.cfg.Profile.NumberTaken(code)
}

// refuses reports whether a code is one of those with which this bank says no.
func (c *Client) refuses(request iso8583.Message, code string) bool {
	_, _, void := c.cfg.Profile.IsVoid(request)
	_, _, refund := c.cfg.Profile.IsRefund(request)
	//mutant:unknown-code-is-no-refusal
	return c.cfg.Profile.Refuses(code, void || refund)
}

// fits reports whether an answer contradicts nothing that names its request; an approval in part has another amount.
func (c *Client) fits(request, answer iso8583.Message) bool {
	return c.cfg.Profile.Agrees(request, answer) || c.cfg.Profile.TakesPart(request, answer)
}

// takes reports whether a code says that the bank has taken money, all of it or a part.
func (c *Client) takes(code string) bool {
	//mutant:late-part-is-an-approval
	return c.cfg.Profile.Approves(code) || c.cfg.Profile.ApprovesInPart(code)
}

// trusted checks the MAC, and takes note where the bank wants a new sign-in,
// also from an answer that it could not sign.
func (c *Client) trusted(got arrival) bool {
	if c.cfg.Profile.WantsSignIn(got.message.Get(39)) {
		c.needSignIn()
	}
	c.mu.Lock()
	now, before := c.keys.MAK, c.before.MAK
	c.mu.Unlock()
	// An answer that was under way while the till signed in again has the key from before.
	return c.cfg.Profile.Genuine(got.message, got.body, now) || len(before) > 0 && c.cfg.Profile.Genuine(got.message, got.body, before)
}

// answerOf keeps what the bank said as it was, blanks included: it is said back so.
func answerOf(m iso8583.Message) txn.Answer {
	//mutant:kept-as-it-came
	return txn.Answer{ResponseCode: m.Get(39), RRN: m.Get(37), ApprovalCode: m.Get(38), HostTime: hostTime(m), Words: m.Words(), Raw: m.Redacted()}
}

func hostTime(m iso8583.Message) string {
	if !m.Has(12) || !m.Has(13) {
		return ""
	}
	return m.Get(13) + m.Get(12)
}

func trim(text string) string { return strings.TrimSpace(text) }

// arrived is called by the link for every whole frame, in order.
func (c *Client) arrived(body []byte) {
	kept := false
	defer func() {
		if !kept { // else whoever waits wipes it
			clear(body)
		}
	}()
	m, err := c.cfg.Profile.UnpackAnswer(body)
	if err != nil {
		c.unreadable(err)
		return
	}
	c.mu.Lock()
	c.unread = ""
	c.mu.Unlock()
	if !isAnswer(m.MTI) {
		c.counts.foreign.Add(1)
		return
	}
	//mutant:answer-to-this-terminal
	terminal := trim(m.Get(41))
	if terminal == "" { // a bank that does not say it means ours
		terminal = trim(c.cfg.Terminal)
	}
	//mutant:answer-has-its-stan/heard
	k := key{m.MTI[1], m.Get(11), terminal}
	got := arrival{m, body}
	c.mu.Lock()
	answer := c.waiting[k]
	delete(c.waiting, k)
	state := c.past.answered(k)
	if answer != nil { // it has room, and who gave up waiting looks there once more
		kept = true
		answer <- got
	}
	c.mu.Unlock()
	if answer != nil {
		c.counts.answered.Add(1)
		return
	}
	// What this run does not remember, the books may: a late answer finds its attempt over restarts, sign-ins and days.
	known := k.class == '2' && c.late(got)
	c.frame(m, "nobody waits for it")
	switch {
	case state == answeredBefore:
		c.counts.duplicate.Add(1)
	case state == unanswered, known:
		c.counts.late.Add(1)
	default:
		c.counts.foreign.Add(1)
	}
}

// unreadable notes which field of a frame could not be read: whoever sets the line up has to hear of it.
func (c *Client) unreadable(err error) {
	c.counts.unreadable.Add(1)
	_, where, _ := strings.Cut(err.Error(), ": ")
	c.mu.Lock()
	c.unread = where
	c.mu.Unlock()
	c.cfg.Log.Warn("answer not readable", "field", where)
	if c.cfg.Changed != nil {
		c.cfg.Changed()
	}
}

// late brings a genuine answer about money that nobody waits for any more to its attempt, found by line, number, and all that
// names a payment. It reports whether there is one.
func (c *Client) late(got arrival) bool {
	stan, err := strconv.ParseInt(got.message.Get(11), 10, 64)
	if err != nil || !c.trusted(got) {
		return false
	}
	doubtful := lateAnswer{}
	for _, o := range c.cfg.Books.Sent(c.Name(), stan) {
		t, err := c.transaction(o)
		if err != nil {
			continue
		}
		switch l := c.hear(o.Attempt, c.request(o.Attempt)(t), got.message); {
		case l.names:
			c.tell(l.id, messages.Late, got.message, c.request(o.Attempt)(t), verdictWord(l.verdict))
			c.cfg.Books.AnsweredLate(l.id, l.verdict)
			return true
		//mutant:late-answer-of-another-payment
		case doubtful.id == 0 && l.verdict.Kind == txn.NumberIsTaken && toTerminal(got.message, o.Attempt): // it has the number of the newest alone
			doubtful = l
		}
	}
	if doubtful.id == 0 {
		return false
	}
	c.tell(doubtful.id, messages.Late, got.message, iso8583.NewMessage(got.message.MTI), verdictWord(doubtful.verdict))
	c.cfg.Books.AnsweredLate(doubtful.id, doubtful.verdict)
	return true
}

// lateAnswer is what an answer that nobody waits for would have meant to an attempt.
type lateAnswer struct {
	id      txn.ID
	verdict txn.Verdict
	names   bool // it contradicts nothing that names the attempt
}

// hear is what a late answer means to an attempt whose request it fits by number.
func (c *Client) hear(a txn.Attempt, request, answer iso8583.Message) lateAnswer {
	l := lateAnswer{id: a.ID, verdict: c.meaning(request, answer)}
	l.names = l.verdict.Reason != txn.NotOurs && c.fits(request, answer)
	shown := answer.ShownPAN()
	//mutant:late-answer-of-another-card
	if l.names && c.holds(l.verdict.Answer.ResponseCode) && shown != "" && a.Card.Masked != "" && shown != a.Card.Masked { // the card number itself may be gone by now
		l.names, l.verdict.Kind, l.verdict.Reason = false, txn.NumberIsTaken, txn.NotOurs
	}
	//mutant:late-approval-is-known
	if l.names && c.takes(l.verdict.Answer.ResponseCode) {
		l.verdict.Kind = txn.BankApproved // also one that would be given up in time: it says that the bank has money
	}
	//mutant:late-and-stale
	l.verdict.Stale = c.beforeAsked(request, answer)
	return l
}

// toTerminal reports whether an answer is to the terminal of an attempt. One that names none means ours.
func toTerminal(answer iso8583.Message, a txn.Attempt) bool {
	named := trim(answer.Get(41))
	return named == "" || named == trim(a.Terminal)
}

// beforeAsked reports whether an answer tells a moment of the bank's from before its request left. Of a request of an earlier run nobody knows how long
// ago that was: the clock on the wall may have been set since, so that nothing is proved.
func (c *Client) beforeAsked(request, answer iso8583.Message) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	//mutant:a-late-moment-goes-by-no-wall-clock
	sent, known := c.past.left(asks(request))
	return known && c.clock.stale(request, answer, sent)
}

// isAnswer tells an answer's MTI from a request's: its third digit is odd.
func isAnswer(mti string) bool { return (mti[2]-'0')%2 == 1 }

// pastSize is how many messages are remembered for telling late from duplicate from foreign.
const pastSize = 1024

type pastState int

const (
	neverAsked pastState = iota
	unanswered
	answeredBefore
)

// past remembers the latest messages, when they left first, and which were answered.
type past struct {
	ring  []key // grows to pastSize
	next  int
	known map[key]asking
}

// asking is when a message left first, with a monotonic reading, and whether it was answered.
type asking struct {
	left     time.Time
	answered bool
}

func (p *past) asked(k key, now time.Time) {
	if p.known == nil {
		p.known = map[key]asking{}
	}
	if before, again := p.known[k]; again { // a repeated reversal
		p.known[k] = asking{left: before.left}
		return
	}
	if len(p.ring) < pastSize {
		p.ring = append(p.ring, k)
	} else {
		delete(p.known, p.ring[p.next])
		p.ring[p.next] = k
		p.next = (p.next + 1) % pastSize
	}
	p.known[k] = asking{left: now}
}

// left is when a message left first; known is false of one of an earlier run, or of long ago.
func (p *past) left(k key) (at time.Time, known bool) {
	asked, known := p.known[k]
	return asked.left, known
}

func (p *past) answered(k key) pastState {
	switch asked, known := p.known[k]; {
	case !known:
		return neverAsked
	case asked.answered:
		return answeredBefore
	default:
		p.known[k] = asking{left: asked.left, answered: true}
	}
	return unanswered
}

// reversalCode is DE39 of a reversal: 98 no reply, A0 bad MAC, 06 anything else
// (UnionPay POS specification, reasons for a reversal).
func reversalCode(r txn.Reason) string {
	switch r {
	case txn.BadMAC:
		return "A0"
	case txn.NoAnswer, txn.LinkLost, txn.CutByRestart, txn.NoReason:
		return "98"
	default:
		return "06"
	}
}
