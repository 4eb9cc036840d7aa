package shop_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"

	"veratill/app/desk"
	"veratill/app/training"
	"veratill/txn"
	"veratill/txn/plan"
)

// began is a card payment in the books of which nothing was heard yet.
func began(t *testing.T, c *counter) txn.Matter {
	t.Helper()
	next := c.Journal.Next()
	p, err := plan.Begin(plan.View{Next: next}, txn.Matter{Attempt: txn.Attempt{Kind: txn.Sale, Tender: txn.Card, Line: training.LineName, Reference: fmt.Sprintf("%06d/%06d", next.Batch, next.Attempt), Terminal: "00000001", Merchant: "898000000000001", Amount: cart(100).Total()}},
		&txn.SaleOpened{Sale: cart(100), Batch: next.Batch}, nil)
	return kept(t, c, p, err)
}

// becomes is what an event makes of it, in the books.
func becomes(t *testing.T, c *counter, m txn.Matter, e txn.Event) txn.Matter {
	t.Helper()
	p, err := plan.Move(plan.View{Next: c.Journal.Next(), AtMs: 1}, m, e)
	return kept(t, c, p, err)
}

func kept(t *testing.T, c *counter, p plan.Plan, err error) txn.Matter {
	t.Helper()
	if err == nil {
		err = c.Journal.Commit(context.Background(), txn.ByTill, p.Durability, p.Records...)
	}
	if err != nil {
		t.Fatal(err)
	}
	return txn.Matter{Attempt: p.After, Bill: p.Bill}
}

// What the bank says no more of waits for the manager over days and restarts, also where nobody was called in this run.
func TestWhatTheBankSaysNoMoreOfWaitsForTheManager(t *testing.T) {
	dir := t.TempDir()
	c := demo(t, dir)
	m := becomes(t, c, began(t, c), txn.Event{Kind: txn.NumberIsTaken, Reason: txn.NumberTaken})
	for range 2 {
		if waits := c.ForPerson(); m.Attempt.State != txn.Unresolved || len(waits) != 1 || waits[0].Attempt.ID != m.Attempt.ID || waits[0].Bill.SaleID != m.Attempt.SaleID {
			t.Fatalf("%s is %s, and for the manager waits %+v", m.Attempt.ID, m.Attempt.State, waits)
		}
		c.Looked(m.Attempt.ID) // which ends nothing
		if _, err := c.CloseDay(t.Context(), clerk); err != nil {
			t.Fatal(err)
		}
		c.Close()
		c = demo(t, dir)
	}
}

// What is over, and not as anybody expects, waits for the manager until somebody looked at it; what is over as it should be does not.
func TestWhatIsOddlyOverWaitsForALook(t *testing.T) {
	c := demo(t, t.TempDir())
	news := desk.NewNews(c.Journal, slog.New(slog.DiscardHandler))
	d := desk.New(desk.Config{Journal: c.Journal, Till: c.Till, News: news, Log: slog.New(slog.DiscardHandler)})
	defer d.Close()
	m := becomes(t, c, began(t, c), txn.Event{Kind: txn.GaveUp, Reason: txn.NoAnswer})
	news.CallPerson(m)
	if waits := d.ForPerson(); len(waits) != 0 {
		t.Errorf("the bank is still asked, and for the manager waits %+v", waits)
	}
	m = becomes(t, c, m, txn.Event{Kind: txn.ReversalAnswered})
	if waits := d.ForPerson(); m.Attempt.State != txn.Reversed || len(waits) != 0 {
		t.Errorf("it is %s, and for the manager waits %+v", m.Attempt.State, waits)
	}
	m = becomes(t, c, m, txn.Event{Kind: txn.TakenLate, Reason: txn.NumberTaken})
	news.CallPerson(m)
	if waits := d.ForPerson(); len(waits) != 1 || waits[0].Attempt.ID != m.Attempt.ID {
		t.Errorf("its number may be another's (%s, %s), and for the manager waits %+v", m.Attempt.State, m.Attempt.Reason, waits)
	}
	d.Looked(m.Attempt.ID)
	if waits := d.ForPerson(); len(waits) != 0 {
		t.Errorf("somebody looked, and for the manager waits %+v", waits)
	}
}
