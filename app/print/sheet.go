// Package print is where a sale meets paper: the only room that knows both. A
// sheet of the till becomes a document, and a printer's outcome the till's.
package print

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"veratill/escpos"
	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/receipt"
	"veratill/txn/sale"
	"veratill/txn/till"
)

// Faults of a sheet. Nothing was sent.
var (
	errNotPaid   = errors.New("a receipt is printed of a sale that is paid, and a slip of money that moved, and of nothing else")
	errNoSlip    = errors.New("a slip that is no receipt is not printed of an approved payment")
	errKind      = errors.New("this kind of paper is not known")
	errUnmarked  = errors.New("a sale that was given back has marked copies alone")
	errBadTotals = errors.New("the report's totals can't be read")
)

// Options are what paper shows beside the sale.
type Options struct {
	Language     Language // the zero value is both
	MerchantName sale.Name
	Address      sale.Name // may be empty
	Books        string    // the number of the books in which the paper is journaled; its first 8 digits are printed
	Footer       string    // the shop's own words at the end of the customer's paper; may be empty
	Logo         escpos.Bitmap
	Demo         bool           // every paper says that no money moved
	MerchantCopy bool           // card payments also make the merchant's paper
	Location     *time.Location // nil means time.Local
	// Signer signs the outcome of payments for the codes on their paper; nil leaves the codes that name them.
	Signer Signer
}

// Signer signs. Its methods are called by several goroutines.
type Signer interface {
	// Sign is a statement as the text of a code; empty where it can't be signed.
	Sign(receipt.Statement) string
	// KeyText is the public key as the text of a code.
	KeyText() string
}

// Document lays a sheet out. Errors are those above.
func Document(s till.Sheet, o Options) (*escpos.Document, error) {
	p := newPage(s, o)
	var err error
	switch s.Print.Kind {
	case txn.PrintOriginal, txn.PrintRepeat:
		err = p.receipts()
	case txn.PrintSlip:
		err = p.slip()
	case txn.PrintPart:
		err = p.part()
	case txn.PrintX, txn.PrintZ:
		err = p.report()
	default:
		err = fmt.Errorf("%w: %q", errKind, s.Print.Kind)
	}
	if err != nil {
		return nil, err
	}
	return &p.doc, nil
}

// page is one sheet in the making.
type page struct {
	Options
	s   till.Sheet
	doc escpos.Document
}

func newPage(s till.Sheet, o Options) *page {
	switch o.Language {
	case zh, en:
	default:
		o.Language = both
	}
	if o.Location == nil {
		o.Location = time.Local
	}
	o.Demo = o.Demo || txn.Matter{Attempt: s.Attempt, Bill: s.Bill}.Demo() // what was a demonstration once stays one on every copy
	return &page{Options: o, s: s}
}

var (
	centred = escpos.Style{Align: escpos.Center}
	title   = escpos.Style{Align: escpos.Center, Bold: true}
	large   = escpos.Style{Align: escpos.Center, Bold: true, Width: 2, Height: 2}
	mark    = escpos.Style{Align: escpos.Center, Invert: true, Width: 2, Height: 2}
	sum     = escpos.Style{Bold: true, Height: 2}
)

func (p *page) add(b ...escpos.Block) { p.doc.Add(b...) }

func (p *page) text(s string, st escpos.Style) {
	if s != "" {
		p.add(escpos.Text{S: s, Style: st})
	}
}

// field is a label and its value; nothing where there is no value.
func (p *page) field(label word, value string) {
	if value != "" {
		p.add(escpos.LeftRight(p.Language.say(label), value, escpos.Style{}))
	}
}

// marks stand at the top and at the bottom of every paper, so that none can be
// torn off a piece of it.
func (p *page) marks(extra ...word) {
	if p.Demo {
		p.text(" "+p.Language.say(demoMark)+" ", mark)
	}
	for _, w := range extra {
		p.text(" "+p.Language.say(w)+" ", mark)
	}
}

func (p *page) name(n sale.Name) string {
	switch {
	case p.Language == en && n.EN != "", n.ZH == "":
		return n.EN
	case p.Language == both && n.EN != "" && n.EN != n.ZH:
		return n.ZH + " " + n.EN
	}
	return n.ZH
}

// heading is the merchant, in both languages on lines of their own.
func (p *page) heading() {
	if p.Logo.Width > 0 {
		p.add(escpos.Image{Bitmap: p.Logo, Align: escpos.Center})
	}
	for i, w := range []sale.Name{p.MerchantName, p.Address} {
		st := centred
		if i == 0 {
			st = large
		}
		lines := p.Language.each(word{w.ZH, w.EN})
		if w.ZH == w.EN {
			lines = lines[:1]
		}
		for _, line := range lines {
			p.text(line, st)
		}
	}
}

// amount is a figure with its currency's symbol and grouped thousands; the sign of a
// sum below zero stands before both.
func (p *page) amount(minor int64, c money.Currency) string {
	figure := money.Amount{Minor: minor, Currency: c}.Grouped()
	if rest, below := strings.CutPrefix(figure, "-"); below {
		return "-" + c.Symbol() + rest
	}
	return c.Symbol() + figure
}

func (p *page) when(ms int64) string {
	if ms == 0 {
		return ""
	}
	return time.UnixMilli(ms).In(p.Location).Format("2006-01-02 15:04:05")
}
