package iso8583

import (
	"fmt"
	"slices"
	"strings"
)

// Says is what a response code says, as a set: one code may say several things, each in the answer to another request.
type Says uint16

// What a code may say. Of what it does not say, nothing is known.
const (
	Approves          Says = 1 << iota // the whole amount is taken, maybe with a remark
	ApprovesInPart                     // less than was asked for is taken
	Refuses                            // the bank said no to a sale or a void, and did nothing
	RefusesVoid                        // the bank said no to a void, and did nothing
	Undoes                             // in an answer to a reversal: nothing is taken
	Taken                              // the bank holds a payment under this number: maybe this one, maybe another's
	UndoesOnItsDay                     // Undoes, in an answer of which it is known that it came on the bank's day of what was to be undone; later it says that the bank keeps the money
	AsksSignIn                         // the bank wants a new sign-in first
	FindsNothing                       // in an answer to a reversal: the bank has not approved what was to be undone
	UndoesUnlessLater                  // Undoes, unless it is known that the answer came on another day of the bank's: it may have looked at its new day alone
)

// Day is what is known of the bank's day on which it answers a reversal.
type Day uint8

// The closed set of days.
const (
	UnknownDay Day = iota // the bank tells no time
	SameDay               // that on which it was asked for what is to be undone
	AnotherDay            // a later one, or nobody can say that it is none
)

var saysWords = []struct {
	says Says
	word string
}{
	{Approves, "approves"}, {ApprovesInPart, "approves in part: reversed"}, {Refuses, "refuses"}, {RefusesVoid, "refuses a void"},
	{Undoes, "ends a reversal"}, {UndoesOnItsDay, "ends a reversal on the bank's day of its original; else refuses it"},
	{UndoesUnlessLater, "ends a reversal; where the bank's clock says that its day is another by then, refuses it"},
	{Taken, "says nothing about whose payment has the number; refuses a reversal"}, {AsksSignIn, "asks for a sign-in"},
}

// Code is a row of a profile's list. The list is closed: a code on no row says nothing about where the money is, so that
// whoever gets it has to undo what was asked for. Nothing is on it without a source.
type Code struct {
	DE39, Meaning string
	Says          Says
	Source        Source
}

// Source says where the meaning of a code was read.
type Source string

// The sources.
const (
	fromCUP       Source = "Q/CUP 006.6-2014, A.2"
	fromTerminals Source = "UnionPay POS terminals"
	from1987      Source = "ISO 8583:1987"
	fromProfile   Source = "this profile"
)

// sourcesExplained says below the list how far each source goes.
const sourcesExplained = "Sources: *Q/CUP 006.6-2014, A.2* is China UnionPay's interoperability specification V2.1, part 6, table of response codes. " +
	"*UnionPay POS terminals*: its terminal specification's classes, as makers' and acquirers' published tables give them (Topwise, CardInfoLink); Q/CUP 006.6 knows A2 to A6 " +
	"only of transfers. *ISO 8583:1987*: table of DE39, not bought, but read in the tables that ACI Postilion's and AS 2805's users publish, where they agree. " +
	"*this profile*: a code that ISO 8583:1987 leaves to private use: nobody's table says that nothing was done, so that it refuses nothing, and what was asked for is reversed " +
	"after a sign-in.\n"

// says reports whether the profile's list has a code with one of these meanings.
func (p *Profile) says(code string, what Says) bool {
	at := slices.IndexFunc(p.Codes, func(c Code) bool { return c.DE39 == code })
	return at >= 0 && p.Codes[at].Says&what != 0
}

// Approves reports whether DE39 approves the whole amount.
func (p *Profile) Approves(code string) bool {
	//mutant:approves-the-whole
	return p.says(code, Approves)
}

// ApprovesInPart reports whether DE39 approves less than was asked for.
func (p *Profile) ApprovesInPart(code string) bool { return p.says(code, ApprovesInPart) }

// Refuses reports whether DE39 of an answer to a sale, or to a void or a refund, says no.
func (p *Profile) Refuses(code string, void bool) bool {
	return p.says(code, Refuses) || void && p.says(code, RefusesVoid)
}

// EndsReversal reports whether DE39 of an answer to a reversal says that nothing is taken, on a day of the bank's.
func (p *Profile) EndsReversal(code string, on Day) bool {
	switch on {
	case SameDay:
		//mutant:ends-a-reversal-on-its-day
		if p.says(code, UndoesOnItsDay|UndoesUnlessLater) {
			return true
		}
	case UnknownDay:
		if p.says(code, UndoesUnlessLater) {
			return true
		}
	}
	//mutant:ends-a-reversal
	return p.says(code, Undoes)
}

