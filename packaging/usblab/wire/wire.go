// Package wire is a USB host without a kernel: it speaks USB/IP to a virtual device, so that devices
// can be tested packet by packet on every machine.
package wire

import (
	"encoding/binary"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"veratill/packaging/usblab/vdev"
)

// The kinds of replies.
const (
	Submitted = 3 // to a transfer
	Unlinked  = 4 // to a transfer that was taken back
)

// patience is how long a reply may take.
const patience = 10 * time.Second

// Reply is what the device says to one request.
type Reply struct {
	Kind   uint32
	Seq    uint32
	Status int32 // 0, or an error number of Linux below 0
	Actual int   // bytes carried
	Bytes  []byte
}

// Host is the other end of a device's connection. Its methods are for one goroutine.
type Host struct {
	conn    net.Conn
	replies chan Reply
	seq     uint32

	mu sync.Mutex
	in map[uint32]bool
}

// Connect connects a device until the test ends.
func Connect(t testing.TB, d *vdev.Device) *Host {
	t.Helper()
	here, there := net.Pipe()
	h := &Host{conn: here, replies: make(chan Reply, 1024), in: map[uint32]bool{}}
	if err := d.Connect(there); err != nil {
		t.Fatal(err)
	}
	go h.listen()
	t.Cleanup(func() {
		here.Close()
		d.Disconnect()
	})
	return h
}

// listen ends with the connection, and closes replies then.
func (h *Host) listen() {
	defer close(h.replies)
	var b [48]byte
	for {
		if _, err := io.ReadFull(h.conn, b[:]); err != nil {
			return
		}
		word := func(at int) uint32 { return binary.BigEndian.Uint32(b[at:]) }
		r := Reply{Kind: word(0), Seq: word(4), Status: int32(word(20)), Actual: int(word(24))}
		h.mu.Lock()
		in := h.in[r.Seq]
		h.mu.Unlock()
		if r.Kind == Submitted && in {
			r.Bytes = make([]byte, r.Actual)
			if _, err := io.ReadFull(h.conn, r.Bytes); err != nil {
				return
			}
		}
		h.replies <- r
	}
}

func (h *Host) send(t testing.TB, command uint32, fill func(b []byte), body []byte) uint32 {
	t.Helper()
	h.seq++
	b := make([]byte, 48)
	binary.BigEndian.PutUint32(b, command)
	binary.BigEndian.PutUint32(b[4:], h.seq)
	fill(b)
	if _, err := h.conn.Write(append(b, body...)); err != nil {
		t.Fatal(err)
	}
	return h.seq
}

// Submit begins a transfer: out is sent to an OUT endpoint, up to want bytes come from an IN endpoint.
func (h *Host) Submit(t testing.TB, endpoint uint8, out []byte, want int) uint32 {
	t.Helper()
	return h.submit(t, endpoint, vdev.Setup{}, out, want)
}

func (h *Host) submit(t testing.TB, endpoint uint8, s vdev.Setup, out []byte, want int) uint32 {
	t.Helper()
	in := endpoint&0x80 != 0
	size := len(out)
	if in {
		size = want
	}
	h.mu.Lock()
	h.in[h.seq+1] = in
	h.mu.Unlock()
	return h.send(t, 1, func(b []byte) {
		if in {
			b[15] = 1
		}
		b[19] = endpoint & 0x0F
		binary.BigEndian.PutUint32(b[24:], uint32(size))
		b[40], b[41] = s.RequestType, s.Request
		binary.LittleEndian.PutUint16(b[42:], s.Value)
		binary.LittleEndian.PutUint16(b[44:], s.Index)
		binary.LittleEndian.PutUint16(b[46:], s.Length)
	}, out)
}

// Unlink takes a transfer back.
func (h *Host) Unlink(t testing.TB, of uint32) uint32 {
	t.Helper()
	return h.send(t, 2, func(b []byte) { binary.BigEndian.PutUint32(b[20:], of) }, nil)
}

// Reply is the device's next one; the test fails if there is none.
func (h *Host) Reply(t testing.TB) Reply {
	t.Helper()
	select {
	case r, open := <-h.replies:
		if !open {
			t.Fatal("the device has no cable")
		}
		return r
	case <-time.After(patience):
		t.Fatal("the device says nothing")
	}
	return Reply{}
}

// Quiet fails the test if the device says anything for d.
func (h *Host) Quiet(t testing.TB, d time.Duration) {
	t.Helper()
	select {
	case r, open := <-h.replies:
		t.Fatalf("the device says %+v, connected %v", r, open)
	case <-time.After(d):
	}
}

// Gone waits until the device's cable is out.
func (h *Host) Gone(t testing.TB) {
	t.Helper()
	for limit := time.After(patience); ; {
		select {
		case _, open := <-h.replies:
			if !open {
				return
			}
		case <-limit:
			t.Fatal("the cable is still in")
		}
	}
}

// Control makes one control request: its data are sent, or s.Length bytes fetched.
func (h *Host) Control(t testing.TB, s vdev.Setup, out []byte) Reply {
	t.Helper()
	endpoint := uint8(0)
	if s.In() {
		endpoint = 0x80
	}
	h.submit(t, endpoint, s, out, int(s.Length))
	return h.Reply(t)
}

// Read makes one IN transfer and waits for it.
func (h *Host) Read(t testing.TB, endpoint uint8, want int) Reply {
	t.Helper()
	h.Submit(t, endpoint, nil, want)
	return h.Reply(t)
}

// Write makes one OUT transfer and waits for it.
func (h *Host) Write(t testing.TB, endpoint uint8, b []byte) Reply {
	t.Helper()
	h.Submit(t, endpoint, b, 0)
	return h.Reply(t)
}
