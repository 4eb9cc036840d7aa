// Package books holds the three accounts of the money side by side: the till's
// journal, the bank's ledger and the paper. Whatever they disagree on is a lie that
// somebody was told. The programs of packaging that break the till all judge with it.
package books

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"

	"veratill/packaging/shop"
)

// Attempt is an attempt as `veratill journal list -json` says it.
type Attempt struct {
	STAN        int64  `json:"stan"`
	Type        string `json:"type"`
	AmountMinor int64  `json:"amountMinor"`
	State       string `json:"state"`
	Paper       string `json:"paper"`
}

// Line is a line of the bank's ledger; the last one of a STAN counts.
type Line struct {
	STAN        int64  `json:"stan"`
	AmountMinor int64  `json:"amountMinor"`
	State       string `json:"state"`
	Type        string `json:"type"`
}

// Counts says what was judged, so that a run without violations is not one without sales.
type Counts struct {
	Approved, Voided, Declined, Reversed int
	Refunded, RefundsUnknown             int
	Papers, Copies, PaperUnknown         int
	TotalsMinor, SumMinor                int64
}

// Add sums the counts of another journal.
func (c *Counts) Add(o Counts) {
	c.Approved += o.Approved
	c.Voided += o.Voided
	c.Declined += o.Declined
	c.Reversed += o.Reversed
	c.Refunded += o.Refunded
	c.RefundsUnknown += o.RefundsUnknown
	c.Papers += o.Papers
	c.Copies += o.Copies
	c.PaperUnknown += o.PaperUnknown
	c.TotalsMinor += o.TotalsMinor
	c.SumMinor += o.SumMinor
}

// Books are the accounts of one shop. Papers and ledger lines are read once each, so
// that judging after every sale stays cheap.
type Books struct {
	shop   *shop.Shop
	ledger map[int64]Line
	read   int64 // bytes of the ledger that are in it
	papers map[int64]Sheets
	seen   map[string]bool  // paper files that are counted
	states map[int64]string // of the journal, as it was judged last
	// original is the payment of each refund, both by their STANs.
	original map[int64]int64
	codes    bool // the bank is the providers of payment codes
	terminal bool // it is a card terminal
	found    []string
}

// Of opens the books of a shop.
func Of(s *shop.Shop) *Books {
	return &Books{shop: s, ledger: map[int64]Line{}, papers: map[int64]Sheets{}, seen: map[string]bool{}}
}

func (b *Books) say(format string, args ...any) {
	b.found = append(b.found, fmt.Sprintf(format, args...))
}

// take returns what was found since the last call.
func (b *Books) take() []string {
	found := b.found
	b.found = nil
	return found
}

// Judge compares everything, once nothing is owed any more. Each sentence that it
// returns is a lie that was told.
func (b *Books) Judge() (Counts, []string) {
	var c Counts
	attempts, err := b.list()
	if err != nil {
		b.say("the journal can't be listed: %v", err)
		return c, b.take()
	}
	if out, err := b.shop.Command("journal", "verify", "-data", b.shop.Till()).CombinedOutput(); err != nil {
		b.say("the journal does not verify: %s", out)
	}
	b.readLedger()
	b.readPapers()
	known := map[int64]bool{}
	b.states = map[int64]string{}
	for _, a := range attempts {
		b.states[a.STAN] = a.State
		if known[a.STAN] {
			b.say("STAN %d was used twice", a.STAN)
		}
		known[a.STAN] = true
		b.judgeMoney(a, &c)
		b.judgePaper(a, &c)
	}
	for stan, l := range b.ledger {
		if !known[stan] && l.State == "approved" {
			b.say("the bank took %d for STAN %d, which the journal does not know", l.AmountMinor, stan)
		}
	}
	for stan := range b.papers {
		if !known[stan] {
			b.say("paper exists for STAN %d, which the journal does not know", stan)
		}
	}
	b.judgeBack()
	b.judgeTotals(attempts, &c)
	return c, b.take()
}

// Paid reports whether both books said, when they were judged last, that a STAN's money is taken.
func (b *Books) Paid(stan int64) bool {
	return b.states[stan] == "approved" && b.ledger[stan].State == "approved"
}

// judgeMoney compares where the money is by the two books.
func (b *Books) judgeMoney(a Attempt, c *Counts) {
	l := b.ledger[a.STAN]
	agree := false
	switch a.State {
	case "unresolved": // of a refund that is so: the money may be on its way back, and the till says no more
		agree = a.Type == "refund"
		c.RefundsUnknown++
	case "claimed": // by evidence
		agree = a.Type == "refund" && l.State == "approved" && l.AmountMinor == a.AmountMinor
		c.Refunded++
	case "approved":
		c.Approved++
		if a.Type == "refund" {
			c.Refunded++
		}
		agree = l.State == "approved" && l.AmountMinor == a.AmountMinor
	case "voided":
		c.Voided++
		agree = l.State == "voided"
	case "declined":
		c.Declined++
		agree = l.State != "approved"
	case "reversed":
		c.Reversed++
		agree = l.State != "approved"
	}
	if !agree {
		b.say("STAN %d: the journal says %s %d, the bank %q %d", a.STAN, a.State, a.AmountMinor, l.State, l.AmountMinor)
	}
}

