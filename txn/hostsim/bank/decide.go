// Package bank is what a bank decides, pure: a request meets the bank's book, and which rows
// change and what is answered follows from the two. It has no clock, file, line or dice of its
// own. The simulated bank (hostsim), the simulator and the explorer carry it to the till, each
// in its own way; that the rows are durable before the answer leaves (rule 11) is theirs to keep.
package bank

// State is what the bank holds of a number. The zero State is a number that the book does not know.
type State string

// The closed set of states in a book.
const (
	Approved State = "approved"
	Declined State = "declined"
	Reversed State = "reversed" // undone by a reversal, or kept from happening by one that came first
	Voided   State = "voided"   // a sale that was undone by a void which stands
)

// Kind is what a request asks for.
type Kind string

// The closed set of kinds.
const (
	Sale   Kind = "sale"
	Void   Kind = "void"
	Refund Kind = "refund"
)

// Key is what a bank finds an attempt by.
type Key struct {
	Terminal string `json:"terminal"`
	Batch    int64  `json:"batch"`
	STAN     int64  `json:"stan"`
}

// Row is what the book holds of a number. The zero Row is one that the book does not know.
type Row struct {
	Key
	Date          string `json:"date,omitempty"` // MMDD of the bank's day on which it came
	Sent          string `json:"sent,omitempty"` // MMDDhhmmss that the request says it was sent at, where its dialect says so
	AmountMinor   int64  `json:"amountMinor"`
	State         State  `json:"state"`
	Kind          Kind   `json:"type"`
	OriginalBatch int64  `json:"originalBatch,omitempty"` // batch and STAN of what a void undoes or a refund gives back of, at the same terminal
	Original      int64  `json:"original,omitempty"`
	RefundedMinor int64  `json:"refundedMinor,omitempty"` // of a sale: what refunds gave back
	ResponseCode  string `json:"responseCode,omitempty"`
	RRN           string `json:"rrn,omitempty"`          // as it was said, blanks included
	ApprovalCode  string `json:"approvalCode,omitempty"` // the same
}

// OriginalKey is the number of what a void undoes, or a refund gives back of.
func (r Row) OriginalKey() Key { return Key{r.Terminal, r.OriginalBatch, r.Original} }

// Request is a request about money as the book sees it.
type Request struct {
	Row               // number, kind, amount and original; the rest is the bank's to fill in
	Reversal   bool   // a 0400, else a 0200 or a 0220
	NamesRRN   string // DE37 by which a void or a refund names its original, empty where it does not
	NamesCode  string // DE38, the same
	NamesDate  string // MMDD of what it undoes, where it says so
	NamesSent  string // MMDDhhmmss of the same
	RefuseWith string // DE39 of a bank that does not want to; empty for one that is willing
}

// Decision is what a bank makes of a request: what it answers, and the rows that have to be
// durable before it does. The row of the request comes first.
type Decision struct {
	Code  string // DE39
	Rows  []Row
	Again Row // what it said of the number before, of a bank that repeats its first answer; else zero
}

// Decide is the bank's word on a request. was is the row of the request's number, and original
// that of what was or will be voided; both are zero where the book has none.
func Decide(r Request, was, original Row) Decision {
	if r.Reversal {
		return undo(r, was, original)
	}
	return book(r, was, original)
}

// book decides on a sale, a void or a refund.
func book(r Request, was, original Row) Decision {
	switch was.State {
	case "":
	case Reversed, Voided: // its reversal came first and is remembered (rule 12), or it was undone since
		return Decision{Code: "12"}
	default: // a request that was sent twice
		//mutant:bank-books-once
		return Decision{Code: "94"}
	}
	row := r.Row
	row.State, row.ResponseCode = Approved, "00"
	if code := r.refusal(original); code != "00" {
		row.State, row.ResponseCode = Declined, code
	}
	d := Decision{Code: row.ResponseCode, Rows: []Row{row}}
	if row.State == Approved && row.Kind == Void {
		original.State = Voided
		d.Rows = append(d.Rows, original)
	}
	if row.State == Approved && row.Kind == Refund {
		//mutant:bank-counts-refunds
		original.RefundedMinor += row.AmountMinor
		d.Rows = append(d.Rows, original)
	}
	return d
}

// refusal is why the bank refuses a request that it has not seen before, in the words of DE39; 00 if it does not.
func (r Request) refusal(original Row) string {
	switch {
	case r.RefuseWith != "":
		return r.RefuseWith
	case r.Kind == Sale:
		return "00"
	case original.Kind != Sale:
		return "25"
	case original.State != Approved:
		return "12"
	case r.Kind == Refund && r.AmountMinor > original.AmountMinor-original.RefundedMinor:
		return "64" // more than is left of it
	case r.Kind == Void && (original.AmountMinor != r.AmountMinor || original.RefundedMinor > 0):
		return "64"
	case r.NamesRRN != "" && r.NamesRRN != original.RRN, r.NamesCode != "" && r.NamesCode != original.ApprovalCode:
		return "25" // it names another payment than the one under this number
	}
	return "00"
}

// undo decides on a reversal.
func undo(r Request, was, original Row) Decision {
	if was.Kind == Refund { // a refund is never undone: a correction is a sale of its own
		return Decision{Code: "58"}
	}
	switch was.State {
	case "": // it is remembered, so that its original is refused when it comes (rule 12)
		row := r.Row
		row.State = Reversed
		d := Decision{Code: "25"}
		//mutant:early-reversal-is-remembered
		d.Rows = []Row{row}
		return d
	case Declined:
		return Decision{Code: "12"}
	case Reversed, Voided: // a repeat gets the same answer
		return Decision{Code: "00"}
	}
	was.State = Reversed
	d := Decision{Code: "00", Rows: []Row{was}}
	if was.Kind == Void && original.State == Voided { // the sale that it had undone stands again
		original.State = Approved
		//mutant:bank-gives-a-sale-back
		d.Rows = append(d.Rows, original)
	}
	return d
}
