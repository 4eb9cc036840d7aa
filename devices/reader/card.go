package reader

import (
	"fmt"
	"log/slog"
	"strconv"
)

// Card is what one swipe has read. It cannot be printed: every way of formatting,
// logging and marshalling it gives the masked number and nothing more.
// Copies share one secret, so that Zero ends them all. A Card is used by one
// goroutine at a time.
type Card struct{ track *secret }

// secret is the only place in which a track stands.
type secret struct {
	b     []byte // PAN=YYMMSSS…
	sep   int
	chip  bool
	made  bool // of number and expiry that a chip told: there is no track
	label string
	aid   string
}

// Entry is how a card was read.
type Entry uint8

// The entries. A swipe is the zero value.
const (
	Swiped   Entry = iota
	Inserted       // its chip was read
)

// Valid is false for the zero Card and after Zero.
func (c Card) Valid() bool { return c.track != nil && len(c.track.b) > 0 }

// Zero overwrites the track in memory, for this card and all its copies.
func (c Card) Zero() {
	if c.track == nil {
		return
	}
	clear(c.track.b[:cap(c.track.b)])
	c.track.b, c.track.sep = nil, 0
}

// Entry is how the card was read, also after Zero. It is Swiped for the zero Card.
func (c Card) Entry() Entry {
	if c.track != nil && c.track.chip {
		return Inserted
	}
	return Swiped
}

// Label is what the chip calls its payment application, such as "UnionPay Debit", at most
// 16 characters for a screen or a receipt. It is empty for a swipe, and where the chip
// tells nothing that can be shown.
func (c Card) Label() string {
	if c.track == nil {
		return ""
	}
	return c.track.label
}

// AID is the payment application in upper-case hex, such as "A000000333010101", for
// routing. It is empty for a swipe.
func (c Card) AID() string {
	if c.track == nil {
		return ""
	}
	return c.track.aid
}

func (c Card) pan() []byte {
	if !c.Valid() {
		return nil
	}
	return c.track.b[:c.track.sep]
}

func (c Card) after(from, to int) string {
	if !c.Valid() {
		return ""
	}
	return string(c.track.b[c.track.sep+1:][from:to])
}

// PAN is the card number, 12 to 19 digits, for the message to the bank and the
// encrypted column alone. It is a copy: the caller clears it. It is empty after Zero.
func (c Card) PAN() []byte { return append([]byte(nil), c.pan()...) }

// Track2 is the track without sentinels, '=' between number and expiry, for DE35
// alone. It is a copy: the caller clears it. A chip may tell number and expiry without a
// track: then it is nil.
func (c Card) Track2() []byte {
	if !c.Valid() || c.track.made {
		return nil
	}
	return append([]byte(nil), c.track.b...)
}

// Expiry is YYMM as on the card, for DE14.
func (c Card) Expiry() string { return c.after(0, 4) }

// ServiceCode is three digits: ISO/IEC 7813. It is empty where a chip tells none.
func (c Card) ServiceCode() string {
	if c.Valid() && len(c.track.b) < c.track.sep+8 {
		return ""
	}
	return c.after(4, 7)
}

// IsChip reports whether the service code says that the card has a chip, 2xx or
// 6xx. Swiped without a try of the chip, such a card is refused at the till; see Entry.
func (c Card) IsChip() bool {
	s := c.ServiceCode()
	return s != "" && (s[0] == '2' || s[0] == '6')
}

// Expired reports whether the card's month is over in the month yymm, such as
// "2603". Years from 70 on are of the last century. A yymm that is not one is never.
func (c Card) Expired(yymm string) bool {
	now, err := strconv.Atoi(yymm)
	card, err2 := strconv.Atoi(c.Expiry())
	if err != nil || err2 != nil || len(yymm) != 4 {
		return false
	}
	return century(card) < century(now)
}

func century(yymm int) int {
	if yymm >= 7000 {
		return yymm
	}
	return yymm + 10_000
}

// LuhnOK reports whether the number's check digit holds. Some test cards of
// UnionPay fail it, so that it is told and not enforced.
func (c Card) LuhnOK() bool { return c.Valid() && luhn(c.pan()) }

// hiddenLeast is how many digits a masked number hides at least: as many as one of 16 digits does.
const hiddenLeast = 6

// Masked is the first six and the last four digits, with a star for each between. A number of less than 16 digits
// shows fewer of its first, so that it hides as many.
func (c Card) Masked() string {
	pan := append([]byte(nil), c.pan()...)
	for i := max(0, min(6, len(pan)-4-hiddenLeast)); i < len(pan)-4; i++ {
		pan[i] = '*'
	}
	return string(pan)
}

// Format implements fmt.Formatter: every verb gives the masked number.
func (c Card) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, c.String()) }

// String is "card 621700*********1234".
func (c Card) String() string {
	if !c.Valid() {
		return "no card"
	}
	return "card " + c.Masked()
}

// GoString implements fmt.GoStringer.
func (c Card) GoString() string { return c.String() }

// LogValue implements slog.LogValuer.
func (c Card) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalJSON gives the masked number as a string.
func (c Card) MarshalJSON() ([]byte, error) { return strconv.AppendQuote(nil, c.String()), nil }

// MarshalText implements encoding.TextMarshaler, for map keys and XML.
func (c Card) MarshalText() ([]byte, error) { return []byte(c.String()), nil }
