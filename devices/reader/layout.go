package reader

import "veratill/devices/hid"

// layout is how one kind of reader puts a swipe into a HID report. Offsets are in bytes
// from the beginning of the report, its ID not counted.
type layout struct {
	name            string
	vendor, product uint16 // 0 is any
	page            uint16 // 0, or the layout holds only where a field of this usage page is
	form            form
	length          int // of the report in bytes, used where the device doesn't tell; 0 is unknown

	status, lengths [3]int // of the tracks: form fixed and stream
	tracks          [3]int // form fixed
	room            int    // bytes of each track: form fixed
	total           int    // where the two bytes of the length of all are: form stream
	output          int    // where what is sent begins: form stream

	usages trackUsages // form named
}

// form is how the tracks are found.
type form uint8

const (
	fixed  form = iota // each track has its place and a length byte
	stream             // all tracks stand behind one another with their sentinels
	framed             // stream of STX, length, …, check bytes, ETX
	named              // the report descriptor says where they are
)

// trackUsages are the usages of the tracks' fields.
type trackUsages struct {
	status, lengths, tracks [3]uint16
}

// Usage pages.
const (
	pageVendor = 0xFF00
	pageStripe = 0x008E // Magnetic Stripe Reader: USB-IF, HID Point of Sale Usage Tables 1.02
)

// layouts are tried from above; the first that fits the device is taken. Where a framed
// report may come in the place of another it is told by its first byte, see decodeReport.
var layouts = []layout{
	// MagTek, USB HID Swipe Reader Technical Reference Manual, part 99875191, section 4: a
	// report of 337 bytes; the manual of its successors asks to go by the usages. A status is
	// bit 0, set where a track has data that can't be decoded, and its length is 0 then.
	{name: "MagTek by usages", vendor: 0x0801, page: pageVendor, form: named, length: 337, usages: trackUsages{
		status: [3]uint16{0x20, 0x21, 0x22}, lengths: [3]uint16{0x28, 0x29, 0x2A}, tracks: [3]uint16{0x30, 0x31, 0x32}}},
	{name: "MagTek", vendor: 0x0801, form: fixed, length: 337,
		status: [3]int{0, 1, 2}, lengths: [3]int{3, 4, 5}, tracks: [3]int{7, 117, 227}, room: 110},
	// ID TECH, SecureMag User Manual (80096504-001), 10.1.1, "Other Mode Reader Data
	// Structure": as MagTek's. Product 2020 is told by the SecureHead manual, 4.1.2.
	{name: "ID TECH other mode", vendor: 0x0ACD, product: 0x2020, form: fixed, length: 337,
		status: [3]int{0, 1, 2}, lengths: [3]int{3, 4, 5}, tracks: [3]int{7, 117, 227}, room: 110},
	// ID TECH, the same place, "ID TECH Reader Data Structure": two bytes of total length
	// and up to 500 bytes of output, in which the tracks stand between what the shop has set
	// as pre- and postamble. In which order the two bytes stand is not told: see total.
	{name: "ID TECH", vendor: 0x0ACD, form: stream, length: 509,
		status: [3]int{0, 1, 2}, lengths: [3]int{3, 4, 5}, total: 7, output: 9},
	// Any maker that follows the Point of Sale usage tables: lengths 11 to 13, tracks 21 to 23.
	{name: "HID POS", page: pageStripe, form: named, usages: trackUsages{
		lengths: [3]uint16{0x11, 0x12, 0x13}, tracks: [3]uint16{0x21, 0x22, 0x23}}},
	// The same enhanced and original frames from devices of other makers with ID TECH's heads.
	{name: "framed", page: pageVendor, form: framed},
}

// layoutFor chooses by what a device says of itself; nil where nothing fits.
func layoutFor(vendor, product uint16, shape hid.Shape) *layout {
	for i := range layouts {
		l := &layouts[i]
		if l.vendor != 0 && l.vendor != vendor || l.product != 0 && l.product != product {
			continue
		}
		if l.page != 0 && !shape.HasPage(l.page) || l.form == named && !l.resolves(shape) {
			continue
		}
		if n := shape.Largest(); n > 0 && n < l.least() {
			continue
		}
		return l
	}
	return nil
}

// least is how many bytes a report must have for the layout.
func (l *layout) least() int {
	switch l.form {
	case fixed:
		return l.tracks[2] + l.room
	case stream:
		return l.output + 1
	case framed:
		return frameLeast
	}
	return 1
}

// resolves reports whether the descriptor names track 2 of a named layout in whole bytes.
func (l *layout) resolves(s hid.Shape) bool {
	f, is := s.Find(l.page, l.usages.tracks[1])
	return is && f.At%8 == 0 && f.Bits >= 8*maxTrack
}
