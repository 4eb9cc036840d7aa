package articles

import (
	"bytes"
	"regexp"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// lone is a Chinese character inside a Latin word: what Müller becomes where it is read as Chinese.
var lone = regexp.MustCompile(`[A-Za-z]\p{Han}[a-z]`)

// garbled reports whether a name was once read in a wrong encoding: written in the encoding that it was taken for, it is the
// UTF-8 of another text.
func garbled(name string) bool {
	if lone.MatchString(name) {
		return true
	}
	for _, taken := range []encoding.Encoding{charmap.Windows1252, simplifiedchinese.GB18030} {
		raw, err := taken.NewEncoder().Bytes([]byte(name))
		if err != nil || !utf8.Valid(raw) || bytes.Equal(raw, []byte(name)) {
			continue
		}
		if taken == charmap.Windows1252 || allWide(string(raw)) {
			return true
		}
	}
	return false
}

// allWide reports whether a text has two Chinese characters or more, and beside them plain ASCII alone. One could be a word whose own
// bytes happen to be UTF-8.
func allWide(text string) bool {
	wide := 0
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Han, r):
			wide++
		case r >= utf8.RuneSelf:
			return false
		}
	}
	return wide >= 2
}
