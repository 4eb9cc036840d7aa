package escpos

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

// MaxCommandBytes bounds one command. A longer one that bytes claim to be is not
// believed: its first two bytes are skipped.
const MaxCommandBytes = 4 << 20

// Next reads the command that b begins with. It returns 0 when b ends before the
// command does. Every sequence of bytes is some sequence of commands.
// Parameter counts are those of the ESC/POS command reference.
func Next(b []byte) (Command, int) {
	if len(b) == 0 {
		return Command{}, 0
	}
	switch c := b[0]; c {
	case esc, fs, gs, dle:
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
	if size < 0 || size > MaxCommandBytes {
		return Command{Op: OpUnknown, Raw: b[:2]}, 2
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

// fixedSizes is the number of parameter bytes of commands that always have the same.
var fixedSizes = map[[2]byte]int{
	{esc, '@'}: 0, {esc, '!'}: 1, {esc, '$'}: 2, {esc, '\\'}: 2, {esc, 'a'}: 1, {esc, 'E'}: 1, {esc, 'G'}: 1,
	{esc, '-'}: 1, {esc, 'M'}: 1, {esc, 't'}: 1, {esc, 'R'}: 1, {esc, 'd'}: 1, {esc, 'e'}: 1, {esc, 'J'}: 1,
	{esc, 'K'}: 1, {esc, '2'}: 0, {esc, '3'}: 1, {esc, ' '}: 1, {esc, '%'}: 1, {esc, '='}: 1, {esc, '?'}: 1,
	{esc, 'L'}: 0, {esc, 'S'}: 0, {esc, 'T'}: 1, {esc, 'U'}: 1, {esc, 'V'}: 1, {esc, 'W'}: 8, {esc, 'c'}: 2,
	{esc, 'i'}: 0, {esc, 'm'}: 0, {esc, 'p'}: 3, {esc, 'r'}: 1, {esc, '{'}: 1, {esc, 'B'}: 2, {esc, ff}: 0,
	{esc, 'u'}: 1, {esc, 'v'}: 0,
	{fs, '&'}: 0, {fs, '.'}: 0, {fs, '!'}: 1, {fs, '-'}: 1, {fs, 'C'}: 1, {fs, 'S'}: 2, {fs, 'W'}: 1, {fs, 'p'}: 2,
	{fs, '2'}: 74, {fs, '?'}: 2,
	{gs, '!'}: 1, {gs, '$'}: 2, {gs, '\\'}: 2, {gs, 'B'}: 1, {gs, 'H'}: 1, {gs, 'I'}: 1, {gs, 'L'}: 2, {gs, 'P'}: 2,
	{gs, 'T'}: 1, {gs, 'W'}: 2, {gs, 'a'}: 1, {gs, 'b'}: 1, {gs, 'f'}: 1, {gs, 'h'}: 1, {gs, 'w'}: 1, {gs, 'r'}: 1,
	{gs, '^'}: 3, {gs, 'E'}: 1, {gs, '/'}: 1, {gs, ':'}: 0, {gs, 'j'}: 1, {gs, 'c'}: 0, {gs, ff}: 0,
	{dle, eot}: 1, {dle, enq}: 1,
}

// commandSize is the number of leading bytes that name the command, 2 or 3, and
// its whole length: 0 when more bytes are needed to know, -1 when it is unknown.
func commandSize(b []byte) (head, size int) {
	if n, ok := fixedSizes[[2]byte{b[0], b[1]}]; ok {
		return 2, 2 + n
	}
	at := func(i int) int { return int(b[i]) }
	switch [2]byte{b[0], b[1]} {
	case [2]byte{gs, '('}, [2]byte{fs, '('}:
		if len(b) < 5 {
			return 3, 0
		}
		return 3, 5 + at(3) + at(4)<<8
	case [2]byte{gs, '8'}:
		if len(b) < 7 {
			return 3, 0
		}
		return 3, 7 + at(3) + at(4)<<8 + at(5)<<16 + at(6)<<24
	case [2]byte{gs, 'v'}:
		if len(b) < 8 {
			return 3, 0
		}
		return 3, 8 + (at(4)+at(5)<<8)*(at(6)+at(7)<<8)
	case [2]byte{esc, '*'}:
		if len(b) < 5 {
			return 2, 0
		}
		rows := 1
		if at(2) >= 32 {
			rows = 3
		}
		return 2, 5 + (at(3)+at(4)<<8)*rows
	}
	return 2, oddSize(b)
}

// oddSize is the length of the commands that have a rule of their own.
func oddSize(b []byte) int {
	need := func(n int) bool { return len(b) < n }
	switch [2]byte{b[0], b[1]} {
	case [2]byte{gs, 'V'}:
		if need(3) {
			return 0
		}
		if m := b[2]; m <= 1 || m == '0' || m == '1' {
			return 3
		}
		return 4
	case [2]byte{gs, 'k'}:
		if need(3) {
			return 0
		}
		if b[2] <= 6 {
			return untilNul(b, 3)
		}
		if need(4) {
			return 0
		}
		return 4 + int(b[3])
	case [2]byte{esc, 'D'}:
		return untilNul(b, 2)
	case [2]byte{dle, dc4}:
		if need(3) {
			return 0
		}
		if b[2] == 8 {
			return 10
		}
		return 5
	case [2]byte{gs, '*'}:
		if need(4) {
			return 0
		}
		return 4 + int(b[2])*int(b[3])*8
	}
	return -1
}

// maxNul is where the search for a final 00 ends: tabs and old bar codes are short.
const maxNul = 260

func untilNul(b []byte, from int) int {
	for i := from; i < min(len(b), maxNul); i++ {
		if b[i] == nul {
			return i + 1
		}
	}
	if len(b) >= maxNul {
		return -1
	}
	return 0
}
