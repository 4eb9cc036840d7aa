package sale

import "veratill/txn/digits"

// Lengths of what is looked for among words: a card's number is of 13 to 19 digits there, because an RRN has 12, and a payment code of 24 at most.
const (
	leastAmongWords = 13
	mostCode        = 24
)

// TellsCard reports whether a text holds a card's number or a payment code, alone or among other words, grouped or not. A card's number has a right check digit and is no GTIN;
// a track is one as well. A number that goes on at either end is another one, and so is one that begins as a date does.
func TellsCard(text string) bool {
	runes := []rune(text)
	for _, run := range digits.Runs(runes) {
		for i := range run.Groups {
			var joined []byte
			for _, g := range run.Groups[i:] {
				if joined = append(joined, g.Digits...); len(joined) > mostCode {
					break
				}
				//mutant:a-grouped-card-is-seen
				if isCardAmongWords(joined) || PaymentCodeOf(joined) != NoWallet {
					return true
				}
			}
		}
	}
	return holdsTrack(runes)
}

// isCardAmongWords is isPAN of a number among words: ISO/IEC 7812-1 gives none that begins with 0, and a date with its time or count begins with 20.
func isCardAmongWords(number []byte) bool {
	return len(number) >= leastAmongWords && number[0] != '0' && string(number[:2]) != "20" && isPAN(number)
}
