package shop_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"veratill/app/present"
	"veratill/app/settings"
	"veratill/app/shop"
	"veratill/devices"
	"veratill/devices/port"
	"veratill/txn"
)

// stripe is MagTek's reader on a bus that is not there: 337 bytes a report, and it can be pulled out.
type stripe struct {
	reports chan []byte
	pulled  chan struct{}
}

func newStripe() *stripe {
	return &stripe{reports: make(chan []byte, 1), pulled: make(chan struct{})}
}

func (s *stripe) Descriptor() port.Descriptor {
	return port.Descriptor{Vendor: 0x0801, Product: 2, Class: port.ClassHID, Sizes: [3]int{port.InterruptIn: 8}}
}

func (s *stripe) Control(context.Context, port.Setup, []byte) (int, error) {
	return 0, &port.Error{Reason: devices.Refused, Err: errors.New("stall")}
}

func (s *stripe) Read(ctx context.Context, _ port.Pipe, b []byte) (int, error) {
	select {
	case r := <-s.reports:
		return copy(b, r), nil
	case <-s.pulled:
		return 0, &port.Error{Reason: devices.Unplugged, Err: errors.New("pulled")}
	case <-ctx.Done():
		return 0, &port.Error{Reason: devices.Cancelled, Err: ctx.Err()}
	}
}

func (s *stripe) Write(context.Context, []byte) (int, error) {
	return 0, errors.New("it takes nothing")
}

func (s *stripe) Close() error { return nil }

// swipe sends track 2 of a card as the reader reports it.
func (s *stripe) swipe() {
	const track = ";6200000000000005=49121010000000000?"
	r := make([]byte, 337)
	r[4] = byte(len(track))
	copy(r[117:], track)
	s.reports <- r
}

// withStripe is a demonstration that takes cards from readers as they are plugged in.
func withStripe(t testing.TB) (*counter, *atomic.Pointer[stripe]) {
	t.Helper()
	var plugged atomic.Pointer[stripe]
	s := settings.Default()
	s.Devices.Reader = "usb:0801:0002"
	c, err := open(shop.Options{Dir: t.TempDir(), Settings: s, Version: "test",
		OpenUSB: func(_ context.Context, _ devices.URL, want func(port.Descriptor) bool) (port.USB, error) {
			if p := plugged.Load(); p != nil && want(p.Descriptor()) {
				return p, nil
			}
			return nil, &port.Error{Reason: devices.Unplugged, Err: errors.New("not on the bus")}
		}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, &plugged
}

func readerIs(c *counter, health present.Health) bool {
	for _, chip := range c.Chips() {
		if chip.Part == present.Reader {
			return chip.Health == health
		}
	}
	return false
}

// A till whose reader is not plugged in opens all the same. The reader is pulled out and plugged in again in the
// middle of a payment: it goes on waiting, and the card is taken from the reader that is there then.
func TestAReaderIsPluggedInMidSale(t *testing.T) {
	c, plugged := withStripe(t)
	until(t, "word that there is no reader", func() bool { return readerIs(c, present.Offline) })
	first := newStripe()
	plugged.Store(first)
	_ = c.Reconnect(context.Background(), present.Reader) // as the watch on the bus does
	until(t, "the reader", func() bool { return readerIs(c, present.Ready) })
	paid := make(chan present.Result, 1)
	go func() { paid <- c.PayCard(context.Background(), clerk, cart(1250), 0, func(present.Progress) {}) }()
	time.Sleep(50 * time.Millisecond)
	second := newStripe()
	plugged.Store(second)
	close(first.pulled)
	until(t, "the reader again", func() bool { return readerIs(c, present.Ready) })
	second.swipe()
	select {
	case r := <-paid:
		if r.Charged != txn.ChargedYes || r.Attempt.Card.Masked != "620000******0005" {
			t.Errorf("%+v", r)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the payment hangs")
	}
}

// BenchmarkSwipeToJournal is from the reader's report to the attempt that is durable, on this disk; beside it, in the
// same run, the payment as a whole with the simulated bank.
func BenchmarkSwipeToJournal(b *testing.B) {
	c, plugged := withStripe(b)
	s := newStripe()
	plugged.Store(s)
	_ = c.Reconnect(context.Background(), present.Reader)
	for !readerIs(c, present.Ready) {
		time.Sleep(time.Millisecond)
	}
	var journaled time.Duration
	for b.Loop() {
		begun := make(chan time.Time, 1)
		go func() {
			time.Sleep(5 * time.Millisecond) // the payment waits for a card by then
			begun <- time.Now()
			s.swipe()
		}()
		r := c.PayCard(context.Background(), clerk, cart(1250), 0, func(p present.Progress) {
			if p.Step == present.Sending {
				journaled += time.Since(<-begun)
			}
		})
		if r.Charged != txn.ChargedYes {
			b.Fatalf("%+v", r)
		}
	}
	b.ReportMetric(float64(journaled.Microseconds())/1000/float64(b.N), "swipe-to-journal-ms")
}

// Each test card does what its name says. What the bank never answers takes 15 s, and is left out.
func TestEachTestCardDoesWhatItsNameSays(t *testing.T) {
	want := map[string]txn.State{"approved": txn.Approved, "not enough money": txn.Declined, "refused by the bank": txn.Declined,
		"booked, line cut": txn.Reversing, "line cut before the bank has it": txn.Reversing, "booked, answer not to be trusted": txn.Reversing}
	for name, state := range want {
		t.Run(name, func(t *testing.T) {
			c := demo(t, t.TempDir())
			r := card(t, c, 730, testCard(t, c, name))
			if got := r.Attempt.State; got != state && !(state == txn.Reversing && got == txn.Reversed) {
				t.Errorf("%s, want %s: %+v", got, state, r)
			}
			if name == "not enough money" && r.Attempt.Answer.ResponseCode != "51" {
				t.Errorf("code %s", r.Attempt.Answer.ResponseCode)
			}
		})
	}
}
