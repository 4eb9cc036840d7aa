package iso8583

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// MaxFrameBytes is the largest frame that is read: no message of these profiles comes near.
const MaxFrameBytes = 4096

// Faults of a stream. After either the connection is of no more use.
var (
	ErrOversized = errors.New("frame is larger than any message")
	ErrTruncated = errors.New("connection ended inside a frame")
)

// Frame wraps a message's bytes in the profile's headers. A nil answering uses the
// profile's own TPDU; an answer gets that of its request with source and destination exchanged.
func (p *Profile) Frame(body []byte, answering *Headers) []byte {
	tpdu, header := p.TPDU, p.Header
	if answering != nil && len(answering.TPDU) == 5 {
		t := answering.TPDU
		tpdu = []byte{t[0], t[3], t[4], t[1], t[2]}
		header = answering.Header
	}
	size := len(tpdu) + len(header) + len(body)
	var frame []byte
	if p.LengthHeader == FourDigits {
		frame = fmt.Appendf(make([]byte, 0, size+4), "%04d", size)
	} else {
		frame = binary.BigEndian.AppendUint16(make([]byte, 0, size+2), uint16(size))
	}
	return append(append(append(frame, tpdu...), header...), body...)
}

// Headers are what stood before a message.
type Headers struct{ TPDU, Header []byte }

// ReadFrame reads one frame and splits it. io.EOF means that the stream ended between
// two frames. A frame that is shorter than its headers is ErrUnreadable: the stream goes on after it.
func (p *Profile) ReadFrame(r io.Reader) (body []byte, h Headers, err error) {
	size, err := p.readLength(r)
	if err != nil {
		return nil, h, err
	}
	if size > MaxFrameBytes {
		return nil, h, fmt.Errorf("%w: %d bytes", ErrOversized, size)
	}
	frame := make([]byte, size)
	if _, err := io.ReadFull(r, frame); err != nil {
		return nil, h, truncated(err)
	}
	t, k := len(p.TPDU), len(p.Header)
	if size < t+k+1 {
		return nil, h, fmt.Errorf("%w: frame of %d bytes", ErrUnreadable, size)
	}
	return frame[t+k:], Headers{TPDU: frame[:t:t], Header: frame[t : t+k : t+k]}, nil
}

func (p *Profile) readLength(r io.Reader) (int, error) {
	if p.LengthHeader == FourDigits {
		var digits [4]byte
		if n, err := io.ReadFull(r, digits[:]); err != nil {
			return 0, atStart(n, err)
		}
		size, err := strconv.ParseUint(string(digits[:]), 10, 16)
		if err != nil {
			return 0, fmt.Errorf("%w: its length is no number", ErrOversized)
		}
		return int(size), nil
	}
	var two [2]byte
	if n, err := io.ReadFull(r, two[:]); err != nil {
		return 0, atStart(n, err)
	}
	return int(binary.BigEndian.Uint16(two[:])), nil
}

func atStart(n int, err error) error {
	if n == 0 {
		return err
	}
	return truncated(err)
}

func truncated(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrTruncated
	}
	return err
}
