package till_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/disk"
	"veratill/txn/slips"
	"veratill/txn/till"
)

// plainSlips are the slips of these tests: a line for each card payment of a sheet, in a real store.
type plainSlips struct {
	*slips.Store
	words string // stand in each slip: settings of the paper
}

func (p *plainSlips) Make(s till.Sheet) (slip []byte, sha256 string, err error) {
	parts := s.Parts
	if s.Attempt.ID != 0 {
		parts = []txn.Attempt{s.Attempt}
	}
	for _, a := range parts {
		if a.Tender == txn.Card {
			slip = fmt.Appendf(slip, "%s %s %s %d of %d RRN %s\n", p.words, a.Kind, a.ID, a.Amount.Minor, s.Sale.TotalMinor, a.Answer.RRN)
		}
	}
	if slip == nil {
		return nil, "", nil
	}
	return slip, slips.Name(slip), nil
}

func (p *plainSlips) Keep(slip []byte, at time.Time) error {
	_, err := p.Store.Keep(slip, at)
	return err
}

// withSlips is a counter that keeps slips.
func withSlips(t *testing.T) *counter {
	c := newCounter(t, "unionpay", "")
	c.slips = &plainSlips{Store: slips.New(disk.System{}, c.dir), words: "shop"}
	c.crash()
	return c
}

// kept is what was kept of a print; empty where its entry names nothing.
func (c *counter) kept(printID int64) string {
	c.t.Helper()
	k, err := c.journal.Slip(context.Background(), printID)
	if err != nil {
		return ""
	}
	slip, err := c.slips.Read(k.SHA256, time.UnixMilli(k.AtMs))
	if err != nil {
		c.t.Fatalf("print %d: %v", printID, err)
	}
	return string(slip)
}

func TestEveryCardPaymentsSlipIsKeptAsItWasFirstPrinted(t *testing.T) {
	c := withSlips(t)
	paid := c.payCard(1250)
	if got, want := c.kept(paid.PrintID), fmt.Sprintf("shop sale %s 1250 of 1250 RRN %s\n", paid.Attempt.ID, paid.Attempt.Answer.RRN); got != want || paid.Attempt.Answer.RRN == "" {
		t.Errorf("kept %q, not %q", got, want)
	}
	copied, done, err := c.till.Reprint(context.Background(), clerk, paid.Attempt.ID)
	if err != nil {
		t.Fatal(err)
	}
	<-done
	if got := c.kept(copied); got != "" {
		t.Errorf("a copy was kept as an original: %q", got)
	}
	cash, err := c.till.PayCash(context.Background(), clerk, till.Payment{Sale: c.payment(300).Sale, ReceivedMinor: 300})
	if err != nil {
		t.Fatal(err)
	}
	<-cash.Paper
	if got := c.kept(cash.PrintID); got != "" {
		t.Errorf("a payment in cash has a merchant's slip: %q", got)
	}
	voided, err := c.till.Void(context.Background(), clerk, paid.Attempt.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	<-voided.Paper
	if got, want := c.kept(voided.PrintID), fmt.Sprintf("shop void %s 1250 of 1250 RRN %s\n", voided.Attempt.ID, voided.Attempt.Answer.RRN); got != want {
		t.Errorf("kept of the void %q, not %q", got, want)
	}
	c.agree()
}

// The hash is in the entry that begins the print: books that hold the print hold the slip's name, wherever they are cut.
func TestASlipsHashIsInTheEntryOfItsPrint(t *testing.T) {
	c := withSlips(t)
	c.payCard(1250)
	raw := c.entries(`%"slip"%`)
	if len(raw) != 1 {
		t.Fatalf("%d entries name a slip", len(raw))
	}
	for _, want := range []string{`"print begun"`, `"bank approved"`, `"sha256"`} {
		if !strings.Contains(raw[0], want) {
			t.Errorf("the entry that names the slip lacks %s: %s", want, raw[0])
		}
	}
	c.open()
}

// A power cut may take slips that were not durable: the next start makes them anew, byte for byte.
func TestALostSlipIsMadeAnew(t *testing.T) {
	c := withSlips(t)
	var prints []int64
	for i := range 40 {
		prints = append(prints, c.payCard(int64(1000*(i+1))).PrintID)
	}
	want := map[int64]string{}
	for _, id := range prints {
		want[id] = c.kept(id)
	}
	path := filepath.Join(c.slips.Dir(), time.Now().UTC().Format("2006-01")+".slips")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	c.crash()
	for _, id := range prints {
		if got := c.kept(id); got != want[id] || got == "" {
			t.Errorf("print %d: %q, and not %q", id, got, want[id])
		}
	}
}

// What the settings make of a payment now is no original of what was printed then.
func TestASlipOfOtherWordsIsNoOriginal(t *testing.T) {
	c := withSlips(t)
	paid := c.payCard(1250)
	if err := os.RemoveAll(c.slips.Dir()); err != nil {
		t.Fatal(err)
	}
	c.slips.words = "another shop"
	c.crash()
	k, err := c.journal.Slip(context.Background(), paid.PrintID)
	if err != nil {
		t.Fatal(err)
	}
	if names, err := c.slips.Names(); err != nil || len(names) != 0 || k.SHA256 == "" {
		t.Errorf("kept in the place of the original: %v, %v", names, err)
	}
	if list, err := c.journal.SlipsBefore(context.Background(), math.MaxInt64, 9); err != nil || len(list) != 1 {
		t.Errorf("the books name %d slips, %v", len(list), err)
	}
}
