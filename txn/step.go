package txn

import "fmt"

// EventKind is something that happened to an attempt.
type EventKind string

// The closed set of events.
const (
	BankApproved     EventKind = "bank approved"     // every check of money.md held, before the deadline
	BankDeclined     EventKind = "bank declined"     // a trusted answer that is not an approval
	GaveUp           EventKind = "gave up"           // no trusted answer will be waited for any longer
	PersonClaimed    EventKind = "person claimed"    // a person says that a terminal of its own approved it
	PersonDenied     EventKind = "person denied"     // a person says that it did not
	NotSaid          EventKind = "not said"          // nobody has said yet what it showed
	NumberIsTaken    EventKind = "number taken"      // the bank holds a payment under the number: maybe this one, maybe another's
	NumberIsAnothers EventKind = "number another's"  // the same, and the answer proves that it is another's
	NotSent          EventKind = "not sent"          // it is certain that no byte of the request left
	AnsweredLate     EventKind = "answered late"     // an answer after the attempt was given up
	BankApprovedLate EventKind = "approved late"     // a genuine approval after the attempt was given up, refused or undone
	TakenLate        EventKind = "number taken late" // what NumberIsTaken says, once nobody waits for it any more
	AnothersLate     EventKind = "another's late"    // what NumberIsAnothers says, the same
	ReversalRepeated EventKind = "reversal repeated" // the last 0400 was not answered in time
	ReversalAnswered EventKind = "reversal answered" // the bank confirmed that nothing is taken
	ReversalRefused  EventKind = "reversal refused"  // the bank says that it does not undo it
	ReversalDue      EventKind = "reversal due"      // one that was refused is asked for again, rarely
	Resolved         EventKind = "resolved"          // a manager's evidence says what became of it
	RefusedLate      EventKind = "refused late"      // a genuine refusal of a refund that nobody waited for any more
	RepeatDue        EventKind = "repeat due"        // a refund that is not known is asked about again, under its own number
	ReversalNotSent  EventKind = "reversal not sent" // no byte of the 0400 left, and a repeat would not leave either
	PrintBegun       EventKind = "print begun"       // the one unmarked receipt of a sale, or slip of a void
	PrintEnded       EventKind = "print ended"       // any print, with one of the three outcomes
	CopyBegun        EventKind = "copy begun"        // a marked repeat
	NoteBegun        EventKind = "note begun"        // a slip that says NOT A RECEIPT
	SlipBegun        EventKind = "slip begun"        // a slip of one part, before its sale is paid
	VoidApproved     EventKind = "void approved"     // a void of this attempt was approved
	LineMoved        EventKind = "line moved"        // a manager says that the bank is reached by another line now
	LineKept         EventKind = "line kept"         // the line confirms that it keeps what it approved
	LineUndid        EventKind = "line undid"        // the line says that it undid by itself what it had approved
	LineUnsure       EventKind = "line unsure"       // the line can't say whether it keeps what it approved
	Restarted        EventKind = "restarted"         // the till starts and finds the attempt so
	BooksDiffer      EventKind = "books differ"      // the same, and newer books may know more of it (Mark)
	Cleared          EventKind = "cleared"           // a file of the acquirer has what a person claimed
)

// EventKinds lists the closed set in the order in which a document shows it.
var EventKinds = []EventKind{BankApproved, BankDeclined, GaveUp, PersonClaimed, PersonDenied, NotSaid, NumberIsTaken, NumberIsAnothers, NotSent, AnsweredLate, BankApprovedLate, TakenLate, AnothersLate, RefusedLate, ReversalRepeated,
	ReversalAnswered, ReversalRefused, ReversalDue, ReversalNotSent, RepeatDue, Resolved, PrintBegun, PrintEnded, CopyBegun, NoteBegun, SlipBegun, VoidApproved, LineMoved, LineKept, LineUndid, LineUnsure, Restarted, BooksDiffer, Cleared}

