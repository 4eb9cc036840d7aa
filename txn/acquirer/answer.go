package acquirer

import (
	"strconv"
	"strings"
	"time"

	"veratill/txn"
	"veratill/txn/iso8583"
)

// judge decides what an answer to a request means. An approval counts only if its
// MAC holds and it brings back what was asked; anything doubtful is given up, and owes a reversal.
func (c *Client) judge(request iso8583.Message, got arrival) txn.Verdict {
	a := answerOf(got.message)
	switch {
	//mutant:answer-is-signed
	case !c.trusted(got):
		c.counts.badMAC.Add(1)
		return txn.Verdict{Kind: txn.GaveUp, Reason: txn.BadMAC, Answer: a}
	//mutant:another-payment-is-not-ours
	case c.holds(a.ResponseCode) && c.cfg.Profile.Contradicts(request, got.message):
		// A bank that answers a number which it knows with what it said first says what names that payment: maybe another's.
		c.counts.wrong.Add(1)
		return txn.Verdict{Kind: txn.NumberIsTaken, Reason: txn.NotOurs, Answer: a, Compares: c.cfg.Compares}
	//mutant:answer-agrees
	case !c.cfg.Profile.Agrees(request, got.message), a.ResponseCode == "":
		return c.wrong(a)
	//mutant:seen-before-is-no-refusal
	case c.cfg.Profile.NumberTaken(a.ResponseCode):
		// The bank holds a payment of this number: this one, where the network sent it twice and the first answer never came
		// here; or another's. It is no refusal, and no reversal is owed for what may be another's.
		return txn.Verdict{Kind: txn.NumberIsTaken, Answer: a, Compares: c.cfg.Compares}
	//mutant:part-is-no-approval
	case c.cfg.Profile.ApprovesInPart(a.ResponseCode):
		return txn.Verdict{Kind: txn.GaveUp, Reason: txn.PartialAmount, Answer: a}
	case c.refuses(request, a.ResponseCode):
		return txn.Verdict{Kind: txn.BankDeclined, Answer: a}
	case !c.cfg.Profile.Approves(a.ResponseCode):
		return txn.Verdict{Kind: txn.GaveUp, Reason: txn.CodeUnknown, Answer: a}
	//mutant:approval-matches
	case !c.cfg.Profile.Matches(request, got.message):
		return c.wrong(a)
	}
	return txn.Verdict{Kind: txn.BankApproved, Answer: a, Compares: c.cfg.Compares}
}

// holds reports whether a code says that the bank has a payment under the number that it was asked about.
func (c *Client) holds(code string) bool {
	//mutant:taken-and-contradicted-is-not-ours
	return c.cfg.Profile.Approves(code) || c.cfg.Profile.NumberTaken(code)
}

// refuses reports whether a code is one of those with which this bank says no.
func (c *Client) refuses(request iso8583.Message, code string) bool {
	_, _, void := c.cfg.Profile.IsVoid(request)
	//mutant:unknown-code-is-no-refusal
	return c.cfg.Profile.Refuses(code, void)
}

func (c *Client) wrong(a txn.Answer) txn.Verdict {
	c.counts.wrong.Add(1)
	return txn.Verdict{Kind: txn.GaveUp, Reason: txn.WrongAnswer, Answer: a, Compares: c.cfg.Compares}
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
	for _, o := range c.cfg.Books.Sent(c.Name(), stan) {
		t, err := c.transaction(o)
		if err != nil {
			continue
		}
		if request := c.cfg.Profile.Financial(t); c.cfg.Profile.Agrees(request, got.message) || c.cfg.Profile.TakesPart(request, got.message) {
			e := txn.Event{Kind: txn.AnsweredLate, Answer: answerOf(got.message)}
			//mutant:late-approval-is-known
			//mutant:late-part-is-an-approval
			if c.cfg.Profile.Approves(e.Answer.ResponseCode) || c.cfg.Profile.ApprovesInPart(e.Answer.ResponseCode) {
				e.Kind = txn.BankApprovedLate // also one that would be given up in time: it says that the bank has money
			}
			c.tellLate(o.Attempt.ID, e, lateTells)
			return true
		}
	}
	return false
}

// A late answer may overtake the verdict of its attempt, which is being made durable: then it is told again.
const (
	lateTells = 100
	lateAgain = 100 * time.Millisecond
)

func (c *Client) tellLate(id txn.ID, e txn.Event, tells int) {
	if c.cfg.Books.AnsweredLate(id, e) && tells > 1 {
		time.AfterFunc(lateAgain, func() { c.tellLate(id, e, tells-1) })
	}
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

// past remembers the latest messages, and which were answered.
type past struct {
	ring  []key // grows to pastSize
	next  int
	known map[key]bool // whether it was answered
}

func (p *past) asked(k key) {
	if p.known == nil {
		p.known = map[key]bool{}
	}
	if _, again := p.known[k]; again { // a repeated reversal
		p.known[k] = false
		return
	}
	if len(p.ring) < pastSize {
		p.ring = append(p.ring, k)
	} else {
		delete(p.known, p.ring[p.next])
		p.ring[p.next] = k
		p.next = (p.next + 1) % pastSize
	}
	p.known[k] = false
}

func (p *past) answered(k key) pastState {
	switch answered, known := p.known[k]; {
	case !known:
		return neverAsked
	case answered:
		return answeredBefore
	}
	p.known[k] = true
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
