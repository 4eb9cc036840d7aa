package models

import (
	"errors"
	"fmt"

	"veratill/packaging/usblab/vdev"
)

// Reader is a magnetic-stripe reader of the HID class, with one interrupt endpoint, 0x81.
type Reader struct {
	*vdev.Device
	report func(tracks [3]string, bad [3]bool) [][]byte
}

// ErrTrack is a track that does not fit into the reader's report.
var ErrTrack = errors.New("models: the track is longer than the report has room for")

// mostTrack is the room for one track in the reports of ISO 7811 readers, in characters.
const mostTrack = 110

// Swipe draws a card through the reader: each track with its sentinels (% or ; and ?), empty where
// the card has none. Errors are ErrTrack and those of vdev.Device.Send.
func (r *Reader) Swipe(track1, track2 string) error {
	return r.send([3]string{track1, track2}, [3]bool{})
}

// SwipeUnread draws a card through of which the reader can make nothing: all tracks are in error.
func (r *Reader) SwipeUnread() error { return r.send([3]string{}, [3]bool{true, true, true}) }

func (r *Reader) send(tracks [3]string, bad [3]bool) error {
	for i, t := range tracks {
		if len(t) > mostTrack {
			return fmt.Errorf("%w: track %d", ErrTrack, i+1)
		}
	}
	for _, b := range r.report(tracks, bad) {
		if err := r.Send(InputEndpoint, b); err != nil {
			return err
		}
	}
	return nil
}

// hid makes a HID device of one input report descriptor; packetSize in bytes.
func hid(id vdev.Identity, descriptor []byte, packetSize uint16) *vdev.Device {
	interval := uint8(1) // 1 ms at full speed
	if id.Speed == vdev.High {
		interval = 4 // 1 ms too
	}
	n := len(descriptor)
	class := []byte{9, 0x21, 0x11, 0x01, 0, 1, 0x22, byte(n), byte(n >> 8)} // HID 1.11, 6.2.1
	d := vdev.New(id, 1, vdev.Interface(0, 1, classHID, 0, 0), class, vdev.Interrupt(InputEndpoint, packetSize, interval))
	d.Control = func(s vdev.Setup, _ []byte) ([]byte, bool) {
		switch {
		case s.RequestType == 0x81 && s.Request == 6 && s.Value == 0x2200:
			return descriptor, true
		case s.RequestType == 0x81 && s.Request == 6 && s.Value == 0x2100:
			return class, true
		case s.RequestType == 0x21 && (s.Request == 0x0A || s.Request == 0x0B): // SET_IDLE, SET_PROTOCOL
			return nil, true
		}
		return nil, false
	}
	return d
}

// vendorReport is a descriptor with one input report of size bytes on the vendor's page, usage 1.
func vendorReport(page uint16, id byte, size int) []byte {
	b := []byte{0x06, byte(page), byte(page >> 8), 0x09, 0x01, 0xA1, 0x01}
	if id != 0 {
		b = append(b, 0x85, id)
	}
	return append(b, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08, 0x09, 0x20, 0x96, byte(size), byte(size>>8), 0x82, 0x02, 0x01, 0xC0)
}

// MagTekReport is the length of a MagTek reader's input report in bytes.
const MagTekReport = 337

// MagTek is a USB swipe reader as MagTek's manual 99875191 has it (0801:0002): full speed, packets
// of 8 bytes, usage page FF00, one report of 337 bytes: decode status of tracks 1 to 3 (0 good,
// 1 error), their lengths, the encode type (0 ISO), and 110 bytes a track.
func MagTek() *Reader { return magTek(0x0002) }

// MagTekSerial is MagTek with product 0011 and a serial number.
func MagTekSerial() *Reader { return magTek(0x0011) }

func magTek(product uint16) *Reader {
	id := vdev.Identity{Vendor: 0x0801, Product: product, Maker: "Mag-Tek", Name: "USB Swipe Reader", Speed: vdev.Full}
	if product == 0x0011 {
		id.Serial = "B1A2C3D"
	}
	return &Reader{Device: hid(id, vendorReport(0xFF00, 0, MagTekReport), 8), report: func(tracks [3]string, bad [3]bool) [][]byte {
		b := make([]byte, MagTekReport)
		for i, t := range tracks {
			if bad[i] {
				b[i] = 1
				b[6] = 5 // undetermined
			}
			b[3+i] = byte(len(t))
			copy(b[7+mostTrack*i:], t)
		}
		return [][]byte{b}
	}}
}

// MiniMagReport is the length of an ID TECH MiniMag's input report in bytes.
const MiniMagReport = 509

// MiniMag is an ID TECH MiniMag II (0acd:2010): its report begins as MagTek's, then come the length
// of all in two bytes, low first, and the tracks one behind the other, each ended by a carriage
// return (MiniMag II specifications, "HID report").
func MiniMag() *Reader {
	id := vdev.Identity{Vendor: 0x0ACD, Product: 0x2010, Maker: "ID TECH", Name: "ID TECH MiniMag HID", Speed: vdev.Full}
	return &Reader{Device: hid(id, vendorReport(0xFF00, 0, MiniMagReport), 64), report: func(tracks [3]string, bad [3]bool) [][]byte {
		b := make([]byte, MiniMagReport)
		at := 9
		for i, t := range tracks {
			if bad[i] {
				b[i] = 1
			}
			b[3+i] = byte(len(t))
			if t != "" {
				at += copy(b[at:], t+"\r")
			}
		}
		b[7], b[8] = byte(at-9), byte((at-9)>>8)
		return [][]byte{b}
	}}
}

