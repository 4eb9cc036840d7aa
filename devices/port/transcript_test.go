package port

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"veratill/devices"
	"veratill/packaging/nasty"
)

const session = `# a chip reader
transcript usb
device 08e6:4433 interface 0 class 0b 00 00 sizes 64 64 8
maker "Gemalto"
extra 3621

@0 control a1 02 0000 0000 < 0102
@1 control 21 01 0001 0000 > ff
@2 bulk out > 65000000000000000000
@3 bulk in < 81000000000001000000
@4 interrupt < 5003
@5 bulk out > 62000000000001000000 ! unplugged 4
`

func play(t *testing.T, text string) USB {
	t.Helper()
	u, err := PlaybackUSB(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = u.Close() })
	return u
}

// A recording of a playback is the same transcript again: what is written can be read.
func TestRecordedPlayback(t *testing.T) {
	var out strings.Builder
	u := RecordUSB(play(t, session), &out)
	ctx := context.Background()
	b := make([]byte, 64)
	if d := u.Descriptor(); d.Vendor != 0x08e6 || d.Maker != "Gemalto" || d.Sizes != [3]int{64, 64, 8} || len(d.Extra) != 2 || d.Class != ClassSmartCard {
		t.Error(d)
	}
	if n, err := u.Control(ctx, Setup{0xA1, 2, 0, 0}, b); n != 2 || err != nil || b[1] != 2 {
		t.Fatal(n, err)
	}
	if n, err := u.Control(ctx, Setup{0x21, 1, 1, 0}, []byte{0xFF}); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	// The notice stands behind the answer, so it comes behind it, whoever asks first.
	var wait sync.WaitGroup
	wait.Add(1)
	go func() {
		defer wait.Done()
		if n, err := u.Read(ctx, InterruptIn, make([]byte, 8)); n != 2 || err != nil {
			t.Error(n, err)
		}
	}()
	head := []byte{0x65, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	if n, err := u.Write(ctx, head); n != 10 || err != nil {
		t.Fatal(n, err)
	}
	if n, err := u.Read(ctx, BulkIn, b); n != 10 || err != nil {
		t.Fatal(n, err)
	}
	wait.Wait()
	n, err := u.Write(ctx, []byte{0x62, 0, 0, 0, 0, 0, 2, 0, 0, 0})
	if n != 0 || !errors.Is(err, ErrTranscript) || !strings.Contains(err.Error(), "line 12: byte 6") {
		t.Fatal(n, err)
	}
	if _, err := u.Read(ctx, BulkIn, b); !errors.Is(err, ErrTranscript) {
		t.Error("it goes on after a difference:", err)
	}
	out.Reset()
	u = RecordUSB(play(t, session), &out)
	_, _ = u.Control(ctx, Setup{0xA1, 2, 0, 0}, b)
	_, _ = u.Control(ctx, Setup{0x21, 1, 1, 0}, []byte{0xFF})
	_, _ = u.Write(ctx, []byte{0x65, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	_, _ = u.Read(ctx, BulkIn, b)
	_, _ = u.Read(ctx, InterruptIn, b)
	n, err = u.Write(ctx, []byte{0x62, 0, 0, 0, 0, 0, 1, 0, 0, 0})
	if n != 4 || ReasonOf(err) != devices.Unplugged {
		t.Error(n, err)
	}
	if _, err := u.Read(ctx, BulkIn, b); ReasonOf(err) != devices.Unplugged {
		t.Error("a device that is gone answers:", err)
	}
	_ = u.Close()
	again, err := readTranscript(strings.NewReader(out.String()))
	want, _ := readTranscript(strings.NewReader(session))
	if err != nil || again.about.Vendor != want.about.Vendor || !bytes.Equal(again.about.Extra, want.about.Extra) || len(again.steps) != len(want.steps)+1 {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for i, s := range want.steps {
		got := again.steps[i]
		if got.ms = s.ms; got.String() != s.String() {
			t.Errorf("%s is %s", s, got)
		}
	}
}

// At the end a read waits for ctx and for Close, and a write is one too many.
func TestPlaybackEnds(t *testing.T) {
	u := play(t, "transcript usb\ndevice 0801:0002 interface 0 class 03 00 00 sizes 0 0 8\n@0 interrupt < 010203\n")
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if n, err := u.Read(ctx, InterruptIn, make([]byte, 2)); n != 2 || !errors.Is(err, ErrTranscript) {
		t.Error("a buffer that is too small:", n, err)
	}
	if _, err := u.Read(ctx, InterruptIn, make([]byte, 8)); ReasonOf(err) != devices.TimedOut || !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := u.Read(ended, BulkIn, make([]byte, 8)); ReasonOf(err) != devices.Cancelled {
		t.Error(err)
	}
	time.AfterFunc(10*time.Millisecond, func() { _ = u.Close() })
	if _, err := u.Read(context.Background(), InterruptIn, make([]byte, 8)); ReasonOf(err) != devices.Closed {
		t.Error(err)
	}
	u = play(t, "transcript usb\n")
	if _, err := u.Write(context.Background(), []byte{1}); !errors.Is(err, ErrTranscript) || !strings.Contains(err.Error(), "line 1") {
		t.Error(err)
	}
}

func TestPlaybackOfAPort(t *testing.T) {
	p, err := Playback(strings.NewReader("transcript port\n@0 write > 1004\n@1 read < 1216\n@2 write > 00 ! timed out\n@3 read ! interrupted\n"))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	p = Record(p, &out)
	b := make([]byte, 1)
	got := make(chan byte)
	go func() {
		_, _ = p.Read(b)
		got <- b[0]
	}()
	p.Pause(true)
	if n, err := p.WriteBy(time.Now().Add(time.Second), []byte{0x10, 4}); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	if c := <-got; c != 0x12 {
		t.Error(c)
	}
	if n, err := p.Read(b); n != 1 || b[0] != 0x16 || err != nil {
		t.Error(n, b, err)
	}
	if n, err := p.WriteBy(time.Now().Add(time.Second), []byte{0}); n != 0 || ReasonOf(err) != devices.TimedOut {
		t.Error(n, err)
	}
	if _, err := p.Read(b); ReasonOf(err) != devices.Interrupted {
		t.Error(err)
	}
	time.AfterFunc(10*time.Millisecond, func() { _ = p.Close() })
	if _, err := p.Read(b); ReasonOf(err) != devices.Closed {
		t.Error(err)
	}
	if _, err := Playback(strings.NewReader(out.String())); err != nil || strings.Contains(out.String(), "closed") {
		t.Errorf("%v\n%s", err, out.String())
	}
	for _, wrong := range []string{session, "", "transcript port\n@0 interrupt < 00\n"} {
		if _, err := Playback(strings.NewReader(wrong)); !errors.Is(err, ErrTranscript) {
			t.Error(err)
		}
	}
	if _, err := PlaybackUSB(strings.NewReader("transcript port\n")); !errors.Is(err, ErrTranscript) {
		t.Error(err)
	}
}

func TestTranscriptsThatAreNone(t *testing.T) {
	const head = "transcript usb\n"
	for text, line := range map[string]int{
		"":                1,
		"\n# nothing\n":   3,
		"hello":           1,
		head + "device 1": 2,
		head + "device 1:2 interface 300 class 3 0 0 sizes 0 0 8":  2,
		head + "device 1:2 interface 0 class 3 0 0 sizes 0 0 9999": 2,
		head + "extra 0":                                        2,
		head + "maker x":                                        2,
		head + "colour \"red\"":                                 2,
		head + "@x interrupt < 00":                              2,
		head + "@-1 interrupt < 00":                             2,
		head + "@0 interrupt":                                   2,
		head + "@0 interrupt > 00":                              2,
		head + "@0 bulk out < 00":                               2,
		head + "@0 control 80 06 0100 0000 > 00":                2,
		head + "@0 control 80 06 < 00":                          2,
		head + "@0 interrupt < 0":                               2,
		head + "@0 interrupt ! on fire":                         2,
		head + "@0 bulk out > 00 ! unplugged 2":                 2,
		head + "@0 read < 00":                                   2,
		head + "@0 interrupt < 00\nmaker \"late\"":              3,
		head + "@0 interrupt < " + strings.Repeat("0", maxLine): 2,
	} {
		_, err := PlaybackUSB(strings.NewReader(text))
		var te *TranscriptError
		if !errors.As(err, &te) || te.Line != line {
			t.Errorf("%.60q: %v", text, err)
		}
	}
}

// scripted gives what it is told to.
type scripted struct {
	about Descriptor
	in    chan []byte
}

func (s *scripted) Descriptor() Descriptor                              { return s.about }
func (s *scripted) Control(context.Context, Setup, []byte) (int, error) { return 0, nil }
func (s *scripted) Read(_ context.Context, _ Pipe, b []byte) (int, error) {
	return copy(b, <-s.in), nil
}
func (s *scripted) Write(_ context.Context, b []byte) (int, error) { return len(b), nil }
func (s *scripted) Close() error                                   { return nil }

// recorded is the transcript of an interface that sent the pieces.
func recorded(t *testing.T, d Descriptor, from Pipe, pieces ...[]byte) string {
	t.Helper()
	var out strings.Builder
	u := &scripted{d, make(chan []byte, len(pieces))}
	r := RecordUSB(u, &out)
	for _, p := range pieces {
		u.in <- bytes.Clone(p)
		b := make([]byte, 1024)
		n, err := r.Read(context.Background(), from, b)
		if err != nil || !bytes.Equal(b[:n], p) {
			t.Fatal("the recording changes what the driver sees")
		}
	}
	_ = r.Close()
	return out.String()
}

// without fails when a digit string or its packed form is in a transcript, as hex of ASCII or as digits.
func without(t *testing.T, transcript string, secrets ...string) {
	t.Helper()
	for _, s := range secrets {
		if strings.Contains(transcript, hex.EncodeToString([]byte(s))) || strings.Contains(transcript, s) {
			t.Errorf("%q is in\n%s", s, transcript)
		}
	}
}

var realTrack = "%B6217856001234567893^WANG/XIAOMING^49122011234567890123?;6217856001234567893=49122011234567890123?"

// No card number, no name and nothing behind the service code is in a recording of a swipe,
// however the report is cut into transfers; and what is there is still a track.
func TestRecordingHoldsNoStripe(t *testing.T) {
	d := Descriptor{Class: ClassHID, Sizes: [3]int{0, 0, 64}}
	report := append(append(make([]byte, 7), realTrack...), make([]byte, 40)...)
	for _, size := range []int{len(report), 64, 8, 3, 1} {
		var pieces [][]byte
		for rest := report; len(rest) > 0; {
			n := min(size, len(rest))
			pieces, rest = append(pieces, rest[:n]), rest[n:]
		}
		text := recorded(t, d, InterruptIn, pieces...)
		tr, err := readTranscript(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		var all []byte
		for _, s := range tr.steps {
			all = append(all, s.data...)
		}
		without(t, hex.EncodeToString(all), "6217856001234567893", "001234567", "4567893", "WANG", "MING", "234567890123")
		if !bytes.Contains(all, []byte(";6217850000000000005=49122010000000000000?")) || !bytes.Contains(all, []byte("^XXXX/XXXXXXXX^4912201")) || len(all) != len(report) {
			t.Errorf("in pieces of %d: %q", size, all)
		}
	}
	text := recorded(t, Descriptor{Class: ClassHID, Sub: 1, Protocol: 1}, InterruptIn, []byte{0, 0, 0x1E, 0, 0, 0, 0, 0})
	if strings.Contains(text, "1e") || !strings.Contains(text, "interrupt <") {
		t.Error("keys of a keyboard are in the recording:", text)
	}
	text = recorded(t, Descriptor{SerialNumber: "6217856001234567893"}, InterruptIn)
	without(t, text, "6217856001234567893")
}

// The same for a chip's record: in one message, cut into packets, and in two messages of one answer.
func TestRecordingHoldsNoChip(t *testing.T) {
	d := Descriptor{Class: ClassSmartCard, Sizes: [3]int{64, 64, 8}}
	record, _ := hex.DecodeString("704457136217856001234567893d49122011234567890f" + "5a0a6217856001234567893f" + "5f24034912315f340101" + "5f200457414e47" + "9f1f03313233" + "9f20020987" + "9000")
	message := func(data []byte, chain byte) []byte {
		return append([]byte{0x80, byte(len(data)), 0, 0, 0, 0, 7, 0, 0, chain}, data...)
	}
	whole := message(record, 0)
	for name, pieces := range map[string][][]byte{
		"whole":    {whole},
		"packets":  {whole[:20], whole[20:36], whole[36:]},
		"messages": {message(record[:12], 1), message(record[12:], 2), message([]byte{0x62, 0x17, 0x85, 0x90, 0}, 0)},
	} {
		text := recorded(t, d, BulkIn, pieces...)
		for _, secret := range []string{"6217856001234567893", "001234567893", "1234567890f", "57414e47", "313233", "0987"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s: %s is in\n%s", name, secret, text)
			}
		}
		if !strings.Contains(text, "9000") || !strings.Contains(text, "4912201") && name != "packets" || !strings.Contains(text, "5f2403491231") {
			t.Errorf("%s: too much is gone\n%s", name, text)
		}
		if name == "messages" {
			for _, secret := range []string{"1785600", "4567893d"} {
				if strings.Contains(text, secret) {
					t.Errorf("%s is in\n%s", secret, text)
				}
			}
			if !strings.Contains(text, "6217859000") {
				t.Errorf("a value runs on into the next answer\n%s", text)
			}
		}
	}
	// A value of another thing that looks like a tag does not hide the one in it.
	text := recorded(t, Descriptor{}, BulkIn, append([]byte{0x9F, 0x10, 0x03, 0x5A, 0x08}, record[2:24]...))
	if strings.Contains(text, "567893") {
		t.Errorf("a false tag hides a true one\n%s", text)
	}
}

// No transcript breaks Playback; one that is taken is written in a form that is read the same.
func FuzzTranscript(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		tr, err := readTranscript(bytes.NewReader(b))
		if err != nil {
			var te *TranscriptError
			if !errors.As(err, &te) || te.Line < 1 {
				t.Fatal(err)
			}
			return
		}
		var text strings.Builder
		text.WriteString(tr.heading())
		for _, s := range tr.steps {
			text.WriteString(s.String() + "\n")
		}
		again, err := readTranscript(strings.NewReader(text.String()))
		if err != nil || again.heading() != tr.heading() || len(again.steps) != len(tr.steps) {
			t.Fatalf("%v\n%s", err, text.String())
		}
		for i, s := range tr.steps {
			if s.String() != again.steps[i].String() {
				t.Fatalf("%s is %s", s, again.steps[i])
			}
		}
	})
}

// Nothing that passes a recording in pieces leaves a run of 12 digits that is not a scrubbed one.
func FuzzScrub(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		var s, whole scrubber
		one, parts := bytes.Clone(b), bytes.Clone(b)
		whole.pass(one)
		whole.end()
		for rest := parts; len(rest) > 0; {
			n := min(7, len(rest))
			s.pass(rest[:n])
			rest = rest[n:]
		}
		s.end()
		if !bytes.Equal(one, parts) {
			t.Fatalf("%q in one piece, %q in several", one, parts)
		}
		run := 0
		for i, c := range append(one, 0) {
			if isDigit(c) {
				run++
				continue
			}
			if run >= leastPAN {
				for _, d := range one[i-run+dateCode : i-1] {
					if d != '0' {
						t.Fatalf("%q stays", one[i-run:i])
					}
				}
			}
			run = 0
		}
	})
}
