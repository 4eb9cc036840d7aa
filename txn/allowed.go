package txn

// Allowed reports whether the machine takes an event of this kind on an attempt as it is. It is how
// screens and commands know what they may offer: nobody else decides that.
func Allowed(a Attempt, kind EventKind) bool {
	_, err := Step(a, Event{Kind: kind, By: a.ID + 1, PrintID: lastPrint(a), Outcome: Printed})
	return err == nil
}

// lastPrint is the number of the newest print, 0 without one.
func lastPrint(a Attempt) int64 {
	if len(a.Prints) == 0 {
		return 0
	}
	return a.Prints[len(a.Prints)-1].ID
}

// NextPaper is what a person gets who asks for the paper of an attempt: PrintBegun, the one unmarked
// receipt, where none has come out; else CopyBegun. ok is false where there is neither.
func NextPaper(a Attempt) (kind EventKind, ok bool) {
	//mutant:one-unmarked-receipt/asked
	for _, kind := range []EventKind{PrintBegun, CopyBegun} {
		if Allowed(a, kind) {
			return kind, true
		}
	}
	return "", false
}
