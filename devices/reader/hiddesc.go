package reader

import (
	"errors"
)

// ErrReportDescriptor is a HID report descriptor that can't be read.
var ErrReportDescriptor = errors.New("HID report descriptor")

// Limits of a report descriptor. A reader's largest report is some 900 bytes.
const (
	maxReportDescriptor = 4096  // bytes
	maxReportBits       = 32768 // 4 KiB
	maxFields           = 512
	maxUsages           = 256 // before one main item
	maxStack            = 16
)

// field is a piece of an input report that a usage names.
type field struct {
	page, usage uint16
	id          byte // of its report, 0 where reports have none
	at, bits    int  // from the beginning of the report without its ID
}

// reportShape is what a report descriptor says of input reports.
type reportShape struct {
	bits   map[byte]int // of each report, without its ID
	ids    bool         // reports begin with their ID
	fields []field
}

// size is the length of a report in bytes as it comes, with its ID. It is 0 for one that there is not.
func (s reportShape) size(id byte) int {
	n, is := s.bits[id]
	if !is || n == 0 {
		return 0
	}
	n = (n + 7) / 8
	if s.ids {
		n++
	}
	return n
}

// largest is the size of the largest report.
func (s reportShape) largest() (n int) {
	for id := range s.bits {
		n = max(n, s.size(id))
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
	shape    reportShape
	now      globals
	stack    []globals
	usages   []uint32 // page<<16 | usage, locals of the next main item
	min      uint32
	hasMin   bool
	sumOfAll int
}

// parseReportDescriptor reads a HID report descriptor (HID 1.11, 6.2.2) as far as input
// reports are concerned. Errors are ErrReportDescriptor.
func parseReportDescriptor(b []byte) (reportShape, error) {
	if len(b) > maxReportDescriptor {
		return reportShape{}, ErrReportDescriptor
	}
	p := reportParser{shape: reportShape{bits: map[byte]int{}}}
	for len(b) > 0 {
		if b[0] == 0xFE { // a long item: of no known use, HID 1.11, 6.2.2.3
			if len(b) < 3 || len(b) < 3+int(b[1]) {
				return reportShape{}, ErrReportDescriptor
			}
			b = b[3+int(b[1]):]
			continue
		}
		n := [4]int{0, 1, 2, 4}[b[0]&3]
		if len(b) < 1+n {
			return reportShape{}, ErrReportDescriptor
		}
		var v uint32
		for i := range n {
			v |= uint32(b[1+i]) << (8 * i)
		}
		if !p.item(b[0]>>2, v, n) {
			return reportShape{}, ErrReportDescriptor
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
		p.now.size = int(min(v, maxReportBits+1))
	case 0x25:
		p.now.count = int(min(v, maxReportBits+1))
	case 0x21:
		p.shape.ids, p.now.id = true, byte(v)
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
	if size > maxReportBits || count > maxReportBits || size*count > maxReportBits {
		return false
	}
	at := p.shape.bits[id]
	if p.sumOfAll += size * count; p.sumOfAll > maxReportBits {
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
		if len(p.shape.fields) == maxFields {
			return false
		}
		p.shape.fields = append(p.shape.fields, field{uint16(u >> 16), uint16(u), id, at, elements * size})
		at += elements * size
	}
	return true
}

// hidReportLength finds in the descriptors of an interface how long its report descriptor
// is (HID 1.11, 6.2.1), in bytes; 0 where it is not told.
func hidReportLength(extra []byte) int {
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
