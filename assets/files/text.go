package files

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	utf16 "golang.org/x/text/encoding/unicode"
)

// Text makes text of a file, whatever it is encoded in: UTF-8 with or without a byte order mark, UTF-16 of either order, also
// without its mark, and GB18030, which whatever is no UTF-8 is read as. What none of them can read becomes U+FFFD, and no name.
func Text(raw []byte) string {
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
