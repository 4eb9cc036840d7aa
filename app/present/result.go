package present

import "veratill/txn"

// Result puts the end of a payment, a void or a cash sale into words.
func (w *Words) Result(r Result, undoing bool) Message {
	if r.Attempt.ID == 0 {
		return w.notBegun(r)
	}
	m := w.Attempt(r.Attempt)
	if r.Code != "" && r.Attempt.State == txn.Declined {
		m.What = w.reason(r.Code)
	}
	if undoing && r.Attempt.State == txn.Approved {
		m.Next = w.Sentences(w.Text("result.undo-late"), m.Next)
	}
	if r.Detail != "" {
		m.Small = joined(m.Small, r.Detail)
	}
	return m
}

// notBegun is a result without an attempt: no request left, so no money moved.
func (w *Words) notBegun(r Result) Message {
	m := Message{Tone: Warning, What: w.reason(r.Code), Charged: w.Text("charged.no"),
		Next: w.Text("code.next"), Small: joined(r.Code, r.Detail)}
	if next := "code." + slug(r.Code) + ".next"; w.Has(next) {
		m.Next = w.Text(next)
	}
	switch r.Charged {
	case txn.ChargedUnknown:
		m.Tone, m.Charged, m.Next = Unknown, w.Text("charged.unknown"), w.Text("result.unknown.next")
	case txn.ChargedYes:
		m.Tone, m.Charged, m.Next = Warning, w.Text("charged.yes-plain"), w.Text("result.look-in-day")
	}
	if r.Code == "cancelled" {
		m.Tone = Plain
	}
	return m
}

func (w *Words) reason(code string) string {
	if key := "code." + slug(code); code != "" && w.Has(key) {
		return w.Text(key)
	}
	return w.Text("code.other")
}

// Attempt puts an attempt as it is now into words.
func (w *Words) Attempt(a txn.Attempt) Message {
	if a.Tender == txn.External {
		return w.external(a)
	}
	if a.Kind == txn.Void {
		return w.void(a)
	}
	amount := Money(a.Amount.Minor, a.Amount.Currency)
	m := Message{Tone: toneOf(a.State), Small: w.small(a)}
	switch a.State {
	case txn.Approved:
		m.What = w.Text("result.approved." + string(a.Tender))
		m.Charged = w.Text("charged.yes."+string(a.Tender), "amount", amount)
		m.Next = w.paper(a)
	case txn.Declined:
		m.What = w.bankSays(a.Answer.ResponseCode)
		m.Charged = w.Text("charged.no")
		m.Next = w.Text("result.declined.next")
	case txn.Pending:
		m.What, m.Charged, m.Next = w.Text("result.pending"), w.Text("charged.unknown"), w.Text("result.pending.next")
	case txn.Reversing:
		m.What = w.why(a.Reason)
		if a.Reason == txn.CodeUnknown && w.Has("bank."+a.Answer.ResponseCode) {
			m.What = w.bankSays(a.Answer.ResponseCode)
		}
		m.Charged = w.Text("charged.unknown")
		m.Next = w.asking(a)
	case txn.Reversed:
		m.What = w.Text("result.reversed")
		m.Charged = w.Text("charged.no")
		m.Next = w.Text("result.reversed.next")
		if a.Reason == txn.CannotPack {
			m.What, m.Next = w.why(a.Reason), w.Text("result.unsent.next")
		}
	case txn.Voided:
		m.What = w.Text("result.voided")
		m.Charged = w.Text("charged.back", "amount", amount)
		m.Next = w.Text("result.nothing-to-do")
	}
	return m
}