// FindsNothing reports whether DE39 of an answer to a reversal says that the bank has approved nothing that could be undone. That something was
// undone before says the opposite.
func (p *Profile) FindsNothing(code string) bool {
	//mutant:undone-before-was-approved
	return p.says(code, FindsNothing)
}

// RefusesReversal reports whether DE39 of an answer to a reversal says that the bank does not undo it. It is asked where EndsReversal
// says no; what wants a sign-in first is asked for again after that.
func (p *Profile) RefusesReversal(code string) bool {
	//mutant:refused-reversal-is-known
	return p.says(code, Refuses|RefusesVoid|Taken|UndoesOnItsDay|UndoesUnlessLater) && !p.says(code, AsksSignIn)
}

// NumberTaken reports whether DE39 says that the bank holds a payment under the number that it was asked about.
func (p *Profile) NumberTaken(code string) bool { return p.says(code, Taken) }

// Names is the fields by which a message says which payment it is about: where both messages have one, they agree.
func (p *Profile) names() []int {
	if p.Style == Plain1987 {
		return []int{2, 3, 4, 7, 11, 41, 42, 49}
	}
	return []int{2, 3, 4, 11, 41, 42, 49}
}

// WantsSignIn reports whether DE39 asks for a new sign-in.
func (p *Profile) WantsSignIn(code string) bool { return p.says(code, AsksSignIn) }

