// Package simulator runs the shipped till, journal, vault and bank client in a world
// that is all simulated: disk, network, bank, printer, clock and cashier. A history
// is a script, one step a line; a seed makes one. The world is one event loop on a
// simulated clock: between two of its events everything the till has to do is done.
package simulator

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Step is one line of a script: what happens, and how long after the step before.
//
//	+1.5s card 1250          a card sale of 12.50 begins
//	+1s split 1250 500       a sale of 12.50 begins, and 5.00 of it by card; so is what follows of the newest such sale:
//	+1s part 0 300           3.00 more of it by card; 0 is all that is left
//	+1s rest 0               what is left of it, in cash
//	+1s undo 0               its payments are voided
//	+1s give                 a sale of 0.00
//	+1s settle               the day's batch is settled with the bank; a z does it where that was not done before
//	+1s case 0               a case is opened on the newest payment; case 2 leads the open one on, by the second of its ways
//	+1s backup               a backup is made; restore puts it back by the command, which refuses where something was sold since, restore-new begins the books with it
//	+1s copy                 somebody copies the data folder
//	+1s put-back             the program ends, and the copy takes the place of the folder; swap keeps the folder as the copy, lose-wal takes its -wal away
//	+0s mark lose            before the next start the marks outside the folder are gone; garble makes them unreadable
//	+1s spell                the settings name the same bank at an address that is spelt otherwise
//	+0s other 2              another till with this terminal number uses the STAN after the next one
//	+0s reader refund cut-after   what the card terminal does with its next refund (reverse, end-of-day), in a word of zvtsim; decline B5 has a code
//	+1s hand 1250            somebody makes a payment of 12.50 at the card terminal itself; 0 ends its day there, again ends it and makes the same sums once more
//	+0s reader away 40m      the card terminal can't be reached for so long
//	+0s net lose             the till's next message is lost (twice, delay 40s, cut)
//	+0s bank wrong-mac       so is the bank's next answer (see host.answer)
//	+0s bank code 0_         the bank's next answer has this DE39; _ is a blank
//	+2s disk 17 cut torn     at the 17th change from now the power goes; what was not synced is torn
//
// The words are listed at act.
type Step struct {
	After time.Duration
	Words []string
}

// Script is a history, and what it runs on.
type Script struct {
	Profile string // of the bank: unionpay or iso87
	Bank    string // what it knows a payment again by: batch (empty), date, all, or repeats, which is batch and answers what it said first
	Seed    uint64 // of what a torn disk holds, and of the values in the bank's answers
	Codes   bool   // payment codes are taken: its providers are there
	Cable   bool   // cards are read by a card terminal with a cable, in place of a bank's line
	Lying   bool   // the disk may say that it has synced and have not: then only the journal's own word is judged
	// Messages is what is wrong with the disk of the raw messages; empty follows from the seed.
	Messages Broken
	Steps    []Step
}

func (s Step) String() string { return "+" + s.After.String() + " " + strings.Join(s.Words, " ") }

// word is the nth argument, empty where there is none.
func (s Step) word(n int) string {
	if n >= len(s.Words) {
		return ""
	}
	return s.Words[n]
}

func (s Step) number(n int) int64 {
	v, err := strconv.ParseInt(s.word(n), 10, 64)
	if err != nil {
		return 0
	}
	return v
}

func (s Step) duration(n int) time.Duration {
	d, err := time.ParseDuration(s.word(n))
	if err != nil {
		return 0
	}
	return d
}

// String is the script as Parse reads it.
func (s Script) String() string {
	var b strings.Builder
	kind := ""
	if s.Bank != "" {
		kind = " bank " + s.Bank
	}
	fmt.Fprintf(&b, "profile %s seed %d%s%s%s%s\n", s.Profile, s.Seed, kind, map[bool]string{true: " cable"}[s.Cable], map[bool]string{true: " codes"}[s.Codes], map[bool]string{true: " lying"}[s.Lying])
	for _, step := range s.Steps {
		b.WriteString(step.String() + "\n")
	}
	return b.String()
}

// Parse reads a script. Lines that begin with # say what it proves.
func Parse(text string) (Script, error) {
	var s Script
	for n, line := range strings.Split(text, "\n") {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || strings.HasPrefix(words[0], "#"):
			continue
		case s.Profile == "":
			s.Lying, s.Codes = words[len(words)-1] == "lying", slices.Contains(words, "codes")
			s.Cable = slices.Contains(words, "cable")
			if len(words) > 5 && words[4] == "bank" {
				s.Bank = words[5]
			}
			if _, err := fmt.Sscanf(line, "profile %s seed %d", &s.Profile, &s.Seed); err != nil {
				return s, fmt.Errorf("line %d: a script begins with: profile NAME seed N", n+1)
			}
			continue
		}
		after, err := time.ParseDuration(strings.TrimPrefix(words[0], "+"))
		if err != nil || len(words) < 2 {
			return s, fmt.Errorf("line %d: a step is +DURATION WORD…", n+1)
		}
		if !known[words[1]] {
			return s, fmt.Errorf("line %d: %q is no step", n+1, words[1])
		}
		s.Steps = append(s.Steps, Step{after, words[1:]})
	}
	return s, nil
}
