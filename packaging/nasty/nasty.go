// Package nasty runs fuzz targets in batches. Go's fuzzer needs some ten microseconds
// to hand one input to a worker, which is longer than most parsers of this program
// take for it. So each input that it hands over is tried together with variations of it,
// always the same ones for the same input: what fails is a corpus file that fails again.
package nasty

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"testing"
)

// Batch is how many inputs are tried for each one that the fuzzer hands over: itself and
// its variations. An execution is one of these; packaging/fuzz counts them so.
const Batch = 16

// Longest is where an input is cut: nothing that these parsers read is longer, and a
// fuzzer that is let grows its inputs until it tests its own memory.
const Longest = 2048

// Fuzz tries every input of the fuzzer and its variations. try must not keep its bytes.
func Fuzz(f *testing.F, try func(t *testing.T, b []byte)) {
	f.Fuzz(func(t *testing.T, b []byte) {
		b = b[:min(len(b), Longest)]
		scratch := make([]byte, 0, 2*len(b)+16)
		for i := range Batch {
			scratch = Vary(scratch[:0], b, i)
			one(t, scratch, try)
		}
	})
}

// one tries an input, and says which it was when it fails.
func one(t *testing.T, b []byte, try func(t *testing.T, b []byte)) {
	fine := false
	defer func() {
		if p := recover(); p != nil {
			panic(fmt.Sprintf("%v\nwith input %q", p, b))
		}
		if !fine || t.Failed() {
			t.Logf("with input %q", b)
		}
	}()
	try(t, b)
	fine = true
}

// favourites are bytes that mean something to one of the parsers.
const favourites = "0123456789=D;?%^.,-+:/@#&\"{}[]\n\r\t \x00\x01\x10\x14\x1b\x1d\x7f\x80\xfe\xff"

// Vary appends the nth variation of b; the 0th is b itself.
func Vary(to, b []byte, nth int) []byte {
	to = append(to, b...)
	if nth == 0 {
		return to
	}
	h := fnv.New64a()
	h.Write(b)
	r := dice(h.Sum64() + uint64(nth)*0x9E3779B97F4A7C15)
	for range 1 + r.roll(3) {
		to = edit(to, &r)
	}
	return to
}

func edit(b []byte, r *dice) []byte {
	if len(b) == 0 {
		return append(b, favourites[r.roll(len(favourites))])
	}
	at := r.roll(len(b))
	switch r.roll(8) {
	case 0:
		b[at] ^= 1 << r.roll(8)
	case 1:
		b[at] = byte(r.roll(256))
	case 2, 3:
		b[at] = favourites[r.roll(len(favourites))]
	case 4: // a piece is missing
		return append(b[:at], b[min(len(b), at+1+r.roll(8)):]...)
	case 5: // a piece comes twice
		piece := b[at:min(len(b), at+1+r.roll(16))]
		return append(b, piece...)
	case 6: // it ends early
		return b[:at]
	case 7: // a number that is too large, or nothing
		var number [8]byte
		binary.BigEndian.PutUint64(number[:], []uint64{0, 1<<63 - 1, 1 << 63, 1<<64 - 1}[r.roll(4)])
		copy(b[at:], number[:1+r.roll(8)])
	}
	return b
}

// dice is a small generator of its own, so that a variation is the same in every release of Go.
type dice uint64

func (d *dice) roll(sides int) int {
	*d ^= *d << 13
	*d ^= *d >> 7
	*d ^= *d << 17
	return int(uint64(*d) >> 1 % uint64(sides))
}

// Digits is the longest run of digits in a text: an error that has eleven in a row may
// hold a card number.
func Digits(text string) (longest int) {
	run := 0
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}
