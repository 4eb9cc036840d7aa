package till_test

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"veratill/txn"
	"veratill/txn/disk"
	"veratill/txn/journal"
	"veratill/txn/messages"
	"veratill/txn/sale"
	zvtline "veratill/txn/terminal"
	"veratill/txn/till"
	"veratill/txn/vault"
	"veratill/txn/zvt"
	"veratill/txn/zvt/wire"
	"veratill/txn/zvtsim"
)

// counterTop is a till with a card terminal on a cable, in a time of its own.
type counterTop struct {
	t       *testing.T
	dir     string
	sim     *zvtsim.Sim
	cfg     zvtsim.Config
	mirror  bool
	serial  bool
	address string // of the settings; empty is 127.0.0.1
	without bool   // the settings name no terminal any more
	before  txn.ID // a payment that stands
	wire    pipes
	journal *journal.Journal
	books   *tripping
	till    *till.Till
	line    *zvtline.Line
	printer *printer
	told    []txn.Matter
	texts   []string
	said    []messages.Message // about payments, from either side
	stop    context.CancelFunc
}

// tripping is a journal in which something happens as an approval is committed, or an event of another kind.
type tripping struct {
	*journal.Journal
	at   txn.EventKind
	trip func(commit func() error) error // nil: nothing
}

func (j *tripping) Commit(ctx context.Context, by txn.Actor, d txn.Durability, records ...txn.Record) error {
	commit := func() error { return j.Journal.Commit(ctx, by, d, records...) }
	for _, r := range records {
		if m, ok := r.(txn.AttemptMoved); ok && m.Event.Kind == cmp.Or(j.at, txn.BankApproved) && j.trip != nil {
			trip := j.trip
			j.trip = nil
			return trip(commit)
		}
	}
	return commit()
}

// atTerminal runs a test in a time of its own.
func atTerminal(t *testing.T, cfg zvtsim.Config, do func(c *counterTop)) {
	t.Helper()
	atTerminalWith(t, cfg, false, do)
}

func atTerminalWith(t *testing.T, cfg zvtsim.Config, mirror bool, do func(c *counterTop)) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		c := &counterTop{t: t, dir: dir, cfg: cfg, mirror: mirror, printer: &printer{ready: true, outcome: txn.Printed}}
		c.startTerminal()
		c.open()
		do(c)
		c.close()
		c.stop()
		close(c.wire)
	})
}

func (c *counterTop) startTerminal() {
	c.t.Helper()
	var err error
	if c.sim, err = zvtsim.New(c.cfg); err != nil {
		c.t.Fatal(err)
	}
	var ctx context.Context
	ctx, c.stop = context.WithCancel(context.Background())
	c.wire = make(pipes)
	go func() { _ = c.sim.Serve(ctx, c.wire) }()
}

// open starts the till on its folder, as a program does after a crash as well.
func (c *counterTop) open() {
	c.t.Helper()
	var err error
	if c.journal, err = journal.Open(context.Background(), c.dir, journal.Options{Currency: "EUR"}); err != nil {
		c.t.Fatal(err)
	}
	vaulted, err := vault.Open(disk.System{}, c.dir)
	if err != nil {
		c.t.Fatal(err)
	}
	cfg, err := zvtline.Parse("zvt://" + cmp.Or(c.address, "127.0.0.1"))
	if err != nil {
		c.t.Fatal(err)
	}
	cfg.Currency, cfg.Mirror, cfg.Serial = "978", c.mirror, c.serial
	cfg.Dial = func(ctx context.Context) (wire.Pipe, error) {
		if c.serial {
			here, there := net.Pipe()
			go c.sim.Talk(context.Background(), wire.FromConn(there), true)
			return wire.FromConn(here), nil
		}
		conn, err := c.wire.dial(ctx, "", "")
		if err != nil {
			return nil, err
		}
		return wire.FromConn(conn), nil
	}
	cfg.Tell = func(lines []string) { c.texts = append(c.texts, lines...) }
	cfg.Messages = func(m messages.Message) { c.said = append(c.said, m) }
	c.line = zvtline.New(cfg)
	c.books = &tripping{Journal: c.journal}
	lines := till.Lines{txn.Card: c.line}
	if c.without {
		lines = till.Lines{}
	}
	c.till = till.New(till.Config{Journal: c.books, Numbers: c.journal, Settlements: c.journal, Lines: lines, Printer: c.printer, Vault: vaulted, Terminal: "T0000001",
		Merchant: "M1", Refunds: till.Unusual{CardMinor: 100_000}, Tell: func(m txn.Matter) { c.told = append(c.told, m) }})
	if err := c.till.Start(context.Background()); err != nil {
		c.t.Fatal(err)
	}
}

