package till_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/external"
	"veratill/txn/till"
)

// signed is a journal that notes by whom each entry is.
type signed struct {
	till.Journal
	mu sync.Mutex
	by []txn.Actor // persons alone
}

func (j *signed) Commit(ctx context.Context, by txn.Actor, d txn.Durability, records ...txn.Record) error {
	j.mu.Lock()
	if by != txn.ByTill {
		j.by = append(j.by, by)
	}
	j.mu.Unlock()
	return j.Journal.Commit(ctx, by, d, records...)
}

// persons are those of the entries since it was last asked.
func (j *signed) persons() []txn.Actor {
	j.mu.Lock()
	defer j.mu.Unlock()
	by := j.by
	j.by = nil
	return by
}

func signedTill(t *testing.T) (*counter, *signed, *till.Till) {
	c := newCounter(t, "unionpay", "")
	j := &signed{Journal: c.journal}
	return c, j, till.New(till.Config{Journal: j, Numbers: c.journal, Lines: till.Lines{txn.Card: c.bank}, Printer: c.printer, Vault: c.vault, Terminal: "T0000001", Merchant: "M00000000000001"})
}

// Each entry is by whoever was at the till when it was asked for, and what the till does by itself is by nobody else.
func TestEachEntryIsByWhoeverAskedForIt(t *testing.T) {
	ctx := context.Background()
	c, j, under := signedTill(t)
	var paid, cash till.Outcome
	var err error
	sum := func() ([]byte, error) { return []byte("{}"), nil }
	for _, k := range []struct {
		name string
		do   func(by txn.Actor)
	}{
		{"card", func(by txn.Actor) { paid, err = under.PayCard(ctx, by, c.payment(1000)) }},
		{"cash", func(by txn.Actor) {
			cash, err = under.PayCash(ctx, by, till.Payment{Sale: c.payment(100).Sale, ReceivedMinor: 100})
		}},
		{"reprint", func(by txn.Actor) { _, _, err = under.Reprint(ctx, by, paid.Attempt.ID) }},
		{"void of a card", func(by txn.Actor) { _, err = under.Void(ctx, by, paid.Attempt.ID, nil) }},
		{"void of cash", func(by txn.Actor) { _, err = under.Void(ctx, by, cash.Attempt.ID, nil) }},
		{"X", func(by txn.Actor) { _, _, err = under.PrintReport(ctx, by, 1, []byte("{}")) }},
		{"Z", func(by txn.Actor) {
			_, _, err = under.CloseDay(ctx, by, txn.DayClosed{Batch: 1, Z: 1}, txn.DayOpened{Batch: 2, Currency: "CNY"}, sum)
		}},
	} {
		by := txn.Actor{By: "who does the " + k.name, For: "a manager", Why: "a reason"}
		k.do(by)
		under.WaitForPaper()
		if err != nil {
			t.Fatalf("%s: %v", k.name, err)
		}
		if persons := j.persons(); len(persons) != 1 || persons[0] != by {
			t.Errorf("%s: entries of persons are by %v, want one by %v", k.name, persons, by)
		}
	}
	if a := c.attempt(paid.Attempt.ID); a.Cashier != "who does the card" {
		t.Errorf("the attempt is of cashier %q", a.Cashier)
	}
}

func TestANoteIsByWhoeverAskedForIt(t *testing.T) {
	c, j, under := signedTill(t)
	declined, err := under.PayCard(context.Background(), clerk, c.payment(1005))
	if err != nil {
		t.Fatal(err)
	}
	j.persons()
	by := txn.Actor{By: "02"}
	if _, _, err := under.PrintNote(context.Background(), by, declined.Attempt.ID); err != nil {
		t.Fatal(err)
	}
	under.WaitForPaper()
	if persons := j.persons(); len(persons) != 1 || persons[0] != by {
		t.Errorf("the note is by %v, want %v", persons, by)
	}
}

// A shop that names no cashiers has a cashier in its books, and no name on its receipts.
func TestACashierWithoutANameIsACashier(t *testing.T) {
	c, j, under := signedTill(t)
	out, err := under.PayCash(context.Background(), txn.Actor{}, till.Payment{Sale: c.payment(100).Sale, ReceivedMinor: 100})
	if err != nil {
		t.Fatal(err)
	}
	under.WaitForPaper()
	if persons := j.persons(); len(persons) != 1 || persons[0].By != "cashier" {
		t.Errorf("the sale is by %v", persons)
	}
	if out.Attempt.Cashier != "" {
		t.Errorf("the receipt names %q", out.Attempt.Cashier)
	}
}

// A receipt that waited for its printer comes by itself: nobody at the till has asked for it.
func TestAReceiptThatWaitedIsByTheTill(t *testing.T) {
	c, j, under := signedTill(t)
	c.printer.mu.Lock()
	c.printer.ready = false
	c.printer.mu.Unlock()
	out := c.payCardAt(under, 1000)
	j.persons()
	c.printer.mu.Lock()
	c.printer.ready = true
	c.printer.mu.Unlock()
	ctx, end := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { under.Run(ctx) })
	under.Kick()
	for range 500 {
		if c.bill(out.SaleID).Paper == txn.Printed {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	end()
	running.Wait()
	if b := c.bill(out.SaleID); b.Paper != txn.Printed {
		t.Fatalf("its paper is %s", b.Paper)
	}
	if persons := j.persons(); len(persons) != 0 {
		t.Errorf("it is by %v", persons)
	}
}

func (c *counter) payCardAt(under *till.Till, minor int64) till.Outcome {
	c.t.Helper()
	out, err := under.PayCard(context.Background(), clerk, c.payment(minor))
	if err != nil {
		c.t.Fatal(err)
	}
	return out
}

// What a separate terminal showed is the word of whoever read it, at once or later.
func TestWordAboutASeparateTerminalIsByWhoeverSaidIt(t *testing.T) {
	c, j, _ := signedTill(t)
	p := terminal{says: external.Answer{Shown: external.Nothing}}
	under := till.New(till.Config{Journal: j, Numbers: c.journal, Lines: till.Lines{txn.Card: c.bank, txn.External: &external.Line{Ask: p.ask}}, Printer: c.printer, Vault: c.vault, Terminal: "T0000001", Merchant: "M00000000000001"})
	out, err := under.PayExternal(context.Background(), txn.Actor{By: "who asks"}, c.payment(700))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := under.Said(context.Background(), txn.Actor{By: "who says"}, out.Attempt.ID, external.Answer{Shown: external.Approved}.Verdict()); err != nil {
		t.Fatal(err)
	}
	under.WaitForPaper()
	var names []string
	for _, by := range j.persons() {
		names = append(names, by.By)
	}
	if !slices.Equal(names, []string{"who asks", "who asks", "who says"}) {
		t.Errorf("the entries of persons are by %q", names)
	}
}
