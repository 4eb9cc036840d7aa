package printer

import (
	"testing"

	"veratill/escpos"
	"veratill/packaging/nasty"
)

// No stream of bytes, in pieces of any size, breaks the emulated printer; its answers
// are answers, and pieces do not matter for what it prints. The first byte is the size.
func FuzzEmulator(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, in []byte) {
		if len(in) == 0 {
			return
		}
		b := in[1:]
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
		if clear := realTimeClears(b); !clear && printed(len(b)+1) != printed(int(in[0]%7)+1) {
			t.Fatal("pieces change the paper")
		}
	})
}
