package present

import (
	"context"

	"veratill/txn/find"
)

// Finding looks for payments in this day and all earlier ones.
type Finding interface {
	// Find answers from the index of payments, the best first, each as the books have it now. The error names what of the question can't be read, or is the
	// books'.
	Find(ctx context.Context, asked find.Asked) (FoundPayments, error)
}

// FoundPayments is an answer.
type FoundPayments struct {
	Entries []Entry
	More    bool   // others fit as well as the last one
	Behind  int64  // entries of the books that the index has not taken up yet: what is newer than it may be missing
	Trouble string // what is wrong with the index's file; what was found is good all the same
}
