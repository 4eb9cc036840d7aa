package iso8583

import (
	"encoding/hex"
	"errors"
	"fmt"
)

// Pack turns a message into the bytes after the frame's headers, in one piece that its caller wipes: moov's own packing leaves copies
// of each field behind. That both make the same bytes is tested.
func (p *Profile) Pack(m Message) ([]byte, error) {
	if !fits(Field{Type: N, Length: 4}, m.MTI) {
		return nil, fmt.Errorf("MTI %q is not four digits", clean(m.MTI))
	}
	numbers := m.numbers()
	bitmap := make([]byte, 8, 16)
	if n := len(numbers); n > 0 && numbers[n-1] > 64 && p.Bits > 64 {
		bitmap = bitmap[:16]
		bitmap[0] = 0x80
	}
	for _, n := range numbers {
		f, ok := p.Field(n)
		if !ok {
			return nil, fmt.Errorf("profile %s has no DE%d", p.Name, n)
		}
		if !m.fits(f) {
			return nil, fmt.Errorf("DE%d (%s) does not fit %s", n, f.Name, f.format())
		}
		bitmap[(n-1)/8] |= 0x80 >> ((n - 1) % 8)
	}
	body := make([]byte, 0, p.size(m))
	body, errMTI := appendAs(body, p.MTI, m.MTI)
	body, errMap := appendAs(body, p.Bitmap, string(bitmap))
	if err := errors.Join(errMTI, errMap); err != nil {
		return nil, err
	}
	for _, n := range numbers {
		f, _ := p.Field(n)
		var err error
		if body, err = p.appendField(body, f, m); err != nil {
			clear(body)
			return nil, err
		}
	}
	return body, nil
}

// appendField packs a field behind its length.
func (p *Profile) appendField(body []byte, f Field, m Message) (_ []byte, err error) {
	if f.Variable > 0 {
		if body, err = appendAs(body, p.LengthDigits, fmt.Sprintf("%0*d", f.Variable, m.length(f.Number))); err != nil {
			return body, err
		}
	}
	if secret, is := m.hidden[f.Number]; is {
		body, err = appendAs(body, f.Encoding, secret)
	} else {
		body, err = appendAs(body, f.Encoding, m.fields[f.Number])
	}
	if err != nil {
		return body, fmt.Errorf("DE%d (%s) can't be packed", f.Number, f.Name)
	}
	return body, nil
}

// appendAs encodes a value behind what is packed. There is room for it: nothing is copied but the value.
func appendAs[T string | []byte](body []byte, e Encoding, value T) ([]byte, error) {
	switch e {
	case ASCII, Binary:
		return append(body, value...), nil
	case HexASCII:
		for i := range len(value) {
			body = hex.AppendEncode(body, []byte{value[i]})
		}
		for i := len(body) - 2*len(value); i < len(body); i++ {
			if body[i] >= 'a' {
				body[i] -= 'a' - 'A'
			}
		}
		return body, nil
	case BCDLeft, BCDRight, TrackBCD:
		return appendNibbles(body, e, value)
	}
	return body, fmt.Errorf("encoding %q is not known", e)
}

// appendNibbles packs characters two a byte; see nibbles.
func appendNibbles[T string | []byte](body []byte, e Encoding, value T) ([]byte, error) {
	how := encoders[e].(nibbles) // the three are that, see spec.go
	at, from := how.shift(len(value)), len(body)
	for range (len(value) + 1) / 2 {
		body = append(body, 0)
	}
	for i := range len(value) {
		n, ok := how.value(value[i])
		if !ok {
			return body, fmt.Errorf("character %d does not fit", i)
		}
		body[from+(at+i)/2] |= n << (4 * (1 - (at+i)%2))
	}
	return body, nil
}
