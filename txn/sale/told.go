package sale

import (
	"unicode"

	"veratill/txn/digits"
)

// leastAmongWords is how many digits a card's number has at least among words: an RRN has 12.
const leastAmongWords = 13

// leastInName is how many digits a card's number has at least where letters stand at its side: the till's own numbers of orders have 13 digits before their letters.
const leastInName = 14

// LongestCode is how many digits a payment code has at most, see PaymentCodeOf.
const LongestCode = digits.MostGrouped

// TellsCard reports whether a text holds a card's number or a payment code, alone or among other words, grouped or not. A card's number has a right check digit and is no GTIN;
// a track is one as well. One of 14 digits or more is seen between letters, too; a shorter one there is a piece of a name, and so is a payment code. A number that begins as a date does is another one.
func TellsCard(text string) bool {
	return tells(text, true) || holdsTrack([]rune(text))
}

// TellsPAN is TellsCard of a card's number alone, without letters at its side: for numbers that others give payments, which may look like a wallet's code. 19 digits from 62 are UnionPay's in either case.
func TellsPAN(text string) bool { return tells(text, false) }

// Discreet is a text without the digits of a card's number or a payment code that somebody put in a wrong place, such as a flag; any other one as it is.
func Discreet(text string) string {
	//mutant:what-was-put-in-a-wrong-place-is-not-said
	if !TellsCard(text) {
		return text
	}
	return digits.Hide(text, mostShown)
}

// mostShown is how many digits in a row stay in a text with a card's number: a day has as many.
const mostShown = 8

// discreet is an error whose text is Discreet.
type discreet struct{ error }

func (d discreet) Error() string { return Discreet(d.error.Error()) }
func (d discreet) Unwrap() error { return d.error }

// DiscreetError is an error whose text is Discreet; nil is nil.
func DiscreetError(err error) error {
	if err == nil {
		return nil
	}
	return discreet{err}
}

func tells(text string, codes bool) bool {
	runes := []rune(text)
	for _, run := range digits.Runs(runes) {
		named := inName(runes, run.At())
		//mutant:a-number-of-letters-and-digits-is-no-card
		if named && !codes {
			continue
		}
		for number := range run.Numbers(LongestCode) {
			//mutant:a-card-between-letters-is-seen
			if named && (len(number) < leastInName || !isCardAmongWords(number) && PaymentCodeOf(number) != UnionPay) {
				continue
			}
			//mutant:a-grouped-card-is-seen
			if isCardAmongWords(number) || PaymentCodeOf(number) == UnionPay || codes && PaymentCodeOf(number) != NoWallet {
				return true
			}
		}
	}
	for _, run := range digits.Spelt(runes) {
		//mutant:a-card-among-commas-is-told
		if n := run.Number(); !inName(runes, run.At()) && (isCardAmongWords(n) || codes && PaymentCodeOf(n) != NoWallet) {
			return true
		}
	}
	return false
}

// inName reports whether letters stand right before or behind a number: it is a piece of a name, as the till's own numbers of orders are.
func inName(text []rune, at []int) bool {
	letter := func(i int) bool {
		return i >= 0 && i < len(text) && text[i] < unicode.MaxASCII && unicode.IsLetter(text[i])
	}
	return letter(at[0]-1) || letter(at[len(at)-1]+1)
}

// isCardAmongWords is isPAN of a number among words: ISO/IEC 7812-1 gives none that begins with 0, and a date with its time or count begins with 20.
func isCardAmongWords(number []byte) bool {
	return len(number) >= leastAmongWords && number[0] != '0' && string(number[:2]) != "20" && isPAN(number)
}
