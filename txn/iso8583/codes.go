package iso8583

import (
	"fmt"
	"slices"
	"strings"
)

// Codes say what DE39 of an answer means. The lists are closed: a code on none of them says nothing about
// where the money is, so that whoever gets it has to undo what was asked for.
type Codes struct {
	Approve    []string // the whole amount, some with a remark
	Partial    []string // less than was asked for
	Refuse     []string // the bank said no and holds nothing
	RefuseVoid []string // beside those, of a void: nothing was given back
	Undone     []string // in an answer to a reversal: nothing is taken
	SignIn     []string // the bank wants a new sign-in first
}

// Approves reports whether DE39 approves the whole amount.
func (p *Profile) Approves(code string) bool {
	//mutant:approves-the-whole
	return slices.Contains(p.Codes.Approve, code)
}

// ApprovesInPart reports whether DE39 approves less than was asked for.
func (p *Profile) ApprovesInPart(code string) bool { return slices.Contains(p.Codes.Partial, code) }

// Refuses reports whether DE39 of an answer to a sale, or to a void, says no.
func (p *Profile) Refuses(code string, void bool) bool {
	return slices.Contains(p.Codes.Refuse, code) || void && slices.Contains(p.Codes.RefuseVoid, code)
}

// EndsReversal reports whether DE39 of an answer to a reversal says that nothing is taken.
func (p *Profile) EndsReversal(code string) bool {
	//mutant:ends-a-reversal
	return slices.Contains(p.Codes.Undone, code)
}

// WantsSignIn reports whether DE39 asks for a new sign-in.
func (p *Profile) WantsSignIn(code string) bool { return slices.Contains(p.Codes.SignIn, code) }

func (c Codes) document() string {
	var b strings.Builder
	b.WriteString("- DE39: ")
	for i, list := range []struct {
		what  string
		codes []string
	}{
		{"approves", c.Approve}, {"approves in part, and is reversed", c.Partial}, {"refuses", c.Refuse}, {"refuses a void too", c.RefuseVoid},
		{"ends a reversal", c.Undone}, {"asks for a new sign-in", c.SignIn},
	} {
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "%s: %s", list.what, strings.Join(list.codes, " "))
	}
	b.WriteString(". Any other code says nothing about the money: what was asked for is reversed.\n")
	return b.String()
}

// refusals87 are the codes of ISO 8583:1987 (table of DE39) with which an issuer or a switch says that it did nothing.
// Not among them are those that say that nobody knows: 06 error, 09 in progress, 22 suspected malfunction, 68 late,
// 90 cut-over, 91 and 92 not reached, 94 seen before, 96 and 98 a fault of the centre.
var refusals87 = []string{"01", "02", "03", "04", "05", "07", "12", "13", "14", "15", "30", "31", "33", "34", "35", "36", "37", "38", "39", "40", "41",
	"42", "43", "44", "51", "52", "53", "54", "55", "56", "57", "58", "59", "60", "61", "62", "63", "64", "65", "66", "67", "75"}
