// Package simulator runs the shipped till, journal, vault and bank client in a world
// that is all simulated: disk, network, bank, printer, clock and cashier. A history
// is a script, one step a line; a seed makes one. The world is one event loop on a
// simulated clock: between two of its events everything the till has to do is done.
package simulator

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"veratill/packaging/prove/script"
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
//	+0s bank closes 40s      who answers at its address accepts a connection and ends it, as a proxy does before a bank that is away
//	+0s bank code 0_         the bank's next answer has this DE39; _ is a blank
//	+2s disk 17 cut torn     at the 17th change from now the power goes; what was not synced is torn
//
// The words are listed at act.
type Step = script.Step

// Script is a history, and what it runs on.
type Script struct {
	Profile string // of the bank: unionpay or iso87
	Bank    string // what it knows a payment again by: batch (empty), date, day, all, repeats, which is batch and answers what it said first, or overnight, which is batch and keeps what is of an earlier day
	Clock   string // what it says in DE12 and DE13: anything (empty), true, or echo, which is what the request said there, and else true
	Seed    uint64 // of what a torn disk holds, and of the values in the bank's answers
	Codes   bool   // payment codes are taken: its providers are there
	Cable   bool   // cards are read by a card terminal with a cable, in place of a bank's line
	Lying   bool   // the disk may say that it has synced and have not: then only the journal's own word is judged
	// Messages is what is wrong with the disk of the raw messages; empty follows from the seed.
	Messages Broken
	Steps    []Step
}

// String is the script as Parse reads it.
func (s Script) String() string {
	kind := ""
	if s.Bank != "" {
		kind = " bank " + s.Bank
	}
	has := func(is bool, word string) string { return map[bool]string{true: " " + word}[is] }
	if s.Clock != "" {
		kind += " clock " + s.Clock
	}
	return script.Text(fmt.Sprintf("profile %s seed %d%s%s%s%s", s.Profile, s.Seed, kind, has(s.Cable, "cable"), has(s.Codes, "codes"), has(s.Lying, "lying")), s.Steps)
}

// Parse reads a script. Lines that begin with # say what it proves.
func Parse(text string) (s Script, err error) {
	s.Steps, err = script.Parse(text, s.begin, func(word string) bool { return known[word] })
	return s, err
}

// begin takes the first line: what the history runs on.
func (s *Script) begin(first string) error {
	words := strings.Fields(first)
	s.Lying, s.Codes, s.Cable = words[len(words)-1] == "lying", slices.Contains(words, "codes"), slices.Contains(words, "cable")
	if len(words) > 5 && words[4] == "bank" {
		s.Bank = words[5]
	}
	if i := slices.Index(words, "clock"); i >= 0 && i+1 < len(words) {
		s.Clock = words[i+1]
	}
	if _, err := fmt.Sscanf(first, "profile %s seed %d", &s.Profile, &s.Seed); err != nil {
		return errors.New("a script begins with: profile NAME seed N")
	}
	return nil
}
