package hid

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"veratill/devices/port"
	"veratill/packaging/nasty"
)

// scannerDescriptor is a point of sale scanner's: ID 2, byte count, three characters of the
// AIM identifier, 56 bytes of data, two of little use, and whether more follows.
var scannerDescriptor = []byte{
	0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, // Usage Page (scanner), Usage (scanner), Collection
	0x85, 0x02, // Report ID 2
	0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08, // 0 to 255, 8 bits
	0x95, 0x01, 0x05, 0x01, 0x09, 0x3B, 0x81, 0x02, // byte count
	0x95, 0x01, 0x05, 0x8C, 0x09, 0xFB, 0x81, 0x02, 0x09, 0xFC, 0x81, 0x02, 0x09, 0xFD, 0x81, 0x02,
	0x95, 0x38, 0x09, 0xFE, 0x82, 0x02, 0x01, // data, buffered bytes
	0x95, 0x02, 0x81, 0x01, // two that are constant
	0x75, 0x01, 0x95, 0x01, 0x25, 0x01, 0x09, 0xFF, 0x81, 0x02, 0x95, 0x07, 0x81, 0x01, // more, and seven bits of nothing
	0xC0,
}

func TestScannerDescriptor(t *testing.T) {
	s, err := Parse(scannerDescriptor)
	if err != nil {
		t.Fatal(err)
	}
	if s.Largest() != 64 || !s.IDs || !s.HasPage(0x8C) || s.HasPage(0x8E) {
		t.Errorf("%+v: %d bytes", s, s.Largest())
	}
	report := append([]byte{2, 5}, []byte("]E0HELLO")...)
	report = append(report, make([]byte, 64-len(report))...)
	report[63] = 1
	id, body := s.Body(report)
	data, ok := s.Find(0x8C, 0xFE)
	if id != 2 || !ok || len(data.Bytes(body)) != 56 || !bytes.HasPrefix(data.Bytes(body), []byte("HELLO")) {
		t.Errorf("%+v", data)
	}
	more, ok := s.Find(0x8C, 0xFF)
	if !ok || !more.Flag(body) || more.Bytes(body) != nil || more.Flag(body[:20]) {
		t.Errorf("%+v", more)
	}
	if _, is := s.Find(0x8C, 0); is {
		t.Error("a usage that is none was found")
	}
}

// A field that the report is too short for is no field.
func TestShortReport(t *testing.T) {
	f := Field{At: 16, Bits: 16}
	if f.Bytes([]byte{1, 2, 3}) != nil || f.Bytes([]byte{1, 2, 3, 4}) == nil {
		t.Error("two bytes from the third on")
	}
}

func TestBadDescriptors(t *testing.T) {
	for name, bad := range map[string][]byte{
		"cut":           scannerDescriptor[:1],
		"long, cut":     {0xFE, 9, 0},
		"report ID 0":   {0x85, 0},
		"pop of none":   {0xB4},
		"pushes":        bytes.Repeat([]byte{0xA4}, maxStack+1),
		"too large":     make([]byte, MaxDescriptor+1),
		"sizes":         {0x77, 0xFF, 0xFF, 0xFF, 0x7F, 0x97, 0xFF, 0xFF, 0xFF, 0x7F, 0x81, 0x02},
		"usages":        {0x1A, 0, 0, 0x2A, 0xFF, 0xFF},
		"usages around": {0x1A, 9, 0, 0x2A, 1, 0},
	} {
		if _, err := Parse(bad); !errors.Is(err, ErrDescriptor) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// asked is an interface that answers with its descriptor.
type asked struct {
	port.USB
	length int
	answer []byte
	err    error
}

func (a asked) Descriptor() port.Descriptor {
	return port.Descriptor{Interface: 1, Extra: []byte{9, 0x21, 0x11, 1, 0, 1, 0x22, byte(a.length), byte(a.length >> 8)}}
}

func (a asked) Control(_ context.Context, s port.Setup, b []byte) (int, error) {
	if s.RequestType != 0x81 || s.Request != 6 || s.Value != 0x2200 || s.Index != 1 || len(b) != a.length {
		return 0, errors.New("another request")
	}
	return copy(b, a.answer), a.err
}

func TestAsk(t *testing.T) {
	s, err := Ask(context.Background(), asked{length: len(scannerDescriptor), answer: scannerDescriptor})
	if err != nil || s.Largest() != 64 {
		t.Error(s, err)
	}
	if _, err = Ask(context.Background(), asked{}); !errors.Is(err, ErrDescriptor) {
		t.Error(err)
	}
	stall := errors.New("stall")
	if _, err = Ask(context.Background(), asked{length: 9, err: stall}); !errors.Is(err, stall) {
		t.Error(err)
	}
}

// What is read of a descriptor lies within the reports that it tells of.
func FuzzDescriptor(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		Length(b)
		s, err := Parse(b)
		if err != nil {
			return
		}
		if s.Largest() > maxBits/8+1 || len(s.Fields) > maxFields {
			t.Fatalf("%d bytes, %d fields", s.Largest(), len(s.Fields))
		}
		for _, field := range s.Fields {
			size := s.Size(field.ID)
			body := make([]byte, size)
			if field.Flag(body) || field.At < 0 || field.Bits < 0 || field.At+field.Bits > 8*size {
				t.Fatalf("%+v in %d bytes", field, size)
			}
			field.Bytes(body)
		}
	})
}
