package drivers

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"veratill/devices"
	"veratill/devices/port"
	"veratill/devices/reader"
	"veratill/devices/scanner"
	"veratill/packaging/usblab/emvcard"
	"veratill/packaging/usblab/guest"
	"veratill/packaging/usblab/models"
	"veratill/packaging/usblab/vdev"
)

const (
	track1 = "%B6217001234567894567^ZHANG/SAN^49121010000000000?"
	track2 = ";6217001234567894567=49121010000000000?"
	masked = "621700*********4567"
)

// reading is a Read under way.
type reading struct {
	card reader.Card
	err  error
}

func begin(r reader.Reader, ctx context.Context) <-chan reading {
	done := make(chan reading, 1)
	go func() {
		card, err := r.Read(ctx)
		done <- reading{card, err}
	}()
	time.Sleep(50 * time.Millisecond) // a card that comes while nobody waits is not kept
	return done
}

func ended(t testing.TB, what string, within time.Duration, done <-chan reading) reading {
	t.Helper()
	select {
	case got := <-done:
		return got
	case <-time.After(within + slack):
		t.Fatalf("%s: no answer within %v", what, within)
		return reading{}
	}
}

// onCounter drives the reader of an address, and kicks it when something is plugged in.
func onCounter(t testing.TB, at string) reader.Reader {
	t.Helper()
	r, err := reader.Open(address(t, at), port.OpenUSB, reader.Window{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	go port.Watch(ctx, r.(*reader.Driver).Kick)
	return r
}

func attached(t testing.TB, r reader.Reader) {
	t.Helper()
	guest.Wait(t, "a reader that is ready", func() bool { return r.Status().Health == devices.Ready })
}

// stripes are the stripe readers of the bus.
var stripes = map[string]func() (*models.Reader, string){
	"MagTek":    func() (*models.Reader, string) { return models.MagTek(), "usb:0801:0002" },
	"MiniMag":   func() (*models.Reader, string) { m := models.MiniMag(); return m, usbOf(m.Device) },
	"SecureMag": func() (*models.Reader, string) { m := models.SecureMag(); return m, usbOf(m.Device) },
}

// usbOf is the address of a device by what it says in its descriptor.
func usbOf(d *vdev.Device) string {
	u := devices.URL{Scheme: devices.USB, Vendor: uint16(d.Descriptor[8]) | uint16(d.Descriptor[9])<<8,
		Product: uint16(d.Descriptor[10]) | uint16(d.Descriptor[11])<<8, Interface: devices.Any}
	return u.String()
}

// Each reader reads a card, says when it could not, and reads the next one.
func TestSwipes(t *testing.T) {
	guest.Require(t)
	for name, make := range stripes {
		t.Run(name, func(t *testing.T) {
			m, at := make()
			guest.Plug(t, m.Device)
			r := onCounter(t, at)
			attached(t, r)
			for range 3 {
				done := begin(r, context.Background())
				if err := m.Swipe(track1, track2); err != nil {
					t.Fatal(err)
				}
				got := ended(t, "a swipe", backWithin, done)
				if got.err != nil || got.card.Masked() != masked {
					t.Fatalf("%v %v", got.card, got.err)
				}
				got.card.Zero()
				done = begin(r, context.Background())
				if err := m.Swipe(track1, ""); err != nil {
					t.Fatal(err)
				}
				if got = ended(t, "a half swipe", backWithin, done); reader.CodeOf(got.err) == "" {
					t.Fatalf("track 1 alone: %v %v", got.card, got.err)
				}
			}
		})
	}
}

// A reader whose reports nobody knows is not driven by guesses: the till says that it can't.
func TestAReaderOfNoKnownMake(t *testing.T) {
	guest.Require(t)
	m := models.PlainHID()
	guest.Plug(t, m.Device)
	r := onCounter(t, usbOf(m.Device))
	guest.Wait(t, "a word on it", func() bool { return r.Status().Reason == devices.NotSupported })
}

// The reader is pulled out before, during and after a swipe: a Read that waits goes on waiting, or says
// that the swipe was lost; within two seconds of being plugged in the next swipe is read.
func TestReaderPulled(t *testing.T) {
	guest.Require(t)
	m, at := models.MagTek(), "usb:0801:0002"
	guest.Plug(t, m.Device)
	r := onCounter(t, at)
	for round := range 6 {
		attached(t, r)
		done := begin(r, context.Background())
		switch round % 3 {
		case 0: // before
			replug(t, m.Device, nil)
		case 1: // during: a part of the report is on its way
			replug(t, m.Device, func() {
				if err := m.Send(models.InputEndpoint, make([]byte, 64)); err != nil {
					t.Fatal(err)
				}
			})
		case 2: // after
			if err := m.Swipe(track1, track2); err != nil {
				t.Fatal(err)
			}
			if got := ended(t, "a swipe", backWithin, done); got.err != nil {
				t.Fatal(got.err)
			}
			replug(t, m.Device, nil)
			done = begin(r, context.Background())
		}
		plugged := time.Now()
		attached(t, r)
		if took := time.Since(plugged); took > backWithin+slack {
			t.Errorf("back after %v", took)
		}
		select {
		case got := <-done:
			if reader.CodeOf(got.err) != reader.SwipeLost {
				t.Fatalf("round %d: %v %v", round, got.card, got.err)
			}
			done = begin(r, context.Background())
		default:
		}
		if err := m.Swipe(track1, track2); err != nil {
			t.Fatal(err)
		}
		got := ended(t, "the swipe after it", backWithin, done)
		if got.err != nil || got.card.Masked() != masked {
			t.Fatalf("round %d: %v %v", round, got.card, got.err)
		}
		got.card.Zero()
	}
}

// replug pulls a device out and plugs it in again. before happens first.
func replug(t testing.TB, d *vdev.Device, before func()) {
	t.Helper()
	if before != nil {
		before()
	}
	if err := d.Unplug(); err != nil {
		t.Fatal(err)
	}
	guest.PlugAgain(t, d)
}

// pulledCard answers so many commands, and is then drawn by a hand.
func pulledCard(after int, draw func()) (*models.Card, *int) {
	card, n := models.TestCard(), new(int)
	answer := card.Answer
	card.Answer = func(apdu []byte) []byte {
		if *n++; *n > after {
			go draw()
		}
		return answer(apdu)
	}
	return card, n
}

// A chip is read; then the card is drawn at each exchange: an answer comes within two seconds, and the
// next card is read.
func TestCardDrawnAtEachExchange(t *testing.T) {
	guest.Require(t)
	m := models.ChipReader()
	guest.Plug(t, m.Device)
	r := onCounter(t, usbOf(m.Device))
	attached(t, r)
	whole, n := pulledCard(1000, nil)
	done := begin(r, context.Background())
	m.Insert(whole)
	got := ended(t, "a chip", backWithin, done)
	if got.err != nil || got.card.Entry() != reader.Inserted || got.card.Expiry() != emvcard.TestExpiry || string(got.card.PAN()) != emvcard.TestPAN {
		t.Fatalf("%v %v", got.card, got.err)
	}
	got.card.Zero()
	m.Remove()
	exchanges := *n
	if exchanges < 3 {
		t.Fatalf("%d exchanges", exchanges)
	}
	for after := range exchanges {
		done = begin(r, context.Background())
		card, _ := pulledCard(after, m.Remove)
		m.Insert(card)
		began := time.Now()
		got = ended(t, "a card that is drawn", backWithin, done)
		if code := reader.CodeOf(got.err); got.err != nil && code != reader.CardRemoved && code != reader.CardMute && code != reader.CardNonsense {
			t.Errorf("drawn at exchange %d: %v", after+1, got.err)
		}
		if took := time.Since(began); took > backWithin+slack {
			t.Errorf("drawn at exchange %d: answered after %v", after+1, took)
		}
		m.Remove()
		done = begin(r, context.Background())
		m.Insert(models.TestCard())
		if got = ended(t, "the next card", backWithin, done); got.err != nil {
			t.Fatalf("after exchange %d the next card: %v", after+1, got.err)
		}
		m.Remove()
	}
	for what, card := range map[string]*models.Card{"mute": models.MuteCard(), "no ATR": models.WrongATRCard()} {
		done = begin(r, context.Background())
		m.Insert(card)
		if got = ended(t, what, backWithin, done); reader.CodeOf(got.err) == "" {
			t.Errorf("%s: %v %v", what, got.card, got.err)
		}
		m.Remove()
	}
}

// QEMU's own chip reader, made by others: its card is read, drawn and put in again, and the reader pulled out.
func TestTheChipReaderOfQEMU(t *testing.T) {
	guest.Require(t)
	r := onCounter(t, "usb:08e6:4433")
	attached(t, r)
	for range 2 {
		insertedIn(t, r) // it lies in the reader from the start
		guest.Host(t, "card_remove")
		time.Sleep(500 * time.Millisecond)
		guest.Host(t, "card_insert")
		insertedIn(t, r)
		guest.Host(t, "device_del ccid0")
		guest.Wait(t, "a reader that is gone", func() bool { return r.Status().Health == devices.Offline })
		guest.Host(t, "device_add ccid0")
		attached(t, r)
	}
}

// insertedIn reads QEMU's card. QEMU throws answers away that are under way when a card comes or goes: such
// a try ends in time with a fault of the card, and the next one is made.
func insertedIn(t testing.TB, r reader.Reader) {
	t.Helper()
	var got reading
	for range 4 {
		got = ended(t, "the card", 10*time.Second, begin(r, context.Background()))
		if reader.CodeOf(got.err) == "" {
			break
		}
		time.Sleep(500 * time.Millisecond)
	}
	if got.err != nil || string(got.card.PAN()) != emvcard.TestPAN {
		t.Fatalf("%v %v", got.card, got.err)
	}
	got.card.Zero()
}

// The scanner is read, pulled out, and read again.
func TestScanner(t *testing.T) {
	guest.Require(t)
	m := models.NewScanner()
	guest.Plug(t, m.Device)
	codes := make(chan string, 8)
	s, err := scanner.Open(address(t, usbOf(m.Device)), port.OpenUSB, port.Open, func(c string) { codes <- c })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	for range 3 {
		guest.Wait(t, "a scanner that is ready", func() bool { return s.Status().Health == devices.Ready })
		if err := m.Scan("]E0", "6901234567892"); err != nil {
			t.Fatal(err)
		}
		select {
		case c := <-codes:
			if c != "]E06901234567892" {
				t.Fatalf("%q", c)
			}
		case <-time.After(guest.Patience):
			t.Fatalf("no code: %+v", s.Status())
		}
		replug(t, m.Device, nil)
	}
}

// What is found on the bus is what is there, each with its use, and it goes when it is pulled out.
func TestTheListOfTheBus(t *testing.T) {
	guest.Require(t)
	kindOf := func(d port.Descriptor) (devices.Kind, bool) {
		switch {
		case d.Class == port.ClassPrinter:
			return devices.PrinterKind, true
		case d.Class == port.ClassSmartCard, reader.Knows(d):
			return devices.ReaderKind, true
		}
		return "", false
	}
	has := func(prefix string) bool { // QEMU's reader has a serial number of QEMU's
		return slices.ContainsFunc(port.List(context.Background(), kindOf), func(f devices.Found) bool {
			return strings.HasPrefix(f.URL.String(), prefix) && f.Problem == devices.None
		})
	}
	p, m := models.FullPrinter(512), models.MagTek()
	guest.Plug(t, p.Device)
	guest.Plug(t, m.Device)
	guest.Wait(t, "the printer, the stripe reader and QEMU's chip reader on the list", func() bool {
		return has(fullAt) && has(usbOf(m.Device)) && has("usb:08e6:4433")
	})
	changed := make(chan struct{}, 8)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go port.Watch(ctx, func() { changed <- struct{}{} })
	time.Sleep(300 * time.Millisecond)
	if err := p.Unplug(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-changed:
	case <-time.After(backWithin + slack):
		t.Error("nobody was told that the printer is gone")
	}
	guest.Wait(t, "a list without the printer", func() bool { return !has(fullAt) })
}
