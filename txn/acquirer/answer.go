package acquirer

import (
	"strings"

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
	//mutant:answer-agrees
	case !c.cfg.Profile.Agrees(request, got.message), a.ResponseCode == "":
		return c.wrong(a)
	//mutant:seen-before-is-no-refusal
	case a.ResponseCode == "94":
		// "Seen before": the bank holds an attempt of this number whose first answer
		// never came here. It may have been an approval, so that this is no refusal.
		return c.wrong(a)
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
	return txn.Verdict{Kind: txn.BankApproved, Answer: a}
}

// refuses reports whether a code is one of those with which this bank says no.
func (c *Client) refuses(request iso8583.Message, code string) bool {
	_, _, void := c.cfg.Profile.IsVoid(request)
	//mutant:unknown-code-is-no-refusal
	return c.cfg.Profile.Refuses(code, void)
}

func (c *Client) wrong(a txn.Answer) txn.Verdict {
	c.counts.wrong.Add(1)
	return txn.Verdict{Kind: txn.GaveUp, Reason: txn.WrongAnswer, Answer: a}
}

// trusted checks the MAC, and takes note where the bank wants a new sign-in,
// also from an answer that it could not sign.
func (c *Client) trusted(got arrival) bool {
	if c.cfg.Profile.WantsSignIn(got.message.Get(39)) {
		c.needSignIn()
	}
	c.mu.Lock()
	mak := c.keys.MAK
	c.mu.Unlock()
	return c.cfg.Profile.Genuine(got.message, got.body, mak)
}

// answerOf keeps what the bank said as it was, blanks included: it is said back so.
func answerOf(m iso8583.Message) txn.Answer {
	//mutant:kept-as-it-came
	return txn.Answer{ResponseCode: m.Get(39), RRN: m.Get(37), ApprovalCode: m.Get(38), HostTime: hostTime(m), Raw: m.Redacted()}
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
	m, err := c.cfg.Profile.Unpack(body)
	if err != nil {
		c.counts.unreadable.Add(1)
		return
	}
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
	id, state := c.past.answered(k)
	c.mu.Unlock()
	switch {
	case answer != nil:
		c.counts.answered.Add(1)
		answer <- got
	case state == neverAsked:
		c.counts.foreign.Add(1)
	case state == answeredBefore:
		c.counts.duplicate.Add(1)
	default:
		c.late(k, id, got)
	}
}

// late passes a genuine late answer about money on as evidence. It changes nothing.
func (c *Client) late(k key, id txn.ID, got arrival) {
	c.counts.late.Add(1)
	if k.class == '2' && c.trusted(got) {
		c.cfg.Books.AnsweredLate(id, answerOf(got.message))
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
	known map[key]*asked
}

type asked struct {
	id       txn.ID
	answered bool
}

func (p *past) asked(k key, id txn.ID) {
	if p.known == nil {
		p.known = map[key]*asked{}
	}
	if was := p.known[k]; was != nil { // a repeated reversal
		was.id, was.answered = id, false
		return
	}
	if len(p.ring) < pastSize {
		p.ring = append(p.ring, k)
	} else {
		delete(p.known, p.ring[p.next])
		p.ring[p.next] = k
		p.next = (p.next + 1) % pastSize
	}
	p.known[k] = &asked{id: id}
}

func (p *past) answered(k key) (txn.ID, pastState) {
	was := p.known[k]
	switch {
	case was == nil:
		return 0, neverAsked
	case was.answered:
		return was.id, answeredBefore
	}
	was.answered = true
	return was.id, unanswered
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
