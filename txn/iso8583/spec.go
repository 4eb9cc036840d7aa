package iso8583

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"

	moov "github.com/moov-io/iso8583"
	"github.com/moov-io/iso8583/encoding"
	"github.com/moov-io/iso8583/field"
	"github.com/moov-io/iso8583/prefix"
)

// mustBuild turns a built-in table into moov's specification. A table that can't be one is a fault of this program.
func mustBuild(p *Profile) *Profile {
	if err := p.build(); err != nil {
		panic(err)
	}
	return p
}

func (p *Profile) build() (err error) {
	p.passed = p.passedOver()
	if p.spec, err = p.specification(false); err == nil {
		p.blind, err = p.specification(true)
	}
	return err
}

// specification is the table as the library takes it; a blind one masks the fields of a card.
func (p *Profile) specification(isBlind bool) (*moov.MessageSpec, error) {
	spec := &moov.MessageSpec{Name: p.Name, Fields: map[int]field.Field{
		0: field.NewString(&field.Spec{Length: 4, Description: "MTI", Enc: encoders[p.MTI], Pref: fixed[p.MTI]}),
		1: field.NewBitmap(&field.Spec{Length: 8, Description: "bitmap", Enc: bitmapEncoder(p.Bitmap), Pref: bitmapPrefix(p.Bitmap)}),
	}}
	for _, f := range append(slices.Clone(p.Fields), p.passed...) {
		if spec.Fields[f.Number] != nil {
			return nil, fmt.Errorf("profile %s names DE%d twice", p.Name, f.Number)
		}
		s := &field.Spec{Length: f.Length, Description: f.Name, Enc: encoders[f.Encoding], Pref: fixed[f.Encoding]}
		if f.Type == ANS && f.Encoding == ASCII {
			s.Enc = plain{} // one byte a character as well, and GBK text comes through
		}
		if f.Variable > 0 {
			s.Pref = variable[p.LengthDigits][f.Variable]
		}
		if s.Enc == nil || s.Pref == nil {
			return nil, fmt.Errorf("profile %s: DE%d has no encoding", p.Name, f.Number)
		}
		//mutant:answers-are-read-blind
		if isBlind && isCard(f.Number) {
			s.Enc = blind{f, s.Enc}
		}
		if f.Type == B {
			spec.Fields[f.Number] = field.NewBinary(s)
		} else {
			spec.Fields[f.Number] = field.NewString(s)
		}
	}
	return spec, spec.Validate()
}

var encoders = map[Encoding]encoding.Encoder{
	ASCII: encoding.ASCII, BCDLeft: nibbles{digits: "0123456789"}, BCDRight: nibbles{digits: "0123456789", right: true},
	TrackBCD: nibbles{digits: trackCharacters}, Binary: plain{}, HexASCII: encoding.BytesToASCIIHex,
}

var fixed = map[Encoding]prefix.Prefixer{
	ASCII: prefix.ASCII.Fixed, BCDLeft: prefix.BCD.Fixed, BCDRight: prefix.BCD.Fixed,
	TrackBCD: prefix.BCD.Fixed, Binary: prefix.Binary.Fixed, HexASCII: prefix.Hex.Fixed,
}

var variable = map[Encoding]map[int]prefix.Prefixer{
	ASCII:    {2: prefix.ASCII.LL, 3: prefix.ASCII.LLL},
	BCDRight: {2: bcdLength(2), 3: bcdLength(3)},
}

// plain takes bytes as they are. The library's own copies all that follows in the message with each field, the card's among it.
type plain struct{}

// Encode implements moov's encoding.Encoder.
func (plain) Encode(value []byte) ([]byte, error) { return bytes.Clone(value), nil }

// Decode implements moov's encoding.Encoder.
func (plain) Decode(packed []byte, length int) ([]byte, int, error) {
	if length < 0 || len(packed) < length {
		return nil, 0, fmt.Errorf("%d bytes are not there", length)
	}
	return bytes.Clone(packed[:length]), length, nil
}

func bitmapEncoder(e Encoding) encoding.Encoder { return encoders[e] }

func bitmapPrefix(e Encoding) prefix.Prefixer { return fixed[e] }

// trackCharacters are those of a track: 30h plus the nibble (ISO 7811).
const trackCharacters = "0123456789:;<=>?"

// nibbles packs characters two a byte, left-aligned unless right, padded with 0. The
// library's own BCD builds its tables anew for every value, which is nine tenths of
// the time of a message.
type nibbles struct {
	digits string
	right  bool
}

// Encode implements moov's encoding.Encoder.
func (e nibbles) Encode(text []byte) ([]byte, error) {
	packed := make([]byte, (len(text)+1)/2)
	at := e.shift(len(text))
	for i, c := range text {
		n, ok := e.value(c)
		if !ok {
			return nil, fmt.Errorf("character %d does not fit", i)
		}
		packed[(at+i)/2] |= n << (4 * (1 - (at+i)%2))
	}
	return packed, nil
}

// value is a character's nibble.
func (e nibbles) value(c byte) (n byte, ok bool) {
	if c == 'D' && e.digits == trackCharacters {
		c = '='
	}
	n = c - '0' // one below '0' is above every digit
	return n, int(n) < len(e.digits)
}

// Decode implements moov's encoding.Encoder.
func (e nibbles) Decode(packed []byte, length int) ([]byte, int, error) {
	read := (length + 1) / 2
	if length < 0 || len(packed) < read {
		return nil, 0, fmt.Errorf("%d characters need %d bytes, %d are there", length, read, len(packed))
	}
	text := make([]byte, length)
	at := e.shift(length)
	for i := range text {
		n := int(packed[(at+i)/2] >> (4 * (1 - (at+i)%2)) & 0x0F)
		if n >= len(e.digits) {
			return nil, 0, fmt.Errorf("nibble %d does not fit", i)
		}
		text[i] = e.digits[n]
	}
	return text, read, nil
}

// shift is 1 where the first nibble is padding.
func (e nibbles) shift(length int) int {
	if e.right {
		return length % 2
	}
	return 0
}

// bcdLength is a length of that many digits before a value, in right-aligned BCD.
type bcdLength int

// EncodeLength implements moov's prefix.Prefixer.
func (digits bcdLength) EncodeLength(most, length int) ([]byte, error) {
	text := fmt.Sprintf("%0*d", int(digits), length)
	if length > most || len(text) > int(digits) {
		return nil, fmt.Errorf("%d is longer than %d", length, most)
	}
	return encoders[BCDRight].Encode([]byte(text))
}

// DecodeLength implements moov's prefix.Prefixer.
func (digits bcdLength) DecodeLength(most int, packed []byte) (length, read int, err error) {
	text, read, err := encoders[BCDRight].Decode(packed, int(digits))
	if err != nil {
		return 0, 0, err
	}
	if length, err = strconv.Atoi(string(text)); err != nil || length > most {
		return 0, 0, fmt.Errorf("%d is longer than %d", length, most)
	}
	return length, read, nil
}

// Inspect implements moov's prefix.Prefixer.
func (digits bcdLength) Inspect() string { return fmt.Sprintf("BCD length of %d digits", int(digits)) }
