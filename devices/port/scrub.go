package port

import "encoding/binary"

// A recording is a file that is sent around, so no card may be in it. scrubber replaces
// what can be one in the bytes of one direction of one pipe, and changes nothing's length
// or place. The rules are simple, and rather take too much than too little:
//
//  1. ASCII: a run of 12 digits or more is a card number. Its first six stay (they name the
//     bank), the others become zeros and the last the check digit of these. Where the run
//     stands behind =, D or ^ it is what follows the number on a track: expiry and service
//     code, seven digits, stay, and the others become zeros.
//  2. Packed: behind a byte 57 or 5A and a length that a number can have (6 to 19, 6 to 10)
//     all digits of that length are taken by the same rules, wherever the two bytes stand.
//     Behind 5F20 and 9F0B (a name) letters become X, behind 9F1F and 9F20 (what else a track
//     holds) digits become zeros.
//  3. Letters between two ^ behind a card number are a name and become X.
//  4. Of a keyboard nothing stays: see mute.
//
// A run goes on from one transfer to the next, and over the heads of CCID messages that
// are parts of one answer. Check characters of a track or a report are not made anew: they
// no longer hold in a recording.
type scrubber struct {
	framed  bool   // the bytes are CCID messages
	head    []byte // of a message, as far as it has come
	payload uint32 // bytes of the message that are still to come
	chained bool   // the message is a part, and the next goes on

	digits []*byte // the run that goes on
	behind byte    // what stood before it
	last   byte    // the byte before
	name   bool    // between two ^

	tag    uint16   // the two bytes before
	values []*value // what stands behind tags; they may overlap
}

// value is what stands behind a tag.
type value struct {
	kind   valueKind
	left   int   // bytes that are still to come
	digits []nib // of the number that goes on
	second bool  // behind the separator
}

type valueKind uint8

const (
	numbers    valueKind = iota
	letters              // are replaced
	packedRest           // the digits are
	asciiRest            // the digits are
)

// tagged is a tag that is looked for, with the shortest and longest value in bytes: EMV Book 3, annex A.
type tagged struct {
	tag, mask   uint16
	least, most byte
	kind        valueKind
}

var taggedOnes = []tagged{
	{0x57, 0xFF, leastPAN / 2, 19, numbers}, // track 2 equivalent data
	{0x5A, 0xFF, leastPAN / 2, 10, numbers}, // application PAN
	{0x5F20, 0xFFFF, 1, 26, letters},        // cardholder name
	{0x9F0B, 0xFFFF, 1, 45, letters},        // the same, extended
	{0x9F20, 0xFFFF, 1, 19, packedRest},     // track 2 discretionary data
	{0x9F1F, 0xFFFF, 1, 76, asciiRest},      // track 1 discretionary data
}

// nib is a half of a byte.
type nib struct {
	at   *byte
	high bool
}

const (
	leastPAN = 12
	bankPart = 6
	dateCode = 7 // expiry and service code

	ccidHead    = 10 // bytes: CCID 1.1, 6.1
	ccidLongest = 65_544
)

// pass takes the bytes of a transfer, which it changes. They must stay where they are until open is false.
func (s *scrubber) pass(b []byte) {
	for i := range b {
		if s.framed && s.inHead(b[i]) {
			continue
		}
		s.ascii(&b[i])
		s.packed(&b[i])
		if s.payload > 0 {
			s.payload--
		}
	}
}

// open reports whether bytes that have passed may still change.
func (s *scrubber) open() bool { return len(s.digits) > 0 || len(s.values) > 0 }

// end is the end of all that belongs together.
func (s *scrubber) end() {
	s.endRun()
	for _, v := range s.values {
		v.end()
	}
	s.values, s.tag, s.last, s.name = nil, 0, 0, false
}

