package acquirer

import (
	"testing"
	"time"

	"veratill/txn/iso8583"
)

// told is an answer with the bank's time.
func told(at time.Time) iso8583.Message {
	return iso8583.NewMessage("0210").Set(13, at.Format("0102")).Set(12, at.Format("150405"))
}

// asked is a request that says no time.
var asked = iso8583.NewMessage("0200")

// An answer that tells a moment of the bank's from before its request is about an earlier payment, whatever the two clocks say, once the
// bank's clock is known; over New Year as well. A bank that tells any time, or none, proves nothing, and summer time neither.
func TestAMomentBeforeTheRequest(t *testing.T) {
	begun := time.Now()
	for name, bank := range map[string]time.Time{"a bank in step": begun, "years behind": begun.AddDate(-7, 3, 5), "before New Year": time.Date(2026, 12, 31, 23, 58, 0, 0, time.UTC)} {
		var c bankClock
		if c.stale(asked, told(bank.Add(-3*time.Hour)), begun) {
			t.Errorf("%s: something is proved before the clock is known", name)
		}
		for i := range 4 {
			c.hear(asked, told(bank.Add(time.Duration(i)*time.Minute)), begun.Add(time.Duration(i)*time.Minute))
		}
		sent := begun.Add(5 * time.Minute)
		for after, want := range map[time.Duration]bool{0: false, 30 * time.Second: false, -time.Hour: false, -61 * time.Minute: false, -72 * time.Minute: true, -20 * 24 * time.Hour: true, 2 * time.Hour: false} {
			if got := c.stale(asked, told(bank.Add(5*time.Minute+after)), sent); got != want {
				t.Errorf("%s: a moment %v from the request: stale %v", name, after, got)
			}
		}
		if c.stale(asked, iso8583.NewMessage("0210"), sent) || c.stale(asked, iso8583.NewMessage("0210").Set(12, "999999").Set(13, "9999"), sent) {
			t.Errorf("%s: no time, or none that can be, proves something", name)
		}
	}
	var any bankClock
	for i, at := range []time.Time{begun, begun.Add(99 * time.Hour), begun.Add(-500 * time.Hour), begun.Add(3 * time.Hour)} {
		any.hear(asked, told(at), begun.Add(time.Duration(i)*time.Second))
		if any.stale(asked, told(begun.Add(-9*time.Hour)), begun.Add(time.Minute)) {
			t.Error("a bank that tells any time proves something")
		}
	}
}

// A bank that says back what the request said there has told no time: a clock here that is set back makes none of its approvals another's.
func TestAnEchoIsNoClock(t *testing.T) {
	begun := time.Now()
	var c bankClock
	for i := range 3 {
		m := told(begun.Add(time.Duration(i) * time.Minute))
		c.hear(m, m, begun.Add(time.Duration(i)*time.Minute))
	}
	if back := told(begun.Add(-9 * time.Hour)); c.stale(back, back, begun.Add(4*time.Minute)) || c.stale(asked, back, begun.Add(4*time.Minute)) {
		t.Error("an echo of the till's clock is taken for the bank's")
	}
}

// A bank whose clock is set back is believed again after two answers that agree; one old answer among others changes nothing.
func TestABanksClockIsLearntAnew(t *testing.T) {
	begun := time.Now()
	minute := func(n int) time.Time { return begun.Add(time.Duration(n) * time.Minute) }
	known := func() (c bankClock) {
		for i := range 2 {
			c.hear(asked, told(minute(i)), minute(i))
		}
		return c
	}
	c := known()
	for i, want := range []bool{true, true, false} {
		back, now := told(minute(i+5).Add(-3*time.Hour)), minute(i+5)
		if got := c.stale(asked, back, now); got != want {
			t.Errorf("answer %d after the bank's clock was set back: stale %v", i+1, got)
		} else if got {
			c.astray(asked, back, now)
		}
	}
	c = known()
	old := told(minute(5).Add(-3 * time.Hour))
	c.astray(asked, old, minute(5))
	c.hear(asked, told(minute(6)), minute(6))
	c.astray(asked, old, minute(5))
	if !c.stale(asked, old, minute(7)) {
		t.Error("answers that were old between answers that were not are believed")
	}
}

// What a line takes its numbers from does not hang on how its bank's address is spelt, and is another one with another terminal, merchant or dialect.
func TestNumberingGoesByNoAddress(t *testing.T) {
	p, err := iso8583.ProfileByName("unionpay")
	if err != nil {
		t.Fatal(err)
	}
	numbering := func(change func(*Config)) string {
		config := Config{Profile: p, Address: "127.0.0.1:5000", Terminal: "T1", Merchant: "M1"}
		change(&config)
		c := New(config)
		return c.Numbering(c.Name())
	}
	one := numbering(func(*Config) {})
	for _, address := range []string{"localhost:5000", "bank.example:5000", "[::1]:5000"} {
		if other := numbering(func(c *Config) { c.Address = address }); other != one {
			t.Errorf("at %s it is %q, and %q before", address, other, one)
		}
	}
	for name, change := range map[string]func(*Config){"terminal": func(c *Config) { c.Terminal = "T2" }, "merchant": func(c *Config) { c.Merchant = "M2" }, "demonstration": func(c *Config) { c.Demonstration = true }} {
		if numbering(change) == one {
			t.Errorf("another %s has the same numbering", name)
		}
	}
}
