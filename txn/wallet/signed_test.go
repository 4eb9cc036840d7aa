package wallet

import (
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/money"
)

// counting is a provider that counts what is signed for it.
type counting struct {
	mute
	signed int
	last   []byte
}

func (c *counting) message(in inquiry, _ time.Time) (message, error) {
	c.signed++
	c.last = append([]byte(in.number), in.code...)
	return message{body: c.last}, nil
}

// What was signed beside the sync leaves, once and for its own payment alone; what does not leave is wiped.
func TestPaymentIsSignedBeforehand(t *testing.T) {
	p := &counting{}
	l := &Line{speaks: p, cfg: Config{Now: time.Now}}
	o := txn.Order{Attempt: txn.Attempt{ID: 1, Reference: "A", Amount: money.Amount{Minor: 100, Currency: money.CNY}}, Card: txn.Plastic{Code: txn.Secret("134")}}
	l.Prepare(o)
	in := l.inquiryOf(o, toPay)
	other := in
	other.number = "B"
	if _, err := l.take(other); err != nil || p.signed != 2 {
		t.Fatalf("%v; another payment left with what was signed for the first: %d signed", err, p.signed)
	}
	in.question = toAsk
	if _, err := l.take(in); err != nil || p.signed != 3 {
		t.Fatalf("%v; a question left as a payment: %d signed", err, p.signed)
	}
	in.question = toPay
	if m, err := l.take(in); err != nil || p.signed != 3 || string(m.body) != "A134" {
		t.Fatalf("%v, %d signed, %q leaves", err, p.signed, m.body)
	}
	if _, err := l.take(in); err != nil || p.signed != 4 {
		t.Fatalf("%v; it left twice: %d signed", err, p.signed)
	}
	l.Prepare(o)
	l.Prepare(txn.Order{})
	if string(p.last) != "\x00\x00\x00\x00" {
		t.Errorf("%q was not wiped", p.last)
	}
	if _, err := l.take(in); err != nil || p.signed != 6 {
		t.Fatalf("%v; what was forgotten left: %d signed", err, p.signed)
	}
}