func (c *counterTop) close() {
	c.t.Helper()
	c.till.WaitForPaper()
	c.line.Close()
	if err := c.journal.Close(); err != nil {
		c.t.Error(err)
	}
}

// crash ends the till as kill -9 does, and starts it anew.
func (c *counterTop) crash() {
	c.t.Helper()
	c.close()
	c.open()
}

func euros(minor int64) sale.Sale {
	return sale.Sale{Currency: "EUR", TotalMinor: minor, Lines: []sale.Line{{Code: "0", Name: map[string]string{"en": "Goods"}, Unit: sale.Piece, UnitPriceMinor: minor,
		QuantityE5: sale.OneE5, AmountMinor: minor}}}
}

func (c *counterTop) pay(minor int64) (till.Outcome, error) {
	return c.till.PayCard(context.Background(), clerk, till.Payment{Sale: euros(minor)})
}

// settle asks until nothing is owed, for a day at most.
func (c *counterTop) settle() {
	c.t.Helper()
	for range 2000 {
		if left, err := c.till.Settle(context.Background()); err == nil && left == 0 {
			return
		}
		time.Sleep(30 * time.Second)
	}
	c.t.Error("something stays owed")
}

// agree holds the books against the terminal's ledger: what stands here stands there, and the sums are the same.
func (c *counterTop) agree() {
	c.t.Helper()
	c.till.WaitForPaper()
	all, err := c.journal.Attempts(context.Background(), 1)
	if err != nil {
		c.t.Fatal(err)
	}
	here, there := map[string]int64{}, map[string]int64{}
	for _, a := range all {
		if a.Kind == txn.Sale && a.State == txn.Approved && !a.Awaits {
			here[a.Answer.RRN[:4]] = a.Amount.Minor
		}
		if a.Kind == txn.Sale && (a.Open() || a.AwaitsLine() || a.State == txn.Unresolved) {
			c.t.Errorf("attempt %d is %s, awaits %v, %s", a.ID, a.State, a.Awaits, a.Reason)
		}
	}
	for _, r := range c.sim.Rows() {
		if r.Kind == zvtsim.Pay && r.State == zvtsim.Stored {
			there[fmt.Sprintf("%04d", r.Receipt)] = r.AmountMinor
		}
		if r.State == zvtsim.Open {
			c.t.Errorf("the terminal has %+v open", r)
		}
	}
	if fmt.Sprint(here) != fmt.Sprint(there) {
		c.t.Errorf("the books say %v, the terminal %v", here, there)
	}
	bills := 0
	for _, kind := range c.printer.kinds() {
		if kind == txn.PrintOriginal {
			bills++
		}
	}
	if bills < len(here) {
		c.t.Errorf("%d receipts for %d payments", bills, len(here))
	}
}

