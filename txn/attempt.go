// Package txn is the money: what an attempt to move it is, which states it can
// be in, which events move it on, and what has to be done about each (Step).
//
// It is pure. It knows no clock, no file, no network and no goroutine: a shell
// (txn/till) makes every decision durable first and only then carries it out.
package txn

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"veratill/txn/money"
)

// ID names an attempt for ever. It is the till's own count: 1, 2, 3 …, over all batches, and with gaps where the till
// had reason to move ahead (NumbersMoved). It never comes twice.
type ID int64

// STANs is how many STANs there are for attempts: 1–998,999 (DE11 is n6). The rest, up to 999,999, is for messages that
// move no money: see FirstNetworkSTAN.
const STANs = 998_999

// FirstNetworkSTAN begins the STANs of sign-ins and echoes, which no attempt ever gets: 999,000–999,999.
const FirstNetworkSTAN = STANs + 1

// MaxBatch is the highest number of a batch: n6.
const MaxBatch = 999_999

// STANRest is how long no STAN comes again. It is longer than any bank that the till was certified with looks back for
// a number that it knows.
const STANRest = 60 * 24 * time.Hour

// STAN is DE11, 1–998,999: they run on over batches, and begin anew after the last one. 0 where there is no attempt.
func (id ID) STAN() int64 {
	if id < 1 {
		return 0
	}
	//mutant:stan-runs-on
	return (int64(id)-1)%STANs + 1
}

// Newest is the newest attempt up to last that has a STAN; 0 where none can have it. The ones before it are each STANs
// earlier.
func Newest(last ID, stan int64) ID {
	if stan < 1 || stan > STANs {
		return 0
	}
	id := last - ID((last.STAN()-stan+STANs)%STANs)
	return max(id, 0)
}

// String is the number in decimal.
func (id ID) String() string { return strconv.FormatInt(int64(id), 10) }

// Kind is what an attempt does with money.
type Kind string

// The kinds of attempt. A row written with one of these words keeps it for ever.
const (
	Sale   Kind = "sale"   // the customer pays
	Void   Kind = "void"   // an approved sale of the same batch is undone
	Refund Kind = "refund" // money of an approved sale goes back: all of it or a part, on its day or later
)

// Kinds lists the closed set.
var Kinds = []Kind{Sale, Void, Refund}

// GivesBack reports whether an attempt of the kind gives money back.
func (k Kind) GivesBack() bool { return k == Void || k == Refund }

// Tender is the way in which money moves.
type Tender string

// The tenders of this release.
const (
	Cash Tender = "cash"
	Card Tender = "card"
	// External is a card at a terminal that stands alone: the cashier types the amount there and says here what it
	// showed. Nothing here can prove that, ask again or undo it.
	External Tender = "external"
	// Code is a payment code that the customer shows on a telephone, taken by a wallet's provider. Giving one back is asked about until it is
	// known, and never undone.
	Code Tender = "code"
	// Voucher is a paper voucher of the shop or of a chain. The cashier looks at it, keeps it, and types what it is worth: nothing here can prove
	// that. It pays what is due at most, and no change is given on it.
	Voucher Tender = "voucher"
	// Exchange is goods that come back and pay for others: a refund of the sale that they are of, and the last part of the sale that they pay for, in
	// one commit. No money moves.
	Exchange Tender = "exchange"
)

// Tenders lists the closed set.
var Tenders = []Tender{Cash, Card, External, Code, Voucher, Exchange}

// ByWord reports whether a person's word alone says what became of an attempt: it ends as Claimed, and is never told as proven.
func (t Tender) ByWord() bool { return t == External || t == Voucher }

// AtOnce reports whether an attempt ends as it begins, over the counter: no line is asked, and nobody is waited for.
func (t Tender) AtOnce() bool { return t == Cash || t == Voucher || t == Exchange }

// State is where the money of an attempt is.
type State string

