package reader

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"veratill/devices"
	"veratill/devices/hid"
	"veratill/devices/port"
	"veratill/packaging/nasty"
)

// magtekReport is the report descriptor of MagTek's manual, 99875191, section 4.
var magtekReport = []byte{0x06, 0x00, 0xFF, 0x09, 0x01, 0xA1, 0x01, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08,
	0x09, 0x20, 0x09, 0x21, 0x09, 0x22, 0x09, 0x28, 0x09, 0x29, 0x09, 0x2A, 0x09, 0x38, 0x95, 0x07, 0x81, 0x02,
	0x09, 0x30, 0x95, 0x6E, 0x82, 0x02, 0x01, 0x09, 0x31, 0x95, 0x6E, 0x82, 0x02, 0x01, 0x09, 0x32, 0x95, 0x6E, 0x82, 0x02, 0x01,
	0x09, 0x20, 0x95, 0x18, 0xB2, 0x02, 0x01, 0xC0}

// posReport is one of the Point of Sale page, in report 5: lengths of two bytes, three tracks of 112 bytes.
var posReport = []byte{0x05, 0x8E, 0x09, 0x01, 0xA1, 0x01, 0x85, 0x05, 0x15, 0x00, 0x26, 0xFF, 0x00,
	0x75, 0x10, 0x95, 0x03, 0x19, 0x11, 0x29, 0x13, 0x81, 0x02, 0x75, 0x08, 0x95, 0x70,
	0x09, 0x21, 0x82, 0x02, 0x01, 0x09, 0x22, 0x82, 0x02, 0x01, 0x09, 0x23, 0x82, 0x02, 0x01,
	0x85, 0x06, 0x05, 0x01, 0x09, 0x30, 0x95, 0x01, 0x81, 0x02, 0xC0}

// idtechReport is of ID TECH's own structure: HID Reader Interface Reference, 5.6.
var idtechReport = []byte{0x06, 0x00, 0xFF, 0x09, 0x01, 0xA1, 0x01, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08,
	0x09, 0x20, 0x09, 0x21, 0x09, 0x22, 0x09, 0x28, 0x09, 0x29, 0x09, 0x2A, 0x09, 0x38, 0x95, 0x07, 0x81, 0x02,
	0x09, 0x30, 0x95, 0x02, 0x82, 0x02, 0x01, 0x09, 0x31, 0x96, 0xF4, 0x01, 0x82, 0x02, 0x01, 0xC0}

const (
	one   = "%B6200000000000005^CARD/TEST^49121010000000000?"
	two   = ";6200000000000005=49121010000000000?"
	three = ";016200000000000005=?"
)

// model is a reader of one layout, and how it sends a swipe.
type model struct {
	name            string
	vendor, product uint16
	report          []byte
	layout          string
	swipe           func(tracks [3]string, bad [3]bool) []byte
}

func fixedSwipe(size int) func([3]string, [3]bool) []byte {
	return func(tracks [3]string, bad [3]bool) []byte {
		b := make([]byte, size)
		for i, text := range tracks {
			if bad[i] {
				b[i] = 1
			}
			b[3+i] = byte(len(text))
			copy(b[7+110*i:7+110*(i+1)], text)
		}
		return b
	}
}

func streamSwipe(order binary.ByteOrder) func([3]string, [3]bool) []byte {
	return func(tracks [3]string, bad [3]bool) []byte {
		b := make([]byte, 509)
		text := "shop>"
		for i := range tracks {
			if bad[i] {
				b[i] = 1
			}
			b[3+i] = byte(len(tracks[i]))
			text += tracks[i]
		}
		text += "\r"
		order.PutUint16(b[7:], uint16(len(text)))
		copy(b[9:], text)
		return b
	}
}

