package reader

import (
	"context"
	"sync"
	"time"

	"veratill/devices"
)

// Virtual is a reader whose cards a person chooses on the screen.
type Virtual struct {
	cards chan Card
	done  chan struct{}
	once  sync.Once
	since time.Time
}

// NewVirtual makes one that waits for Present.
func NewVirtual() *Virtual {
	return &Virtual{cards: make(chan Card), done: make(chan struct{}), since: time.Now()}
}

// Read implements Reader.
func (v *Virtual) Read(ctx context.Context) (Card, error) {
	select {
	case c := <-v.cards:
		return c, nil
	case <-ctx.Done():
		return Card{}, ctx.Err()
	case <-v.done:
		return Card{}, ErrClosed
	}
}

// Present swipes a card. It is false, and the card is zeroed, when nobody waits in
// Read: a card that is swiped at the wrong moment is not kept for later.
func (v *Virtual) Present(c Card) bool {
	select {
	case v.cards <- c:
		return true
	default:
		c.Zero()
		return false
	}
}

// Status implements Reader.
func (v *Virtual) Status() devices.Status {
	select {
	case <-v.done:
		return devices.Status{Health: devices.Offline, Reason: devices.Closed, Since: v.since}
	default:
		return devices.Status{Health: devices.Ready, Since: v.since}
	}
}

// Close implements Reader.
func (v *Virtual) Close() error {
	v.once.Do(func() { close(v.done) })
	return nil
}

// DemoKind says what a demo card is for. A screen has words for each.
type DemoKind string

// The kinds of demo card.
const (
	DemoGood      DemoKind = "good"      // a stripe card, which the demonstration's bank approves
	DemoNoMoney   DemoKind = "no money"  // it refuses it: there is not enough money on it
	DemoRefused   DemoKind = "refused"   // it refuses it without a reason
	DemoSilent    DemoKind = "silent"    // it books it, and never answers
	DemoLate      DemoKind = "late"      // it books it, and answers when it is asked to reverse it
	DemoCut       DemoKind = "cut"       // it books it, and the line is cut
	DemoUntrusted DemoKind = "untrusted" // it books it, and its answer has a wrong MAC
	DemoUnsent    DemoKind = "unsent"    // the line is cut before it has the request
	DemoChip      DemoKind = "chip"      // has a chip: refused when swiped
	DemoExpired   DemoKind = "expired"   //
	DemoDamaged   DemoKind = "damaged"   // cannot be read
)

// DemoCard is a card to choose on the screen. Its number is a scheme's published
// test number, or made up; no bank has issued any of them.
type DemoCard struct {
	Kind   DemoKind
	Scheme Scheme
	Last4  string
	track  string
}

// DemoCards is what the card chooser offers, the commonest first.
func DemoCards() []DemoCard {
	return []DemoCard{
		{DemoGood, UnionPay, "0005", ";6200000000000005=49121010000000000?"},
		{DemoNoMoney, UnionPay, "0051", ";6200000000030051=49121010000000000?"},
		{DemoRefused, UnionPay, "0505", ";6200000000050505=49121010000000000?"},
		{DemoSilent, UnionPay, "0091", ";6200000000050091=49121010000000000?"},
		{DemoLate, UnionPay, "0092", ";6200000000040092=49121010000000000?"},
		{DemoCut, UnionPay, "0094", ";6200000000020094=49121010000000000?"},
		{DemoUnsent, UnionPay, "0096", ";6200000000000096=49121010000000000?"},
		{DemoUntrusted, UnionPay, "0093", ";6200000000030093=49121010000000000?"},
		{DemoGood, UnionPay, "4567", ";6217001234567894567=49121010000000000?"},
		{DemoGood, Visa, "1111", ";4111111111111111=49121010000000000?"},
		{DemoGood, Mastercard, "4444", ";5555555555554444=49121010000000000?"},
		{DemoGood, JCB, "0000", ";3530111333300000=49121010000000000?"},
		{DemoGood, Amex, "0005", ";378282246310005=491210100000000?"},
		{DemoChip, UnionPay, "0003", ";6222020000000000003=49122010000000000?"},
		{DemoExpired, UnionPay, "0013", ";6200000000000013=20121010000000000?"},
		{DemoDamaged, OtherScheme, "", ";62000000?"},
	}
}

// Swipe makes the card of it, or the error that a damaged one gives.
func (d DemoCard) Swipe() (Card, error) { return ParseTrack2([]byte(d.track)) }