// The closed set of states. Nothing else is ever written to a journal.
const (
	Pending   State = "pending"   // durable here; the bank may or may not have it
	Approved  State = "approved"  // the bank has the money and will keep it
	Declined  State = "declined"  // the bank said no
	Reversing State = "reversing" // not known; the bank is being asked to undo it until it answers
	Reversed  State = "reversed"  // nothing was taken: the bank confirmed it, or the request never left
	Voided    State = "voided"    // was approved; a later void gave it back
	// Claimed is an approval by a person's word: a terminal of its own showed one, and no bank told this till. It
	// completes the sum, owes no reversal, and is proved by the terminal's slip or the acquirer's file alone.
	Claimed State = "claimed"
	// Unresolved is not known, and asking goes no further: the bank refuses to undo it, it holds a payment of this number
	// that may be another's, or these books are not the newest that knew of it. Cards of others go on, days close with it, and only evidence ends it (Resolved).
	Unresolved State = "unresolved"
	// Kept is a payment that a manager's evidence says the bank has and will not give back by itself: a credit is asked for. It is no
	// sale, in no takings, and gets no receipt.
	Kept State = "kept"
)

// States lists the closed set in the order in which a document shows it.
var States = []State{Pending, Approved, Declined, Reversing, Reversed, Voided, Claimed, Unresolved, Kept}

// Paper is what became of the one unmarked receipt of a sale, or of the one unmarked slip of a void.
type Paper string

// The closed set of paper states. Only the last three are outcomes of a print.
const (
	NoPaper      Paper = "none"        // no print was begun
	Printing     Paper = "printing"    // the intent is durable; bytes may be on their way
	Printed      Paper = "printed"     // proved by the printer
	NotPrinted   Paper = "not printed" // proved that no byte of it left
	PaperUnknown Paper = "unknown"     // neither: a repeat is a marked copy
)

// Papers lists the closed set in the order in which a document shows it.
var Papers = []Paper{NoPaper, Printing, Printed, NotPrinted, PaperUnknown}

// PrintKind is what a print is.
type PrintKind string

// The kinds of paper that are journaled.
const (
	PrintOriginal PrintKind = "receipt" // the one that is not marked
	PrintRepeat   PrintKind = "copy"
	PrintSlip     PrintKind = "note" // NOT A RECEIPT
	PrintPart     PrintKind = "slip" // of one part of a sale that is not paid yet; not a receipt either
	PrintX        PrintKind = "x"
	PrintZ        PrintKind = "z"
)

// PrintKinds lists the closed set.
var PrintKinds = []PrintKind{PrintOriginal, PrintRepeat, PrintSlip, PrintPart, PrintX, PrintZ}

// Print is one job for the printer. Its number is also the process ID that proves it.
type Print struct {
	ID      int64     `json:"id"` // 1, 2, 3 …; the process ID is this number modulo 95⁴
	Kind    PrintKind `json:"kind"`
	AtMs    int64     `json:"atMs"`
	Outcome Paper     `json:"outcome"` // Printing until it ended
	Proof   string    `json:"proof,omitempty"`
}

// Charged answers the one question of the customer.
type Charged string

// The three answers. There is no fourth.
const (
	ChargedNo      Charged = "no"
	ChargedYes     Charged = "yes"
	ChargedUnknown Charged = "unknown"
)

// Reason is why an attempt was given up and owes a reversal.
type Reason string

// The closed set of reasons. A line says them to its bank in its own codes.
const (
	NoReason      Reason = ""
	NoAnswer      Reason = "no answer"      // the deadline passed
	LinkLost      Reason = "link lost"      // the connection ended with the answer outstanding
	BadMAC        Reason = "bad MAC"        // an answer whose MAC does not hold
	WrongAnswer   Reason = "wrong answer"   // it lacks what it has to bring back, or refuses another payment than was asked for
	Unreadable    Reason = "unreadable"     // an answer that can't be parsed
	Cancelled     Reason = "cancelled"      // a person asked to undo it
	CutByRestart  Reason = "restart"        // the till ended with it open
	PartialAmount Reason = "partial amount" // DE39 10: the bank approved less than was asked
	CodeUnknown   Reason = "code unknown"   // an answer whose code is neither an approval nor a refusal of this bank's
	NumberTaken   Reason = "number taken"   // the bank holds a payment under this number, and nobody knows whose
	NotOurs       Reason = "not ours"       // an approval or a 94 that is about another payment
	ApprovedLate  Reason = "approved late"  // the bank approved what it had refused, or said to be undone
	BooksDiffered Reason = "books differ"   // these books are not those with which the line was last asked, which may have had it approved
	CannotPack    Reason = "cannot pack"    // a field does not fit the bank's message format: nothing left the till
)

// Reasons lists the closed set without NoReason.
var Reasons = []Reason{NoAnswer, LinkLost, BadMAC, WrongAnswer, Unreadable, Cancelled, CutByRestart, PartialAmount, CodeUnknown, NumberTaken, NotOurs, ApprovedLate, BooksDiffered, CannotPack}

