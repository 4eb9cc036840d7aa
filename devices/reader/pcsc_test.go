package reader

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"veratill/devices"
	"veratill/devices/port"
	"veratill/packaging/nasty"
)

// service is a PC/SC service with one reader; contexts of it share its state.
type service struct {
	mu      sync.Mutex
	state   uint32
	changed chan struct{}
	atr     []byte
	card    func([]byte) ([]byte, error)
	open    int
	fails   map[string]pcscError
}

type scContext struct {
	*service
	cancelled chan struct{}
}

const readerName = "Gemalto PC Twin Reader 0"

func newService() *service {
	card := unionPay()
	card.t0 = true
	return &service{state: stateEmpty, changed: make(chan struct{}), atr: []byte{0x3B, 0}, fails: map[string]pcscError{},
		card: func(b []byte) ([]byte, error) { return card.answer(b), nil }}
}

func (s *service) set(state uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state += 0x10000 // the service counts changes there
	s.state = s.state&0xFFFF0000 | state
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *service) fail(call string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, is := s.fails[call]; is {
		return e
	}
	return nil
}

func (s *service) new() (smartCards, error) { return &scContext{s, make(chan struct{}, 1)}, nil }

func (c *scContext) establish() error {
	if err := c.fail("establish"); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open++
	return nil
}

func (c *scContext) release() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open--
	return nil
}

func (c *scContext) readers() ([]uint16, error) {
	return append(utf16.Encode([]rune("Other\x00"+readerName+"\x00")), 0), c.fail("readers")
}

func (c *scContext) statusChange(name string, known uint32, wait time.Duration) (uint32, []byte, error) {
	for end := time.After(wait); ; {
		c.mu.Lock()
		state, changed := c.state, c.changed
		c.mu.Unlock()
		if err := c.fail("statusChange"); err != nil {
			return 0, nil, err
		}
		if state != known {
			return state | stateChanged, c.atr, nil
		}
		select {
		case <-changed:
		case <-c.cancelled:
			return state, nil, pcscCancelled
		case <-end:
			return state, nil, pcscTimeout
		}
	}
}

func (c *scContext) cancel() error {
	c.cancelled <- struct{}{}
	return nil
}

func (c *scContext) connect(string) (uintptr, uint32, error) { return 1, protocolT0, c.fail("connect") }
func (c *scContext) disconnect(uintptr) error                { return nil }
func (c *scContext) transmit(_ uintptr, _ uint32, b []byte) ([]byte, error) {
	if err := c.fail("transmit"); err != nil {
		return nil, err
	}
	return c.card(b)
}

func pcscDriver(t *testing.T, s *service) *Driver {
	d := newDriver(func(context.Context) (attached, error) { return attachPCSC(s.new, readerName) })
	t.Cleanup(func() {
		_ = d.Close()
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.open != 0 {
			t.Errorf("%d contexts are left", s.open)
		}
	})
	return d
}

func TestPCSC(t *testing.T) {
	s := newService()
	d := pcscDriver(t, s)
	got := reading(t, d)
	s.set(statePresent)
	card, err := came(t, got)
	if err != nil || string(card.PAN()) != "6217856001234567893" || card.Entry() != Inserted {
		t.Fatal(card, err)
	}
	for call, c := range map[string]struct {
		code pcscError
		want Code
	}{
		"connect":  {pcscUnresponsive, CardMute},
		"transmit": {pcscRemoved, CardRemoved},
	} {
		s.set(stateEmpty)
		time.Sleep(20 * time.Millisecond)
		s.mu.Lock()
		s.fails[call] = c.code
		s.mu.Unlock()
		got := reading(t, d)
		s.set(statePresent)
		_, err := came(t, got)
		codeIs(t, err, c.want)
		s.mu.Lock()
		delete(s.fails, call)
		s.mu.Unlock()
	}
	s.set(stateEmpty)
	time.Sleep(20 * time.Millisecond)
	got = reading(t, d)
	s.set(statePresent | stateMute)
	_, err = came(t, got)
	codeIs(t, err, CardMute)
	got = reading(t, d)
	s.set(stateUnavailable)
	soon(t, "it is missed", func() bool { return d.Status().Reason == devices.Unplugged })
	s.set(statePresent)
	d.Kick()
	if card, err := came(t, got); err != nil || !card.Valid() {
		t.Error("after it came back:", err)
	}
	began := time.Now()
	_ = d.Close()
	if took := time.Since(began); took > listenFor/2 {
		t.Error("Close waits for the service:", took)
	}
}

func TestPCSCFaults(t *testing.T) {
	s := newService()
	s.fails["establish"] = pcscNoService
	d := pcscDriver(t, s)
	soon(t, "there is no service", func() bool { return d.Status().Reason == devices.Unreachable && d.Status().Health == devices.Offline })
	if _, err := attachPCSC(newService().new, "Another"); port.ReasonOf(err) != devices.Unplugged {
		t.Error(err)
	}
	for code, want := range map[pcscError]devices.Reason{pcscSharing: devices.PortBusy, pcscNoReaders: devices.Unplugged, 0x80100001: devices.Interrupted} {
		if err := pcscFault(code); port.ReasonOf(err) != want || !errors.Is(err, code) {
			t.Error(err)
		}
	}
	for code, want := range map[pcscError]Code{pcscNoCard: CardRemoved, pcscReset: CardRemoved, pcscUnpowered: CardMute, pcscUnsupported: Unsupported} {
		codeIs(t, pcscFault(code), want)
	}
	if err := pcscFault(context.Canceled); err != context.Canceled {
		t.Error(err)
	}
	if runtime.GOOS != "windows" {
		if _, err := Open(devices.URL{Scheme: devices.PCSC, Path: "X"}, nil, Window{}); port.ReasonOf(err) != devices.NotSupported {
			t.Error(err)
		}
	}
	for _, u := range []devices.URL{{Scheme: devices.TCP}, {Scheme: devices.USB}} {
		if _, err := Open(u, nil, Window{}); port.ReasonOf(err) != devices.NotSupported {
			t.Error(err)
		}
	}
	if r, err := Open(devices.URL{Scheme: devices.Virtual}, nil, Window{}); err != nil {
		t.Error(err)
	} else if _, is := r.(*Virtual); !is {
		t.Errorf("%T", r)
	}
}

func TestMultiString(t *testing.T) {
	for text, want := range map[string][]string{
		"":                     nil,
		"\x00":                 nil,
		"A\x00\x00":            {"A"},
		"A\x00Läser 1\x00\x00": {"A", "Läser 1"},
		"A\x00\x00B\x00":       {"A"},
		"A\x00B":               {"A", "B"},
	} {
		if got := multiString(utf16.Encode([]rune(text))); !slices.Equal(got, want) {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func FuzzMultiString(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		var wide []uint16
		for _, c := range b {
			wide = append(wide, uint16(c))
		}
		for _, s := range multiString(wide) {
			if s == "" || bytes.ContainsRune([]byte(s), 0) {
				t.Fatalf("%q", s)
			}
		}
	})
}
