package reader

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"veratill/packaging/nasty"
)

// judgeTrack holds a track that was read or refused to what is promised of it: a card
// can be, nothing that prints it shows its number, and an error shows nothing of it.
func judgeTrack(t *testing.T, b []byte, forms bool) {
	c, err := ParseTrack2(b)
	if err != nil {
		if nasty.Digits(err.Error()) > 4 {
			t.Fatalf("the error is %v", err)
		}
		return
	}
	pan := string(c.PAN())
	if len(pan) < 12 || len(pan) > 19 || len(c.Expiry()) != 4 || len(c.ServiceCode()) != 3 || nasty.Digits(pan) != len(pan) {
		t.Fatal("a card that can't be")
	}
	if !bytes.Contains(b, []byte(pan)) {
		t.Fatal("a number that was not there")
	}
	_, _, _ = c.Scheme(), c.LuhnOK(), c.Expired("2603")
	said := c.Masked() + c.String() + c.GoString()
	if forms { // slow, so that not every input tries them
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		said += fmt.Sprintf("%v %+v %#v %s %q %x", c, c, c, c, c, c) + string(text)
	}
	if strings.Contains(said, pan) || nasty.Digits(said) > 6 {
		t.Fatalf("it is shown: %s", said)
	}
	c.Zero()
	if c.Valid() && strings.Contains(string(c.PAN()), pan) {
		t.Fatal("it is still there")
	}
}

// No bytes of a stripe break the parser. Where they begin as tracks 1 and 3 do, they are no track 2.
func FuzzTrack(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		judgeTrack(t, b, len(b)%8 == 0)
		if c, err := ParseTrack2(b); err == nil && len(b) > 0 && b[0] != ';' {
			c.Zero()
			t.Fatalf("track 2 begins with %q", b[0])
		}
	})
}

// No file of tracks breaks the virtual reader, and each of its lines is judged as a stripe is.
func FuzzTrackFile(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		last := 0
		for _, l := range linesOf(b) {
			if l.number <= last || len(l.track) == 0 || bytes.ContainsAny(l.track, "#\n") {
				t.Fatalf("line %d: %q", l.number, l.track)
			}
			last = l.number
			judgeTrack(t, l.track, false)
			if text := (&FileError{File: "tracks.txt", Line: l.number, Err: ErrNoCards}).Error(); nasty.Digits(text) > 4 {
				t.Fatal(text)
			}
		}
	})
}
