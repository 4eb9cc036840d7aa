package zvt

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"math/bits"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// recorded are messages of real terminals, from a file of testdata.
func recorded(t testing.TB, file string) map[string]APDU {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]APDU{}
	for line := range strings.Lines(string(text)) {
		name, digits, found := strings.Cut(strings.TrimSpace(line), " ")
		if strings.HasPrefix(line, "#") || !found {
			continue
		}
		b, err := hex.DecodeString(digits)
		if err != nil {
			t.Fatal(name, err)
		}
		a, err := ParseWhole(b)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all[name] = a
	}
	return all
}

// What a real terminal sent is read as it meant it, and written back as it came.
func TestRecordedTerminalIsRead(t *testing.T) {
	all := recorded(t, "recorded.txt")
	if len(all) != 14 {
		t.Fatalf("%d messages are recorded", len(all))
	}
	for name, a := range all {
		if a.Code != StatusInfo {
			continue
		}
		fields, err := Fields(a.Data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		again, err := AppendFields(nil, fields...)
		if err != nil || !bytes.Equal(again, a.Data) && name != "1618046758827PT" { // which writes a length of its container in its own way
			t.Errorf("%s: written back it is another: %v", name, err)
		}
	}
	s, err := ReadStatus(all["1618593839564PT"].Data, CP437)
	if err != nil || s.Result != 0 || s.AmountMinor != 1880 || s.Receipt != 153 || s.Trace != "000153" || s.Time != "192336" || s.Date != "0416" || s.TID != "29001006" ||
		s.Contract != "100764992" || s.AID != "958520" || s.CardName != "MAESTRO" || s.PAN != "***************4281" || s.Text != "GEN.NR.:958520" {
		t.Errorf("%+v, %v", s, err)
	}
	s, err = ReadStatus(all["1620217578711PT"].Data, CP437)
	if err != nil || s.Result != 0x6C || s.Receipt != -1 || s.AmountMinor != -1 {
		t.Errorf("an abort: %+v, %v", s, err)
	}
	p := ReadProgress(all["data050730027"].Data, CP437)
	if p.State != 0x0A || p.Minutes != 1 || !slices.Equal(p.Lines, []string{"Karte vorhalten", "einstecken/durchziehen"}) {
		t.Errorf("%+v", p)
	}
	if p := ReadProgress(all["data081621025"].Data, CP437); p.State != 0x0E || p.Lines != nil {
		t.Errorf("%+v", p)
	}
	print := ReadPrint(all["data051327012"], Latin9)
	if print.For != ForMerchant || !print.Last || print.Lines[0] != "** HÄNDLERBELEG **" || !slices.Contains(print.Lines, "Beleg-Nr:        00/0019") {
		t.Errorf("%+v", print)
	}
	if day := ReadPrint(all["1617777384987PT"], CP437); day.For != ForShop || day.Lines[0] != "** KASSENSCHNITT **" {
		t.Errorf("%d lines for %d: %q", len(day.Lines), day.For, day.Lines[:1])
	}
	if r, err := ReadRegistered(all["1620218414428PT"].Data); err != nil || r.TID != "29001006" || r.Currency != "978" || r.Initialise || r.Diagnose {
		t.Errorf("%+v, %v", r, err)
	}
	if state, _ := TerminalState(all["1619070661833PT"].Data); state != 0xDC {
		t.Errorf("state %02X", state)
	}
	if all["1620217579741PT"].Code != Aborted || FirstByte(all["1620217579741PT"].Data) != 0x6C {
		t.Error("an abort is read as something else")
	}
}

// A message comes back as it was sent, however it is cut on its way, also above 254 bytes.
func TestMessagesTravel(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		want := APDU{Code: Code(rapid.Uint16().Draw(r, "code")), Data: rapid.SliceOfN(rapid.Byte(), 0, 700).Draw(r, "data")}
		b, err := want.Append(nil)
		if err != nil {
			r.Fatal(err)
		}
		got, err := Read(iotest.OneByteReader(bytes.NewReader(b)))
		if err != nil || got.Code != want.Code || !bytes.Equal(got.Data, want.Data) {
			r.Fatalf("%v, %v", got, err)
		}
		for n := range len(b) {
			if _, _, err := parse(b[:n]); !errors.Is(err, ErrShort) {
				r.Fatalf("%d of %d bytes are taken for a message: %v", n, len(b), err)
			}
			if _, err := Read(bytes.NewReader(b[:n])); n > 0 && !errors.Is(err, io.ErrUnexpectedEOF) {
				r.Fatalf("%d of %d bytes: %v", n, len(b), err)
			}
		}
		found, kind := deblock(Block(b))
		if kind != Message || !bytes.Equal(found, b) {
			r.Fatalf("over a serial line: %v", kind)
		}
		broken := Block(b)
		broken[rapid.IntRange(2, len(broken)-1).Draw(r, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(r, "bit")
		if found, kind := deblock(broken); kind == Message && !bytes.Equal(found, b) {
			r.Fatal("a block with a wrong bit is taken for another message")
		}
	})
	if _, err := (APDU{Data: make([]byte, mostData+1)}).Append(nil); err == nil {
		t.Error("a message of 65536 bytes is sent")
	}
}

func deblock(block []byte) (apdu []byte, last Found) {
	var d Deblocker
	for _, x := range block {
		if found, b := d.Put(x); found != Nothing {
			return b, found
		}
	}
	return nil, Nothing
}

// The checksum is the one that the specification writes down: x16+x15+x10+x3 over the APDU and ETX, which is the polynomial 1021 with the low bit first.
func TestChecksum(t *testing.T) {
	for _, text := range []string{"", "1", "123456789", "\x06\x00\x00"} {
		want := uint16(0)
		for _, x := range append([]byte(text), etx) {
			want ^= uint16(bits.Reverse8(x)) << 8
			for range 8 {
				carry := want&0x8000 != 0
				if want <<= 1; carry {
					want ^= 0x1021
				}
			}
		}
		if got := checksum([]byte(text)); got != bits.Reverse16(want) {
			t.Errorf("%q: %04X, want %04X", text, got, bits.Reverse16(want))
		}
	}
	if polynomial := 1<<15 | 1<<10 | 1<<3; polynomial != 0x8408 {
		t.Errorf("%X", polynomial)
	}
}

// What contradicts itself, what is not known and what is cut short is no status: nothing of the money is believed of it.
func TestDoubtfulStatusIsNone(t *testing.T) {
	for name, digits := range map[string]string{
		"two results":     "2700276C",
		"two amounts":     "27000400000000125004000000001251",
		"unknown bitmap":  "27004301",
		"cut short":       "270004000000",
		"amount of hex":   "270004AAAAAAAAAAAA",
		"length of hex":   "270022FAFA",
		"receipt of hex":  "2700870AB0",
		"no currency":     "270049FFFF",
		"container short": "270006820001",
	} {
		b, err := hex.DecodeString(digits)
		if err != nil {
			t.Fatal(name, err)
		}
		if s, err := ReadStatus(b, CP437); err == nil {
			t.Errorf("%s: %+v", name, s)
		}
	}
	if s, err := ReadStatus([]byte{0x27, 0, 0x27, 0}, CP437); err != nil || s.Result != 0 {
		t.Errorf("the same twice: %+v, %v", s, err)
	}
}

// A terminal that fills its currency with F, or with anything that is no digit, has said none that can be read.
func TestACurrencyIsANumber(t *testing.T) {
	for _, digits := range []string{"FFFF", "FFF8", "0F78", "AAAA"} {
		value, err := hex.DecodeString(digits)
		if err != nil {
			t.Fatal(err)
		}
		if r, err := ReadRegistered(append([]byte{FieldCurrency}, value...)); err == nil {
			t.Errorf("%s is currency %q", digits, r.Currency)
		}
	}
}

// A receipt number that is not known is said back with length 0: a 0 would undo the payment with number 1 (4.2).
func TestUnknownMirrorHasNoLength(t *testing.T) {
	if b := AppendObjects(nil, Mirrored(-1)); !bytes.Equal(b, []byte{0x1F, 0x1F, 0}) {
		t.Errorf("% X", b)
	}
	if b := AppendObjects(nil, Mirrored(258)); !bytes.Equal(b, []byte{0x1F, 0x1F, 2, 1, 2}) {
		t.Errorf("% X", b)
	}
}

// Texts are read in the terminal's character set, and control characters in them move no cursor.
func TestTexts(t *testing.T) {
	if got := CP437.Decode([]byte{0x84, 0x94, 0x81, 0xE1, 0x1B, '[', 'A', 0}); got != "äöüß [A" {
		t.Errorf("%q", got)
	}
	if got := Latin9.Decode([]byte{0xE4, 0xA4}); got != "ä€" {
		t.Errorf("%q", got)
	}
	if got := CP437.Encode("ä€"); !bytes.Equal(got, []byte{0x84, '?'}) {
		t.Errorf("% X", got)
	}
}

// Whatever a terminal sends is read without a fault, and what it says stays within its bounds.
func FuzzTerminalSays(f *testing.F) {
	for _, a := range recorded(f, "recorded.txt") {
		b, err := a.Append(nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	for _, code := range []Code{StatusInfo, Completion} {
		b, err := (APDU{Code: code, Data: []byte{FieldCurrency, 0xFF, 0xFF, FieldTID, 0xFF, 0xFF, 0xFF, 0xFF}}).Append(nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		a, n, err := parse(b)
		if err == nil && n > len(b) {
			t.Fatal("it is longer than what came")
		}
		for _, c := range Charsets {
			s, _ := ReadStatus(a.Data, c)
			if s.AmountMinor < -1 || s.AmountMinor > 999_999_999_999 || s.Receipt < -1 || s.Receipt > 9999 || s.Result < -1 || s.Result > 0xFF {
				t.Fatalf("%+v", s)
			}
			ReadProgress(a.Data, c)
			ReadPrint(a, c)
		}
		_, _ = ReadRegistered(a.Data)
		TerminalState(a.Data)
		_, _ = Container(b)
		var d Deblocker
		for _, x := range b {
			d.Put(x)
		}
		d.Pause()
	})
}
