package reader

import (
	"encoding/binary"
	"errors"
)

// ErrCCID is a CCID descriptor or message that is none.
var ErrCCID = errors.New("CCID")

// level is how much of ISO/IEC 7816-3 a reader does itself: CCID 1.1, 5.1, dwFeatures.
type level uint8

const (
	character level = iota // nothing: such readers are not supported
	tpdu
	shortAPDU
	extendedAPDU
)

// ccidDescriptor is the functional descriptor of a reader: CCID 1.1, 5.1.
type ccidDescriptor struct {
	maxSlot   byte // the highest slot's index
	voltages  byte // bit 0 5 V, bit 1 3 V, bit 2 1.8 V
	protocols uint32
	features  uint32
	longest   int // of a message in bytes, with its head
	level     level
}

// Features: CCID 1.1, 5.1.
const (
	autoConfigure = 0x00000002 // by the ATR
	autoVoltage   = 0x00000008
	autoNegotiate = 0x00000040 // makes the parameters with the card by itself
	autoPPS       = 0x00000080
	allExchanges  = 0x00070000
)

// Lengths in bytes.
const (
	ccidDescriptorLength = 0x36
	ccidHead             = 10
	ccidLongest          = 65_544 + ccidHead
)

// parseCCID finds the functional descriptor among those of an interface (type 21, or FF in
// old readers). Errors are ErrCCID.
func parseCCID(extra []byte) (d ccidDescriptor, err error) {
	for len(extra) >= 2 {
		n := int(extra[0])
		if n < 2 || n > len(extra) {
			return d, ErrCCID
		}
		if n >= ccidDescriptorLength && (extra[1] == 0x21 || extra[1] == 0xFF) {
			return ccidFields(extra[:n])
		}
		extra = extra[n:]
	}
	return d, ErrCCID
}

func ccidFields(b []byte) (ccidDescriptor, error) {
	d := ccidDescriptor{maxSlot: b[4], voltages: b[5], protocols: binary.LittleEndian.Uint32(b[6:]), features: binary.LittleEndian.Uint32(b[40:])}
	longest := binary.LittleEndian.Uint32(b[44:])
	if longest < ccidHead+5 { // not even a command's head
		return d, ErrCCID
	}
	d.longest = int(min(longest, ccidLongest))
	switch d.features & allExchanges {
	case 0:
		d.level = character
	case 0x00010000:
		d.level = tpdu
	case 0x00020000:
		d.level = shortAPDU
	case 0x00040000:
		d.level = extendedAPDU
	default: // one only may be set
		return d, ErrCCID
	}
	return d, nil
}

// Messages: CCID 1.1, 6.1 to 6.3.
const (
	setParameters = 0x61
	iccPowerOn    = 0x62
	iccPowerOff   = 0x63
	getSlotStatus = 0x65
	getParameters = 0x6C
	xfrBlock      = 0x6F

	dataBlock  = 0x80
	slotStatus = 0x81
	parameters = 0x82

	slotChange = 0x50 // on the interrupt pipe
)

// message is what a reader sends through its bulk pipe.
type message struct {
	kind, slot, seq byte
	status, fault   byte // bStatus, bError
	extra           byte // by kind: bChainParameter, bClockStatus, bProtocolNum
	data            []byte
}

// icc is what the message says of the card: 0 in and with power, 1 in, 2 not in.
func (m message) icc() byte { return m.status & 3 }

// failed and extended are what it says of the command.
func (m message) failed() bool   { return m.status>>6 == 1 }
func (m message) extended() bool { return m.status>>6 == 2 }

// messageLength is how long the message will be that begins with b, in bytes; 0 while it
// can't be told. It is false where b can't be the beginning of one.
func messageLength(b []byte, longest int) (int, bool) {
	if len(b) > 0 && (b[0] < dataBlock || b[0] > 0x84) {
		return 0, false
	}
	if len(b) < ccidHead {
		return 0, true
	}
	n := binary.LittleEndian.Uint32(b[1:])
	if n > uint32(longest-ccidHead) || b[7]&0x3C != 0 || b[7]>>6 == 3 || b[7]&3 == 3 {
		return 0, false
	}
	return ccidHead + int(n), true
}

// parseMessage reads a whole one. The data stay in b. Errors are ErrCCID.
func parseMessage(b []byte, longest int) (message, error) {
	n, fine := messageLength(b, longest)
	if !fine || n == 0 || n != len(b) {
		return message{}, ErrCCID
	}
	return message{kind: b[0], slot: b[5], seq: b[6], status: b[7], fault: b[8], extra: b[9], data: b[ccidHead:]}, nil
}

// slotNotice reads a notice of the interrupt pipe: whether a card is in slot 0, and whether
// it is one.
func slotNotice(b []byte) (in, is bool) {
	if len(b) < 2 || b[0] != slotChange {
		return false, false
	}
	return b[1]&1 != 0, true
}
