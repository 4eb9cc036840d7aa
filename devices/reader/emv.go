package reader

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// Faults of a chip's payment application.
var (
	ErrNoApplication = errors.New("the chip has no payment application")
	ErrTLV           = errors.New("the chip's answer is no TLV")
	ErrNoNumber      = errors.New("the chip's records hold no card number")
	ErrStatus        = errors.New("the chip refuses")
)

// Tags: EMV Book 3, annex A, and Book 1, annex B.
const (
	tagADF       = 0x4F
	tagLabel     = 0x50
	tagTrack2    = 0x57
	tagPAN       = 0x5A
	tagEntry     = 0x61
	tagPriority  = 0x87
	tagSFI       = 0x88
	tagAFL       = 0x94
	tagFormat1   = 0x80
	tagExpiry    = 0x5F24
	tagService   = 0x5F30
	tagPreferred = 0x9F12
	tagPDOL      = 0x9F38
)

// directory is the name of a contact card's list of applications: EMV Book 1, 12.2.2.
const directory = "1PAY.SYS.DDF01"

// known are the payment applications that are tried where a card has no directory, the
// commonest in China first. The AIDs are those that the schemes publish; each also stands
// for longer ones that begin with it.
var known = []string{
	"A000000333010101", // UnionPay debit
	"A000000333010102", // UnionPay credit
	"A000000333010103", // UnionPay quasi-credit
	"A0000000031010",   // Visa
	"A0000000041010",   // Mastercard
	"A0000000043060",   // Maestro
	"A0000000651010",   // JCB
	"A00000002501",     // American Express
	"A0000001523010",   // Diners Club, Discover
}

// terminal is what the till says of itself where a card asks: EMV Book 4, annex A. All else
// is told as zeros: nothing is paid here, the card is only read.
var terminal = map[uint32][]byte{
	0x9F1A: {0x01, 0x56},                   // country: China
	0x5F2A: {0x01, 0x56},                   // currency: CNY
	0x9F35: {0x22},                         // attended, online and offline, of a merchant
	0x9F33: {0xE0, 0x40, 0x00},             // can key, stripe and chip; online PIN
	0x9F40: {0x60, 0x00, 0xF0, 0x00, 0x01}, // goods and services
	0x9A:   {0x26, 0x01, 0x01},             // a date of no meaning
	0x9F66: {0x26, 0x00, 0x00, 0x00},       // of UnionPay and Visa
	0x9F7A: {0x00},                         // no electronic cash
}

// Limits of reading one card.
const (
	maxCandidates = 16
	maxRecords    = 64
)

// candidate is an application that the card lists.
type candidate struct {
	aid      []byte
	label    string
	priority byte // 1 is the first, 0 has none
}

// readChip finds the card's payment application and in it the number. Errors are *Fault,
// *port.Error and ctx's.
func readChip(ctx context.Context, c Chip) (Card, error) {
	list, err := candidates(ctx, c)
	if err != nil {
		return Card{}, err
	}
	last := error(&Fault{NoPaymentCard, ErrNoApplication})
	for _, one := range list {
		card, err := readApplication(ctx, c, one)
		if err == nil {
			return card, nil
		}
		if CodeOf(err) != CardBlocked && CodeOf(err) != NoPaymentCard {
			return Card{}, err
		}
		if CodeOf(err) == CardBlocked || errors.Is(err, ErrNoNumber) {
			last = err
		}
	}
	return Card{}, last
}

// ask sends a command and gives the answer without its status. More than a warning is an error of
// kind ErrStatus. The caller clears the answer.
func ask(ctx context.Context, c Chip, head [4]byte, body []byte) ([]byte, uint16, error) {
	command := make([]byte, 0, maxCommand)
	command = append(command, head[:]...)
	if len(body) > 0 {
		command = append(append(command, byte(len(body))), body...)
	}
	command = append(command, 0)
	r, err := c.Exchange(ctx, command)
	clear(command)
	if err != nil {
		return nil, 0, err
	}
	if len(r) < 2 {
		return nil, 0, &Fault{CardNonsense, ErrShort}
	}
	sw := uint16(r[len(r)-2])<<8 | uint16(r[len(r)-1])
	return r[:len(r)-2], sw, nil
}

// Status words: ISO/IEC 7816-4, 5.1.3.
const (
	swOK       = 0x9000
	swBlocked  = 0x6283
	swNoRecord = 0x6A83
)

func selectFile(ctx context.Context, c Chip, name []byte) ([]byte, uint16, error) {
	return ask(ctx, c, [4]byte{0x00, 0xA4, 0x04, 0x00}, name)
}

func readRecord(ctx context.Context, c Chip, sfi, number byte) ([]byte, uint16, error) {
	return ask(ctx, c, [4]byte{0x00, 0xB2, number, sfi<<3 | 4}, nil)
}

