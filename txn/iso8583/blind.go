package iso8583

import (
	"bytes"
	"fmt"
	"slices"

	moov "github.com/moov-io/iso8583"
	"github.com/moov-io/iso8583/encoding"
)

// cardFields are those in which a bank brings back what it was told of a card.
var cardFields = []int{2, 14, 35, 36, 45}

// blind decodes a field of a card and gives it masked: the library keeps what it is given in strings, which nobody can wipe.
type blind struct {
	field Field
	inner encoding.Encoder
}

// Encode implements moov's encoding.Encoder. Nothing is packed by a specification that is blind.
func (b blind) Encode([]byte) ([]byte, error) {
	return nil, fmt.Errorf("DE%d is not packed", b.field.Number)
}

// Decode implements moov's encoding.Encoder.
func (b blind) Decode(packed []byte, length int) (text []byte, read int, err error) {
	if how, is := b.inner.(nibbles); is {
		text, read, err = how.Decode(packed, length)
	} else if length < 0 || len(packed) < length {
		err = fmt.Errorf("%d characters are not there", length)
	} else {
		text, read = bytes.Clone(packed[:length]), length // in one piece: the library's own lets it grow
	}
	for _, c := range text {
		if !allowed(b.field.Type, c) {
			err = fmt.Errorf("DE%d has a character that is none of its type", b.field.Number)
		}
	}
	if b.field.Number == 2 {
		mask(text)
		return text, read, err
	}
	for i := range text {
		text[i] = '*'
	}
	return text, read, err
}

// UnpackAnswer is Unpack for whoever told the bank of a card and has to forget it: the card's fields are masked.
func (p *Profile) UnpackAnswer(body []byte) (Message, error) { return p.unpack(p.blind, body) }

// isBlind reports whether a specification masks a field.
func (p *Profile) isBlind(spec *moov.MessageSpec, f Field) bool {
	return spec == p.blind && isCard(f.Number)
}

func isCard(number int) bool { return slices.Contains(cardFields, number) }
