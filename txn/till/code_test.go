package till_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"veratill/txn"
	"veratill/txn/disk"
	"veratill/txn/journal"
	"veratill/txn/plan"
	"veratill/txn/till"
	"veratill/txn/vault"
	"veratill/txn/wallet"
	"veratill/txn/walletsim"
)

const shownCode = "134567890123451234" // WeChat Pay's

var walletKeys = sync.OnceValues(walletsim.MakeSharedKeys)

// pipes connect lines and the simulated providers without a network, so that their time can be simulated.
type pipes chan net.Conn

func (p pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p <- there:
		return here, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p pipes) Accept() (net.Conn, error) {
	if conn, ok := <-p; ok {
		return conn, nil
	}
	return nil, net.ErrClosed
}

func (p pipes) Close() error   { return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

// stall is a till that takes payment codes, with its simulated providers.
type stall struct {
	t       *testing.T
	dir     string
	sim     *walletsim.Sim
	wire    pipes
	journal *journal.Journal
	till    *till.Till
	printer *printer
	lines   []till.Wallet
	told    []txn.Matter
}

// atStall runs a test in a time of its own.
func atStall(t *testing.T, rules []string, do func(s *stall)) {
	t.Helper()
	keys, err := walletKeys()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		script, err := walletsim.ReadScript(strings.NewReader(strings.Join(rules, "\n")))
		if err != nil {
			t.Fatal(err)
		}
		s := &stall{t: t, dir: dir, wire: make(pipes), printer: &printer{ready: true, outcome: txn.Printed}}
		if s.sim, err = walletsim.New(walletsim.Config{Keys: keys, Script: script}); err != nil {
			t.Fatal(err)
		}
		server := &http.Server{Handler: s.sim}
		go server.Serve(s.wire)
		s.open(keys)
		do(s)
		close(s.wire)
		server.Close()
		if err := s.journal.Close(); err != nil {
			t.Error(err)
		}
	})
}

// open starts the till on its folder, as a program does after a crash as well.
func (s *stall) open(keys *walletsim.Keys) {
	s.t.Helper()
	var err error
	if s.journal, err = journal.Open(context.Background(), s.dir, journal.Options{}); err != nil {
		s.t.Fatal(err)
	}
	vaulted, err := vault.Open(disk.System{}, s.dir)
	if err != nil {
		s.t.Fatal(err)
	}
	s.lines = nil
	for _, c := range []wallet.Config{
		{Provider: wallet.WeChat, App: walletsim.WeChatApp, Merchant: walletsim.WeChatMerchant, Serial: walletsim.WeChatSerial, Platform: walletsim.WeChatPlatform, MostMinor: 100_00},
		{Provider: wallet.Alipay, App: walletsim.AlipayApp},
		{Provider: wallet.Upay, Terminal: walletsim.UpayTerminal, Key: txn.Secret(keys.Upay)},
	} {
		c.Address, c.Dial = "http://127.0.0.1:1", s.wire.dial
		if c.Provider != wallet.Upay {
			c.Private, c.Public = keys.ShopKey(string(c.Provider)), keys.ProviderKey(string(c.Provider))
		}
		line, err := wallet.New(c)
		if err != nil {
			s.t.Fatal(err)
		}
		s.lines = append(s.lines, line)
	}
	s.till = till.New(till.Config{Journal: s.journal, Numbers: s.journal, Wallets: s.lines, Printer: s.printer, Vault: vaulted, Terminal: "T0000001", Merchant: "M1",
		Tell: func(m txn.Matter) { s.told = append(s.told, m) }})
	if err := s.till.Start(context.Background()); err != nil {
		s.t.Fatal(err)
	}
}

// pay pays a sale of an amount by a code.
func (s *stall) pay(ctx context.Context, minor int64, code string) (till.Outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute) // no line asks for as long
	defer cancel()
	c := &counter{t: s.t}
	p := c.payment(minor)
	p.Card, p.Facts = txn.Plastic{Code: txn.Secret(code)}, txn.FactsOfCode(txn.Secret(code))
	out, err := s.till.PayCode(ctx, clerk, p)
	if out.Paper != nil {
		<-out.Paper
	}
	return out, err
}

