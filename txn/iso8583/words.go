package iso8583

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// wordFields are those in which a bank says something to people: they decide nothing.
var wordFields = []int{44, 48, 62, 63}

// hiddenRun is how many digits in a row are shown at most of what a bank says: more may be a card number.
const hiddenRun = 8

// Words is what a message says to people, decoded: banks in China write GBK. Longer runs of digits are hidden, and what can't be read is
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
	return hideDigits(strings.Join(strings.Fields(value), " "))
}

// hideDigits hides each run of more than hiddenRun digits.
func hideDigits(text string) string {
	runes := []rune(text)
	for i := 0; i < len(runes); {
		end := i
		for end < len(runes) && unicode.IsDigit(runes[end]) {
			end++
		}
		if end-i > hiddenRun {
			for ; i < end; i++ {
				runes[i] = '*'
			}
		}
		i = max(end, i+1)
	}
	return string(runes)
}
