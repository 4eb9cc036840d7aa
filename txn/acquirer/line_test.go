package acquirer

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/hostsim"
)

// proxied is a bench behind a proxy that may be left without its bank: then it accepts connections and ends them.
func proxied(t *testing.T, script string, changed func()) (b *bench, alone *atomic.Bool, dials *atomic.Int64) {
	alone, dials = &atomic.Bool{}, &atomic.Int64{}
	b = newBench(t, "unionpay", script, func(c *Config, _ *hostsim.Config) {
		c.Changed = changed
		c.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			dials.Add(1)
			if !alone.Load() {
				return (&net.Dialer{}).DialContext(ctx, network, b.client.cfg.Address)
			}
			end, other := net.Pipe()
			other.Close()
			return end, nil
		}
	})
	if err := b.client.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b, alone, dials
}

// cut ends the line that there is.
func (b *bench) cut() {
	b.client.mu.Lock()
	l := b.client.link
	b.client.mu.Unlock()
	l.close()
}

// Who accepts a connection and ends it is no bank: nothing about money leaves, the line is not up, and it is dialled less and less often.
func TestAConnectionAloneIsNoBank(t *testing.T) {
	var changes atomic.Int64
	b, alone, dials := proxied(t, "", func() { changes.Add(1) })
	alone.Store(true)
	b.cut()
	if err := b.client.Ready(t.Context()); !errors.Is(err, errUnreachable) || b.client.Status().Up {
		t.Errorf("ready: %v, up %v", err, b.client.Status().Up)
	}
	if v := b.client.Request(t.Context(), b.order()); v.Kind != txn.NotSent || v.Reason != txn.LinkLost {
		t.Errorf("a sale: %s, %s", v.Kind, v.Reason)
	}
	before, told, since := dials.Load(), changes.Load(), b.client.Status().Since
	ctx, give := context.WithTimeout(t.Context(), 2*time.Second)
	defer give()
	b.client.Keep(ctx)
	if n := dials.Load() - before; n > 30 {
		t.Errorf("dialled %d times in 2 s", n)
	}
	if n := changes.Load() - told; n > 0 || b.client.Status().Since != since {
		t.Errorf("told %d times that the line changed, since %v and not %v", n, b.client.Status().Since, since)
	}
	alone.Store(false)
	if err := b.client.Ready(t.Context()); err != nil || !b.client.Status().Up {
		t.Errorf("with its bank again: %v", err)
	}
}

// A line that answers its echo and is lost at once is not dialled as fast as it can be.
func TestALineThatIsLostSoonIsDialledLessOften(t *testing.T) {
	b, _, dials := proxied(t, "", nil)
	ctx, give := context.WithTimeout(t.Context(), 2*time.Second)
	defer give()
	go func() {
		for ctx.Err() == nil {
			b.client.mu.Lock()
			l := b.client.link
			b.client.mu.Unlock()
			if l != nil {
				l.close()
			}
			time.Sleep(time.Millisecond)
		}
	}()
	before := dials.Load()
	b.client.Keep(ctx)
	if n := dials.Load() - before; n > 30 {
		t.Errorf("dialled %d times in 2 s", n)
	}
}

// A line that is up is asked nothing more before a sale; a new one is asked once. A bank that answers no echo is signed in to.
func TestANewLineIsAskedOnce(t *testing.T) {
	for script, signsIn := range map[string]bool{"": false, `{"message":"0820","do":"silent"}`: true} {
		b, _, _ := proxied(t, script, nil)
		for range 2 {
			b.cut()
			if err := b.client.Ready(t.Context()); err != nil {
				t.Fatalf("%q: %v", script, err)
			}
			sent := b.count("sent")
			for range 3 {
				if err := b.client.Ready(t.Context()); err != nil || b.count("sent") != sent {
					t.Fatalf("%q: a line that is up was asked %d times, %v", script, b.count("sent")-sent, err)
				}
			}
		}
		if b.client.mute != signsIn {
			t.Errorf("%q: its echoes go unanswered: %v", script, b.client.mute)
		}
		if v := b.client.Request(t.Context(), b.order()); v.Kind != txn.BankApproved {
			t.Errorf("%q: %s, %s", script, v.Kind, v.Reason)
		}
	}
}

// What was asked about money is listened for on its own line, also when the line is made anew meanwhile, or a sign-in goes unanswered.
func TestAnAnswerComesOverALineThatWasLeft(t *testing.T) {
	for name, leave := range map[string]func(b *bench){
		"made anew": func(b *bench) {
			if err := b.client.Reconnect(t.Context()); err != nil {
				t.Fatal(err)
			}
		},
		"a sign-in without an answer": func(b *bench) {
			b.client.needSignIn()
			ctx, give := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer give()
			if err := b.client.Ready(ctx); err == nil {
				t.Error("a sign-in was answered")
			}
		},
	} {
		script := `{"message":"0200","nth":1,"do":"delay","seconds":1}`
		if name != "made anew" {
			script += "\n" + `{"message":"0800","nth":2,"do":"silent"}`
		}
		b := newBench(t, "unionpay", script, nil)
		if err := b.client.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		if v := b.client.Request(t.Context(), b.order()); v.Reason != txn.NoAnswer {
			t.Fatalf("%s: %s, %s", name, v.Kind, v.Reason)
		}
		leave(b)
		for tries := 0; tries < 2000 && b.count("late") == 0; tries++ {
			time.Sleep(10 * time.Millisecond)
		}
		if b.count("late") != 1 {
			t.Errorf("%s: the late answer was lost", name)
		}
	}
}

// Which key a line can't do without is said by the name that an attempt keeps of it.
func TestTheKeyOfALineIsNamed(t *testing.T) {
	for name, want := range map[string]string{
		"iso8583 unionpay 10.0.0.5:5000 T1 M1":               "the terminal master key that the acquirer at 10.0.0.5:5000 gave terminal T1",
		"iso8583 unionpay demonstration 127.0.0.1:5000 T M1": "", "iso8583 iso87 10.0.0.5:5000 T1 M1": "", "bank": "", "zvt 10.0.0.7:20007 1": "", "": "",
	} {
		if got := KeyOf(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
