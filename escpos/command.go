package escpos

import "fmt"

// Command is one command or run of text as a printer reads it.
type Command struct {
	Op   Op
	Raw  []byte // the whole of it
	Data []byte // its parameters, or the text
}

// Op names a command: its leading bytes, such as "ESC a" as 1B<<16 | 61<<8.
type Op uint32

// The operations that the decoder and the emulator act upon. All others are
// skipped with their parameters.
const (
	OpText      Op = 1
	OpUnknown   Op = 2 // a byte that begins no command
	OpLF        Op = lf
	OpCR        Op = cr
	OpHT        Op = ht
	OpFF        Op = ff
	OpCAN       Op = can
	OpInit      Op = esc<<16 | '@'<<8
	OpPosition  Op = esc<<16 | '$'<<8
	OpRelative  Op = esc<<16 | '\\'<<8
	OpMode      Op = esc<<16 | '!'<<8
	OpAlign     Op = esc<<16 | 'a'<<8
	OpBold      Op = esc<<16 | 'E'<<8
	OpStrike    Op = esc<<16 | 'G'<<8
	OpUnderline Op = esc<<16 | '-'<<8
	OpFont      Op = esc<<16 | 'M'<<8
	OpPage      Op = esc<<16 | 't'<<8
	OpFeedLines Op = esc<<16 | 'd'<<8
	OpFeedDots  Op = esc<<16 | 'J'<<8
	OpLineDots  Op = esc<<16 | '3'<<8
	OpLineReset Op = esc<<16 | '2'<<8
	OpColumns   Op = esc<<16 | '*'<<8
	OpTabs      Op = esc<<16 | 'D'<<8
	OpDrawer    Op = esc<<16 | 'p'<<8
	OpCutOld    Op = esc<<16 | 'i'<<8
	OpCutOldM   Op = esc<<16 | 'm'<<8
	OpKanjiOn   Op = fs<<16 | '&'<<8
	OpKanjiOff  Op = fs<<16 | '.'<<8
	OpKanjiSet  Op = fs<<16 | 'C'<<8
	OpKanjiMode Op = fs<<16 | '!'<<8
	OpKanjiWide Op = fs<<16 | 'W'<<8
	OpSize      Op = gs<<16 | '!'<<8
	OpInvert    Op = gs<<16 | 'B'<<8
	OpCut       Op = gs<<16 | 'V'<<8
	OpRaster    Op = gs<<16 | 'v'<<8 | '0'
	OpMargin    Op = gs<<16 | 'L'<<8
	OpArea      Op = gs<<16 | 'W'<<8
	OpBarHeight Op = gs<<16 | 'h'<<8
	OpBarModule Op = gs<<16 | 'w'<<8
	OpBarText   Op = gs<<16 | 'H'<<8
	OpBarcode   Op = gs<<16 | 'k'<<8
	OpAuto      Op = gs<<16 | 'a'<<8
	OpQueued    Op = gs<<16 | 'r'<<8
	OpIdentify  Op = gs<<16 | 'I'<<8
	OpProof     Op = gs<<16 | '('<<8 | 'H'
	OpSymbol    Op = gs<<16 | '('<<8 | 'k'
	OpGraphics  Op = gs<<16 | '('<<8 | 'L'
	OpAskNow    Op = dle<<16 | eot<<8
	OpRecover   Op = dle<<16 | enq<<8
	OpRealTime  Op = dle<<16 | dc4<<8
)

// Those that the decoder can only name.
const (
	opPageMode    Op = esc<<16 | 'L'<<8
	opCountry     Op = esc<<16 | 'R'<<8
	opTurned      Op = esc<<16 | 'V'<<8
	opOwnSigns    Op = esc<<16 | '%'<<8
	opCode2D      Op = esc<<16 | 'Z'<<8
	opLogo        Op = fs<<16 | 'p'<<8
	opUTF8        Op = fs<<16 | '('<<8 | 'C'
	opStored      Op = gs<<16 | '/'<<8
	opMacro       Op = gs<<16 | '^'<<8
	opCounter     Op = gs<<16 | 'c'<<8
	opVariable    Op = gs<<16 | 'Q'<<8 | '0'
	opGraphicsBig Op = gs<<16 | '8'<<8 | 'L'
)

// MaxCommandBytes bounds one command. A longer one that bytes claim to be is not
// believed: its name is skipped.
const MaxCommandBytes = 4 << 20

// Next reads the command that b begins with. It returns 0 when b ends before the
// command does. Every sequence of bytes is some sequence of commands.
func Next(b []byte) (Command, int) {
	if len(b) == 0 {
		return Command{}, 0
	}
	switch c := b[0]; c {
	case esc, fs, gs, dle, us, dc2:
		return nextCommand(b)
	case lf, cr, ht, ff, can:
		return Command{Op: Op(c), Raw: b[:1]}, 1
	default:
		if c < 0x20 {
			return Command{Op: OpUnknown, Raw: b[:1]}, 1
		}
		n := 1
		for n < len(b) && b[n] >= 0x20 {
			n++
		}
		return Command{Op: OpText, Raw: b[:n], Data: b[:n]}, n
	}
}

func nextCommand(b []byte) (Command, int) {
	if len(b) < 2 {
		return Command{}, 0
	}
	head, size := commandSize(b)
	if size == 0 || head > len(b) {
		return Command{}, 0
	}
	if size < 0 {
		n := unknownSize(b)
		return Command{Op: OpUnknown, Raw: b[:n]}, n
	}
	if size > MaxCommandBytes {
		return cutOff(b)
	}
	if size > len(b) {
		return Command{}, 0
	}
	op := Op(b[0])<<16 | Op(b[1])<<8
	if head == 3 {
		op |= Op(b[2])
	}
	return Command{Op: op, Raw: b[:size], Data: b[head:size]}, size
}

// unknownSize is how much is skipped of what is no command: the byte that begins one, and the one behind ESC, FS or GS, which would be
// its name. What begins a command itself is not lost with the one before.
func unknownSize(b []byte) int {
	if len(b) < 2 || b[1] < 0x20 || b[0] != esc && b[0] != fs && b[0] != gs {
		return 1
	}
	return 2
}

// cutOff is the command that b begins with and does not end: what is left of a paper whose end was lost. Its first bytes are its name.
func cutOff(b []byte) (Command, int) {
	n := unknownSize(b)
	if head := [2]byte{b[0], b[min(1, len(b)-1)]}; n == 2 && named[head] && len(b) > 2 && b[2] >= 0x20 {
		n = 3
	}
	return Command{Op: OpUnknown, Raw: b[:n]}, n
}

// signs are the names of control bytes, as printers' handbooks write them.
var signs = [...]string{"NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR", "SO", "SI", "DLE", "DC1", "DC2", "DC3",
	"DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US"}

// nameOf is how a handbook writes bytes: GS ( k, ESC SO, 80h.
func nameOf(b []byte) string {
	var name string
	for i, c := range b {
		if i > 0 {
			name += " "
		}
		switch {
		case int(c) < len(signs):
			name += signs[c]
		case c == ' ':
			name += "SP"
		case c < 0x7F:
			name += string(rune(c))
		default:
			name += fmt.Sprintf("%02Xh", c)
		}
	}
	return name
}
