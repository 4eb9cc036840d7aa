package till_test

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/hostsim"
	"veratill/txn/hostsim/bank"
	"veratill/txn/iso8583"
	"veratill/txn/till"
)

// watched stands between the till and its real parts and notes the order of things.
type watched struct {
	till.Journal
	till.Line
	mu      sync.Mutex
	durable map[txn.ID]txn.State // by synced commits
	written map[txn.ID]txn.State // by any commit
	begun   map[int64]bool       // prints whose intent is durable
	sent    map[txn.ID]int
	faults  []string
	refuse  bool // every commit fails
}

func watch(c *counter) *watched {
	return &watched{Journal: c.journal, Line: c.bank, durable: map[txn.ID]txn.State{}, written: map[txn.ID]txn.State{}, begun: map[int64]bool{}, sent: map[txn.ID]int{}}
}

// refuseOnceSending is a Tell that takes the disk away when the request is about to leave.
func (w *watched) refuseOnceSending(stage till.Stage, _ txn.ID) {
	if stage == till.Sending {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.refuse = true
	}
}

func (w *watched) Commit(ctx context.Context, by txn.Actor, d txn.Durability, records ...txn.Record) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.refuse {
		return errors.New("the disk is gone")
	}
	if err := w.Journal.Commit(ctx, by, d, records...); err != nil {
		return err
	}
	for _, r := range records {
		switch r := r.(type) {
		case txn.AttemptOpened:
			w.written[r.Attempt.ID] = r.Attempt.State
		case txn.AttemptMoved:
			w.written[r.ID] = r.After.State
			w.print(d, r.Event)
		case txn.SaleMoved:
			w.print(d, r.Event)
		}
	}
	if d == txn.Synced { // a synced commit makes durable all that was written before it
		for id, s := range w.written {
			w.durable[id] = s
		}
	}
	return nil
}

// print notes an intent to print that is durable.
func (w *watched) print(d txn.Durability, e txn.Event) {
	if e.PrintID != 0 && e.Kind != txn.PrintEnded && d == txn.Synced {
		w.begun[e.PrintID] = true
	}
}

func (w *watched) Request(ctx context.Context, o txn.Order) txn.Verdict {
	w.mu.Lock()
	id := o.Attempt.ID
	if w.durable[id] != txn.Pending {
		w.faults = append(w.faults, "rule 1: a request left before its attempt was durable")
	}
	if w.sent[id]++; w.sent[id] > 1 {
		w.faults = append(w.faults, "rule 8: a request was sent twice")
	}
	w.mu.Unlock()
	return w.Line.Request(ctx, o)
}

func (w *watched) Resolve(ctx context.Context, o txn.Order, try int) txn.Verdict {
	w.mu.Lock()
	if w.written[o.Attempt.ID] != txn.Reversing {
		w.faults = append(w.faults, "rule 6: a reversal left before it was journaled")
	}
	w.mu.Unlock()
	return w.Line.Resolve(ctx, o, try)
}

// watchedPrinter notes whether the intent to print was durable.
type watchedPrinter struct {
	*printer
	w *watched
}

func (p watchedPrinter) Begin(ctx context.Context, s till.Sheet) func() (txn.Paper, string) {
	p.w.mu.Lock()
	approved := len(s.Parts) > 0
	for _, part := range s.Parts {
		approved = approved && p.w.durable[part.ID] == txn.Approved
	}
	if !approved || !p.w.begun[s.Print.ID] {
		p.w.faults = append(p.w.faults, "rule 2: bytes for the printer before the approval and the intent were durable")
	}
	p.w.mu.Unlock()
	return p.printer.Begin(ctx, s)
}

// under makes a till on watched parts.
func (c *counter) under(w *watched) *till.Till {
	return till.New(till.Config{Journal: w, Numbers: c.journal, Lines: till.Lines{txn.Card: w}, Printer: watchedPrinter{c.printer, w}, Vault: c.vault, Terminal: "T0000001", Merchant: "M00000000000001"})
}

