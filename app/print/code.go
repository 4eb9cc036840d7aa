package print

import (
	"fmt"

	"veratill/escpos"
	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/receipt"
)

// code is one QR code of a paper.
type code struct {
	text   string
	of     string // names the payment, where the paper has several
	signed bool
}

// addCodes prints codes. A signed one has more signs, and smaller modules: 4 dots are half a millimetre.
func (p *page) addCodes(codes []code) {
	for _, c := range codes {
		module := byte(5)
		if c.signed {
			module = 4
		}
		p.text(c.of, centred)
		p.add(escpos.QR{Data: c.text, Module: module, Level: escpos.QRMedium, Align: escpos.Center})
	}
	if len(codes) > 0 && codes[0].signed {
		for _, line := range p.Language.each(signedCode) {
			p.text(line, centred)
		}
	}
}

// signed is the code of a payment's signed statement; none where nothing is signed, or the books can't say for certain what became of it. a is the
// payment, or a void or a refund of it.
func (p *page) signed(a txn.Attempt) []code {
	if p.Signer == nil {
		return nil
	}
	moved := p.s.Moved
	if a.Kind != txn.Sale {
		a, moved = p.s.Original, append(moved[:len(moved):len(moved)], a)
	}
	s, ok := receipt.Of(p.Books, a, p.s.Bill, moved)
	if !ok {
		return nil
	}
	s.Demo = s.Demo || p.Demo // the paper says so too
	text := p.Signer.Sign(s)
	if text == "" {
		return nil
	}
	return []code{{text: text, signed: true}}
}

// codes are those of a payment's paper, or of a void's or a refund's: the signed statement, or a code that names it.
func (p *page) codes(a txn.Attempt) []code {
	if signed := p.signed(a); signed != nil {
		return signed
	}
	return p.plainCode(a)
}

// plainCode names a payment, or a void or a refund, and says nothing of it.
func (p *page) plainCode(a txn.Attempt) []code { return []code{{text: p.qr(a)}} }

// saleCodes are those of a sale's receipt: a signed statement for each payment of which the books are certain, or else a code that names the sale.
func (p *page) saleCodes() []code {
	if len(p.s.Parts) == 1 {
		return p.codes(p.s.Parts[0])
	}
	var all []code
	for _, a := range p.s.Parts {
		for _, c := range p.signed(a) {
			c.of = fmt.Sprintf("STAN %06d %s", a.ID.STAN(), p.amount(a.Amount.Minor, a.Amount.Currency))
			all = append(all, c)
		}
	}
	if len(all) == 0 {
		return []code{{text: p.saleQR()}}
	}
	return all
}

// keyCode prints the public key on a Z, by which whoever has the paper checks receipts.
func (p *page) keyCode() {
	if p.Signer == nil || p.s.Print.Kind != txn.PrintZ {
		return
	}
	for _, line := range p.Language.each(keyOfTill) {
		p.text(line, centred)
	}
	p.add(escpos.QR{Data: p.Signer.KeyText(), Module: 4, Level: escpos.QRMedium, Align: escpos.Center})
}

// qr is plain ASCII: readers guess the encoding of anything else, and guess wrong.
func (p *page) qr(a txn.Attempt) string {
	text := fmt.Sprintf("VERATILL %s %s STAN %06d", a.Kind, a.Terminal, a.ID.STAN())
	if rrn := a.Answer.Shown().RRN; rrn != "" {
		text += " RRN " + rrn
	}
	figure := money.Amount{Minor: a.Amount.Minor, Currency: a.Amount.Currency}.Figure()
	return text + " " + string(a.Amount.Currency) + " " + figure + " " + p.when(a.OpenedMs)
}

// saleQR names a sale: by its payment where it was paid at once.
func (p *page) saleQR() string {
	if len(p.s.Parts) == 1 {
		return p.qr(p.s.Parts[0])
	}
	b := p.s.Bill
	return fmt.Sprintf("VERATILL %s %s SALE %d %s %s %s", txn.Sale, b.Terminal, b.SaleID, b.Total.Currency, b.Total.Figure(), p.when(b.PaidMs))
}