// external tells of a payment, or a void, at a terminal that stands alone: what it showed, by a person's word, and that
// its slip says where the money is.
func (w *Words) external(a txn.Attempt) Message {
	amount := Money(a.Amount.Minor, a.Amount.Currency)
	m := Message{Tone: toneOf(a.State), Small: w.small(a), Charged: w.Text("charged.elsewhere", "amount", amount)}
	key := "external."
	if a.Kind == txn.Void {
		key = "external-void."
	}
	m.What, m.Next = w.Text(key+string(a.State)), w.Text(key+string(a.State)+".next")
	if a.Concluded() {
		m.Next = w.Sentences(m.Next, w.paper(a))
	}
	return m
}

// void tells of the undoing of a payment: "charged" is then about the original.
func (w *Words) void(a txn.Attempt) Message {
	amount := Money(a.Amount.Minor, a.Amount.Currency)
	m := Message{Tone: toneOf(a.State), Small: w.small(a)}
	switch a.State {
	case txn.Approved:
		m.What, m.Next = w.Text("void.approved"), w.paper(a)
		m.Charged = w.Text("charged.back."+string(a.Tender), "amount", amount)
	case txn.Declined:
		m.What, m.Next = w.Text("void.declined"), w.Text("void.declined.next")
		m.Charged = w.Text("charged.still", "amount", amount)
	case txn.Reversed:
		m.Tone = Warning
		m.What, m.Next = w.Text("void.reversed"), w.Text("void.declined.next")
		m.Charged = w.Text("charged.still", "amount", amount)
		if a.Reason == txn.CannotPack {
			m.What, m.Next = w.why(a.Reason), w.Text("void.unsent.next")
		}
	default:
		m.Tone = Unknown
		m.What, m.Next = w.Text("void.unknown"), w.asking(a)
		m.Charged = w.Text("charged.back-unknown")
	}
	return m
}

// why says why an attempt was given up, in the present tense and without blame.
func (w *Words) why(r txn.Reason) string {
	if key := "reason." + slug(string(r)); r != txn.NoReason && w.Has(key) {
		return w.Text(key)
	}
	return w.Text("reason.no-answer")
}

// asking says what the till does about a payment that is not known yet.
func (w *Words) asking(a txn.Attempt) string {
	if a.Unsent != "" {
		return w.Text("result.unknown.unsent")
	}
	if a.Tries > txn.TellAfterTries {
		return w.Counted("result.unknown.long", a.Tries)
	}
	return w.Text("result.unknown.next")
}

// paper says what became of the receipt. It never changes what was said of the money.
func (w *Words) paper(a txn.Attempt) string {
	return w.Text("paper." + slug(string(a.Paper)) + ".next")
}

// bankSays puts DE39 into words for the cashier. Codes about the card itself,
// lost and stolen ones among them, all read alike: the customer may see the screen.
func (w *Words) bankSays(code string) string {
	if key := "bank." + code; code != "" && w.Has(key) {
		return w.Text(key)
	}
	return w.Text("result.declined")
}

// small is the small print: code, STAN and RRN.
func (w *Words) small(a txn.Attempt) string {
	text, bank := w.Text("small.number", "n", a.ID.String()), a.Answer.Shown()
	if bank.RRN != "" {
		text = joined(text, "RRN "+bank.RRN)
	}
	if bank.ApprovalCode != "" {
		text = joined(text, w.Text("small.approval", "code", bank.ApprovalCode))
	}
	if bank.ResponseCode != "" {
		text = joined(text, w.Text("small.code", "code", bank.ResponseCode))
	}
	text = joined(text, a.Unsent)
	if a.Card.Masked != "" {
		text = joined(text, joinedBy(" ", a.Card.Scheme, a.Card.Masked))
	}
	return text
}

func joined(a, b string) string { return joinedBy(" · ", a, b) }

func joinedBy(by, a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + by + b
}

// PayAgain reports whether the same goods may be paid another way after this
// result: only when it is known that nothing was taken.
func PayAgain(r Result) bool {
	if r.Attempt.ID == 0 {
		return r.Charged == txn.ChargedNo
	}
	return r.Attempt.Kind == txn.Sale && (r.Attempt.State == txn.Declined || r.Attempt.State == txn.Reversed)
}
