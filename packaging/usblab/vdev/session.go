package vdev

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// Commands and header of USB/IP: the kernel's Documentation/usb/usbip_protocol.rst.
const (
	cmdSubmit = 1
	cmdUnlink = 2
	retSubmit = 3
	retUnlink = 4

	headerSize = 48
)

// The kernel's error numbers, as they travel.
const (
	statusOK       int32 = 0
	statusStall    int32 = -32  // EPIPE
	statusBabble   int32 = -75  // EOVERFLOW
	statusNoReply  int32 = -71  // EPROTO
	statusUnlinked int32 = -104 // ECONNRESET
)

// Limits: usbfs lets a program have 16 MB under way in all.
const (
	mostTransfer  = 16 << 20
	mostTransfers = 4096
)

// farewell is for how long no control request may come before the kernel hears that the cable is
// gone; until then those that come are answered with an error, for at most longestFarewell. The
// kernel's controller gives back nothing by itself before its drivers let go, and a driver that is
// asking something when the connection ends does not let go for 5 s.
const (
	farewell        = 50 * time.Millisecond
	longestFarewell = time.Second
)

var errWire = errors.New("vdev: the host does not speak USB/IP")

// packet is one packet for the host.
type packet struct {
	bytes  []byte
	babble bool
}

// pipe is one endpoint of a plugged device. Its fields are under the device's lock.
type pipe struct {
	address uint8
	size    int
	halted  bool
	waiting []*transfer
	active  *transfer
	packets []packet
	queued  int // bytes in packets
}

func (p *pipe) queue(k packet) {
	p.packets = append(p.packets, k)
	p.queued += len(k.bytes)
}

// transfer is one request of the host (a URB).
type transfer struct {
	seq    uint32
	in     bool
	setup  Setup
	data   []byte // from the host
	want   int    // most bytes for the host
	done   int    // bytes taken
	answer []byte
	ctx    context.Context // ends when the host takes it back, and with the session
	cancel context.CancelFunc
	unlink uint32 // the request that takes it back
}

// session is a device while it is plugged in.
type session struct {
	d      *Device
	conn   io.ReadWriteCloser
	ctx    context.Context
	cancel context.CancelFunc
	busy   sync.WaitGroup
	writes sync.Mutex
	asked  atomic.Int64  // when the latest control request came without a cable, in Unix nanoseconds
	ended  chan struct{} // the connection has ended by itself

	// Under the device's lock.
	pipes      map[uint8]*pipe
	transfers  map[uint32]*transfer
	configured bool
}