func frameSwipe(enhancedForm bool, size int) func([3]string, [3]bool) []byte {
	return func(tracks [3]string, bad [3]bool) []byte {
		body := []byte{0, 0, 0, 0, 0}
		if enhancedForm {
			body = append(body, 0, 0)
			body[0] = enhanced
		}
		for i, text := range tracks {
			body[2+i] = byte(len(text))
			if text != "" || bad[i] {
				body[1] |= 8 << i
			}
			if !bad[i] {
				body[1] |= 1 << i
			}
			if enhancedForm && text != "" {
				body[5] |= 1 << i
			}
			body = append(body, text...)
		}
		return frame(body, size)
	}
}

func frame(body []byte, size int) []byte {
	b := make([]byte, size)
	b[0] = stx
	binary.LittleEndian.PutUint16(b[1:], uint16(len(body)))
	copy(b[3:], body)
	var xor, sum byte
	for _, c := range body {
		xor, sum = xor^c, sum+c
	}
	copy(b[3+len(body):], []byte{xor, sum, etx})
	return b
}

func posSwipe(tracks [3]string, _ [3]bool) []byte {
	b := make([]byte, 1+6+3*112)
	b[0] = 5
	for i, text := range tracks {
		binary.LittleEndian.PutUint16(b[1+2*i:], uint16(len(text)))
		copy(b[7+112*i:7+112*(i+1)], text)
	}
	return b
}

var models = []model{
	{"MagTek", 0x0801, 2, magtekReport, "MagTek by usages", fixedSwipe(337)},
	{"MagTek that tells nothing", 0x0801, 2, nil, "MagTek", fixedSwipe(337)},
	{"ID TECH other mode", 0x0ACD, 0x2020, magtekReport, "ID TECH other mode", fixedSwipe(337)},
	{"ID TECH", 0x0ACD, 0x2010, idtechReport, "ID TECH", streamSwipe(binary.LittleEndian)},
	{"ID TECH, the other order", 0x0ACD, 0x2010, idtechReport, "ID TECH", streamSwipe(binary.BigEndian)},
	{"ID TECH original", 0x0ACD, 0x2010, idtechReport, "ID TECH", frameSwipe(false, 509)},
	{"ID TECH enhanced", 0x0ACD, 0x2010, idtechReport, "ID TECH", frameSwipe(true, 509)},
	{"another maker's frames", 0x1234, 1, idtechReport, "framed", frameSwipe(true, 509)},
	{"HID POS", 0x1234, 1, posReport, "HID POS", posSwipe},
}

func (m model) usb() *fakeUSB {
	d := port.Descriptor{Vendor: m.vendor, Product: m.product, Class: port.ClassHID, Sizes: [3]int{0, 0, 8}}
	if m.report != nil {
		d.Extra = []byte{9, 0x21, 0x11, 1, 0, 1, 0x22, byte(len(m.report)), byte(len(m.report) >> 8)}
	}
	f := newFakeUSB(d)
	f.report = m.report
	return f
}

// Every layout: the good card, and each way in which a swipe fails, all through the driver.
func TestEveryLayout(t *testing.T) {
	cases := []struct {
		name   string
		tracks [3]string
		bad    [3]bool
		want   Code
	}{
		{"all tracks", [3]string{one, two, three}, [3]bool{}, ""},
		{"track 2 alone", [3]string{"", two, ""}, [3]bool{}, ""},
		{"track 2, track 1 bad", [3]string{"", two, ""}, [3]bool{true, false, false}, ""},
		{"track 1, track 2 bad", [3]string{one, "", ""}, [3]bool{false, true, false}, Partial},
		{"track 1 alone", [3]string{one, "", ""}, [3]bool{}, Partial},
		{"nothing could be read", [3]string{}, [3]bool{true, true, true}, Unreadable},
		{"nothing on it", [3]string{}, [3]bool{}, Blank},
		{"loyalty", [3]string{"", ";1234567?", ""}, [3]bool{}, NoPaymentCard},
		{"loyalty, track 1", [3]string{"%CLUB 77?", "", ""}, [3]bool{}, NoPaymentCard},
		{"masked", [3]string{"", ";6200********0005=4912*?", ""}, [3]bool{}, Encrypted},
	}
	for _, m := range models {
		s := &stand{}
		usb := m.usb()
		s.plug(usb)
		d := driverOn(t, s)
		soon(t, m.name+" is ready", func() bool { return d.Status().Health == devices.Ready })
		for _, c := range cases {
			blind := m.report != nil && m.layout == "HID POS" // it tells no status
			if blind && c.bad != [3]bool{} && c.want == Unreadable {
				continue
			}
			got := reading(t, d)
			usb.pipes[port.InterruptIn] <- m.swipe(c.tracks, c.bad)
			card, err := came(t, got)
			if codeIs(t, err, c.want); c.want == "" && (err != nil || string(card.Track2()) != strings.Trim(two, ";?") || card.Entry() != Swiped) || t.Failed() {
				t.Fatalf("%s, %s: %v, %v", m.name, c.name, card, err)
			}
			if err != nil && nasty.Digits(err.Error()) > 4 {
				t.Error(err)
			}
		}
	}
}

