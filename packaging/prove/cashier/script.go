// Package cashier lets seeded people do anything at the shipped window, which stands on a real counter: the shipped desk, till and
// journal, the demonstration's bank, the virtual devices, a disk that can be killed. A checker knows what was meant, reads the
// window's widgets and the journal, and holds one against the other.
//
// A history is a script, one step a line; a seed makes one. All of it runs on a simulated clock, so that a day at the counter takes
// a moment.
package cashier

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"veratill/packaging/prove/script"
)

// Step is one line of a script: what somebody does, and how long after the step before.
//
//	+300ms scan 4            the fifth article's code is scanned; scan 4 45 by a slow scanner, 45 ms between its keys
//	+0s exact                F9, and Enter 100 ms later
//	+0s cash 5000            F9, 50.00 is typed, Enter
//	+0s notes 2000 500       F9, notes of 20.00 and 5.00 are tapped, the large button
//	+0s card 0               F9, F2, the first test card is swiped
//	+0s hurry Return 3       a key is pressed three times, 60 ms apart
//	+0s wallet 0 0071        F9, F3, a customer's code is scanned: its last digits say what becomes of it; wallet 0 0001 once without F3
//	+0s serial 4             the scanner on the serial line reads; serial 4 6 400 tears the code after six signs for 400 ms
//	+0s disk 3 full 1        the third change from now meets a full disk (eio, sync-lost), once; mend ends it, and starts the program again
//	+0s terminal-does decline  what the card terminal with a cable does with the next payment; see zvtsim.Do
//	+0s copy, +9s put-back   the books are copied; later the copy takes their place, while no program runs
//	+0s case 0               a case is opened on the nth payment of the day, packed, and ended
//	+0s bank silent          what the bank does with the next message about money; see hostsim.Do
//	+0s terminal approved    F9, F8, and the cashier says what the terminal showed: approved, declined or nothing
//	+0s voucher 500          F9, F6, a voucher of 5.00 is typed, Enter
//	+0s exchange 0 4         the first goods of the newest payment come back for the fifth article, and the difference is settled
//	+0s evidence 0 kept      the newest payment is ended by what its bank says in writing, where it says no more of it
//	+0s back 0 all           the newest payment of the day is given back: all, or an amount that is typed
//	+0s z yes                the day is closed, or not: no
//	+0s cross Y              the window's cross is pressed, and its question answered with a key
//	+2s kill                 the program is killed at this moment, and started again
//
// The words are listed at act.
type Step = script.Step

// Script is a history, and what it runs on.
type Script struct {
	Language string // of the window: en or zh
	Terminal bool   // a card terminal without a cable stands beside the till
	Codes    bool   // payment codes are taken
	Scanner  bool   // a scanner on a serial line stands beside the one that types
	Vouchers bool   // paper vouchers are taken
	ZVT      bool   // cards are read by a card terminal with a cable, in place of a bank's line
	Seed     uint64
	Steps    []Step
}

// String is the script as Parse reads it.
func (s Script) String() string {
	first := fmt.Sprintf("language %s seed %d", s.Language, s.Seed)
	for _, o := range s.others() {
		if *o.has {
			first += " " + o.word
		}
	}
	return script.Text(first, s.Steps)
}

// other is something that stands on a counter, or does not.
type other struct {
	word string
	has  *bool
}

func (s *Script) others() []other {
	return []other{{"terminal", &s.Terminal}, {"codes", &s.Codes}, {"scanner", &s.Scanner}, {"zvt", &s.ZVT}, {"vouchers", &s.Vouchers}}
}

// Parse reads a script. Lines that begin with # say what it proves.
func Parse(text string) (s Script, err error) {
	s.Steps, err = script.Parse(text, s.begin, func(word string) bool { return acts[word] != nil })
	return s, err
}

// begin takes the first line: what the history runs on.
func (s *Script) begin(first string) error {
	if _, err := fmt.Sscanf(first, "language %s seed %d", &s.Language, &s.Seed); err != nil {
		return errors.New("a script begins with: language NAME seed N, and then what stands there: terminal, codes, scanner, zvt, vouchers")
	}
	for _, o := range s.others() {
		*o.has = slices.Contains(strings.Fields(first)[4:], o.word)
	}
	return nil
}