// Each amount of the default script ends as the terminal decides, and both books agree afterwards.
func TestEveryAmountEndsAsTheTerminalDecides(t *testing.T) {
	atTerminal(t, zvtsim.Config{}, func(c *counterTop) {
		for _, k := range []struct {
			minor int64
			state txn.State
			after txn.State
		}{
			{1250, txn.Approved, txn.Approved}, {1205, txn.Declined, txn.Declined}, {1206, txn.Declined, txn.Declined}, {1207, txn.Declined, txn.Declined},
			{1208, txn.Approved, txn.Approved}, {1271, txn.Approved, txn.Approved}, {1272, txn.Approved, txn.Approved}, {1290, txn.Declined, txn.Declined},
			{1291, txn.Reversing, txn.Reversed}, {1292, txn.Voided, txn.Voided}, {1293, txn.Reversing, txn.Reversed}, {1294, txn.Reversing, txn.Reversed},
			{1295, txn.Reversing, txn.Reversed}, {1296, txn.Reversing, txn.Reversed}, {1297, txn.Voided, txn.Voided}, {1298, txn.Approved, txn.Approved},
		} {
			out, err := c.pay(k.minor)
			if err != nil || out.Attempt.State != k.state {
				t.Errorf("%d: %s, %v, want %s", k.minor, describe(out), err, k.state)
			}
			c.settle()
			if a, err := c.journal.Attempt(context.Background(), out.Attempt.ID); err != nil || a.State != k.after {
				t.Errorf("%d: afterwards %s, %v", k.minor, a.State, err)
			}
		}
		c.agree()
		if !slices.Contains(c.texts, "Karte einstecken / durchziehen") || !slices.Contains(c.texts, "Betrag bestätigen") {
			t.Errorf("the screen showed %q", c.texts)
		}
	})
}

// What the terminal printed for the customer is kept with the payment, and apart from it what it printed for the merchant; a whole card number in it is not.
func TestSlipIsKept(t *testing.T) {
	atTerminal(t, zvtsim.Config{}, func(c *counterTop) {
		out, err := c.pay(1250)
		if err != nil {
			t.Fatal(err)
		}
		a, err := c.journal.Attempt(context.Background(), out.Attempt.ID)
		if err != nil || !slices.Contains(a.Slip, "** Kundenbeleg **") || slices.Contains(a.Slip, "** Händlerbeleg **") {
			t.Errorf("%q, %v", a.Slip, err)
		}
		if !slices.Contains(a.MerchantSlip, "** Händlerbeleg **") || slices.Contains(a.MerchantSlip, "** Kundenbeleg **") {
			t.Errorf("for the merchant: %q", a.MerchantSlip)
		}
		if a.Answer.RRN == "" || a.Answer.ApprovalCode == "" || !strings.HasPrefix(a.Reference, "29001006 ") {
			t.Errorf("%+v, %q", a.Answer, a.Reference)
		}
	})
}

// A payment that stands is undone at the terminal by its receipt number, once; money goes back by a refund of its own.
func TestTerminalGivesBack(t *testing.T) {
	atTerminal(t, zvtsim.Config{}, func(c *counterTop) {
		first, _ := c.pay(1250)
		second, _ := c.pay(2350)
		out, err := c.till.Void(context.Background(), clerk, first.Attempt.ID, nil)
		if err != nil || out.Attempt.State != txn.Approved {
			t.Fatalf("%s, %v", describe(out), err)
		}
		if _, err := c.till.Void(context.Background(), clerk, first.Attempt.ID, nil); err == nil {
			t.Error("a payment was voided twice")
		}
		back, err := c.till.GiveBack(context.Background(), clerk, till.Giving{Payment: second.Attempt.ID, AmountMinor: 350})
		if err != nil || back.Attempt.State != txn.Approved || back.Attempt.Kind != txn.Refund {
			t.Errorf("%s, %v", describe(back), err)
		}
		c.agree()
		rows := c.sim.Rows()
		if last := rows[len(rows)-1]; last.Kind != zvtsim.GiveBack || last.AmountMinor != 350 {
			t.Errorf("the terminal has %+v", last)
		}
	})
}

// What is owed is undone before the next payment begins, and that takes a receipt number: the next one goes by the number after it.
func TestPaymentAfterAReversalGoesByTheNewReceipt(t *testing.T) {
	atTerminal(t, zvtsim.Config{Reading: zvtsim.ByMirror}, func(c *counterTop) {
		for range 4 { // each is lost, and stands at the terminal until it is undone
			if out, err := c.pay(1294); err != nil || out.Attempt.State != txn.Reversing {
				t.Fatalf("%s, %v", describe(out), err)
			}
		}
		if out, err := c.pay(1250); err != nil || out.Attempt.State != txn.Approved {
			t.Errorf("%s, %v", describe(out), err)
		}
		c.agree()
	})
}

