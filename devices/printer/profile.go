package printer

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"veratill/escpos"
)

// ErrNoEncoding is the fault of an encoding that a model is known not to print.
var ErrNoEncoding = errors.New("this printer does not print in that encoding")

// Answer is what is known of something that a printer may be able to do.
type Answer uint8

// The answers. NotTried is also what could not be asked, because the printer was offline.
const (
	NotTried Answer = iota
	Yes
	No
)

var answerNames = [...]string{"not tried", "yes", "no"}

// String is the answer's code in reports and JSON.
func (a Answer) String() string {
	if int(a) < len(answerNames) {
		return answerNames[a]
	}
	return answerNames[NotTried]
}

// Model is what printers of one kind are like. ReadModels makes them; they are shared, so
// that nothing in them may be changed.
type Model struct {
	Name, Maker string
	Paper       escpos.Paper // of the roll that it is sold for
	// Pages are the code pages that it has, with their n of ESC t.
	Pages map[escpos.Encoding]byte
	// TwoByte are the two-byte sets that it has a font for. Without TwoByteKnown nothing is
	// known of them: it depends on where the unit was sold.
	TwoByte      []escpos.Encoding
	TwoByteKnown bool

	Cutter    bool // GS V
	QR        bool // GS ( k; otherwise QR codes are sent as dots
	Raster    bool // GS v 0
	Columns24 bool // ESC *, for pictures where there is no GS v 0
	Barcode   bool // GS k with the codes of function B

	ProcessID Answer // GS ( H, as its maker documents it
	Clear     Answer // DLE DC4 8, as its maker documents it

	Sources []string // what is said beyond the printer database rests on these
}

// Profile is what the encoder must know of the model, for an encoding and a source of the
// characters that it lacks. Errors: ErrNoEncoding, and escpos.ErrImage for a model that
// prints no dots.
func (m Model) Profile(e escpos.Encoding, glyphs escpos.GlyphSource) (escpos.Profile, error) {
	p := escpos.Profile{Paper: m.Paper, Encoding: e, Glyphs: glyphs, DotQR: !m.QR, NoCutter: !m.Cutter, NoRaster: !m.Raster}
	if !m.Raster && !m.Columns24 {
		return p, fmt.Errorf("%w: %s prints no dots", escpos.ErrImage, m.Name)
	}
	if e.TwoByte() {
		if m.TwoByteKnown && !slices.Contains(m.TwoByte, e) {
			return p, fmt.Errorf("%w: %s, %s", ErrNoEncoding, m.Name, e)
		}
		return p, nil
	}
	n, ok := m.Pages[e]
	if !ok {
		return p, fmt.Errorf("%w: %s, %s", ErrNoEncoding, m.Name, e)
	}
	p.Pages = map[escpos.Encoding]byte{e: n}
	return p, nil
}

// fontSets are the two-byte sets by what GS I 69 answers: Epson ESC/POS Application
// Programming Guide 10.05, page 469, and Star's ESC/POS specification 2.52, page 135.
var fontSets = []struct {
	says string
	set  escpos.Encoding
}{
	{"GB18030", escpos.GBK}, {"GB2312", escpos.GBK}, {"BIG5", escpos.Big5}, {"KANJI", escpos.ShiftJIS},
}

// FontEncoding is the two-byte set whose font a printer says that it has, such as "CHINA
// GB18030"; false where it says none that this program prints in.
func FontEncoding(says string) (escpos.Encoding, bool) {
	plain := plainName(says)
	for _, f := range fontSets {
		if strings.Contains(plain, f.says) {
			return f.set, true
		}
	}
	return 0, false
}
