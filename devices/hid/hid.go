// Package hid reads what HID devices say of their reports. Readers and scanners share it.
package hid

import (
	"context"
	"errors"

	"veratill/devices/port"
)

// ErrDescriptor is a HID report descriptor that can't be read.
var ErrDescriptor = errors.New("HID report descriptor")

// MaxDescriptor is the longest report descriptor that is read, in bytes.
const MaxDescriptor = 4096

// Limits of what a descriptor says. A reader's largest report is some 900 bytes.
const (
	maxBits   = 32768 // 4 KiB
	maxFields = 512
	maxUsages = 256 // before one main item
	maxStack  = 16
)

// Field is a piece of an input report that a usage names.
type Field struct {
	Page, Usage uint16
	ID          byte // of its report, 0 where reports have none
	At, Bits    int  // from the beginning of the report without its ID, in bits
}

// Bytes cuts the field out of a report without its ID. It is nil where the field does not
// stand on whole bytes, or the report is too short for it.
func (f Field) Bytes(body []byte) []byte {
	from, to := f.At/8, (f.At+f.Bits)/8
	if f.At%8 != 0 || f.Bits%8 != 0 || to > len(body) {
		return nil
	}
	return body[from:to]
}

// Flag is the lowest bit of the field in a report without its ID; false where it is too short.
func (f Field) Flag(body []byte) bool {
	return f.At/8 < len(body) && body[f.At/8]>>(f.At%8)&1 != 0
}

// Shape is what a report descriptor says of input reports.
type Shape struct {
	IDs    bool // reports begin with their ID
	Fields []Field
	bits   map[byte]int // of each report, without its ID
}

// Find is the first field of a usage.
func (s Shape) Find(page, usage uint16) (Field, bool) {
	for _, f := range s.Fields {
		if f.Page == page && f.Usage == usage && usage != 0 {
			return f, true
		}
	}
	return Field{}, false
}

// HasPage reports whether any field is of a usage page.
func (s Shape) HasPage(page uint16) bool {
	for _, f := range s.Fields {
		if f.Page == page {
			return true
		}
	}
	return false
}

// Body splits a report as it came into its ID and what follows.
func (s Shape) Body(report []byte) (id byte, body []byte) {
	if !s.IDs || len(report) == 0 {
		return 0, report
	}
	return report[0], report[1:]
}

// Size is the length of a report in bytes as it comes, with its ID. It is 0 for one that there is not.
func (s Shape) Size(id byte) int {
	n, is := s.bits[id]
	if !is || n == 0 {
		return 0
	}
	n = (n + 7) / 8
	if s.IDs {
		n++
	}
	return n
}

// Largest is the size of the largest report in bytes, 0 where there is none.
func (s Shape) Largest() (n int) {
	for id := range s.bits {
		n = max(n, s.Size(id))
	}
	return n
}

// globals are the items that hold until they change: HID 1.11, 6.2.2.7.
type globals struct {
	page        uint16
	size, count int
	id          byte
}

// reportParser goes through the items.
type reportParser struct {
	shape    Shape
	now      globals
	stack    []globals
	usages   []uint32 // page<<16 | usage, locals of the next main item
	min      uint32
	hasMin   bool
	sumOfAll int
}

// Parse reads a HID report descriptor (HID 1.11, 6.2.2) as far as input
// reports are concerned. Errors are ErrDescriptor.
func Parse(b []byte) (Shape, error) {
	if len(b) > MaxDescriptor {
		return Shape{}, ErrDescriptor
	}
	p := reportParser{shape: Shape{bits: map[byte]int{}}}
	for len(b) > 0 {
		if b[0] == 0xFE { // a long item: of no known use, HID 1.11, 6.2.2.3
			if len(b) < 3 || len(b) < 3+int(b[1]) {
				return Shape{}, ErrDescriptor
			}
			b = b[3+int(b[1]):]
			continue
		}
		n := [4]int{0, 1, 2, 4}[b[0]&3]
		if len(b) < 1+n {
			return Shape{}, ErrDescriptor
		}
		var v uint32
		for i := range n {
			v |= uint32(b[1+i]) << (8 * i)
		}
		if !p.item(b[0]>>2, v, n) {
			return Shape{}, ErrDescriptor
		}
		b = b[1+n:]
	}
	return p.shape, nil
}