// What a terminal says that is not the payment which was asked for, or that can't be believed, approves nothing: the terminal undoes it, and both books say so.
func TestDoubtfulApprovalIsNone(t *testing.T) {
	for _, do := range []zvtsim.Do{zvtsim.OtherAmount, zvtsim.OtherTID, zvtsim.NoReceipt, zvtsim.Garbage, zvtsim.Contradict} {
		t.Run(string(do), func(t *testing.T) {
			t.Parallel()
			atTerminal(t, zvtsim.Config{Script: zvtsim.AmountScript(zvtsim.Rule{Command: zvtsim.Pay, AmountMinor: 1250, Do: do})}, func(c *counterTop) {
				out, err := c.pay(1250)
				if err != nil || out.Attempt.State == txn.Approved || out.Attempt.Charged() == txn.ChargedYes {
					t.Errorf("%s, %v", describe(out), err)
				}
				c.settle()
				c.agree()
				if kinds := c.printer.kinds(); len(kinds) != 0 {
					t.Errorf("printed %v", kinds)
				}
			})
		})
	}
}

// The till obeys what the terminal needs before it sells, waits where it is busy, and takes a command that it does not know for none.
func TestTerminalIsObeyed(t *testing.T) {
	for name, cfg := range map[string]zvtsim.Config{
		"initialisation": {NeedsInit: true}, "diagnosis": {NeedsDiagnosis: true}, "no lines": {NoLines: true}, "no texts": {Quiet: true}, "iso 8859-15": {Charset: zvt.Latin9},
		"unknown command": {Script: zvtsim.AmountScript(zvtsim.Rule{Command: zvtsim.Pay, Do: zvtsim.Unasked})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			atTerminal(t, cfg, func(c *counterTop) {
				if out, err := c.pay(1250); err != nil || out.Attempt.State != txn.Approved {
					t.Errorf("%s, %v", describe(out), err)
				}
				c.agree()
			})
		})
	}
	atTerminal(t, zvtsim.Config{NeedsEndOfDay: true}, func(c *counterTop) {
		out, err := c.pay(1250)
		if f := txn.FaultOf(err); f == nil || f.Charged != txn.ChargedNo || out.Attempt.ID != 0 || !strings.Contains(f.Error(), "end of the day") {
			t.Errorf("%s, %v", describe(out), err)
		}
		if _, err := c.line.EndOfDay(context.Background()); err != nil {
			t.Error(err)
		}
		if out, err := c.pay(1250); err != nil || out.Attempt.State != txn.Approved {
			t.Errorf("after its end of the day: %s, %v", describe(out), err)
		}
	})
}

// A cashier who cancels while the card is waited for has the terminal stop (06 B0): nothing is charged. Once it is approved, cancelling changes nothing.
func TestCancellingAtTheTerminal(t *testing.T) {
	atTerminal(t, zvtsim.Config{Card: 20 * time.Second}, func(c *counterTop) {
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(5*time.Second, cancel)
		begun := time.Now()
		out, err := c.till.PayCard(ctx, clerk, till.Payment{Sale: euros(1250)})
		if err != nil || out.Attempt.State != txn.Declined || out.Attempt.Answer.ResponseCode != "T6C" || time.Since(begun) > 10*time.Second {
			t.Errorf("%s after %v, %v", describe(out), time.Since(begun), err)
		}
		c.agree()
	})
}

// byHand makes a payment at the terminal as somebody does who types it there.
func (c *counterTop) byHand(minor int64) {
	c.t.Helper()
	here, there := net.Pipe()
	go c.sim.Talk(context.Background(), wire.FromConn(there), false)
	w := wire.New(wire.FromConn(here), false)
	defer w.Close()
	amount, _ := zvt.BCD(minor, 6)
	if _, err := w.Send(zvt.APDU{Code: zvt.Authorisation, Data: append([]byte{zvt.FieldAmount}, amount...)}, time.Second); err != nil {
		c.t.Fatal(err)
	}
	for {
		a, err := w.Receive(context.Background(), time.Minute)
		if err != nil {
			c.t.Fatal(err)
		}
		if a.Code.IsAnswer() {
			continue
		}
		if _, err := w.Send(zvt.APDU{Code: zvt.Positive}, time.Second); err != nil || a.Code == zvt.Completion {
			return
		}
	}
}

