package clearing

import (
	"time"

	"veratill/txn"
)

// Class is what a payment, or a row, turned out to be.
type Class string

// The closed set of classes. Only Matched and Netted need nobody.
const (
	Matched     Class = "matched"
	Netted      Class = "netted"            // nothing is left on either side: voided here on its day and not in the file, or undone on both
	Kept        Class = "kept"              // declined or undone here, and the bank has it and keeps it: the worst
	Unknown     Class = "unknown"           // not known here, and the bank has it
	Anothers    Class = "another's"         // a row of another terminal or merchant
	BankOnly    Class = "bank only"         // a row of ours that no attempt explains
	Twice       Class = "twice"             // the bank has one attempt under two numbers
	TwiceInFile Class = "twice in the file" // the same row again
	Timing      Class = "timing"            // the till has it and the bank does not yet: it may come in one of the next two files
	Overdue     Class = "overdue"           // two later files came without it
	Refused     Class = "refused"           // the clearing refused what was approved here
	Amount      Class = "amount"
	Fee         Class = "fee"
	State       Class = "state" // given back there and not here, or the other way round
	Currency    Class = "currency"
	TooMuchBack Class = "too much back" // the bank gave back more than it took
)

// classes lists the closed set, what weighs most first.
var classes = []Class{Kept, Twice, Unknown, Refused, TooMuchBack, State, Amount, Currency, BankOnly, Overdue, Anothers, TwiceInFile, Fee, Timing, Netted, Matched}

// Differs reports whether somebody has to look at it.
func (c Class) Differs() bool { return c != Matched && c != Netted }

// Item is one payment, or one row that no payment explains, with what it turned out to be.
type Item struct {
	Key    string `json:"key"` // names it for ever: the attempt, or the row's own number
	Class  Class  `json:"class"`
	Format Format `json:"format"`
	File   int    `json:"file"` // the first file that speaks of it, from 0; −1 where none does
	Rows   []Row  `json:"rows,omitempty"`

	Attempt   txn.ID    `json:"attempt,omitempty"` // 0 where the till has none
	State     txn.State `json:"state,omitempty"`   // of the attempt
	Kind      txn.Kind  `json:"type,omitempty"`    // of the attempt
	TillMinor int64     `json:"tillMinor,omitempty"`
	BankMinor int64     `json:"bankMinor,omitempty"`
	FeeE3     int64     `json:"feeE3,omitempty"`    // what the provider kept, of Fee
	DueE3     int64     `json:"feeDueE3,omitempty"` // what the settings say that it keeps
	At        time.Time `json:"at,omitzero"`        // of the attempt, or else of the row
	// Proposed are attempts that a row without one may be of, by amount, last four digits and time. A person decides.
	Proposed []txn.ID `json:"proposed,omitempty"`
	Alone    txn.ID   `json:"alone,omitempty"`    // the one claim of them, where no other row may be its
	ByPerson bool     `json:"byPerson,omitempty"` // matched because a person said so
	Linked   string   `json:"linked,omitempty"`   // the key of the row that a person gave to it
	gone     bool     // voided by no void: the till counts nothing of it
}
