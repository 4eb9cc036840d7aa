package port

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"veratill/devices"
)

// PlaybackUSB serves a transcript of RecordUSB, or one that is written by hand. Operations
// come in the order of the transcript: each waits for those before it, also across pipes.
// What the driver sends is compared byte for byte; where it differs, that operation and all
// later ones fail with *Error, Interrupted, around *TranscriptError. At the end a read waits
// until ctx ends or Close, and a write fails. The times in the transcript are not waited for.
// Errors are *TranscriptError and those of from.
func PlaybackUSB(from io.Reader) (USB, error) {
	t, err := readTranscript(from)
	if err != nil {
		return nil, err
	}
	if t.kind != kindUSB {
		return nil, &TranscriptError{1, "it is not of a USB interface"}
	}
	return &usbPlayback{t.about, newPlayer(t.steps)}, nil
}

// Playback is PlaybackUSB for a port. Pause holds nothing back.
func Playback(from io.Reader) (Port, error) {
	t, err := readTranscript(from)
	if err != nil {
		return nil, err
	}
	if t.kind != kindPort {
		return nil, &TranscriptError{1, "it is not of a port"}
	}
	return &portPlayback{player: newPlayer(t.steps)}, nil
}

// player goes through the steps.
type player struct {
	mu     sync.Mutex
	steps  []step
	next   int
	moved  chan struct{} // closed when next has moved or failed is set
	failed error
	gone   bool // the device is pulled out
	ended  chan struct{}
	once   sync.Once
}

func newPlayer(steps []step) *player {
	return &player{steps: steps, moved: make(chan struct{}), ended: make(chan struct{})}
}

// turn waits for the step that fits, and takes it. fits also says what is wrong with one
// that is this operation's and differs.
func (p *player) turn(ctx context.Context, reads bool, fits func(step) (bool, string)) (step, error) {
	for {
		s, moved, err := p.try(reads, fits)
		if err != nil || moved == nil {
			return s, err
		}
		select {
		case <-moved:
		case <-p.ended:
			return step{}, &Error{devices.Closed, ErrClosed}
		case <-ctx.Done():
			reason := devices.Cancelled
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				reason = devices.TimedOut
			}
			return step{}, &Error{reason, ctx.Err()}
		}
	}
}

// try gives the step, or the channel that tells when it is worth to try again.
func (p *player) try(reads bool, fits func(step) (bool, string)) (step, <-chan struct{}, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.ended:
		return step{}, nil, &Error{devices.Closed, ErrClosed}
	default:
	}
	if p.failed != nil {
		return step{}, nil, p.failed
	}
	if p.gone {
		return step{fault: devices.Unplugged}, nil, nil
	}
	if p.next == len(p.steps) {
		if reads {
			return step{}, p.moved, nil
		}
		return step{}, nil, p.fail(p.last()+1, "the driver sends more than stands here")
	}
	s := p.steps[p.next]
	mine, wrong := fits(s)
	switch {
	case wrong != "":
		return step{}, nil, p.fail(s.line, wrong)
	case !mine:
		return step{}, p.moved, nil
	}
	p.next++
	p.gone = s.fault == devices.Unplugged
	close(p.moved)
	p.moved = make(chan struct{})
	return s, nil, nil
}

func (p *player) last() int {
	if len(p.steps) == 0 {
		return 0
	}
	return p.steps[len(p.steps)-1].line
}

func (p *player) fail(line int, what string) error {
	p.failed = &Error{devices.Interrupted, &TranscriptError{line, what}}
	close(p.moved)
	p.moved = make(chan struct{})
	return p.failed
}

// reading fits a read of what.
func reading(what string) func(step) (bool, string) {
	return func(s step) (bool, string) { return s.what == what && !s.sent, "" }
}

