package zvt

import (
	"fmt"
	"strings"
)

// Field is one bitmap of an APDU: its number and its value, without the length in front of it.
type Field struct {
	Tag   byte
	Value []byte
}

// The bitmaps that are read or written here (PA00P015 13).
const (
	FieldTimeout  byte = 0x01 // seconds that the terminal waits for the answer to its Status-Information; 30 by default
	FieldService  byte = 0x03
	FieldAmount   byte = 0x04 // BCD, minor units
	FieldTLV      byte = 0x06
	FieldTrace    byte = 0x0B
	FieldTime     byte = 0x0C // hhmmss
	FieldDate     byte = 0x0D // MMDD
	FieldExpiry   byte = 0x0E
	FieldSequence byte = 0x17
	FieldStatus   byte = 0x19 // status of a registration, payment type of a payment
	FieldPAN      byte = 0x22 // BCD, E is a hidden digit
	FieldResult   byte = 0x27
	FieldTID      byte = 0x29
	FieldContract byte = 0x2A
	FieldAID      byte = 0x3B // the approval code
	FieldText     byte = 0x3C
	FieldCurrency byte = 0x49
	FieldTotals   byte = 0x60
	FieldReceipt  byte = 0x87
	FieldTurnover byte = 0x88
	FieldCardType byte = 0x8A
	FieldCardName byte = 0x8B
)

// How long a bitmap is: so many bytes, or as its first bytes say. LL and LLL are digits in the low halves of bytes, F1 F0 for 10.
const (
	ll  = -2
	lll = -3
	tlv = -1
)

// lengths are those of the summary in chapter 13.
var lengths = map[byte]int{
	0x01: 1, 0x02: 1, 0x03: 1, 0x04: 6, 0x05: 1, 0x06: tlv, 0x0B: 3, 0x0C: 3, 0x0D: 2, 0x0E: 2, 0x17: 2, 0x19: 1, 0x22: ll, 0x23: ll, 0x24: lll, 0x27: 1,
	0x29: 4, 0x2A: 15, 0x2D: ll, 0x2E: lll, 0x37: 3, 0x3A: 2, 0x3B: 8, 0x3C: lll, 0x3D: 3, 0x49: 2, 0x60: lll, 0x70: 4, 0x71: 4, 0x72: 1, 0x73: 1, 0x74: 1,
	0x75: 1, 0x87: 2, 0x88: 3, 0x8A: 1, 0x8B: ll, 0x8C: 1, 0x9A: lll, 0xA0: 1, 0xA7: ll, 0xAA: 3, 0xAF: lll, 0xBA: 5, 0xD0: 1, 0xD1: ll, 0xD2: 1, 0xD3: 1,
	0xE0: 1, 0xE1: ll, 0xE2: ll, 0xE3: ll, 0xE4: ll, 0xE5: ll, 0xE6: ll, 0xE7: ll, 0xE8: ll, 0xE9: 1, 0xEA: 1, 0xEB: 8, 0xF0: 1, 0xF1: ll, 0xF2: ll, 0xF3: ll,
	0xF4: ll, 0xF5: ll, 0xF6: ll, 0xF7: ll, 0xF8: ll, 0xF9: 1, 0xFA: 1, 0xFB: 1, 0xFC: 1, 0xFD: 1,
}

// Fields reads bitmaps to the end of b. The error names the bitmap and never its value; what came before it is returned.
func Fields(b []byte) (all []Field, err error) {
	for len(b) > 0 {
		tag := b[0]
		length, known := lengths[tag]
		if !known {
			return all, fmt.Errorf("%w: bitmap %02X", errNoSuch, tag)
		}
		value, rest, ok := cut(b[1:], length)
		if !ok {
			return all, fmt.Errorf("%w: bitmap %02X", errField, tag)
		}
		all, b = append(all, Field{tag, value}), rest
	}
	return all, nil
}

// cut takes a value of a length off b.
func cut(b []byte, length int) (value, rest []byte, ok bool) {
	switch length {
	case ll, lll:
		digits := -length
		if len(b) < digits {
			return nil, nil, false
		}
		n := 0
		for _, d := range b[:digits] {
			if d&0x0F > 9 {
				return nil, nil, false
			}
			n = n*10 + int(d&0x0F)
		}
		b, length = b[digits:], n
	case tlv:
		n, size, ok := tlvLength(b)
		if !ok {
			return nil, nil, false
		}
		b, length = b[size:], n
	}
	if len(b) < length {
		return nil, nil, false
	}
	return b[:length], b[length:], true
}

// AppendFields writes bitmaps. It is the caller who gives each its length; one that can't have it is an error.
func AppendFields(to []byte, all ...Field) ([]byte, error) {
	for _, f := range all {
		length, known := lengths[f.Tag]
		n := len(f.Value)
		if !known || length >= 0 && n != length || length == ll && n > 99 || length == lll && n > 999 || n > mostData {
			return to, fmt.Errorf("%w: bitmap %02X with %d bytes", errField, f.Tag, n)
		}
		to = append(to, f.Tag)
		switch length {
		case ll:
			to = append(to, 0xF0|byte(n/10), 0xF0|byte(n%10))
		case lll:
			to = append(to, 0xF0|byte(n/100), 0xF0|byte(n/10%10), 0xF0|byte(n%10))
		case tlv:
			to = appendLength(to, n)
		}
		to = append(to, f.Value...)
	}
	return to, nil
}

