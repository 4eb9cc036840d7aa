package wire

import (
	"bytes"
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"veratill/txn/zvt"
)

// noisy is a pipe that flips a bit of every nth byte that is written, and swallows every mth.
type noisy struct {
	Pipe
	n, m, written int
}

func (p *noisy) WriteBy(deadline time.Time, b []byte) (int, error) {
	var out []byte
	for _, x := range b {
		p.written++
		switch {
		case p.m > 0 && p.written%p.m == 0:
			continue
		case p.n > 0 && p.written%p.n == 0:
			x ^= 1 << (p.written % 8)
		}
		out = append(out, x)
	}
	if len(out) == 0 {
		return len(b), nil
	}
	_, err := p.Pipe.WriteBy(deadline, out)
	return len(b), err
}

// A message gets over a serial line that spoils bytes: what did not come as it was sent comes again, and what comes is what was sent.
func TestSerialLineThatSpoilsBytes(t *testing.T) {
	for _, noise := range []struct{ n, m int }{{0, 0}, {61, 0}, {0, 97}, {151, 211}} {
		synctest.Test(t, func(t *testing.T) {
			a, b := net.Pipe()
			till, terminal := New(&noisy{Pipe: FromConn(a), n: noise.n, m: noise.m}, true), New(FromConn(b), true)
			defer till.Close()
			defer terminal.Close()
			for i := range 40 {
				want := zvt.APDU{Code: zvt.Authorisation, Data: bytes.Repeat([]byte{0x10, byte(i), 0x03}, 1+i%5)}
				if left, err := till.Send(want, time.Second); err != nil || !left {
					t.Fatalf("noise %v, message %d: left %v, %v", noise, i, left, err)
				}
				for { // one whose ACK was spoilt comes twice
					got, err := terminal.Receive(context.Background(), time.Minute)
					if err != nil {
						t.Fatalf("noise %v, message %d: %v", noise, i, err)
					}
					if got.Code == want.Code && bytes.Equal(got.Data, want.Data) {
						break
					}
				}
			}
		})
	}
}

// A serial line on which nobody answers takes a message three times and says so; one that is closed says that nothing left.
func TestSerialLineWithoutAnAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := net.Pipe()
		got := make(chan int)
		go func() {
			n := 0
			for buffer := make([]byte, 64); ; {
				k, err := b.Read(buffer)
				if err != nil {
					got <- n
					return
				}
				n += bytes.Count(buffer[:k], []byte{0x10, 0x02})
			}
		}()
		w := New(FromConn(a), true)
		begun := time.Now()
		left, err := w.Send(zvt.APDU{Code: zvt.StatusEnquiry}, time.Second)
		if !left || !errors.Is(err, errRefused) || time.Since(begun) != 3*t2 {
			t.Errorf("left %v after %v: %v", left, time.Since(begun), err)
		}
		w.Close()
		if n := <-got; n != 3 {
			t.Errorf("it was sent %d times", n)
		}
		if left, err := w.Send(zvt.APDU{Code: zvt.StatusEnquiry}, time.Second); left || err == nil {
			t.Errorf("over a closed line: left %v, %v", left, err)
		}
	})
}

// What came before a connection ended is received; then the end is said.
func TestWhatCameCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := net.Pipe()
		w := New(FromConn(a), false)
		defer w.Close()
		go func() {
			_, _ = b.Write([]byte{0x80, 0, 0, 0x06, 0x0F})
			b.Close()
		}()
		if got, err := w.Receive(context.Background(), time.Minute); err != nil || got.Code != zvt.Positive {
			t.Errorf("%v, %v", got, err)
		}
		if _, err := w.Receive(context.Background(), time.Minute); err == nil || errors.Is(err, ErrSilent) {
			t.Errorf("half a message: %v", err)
		}
	})
}