// sending fits what the driver sends, and says where it differs.
func sending(what string, setup Setup, b []byte) func(step) (bool, string) {
	return func(s step) (bool, string) {
		switch {
		case s.what != doControl && !s.sent:
			return false, "" // a read comes first
		case s.what != what || s.setup != setup:
			return false, fmt.Sprintf("the driver does %s, not %s", describe(what, setup), describe(s.what, s.setup))
		case s.sent && !bytes.Equal(s.data, b):
			return false, difference(s.data, b)
		}
		return true, ""
	}
}

func describe(what string, s Setup) string {
	if what != doControl {
		return what
	}
	return fmt.Sprintf("%s %02x %02x %04x %04x", what, s.RequestType, s.Request, s.Value, s.Index)
}

func difference(want, got []byte) string {
	for i := range min(len(want), len(got)) {
		if want[i] != got[i] {
			return fmt.Sprintf("byte %d that the driver sends is %02x, not %02x", i, got[i], want[i])
		}
	}
	return fmt.Sprintf("the driver sends %d bytes, not %d", len(got), len(want))
}

func (p *player) close() { p.once.Do(func() { close(p.ended) }) }

// errFault is what stands in the transcript.
var errFault = errors.New("so the transcript says")

// give fills b, and fails where the step does.
func give(s step, b []byte) (int, error) {
	n := copy(b, s.data)
	switch {
	case s.fault != devices.None:
		return n, &Error{s.fault, errFault}
	case len(s.data) > len(b):
		return n, &Error{devices.Interrupted, &TranscriptError{s.line, "the driver's buffer is smaller than what comes"}}
	}
	return n, nil
}

// sent is what a write gives back.
func sent(s step, b []byte) (int, error) {
	if s.fault == devices.None {
		return len(b), nil
	}
	return min(s.taken, len(b)), &Error{s.fault, errFault}
}

type usbPlayback struct {
	about Descriptor
	*player
}

func (p *usbPlayback) Descriptor() Descriptor { return p.about }

func (p *usbPlayback) Control(ctx context.Context, setup Setup, b []byte) (int, error) {
	s, err := p.turn(ctx, false, sending(doControl, setup, b))
	switch {
	case err != nil:
		return 0, err
	case setup.In():
		if len(s.data) > len(b) { // a device answers no more than it is asked for
			s.data = s.data[:len(b)]
		}
		return give(s, b)
	}
	return sent(s, b)
}

func (p *usbPlayback) Read(ctx context.Context, from Pipe, b []byte) (int, error) {
	s, err := p.turn(ctx, true, reading(from.String()))
	if err != nil {
		return 0, err
	}
	return give(s, b)
}

func (p *usbPlayback) Write(ctx context.Context, b []byte) (int, error) {
	s, err := p.turn(ctx, false, sending(BulkOut.String(), Setup{}, b))
	if err != nil {
		return 0, err
	}
	return sent(s, b)
}

func (p *usbPlayback) Close() error {
	p.close()
	return nil
}

type portPlayback struct {
	*player
	rest []byte // of a step that was larger than the reader's buffer
}

func (p *portPlayback) Read(b []byte) (int, error) {
	if len(p.rest) > 0 {
		n := copy(b, p.rest)
		p.rest = p.rest[n:]
		return n, nil
	}
	s, err := p.turn(context.Background(), true, reading(doRead))
	if err != nil {
		return 0, err
	}
	n := copy(b, s.data)
	if s.fault != devices.None {
		return n, &Error{s.fault, errFault}
	}
	p.rest = s.data[n:]
	return n, nil
}

func (p *portPlayback) WriteBy(deadline time.Time, b []byte) (int, error) {
	ctx, cancel := context.WithDeadline(context.Background(), deadline)
	defer cancel()
	s, err := p.turn(ctx, false, sending(doWrite, Setup{}, b))
	if err != nil {
		return 0, err
	}
	return sent(s, b)
}

func (p *portPlayback) Pause(bool) {}

func (p *portPlayback) Close() error {
	p.close()
	return nil
}
