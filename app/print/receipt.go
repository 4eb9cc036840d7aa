package print

import (
	"fmt"

	"veratill/escpos"
	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// receipts makes the customer's paper and, for a card, the merchant's.
func (p *page) receipts() error {
	a, repeat := p.s.Attempt, p.s.Print.Kind == txn.PrintRepeat
	switch {
	case a.State == txn.Voided && !repeat:
		return errUnmarked
	case !a.Concluded() && a.State != txn.Voided:
		return fmt.Errorf("%w: it is %s", errNotPaid, a.State)
	}
	var marks []word
	if repeat {
		marks = append(marks, repeatMark)
	}
	if a.State == txn.Voided {
		marks = append(marks, voidedMark)
	}
	if p.s.OpenDrawer && !repeat {
		p.add(escpos.Drawer{})
	}
	p.receipt(customerTitle, keepCustomer, marks)
	if p.MerchantCopy && a.Tender == txn.Card {
		p.receipt(merchantTitle, keepMerchant, marks)
	}
	return nil
}

func (p *page) receipt(name, keep word, marks []word) {
	merchant := name == merchantTitle
	p.marks(marks...)
	p.heading()
	p.text(p.Language.say(name), title)
	p.identity()
	p.add(escpos.Rule{})
	if !merchant {
		p.lines()
	}
	p.totals()
	p.tender()
	if merchant && p.s.Attempt.Kind == txn.Sale {
		p.field(labelSignature, "________________")
	}
	p.add(escpos.Rule{})
	p.add(escpos.QR{Data: p.qr(), Module: 5, Level: escpos.QRMedium, Align: escpos.Center})
	for _, line := range p.Language.each(keep) {
		p.text(line, centred)
	}
	if p.Footer != "" && !merchant {
		p.text(p.Footer, centred)
	}
	p.marks(marks...)
	p.add(escpos.Cut{})
}

// identity is what names the payment at the bank, for customer, merchant and acquirer.
func (p *page) identity() {
	a := p.s.Attempt
	kind := kindSale
	if a.Kind == txn.Void {
		kind = kindVoid
	}
	p.field(labelType, p.Language.say(kind))
	p.field(labelMerchant, a.Merchant)
	p.field(labelTerminal, a.Terminal)
	p.field(labelCashier, a.Cashier)
	p.field(labelBatch, fmt.Sprintf("%06d", a.ID.Batch()))
	p.field(labelSTAN, fmt.Sprintf("%06d", a.ID.STAN()))
	p.field(labelTime, p.when(a.OpenedMs))
	p.field(labelBooks, p.Books[:min(len(p.Books), booksDigits)])
}

// booksDigits of the books' number tell a till's books from any other that a shop will meet.
const booksDigits = 8

// lines are the articles: the name and what it comes to, and below the figures
// that this comes from.
func (p *page) lines() {
	s := p.s.Sale
	for _, l := range s.Lines {
		p.add(escpos.LeftRight(p.name(l.ShownName()), p.amount(l.AmountMinor, s.Currency), escpos.Style{}))
		if l.QuantityE5 != sale.OneE5 || l.Unit != sale.Piece {
			p.text("  "+p.quantity(l)+" x "+p.amount(l.UnitPriceMinor, s.Currency), escpos.Style{})
		}
	}
	if len(s.Lines) > 0 {
		p.add(escpos.Rule{})
	}
}

// quantity is pieces, or kilograms with at least three decimals.
func (p *page) quantity(l sale.Line) string {
	figure := sale.QuantityFigure(l.QuantityE5, l.Unit)
	if l.Unit == sale.Piece {
		return figure
	}
	return figure + " " + p.Language.say(labelKilogram)
}

func (p *page) totals() {
	a := p.s.Attempt
	label := labelTotal
	if a.Kind == txn.Void {
		label = labelReturned
	}
	p.add(escpos.LeftRight(p.Language.say(label), p.amount(a.Amount.Minor, a.Amount.Currency), sum))
	if p.s.Sale.TaxMinor > 0 {
		p.field(labelTax, p.amount(p.s.Sale.TaxMinor, a.Amount.Currency))
	}
}

// tender is how it was paid, or given back.
func (p *page) tender() {
	a := p.s.Attempt
	if a.Kind == txn.Void {
		p.field(labelOriginalSTAN, fmt.Sprintf("%06d", a.Original.STAN()))
		p.field(labelOriginalRRN, p.s.Original.Answer.Shown().RRN)
	}
	if a.Tender == txn.Cash {
		if a.Kind == txn.Void {
			p.field(labelCash, p.amount(a.Amount.Minor, a.Amount.Currency))
			return
		}
		p.field(labelReceived, p.amount(a.ReceivedMinor, a.Amount.Currency))
		p.field(labelChange, p.amount(a.ChangeMinor, a.Amount.Currency))
		return
	}
	if a.Tender == txn.External {
		p.separate()
		return
	}
	p.field(labelScheme, a.Card.Scheme)
	p.field(labelCard, a.Card.Masked)
	p.field(labelRRN, a.Answer.Shown().RRN)
	p.field(labelApproval, a.Answer.Shown().ApprovalCode)
}

// separate says of a terminal that stands alone that its own slip is the proof, and this paper none.
func (p *page) separate() {
	a := p.s.Attempt
	p.field(labelSeparate, p.amount(a.Amount.Minor, a.Amount.Currency))
	p.field(labelApproval, a.Answer.Shown().ApprovalCode)
	for _, line := range p.Language.each(seeItsSlip) {
		p.text(line, escpos.Style{})
	}
}

// qr is plain ASCII: readers guess the encoding of anything else, and guess wrong.
func (p *page) qr() string {
	a := p.s.Attempt
	text := fmt.Sprintf("VERATILL %s %s STAN %06d", a.Kind, a.Terminal, a.ID.STAN())
	if rrn := a.Answer.Shown().RRN; rrn != "" {
		text += " RRN " + rrn
	}
	figure := money.Amount{Minor: a.Amount.Minor, Currency: a.Amount.Currency}.Figure()
	return text + " " + string(a.Amount.Currency) + " " + figure + " " + p.when(a.OpenedMs)
}

// slip is the customer's note for a payment that did not happen or is not known.
func (p *page) slip() error {
	a := p.s.Attempt
	text := slipUnknown
	switch a.State {
	case txn.Pending, txn.Reversing:
	case txn.Reversed:
		text = slipUndone
	case txn.Declined:
		text = slipDeclined
		if a.Tender == txn.External {
			text = slipByTerminal
		}
	default:
		return fmt.Errorf("%w: it is %s", errNoSlip, a.State)
	}
	p.marks(notReceipt)
	p.heading()
	p.identity()
	p.field(labelAmount, p.amount(a.Amount.Minor, a.Amount.Currency))
	p.field(labelScheme, a.Card.Scheme)
	p.field(labelCard, a.Card.Masked)
	p.field(labelRRN, a.Answer.Shown().RRN)
	p.add(escpos.Rule{})
	for _, line := range append(p.Language.each(text), p.Language.each(keepSlip)...) {
		p.text(line, escpos.Style{})
	}
	p.marks(notReceipt)
	p.add(escpos.Cut{})
	return nil
}