// A payment that somebody made at the terminal by hand, meanwhile or later, is not undone in place of one that was lost: a person is told.
func TestPaymentByHandIsNotUndone(t *testing.T) {
	for name, meanwhile := range map[string]func(c *counterTop){
		"two of them":   func(c *counterTop) { c.byHand(1296); c.byHand(1296) },
		"another sum":   func(c *counterTop) { c.byHand(900) },
		"an hour later": func(c *counterTop) { time.Sleep(time.Hour); c.byHand(1296) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			script := zvtsim.AmountScript(zvtsim.Rule{Command: zvtsim.Pay, AmountMinor: 1296, Nth: 1, Do: zvtsim.CutBefore}, zvtsim.Rule{Command: zvtsim.Pay, Do: zvtsim.LateText})
			atTerminal(t, zvtsim.Config{Script: script}, func(c *counterTop) {
				out, err := c.pay(1296)
				if err != nil || out.Attempt.State != txn.Reversing {
					t.Fatalf("%s, %v", describe(out), err)
				}
				meanwhile(c)
				c.settle()
				a, err := c.journal.Attempt(context.Background(), out.Attempt.ID)
				if err != nil || a.State != txn.Unresolved || len(c.told) == 0 {
					t.Errorf("it is %s, told %d, %v", a.State, len(c.told), err)
				}
				for _, r := range c.sim.Rows() {
					if r.State != zvtsim.Stored {
						t.Errorf("undone: %+v", r)
					}
				}
			})
		})
	}
}

// A code that is on no list is no refusal: the payment is looked for.
func TestUnknownCodeIsNoRefusal(t *testing.T) {
	atTerminal(t, zvtsim.Config{Script: zvtsim.AmountScript(zvtsim.Rule{Command: zvtsim.Pay, Do: zvtsim.AbortOnly, Code: "FF"})}, func(c *counterTop) {
		out, err := c.pay(1250)
		if err != nil || out.Attempt.State != txn.Reversing || out.Attempt.Reason != txn.CodeUnknown {
			t.Errorf("%s, %v", describe(out), err)
		}
		c.settle()
		c.agree()
	})
}

// A commit that failed is told to the terminal at once, which undoes the payment while the till still stands.
func TestFailedCommitIsRefusedAtOnce(t *testing.T) {
	atTerminal(t, zvtsim.Config{}, func(c *counterTop) {
		c.books.trip = func(func() error) error { return fmt.Errorf("sync: input/output error") }
		begun := time.Now()
		if _, err := c.pay(1250); err == nil {
			t.Error("an approval that was not saved is told as one")
		}
		if rows := c.sim.Rows(); len(rows) != 1 || rows[0].State != zvtsim.Reversed || rows[0].Why != "refused by the till" || time.Since(begun) > 2*time.Second {
			t.Errorf("after %v the terminal has %+v", time.Since(begun), rows)
		}
	})
}

// A day is not closed while the terminal has not said whether it keeps a payment.
func TestDayWaitsForTheTerminal(t *testing.T) {
	atTerminal(t, zvtsim.Config{}, func(c *counterTop) {
		c.books.trip = func(commit func() error) error { _ = commit(); runtime.Goexit(); return nil }
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _ = c.pay(1250)
		}()
		<-done
		c.crash()
		close := func() error {
			_, _, err := c.till.CloseDay(context.Background(), clerk, txn.DayClosed{Batch: 1}, txn.DayOpened{Batch: 2}, func() ([]byte, error) { return []byte("{}"), nil })
			return err
		}
		if f := txn.FaultOf(close()); f == nil || f.Code != "payments open" {
			t.Errorf("closed: %v", f)
		}
		c.settle()
		if err := close(); err != nil {
			t.Error(err)
		}
	})
}

