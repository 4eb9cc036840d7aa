package printer

import (
	"testing"

	"veratill/escpos"
)

// FuzzEmulator proves that no stream of bytes, in pieces of any size, breaks the
// emulated printer, that its answers are answers, and that pieces do not matter
// for what it prints.
func FuzzEmulator(f *testing.F) {
	f.Add([]byte("\x1b@\x1da\xffhello\n\x1dVB\x00\x1d(H\x06\x0000abcd"), uint8(3))
	f.Add([]byte("\x10\x04\x01\x10\x04\x02\x10\x05\x02\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"), uint8(1))
	f.Add([]byte("\x1dv0\x00\x02\x00\x02\x00\x10\x04\x01\x10\x1dI\x43\x1dr\x01"), uint8(2))
	f.Add([]byte("\x10\x10\x04\x04\x10\x14\x01\x00\x01\x10\x14\x10\x14"), uint8(5))
	f.Fuzz(func(t *testing.T, b []byte, step uint8) {
		printed := func(size int) (papers string) {
			e := NewEmulator(Traits{})
			e.OnPaper(func(p Paper) { papers += string(p.Bytes) + "|" })
			var d escpos.Demux
			e.change(func() { e.reply = func(a []byte) { d.Feed(a, func(escpos.Reply) {}) } })
			for rest := b; len(rest) > 0; {
				n := min(size, len(rest))
				e.Receive(rest[:n])
				rest = rest[n:]
			}
			if !d.Between() {
				t.Fatal("an answer without an end")
			}
			return papers + string(e.Partial())
		}
		if clear := realTimeClears(b); !clear && printed(len(b)+1) != printed(int(step%7)+1) {
			t.Fatal("pieces change the paper")
		}
	})
}

// realTimeClears is true when the bytes may drop what is in the queue: then it
// matters how far the printer was.
func realTimeClears(b []byte) bool {
	var s realTimeScanner
	for _, c := range b {
		if cmd, done := s.feed(c); done && (cmd[1] == 0x14 || cmd[1] == 0x05) {
			return true
		}
	}
	return false
}

// A real-time question is answered in the middle of a picture, and what is in the
// queue is dropped by DLE DC4 8 and not printed later.
func TestEmulatorActsAtOnce(t *testing.T) {
	e := NewEmulator(Traits{})
	var got []byte
	e.change(func() { e.reply = func(b []byte) { got = append(got, b...) } })
	e.Receive([]byte("\x1dv0\x00\x10\x00\x10\x00\x00\x00\x10\x04\x04"))
	if string(got) != "\x12" {
		t.Fatalf("% x", got)
	}
	e.Set(Condition{PaperOut: true})
	e.Receive(escpos.AppendAsk(nil, escpos.AskPaper))
	if string(got) != "\x12\x7e" {
		t.Fatalf("% x", got)
	}
	e.Receive([]byte("lost\n\x1dVB\x00"))
	e.Receive(escpos.AppendClearBuffers(nil))
	papers := 0
	e.OnPaper(func(Paper) { papers++ })
	e.Set(Condition{})
	if string(got) != "\x12\x7e\x37\x25\x00" || e.Waiting() != 0 || papers != 0 || len(e.Partial()) != 0 {
		t.Fatalf("% x, %d waiting, %d papers, % x", got, e.Waiting(), papers, e.Partial())
	}
	e.Receive([]byte("kept\n\x1dVB\x00\x1dI\x42\x1dr\x01\x1dr\x02"))
	if string(got[5:]) != "_EPSON\x00\x00\x01" || papers != 1 {
		t.Fatalf("%q", got[5:])
	}
}
