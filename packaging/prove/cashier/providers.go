package cashier

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"veratill/packaging/prove/counter"
	"veratill/txn"
	"veratill/txn/sale"
)

// Payment codes at the window.

// codeOf is a customer's code that ends so: WeChat Pay's, or Alipay's.
func codeOf(kind int, ending string) string {
	return []string{"13000000000000", "28000000000000"}[kind%2] + ending
}

// paysCode is a customer who shows a code that ends so: wallet 0 0071, after F3 was pressed, or wallet 0 0071 once, without it.
func (w *world) paysCode(s Step) {
	if w.providers == nil || !w.opensPay(300*time.Millisecond) {
		return
	}
	if s.Word(3) != "once" {
		w.press(fyne.KeyF3)
		w.pass(calmFor)
		if w.eye.face != "pay.scan-code" {
			return // something came by itself
		}
	}
	before := w.newestID()
	asked := w.eye.paying()
	w.scans(codeOf(s.Number(1), s.Word(2)), 0)
	w.pass(500 * time.Millisecond)
	if asked && !w.lied() && w.newestID() == before && !w.refusedInSight() && !w.onResult() {
		w.bad("a customer's code was scanned where it is paid, and nothing was begun, and no word says so: %s", w.eye.glass.all())
	}
}

// onResult reports whether the end of a payment is in front.
func (w *world) onResult() bool { return strings.HasPrefix(w.eye.face, "result.") }

// paysByCode reports whether a scan may be a customer's code, and such are taken.
func (w *world) paysByCode(code string) bool {
	return w.providers != nil && sale.PaymentCodeOf(sale.CleanScan(code)) != sale.NoWallet
}

// intendsCode takes a scan of what may be a payment code: it is meant to pay where a sale is being paid.
func (w *world) intendsCode(code string) {
	if w.paysByCode(code) && w.eye.paying() {
		w.judge.intent.code = true
	}
}

// judgeTyping: the screen sends a customer to type a password only for a payment by code that is not known yet.
func (w *world) judgeTyping() {
	if !w.shows("step.customer-types") {
		return
	}
	if !slices.ContainsFunc(w.judge.attempts, func(a txn.Attempt) bool { return a.Tender == txn.Code && a.Open() }) {
		w.bad("the window says that the customer types, and no payment by code is under way")
	}
}

// judgeProviders holds each payment by code that has ended against its provider's book.
func (w *world) judgeProviders() {
	if w.providers == nil || w.restored {
		return
	}
	book, err := w.providers.Book()
	if err != nil {
		w.bad("a provider: %v", err)
	}
	for _, o := range book {
		if o.HasMinor > 0 && !slices.ContainsFunc(w.judge.attempts, func(a txn.Attempt) bool { return a.Reference == o.Number }) {
			w.bad("a provider has the money of %s, which the journal does not know", o.Number)
		}
	}
	for _, a := range w.judge.attempts {
		if a.Tender != txn.Code || a.Kind != txn.Sale {
			continue
		}
		switch o := counter.Of(book, a.Reference); {
		case a.State == txn.Approved && o.PaidMinor != a.Amount.Minor:
			w.bad("%s is approved here, and its provider has %+v", a.ID, o)
		case (a.State == txn.Declined || a.State == txn.Reversed || a.State == txn.Voided) && o.HasMinor > 0:
			w.bad("%s is %s here, and its provider has the money: %+v", a.ID, a.State, o)
		}
	}
}
