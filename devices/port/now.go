package port

import "time"

// Prompt is a Port that takes the beginning of a job without making its writer wait: its system has a buffer that
// a receipt fits into, and what it did not take can follow. A network connection is one. A serial line is none: it takes
// 64 bytes at a time, at its own rate. Neither are the USB bus and Windows' queues: they take bytes no faster than the
// printer does, and after a write that was cut short they can't go on.
type Prompt interface {
	Port
	// WriteNow writes what is taken within a moment. n is how many bytes have left, exactly; where that is less than
	// len(b) and err is nil, WriteBy goes on with the rest.
	WriteNow(b []byte) (n int, err error)
}

// moment is how long whoever calls WriteNow may be held up at the most: a person does not notice it.
const moment = 5 * time.Millisecond