func (b *Books) judgePaper(a Attempt, c *Counts) {
	p := b.papers[a.STAN]
	c.Papers += p.Unmarked
	c.Copies += p.Copies
	if a.Paper == "unknown" {
		c.PaperUnknown++
	}
	paid := a.State == "approved" || a.State == "voided" || a.State == "claimed"
	switch {
	case !paid && p.Unmarked+p.Copies+p.Parts > 0:
		b.say("STAN %d is %s and has paper", a.STAN, a.State)
	case p.Unmarked > 1:
		b.say("STAN %d has %d papers that are not marked", a.STAN, p.Unmarked)
	case a.Paper == "printed" && p.Unmarked == 0:
		b.say("STAN %d is said to be printed and no paper is there", a.STAN)
	case (a.Paper == "none" || a.Paper == "not printed") && p.Unmarked > 0:
		b.say("STAN %d is said to have no paper and has one", a.STAN)
	}
}

func (b *Books) judgeTotals(attempts []Attempt, c *Counts) {
	var totals struct {
		Sales, Voids, Refunds struct {
			AmountMinor int64 `json:"amountMinor"`
		}
		Open int `json:"open"`
	}
	if err := b.ask(&totals, "totals"); err != nil {
		b.say("no totals: %v", err)
		return
	}
	for _, a := range attempts { // what was voided comes to nothing with its void, and what a terminal undid by itself without one
		switch {
		case a.Type == "refund" && (a.State == "approved" || a.State == "claimed"):
			c.SumMinor -= a.AmountMinor
		case a.Type == "sale" && a.State == "approved":
			c.SumMinor += a.AmountMinor
		}
	}
	c.TotalsMinor = totals.Sales.AmountMinor - totals.Voids.AmountMinor - totals.Refunds.AmountMinor
	if c.TotalsMinor != c.SumMinor || totals.Open != 0 {
		b.say("the day's totals say %d with %d open, the journal's sum is %d", c.TotalsMinor, totals.Open, c.SumMinor)
	}
}

func (b *Books) list() (all []Attempt, err error) {
	var listed []struct {
		Attempt
		Original int64 `json:"originalStan"`
	}
	err = b.ask(&listed, "journal", "list")
	b.original = map[int64]int64{}
	for _, l := range listed {
		all = append(all, l.Attempt)
		if l.Type == "refund" {
			b.original[l.STAN] = l.Original
		}
	}
	return all, err
}

// judgeBack holds that the bank gave no more back of a payment than it took, and nothing of one that a void undid.
func (b *Books) judgeBack() {
	given := map[int64]int64{}
	for refund, payment := range b.original {
		if l := b.ledger[refund]; l.State == "approved" {
			given[payment] += l.AmountMinor
		}
	}
	for payment, minor := range given {
		if l := b.ledger[payment]; minor > l.AmountMinor || l.State != "approved" {
			b.say("STAN %d: %d went back, and the bank has it as %q %d", payment, minor, l.State, l.AmountMinor)
		}
	}
}

// ask runs a command that answers in JSON.
func (b *Books) ask(into any, args ...string) error {
	args = append(args, "-data", b.shop.Till(), "-json")
	out, err := b.shop.Command(args...).Output()
	if err != nil {
		return fmt.Errorf("%v: %w: %s", args, err, complaint(err))
	}
	return json.Unmarshal(out, into)
}

func complaint(err error) []byte {
	if e, ok := err.(*exec.ExitError); ok {
		return bytes.TrimSpace(e.Stderr)
	}
	return nil
}

// readLedger takes in the lines that the bank has written since.
func (b *Books) readLedger() {
	switch {
	case b.codes:
		b.readOrders()
		return
	case b.terminal:
		b.readTerminal()
		return
	}
	f, err := os.Open(b.shop.Path(shop.Ledger))
	if err != nil {
		b.say("the bank's ledger: %v", err)
		return
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		b.say("the bank's ledger: %v", err)
		return
	}
	text := make([]byte, info.Size()-b.read)
	if _, err := f.ReadAt(text, b.read); err != nil && len(text) > 0 {
		b.say("the bank's ledger: %v", err)
		return
	}
	whole := bytes.LastIndexByte(text, '\n') + 1
	b.read += int64(whole)
	for _, one := range bytes.Split(text[:whole], []byte("\n")) {
		var l Line
		if json.Unmarshal(one, &l) == nil && l.STAN != 0 {
			b.ledger[l.STAN] = l
		}
	}
}

// STANs lists what the bank has in its ledger, in no order.
func (b *Books) STANs() (all []int64) {
	b.readLedger()
	for stan := range b.ledger {
		all = append(all, stan)
	}
	return all
}
