package reader

import (
	"bytes"
	"context"
	"encoding/hex"
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"veratill/devices/port"
)

var update = flag.Bool("transcripts", false, "record the transcripts anew")

// record is what passes between a driver and a device while one card is read.
func record(t *testing.T, usb port.USB, swipe func()) string {
	t.Helper()
	var text lockedText
	s := &stand{}
	d := driverOn(t, s)
	got := reading(t, d) // before the device is there, so that it does the same each time
	s.plug(port.RecordUSB(usb, &text))
	d.Kick()
	swipe()
	card, err := came(t, got)
	if err != nil || !card.Valid() {
		t.Fatal(err)
	}
	_ = d.Close()
	return text.String()
}

type lockedText struct {
	lines
	b bytes.Buffer
}

func (l *lockedText) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *lockedText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// A session with a real-looking card leaves a transcript without it, and the transcript is
// as good as the device: the driver reads from it a card of the same bank.
func TestSessions(t *testing.T) {
	const pan, track = "6217856001234567893", ";6217856001234567893=49122011234567890?"
	stripe := models[0].usb()
	stripe.about.Maker, stripe.about.Name = "MagTek", "USB Swipe Reader"
	chip := newFakeReader(0x20000|allAutomatic, unionPay().answer)
	chip.about.Sizes[port.InterruptIn], chip.about.Maker = 0, "Gemalto"
	for name, play := range map[string]func() string{
		"magtek": func() string {
			return record(t, stripe, func() {
				stripe.pipes[port.InterruptIn] <- fixedSwipe(337)([3]string{"%B" + pan + "^WANG/XIAOMING^49122011234567890123?", track, ""}, [3]bool{})
			})
		},
		"gemalto": func() string { return record(t, chip, func() {}) },
	} {
		file := filepath.Join("testdata", name+".transcript")
		text := play()
		if *update {
			if err := os.WriteFile(file, []byte("# Made by go test -transcripts; the card is a made-up one.\n"+text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		stored, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{text, string(stored)} {
			for _, secret := range []string{pan, pan[6:], "WANG", "1234567890", "1234567890f"} {
				if strings.Contains(s, secret) || strings.Contains(s, hex.EncodeToString([]byte(secret))) {
					t.Errorf("%s: %s is in\n%s", name, secret, s)
				}
			}
			bus, err := port.PlaybackUSB(strings.NewReader(s))
			if err != nil {
				t.Fatal(name, err)
			}
			st := &stand{}
			d := driverOn(t, st)
			got := reading(t, d)
			st.plug(bus)
			d.Kick()
			card, err := came(t, got)
			if err != nil || string(card.PAN()) != "6217850000000000005" || card.Expiry() != "4912" || card.ServiceCode() != "201" || !card.LuhnOK() {
				t.Errorf("%s: %v, %v", name, card, err)
			}
		}
	}
}

// After many comings and goings, in the middle of anything, no goroutine is left.
func TestNothingIsLeft(t *testing.T) {
	before := runtime.NumGoroutine()
	for i := range 20 {
		s := &stand{}
		d := newDriver(func(ctx context.Context) (attached, error) { return attachUSB(ctx, usbURL, s.open) })
		f := newFakeReader(0x20000|allAutomatic, unionPay().answer)
		s.plug(f)
		d.Kick()
		ctx, cancel := context.WithTimeout(context.Background(), time.Duration(i)*time.Millisecond)
		_, _ = d.Read(ctx)
		cancel()
		if i%2 == 0 {
			f.unplug()
		}
		_ = d.Close()
	}
	soon(t, "the goroutines have ended", func() bool { return runtime.NumGoroutine() <= before })
}
