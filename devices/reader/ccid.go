package reader

import (
	"context"
	"encoding/binary"
	"errors"
	"sync"
	"time"

	"veratill/devices"
	"veratill/devices/port"
)

// Times of a chip reader.
const (
	answerWithin  = 1200 * time.Millisecond // to anything; a reader that needs longer asks for it
	commandWithin = 20 * time.Second        // with all the time that it asks for
	pollEvery     = 300 * time.Millisecond  // for a card, where the reader does not tell
	silenceWithin = 500 * time.Millisecond  // to the question whether a silent card is there
	controlWithin = time.Second
)

// Faults of a chip reader.
var (
	ErrSilent  = errors.New("the reader does not answer")
	ErrRemoved = errors.New("there is no card in the reader")
	ErrGarbled = errors.New("the reader's answers can't be followed")
)

// maxStale is how many answers to earlier commands, and packets of them, are skipped.
const maxStale = 32

// ccid is a chip reader on the bus, its first slot. Commands come from one goroutine.
type ccid struct {
	usb  port.USB
	desc ccidDescriptor
	seq  byte
	buf  []byte // of one message

	mu    sync.Mutex
	out   bool                    // it has told that the card is out, since it got power
	end   context.CancelCauseFunc // of the command under way
	moved chan struct{}           // holds one token when a notice has come
}

// attachCCID takes a claimed interface of class 0B. Errors are ErrCCID, ErrProtocol.
func attachCCID(u port.USB) (*ccid, error) {
	d := u.Descriptor()
	desc, err := parseCCID(d.Extra)
	if err != nil {
		return nil, err
	}
	if desc.level == character || d.Sizes[port.BulkIn] < ccidHead || d.Sizes[port.BulkOut] < ccidHead {
		return nil, ErrProtocol
	}
	return &ccid{usb: u, desc: desc, moved: make(chan struct{}, 1)}, nil
}

// command sends one and waits for its answer, whose data stay valid until the next. Errors
// are *Fault where it is the card, *port.Error where it is the reader, and ctx's.
func (c *ccid) command(ctx context.Context, kind byte, p [3]byte, data []byte) (message, error) {
	if len(data) > c.desc.longest-ccidHead {
		return message{}, &Fault{Unsupported, ErrCommand}
	}
	inner, cancel := context.WithTimeout(ctx, commandWithin)
	defer cancel()
	inner, end := context.WithCancelCause(inner)
	defer end(nil)
	c.mu.Lock()
	c.end = end
	if kind == iccPowerOn {
		c.out = false
	}
	out := c.out && kind == xfrBlock // another card may be in by now
	c.mu.Unlock()
	if out {
		return message{}, &Fault{CardRemoved, ErrRemoved}
	}
	defer func() {
		c.mu.Lock()
		c.end = nil
		c.mu.Unlock()
	}()
	m, err := c.converse(inner, kind, p, data)
	if err == nil {
		return m, c.fault(m)
	}
	var gone *Fault
	switch {
	case errors.As(context.Cause(inner), &gone):
		return message{}, gone
	case ctx.Err() != nil:
		return message{}, ctx.Err()
	}
	return message{}, err
}

// converse sends and receives, and skips what is not the answer.
func (c *ccid) converse(ctx context.Context, kind byte, p [3]byte, data []byte) (message, error) {
	seq := c.seq
	c.seq++
	b := make([]byte, ccidHead, ccidHead+len(data))
	b[0], b[6] = kind, seq
	binary.LittleEndian.PutUint32(b[1:], uint32(len(data)))
	copy(b[7:], p[:])
	b = append(b, data...)
	defer clear(b)
	sending, cancel := context.WithTimeout(ctx, answerWithin)
	_, err := c.usb.Write(sending, b)
	defer cancel()
	if err != nil {
		return message{}, lineError(sending, err)
	}
	until := time.Now().Add(answerWithin)
	for range maxStale {
		m, err := c.receive(ctx, until)
		switch {
		case errors.Is(err, ErrCCID):
			continue
		case err != nil:
			return message{}, err
		case m.seq != seq || m.slot != 0:
			continue
		case m.extended():
			return c.extended(ctx, seq, kind)
		case m.kind != answerTo(kind):
			return message{}, &port.Error{Reason: devices.Interrupted, Err: ErrGarbled}
		}
		return m, nil
	}
	return message{}, &port.Error{Reason: devices.Interrupted, Err: ErrGarbled}
}

// extended waits on for a card that needs time: bStatus 2, CCID 1.1, 6.2.6. Each such answer
// gives it answerWithin more; ctx ends it.
func (c *ccid) extended(ctx context.Context, seq, kind byte) (message, error) {
	for {
		m, err := c.receive(ctx, time.Now().Add(answerWithin))
		switch {
		case errors.Is(err, ErrCCID):
			return message{}, &port.Error{Reason: devices.Interrupted, Err: ErrGarbled}
		case err != nil:
			return message{}, err
		case m.seq == seq && m.slot == 0 && !m.extended() && m.kind == answerTo(kind):
			return m, nil
		}
	}
}

