// Package digits sees the numbers in a text as people do: digits of any script, which blanks, dashes and dots group. What others wrote is kept without what may be a card's
// number among them. It is pure.
package digits

import (
	"iter"
	"slices"
	"strings"
	"unicode"
)

// Group is digits in a row, with nothing between them that can be seen.
type Group struct {
	Digits []byte // 0 to 9 in ASCII, whatever the script
	At     []int  // where each stands among the runes of the text
}

// Run is one number as people see it: groups of digits that blanks, dashes and dots alone keep apart.
type Run struct {
	Groups []Group
	Blanks bool // nothing but blanks keeps them apart
}

// Len is how many digits a run has.
func (r Run) Len() (n int) {
	for _, g := range r.Groups {
		n += len(g.Digits)
	}
	return n
}

// Number is all digits of a run.
func (r Run) Number() (all []byte) {
	for _, g := range r.Groups {
		all = append(all, g.Digits...)
	}
	return all
}

// At is where each digit of a run stands.
func (r Run) At() (all []int) {
	for _, g := range r.Groups {
		all = append(all, g.At...)
	}
	return all
}

// Numbers are what the groups of a run make together, one or more of them in a row, of at most so many digits: each number with where its digits stand.
func (r Run) Numbers(most int) iter.Seq2[[]byte, []int] {
	return func(yield func([]byte, []int) bool) {
		for i := range r.Groups {
			var number []byte
			var at []int
			for _, g := range r.Groups[i:] {
				if number, at = append(number, g.Digits...), append(at, g.At...); len(number) > most {
					break
				}
				if !yield(number, at) {
					return
				}
			}
		}
	}
}

// Runs are the numbers in a text.
func Runs(text []rune) []Run { return runs(text, separates) }

// Spelt are the numbers that commas, colons and the like keep apart the way cards have them: fours and what is left, or Amex' 4-6-5 and Diners' 4-6-4, 13 to 24 digits in all.
// Sums, times and columns have other groups. One number may stand in several: a check digit tells which is a card's.
func Spelt(text []rune) (all []Run) {
	for _, run := range runs(text, func(r rune) bool { return separates(r) || lists(r) }) {
		for i := range run.Groups {
			for j := i + 2; j <= len(run.Groups); j++ {
				//mutant:a-card-among-commas-is-seen
				if one := (Run{Groups: run.Groups[i:j]}); one.asOnCards() {
					all = append(all, one)
				}
			}
		}
	}
	return all
}

// lists reports whether a sign stands between numbers as a rule, and inside one where a person or a bank spells it.
func lists(r rune) bool { return strings.ContainsRune(",:;*#+~，：；、＊", r) }

// asOnCards reports whether a number has the groups that cards have.
func (r Run) asOnCards() bool {
	sizes := make([]int, len(r.Groups))
	for i, g := range r.Groups {
		sizes[i] = len(g.Digits)
	}
	if slices.Equal(sizes, []int{4, 6, 5}) || slices.Equal(sizes, []int{4, 6, 4}) {
		return true
	}
	last := len(sizes) - 1
	return sizes[last] <= 4 && !slices.ContainsFunc(sizes[:last], func(n int) bool { return n != 4 }) && r.Len() > leastGrouped && r.Len() <= MostGrouped
}

func runs(text []rune, separates func(rune) bool) (all []Run) {
	open, apart, blanks := false, false, true // a run goes on; something stood since its last digit, and that was blanks alone
	for i, r := range text {
		d, isDigit := digit(r)
		switch {
		case isDigit && !open:
			all = append(all, Run{Groups: []Group{{[]byte{d}, []int{i}}}, Blanks: true})
			open, apart, blanks = true, false, true
		case isDigit:
			run := &all[len(all)-1]
			if apart {
				run.Groups, run.Blanks = append(run.Groups, Group{}), run.Blanks && blanks
			}
			last := &run.Groups[len(run.Groups)-1]
			last.Digits, last.At = append(last.Digits, d), append(last.At, i)
			apart, blanks = false, true
		case unicode.Is(unicode.Cf, r): // such as a zero-width joiner
		case separates(r):
			apart, blanks = true, blanks && unicode.IsSpace(r)
		default:
			open = false
		}
	}
	return all
}

// separates reports whether people write a sign between the digits of one number.
func separates(r rune) bool {
	//mutant:what-keeps-digits-apart-hides-no-number
	return unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || strings.ContainsRune("._/\\|'·•・。．−", r)
}

// digit is a decimal digit of any script in ASCII. Each script has its ten in a row (The Unicode Standard, 4.6).
func digit(r rune) (byte, bool) {
	if r < unicode.MaxASCII {
		return byte(r), r >= '0' && r <= '9'
	}
	for _, block := range unicode.Nd.R16 {
		if r >= rune(block.Lo) && r <= rune(block.Hi) {
			return '0' + byte((r-rune(block.Lo))%10), true
		}
	}
	for _, block := range unicode.Nd.R32 {
		if r >= rune(block.Lo) && r <= rune(block.Hi) {
			return '0' + byte((r-rune(block.Lo))%10), true
		}
	}
	return 0, false
}

// leastGrouped is how many digits that are grouped may be a card's number.
const leastGrouped = 12

// MostGrouped is how many digits that are grouped may be a payment code.
const MostGrouped = 24

// Mask puts * in these places of a text.
func Mask(text []rune, at []int) {
	for _, i := range at {
		text[i] = '*'
	}
}

// Hide puts * in place of each digit of a text that may be of a card's number or a payment code: of more than most digits in a row, and of 12 and more that are grouped. It is
// for what others wrote, and rather loses a number too many.
func Hide(text string, most int) string {
	runes := []rune(text)
	spelt := Spelt(runes)
	for _, run := range Runs(runes) {
		for _, g := range run.Groups {
			//mutant:grouped-digits-are-one-number
			if len(g.Digits) > most || run.Len() >= leastGrouped {
				Mask(runes, g.At)
			}
		}
	}
	for _, run := range spelt {
		Mask(runes, run.At())
	}
	return string(runes)
}
