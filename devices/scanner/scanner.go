// Package scanner takes codes from scanners that do not type: HID scanners of the point of
// sale kind, and those on a serial line. What a code stands for is known one room higher.
package scanner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"veratill/devices"
	"veratill/devices/hid"
	"veratill/devices/port"
)

// OpenUSB claims an interface: port.OpenUSB, or a test's.
type OpenUSB func(ctx context.Context, u devices.URL, want func(port.Descriptor) bool) (port.USB, error)

// OpenPort opens a serial line: port.Open, or a test's.
type OpenPort func(ctx context.Context, u devices.URL) (port.Port, error)

// Scanner reads codes until it is closed. It takes itself up again after it was pulled out.
type Scanner struct {
	url     devices.URL
	openUSB OpenUSB
	open    OpenPort
	take    func(code string)

	kick   chan struct{}
	cancel context.CancelFunc
	ended  chan struct{}

	state devices.Watched
}

// Open starts to read the scanner of an address, usb or serial. take is called with each code, its
// AIM identifier before it where the scanner tells one ("]E06901234567892"), from one goroutine.
// Errors are devices.ErrURL; a scanner that is not there is a status.
func Open(u devices.URL, openUSB OpenUSB, open OpenPort, take func(code string)) (*Scanner, error) {
	if u.Scheme != devices.USB && u.Scheme != devices.Serial {
		return nil, fmt.Errorf("%w: a scanner is usb:VVVV:PPPP or serial:PORT, or types; not %s", devices.ErrURL, u)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Scanner{url: u, openUSB: openUSB, open: open, take: take, kick: make(chan struct{}, 1), cancel: cancel, ended: make(chan struct{})}
	s.state.Begin()
	go s.keep(ctx)
	return s, nil
}

// retryEvery is how long a scanner that is away is left alone; Kick cuts it short.
const retryEvery = 500 * time.Millisecond

func (s *Scanner) keep(ctx context.Context) {
	defer close(s.ended)
	for ctx.Err() == nil {
		err := s.run(ctx)
		if ctx.Err() != nil {
			break
		}
		s.state.Set(devices.Offline, port.ReasonOf(err), err.Error())
		select {
		case <-time.After(retryEvery):
		case <-s.kick:
		case <-ctx.Done():
		}
	}
	s.state.End(devices.Offline, devices.Closed, "")
}

// run reads codes for as long as the scanner is there.
func (s *Scanner) run(ctx context.Context) error {
	if s.url.Scheme == devices.Serial {
		return s.runSerial(ctx)
	}
	bus, err := s.openUSB(ctx, s.url, IsScannerFace)
	if err != nil {
		return err
	}
	defer func() { _ = bus.Close() }() // nothing hangs on how it is given back
	shape, err := hid.Ask(ctx, bus)
	if err != nil {
		return err
	}
	if !Knows(shape) {
		return &port.Error{Reason: devices.NotSupported, Err: errors.New("it has no reports of a scanner: it may have to be set to \"HID POS\" with the codes of its manual")}
	}
	a := assembler{shape: shape}
	s.state.Set(devices.Ready, devices.None, "")
	report := make([]byte, shape.Largest())
	for {
		n, err := bus.Read(ctx, port.InterruptIn, report)
		if err != nil {
			return err
		}
		code, aim, done, err := a.take(report[:n])
		switch {
		case err != nil:
			s.state.Set(devices.Attention, devices.Interrupted, err.Error())
		case done:
			s.deliver(aim, code)
		}
	}
}

// IsScannerFace is true for HID interfaces that are no keyboard or mouse.
func IsScannerFace(d port.Descriptor) bool {
	return d.Class == port.ClassHID && d.Protocol == 0 && d.Sizes[port.InterruptIn] > 0
}

// Knows reports whether a HID device's reports are a scanner's.
func Knows(shape hid.Shape) bool {
	_, is := shape.Find(pageScanner, usageData)
	return is
}

// lineSilence ends a code on a serial line whose scanner sends no line end.
const lineSilence = 100 * time.Millisecond

func (s *Scanner) runSerial(ctx context.Context) error {
	line, err := s.open(ctx, s.url)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { _ = line.Close() })() // ends the read below
	defer func() { _ = line.Close() }()                         // nothing hangs on how it is given back
	s.state.Set(devices.Ready, devices.None, "")
	pieces, failed := make(chan []byte), make(chan error, 1)
	gone := make(chan struct{})
	defer close(gone)
	go func() {
		for {
			b := make([]byte, 256)
			n, err := line.Read(b)
			if err != nil {
				failed <- err
				return
			}
			select {
			case pieces <- b[:n]:
			case <-gone:
				return
			}
		}
	}()
	var l lines
	for {
		var silent <-chan time.Time
		if len(l.held) > 0 {
			silent = time.After(lineSilence)
		}
		select {
		case err := <-failed:
			return err
		case b := <-pieces:
			for _, code := range l.take(b) {
				s.deliver("", code)
			}
		case <-silent:
			s.deliver("", l.rest())
		}
	}
}

// lines cuts a stream into codes at CR, LF, TAB, ETX or NUL: what scanners are set to end with.
type lines struct{ held []byte }

func (l *lines) take(b []byte) (codes [][]byte) {
	for _, c := range b {
		switch c {
		case '\r', '\n', '\t', 0x03, 0x00:
			if code := l.rest(); len(code) > 0 {
				codes = append(codes, code)
			}
		case 0x02: // STX begins one
			l.held = l.held[:0]
		default:
			if len(l.held) < mostBytes {
				l.held = append(l.held, c)
			}
		}
	}
	return codes
}

func (l *lines) rest() []byte {
	code := bytes.Clone(l.held)
	l.held = l.held[:0]
	return code
}

// ErrTrack is a card's track where a code should be.
var ErrTrack = errors.New("it reads cards too: a card's track is no code, and was dropped")

// track is what tracks of ISO/IEC 7813 are known by, also when they are cut: track 1 before the name,
// track 2 from its sentinel on, and number and expiry.
var track = regexp.MustCompile(`B[0-9]{12,19}\^|;[0-9]{12}|[0-9]{12,19}=[0-9]{4}`)

// deliver hands a code on. What is no text is not a code of anything that a shop sells. Some
// scanners have a slot for cards, whose numbers must not come where codes are shown.
func (s *Scanner) deliver(aim string, code []byte) {
	if track.Match(code) {
		clear(code)
		s.state.Set(devices.Attention, devices.NotSupported, ErrTrack.Error())
		return
	}
	text := strings.TrimSpace(string(code))
	if text == "" || !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != 0x1D || r == 0x7F }) {
		s.state.Set(devices.Attention, devices.Interrupted, ErrReport.Error())
		return
	}
	s.state.Set(devices.Ready, devices.None, "")
	s.take(aim + text)
}

// Status is the last that is known, without asking.
func (s *Scanner) Status() devices.Status { return s.state.Status() }

// Watch calls f on every change of Status, until the scanner is closed. f must return soon.
func (s *Scanner) Watch(f func(devices.Status)) { s.state.Watch(f) }

// Kick looks for a scanner that is away at once: something was plugged in.
func (s *Scanner) Kick() {
	select {
	case s.kick <- struct{}{}:
	default:
	}
}

// Close ends it and waits until the device is given back.
func (s *Scanner) Close() error {
	s.cancel()
	<-s.ended
	return nil
}
