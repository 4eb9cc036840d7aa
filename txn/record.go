package txn

import "veratill/txn/sale"

// Record is one fact for the journal. The set is closed: every kind has its word
// in RecordKinds, and a journal is re-derived by replaying its records in order.
type Record interface {
	// Word is the record's kind as it is written; it never changes.
	Word() string
	// Ref is the number that the record is about: an attempt, sale, print or batch.
	Ref() int64
}

// Booted says that a program opened the journal. It is the synced commit of rule 10.
type Booted struct {
	Version string `json:"version"`
	AtMs    int64  `json:"atMs"`
}

// DayOpened begins a business day: one batch of one currency.
type DayOpened struct {
	Batch    int64  `json:"batch"`
	Currency string `json:"currency"`
	AtMs     int64  `json:"atMs"`
}

// DayClosed is a Z: the day's number, and its totals as they were printed.
type DayClosed struct {
	Batch  int64  `json:"batch"`
	Z      int64  `json:"z"`      // 1, 2, 3 … without gaps
	Totals []byte `json:"totals"` // JSON of the report, kept as it was
	AtMs   int64  `json:"atMs"`
}

// Reserved takes a STAN for a message that moves no money, so that no sale gets it (rule 9).
type Reserved struct {
	ID      ID     `json:"id"`
	Purpose string `json:"purpose"`
}

// SaleOpened keeps what is being paid, before any attempt to pay it.
type SaleOpened struct {
	Sale sale.Sale `json:"sale"`
}

// AttemptOpened is an attempt as Begin decided it.
type AttemptOpened struct {
	Attempt Attempt `json:"attempt"`
	Sealed  []byte  `json:"-"` // the encrypted PAN: in the attempt's row, never in the chain
}

// AttemptMoved is one event of an attempt. Replay runs Step on it again.
type AttemptMoved struct {
	ID    ID      `json:"id"`
	Event Event   `json:"event"`
	After Attempt `json:"-"` // as Step decided; what the row shows
}

// PrintKind is what a print is.
type PrintKind string

// The kinds of paper that are journaled.
const (
	PrintOriginal PrintKind = "receipt"
	PrintRepeat   PrintKind = "copy"
	PrintSlip     PrintKind = "note"
	PrintX        PrintKind = "x"
	PrintZ        PrintKind = "z"
)

// Print is one job for the printer. Its number is also the process ID that proves it.
type Print struct {
	ID      int64     `json:"id"` // 1, 2, 3 …; the process ID is this number modulo 95⁴
	Kind    PrintKind `json:"kind"`
	Attempt ID        `json:"attempt,omitzero"` // zero for X and Z
	Batch   int64     `json:"batch"`
	AtMs    int64     `json:"atMs"`
	Outcome Paper     `json:"outcome"` // Printing until it ended
	Proof   string    `json:"proof,omitempty"`
}

// PrintOpened is the intent to print (rule 2).
type PrintOpened struct {
	Print Print `json:"print"`
}

// PrintClosed is what became of it.
type PrintClosed struct {
	ID      int64  `json:"id"`
	Outcome Paper  `json:"outcome"`
	Proof   string `json:"proof,omitempty"`
}

// Word implements Record.
func (Booted) Word() string        { return "boot" }
func (DayOpened) Word() string     { return "day opened" }        // Word implements Record.
func (DayClosed) Word() string     { return "day closed" }        // Word implements Record.
func (Reserved) Word() string      { return "reserved" }          // Word implements Record.
func (SaleOpened) Word() string    { return "sale" }              // Word implements Record.
func (AttemptOpened) Word() string { return "attempt" }           // Word implements Record.
func (AttemptMoved) Word() string  { return "event" }             // Word implements Record.
func (PrintOpened) Word() string   { return "print" }             // Word implements Record.
func (PrintClosed) Word() string   { return "print ended" }       // Word implements Record.
func (Booted) Ref() int64          { return 0 }                   // Ref implements Record.
func (r DayOpened) Ref() int64     { return r.Batch }             // Ref implements Record.
func (r DayClosed) Ref() int64     { return r.Batch }             // Ref implements Record.
func (r Reserved) Ref() int64      { return int64(r.ID) }         // Ref implements Record.
func (r SaleOpened) Ref() int64    { return r.Sale.ID }           // Ref implements Record.
func (r AttemptOpened) Ref() int64 { return int64(r.Attempt.ID) } // Ref implements Record.
func (r AttemptMoved) Ref() int64  { return int64(r.ID) }         // Ref implements Record.
func (r PrintOpened) Ref() int64   { return r.Print.ID }          // Ref implements Record.
func (r PrintClosed) Ref() int64   { return r.ID }                // Ref implements Record.

// NewRecord makes an empty record of a word, to be filled from what was written.
// It is nil for a word that this program does not know.
func NewRecord(word string) Record {
	switch word {
	case "boot":
		return &Booted{}
	case "day opened":
		return &DayOpened{}
	case "day closed":
		return &DayClosed{}
	case "reserved":
		return &Reserved{}
	case "sale":
		return &SaleOpened{}
	case "attempt":
		return &AttemptOpened{}
	case "event":
		return &AttemptMoved{}
	case "print":
		return &PrintOpened{}
	case "print ended":
		return &PrintClosed{}
	}
	return nil
}
