package main

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// shape is a form in which a card's number or track may lie in a file.
type shape struct {
	name   string
	needle func(card) []byte
	lead   int // bytes at the beginning that all cards have in common
}

// shapes are the forms: as typed, as the wire packs them, as dumps and JSON show bytes.
var shapes = []shape{
	{"number", func(c card) []byte { return []byte(c.pan) }, 6},
	{"number packed", func(c card) []byte { return packed(c.pan, 0) }, 3},
	{"number packed to the right", func(c card) []byte { return packed("0"+c.pan, 0) }, 3},
	{"number in hex", func(c card) []byte { return []byte(hex.EncodeToString([]byte(c.pan))) }, 12},
	{"number in base64", func(c card) []byte { return []byte(base64.StdEncoding.EncodeToString([]byte(c.pan))[:20]) }, 8},
	{"number in UTF-16", func(c card) []byte { return wide(c.pan) }, 12},
	{"track with D", func(c card) []byte { return []byte(strings.Replace(c.track2, "=", "D", 1)) }, 6},
	{"track packed", func(c card) []byte { return packed(strings.Replace(c.track2, "=", "d", 1), 0) }, 3},
	{"track's own digits", func(c card) []byte { return []byte(c.track2[strings.Index(c.track2, "=")+1:]) }, 8},
	{"track in base64", func(c card) []byte { return []byte(base64.StdEncoding.EncodeToString([]byte(c.track2))[:20]) }, 8},
}

// packed is BCD, two digits a byte, filled up on the right.
func packed(digits string, fill byte) []byte {
	if len(digits)%2 == 1 {
		digits += string('0' + fill)
	}
	b, err := hex.DecodeString(digits)
	stopOn(err)
	return b
}

func wide(text string) []byte {
	b := make([]byte, 0, 2*len(text))
	for _, c := range []byte(text) {
		b = append(b, c, 0)
	}
	return b
}

// search looks through everything in the folder except the cards themselves. It
// first makes sure that it would find what it looks for.
func (t *trial) search() (found []string) {
	for _, s := range shapes {
		probe := append([]byte("xx"), append(s.needle(t.cards[len(t.cards)-1]), "yy"...)...)
		if len(t.look(s, probe)) == 0 {
			stopOn(fmt.Errorf("the search would not find a %s", s.name))
		}
	}
	err := filepath.WalkDir(t.shop.Dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == cardsDir:
			return fs.SkipDir
		case !entry.Type().IsRegular():
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		t.files++
		t.bytes += int64(len(text))
		text = append(text, t.unpacked(text)...)
		for _, s := range shapes {
			for _, where := range t.look(s, text) {
				found = append(found, fmt.Sprintf("%s: %s", strings.TrimPrefix(path, t.shop.Dir+"/"), where))
			}
		}
		return nil
	})
	stopOn(err)
	return found
}

// unpacked is what lies in a file packed by gzip, one piece behind another: slips, and messages of payments.
func (t *trial) unpacked(text []byte) (all []byte) {
	for at := 0; ; at++ {
		i := bytes.Index(text[at:], []byte{0x1F, 0x8B, 8})
		if i < 0 {
			return all
		}
		at += i
		z, err := gzip.NewReader(bytes.NewReader(text[at:]))
		if err != nil {
			continue
		}
		z.Multistream(false)
		if piece, err := io.ReadAll(io.LimitReader(z, 16<<20)); err == nil {
			all = append(all, piece...)
			t.pieces++
		}
	}
}

// look finds the shape of any card, by the beginning that all have in common.
func (t *trial) look(s shape, text []byte) (found []string) {
	lead := s.needle(t.cards[0])[:s.lead]
	for at := 0; ; at++ {
		i := bytes.Index(text[at:], lead)
		if i < 0 {
			return found
		}
		at += i
		for n, c := range t.cards {
			if bytes.HasPrefix(text[at:], s.needle(c)) {
				found = append(found, fmt.Sprintf("%s of sale %d at byte %d", s.name, n, at))
			}
		}
	}
}
