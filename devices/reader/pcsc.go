package reader

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
	"unicode/utf16"

	"veratill/devices"
	"veratill/devices/port"
)

// smartCards is what is used of the system's PC/SC service: one context. Every error that
// the service gives is a pcscError.
type smartCards interface {
	// establish makes the context; release ends it and what was made in it.
	establish() error
	release() error
	// readers is the multi-string of the readers' names.
	readers() ([]uint16, error)
	// statusChange waits until a reader's state is another than known, at most for wait, and
	// gives it with the card's ATR.
	statusChange(reader string, known uint32, wait time.Duration) (state uint32, atr []byte, err error)
	// cancel ends a statusChange from another goroutine.
	cancel() error
	// connect gives the card power, to be shared, with T=0 or T=1.
	connect(reader string) (handle uintptr, protocol uint32, err error)
	transmit(handle uintptr, protocol uint32, command []byte) ([]byte, error)
	// disconnect takes the power away.
	disconnect(handle uintptr) error
}

// pcscError is a return code of the service: winscard.h.
type pcscError uint32

// Codes that are told apart.
const (
	pcscCancelled      pcscError = 0x80100002
	pcscUnknownReader  pcscError = 0x80100009
	pcscTimeout        pcscError = 0x8010000A
	pcscSharing        pcscError = 0x8010000B
	pcscNoCard         pcscError = 0x8010000C
	pcscProtoMismatch  pcscError = 0x8010000F
	pcscNotTransacted  pcscError = 0x80100016
	pcscUnavailable    pcscError = 0x80100017
	pcscNoService      pcscError = 0x8010001D
	pcscServiceStopped pcscError = 0x8010001E
	pcscNoReaders      pcscError = 0x8010002E
	pcscUnsupported    pcscError = 0x80100065
	pcscUnresponsive   pcscError = 0x80100066
	pcscUnpowered      pcscError = 0x80100067
	pcscReset          pcscError = 0x80100068
	pcscRemoved        pcscError = 0x80100069
)

func (e pcscError) Error() string { return fmt.Sprintf("PC/SC 0x%08X", uint32(e)) }

// States of a reader: winscard.h.
const (
	stateUnknown     = 0x0004
	stateUnavailable = 0x0008
	stateEmpty       = 0x0010
	statePresent     = 0x0020
	stateMute        = 0x0200
	stateChanged     = 0x0002
)

// fault tells what is the card's, a *Fault, from what is the reader's, a *port.Error.
func (e pcscError) fault() error {
	switch e {
	case pcscNoCard, pcscRemoved, pcscReset:
		return &Fault{CardRemoved, e}
	case pcscUnresponsive, pcscUnpowered, pcscNotTransacted:
		return &Fault{CardMute, e}
	case pcscProtoMismatch, pcscUnsupported:
		return &Fault{Unsupported, e}
	case pcscUnknownReader, pcscUnavailable, pcscNoReaders:
		return &port.Error{Reason: devices.Unplugged, Err: e}
	case pcscSharing:
		return &port.Error{Reason: devices.PortBusy, Err: e}
	case pcscNoService, pcscServiceStopped:
		return &port.Error{Reason: devices.Unreachable, Err: e}
	}
	return &port.Error{Reason: devices.Interrupted, Err: e}
}

// pcscFault is fault for any error.
func pcscFault(err error) error {
	var e pcscError
	if errors.As(err, &e) {
		return e.fault()
	}
	return err
}

// multiString cuts a multi-string: strings that end with zeros, and an empty one at the end.
func multiString(b []uint16) (list []string) {
	for len(b) > 0 {
		end := slices.Index(b, 0)
		if end <= 0 {
			if end < 0 { // the last has no end
				list = append(list, string(utf16.Decode(b)))
			}
			return list
		}
		list = append(list, string(utf16.Decode(b[:end])))
		b = b[end+1:]
	}
	return list
}

// pcscSlot is a reader that the system's service holds.
type pcscSlot struct {
	cards smartCards // is asked for changes, and blocks while it is
	talk  smartCards // for the card
	name  string
	moved chan struct{}

	mu    sync.Mutex
	state uint32 // as told last
}

