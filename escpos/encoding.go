package escpos

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/width"
)

// Encoding is the character set that a printer is driven in.
type Encoding uint8

// The encodings. The first three are two-byte sets used in Kanji mode, where a
// two-byte character is two columns wide; the rest are one-byte code pages.
const (
	// GBK is what Chinese printers take, also those that say GB18030: only its
	// two-byte part is used, for clones read a four-byte code as two characters.
	GBK Encoding = iota
	Big5
	ShiftJIS
	PC437
	PC850
	PC852
	PC858
	PC860
	PC863
	PC865
	PC866
	WPC1252
	encodings // how many there are
)

type encodingFacts struct {
	name   string
	also   []string // other names that printers' manuals and settings use
	set    encoding.Encoding
	page   byte // n of ESC t
	double bool // two-byte set, Kanji mode
	start  string
}

// Page numbers: ESC t of the ESC/POS reference.
var encodingTable = [encodings]encodingFacts{
	GBK:      {"gbk", []string{"gb18030", "gb2312", "cp936"}, simplifiedchinese.GBK, 0, true, "\x1c&"},
	Big5:     {"big5", []string{"cp950"}, traditionalchinese.Big5, 0, true, "\x1c&"},
	ShiftJIS: {"shift-jis", []string{"sjis", "shift_jis", "cp932"}, japanese.ShiftJIS, 0, true, "\x1cC\x01\x1c&"},
	PC437:    {"pc437", []string{"cp437"}, charmap.CodePage437, 0, false, "\x1c.\x1bt\x00"},
	PC850:    {"pc850", []string{"cp850"}, charmap.CodePage850, 2, false, "\x1c.\x1bt\x02"},
	PC852:    {"pc852", []string{"cp852"}, charmap.CodePage852, 18, false, "\x1c.\x1bt\x12"},
	PC858:    {"pc858", []string{"cp858"}, charmap.CodePage858, 19, false, "\x1c.\x1bt\x13"},
	PC860:    {"pc860", []string{"cp860"}, charmap.CodePage860, 3, false, "\x1c.\x1bt\x03"},
	PC863:    {"pc863", []string{"cp863"}, charmap.CodePage863, 4, false, "\x1c.\x1bt\x04"},
	PC865:    {"pc865", []string{"cp865"}, charmap.CodePage865, 5, false, "\x1c.\x1bt\x05"},
	PC866:    {"pc866", []string{"cp866"}, charmap.CodePage866, 17, false, "\x1c.\x1bt\x11"},
	WPC1252:  {"wpc1252", []string{"cp1252", "windows-1252"}, charmap.Windows1252, 16, false, "\x1c.\x1bt\x10"},
}

// String is the encoding's name in settings.
func (e Encoding) String() string {
	if e < encodings {
		return encodingTable[e].name
	}
	return fmt.Sprintf("encoding(%d)", uint8(e))
}

// TwoByte is true for the sets of Kanji mode, false for code pages and beyond the last encoding.
func (e Encoding) TwoByte() bool { return e < encodings && encodingTable[e].double }

// ParseEncoding reads a name as String writes it, or one of its other names; the case of letters does not count. The error is
// ErrEncoding and lists them.
func ParseEncoding(name string) (Encoding, error) {
	for i, e := range encodingTable {
		if strings.EqualFold(e.name, name) || slices.ContainsFunc(e.also, func(other string) bool { return strings.EqualFold(other, name) }) {
			return Encoding(i), nil
		}
	}
	return 0, fmt.Errorf("%w: %q; it is one of %s", ErrEncoding, name, EncodingNames())
}

// EncodingNames lists the names that ParseEncoding reads, each with its other names.
func EncodingNames() string {
	all := make([]string, 0, encodings)
	for _, e := range encodingTable {
		if len(e.also) > 0 {
			e.name += " (" + strings.Join(e.also, ", ") + ")"
		}
		all = append(all, e.name)
	}
	return strings.Join(all, ", ")
}

// codes maps a UTF-16 unit to what is sent: 0 when the printer has no such
// character, one byte below 100h, otherwise two bytes. Nothing in it is a
// control character, so no text can become a command.
type codes [1 << 16]uint16

