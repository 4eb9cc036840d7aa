package printer

import (
	"sync"

	"veratill/escpos"
)

// Traits are how an emulated printer is made. The zero value is a good one: it
// answers everything, as an Epson TM does.
type Traits struct {
	Mute        bool   // sends nothing at all, like a print server without a way back
	NoRealTime  bool   // does not answer DLE EOT
	NoAuto      bool   // has no automatic status
	NoQueued    bool   // does not answer GS r
	NoProcessID bool   // clones: takes GS ( H and says nothing
	WrongID     bool   // answers GS ( H with an ID that nobody asked for
	NoClear     bool   // does not know DLE DC4 8
	StaleID     bool   // answers GS ( H with the ID of the question before
	LatePaper   bool   // does not say that paper is out: takes the whole job and prints it when there is paper
	BareText    bool   // answers GS I with bare letters, without header and end
	Noise       string // stands on the line before every answer
	Maker       string // GS I B; empty means "EPSON"
	Model       string // GS I C; empty means "TM-T88V"
	Font        string // GS I E; empty means "CHINA GB18030"

	DrawerOpenHigh bool // connector pin 3 is high while the drawer is open, not low
	DrawerOnPin5   bool // the drawer's coil hangs on pin 5, not 2
	DrawerStuck    bool // it does not open
	NoDrawerSensor bool // pin 3 is high for ever
}

// Condition is what a person can do to a printer, or it to itself.
type Condition struct {
	PaperOut     bool
	PaperNearEnd bool
	CoverOpen    bool
	Offline      bool // by its own switch
	CutterError  bool
	DrawerOpen   bool
}

// Paper is one piece that has been cut off.
type Paper struct {
	Number int    // 1, 2, … since the emulator was made
	Bytes  []byte // what was printed on it, the cut at its end included; no questions and no answers
	Torn   bool   // it ended with its roll, without a cut
}

// Emulator is an ESC/POS printer that behaves as a real unit does: it takes bytes
// in pieces of any size, works them off in order, stops when paper is out, and
// answers real-time commands at once, even in the middle of a picture.
type Emulator struct {
	traits Traits

	mu       sync.Mutex
	cond     Condition
	auto     bool
	last     [4]byte // the automatic status sent last
	queue    []byte  // received and not worked off
	realTime realTimeScanner
	paper    []byte // worked off since the last cut
	lineAt   int    // where in paper the line begins that is not printed yet
	papers   int
	kicks    [2]int // on connector pins 2 and 5
	off      bool
	received int // bytes in all
	lastID   [4]byte
	hangUp   func() // ends the connection to the host; nil without one
	bytes    int    // worked off in all
	lines    int    // lines printed in all
	outBytes int    // paper runs out before this byte; below 0 never
	outLines int    // paper runs out after this line; below 0 never
	outCover bool   // then the cover is opened, and paper is not out
	reply    func([]byte)
	cut      []Paper  // to be handed to watchers once the lock is free
	held     [][]byte // answers that leave after that
	watchers []func(Paper)
}

// NewEmulator makes a printer with paper, online.
func NewEmulator(t Traits) *Emulator {
	return &Emulator{traits: t, outBytes: -1, outLines: -1}
}

// OnPaper calls f for every paper that is cut from now on. f may call the emulator.
func (e *Emulator) OnPaper(f func(Paper)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.watchers = append(e.watchers, f)
}

// Condition is how the printer is now.
func (e *Emulator) Condition() Condition {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.cond
}

// Set changes the printer's condition. Loading paper, closing the cover and so on
// lets it go on where it stopped.
func (e *Emulator) Set(c Condition) {
	e.change(func() {
		e.cond = c
		if !c.PaperOut { // a new roll
			e.outBytes, e.outLines = -1, -1
		}
	})
}

// OutAfter makes the paper run out after n more bytes have been worked off, or
// after n more lines; below 0 means never.
func (e *Emulator) OutAfter(bytes, lines int) {
	e.change(func() {
		e.outBytes, e.outLines, e.outCover = -1, -1, false
		if bytes >= 0 {
			e.outBytes = e.bytes + bytes
		}
		if lines >= 0 {
			e.outLines = e.lines + lines
		}
	})
}

// OpenAfter makes somebody open the cover after n more lines.
func (e *Emulator) OpenAfter(lines int) {
	e.change(func() { e.outBytes, e.outLines, e.outCover = -1, e.lines+lines, true })
}