// Event is one event with what it brings. Only the fields of its kind are set.
type Event struct {
	Kind     EventKind `json:"kind"`
	Answer   Answer    `json:"answer,omitzero"`
	Reason   Reason    `json:"reason,omitempty"`
	PrintID  int64     `json:"printId,omitempty"`
	Outcome  Paper     `json:"outcome,omitempty"` // of PrintEnded
	Proof    string    `json:"proof,omitempty"`
	By       ID        `json:"by,omitzero"`       // the void that was approved
	Detail   string    `json:"detail,omitempty"`  // of NotSent and ReversalNotSent, see Verdict
	Line     string    `json:"line,omitempty"`    // of LineMoved: its name
	Evidence Evidence  `json:"evidence,omitzero"` // of Resolved
	File     string    `json:"file,omitempty"`    // of Cleared: the SHA-256 of the file
	Awaits   bool      `json:"awaits,omitempty"`  // of BankApproved: the line may undo it until it has confirmed (Attempt.Awaits)
	Slip     []string  `json:"slip,omitempty"`    // of BankApproved and LineKept: what the terminal printed for the customer
	// MerchantSlip is what it printed for the merchant.
	MerchantSlip []string  `json:"merchantSlip,omitempty"`
	Card         CardFacts `json:"card,omitzero"` // of BankApproved: the card that a terminal read
	AtMs         int64     `json:"atMs"`          // Unix milliseconds; told to the machine, never asked by it
}

// Durability is how safe a decision must be before its effects are carried out.
type Durability uint8

// Lazy decisions survive a killed process and may be lost with the power: then
// the start finds the earlier state and decides the same again. Synced ones survive both.
const (
	Lazy Durability = iota
	Synced
)

// String names the durability for tables and transcripts.
func (d Durability) String() string {
	if d == Synced {
		return "synced"
	}
	return "lazy"
}

// Effect is what the shell does once the decision is as durable as it asks.
type Effect string

// The closed set of effects.
const (
	SendRequest   Effect = "send request"  // the 0200, once and never again (rule 8)
	SendReversal  Effect = "send reversal" // the 0400, or its repeat
	SendRepeat    Effect = "send repeat"   // a refund once more, under its own number, where the host knows repeats (rule 14)
	DestroyPAN    Effect = "destroy PAN"
	Acknowledge   Effect = "acknowledge" // to a line that waits for it: the approval is durable here
	PrintReceipt  Effect = "print receipt"
	PrintCopy     Effect = "print copy"
	PrintNote     Effect = "print note"
	PrintPartSlip Effect = "print slip"
	TellPerson    Effect = "tell a person"
)

// Decision is what Step made of an event.
type Decision struct {
	After      Attempt
	Durability Durability
	Effects    []Effect
}

// TellAfterTries is the number of unanswered reversals after which a person is told (rule 7).
const TellAfterTries = 3

// Step decides. It is a pure function: the same attempt and event give the same decision.
// ErrNotAllowed means that nothing changes, and that nothing may be done.
func Step(a Attempt, e Event) (Decision, error) {
	if e.Kind == Cleared { // whatever it did
		return stepCleared(a, e)
	}
	if a.Kind == Refund { // it has a table of its own: nothing that undoes is in it
		return stepRefund(a, e)
	}
	switch e.Kind {
	case BankApproved, BankDeclined, GaveUp, NumberIsTaken, NumberIsAnothers, NotSent:
		return stepPending(a, e)
	case PersonClaimed, PersonDenied, NotSaid:
		return stepAsked(a, e)
	case AnsweredLate, BankApprovedLate, TakenLate, AnothersLate:
		return stepLate(a, e)
	case ReversalRepeated, ReversalAnswered, ReversalRefused, ReversalDue, ReversalNotSent:
		return stepReversing(a, e)
	case Resolved:
		return stepResolved(a, e)
	case PrintBegun, PrintEnded, CopyBegun, NoteBegun, SlipBegun:
		return stepPaper(a, e)
	case VoidApproved:
		return stepVoided(a, e)
	case LineMoved:
		return stepMoved(a, e)
	case LineKept, LineUndid, LineUnsure:
		return stepConfirmed(a, e)
	case Restarted:
		return stepRestart(a, e)
	case BooksDiffer:
		return stepBooksDiffer(a, e)
	}
	return refuse(a, e)
}

