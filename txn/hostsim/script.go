package hostsim

import (
	"fmt"
	"io"
	"strings"
	"time"

	"veratill/assets/files"
)

// Do is what the bank does with a message.
type Do string

// The closed set of behaviours.
const (
	Answer        Do = "answer"         // as it should
	Decline       Do = "decline"        // with Code
	Silent        Do = "silent"         // committed, never answered
	Late          Do = "late"           // committed; answered when the reversal comes, or after Seconds
	Delay         Do = "delay"          // committed at once, answered after Seconds
	WrongMAC      Do = "wrong mac"      // committed; in a profile without MAC the amount is wrong instead
	WrongAmount   Do = "wrong amount"   // committed; DE4 is one unit more
	WrongSTAN     Do = "wrong stan"     // committed; DE11 is another's
	WrongTerminal Do = "wrong terminal" // committed; DE41 is another's
	Truncated     Do = "truncated"      // committed; the answer ends in its middle, then the line is cut
	Garbage       Do = "garbage"        // committed; a frame that is no message, then silence
	Oversized     Do = "oversized"      // committed; a length that no message has
	CutAfter      Do = "cut after"      // committed, then the line is cut
	CutBefore     Do = "cut before"     // the line is cut and nothing is committed
	Twice         Do = "twice"          // answered twice
	AsBefore      Do = "as before"      // not committed: what it said of the one before of this kind and sum
	CutOff        Do = "cut off"        // of a settlement: the bank's own day ended before the newest payment of the batch
	Restart       Do = "restart"        // committed; then every line is cut and the keys are forgotten
)

var behaviours = []Do{Answer, Decline, Silent, Late, Delay, WrongMAC, WrongAmount, WrongSTAN, WrongTerminal,
	Truncated, Garbage, Oversized, CutAfter, CutBefore, Twice, AsBefore, CutOff, Restart}

// Rule says what to do with the messages that it fits. Empty conditions fit everything.
type Rule struct {
	Message     string `json:"message,omitempty"`     // MTI
	AmountMinor int64  `json:"amountMinor,omitempty"` // exactly
	Ending      string `json:"ending,omitempty"`      // last digits of the amount
	Card        string `json:"card,omitempty"`        // last digits of the card's number
	Nth         int    `json:"nth,omitempty"`         // only the nth message that fits, from 1
	Do          Do     `json:"do"`
	Code        string `json:"code,omitempty"` // DE39 of decline
	// Fields are put into the answer as they are, by number: {"38":" 12 "}. A void has to say DE37 and DE38 back so.
	Fields  map[int]string `json:"fields,omitempty"`
	Seconds float64        `json:"seconds,omitempty"`

	met       int
	salesOnly bool // a void of such an amount is answered as it should be
}

// amounts is what the last two digits decide where there is no script; for sales and refunds alone.
var amounts = []Rule{
	{Message: "0200", Ending: "05", Do: Decline, Code: "05"},
	{Message: "0200", Ending: "51", Do: Decline, Code: "51"},
	{Message: "0200", Ending: "91", Do: Silent},
	{Message: "0200", Ending: "92", Do: Late},
	{Message: "0200", Ending: "93", Do: WrongMAC},
	{Message: "0200", Ending: "94", Do: CutAfter},
	{Message: "0200", Ending: "95", Do: Twice},
	{Message: "0200", Ending: "96", Do: CutBefore},
	{Message: "0220", Ending: "05", Do: Decline, Code: "05"},
	{Message: "0220", Ending: "91", Do: Silent},
	{Message: "0220", Ending: "92", Do: Late},
	{Message: "0220", Ending: "94", Do: CutAfter},
	{Message: "0220", Ending: "96", Do: CutBefore},
}

// Script is an ordered list of rules; the first that fits decides.
type Script struct{ rules []*Rule }

// amountScript is the default: the last two digits of a sale's amount decide.
func amountScript() *Script {
	s := &Script{}
	for _, r := range amounts {
		r.salesOnly = true
		s.rules = append(s.rules, &r)
	}
	return s
}

// demoUndoSeconds is how long the demonstration's bank thinks about a reversal: long
// enough for a person to see what a till does while a payment is not known.
const demoUndoSeconds = 10

// DemoScript is what the demonstration's bank does: its test cards decide first, then the amounts, and a reversal takes its time.
func DemoScript(cards ...Rule) *Script {
	s := &Script{}
	for _, r := range cards {
		r.salesOnly = true
		s.rules = append(s.rules, &r)
	}
	s.rules = append(s.rules, amountScript().rules...)
	s.rules = append(s.rules, &Rule{Message: "0400", Do: Delay, Seconds: demoUndoSeconds})
	return s
}

// ReadScript reads one JSON rule a line; # begins a comment. Errors name the line.
func ReadScript(r io.Reader) (*Script, error) {
	rules, err := files.ReadRules(r, Rule.check)
	if err != nil {
		return nil, err
	}
	return &Script{rules}, nil
}

// LoadScript reads a script file.
func LoadScript(path string) (*Script, error) {
	rules, err := files.LoadRules(path, Rule.check)
	if err != nil {
		return nil, err
	}
	return &Script{rules}, nil
}

func (r Rule) check() error {
	known := false
	for _, d := range behaviours {
		known = known || d == r.Do
	}
	switch {
	case !known:
		return fmt.Errorf("%q is nothing that a bank does; it knows %q", r.Do, behaviours)
	case r.Do == Decline && len(r.Code) != 2:
		return fmt.Errorf("decline needs a code of two characters, such as 05")
	case r.Seconds < 0 || r.Seconds > 3600:
		return fmt.Errorf("%v seconds are not between 0 and 3600", r.Seconds)
	}
	return nil
}

// find picks the rule for a message; pan is the number of its card, empty where it names none.
func (s *Script) find(mti, pan string, amountMinor int64, void bool) Rule {
	for _, r := range s.rules {
		if r.Message != "" && r.Message != mti || void && r.salesOnly || !strings.HasSuffix(pan, r.Card) {
			continue
		}
		if r.AmountMinor != 0 && r.AmountMinor != amountMinor {
			continue
		}
		if r.Ending != "" && !strings.HasSuffix(fmt.Sprintf("%012d", amountMinor), r.Ending) {
			continue
		}
		if r.met++; r.Nth != 0 && r.met != r.Nth {
			continue
		}
		return *r
	}
	return Rule{Do: Answer}
}

func (r Rule) wait() time.Duration { return time.Duration(r.Seconds * float64(time.Second)) }
