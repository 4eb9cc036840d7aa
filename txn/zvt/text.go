package zvt

import (
	"strings"
	"unicode"

	"golang.org/x/text/encoding/charmap"
)

// Charset is how a terminal writes text.
type Charset string

// The character sets that terminals were seen with. The specification says CP437 for what is printed and shown (15.2).
const (
	CP437  Charset = "cp437"
	Latin9 Charset = "iso8859-15"
)

// Charsets lists the closed set.
var Charsets = []Charset{CP437, Latin9}

func (c Charset) table() *charmap.Charmap {
	if c == Latin9 {
		return charmap.ISO8859_15
	}
	return charmap.CodePage437
}

// Decode reads text. Control characters become blanks, and zeros at its end go: some terminals end their texts with one.
func (c Charset) Decode(b []byte) string {
	text, err := c.table().NewDecoder().Bytes([]byte(strings.TrimRight(string(b), "\x00")))
	if err != nil {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return ' '
		}
		return r
	}, string(text))
}

// Encode writes text; what the character set lacks becomes a question mark.
func (c Charset) Encode(text string) (b []byte) {
	for _, r := range text {
		if x, ok := c.table().EncodeRune(r); ok {
			b = append(b, x)
		} else {
			b = append(b, '?')
		}
	}
	return b
}
