package reader

import (
	"errors"
	"fmt"
)

// Code is what went wrong with one card. The words for it are the screen's.
type Code string

// The codes. After each of them the card can be tried again.
const (
	Unreadable    Code = "unreadable"      // the reader saw a card and could not decode it
	Partial       Code = "partial"         // a track was read, but not the one that pays
	Blank         Code = "blank"           // nothing is on the card, or it was swiped the wrong way round
	NoPaymentCard Code = "no payment card" // read well, and it is of another kind: a loyalty card
	WrongChecksum Code = "wrong checksum"  // the report or the track fails its check
	NotUnderstood Code = "not understood"  // the report is not of this reader's layout
	Encrypted     Code = "encrypted"       // the reader gives card numbers only encrypted
	SwipeLost     Code = "swipe lost"      // the reader went away, or the keys stopped, in the middle
	CardRemoved   Code = "card removed"    // pulled out of the chip reader while it was read
	CardMute      Code = "card mute"       // in the chip reader, and does not answer: upside down, or broken
	CardNonsense  Code = "card nonsense"   // the chip's answers are none
	CardBlocked   Code = "card blocked"    // the chip refuses its payment application
	Unsupported   Code = "unsupported"     // the reader has no way to talk to this card: the stripe may work
)

// Fault is what went wrong with one card. It says nothing of what is on it.
type Fault struct {
	Code Code
	Err  error // the cause, or nil
}

func (f *Fault) Error() string {
	if f.Err == nil {
		return string(f.Code)
	}
	return fmt.Sprintf("%s: %v", f.Code, f.Err)
}

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Err }

// CodeOf is the code of a Read's error; empty for what is no fault of a card.
func CodeOf(err error) Code {
	var f *Fault
	if errors.As(err, &f) {
		return f.Code
	}
	return ""
}
