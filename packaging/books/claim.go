package books

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Claim is what one `veratill sell -json` said while something was broken.
type Claim struct {
	Killed bool // by us: it could say nothing any more
	Exit   int
	Out    []byte // its JSON, unless the output itself was broken
	Err    []byte
	Mute   bool // its outputs were broken too: only the exit code can be judged
}

// Exit codes of veratill, as its help explains them.
const (
	exitPaid      = 0
	exitFault     = 1
	exitDeclined  = 10
	exitUnknown   = 11
	exitPaperless = 12
)

// saved are the words for a journal that can't be written.
var saved = []string{"could not save", "can't save", "disk is full", "can't be written"}

// said is the JSON of a sale.
type said struct {
	STAN    int64  `json:"stan"`
	State   string `json:"state"`
	Charged string `json:"charged"`
	Paper   string `json:"paper"`
}

// Round judges one sale that was broken, after what it left has been settled: what it
// claimed against where the money is now. STANs up to last were judged before; the
// new last one is returned. saving tells that the fault hit a file of the till's.
func (b *Books) Round(c Claim, last int64, saving bool) (int64, []string) {
	attempts, err := b.list()
	if err != nil {
		b.say("the journal can't be listed: %v", err)
		return last, b.take()
	}
	b.readLedger()
	b.readPapers()
	taken, newest := 0, last
	var of Attempt
	var counts Counts
	for _, a := range attempts {
		if a.STAN <= last {
			continue
		}
		newest = max(newest, a.STAN)
		b.judgeMoney(a, &counts)
		b.judgePaper(a, &counts)
		if a.State == "approved" {
			taken++
			of = a
		}
	}
	for stan, l := range b.ledger {
		if stan > newest && l.State == "approved" {
			b.say("the bank took %d for STAN %d, which the journal does not know", l.AmountMinor, stan)
		}
	}
	if taken > 1 {
		b.say("one sale took money %d times", taken)
	}
	if !c.Killed {
		b.judgeClaim(c, taken, of, saving)
	}
	return newest, b.take()
}

// Newest is the last STAN that the journal knows of now.
func (b *Books) Newest() (stan int64, err error) {
	attempts, err := b.list()
	for _, a := range attempts {
		stan = max(stan, a.STAN)
	}
	return stan, err
}

// judgeClaim compares the words with the money.
func (b *Books) judgeClaim(c Claim, taken int, of Attempt, saving bool) {
	s, spoke := c.said()
	if !spoke && !c.Mute && c.Exit != exitFault {
		b.say("it ended with %d and said nothing: %s", c.Exit, c.Err)
	}
	switch c.Exit {
	case exitPaid, exitPaperless:
		if taken != 1 {
			b.say("it ended with %d, paid, and the bank holds nothing: %s", c.Exit, c.Out)
		}
		if c.Exit == exitPaid && taken == 1 && b.papers[of.STAN].Unmarked != 1 {
			b.say("it ended with 0, paid and on paper, and STAN %d has %d receipts", of.STAN, b.papers[of.STAN].Unmarked)
		}
	case exitFault, exitDeclined:
		if taken != 0 {
			b.say("it ended with %d, not charged, and the bank took money: %s%s", c.Exit, c.Out, c.Err)
		}
	case exitUnknown:
	default:
		b.say("it ended with %d, which is no outcome of a sale: %s", c.Exit, c.Err)
	}
	if spoke {
		b.judgeWords(s, taken)
	}
	if !c.Mute && (c.Exit == exitFault || c.Exit == exitUnknown) {
		if len(bytes.TrimSpace(c.Err)) == 0 {
			b.say("it ended with %d and did not say why", c.Exit)
		}
		if saving && spoke && s.Charged != "no" && !c.speaksOfSaving() {
			b.say("the journal could not be written, the customer may be charged, and it does not say that it can't save: %s%s", c.Out, c.Err)
		}
	}
}

func (b *Books) judgeWords(s said, taken int) {
	switch s.Charged {
	case "yes":
		if taken != 1 {
			b.say("it said charged, and the bank holds nothing for STAN %d", s.STAN)
		}
	case "no":
		if taken != 0 {
			b.say("it said not charged, and the bank took money for STAN %d", s.STAN)
		}
	case "unknown", "not known", "not known yet":
	default:
		b.say("it does not say whether money moved: %q", s.Charged)
	}
}

func (c Claim) said() (s said, ok bool) {
	err := json.Unmarshal(bytes.TrimSpace(c.Out), &s)
	return s, err == nil && s.State != ""
}

func (c Claim) speaksOfSaving() bool {
	for _, w := range saved {
		if strings.Contains(string(c.Out)+string(c.Err), w) {
			return true
		}
	}
	return false
}

// Outcome is how a claim is counted.
func (c Claim) Outcome() string {
	switch {
	case c.Killed:
		return "killed"
	case c.Exit == exitPaid:
		return "paid"
	case c.Exit == exitPaperless:
		return "paid_paper_not_confirmed"
	case c.Exit == exitUnknown:
		return "not_known"
	case c.Exit == exitFault:
		return "stopped"
	}
	return fmt.Sprintf("exit_%d", c.Exit)
}
