package port

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"veratill/devices"
)

// RecordUSB passes everything on to u and writes what passed to a transcript. Card numbers
// are replaced before anything is written: see scrubber. Lines whose last digits may go on
// in the next transfer are held back until it is known; Close writes them. Reads that end
// because nobody waits any longer are left out. An error of to ends the recording, not
// the operation.
func RecordUSB(u USB, to io.Writer) USB {
	d := u.Descriptor()
	d.Extra = append([]byte(nil), d.Extra...)
	d.SerialNumber = scrubText(d.SerialNumber)
	t := newTape(to, transcript{kind: kindUSB, about: d})
	t.framed = d.Class == ClassSmartCard
	t.mute = mute(d)
	return &usbRecord{u, t}
}

// Record is RecordUSB for a port.
func Record(p Port, to io.Writer) Port {
	return &portRecord{p, newTape(to, transcript{kind: kindPort})}
}

func scrubText(text string) string {
	b := []byte(text)
	var s scrubber
	s.pass(b)
	s.end()
	return string(b)
}

// tape is a transcript that is being written.
type tape struct {
	mu           sync.Mutex
	to           io.Writer
	began        time.Time
	framed, mute bool // see scrubber
	pipes        map[string]*scrubber
	held         []heldStep
	err          error
}

type heldStep struct {
	step
	by *scrubber
}

func newTape(to io.Writer, t transcript) *tape {
	r := &tape{to: to, began: time.Now(), pipes: map[string]*scrubber{}}
	_, r.err = io.WriteString(to, t.heading())
	return r
}

// note writes a step down, with a copy of its data.
func (t *tape) note(s step, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err != nil {
		return
	}
	s.ms = time.Since(t.began).Milliseconds()
	s.data = append([]byte(nil), s.data...)
	if err != nil {
		s.fault = ReasonOf(err)
	}
	if t.mute {
		clear(s.data)
	}
	key := fmt.Sprint(s.what, s.sent)
	by := t.pipes[key]
	if by == nil {
		by = &scrubber{framed: t.framed && (s.what == BulkIn.String() || s.what == BulkOut.String())}
		t.pipes[key] = by
	}
	by.pass(s.data)
	t.held = append(t.held, heldStep{s, by})
	t.flush()
}

// flush writes the lines that can't change any more.
func (t *tape) flush() {
	for len(t.held) > 0 && !t.held[0].by.open() && t.err == nil {
		_, t.err = fmt.Fprintln(t.to, t.held[0].step)
		t.held = t.held[1:]
	}
}

func (t *tape) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, by := range t.pipes {
		by.end()
	}
	t.flush()
	if t.err == nil {
		t.err = io.ErrClosedPipe // nothing after Close
	}
}

// idle reports whether a read only ended because nobody waits any longer.
func idle(n int, err error) bool {
	if err == nil || n > 0 {
		return false
	}
	r := ReasonOf(err)
	return r == devices.Cancelled || r == devices.Closed || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

type usbRecord struct {
	USB
	tape *tape
}

func (r *usbRecord) Control(ctx context.Context, s Setup, b []byte) (int, error) {
	n, err := r.USB.Control(ctx, s, b)
	passed := b
	if s.In() {
		passed = b[:max(0, min(n, len(b)))]
	}
	r.tape.note(step{what: doControl, setup: s, sent: !s.In(), data: passed, taken: n}, err)
	return n, err
}

func (r *usbRecord) Read(ctx context.Context, from Pipe, b []byte) (int, error) {
	n, err := r.USB.Read(ctx, from, b)
	if !idle(n, err) {
		r.tape.note(step{what: from.String(), data: b[:max(0, min(n, len(b)))]}, err)
	}
	return n, err
}

func (r *usbRecord) Write(ctx context.Context, b []byte) (int, error) {
	n, err := r.USB.Write(ctx, b)
	r.tape.note(step{what: BulkOut.String(), sent: true, data: b, taken: n}, err)
	return n, err
}

func (r *usbRecord) Close() error {
	err := r.USB.Close()
	r.tape.close()
	return err
}

type portRecord struct {
	Port
	tape *tape
}

func (r *portRecord) Read(b []byte) (int, error) {
	n, err := r.Port.Read(b)
	if !idle(n, err) {
		r.tape.note(step{what: doRead, data: b[:max(0, min(n, len(b)))]}, err)
	}
	return n, err
}

func (r *portRecord) WriteBy(deadline time.Time, b []byte) (int, error) {
	n, err := r.Port.WriteBy(deadline, b)
	r.tape.note(step{what: doWrite, sent: true, data: b, taken: n}, err)
	return n, err
}

func (r *portRecord) Close() error {
	err := r.Port.Close()
	r.tape.close()
	return err
}
