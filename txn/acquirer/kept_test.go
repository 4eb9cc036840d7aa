package acquirer

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"veratill/txn"
	"veratill/txn/hostsim"
	"veratill/txn/iso8583"
	"veratill/txn/messages"
)

// heardBy collects what a line tells.
type heardBy struct {
	mu  sync.Mutex
	all []messages.Message
}

func (h *heardBy) tell(m messages.Message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all = append(h.all, m)
}

func (h *heardBy) ways() (ways []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, m := range h.all {
		ways = append(ways, strings.TrimSpace(string(m.Way)+" "+m.Kind))
	}
	return ways
}

// What a payment's life was is told as it happened: the request, its answer or that none came, the reversal and its answer. No track, no card number and no key is in it, in any form.
func TestEachMessageOfAPaymentIsTold(t *testing.T) {
	for script, want := range map[string]string{
		"": "sent 0200, received 0210, sent 0400, received 0410",
		`{"message":"0200","nth":1,"do":"silent"}`: "sent 0200, nothing, sent 0400, received 0410",
		`{"message":"0400","nth":1,"do":"silent"}`: "sent 0200, received 0210, sent 0400, nothing",
	} {
		var heard heardBy
		b := newBench(t, "unionpay", script, func(c *Config, _ *hostsim.Config) { c.Messages = heard.tell })
		if err := b.client.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := len(heard.all); n != 0 {
			t.Errorf("the sign-in is about no payment, and %d messages were told", n)
		}
		o := b.order()
		b.client.Request(t.Context(), o)
		if err := b.client.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.client.Resolve(t.Context(), o, 1)
		if got := strings.Join(heard.ways(), ", "); got != want {
			t.Errorf("%q: told are %s, want %s", script, got, want)
		}
		raw, err := json.Marshal(heard.all)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"6222020000000001234", "020000000001", "0000001234=", "3012"} {
			if strings.Contains(string(raw), secret) {
				t.Errorf("%q: what is told has %s:\n%s", script, secret, raw)
			}
		}
		if !strings.Contains(string(raw), "622202*********1234") || !strings.Contains(string(raw), "000000001000") {
			t.Errorf("%q: what is told has neither the amount nor the card as it may be shown:\n%s", script, raw)
		}
	}
}

// Whatever a bank puts into whichever field of an answer, a card number that it says back is in nothing that is told. Each field is tried, with the number where it fits whole.
func TestNoFieldOfAnAnswerTellsACardNumber(t *testing.T) {
	const pan = "6222020000000001"
	for _, p := range iso8583.Profiles() {
		for n := 2; n <= 128; n++ {
			f, used := p.Field(n)
			if !used || f.Length < len(pan) {
				continue
			}
			value := strings.Repeat(pan, 1+f.Length/len(pan))[:max(len(pan), f.Length)]
			if f.Variable > 0 {
				value = pan
			}
			m := iso8583.NewMessage("0210").Set(n, value)
			for _, part := range p.Parts(m, iso8583.NewMessage("0200").Set(42, "M1").Set(60, "22000001")) {
				if strings.Contains(part.Value, pan) || part.Number != 2 && strings.Contains(part.Value, pan[:12]) {
					t.Errorf("%s: DE%d tells %q", p.Name, n, part.Value)
				}
			}
		}
	}
}

// A line that nobody listens to tells nobody.
func TestALineMayTellNobody(t *testing.T) {
	b := newBench(t, "unionpay", "", nil)
	if err := b.client.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	if v := b.client.Request(t.Context(), b.order()); v.Kind != txn.BankApproved {
		t.Errorf("%+v", v)
	}
}