// The layout is the one that is meant, and the buffer has the size of the report.
func TestLayoutFor(t *testing.T) {
	for _, m := range models {
		h, err := attachHID(context.Background(), m.usb())
		if err != nil || h.layout.name != m.layout || h.size != len(m.swipe([3]string{}, [3]bool{})) {
			t.Errorf("%s: %+v, %v", m.name, h, err)
		}
	}
	mouse := model{"mouse", 0x046D, 0xC077, []byte{0x05, 0x01, 0x09, 0x02, 0xA1, 0x01, 0x75, 0x08, 0x95, 0x04, 0x09, 0x30, 0x81, 0x02, 0xC0}, "", nil}
	if _, err := attachHID(context.Background(), mouse.usb()); port.ReasonOf(err) != devices.NotSupported {
		t.Error(err)
	}
	stalls := models[0].usb()
	stalls.stalls = true
	if h, err := attachHID(context.Background(), stalls); err != nil || h.layout.name != "MagTek" || h.size != 337 {
		t.Error(h, err)
	}
	if wanted(port.Descriptor{Class: port.ClassHID, Sub: 1, Protocol: 1}) || wanted(port.Descriptor{Class: port.ClassPrinter}) ||
		!wanted(port.Descriptor{Class: port.ClassHID}) || !wanted(port.Descriptor{Class: port.ClassSmartCard}) {
		t.Error("what is wanted")
	}
}

// A swipe while nobody waits is not kept; a report of another kind is nothing.
func TestSwipeThatNobodyWantsIsGone(t *testing.T) {
	m := models[8]
	s := &stand{}
	usb := m.usb()
	s.plug(usb)
	d := driverOn(t, s)
	usb.pipes[port.InterruptIn] <- m.swipe([3]string{"", two, ""}, [3]bool{})
	soon(t, "it is taken off the bus", func() bool { return len(usb.pipes[port.InterruptIn]) == 0 })
	time.Sleep(5 * time.Millisecond)
	got := reading(t, d)
	usb.pipes[port.InterruptIn] <- []byte{6, 1}
	select {
	case r := <-got:
		t.Fatalf("%v, %v", r.card, r.err)
	case <-time.After(30 * time.Millisecond):
	}
	usb.pipes[port.InterruptIn] <- m.swipe([3]string{"", "", ""}, [3]bool{})
	_, err := came(t, got)
	codeIs(t, err, Blank)
}