// MaybeAnothers reports whether what the bank holds under the attempt's number may be another's payment, so that nothing is undone by
// the number alone.
func (r Reason) MaybeAnothers() bool { return r == NumberTaken || r == NotOurs }

// CardFacts is what may be kept of a card after its attempt has ended.
type CardFacts struct {
	Masked    string `json:"masked,omitempty"`    // first six and last four digits at most, six hidden at least
	Scheme    string `json:"scheme,omitempty"`    // UnionPay, Visa, …
	EntryMode string `json:"entryMode,omitempty"` // DE22, n3: 022 stripe without PIN
}

// LastFour is how a customer tells their card from another one; empty where it is not known.
func (c CardFacts) LastFour() string {
	if len(c.Masked) < 4 {
		return ""
	}
	return c.Masked[len(c.Masked)-4:]
}

// Answer is what the bank said of an attempt, without any card data. Every value is kept
// as the bank sent it, blanks of fixed-width fields included, because a void or a reversal
// has to say the same back. People read Shown.
type Answer struct {
	ResponseCode string `json:"responseCode,omitempty"` // DE39
	RRN          string `json:"rrn,omitempty"`          // DE37
	ApprovalCode string `json:"approvalCode,omitempty"` // DE38
	HostTime     string `json:"hostTime,omitempty"`     // DE13 + DE12: MMDDhhmmss, the bank's clock
	Words        string `json:"words,omitempty"`        // what the bank says to people; it decides nothing
	Raw          string `json:"raw,omitempty"`          // the whole answer in the line's own words, as it came, card data hidden: evidence
}

// Shown is the answer for screens, paper and lists: without the blanks around its values.
func (a Answer) Shown() Answer {
	return Answer{ResponseCode: strings.TrimSpace(a.ResponseCode), RRN: strings.TrimSpace(a.RRN),
		ApprovalCode: strings.TrimSpace(a.ApprovalCode), HostTime: a.HostTime}
}

// Name is what the answer can be told by from every other one of the same bank: the RRN, or else approval code and bank time
// together. It is empty where the answer says neither: zeros and blanks name nothing.
func (a Answer) Name() string {
	switch {
	case named(a.RRN) != "":
		return "RRN " + a.RRN
	case named(a.ApprovalCode) != "" && a.HostTime != "":
		return "code " + a.ApprovalCode + " at " + a.HostTime
	}
	return ""
}

// named is a value without what names nothing.
func named(text string) string { return strings.Trim(text, " 0") }

// ToldBy is what an attempt can be told by from others: what the bank's answer says of it, or the number of the voucher that it took. It is empty
// where there is neither.
func (a Attempt) ToldBy() string {
	if a.Tender == Voucher && a.Kind == Sale && a.Reference != "" {
		return "voucher " + a.Reference
	}
	return a.Answer.Name()
}

