package zvt

import "fmt"

// The characters of the serial block (PA00P016 1.2).
const (
	dle byte = 0x10
	stx byte = 0x02
	etx byte = 0x03
	ACK byte = 0x06 // the block came as it was sent
	NAK byte = 0x15 // it did not: it is to come again
)

// Block writes a message as a serial line carries it (PA00P016 3): DLE STX, the APDU with each DLE doubled, DLE ETX, and the checksum, its low
// byte first.
func Block(apdu []byte) []byte {
	b := []byte{dle, stx}
	for _, x := range apdu {
		if x == dle {
			b = append(b, dle)
		}
		b = append(b, x)
	}
	sum := checksum(apdu)
	return append(b, dle, etx, byte(sum), byte(sum>>8))
}

// checksum is taken over the APDU and ETX. The specification writes its polynomial as x16+x15+x10+x3 (3.3), which is 8408 hex: that of CRC-CCITT with
// the low bit first. It starts at 0.
func checksum(apdu []byte) (sum uint16) {
	step := func(x byte) {
		sum ^= uint16(x)
		for range 8 {
			if sum&1 != 0 {
				sum = sum>>1 ^ 0x8408
			} else {
				sum >>= 1
			}
		}
	}
	for _, x := range apdu {
		step(x)
	}
	step(etx)
	return sum
}

// Deblocker takes a serial line's bytes, one at a time, and finds the messages in them.
type Deblocker struct {
	apdu  []byte
	state blockState
	low   byte
}

type blockState uint8

const (
	outside blockState = iota
	opening            // after the first DLE
	within
	escaped // after a DLE within
	lowSum
	highSum
)

// Found is what a byte completes.
type Found uint8

// What a byte can complete.
const (
	Nothing Found = iota
	Message       // a message, whose checksum holds
	Damaged       // one whose checksum does not, or whose shape is none: NAK
	Taken         // the other side's ACK
	Refused       // its NAK
)

// Put takes the next byte. With Message the APDU is returned; it holds until the next byte.
func (d *Deblocker) Put(x byte) (Found, []byte) {
	switch d.state {
	case outside:
		switch x {
		case dle:
			d.state = opening
		case ACK:
			return Taken, nil
		case NAK:
			return Refused, nil
		}
	case opening:
		d.state, d.apdu = outside, d.apdu[:0]
		if x == stx {
			d.state = within
		}
	case within:
		if x == dle {
			d.state = escaped
			return Nothing, nil
		}
		return d.keep(x)
	case escaped:
		d.state = within
		switch x {
		case dle:
			return d.keep(x)
		case etx:
			d.state = lowSum
			return Nothing, nil
		case stx: // the other side began anew
			d.apdu = d.apdu[:0]
			return Nothing, nil
		}
		d.state = outside
		return Damaged, nil
	case lowSum:
		d.low, d.state = x, highSum
	case highSum:
		d.state = outside
		if uint16(d.low)|uint16(x)<<8 != checksum(d.apdu) {
			return Damaged, nil
		}
		return Message, d.apdu
	}
	return Nothing, nil
}

// keep keeps a byte of a message, and no more than one has.
func (d *Deblocker) keep(x byte) (Found, []byte) {
	if len(d.apdu) >= mostData+5 {
		d.state = outside
		return Damaged, nil
	}
	d.apdu = append(d.apdu, x)
	return Nothing, nil
}

// Pause is told that 200 ms have passed without a byte (T1), and reports whether a message was cut by it.
func (d *Deblocker) Pause() bool {
	cut := d.state != outside
	d.state = outside
	return cut
}

// ParseWhole reads a message that fills b.
func ParseWhole(b []byte) (APDU, error) {
	a, n, err := parse(b)
	if err == nil && n != len(b) {
		err = fmt.Errorf("%w: %d bytes too many", errField, len(b)-n)
	}
	return a, err
}