// ChangePaper puts a new roll in: what hangs in the printer is torn off as a piece of its own.
func (e *Emulator) ChangePaper() {
	e.change(func() {
		if len(e.paper) > 0 {
			e.papers++
			e.cut = append(e.cut, Paper{Number: e.papers, Bytes: e.paper, Torn: true})
			e.paper, e.lineAt = nil, 0
		}
		e.cond.PaperOut, e.cond.PaperNearEnd = false, false
		e.outBytes, e.outLines = -1, -1
	})
}

// PowerOff takes the printer's power away: it forgets what it has received, the line that
// is being set, and that it was to report its status. keepLine leaves the connection up, as
// a serial line and a print server do, and what is sent meanwhile is lost; otherwise it ends.
func (e *Emulator) PowerOff(keepLine bool) {
	var hangUp func()
	e.change(func() {
		e.off, e.auto, e.realTime = true, false, realTimeScanner{}
		e.forget()
		if !keepLine {
			hangUp, e.reply = e.hangUp, nil
		}
	})
	if hangUp != nil {
		hangUp()
	}
}

// PowerOn gives the power back.
func (e *Emulator) PowerOn() { e.change(func() { e.off = false }) }

// Say puts bytes on the line to the host that answer nothing: interference.
func (e *Emulator) Say(b []byte) { e.change(func() { e.send(b...) }) }

// Received is how many bytes have come from the line in all, also those lost while the
// power was off.
func (e *Emulator) Received() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.received
}

// Kicks is how often a pulse was sent to the drawer, on either pin.
func (e *Emulator) Kicks() int { return e.KicksOn(2) + e.KicksOn(5) }

// KicksOn is how often a pulse was sent on connector pin 2 or 5.
func (e *Emulator) KicksOn(pin int) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	if pin == 5 {
		return e.kicks[1]
	}
	return e.kicks[0]
}

// Partial is what has been worked off since the last cut: paper that still hangs
// in the printer.
func (e *Emulator) Partial() []byte {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]byte(nil), e.paper...)
}

// Waiting is how many bytes have been received and not worked off.
func (e *Emulator) Waiting() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.queue)
}

// Receive takes bytes from the line.
func (e *Emulator) Receive(b []byte) {
	e.change(func() {
		e.received += len(b)
		if e.off {
			return
		}
		for _, c := range b {
			e.queue = append(e.queue, c)
			if cmd, done := e.realTime.feed(c); done {
				e.now(cmd)
			}
		}
	})
}

// change does f under the lock, lets the printer work, reports a changed status
// and hands out what was cut.
func (e *Emulator) change(f func()) {
	e.mu.Lock()
	f()
	e.work()
	if e.auto && e.status().Auto() != e.last {
		e.sendAuto()
	}
	cut, watchers, held, reply := e.cut, e.watchers, e.held, e.reply
	e.cut, e.held = nil, nil
	e.mu.Unlock()
	for _, p := range cut {
		for _, w := range watchers {
			w(p)
		}
	}
	for _, b := range held {
		reply(b)
	}
}

// status is what the sensors say.
func (e *Emulator) status() escpos.Status {
	c := e.cond
	if e.traits.LatePaper {
		c.PaperOut = false
	}
	return escpos.Status{
		DrawerHigh:   c.DrawerOpen == e.traits.DrawerOpenHigh || e.traits.NoDrawerSensor,
		Offline:      c.Offline || c.PaperOut || c.CoverOpen || c.CutterError,
		CoverOpen:    c.CoverOpen,
		PaperNearEnd: c.PaperNearEnd || c.PaperOut,
		PaperOut:     c.PaperOut,
		Cutter:       c.CutterError,
	}
}

// stopped is true while the printer prints nothing, whether it says so or not.
func (e *Emulator) stopped() bool { return e.off || e.cond.PaperOut || e.status().Offline }

func (e *Emulator) send(b ...byte) {
	b = append([]byte(e.traits.Noise), b...)
	switch {
	case e.traits.Mute || e.reply == nil || e.off:
	case len(e.cut) > 0: // whoever keeps the paper has it before the till hears of it
		e.held = append(e.held, append([]byte(nil), b...))
	default:
		e.reply(b)
	}
}

func (e *Emulator) sendAuto() {
	e.last = e.status().Auto()
	e.send(e.last[:]...)
}

func (e *Emulator) block(head byte, body ...byte) {
	e.send(append(append([]byte{head}, body...), 0)...)
}
