package iso8583

import (
	"bytes"
	"testing"

	moov "github.com/moov-io/iso8583"
)

// packedByMoov is how the library packs what Pack packs.
func packedByMoov(p *Profile, m Message) ([]byte, error) {
	packed := moov.NewMessage(p.spec)
	packed.MTI(m.MTI)
	for n, value := range m.fields {
		f, _ := p.Field(n)
		var err error
		if f.Type == B {
			err = packed.BinaryField(n, []byte(value))
		} else {
			err = packed.Field(n, value)
		}
		if err != nil {
			return nil, err
		}
	}
	return packed.Pack()
}

// samePacked holds Pack against the library: for fields that fit, and for the same fields hidden.
func samePacked(t *testing.T, p *Profile, m Message) {
	t.Helper()
	ours, err := p.Pack(m)
	if err != nil || len(m.fields) == 0 {
		return
	}
	theirs, err := packedByMoov(p, m)
	if err != nil || !bytes.Equal(ours, theirs) {
		t.Fatalf("%X, and the library packs %X, %v", ours, theirs, err)
	}
	if len(ours) != cap(ours) {
		t.Fatalf("room for %d bytes, and %d were packed: growing leaves copies", cap(ours), len(ours))
	}
	hidden := NewMessage(m.MTI)
	for n, value := range m.fields {
		hidden.Hide(n, []byte(value))
	}
	if again, err := p.Pack(hidden); err != nil || !bytes.Equal(again, ours) {
		t.Fatalf("hidden fields are packed otherwise: %X, %v", again, err)
	}
}

// Hidden fields are told by nobody but Pack, and are masked for people as any others.
func TestHiddenFieldsAreTold(t *testing.T) {
	pan := []byte("6222020000000001234")
	m := NewMessage("0200").Hide(2, pan).Hide(35, []byte("6222020000000001234=3012101"))
	if m.Get(2) != "" || m.Get(35) != "" || !m.Has(2) || !m.Has(35) || m.Has(14) {
		t.Errorf("%q, %q", m.Get(2), m.Get(35))
	}
	if got := m.Redacted(); got != "MTI 0200\nDE2 622202*********1234\nDE35 present" {
		t.Errorf("%q", got)
	}
	if string(pan) != "6222020000000001234" {
		t.Error("telling it has changed it")
	}
	if short := NewMessage("0200").Hide(2, []byte("123456789")).Redacted(); short != "MTI 0200\nDE2 *********" {
		t.Errorf("%q", short)
	}
	if m.Hide(2, nil).Has(2) {
		t.Error("an empty value leaves no field out")
	}
}

// forgetful holds UnpackAnswer against Unpack: the same fields, but for the card's, which are masked.
func forgetful(t *testing.T, p *Profile, body []byte, whole Message) {
	t.Helper()
	told, err := p.UnpackAnswer(body)
	if err != nil || told.MTI != whole.MTI || len(told.fields) != len(whole.fields) {
		t.Fatalf("an answer is read otherwise: %v", err)
	}
	for n, value := range whole.fields {
		want := value
		switch {
		case n == 2:
			want = Mask(value)
		case isCard(n):
			want = string(bytes.Repeat([]byte("*"), len(value)))
		}
		if told.Get(n) != want {
			t.Fatalf("DE%d is told as %q", n, told.Get(n))
		}
	}
}

// An answer that brings the card back is read without it.
func TestAnswersAreReadWithoutTheCard(t *testing.T) {
	for _, p := range Profiles() {
		m := NewMessage("0210").Set(2, "6222020000000001234").Set(35, "6222020000000001234=3012101").Set(39, "00")
		body, err := p.Pack(m)
		if err != nil {
			t.Fatal(err)
		}
		forgetful(t, p, body, m)
		if told, err := p.UnpackAnswer(body); err != nil || told.Get(2) != "622202*********1234" || told.Redacted() != m.Redacted() {
			t.Errorf("%q, %v", told.Get(2), err)
		}
	}
}
