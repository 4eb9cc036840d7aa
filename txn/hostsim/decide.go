package hostsim

import (
	"crypto/rand"
	"fmt"

	"veratill/txn/hostsim/bank"
	"veratill/txn/iso8583"
)

// admit reads a request about money, proves its MAC and finds the rule for it. What
// can't be read or trusted is answered here and goes no further.
func (h *Host) admit(l *line, r request) (bank.Request, Rule, bool) {
	asked, err := bank.Read(h.cfg.Profile, r.Message)
	if err != nil {
		h.reply(l, r, h.answer(r, "30"))
		return asked, Rule{}, false
	}
	if !h.cfg.Profile.Genuine(r.Message, r.body, h.mak(r)) {
		h.reply(l, r, h.answer(r, "A0"))
		return asked, Rule{}, false
	}
	rule := h.rule(r, asked.AmountMinor, asked.Kind == bank.Void)
	if rule.Do == CutBefore {
		l.conn.Close()
	}
	return asked, rule, rule.Do != CutBefore
}

// mute ends a line whose request could not be written down: what is not durable is not answered (rule 11).
func (h *Host) mute(l *line, err error) {
	h.say("the ledger can't be written, so nothing is answered: " + err.Error())
	l.conn.Close()
}

// money decides on a sale, a void or a reversal, writes the book, and only then lets the answer out.
func (h *Host) money(l *line, r request) {
	asked, rule, ok := h.admit(l, r)
	if !ok {
		return
	}
	h.mu.Lock()
	m, err := h.decide(r, asked, rule)
	late := h.late[asked.Key]
	h.mu.Unlock()
	if err != nil {
		h.mute(l, err)
		return
	}
	if asked.Reversal && late != nil { // the till has given up: now the answer is late
		late.send(l)
	}
	h.act(l, r, m, rule)
}

// decide writes what the bank decides, and returns its answer. It holds the lock.
func (h *Host) decide(r request, asked bank.Request, rule Rule) (iso8583.Message, error) {
	if rule.Do == Decline && !asked.Reversal {
		asked.RefuseWith = rule.Code
	}
	if asked.Date == "" {
		asked.Date = h.cfg.Now().Format("0102")
	}
	if h.double(r, asked) {
		asked.RefuseWith = "94"
	}
	source := rule.source(h.source())
	before, known := h.ledger.book.AsBefore(asked)
	if rule.Do == AsBefore && known {
		return before.Answer(h.cfg.Profile, r.Message, source), nil
	}
	d := h.ledger.book.Decide(h.cfg.Profile, asked, source)
	if err := h.ledger.write(d.Rows...); err != nil {
		return iso8583.Message{}, err
	}
	if rule.Do == Decline && asked.Reversal { // it is done, and the bank says something else
		d.Code = rule.Code
	}
	return d.Answer(h.cfg.Profile, r.Message, source), nil
}

// settle decides on a 0500 or a 0320, writes the book, and only then lets the answer out.
func (h *Host) settle(l *line, r request) {
	rule := h.rule(r, number(r.Get(4)), false)
	if rule.Do == CutBefore {
		l.conn.Close()
		return
	}
	h.mu.Lock()
	d := h.ledger.book.DecideClosing(h.cfg.Profile, r.Message, rule.Do == CutOff)
	if rule.Do == Decline { // it is done, and the bank says something else
		d.Code = rule.Code
	}
	err := h.ledger.writeClosing(d)
	m := d.Answer(h.cfg.Profile, r.Message, h.source())
	h.mu.Unlock()
	if err != nil {
		h.mute(l, err)
		return
	}
	h.act(l, r, m, rule)
}

// double reports whether a bank that looks for the same card and amount takes a sale for a second try of the one before. The caller holds the lock.
func (h *Host) double(r request, asked bank.Request) bool {
	if !h.cfg.Doubles || asked.Reversal || asked.Kind != bank.Sale {
		return false
	}
	now := sold{r.Get(2) + r.Get(35), asked.AmountMinor}
	before := h.last
	h.last = now
	return now == before
}

// sold is what a bank that looks for doubles remembers of the last sale; in memory alone.
type sold struct {
	card        string
	amountMinor int64
}

// source is where the values of an answer come from, if not from a rule. The caller holds the lock.
func (h *Host) source() bank.Source {
	if h.cfg.Values != nil {
		return h.cfg.Values
	}
	return func(f iso8583.Field) string {
		switch f.Number {
		case 12:
			return h.cfg.Now().Format("150405")
		case 13:
			return h.cfg.Now().Format("0102")
		case 37:
			return h.ledger.nextRRN()
		case 38:
			return approvalCode()
		}
		return ""
	}
}

// source lets a rule say the values that it names, also an RRN that another payment has.
func (r Rule) source(otherwise bank.Source) bank.Source {
	return func(f iso8583.Field) string {
		if text, named := r.Fields[f.Number]; named {
			return text
		}
		return otherwise(f)
	}
}

// approvalCode is DE38: six digits that nobody can guess.
func approvalCode() string {
	var b [4]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "000000"
	}
	return fmt.Sprintf("%06d", (uint32(b[0])<<16|uint32(b[1])<<8|uint32(b[2]))%1_000_000)
}