// The frame's check bytes, its length and its end are looked at; encrypted data are told.
func TestFrames(t *testing.T) {
	l := layoutFor(0x0ACD, 0x2010, hid.Shape{})
	if l == nil || l.name != "ID TECH" {
		t.Fatal(l)
	}
	good := frameSwipe(true, 509)([3]string{"", two, ""}, [3]bool{})
	for name, c := range map[string]struct {
		change func(b []byte)
		want   Code
	}{
		"a wrong digit":    {func(b []byte) { b[12] ^= 1 }, WrongChecksum},
		"two wrong digits": {func(b []byte) { b[12] ^= 1; b[13] ^= 1 }, WrongChecksum},
		"the same sum":     {func(b []byte) { b[11]--; b[12]++ }, WrongChecksum},
		"no end":           {func(b []byte) { b[3+5+2+len(two)+2] = 0 }, NotUnderstood},
		"too long":         {func(b []byte) { b[2] = 2 }, NotUnderstood},
		"too short":        {func(b []byte) { b[1] = 3 }, NotUnderstood},
		"not a frame":      {func(b []byte) { b[0] = 9 }, NotUnderstood},
	} {
		b := bytes.Clone(good)
		c.change(b)
		_, err := decodeReport(l, hid.Shape{}, b)
		if codeIs(t, err, c.want); t.Failed() {
			t.Fatal(name)
		}
	}
	for _, body := range [][]byte{
		append([]byte{enhanced, 0x3F, 0, byte(len(two)), 0, 2, 2}, two...),        // says that track 2 is encrypted
		append(append([]byte{0, 0x3F, 0, byte(len(two)), 0}, two...), 1, 2, 3, 4), // the original form with more behind
	} {
		_, err := decodeReport(l, hid.Shape{}, frame(body, 509))
		codeIs(t, err, Encrypted)
	}
	_, err := decodeReport(l, hid.Shape{}, frame([]byte{enhanced, 0x3F, 0, 99, 0, 2, 0}, 509))
	codeIs(t, err, NotUnderstood)
	// A raw reader leaves the track's own check character in: a wrong one is told.
	raw := two + string(lrc([]byte(two))^1)
	_, err = decodeReport(&layouts[1], hid.Shape{}, fixedSwipe(337)([3]string{"", raw, ""}, [3]bool{}))
	codeIs(t, err, WrongChecksum)
	long := fixedSwipe(337)([3]string{"", two, ""}, [3]bool{})
	long[4] = 111
	_, err = decodeReport(&layouts[1], hid.Shape{}, long)
	codeIs(t, err, NotUnderstood)
}

// The plug is pulled before, during and after a swipe: the Read goes on unless a swipe was
// lost, the status is true, and a new device is taken within two seconds, or at once when told.
func TestUnplug(t *testing.T) {
	m := models[0]
	s := &stand{}
	d := driverOn(t, s)
	soon(t, "it is missed", func() bool { return d.Status().Reason == devices.Unplugged })
	var seen lines
	d.Watch(func(x devices.Status) { seen.add(string(x.Health.String() + " " + string(x.Reason))) })
	got := reading(t, d)
	first := m.usb()
	s.plug(first)
	began := time.Now()
	soon(t, "it is found", func() bool { return d.Status().Health == devices.Ready })
	if took := time.Since(began); took > 2*time.Second {
		t.Error("found only after", took)
	}
	first.unplug() // before a swipe
	soon(t, "it is missed", func() bool { return d.Status().Reason == devices.Unplugged })
	second := m.usb()
	s.plug(second)
	d.Kick()
	began = time.Now()
	soon(t, "it is found", func() bool { return d.Status().Health == devices.Ready })
	if took := time.Since(began); took > retryEvery*9/10 {
		t.Error("after a kick found only after", took)
	}
	select {
	case r := <-got:
		t.Fatal("the Read has ended:", r.err)
	default:
	}
	second.mu.Lock()
	second.cut = 100 // during a swipe
	second.mu.Unlock()
	second.pipes[port.InterruptIn] <- m.swipe([3]string{one, two, ""}, [3]bool{})
	_, err := came(t, got)
	codeIs(t, err, SwipeLost)
	soon(t, "it is missed", func() bool { return d.Status().Reason == devices.Unplugged })
	third := m.usb()
	s.plug(third)
	d.Kick()
	got = reading(t, d)
	third.pipes[port.InterruptIn] <- m.swipe([3]string{one, two, ""}, [3]bool{})[:200] // the rest is lost, without an error
	_, err = came(t, got)
	codeIs(t, err, SwipeLost)
	got = reading(t, d)
	third.pipes[port.InterruptIn] <- m.swipe([3]string{one, two, ""}, [3]bool{})
	if card, err := came(t, got); err != nil || !card.Valid() {
		t.Error(err)
	}
	third.unplug() // after a swipe
	soon(t, "it is missed", func() bool { return d.Status().Reason == devices.Unplugged })
	select {
	case <-third.closed:
	case <-time.After(time.Second):
		t.Error("the device is not given back")
	}
	if all := seen.all(); !strings.HasPrefix(all, "ready , offline unplugged, ready , offline unplugged") {
		t.Error(all)
	}
}

