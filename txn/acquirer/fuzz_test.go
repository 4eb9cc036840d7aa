package acquirer

import (
	"encoding/hex"
	"errors"
	"net"
	"net/url"
	"slices"
	"strings"
	"testing"

	"veratill/packaging/nasty"
	"veratill/txn"
	"veratill/txn/iso8583"
)

// An address is refused with errURL, which never says the key, or it is one that can be dialled.
func FuzzURL(f *testing.F) {
	f.Setenv("VERATILL_TMK", "")
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		text := string(b)
		if strings.Contains(text, "ca") || strings.Contains(text, "%") { // it would read a file
			return
		}
		c, err := ParseURL(text)
		if err != nil {
			if key := keyOf(text); !errors.Is(err, errURL) || len(key) > 15 && strings.Contains(err.Error(), key) {
				t.Fatalf("the error is %v", err)
			}
			return
		}
		if _, port, err := net.SplitHostPort(c.Address); err != nil || port == "" {
			t.Fatalf("address %q", c.Address)
		}
		if c.Profile == nil || c.Profile.MAC && len(c.MasterKey) != 16 || c.Timeout < minTimeout || c.Timeout > maxTimeout {
			t.Fatalf("%+v can't be used", c)
		}
		if !c.OnlyHere && !strings.Contains(text, "tmk=") && c.TLS == nil && !strings.Contains(text, "protection=none") {
			t.Fatalf("%q may leave this computer without a key, TLS or a word on it", text)
		}
	})
}

// keyOf is what stands in an address as its key, and nowhere else in it.
func keyOf(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	key := u.Query().Get("tmk")
	if strings.Count(text, key) > 1 {
		return ""
	}
	return key
}

// waiter is a till that waits for the answer to one sale.
type waiter struct {
	client  *Client
	request iso8583.Message
	mak     []byte
}

func waiters() (all []waiter) {
	for _, p := range iso8583.Profiles() {
		mak := []byte("SIXTEEN BYTE KEY")
		c := New(Config{Profile: p, Terminal: "00000001", Merchant: "898000000000001", Books: &bench{}})
		c.keys.MAK = mak
		request := p.Financial(iso8583.Transaction{
			Terminal: iso8583.Terminal{Number: "00000001", Merchant: "898000000000001", Batch: 7}, STAN: 42, AmountMinor: 1250,
			Currency: "156", EntryMode: "022", PAN: []byte("6222020000000001"), Expiry: []byte("4912"), Track2: []byte("6222020000000001=49121010000000000"),
		})
		all = append(all, waiter{c, request, mak})
	}
	return all
}

// approval is what a bank answers that takes the money.
func (k waiter) approval() iso8583.Message {
	return iso8583.NewMessage("0210").Copy(k.request, 3, 4, 7, 11, 41, 42, 49, 60).Set(37, "000000000001").Set(38, "123456").Set(39, "00")
}

// hear gives the till a frame and returns what it makes of it; nothing, where it was not for it.
func (k waiter) hear(body []byte) (txn.Verdict, bool) {
	answer := make(chan arrival, 1)
	k.client.mu.Lock()
	k.client.waiting[key{'2', "000042", trim(k.client.cfg.Terminal)}] = answer
	k.client.mu.Unlock()
	k.client.arrived(body)
	select {
	case got := <-answer:
		return k.client.judge(k.request, got), true
	default:
		return txn.Verdict{}, false
	}
}

// fields are those that an answer may bring.
var fields = []int{3, 4, 11, 12, 13, 37, 38, 39, 41, 42, 44, 49, 60}

// change edits an approval by bytes: which field, how long, what.
func change(m iso8583.Message, b []byte) iso8583.Message {
	for i := 0; i+2 < len(b); {
		end := min(len(b), i+2+int(b[i+1])%16)
		m.Set(fields[int(b[i])%len(fields)], string(b[i+2:end]))
		i = end
	}
	return m
}

// drawFrom lets the fuzzer's bytes decide; when they are used up everything is 0.
func drawFrom(b []byte) iso8583.Draw {
	return func(n int) int {
		if len(b) == 0 {
			return 0
		}
		next := int(b[0]) % n
		b = b[1:]
		return next
	}
}

// answerFrom is an answer by the fuzzer's bytes: an approval with fields of any bytes, or with
// fields of any values that they may have.
func answerFrom(k waiter, b []byte) iso8583.Message {
	if len(b) == 0 || b[0]&1 == 0 {
		return change(k.approval(), b)
	}
	drawn := anyAnswer(k.client.cfg.Profile, drawFrom(b[1:]))
	return k.approval().Copy(drawn, 12, 13, 15, 32, 37, 38, 44, 48, 53, 54, 55, 62, 63)
}

// However an approval is changed, cut or forged, it counts only if it is signed with
// this till's key as it stands and brings back the STAN, the amount, the terminal and
// the batch that were sent, with a code that approves. The conditions are written out
// here a second time, from the design and not from the code. Whatever can be read can be said back.
func FuzzJudge(f *testing.F) {
	all := waiters()
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		if len(b) < 4 {
			return
		}
		k := all[b[0]&1]
		p := k.client.cfg.Profile
		m := answerFrom(k, b[4:])
		mak, forged := k.mak, b[0]&2 != 0
		if forged {
			mak = []byte("another till's !")
		}
		body, err := p.Seal(m, mak)
		if err != nil {
			return
		}
		bent := b[0]&4 != 0
		if bent {
			body[(int(b[1])<<8|int(b[2]))%len(body)] ^= 1 << (b[3] % 8)
		}
		v, heard := k.hear(body)
		got, err := p.Unpack(body)
		if err == nil {
			sayBack(t, k.client, answerOf(got))
		}
		if !heard || v.Kind != txn.BankApproved {
			return
		}
		switch {
		case err != nil:
			t.Fatal("approved by what can't be read")
		case p.MAC && (forged || bent):
			t.Fatal("approved by a frame that the bank did not sign")
		case got.MTI[:3] != "021" || got.Get(11) != "000042":
			t.Fatalf("approved by %s of STAN %s", got.MTI, got.Get(11))
		case got.Get(4) != "000000001250":
			t.Fatalf("approved with amount %q", got.Get(4))
		case got.Get(41) != "00000001":
			t.Fatalf("approved for terminal %q", got.Get(41))
		case got.Has(60) && p.Batch(got) != 7 || p.MAC && !got.Has(60):
			t.Fatalf("approved for batch %q", got.Get(60))
		case !slices.Contains([]string{"00", "11", "A2", "A4", "A5", "A6"}, got.Get(39)):
			t.Fatalf("approved with code %q", got.Get(39))
		}
	})
}

// Bytes that nobody signed are never an approval where the profile signs, and never stop the till;
// whatever of them is read can be said back.
func FuzzArrived(f *testing.F) {
	all := waiters()
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		for _, k := range all {
			if v, heard := k.hear(b); heard && v.Kind == txn.BankApproved && k.client.cfg.Profile.MAC {
				t.Fatalf("approved: %s", hex.EncodeToString(b))
			}
			if m, err := k.client.cfg.Profile.Unpack(b); err == nil {
				sayBack(t, k.client, answerOf(m))
			}
		}
	})
}
