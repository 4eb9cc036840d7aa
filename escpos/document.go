// Package escpos is paper's language: a typed document becomes the bytes of an
// ESC/POS receipt printer, a printer's status bytes become meaning, and bytes
// become a picture of the paper again.
//
// It knows neither sales nor devices. Facts come from the public ESC/POS command
// reference and from the notes in design/paper.md; where clones differ the
// stricter reading is taken.
package escpos

// Document is one job for the printer, from top to bottom.
// An encoder begins it with ESC @, so nothing of an earlier job's style remains.
type Document struct {
	Blocks []Block
}

// Add appends blocks and returns the document, so that calls can be chained.
func (d *Document) Add(blocks ...Block) *Document {
	d.Blocks = append(d.Blocks, blocks...)
	return d
}

// Block is one part of a Document. The set is closed: Text, Row, Rule, QR,
// Code128, Image, CodePage, Feed, Cut, Drawer and Proof.
type Block interface{ block() }

// Align is where a line stands on the paper.
type Align uint8

// The three places, numbered as ESC a numbers them.
const (
	Left Align = iota
	Center
	Right
)

// Style is how a line is set. The zero value is plain text of single size, at the left.
type Style struct {
	Bold      bool
	Underline bool
	Invert    bool  // white on black
	Width     uint8 // times as wide: 1 to 8, 0 means 1
	Height    uint8 // times as high: 1 to 8, 0 means 1
	Align     Align
}

// Text is a paragraph. It is broken into lines at spaces, or inside a word that
// is longer than the paper is wide. Control characters never reach the printer.
type Text struct {
	S     string
	Style Style
}

// Cell is one column of a Row.
type Cell struct {
	S       string
	Align   Align
	Columns int  // fixed width in columns of single size; 0 shares what is left over
	Fit     bool // as wide as its own text; Columns is then ignored
}

// MaxCells is the largest number of cells in one Row.
const MaxCells = 8

// Row is a line of a table. A cell that is too long goes on below itself: figures
// on a receipt are never cut off. Style.Align is not used.
type Row struct {
	Cells []Cell
	Style Style
}

// LeftRight is the commonest row: a name at the left, a figure at the right.
func LeftRight(left, right string, style Style) Row {
	return Row{Cells: []Cell{{S: left}, {S: right, Align: Right, Fit: true}}, Style: style}
}

// Rule is a line across the whole paper.
type Rule struct {
	Rune rune // 0 means '-'
}

// QRLevel is a QR code's error correction.
type QRLevel uint8

// Correction of about 7, 15, 25 and 30 per cent of the code, numbered as GS ( k does from 30h.
const (
	QRLow QRLevel = iota
	QRMedium
	QRQuartile
	QRHigh
)

// MaxQRBytes is the longest QR text in bytes of UTF-8. It keeps a code readable
// at receipt size, and the length bytes of GS ( k clear of the real-time sequences.
const MaxQRBytes = 512

// QR is a two-dimensional code of UTF-8 text.
type QR struct {
	Data   string // 1 to MaxQRBytes bytes; control characters are replaced
	Module uint8  // dots a module: 1 to 16, 0 means 6
	Level  QRLevel
	Align  Align
}

// MaxCode128Bytes is the longest CODE128 text, counting '{' twice.
const MaxCode128Bytes = 80

// Code128 is a bar code of printable ASCII in code set B.
type Code128 struct {
	Data   string // 1 to MaxCode128Bytes characters 20h to 7Eh
	Height uint8  // dots, 0 means 64
	Module uint8  // dots the thinnest bar: 2 to 6, 0 means 2
	Text   bool   // print the characters below the bars
	Align  Align
}

// Image is a picture of black dots, such as a logo.
type Image struct {
	Bitmap Bitmap // not wider than the paper
	Align  Align
}

// CodePage shows the upper half of a code page, 32 characters a line, so that a person can
// see whether the printer has it under the number that it is driven with.
type CodePage struct {
	Encoding Encoding // a code page, not a two-byte set
	Number   byte     // n of ESC t
}

// Feed moves the paper on.
type Feed struct {
	Lines uint8 // text lines, 0 to 255
}

// Cut feeds the paper to the cutter and cuts it, leaving the usual one-point bridge.
type Cut struct{}

// Drawer opens the cash drawer.
type Drawer struct {
	Pin   uint8 // 0 is connector pin 2, 1 is pin 5
	OnMs  int   // 0 means 50; 2 to 510, rounded down to a multiple of 2
	OffMs int   // 0 means 500; 2 to 510
}

// Proof asks the printer to send ID back when everything before it is on paper
// (GS ( H function 48). It stands after the Cut.
type Proof struct {
	ID [4]byte // see ProcessID; each 20h to 7Eh
}

func (Text) block()     {}
func (Row) block()      {}
func (Rule) block()     {}
func (QR) block()       {}
func (Code128) block()  {}
func (Image) block()    {}
func (CodePage) block() {}
func (Feed) block()     {}
func (Cut) block()      {}
func (Drawer) block()   {}
func (Proof) block()    {}
