package reader

import (
	"bytes"
	"encoding/binary"
	"errors"
	"veratill/devices/hid"
)

// Faults of a report.
var (
	ErrReport   = errors.New("the report is not of the reader's layout")
	ErrFrame    = errors.New("the frame fails its check bytes")
	ErrNoTrack2 = errors.New("track 2 is missing")
)

// swipe is what a report says of the tracks, in the report's own bytes.
type swipe struct {
	tracks [3][]byte
	bad    [3]bool // there were data, and they could not be decoded
	sealed bool    // the data are encrypted, and the tracks masked
}

// decodeReport makes a card of a report, which the caller clears. Errors are *Fault.
func decodeReport(l *layout, shape hid.Shape, report []byte) (Card, error) {
	var id byte
	if shape.IDs {
		if len(report) == 0 {
			return Card{}, &Fault{NotUnderstood, ErrReport}
		}
		id, report = report[0], report[1:]
	}
	s, err := l.split(shape, id, report)
	if err != nil {
		return Card{}, err
	}
	return s.card()
}

// split finds the tracks.
func (l *layout) split(shape hid.Shape, id byte, report []byte) (swipe, error) {
	switch {
	case l.form == framed || l.form == stream && len(report) > 0 && report[0] == stx:
		return splitFrame(report) // a status is 0 or 1, and STX is 2
	case l.form == fixed:
		return l.splitFixed(report)
	case l.form == stream:
		return l.splitStream(report)
	}
	return l.splitNamed(shape, id, report)
}

func (l *layout) splitFixed(b []byte) (s swipe, err error) {
	if len(b) < l.least() {
		return s, &Fault{NotUnderstood, ErrReport}
	}
	for i := range 3 {
		n := int(b[l.lengths[i]])
		if n > l.room {
			return s, &Fault{NotUnderstood, ErrReport}
		}
		s.tracks[i], s.bad[i] = b[l.tracks[i]:][:n], b[l.status[i]]&1 != 0
	}
	return s, nil
}

// splitNamed goes by the fields that the device's own descriptor names.
func (l *layout) splitNamed(shape hid.Shape, id byte, b []byte) (s swipe, err error) {
	for i := range 3 {
		data, is := shape.Find(l.page, l.usages.tracks[i])
		if !is {
			continue
		}
		if data.ID != id || data.At%8 != 0 || (data.At+data.Bits)/8 > len(b) {
			return s, &Fault{NotUnderstood, ErrReport}
		}
		track := b[data.At/8 : (data.At+data.Bits)/8]
		n, told := value(shape, l.page, l.usages.lengths[i], id, b)
		if !told { // up to the first zero byte
			if n = bytes.IndexByte(track, 0); n < 0 {
				n = len(track)
			}
		}
		if n > len(track) {
			return s, &Fault{NotUnderstood, ErrReport}
		}
		bad, _ := value(shape, l.page, l.usages.status[i], id, b)
		s.tracks[i], s.bad[i] = track[:n], bad&1 != 0
	}
	return s, nil
}

// value is a field of one or two whole bytes, the lower first: HID 1.11, 5.8.
func value(s hid.Shape, page, usage uint16, id byte, b []byte) (int, bool) {
	f, is := s.Find(page, usage)
	if !is || f.ID != id || f.At%8 != 0 || f.Bits != 8 && f.Bits != 16 || (f.At+f.Bits)/8 > len(b) {
		return 0, false
	}
	n := int(b[f.At/8])
	if f.Bits == 16 {
		n |= int(b[f.At/8+1]) << 8
	}
	return n, true
}

func (l *layout) splitStream(b []byte) (s swipe, err error) {
	if len(b) < l.least() {
		return s, &Fault{NotUnderstood, ErrReport}
	}
	sum := 0
	for i := range 3 {
		s.bad[i] = b[l.status[i]]&1 != 0
		sum += int(b[l.lengths[i]])
	}
	n := total(b[l.total:], sum, len(b)-l.output)
	if n < 0 {
		return s, &Fault{NotUnderstood, ErrReport}
	}
	bad := s.bad
	s.tracks = splitTracks(b[l.output:][:n])
	s.bad = bad
	return s, nil
}

// total reads two bytes of a length that holds at least what the tracks have and at most
// the room, in the order in which it can be one; -1 where neither can.
func total(b []byte, least, most int) int {
	for _, n := range []int{int(binary.LittleEndian.Uint16(b)), int(binary.BigEndian.Uint16(b))} {
		if n >= least && n <= most {
			return n
		}
	}
	return -1
}

