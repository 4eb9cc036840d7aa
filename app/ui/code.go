package ui

import (
	"context"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/sale"
)

// A payment code is what a customer shows on a telephone. Scanned on the pay screen it pays: at once where it can be nothing else, or where a code was
// chosen; else the till asks.

// chooseCode is F3: the next scan is the customer's payment code.
func (p *payScreen) chooseCode(t *till) {
	if p.paying.Busy() || !t.about.Codes {
		return
	}
	p.hint = present.Note{}
	if !p.paying.Code {
		if _, ok := p.typedPart(t); !ok {
			return
		}
	}
	p.paying.ChooseCode()
	t.redraw()
}

// payCode pays by a code that was scanned, and reports whether it dealt with it.
func (p *payScreen) payCode(t *till, code string) bool {
	code = sale.CleanScan(code)
	wallet := sale.PaymentCodeOf(code)
	switch {
	case !t.about.Codes || p.paying.Mode != present.Choosing:
		return false
	//mutant:a-scan-that-is-no-code-pays-nothing
	case wallet == sale.NoWallet:
		if p.paying.Code { // what was waited for is something else
			p.hint = present.Note{Tone: present.Warning, Key: "code.no-payment-code"}
			t.redraw()
		}
		return p.paying.Code
	//mutant:two-readings-of-a-scan-are-asked-about
	case !p.paying.Code && t.sells(code):
		p.askCode(t, code, wallet)
		return true
	}
	p.startCode(t, code)
	return true
}

// sells reports whether a scan may be goods: an article's code, or a label of the shop's own scales.
func (t *till) sells(code string) bool {
	if _, listed := t.catalog.Find(code); listed {
		return true
	}
	_, _, _, label := t.about.Labels.Read(code)
	return label
}

// askCode asks whether a scan pays. The answer that moves nothing is the usual one.
func (p *payScreen) askCode(t *till, code string, wallet sale.PaymentCode) {
	amount := t.money(p.paying.DueMinor())
	t.open(&askScreen{held: p.paying.Held(), sale: &p.paying.Sale, yes: text("pay.code-yes", "amount", amount), no: text("pay.code-no"),
		message: func(w *present.Words) present.Message {
			return present.Message{Tone: present.Warning, What: w.Text("pay.code-or-item", "wallet", w.Wallet(wallet)), Next: w.Text("pay.code-or-item.next")}
		},
		press: func() { p.startCode(t, code) }})
}

// startCode begins to pay by a code: what is left, or the part on the pad.
func (p *payScreen) startCode(t *till, code string) {
	part, ok := p.typedPart(t)
	if p.paying.Busy() || !ok {
		return
	}
	ctx, stop := context.WithCancel(t.ctx)
	p.stop, p.cards, p.swiped = stop, nil, true
	p.paying.Begin(present.TakingCard, part)
	p.paying.Pad, p.paying.Code = "", false
	p.paying.Progress = present.Progress{Step: present.Saving, Code: true}
	p.paying.Began, p.hint = t.opts.Now(), present.Note{}
	s, by, secret := p.paying.Sale, t.cashier(), txn.Secret(code)
	tell := func(now present.Progress) {
		t.opts.Do(func() { p.progress(t, now) })
	}
	go func() {
		r := t.desk.PayCode(ctx, by, s, part, secret, tell)
		t.opts.Do(func() {
			stop()
			p.ended(t, r)
		})
	}()
	t.show()
}

// ofTender is the key of a word that speaks of the bank, or, while a code pays, of its provider, or of the card terminal.
func (p *payScreen) ofTender(key string) string {
	switch {
	case p.paying.Progress.Code:
		return key + "-code"
	case p.paying.Progress.Terminal:
		return key + "-terminal"
	}
	return key
}
