// Package zvt is the language of card terminals in Germany, Austria, Switzerland and Luxembourg: APDUs, their fields, and the block that carries
// them over a serial line. It is pure: bytes in, values out, and back.
//
// Sources: PA00P015 13.08 (25.05.2018), "ECR-Interface ZVT-Protocol" for commands, bitmaps, tags and codes; PA00P016 edition 03 for how they travel.
package zvt

import (
	"errors"
	"fmt"
	"io"
)

// Code is the control field of an APDU: CLASS and INSTR, or CCRC and APRC (PA00P016 5.2.2).
type Code uint16

// The commands that a till and a terminal exchange here (PA00P015 14).
const (
	Registration  Code = 0x0600
	Authorisation Code = 0x0601
	LogOff        Code = 0x0602
	Completion    Code = 0x060F
	Totals        Code = 0x0610
	Aborted       Code = 0x061E // of the terminal: it was not successful
	RepeatReceipt Code = 0x0620
	Reversal      Code = 0x0630
	Refund        Code = 0x0631
	EndOfDay      Code = 0x0650
	Diagnosis     Code = 0x0670
	Initialise    Code = 0x0693
	Abort         Code = 0x06B0 // of the till
	PrintLine     Code = 0x06D1
	PrintBlock    Code = 0x06D3
	StatusInfo    Code = 0x040F
	Intermediate  Code = 0x04FF
	SetClock      Code = 0x0401
	StatusEnquiry Code = 0x0501
	Positive      Code = 0x8000
	PositiveToo   Code = 0x8400 // "both ECR responses have the same meaning" (2.2.6)
	Negative      Code = 0x8466 // processing error: the terminal reverses a payment that is answered so (2.2.6 c)
	Again         Code = 0x849C // the Status-Information is to come again after 2 s (2.2.6 b)
	NotPossible   Code = 0x8483 // function not possible
)

// String is the control field as the specification writes it: "06 0F".
func (c Code) String() string { return fmt.Sprintf("%02X %02X", byte(c>>8), byte(c)) }

// IsAnswer reports whether it answers a command.
func (c Code) IsAnswer() bool { return c>>8 == 0x80 || c>>8 == 0x84 }

// IsPositive reports whether it answers that a command was taken.
func (c Code) IsPositive() bool { return c == Positive || c == PositiveToo }

// mostData is how many bytes the data of an APDU has at most (PA00P016 5.2.4).
const mostData = 0xFFFF

// APDU is one message, of either side.
type APDU struct {
	Code Code
	Data []byte // mostData bytes at most
}

// Errors of what is no message. They never quote it: a card number may be in it.
var (
	ErrShort   = errors.New("the message is not whole")
	errTooLong = errors.New("a message has 65535 bytes of data at most")
	errField   = errors.New("a field can't be read")
	errNoSuch  = errors.New("the specification knows no such field")
	errTwice   = errors.New("a field says two things")
)

// Append appends the message as it travels: control field, length, data. Above 254 bytes the length is FF lo hi.
func (a APDU) Append(to []byte) ([]byte, error) {
	n := len(a.Data)
	if n > mostData {
		return to, errTooLong
	}
	to = append(to, byte(a.Code>>8), byte(a.Code))
	if n < 0xFF {
		to = append(to, byte(n))
	} else {
		to = append(to, 0xFF, byte(n), byte(n>>8))
	}
	return append(to, a.Data...), nil
}

// parse reads the message that b begins with, and says how many bytes it is. ErrShort means that more has to come.
func parse(b []byte) (a APDU, n int, err error) {
	head := 3
	if len(b) < head {
		return a, 0, ErrShort
	}
	length := int(b[2])
	if b[2] == 0xFF {
		head = 5
		if len(b) < head {
			return a, 0, ErrShort
		}
		length = int(b[3]) | int(b[4])<<8
	}
	if len(b) < head+length {
		return a, 0, ErrShort
	}
	a.Code = Code(b[0])<<8 | Code(b[1])
	if length > 0 {
		a.Data = b[head : head+length]
	}
	return a, head + length, nil
}

// Read reads one message as TCP carries it, in whatever pieces it comes. io.EOF means that none had begun.
func Read(r io.Reader) (APDU, error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:1]); err != nil {
		return APDU{}, err
	}
	if _, err := io.ReadFull(r, head[1:3]); err != nil {
		return APDU{}, whole(err)
	}
	length := int(head[2])
	if head[2] == 0xFF {
		if _, err := io.ReadFull(r, head[3:]); err != nil {
			return APDU{}, whole(err)
		}
		length = int(head[3]) | int(head[4])<<8
	}
	a := APDU{Code: Code(head[0])<<8 | Code(head[1])}
	if length == 0 {
		return a, nil
	}
	a.Data = make([]byte, length)
	_, err := io.ReadFull(r, a.Data)
	return a, whole(err)
}

// whole says of an end in the middle of a message that it is one.
func whole(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
