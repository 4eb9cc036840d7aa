package escpos

// Status is what a printer says of itself. Only Known parts are meaningful: a
// printer that was asked one question has answered one.
type Status struct {
	DrawerHigh    bool // drawer connector pin 3: which level is "open" depends on the drawer
	Offline       bool
	CoverOpen     bool
	Feeding       bool // paper is fed by its button
	Waiting       bool // waits to be brought back online
	PaperNearEnd  bool
	PaperOut      bool
	Mechanical    bool // a recoverable fault such as a jam
	Cutter        bool
	Unrecoverable bool
	AutoRecover   bool // for example a hot head: goes away by itself
}

// Real-time status requests, n of DLE EOT.
const (
	AskPrinter = 1
	AskOffline = 2
	AskError   = 3
	AskPaper   = 4
)

// AppendAsk appends DLE EOT n, which a printer answers at once with one byte,
// whatever it is doing.
func AppendAsk(dst []byte, n byte) []byte { return append(dst, dle, eot, n) }

// AppendAutoStatus appends GS a FF: from now on the printer reports every
// change unasked. ESC @ ends it.
func AppendAutoStatus(dst []byte) []byte { return append(dst, gs, 'a', 0xFF) }

// AppendAskQueued appends GS r 1: the paper sensors, answered only when all that
// was sent before has been worked through. It proves order, not paper.
func AppendAskQueued(dst []byte) []byte { return append(dst, gs, 'r', 1) }

// AppendClearBuffers appends DLE DC4 8: the printer forgets what it has not
// printed yet and answers ClearedID. Nothing may be sent until it has.
func AppendClearBuffers(dst []byte) []byte {
	return append(dst, dle, dc4, 8, 1, 3, 20, 1, 6, 2, 8)
}

// What follows 37h in a reply block of header 37h.
const (
	ProofID   = 0x22 // then the four characters of the process ID
	ClearedID = 0x25
)

// Apply takes the answer to DLE EOT n, 1 to 4, into the status. Answers are
// applied in the order 1 to 4: both 2 and 4 can say that the paper is out, and
// one of them is enough.
func (s *Status) Apply(n, answer byte) {
	on := func(bit byte) bool { return answer&bit != 0 }
	switch n {
	case AskPrinter:
		s.DrawerHigh, s.Offline, s.Waiting = on(0x04), on(0x08), on(0x20)
	case AskOffline:
		s.CoverOpen, s.Feeding = on(0x04), on(0x08)
		s.PaperOut = on(0x20)
	case AskError:
		s.Mechanical, s.Cutter = on(0x04), on(0x08)
		s.Unrecoverable, s.AutoRecover = on(0x20), on(0x40)
	case AskPaper:
		s.PaperNearEnd, s.PaperOut = on(0x0C), s.PaperOut || on(0x60)
	}
}

// AutoStatus reads the four bytes of an automatic status.
func AutoStatus(b [4]byte) Status {
	return Status{
		DrawerHigh: b[0]&0x04 != 0, Offline: b[0]&0x08 != 0, CoverOpen: b[0]&0x20 != 0, Feeding: b[0]&0x40 != 0,
		Waiting: b[1]&0x01 != 0, Mechanical: b[1]&0x04 != 0, Cutter: b[1]&0x08 != 0,
		Unrecoverable: b[1]&0x20 != 0, AutoRecover: b[1]&0x40 != 0,
		PaperNearEnd: b[2]&0x03 != 0, PaperOut: b[2]&0x0C != 0,
	}
}

// RealTime is the answer to DLE EOT n that a printer in this state gives: the
// other direction of Apply, for emulators. Out of range it is the answer to 1.
func (s Status) RealTime(n byte) byte {
	b := byte(0x12)
	add := func(on bool, bit byte) {
		if on {
			b |= bit
		}
	}
	switch n {
	case AskOffline:
		add(s.CoverOpen, 0x04)
		add(s.Feeding, 0x08)
		add(s.PaperOut, 0x20)
		add(s.Mechanical || s.Cutter || s.Unrecoverable || s.AutoRecover, 0x40)
	case AskError:
		add(s.Mechanical, 0x04)
		add(s.Cutter, 0x08)
		add(s.Unrecoverable, 0x20)
		add(s.AutoRecover, 0x40)
	case AskPaper:
		add(s.PaperNearEnd, 0x0C)
		add(s.PaperOut, 0x60)
	default:
		add(s.DrawerHigh, 0x04)
		add(s.Offline, 0x08)
		add(s.Waiting, 0x20)
	}
	return b
}

// Auto is the automatic status of a printer in this state: the other direction
// of AutoStatus.
func (s Status) Auto() [4]byte {
	b := [4]byte{0x10, 0, 0, 0x0F}
	bit := func(i int, on bool, v byte) {
		if on {
			b[i] |= v
		}
	}
	bit(0, s.DrawerHigh, 0x04)
	bit(0, s.Offline, 0x08)
	bit(0, s.CoverOpen, 0x20)
	bit(0, s.Feeding, 0x40)
	bit(1, s.Waiting, 0x01)
	bit(1, s.Mechanical, 0x04)
	bit(1, s.Cutter, 0x08)
	bit(1, s.Unrecoverable, 0x20)
	bit(1, s.AutoRecover, 0x40)
	bit(2, s.PaperNearEnd, 0x03)
	bit(2, s.PaperOut, 0x0C)
	return b
}

// Queued is the answer to GS r 1.
func (s Status) Queued() byte {
	var b byte
	if s.PaperNearEnd {
		b |= 0x03
	}
	if s.PaperOut {
		b |= 0x0C
	}
	return b
}
