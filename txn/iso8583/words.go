package iso8583

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	seen "veratill/txn/digits"
)

// wordFields are those in which a bank says something to people: they decide nothing.
var wordFields = []int{44, 48, 62, 63}

// hiddenRun is how many digits in a row are shown at most of what a bank says: more may be a card number.
const hiddenRun = 8

// Words is what a message says to people, decoded: banks in China write GBK. What may be a card's number is hidden, grouped or not, and what can't be read is
// left out. It is empty where the message says nothing.
func (m Message) Words() string {
	var said []string
	for _, n := range wordFields {
		if text := readable(m.Get(n)); text != "" {
			said = append(said, text)
		}
	}
	return strings.Join(said, " ")
}

// readable is a value as people read it: UTF-8 as it is, else by GB18030, of which GBK is a part.
func readable(value string) string {
	if !utf8.ValidString(value) {
		decoded, err := simplifiedchinese.GB18030.NewDecoder().String(value)
		if err != nil {
			return ""
		}
		value = decoded
	}
	value = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, value)
	//mutant:words-hide-cards
	return seen.Hide(strings.Join(strings.Fields(value), " "), hiddenRun)
}
