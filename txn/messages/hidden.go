package messages

import (
	"slices"

	"veratill/txn/digits"
	"veratill/txn/sale"
)

// leastHidden is how many digits a card number has at least. Payment codes have more.
const leastHidden = 13

// Hidden is a text with the middle of whatever may be a whole card number or a payment code in it hidden: 13 digits and more in a row, or with blanks between them; and what is one, however it is
// grouped. Six digits of its beginning and four of its end are left.
func Hidden(text string) string {
	shown := []rune(text)
	spelt := digits.Spelt(shown)
	for _, run := range digits.Runs(shown) {
		at := run.At()
		//mutant:a-terminal-s-card-number-is-hidden
		if len(at) >= leastHidden && (run.Blanks || tells(run) || sale.TellsCard(string(shown[at[0]:at[len(at)-1]+1]))) {
			digits.Mask(shown, at[6:len(at)-4])
		}
	}
	for _, run := range spelt {
		//mutant:a-terminal-s-card-number-among-commas-is-hidden
		if sale.TellsCard(string(run.Number())) {
			at := run.At()
			digits.Mask(shown, at[6:len(at)-4])
		}
	}
	return string(shown)
}

// tells reports whether a group of a run alone is long enough.
func tells(run digits.Run) bool {
	return slices.ContainsFunc(run.Groups, func(g digits.Group) bool { return len(g.Digits) >= leastHidden })
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// Name is a field's name as somebody else gave it; a name that may hold more than a name is left out of sight.
func Name(text string) string {
	const most = 48
	digits := 0
	for _, r := range text {
		switch {
		case isDigit(r):
			digits++
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '_', r == '.', r == '-':
		default:
			return "…"
		}
	}
	//mutant:a-name-is-no-hiding-place
	if text == "" || len(text) > most || digits > 4 {
		return "…"
	}
	return text
}