// refuse is the default of the machine: what is not allowed changes nothing.
func refuse(a Attempt, e Event) (Decision, error) {
	return Decision{}, fmt.Errorf("%w: %s while %s, paper %s", ErrNotAllowed, e.Kind, a.State, a.Paper)
}

// stepPending is the compare-and-set of rule 5: only a pending attempt can be
// approved, declined or given up, whatever the bank says later.
func stepPending(a Attempt, e Event) (Decision, error) {
	// A provider that was asked what became of giving back may say that it did: nothing undoes that, and nothing was to.
	//mutant:given-back-late-is-a-void
	learnt := a.Undoes() && a.Kind == Void && (a.Tender == Code || a.Again) && e.Kind == BankApproved
	//mutant:only-pending-ends
	if a.State != Pending && !learnt || a.Tender == External {
		return refuse(a, e)
	}
	switch e.Kind {
	case BankApproved:
		a.State, a.Answer, a.EndedMs, a.Reason, a.Unsent, a.Refused = Approved, e.Answer, e.AtMs, NoReason, "", ""
		a.Awaits, a.Slip, a.MerchantSlip = e.Awaits && a.Kind == Sale, e.Slip, e.MerchantSlip
		if e.Card != (CardFacts{}) {
			a.Card = e.Card
		}
		//mutant:approval-before-receipt
		//mutant:acts-of-approved
		return Decision{a, Synced, append([]Effect{DestroyPAN, Acknowledge}, a.slip()...)}, nil
	case BankDeclined:
		a.State, a.Answer, a.EndedMs = Declined, e.Answer, e.AtMs
		durability := Lazy
		//mutant:a-refused-void-stays-refused
		if a.Again { // a start that found it pending would ask for it again, and a person was told that nothing went back
			durability = Synced
		}
		//mutant:acts-of-declined
		return Decision{a, durability, []Effect{DestroyPAN}}, nil
	case NumberIsTaken:
		// Synced: a start that finds it pending would ask to undo what may be another's payment.
		a.State, a.Reason, a.Late, a.Answer.ResponseCode = Unresolved, e.Reason, e.Answer, e.Answer.ResponseCode
		//mutant:taken-number-is-durable
		//mutant:acts-of-number-taken
		return Decision{a, Synced, []Effect{DestroyPAN, TellPerson}}, nil
	case NumberIsAnothers:
		a.State, a.Reason, a.Late, a.Answer.ResponseCode, a.EndedMs = Declined, e.Reason, e.Answer, e.Answer.ResponseCode, e.AtMs
		//mutant:acts-of-number-anothers
		return Decision{a, Synced, []Effect{DestroyPAN, TellPerson}}, nil
	case NotSent: // the bank never heard of it, so there is nothing to undo; somebody has to mend why
		a.State, a.Reason, a.Unsent, a.EndedMs = Reversed, e.Reason, e.Detail, e.AtMs
		//mutant:acts-of-not-sent
		return Decision{a, Lazy, []Effect{DestroyPAN, TellPerson}}, nil
	default:
		//mutant:given-up-is-reversed
		a.Answer.ResponseCode = e.Answer.ResponseCode // for people: it says nothing about the money
		return giveUp(a, e.Reason), nil
	}
}

