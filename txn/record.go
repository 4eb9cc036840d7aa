package txn

import "veratill/txn/sale"

// Record is one fact for the journal. The set is closed: every kind has its word
// in RecordKinds, and a journal is re-derived by replaying its records in order.
type Record interface {
	// Word is the record's kind as it is written; it never changes.
	Word() string
}

// Booted says that a program opened the journal. It is the synced commit of rule 10.
type Booted struct {
	Version string `json:"version"`
	AtMs    int64  `json:"atMs"`
}

// Tidied says that the journal moved its WAL into the database while nothing else was to do.
type Tidied struct {
	AtMs int64 `json:"atMs"`
}

// Renewed says that the disk refused a commit, and that the journal went on in a new file.
type Renewed struct {
	Generation int   `json:"generation"` // 2, 3 …: the number of that file
	AtMs       int64 `json:"atMs"`
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

// ReportOpened is the intent to print an X or a Z.
type ReportOpened struct {
	Print Print `json:"print"`
	Batch int64 `json:"batch"`
}

// ReportClosed is what became of it.
type ReportClosed struct {
	ID      int64  `json:"id"`
	Outcome Paper  `json:"outcome"`
	Proof   string `json:"proof,omitempty"`
}

// Word implements Record.
func (Tidied) Word() string { return "tidied" }

// Word implements Record.
func (Booted) Word() string        { return "boot" }
func (Renewed) Word() string       { return "renewed" }      // Word implements Record.
func (DayOpened) Word() string     { return "day opened" }   // Word implements Record.
func (DayClosed) Word() string     { return "day closed" }   // Word implements Record.
func (Reserved) Word() string      { return "reserved" }     // Word implements Record.
func (SaleOpened) Word() string    { return "sale" }         // Word implements Record.
func (AttemptOpened) Word() string { return "attempt" }      // Word implements Record.
func (AttemptMoved) Word() string  { return "event" }        // Word implements Record.
func (ReportOpened) Word() string  { return "report" }       // Word implements Record.
func (ReportClosed) Word() string  { return "report ended" } // Word implements Record.

// NewRecord makes an empty record of a word, to be filled from what was written.
// It is nil for a word that this program does not know.
func NewRecord(word string) Record {
	switch word {
	case "boot":
		return &Booted{}
	case "tidied":
		return &Tidied{}
	case "renewed":
		return &Renewed{}
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
	case "report":
		return &ReportOpened{}
	case "report ended":
		return &ReportClosed{}
	}
	return nil
}