// candidates are the applications of the card's directory, or else those that are known.
func candidates(ctx context.Context, c Chip) ([]candidate, error) {
	r, sw, err := selectFile(ctx, c, []byte(directory))
	if err != nil {
		return nil, err
	}
	var list []candidate
	if sw == swOK {
		sfi, is := find(r, tagSFI)
		if !is || len(sfi) != 1 || sfi[0] < 1 || sfi[0] > 10 {
			return nil, &Fault{CardNonsense, ErrTLV}
		}
		if list, err = readDirectory(ctx, c, sfi[0]); err != nil {
			return nil, err
		}
	}
	if len(list) > 0 {
		return list, nil
	}
	for _, k := range known {
		aid, err := hex.DecodeString(k)
		if err == nil {
			list = append(list, candidate{aid: aid})
		}
	}
	return list, nil
}

func readDirectory(ctx context.Context, c Chip, sfi byte) ([]candidate, error) {
	var list []candidate
	for n := byte(1); n <= maxCandidates; n++ {
		r, sw, err := readRecord(ctx, c, sfi, n)
		if err != nil {
			return nil, err
		}
		if sw != swOK {
			break
		}
		fine := walk(r, func(o object) bool {
			if o.tag == tagEntry && len(list) < maxCandidates {
				if one, is := entry(o.value); is {
					list = append(list, one)
				}
			}
			return true
		})
		if !fine {
			return nil, &Fault{CardNonsense, ErrTLV}
		}
	}
	return byPriority(list), nil
}

func entry(b []byte) (candidate, bool) {
	aid, is := find(b, tagADF)
	if !is || len(aid) < 5 || len(aid) > 16 {
		return candidate{}, false
	}
	one := candidate{aid: bytes.Clone(aid), label: labelOf(b)}
	if p, is := find(b, tagPriority); is && len(p) == 1 {
		one.priority = p[0] & 0x0F
	}
	return one, true
}

// byPriority puts first what the card wants first; what has no priority is last: EMV Book 1, 12.4.
func byPriority(list []candidate) []candidate {
	var sorted []candidate
	for p := byte(1); p <= 16; p++ {
		for _, c := range list {
			if c.priority == p&0x0F {
				sorted = append(sorted, c)
			}
		}
	}
	return sorted
}

// labelOf is the application's name: its preferred one where that can be shown, or its label.
func labelOf(b []byte) string {
	for _, tag := range []uint32{tagPreferred, tagLabel} {
		if text, is := find(b, tag); is {
			if s := strings.TrimSpace(shown(text)); s != "" {
				return s
			}
		}
	}
	return ""
}

// shown is a label as text; empty where it holds other than printable ASCII, or digits
// enough for a card number.
func shown(b []byte) string {
	if len(b) > 16 {
		b = b[:16]
	}
	run := 0
	for _, c := range b {
		if c < ' ' || c > '~' {
			return ""
		}
		if run++; c < '0' || c > '9' {
			run = 0
		}
		if run == 8 {
			return ""
		}
	}
	return string(b)
}

// readApplication selects one and reads its records.
func readApplication(ctx context.Context, c Chip, one candidate) (Card, error) {
	r, sw, err := selectFile(ctx, c, one.aid)
	switch {
	case err != nil:
		return Card{}, err
	case sw == swBlocked:
		return Card{}, &Fault{CardBlocked, status(sw)}
	case sw != swOK:
		return Card{}, &Fault{NoPaymentCard, status(sw)}
	}
	if name, is := find(r, 0x84); is && len(name) >= 5 && len(name) <= 16 {
		one.aid = bytes.Clone(name)
	}
	if label := labelOf(r); label != "" {
		one.label = label
	}
	pdol, _ := find(r, tagPDOL)
	locator, err := begin(ctx, c, pdol)
	if err != nil {
		return Card{}, err
	}
	defer clear(locator.early)
	return locator.read(ctx, c, one)
}

func status(sw uint16) error { return fmt.Errorf("%w: %04X", ErrStatus, sw) }

// found is where the records are, and the answer in which that stood.
type found struct {
	files []byte // of four bytes each: EMV Book 3, 10.2
	early []byte
}

// begin tells the card that it is used: GET PROCESSING OPTIONS, EMV Book 3, 6.5.8.
func begin(ctx context.Context, c Chip, pdol []byte) (found, error) {
	list, ok := objectList(pdol)
	if !ok {
		return found{}, &Fault{CardNonsense, ErrTLV}
	}
	var told []byte
	for _, want := range list {
		piece := make([]byte, want.length)
		copy(piece, terminal[want.tag])
		if told = append(told, piece...); len(told) > 252 {
			return found{}, &Fault{CardNonsense, ErrTLV}
		}
	}
	body := []byte{0x83}
	if len(told) > 127 {
		body = append(body, 0x81)
	}
	body = append(append(body, byte(len(told))), told...)
	r, sw, err := ask(ctx, c, [4]byte{0x80, 0xA8, 0x00, 0x00}, body)
	switch {
	case err != nil:
		return found{}, err
	case sw != swOK:
		return found{}, &Fault{CardBlocked, status(sw)}
	}
	if files, is := find(r, tagAFL); is {
		return found{files, r}, nil
	}
	plain, is := find(r, tagFormat1)
	if !is || len(plain) < 2 {
		if _, is = find(r, tagTrack2); is { // all is told already
			return found{nil, r}, nil
		}
		clear(r)
		return found{}, &Fault{CardNonsense, ErrTLV}
	}
	return found{plain[2:], r}, nil
}