// settled asks until nothing is owed.
func (s *stall) settled(id txn.ID) txn.Attempt {
	s.t.Helper()
	for range 40 {
		if left, err := s.till.Settle(context.Background()); err != nil {
			s.t.Fatal(err)
		} else if left == 0 {
			break
		}
		time.Sleep(5 * time.Second)
	}
	a, err := s.journal.Attempt(context.Background(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

func (s *stall) order(a txn.Attempt) (found walletsim.Order) {
	for _, o := range s.sim.Orders() {
		if o.Number == a.Reference {
			found = o
		}
	}
	return found
}

// A payment by code is approved on its line, under a number that stood in the books before it left, and has its receipt. The code is nowhere in them.
func TestCodeIsPaidOnItsLine(t *testing.T) {
	atStall(t, nil, func(s *stall) {
		out, err := s.pay(context.Background(), 1234, shownCode)
		a := out.Attempt
		if err != nil || a.State != txn.Approved || a.Tender != txn.Code || a.Line != s.lines[0].Name() || a.Card.Masked != "**************1234" || a.Charged() != txn.ChargedYes || out.Bill.State != txn.BillPaid {
			t.Fatalf("%+v, %v", a, err)
		}
		if o := s.order(a); o.State != walletsim.Paid || o.AmountMinor != 1234 || o.ID != a.Answer.RRN {
			t.Errorf("the provider has %+v", o)
		}
		if kinds := s.printer.kinds(); len(kinds) != 1 || kinds[0] != txn.PrintOriginal {
			t.Errorf("printed %v", kinds)
		}
		if sealed, err := s.journal.Sealed(context.Background(), a.ID); err != nil || len(sealed) != 0 {
			t.Errorf("something was sealed: %d bytes, %v", len(sealed), err)
		}
	})
}

// The first line that takes a code and a sum is asked, and no other one afterwards.
func TestLineIsChosenBeforeAnythingIsSent(t *testing.T) {
	atStall(t, []string{`{"provider":"wechat","question":"pay","do":"decline"}`}, func(s *stall) {
		for _, test := range []struct {
			minor int64
			code  string
			line  int
		}{{500, shownCode, 0}, {500_00, shownCode, 2}, {500, "28763443825664394", 1}, {500, "6225735053201615202", 2}} {
			out, err := s.pay(context.Background(), test.minor, test.code)
			if err != nil || out.Attempt.Line != s.lines[test.line].Name() {
				t.Errorf("%d fen by %.2s…: %s, %v", test.minor, test.code, out.Attempt.Line, err)
			}
			if want := test.line == 0; (out.Attempt.State == txn.Declined) != want {
				t.Errorf("%d fen by %.2s…: %s: another line was tried", test.minor, test.code, out.Attempt.State)
			}
		}
		out, err := s.pay(context.Background(), 500, "6901234567892")
		if err == nil || out.Attempt.ID != 0 || txn.FaultOf(err).Code != "no wallet" || txn.FaultOf(err).Charged != txn.ChargedNo {
			t.Errorf("an article's code: %+v, %v", out.Attempt, err)
		}
	})
}

// A payment that nobody says was paid is undone, also where the customer pays after the provider said that it is; and the till never calls it
// approved. It stops no other customer.
func TestCodeThatIsNotKnownIsUndone(t *testing.T) {
	atStall(t, []string{`{"amountMinor":500,"question":"pay","do":"typing","seconds":3600}`, `{"amountMinor":500,"question":"undo","nth":1,"do":"paid after"}`}, func(s *stall) {
		out, err := s.pay(context.Background(), 500, shownCode)
		if err != nil || out.Attempt.State != txn.Reversing || out.Attempt.Charged() != txn.ChargedUnknown || out.Paper != nil {
			t.Fatalf("%+v, %v", out.Attempt, err)
		}
		if next, err := s.pay(context.Background(), 700, shownCode); err != nil || next.Attempt.State != txn.Approved {
			t.Errorf("the next customer: %+v, %v", next.Attempt, err)
		}
		a := s.settled(out.Attempt.ID)
		if o := s.order(a); a.State != txn.Reversed || a.Charged() != txn.ChargedNo || o.State != walletsim.Undone {
			t.Errorf("%+v, and the provider has %+v", a, o)
		}
		if b, err := s.journal.Bill(context.Background(), a.SaleID); err != nil || b.WasPaid() {
			t.Errorf("%+v, %v", b, err)
		}
	})
}

// An undo that a provider takes only later keeps no other customer waiting.
func TestEarlyUndoKeepsNobodyWaiting(t *testing.T) {
	atStall(t, []string{`{"amountMinor":500,"question":"pay","do":"typing","seconds":3600}`}, func(s *stall) {
		running, stop := context.WithCancel(context.Background())
		ended := make(chan struct{})
		go func() {
			s.till.Run(running)
			close(ended)
		}()
		ctx, end := context.WithTimeout(context.Background(), 2*time.Second)
		defer end()
		out, err := s.pay(ctx, 500, shownCode)
		if err != nil || out.Attempt.State != txn.Reversing {
			t.Fatalf("%+v, %v", out.Attempt, err)
		}
		time.Sleep(1500 * time.Millisecond) // Run is at work by now
		begun := time.Now()
		if next, err := s.pay(context.Background(), 700, shownCode); err != nil || next.Attempt.State != txn.Approved || time.Since(begun) > time.Second {
			t.Errorf("the next customer waited for %v: %+v, %v", time.Since(begun), next.Attempt, err)
		}
		time.Sleep(time.Minute)
		stop()
		<-ended
		if a, err := s.journal.Attempt(context.Background(), out.Attempt.ID); err != nil || a.State != txn.Reversed {
			t.Errorf("%+v, %v", a, err)
		}
	})
}

// A till that ends while a customer types is started again and undoes the payment by its number.
func TestCodeIsUndoneAfterARestart(t *testing.T) {
	atStall(t, []string{`{"question":"pay","do":"typing","seconds":3600}`}, func(s *stall) {
		ctx, end := context.WithCancel(context.Background())
		go func() {
			time.Sleep(7 * time.Second)
			end()
		}()
		out, err := s.pay(ctx, 500, shownCode)
		if err != nil || out.Attempt.Reason != txn.Cancelled {
			t.Fatalf("%+v, %v", out.Attempt, err)
		}
		if err := s.journal.Close(); err != nil {
			t.Fatal(err)
		}
		keys, err := walletKeys()
		if err != nil {
			t.Fatal(err)
		}
		s.open(keys)
		if a := s.settled(out.Attempt.ID); a.State != txn.Reversed || s.order(a).State != walletsim.Undone {
			t.Errorf("%+v, and the provider has %+v", a, s.order(a))
		}
	})
}

// A void gives the money back once; where that is not known it is asked about until it is, and is never undone.
func TestVoidOfACodeGivesBack(t *testing.T) {
	for do, known := range map[string]bool{`"answer"`: true, `"processing","seconds":300`: false, `"silent"`: true, `"not allowed"`: true} {
		t.Run(do, func(t *testing.T) {
			atStall(t, []string{`{"question":"give back","nth":1,"do":` + do + `}`}, func(s *stall) {
				paid, err := s.pay(context.Background(), 800, shownCode)
				if err != nil {
					t.Fatal(err)
				}
				out, err := s.till.Void(context.Background(), clerk, paid.Attempt.ID, nil)
				if err != nil || (out.Attempt.State == txn.Reversing) == known {
					t.Fatalf("%+v, %v", out.Attempt, err)
				}
				a := out.Attempt
				if !known {
					if a.GivenBack() != txn.GivenBackUnknown {
						t.Errorf("given back: %s", a.GivenBack())
					}
					time.Sleep(5 * time.Minute)
					a = s.settled(a.ID)
					s.till.WaitForPaper()
				}
				refused := do == `"not allowed"`
				o := s.order(paid.Attempt)
				if (a.State == txn.Approved) == refused || a.State == txn.Declined != refused || (o.BackMinor() == 800) == refused || len(o.Backs) > 1 {
					t.Errorf("%+v, and the provider has %+v", a, o)
				}
				original, err := s.journal.Attempt(context.Background(), paid.Attempt.ID)
				if err != nil || (original.State == txn.Voided) == refused {
					t.Errorf("its payment is %s, %v", original.State, err)
				}
				if slips := len(s.printer.kinds()); (slips == 2) == refused {
					t.Errorf("%d papers", slips)
				}
			})
		})
	}
}

// A void that has left the shop and reaches nobody is asked about rarely: it is not known, a person is told, and it keeps no day open.
func TestVoidThatIsStuckIsAskedAboutRarely(t *testing.T) {
	atStall(t, []string{`{"question":"give back","nth":1,"do":"stuck after"}`}, func(s *stall) {
		ctx := context.Background()
		paid, err := s.pay(ctx, 50_00, shownCode)
		if err != nil {
			t.Fatal(err)
		}
		out, err := s.till.Void(ctx, clerk, paid.Attempt.ID, nil)
		if err != nil || !out.Attempt.Open() {
			t.Fatal(describe(out), err)
		}
		s.told = nil
		time.Sleep(time.Hour)
		for range 3 {
			if left, err := s.till.Settle(ctx); err != nil || left != 0 {
				t.Errorf("%d are left, %v", left, err)
			}
		}
		a, err := s.journal.Attempt(ctx, out.Attempt.ID)
		if err != nil || !a.UndoRefused() || a.GivenBack() != txn.GivenBackUnknown || len(s.told) == 0 {
			t.Errorf("it is %s, refused %q, %d were told, %v", a.State, a.Refused, len(s.told), err)
		}
	})
}

// While a refund has left the shop and reaches nobody, nothing else of its payment is given back, in cash neither; a manager's evidence ends it.
func TestRefundThatIsStuckStopsTheNextOne(t *testing.T) {
	atStall(t, []string{`{"question":"give back","nth":1,"do":"stuck after"}`}, func(s *stall) {
		ctx := context.Background()
		paid, err := s.pay(ctx, 50_00, shownCode)
		if err != nil {
			t.Fatal(err)
		}
		out, err := s.till.GiveBack(ctx, clerk, till.Giving{Payment: paid.Attempt.ID, AmountMinor: 30_00})
		if err != nil || out.Attempt.State != txn.Unresolved || out.Attempt.GivenBack() != txn.GivenBackUnknown || out.Attempt.Answer.ResponseCode != "ABNORMAL" {
			t.Fatalf("%+v, %v", out.Attempt, err)
		}
		time.Sleep(2 * time.Hour)
		if err := s.till.Repeat(ctx); err != nil {
			t.Fatal(err)
		}
		if next, err := s.till.GiveBack(ctx, clerk, till.Giving{Payment: paid.Attempt.ID, AmountMinor: 20_00}); err == nil {
			t.Errorf("another refund began: %+v", next.Attempt)
		}
		bill, err := s.journal.Bill(ctx, paid.Attempt.SaleID)
		if err != nil || bill.Back().UnknownMinor != 30_00 || plan.Refundable(paid.Attempt, bill, 20_00, true) == nil {
			t.Errorf("in cash it is given back: %+v, %v", bill.Back(), err)
		}
		if o := s.order(paid.Attempt); len(o.Backs) != 1 {
			t.Errorf("the provider has %+v", o)
		}
	})
}

// What is owed to a wallet stays owed to that one, and a manager may say that it has moved.
func TestOwedToItsWallet(t *testing.T) {
	atStall(t, []string{`{"question":"pay","do":"typing","seconds":3600}`}, func(s *stall) {
		ctx, end := context.WithTimeout(context.Background(), time.Second)
		defer end()
		out, err := s.pay(ctx, 500, shownCode)
		if err != nil || !out.Attempt.Open() {
			t.Fatalf("%+v, %v", out.Attempt, err)
		}
		others := till.New(till.Config{Journal: s.journal, Numbers: s.journal, Wallets: s.lines[1:], Printer: s.printer})
		if left, err := others.Settle(context.Background()); left != 1 || err != nil {
			t.Errorf("%d left, %v", left, err)
		}
		if owed, err := others.OwedElsewhere(context.Background()); err != nil || len(owed) != 1 {
			t.Errorf("elsewhere: %v, %v", owed, err)
		}
		if n, err := others.LineMoved(context.Background(), clerk, tellNobody); n != 0 || !errors.Is(err, till.ErrOwed) {
			t.Errorf("to another provider: %d, %v", n, err)
		}
		if a := s.settled(out.Attempt.ID); a.State != txn.Reversed {
			t.Errorf("%+v", a)
		}
	})
}

// readdressed is a wallet whose account is reached elsewhere now.
type readdressed struct{ till.Wallet }

func (r readdressed) Name() string { return r.Wallet.Name() + "-now" }

// What was paid to an account goes back by it wherever it is reached now: by a void and by a refund, without a manager. A refund that is not known is asked about there
// once a manager says that it has moved.
func TestMoneyGoesBackWhereTheAccountIsNow(t *testing.T) {
	atStall(t, []string{`{"question":"give back","amountMinor":2000,"nth":1,"do":"processing","seconds":3600}`}, func(s *stall) {
		ctx := context.Background()
		sold := func(minor int64) txn.ID {
			out, err := s.pay(ctx, minor, shownCode)
			if err != nil || out.Attempt.State != txn.Approved {
				t.Fatal(describe(out), err)
			}
			return out.Attempt.ID
		}
		whole, part, unknown := sold(500), sold(600), sold(2000)
		lost, err := s.till.GiveBack(ctx, clerk, till.Giving{Payment: unknown, AmountMinor: 700})
		if err != nil || lost.Attempt.State != txn.Unresolved {
			t.Fatal(describe(lost), err)
		}
		now := till.New(till.Config{Journal: s.journal, Numbers: s.journal, Wallets: []till.Wallet{s.lines[1], readdressed{s.lines[0]}}, Printer: s.printer, Terminal: "T0000001", Merchant: "M1"})
		for payment, minor := range map[txn.ID]int64{whole: 500, part: 250} {
			out, err := now.GiveBack(ctx, clerk, till.Giving{Payment: payment, AmountMinor: minor})
			if err != nil || out.Attempt.State != txn.Approved || out.Attempt.Line != (readdressed{s.lines[0]}).Name() {
				t.Errorf("%d: %s on %q, %v", minor, describe(out), out.Attempt.Line, err)
			}
		}
		time.Sleep(2 * time.Hour)
		if err := now.Repeat(ctx); err != nil {
			t.Error(err)
		}
		if a, err := s.journal.Attempt(ctx, lost.Attempt.ID); err != nil || a.State != txn.Unresolved {
			t.Errorf("before anybody said that it moved it is %s, %v", a.State, err)
		}
		if owed, err := now.OwedElsewhere(ctx); err != nil || len(owed) != 1 || owed[0].ID != lost.Attempt.ID {
			t.Errorf("elsewhere: %v, %v", owed, err)
		}
		if n, err := now.LineMoved(ctx, clerk, tellNobody); n != 1 || err != nil {
			t.Errorf("%d moved, %v", n, err)
		}
		if err := now.Repeat(ctx); err != nil {
			t.Error(err)
		}
		if a, err := s.journal.Attempt(ctx, lost.Attempt.ID); err != nil || a.State != txn.Approved {
			t.Errorf("it is %s, %v", a.State, err)
		}
		now.WaitForPaper()
	})
}

// A second refund of a payment, whose request was lost, ends by itself at a provider that names the newest refund of an order alone: it is asked for again under its
// own number.
func TestASecondRefundThatWasLostIsAskedForAgain(t *testing.T) {
	atStall(t, []string{`{"question":"give back","nth":2,"do":"cut before"}`}, func(s *stall) {
		ctx := context.Background()
		paid, err := s.pay(ctx, 150_00, shownCode) // above what WeChat Pay's line takes: the aggregator's
		if err != nil || !strings.HasPrefix(paid.Attempt.Line, "upay") {
			t.Fatal(describe(paid), paid.Attempt.Line, err)
		}
		for _, want := range []txn.State{txn.Approved, txn.Unresolved} {
			out, err := s.till.GiveBack(ctx, clerk, till.Giving{Payment: paid.Attempt.ID, AmountMinor: 30_00})
			if err != nil || out.Attempt.State != want && (want != txn.Unresolved || out.Attempt.State != txn.Approved) {
				t.Fatal(describe(out), err)
			}
		}
		time.Sleep(2 * time.Hour)
		if err := s.till.Repeat(ctx); err != nil {
			t.Fatal(err)
		}
		s.till.WaitForPaper()
		bill, err := s.journal.Bill(ctx, paid.Attempt.SaleID)
		if o := s.order(paid.Attempt); err != nil || bill.Back().UnknownMinor != 0 || bill.Back().RefundedMinor != 60_00 || o.BackMinor() != 60_00 || len(o.Backs) != 2 {
			t.Errorf("%+v, and the provider has %+v, %v", bill.Back(), o.Backs, err)
		}
	})
}

// A provider that can't be reached, and one whose answers can't be proved, begin nothing.
func TestUnreadyWalletBeginsNothing(t *testing.T) {
	atStall(t, []string{`{"provider":"upay","question":"ask","do":"garbage"}`, `{"question":"ask","do":"wrong signature"}`}, func(s *stall) {
		out, err := s.pay(context.Background(), 500, shownCode)
		if err == nil || out.Attempt.ID != 0 || txn.FaultOf(err).Code != "wallet offline" || txn.FaultOf(err).Charged != txn.ChargedNo {
			t.Errorf("%+v, %v", out.Attempt, err)
		}
		if strings.Contains(err.Error(), shownCode) {
			t.Errorf("the error holds the code: %v", err)
		}
	})
}

// memoryMarks keeps marks in memory.
type memoryMarks map[string]txn.Mark

func (m memoryMarks) Read() (all []txn.Mark, unreadable map[string]error, err error) {
	for _, mark := range m {
		all = append(all, mark)
	}
	return all, nil, nil
}

func (m memoryMarks) Keep(mark txn.Mark, _ bool) error { m[mark.Line] = mark; return nil }
func (m memoryMarks) File(numbering string) string     { return numbering }

// A shop with wallets alone notices books that are older than those with which a provider was last asked: what is open in them is undone by nobody.
func TestWalletsFindOldBooksOut(t *testing.T) {
	atStall(t, []string{`{"question":"pay","do":"typing","seconds":3600}`}, func(s *stall) {
		marks := memoryMarks{}
		with := func() *till.Till {
			return till.New(till.Config{Journal: s.journal, Numbers: s.journal, Marks: marks, Wallets: s.lines, Printer: s.printer, Vault: nothingSealed{}})
		}
		s.till = with()
		if err := s.till.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		ctx, end := context.WithTimeout(context.Background(), time.Second)
		defer end()
		out, err := s.pay(ctx, 500, shownCode)
		if err != nil || !out.Attempt.Open() || len(marks) != 1 {
			t.Fatalf("%+v, %v, %v", out.Attempt, marks, err)
		}
		for numbering, m := range marks { // newer books than these were asked with
			m.Entry, m.Number = m.Entry+5, m.Number+5
			marks[numbering] = m
		}
		if err := with().Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		if a, err := s.journal.Attempt(context.Background(), out.Attempt.ID); err != nil || a.State != txn.Unresolved || a.Reason != txn.BooksDiffered {
			t.Errorf("%+v, %v", a, err)
		}
	})
}

// nothingSealed is a vault of a till that seals nothing.
type nothingSealed struct{}

func (nothingSealed) Seal(txn.ID, txn.Secret) ([]byte, error) {
	return nil, errors.New("nothing is sealed here")
}
func (nothingSealed) Unseal(txn.ID, []byte) (txn.Secret, error) {
	return nil, errors.New("nothing is sealed here")
}
func (nothingSealed) Rotate() error { return nil }

// A part of a code's payment is given back by a refund under a number of its own. Where that is not known it is asked about under the same number until it
// is, and the provider gives back once.
func TestRefundOfACode(t *testing.T) {
	for do, known := range map[string]bool{`"answer"`: true, `"processing","seconds":300`: false, `"silent"`: true, `"not allowed"`: true, `"cut before"`: true} {
		t.Run(do, func(t *testing.T) {
			atStall(t, []string{`{"question":"give back","nth":1,"do":` + do + `}`}, func(s *stall) {
				sold, err := s.pay(context.Background(), 800, shownCode)
				if err != nil {
					t.Fatal(err)
				}
				out, err := s.till.GiveBack(context.Background(), clerk, till.Giving{Payment: sold.Attempt.ID, AmountMinor: 300})
				if err != nil || out.Attempt.Kind != txn.Refund || (out.Attempt.State == txn.Unresolved) == known {
					t.Fatalf("%+v, %v", out.Attempt, err)
				}
				a := out.Attempt
				if !known {
					if _, err := s.till.GiveBack(context.Background(), clerk, till.Giving{Payment: sold.Attempt.ID, AmountMinor: 300}); txn.FaultOf(err) == nil {
						t.Error("another refund began while one was not known")
					}
					for range 10 {
						time.Sleep(time.Minute)
						if err := s.till.Repeat(context.Background()); err != nil {
							t.Fatal(err)
						}
					}
					if a, err = s.journal.Attempt(context.Background(), a.ID); err != nil {
						t.Fatal(err)
					}
				}
				s.till.WaitForPaper()
				refused := do == `"not allowed"`
				o := s.order(sold.Attempt)
				if (a.State == txn.Approved) == refused || (a.State == txn.Declined) != refused || (o.BackMinor() == 300) == refused || len(o.Backs) > 1 {
					t.Errorf("%+v, and the provider has %+v", a, o)
				}
			})
		})
	}
}