// Attempt is one try to move money for a sale. It holds no card number.
type Attempt struct {
	ID     ID     `json:"id"`
	SaleID int64  `json:"saleId"`
	Kind   Kind   `json:"kind"`
	Tender Tender `json:"tender"`
	Batch  int64  `json:"batch"`          // of the day in which it was begun: DE60.2, 1–999999
	Line   string `json:"line,omitempty"` // the name of the line that it was begun on; empty for cash
	// Reference is the line's own name of the attempt, known before anything was sent; empty where the line has none. Of a voucher it is the
	// number on it, where the cashier gave one; of an exchange the number of the other sale.
	Reference string       `json:"reference,omitempty"`
	Amount    money.Amount `json:"amount"`

	State  State  `json:"state"`
	Paper  Paper  `json:"paper"`            // of the slip of a void or a refund; a payment's receipt is its sale's (Bill)
	Reason Reason `json:"reason,omitempty"` // why it was given up
	Tries  int    `json:"tries,omitempty"`  // reversals begun, the first included; of a refund its repeats
	Unsent string `json:"unsent,omitempty"` // why its last message did not leave the till, such as "0400: DE41 (terminal) does not fit ans8"

	Demo     bool      `json:"demo,omitempty"`     // the bank was simulated: no money moved, and paper says so for ever
	Terminal string    `json:"terminal,omitempty"` // DE41, ans8
	Merchant string    `json:"merchant,omitempty"` // DE42, ans15
	Cashier  string    `json:"cashier,omitempty"`
	Card     CardFacts `json:"card,omitzero"`
	Answer   Answer    `json:"answer,omitzero"`
	Late     Answer    `json:"late,omitzero"`     // an answer that came too late: evidence, nothing more
	Refused  string    `json:"refused,omitempty"` // the bank's code for not undoing it
	Evidence Evidence  `json:"evidence,omitzero"` // by which it was ended
	Cleared  string    `json:"cleared,omitempty"` // of a claim: the SHA-256 of the acquirer's file that has it too
	Original ID        `json:"original,omitzero"` // what a void undoes, or a refund gives back of
	Return   int       `json:"return,omitempty"`  // of a void or a refund: the number of the return whose goods it pays for; 0 is by amount
	Again    bool      `json:"again,omitempty"`   // of a refund, or a void: its line's host knows repeats, so that it may be asked again under the same number (rule 14)
	// Awaits says of an approval that its line waits to hear that it is durable here, and has not confirmed yet that it keeps it: until then it may
	// undo it by itself. It gets no paper meanwhile, and is told as not known.
	Awaits bool     `json:"awaits,omitempty"`
	Slip   []string `json:"slip,omitempty"` // lines that a terminal printed of it for the customer, card data hidden by the terminal
	// MerchantSlip are the lines for the merchant, which may have a line to be signed. Empty where the terminal makes no difference.
	MerchantSlip []string `json:"merchantSlip,omitempty"`
	VoidedBy     ID       `json:"voidedBy,omitzero"`
	// OtherWay: a refund in cash of what was paid in another way. NoReceipt: a refund in cash of goods whose sale nobody knows; it has no Original.
	// Both are off where the settings say nothing, and the entry's Why is the reason.
	OtherWay  bool `json:"otherWay,omitempty"`
	NoReceipt bool `json:"noReceipt,omitempty"`

	ReceivedMinor int64   `json:"receivedMinor,omitempty"` // cash handed over; of a voucher, or of goods that came back, what they are worth: maybe more than they pay
	ChangeMinor   int64   `json:"changeMinor,omitempty"`   // cash handed back; of goods that came back what goes back beside, by a refund of its own
	Prints        []Print `json:"prints,omitempty"`        // every paper that was begun for it alone, in order
	OpenedMs      int64   `json:"openedMs"`                // Unix milliseconds, this till's clock
	ZoneSeconds   int     `json:"zoneSeconds,omitempty"`   // east of UTC, in which its request was written
	EndedMs       int64   `json:"endedMs,omitempty"`       // when State last became final
}

// Trace names the attempt as banks do: batch and STAN, "000003/000042".
func (a Attempt) Trace() string { return fmt.Sprintf("%06d/%06d", a.Batch, a.ID.STAN()) }

// Opened is when the attempt was begun, by the clock on the wall then. A till that is
// started in another time zone says the same again: a reversal is found by it (DE90).
func (a Attempt) Opened() time.Time {
	//mutant:request-time/said
	return time.UnixMilli(a.OpenedMs).In(time.FixedZone("", a.ZoneSeconds))
}

// Charged says whether the customer's money is with the bank (or in the drawer). It is asked of a
// payment: of a void and of a refund it is ChargedUnknown, because that hangs on the payment too (ChargedAfter). What a
// terminal of its own took is not known here, whatever it showed, nor what a voucher is worth, and a state that this program does not know
// says nothing about money either.
func (a Attempt) Charged() Charged {
	switch {
	case a.Kind.GivesBack(), a.Tender.ByWord():
		return ChargedUnknown
	//mutant:unconfirmed-is-not-known
	case a.Awaits:
		return ChargedUnknown
	//mutant:kept-is-charged
	case a.State == Approved, a.State == Kept:
		return ChargedYes
	case a.State == Declined, a.State == Reversed, a.State == Voided:
		return ChargedNo
	default:
		return ChargedUnknown
	}
}

// GivenBack answers for a void or a refund whether the money went back.
type GivenBack string

// The three answers. A payment has none of them.
const (
	GivenBackNo      GivenBack = "no"
	GivenBackYes     GivenBack = "yes"
	GivenBackUnknown GivenBack = "unknown"
)

// GivenBack says whether a void or a refund has given its money back; it is empty for a payment.
func (a Attempt) GivenBack() GivenBack {
	switch {
	case a.Kind == Sale:
		return ""
	case a.Tender.ByWord():
		return GivenBackUnknown
	case a.State == Approved, a.State == Claimed:
		return GivenBackYes
	case a.State == Declined, a.State == Reversed:
		return GivenBackNo
	default:
		return GivenBackUnknown
	}
}

