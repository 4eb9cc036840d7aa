package vdev

import "encoding/binary"

// Identity is what a device says of itself. Empty strings are not there at all.
type Identity struct {
	Vendor, Product     uint16
	Maker, Name, Serial string
	Speed               Speed
}

// New makes a device of one configuration: interfaces are the descriptors behind the
// configuration's own, with count interfaces among them.
func New(id Identity, count uint8, interfaces ...[]byte) *Device {
	d := &Device{Speed: id.Speed}
	index := func(s string) byte {
		if s == "" {
			return 0
		}
		d.Strings = append(d.Strings, s)
		return byte(len(d.Strings))
	}
	controlSize := byte(64)
	if id.Speed != High {
		controlSize = 8
	}
	d.Descriptor = []byte{18, 1, 0x00, 0x02, 0, 0, 0, controlSize, byte(id.Vendor), byte(id.Vendor >> 8),
		byte(id.Product), byte(id.Product >> 8), 0x00, 0x01, index(id.Maker), index(id.Name), index(id.Serial), 1}
	d.Config = []byte{9, 2, 0, 0, count, 1, 0, 0x80, 50} // from the bus, 100 mA
	for _, b := range interfaces {
		d.Config = append(d.Config, b...)
	}
	binary.LittleEndian.PutUint16(d.Config[2:], uint16(len(d.Config)))
	return d
}

// Interface is the descriptor of interface number with so many endpoints.
func Interface(number, endpoints, class, sub, protocol uint8) []byte {
	return []byte{9, 4, number, 0, endpoints, class, sub, protocol, 0}
}

// Bulk is the descriptor of a bulk endpoint; size is 8 to 64 bytes at full speed, 512 at high.
func Bulk(address uint8, size uint16) []byte {
	return []byte{7, 5, address, 2, byte(size), byte(size >> 8), 0}
}

// Interrupt is the descriptor of an interrupt endpoint: size up to 64 bytes at full speed. The
// interval is in frames of 1 ms there, and at high speed a power of two of 125 µs.
func Interrupt(address uint8, size uint16, interval uint8) []byte {
	return []byte{7, 5, address, 3, byte(size), byte(size >> 8), interval}
}
