package txn

import (
	"fmt"
	"slices"

	"veratill/txn/sale"
)

// MachineVersion is the version of the rules in this package: of Begin and Step, of the closed
// sets of words, and of the shape of every record. Each entry of the books carries it. Until
// the first release it is 0 and what it means may change; from then on a change of any of them
// is a new version, and this one is kept as it was (see fold.Versions).
const MachineVersion = 0

// Actor is who made an entry of the books: one for all its records.
type Actor struct {
	By  string `json:"by"`            // a cashier, or ByTill
	For string `json:"for,omitempty"` // who allowed it, where By alone may not
	Why string `json:"why,omitempty"` // their reason, as it was typed
}

// ByTill is what the till does by itself: starts, answers of the bank, ends of prints.
var ByTill = Actor{By: "till"}

// Identity says whose books these are. Backups, receipts and messages name it, so that a copy
// that goes on elsewhere can be told from what it was copied from.
type Identity struct {
	Books string `json:"books"`          // random, 32 hex digits, the same for as long as the books live
	Shop  string `json:"shop,omitempty"` // the merchant's number
	Till  string `json:"till,omitempty"` // the terminal's number
}

// Record is one fact for the journal. The set is closed (NewRecord knows every word), and
// the books are re-derived by replaying their records in order (txn/fold).
type Record interface {
	// Word is the record's kind as it is written; it never changes.
	Word() string
}

// Booted says that a program opened the journal. It is the synced commit of rule 10. The first
// one of all, and each one after the shop or the till got another number, has the identity.
type Booted struct {
	Version  string   `json:"version"`
	AtMs     int64    `json:"atMs"`
	Identity Identity `json:"identity,omitzero"`
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

// NumbersMoved leaves numbers out: the next attempt comes after To. The till does it where numbers that it does not know of may
// have been used under its name.
type NumbersMoved struct {
	To   ID        `json:"to"`
	Why  NumberWhy `json:"why"`
	AtMs int64     `json:"atMs"`
}

// NumbersSeen says that a person has read why the numbers moved, and lets cards be taken again.
type NumbersSeen struct {
	AtMs int64 `json:"atMs"`
}

// SaleOpened keeps what is being paid, before any attempt to pay it, and begins its bill.
type SaleOpened struct {
	Sale     sale.Sale `json:"sale"`
	Batch    int64     `json:"batch"` // of the open day
	Demo     bool      `json:"demo,omitempty"`
	Terminal string    `json:"terminal,omitempty"`
	Merchant string    `json:"merchant,omitempty"`
	Cashier  string    `json:"cashier,omitempty"`
	AtMs     int64     `json:"atMs"`
	Bill     Bill      `json:"-"` // as it is after the commit; what the row shows. One record of a commit has it
}

// SaleMoved is one event of a sale's paper, or of a start. Replay runs StepBill on it again. What its attempts make of
// a sale needs no record: it follows from theirs (TakePart).
type SaleMoved struct {
	SaleID int64 `json:"sale"`
	Event  Event `json:"event"`
	Bill   Bill  `json:"-"` // as it is after the commit; what the row shows
}

// ReturnOpened keeps the goods of a sale that came back, in the entry of the attempt that gives their money back. Replay computes them again from
// what was sold and what had come back before (TakeReturn).
type ReturnOpened struct {
	SaleID int64  `json:"sale"`
	Return Return `json:"return"`
}

// AttemptOpened is an attempt as Begin decided it.
type AttemptOpened struct {
	Attempt Attempt `json:"attempt"`
	Sealed  []byte  `json:"-"` // the encrypted PAN: in the attempt's row, never in the chain
	Bill    Bill    `json:"-"` // of its sale, see SaleOpened
}

// AttemptMoved is one event of an attempt. Replay runs Step on it again.
type AttemptMoved struct {
	ID    ID      `json:"id"`
	Event Event   `json:"event"`
	After Attempt `json:"-"` // as Step decided; what the row shows
	// DestroyPAN removes the sealed card number in the same commit, and what the disk still has of it.
	DestroyPAN bool `json:"-"`
	Bill       Bill `json:"-"` // of its sale, see SaleOpened
}

// Moved is an event with what the machine decided of it.
func Moved(e Event, d Decision) AttemptMoved {
	return AttemptMoved{ID: d.After.ID, Event: e, After: d.After, DestroyPAN: slices.Contains(d.Effects, DestroyPAN)}
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
func (Renewed) Word() string       { return "renewed" }       // Word implements Record.
func (DayOpened) Word() string     { return "day opened" }    // Word implements Record.
func (DayClosed) Word() string     { return "day closed" }    // Word implements Record.
func (NumbersMoved) Word() string  { return "numbers moved" } // Word implements Record.
func (NumbersSeen) Word() string   { return "numbers seen" }  // Word implements Record.
func (SaleOpened) Word() string    { return "sale" }          // Word implements Record.
func (SaleMoved) Word() string     { return "sale event" }    // Word implements Record.
func (ReturnOpened) Word() string  { return "return" }        // Word implements Record.
func (AttemptOpened) Word() string { return "attempt" }       // Word implements Record.
func (AttemptMoved) Word() string  { return "event" }         // Word implements Record.
func (ReportOpened) Word() string  { return "report" }        // Word implements Record.
func (ReportClosed) Word() string  { return "report ended" }  // Word implements Record.

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
	case "numbers moved":
		return &NumbersMoved{}
	case "numbers seen":
		return &NumbersSeen{}
	case "sale":
		return &SaleOpened{}
	case "sale event":
		return &SaleMoved{}
	case "return":
		return &ReturnOpened{}
	case "attempt":
		return &AttemptOpened{}
	case "event":
		return &AttemptMoved{}
	case "report":
		return &ReportOpened{}
	case "report ended":
		return &ReportClosed{}
	case "file":
		return &FileKept{}
	case "answer":
		return &Answered{}
	case "case":
		return &CaseMoved{}
	case "slip":
		return &SlipKept{}
	case "noted":
		return &Noted{}
	case "settlement":
		return &SettlementOpened{}
	case "settlement event":
		return &SettlementMoved{}
	}
	return nil
}