// stepAsked takes a person's word about a terminal that stands alone. It is asked for until it is given, also over
// restarts, and nothing is ever sent for it: what that terminal did can be undone there alone.
func stepAsked(a Attempt, e Event) (Decision, error) {
	if a.State != Pending || a.Tender != External {
		return refuse(a, e)
	}
	switch e.Kind {
	case PersonClaimed:
		a.State, a.Answer, a.EndedMs = Claimed, e.Answer, e.AtMs
		return Decision{a, Synced, a.slip()}, nil
	case PersonDenied:
		a.State, a.EndedMs = Declined, e.AtMs
		return Decision{a, Lazy, nil}, nil
	default:
		//mutant:acts-of-not-said
		return Decision{a, Lazy, []Effect{TellPerson}}, nil
	}
}

func giveUp(a Attempt, why Reason) Decision {
	a.State, a.Reason, a.Tries = Reversing, why, 1
	//mutant:acts-of-gave-up
	return Decision{a, Lazy, []Effect{SendReversal}}
}

// stepLate takes an answer that came when nobody waited for it any more. It is evidence, and never makes a payment.
func stepLate(a Attempt, e Event) (Decision, error) {
	if a.Tender != Card {
		return refuse(a, e)
	}
	switch e.Kind {
	case BankApprovedLate:
		return stepApprovedLate(a, e)
	case TakenLate:
		return stepTakenLate(a, e)
	case AnothersLate:
		return stepAnothersLate(a, e)
	}
	return heardLate(a, e)
}

// heardLate keeps a late answer where the attempt is not as the bank said it first.
func heardLate(a Attempt, e Event) (Decision, error) {
	switch a.State {
	case Reversing, Reversed, Unresolved, Kept:
		//mutant:late-answer-is-evidence
		a.Late = e.Answer
		return Decision{a, Lazy, nil}, nil
	}
	return refuse(a, e)
}

// Undoes reports whether the till asks its bank to undo the attempt: at once, or rarely where the bank refused.
func (a Attempt) Undoes() bool { return a.State == Reversing || a.UndoRefused() }

// UndoRefused reports whether the bank has refused to undo the attempt, and is asked again, rarely.
func (a Attempt) UndoRefused() bool { return a.State == Unresolved && a.Refused != "" }

// doubt leaves what became of an attempt to a person's evidence: nothing is sent for it any more.
func (a Attempt) doubt(e Event, why Reason) Decision {
	a.State, a.Reason, a.Late, a.Refused, a.Unsent, a.EndedMs, a.Evidence = Unresolved, why, e.Answer, "", "", 0, Evidence{}
	//mutant:late-doubt-is-durable
	//mutant:acts-of-late-doubt
	return Decision{a, Synced, []Effect{DestroyPAN, TellPerson}}
}

// stepApprovedLate is a genuine approval after the bank refused, or said that it was undone: one of the two was wrong, and the reversal is
// opened again. Where the number may be another's, a reversal could undo that one's payment; where newer books may have printed its receipt, it could undo what was paid.
func stepApprovedLate(a Attempt, e Event) (Decision, error) {
	asked := a.Tries > 0 || a.State == Declined && a.Reason == NoReason // the bank has heard of it under this number
	switch over := a.State == Reversed || a.State == Declined; {
	//mutant:late-approval-of-a-doubtful-number
	case over && (a.Reason.MaybeAnothers() || a.Reason == BooksDiffered):
		return a.doubt(e, a.Reason), nil
	//mutant:late-approval-reopens
	case over && asked:
		a.State, a.Reason, a.Late, a.EndedMs, a.Evidence = Reversing, ApprovedLate, e.Answer, 0, Evidence{}
		a.Tries++
		//mutant:acts-of-approved-late
		return Decision{a, Synced, []Effect{SendReversal, TellPerson}}, nil
	}
	return heardLate(a, e)
}