// attachPCSC finds a reader by its name. Errors are *port.Error.
func attachPCSC(newCards func() (smartCards, error), name string) (attached, error) {
	s := &pcscSlot{name: name, moved: make(chan struct{}, 1)}
	for _, to := range []*smartCards{&s.cards, &s.talk} {
		cards, err := newCards()
		if err == nil {
			err = cards.establish()
		}
		if err != nil {
			_ = s.Close()
			return nil, pcscFault(err)
		}
		*to = cards
	}
	list, err := s.cards.readers()
	if err == nil && !slices.Contains(multiString(list), name) {
		err = pcscUnknownReader
	}
	if err == nil {
		s.state, _, err = s.cards.statusChange(name, 0, 0)
	}
	if err != nil {
		_ = s.Close()
		return nil, pcscFault(err)
	}
	return chips{s}, nil
}

// present implements slot, from what listen has heard.
func (s *pcscSlot) present(context.Context) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state&(stateUnknown|stateUnavailable) != 0 {
		return false, pcscUnavailable.fault()
	}
	return s.state&statePresent != 0, nil
}

// change implements slot.
func (s *pcscSlot) change(ctx context.Context, wake <-chan struct{}) {
	select {
	case <-s.moved:
	case <-wake:
	case <-ctx.Done():
	}
}

// listenFor is how long the service is asked at a time: what a lost cancel costs.
const listenFor = time.Second

// listen implements slot.
func (s *pcscSlot) listen(ctx context.Context) error {
	stopped := context.AfterFunc(ctx, func() { _ = s.cards.cancel() })
	defer stopped()
	for ctx.Err() == nil {
		s.mu.Lock()
		known := s.state
		s.mu.Unlock()
		state, _, err := s.cards.statusChange(s.name, known&^stateChanged, listenFor)
		switch {
		case errors.Is(err, pcscTimeout):
			continue
		case ctx.Err() != nil || errors.Is(err, pcscCancelled):
			return nil
		case err != nil:
			return pcscFault(err)
		}
		s.mu.Lock()
		s.state = state
		s.mu.Unlock()
		if state&(stateUnknown|stateUnavailable) != 0 {
			return pcscUnavailable.fault()
		}
		select {
		case s.moved <- struct{}{}:
		default:
		}
	}
	return nil
}

// connect implements slot. A card that is mute is told without a try.
func (s *pcscSlot) connect(context.Context) (Chip, error) {
	state, raw, err := s.talk.statusChange(s.name, 0, 0)
	switch {
	case err != nil:
		return nil, pcscFault(err)
	case state&stateMute != 0:
		return nil, &Fault{CardMute, nil}
	case state&stateEmpty != 0:
		return nil, &Fault{CardRemoved, ErrRemoved}
	}
	handle, protocol, err := s.talk.connect(s.name)
	if err != nil {
		return nil, pcscFault(err)
	}
	return &pcscChip{s.talk, handle, protocol, bytes.Clone(raw)}, nil
}

// Close implements slot.
func (s *pcscSlot) Close() error {
	var all []error
	for _, c := range []smartCards{s.cards, s.talk} {
		if c != nil {
			all = append(all, c.release())
		}
	}
	return errors.Join(all...)
}

// pcscChip is a card that the service has given power.
type pcscChip struct {
	cards    smartCards
	handle   uintptr
	protocol uint32
	raw      []byte
}

const protocolT0 = 1 // SCARD_PROTOCOL_T0

// Exchange implements Chip. The service's call can't be ended: it ends when the card
// answers, is taken out, or takes longer than its own protocol lets it.
func (c *pcscChip) Exchange(ctx context.Context, apdu []byte) ([]byte, error) {
	return exchange(ctx, apdu, c.protocol == protocolT0, func(ctx context.Context, command []byte) ([]byte, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r, err := c.cards.transmit(c.handle, c.protocol, command)
		if err != nil {
			return nil, pcscFault(err)
		}
		return r, nil
	})
}

// ATR implements Chip.
func (c *pcscChip) ATR() []byte { return bytes.Clone(c.raw) }

// Close implements Chip.
func (c *pcscChip) Close() error { return pcscFault(c.cards.disconnect(c.handle)) }