// Over a serial line it is the same.
func TestTerminalOnASerialLine(t *testing.T) {
	atTerminal(t, zvtsim.Config{}, func(c *counterTop) {
		c.serial = true
		c.crash()
		for _, minor := range []int64{1250, 1205, 1291, 1292, 1298} {
			if _, err := c.pay(minor); err != nil {
				t.Errorf("%d: %v", minor, err)
			}
			c.settle()
		}
		c.agree()
	})
}

// The cable is pulled at every byte of a payment: both books agree afterwards, whatever the terminal tells of what it undid, and however it reads the
// specification.
func TestCableAtEveryByteOfAPayment(t *testing.T) {
	for _, reading := range []zvtsim.Reading{zvtsim.ByItself, zvtsim.ByMirror} {
		for _, tells := range []zvtsim.Told{zvtsim.TellsBefore, zvtsim.TellsFailed, zvtsim.TellsBare, zvtsim.TellsNone} {
			if reading == zvtsim.ByMirror && tells != zvtsim.TellsBefore {
				continue // it undoes nothing by itself
			}
			t.Run(string(reading)+", tells "+string(tells), func(t *testing.T) {
				t.Parallel()
				ended := map[txn.State]int{}
				atEveryByte(t, zvtsim.Config{Reading: reading, Tells: tells}, reading == zvtsim.ByMirror, func(c *counterTop) txn.ID {
					out, _ := c.pay(1250)
					return out.Attempt.ID
				}, func(a txn.Attempt) { ended[a.State]++ })
				if ended[txn.Approved] == 0 || ended[txn.Reversed] == 0 || ended[txn.Voided] == 0 && reading == zvtsim.ByItself {
					t.Errorf("payments ended as %v: the cable was not pulled everywhere", ended)
				}
			})
		}
	}
}

// The same of a void, and of a refund, which nobody undoes.
func TestCableAtEveryByteOfGivingBack(t *testing.T) {
	t.Run("void", func(t *testing.T) {
		t.Parallel()
		ended := map[txn.State]int{}
		atEveryByte(t, zvtsim.Config{}, false, func(c *counterTop) txn.ID {
			out, _ := c.till.Void(context.Background(), clerk, c.before, nil)
			return out.Attempt.ID
		}, func(a txn.Attempt) { ended[a.State]++ })
		if ended[txn.Approved] == 0 {
			t.Errorf("voids ended as %v", ended)
		}
	})
	t.Run("refund", func(t *testing.T) {
		t.Parallel()
		ended := map[txn.State]int{}
		atEveryByte(t, zvtsim.Config{}, false, func(c *counterTop) txn.ID {
			out, _ := c.till.GiveBack(context.Background(), clerk, till.Giving{Payment: c.before, AmountMinor: 200})
			return out.Attempt.ID
		}, func(a txn.Attempt) { ended[a.State]++ })
		if ended[txn.Approved] == 0 || ended[txn.Declined] == 0 {
			t.Errorf("refunds ended as %v", ended)
		}
	})
}

// atEveryByte does something over a connection of its own whose cable is pulled after n bytes, for each n until it is no longer pulled. A payment goes
// before each. The books and the terminal's are compared after each.
func atEveryByte(t *testing.T, cfg zvtsim.Config, mirror bool, do func(c *counterTop) txn.ID, ended func(txn.Attempt)) {
	t.Helper()
	step, pull := 1, -1
	if testing.Short() {
		step = 11
	}
	cfg.Cut = func(int) int {
		n := pull
		pull = -1
		return n
	}
	atTerminalWith(t, cfg, mirror, func(c *counterTop) {
		for n := 0; ; n += step {
			out, err := c.pay(700)
			if err != nil || out.Attempt.State != txn.Approved {
				t.Fatalf("the payment before: %s, %v", describe(out), err)
			}
			c.till.WaitForPaper()
			c.before = out.Attempt.ID
			c.line.Close()
			pull = n
			id := do(c)
			c.settle()
			for range 3 {
				if err := c.till.Repeat(context.Background()); err != nil {
					t.Fatal(err)
				}
				time.Sleep(2 * time.Hour)
			}
			if id != 0 {
				a, err := c.journal.Attempt(context.Background(), id)
				if err != nil {
					t.Fatal(err)
				}
				ended(a)
				c.same(a)
			}
			pulled := c.sim.Pulled()
			if n%50 < step || !pulled {
				c.agree()
			}
			if t.Failed() {
				rows := c.sim.Rows()
				t.Fatalf("with the cable pulled after %d bytes: %+v", n, rows[max(0, len(rows)-4):])
			}
			if !pulled {
				return
			}
		}
	})
}

