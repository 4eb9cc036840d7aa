package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/app/ui/uitest"
	"veratill/txn"
)

func vouchers(d *uitest.Desk) { d.AboutNow.Vouchers = true }

// A voucher is taken with its value and Enter: it pays what is due at most, and that no change is given on it is said before. Its number is scanned
// meanwhile, a scan that is none is said, and what it does not pay is asked for on the same screen.
func TestAVoucherPaysAPartOrAll(t *testing.T) {
	c := openDefault(t, vouchers)
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyF6)
	p := c.till.top().(*payScreen)
	if a := p.primary(c.till); a.enabled {
		t.Fatalf("before a value is typed Enter does %q", a.label)
	}
	c.scan("AB-7")
	if p.paying.Number != "AB-7" || p.paying.Pad != "" {
		t.Fatalf("number %q, pad %q", p.paying.Number, p.paying.Pad)
	}
	c.scan("281234567890123456")
	if p.paying.Number != "" || p.hint.Key != "code.voucher-number" {
		t.Errorf("a payment code is the voucher's number: %q, told %q", p.paying.Number, p.hint.Key)
	}
	c.scan("ab-8")
	c.keys("1.50")
	c.press(fyne.KeyReturn)
	c.wait("the rest", func() bool { return p.paying.Held() && !p.paying.Busy() })
	if p.paying.DueMinor() != 50 || p.paying.Voucher || p.paying.Number != "" {
		t.Fatalf("due %d, voucher %v, number %q", p.paying.DueMinor(), p.paying.Voucher, p.paying.Number)
	}
	c.press(fyne.KeyF6)
	c.keys("50")
	if said := p.said(c.till); said.Tone != present.Warning || !strings.Contains(said.What, "49.50") {
		t.Errorf("what is above the pad: %+v", said)
	}
	c.press(fyne.KeyReturn)
	c.wait("a result", c.onResult)
	r := c.till.top().(*resultScreen)
	a := r.result.Attempt
	if a.State != txn.Claimed || a.Tender != txn.Voucher || a.Amount.Minor != 50 || a.ReceivedMinor != 5000 || r.result.Bill.State != txn.BillPaid {
		t.Errorf("%+v of a sale that is %s", a, r.result.Bill.State)
	}
	if standing := r.result.Bill.Standing(); len(standing) != 2 || standing[0].AmountMinor != 150 {
		t.Errorf("parts: %+v", standing)
	}
}

// Nothing on the pay screen takes a voucher where the shop takes none, and a voucher that was chosen and left takes nothing.
func TestNoVoucherByMistake(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyF6)
	if p := c.till.top().(*payScreen); p.paying.Voucher || p.voucher != nil {
		t.Fatal("a voucher was chosen in a shop that takes none")
	}
	c = openDefault(t, vouchers)
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyF6)
	c.keys("5")
	c.press(fyne.KeyF6, fyne.KeyReturn)
	c.wait("a result", c.onResult)
	if a := c.till.top().(*resultScreen).result.Attempt; a.Tender != txn.Cash || !slices.Equal(c.desk.CashPaid, []int64{200}) {
		t.Errorf("%s, cash %v", a.Tender, c.desk.CashPaid)
	}
}

// A number that was taken before is asked about: Esc takes nothing, and a reason takes it and stands in the books.
func TestAVoucherIsTakenTwiceForAReasonAlone(t *testing.T) {
	c := openDefault(t, vouchers)
	take := func() {
		t.Helper()
		c.tile(0)
		c.press(fyne.KeyF9, fyne.KeyF6)
		c.scan("AB-7")
		c.keys("50")
		c.press(fyne.KeyReturn)
	}
	take()
	c.wait("a result", c.onResult)
	c.press(fyne.KeyReturn)
	asked := func() bool { _, ok := c.till.top().(*reasonScreen); return ok }
	take()
	c.wait("a question", asked)
	if said := c.till.top().(*reasonScreen).say.message; !strings.Contains(said.What, "AB-7") || !strings.Contains(said.Next, "Nothing was taken") {
		t.Errorf("it says %+v", said)
	}
	c.press(fyne.KeyEscape)
	p, ok := c.till.top().(*payScreen)
	if !ok || p.paying.Busy() || p.paying.Held() {
		t.Fatalf("after Esc there is %T", c.till.top())
	}
	c.press(fyne.KeyF6)
	c.scan("AB-7")
	c.keys("50")
	c.press(fyne.KeyReturn)
	c.wait("the question again", asked)
	c.keys("a")
	c.wait("a result", c.onResult)
	if r := c.till.top().(*resultScreen).result; r.Attempt.State != txn.Claimed || r.Attempt.Reference != "AB-7" {
		t.Errorf("%+v", r.Attempt)
	}
}

// A scan that is taken for a voucher's number is told as that, also where the voucher is worth more than is due.
func TestAScanThatNumbersAVoucherIsTold(t *testing.T) {
	c := openDefault(t, vouchers)
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyF6)
	c.keys("50")
	c.scan("AB-7")
	if m := c.paying().note.message; m.What == "" || !strings.Contains(m.Small, "AB-7") {
		t.Errorf("%+v", m)
	}
}
