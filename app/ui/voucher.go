package ui

import (
	"context"

	"veratill/app/present"
	"veratill/txn"
)

// A paper voucher: the cashier looks at it, types what it is worth and keeps it. It pays what is due at most; what is left is paid another way.

// chooseVoucher is F6: the pad says what the voucher is worth from now on. Pressed again it is cash.
func (p *payScreen) chooseVoucher(t *till) {
	if p.paying.Busy() || !t.about.Vouchers {
		return
	}
	p.hint = present.Note{}
	p.paying.ChooseVoucher()
	t.redraw()
}

// voucherScanned takes a scan as the voucher's number while one is typed in.
func (p *payScreen) voucherScanned(t *till, code string) bool {
	if !p.paying.Voucher || p.paying.Mode != present.Choosing {
		return false
	}
	number, err := txn.VoucherNumber(code)
	p.hint = present.Note{}
	//mutant:a-voucher-s-number-that-is-none-is-said
	if err != nil {
		p.hint = present.Note{Tone: present.Warning, Key: "code.voucher-number"}
	}
	p.paying.Number = number
	t.redraw()
	return true
}

// sayVoucher says what to do, and what was scanned; that no change is given, where the voucher is worth more than is due.
func (p *payScreen) sayVoucher(t *till) present.Note {
	note := present.Note{Tone: present.Plain, Key: "pay.hint-voucher"}
	if p.paying.Number != "" {
		note.Key, note.Pairs = "pay.voucher-numbered", []string{"number", p.paying.Number}
	}
	//mutant:no-change-on-a-voucher-is-said
	if worth, ok := p.paying.Worth(); ok && worth > p.paying.DueMinor() {
		note = present.Note{Tone: present.Warning, Key: "pay.voucher-no-change", Pairs: []string{"amount", t.money(worth - p.paying.DueMinor())}}
	}
	return note
}

func (p *payScreen) voucherPrimary(t *till) primaryAction {
	worth, ok := p.paying.Worth()
	if !ok {
		return primaryAction{label: t.words.Text("pay.type-voucher")}
	}
	return primaryAction{label: t.words.Text("pay.take-voucher", "amount", t.money(min(worth, p.paying.DueMinor()))), hint: "Enter", enabled: true,
		press: func() { p.takeVoucher(t) }, means: "take voucher", takes: true}
}

// takeVoucher records the voucher. What it leaves of the sale is asked for on the same screen.
func (p *payScreen) takeVoucher(t *till) {
	worth, ok := p.paying.Worth()
	if p.paying.Busy() || !p.paying.Voucher || !ok {
		return
	}
	p.payVoucher(t, p.paying.Number, worth, "")
}

// payVoucher takes a voucher. One whose number was taken before is asked about: why says why it is taken all the same.
func (p *payScreen) payVoucher(t *till, number string, worth int64, why string) {
	s, by := p.paying.Sale, t.cashier()
	by.Why = why
	p.paying.Begin(present.Settling, 0)
	p.hint = present.Note{}
	t.redraw()
	t.call(func(ctx context.Context) func() {
		r := t.desk.PayVoucher(ctx, by, s, worth, number)
		return func() {
			if r.Code == "voucher taken" {
				p.voucherTaken(t, number, worth, r.Earlier)
				return
			}
			p.finish(t, s, r, false)
		}
	})
}

// voucherTaken asks why a voucher is taken a second time. The way back goes to the pay screen, where nothing has been taken.
func (p *payScreen) voucherTaken(t *till, number string, worth int64, before txn.Attempt) {
	p.paying.Mode = present.Choosing
	t.redraw()
	t.open(&reasonScreen{sale: &p.paying.Sale, keys: present.VoucherReasons,
		message: t.message(present.Warning, "voucher.taken", "number", number, "amount", t.money(before.Amount.Minor), "date", t.words.Date(before.Opened()), "time", before.Opened().Format("15:04")),
		press:   func(t *till, why string) { p.payVoucher(t, number, worth, why) }})
}