// same holds an attempt that has ended against the terminal's last rows.
func (c *counterTop) same(a txn.Attempt) {
	c.t.Helper()
	rows := c.sim.Rows()
	last := rows[len(rows)-1]
	switch a.Kind {
	case txn.Void:
		paid, _ := c.journal.Attempt(context.Background(), a.Original)
		undone := slices.ContainsFunc(rows, func(r zvtsim.Row) bool {
			return r.Kind == zvtsim.Pay && r.State == zvtsim.Reversed && fmt.Sprintf("%04d", r.Receipt) == paid.Answer.RRN[:4]
		})
		if a.GivenBack() == txn.GivenBackUnknown || undone != (a.GivenBack() == txn.GivenBackYes) || undone != (paid.State == txn.Voided) {
			c.t.Errorf("the void is %s, its payment %s, and undone at the terminal is %v", a.State, paid.State, undone)
		}
	case txn.Refund:
		gave := last.Kind == zvtsim.GiveBack
		unknown := gave && a.GivenBack() == txn.GivenBackUnknown // the till never heard its number, and takes no other one for it
		if !unknown && gave != (a.GivenBack() == txn.GivenBackYes) {
			c.t.Errorf("the refund is %s, %s, and at the terminal it is %v", a.State, a.Reason, gave)
		}
	}
}

// Between the Status-Information and its answer the sync fails, stalls for 6 s, and the power goes, before the commit and after it: both books agree.
func TestBetweenApprovalAndItsAnswer(t *testing.T) {
	trips := map[string]func(commit func() error) error{
		"stalls":          func(commit func() error) error { time.Sleep(6 * time.Second); return commit() },
		"stalls long":     func(commit func() error) error { time.Sleep(100 * time.Second); return commit() },
		"fails":           func(func() error) error { return fmt.Errorf("sync: input/output error") },
		"power before":    func(func() error) error { runtime.Goexit(); return nil },
		"power after":     func(commit func() error) error { _ = commit(); runtime.Goexit(); return nil },
		"stalls for ever": func(commit func() error) error { time.Sleep(300 * time.Second); return commit() },
		"stalls, fails":   func(func() error) error { time.Sleep(6 * time.Second); return fmt.Errorf("sync: input/output error") },
	}
	for name, trip := range trips {
		for _, reading := range []zvtsim.Reading{zvtsim.ByItself, zvtsim.ByMirror} {
			t.Run(name+", "+string(reading), func(t *testing.T) {
				t.Parallel()
				atTerminal(t, zvtsim.Config{Reading: reading}, func(c *counterTop) {
					if _, err := c.pay(700); err != nil {
						t.Fatal(err)
					}
					c.books.trip = trip
					done := make(chan struct{})
					go func() {
						defer close(done)
						_, _ = c.pay(1250)
					}()
					<-done
					if !strings.HasPrefix(name, "stalls") || name == "stalls, fails" {
						c.crash()
					}
					c.settle()
					c.agree()
					rows := c.sim.Rows()
					stands := slices.ContainsFunc(rows, func(r zvtsim.Row) bool {
						return r.Kind == zvtsim.Pay && r.AmountMinor == 1250 && r.State == zvtsim.Stored
					})
					if want := name == "stalls" || name == "stalls long" || name == "power after" && reading == zvtsim.ByMirror; stands != want {
						t.Errorf("the payment stands: %v, want %v: %+v", stands, want, rows)
					}
				})
			})
		}
	}
}
