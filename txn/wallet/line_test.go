package wallet_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/wallet"
	"veratill/txn/walletsim"
)

// codes are what customers of the simulator show.
var codes = map[wallet.Provider]string{wallet.WeChat: "134567890123451234", wallet.Alipay: "28763443825664394", wallet.UnionPay: "6225735053201615202", wallet.Upay: "134567890123455678"}

var simKeys = sync.OnceValues(walletsim.MakeKeys)

func keys(t testing.TB) *walletsim.Keys {
	t.Helper()
	k, err := simKeys()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// desk is a line of each provider, with the simulator behind it.
type desk struct {
	t      *testing.T
	sim    *walletsim.Sim
	server *http.Server
	wire   wire
	log    bytes.Buffer
	heard  []string // by the simulator
	next   txn.ID
}

// wire connects the line and the simulator without a network, so that their time can be simulated.
type wire chan net.Conn

func (w wire) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case w <- there:
		return here, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (w wire) Accept() (net.Conn, error) {
	conn, ok := <-w
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (w wire) Close() error   { return nil }
func (w wire) Addr() net.Addr { return &net.TCPAddr{} }

func newDesk(t *testing.T, rules ...string) *desk {
	t.Helper()
	return newDeskOf(t, keys(t), rules...)
}

func newDeskOf(t *testing.T, k *walletsim.Keys, rules ...string) *desk {
	t.Helper()
	script, err := walletsim.ReadScript(strings.NewReader(strings.Join(rules, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t}
	if d.sim, err = walletsim.New(walletsim.Config{Keys: k, Script: script, Log: func(line string) { d.heard = append(d.heard, line) }}); err != nil {
		t.Fatal(err)
	}
	d.wire, d.server = make(wire), &http.Server{Handler: d.sim}
	go d.server.Serve(d.wire)
	t.Cleanup(func() { close(d.wire); d.server.Close() })
	return d
}

// config is that of a line to the simulator.
func (d *desk) config(p wallet.Provider) wallet.Config {
	c := configOf(d.t, p, "http://127.0.0.1:1")
	c.Dial = d.wire.dial
	return c
}

func configOf(t testing.TB, p wallet.Provider, address string) wallet.Config {
	k := keys(t)
	c := wallet.Config{Provider: p, Address: address, Shop: "好邻居便利店"}
	if p != wallet.Upay {
		c.Private, c.Public = k.ShopKey(string(p)), k.ProviderKey(string(p))
	}
	switch p {
	case wallet.WeChat:
		c.App, c.Merchant, c.Serial, c.Platform = walletsim.WeChatApp, walletsim.WeChatMerchant, walletsim.WeChatSerial, walletsim.WeChatPlatform
	case wallet.Alipay:
		c.App = walletsim.AlipayApp
	case wallet.UnionPay:
		c.Acquirer, c.Merchant, c.Terminal, c.Category, c.Serial = walletsim.UnionAcquirer, walletsim.UnionMerchant, walletsim.UnionTerminal, walletsim.UnionCategory, walletsim.UnionSerial
	case wallet.Upay:
		c.Terminal, c.Key = walletsim.UpayTerminal, txn.Secret(k.Upay)
	}
	return c
}

func (d *desk) line(p wallet.Provider) *wallet.Line {
	d.t.Helper()
	c := d.config(p)
	c.Log = slog.New(slog.NewTextHandler(&d.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	l, err := wallet.New(c)
	if err != nil {
		d.t.Fatal(err)
	}
	return l
}

// request asks for as long as a line that has no end of its own would be heard to.
func (d *desk) request(l *wallet.Line, o txn.Order) txn.Verdict {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	return l.Request(ctx, o)
}

// payment is an order of a payment, numbered by its line.
func (d *desk) payment(l *wallet.Line, p wallet.Provider, minor int64) txn.Order {
	d.next++
	return txn.Order{Attempt: txn.Attempt{ID: d.next, Kind: txn.Sale, Reference: l.Reference(d.next, 1), Amount: money.Amount{Minor: minor, Currency: "CNY"}, OpenedMs: time.Now().UnixMilli(), Cashier: "小王"},
		Card: txn.Plastic{Code: txn.Secret(codes[p])}}
}

// undone asks to undo until that is answered.
func (d *desk) undone(l *wallet.Line, o txn.Order) txn.Verdict {
	d.t.Helper()
	o.Card = txn.Plastic{}
	for try := 1; try < 60; try++ {
		v := l.Resolve(context.Background(), o, try)
		if v.Kind != txn.ReversalRepeated {
			return v
		}
		time.Sleep(5 * time.Second)
	}
	d.t.Fatal("the undo was never answered")
	return txn.Verdict{}
}

func (d *desk) order(number string) (found walletsim.Order) {
	for _, o := range d.sim.Orders() {
		if o.Number == number {
			found = o
		}
	}
	return found
}

// simulated runs a test in a time of its own.
func simulated(t *testing.T, do func(t *testing.T)) {
	t.Parallel()
	keys(t)
	synctest.Test(t, do)
}

func each(t *testing.T, do func(t *testing.T, p wallet.Provider)) {
	for _, p := range wallet.Providers {
		t.Run(string(p), func(t *testing.T) { simulated(t, func(t *testing.T) { do(t, p) }) })
	}
}

// A payment that is taken is approved with the provider's number, and the code is kept nowhere.
func TestPaymentIsApproved(t *testing.T) {
	each(t, func(t *testing.T, p wallet.Provider) {
		d := newDesk(t)
		l := d.line(p)
		if err := l.Ready(context.Background()); err != nil {
			t.Fatal(err)
		}
		o := d.payment(l, p, 1234)
		v := d.request(l, o)
		if got := d.order(o.Attempt.Reference); v.Kind != txn.BankApproved || got.State != walletsim.Paid || got.AmountMinor != 1234 || v.Answer.RRN != got.ID || v.Answer.HostTime == "" {
			t.Errorf("%+v, and the provider has %+v", v, got)
		}
		if bytes.Contains(o.Card.Code, []byte("1")) {
			t.Error("the code was not wiped")
		}
		if v.Answer.Raw == "" || strings.Contains(v.Answer.Raw, codes[p]) {
			t.Errorf("evidence: %q", v.Answer.Raw)
		}
	})
}

// However a provider or a network misbehaves, the till says "paid" where the provider has the money, and nowhere else; and what the till
// gave up is undone in the end.
func TestMoneyIsWhereTheTillSays(t *testing.T) {
	behaviours := []string{`"answer"`, `"decline"`, `"typing","seconds":12`, `"typing","seconds":3600`, `"typing refused","seconds":12`, `"system error"`, `"error before"`, `"silent"`,
		`"delay","seconds":12`, `"cut before"`, `"cut after"`, `"truncated"`, `"slow","seconds":60`, `"oversized"`, `"garbage"`, `"wrong signature"`, `"unsigned"`, `"wrong clock","seconds":900`,
		`"replay"`, `"other amount"`, `"other number"`, `"contradicting"`, `"redirect"`, `"surprising"`, `"twice named"`, `"server error"`}
	for _, p := range wallet.Providers {
		for _, do := range behaviours {
			t.Run(string(p)+" "+do, func(t *testing.T) {
				simulated(t, func(t *testing.T) {
					d := newDesk(t, `{"question":"pay","amountMinor":500,"do":`+do+`}`)
					l := d.line(p)
					if v := d.request(l, d.payment(l, p, 100)); v.Kind != txn.BankApproved { // what a replay says again
						t.Fatalf("the payment before: %+v", v)
					}
					o := d.payment(l, p, 500)
					v := d.request(l, o)
					switch v.Kind {
					case txn.BankApproved, txn.BankDeclined, txn.NotSent:
					case txn.GaveUp:
						if end := d.undone(l, o); end.Kind != txn.ReversalAnswered {
							t.Errorf("the undo ended as %+v", end)
						}
					default:
						t.Errorf("%+v", v)
					}
					if got := d.order(o.Attempt.Reference); (got.State == walletsim.Paid) != (v.Kind == txn.BankApproved) || got.State == walletsim.Open {
						t.Errorf("the till says %s, and the provider %+v", v.Kind, got)
					}
				})
			})
		}
	}
}

// An undo that goes wrong is repeated until the order says of itself that it is closed: also where the customer pays after the provider said so.
func TestUndoIsRepeatedUntilItIsSo(t *testing.T) {
	behaviours := []string{`"again"`, `"paid after"`, `"silent"`, `"cut before"`, `"cut after"`, `"system error"`, `"wrong signature"`, `"garbage"`, `"redirect"`}
	for _, p := range wallet.Providers {
		for _, do := range behaviours {
			if p == wallet.UnionPay && strings.Contains(do, "paid after") {
				continue // its orders do not tell that they were undone: its word is the last one
			}
			t.Run(string(p)+" "+do, func(t *testing.T) {
				simulated(t, func(t *testing.T) {
					d := newDesk(t, `{"question":"pay","do":"typing","seconds":3600}`, `{"question":"undo","nth":1,"do":`+do+`}`)
					l := d.line(p)
					o := d.payment(l, p, 500)
					if v := d.request(l, o); v.Kind != txn.GaveUp || v.Reason != txn.NoAnswer {
						t.Fatalf("%+v", v)
					}
					if v := d.undone(l, o); v.Kind != txn.ReversalAnswered {
						t.Errorf("%+v", v)
					}
					if got := d.order(o.Attempt.Reference); got.State != walletsim.Undone && got.BackMinor() != 500 {
						t.Errorf("the provider has %+v", got)
					}
				})
			})
		}
	}
}

// A payment whose time for an undo has passed is given back whole, once.
func TestWhatCannotBeUndoneIsGivenBack(t *testing.T) {
	each(t, func(t *testing.T, p wallet.Provider) {
		d := newDesk(t, `{"question":"pay","do":"silent"}`, `{"question":"ask","do":"silent","amountMinor":501}`, `{"question":"undo","do":"not allowed"}`, `{"question":"give back","nth":1,"do":"cut after"}`)
		l := d.line(p)
		o := d.payment(l, p, 500)
		o.Attempt.OpenedMs -= time.Hour.Milliseconds()
		// The request is cancelled before the provider is asked how it stands.
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		defer cancel()
		if v := l.Request(ctx, o); v.Kind != txn.GaveUp || v.Reason != txn.Cancelled {
			t.Fatalf("%+v", v)
		}
		v := d.undone(l, o)
		if got := d.order(o.Attempt.Reference); v.Kind != txn.ReversalAnswered || got.BackMinor() != 500 || len(got.Backs) != 1 {
			t.Errorf("%+v, and the provider has %+v", v, got)
		}
	})
}

// An order that says that money of it goes back is undone once what was given back in its place has arrived, and not before: while that is under way nothing
// is known, and what is closed is a person's to end.
func TestGoingBackIsNotUndone(t *testing.T) {
	for do, want := range map[string]txn.EventKind{"processing": txn.ReversalAnswered, "closed after": txn.ReversalRefused} {
		t.Run(do, func(t *testing.T) {
			each(t, func(t *testing.T, p wallet.Provider) {
				d := newDesk(t, `{"question":"pay","do":"silent"}`, `{"question":"undo","do":"not allowed"}`, fmt.Sprintf(`{"question":"give back","nth":1,"do":%q,"seconds":95}`, do))
				l := d.line(p)
				o := d.payment(l, p, 500)
				ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
				defer cancel()
				l.Request(ctx, o)
				begun := time.Now()
				v := d.undone(l, o)
				if took := time.Since(begun); v.Kind != want || took < 95*time.Second {
					t.Errorf("%+v after %v, want %s", v, took, want)
				}
				if got := d.order(o.Attempt.Reference); len(got.Backs) != 1 || (got.BackMinor() == 500) != (want == txn.ReversalAnswered) {
					t.Errorf("the provider has %+v", got)
				}
			})
		})
	}
}

// A refund that has left the shop and does not reach the customer is not known, when it is asked for and whenever it is asked about, until a person has helped it on; and what is to stand
// in place of an undo is a person's to end.
func TestWhatIsStuckIsNotKnown(t *testing.T) {
	each(t, func(t *testing.T, p wallet.Provider) {
		d := newDesk(t, `{"question":"give back","amountMinor":700,"do":"stuck after","seconds":12}`, `{"question":"pay","amountMinor":500,"do":"silent"}`, `{"question":"undo","do":"not allowed"}`,
			`{"question":"give back","amountMinor":500,"do":"stuck after"}`)
		l := d.line(p)
		o := d.payment(l, p, 700)
		if v := d.request(l, o); v.Kind != txn.BankApproved {
			t.Fatal(v)
		}
		for kind, want := range map[txn.Kind]txn.EventKind{txn.Refund: txn.GaveUp, txn.Void: txn.ReversalRepeated} {
			if kind == txn.Void && p == wallet.WeChat { // it says that it is stuck: it is asked about rarely
				want = txn.ReversalRefused
			}
			d.next++
			back := txn.Order{Attempt: txn.Attempt{ID: d.next, Kind: kind, Reference: l.Reference(d.next, 1), Amount: money.Amount{Minor: 300, Currency: "CNY"}, OpenedMs: time.Now().UnixMilli()}, Original: &o.Attempt}
			if v := d.request(l, back); v.Kind != txn.GaveUp {
				t.Errorf("%s: %+v", kind, v)
			}
			for range 3 {
				time.Sleep(time.Hour)
				ask := d.request
				if back.Attempt.State = txn.Unresolved; kind == txn.Void {
					ask = func(l *wallet.Line, o txn.Order) txn.Verdict { return l.Resolve(context.Background(), o, 1) }
				}
				if v := ask(l, back); v.Kind != want {
					t.Errorf("%s, asked about: %+v", kind, v)
				}
			}
		}
		lost := d.payment(l, p, 500)
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		defer cancel()
		l.Request(ctx, lost)
		for range 3 { // only WeChat Pay says that it is stuck: with the others it is under way
			if v := l.Resolve(context.Background(), lost, 1); v.Kind == txn.ReversalAnswered || p == wallet.WeChat && (v.Kind != txn.ReversalRefused || v.Answer.ResponseCode != "ABNORMAL") {
				t.Errorf("in place of an undo: %+v", v)
			}
			time.Sleep(time.Hour)
		}
	})
}

// What the provider will neither undo nor give back is a person's to end.
func TestRefusedUndoIsSaidSo(t *testing.T) {
	each(t, func(t *testing.T, p wallet.Provider) {
		d := newDesk(t, `{"question":"pay","do":"cut after"}`, `{"question":"undo","do":"not allowed"}`, `{"question":"give back","do":"not allowed"}`)
		l := d.line(p)
		o := d.payment(l, p, 500)
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		defer cancel()
		l.Request(ctx, o)
		if v := d.undone(l, o); v.Kind != txn.ReversalRefused || v.Answer.ResponseCode == "" || d.order(o.Attempt.Reference).State != walletsim.Paid {
			t.Errorf("%+v", v)
		}
	})
}

// A number that the provider does not know is believed to be unpaid once no code lives that was shown for it.
// No time-out of a shop's settings shortens that.
func TestUnknownNumberIsBelievedLate(t *testing.T) {
	each(t, func(t *testing.T, p wallet.Provider) {
		for _, timeout := range []time.Duration{0, 500 * time.Millisecond, 10 * time.Second, 90 * time.Second} {
			d := newDesk(t, `{"question":"pay","do":"error before"}`)
			c := d.config(p)
			c.Timeout = timeout
			l, err := wallet.New(c)
			if err != nil {
				t.Fatal(err)
			}
			o := d.payment(l, p, 500)
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
			defer cancel()
			begun := time.Now()
			if v := l.Request(ctx, o); v.Kind != txn.GaveUp {
				t.Fatalf("%+v", v)
			}
			if v := d.undone(l, o); v.Kind != txn.ReversalAnswered || time.Since(begun) < time.Minute {
				t.Errorf("timeout %v: %+v after %v", timeout, v, time.Since(begun))
			}
		}
	})
}

// Money goes back once, whatever becomes of the answers, and what is not known is asked about under its own number.
func TestGivingBack(t *testing.T) {
	for do, want := range map[string]txn.EventKind{`"answer"`: txn.BankApproved, `"processing","seconds":12`: txn.BankApproved, `"silent"`: txn.BankApproved, `"cut before"`: txn.BankApproved, `"cut after"`: txn.BankApproved,
		`"system error"`: txn.BankApproved, `"wrong signature"`: txn.BankApproved, `"other amount"`: txn.BankApproved, `"other number"`: txn.BankApproved, `"contradicting"`: txn.BankApproved, `"not allowed"`: txn.BankDeclined, `"processing","seconds":120`: txn.GaveUp} {
		for _, p := range wallet.Providers {
			t.Run(string(p)+" "+do, func(t *testing.T) {
				simulated(t, func(t *testing.T) { givingBack(t, p, do, want) })
			})
		}
	}
}

func givingBack(t *testing.T, p wallet.Provider, do string, want txn.EventKind) {
	d := newDesk(t, `{"question":"give back","nth":1,"do":`+do+`}`)
	l := d.line(p)
	o := d.payment(l, p, 700)
	if v := d.request(l, o); v.Kind != txn.BankApproved {
		t.Fatal(v)
	}
	d.next++
	back := txn.Order{Attempt: txn.Attempt{ID: d.next, Kind: txn.Void, Reference: l.Reference(d.next, 1), Amount: o.Attempt.Amount, OpenedMs: time.Now().UnixMilli()}, Original: &o.Attempt}
	v := d.request(l, back)
	if v.Kind != want {
		t.Errorf("%+v, want %s", v, want)
	}
	if v.Kind == txn.GaveUp { // it is never undone: what was asked for is learned
		if v = d.undone(l, back); v.Kind != txn.BankApproved {
			t.Errorf("in the end %+v", v)
		}
	}
	if got := d.order(o.Attempt.Reference); len(got.Backs) > 1 || (got.BackMinor() == 700) != (v.Kind == txn.BankApproved) {
		t.Errorf("%+v, and the provider has %+v", v, got)
	}
}

// An answer that names another sum or number, or says two things, ends nothing: what became of a refund is asked about. Of several refunds of one payment each one is
// believed by its own sum.
func TestWhatContradictsItselfIsAskedAbout(t *testing.T) {
	for _, do := range []string{"answer", "other amount", "other number", "contradicting"} {
		t.Run(do, func(t *testing.T) {
			each(t, func(t *testing.T, p wallet.Provider) {
				d := newDesk(t, fmt.Sprintf(`{"question":"give back","do":%q}`, do))
				l := d.line(p)
				o := d.payment(l, p, 5000)
				if v := d.request(l, o); v.Kind != txn.BankApproved {
					t.Fatal(v)
				}
				for i, minor := range []int64{1000, 1500, 2500} {
					d.next++
					back := txn.Order{Attempt: txn.Attempt{ID: d.next, Kind: txn.Refund, Reference: l.Reference(d.next, 1), Amount: money.Amount{Minor: minor, Currency: "CNY"}, OpenedMs: time.Now().UnixMilli()}, Original: &o.Attempt}
					before := len(d.heard)
					if v := d.request(l, back); v.Kind != txn.BankApproved {
						t.Errorf("%d fen: %+v", minor, v)
					}
					// Alipay's answer has no number of the refund, and its sum is of all refunds; UnionPay's has no room for a contradiction.
					silent := p == wallet.Alipay && do == "other number" || p == wallet.UnionPay && do == "contradicting"
					asks := do != "answer" && !silent || p == wallet.Alipay && i > 0
					if asked := len(d.heard) > before+1; asked != asks {
						t.Errorf("%d fen: it was asked about: %t\n%s", minor, asked, strings.Join(d.heard[before:], "\n"))
					}
				}
				if got := d.order(o.Attempt.Reference); got.BackMinor() != 5000 || len(got.Backs) != 3 {
					t.Errorf("the provider has %+v", got)
				}
			})
		})
	}
}

// That a payment failed is believed of our sum alone: an answer with another one is about something else.
func TestRefusalOfAnotherSumIsNotBelieved(t *testing.T) {
	each(t, func(t *testing.T, p wallet.Provider) {
		d := newDesk(t, `{"question":"pay","amountMinor":500,"do":"typing refused","seconds":7}`, `{"question":"ask","amountMinor":500,"do":"other amount"}`, `{"question":"pay","do":"typing refused","seconds":7}`)
		l := d.line(p)
		if v := d.request(l, d.payment(l, p, 500)); v.Kind != txn.GaveUp {
			t.Errorf("of another sum: %+v", v)
		}
		if v := d.request(l, d.payment(l, p, 600)); (v.Kind != txn.BankDeclined) != (p == wallet.WeChat) { // PAYERROR is final once it is undone
			t.Errorf("of our sum: %+v", v)
		}
	})
}

// An answer that has no end, leads elsewhere or says a thing twice is none, however often it comes.
func TestAnswersThatAreNone(t *testing.T) {
	for do, want := range map[string]txn.Reason{"oversized": txn.Unreadable, "redirect": txn.Unreadable, "garbage": "", "server error": ""} {
		for _, p := range wallet.Providers {
			t.Run(string(p)+" "+do, func(t *testing.T) {
				simulated(t, func(t *testing.T) {
					d := newDesk(t, fmt.Sprintf(`{"question":"pay","do":%q}`, do), fmt.Sprintf(`{"question":"ask","do":%q}`, do))
					l := d.line(p)
					v := d.request(l, d.payment(l, p, 500))
					if v.Kind != txn.GaveUp || want != "" && v.Reason != want {
						t.Errorf("%+v", v)
					}
					if all := strings.Join(d.heard, "\n"); strings.Contains(all, "no question") {
						t.Errorf("something was asked elsewhere: %s", all)
					}
				})
			})
		}
	}
}

// Neither a log nor an error nor a verdict holds a payment code, also where the provider says it back, at once or long after the till has forgotten it.
func TestCodesAreSaidNowhere(t *testing.T) {
	each(t, func(t *testing.T, p wallet.Provider) {
		for _, echo := range []bool{false, true} {
			for _, do := range []string{"answer", "garbage", "redirect", "cut after", "server error", "decline", "typing", "typing refused", "system error"} {
				d := newDesk(t, fmt.Sprintf(`{"question":"pay","do":%q,"seconds":12,"echo":%t}`, do, echo), fmt.Sprintf(`{"do":"answer","echo":%t}`, echo))
				l := d.line(p)
				o := d.payment(l, p, 500)
				all := []txn.Verdict{d.request(l, o)}
				if all[0].Kind == txn.BankApproved {
					d.next++
					all = append(all, d.request(l, txn.Order{Attempt: txn.Attempt{ID: d.next, Kind: txn.Refund, Reference: l.Reference(d.next, 1), Amount: money.Amount{Minor: 100, Currency: "CNY"}, OpenedMs: time.Now().UnixMilli()}, Original: &o.Attempt}))
				}
				all = append(all, d.undone(l, o))
				said := fmt.Sprintf("%+v %s", all, d.log.String())
				if strings.Contains(bare(said), codes[p]) || !strings.Contains(said, "question=pay") {
					t.Errorf("%s, echo %t: %s", do, echo, said)
				}
				if echoed := strings.Contains(said, strings.Repeat("*", 16)); echo && do == "answer" && !echoed {
					t.Errorf("nothing was said back: %s", said)
				}
			}
		}
	})
}

// bare is a text without what groups digits.
func bare(text string) string { return strings.NewReplacer(" ", "", "-", "").Replace(text) }

// A line whose keys do not fit is not ready, and says what is wrong with them; so does one whose clock is off.
func TestLineThatDoesNotFitIsNotReady(t *testing.T) {
	each(t, func(t *testing.T, p wallet.Provider) {
		d := newDesk(t)
		stranger := func(c *wallet.Config) {
			if p == wallet.Upay {
				c.Key = txn.Secret("another")
				return
			}
			c.Private = keys(t).ShopKey(string(map[wallet.Provider]wallet.Provider{wallet.WeChat: wallet.Alipay, wallet.Alipay: wallet.WeChat, wallet.UnionPay: wallet.Alipay}[p]))
		}
		c := d.config(p)
		stranger(&c)
		l, err := wallet.New(c)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Ready(context.Background()); err == nil {
			t.Error("a line with another's key is ready")
		}
		c.Dial = func(context.Context, string, string) (net.Conn, error) { return nil, net.ErrClosed }
		if l, err = wallet.New(c); err != nil {
			t.Fatal(err)
		}
		if err := l.Ready(context.Background()); err == nil {
			t.Error("a line to nobody is ready")
		}
	})
	simulated(t, func(t *testing.T) {
		c := newDesk(t).config(wallet.WeChat)
		c.Now = func() time.Time { return time.Now().Add(-20 * time.Minute) }
		l, err := wallet.New(c)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Ready(context.Background()); err == nil || !strings.Contains(err.Error(), "clock is 20m") {
			t.Errorf("a clock that is 20 minutes behind: %v", err)
		}
	})
}

// A line of settings that lack something, or of an address beyond TLS, is not made.
func TestSettingsOfALine(t *testing.T) {
	for _, p := range wallet.Providers {
		c := configOf(t, p, "https://127.0.0.1:1")
		for name, spoil := range map[string]func(*wallet.Config){
			"no TLS":       func(c *wallet.Config) { c.Address = "http://pay.example.com" },
			"a path":       func(c *wallet.Config) { c.Address = "https://pay.example.com/v3" },
			"a user":       func(c *wallet.Config) { c.Address = "https://me:secret@pay.example.com" },
			"elsewhere":    func(c *wallet.Config) { c.Address, c.OnlyHere = "https://pay.example.com", true },
			"no account":   func(c *wallet.Config) { c.App, c.Merchant, c.Terminal = "", "", "" },
			"no key":       func(c *wallet.Config) { c.Private, c.Key = nil, nil },
			"no provider":  func(c *wallet.Config) { c.Provider = "paypal" },
			"no ca":        func(c *wallet.Config) { c.CA = []byte("none") },
			"no proxy":     func(c *wallet.Config) { c.Proxy = "nowhere" },
			"wrong bounds": func(c *wallet.Config) { c.LeastMinor, c.MostMinor = 100, 50 },
			"no time":      func(c *wallet.Config) { c.Timeout = time.Millisecond },
		} {
			spoilt := c
			spoil(&spoilt)
			if _, err := wallet.New(spoilt); err == nil {
				t.Errorf("%s: %s: a line was made", p, name)
			} else if strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), keys(t).Upay) {
				t.Errorf("%s: %s: the error holds a secret: %v", p, name, err)
			}
		}
		if p == wallet.Upay {
			continue
		}
		c.Public = nil
		if _, err := wallet.New(c); err == nil || !strings.Contains(err.Error(), "providerKeyFile") {
			t.Errorf("%s: without the provider's key: %v", p, err)
		}
		c.Private, c.Public = keys(t).ShopKey(string(p)), publicOf(t, keys(t).ShopKey(string(p)))
		if _, err := wallet.New(c); err == nil || !strings.Contains(err.Error(), "own key") {
			t.Errorf("%s: with the shop's own key as the provider's: %v", p, err)
		}
	}
}

// TLS is believed by the named certificates alone.
func TestTLSIsVerified(t *testing.T) {
	d := newDesk(t)
	server := httptest.NewTLSServer(d.sim)
	defer server.Close()
	c := configOf(t, wallet.WeChat, server.URL)
	stranger, err := wallet.New(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := stranger.Ready(context.Background()); err == nil {
		t.Error("a certificate that nobody vouches for was believed")
	}
	c.CA = pemOf(server.Certificate())
	l, err := wallet.New(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Ready(context.Background()); err != nil {
		t.Error(err)
	}
}

// Only a code and a sum that are a line's are taken by it.
func TestCodesAreTakenByTheirLine(t *testing.T) {
	d := newDesk(t)
	for _, p := range wallet.Providers {
		for of, code := range codes {
			if got := d.line(p).Takes(txn.Secret(code), 100); got != (p == wallet.Upay || of == p || p == wallet.WeChat && of == wallet.Upay) {
				t.Errorf("%s takes the code of %s: %v", p, of, got)
			}
		}
		if d.line(p).Takes(txn.Secret("6901234567892"), 100) {
			t.Errorf("%s takes an article's code", p)
		}
	}
	c := d.config(wallet.WeChat)
	c.LeastMinor, c.MostMinor = 100, 1000
	l, err := wallet.New(c)
	if err != nil {
		t.Fatal(err)
	}
	for minor, want := range map[int64]bool{99: false, 100: true, 1000: true, 1001: false} {
		if got := l.Takes(txn.Secret(codes[wallet.WeChat]), minor); got != want {
			t.Errorf("%d fen: %v", minor, got)
		}
	}
}

// Books that were lost or copied never give a number again, and every provider takes the number's letters.
func TestNumbersComeOnce(t *testing.T) {
	d := newDesk(t)
	l, seen := d.line(wallet.WeChat), map[string]bool{}
	for range 1000 {
		n := l.Reference(42, 1)
		if seen[n] || len(n) > 32 || strings.Trim(n, "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ") != "" || !strings.Contains(n, "000042") {
			t.Fatalf("%q", n)
		}
		seen[n] = true
	}
}

// A customer who types the password is told of.
func TestTypingIsTold(t *testing.T) {
	each(t, func(t *testing.T, p wallet.Provider) {
		d := newDesk(t, `{"question":"pay","do":"typing","seconds":12}`)
		var told []bool
		c := d.config(p)
		c.Tell = func(_ txn.ID, typing bool) { told = append(told, typing) }
		l, err := wallet.New(c)
		if err != nil {
			t.Fatal(err)
		}
		if v := d.request(l, d.payment(l, p, 100)); v.Kind != txn.BankApproved || len(told) == 0 || !told[0] {
			t.Errorf("%+v, told %v", v, told)
		}
	})
}
