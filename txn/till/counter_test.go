package till_test

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/acquirer"
	"veratill/txn/disk"
	"veratill/txn/hostsim"
	"veratill/txn/hostsim/bank"
	"veratill/txn/iso8583"
	"veratill/txn/journal"
	"veratill/txn/money"
	"veratill/txn/sale"
	"veratill/txn/till"
	"veratill/txn/vault"
)

// clerk sells in these tests.
var clerk = txn.Actor{By: "01"}

// counter is a whole till on real parts: a SQLite file, a TCP bank with a ledger
// file, and a printer that this test holds in its hand.
type counter struct {
	t        *testing.T
	dir      string
	host     *hostsim.Host
	address  string
	profile  *iso8583.Profile
	timeout  time.Duration
	values   bank.Source
	compares bool
	terminal string     // T0000001 where empty
	marks    till.Marks // outside the books; nil keeps none

	journal *journal.Journal
	bank    *acquirer.Client
	till    *till.Till
	printer *printer
	vault   *vault.Vault
	before  till.Line   // stands before the line to the bank
	slips   *plainSlips // nil keeps none
}

// printer hands out scripted outcomes and keeps what it was given.
type printer struct {
	mu      sync.Mutex
	ready   bool
	outcome txn.Paper
	hold    chan struct{} // a print ends when it is closed, where set
	begun   func()        // called before the first byte, where set
	sheets  []till.Sheet
}

func (p *printer) Ready() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ready
}

func (p *printer) Prepare(till.Sheet) {}

func (p *printer) Begin(_ context.Context, s till.Sheet) func() (txn.Paper, string) {
	if p.begun != nil {
		p.begun()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sheets = append(p.sheets, s)
	hold, outcome := p.hold, p.outcome
	return func() (txn.Paper, string) {
		if hold != nil {
			<-hold
		}
		return outcome, "process id"
	}
}

func (p *printer) kinds() (all []txn.PrintKind) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.sheets {
		all = append(all, s.Print.Kind)
	}
	return all
}

func newCounter(t *testing.T, profile string, script string) *counter {
	t.Helper()
	return newCounterAt(t, profile, script, nil)
}

// anyValues is a bank whose answers hold any value of each field.
func anyValues() bank.Source { return bank.Any(rand.New(rand.NewPCG(5, 6)).IntN) }

// newCounterAt is a counter whose bank takes what it says from a source; nil gives digits.
func newCounterAt(t *testing.T, profile string, script string, values bank.Source) *counter {
	t.Helper()
	p, err := iso8583.ProfileByName(profile)
	if err != nil {
		t.Fatal(err)
	}
	c := &counter{t: t, dir: t.TempDir(), profile: p, timeout: 300 * time.Millisecond, printer: &printer{ready: true, outcome: txn.Printed}, values: values}
	c.startHost(script)
	c.open()
	return c
}

func masterKey() []byte {
	key, err := hex.DecodeString(acquirer.DemoMasterKey)
	if err != nil {
		panic(err)
	}
	return key
}

func (c *counter) startHost(script string) {
	c.t.Helper()
	cfg := hostsim.Config{Profile: c.profile, MasterKey: masterKey(), Ledger: c.dir + "/ledger.jsonl", Values: c.values}
	if script != "" {
		var err error
		if cfg.Script, err = readScript(script); err != nil {
			c.t.Fatal(err)
		}
	}
	host, err := hostsim.New(cfg)
	if err != nil {
		c.t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		c.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	c.t.Cleanup(cancel)
	go host.Serve(ctx, listener)
	c.host, c.address = host, listener.Addr().String()
}

// line is the line to the bank, or what a test puts before it.
func (c *counter) line() till.Line {
	if c.before != nil {
		return c.before
	}
	return c.bank
}

// open starts the till on its folder, as a program does after a crash as well.
func (c *counter) open() {
	c.t.Helper()
	ctx := context.Background()
	var err error
	if c.journal, err = journal.Open(ctx, c.dir, journal.Options{}); err != nil {
		c.t.Fatal(err)
	}
	keys, err := vault.Open(disk.System{}, c.dir)
	if err != nil {
		c.t.Fatal(err)
	}
	c.vault = keys
	books := till.NewBooks(c.journal, c.journal, nil, nil, nil)
	terminal := cmp.Or(c.terminal, "T0000001")
	c.bank = acquirer.New(acquirer.Config{
		Address: c.address, Profile: c.profile, Timeout: c.timeout, MasterKey: masterKey(),
		Terminal: terminal, Merchant: "M00000000000001",
		Books: books, Compares: c.compares,
	})
	config := till.Config{
		Journal: c.journal, Numbers: c.journal, Settlements: c.journal, Marks: c.marks, Books: books, Lines: till.Lines{txn.Card: c.line()}, Printer: c.printer, Vault: keys, Terminal: terminal, Merchant: "M00000000000001", Evidence: c.journal,
	}
	if c.slips != nil {
		config.Slips = c.slips
	}
	t := till.New(config)
	c.till = t
	if err := t.Start(ctx); err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { c.bank.Close(); c.till.WaitForPaper(); c.journal.Close() })
}