// SecureMagReport is the length of a SecureMag's input report in bytes.
const SecureMagReport = 560

// SecureMag is an ID TECH SecureMag that does not encrypt (0acd:2810): full speed, packets of 64
// bytes, usage page FF00, one report, filled up with zeros: 02, length low and high, encode type (80,
// ISO in the enhanced format), status of the tracks (bits 0 to 2 decoded, 3 to 5 there), their lengths, two bytes of flags, the
// tracks, the exclusive or and the sum of all counted bytes, 03 (SecureMag manual, appendix "OPOS").
func SecureMag() *Reader {
	id := vdev.Identity{Vendor: 0x0ACD, Product: 0x2810, Maker: "ID TECH", Name: "ID TECH SecureMag", Serial: "SM0001", Speed: vdev.Full}
	return &Reader{Device: hid(id, vendorReport(0xFF00, 0, SecureMagReport), 64), report: func(tracks [3]string, bad [3]bool) [][]byte {
		card := []byte{0x80, 0, byte(len(tracks[0])), byte(len(tracks[1])), byte(len(tracks[2])), 0, 0}
		for i, t := range tracks {
			if t != "" {
				card[1] |= 0x09 << i
				card[5] |= 1 << i
			} else if bad[i] {
				card[1] |= 0x08 << i
			}
			card = append(card, t...)
		}
		var lrc, sum byte
		for _, c := range card {
			lrc ^= c
			sum += c
		}
		b := append([]byte{0x02, byte(len(card)), byte(len(card) >> 8)}, card...)
		b = append(b, lrc, sum, 0x03)
		return [][]byte{append(b, make([]byte, SecureMagReport-len(b))...)}
	}}
}

// PlainHID is a reader of no known make (16c0:05df), as many are: usage page FF01, reports of 64
// bytes with ID 1: the ID, a count, and up to 62 characters. The tracks come one behind the other,
// each ended by a carriage return, over as many reports as they need; an unread card sends "E?".
func PlainHID() *Reader {
	id := vdev.Identity{Vendor: 0x16C0, Product: 0x05DF, Name: "HID Card Reader", Speed: vdev.Full}
	return &Reader{Device: hid(id, vendorReport(0xFF01, 1, 63), 64), report: func(tracks [3]string, bad [3]bool) [][]byte {
		text := ""
		for i, t := range tracks {
			if bad[i] {
				text = "E?\r"
			} else if t != "" {
				text += t + "\r"
			}
		}
		var all [][]byte
		for len(text) > 0 {
			b := make([]byte, 64)
			n := copy(b[2:], text)
			b[0], b[1] = 1, byte(n)
			text = text[n:]
			all = append(all, b)
		}
		return all
	}}
}

// Scanner is a barcode scanner by the HID Point of Sale Usage Tables 1.02, page 8C (0c2e:0b61).
// Report 2 has 64 bytes: its ID, a count, the AIM identifier of three characters, 56 bytes of the
// code, a maker's byte, a reserved one, and 1 if the code goes on in the next report.
type Scanner struct{ *vdev.Device }

// NewScanner is a scanner at full speed with packets of 64 bytes.
func NewScanner() *Scanner {
	id := vdev.Identity{Vendor: 0x0C2E, Product: 0x0B61, Maker: "Honeywell", Name: "HID POS Scanner", Serial: "SC0001", Speed: vdev.Full}
	return &Scanner{hid(id, []byte{
		0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, // bar code scanner, application
		0x09, 0x12, 0xA1, 0x02, 0x85, 0x02, // scanned data report, logical, ID 2
		0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08,
		0x05, 0x01, 0x09, 0x3B, 0x95, 0x01, 0x81, 0x02, // byte count
		0x05, 0x8C, 0x09, 0xFB, 0x09, 0xFC, 0x09, 0xFD, 0x95, 0x03, 0x81, 0x02, // symbology identifiers
		0x09, 0xFE, 0x95, 0x38, 0x82, 0x02, 0x01, // decoded data, buffered bytes
		0x06, 0x66, 0xFF, 0x09, 0x04, 0x09, 0x00, 0x95, 0x02, 0x81, 0x02, // the maker's
		0x05, 0x8C, 0x25, 0x01, 0x75, 0x01, 0x09, 0xFF, 0x95, 0x01, 0x81, 0x02, // goes on
		0x75, 0x07, 0x81, 0x03, 0xC0, 0xC0,
	}, 64)}
}

// Scan sends a code with its AIM identifier of three characters, such as "]E0" for EAN-13.
// Errors are those of vdev.Device.Send.
func (s *Scanner) Scan(aim, code string) error {
	for first := true; first || code != ""; first = false {
		b := make([]byte, 64)
		b[0] = 2
		copy(b[2:5], aim)
		n := copy(b[5:61], code)
		b[1] = byte(n)
		if code = code[n:]; code != "" {
			b[63] = 1
		}
		if err := s.Send(InputEndpoint, b); err != nil {
			return err
		}
	}
	return nil
}