// Rules 1, 2, 6 and 8, in every way that a sale can go.
func TestNothingLeavesBeforeItIsDurable(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	w := watch(c)
	counted := c.under(w)
	for _, minor := range []int64{1000, 1005, 1091, 1093, 1094, 1095, 1096, 1000} {
		out, err := counted.PayCard(context.Background(), clerk, c.payment(minor))
		if err != nil {
			t.Fatal(err)
		}
		if out.Paper != nil {
			<-out.Paper
		}
		if _, err := counted.Settle(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	number := int64(0)
	for _, minor := range []int64{4000, 2005, 2091, 6000} { // a sale in parts, of which two come to nothing
		p := c.payment(10000)
		p.Sale.ID, p.AmountMinor = number, minor
		out, err := counted.PayCard(context.Background(), clerk, p)
		if err != nil {
			t.Fatal(err)
		}
		number = out.SaleID
		if out.Paper != nil {
			<-out.Paper
		}
	}
	if b := c.bill(number); b.State != txn.BillPaid || b.Paper != txn.Printed {
		t.Errorf("the sale in parts is %+v", b)
	}
	for _, f := range w.faults {
		t.Error(f)
	}
	if len(w.sent) != 12 {
		t.Errorf("%d requests for 12 payments", len(w.sent))
	}
	c.agree()
}

// Rule 1, the other half: what can't be saved is not sent.
func TestWhatCannotBeSavedIsNotSent(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	w := watch(c)
	counted := c.under(w)
	if err := c.bank.Ready(context.Background()); err != nil {
		t.Fatal(err)
	}
	w.refuse = true
	if _, err := counted.PayCard(context.Background(), clerk, c.payment(1000)); !errors.Is(err, till.ErrJournal) {
		t.Errorf("paying gave %v", err)
	}
	if len(w.sent) != 0 || len(c.host.Rows()) != 0 {
		t.Errorf("%d requests were sent, the bank has %d lines", len(w.sent), len(c.host.Rows()))
	}
}

// An approval that can't be saved prints nothing; the next start reverses it.
func TestApprovalThatCannotBeSavedIsReversedLater(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	w := watch(c)
	counted := c.under(w)
	p := c.payment(1000)
	p.Tell = w.refuseOnceSending
	out, err := counted.PayCard(context.Background(), clerk, p)
	if !errors.Is(err, till.ErrJournal) || out.Attempt.Charged() != txn.ChargedUnknown {
		t.Errorf("%s, %v", describe(out), err)
	}
	if n := len(c.printer.kinds()); n != 0 {
		t.Errorf("%d papers for an approval that is not durable", n)
	}
	c.crash()
	c.settle()
	if a := c.attempt(out.Attempt.ID); a.State != txn.Reversed {
		t.Errorf("after the start it is %s", a.State)
	}
	c.agree()
}

// Rule 2: killed while printing, the attempt stays paid and is never reversed.
// Rule 3: its paper comes again only as a marked copy.
func TestKilledWhilePrinting(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	w := watch(c)
	c.printer.hold = make(chan struct{})
	out, err := c.under(w).PayCard(context.Background(), clerk, c.payment(1000))
	if err != nil {
		t.Fatal(err)
	}
	c.crash()
	c.settle()
	if a, b := c.attempt(out.Attempt.ID), c.bill(out.SaleID); a.State != txn.Approved || b.State != txn.BillPaid || b.Paper != txn.PaperUnknown {
		t.Errorf("after the start it is %s, its sale %s, paper %s", a.State, b.State, b.Paper)
	}
	c.printer.mu.Lock()
	close(c.printer.hold)
	c.printer.hold = nil
	c.printer.mu.Unlock()
	_, done, err := c.till.Reprint(context.Background(), clerk, out.Attempt.ID)
	if err != nil {
		t.Fatal(err)
	}
	<-done
	if kinds := c.printer.kinds(); kinds[len(kinds)-1] != txn.PrintRepeat {
		t.Errorf("papers: %v; the last has to be marked", kinds)
	}
	c.agree()
}

// Rule 4: whatever the printer says, the money stays where it is.
func TestPrinterFaultsLeaveTheMoney(t *testing.T) {
	for _, outcome := range []txn.Paper{txn.NotPrinted, txn.PaperUnknown} {
		c := newCounter(t, "unionpay", "")
		c.printer.outcome = outcome
		out := c.payCard(1000)
		c.settle()
		if a, b := c.attempt(out.Attempt.ID), c.bill(out.SaleID); a.State != txn.Approved || b.State != txn.BillPaid || b.Paper != outcome {
			t.Errorf("%s, its sale %s, paper %s", a.State, b.State, b.Paper)
		}
		c.agree()
	}
}

// Rule 4: a receipt that waited for paper comes by itself, unmarked, and once.
func TestReceiptComesWhenPaperIsLoaded(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	c.printer.ready = false
	out := c.payCard(1000)
	if out.Attempt.State != txn.Approved || out.Bill.Paper != txn.NoPaper || len(c.printer.kinds()) != 0 {
		t.Fatal(describe(out), c.printer.kinds())
	}
	c.printer.mu.Lock()
	c.printer.ready = true
	c.printer.mu.Unlock()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { c.till.Run(ctx); close(done) }()
	for range 200 {
		if c.bill(out.SaleID).Paper == txn.Printed {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	c.till.Kick()
	time.Sleep(50 * time.Millisecond)
	cancel()
	<-done
	if kinds := c.printer.kinds(); len(kinds) != 1 || kinds[0] != txn.PrintOriginal {
		t.Errorf("papers: %v", kinds)
	}
}

// Rule 5: an approval that comes after the attempt was given up is kept as evidence and changes nothing.
func TestLateApprovalIsEvidence(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	out := c.payCard(1092)
	c.settle()
	for range 100 {
		if c.attempt(out.Attempt.ID).Late.RRN != "" {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	a := c.attempt(out.Attempt.ID)
	if a.State != txn.Reversed || a.Late.RRN == "" || a.Answer.RRN != "" || len(c.printer.kinds()) != 0 {
		t.Errorf("%s, late %+v, answer %+v, papers %v", a.State, a.Late, a.Answer, c.printer.kinds())
	}
	c.agree()
}

// Rule 7: the bank keeps silent on five reversals, across a restart; each is repeated until the sixth is answered.
func TestReversalIsRepeatedUntilAnswered(t *testing.T) {
	silent := `{"message":"0200","do":"silent"}` + strings.Repeat("\n"+`{"message":"0400","nth":1,"do":"silent"}`, 5)
	c := newCounter(t, "unionpay", silent)
	c.timeout = 80 * time.Millisecond
	c.crash()
	out := c.payCard(1000)
	for try := range 5 {
		if left, err := c.till.Settle(context.Background()); err != nil || left != 1 {
			t.Fatalf("try %d: %d left, %v", try+1, left, err)
		}
		if try == 2 {
			c.crash()
		}
	}
	if _, err := c.till.PayCard(context.Background(), clerk, c.payment(2000)); err != nil {
		t.Fatalf("the sale after it: %v", err) // its own Settle is the sixth try
	}
	if a := c.attempt(out.Attempt.ID); a.State != txn.Reversed || a.Tries < 6 {
		t.Errorf("%s after %d tries", a.State, a.Tries)
	}
}

// Reversals that are owed go first: while one is not answered, no new attempt is begun.
func TestOwedReversalGoesFirst(t *testing.T) {
	c := newCounter(t, "unionpay", `{"amountMinor":1000,"do":"silent"}`)
	c.timeout = 80 * time.Millisecond
	c.crash()
	c.payCard(1000)
	if out, err := c.till.PayCard(context.Background(), clerk, c.payment(2000)); !errors.Is(err, till.ErrOwed) {
		t.Errorf("the next sale was begun: %s, %v", describe(out), err)
	}
}

// Rule 9: no number comes twice, over restarts and days, and numbers are left out for nothing.
func TestNumbersAreNeverUsedTwice(t *testing.T) {
	c := newCounter(t, "iso87", "")
	for n := range txn.ID(12) {
		if a := c.payCard(1000).Attempt; a.ID != n+1 || a.ID.STAN() != int64(n+1) {
			t.Errorf("payment %d is %s with STAN %d", n+1, a.ID, a.ID.STAN())
		}
		switch n % 4 {
		case 1:
			c.crash()
		case 3:
			day := c.journal.OpenDay()
			closed, next := txn.DayClosed{Batch: day.Batch, Z: day.Batch}, txn.DayOpened{Batch: day.Batch + 1, Currency: "CNY"}
			if _, _, err := c.till.CloseDay(context.Background(), txn.Actor{}, closed, next, func() ([]byte, error) { return []byte("{}"), nil }); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Rule 10: a start commits before it acts: its boot record is the newest of the chain when Open returns.
func TestStartCommitsFirst(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	c.payCard(1000)
	before, _ := c.journal.Head()
	c.crash()
	after, _ := c.journal.Head()
	if after <= before {
		t.Errorf("the chain ends at %d before and %d after the start", before, after)
	}
	if boots := c.countBoots(); boots != 2 {
		t.Errorf("%d boot records for 2 starts", boots)
	}
}

// Rule 11: the bank's ledger holds the approval when the till hears of it.
func TestBankIsDurableBeforeItAnswers(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	w := watch(c)
	bank := &peek{Line: w, look: func() string {
		text, err := os.ReadFile(c.dir + "/ledger.jsonl")
		if err != nil {
			t.Error(err)
		}
		return string(text)
	}}
	counted := till.New(till.Config{Journal: w, Numbers: c.journal, Lines: till.Lines{txn.Card: bank}, Printer: c.printer, Vault: c.vault, Terminal: "T0000001", Merchant: "M00000000000001"})
	if _, err := counted.PayCard(context.Background(), clerk, c.payment(1000)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(bank.saw, `"state":"approved"`) {
		t.Errorf("when the answer came, the ledger held %q", bank.saw)
	}
}

type peek struct {
	till.Line
	look func() string
	saw  string
}

func (p *peek) Request(ctx context.Context, o txn.Order) txn.Verdict {
	v := p.Line.Request(ctx, o)
	p.saw = p.look()
	return v
}

// Rule 12: a reversal that comes before its original is remembered, and the original is refused.
func TestReversalBeforeItsOriginal(t *testing.T) {
	host, conn := loneHost(t)
	profile, err := iso8583.ProfileByName("iso87")
	if err != nil {
		t.Fatal(err)
	}
	sale := iso8583.Transaction{Terminal: iso8583.Terminal{Number: "T0000001", Merchant: "M00000000000001", Batch: 1, Now: time.Unix(0, 0)},
		STAN: 7, AmountMinor: 1000, Currency: "156", EntryMode: "022", PAN: []byte("6222020000000001234")}
	ask := func(m iso8583.Message) string {
		t.Helper()
		body, err := profile.Pack(m)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write(profile.Frame(body, nil)); err != nil {
			t.Fatal(err)
		}
		answer, _, err := profile.ReadFrame(conn)
		if err != nil {
			t.Fatal(err)
		}
		got, err := profile.Unpack(answer)
		if err != nil {
			t.Fatal(err)
		}
		return got.Get(39)
	}
	if code := ask(profile.Reversal(sale, "98", 1)); code != "25" {
		t.Errorf("the reversal got %s", code)
	}
	if code := ask(profile.Financial(sale)); profile.Approves(code) {
		t.Errorf("its original was approved after it: %s", code)
	}
	if lines := host.Rows(); len(lines) != 1 || lines[0].State != bank.Reversed {
		t.Errorf("the ledger holds %+v", lines)
	}
}

func loneHost(t *testing.T) (*hostsim.Host, net.Conn) {
	t.Helper()
	profile, err := iso8583.ProfileByName("iso87")
	if err != nil {
		t.Fatal(err)
	}
	host, err := hostsim.New(hostsim.Config{Profile: profile})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	go host.Serve(ctx, listener)
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return host, conn
}

// tidying is a journal that wants to tidy up just when a sale has been given its number.
type tidying struct {
	till.Journal
	till **till.Till
	done sync.WaitGroup
}

func (j *tidying) Next() txn.Next {
	next := j.Journal.Next()
	j.done.Go(func() { (*j.till).Tidy(context.Background()) })
	time.Sleep(20 * time.Millisecond)
	return next
}

func (j *tidying) Idle(ctx context.Context) error {
	return j.Journal.Commit(ctx, txn.ByTill, txn.Lazy, txn.Tidied{})
}

// The journal tidies up beside a cash sale, and the sale keeps the number that it was given.
func TestTidyingBesideSales(t *testing.T) {
	c := newCounter(t, "iso87", "")
	var counted *till.Till
	j := &tidying{Journal: c.journal, till: &counted}
	counted = till.New(till.Config{Journal: j, Numbers: c.journal, Lines: till.Lines{txn.Card: c.bank}, Printer: c.printer, Vault: c.vault, Terminal: "T0000001", Merchant: "M00000000000001"})
	for range 3 {
		out, err := counted.PayCash(context.Background(), clerk, till.Payment{Sale: c.payment(100).Sale, ReceivedMinor: 100})
		if err != nil {
			t.Fatal(err)
		}
		if s, err := c.journal.Sale(context.Background(), out.SaleID); err != nil || s.TotalMinor != 100 {
			t.Fatalf("sale %d: %+v, %v", out.SaleID, s, err)
		}
	}
	counted.WaitForPaper() // first: a paper's end begins a tidying too
	j.done.Wait()
	c.agree()
}

// While something is owed the till says when it asks the bank again, and says nothing of it when nothing is.
func TestTheTillSaysWhenItAsksAgain(t *testing.T) {
	c := newCounter(t, "unionpay", `{"message":"0200","do":"silent"}`+strings.Repeat("\n"+`{"message":"0400","nth":1,"do":"silent"}`, 50))
	c.timeout = 80 * time.Millisecond
	c.crash()
	if at := c.till.AsksAgain(); !at.IsZero() {
		t.Errorf("nothing is owed, and the bank is asked at %v", at)
	}
	c.payCard(1000)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); c.till.Run(ctx) }()
	defer func() { stop(); <-ended }()
	for range 500 {
		if at := c.till.AsksAgain(); !at.IsZero() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("it does not say when it asks again")
}