// splitTracks finds tracks by their sentinels: ISO/IEC 7811-2. A second ; is track 3.
func splitTracks(b []byte) (tracks [3][]byte) {
	for len(b) > 0 {
		start := bytes.IndexAny(b, "%;")
		if start < 0 {
			return tracks
		}
		end := bytes.IndexByte(b[start:], '?')
		if end < 0 {
			return tracks
		}
		one := b[start : start+end+1]
		switch {
		case one[0] == '%' && tracks[0] == nil:
			tracks[0] = one
		case one[0] == ';' && tracks[1] == nil:
			tracks[1] = one
		case tracks[2] == nil:
			tracks[2] = one
		}
		b = b[start+end+1:]
	}
	return tracks
}

// Frames of ID TECH's encrypting readers: SecureMag User Manual (80096504-001), 10.3 and
// 10.4, the same in its SREDKey 2 and iMag manuals: STX, the length of what follows in two
// bytes, the lower first, the card's data, their exclusive or, their sum, ETX.
const (
	stx, etx   = 0x02, 0x03
	frameLeast = 3 + 5 + 3
	enhanced   = 0x80 // of the encode type: two more bytes stand before the tracks
)

func splitFrame(b []byte) (s swipe, err error) {
	if len(b) < frameLeast || b[0] != stx {
		return s, &Fault{NotUnderstood, ErrReport}
	}
	n := int(binary.LittleEndian.Uint16(b[1:]))
	if n < 5 || n > len(b)-6 || b[3+n+2] != etx {
		return s, &Fault{NotUnderstood, ErrReport}
	}
	body := b[3 : 3+n]
	var xor, sum byte
	for _, c := range body {
		xor, sum = xor^c, sum+c
	}
	if b[3+n] != xor || b[3+n+1] != sum {
		return s, &Fault{WrongChecksum, ErrFrame}
	}
	return splitBody(body)
}

// splitBody reads the card's data: encode type, status, three lengths, in the enhanced form
// which tracks are sent and which are encrypted, then the tracks. In the status bits 0 to 2 say
// that a track is decoded or empty, 3 to 5 that there was something on it.
func splitBody(b []byte) (s swipe, err error) {
	kind, status, lengths, rest := b[0], b[1], b[2:5], b[5:]
	present := byte(7)
	if kind&enhanced != 0 {
		if len(rest) < 2 {
			return s, &Fault{NotUnderstood, ErrReport}
		}
		present, s.sealed, rest = rest[0], rest[1]&7 != 0, rest[2:]
	}
	for i := range 3 {
		s.bad[i] = status&(1<<i) == 0 && status&(8<<i) != 0
		n := int(lengths[i])
		if present&(1<<i) == 0 {
			continue
		}
		if n > len(rest) {
			return s, &Fault{NotUnderstood, ErrReport}
		}
		s.tracks[i], rest = rest[:n], rest[n:]
	}
	if kind&enhanced == 0 { // in the original form the numbers are encrypted where there is a rest
		s.sealed = len(rest) > 0
	}
	return s, nil
}

// card judges what was on the tracks.
func (s swipe) card() (Card, error) {
	two := s.tracks[1]
	masked := bytes.IndexByte(two, '*') >= 0 || bytes.IndexByte(s.tracks[0], '*') >= 0
	switch {
	case s.sealed || masked:
		return Card{}, &Fault{Encrypted, nil}
	case len(two) > 0 && !s.bad[1]:
		c, err := ParseTrack2(two)
		if err != nil {
			return Card{}, &Fault{codeOfTrack(two, err), err}
		}
		return c, nil
	case bytes.HasPrefix(s.tracks[0], []byte("%B")):
		return Card{}, &Fault{Partial, ErrNoTrack2}
	case s.bad[1]:
		return Card{}, &Fault{Unreadable, nil}
	case len(s.tracks[0]) > 0 || len(s.tracks[2]) > 0:
		return Card{}, &Fault{NoPaymentCard, ErrNoTrack2}
	case s.bad[0] || s.bad[2]:
		return Card{}, &Fault{Unreadable, nil}
	}
	return Card{}, &Fault{Blank, nil}
}

// codeOfTrack says what a track is that ParseTrack2 refuses. A whole one with other
// contents is another card's; one without its ends was not read well.
func codeOfTrack(b []byte, err error) Code {
	switch {
	case errors.Is(err, ErrChecksum):
		return WrongChecksum
	case errors.Is(err, ErrStart), errors.Is(err, ErrTrailing):
		return NotUnderstood
	case errors.Is(err, ErrEnd), errors.Is(err, ErrCharacter) && !numeric(b):
		return Unreadable
	}
	return NoPaymentCard
}

// numeric reports whether a track holds only characters that track 2 can have.
func numeric(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '?' {
			return false
		}
	}
	return true
}