// documentCodes is the list as a Markdown table.
func (p *Profile) documentCodes() string {
	var b strings.Builder
	b.WriteString("| DE39 | meaning | what the till takes it for | source |\n| --- | --- | --- | --- |\n")
	for _, c := range p.Codes {
		var words []string
		for _, w := range saysWords {
			if c.Says&w.says != 0 {
				words = append(words, w.word)
			}
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", c.DE39, c.Meaning, strings.Join(words, ", "), c.Source)
	}
	b.WriteString("\nAny other code says nothing about the money: what was asked for is reversed. Among those are 06, 09, 68, 90, 91, 92, 96 and 98, by which " +
		"nobody says that nothing was done. " + sourcesExplained)
	return b.String()
}

// codesUnionPay are those of UnionPay's tables. CUPS is defined from ISO 8583:1987 (Q/CUP 006.6, annex A), whose refusals stand where its
// own tables have no row.
var codesUnionPay = withRefusals1987([]Code{
	{"00", "approved", Approves | Undoes, fromCUP},
	{"01", "ask the issuer", Refuses, fromCUP},
	{"03", "invalid merchant", Refuses, fromCUP},
	{"04", "confiscate the card", Refuses, fromCUP},
	{"05", "holder not authenticated", Refuses, fromCUP},
	{"10", "approved in part", ApprovesInPart, fromCUP},
	{"11", "approved, VIP", Approves, fromCUP},
	{"12", "invalid related transaction: its original was not approved; to a reversal on another day: it is kept", Refuses | UndoesOnItsDay | FindsNothing, fromCUP},
	{"13", "invalid amount", Refuses, fromCUP},
	{"14", "invalid card number", Refuses, fromCUP},
	{"15", "no such issuer", Refuses, fromCUP},
	{"21", "card not initialised", Refuses, fromCUP},
	{"22", "related transaction in error: its original was undone before", Undoes, fromCUP},
	{"25", "original not found", UndoesUnlessLater | FindsNothing | RefusesVoid, fromCUP},
	{"30", "format error", Refuses, fromCUP},
	{"34", "suspected fraud, confiscate", Refuses, fromCUP},
	{"38", "PIN tries exceeded", Refuses, fromCUP},
	{"40", "function not supported", Refuses, fromCUP},
	{"41", "lost card", Refuses, fromCUP},
	{"43", "stolen card", Refuses, fromCUP},
	{"45", "no fallback to the stripe", Refuses, fromCUP},
	{"51", "not sufficient funds", Refuses, fromCUP},
	{"54", "expired card", Refuses, fromCUP},
	{"55", "incorrect PIN", Refuses, fromCUP},
	{"57", "not permitted to cardholder", Refuses, fromCUP},
	{"58", "not permitted to terminal", Refuses, fromCUP},
	{"59", "suspected fraud", Refuses, fromCUP},
	{"61", "exceeds amount limit", Refuses, fromCUP},
	{"62", "restricted card", Refuses, fromCUP},
	{"64", "original amount incorrect", Refuses, fromCUP},
	{"65", "exceeds frequency limit", Refuses, fromCUP},
	{"75", "PIN tries exceeded", Refuses, fromCUP},
	{"77", "the batch is not the centre's: sign in again", Refuses | AsksSignIn, fromTerminals},
	{"94", "duplicate trace number", Taken, fromCUP},
	{"97", "terminal not registered", Refuses, fromCUP},
	{"99", "PIN format: sign in again", Refuses | AsksSignIn, fromCUP},
	{"A0", "MAC does not verify: sign in again", Refuses | AsksSignIn, fromCUP},
	{"A2", "approved with a defect", Approves, fromTerminals},
	{"A4", "approved with a defect", Approves, fromTerminals},
	{"A5", "approved with a defect", Approves, fromTerminals},
	{"A6", "approved with a defect", Approves, fromTerminals},
})

// codes1987 are those of plain ISO 8583:1987. 12 and 22 say nothing there of what became of an original.
var codes1987 = withRefusals1987([]Code{
	{"00", "approved", Approves | Undoes, from1987},
	{"08", "honour with identification", Approves, from1987},
	{"10", "approved in part", ApprovesInPart, from1987},
	{"11", "approved, VIP", Approves, from1987},
	{"16", "approved, update track 3", Approves, from1987},
	{"25", "original not found", Undoes | FindsNothing | RefusesVoid, from1987},
	{"32", "completed partially", ApprovesInPart, from1987},
	{"77", "not signed in", AsksSignIn, fromProfile},
	{"93", "violation of law", Refuses, from1987},
	{"94", "duplicate transmission", Taken, from1987},
})

// withRefusals1987 is a list of its own rows, and of the refusals of ISO 8583:1987 for every code that has none, in order.
func withRefusals1987(own []Code) []Code {
	all := slices.Clone(own)
	for _, c := range refusals1987() {
		if !slices.ContainsFunc(own, func(o Code) bool { return o.DE39 == c.DE39 }) {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b Code) int { return strings.Compare(a.DE39, b.DE39) })
	return all
}

// refusals1987 are the codes of ISO 8583:1987 with which an issuer or a switch says that it did nothing, wherever its table is used.
func refusals1987() []Code {
	return []Code{
		{"01", "refer to card issuer", Refuses, from1987},
		{"02", "refer to card issuer, special condition", Refuses, from1987},
		{"03", "invalid merchant", Refuses, from1987},
		{"04", "pick up card", Refuses, from1987},
		{"05", "do not honour", Refuses, from1987},
		{"07", "pick up card, special condition", Refuses, from1987},
		{"12", "invalid transaction", Refuses, from1987},
		{"13", "invalid amount", Refuses, from1987},
		{"14", "invalid card number", Refuses, from1987},
		{"15", "no such issuer", Refuses, from1987},
		{"30", "format error", Refuses, from1987},
		{"31", "bank not supported by switch", Refuses, from1987},
		{"33", "expired card, pick up", Refuses, from1987},
		{"34", "suspected fraud, pick up", Refuses, from1987},
		{"35", "contact acquirer, pick up", Refuses, from1987},
		{"36", "restricted card, pick up", Refuses, from1987},
		{"37", "call acquirer security, pick up", Refuses, from1987},
		{"38", "PIN tries exceeded, pick up", Refuses, from1987},
		{"39", "no credit account", Refuses, from1987},
		{"40", "function not supported", Refuses, from1987},
		{"41", "lost card, pick up", Refuses, from1987},
		{"42", "no universal account", Refuses, from1987},
		{"43", "stolen card, pick up", Refuses, from1987},
		{"44", "no investment account", Refuses, from1987},
		{"51", "not sufficient funds", Refuses, from1987},
		{"52", "no cheque account", Refuses, from1987},
		{"53", "no savings account", Refuses, from1987},
		{"54", "expired card", Refuses, from1987},
		{"55", "incorrect PIN", Refuses, from1987},
		{"56", "no card record", Refuses, from1987},
		{"57", "not permitted to cardholder", Refuses, from1987},
		{"58", "not permitted to terminal", Refuses, from1987},
		{"59", "suspected fraud", Refuses, from1987},
		{"60", "contact acquirer", Refuses, from1987},
		{"61", "exceeds amount limit", Refuses, from1987},
		{"62", "restricted card", Refuses, from1987},
		{"63", "security violation", Refuses, from1987},
		{"64", "original amount incorrect", Refuses, from1987},
		{"65", "exceeds frequency limit", Refuses, from1987},
		{"66", "call acquirer security", Refuses, from1987},
		{"67", "hard capture", Refuses, from1987},
		{"75", "PIN tries exceeded", Refuses, from1987},
	}
}
