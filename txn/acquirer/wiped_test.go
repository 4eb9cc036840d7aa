package acquirer

import (
	"bytes"
	"context"
	"encoding/hex"
	"net"
	"sync"
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/hostsim"
)

// keeper is a line that remembers the very bytes that were written from and read into.
type keeper struct {
	net.Conn
	mu   sync.Mutex
	kept [][]byte
	seen [][]byte // copies, to know that there was something
}

// Write implements net.Conn.
func (k *keeper) Write(b []byte) (int, error) {
	k.keep(b)
	return k.Conn.Write(b)
}

// Read implements net.Conn.
func (k *keeper) Read(b []byte) (int, error) {
	n, err := k.Conn.Read(b)
	k.keep(b[:n])
	return n, err
}

func (k *keeper) keep(b []byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kept, k.seen = append(k.kept, b), append(k.seen, bytes.Clone(b))
}

// holding counts what holds a piece of a card.
func (k *keeper) holding(pieces ...[]byte) (now, then int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for i, b := range k.kept {
		for _, piece := range pieces {
			if bytes.Contains(b, piece) {
				now++
			}
			if bytes.Contains(k.seen[i], piece) {
				then++
			}
		}
	}
	return now, then
}

// When a payment or a reversal has ended nothing that left or came holds the card any more: not the frame that was sent, not the one that
// brought the number back, whether somebody waited for it or not.
func TestFramesAreWiped(t *testing.T) {
	for name, script := range map[string]string{
		"approved":       `{"message":"0200","do":"answer","fields":{"2":"6222020000000001234","35":"6222020000000001234=3012101"}}`,
		"declined":       `{"message":"0200","do":"decline","code":"05"}`,
		"not answered":   `{"message":"0200","do":"silent"}`,
		"late":           `{"message":"0200","do":"delay","seconds":0.25,"fields":{"2":"6222020000000001234"}}`,
		"twice":          `{"message":"0200","do":"twice","fields":{"2":"6222020000000001234"}}`,
		"another STAN":   `{"message":"0200","do":"wrong stan","fields":{"2":"6222020000000001234"}}`,
		"bad MAC":        `{"message":"0200","do":"wrong mac","fields":{"2":"6222020000000001234"}}`,
		"a cut line":     `{"message":"0200","do":"cut before"}`,
		"no line at all": ``,
	} {
		for _, profile := range []string{"unionpay", "iso87"} {
			t.Run(name+" "+profile, func(t *testing.T) {
				var lines []*keeper
				var mu sync.Mutex
				b := newBench(t, profile, script, func(c *Config, _ *hostsim.Config) {
					c.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
						conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
						if err != nil {
							return nil, err
						}
						mu.Lock()
						defer mu.Unlock()
						lines = append(lines, &keeper{Conn: conn})
						return lines[len(lines)-1], nil
					}
				})
				if err := b.client.Ready(t.Context()); err != nil {
					t.Fatal(err)
				}
				if script == "" {
					b.client.drop()
				}
				o := b.order()
				b.client.Request(t.Context(), o)
				time.Sleep(200 * time.Millisecond) // what comes late
				if b.client.Ready(t.Context()) == nil {
					o.Attempt.State = txn.Reversing
					b.client.Resolve(t.Context(), o, 1)
				}
				time.Sleep(50 * time.Millisecond)
				packed, err := hex.DecodeString("622202000000000123")
				if err != nil {
					t.Fatal(err)
				}
				mu.Lock()
				defer mu.Unlock()
				now, then := 0, 0
				for _, l := range lines {
					n, o := l.holding([]byte("6222020000000001234"), packed)
					now, then = now+n, then+o
				}
				if now > 0 || then == 0 {
					t.Errorf("%d pieces of the card were on the line, and %d are there still", then, now)
				}
			})
		}
	}
}