// stepTakenLate stops a reversal that goes by a number which may be another's. One that is through undid what the bank had under the number:
// then nothing is taken for this attempt, and a person has to hear whose payment that may have been. A late approval of another payment contradicts
// what the bank said before, and leaves nothing known.
func stepTakenLate(a Attempt, e Event) (Decision, error) {
	over := (a.State == Reversed && a.Tries > 0 || a.State == Declined && a.Reason == NoReason) && a.Evidence.As == ""
	switch {
	//mutant:late-94-stops-the-reversal
	case a.Undoes(), over && e.Reason == NotOurs:
		return a.doubt(e, e.Reason), nil
	case over && a.State == Reversed:
		return a.undoneByNumber(e), nil
	}
	return heardLate(a, e)
}

// stepAnothersLate ends what is proved to be another's: it charged nobody here, and nothing is sent for it any more.
func stepAnothersLate(a Attempt, e Event) (Decision, error) {
	switch {
	//mutant:another-s-late-stops-the-reversal
	case a.Undoes():
		a.State, a.Reason, a.Late, a.Refused, a.Unsent, a.EndedMs = Declined, e.Reason, e.Answer, "", "", e.AtMs
		//mutant:acts-of-another-s-late
		return Decision{a, Synced, []Effect{DestroyPAN, TellPerson}}, nil
	case a.State == Reversed && a.Tries > 0 && a.Evidence.As == "":
		return a.undoneByNumber(e), nil
	}
	return heardLate(a, e)
}

// undoneByNumber keeps of an attempt whose reversal is through that the number may be another's, and tells a person.
func (a Attempt) undoneByNumber(e Event) Decision {
	told := a.Reason.MaybeAnothers()
	a.Reason, a.Late = e.Reason, e.Answer
	if told {
		return Decision{a, Lazy, nil}
	}
	//mutant:acts-of-undone-by-a-taken-number
	return Decision{a, Synced, []Effect{TellPerson}}
}

// stepReversing takes what came of a reversal. One that the bank refused goes on being asked for, rarely: whatever
// comes of that, it stays refused until the bank undoes it.
func stepReversing(a Attempt, e Event) (Decision, error) {
	refused := a.UndoRefused()
	// A 94 overtook the answer to a reversal that was under way: what the bank had under the number is undone, whosever it was.
	overtaken := a.State == Unresolved && a.Reason == NumberTaken && a.Tries > 0 && e.Kind == ReversalAnswered
	if !a.Undoes() && !overtaken || e.Kind == ReversalDue && !refused {
		return refuse(a, e)
	}
	switch e.Kind {
	case ReversalRefused:
		a.State, a.Refused, a.Unsent = Unresolved, e.Answer.ResponseCode, ""
		if refused { // a person was told
			return Decision{a, Lazy, nil}, nil
		}
		//mutant:acts-of-refused
		return Decision{a, Lazy, []Effect{TellPerson}}, nil
	case ReversalDue:
		a.Tries++
		//mutant:acts-of-due
		return Decision{a, Lazy, []Effect{SendReversal}}, nil
	case ReversalRepeated:
		if refused {
			return Decision{a, Lazy, nil}, nil
		}
		return repeated(a), nil
	case ReversalNotSent: // it stays owed: only a person can mend why it does not leave
		a.Tries++
		a.Unsent = e.Detail
		if refused {
			return Decision{a, Lazy, nil}, nil
		}
		//mutant:acts-of-reversal-not-sent
		return Decision{a, Lazy, []Effect{TellPerson, SendReversal}}, nil
	default:
		a.State, a.EndedMs, a.Unsent = Reversed, e.AtMs, ""
		//mutant:acts-of-reversed
		return Decision{a, Lazy, []Effect{DestroyPAN}}, nil
	}
}

// repeated asks once more for a reversal that was not answered: it never expires (rule 7).
func repeated(a Attempt) Decision {
	//mutant:reversal-never-expires
	a.Tries++
	a.Unsent = ""
	//mutant:acts-of-repeated
	effects := []Effect{SendReversal}
	if a.Tries > TellAfterTries {
		//mutant:acts-of-repeated-often
		effects = append(effects, TellPerson)
	}
	return Decision{a, Lazy, effects}
}

