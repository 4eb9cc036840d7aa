package iso8583

import (
	"fmt"

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

func (p *Profile) build() error {
	spec := &moov.MessageSpec{Name: p.Name, Fields: map[int]field.Field{
		0: field.NewString(&field.Spec{Length: 4, Description: "MTI", Enc: encoders[p.MTI], Pref: fixed[p.MTI]}),
		1: field.NewBitmap(&field.Spec{Length: 8, Description: "bitmap", Enc: bitmapEncoder(p.Bitmap), Pref: bitmapPrefix(p.Bitmap),
			DisableAutoExpand: p.Bits == 64}),
	}}
	for _, f := range p.Fields {
		if spec.Fields[f.Number] != nil {
			return fmt.Errorf("profile %s names DE%d twice", p.Name, f.Number)
		}
		s := &field.Spec{Length: f.Length, Description: f.Name, Enc: encoders[f.Encoding], Pref: fixed[f.Encoding]}
		if f.Variable > 0 {
			s.Pref = variable[p.LengthDigits][f.Variable]
		}
		if s.Enc == nil || s.Pref == nil {
			return fmt.Errorf("profile %s: DE%d has no encoding", p.Name, f.Number)
		}
		if f.Type == B {
			spec.Fields[f.Number] = field.NewBinary(s)
		} else {
			spec.Fields[f.Number] = field.NewString(s)
		}
	}
	p.spec = spec
	return spec.Validate()
}

var encoders = map[Encoding]encoding.Encoder{
	ASCII: encoding.ASCII, BCDLeft: encoding.LBCD, BCDRight: encoding.BCD,
	TrackBCD: trackNibbles{}, Binary: encoding.Binary, HexASCII: encoding.BytesToASCIIHex,
}

var fixed = map[Encoding]prefix.Prefixer{
	ASCII: prefix.ASCII.Fixed, BCDLeft: prefix.BCD.Fixed, BCDRight: prefix.BCD.Fixed,
	TrackBCD: prefix.BCD.Fixed, Binary: prefix.Binary.Fixed, HexASCII: prefix.Hex.Fixed,
}

var variable = map[Encoding]map[int]prefix.Prefixer{
	ASCII:    {2: prefix.ASCII.LL, 3: prefix.ASCII.LLL},
	BCDRight: {2: prefix.BCD.LL, 3: prefix.BCD.LLL},
}

func bitmapEncoder(e Encoding) encoding.Encoder { return encoders[e] }

func bitmapPrefix(e Encoding) prefix.Prefixer { return fixed[e] }

// trackNibbles packs track data two characters a byte, left-aligned, with D for the separator.
type trackNibbles struct{}

const nibbles = "0123456789:;<=>?" // ISO 7811: a track character is 30h plus its nibble

// Encode implements moov's encoding.Encoder.
func (trackNibbles) Encode(text []byte) ([]byte, error) {
	packed := make([]byte, (len(text)+1)/2)
	for i, c := range text {
		if c == 'D' {
			c = '='
		}
		if c < '0' || c > '?' {
			return nil, fmt.Errorf("character %d is not one of a track", i)
		}
		packed[i/2] |= (c - '0') << (4 * (1 - i%2))
	}
	return packed, nil
}

// Decode implements moov's encoding.Encoder.
func (trackNibbles) Decode(packed []byte, length int) ([]byte, int, error) {
	read := (length + 1) / 2
	if length < 0 || len(packed) < read {
		return nil, 0, fmt.Errorf("%d characters need %d bytes, %d are there", length, read, len(packed))
	}
	text := make([]byte, length)
	for i := range text {
		text[i] = nibbles[packed[i/2]>>(4*(1-i%2))&0x0F]
	}
	return text, read, nil
}