// BCD packs a number into n bytes, two digits each, with leading zeros; ok is false where it has more digits or is negative.
func BCD(value int64, n int) (b []byte, ok bool) {
	b = make([]byte, n)
	for i := n - 1; i >= 0; i-- {
		b[i] = byte(value%10) | byte(value/10%10)<<4
		value /= 100
	}
	return b, value == 0
}

// Number reads packed digits; ok is false where one is none, or where there are more than 18.
func Number(b []byte) (n int64, ok bool) {
	if len(b) > 9 {
		return 0, false
	}
	for _, x := range b {
		hi, lo := int64(x>>4), int64(x&0x0F)
		if hi > 9 || lo > 9 {
			return 0, false
		}
		n = n*100 + hi*10 + lo
	}
	return n, true
}

// Digits are packed digits as text, with what is none left out of sight: E, a hidden digit, is an asterisk, and F fills up.
func Digits(b []byte) string {
	var text strings.Builder
	for _, x := range b {
		for _, d := range []byte{x >> 4, x & 0x0F} {
			switch {
			case d <= 9:
				text.WriteByte('0' + d)
			case d < 0x0F:
				text.WriteByte('*')
			}
		}
	}
	return text.String()
}

// Object is one object of a TLV container (PA00P015 9): a tag of one or two bytes, and what it holds.
type Object struct {
	Tag    uint16
	Value  []byte
	Inside []Object // of a constructed one
}

// The tags that are read or written here.
const (
	TagTextLine   uint16 = 0x07
	TagAttribute  uint16 = 0x09
	TagCommand    uint16 = 0x0A
	TagLineWidth  uint16 = 0x12
	TagTexts      uint16 = 0x24 // display texts
	TagPrintTexts uint16 = 0x25
	TagPermitted  uint16 = 0x26 // list of permitted ZVT commands
	TagReceipt    uint16 = 0x1F07
	TagMirror     uint16 = 0x1F1F // the last receipt number, said back (4.2)
)

// mostDepth bounds how deep objects lie in each other.
const mostDepth = 8

// Container reads the objects of a TLV container. Fillers, 00 and FF between objects, are passed over.
func Container(b []byte) ([]Object, error) { return container(b, 0) }

func container(b []byte, depth int) (all []Object, err error) {
	if depth > mostDepth {
		return nil, fmt.Errorf("%w: objects lie too deep", errField)
	}
	for len(b) > 0 {
		if b[0] == 0 || b[0] == 0xFF {
			b = b[1:]
			continue
		}
		first := b[0]
		tag := uint16(first)
		b = b[1:]
		if first&0x1F == 0x1F {
			if len(b) == 0 || b[0]&0x80 != 0 { // none of the specification has three bytes
				return all, fmt.Errorf("%w: a tag of the container", errField)
			}
			tag, b = tag<<8|uint16(b[0]), b[1:]
		}
		value, rest, ok := cut(b, tlv)
		if !ok {
			return all, fmt.Errorf("%w: tag %X", errField, tag)
		}
		o := Object{Tag: tag, Value: value}
		if first&0x20 != 0 {
			if o.Inside, err = container(value, depth+1); err != nil {
				return all, err
			}
		}
		all, b = append(all, o), rest
	}
	return all, nil
}

// Find is the first object with a tag, looked for in constructed ones too.
func Find(all []Object, tag uint16) (Object, bool) {
	for _, o := range all {
		if o.Tag == tag {
			return o, true
		}
		if inner, ok := Find(o.Inside, tag); ok {
			return inner, true
		}
	}
	return Object{}, false
}

// AppendObjects writes objects; what lies inside of one is written in place of its value.
func AppendObjects(to []byte, all ...Object) []byte {
	for _, o := range all {
		value := o.Value
		if o.Inside != nil {
			value = AppendObjects(nil, o.Inside...)
		}
		if o.Tag > 0xFF {
			to = append(to, byte(o.Tag>>8))
		}
		to = append(appendLength(append(to, byte(o.Tag)), len(value)), value...)
	}
	return to
}

// tlvLength reads the length of a TLV object: one byte to 127, 81 and one, or 82 and two.
func tlvLength(b []byte) (n, size int, ok bool) {
	switch {
	case len(b) == 0:
		return 0, 0, false
	case b[0] < 0x80:
		return int(b[0]), 1, true
	case b[0] == 0x81 && len(b) > 1:
		return int(b[1]), 2, true
	case b[0] == 0x82 && len(b) > 2:
		return int(b[1])<<8 | int(b[2]), 3, true
	}
	return 0, 0, false
}

func appendLength(to []byte, n int) []byte {
	switch {
	case n < 0x80:
		return append(to, byte(n))
	case n <= 0xFF:
		return append(to, 0x81, byte(n))
	}
	return append(to, 0x82, byte(n>>8), byte(n))
}