// Read ends with ctx and Close, whatever the device does; several take turns.
func TestReadEnds(t *testing.T) {
	s := &stand{}
	d := driverOn(t, s)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, err := d.Read(ctx); err != context.DeadlineExceeded {
		t.Error(err)
	}
	if _, err := d.Read(ctx); err != context.DeadlineExceeded {
		t.Error(err)
	}
	usb := models[0].usb()
	s.plug(usb)
	d.Kick()
	a, b := reading(t, d), reading(t, d)
	for range 2 {
		soon(t, "a Read waits", d.hand.wants)
		usb.pipes[port.InterruptIn] <- models[0].swipe([3]string{"", two, ""}, [3]bool{})
		select {
		case r := <-a:
			if r.err != nil {
				t.Error(r.err)
			}
		case r := <-b:
			if r.err != nil {
				t.Error(r.err)
			}
		case <-time.After(5 * time.Second):
			t.Fatal("no card")
		}
	}
	waiting := reading(t, d)
	_ = d.Close()
	_ = d.Close()
	if _, err := came(t, waiting); err != ErrClosed {
		t.Error(err)
	}
	if _, err := d.Read(context.Background()); err != ErrClosed || d.Status().Reason != devices.Closed {
		t.Error(err, d.Status())
	}
}

// A card that comes when its Read has just given up is zeroed.
func TestLateCardIsZeroed(t *testing.T) {
	h := newHandoff()
	waiter := make(chan result, 1)
	h.set(waiter)
	card, _ := DemoCards()[0].Swipe()
	if !h.give(card, nil) {
		t.Fatal("nobody waits")
	}
	h.leave(waiter)
	if card.Valid() {
		t.Error("it is still there")
	}
	card, _ = DemoCards()[0].Swipe()
	if h.give(card, nil) || card.Valid() {
		t.Error("a card that nobody wants is still there")
	}
}

// 10,000 reports of each layout with bytes that are wrong: a typed fault, or a card that was in it.
func TestMangledReports(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	for _, m := range models {
		shape, err := hid.Parse(m.report)
		if err != nil {
			t.Fatal(err)
		}
		l := layoutFor(m.vendor, m.product, shape)
		good := m.swipe([3]string{one, two, three}, [3]bool{})
		cards := 0
		for range 10_000 {
			b := bytes.Clone(good)
			for range 1 + dice.IntN(4) {
				switch dice.IntN(3) {
				case 0:
					b[dice.IntN(min(len(b), 170))] = byte(dice.IntN(256))
				case 1:
					b[dice.IntN(10)] ^= 1 << dice.IntN(8)
				case 2:
					if n := dice.IntN(len(b)); n > 0 {
						b = b[:max(n, 10)]
					}
				}
			}
			if judgeReport(t, l, shape, b) {
				cards++
			}
		}
		if cards == 0 && m.layout != "framed" {
			t.Errorf("%s: none of them was a card", m.name)
		}
	}
}

