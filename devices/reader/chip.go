package reader

import (
	"context"
	"errors"
)

// Chip is a card in a chip reader, with power. Its calls come from one goroutine.
type Chip interface {
	// Exchange sends a command and gives the answer with its two status bytes at the end:
	// ISO/IEC 7816-3, 12. What a T=0 card wants to be asked for again is asked for. The
	// caller clears both. Errors are *Fault where it is the card, *port.Error where it is
	// the reader or the line, and ctx's.
	Exchange(ctx context.Context, apdu []byte) (response []byte, err error)
	// ATR is what the card said when it got power.
	ATR() []byte
	// Close takes the power away.
	Close() error
}

// Faults of a chip.
var (
	ErrShort    = errors.New("the answer has no status")
	ErrCommand  = errors.New("the command is none")
	ErrTooMany  = errors.New("the card asks for more without an end")
	ErrProtocol = errors.New("the card speaks a protocol that the reader does not")
)

// Limits of a command and its answer, in bytes.
const (
	maxCommand  = 5 + 255 + 1
	maxResponse = 256 + 2
	maxRounds   = 16 // of asking for the rest of an answer
	maxAnswer   = 8192
)

// transmit is one command to the card and what comes back, as a reader does it.
type transmit func(ctx context.Context, command []byte) ([]byte, error)

// exchange does what ISO/IEC 7816-3, 12.2 asks of a terminal on T=0: the length goes after
// the data in a command of its own (61xx), and a wrong one is put right (6Cxx). Readers that
// do it themselves never show either. onT0 says that the card is spoken to with TPDUs of T=0.
func exchange(ctx context.Context, apdu []byte, onT0 bool, send transmit) ([]byte, error) {
	if len(apdu) < 4 || len(apdu) > maxCommand {
		return nil, ErrCommand
	}
	command := append(make([]byte, 0, maxCommand), apdu...)
	defer clear(command[:cap(command)])
	if onT0 {
		command = asT0(command)
	}
	var answer []byte
	for range maxRounds {
		r, err := send(ctx, command)
		if err != nil {
			clear(answer)
			return nil, err
		}
		if len(r) < 2 || len(answer)+len(r) > maxAnswer {
			clear(r)
			clear(answer)
			return nil, &Fault{CardNonsense, ErrShort}
		}
		end := len(r) - 2
		sw1, sw2 := r[end], r[end+1]
		switch {
		case sw1 == 0x61:
			answer = grow(answer, r[:end])
			clear(r)
			command = append(command[:0], apdu[0]&0x03, 0xC0, 0, 0, sw2) // GET RESPONSE on the same channel
		case sw1 == 0x6C && len(command) >= 5 && end == 0:
			command = append(command[:4], sw2)
		default:
			answer = grow(answer, r)
			clear(r)
			return answer, nil
		}
	}
	clear(answer)
	return nil, &Fault{CardNonsense, ErrTooMany}
}

// grow appends, and leaves nothing in what was too small.
func grow(b, more []byte) []byte {
	if len(b)+len(more) <= cap(b) {
		return append(b, more...)
	}
	larger := make([]byte, 0, 2*(len(b)+len(more)))
	larger = append(append(larger, b...), more...)
	clear(b)
	return larger
}

// asT0 makes a TPDU: five bytes at least, and no length behind data: ISO/IEC 7816-3, 12.2.
func asT0(command []byte) []byte {
	switch {
	case len(command) == 4:
		return append(command, 0)
	case len(command) > 5 && len(command) == 6+int(command[4]):
		return command[:len(command)-1]
	}
	return command
}
