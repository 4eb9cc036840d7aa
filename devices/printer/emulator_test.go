package printer

import (
	"testing"

	"veratill/escpos"
)

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