func answerTo(kind byte) byte {
	switch kind {
	case iccPowerOn, xfrBlock:
		return dataBlock
	case getParameters, setParameters:
		return parameters
	}
	return slotStatus
}

// receive reads one message, packet by packet: so one that fills whole packets ends also
// where the reader sends no empty one behind it. Errors are ErrCCID and *port.Error.
func (c *ccid) receive(ctx context.Context, until time.Time) (message, error) {
	ctx, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	packet := make([]byte, c.usb.Descriptor().Sizes[port.BulkIn])
	defer clear(packet)
	clear(c.buf)
	c.buf = c.buf[:0]
	for {
		n, err := c.usb.Read(ctx, port.BulkIn, packet)
		if err != nil {
			return message{}, lineError(ctx, err)
		}
		if n == 0 && len(c.buf) == 0 {
			if ctx.Err() != nil {
				return message{}, &port.Error{Reason: devices.TimedOut, Err: ErrSilent}
			}
			continue // the empty packet behind the one before
		}
		c.buf = grow(c.buf, packet[:max(0, min(n, len(packet)))])
		whole, fine := messageLength(c.buf, c.desc.longest)
		if whole > 0 && len(c.buf) > whole && c.buf[0] == parameters && n < len(packet) {
			c.buf = c.buf[:whole] // QEMU's reader counts none of the bytes of its parameters
		}
		switch {
		case !fine, whole > 0 && len(c.buf) > whole, n < len(packet) && len(c.buf) < max(whole, ccidHead):
			return message{}, ErrCCID
		case whole > 0 && len(c.buf) == whole:
			return parseMessage(c.buf, c.desc.longest)
		}
	}
}

// lineError makes a port.Error of what is none yet; it is TimedOut where ctx has ended it.
func lineError(ctx context.Context, err error) error {
	var e *port.Error
	is := errors.As(err, &e)
	switch {
	case ctx.Err() != nil && (!is || e.Reason == devices.Cancelled || e.Reason == devices.TimedOut):
		return &port.Error{Reason: devices.TimedOut, Err: ErrSilent}
	case is:
		return err
	}
	return &port.Error{Reason: devices.Interrupted, Err: err}
}

// fault is what an answer says went wrong: CCID 1.1, table 6.2-2.
func (c *ccid) fault(m message) error {
	if m.icc() == 2 && (m.kind != slotStatus || m.failed()) {
		return &Fault{CardRemoved, ErrRemoved}
	}
	if !m.failed() || m.kind == slotStatus {
		return nil
	}
	switch m.fault {
	case 0xFE: // ICC_MUTE
		return &Fault{CardMute, nil}
	case 0xFD, 0xFC, 0xF8, 0xF7: // parity, overrun, bad ATR
		return &Fault{CardNonsense, nil}
	case 0xF6, 0xF5, 0x00: // protocol, class, command not supported
		return &Fault{Unsupported, ErrProtocol}
	case 0xFB: // hardware: of a card in upside down, mostly
		return &Fault{CardMute, nil}
	}
	if m.fault > 0 && m.fault < 0x80 { // a byte of the command that the reader doesn't take
		return &Fault{Unsupported, ErrProtocol}
	}
	return &Fault{CardMute, nil}
}

// notice is what the interrupt pipe tells. A card that is out ends the command under way.
func (c *ccid) notice(in bool) {
	c.mu.Lock()
	if c.out = c.out || !in; !in && c.end != nil {
		c.end(&Fault{CardRemoved, ErrRemoved})
	}
	c.mu.Unlock()
	select {
	case c.moved <- struct{}{}:
	default:
	}
}

// listen hears the interrupt pipe until ctx ends or the line does. It is nil then, or the line's.
func (c *ccid) listen(ctx context.Context) error {
	size := c.usb.Descriptor().Sizes[port.InterruptIn]
	if size == 0 {
		<-ctx.Done()
		return nil
	}
	b := make([]byte, size)
	for {
		n, err := c.usb.Read(ctx, port.InterruptIn, b)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return lineError(ctx, err)
		}
		if in, is := slotNotice(b[:max(0, min(n, len(b)))]); is {
			c.notice(in)
		}
	}
}

// present asks the reader whether there is a card.
func (c *ccid) present(ctx context.Context) (bool, error) {
	m, err := c.command(ctx, getSlotStatus, [3]byte{}, nil)
	switch {
	case CodeOf(err) == CardRemoved:
		return false, nil
	case err != nil:
		return false, err
	}
	return m.icc() != 2, nil
}

// change waits for a notice, for wake, or for a poll's time where no notice comes.
func (c *ccid) change(ctx context.Context, wake <-chan struct{}) {
	every := pollEvery
	if c.usb.Descriptor().Sizes[port.InterruptIn] > 0 {
		every *= 10 // a notice may be lost: ask now and then
	}
	timer := time.NewTimer(every)
	defer timer.Stop()
	select {
	case <-c.moved:
	case <-wake:
	case <-timer.C:
	case <-ctx.Done():
	}
}

// Close gives the interface back.
func (c *ccid) Close() error {
	return c.usb.Close()
}