// item takes one: its tag and type, its value and the bytes that it had.
func (p *reportParser) item(tag byte, v uint32, n int) bool {
	switch tag {
	case 0x20: // Input
		if !p.input(v&1 != 0) {
			return false
		}
		p.forget()
	case 0x24, 0x2C, 0x28, 0x30: // Output, Feature, Collection, End Collection
		p.forget()
	case 0x01:
		p.now.page = uint16(v)
	case 0x1D:
		p.now.size = int(min(v, maxBits+1))
	case 0x25:
		p.now.count = int(min(v, maxBits+1))
	case 0x21:
		p.shape.IDs, p.now.id = true, byte(v)
		return v >= 1 && v <= 255
	case 0x29: // Push
		p.stack = append(p.stack, p.now)
		return len(p.stack) <= maxStack
	case 0x2D: // Pop
		if len(p.stack) == 0 {
			return false
		}
		p.now, p.stack = p.stack[len(p.stack)-1], p.stack[:len(p.stack)-1]
	case 0x02, 0x06, 0x0A: // Usage, its minimum and maximum
		return p.usage(tag, v, n)
	}
	return true
}

func (p *reportParser) forget() { p.usages, p.hasMin = p.usages[:0], false }

func (p *reportParser) usage(tag byte, v uint32, n int) bool {
	if n < 4 {
		v = uint32(p.now.page)<<16 | v&0xFFFF
	}
	switch {
	case tag == 0x02:
		p.usages = append(p.usages, v)
	case tag == 0x06:
		p.min, p.hasMin = v, true
	case p.hasMin:
		if v < p.min || v-p.min >= maxUsages {
			return false
		}
		for u := p.min; ; u++ {
			if p.usages = append(p.usages, u); u == v {
				break
			}
		}
		p.hasMin = false
	}
	return len(p.usages) <= maxUsages
}

// input takes an Input item. Without usages, or constant, it only takes room. Each usage
// names one element, and the last one all that are left: HID 1.11, 6.2.2.8.
func (p *reportParser) input(constant bool) bool {
	size, count, id := p.now.size, p.now.count, p.now.id
	if size > maxBits || count > maxBits || size*count > maxBits {
		return false
	}
	at := p.shape.bits[id]
	if p.sumOfAll += size * count; p.sumOfAll > maxBits {
		return false
	}
	p.shape.bits[id] = at + size*count
	if constant {
		return true
	}
	for i, u := range p.usages[:min(len(p.usages), count)] {
		elements := 1
		if i == len(p.usages)-1 {
			elements = count - i
		}
		if len(p.shape.Fields) == maxFields {
			return false
		}
		p.shape.Fields = append(p.shape.Fields, Field{uint16(u >> 16), uint16(u), id, at, elements * size})
		at += elements * size
	}
	return true
}

// Length finds in the descriptors of an interface how long its report descriptor
// is (HID 1.11, 6.2.1), in bytes; 0 where it is not told.
func Length(extra []byte) int {
	for len(extra) >= 2 {
		n := int(extra[0])
		if n < 2 || n > len(extra) {
			return 0
		}
		if extra[1] == 0x21 && n >= 9 {
			for i := 6; i+3 <= n; i += 3 {
				if extra[i] == 0x22 {
					return int(extra[i+1]) | int(extra[i+2])<<8
				}
			}
		}
		extra = extra[n:]
	}
	return 0
}

// Ask reads the report descriptor of a claimed interface: HID 1.11, 7.1.1. Errors are
// ErrDescriptor and those of port.USB.
func Ask(ctx context.Context, bus port.USB) (Shape, error) {
	d := bus.Descriptor()
	n := Length(d.Extra)
	if n == 0 || n > MaxDescriptor {
		return Shape{}, ErrDescriptor
	}
	b := make([]byte, n)
	n, err := bus.Control(ctx, port.Setup{RequestType: 0x81, Request: 6, Value: 0x2200, Index: uint16(d.Interface)}, b)
	if err != nil {
		return Shape{}, err
	}
	return Parse(b[:n])
}
