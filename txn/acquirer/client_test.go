package acquirer

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/hostsim"
	"veratill/txn/hostsim/bank"
	"veratill/txn/iso8583"
	"veratill/txn/money"
)

// bench is a client on a real line to a simulated bank that a script misleads, and whose answers
// hold any value of each field.
type bench struct {
	client *Client
	host   *hostsim.Host
	stop   context.CancelFunc
	mu     sync.Mutex
	late   []txn.ID
	kinds  []txn.EventKind // of what was late
	orders []txn.Order
	number txn.ID // of the newest order
}

// OpenBatch implements Books.
func (b *bench) OpenBatch() int64 { return 1 }

// Sent implements Books.
func (b *bench) Sent(line string, stan int64) (sent []txn.Order) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, o := range b.orders {
		if o.Attempt.ID.STAN() == stan && o.Attempt.Line == line {
			sent = append(sent, o)
		}
	}
	return sent
}

// AnsweredLate implements Books.
func (b *bench) AnsweredLate(id txn.ID, v txn.Verdict) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.late, b.kinds = append(b.late, id), append(b.kinds, txn.LateEventOf(txn.Sale, v.Number(0)).Kind)
}

func newBench(t *testing.T, profile, script string, change func(*Config, *hostsim.Config)) *bench {
	t.Helper()
	p, err := iso8583.ProfileByName(profile)
	if err != nil {
		t.Fatal(err)
	}
	key, err := hex.DecodeString(DemoMasterKey)
	if err != nil {
		t.Fatal(err)
	}
	read, err := hostsim.ReadScript(strings.NewReader(script))
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{}
	hostConfig := hostsim.Config{Profile: p, MasterKey: key, Script: read, Values: bank.Any(rand.New(rand.NewPCG(7, 8)).IntN)}
	config := Config{Profile: p, MasterKey: key, Timeout: 200 * time.Millisecond, Terminal: "T1", Merchant: "M1",
		Books: b}
	if change != nil {
		change(&config, &hostConfig)
	}
	if b.host, err = hostsim.New(hostConfig); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	b.stop = cancel
	t.Cleanup(cancel)
	go b.host.Serve(ctx, listener)
	config.Address = listener.Addr().String()
	b.client = New(config)
	t.Cleanup(b.client.Close)
	return b
}

