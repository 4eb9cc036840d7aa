package zvtsim

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"veratill/assets/files"
)

// Do is what the terminal, its host or its cable does with a command.
type Do string

// The closed set of behaviours. What is committed is in the ledger before anybody hears of it.
const (
	answer      Do = "answer"       // as it should
	Decline     Do = "decline"      // with Code, in a Status-Information and an abort
	AbortOnly   Do = "abort"        // with Code, in an abort alone
	Refuse      Do = "refuse"       // the command itself, with Code (84 xx)
	Busy        Do = "busy"         // 84 9C
	Silent      Do = "silent"       // the command is never answered, and nothing is committed
	SilentAfter Do = "silent after" // committed, and nothing more is said
	CutBefore   Do = "cut before"   // the cable is pulled, and nothing is committed
	CutAfter    Do = "cut after"    // committed, and the cable is pulled before the Status-Information
	CutAfterAck Do = "cut after ack"
	Delay       Do = "delay"        // the Status-Information comes after Seconds
	Twice       Do = "twice"        // the Status-Information comes twice, whatever it was answered
	OtherAmount Do = "other amount" // it says one cent less
	OtherTID    Do = "other terminal"
	NoReceipt   Do = "no receipt"   // it says no receipt number
	Garbage     Do = "garbage"      // it can't be read
	Contradict  Do = "contradict"   // it says two results
	Unasked     Do = "unasked"      // a command that no till knows comes first
	PINAgain    Do = "pin again"    // 55 first, and then it goes on
	LateText    Do = "texts"        // with many texts for the screen
	AbortedLate Do = "aborted late" // acknowledged, and then ended by an abort: the terminal reversed it
	Stale       Do = "stale"        // the end of the command before comes again first; then it is declined with Code
	RefusedLate Do = "refused late" // acknowledged, and then a second Status-Information says that it was declined: the terminal reversed it
)

var behaviours = []Do{answer, Decline, AbortOnly, Refuse, Busy, Silent, SilentAfter, CutBefore, CutAfter, CutAfterAck, Delay, Twice, OtherAmount, OtherTID, NoReceipt,
	Garbage, Contradict, Unasked, PINAgain, LateText, AbortedLate, RefusedLate, Stale}

// Rule says what to do with the commands that it fits. Empty conditions fit everything.
type Rule struct {
	Command     string  `json:"command,omitempty"`     // pay, reverse, refund, register, status, repeat, end of day
	AmountMinor int64   `json:"amountMinor,omitempty"` // exactly
	Ending      string  `json:"ending,omitempty"`      // last digits of the amount
	Code        string  `json:"code,omitempty"`        // two hex digits: 6C by default
	Nth         int     `json:"nth,omitempty"`         // only the nth command that fits, from 1
	Do          Do      `json:"do"`
	Seconds     float64 `json:"seconds,omitempty"`

	met int
}

// The commands, as a script names them.
const (
	Pay      = "pay"
	Reverse  = "reverse"
	GiveBack = "refund"
	Register = "register"
	Enquire  = "status"
	Repeat   = "repeat"
	Settle   = "end of day"
)

var commands = []string{Pay, Reverse, GiveBack, Register, Enquire, Repeat, Settle}

// amounts is what the last two digits decide where there is no script.
var amounts = []Rule{
	{Command: Pay, Ending: "05", Do: Decline, Code: "05"},
	{Command: Pay, Ending: "06", Do: AbortOnly, Code: "6C"},
	{Command: Pay, Ending: "07", Do: Refuse, Code: "83"},
	{Command: Pay, Ending: "08", Do: PINAgain},
	{Command: Pay, Ending: "71", Do: Delay, Seconds: 3},
	{Command: Pay, Ending: "72", Do: LateText, Seconds: 3},
	{Command: Pay, Ending: "90", Do: Busy, Nth: 1},
	{Command: Pay, Ending: "91", Do: SilentAfter},
	{Command: Pay, Ending: "92", Do: AbortedLate},
	{Command: Pay, Ending: "93", Do: Garbage},
	{Command: Pay, Ending: "94", Do: CutAfter},
	{Command: Pay, Ending: "95", Do: OtherAmount},
	{Command: Pay, Ending: "96", Do: CutBefore},
	{Command: Pay, Ending: "97", Do: CutAfterAck},
	{Command: Pay, Ending: "98", Do: Twice},
	{Command: Reverse, Ending: "99", Do: Decline, Code: "B5"},
}

// Script is an ordered list of rules; the first that fits decides.
type Script struct{ rules []*Rule }

// AmountScript is the default: the last two digits of an amount decide. Rules that are given come first.
func AmountScript(first ...Rule) *Script {
	s := &Script{}
	for _, r := range slices.Concat(first, amounts) {
		s.rules = append(s.rules, &r)
	}
	return s
}

// LoadScript reads a file with one JSON rule a line; # begins a comment. Errors name the line.
func LoadScript(path string) (*Script, error) {
	rules, err := files.LoadRules(path, Rule.check)
	if err != nil {
		return nil, err
	}
	return &Script{rules}, nil
}

func (r Rule) check() error {
	var code byte
	if _, err := fmt.Sscanf(r.Code, "%02X", &code); r.Code != "" && (err != nil || len(r.Code) != 2) {
		return fmt.Errorf("code %q is not two hex digits", r.Code)
	}
	switch {
	case !slices.Contains(behaviours, r.Do):
		return fmt.Errorf("%q is nothing that a terminal does; it knows %q", r.Do, behaviours)
	case r.Command != "" && !slices.Contains(commands, r.Command):
		return fmt.Errorf("%q is none of the commands %q", r.Command, commands)
	case r.Seconds < 0 || r.Seconds > 86400:
		return fmt.Errorf("%v seconds are not between 0 and a day", r.Seconds)
	}
	return nil
}

// code is what a rule answers with.
func (r Rule) code() byte {
	code := byte(0x6C)
	if r.Code != "" {
		_, _ = fmt.Sscanf(r.Code, "%02X", &code) // check has read it
	}
	return code
}

func (r Rule) wait() time.Duration { return time.Duration(r.Seconds * float64(time.Second)) }

// find picks the rule for a command.
func (s *Script) find(command string, amountMinor int64) Rule {
	for _, r := range s.rules {
		if r.Command != "" && r.Command != command || r.AmountMinor != 0 && r.AmountMinor != amountMinor ||
			!strings.HasSuffix(fmt.Sprintf("%012d", amountMinor), r.Ending) || r.Ending != "" && amountMinor == 0 {
			continue
		}
		if r.met++; r.Nth != 0 && r.met != r.Nth {
			continue
		}
		return *r
	}
	return Rule{Do: answer}
}