// slip is what follows from money that went back: a slip of its own. The paper of a payment is its sale's.
func (a Attempt) slip() []Effect {
	if !a.Kind.GivesBack() {
		return nil
	}
	//mutant:acts-of-void
	return []Effect{PrintReceipt}
}

// stepPaper keeps rules 2, 3 and 4 for the paper of one attempt: a slip only for a void or a refund that gave money back, one
// unmarked at most, and no outcome of a printer touches the money. The receipt of a sale is StepBill's.
func stepPaper(a Attempt, e Event) (Decision, error) {
	gave := a.Kind.GivesBack() && a.Concluded()
	switch {
	//mutant:one-unmarked-slip
	case e.Kind == PrintBegun && gave && (a.Paper == NoPaper || a.Paper == NotPrinted):
		a.Paper, a.Prints = Printing, addPrint(a.Prints, PrintOriginal, e)
		//mutant:intent-before-slip
		//mutant:acts-of-slip
		return Decision{a, Synced, []Effect{PrintReceipt}}, nil
	case e.Kind == CopyBegun && gave && a.Paper != Printing:
		a.Prints = addPrint(a.Prints, PrintRepeat, e)
		//mutant:acts-of-slip-copy
		return Decision{a, Synced, []Effect{PrintCopy}}, nil
	case e.Kind == NoteBegun && (a.State == Reversing || a.State == Reversed || a.State == Declined || a.State == Unresolved || a.State == Kept || a.Evidence.As != ""):
		// Synced for the sake of its number: once the printer may echo it, no later print may have it.
		//mutant:note-is-no-receipt
		a.Prints = addPrint(a.Prints, PrintSlip, e)
		//mutant:acts-of-note
		return Decision{a, Synced, []Effect{PrintNote}}, nil
	case e.Kind == SlipBegun && a.Kind == Sale && a.Concluded() && !a.Awaits:
		//mutant:part-slip-is-no-receipt
		a.Prints = addPrint(a.Prints, PrintPart, e)
		//mutant:acts-of-part-slip
		return Decision{a, Synced, []Effect{PrintPartSlip}}, nil
	case e.Kind == PrintEnded:
		prints, p, ok := endPrint(a.Prints, e)
		if !ok {
			break
		}
		a.Prints = prints
		if p.Kind == PrintOriginal {
			//mutant:printer-moves-no-money
			a.Paper = e.Outcome
		}
		return Decision{a, Lazy, nil}, nil
	}
	return refuse(a, e)
}

// stepVoided runs on the original, in the same commit as the approval of its void.
func stepVoided(a Attempt, e Event) (Decision, error) {
	//mutant:void-of-approved-sale
	if !a.Concluded() || a.Kind != Sale || a.Awaits || e.By == 0 {
		return refuse(a, e)
	}
	a.State, a.VoidedBy, a.EndedMs = Voided, e.By, e.AtMs
	return Decision{a, Synced, nil}, nil
}

// stepConfirmed takes what a line says of an approval that it may have undone by itself, because it never heard that it is durable here. Paper
// waits for it, so that none is out. That it is kept is synced: the cashier hears "paid" then, also where no printer is ready, and a start that asked again might
// have it undone. What was undone is voided: the money is where it was, and no void of ours did it.
func stepConfirmed(a Attempt, e Event) (Decision, error) {
	//mutant:only-what-waits-is-confirmed
	if !a.AwaitsLine() {
		return refuse(a, e)
	}
	a.Awaits = false
	switch e.Kind {
	case LineKept:
		if len(e.Slip)+len(e.MerchantSlip) > 0 {
			a.Slip, a.MerchantSlip = e.Slip, e.MerchantSlip
		}
		//mutant:kept-is-durable-before-it-is-told
		return Decision{a, Synced, nil}, nil
	case LineUndid:
		a.State, a.EndedMs = Voided, e.AtMs
		if e.Answer.ResponseCode != "" {
			a.Late = e.Answer
		}
		//mutant:acts-of-line-undid
		return Decision{a, Synced, []Effect{TellPerson}}, nil
	default:
		a.State, a.Reason, a.EndedMs = Unresolved, e.Reason, 0
		//mutant:acts-of-line-unsure
		return Decision{a, Synced, []Effect{TellPerson}}, nil
	}
}

