package till_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"veratill/txn"
	"veratill/txn/acquirer"
	"veratill/txn/till"
)

// told collects whom the till calls a person to.
type told struct {
	mu  sync.Mutex
	all []txn.Matter
}

func (p *told) tell(m txn.Matter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all = append(p.all, m)
}

func (p *told) of(id txn.ID) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, m := range p.all {
		if m.Attempt.ID == id {
			n++
		}
	}
	return n
}

// ofSale is how often it was a sale itself that a person was called to.
func (p *told) ofSale(sale int64) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, m := range p.all {
		if m.Attempt.ID == 0 && m.Bill.SaleID == sale {
			n++
		}
	}
	return n
}

// telling makes another till on the counter's parts that tells.
func (c *counter) telling(p *told, terminal string) *till.Till {
	c.t.Helper()
	t := till.New(till.Config{Journal: c.journal, Numbers: c.journal, Lines: till.Lines{txn.Card: c.bank}, Printer: c.printer, Vault: c.vault, Terminal: terminal, Merchant: "M00000000000001", Tell: p.tell})
	if err := t.Start(context.Background()); err != nil {
		c.t.Fatal(err)
	}
	return t
}

func (c *counter) sealed(id txn.ID) bool {
	c.t.Helper()
	b, err := c.journal.Sealed(context.Background(), id)
	if err != nil {
		c.t.Fatal(err)
	}
	return len(b) > 0
}

// The card number is there while an attempt is open, and gone with the commit that ends it, however it ends.
func TestEveryEndDestroysTheCardNumber(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	open := c.payCard(1091)
	if open.Attempt.State != txn.Reversing || !c.sealed(open.Attempt.ID) {
		t.Fatalf("%s, sealed %v", describe(open), c.sealed(open.Attempt.ID))
	}
	c.settle()
	for name, id := range map[string]txn.ID{"reversed": open.Attempt.ID, "approved": c.payCard(1000).Attempt.ID, "declined": c.payCard(1005).Attempt.ID} {
		if c.sealed(id) {
			t.Errorf("%s, and the card number is still there", name)
		}
	}
}

// A person is called to a reversal that nobody answers, from the fourth try on, and to each of the later ones.
func TestUnansweredReversalCallsAPerson(t *testing.T) {
	c := newCounter(t, "iso87", `{"message":"0200","do":"silent"}`+"\n"+strings.Repeat(`{"message":"0400","nth":1,"do":"silent"}`+"\n"+`{"message":"0401","nth":1,"do":"silent"}`+"\n", 4))
	c.timeout = 60e6
	c.crash()
	var p told
	counted := c.telling(&p, "T0000001")
	out, err := counted.PayCard(context.Background(), clerk, c.payment(1000))
	if err != nil {
		t.Fatal(err)
	}
	for try := 1; try <= 4; try++ {
		if _, err := counted.Settle(context.Background()); err != nil {
			t.Fatal(err)
		}
		if want := max(0, try-txn.TellAfterTries+1); p.of(out.Attempt.ID) != want {
			t.Errorf("after %d reversals a person was called %d times, want %d", try, p.of(out.Attempt.ID), want)
		}
	}
}

// unpackable is a bank to which, while it is set, no message can be packed.
type unpackable struct {
	*acquirer.Client
	set bool
}

func (b *unpackable) Request(ctx context.Context, o txn.Order) txn.Verdict {
	if b.set {
		return txn.Verdict{Kind: txn.NotSent, Reason: txn.CannotPack, Detail: "DE41"}
	}
	return b.Client.Request(ctx, o)
}

func (b *unpackable) Resolve(ctx context.Context, o txn.Order, try int) txn.Verdict {
	if b.set {
		return txn.Verdict{Kind: txn.ReversalNotSent, Detail: "DE41"}
	}
	return b.Client.Resolve(ctx, o, try)
}

// A request that cannot be packed charges nobody, calls a person and leaves no card number; a
// reversal that cannot calls one each time, and leaves as soon as it can.
func TestUnpackableMessagesCallAPerson(t *testing.T) {
	c := newCounter(t, "unionpay", `{"message":"0200","do":"silent"}`)
	var p told
	b := &unpackable{Client: c.bank, set: true}
	counted := till.New(till.Config{Journal: c.journal, Numbers: c.journal, Lines: till.Lines{txn.Card: b}, Printer: c.printer, Vault: c.vault, Terminal: "T0000001", Merchant: "M00000000000001", Tell: p.tell})
	out, err := counted.PayCard(context.Background(), clerk, c.payment(1000))
	if err != nil || out.Attempt.Charged() != txn.ChargedNo || p.of(out.Attempt.ID) != 1 || c.sealed(out.Attempt.ID) {
		t.Errorf("%s, called %d times, card number %v, %v", describe(out), p.of(out.Attempt.ID), c.sealed(out.Attempt.ID), err)
	}
	b.set = false
	if out, err = counted.PayCard(context.Background(), clerk, c.payment(1000)); err != nil {
		t.Fatal(err)
	}
	b.set = true
	for try := 1; try <= 2; try++ {
		if left, err := counted.Settle(context.Background()); err != nil || left != 1 || p.of(out.Attempt.ID) != try {
			t.Errorf("try %d: %d left, called %d times, %v", try, left, p.of(out.Attempt.ID), err)
		}
	}
	b.set = false
	if left, err := counted.Settle(context.Background()); err != nil || left != 0 {
		t.Errorf("once it can be packed: %d left, %v", left, err)
	}
	c.agree()
}

// A start calls a person to money that was taken and has no paper, and to nothing that is in order.
func TestStartCallsAPersonToPaperlessMoney(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	fine := c.payCard(1000)
	c.printer.ready = false
	bare := c.payCard(2000)
	c.crash()
	var p told
	c.telling(&p, "T0000001")
	if p.ofSale(bare.SaleID) != 1 || p.ofSale(fine.SaleID) != 0 || len(p.all) != 1 {
		t.Errorf("a person was called %d times to money without paper, %d times to a payment in order, and %d times in all",
			p.ofSale(bare.SaleID), p.ofSale(fine.SaleID), len(p.all))
	}
}

// Each kind of paper that is asked for reaches the printer, as what it is.
func TestEveryPaperIsPrinted(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	paid, declined := c.payCard(1000), c.payCard(1005)
	for _, print := range []func() (int64, <-chan struct{}, error){
		func() (int64, <-chan struct{}, error) {
			return c.till.Reprint(context.Background(), clerk, paid.Attempt.ID)
		},
		func() (int64, <-chan struct{}, error) {
			return c.till.PrintNote(context.Background(), clerk, declined.Attempt.ID)
		},
	} {
		_, done, err := print()
		if err != nil || done == nil { // of a paper that nobody has begun no end comes
			t.Fatalf("no paper was begun: %v", err)
		}
		<-done
	}
	if _, done, err := c.till.PrintReport(context.Background(), clerk, 1, []byte("{}")); err != nil {
		t.Fatal(err)
	} else {
		<-done
	}
	if want := []txn.PrintKind{txn.PrintOriginal, txn.PrintRepeat, txn.PrintSlip, txn.PrintX}; !slices.Equal(c.printer.kinds(), want) {
		t.Errorf("the papers are %v, want %v", c.printer.kinds(), want)
	}
}