var codeTables [encodings]struct {
	once sync.Once
	to   *codes
}

func (e Encoding) codes() *codes {
	t := &codeTables[e]
	t.once.Do(func() { t.to = buildCodes(e) })
	return t.to
}

func buildCodes(e Encoding) *codes {
	to := new(codes)
	f := &encodingTable[e]
	if f.double {
		addDouble(to, e, f.set)
	} else {
		addSingle(to, f.set)
	}
	for c := rune(0x20); c < 0x7F; c++ {
		to[c] = uint16(c)
	}
	if to[0xA5] == 0 { // in GB18030 the yen sign is four bytes and prints "0 6"
		to[0xA5] = to[0xFFE5]
	}
	to[0xA0] = ' '
	for r := rune(0); r < 1<<16; r++ {
		if isControl(r) {
			to[r] = '?'
		}
	}
	to['\t'], to['\n'], to['\r'] = ' ', ' ', ' '
	return to
}

// isControl is true for what must neither reach a printer nor vanish: C0, DEL,
// C1, and the invisible marks that turn or hide text.
func isControl(r rune) bool {
	return r < 0x20 || r >= 0x7F && r < 0xA0 || r == utf8.RuneError || r == 0xAD ||
		unicode.Is(unicode.Cf, r) || r == 0x2028 || r == 0x2029 || r >= 0xD800 && r < 0xE000
}

// addDouble decodes every two-byte code once. Codes of the private use area and
// those that fonts lack stay out and are drawn as dots instead.
func addDouble(to *codes, e Encoding, set encoding.Encoding) {
	line := make([]byte, 0, 3*126*190)
	for lead := 0x81; lead <= 0xFE; lead++ {
		for trail := 0x40; trail <= 0xFE; trail++ {
			if trail != 0x7F && inFont(e, lead<<8|trail) {
				line = append(line, byte(lead), byte(trail), '\n')
			}
		}
	}
	text, err := set.NewDecoder().Bytes(line)
	if err != nil {
		return // the decoders of x/text replace, they do not fail
	}
	for at := 0; at < len(line) && len(text) > 0; at += 3 {
		r, n := utf8.DecodeRune(text)
		if n < len(text) && text[n] == '\n' && usable(r) && to[r] == 0 {
			to[r] = uint16(line[at])<<8 | uint16(line[at+1])
		}
		for len(text) > 0 && text[0] != '\n' {
			text = text[1:]
		}
		if len(text) > 0 {
			text = text[1:]
		}
	}
}

func usable(r rune) bool {
	return r >= 0xA0 && r < 1<<16 && r != utf8.RuneError && !unicode.Is(unicode.Co, r)
}

// inFont says whether plain fonts have the code. Big5 in x/text includes the
// Hong Kong supplement, which printers lack; its own part is A140–C67E and C940–F9D5.
func inFont(e Encoding, code int) bool {
	if e != Big5 {
		return true
	}
	return code >= 0xA140 && code <= 0xC67E || code >= 0xC940 && code <= 0xF9D5
}

func addSingle(to *codes, set encoding.Encoding) {
	d := set.NewDecoder()
	for c := 0x80; c <= 0xFF; c++ {
		text, err := d.Bytes([]byte{byte(c)})
		if err != nil {
			continue
		}
		if r, n := utf8.DecodeRune(text); n == len(text) && usable(r) {
			to[r] = uint16(c)
		}
	}
}

// dotColumns is how many columns a character takes that is drawn as dots.
func dotColumns(r rune) int {
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// Columns is how many columns s takes in this encoding at single width: two-byte
// characters are two wide. Nothing takes none.
func (e Encoding) Columns(s string) int {
	to, n := e.codes(), 0
	for _, r := range s {
		n += to.columns(r)
	}
	return n
}

func (t *codes) columns(r rune) int {
	if r < 1<<16 {
		if c := t[r]; c >= 0x100 {
			return 2
		} else if c > 0 {
			return 1
		}
	}
	return dotColumns(r)
}
