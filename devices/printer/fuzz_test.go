package printer

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"testing"

	"veratill/assets"
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

var fuzzModels = sync.OnceValue(func() *Models {
	m, err := ReadModels(assets.Printers, assets.PrinterCorrections)
	if err != nil {
		panic(err)
	}
	return m
})

// Whatever a printer answers to GS I, and however it is named, a model comes of it that
// can be printed on; a name that is found is the model's own, dashes and case apart.
func FuzzName(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		var found Findings
		to := []*string{&found.Model, &found.Maker, &found.Font, &found.Firmware, &found.SerialNumber}
		var d escpos.Demux
		n := 0
		d.Feed(b, func(r escpos.Reply) {
			if r.Kind != escpos.BlockReply || r.Byte != 0x5F {
				return
			}
			name := readName(string(r.Block))
			if strings.ContainsFunc(name, func(c rune) bool { return c < ' ' || c > 0x7F }) {
				t.Fatalf("%q", name)
			}
			*to[n%len(to)] = name
			n++
		})
		p := fuzzModels().Propose(found)
		if p.Model.Paper.Columns < 16 || p.Known && len(p.Doubts) == 0 && plainName(p.Model.Name) != plainName(found.Model) {
			t.Fatalf("%+v of %+v", p, found)
		}
		if p.EncodingKnown && !p.Encoding.TwoByte() {
			t.Fatalf("%q is %v", found.Font, p.Encoding)
		}
		if m, ok := fuzzModels().Lookup(string(b)); ok && plainName(m.Name) != plainName(string(b)) {
			t.Fatalf("%q is %s", b, m.Name)
		}
	})
}

// No file breaks the reading of models: it is refused with its kind, or all of its models
// can be encoded for. A zero byte parts the database from the layer over it.
func FuzzModels(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		database, layer, _ := bytes.Cut(b, []byte{0})
		m, err := ReadModels(database, layer)
		if err != nil {
			if !errors.Is(err, ErrModels) {
				t.Fatal(err)
			}
			return
		}
		for _, model := range m.All() {
			for e := range model.Pages {
				p, err := model.Profile(e, nil)
				if errors.Is(err, escpos.ErrImage) {
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				if _, err := escpos.NewEncoder(p); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}
