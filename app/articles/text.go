package articles

import (
	"bytes"
	"regexp"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	utf16 "golang.org/x/text/encoding/unicode"
)

// decode makes text of a file, whatever it is encoded in: UTF-8 with or without a byte order mark, UTF-16 of either order, also
// without its mark, and GB18030, which whatever is no UTF-8 is read as. What none of them can read becomes U+FFFD, and no name.
func decode(raw []byte) string {
	set := encoding.Encoding(simplifiedchinese.GB18030)
	switch order, wide := wideOrder(raw); {
	case wide:
		set = utf16.UTF16(order, utf16.UseBOM)
	//mutant:not-utf-8-is-gb18030
	case utf8.Valid(raw):
		return string(bytes.TrimPrefix(raw, []byte("\uFEFF")))
	}
	text, err := set.NewDecoder().Bytes(raw)
	if err != nil { // the decoders of x/text replace, they do not fail
		return string(bytes.ToValidUTF8(raw, []byte("\uFFFD")))
	}
	return string(text)
}

// wideOrder tells UTF-16 by its byte order mark, or by where the zeros stand: separators and digits have one each.
func wideOrder(raw []byte) (utf16.Endianness, bool) {
	switch {
	case bytes.HasPrefix(raw, []byte("\xFF\xFE")):
		return utf16.LittleEndian, true
	case bytes.HasPrefix(raw, []byte("\xFE\xFF")):
		return utf16.BigEndian, true
	}
	var zeros [2]int
	look := raw[:min(len(raw), 4096)]
	for i, b := range look {
		if b == 0 {
			zeros[i%2]++
		}
	}
	if many := len(look) / 20; max(zeros[0], zeros[1]) <= many || min(zeros[0], zeros[1]) > many/4 {
		return utf16.LittleEndian, false
	}
	if zeros[0] > zeros[1] {
		return utf16.BigEndian, true
	}
	return utf16.LittleEndian, true
}

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