// Unknown names the first word of a record that is in none of the closed sets of this package,
// such as: the tender "wallet". What such a record says about money is not known to this program.
// It is empty where every word is known.
func Unknown(r Record) string {
	switch r := r.(type) {
	case SaleOpened:
		return r.unknown()
	case ReturnOpened:
		return r.unknown()
	case AttemptOpened:
		return r.Attempt.unknown()
	case SaleMoved:
		return r.Event.unknown()
	case AttemptMoved:
		return r.Event.unknown()
	case ReportOpened:
		return r.Print.unknown()
	case ReportClosed:
		return outside("outcome of a print", r.Outcome, Papers)
	case CaseMoved:
		return first(outside("state of a case", r.To, []CaseState{CaseReceived, CaseChosen, CaseSent, CaseWon, CaseLost, CaseAccepted}), outside("claim", r.Claim, Claims, ""))
	case Noted:
		return outside("deed", r.Deed, Deeds)
	case NumbersMoved:
		return outside("reason for other numbers", r.Why, NumberWhys)
	case SettlementOpened:
		return r.Settlement.unknown()
	case SettlementMoved:
		return outside("event of a settlement", r.Event.Kind, SettlementEventKinds)
	}
	return ""
}

func (r SaleOpened) unknown() string {
	for _, line := range r.Sale.Lines {
		if word := outside("unit", line.Unit, sale.Units); word != "" {
			return word
		}
		for _, d := range line.Discounts {
			if word := outside("kind of discount", d.Kind, sale.DiscountKinds); word != "" {
				return word
			}
		}
	}
	return ""
}

func (r ReturnOpened) unknown() string {
	for _, line := range r.Return.Lines {
		for _, d := range line.Discounts {
			if word := outside("kind of discount", d.Kind, sale.DiscountKinds); word != "" {
				return word
			}
		}
	}
	return ""
}

func (e Event) unknown() string {
	return first(outside("event", e.Kind, EventKinds), outside("reason", e.Reason, Reasons, NoReason),
		outside("outcome of a print", e.Outcome, Papers, ""),
		outside("finding", e.Evidence.As, Findings, ""))
}

func (a Attempt) unknown() string {
	for _, p := range a.Prints {
		if word := p.unknown(); word != "" {
			return word
		}
	}
	return first(outside("kind", a.Kind, Kinds), outside("tender", a.Tender, Tenders), outside("state", a.State, States),
		outside("state of paper", a.Paper, Papers), outside("reason", a.Reason, Reasons, NoReason),
		outside("finding", a.Evidence.As, Findings, ""))
}

func (p Print) unknown() string {
	return first(outside("kind of print", p.Kind, PrintKinds), outside("outcome of a print", p.Outcome, Papers))
}

// outside names a word that is neither in a closed set nor one of the others.
func outside[W ~string](what string, word W, set []W, others ...W) string {
	if slices.Contains(set, word) || slices.Contains(others, word) {
		return ""
	}
	return fmt.Sprintf("the %s %q", what, word)
}

func first(words ...string) string {
	for _, word := range words {
		if word != "" {
			return word
		}
	}
	return ""
}