// inHead reports whether a byte is of a message's head. What can't be a head is payload.
func (s *scrubber) inHead(c byte) bool {
	if s.payload > 0 {
		return false
	}
	if len(s.head) == 0 && (c < 0x61 || c > 0x84) {
		return false
	}
	if s.head = append(s.head, c); len(s.head) < ccidHead {
		return true
	}
	if !s.chained {
		s.end()
	}
	s.payload = min(binary.LittleEndian.Uint32(s.head[1:]), ccidLongest)
	s.chained = s.head[0] == 0x80 && (s.head[9] == 1 || s.head[9] == 3) // CCID 1.1, 6.2.1: bChainParameter
	s.head = s.head[:0]
	return true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func (s *scrubber) ascii(at *byte) {
	c := *at
	switch {
	case isDigit(c):
		if len(s.digits) == 0 {
			s.behind = s.last
		}
		s.digits = append(s.digits, at)
	case len(s.digits) > 0:
		number := s.endRun()
		s.name = number && c == '^'
	case c == '^' || c == '?':
		s.name = false
	case s.name && c > ' ' && c < 0x7F && c != '/':
		*at = 'X'
	}
	s.last = c
}

// endRun scrubs the run that has ended, and reports whether it was a number.
func (s *scrubber) endRun() bool {
	run := s.digits
	s.digits = nil
	if len(run) < leastPAN {
		return false
	}
	track := s.behind == '=' || s.behind == 'D' || s.behind == '^'
	nibs := make([]nib, len(run))
	for i, at := range run { // the low half of an ASCII digit is its value
		nibs[i] = nib{at, false}
	}
	scrubNumber(nibs, track)
	return !track
}

// scrubNumber takes a card's number, or what follows it on a track.
func scrubNumber(digits []nib, second bool) {
	keep := bankPart
	if second {
		keep = dateCode
	}
	sum, n := 0, len(digits)
	for i, d := range digits {
		if i >= keep {
			d.set(0)
		}
		sum += luhnPart(int(d.get()), (n-i)%2 == 0)
	}
	if !second && n > keep {
		digits[n-1].set(byte((10 - sum%10) % 10))
	}
}

// luhnPart is what a digit adds: ISO/IEC 7812-1.
func luhnPart(digit int, doubled bool) int {
	if !doubled {
		return digit
	}
	return digit*2/10 + digit*2%10
}

// packed looks for the tags of a chip.
func (s *scrubber) packed(at *byte) {
	c := *at
	values := s.values[:0]
	for _, v := range s.values {
		v.take(at, c)
		if v.left--; v.left == 0 {
			v.end()
		} else {
			values = append(values, v)
		}
	}
	s.values = values
	for _, t := range taggedOnes {
		if s.tag&t.mask == t.tag && c >= t.least && c <= t.most {
			s.values = append(s.values, &value{kind: t.kind, left: int(c)})
		}
	}
	s.tag = s.tag<<8 | uint16(c)
}

// take is one byte of the value; c is what it was before any other value changed it.
func (v *value) take(at *byte, c byte) {
	switch {
	case v.kind == letters && (c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= 0x80):
		*at = 'X'
	case v.kind == asciiRest && isDigit(c):
		*at = '0'
	case v.kind == numbers, v.kind == packedRest:
		v.half(nib{at, true}, c>>4)
		v.half(nib{at, false}, c&0x0F)
	}
}

func (v *value) half(n nib, digit byte) {
	if digit <= 9 {
		if v.kind == packedRest {
			n.set(0)
			return
		}
		v.digits = append(v.digits, n)
		return
	}
	v.end()
	v.second = v.second || digit == 0x0D
}

func (v *value) end() {
	scrubNumber(v.digits, v.second)
	v.digits = nil
}

func (n nib) get() byte {
	if n.high {
		return *n.at >> 4
	}
	return *n.at & 0x0F
}

func (n nib) set(digit byte) {
	if n.high {
		*n.at = *n.at&0x0F | digit<<4
	} else {
		*n.at = *n.at&0xF0 | digit
	}
}

// mute reports whether all data of an interface have to stay out of a recording: a boot
// keyboard sends key codes, and a card's number in them looks like any other keys.
func mute(d Descriptor) bool { return d.Class == ClassHID && d.Sub == 1 && d.Protocol == 1 }
