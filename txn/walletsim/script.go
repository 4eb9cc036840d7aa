package walletsim

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"veratill/assets/files"
)

// Do is what a provider, or the network before it, does with a question.
type Do string

// The closed set of behaviours. What is committed is in the ledger before anything leaves.
const (
	Answer         Do = "answer"          // as it should
	Decline        Do = "decline"         // of pay: with Code
	Typing         Do = "typing"          // of pay: the customer types the password for Seconds, and then has paid
	TypingRefused  Do = "typing refused"  // of pay: the same, and then it is refused
	SystemError    Do = "system error"    // committed, and answered that nobody knows
	ErrorBefore    Do = "error before"    // nothing committed, and answered that nobody knows
	Again          Do = "again"           // of undo: not done, and answered that it has to be repeated
	NotAllowed     Do = "not allowed"     // of undo and give back: not done, and never will be
	PaidAfter      Do = "paid after"      // of undo: answered as done, and the customer pays all the same
	Processing     Do = "processing"      // of give back: through after Seconds
	ClosedAfter    Do = "closed after"    // of give back: processing for Seconds, and then closed: nothing goes back
	StuckAfter     Do = "stuck after"     // of give back: processing for Seconds, and then it has left the shop and does not reach the customer
	Silent         Do = "silent"          // committed, never answered
	Delay          Do = "delay"           // committed at once, answered after Seconds
	CutBefore      Do = "cut before"      // the connection is cut and nothing is committed
	CutAfter       Do = "cut after"       // committed, then the connection is cut
	Truncated      Do = "truncated"       // committed; the body ends in its middle
	Slow           Do = "slow"            // committed; the body comes byte for byte over Seconds
	Oversized      Do = "oversized"       // committed; the body has no end that anybody would read to
	Garbage        Do = "garbage"         // committed; a body that is none
	WrongSignature Do = "wrong signature" // committed; its signature does not hold
	Unsigned       Do = "unsigned"        // committed; it has none
	WrongClock     Do = "wrong clock"     // committed; signed Seconds from now
	Replay         Do = "replay"          // committed; answered with what the provider's answer before was, byte for byte
	OtherAmount    Do = "other amount"    // committed; it says one fen more
	OtherNumber    Do = "other number"    // committed; it says another number
	Contradicting  Do = "contradicting"   // committed; a refusal that says beside itself that it was done, where the provider's answers have room for that
	Redirect       Do = "redirect"        // committed; it leads elsewhere
	Surprising     Do = "surprising"      // committed; answered with fields that nobody knows. Not signed anew, so that a signature over the body fails
	TwiceNamed     Do = "twice named"     // committed; the body says a thing twice, in two ways
	ServerError    Do = "server error"    // committed; HTTP 502 with a page
)

var behaviours = []Do{Answer, Decline, Typing, TypingRefused, SystemError, ErrorBefore, Again, NotAllowed, PaidAfter, Processing, ClosedAfter, StuckAfter, Silent, Delay, CutBefore, CutAfter,
	Truncated, Slow, Oversized, Garbage, WrongSignature, Unsigned, WrongClock, Replay, OtherAmount, OtherNumber, Contradicting, Redirect, Surprising, TwiceNamed, ServerError}

// Rule says what to do with the questions that it fits. Empty conditions fit everything.
type Rule struct {
	Provider    string  `json:"provider,omitempty"`
	Question    string  `json:"question,omitempty"`    // pay, ask, undo, give back, ask about giving back, check in
	AmountMinor int64   `json:"amountMinor,omitempty"` // of the payment, exactly
	Ending      string  `json:"ending,omitempty"`      // last digits of the payment's amount in fen
	Code        string  `json:"code,omitempty"`        // of decline: the provider's word; empty is an empty purse
	Shown       string  `json:"shown,omitempty"`       // last digits of the payment code, four at most
	Nth         int     `json:"nth,omitempty"`         // only the nth question that fits, from 1
	Echo        bool    `json:"echo,omitempty"`        // the answer says the payment code back, in words and in fields
	Do          Do      `json:"do"`
	Seconds     float64 `json:"seconds,omitempty"`

	met int
}

// amounts is what the last two digits decide where there is no script.
var amounts = []Rule{
	{Question: pay, Ending: "05", Do: Decline},
	{Question: pay, Ending: "71", Do: Typing, Seconds: 3},
	{Question: pay, Ending: "72", Do: Typing, Seconds: 3600},
	{Question: pay, Ending: "73", Do: TypingRefused, Seconds: 3},
	{Question: giveBack, Ending: "81", Do: Processing, Seconds: 20},
	{Question: pay, Ending: "91", Do: Silent},
	{Question: pay, Ending: "92", Do: SystemError},
	{Question: pay, Ending: "93", Do: WrongSignature},
	{Question: pay, Ending: "94", Do: CutAfter},
	{Question: pay, Ending: "95", Do: OtherAmount},
	{Question: pay, Ending: "96", Do: CutBefore},
	{Question: pay, Ending: "97", Do: Typing, Seconds: 3600},
	{Question: undo, Ending: "97", Nth: 1, Do: PaidAfter},
	{Question: undo, Ending: "98", Nth: 1, Do: Again},
	{Question: pay, Ending: "98", Do: Typing, Seconds: 3600},
}

// Script is an ordered list of rules; the first that fits decides.
type Script struct{ rules []*Rule }

// AmountScript is the default: the last two digits of a payment's amount decide. Rules that are given come first.
func AmountScript(first ...Rule) *Script {
	s := &Script{}
	for _, r := range slices.Concat(first, amounts) {
		s.rules = append(s.rules, &r)
	}
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
	switch {
	case !slices.Contains(behaviours, r.Do):
		return fmt.Errorf("%q is nothing that a provider does; it knows %q", r.Do, behaviours)
	case r.Question != "" && !slices.Contains(questions, r.Question):
		return fmt.Errorf("%q is none of the questions %q", r.Question, questions)
	case r.Seconds < -86400 || r.Seconds > 86400:
		return fmt.Errorf("%v seconds are more than a day", r.Seconds)
	}
	return nil
}

// find picks the rule for a question.
func (s *Script) find(a asked) Rule {
	for _, r := range s.rules {
		switch {
		case r.Provider != "" && r.Provider != a.provider, r.Question != "" && r.Question != a.question,
			r.AmountMinor != 0 && r.AmountMinor != a.amountMinor, !strings.HasSuffix(a.code, r.Shown),
			!strings.HasSuffix(fmt.Sprintf("%012d", a.amountMinor), r.Ending):
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
