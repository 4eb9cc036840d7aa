package print

import (
	"fmt"

	"veratill/escpos"
	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// receipts makes the paper of a sale, or of a void or a refund: the customer's, and for each card the merchant's.
func (p *page) receipts() error {
	switch {
	case p.s.Attempt.Kind == txn.Refund:
		return p.refunded()
	case p.s.Attempt.ID != 0:
		return p.voided()
	}
	b, repeat := p.s.Bill, p.s.Print.Kind == txn.PrintRepeat
	returned := b.State == txn.BillReturned || b.State == txn.BillReturnedInPart
	switch {
	case !b.WasPaid():
		return fmt.Errorf("%w: it is %s", errNotPaid, b.State)
	case returned && !repeat:
		return errUnmarked
	}
	marks := p.repeatMarks()
	switch b.State {
	case txn.BillReturned:
		if b.Back().RefundedMinor > 0 {
			marks = append(marks, refundedMark)
			break
		}
		marks = append(marks, voidedMark)
	case txn.BillReturnedInPart:
		marks = append(marks, returnedMark)
	}
	if p.s.OpenDrawer && !repeat {
		p.add(escpos.Drawer{})
	}
	p.paper(customerTitle, keepCustomer, marks, func() {
		p.saleIdentity()
		p.add(escpos.Rule{})
		p.lines()
		p.total(labelTotal, b.Total)
		p.tenders()
		p.wentBack(b)
	}, p.saleCodes())
	for _, part := range p.s.Parts {
		if p.MerchantCopy && part.Tender == txn.Card {
			p.merchants(part, marks)
		}
	}
	return nil
}

// wentBack says what went back of a sale, and what may have: a copy never says that a sale stands as it was paid where nobody knows.
func (p *page) wentBack(b txn.Bill) {
	back := b.Back()
	if back.RefundedMinor > 0 {
		p.add(escpos.LeftRight(p.Language.say(labelReturned), p.amount(back.RefundedMinor+back.VoidedMinor, b.Total.Currency), escpos.Style{Bold: true}))
	}
	//mutant:a-copy-says-that-a-refund-is-not-known
	if back.UnknownMinor > 0 {
		p.add(escpos.LeftRight(p.Language.say(labelMayGoBack), p.amount(back.UnknownMinor, b.Total.Currency), escpos.Style{Bold: true}))
		for _, line := range p.Language.each(mayGoBack) {
			p.text(line, escpos.Style{})
		}
	}
}

// voided makes the slip of a void that gave money back.
func (p *page) voided() error {
	a := p.s.Attempt
	if a.Kind != txn.Void || !a.Concluded() {
		return fmt.Errorf("%w: it is a %s that is %s", errNotPaid, a.Kind, a.State)
	}
	p.slipOf(a, func() {
		p.identity(a)
		if p.isAll(a.Amount) {
			p.add(escpos.Rule{})
			p.lines()
		} else { // one payment of several: no goods and no tax belong to it alone
			p.field(labelSale, fmt.Sprint(a.SaleID))
			p.add(escpos.Rule{})
		}
		p.total(labelReturned, a.Amount)
		p.tender(a)
	})
	return nil
}

// slipOf makes the customer's slip of money that went back, and the merchant's of a card.
func (p *page) slipOf(a txn.Attempt, inside func()) {
	marks := p.repeatMarks()
	if p.s.OpenDrawer && p.s.Print.Kind != txn.PrintRepeat {
		p.add(escpos.Drawer{})
	}
	p.paper(customerTitle, keepCustomer, marks, inside, p.codes(a))
	if p.MerchantCopy && a.Tender == txn.Card {
		p.merchants(a, marks)
	}
}

// refunded makes the slip of a refund that gave money back: of which sale, and what came back for it.
func (p *page) refunded() error {
	a := p.s.Attempt
	if !a.Concluded() {
		return fmt.Errorf("%w: it is a %s that is %s", errNotPaid, a.Kind, a.State)
	}
	p.slipOf(a, func() {
		p.identity(a)
		p.field(labelSale, fmt.Sprint(a.SaleID))
		p.add(escpos.Rule{})
		p.unusual(a)
		p.goodsBack(a)
		p.otherShares(a)
		p.add(escpos.LeftRight(p.Language.say(labelReturned), p.amount(a.Amount.Minor, a.Amount.Currency), sum))
		p.tender(a)
		p.evidence(a.Evidence)
	})
	return nil
}

// unusual says of a refund that it goes back in another way than was paid, or that nobody knows the sale.
func (p *page) unusual(a txn.Attempt) {
	said := paidOtherWay
	switch {
	case a.NoReceipt:
		said = withoutReceipt
		p.lines()
	case !a.OtherWay:
		return
	}
	for _, line := range p.Language.each(said) {
		p.text(line, escpos.Style{Bold: true})
	}
}

// goodsBack are the articles that came back, with the tax in them.
func (p *page) goodsBack(a txn.Attempt) {
	if a.Return < 1 || a.Return > len(p.s.Bill.Returns) {
		return
	}
	taxMinor := int64(0)
	for _, back := range p.s.Bill.Returns[a.Return-1].Lines {
		if back.Line < 0 || back.Line >= len(p.s.Sale.Lines) {
			continue
		}
		sold := p.s.Sale.Lines[back.Line]
		sold.QuantityE5 = back.QuantityE5
		p.add(escpos.LeftRight(p.name(sold.ShownName()), p.amount(back.AmountMinor, a.Amount.Currency), escpos.Style{}))
		p.text("  "+p.quantity(sold)+" x "+p.amount(sold.UnitPriceMinor, a.Amount.Currency), escpos.Style{})
		for _, tax := range back.Taxes {
			if tax.Inside {
				taxMinor += tax.AmountMinor
			}
		}
	}
	if taxMinor > 0 {
		p.field(labelTax, p.amount(taxMinor, a.Amount.Currency))
	}
	p.add(escpos.Rule{})
}

// otherShares are what else was given for the goods that came back, so that the slip adds up: the goods that were taken for them, or what went back by another payment.
func (p *page) otherShares(a txn.Attempt) {
	for _, other := range p.s.Bill.Parts {
		//mutant:a-slip-of-goods-that-came-back-adds-up
		if other.ID != a.ID && other.Kind.GivesBack() && other.Return == a.Return && a.Return != 0 && (other.State == txn.Approved || other.State == txn.Claimed) {
			p.add(escpos.LeftRight(p.tenderName(string(other.Tender)), "-"+p.amount(other.AmountMinor, a.Amount.Currency), escpos.Style{}))
		}
	}
}

func (p *page) repeatMarks() []word {
	//mutant:a-z-printed-again-is-a-copy
	if p.s.Print.Kind == txn.PrintRepeat || p.s.Copy {
		return []word{repeatMark}
	}
	return nil
}

// merchants is the merchant's slip of a card payment, or of its void. Its code names the payment and is never signed: the slip is laid out and kept before the commit that makes
// the payment durable, and a statement says what is.
func (p *page) merchants(a txn.Attempt, marks []word) {
	//mutant:the-merchant-gets-the-terminal-s-merchant-slip
	terminals := len(a.MerchantSlip) > 0
	if terminals {
		a.Slip = a.MerchantSlip // with a line to be signed where the terminal wants that
	}
	//mutant:a-kept-slip-is-not-signed
	p.paper(merchantTitle, keepMerchant, marks, func() {
		p.identity(a)
		p.add(escpos.Rule{})
		label := labelTotal
		switch {
		case a.Kind.GivesBack():
			label = labelReturned
		case a.Amount.Minor != p.s.Bill.Total.Minor:
			label = labelAmount
		}
		p.total(label, a.Amount)
		p.tender(a)
		if a.Kind == txn.Sale && !terminals {
			p.field(labelSignature, "________________")
		}
	}, p.plainCode(a))
}

// paper is what all of them have in common: marks at both ends, the shop, a title, a code.
func (p *page) paper(name, keep word, marks []word, body func(), codes []code) {
	p.marks(marks...)
	p.heading()
	p.text(p.Language.say(name), title)
	body()
	p.add(escpos.Rule{})
	p.addCodes(codes)
	for _, line := range p.Language.each(keep) {
		p.text(line, centred)
	}
	if p.Footer != "" && name == customerTitle {
		p.text(p.Footer, centred)
	}
	p.marks(marks...)
	p.add(escpos.Cut{})
}

// saleIdentity names a sale. One that was paid at once is named by its payment, as the bank knows it.
func (p *page) saleIdentity() {
	if len(p.s.Parts) == 1 {
		p.identity(p.s.Parts[0])
		return
	}
	b := p.s.Bill
	p.field(labelType, p.Language.say(kindSale))
	p.field(labelMerchant, b.Merchant)
	p.field(labelTerminal, b.Terminal)
	p.field(labelCashier, b.Cashier)
	p.field(labelBatch, fmt.Sprintf("%06d", b.Batch))
	p.field(labelSale, fmt.Sprint(b.SaleID))
	p.field(labelTime, p.when(b.PaidMs))
	p.field(labelBooks, p.Books[:min(len(p.Books), booksDigits)])
}

// tenders are how a sale was paid: a row for each part, with what names it at its bank.
func (p *page) tenders() {
	if len(p.s.Parts) == 1 {
		p.tender(p.s.Parts[0])
		return
	}
	for _, a := range p.s.Parts {
		p.add(escpos.Rule{})
		if !a.Tender.ByWord() && a.Tender != txn.Exchange { // which say their amount themselves
			p.add(escpos.LeftRight(p.tenderName(string(a.Tender)), p.amount(a.Amount.Minor, a.Amount.Currency), escpos.Style{Bold: true}))
		}
		if a.State == txn.Voided {
			p.text(p.Language.say(voidedMark), escpos.Style{Bold: true})
		}
		p.tender(a)
		p.field(labelSTAN, fmt.Sprintf("%06d", a.ID.STAN()))
	}
}

// identity is what names the payment at the bank, for customer, merchant and acquirer.
func (p *page) identity(a txn.Attempt) {
	kind := kindSale
	switch a.Kind {
	case txn.Void:
		kind = kindVoid
	case txn.Refund:
		kind = kindRefund
	}
	p.field(labelType, p.Language.say(kind))
	p.field(labelMerchant, a.Merchant)
	p.field(labelTerminal, a.Terminal)
	p.field(labelCashier, a.Cashier)
	p.field(labelBatch, fmt.Sprintf("%06d", a.Batch))
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

// isAll reports whether an amount is the whole sale's, so that its goods and its tax belong to it.
func (p *page) isAll(of money.Amount) bool { return of.Minor == p.s.Sale.TotalMinor }

func (p *page) total(label word, of money.Amount) {
	p.add(escpos.LeftRight(p.Language.say(label), p.amount(of.Minor, of.Currency), sum))
	//mutant:tax-is-the-whole-sales
	if p.s.Sale.TaxMinor > 0 && label != labelAmount && p.isAll(of) {
		p.field(labelTax, p.amount(p.s.Sale.TaxMinor, of.Currency))
	}
}

// tender is how it was paid, or given back.
func (p *page) tender(a txn.Attempt) {
	if a.Kind.GivesBack() && !a.NoReceipt {
		p.field(labelOriginalSTAN, fmt.Sprintf("%06d", a.Original.STAN()))
		p.field(labelOriginalRRN, p.s.Original.Answer.Shown().RRN)
	}
	if a.Tender == txn.Cash {
		if a.Kind.GivesBack() {
			p.field(labelCash, p.amount(a.Amount.Minor, a.Amount.Currency))
			return
		}
		p.field(labelReceived, p.amount(a.ReceivedMinor, a.Amount.Currency))
		p.field(labelChange, p.amount(a.ChangeMinor, a.Amount.Currency))
		return
	}
	switch a.Tender {
	case txn.External:
		p.separate(a)
		return
	case txn.Voucher:
		p.voucher(a)
		return
	case txn.Exchange:
		p.exchanged(a)
		return
	}
	p.field(labelScheme, a.Card.Scheme)
	if a.Tender == txn.Code {
		p.field(tenderCode, a.Card.Masked)
		p.field(labelOrder, a.Reference)
	} else {
		p.field(labelCard, a.Card.Masked)
	}
	p.field(labelRRN, a.Answer.Shown().RRN)
	p.field(labelApproval, a.Answer.Shown().ApprovalCode)
	p.terminalSlip(a)
}

// terminalSlip is what a card terminal printed, as it came.
func (p *page) terminalSlip(a txn.Attempt) {
	if len(a.Slip) == 0 {
		return
	}
	p.add(escpos.Rule{})
	for _, line := range a.Slip {
		p.text(line, escpos.Style{})
	}
}

// separate says of a terminal that stands alone that its own slip is the proof, and this paper none.
func (p *page) separate(a txn.Attempt) {
	p.field(labelSeparate, p.amount(a.Amount.Minor, a.Amount.Currency))
	p.field(labelApproval, a.Answer.Shown().ApprovalCode)
	for _, line := range p.Language.each(seeItsSlip) {
		p.text(line, escpos.Style{})
	}
}

// voucher says what a voucher paid, and that nothing here has checked it.
func (p *page) voucher(a txn.Attempt) {
	p.field(tenderVoucher, p.amount(a.Amount.Minor, a.Amount.Currency))
	//mutant:a-voucher-s-worth-is-on-paper
	if a.ReceivedMinor > a.Amount.Minor {
		p.field(labelWorth, p.amount(a.ReceivedMinor, a.Amount.Currency))
	}
	p.field(labelNumber, a.Reference)
	for _, line := range p.Language.each(byCashiersWord) {
		p.text(line, escpos.Style{})
	}
}

// exchanged says which goods came back for which, and, on the receipt of the others, that a difference goes back by a slip of its own: what became of
// that is not known yet when the receipt is printed.
func (p *page) exchanged(a txn.Attempt) {
	if a.Kind.GivesBack() {
		p.field(labelForSale, a.Reference)
		return
	}
	p.field(tenderExchange, p.amount(a.Amount.Minor, a.Amount.Currency))
	p.field(labelOfSale, a.Reference)
	//mutant:a-difference-that-goes-back-is-on-the-receipt
	if a.ChangeMinor > 0 {
		p.field(labelCameBack, p.amount(a.ReceivedMinor, a.Amount.Currency))
		for _, line := range p.Language.each(goesBackApart) {
			p.text(line, escpos.Style{})
		}
	}
}

// part is the slip of one part of a sale that is not paid yet: it proves the part, and is no receipt.
func (p *page) part() error {
	a := p.s.Attempt
	if a.Kind != txn.Sale || !a.Concluded() {
		return fmt.Errorf("%w: it is a %s that is %s", errNotPaid, a.Kind, a.State)
	}
	p.marks(notReceipt)
	p.heading()
	p.identity(a)
	p.field(labelSale, fmt.Sprint(p.s.Bill.SaleID))
	p.add(escpos.Rule{})
	p.total(labelAmount, a.Amount)
	p.tender(a)
	for _, line := range append(p.Language.each(partOfSale), p.Language.each(keepSlip)...) {
		p.text(line, escpos.Style{})
	}
	p.addCodes(p.signed(a))
	p.marks(notReceipt)
	p.add(escpos.Cut{})
	return nil
}

// evidence is by what an attempt was ended that its bank said no more of.
func (p *page) evidence(e txn.Evidence) {
	if e.As == "" {
		return
	}
	finding := map[txn.Finding]word{txn.WasGivenBack: findingGivenBack, txn.WasKept: findingKept, txn.NeverOurs: findingNeverOurs}[e.As]
	p.field(labelEvidence, p.Language.say(finding))
	p.field(labelWho, e.Who)
	p.field(labelDocument, e.Document)
	p.field(labelHash, e.SHA256[:min(len(e.SHA256), 16)])
}

// refundNote is what a note says of a refund that gave nothing back, is not known, or was ended by evidence.
func refundNote(a txn.Attempt) word {
	switch {
	case a.Evidence.As != "":
		return slipRefundResolved
	case a.State == txn.Declined:
		return slipRefundDeclined
	}
	return slipRefundUnknown
}

// slip is the customer's note for a payment that did not happen or is not known.
func (p *page) slip() error {
	a := p.s.Attempt
	text := slipUnknown
	switch {
	case a.Kind == txn.Refund:
		text = refundNote(a)
	case a.Evidence.As != "" && a.State != txn.Kept:
		text = slipResolved
		if a.Kind == txn.Void {
			text = slipVoidResolved
		}
	case a.State == txn.Pending, a.State == txn.Reversing:
	case a.State == txn.Unresolved && a.Reason == txn.BooksDiffered:
		text = slipBooks
	case a.State == txn.Kept && a.Reason == txn.BooksDiffered:
		text = slipBooksKept
	case a.State == txn.Unresolved:
		text = slipAskBank
	case a.State == txn.Kept:
		text = slipKept
	case a.State == txn.Reversed:
		text = slipUndone
	case a.State == txn.Declined:
		text = slipDeclined
		if a.Tender == txn.External {
			text = slipByTerminal
		}
	default:
		return fmt.Errorf("%w: it is %s", errNoSlip, a.State)
	}
	p.marks(notReceipt)
	p.heading()
	p.identity(a)
	p.field(labelAmount, p.amount(a.Amount.Minor, a.Amount.Currency))
	p.field(labelScheme, a.Card.Scheme)
	p.field(labelCard, a.Card.Masked)
	p.field(labelRRN, a.Answer.Shown().RRN)
	p.evidence(a.Evidence)
	p.add(escpos.Rule{})
	for _, line := range append(p.Language.each(text), p.Language.each(keepSlip)...) {
		p.text(line, escpos.Style{})
	}
	p.addCodes(p.signed(a))
	p.marks(notReceipt)
	p.add(escpos.Cut{})
	return nil
}