func (b *bench) order() txn.Order {
	b.number++
	o := txn.Order{
		Attempt: txn.Attempt{ID: b.number, Batch: 1, Line: b.client.Name(), Reference: b.client.Reference(b.number, 1), Kind: txn.Sale, Tender: txn.Card, State: txn.Pending,
			Terminal: b.client.cfg.Terminal, Merchant: b.client.cfg.Merchant, Amount: money.Amount{Minor: 1000, Currency: money.CNY}, Card: txn.CardFacts{EntryMode: "022"}, OpenedMs: 1},
		Card: txn.Plastic{PAN: txn.Secret("6222020000000001234"), Expiry: txn.Secret("3012"), Track2: txn.Secret("6222020000000001234=3012101")},
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.orders = append(b.orders, o)
	return o
}

func (b *bench) count(name string) int64 {
	for _, c := range b.client.Status().Counts {
		if c.Name == name {
			return c.N
		}
	}
	return -1
}

// Every way in which an answer can be wrong ends as not known, with its reason, and is counted.
func TestWrongAnswersAreNotApprovals(t *testing.T) {
	for _, c := range []struct {
		do      hostsim.Do
		reason  txn.Reason
		counter string
	}{
		{hostsim.Silent, txn.NoAnswer, ""}, {hostsim.WrongMAC, txn.BadMAC, "bad MAC"}, {hostsim.WrongAmount, txn.NotOurs, "wrong answer"},
		{hostsim.WrongSTAN, txn.NoAnswer, "foreign"}, {hostsim.WrongTerminal, txn.NoAnswer, "foreign"},
		{hostsim.Truncated, txn.LinkLost, "truncated"}, {hostsim.Garbage, txn.NoAnswer, "unreadable"},
		{hostsim.Oversized, txn.LinkLost, "oversized"}, {hostsim.CutAfter, txn.LinkLost, ""}, {hostsim.CutBefore, txn.LinkLost, ""},
		{hostsim.Restart, txn.LinkLost, ""},
	} {
		t.Run(string(c.do), func(t *testing.T) {
			b := newBench(t, "unionpay", fmt.Sprintf(`{"message":"0200","nth":1,"do":%q}`, c.do), func(config *Config, _ *hostsim.Config) {
				config.Compares = true // else what may be another's is not undone by its number
			})
			ctx := context.Background()
			if err := b.client.Ready(ctx); err != nil {
				t.Fatal(err)
			}
			o := b.order()
			want := txn.GaveUp
			if c.reason == txn.NotOurs { // of another payment, so that nothing is undone by the number alone
				want = txn.NumberIsTaken
			}
			if v := b.client.Request(ctx, o); v.Kind != want || v.Reason != c.reason {
				t.Errorf("%s %s, want %s, %s", v.Kind, v.Reason, want, c.reason)
			}
			if c.counter != "" && b.count(c.counter) != 1 {
				t.Errorf("%s is counted %d times", c.counter, b.count(c.counter))
			}
			// The line comes back, signs in where it has to, and the reversal is answered.
			o.Attempt.State, o.Attempt.Reason = txn.Reversing, c.reason
			ended := false
			for try := 1; try < 5 && !ended; try++ {
				if err := b.client.Ready(ctx); err != nil {
					t.Fatal(err)
				}
				ended = b.client.Resolve(ctx, o, try).Kind == txn.ReversalAnswered
			}
			if !ended {
				t.Error("the reversal was never answered")
			}
			if v := b.client.Request(ctx, b.order()); v.Kind != txn.BankApproved {
				t.Errorf("the next sale: %s %s", v.Kind, v.Reason)
			}
			for _, l := range b.host.Rows() {
				if l.STAN == o.Attempt.ID.STAN() && l.State == bank.Approved {
					t.Error("the bank still has the money")
				}
			}
		})
	}
}

// An answer that says yes, or that the number is known, and names another payment by any field, undoes nothing by its number.
func TestAnswerThatNamesAnotherPayment(t *testing.T) {
	for _, answer := range []string{`"do":"answer"`, `"do":"decline","code":"94"`} {
		for field, text := range map[string]string{"2": "6222020000000009999", "4": "000000000501", "49": "840", "60": "22000077000"} {
			b := newBench(t, "unionpay", fmt.Sprintf(`{"message":"0200","nth":1,%s,"fields":{%q:%q}}`, answer, field, text), nil)
			if err := b.client.Ready(t.Context()); err != nil {
				t.Fatal(err)
			}
			if v := b.client.Request(t.Context(), b.order()); v.Kind != txn.NumberIsTaken || v.Reason != txn.NotOurs {
				t.Errorf("%s with another field %s: %s, %s", answer, field, v.Kind, v.Reason)
			}
		}
	}
}

// A bank that approved a sale late and then finds nothing to undo contradicts itself: a person asks it. One that undid it before does not.
func TestNotFoundAfterALateApproval(t *testing.T) {
	now := time.Now().UTC().Truncate(24 * time.Hour).Add(12 * time.Hour)
	for _, code := range []string{"25", "12", "22"} {
		for late, want := range map[string]txn.EventKind{"": txn.ReversalAnswered, "51": txn.ReversalAnswered, "00": txn.ReversalRefused} {
			if code == "22" { // an earlier reversal, whose answer was lost, undid what it had approved
				want = txn.ReversalAnswered
			}
			b := newBench(t, "unionpay", fmt.Sprintf(`{"message":"0400","nth":1,"do":"decline","code":%q,"fields":{"12":"120000","13":%q}}`, code, now.Format("0102")), nil)
			if err := b.client.Ready(t.Context()); err != nil {
				t.Fatal(err)
			}
			o := b.order()
			o.Attempt.State, o.Attempt.Reason, o.Attempt.OpenedMs = txn.Reversing, txn.NoAnswer, time.Now().UnixMilli()
			b.orders[0] = o
			b.orders[0].Attempt.Late.ResponseCode = late // it came after the reversal had left
			if v := b.client.Resolve(t.Context(), o, 1); v.Kind != want {
				t.Errorf("%s to the reversal after a late %q: %s, want %s", code, late, v.Kind, want)
			}
		}
	}
}

// What may be another's is not undone by its number once the settings no longer say that the bank compares more.
func TestNothingLeavesForWhatMayBeAnothers(t *testing.T) {
	for reason, want := range map[txn.Reason]txn.EventKind{txn.NumberTaken: txn.ReversalRefused, txn.NotOurs: txn.ReversalRefused, txn.NoAnswer: txn.ReversalAnswered} {
		for _, compares := range []bool{false, true} {
			b := newBench(t, "unionpay", "", func(config *Config, _ *hostsim.Config) { config.Compares = compares })
			if err := b.client.Ready(t.Context()); err != nil {
				t.Fatal(err)
			}
			o := b.order()
			o.Attempt.State, o.Attempt.Reason, o.Attempt.OpenedMs = txn.Reversing, reason, time.Now().UnixMilli()
			if v := b.client.Resolve(t.Context(), o, 1); compares && v.Kind != txn.ReversalAnswered || !compares && v.Kind != want {
				t.Errorf("%s, compares %v: %s", reason, compares, v.Kind)
			}
		}
	}
}

// What says late that the bank has money, in part or with a field missing, is told as an approval, so that what had ended is opened again. What says
// that it has a payment of the number which may be another's is told as that.
func TestLateAnswersOfEachKind(t *testing.T) {
	for answer, want := range map[string]txn.EventKind{
		`"fields":{}`: txn.BankApprovedLate,
		`"fields":{"39":"10","4":"000000000300"}`: txn.BankApprovedLate,
		`"fields":{"39":"10"}`:                    txn.BankApprovedLate,
		`"fields":{"4":""}`:                       txn.BankApprovedLate,
		`"fields":{"39":"51"}`:                    txn.AnsweredLate,
		`"fields":{"39":"94"}`:                    txn.TakenLate,
		`"fields":{"39":"94","4":"000000000300"}`: txn.TakenLate,
		`"fields":{"4":"000000000300"}`:           txn.TakenLate,
		`"fields":{"2":"6222020000000009999"}`:    txn.TakenLate,
		`"fields":{"39":"51","4":"000000000300"}`: "",
	} {
		b := newBench(t, "unionpay", `{"message":"0200","nth":1,"do":"delay","seconds":0.3,`+answer+`}`, nil)
		if err := b.client.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		if v := b.client.Request(t.Context(), b.order()); v.Reason != txn.NoAnswer {
			t.Fatalf("%s: %s %s", answer, v.Kind, v.Reason)
		}
		for tries := 0; tries < 200 && b.count("late")+b.count("foreign") == 0; tries++ {
			time.Sleep(10 * time.Millisecond)
		}
		b.mu.Lock()
		if got := append(b.kinds, "")[0]; got != want {
			t.Errorf("%s is told as %q, want %q", answer, got, want)
		}
		b.mu.Unlock()
	}
}

// Answers that come twice, late or for others are counted and change nothing.
func TestStrayAnswersAreCounted(t *testing.T) {
	b := newBench(t, "unionpay", `{"message":"0200","nth":1,"do":"twice"}`+"\n"+`{"message":"0200","nth":1,"do":"delay","seconds":0.4}`, nil)
	ctx := context.Background()
	if err := b.client.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	if v := b.client.Request(ctx, b.order()); v.Kind != txn.BankApproved {
		t.Fatalf("%s %s", v.Kind, v.Reason)
	}
	late := b.order()
	if v := b.client.Request(ctx, late); v.Reason != txn.NoAnswer {
		t.Fatalf("%s %s", v.Kind, v.Reason)
	}
	for range 100 {
		if b.count("late") == 1 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if b.count("duplicate") != 1 || b.count("late") != 1 {
		t.Errorf("duplicate %d, late %d", b.count("duplicate"), b.count("late"))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if !slices.Equal(b.late, []txn.ID{late.Attempt.ID - 1, late.Attempt.ID}) || !slices.Equal(b.kinds, []txn.EventKind{txn.BankApprovedLate, txn.BankApprovedLate}) {
		t.Errorf("told late: %v of %v", b.kinds, b.late)
	}
}

// Refusals are refusals, whatever the code; a partial approval is not known, and a number that is taken says nothing of whose it is.
func TestResponseCodes(t *testing.T) {
	for code, want := range map[string]txn.EventKind{
		"05": txn.BankDeclined, "51": txn.BankDeclined, "55": txn.BankDeclined, "97": txn.BankDeclined,
		"91": txn.GaveUp, "92": txn.GaveUp, "96": txn.GaveUp, "98": txn.GaveUp, "68": txn.GaveUp, "09": txn.GaveUp, "22": txn.GaveUp, "25": txn.GaveUp,
		"ZZ": txn.GaveUp, "0 ": txn.GaveUp, "10": txn.GaveUp, "94": txn.NumberIsTaken, "00": txn.BankApproved, "11": txn.BankApproved, "A2": txn.BankApproved, "A6": txn.BankApproved,
	} {
		b := newBench(t, "unionpay", fmt.Sprintf(`{"message":"0200","do":"decline","code":%q}`, code), nil)
		if err := b.client.Ready(context.Background()); err != nil {
			t.Fatal(err)
		}
		if v := b.client.Request(context.Background(), b.order()); v.Kind != want {
			t.Errorf("%s is %s, want %s", code, v.Kind, want)
		}
	}
}

// Keys of each length sign in; a till with another master key is told so, and sends nothing about money.
func TestSignIn(t *testing.T) {
	for _, size := range []int{24, 40, 60} {
		b := newBench(t, "unionpay", "", func(_ *Config, h *hostsim.Config) { h.KeyBytes = size })
		if err := b.client.Ready(context.Background()); err != nil {
			t.Errorf("%d bytes: %v", size, err)
		}
		if v := b.client.Request(context.Background(), b.order()); v.Kind != txn.BankApproved {
			t.Errorf("%d bytes: %s %s", size, v.Kind, v.Reason)
		}
	}
	b := newBench(t, "unionpay", "", func(c *Config, _ *hostsim.Config) { c.MasterKey = []byte("sixteen bytes!!!") })
	if err := b.client.Ready(context.Background()); !errors.Is(err, iso8583.ErrKeys) {
		t.Errorf("with another master key: %v", err)
	}
	refused := newBench(t, "unionpay", `{"message":"0800","do":"silent"}`, nil)
	if err := refused.client.Ready(context.Background()); !errors.Is(err, errUnreachable) {
		t.Errorf("a bank that does not answer the sign-in: %v", err)
	}
}

// A bank that is not there is said to be so within the reply wait, and nothing is sent.
func TestNobodyThere(t *testing.T) {
	b := newBench(t, "iso87", "", nil)
	b.stop()
	time.Sleep(50 * time.Millisecond)
	begun := time.Now()
	if err := b.client.Ready(context.Background()); !errors.Is(err, errUnreachable) {
		t.Errorf("%v", err)
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}

// Keep brings the line back by itself after the bank was away.
func TestKeepReconnects(t *testing.T) {
	b := newBench(t, "unionpay", `{"message":"0200","nth":1,"do":"restart"}`, nil)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if err := b.client.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	go b.client.Keep(ctx)
	b.client.Request(ctx, b.order())
	for range 300 {
		if b.client.Status().Up && b.count("connected") >= 2 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("the line did not come back: %+v", b.client.Status())
}

// Addresses that can't be used say why, show one that can, and never the key.
func TestParseURL(t *testing.T) {
	for _, bad := range []string{
		"", "127.0.0.1:5000", "http://127.0.0.1:5000", "tcp://127.0.0.1", "tcp://127.0.0.1:", "tcp://h:1?profile=visa", "tcp://h:1?timeout=soon",
		"tcp://h:1?timeout=-1s", "tcp://h:1?timeout=5m", "tcp://h:1?tmk=00", "tcp://h:1?tmk=ZZ23456789ABCDEFFEDCBA9876543210",
		"tcp://h:1?colour=red", "tls://h:1?ca=/no/such/file", "tcp://h:1?%zz",
	} {
		_, err := ParseURL(bad)
		if !errors.Is(err, errURL) || !strings.Contains(err.Error(), "tcp://10.0.0.5:5000") {
			t.Errorf("%q: %v", bad, err)
		}
		if err != nil && strings.Contains(err.Error(), "ABCDEF") {
			t.Errorf("the key is in %v", err)
		}
	}
	const key = "8899AABBCCDDEEFF0011223344556677"
	for _, misplaced := range []string{"tcp://%s", "%s://h:1", "tcp://h:1?%s", "tcp://h:1?%s=1", "tcp://h:1?profile=%s", "tcp://h:1?timeout=%s", "tcp://h:1?compares=%s", "tcp://h:1?repeats=%s",
		"tcp://h:1?protection=%s", "tls://h:1?ca=%s&tmk=00112233445566778899AABBCCDDEEFF", "tcp://h:1?tmk=%s0", "tcp://h:1/%s", "tcp://%s@h:1", "tcp://h:1#%s"} {
		url := fmt.Sprintf(misplaced, key)
		if _, err := ParseURL(url); err == nil || strings.Contains(strings.ToUpper(err.Error()), key[:12]) {
			t.Errorf("%s: %v", misplaced, err)
		}
	}
	c, err := ParseURL("tcp://127.0.0.1:5000?profile=iso87&timeout=2s")
	if err != nil || c.Address != "127.0.0.1:5000" || c.Profile.Name != "iso87" || c.Timeout != 2*time.Second {
		t.Errorf("%+v, %v", c, err)
	}
}

// Each row is an address and a key in the environment: what nobody could trust is refused, and what nothing proves is a demonstration.
func TestOnlyATrustedLineLeavesThisComputer(t *testing.T) {
	const key = "8899AABBCCDDEEFF0011223344556677"
	for _, c := range []struct {
		url, env string
		refused  string // a part of the error; empty is none
		demo     bool
		here     bool
	}{
		{url: "tcp://127.0.0.1:1", demo: true, here: true},
		{url: "tcp://[::1]:1", demo: true, here: true},
		{url: "tcp://localhost:1", demo: true, here: true},
		{url: "tls://127.0.0.1:1", demo: true, here: true},
		{url: "tcp://127.0.0.1:1?tmk=", demo: true, here: true},
		{url: "tcp://127.0.0.1:1", env: DemoMasterKey, demo: true, here: true},
		{url: "tcp://127.0.0.1:1", env: key},
		{url: "tcp://10.0.0.5:1", env: key},
		{url: "tcp://10.0.0.5:1?tmk=" + key},
		{url: "tcp://10.0.0.5:1", refused: "master key is missing"},
		{url: "tls://10.0.0.5:1", refused: "master key is missing"},
		{url: "tls://bank.example:1?tmk=", refused: "master key is missing"},
		{url: "tls://bank.example:1", env: strings.ToLower(DemoMasterKey), refused: "master key is missing"},
		{url: "tcp://0.0.0.0:1", refused: "master key is missing"},
		{url: "tcp://localhost.example:1", refused: "master key is missing"},
		{url: "tcp://10.0.0.5:1", env: " ", refused: "32 hex digits"},
		{url: "tcp://127.0.0.1:1?profile=iso87", here: true},
		{url: "tls://10.0.0.5:1?profile=iso87"},
		{url: "tcp://10.0.0.5:1?profile=iso87", refused: "no MAC and tcp:// no TLS"},
		{url: "tcp://10.0.0.5:1?profile=iso87", env: key, refused: "no MAC and tcp:// no TLS"},
		{url: "tcp://10.0.0.5:1?profile=iso87&protection=none"},
		{url: "tcp://10.0.0.5:1?profile=iso87&protection=", refused: "is empty"},
		{url: "tcp://10.0.0.5:1?profile=iso87&protection=vpn", refused: "protection=none is for"},
		{url: "tls://10.0.0.5:1?profile=iso87&protection=none", refused: "protection=none is for"},
		{url: "tcp://10.0.0.5:1?protection=none", env: key, refused: "protection=none is for"},
		{url: "tcp://10.0.0.5:1?ca=bank.pem", env: key, refused: "is for tls"},
		{url: "tls://10.0.0.5:1?ca=", env: key, refused: "is empty"},
		{url: "tls://10.0.0.5:1?profile=unionpay&profile=iso87", env: key, refused: "given twice"},
		{url: "tcp://10.0.0.5:1#profile=unionpay", env: key, refused: "no # anywhere"},
		{url: "tcp://10.0.0.5:1/profile=unionpay", env: key, refused: "nothing may stand"},
	} {
		t.Setenv("VERATILL_TMK", c.env)
		cfg, err := ParseURL(c.url)
		if c.refused != "" {
			if err == nil || !strings.Contains(err.Error(), c.refused) {
				t.Errorf("%s with %q: %v, want %q", c.url, c.env, err, c.refused)
			}
			continue
		}
		if err != nil || cfg.Demonstration != c.demo || cfg.OnlyHere != c.here || c.demo != bytes.Equal(cfg.MasterKey, demoKey()) {
			t.Errorf("%s with %q: demonstration %t, only here %t, %v", c.url, c.env, cfg.Demonstration, cfg.OnlyHere, err)
		}
	}
}

// A line that may not leave this computer is dropped where its name leads elsewhere.
func TestALineThatLeadsElsewhereIsNotUsed(t *testing.T) {
	elsewhere := ""
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addresses {
		if ip, ok := a.(*net.IPNet); ok && ip.IP.To4() != nil && !ip.IP.IsLoopback() {
			elsewhere = ip.IP.String()
		}
	}
	if elsewhere == "" {
		t.Skip("this computer has no address but its loopback")
	}
	listener, err := net.Listen("tcp", elsewhere+":0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	for _, only := range []bool{true, false} {
		l, err := dial(context.Background(), Config{Address: listener.Addr().String(), Timeout: time.Second, Profile: iso8583.Profiles()[0], OnlyHere: only}, func([]byte) {}, &counts{})
		if only != (err != nil) {
			t.Errorf("only here %t: %v", only, err)
		}
		if l != nil {
			l.close()
		}
	}
}

// A demonstration at an address and the bank at the same address are two lines: with the key gone nobody is asked about what is
// owed to the bank.
func TestADemonstrationIsAnotherLine(t *testing.T) {
	const url = "tcp://127.0.0.1:5000?profile=unionpay"
	name := func(key string) string {
		t.Setenv("VERATILL_TMK", key)
		n, err := NameOf(url, "T", "M")
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	bank, demo := name("8899AABBCCDDEEFF0011223344556677"), name("")
	if bank != "iso8583 unionpay 127.0.0.1:5000 T M" || demo != "iso8583 unionpay demonstration 127.0.0.1:5000 T M" {
		t.Errorf("%q and %q", bank, demo)
	}
	if _, err := NameOf("tcp://10.0.0.5:1", "T", "M"); err != nil {
		t.Errorf("whoever looks into the books needs a key: %v", err)
	}
	profile := iso8583.Profiles()[0]
	for _, c := range []struct {
		demo bool
		name string
		want bool
	}{{false, bank, true}, {true, demo, true}, {false, demo, false}, {true, bank, false}, {false, "demonstration", false}, {true, "demonstration", false}} {
		if got := New(Config{Profile: profile, Demonstration: c.demo}).Succeeds(c.name); got != c.want {
			t.Errorf("a line that is a demonstration (%t) takes the place of %q: %t", c.demo, c.name, got)
		}
	}
}

// A connection that dies under a request in its middle is a lost link at once, not a time-out.
func TestLostLinkIsSeenAtOnce(t *testing.T) {
	b := newBench(t, "unionpay", `{"message":"0200","do":"cut after"}`, func(c *Config, _ *hostsim.Config) { c.Timeout = 20 * time.Second })
	if err := b.client.Ready(context.Background()); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	if v := b.client.Request(context.Background(), b.order()); v.Reason != txn.LinkLost || time.Since(begun) > 5*time.Second {
		t.Errorf("%s after %v", v.Reason, time.Since(begun))
	}
}

// A bank is taken to know a refund again only where its address says so.
func TestRepeatsAreKnownWhereTheAddressSaysSo(t *testing.T) {
	for query, want := range map[string]bool{"": false, "&repeats=refunds": true} {
		c, err := ParseURL("tcp://127.0.0.1:5000?profile=unionpay" + query)
		if err != nil {
			t.Fatal(err)
		}
		if way := New(c).Refunds(); way.Repeats != want || !way.ReadsCard {
			t.Errorf("%q: %+v", query, way)
		}
	}
	if _, err := ParseURL("tcp://127.0.0.1:5000?repeats=all"); err == nil {
		t.Error("repeats=all was taken")
	}
}