// ChargedAfter says whether the customer is charged for a payment of which a void or a refund was tried: while that
// is not known, neither is this. A refund that is through does not make its payment uncharged: it is a movement of its own.
func ChargedAfter(payment, void Attempt) Charged {
	if void.GivenBack() == GivenBackUnknown {
		return ChargedUnknown
	}
	return payment.Charged()
}

// Open reports whether money is owed an answer: the bank must still be asked.
//
//mutant:pending-is-open
func (a Attempt) Open() bool { return a.State == Pending || a.State == Reversing }

// AsksAPerson reports whether the answer that is owed is a person's: what did the terminal show?
func (a Attempt) AsksAPerson() bool { return a.Open() && a.Tender == External }

// CarriedOver reports whether a Z carries the attempt over by name: nobody knows what became of it, and the day ends all the same.
func (a Attempt) CarriedOver() bool { return a.State == Unresolved || a.Kind == Refund && a.Open() }

// UndoneByLine reports whether the line undid by itself what it had approved: no void of the till did, and nothing was taken.
func (a Attempt) UndoneByLine() bool { return a.State == Voided && a.VoidedBy == 0 }

// AwaitsLine reports whether the line has yet to say whether it keeps what it approved.
func (a Attempt) AwaitsLine() bool { return a.State == Approved && a.Awaits }

// Concluded reports whether the attempt has done what it was begun for: approved, or claimed.
func (a Attempt) Concluded() bool { return a.State == Approved || a.State == Claimed }

// Unpapered reports whether a void or a refund gave money back and no slip of it was ever begun or ended. A payment has no
// paper of its own: see Bill.
func (a Attempt) Unpapered() bool {
	return a.Kind.GivesBack() && a.Concluded() && a.Evidence.As == "" && (a.Paper == NoPaper || a.Paper == Printing || a.Paper == NotPrinted)
}

// Owes reports whether a start has to look at the attempt: money that is not known, or paper that was not seen to its end.
//
//mutant:unresolved-is-owed
func (a Attempt) Owes() bool {
	return a.Open() || a.State == Unresolved || a.AwaitsLine() || a.Unpapered() || printing(a.Prints)
}

// Faults of the machine. None of them moved money.
var (
	ErrNotAllowed = errors.New("this can't be done in the attempt's present state")
	ErrImpossible = errors.New("the attempt is not one that can exist")
)

// Begin makes an attempt. It has to be durable before its request leaves (rule 1).
func Begin(a Attempt) (Decision, error) {
	if err := a.Amount.Payable(); err != nil {
		return Decision{}, err
	}
	if a.ID < 1 || a.Batch < 1 || a.Batch > MaxBatch || (a.Kind.GivesBack() && !a.NoReceipt) != (a.Original != 0) || a.Kind == Sale && a.Return != 0 || a.Kind == Sale && a.Again {
		return Decision{}, ErrImpossible
	}
	//mutant:another-way-is-cash-alone
	if (a.OtherWay || a.NoReceipt) && (a.Kind != Refund || a.Tender != Cash || a.OtherWay == a.NoReceipt) {
		return Decision{}, ErrImpossible
	}
	a.Paper = NoPaper
	switch a.Tender {
	case Card, External, Code:
		a.State = Pending
		//mutant:attempt-before-request
		//mutant:acts-of-begun
		return Decision{After: a, Durability: Synced, Effects: []Effect{SendRequest}}, nil
	case Cash, Exchange:
		// Cash in the drawer needs no bank: the approval and the attempt are one.
		a.State, a.EndedMs = Approved, a.OpenedMs
		//mutant:acts-of-cash
		return Decision{After: a, Durability: Synced, Effects: a.slip()}, nil
	case Voucher:
		//mutant:a-voucher-pays-its-worth-at-most
		if a.Kind == Sale && (a.ReceivedMinor < a.Amount.Minor || a.ChangeMinor != 0) {
			return Decision{}, ErrImpossible
		}
		//mutant:a-voucher-is-claimed
		a.State, a.EndedMs = Claimed, a.OpenedMs
		//mutant:acts-of-voucher
		return Decision{After: a, Durability: Synced, Effects: a.slip()}, nil
	}
	return Decision{}, ErrImpossible
}
