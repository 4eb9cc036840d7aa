package present

import (
	"slices"
	"strconv"

	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// Result puts the end of a payment, a void or a cash sale into words.
func (w *Words) Result(r Result, undoing bool) Message {
	switch {
	case !r.Begun() && r.Undoes.Attempt.ID != 0:
		return w.voidNotBegun(r)
	case !r.Begun():
		return w.notBegun(r)
	}
	m := w.Matter(r.Matter())
	m.Small = joined(w.demoMark(r.Matter().Demo()), m.Small)
	if r.Code != "" && r.Attempt.State == txn.Declined {
		m.What = w.reason(r.Code)
	}
	if undoing && r.Attempt.State == txn.Approved {
		m.Next = w.Sentences(w.Text("result.undo-late"), m.Next)
	}
	m.Detail = joined(m.Detail, r.Detail)
	return m
}

// Undone puts the end of undoing a sale that was paid in part into words: what went back, or what still stands.
func (w *Words) Undone(r Result) Message {
	b := r.Bill
	m := Message{}
	if b.SaleID != 0 {
		m.Small = w.Text("sale.number", "n", strconv.FormatInt(b.SaleID, 10))
	}
	left := Money(b.TakenMinor(), b.Total.Currency)
	switch {
	//mutant:only-a-dropped-sale-is-undone
	case b.State != txn.BillPartPaid && b.State != txn.BillDropped && !b.Waits(): // the books have it otherwise, or can't be read
		m.Tone, m.What, m.Charged, m.Next = Unknown, w.Text("sale.undo-failed"), w.Text("charged.unknown"), w.Text("result.look-in-day")
		if r.unsaved() {
			m.Next = w.Text("result.unsaved.next")
		}
	case b.Waits():
		m.Tone, m.What, m.Charged, m.Next = Unknown, w.Text("sale.undo-unknown"), w.Text("charged.unknown"), w.Text("sale.waits")
	case b.State == txn.BillPartPaid:
		m.Tone, m.What, m.Charged, m.Next = Bad, w.Text("sale.undo-failed"), w.Text("charged.still", "amount", left), w.Text("sale.undo-failed.next")
		if next := "code." + slug(r.Code) + ".next"; r.Code != "" && w.Has(next) {
			m.Next = w.Sentences(m.Next, w.Text(next))
		}
	//mutant:undone-with-an-unresolved-part
	case len(b.In(txn.Unresolved)) > 0:
		m.Tone, m.What, m.Charged, m.Next = Unknown, w.Text("sale.undo-unknown"), w.Text("charged.unknown"), w.Text("result.unresolved.next")
	default:
		m.Tone, m.What, m.Charged, m.Next = Good, w.Text("sale.undone"), w.Text("charged.no"), w.Text("result.nothing-to-do")
		if len(b.Parts) > 0 && slices.ContainsFunc(b.Parts, func(p txn.Part) bool { return p.Kind == txn.Void && p.Tender == txn.External }) {
			m.Charged = w.Text("sale.undone-terminal")
		}
	}
	if r.Code != "" {
		m.Small, m.Detail = joined(m.Small, w.reason(r.Code)), r.Detail
	}
	return m
}

// notBegun is a result without an attempt: no request left, so no money moved.
func (w *Words) notBegun(r Result) Message {
	m := Message{Tone: Warning, What: w.reason(r.Code), Charged: w.Text("charged.no"),
		Next: w.Text("code.next"), Detail: joined(r.Code, r.Detail)}
	if next := "code." + slug(r.Code) + ".next"; w.Has(next) {
		m.Next = w.Text(next)
	}
	switch {
	//mutant:what-the-books-refuse-is-not-under-way
	case r.Code == "books differ": // nothing was begun, and nothing is under way
		m.Charged = w.Text("charged.nothing-moved")
	case r.Charged == txn.ChargedUnknown:
		m.Tone, m.Charged, m.Next = Unknown, w.Text("charged.unknown"), w.Text("result.unknown.next")
		//mutant:what-could-not-be-saved-is-not-reversed
		if r.unsaved() {
			m.Next = w.Text("result.unsaved.next")
		}
	case r.Charged == txn.ChargedYes:
		m.Tone, m.Charged, m.Next = Warning, w.Text("charged.yes-plain"), w.Text("result.look-in-day")
	}
	if r.Code == "cancelled" {
		m.Tone = Plain
	}
	//mutant:a-part-not-begun-says-what-is-taken
	if b := r.Bill; r.Charged == txn.ChargedNo && b.State == txn.BillPartPaid { // the customer is charged for other parts
		m.Charged = w.Text("sale.part-not-charged", "taken", Money(b.TakenMinor(), b.Total.Currency))
	}
	return m
}

// unsaved reports whether this computer could not save what was to be done, so that the next start alone says what became of it.
func (r Result) unsaved() bool { return r.Code == "journal failed" || r.Code == "disk full" }

// voidNotBegun is a void that was refused here: the payment stands as it did, and whoever pays out cash now pays twice.
func (w *Words) voidNotBegun(r Result) Message {
	m, a := w.notBegun(r), r.Undoes.Attempt
	m.Tone = Warning
	amount := Money(a.Amount.Minor, a.Amount.Currency)
	switch charged := r.Charged; {
	case a.Tender.ByWord():
		m.Charged = w.Text("charged.elsewhere"+ofVoucher(a), "amount", amount)
	//mutant:a-void-that-was-not-begun-says-charged
	case charged == txn.ChargedYes:
		m.Charged = w.stillCharged(r.Undoes.Bill, a.ID, a.Tender, a.Amount)
	case charged == txn.ChargedUnknown:
		m.Tone, m.Charged = Unknown, w.Text("charged.back-unknown")
		if !r.unsaved() && r.Code != "books differ" {
			m.Next = w.Text("result.look-in-day")
		}
	default:
		m.Charged = w.Text("charged.no")
	}
	return m
}

func (w *Words) reason(code string) string {
	if key := "code." + slug(code); code != "" && w.Has(key) {
		return w.Text(key)
	}
	return w.Text("code.other")
}

// Matter puts an attempt as it is now into words, or a sale of 0.00.
func (w *Words) Matter(of txn.Matter) Message {
	a := of.Attempt
	switch {
	case a.ID == 0:
		return Message{Tone: toneOfBill(of.Bill.State), What: w.Text("result.given"), Charged: w.Text("charged.no"), Next: w.paper(of),
			Small: w.Text("sale.number", "n", strconv.FormatInt(of.Bill.SaleID, 10))}
	case a.Tender.ByWord():
		return w.byWord(of)
	case a.Kind == txn.Void:
		return w.void(of)
	case a.Kind == txn.Refund:
		return w.refund(of)
	}
	if m, is := w.unconfirmed(a); is {
		return m
	}
	amount := Money(a.Amount.Minor, a.Amount.Currency)
	m := Message{Tone: toneOf(a.State), Small: w.small(a), Detail: a.Unsent}
	switch a.State {
	case txn.Approved:
		m.What = w.Text("result.approved." + string(a.Tender))
		m.Charged = w.Text("charged.yes."+string(a.Tender), "amount", amount)
		m.Next = w.paper(of)
	case txn.Declined:
		m.What = w.saysNo(a)
		m.Charged = w.Text("charged.no")
		m.Next = w.Text(ofTender(a, "result.declined.next"))
		if a.Reason == txn.NumberTaken {
			m.What = w.Text("result.number-anothers")
		}
	case txn.Pending:
		m.What, m.Charged, m.Next = w.Text("result.pending"), w.Text("charged.unknown-of", "amount", amount), w.Text("result.pending.next")
	case txn.Reversing:
		m.What = w.why(a)
		if a.Tender == txn.Card && a.Reason == txn.CodeUnknown && w.Has("bank."+a.Answer.ResponseCode) {
			m.What = w.bankSays(a.Answer.ResponseCode)
		}
		m.Charged = w.Text("charged.unknown-of", "amount", amount)
		m.Next = w.asking(a)
	case txn.Unresolved:
		m.What, m.Charged, m.Next = w.unresolved(a), w.Text("charged.unknown-of", "amount", amount), w.Text(ofTender(a, "result.unresolved.next"))
	case txn.Kept:
		m.What, m.Charged, m.Next = w.Text("result.kept"), w.Text("charged.kept", "amount", amount), w.Text("result.kept.next")
	case txn.Reversed:
		w.reversed(&m, a)
	case txn.Voided:
		m.What = w.Text("result.voided")
		m.Charged = w.Text("charged.back", "amount", amount)
		m.Next = w.Text("result.nothing-to-do")
	}
	//mutant:a-doubtful-void-is-said
	if a.State == txn.Approved && of.Charged() == txn.ChargedUnknown { // a void of it may have given the money back
		m.Tone, m.Charged, m.Next = Unknown, w.Text("charged.back-unknown"), w.Text("result.unresolved.next")
		if of.Bill.Waits() {
			m.Next = w.Text("result.unknown.next")
		}
	}
	if back := of.Bill.BackOf(a.ID); a.State == txn.Approved && back.RefundedMinor+back.UnknownMinor > 0 && of.Charged() != txn.ChargedUnknown {
		m.Charged = w.Sentences(m.Charged, w.refunded(of.Bill, a.ID))
		if back.UnknownMinor > 0 {
			m.Tone = Unknown
		}
	}
	if b := of.Bill; b.State == txn.BillPartPaid && (a.State == txn.Declined || a.State == txn.Reversed) { // the customer is charged for other parts
		m.Charged = w.Text("sale.part-not-charged", "taken", Money(b.TakenMinor(), b.Total.Currency))
	}
	return m
}

// unconfirmed tells of a payment that its line has not confirmed, or undid by itself: no void of ours did.
func (w *Words) unconfirmed(a txn.Attempt) (m Message, is bool) {
	m = Message{Small: w.small(a), Detail: a.Unsent}
	switch {
	case a.AwaitsLine():
		m.Tone, m.What, m.Charged, m.Next = Unknown, w.Text("result.unconfirmed"), w.Text("charged.unknown-of", "amount", Money(a.Amount.Minor, a.Amount.Currency)), w.Text("result.unconfirmed.next")
	case a.UndoneByLine():
		m.Tone, m.What, m.Charged, m.Next = Warning, w.Text("result.line-undid"), w.Text("charged.no"), w.Text("result.line-undid.next")
	default:
		return m, false
	}
	return m, true
}

// reversed tells of a payment of which nothing is taken, after all.
func (w *Words) reversed(m *Message, a txn.Attempt) {
	m.What = w.Text(ofTender(a, "result.reversed"))
	m.Charged = w.Text("charged.no")
	m.Next = w.Text(ofTender(a, "result.reversed.next"))
	if a.Tries > 0 { // the bank had it, for a while at least
		m.Next = w.Sentences(m.Next, w.Text("result.reversed.phone"))
	}
	if a.Reason.MaybeAnothers() {
		m.Next = w.Text("result.reversed.anothers")
	}
	if a.Reason == txn.CannotPack {
		m.What, m.Next = w.why(a), w.Text("result.unsent.next")
	}
	if a.Tender == txn.Code && a.Reason == txn.LinkLost && a.Tries == 0 { // no byte of it left
		m.What = w.Text("code-result.not-sent")
	}
	if a.Evidence.As != "" {
		m.What = w.Text("result.resolved", "who", a.Evidence.Who, "finding", w.Text("finding."+string(a.Evidence.As)))
	}
}

// byWord tells of a payment, or what goes back of it, at a terminal that stands alone: what it showed, by a person's word, and that its slip says
// where the money is. Of a voucher it says that the cashier looked at it, and nobody else.
func (w *Words) byWord(of txn.Matter) Message {
	a := of.Attempt
	amount := Money(a.Amount.Minor, a.Amount.Currency)
	m := Message{Tone: toneOf(a.State), Small: w.small(a), Detail: a.Unsent, Charged: w.Text("charged.elsewhere"+ofVoucher(a), "amount", amount)}
	key := string(a.Tender)
	if a.Kind.GivesBack() {
		key += "-" + string(a.Kind)
	}
	//mutant:a-terminal-nobody-asked-is-not-charged-again
	if a.State == txn.Pending && a.Kind == txn.Sale {
		m.Charged = w.Text("charged.elsewhere-unknown", "amount", amount)
	}
	key += "." + string(a.State)
	m.What, m.Next = w.Text(key, "amount", amount), w.Text(key+".next", "amount", amount)
	if a.Concluded() {
		m.Next = w.Sentences(m.Next, w.paper(of))
	}
	return m
}

// ofVoucher ends the key of a word that speaks of a voucher in place of a terminal.
func ofVoucher(a txn.Attempt) string {
	if a.Tender == txn.Voucher {
		return "-voucher"
	}
	return ""
}

// void tells of the undoing of a payment: "charged" is then about the original.
func (w *Words) void(of txn.Matter) Message {
	a := of.Attempt
	amount := Money(a.Amount.Minor, a.Amount.Currency)
	m := Message{Tone: toneOf(a.State), Small: w.small(a), Detail: a.Unsent}
	switch a.State {
	case txn.Approved:
		m.What, m.Next = w.Text("void.approved"), w.paper(of)
		m.Charged = w.Text("charged.back."+string(a.Tender), "amount", amount)
	case txn.Declined:
		m.What, m.Next = w.Text(ofTender(a, "void.declined")), w.Text("void.declined.next")
		m.Charged = w.afterVoid(of)
	case txn.Reversed:
		m.Tone = Warning
		m.What, m.Next = w.Text(ofTender(a, "void.reversed")), w.Text("void.declined.next")
		m.Charged = w.afterVoid(of)
		if a.Reason == txn.CannotPack {
			m.What, m.Next = w.why(a), w.Text("void.unsent.next")
		}
	case txn.Claimed:
		m.Tone, m.What, m.Next = Warning, w.Text("result.resolved", "who", a.Evidence.Who, "finding", w.Text("finding."+string(a.Evidence.As))), w.Text("result.nothing-to-do")
		m.Charged = w.Text("charged.back", "amount", amount)
	case txn.Unresolved:
		m.What, m.Charged, m.Next = w.unresolved(a), w.Text("charged.back-unknown"), w.Text("result.unresolved.next")
	default:
		m.Tone = Unknown
		m.What, m.Next = w.Text("void.unknown"), w.asking(a)
		if a.Tender == txn.Code { // giving back is never undone
			m.Next = w.Text("code-void.unknown.next")
		}
		m.Charged = w.Text("charged.back-unknown")
	}
	return m
}

// stillCharged says of a payment of which nothing went back just now that the customer is charged, and what went back of it before.
func (w *Words) stillCharged(b txn.Bill, payment txn.ID, tender txn.Tender, paid money.Amount) string {
	amount := Money(paid.Minor, paid.Currency)
	//mutant:what-went-back-before-is-said
	if back := b.BackOf(payment); back.RefundedMinor+back.UnknownMinor > 0 {
		return w.Sentences(w.Text("charged.yes."+string(tender), "amount", amount), w.Sentences(w.refunded(b, payment), w.Text("charged.no-more-back")))
	}
	return w.Text("charged.still-no-cash", "amount", amount)
}

// afterVoid says of a void that gave nothing back where the money of its payment is by now: another void may have.
func (w *Words) afterVoid(of txn.Matter) string {
	amount := Money(of.Attempt.Amount.Minor, of.Attempt.Amount.Currency)
	switch at := slices.IndexFunc(of.Bill.Parts, func(p txn.Part) bool { return p.ID == of.Attempt.Original }); {
	case at < 0:
	//mutant:a-later-void-is-said
	case of.Bill.Parts[at].State == txn.Voided:
		return w.Text("charged.back", "amount", amount)
	case of.Bill.Doubts(of.Attempt.Original):
		return w.Text("charged.back-unknown")
	default:
		return w.stillCharged(of.Bill, of.Attempt.Original, of.Bill.Parts[at].Tender, of.Attempt.Amount)
	}
	return w.Text("charged.still-no-cash", "amount", amount)
}

// unresolved says why a bank says no more of an attempt.
func (w *Words) unresolved(a txn.Attempt) string {
	if a.Refused != "" {
		return w.Text(ofTender(a, "result.refused"), "code", a.Refused)
	}
	return w.why(a)
}

// ofTender is the key of a word that speaks of the bank, or, of a payment code, of its provider.
func ofTender(a txn.Attempt, key string) string {
	if a.Tender == txn.Code {
		return "code-" + key
	}
	return key
}

// why says why an attempt was given up, in the present tense and without blame.
func (w *Words) why(a txn.Attempt) string {
	key := "reason." + slug(string(a.Reason))
	for _, key := range []string{ofTender(a, key), key} {
		if a.Reason != txn.NoReason && w.Has(key) {
			return w.Text(key)
		}
	}
	return w.Text(ofTender(a, "reason.no-answer"))
}

// saysNo puts a refusal into words. A provider's code is in no list of words; its own words stand in the small print.
func (w *Words) saysNo(a txn.Attempt) string {
	if a.Tender == txn.Code {
		return w.Text("code-result.declined")
	}
	return w.bankSays(a.Answer.ResponseCode)
}

// asking says what the till does about a payment that is not known yet.
func (w *Words) asking(a txn.Attempt) string {
	if a.Unsent != "" {
		return w.Text("result.unknown.unsent")
	}
	if a.Tries > txn.TellAfterTries {
		return w.Counted(ofTender(a, "result.unknown.long"), a.Tries)
	}
	return w.Text(ofTender(a, "result.unknown.next"))
}

// paper says what became of the receipt. It never changes what was said of the money. A part of a sale has none before all of
// the sale is paid.
func (w *Words) paper(m txn.Matter) string {
	if m.Attempt.Kind == txn.Sale && m.Bill.SaleID != 0 && !m.Bill.WasPaid() {
		return w.Text("paper.part.next", "rest", Money(m.Bill.Rest().Minor, m.Bill.Total.Currency))
	}
	return w.Text("paper." + slug(string(m.Paper())) + ".next")
}

// PaperWaits says that a receipt waits for its printer, which has a fault: a closed word as on its chip.
func (w *Words) PaperWaits(code string) string {
	if key := "paper.waits." + slug(code); w.Has(key) {
		return w.Text(key)
	}
	return w.Text("paper.waits", "why", w.Closed("chip.", code))
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
	text, bank := w.Text("small.number", "n", a.Trace()), a.Answer.Shown()
	if bank.RRN != "" {
		text = joined(text, w.Text("small.rrn", "n", bank.RRN))
	}
	if bank.ApprovalCode != "" {
		text = joined(text, w.Text("small.approval", "code", bank.ApprovalCode))
	}
	if bank.ResponseCode != "" {
		text = joined(text, w.Text("small.code", "code", bank.ResponseCode))
	}
	switch a.Tender {
	case txn.Code:
		text = joined(joined(text, a.Answer.Words), a.Reference)
	case txn.Voucher:
		text = joined(text, a.Reference)
	}
	if a.Card.Masked != "" {
		scheme := w.Scheme(a.Card.Scheme)
		if a.Tender == txn.Code {
			scheme = w.Wallet(sale.PaymentCode(a.Card.Scheme))
		}
		text = joined(text, joinedBy(" ", scheme, a.Card.Masked))
	}
	return text
}

// Scheme is what a card's scheme is called in the window's language; brands that have no other name keep theirs.
func (w *Words) Scheme(scheme string) string {
	if key := "scheme." + slug(scheme); w.Has(key) {
		return w.Text(key)
	}
	return scheme
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
	if !r.Begun() {
		return r.Charged == txn.ChargedNo
	}
	return !r.Bill.WasPaid() && r.Attempt.Kind == txn.Sale && (r.Attempt.State == txn.Declined || r.Attempt.State == txn.Reversed)
}
