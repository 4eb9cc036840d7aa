package iso8583

import (
	"bytes"
	"errors"
	"maps"
	"strings"
	"testing"

	"veratill/packaging/nasty"
)

// What is read can be written, is read the same again, and neither an error nor the
// redacted form says a card number.
func fuzzUnpack(f *testing.F, p *Profile) {
	nasty.Fuzz(f, func(t *testing.T, body []byte) {
		m, err := p.Unpack(body)
		if err != nil {
			if _, err := p.UnpackAnswer(body); err == nil {
				t.Fatal("what can't be read is read as an answer")
			}
			if !errors.Is(err, ErrUnreadable) || nasty.Digits(err.Error()) > 8 {
				t.Fatalf("the error is %v", err)
			}
			return
		}
		forgetful(t, p, body, m)
		packed, err := p.Pack(m)
		if err != nil {
			t.Fatalf("read, and can't be written: %v", err)
		}
		if again, err := p.Unpack(packed); err != nil || again.MTI != m.MTI || !maps.Equal(again.fields, m.fields) {
			t.Fatalf("read, written and read otherwise: %v", err)
		}
	})
}

func FuzzUnpackUnionPay(f *testing.F) { fuzzUnpack(f, unionpay) }
func FuzzUnpackISO87(f *testing.F)    { fuzzUnpack(f, iso87) }

// Any fields are either refused, or come back from the wire as they were.
func FuzzPack(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		p := unionpay
		if len(b) > 0 && b[0]&1 == 1 {
			p = iso87
		}
		m := messageOf(p, b)
		drawn := len(b) > 0 && b[0]&2 != 0
		if drawn {
			m = drawnOf(p, b)
		}
		packed, err := p.Pack(m)
		if err != nil {
			if drawn {
				t.Fatalf("values of the fields do not fit them: %v", err)
			}
			if nasty.Digits(err.Error()) > 8 {
				t.Fatalf("the error is %v", err)
			}
			return
		}
		samePacked(t, p, m)
		if again, err := p.Unpack(packed); len(m.fields) > 0 && (err != nil || !maps.Equal(again.fields, m.fields)) {
			t.Fatalf("written and read otherwise: %v", err)
		}
	})
}

// messageOf takes fields as number, length, value from bytes.
func messageOf(p *Profile, b []byte) Message {
	m := NewMessage("0200")
	for i := 1; i+2 < len(b); {
		f := p.Fields[int(b[i])%len(p.Fields)]
		end := min(len(b), i+2+int(b[i+1])%64)
		value := string(b[i+2 : end])
		if f.Type == Z { // D is another way to write =
			value = strings.ReplaceAll(value, "D", "=")
		}
		m.Set(f.Number, value)
		i = end
	}
	return m
}

// drawnOf takes fields as number and draws of a value.
func drawnOf(p *Profile, b []byte) Message {
	at := 1
	draw := func(n int) int {
		if at >= len(b) {
			return 0
		}
		at++
		return int(b[at-1]) % n
	}
	m := NewMessage("0200")
	for at < len(b) {
		f := p.Fields[draw(len(p.Fields))]
		m.Set(f.Number, f.Value(draw))
	}
	return m
}

// secret are the fields of which no person may see a value.
var secret = []int{2, 35, 36, 45, 48, 52, 54, 55, 62, 63}

// Whatever the secret fields hold, the redacted form and the other ways to print a
// message do not show it: of a PAN the first six and the last four, of the others nothing.
func FuzzRedaction(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		value := string(b)
		if nasty.Digits(value) < 12 { // nothing that has to be hidden
			return
		}
		m := NewMessage("0200")
		for _, n := range secret {
			m.Set(n, value)
		}
		shown := m.Redacted()
		if strings.Contains(shown, value) || nasty.Digits(shown) > 6 {
			t.Fatalf("%q is shown", value)
		}
		if m.String() != shown || m.GoString() != shown {
			t.Fatal("a message is printed in another way")
		}
	})
}

// No bytes break the frame reader, and a frame that is written is read the same.
func FuzzReadFrame(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, stream []byte) {
		for _, p := range Profiles() {
			if body, _, err := p.ReadFrame(bytes.NewReader(p.Frame(stream, nil))); len(stream) > 0 && (err != nil || !bytes.Equal(body, stream)) {
				t.Fatalf("written and read otherwise: %v", err)
			}
			r := bytes.NewReader(stream)
			for {
				body, _, err := p.ReadFrame(r)
				if errors.Is(err, ErrUnreadable) {
					continue
				}
				if err != nil {
					break
				}
				if len(body) == 0 || len(body) > MaxFrameBytes {
					t.Fatalf("a body of %d bytes", len(body))
				}
			}
		}
	})
}

var masterOfFuzz = []byte("0123456789ABCDEF")

// Keys that are taken are those that were sealed, and any change of them is refused.
func FuzzKeys(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		if keys, err := OpenKeys(b, masterOfFuzz); err != nil {
			if !errors.Is(err, ErrKeys) {
				t.Fatal(err)
			}
		} else if len(keys.MAK) != 8 && len(keys.MAK) != 16 {
			t.Fatalf("a MAK of %d bytes", len(keys.MAK))
		}
		if len(b) < 34 {
			return
		}
		sealed, err := SealKeys(masterOfFuzz, b[:16], b[16:32])
		if err != nil {
			t.Fatal(err)
		}
		open, err := OpenKeys(sealed, masterOfFuzz)
		if err != nil || !bytes.Equal(open.MAK, b[16:32]) && !bytes.Equal(sealed[28:36], make([]byte, 8)) {
			t.Fatalf("sealed and opened otherwise: %v", err)
		}
		at := int(b[32]) % 16
		sealed[at] ^= b[33] | 1
		if open, err = OpenKeys(sealed, masterOfFuzz); err == nil && bytes.Equal(open.PIK, b[:16]) {
			t.Fatal("a changed key is the same")
		}
	})
}