// crash ends the till as a killed process does, and starts it again.
func (c *counter) crash() {
	c.t.Helper()
	c.bank.Close()
	if err := c.journal.Close(); err != nil {
		c.t.Fatal(err)
	}
	c.open()
}

func (c *counter) payment(minor int64) till.Payment {
	return till.Payment{
		Sale:  sale.Sale{Currency: money.CNY, TotalMinor: minor},
		Card:  txn.Plastic{PAN: txn.Secret("6222020000000001234"), Expiry: txn.Secret("3012"), Track2: txn.Secret("6222020000000001234=30121010000000000")},
		Facts: txn.CardFacts{Masked: "622202*********1234", Scheme: "UnionPay", EntryMode: "022"},
	}
}

func (c *counter) payCard(minor int64) till.Outcome {
	c.t.Helper()
	out, err := c.till.PayCard(context.Background(), clerk, c.payment(minor))
	if err != nil {
		c.t.Fatalf("paying %d: %v", minor, err)
	}
	if out.Paper != nil {
		<-out.Paper
	}
	return out
}

// settle drives what is owed to its end.
func (c *counter) settle() {
	c.t.Helper()
	for range 20 {
		left, err := c.till.Settle(context.Background())
		if err != nil {
			c.t.Fatal(err)
		}
		if left == 0 {
			return
		}
	}
	c.t.Fatal("reversals are owed for ever")
}

func (c *counter) attempt(id txn.ID) txn.Attempt {
	c.t.Helper()
	a, err := c.journal.Attempt(context.Background(), id)
	if err != nil {
		c.t.Fatal(err)
	}
	return a
}

func (c *counter) bill(sale int64) txn.Bill {
	c.t.Helper()
	b, err := c.journal.Bill(context.Background(), sale)
	if err != nil {
		c.t.Fatal(err)
	}
	return b
}

// agree fails unless the bank's book and the journal say the same of every attempt,
// and the journal is derivable from its chain.
func (c *counter) agree() {
	c.t.Helper()
	book := map[int64]bank.State{}
	for _, l := range c.host.Rows() {
		book[l.STAN] = l.State
	}
	all, err := c.journal.AllAttempts(context.Background())
	if err != nil {
		c.t.Fatal(err)
	}
	for _, a := range all {
		if a.Tender == txn.Cash || a.Reason == txn.CannotPack && a.State == txn.Reversed && book[int64(a.ID)] == "" {
			continue // the bank never heard of it
		}
		if want, got := string(a.State), string(book[int64(a.ID)]); !sameMoney(a.State, bank.State(got)) {
			c.t.Errorf("attempt %s: the till says %s, the bank %q", a.ID, want, got)
		}
	}
	if _, err := c.journal.Verify(context.Background()); err != nil {
		c.t.Error(err)
	}
}

func sameMoney(s txn.State, book bank.State) bool {
	switch s {
	case txn.Approved:
		return book == bank.Approved
	case txn.Declined:
		return book == bank.Declined
	case txn.Reversed:
		return book == bank.Reversed || book == bank.Declined
	case txn.Voided:
		return book == bank.Voided
	case txn.Unresolved: // the bank says no more of it
		return true
	}
	return false
}

func describe(o till.Outcome) string {
	return fmt.Sprintf("%s %s charged %s", o.Attempt.State, o.Attempt.Reason, o.Attempt.Charged())
}

// entries closes the books and reads those entries whose text is like a pattern, from outside, as an auditor would.
func (c *counter) entries(like string) (bodies []string) {
	c.t.Helper()
	if err := c.journal.Close(); err != nil {
		c.t.Fatal(err)
	}
	db, err := sql.Open("sqlite", c.dir+"/"+journal.Name(1))
	if err != nil {
		c.t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT body FROM entry WHERE body LIKE ?`, like)
	if err != nil {
		c.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var body string
		if err := rows.Scan(&body); err != nil {
			c.t.Fatal(err)
		}
		bodies = append(bodies, body)
	}
	return bodies
}

// countBoots counts the starts in the chain.
func (c *counter) countBoots() int { return len(c.entries(`%{"boot":%`)) }
