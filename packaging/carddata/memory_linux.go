package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
)

// region is a piece of a program's memory.
type region struct {
	from, to uint64
	owner    string
}

// regions lists what a program may write to, which is where a card number could lie.
func regions(pid int) (all []region, err error) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	for in.Scan() {
		words := strings.Fields(in.Text())
		var r region
		if _, err := fmt.Sscanf(words[0], "%x-%x", &r.from, &r.to); err != nil || !strings.HasPrefix(words[1], "rw") {
			continue
		}
		r.owner = ownerOf(r.from, strings.Join(words[min(5, len(words)):], " "))
		all = append(all, r)
	}
	return all, in.Err()
}

// Owners of memory. What lies in the Go heap or on the stack of a goroutine is this program's, unless the bytes around it say whose.
const (
	goHeap = "Go heap"
	cHeap  = "C heap"
	other  = "other"
)

// Go takes its heap in pieces of 4 MiB from an address of its own choice, below those that the system gives out.
const (
	goPiece = 4 << 20
	mapped  = 0x7E00_0000_0000
)

// ownerOf tells a region by its name, and Go's heap by where Go puts it.
func ownerOf(from uint64, name string) string {
	switch {
	case strings.Contains(name, "Go: ") || name == "" && from < mapped && from%goPiece == 0:
		return goHeap
	case name == "[heap]" || name == "":
		return cHeap // libusb, Xlib, the GL driver; their arenas have no name
	case strings.HasPrefix(name, "[stack"):
		return "first thread's stack"
	case strings.HasPrefix(name, "/"):
		return "data of " + name[strings.LastIndex(name, "/")+1:]
	}
	return other
}

// met is a shape of the card in memory.
type met struct {
	owner, shape string
	at           uint64
	around       string
}

// scan looks through a running program's memory for a card.
func scan(pid int, c card) (found []met, searched int64, err error) {
	all, err := regions(pid)
	if err != nil {
		return nil, 0, err
	}
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		return nil, 0, err
	}
	defer mem.Close()
	for _, r := range all {
		b := make([]byte, r.to-r.from)
		n, err := mem.ReadAt(b, int64(r.from))
		if n == 0 && err != nil { // such as what a driver has mapped
			continue
		}
		searched += int64(n)
		found = append(found, inRegion(r, b[:n], c)...)
	}
	return found, searched, nil
}

func inRegion(r region, b []byte, c card) (found []met) {
	for _, s := range append(slices.Clone(shapes), memoryShapes...) {
		needle := s.needle(c)
		for at := 0; ; at++ {
			i := bytes.Index(b[at:], needle)
			if i < 0 {
				break
			}
			at += i
			found = append(found, met{owner: whose(r.owner, b[:at]), shape: s.name, at: r.from + uint64(at), around: around(b, at, len(needle))})
		}
	}
	return found
}

// memoryShapes are more forms, that are met in memory alone. The PIN block of ISO 9564, format 0, has the last twelve digits of the number
// without its check digit; the till asks for no PIN, so that half of it would be all there is.
var memoryShapes = []shape{
	{"number in UTF-32", func(c card) []byte { return wide32(c.pan) }, 0},
	{"track in UTF-16", func(c card) []byte { return wide(c.track2) }, 0},
	{"half of a PIN block", func(c card) []byte { return packed("0000"+c.pan[len(c.pan)-13:len(c.pan)-1], 0) }, 0},
	{"digits as values", func(c card) []byte { return values(c.pan) }, 0},
}

func wide32(text string) []byte {
	b := make([]byte, 0, 4*len(text))
	for _, c := range []byte(text) {
		b = append(b, c, 0, 0, 0)
	}
	return b
}

func values(digits string) []byte {
	b := []byte(digits)
	for i := range b {
		b[i] -= '0'
	}
	return b
}

// tlsRecord is what crypto/tls leaves where its buffer grew between a record's text and its sealing.
const tlsRecord = ": a TLS record"

// frameHead stands before every message of the profile unionpay, behind the TPDU, which is as long but for one byte.
var frameHead = []byte{0x60, 0x31, 0x00, 0x31, 0x00, 0x00}

// whose tells by the bytes before it what a piece of memory was for.
func whose(owner string, before []byte) string {
	near := before[max(0, len(before)-160):]
	head := bytes.LastIndex(near, frameHead) - len(frameHead) + 1
	switch {
	case head >= 7 && bytes.Equal(near[head-7:head-4], []byte{0x17, 0x03, 0x03}): // its header, and the frame's length
		return owner + tlsRecord
	case head >= 0:
		return owner + ": a frame"
	case len(near) > 0 && near[len(near)-1] == ';':
		return owner + ": a track with its sentinel"
	}
	return owner
}

// around shows the bytes at a place, each digit as a 9: what is met must not be shown.
func around(b []byte, at, n int) string {
	shown := bytes.Clone(b[max(0, at-24):min(len(b), at+n+24)])
	for i, c := range shown {
		switch {
		case c >= '0' && c <= '9':
			shown[i] = '9'
		case c < ' ' || c > '~':
			shown[i] = '.'
		}
	}
	return string(shown)
}
