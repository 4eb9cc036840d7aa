package till_test

import (
	"context"
	"testing"

	"veratill/txn"
	"veratill/txn/journal"
	"veratill/txn/till"
)

// From books that may not be the newest nothing goes back before a person has read why, whatever paid it and however it would go back. Sales by cash go on.
func TestNothingGoesBackFromBooksInDoubt(t *testing.T) {
	c := marked(t, "")
	ctx := context.Background()
	card := c.sold3()
	cash, err := c.till.PayCash(ctx, clerk, till.Payment{Sale: pieces(2, 1000), ReceivedMinor: 2000})
	if err != nil {
		t.Fatal(err)
	}
	c.till.WaitForPaper()
	old := copied(t, c.dir)
	c.payCard(1000)
	c.putBack(old)
	own := c.unusual(till.Unusual{CardMinor: 5000, NoReceiptMinor: 5000})
	all := map[string]func() (till.Outcome, error){
		"cash in part": func() (till.Outcome, error) { return own.GiveBack(ctx, clerk, c.giving(cash.Attempt.ID, 500)) },
		"cash, all":    func() (till.Outcome, error) { return own.Void(ctx, clerk, cash.Attempt.ID, nil) },
		"a card's money in cash": func() (till.Outcome, error) {
			return own.GiveBack(ctx, forAReason, till.Giving{Payment: card.Attempt.ID, AmountMinor: 500, InCash: true})
		},
		"a card in part": func() (till.Outcome, error) { return own.GiveBack(ctx, clerk, c.giving(card.Attempt.ID, 500)) },
		"no receipt":     func() (till.Outcome, error) { return own.TakeBack(ctx, forAReason, pieces(1, 500)) },
		"goods for as much": func() (till.Outcome, error) {
			return own.Exchange(ctx, clerk, for1(2000, card, 2, 2000), till.Giving{})
		},
		"goods for less": func() (till.Outcome, error) {
			return own.Exchange(ctx, clerk, for1(1500, cash, 2, 2000), till.Giving{})
		},
		"goods for more": func() (till.Outcome, error) {
			return own.PayCash(ctx, clerk, till.Payment{Sale: for1(2500, card, 2, 2000), ReceivedMinor: 500})
		},
	}
	for name, give := range all {
		out, err := give()
		notBegun(t, name, out, err, "numbers in doubt")
	}
	if out, err := own.PayCash(ctx, clerk, till.Payment{Sale: basket(100), ReceivedMinor: 100}); err != nil || out.Attempt.State != txn.Approved {
		t.Errorf("a sale for cash: %s, %v", describe(out), err)
	}
	if err := own.NumbersSeen(ctx, clerk); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"cash in part", "a card's money in cash", "no receipt", "goods for as much"} {
		if out, err := all[name](); err != nil || out.Attempt.State != txn.Approved {
			t.Errorf("%s, once somebody has read why: %s, %v", name, describe(out), err)
		}
	}
	own.WaitForPaper()
}

// A shop without any line keeps no mark, and a backup that was put back says it all the same: once.
func TestRestoredBooksOfAShopWithCashAloneAreInDoubt(t *testing.T) {
	c := newCounter(t, "iso87", "")
	ctx := context.Background()
	cash, err := c.till.PayCash(ctx, clerk, till.Payment{Sale: basket(1000), ReceivedMinor: 1000})
	if err != nil {
		t.Fatal(err)
	}
	c.till.WaitForPaper()
	c.restored()
	begin := func() *till.Till {
		own := till.New(till.Config{Journal: c.journal, Numbers: c.journal, Printer: c.printer, Vault: c.vault, Terminal: "T0000001"})
		if err := own.Start(ctx); err != nil {
			t.Fatal(err)
		}
		return own
	}
	own := begin()
	off, err := own.GiveBack(ctx, clerk, c.giving(cash.Attempt.ID, 300))
	notBegun(t, "restored", off, err, "numbers in doubt")
	if n := c.journal.Numbers(); n.Why != txn.BackupRestored {
		t.Errorf("%+v", n)
	}
	if err := own.NumbersSeen(ctx, clerk); err != nil {
		t.Fatal(err)
	}
	own = begin()
	out, err := own.GiveBack(ctx, clerk, c.giving(cash.Attempt.ID, 300))
	if err != nil || out.Attempt.State != txn.Approved {
		t.Errorf("once it was read: %s, %v", describe(out), err)
	}
	own.WaitForPaper()
}

// restored puts a backup of the books into a new folder and opens the journal there.
func (c *counter) restored() {
	c.t.Helper()
	ctx := context.Background()
	backup := c.t.TempDir() + "/books.db"
	if err := c.journal.Backup(ctx, backup); err != nil {
		c.t.Fatal(err)
	}
	c.bank.Close()
	if err := c.journal.Close(); err != nil {
		c.t.Fatal(err)
	}
	c.dir += "/again"
	if _, err := journal.RestoreNew(ctx, c.dir, backup, journal.Options{}); err != nil {
		c.t.Fatal(err)
	}
	var err error
	if c.journal, err = journal.Open(ctx, c.dir, journal.Options{}); err != nil {
		c.t.Fatal(err)
	}
}

// A payment by code, whose provider would take a second refund under its new number, does not go back either.
func TestNoCodeGoesBackFromBooksInDoubt(t *testing.T) {
	atStall(t, nil, func(s *stall) {
		ctx := context.Background()
		paid, err := s.pay(ctx, 4000, shownCode)
		if err != nil {
			s.t.Fatal(err)
		}
		backup := s.t.TempDir() + "/books.db"
		if err := s.journal.Backup(ctx, backup); err != nil {
			s.t.Fatal(err)
		}
		if _, err := s.till.GiveBack(ctx, clerk, till.Giving{Payment: paid.Attempt.ID, AmountMinor: 3000}); err != nil {
			s.t.Fatal(err)
		}
		s.till.WaitForPaper()
		if err := s.journal.Close(); err != nil {
			s.t.Fatal(err)
		}
		s.dir += "/again"
		if _, err := journal.RestoreNew(ctx, s.dir, backup, journal.Options{}); err != nil {
			s.t.Fatal(err)
		}
		keys, err := walletKeys()
		if err != nil {
			s.t.Fatal(err)
		}
		s.open(keys)
		off, err := s.till.GiveBack(ctx, clerk, till.Giving{Payment: paid.Attempt.ID, AmountMinor: 500})
		notBegun(s.t, "in part", off, err, "numbers in doubt")
		off, err = s.till.Void(ctx, clerk, paid.Attempt.ID, nil)
		notBegun(s.t, "all of it", off, err, "numbers in doubt")
		if again, err := s.pay(ctx, 1000, shownCode); err != nil || again.Attempt.State != txn.Approved {
			s.t.Errorf("a sale by code: %s, %v", describe(again), err)
		}
		s.till.WaitForPaper()
	})
}
