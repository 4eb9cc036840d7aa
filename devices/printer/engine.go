package printer

import (
	"veratill/escpos"
)

// The part of the emulator that works commands off.

// realTimeScanner finds real-time commands in the stream as it is received,
// wherever they stand.
type realTimeScanner struct {
	buf [10]byte
	n   int
}

// feed takes a byte; done is true when it completes a command.
func (s *realTimeScanner) feed(c byte) (cmd []byte, done bool) {
	if s.n == 0 && c != 0x10 {
		return nil, false
	}
	s.buf[s.n] = c
	s.n++
	want := 0
	switch {
	case s.n == 1:
		return nil, false
	case s.buf[1] == 0x04, s.buf[1] == 0x05:
		want = 3
	case s.buf[1] == 0x14 && s.n == 2:
		return nil, false
	case s.buf[1] == 0x14 && s.buf[2] == 8:
		want = 10
	case s.buf[1] == 0x14 && (s.buf[2] == 1 || s.buf[2] == 2):
		want = 5
	}
	if s.n < want {
		return nil, false
	}
	cmd, s.n = s.buf[:s.n], 0
	if want == 0 { // no real-time command; it may begin one anew
		if c == 0x10 {
			s.buf[0], s.n = c, 1
		}
		return nil, false
	}
	return cmd, true
}

// now executes a real-time command.
func (e *Emulator) now(cmd []byte) {
	switch cmd[1] {
	case 0x04:
		if n := cmd[2]; n >= 1 && n <= 4 && !e.traits.NoRealTime {
			e.send(e.status().RealTime(n))
		}
	case 0x05:
		if cmd[2] == 1 || cmd[2] == 2 {
			e.cond.CutterError = false
		}
		if cmd[2] == 2 {
			e.forget()
		}
	case 0x14:
		switch {
		case cmd[2] == 1:
			e.kick(cmd[3])
		case cmd[2] == 8 && string(cmd[3:]) == "\x01\x03\x14\x01\x06\x02\x08" && !e.traits.NoClear:
			e.forget()
			e.block(0x37, escpos.ClearedID)
		}
	}
}

// forget drops what is not on paper: the queue and the line that is being set.
func (e *Emulator) forget() {
	e.queue = nil
	e.paper = e.paper[:e.lineAt]
}

// kick pulses connector pin 2 for an even m, otherwise 5.
func (e *Emulator) kick(m byte) {
	e.kicks[m&1]++
	if e.traits.DrawerOnPin5 == (m&1 == 1) && !e.traits.DrawerStuck {
		e.cond.DrawerOpen = true
	}
}

// work takes commands from the queue for as long as the printer can print.
func (e *Emulator) work() {
	for len(e.queue) > 0 && !e.stopped() {
		c, n := escpos.Next(e.queue)
		if n == 0 {
			return
		}
		if c.Op == escpos.OpText { // in pieces, so that paper can run out within a line
			n = min(n, 8)
			c.Raw, c.Data = c.Raw[:n], c.Data[:n]
		}
		if e.outBytes >= 0 && e.bytes+n > e.outBytes {
			e.runOut()
			return
		}
		e.bytes += n
		if !silent(c.Op) {
			e.paper = append(e.paper, c.Raw...)
		}
		e.queue = e.queue[n:]
		e.do(c)
		if e.outLines >= 0 && e.lines >= e.outLines {
			e.runOut()
			return
		}
	}
	if len(e.queue) == 0 {
		e.queue = nil
	}
}

// silent is true for commands that ask or tell something and leave nothing on paper.
func silent(op escpos.Op) bool {
	switch op {
	case escpos.OpAskNow, escpos.OpRecover, escpos.OpRealTime, escpos.OpAuto, escpos.OpQueued, escpos.OpIdentify, escpos.OpProof:
		return true
	}
	return false
}

func (e *Emulator) runOut() {
	if e.outCover {
		e.cond.CoverOpen = true
	} else {
		e.cond.PaperOut = true
	}
	e.outBytes, e.outLines = -1, -1
}

func (e *Emulator) do(c escpos.Command) {
	switch c.Op {
	case escpos.OpLF, escpos.OpFeedLines, escpos.OpFeedDots, escpos.OpRaster, escpos.OpBarcode:
		e.lines++
		e.lineAt = len(e.paper)
	case escpos.OpSymbol:
		if len(c.Data) > 3 && c.Data[3] == 'Q' {
			e.lines++
			e.lineAt = len(e.paper)
		}
	case escpos.OpCut, escpos.OpCutOld, escpos.OpCutOldM:
		e.lines++
		e.papers++
		e.cut = append(e.cut, Paper{Number: e.papers, Bytes: e.paper})
		e.paper, e.lineAt = nil, 0
	case escpos.OpDrawer:
		e.kick(c.Data[0])
	case escpos.OpInit:
		e.auto = false
	case escpos.OpAuto:
		e.auto = c.Data[0] != 0 && !e.traits.NoAuto
		if e.auto {
			e.sendAuto()
		}
	default:
		e.answer(c)
	}
}

// answer works off commands that ask something back, in their place in the queue.
func (e *Emulator) answer(c escpos.Command) {
	switch c.Op {
	case escpos.OpQueued:
		if e.traits.NoQueued {
			return
		}
		if n := c.Data[0]; n == 2 || n == '2' {
			var b byte
			if e.status().DrawerHigh {
				b = 1
			}
			e.send(b)
			return
		}
		e.send(e.status().Queued())
	case escpos.OpIdentify:
		e.identify(c.Data[0])
	case escpos.OpProof:
		d := c.Data // pL pH fn m d1 d2 d3 d4
		if len(d) != 8 || d[2] != 0x30 || d[3] != 0x30 || e.traits.NoProcessID {
			return
		}
		id := [4]byte(d[4:])
		for _, c := range id {
			if c < 0x20 || c > 0x7E {
				return // out of range: ignored, as the reference has it
			}
		}
		if e.traits.WrongID {
			id = [4]byte{'0', '0', '0', '0'}
		}
		if e.traits.StaleID {
			if id, e.lastID = e.lastID, id; id == ([4]byte{}) {
				return
			}
		}
		e.block(0x37, append([]byte{escpos.ProofID}, id[:]...)...)
	}
}

func (e *Emulator) identify(n byte) {
	text := func(s, usual string) {
		if s == "" {
			s = usual
		}
		if e.traits.BareText {
			e.send([]byte(s)...)
			return
		}
		e.block(0x5F, []byte(s)...)
	}
	switch n {
	case 1, 2, 3, '1', '2', '3':
		e.send(0x02)
	case 0x41:
		text("", "1.00 ESC/POS")
	case 0x42:
		text(e.traits.Maker, "EPSON")
	case 0x43:
		text(e.traits.Model, "TM-T88V")
	case 0x44:
		text("", "VERATILL01")
	case 0x45:
		text(e.traits.Font, "CHINA GB18030")
	}
}