// Connect puts the device on a connection that speaks USB/IP after its handshake, as the kernel's
// controller does, and returns at once. Errors are a device that is on one already, and a
// configuration that can't be read.
func (d *Device) Connect(conn io.ReadWriteCloser) error {
	s := &session{d: d, conn: conn, pipes: map[uint8]*pipe{}, transfers: map[uint32]*transfer{}, ended: make(chan struct{})}
	if err := s.readConfig(); err != nil {
		return err
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	var err error
	d.change(func() {
		if d.now != nil && d.now.ctx.Err() == nil {
			err = errors.New("vdev: the device is plugged in already")
			return
		}
		d.now = s
	})
	if err != nil {
		return err
	}
	context.AfterFunc(s.ctx, func() {
		s.sayFarewell()
		_ = conn.Close() // the cable is gone; nobody is left to hear of an error
		d.change(func() {})
	})
	for _, p := range s.pipes {
		s.busy.Go(func() { s.work(p) })
	}
	if d.Session != nil {
		s.busy.Go(func() { d.Session(s.ctx) })
	}
	s.busy.Go(func() {
		defer s.cancel()
		defer close(s.ended)
		_ = s.serve() // whatever ends the connection is a pulled cable
	})
	return nil
}

// sayFarewell returns when the connection may be closed.
func (s *session) sayFarewell() {
	begun := time.Now()
	s.asked.Store(begun.UnixNano())
	for {
		quiet := time.Since(time.Unix(0, s.asked.Load()))
		if quiet >= farewell || time.Since(begun) >= longestFarewell {
			return
		}
		select {
		case <-time.After(farewell - quiet):
		case <-s.ended:
			return
		}
	}
}

// Disconnect ends what Connect began, and returns when nothing of it runs any more.
func (d *Device) Disconnect() {
	d.mu.Lock()
	s := d.now
	d.mu.Unlock()
	if s == nil {
		return
	}
	s.cancel()
	s.busy.Wait()
}

// readConfig makes the pipes that the configuration names.
func (s *session) readConfig() error {
	if len(s.d.Descriptor) != 18 || len(s.d.Config) < 9 {
		return fmt.Errorf("vdev: a device descriptor of %d bytes, a configuration of %d", len(s.d.Descriptor), len(s.d.Config))
	}
	s.pipes[0] = &pipe{size: int(s.d.Descriptor[7])}
	for b := s.d.Config; len(b) > 0; b = b[b[0]:] {
		if len(b) < 2 || b[0] < 2 || int(b[0]) > len(b) {
			return fmt.Errorf("vdev: the configuration ends within a descriptor")
		}
		if b[1] == 5 && b[0] >= 7 {
			size := int(binary.LittleEndian.Uint16(b[4:])) & 0x7FF
			if size == 0 {
				return fmt.Errorf("vdev: endpoint %#02x has packets of no byte", b[2])
			}
			s.pipes[b[2]] = &pipe{address: b[2], size: size}
		}
	}
	return nil
}

// serve reads the host's requests until the connection ends.
func (s *session) serve() error {
	var h [headerSize]byte
	for {
		if _, err := io.ReadFull(s.conn, h[:]); err != nil {
			return err
		}
		var err error
		switch word(h[:], 0) {
		case cmdSubmit:
			err = s.submit(h[:])
		case cmdUnlink:
			err = s.takeBack(word(h[:], 4), word(h[:], 20))
		default:
			err = errWire
		}
		if err != nil {
			return err
		}
	}
}

func word(b []byte, at int) uint32 { return binary.BigEndian.Uint32(b[at:]) }

// submit queues one transfer.
func (s *session) submit(h []byte) error {
	length := word(h, 24)
	if length > mostTransfer || word(h, 16) > 15 {
		return errWire
	}
	t := &transfer{seq: word(h, 4), in: word(h, 12) == 1, want: int(length)}
	address := uint8(word(h, 16))
	if address == 0 {
		little := binary.LittleEndian.Uint16
		t.setup = Setup{h[40], h[41], little(h[42:]), little(h[44:]), little(h[46:])}
	} else if t.in {
		address |= 0x80
	}
	if !t.in {
		t.data = make([]byte, length)
		if _, err := io.ReadFull(s.conn, t.data); err != nil {
			return err
		}
	}
	if s.ctx.Err() != nil {
		if address == 0 {
			s.asked.Store(time.Now().UnixNano())
			return s.reply(retSubmit, t.seq, statusNoReply, 0, nil)
		}
		return nil
	}
	t.ctx, t.cancel = context.WithCancel(s.ctx)
	var err error
	known := false
	s.d.change(func() {
		p := s.pipes[address]
		known = p != nil
		if len(s.transfers) >= mostTransfers {
			err = errWire
		} else if known {
			s.transfers[t.seq] = t
			p.waiting = append(p.waiting, t)
		}
	})
	if err == nil && !known {
		t.cancel()
		return s.reply(retSubmit, t.seq, statusStall, 0, nil)
	}
	return err
}

func (s *session) reply(command, seq uint32, status int32, actual int, body []byte) error {
	s.writes.Lock()
	defer s.writes.Unlock()
	return s.put(command, seq, status, actual, body)
}

// takeBack is an unlink: the host no longer wants a transfer.
func (s *session) takeBack(seq, of uint32) error {
	s.writes.Lock() // a transfer that ends just now has to be answered before its unlink
	defer s.writes.Unlock()
	status, later := statusOK, false // done already
	s.d.change(func() {
		t := s.transfers[of]
		if t == nil {
			return
		}
		if t.cancel(); s.isActive(t) { // its worker answers, with what was carried until now
			t.unlink, later = seq, true
			return
		}
		delete(s.transfers, of)
		for _, p := range s.pipes {
			for i, w := range p.waiting {
				if w == t {
					p.waiting = append(p.waiting[:i:i], p.waiting[i+1:]...)
					break
				}
			}
		}
		status = statusUnlinked
	})
	if later {
		return nil
	}
	return s.put(retUnlink, seq, status, 0, nil)
}

func (s *session) isActive(t *transfer) bool {
	for _, p := range s.pipes {
		if p.active == t {
			return true
		}
	}
	return false
}

// work carries the transfers of one pipe, one after the other.
func (s *session) work(p *pipe) {
	for {
		var t *transfer
		if !s.d.await(s.ctx, func() bool {
			if len(p.waiting) == 0 {
				return false
			}
			t, p.waiting = p.waiting[0], p.waiting[1:]
			p.active = t
			return true
		}) {
			if p.address == 0 {
				s.dismiss(p)
			}
			return
		}
		var status int32
		switch {
		case p.address == 0:
			status = s.control(t)
		case t.in:
			status = s.give(p, t)
		default:
			status = s.take(p, t)
		}
		if s.finish(p, t, status) != nil {
			s.cancel() // and the next turn ends
		}
	}
}

// dismiss answers the requests that wait when the cable is gone.
func (s *session) dismiss(p *pipe) {
	var rest []*transfer
	s.d.change(func() { rest, p.waiting = p.waiting, nil })
	for _, t := range rest {
		t.cancel()
		if s.reply(retSubmit, t.seq, statusNoReply, 0, nil) != nil {
			return
		}
	}
}

// finish answers a transfer. One that was taken back after some bytes is answered twice: with the
// bytes, and with the unlink, as a controller does that stops in the middle.
func (s *session) finish(p *pipe, t *transfer, status int32) error {
	s.writes.Lock()
	defer s.writes.Unlock()
	s.d.change(func() {
		delete(s.transfers, t.seq)
		p.active = nil
	})
	t.cancel()
	if s.ctx.Err() != nil { // a device without a cable says nothing
		if p.address == 0 {
			_ = s.put(retSubmit, t.seq, statusNoReply, 0, nil) // if the host is gone too, it does not wait
		}
		return s.ctx.Err()
	}
	actual := t.done
	if t.in {
		actual = len(t.answer)
	}
	if t.unlink != 0 && actual == 0 && status == statusUnlinked {
		return s.put(retUnlink, t.unlink, statusUnlinked, 0, nil)
	}
	err := s.put(retSubmit, t.seq, status, actual, t.answer)
	if err == nil && t.unlink != 0 {
		err = s.put(retUnlink, t.unlink, statusOK, 0, nil)
	}
	return err
}

// put writes an answer; the caller holds writes.
func (s *session) put(command, seq uint32, status int32, actual int, body []byte) error {
	b := make([]byte, headerSize, headerSize+len(body))
	binary.BigEndian.PutUint32(b, command)
	binary.BigEndian.PutUint32(b[4:], seq)
	binary.BigEndian.PutUint32(b[20:], uint32(status))
	binary.BigEndian.PutUint32(b[24:], uint32(actual))
	_, err := s.conn.Write(append(b, body...))
	return err
}
