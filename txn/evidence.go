package txn

// Finding is what a manager's evidence says that became of the money of an attempt whose bank says no more.
type Finding string

// The closed set of findings. None of them is an approval.
const (
	WasGivenBack Finding = "given-back" // the customer has the money, or has it back
	WasKept      Finding = "kept"       // the bank has it and keeps it: a credit is asked for
	NeverOurs    Finding = "never-ours" // the bank never had this attempt: what it holds under the number is another's
)

// Findings lists the closed set.
var Findings = []Finding{WasGivenBack, WasKept, NeverOurs}

// Evidence is by what an attempt was ended that its bank says no more of. Who brought it is the actor of its entry.
type Evidence struct {
	As       Finding `json:"as"`
	Document string  `json:"document"` // name of the file without its folder
	SHA256   string  `json:"sha256"`   // hex, of the file
	Who      string  `json:"who"`      // who answers for it
}

// complete reports whether nothing of it is missing.
func (e Evidence) complete() bool {
	return e.As != "" && e.Document != "" && len(e.SHA256) == 64 && e.Who != ""
}

// stepResolved ends by evidence what the bank does not end: what it refuses to undo, what may be another's, what is asked for
// without an answer, and an approval whose line is not there to confirm it. It prints no approval, whatever the evidence says.
func stepResolved(a Attempt, e Event) (Decision, error) {
	//mutant:evidence-ends-what-awaits-its-line
	awaits := a.AwaitsLine()
	//mutant:evidence-ends-the-unknown-alone
	if a.State != Unresolved && a.State != Reversing && !awaits || a.Tender == External || !e.Evidence.complete() {
		return refuse(a, e)
	}
	a.Evidence, a.EndedMs, a.Unsent, a.Awaits = e.Evidence, e.AtMs, "", false
	switch {
	case e.Evidence.As == WasKept && a.Kind == Sale:
		//mutant:kept-is-no-sale
		a.State = Kept
	case e.Evidence.As == WasGivenBack && a.Kind == Void:
		a.State = Claimed // and its payment is voided with it
	case e.Evidence.As == WasKept, e.Evidence.As == WasGivenBack, e.Evidence.As == NeverOurs:
		a.State = Reversed
	default:
		return refuse(a, e)
	}
	//mutant:acts-of-resolved
	return Decision{a, Synced, []Effect{DestroyPAN}}, nil
}
