//go:build !windows

package port

import (
	"errors"
	"time"
)

// WriteNow implements Prompt. Windows has none: a write that it cuts short does not say how much it took.
func (p *tcpPort) WriteNow(b []byte) (int, error) {
	n, err := p.WriteBy(time.Now().Add(moment), b)
	if errors.Is(err, ErrTimeout) {
		return n, nil
	}
	return n, err
}
