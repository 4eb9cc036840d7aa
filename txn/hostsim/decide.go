package hostsim

import (
	"crypto/rand"
	"fmt"

	"veratill/txn/iso8583"
)

// admit reads a request about money, proves its MAC and finds the rule for it. What
// can't be read or trusted is answered here and goes no further.
func (h *Host) admit(l *line, r request) (Line, Rule, bool) {
	row, err := lineOf(h.cfg.Profile, r.Message)
	if err != nil {
		h.reply(l, r, h.answer(r, "30"))
		return row, Rule{}, false
	}
	if !h.cfg.Profile.Genuine(r.Message, r.body, h.mak(r)) {
		h.reply(l, r, h.answer(r, "A0"))
		return row, Rule{}, false
	}
	rule := h.rule(r, row.AmountMinor, row.Type == "void")
	if rule.Do == CutBefore {
		l.conn.Close()
	}
	return row, rule, rule.Do != CutBefore
}

// mute ends a line whose request could not be written down: what is not durable is not answered (rule 11).
func (h *Host) mute(l *line, err error) {
	h.say("the ledger can't be written, so nothing is answered: " + err.Error())
	l.conn.Close()
}

// financial decides on a sale or a void, writes the book, and only then lets the answer out.
func (h *Host) financial(l *line, r request) {
	row, rule, ok := h.admit(l, r)
	if !ok {
		return
	}
	h.mu.Lock()
	m, err := h.book(r, row, rule)
	h.mu.Unlock()
	if err != nil {
		h.mute(l, err)
		return
	}
	h.act(l, r, m, rule)
}

// book writes what the bank decides. It holds the lock.
func (h *Host) book(r request, row Line, rule Rule) (iso8583.Message, error) {
	if was, known := h.ledger.rows[row.key()]; known {
		if was.State == Reversed { // its reversal came first and is remembered (rule 12)
			return h.answer(r, "12"), nil
		}
		return h.answer(r, "94"), nil // a request that was sent twice
	}
	row.RRN, row.State, row.ResponseCode = h.ledger.nextRRN(), Approved, "00"
	if text, ok := rule.Fields[37]; ok {
		row.RRN = text
	}
	var also []Line
	if rule.Do == Decline {
		row.State, row.ResponseCode = Declined, rule.Code
	} else if row.Type == "void" {
		original, code := h.voidable(r, row)
		if code != "00" {
			row.State, row.ResponseCode = Declined, code
		} else {
			original.State = Reversed
			also = append(also, original)
		}
	}
	if row.State == Approved {
		row.ApprovalCode = approvalCode()
		if text, ok := rule.Fields[38]; ok {
			row.ApprovalCode = text
		}
	}
	if err := h.ledger.write(append([]Line{row}, also...)...); err != nil {
		return iso8583.Message{}, err
	}
	return h.answer(r, row.ResponseCode).Set(37, row.RRN).Set(38, row.ApprovalCode), nil
}

// voidable finds what a void undoes, and says in DE39 why it can't.
func (h *Host) voidable(r request, row Line) (Line, string) {
	batch, stan, _ := h.cfg.Profile.IsVoid(r.Message)
	original, ok := h.ledger.rows[ledgerKey{row.Terminal, batch, stan}]
	switch {
	case !ok || original.Type != "sale":
		return original, "25"
	case original.State != Approved:
		return original, "12"
	case original.AmountMinor != row.AmountMinor:
		return original, "64"
	case r.Has(37) && r.Get(37) != original.RRN, r.Has(38) && r.Get(38) != original.ApprovalCode:
		return original, "25" // it names another payment than the one under this number
	}
	return original, "00"
}

// reversal undoes an attempt, or remembers that it has to be refused when it comes.
func (h *Host) reversal(l *line, r request) {
	row, rule, ok := h.admit(l, r)
	if !ok {
		return
	}
	h.mu.Lock()
	code, err := h.undo(row)
	late := h.late[row.key()]
	h.mu.Unlock()
	if err != nil {
		h.mute(l, err)
		return
	}
	if late != nil { // the till has given up: now the answer is late
		late.send(l)
	}
	if rule.Do == Decline {
		code = rule.Code
	}
	h.act(l, r, h.answer(r, code), rule)
}

func (h *Host) undo(row Line) (code string, err error) {
	was, known := h.ledger.rows[row.key()]
	switch {
	case !known:
		row.State = Reversed
		//mutant:early-reversal-is-remembered
		return "25", h.ledger.write(row)
	case was.State == Declined:
		return "12", nil
	case was.State == Reversed:
		return "00", nil // a repeat gets the same answer
	}
	was.State = Reversed
	lines := []Line{was}
	if was.Type == "void" { // the sale that it had undone stands again
		original := h.ledger.rows[ledgerKey{was.Terminal, was.Batch, was.Original}]
		original.State = Approved
		lines = append(lines, original)
	}
	return "00", h.ledger.write(lines...)
}

// approvalCode is DE38: six digits that nobody can guess.
func approvalCode() string {
	var b [4]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "000000"
	}
	return fmt.Sprintf("%06d", (uint32(b[0])<<16|uint32(b[1])<<8|uint32(b[2]))%1_000_000)
}