// judgeReport holds a report that was decoded or refused to what is promised.
func judgeReport(t *testing.T, l *layout, shape hid.Shape, b []byte) (isCard bool) {
	t.Helper()
	c, err := decodeReport(l, shape, b)
	if err != nil {
		if CodeOf(err) == "" || nasty.Digits(err.Error()) > 4 || c.Valid() {
			t.Fatalf("%s: %v, %v", l.name, c, err)
		}
		return false
	}
	if !bytes.Contains(b, c.pan()) || len(c.pan()) < 12 {
		t.Fatalf("%s: a number that was not there", l.name)
	}
	c.Zero()
	return true
}

func FuzzReport(f *testing.F) {
	shapes := map[string]hid.Shape{}
	for _, m := range models {
		shapes[m.name], _ = hid.Parse(m.report)
	}
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		for _, m := range models {
			judgeReport(t, layoutFor(m.vendor, m.product, shapes[m.name]), shapes[m.name], b)
		}
	})
}

// Whatever a descriptor says of a reader, its reports are read within their bounds.
func FuzzReportDescriptor(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		s, err := hid.Parse(b)
		if err != nil {
			return
		}
		if l := layoutFor(0x0801, 2, s); l != nil && l.form == named {
			report := make([]byte, s.Largest())
			copy(report, b)
			judgeReport(t, l, s, report)
		}
	})
}

func TestReportDescriptor(t *testing.T) {
	s, err := hid.Parse(posReport)
	if f, is := s.Find(pageStripe, 0x22); err != nil || !is || f != (hid.Field{Page: pageStripe, Usage: 0x22, ID: 5, At: 48 + 896, Bits: 896}) || s.Size(5) != 343 || s.Size(6) != 2 || s.Size(7) != 0 || s.Largest() != 343 {
		t.Errorf("%+v, %v", s, err)
	}
	s, err = hid.Parse([]byte{0x06, 0x00, 0xFF, 0xA4, 0x05, 0x01, 0xB4, 0x0B, 0x02, 0x00, 0x8E, 0x00, 0x09, 0x03, 0x75, 0x04, 0x95, 0x04, 0x81, 0x02, 0xFE, 0x01, 0x00, 0x00, 0x81, 0x03})
	if err != nil || fmt.Sprint(s.Fields) != "[{142 2 0 0 4} {65280 3 0 4 12}]" || s.Size(0) != 4 {
		t.Errorf("%+v, %v", s, err)
	}
	for name, b := range map[string][]byte{
		"cut":               {0x06, 0x00},
		"cut long item":     {0xFE, 0x05, 0x00},
		"pop of nothing":    {0xB4},
		"pushes":            bytes.Repeat([]byte{0xA4}, 20),
		"huge":              {0x77, 0xFF, 0xFF, 0xFF, 0xFF, 0x97, 0xFF, 0xFF, 0xFF, 0xFF, 0x81, 0x02},
		"report 0":          {0x85, 0x00},
		"too many usages":   {0x19, 0x00, 0x2A, 0xFF, 0xFF},
		"large in all":      bytes.Repeat([]byte{0x76, 0x00, 0x10, 0x95, 0x04, 0x81, 0x02}, 10),
		"longer than it is": bytes.Repeat([]byte{0xC0}, hid.MaxDescriptor+1),
	} {
		if _, err := hid.Parse(b); err != hid.ErrDescriptor {
			t.Errorf("%s: %v", name, err)
		}
	}
	if hid.Length([]byte{9, 0x21, 0x11, 1, 0, 1, 0x22, 0x34, 0x12}) != 0x1234 || hid.Length([]byte{3, 0, 0, 9, 0x21}) != 0 || hid.Length([]byte{0, 0x21}) != 0 {
		t.Error("the length of the report descriptor")
	}
}

func BenchmarkSwipe(b *testing.B) {
	m := models[0]
	shape, _ := hid.Parse(m.report)
	l := layoutFor(m.vendor, m.product, shape)
	report := m.swipe([3]string{one, two, three}, [3]bool{})
	b.ReportAllocs()
	for b.Loop() {
		c, err := decodeReport(l, shape, report)
		if err != nil {
			b.Fatal(err)
		}
		c.Zero()
	}
}