// read goes through the records until the number is found.
func (f found) read(ctx context.Context, c Chip, one candidate) (Card, error) {
	var n numbers
	defer n.clear()
	n.take(f.early)
	left := maxRecords
	if len(f.files)%4 != 0 {
		return Card{}, &Fault{CardNonsense, ErrTLV}
	}
	for files := f.files; len(files) > 0 && !n.track(); files = files[4:] {
		sfi := files[0] >> 3
		if sfi < 1 || sfi > 30 || files[1] == 0 || files[2] < files[1] {
			return Card{}, &Fault{CardNonsense, ErrTLV}
		}
		for number := int(files[1]); number <= int(files[2]) && !n.track(); number++ {
			if left--; left < 0 {
				return Card{}, &Fault{CardNonsense, ErrTooMany}
			}
			r, sw, err := readRecord(ctx, c, sfi, byte(number))
			if err != nil {
				return Card{}, err
			}
			fine := sw != swOK || n.take(r) || sfi > 10 // those above 10 are not EMV's
			clear(r)
			if !fine {
				return Card{}, &Fault{CardNonsense, ErrTLV}
			}
		}
	}
	return n.card(one)
}

// numbers are what the records say of the number.
type numbers struct{ equivalent, pan, expiry, service []byte }

func (n *numbers) track() bool { return n.equivalent != nil }

func (n *numbers) clear() {
	for _, b := range [][]byte{n.equivalent, n.pan, n.expiry, n.service} {
		clear(b)
	}
}

// take keeps copies of what it finds in an answer. It is false where that is no TLV.
func (n *numbers) take(b []byte) bool {
	return walk(b, func(o object) bool {
		for tag, to := range map[uint32]*[]byte{tagTrack2: &n.equivalent, tagPAN: &n.pan, tagExpiry: &n.expiry, tagService: &n.service} {
			if o.tag == tag && *to == nil && len(o.value) > 0 && len(o.value) <= maxTrack {
				*to = bytes.Clone(o.value)
			}
		}
		return true
	})
}

// card makes a card of the track's equivalent, or of number and expiry.
func (n *numbers) card(one candidate) (Card, error) {
	var track [2 * maxTrack]byte
	defer clear(track[:])
	made := !n.track()
	var b []byte
	switch {
	case !made:
		b = unpack(track[:0], n.equivalent)
	case n.pan != nil && len(n.pan) <= 10 && len(n.expiry) >= 2:
		b = unpack(track[:0], n.pan)
		b = unpack(append(b, '='), n.expiry[:2])
		if len(n.service) == 2 {
			code := unpack(nil, n.service)
			b = append(b, code[1:]...)
		}
	default:
		return Card{}, &Fault{NoPaymentCard, ErrNoNumber}
	}
	card, err := chipTrack(b, made)
	if err != nil {
		return Card{}, &Fault{CardNonsense, err}
	}
	card.track.chip, card.track.made = true, made
	card.track.label, card.track.aid = one.label, strings.ToUpper(hex.EncodeToString(one.aid))
	return card, nil
}

// unpack appends the digits of packed ones until the padding: F at the end, and D is =.
func unpack(to, b []byte) []byte {
	for i := range 2 * len(b) {
		d := b[i/2] >> 4
		if i%2 == 1 {
			d = b[i/2] & 0x0F
		}
		if d == 0x0F {
			break
		}
		if d == 0x0D {
			to = append(to, '=')
		} else {
			to = append(to, '0'+d)
		}
	}
	return to
}

// chipTrack makes a card of PAN=YYMM and what follows. bare allows that no service code does.
func chipTrack(b []byte, bare bool) (Card, error) {
	if len(b) > maxTrack {
		return Card{}, ErrTooLong
	}
	whole := make([]byte, 0, maxTrack+2+3)
	defer func() { clear(whole[:cap(whole)]) }()
	whole = append(append(whole, ';'), b...)
	sep := bytes.IndexByte(whole, '=')
	short := bare && sep > 0 && len(whole) == sep+1+4
	if short {
		whole = append(whole, "000"...)
	}
	whole = append(whole, '?')
	card, err := ParseTrack2(whole)
	if err == nil && short {
		card.track.b = card.track.b[:len(card.track.b)-3]
	}
	return card, err
}