// stepMoved names the line that takes the place of an attempt's: what is owed is asked of that one from now on. Only what is given up
// moves, which a start has made of whatever was pending, and an approval that its line has not confirmed; nothing of a person's word.
func stepMoved(a Attempt, e Event) (Decision, error) {
	//mutant:what-awaits-its-line-moves
	awaits := a.AwaitsLine()
	//mutant:only-what-is-owed-moves
	if a.State != Reversing && !awaits || a.Line == "" || e.Line == "" || e.Line == a.Line {
		return refuse(a, e)
	}
	a.Line = e.Line
	if awaits { // it is asked whether it keeps it, and undoes nothing
		return Decision{a, Synced, nil}, nil
	}
	//mutant:acts-of-moved
	return Decision{a, Synced, []Effect{SendReversal}}, nil
}

// stepRestart is what the start of a till makes of what it finds. A pending
// attempt is reversed; a print that was begun has an unknown end; money that was
// taken and never papered is told first thing.
func stepRestart(a Attempt, e Event) (Decision, error) {
	if !a.Owes() {
		return refuse(a, e)
	}
	a.Prints = forgotten(a.Prints)
	if a.Paper == Printing {
		//mutant:begun-slip-is-unknown
		a.Paper = PaperUnknown
	}
	if a.AsksAPerson() { // only a person can say it, and is asked again
		//mutant:acts-of-restarted-asking
		return Decision{a, Lazy, []Effect{TellPerson}}, nil
	}
	switch {
	case a.UndoRefused():
		a.Tries++
		//mutant:acts-of-restarted-refused
		return Decision{a, Lazy, []Effect{TellPerson, SendReversal}}, nil
	//mutant:approved-is-not-reversed
	case a.State == Pending:
		//mutant:start-reverses-pending
		return giveUp(a, CutByRestart), nil
	case a.State == Reversing:
		//mutant:start-goes-on-reversing
		a.Tries++
		//mutant:acts-of-restarted
		return Decision{a, Lazy, []Effect{SendReversal}}, nil
	}
	//mutant:acts-of-restarted-paperless
	return Decision{a, Lazy, []Effect{TellPerson}}, nil
}

// stepBooksDiffer is what a start makes of what it finds where the newest books may be others (Mark). What is open in these may have been
// approved there, and its receipt be out; what waits for its paper may have it. So nothing is sent for it any more, only evidence
// ends it, and its slip comes as a marked copy alone. Synced: the next start finds a mark that holds.
func stepBooksDiffer(a Attempt, e Event) (Decision, error) {
	if !a.Owes() {
		return refuse(a, e)
	}
	a.Prints = forgotten(a.Prints)
	effects := []Effect{TellPerson}
	//mutant:books-that-differ-undo-nothing
	if !a.AsksAPerson() && (a.Open() || a.UndoRefused()) {
		a.State, a.Reason, a.Refused, a.Unsent = Unresolved, BooksDiffered, "", ""
		effects = []Effect{DestroyPAN, TellPerson}
	}
	if a.Kind.GivesBack() && a.Paper != Printed && (a.State == Unresolved || a.Concluded()) {
		//mutant:slip-of-other-books-is-unknown
		a.Paper = PaperUnknown
	}
	//mutant:acts-of-books-differ
	return Decision{a, Synced, effects}, nil
}
