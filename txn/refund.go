package txn

// A refund is a movement of its own, and not the undoing of another one. So it has a table of its own (stepRefund), with four rules:
//
// 13. It is never reversed, and never sent anew under another number.
// 14. It is repeated, under its own number, only where its line's host knows repeats (Attempt.Again).
// 15. While one is not known no other refund of that payment begins; it stops nothing else: no other customer, no close of the day.
// 16. Only its answer, a person's word of a terminal that stands alone, or a manager's evidence ends it.
//
// One that is not known is Unresolved. Its states are Pending, Approved, Declined, Unresolved and Claimed alone.

// stepRefund decides about a refund. It refuses by default: what is not in it changes nothing.
func stepRefund(a Attempt, e Event) (Decision, error) {
	switch e.Kind {
	case BankApproved, BankDeclined, GaveUp, NumberIsTaken, NumberIsAnothers, NotSent:
		return stepRefundAnswer(a, e)
	case PersonClaimed, PersonDenied, NotSaid:
		return stepAsked(a, e)
	case AnsweredLate, BankApprovedLate, RefusedLate, TakenLate, AnothersLate:
		return stepRefundLate(a, e)
	case RepeatDue:
		//mutant:refund-is-repeated-where-repeats-are-known
		if a.State != Unresolved || !a.Again {
			break
		}
		a.Tries++
		//mutant:acts-of-repeat-due
		return Decision{a, Lazy, []Effect{SendRepeat}}, nil
	case LineMoved:
		//mutant:a-refund-that-is-asked-about-moves
		if a.State != Unresolved || !a.Again || a.Line == "" || e.Line == "" || e.Line == a.Line {
			break
		}
		a.Line = e.Line
		return Decision{a, Synced, []Effect{SendRepeat}}, nil
	case Resolved:
		return stepRefundResolved(a, e)
	case PrintBegun, PrintEnded, CopyBegun, NoteBegun:
		return stepPaper(a, e)
	case Restarted:
		return stepRefundRestart(a, e)
	case BooksDiffer: // newer books may have its answer, and its number may be another's by now
		again := a.Again
		a.Again = false
		d, err := stepBooksDiffer(a, e)
		if again && a.State == Unresolved {
			d.Effects = append([]Effect{DestroyPAN}, d.Effects...)
		}
		return d, err
	}
	return refuse(a, e)
}

// stepRefundAnswer takes what came of the request, or of a repeat. Every answer is synced: it comes once, and a start that had lost it would
// find a refund that nobody knows.
func stepRefundAnswer(a Attempt, e Event) (Decision, error) {
	//mutant:refund-ends-once
	if a.Tender != Card && a.Tender != Code || a.State != Pending && !(a.State == Unresolved && a.Again) {
		return refuse(a, e)
	}
	switch e.Kind {
	case BankApproved:
		return a.gaveBack(e, DestroyPAN, Acknowledge), nil
	case BankDeclined:
		return a.gaveNothing(e, NoReason, DestroyPAN), nil
	case NumberIsAnothers:
		return a.anothers(e), nil
	case NumberIsTaken: // the bank has something under this number, and says no more
		return a.doubtRefund(e, e.Reason), nil
	}
	if a.State == Unresolved { // a repeat without an answer, or that did not leave: nothing is known that was not
		a.Unsent = e.Detail
		return Decision{a, Lazy, nil}, nil
	}
	if e.Kind == NotSent { // no byte left, so the bank never heard of it
		a.Unsent = e.Detail
		return a.gaveNothing(e, e.Reason, DestroyPAN, TellPerson), nil
	}
	if e.Reason.MaybeAnothers() { // also at a bank that compares: what it would undo, a refund never asks for
		return a.doubtRefund(e, e.Reason), nil
	}
	//mutant:refund-is-never-reversed
	a.State, a.Reason, a.Answer.ResponseCode = Unresolved, e.Reason, e.Answer.ResponseCode
	return a.notKnown(Lazy), nil
}

// gaveBack is a refund that its bank has approved.
func (a Attempt) gaveBack(e Event, effects ...Effect) Decision {
	a.State, a.Answer, a.EndedMs, a.Again, a.Unsent, a.Slip, a.MerchantSlip = Approved, e.Answer, e.AtMs, false, "", e.Slip, e.MerchantSlip
	//mutant:refund-approval-before-its-paper
	return Decision{a, Synced, append(effects, a.slip()...)}
}

// gaveNothing is a refund of which it is certain that no money went back.
func (a Attempt) gaveNothing(e Event, why Reason, effects ...Effect) Decision {
	a.State, a.Answer, a.Reason, a.EndedMs, a.Again = Declined, e.Answer, why, e.AtMs, false
	//mutant:refund-refusal-is-durable
	return Decision{a, Synced, effects}
}

// anothers is a refund whose number the bank knows as another's: of this one it never heard. What it said is said of that other one.
func (a Attempt) anothers(e Event) Decision {
	a.Late, e.Answer = e.Answer, Answer{ResponseCode: e.Answer.ResponseCode}
	return a.gaveNothing(e, e.Reason, DestroyPAN, TellPerson)
}

// notKnown is what follows where a refund is not known: it is repeated where the host knows repeats, and else nothing is sent for it
// any more, so that its card number goes.
func (a Attempt) notKnown(d Durability) Decision {
	if a.Again {
		a.Tries++
		return Decision{a, d, []Effect{TellPerson, SendRepeat}}
	}
	//mutant:acts-of-refund-not-known
	return Decision{a, d, []Effect{DestroyPAN, TellPerson}}
}

// doubtRefund leaves a refund to a manager's evidence: nothing is sent for it any more.
func (a Attempt) doubtRefund(e Event, why Reason) Decision {
	a.State, a.Reason, a.Late, a.EndedMs, a.Again, a.Evidence = Unresolved, why, e.Answer, 0, false, Evidence{}
	return Decision{a, Synced, []Effect{DestroyPAN, TellPerson}}
}

// stepRefundLate takes an answer that nobody waited for any more. It ends a refund that is not known, as it would have in time; an approval
// after a refusal leaves nothing known, and everything else is kept as evidence.
func stepRefundLate(a Attempt, e Event) (Decision, error) {
	if a.Tender != Card {
		return refuse(a, e)
	}
	// Where the number may be another's, or newer books knew of it, an answer under it says nothing of this one for certain.
	//mutant:late-answer-of-a-doubtful-refund
	ours := a.State == Unresolved && !a.Reason.MaybeAnothers() && a.Reason != BooksDiffered
	switch {
	case ours && e.Kind == BankApprovedLate:
		return a.gaveBack(e, DestroyPAN, TellPerson), nil
	case ours && e.Kind == RefusedLate:
		return a.gaveNothing(e, NoReason, DestroyPAN, TellPerson), nil
	case a.State == Unresolved && e.Kind == AnothersLate:
		return a.anothers(e), nil
	//mutant:refund-approved-after-a-refusal-is-not-known
	case a.State == Declined && e.Kind == BankApprovedLate:
		return a.doubtRefund(e, ApprovedLate), nil
	case ours && e.Kind == TakenLate:
		return a.doubtRefund(e, e.Reason), nil
	case a.State == Unresolved, a.State == Declined, a.State == Claimed:
		a.Late = e.Answer
		return Decision{a, Lazy, nil}, nil
	}
	return refuse(a, e)
}

// stepRefundResolved ends by evidence what the bank does not end. It prints nothing by itself.
func stepRefundResolved(a Attempt, e Event) (Decision, error) {
	if a.State != Unresolved || a.Tender == External || !e.Evidence.complete() {
		return refuse(a, e)
	}
	a.Evidence, a.EndedMs, a.Unsent, a.Again = e.Evidence, e.AtMs, "", false
	switch e.Evidence.As {
	case WasGivenBack:
		a.State = Claimed
	case WasKept, NeverOurs:
		a.State = Declined
	default:
		return refuse(a, e)
	}
	//mutant:acts-of-refund-resolved
	return Decision{a, Synced, []Effect{DestroyPAN}}, nil
}

// stepRefundRestart is what a start makes of a refund that it finds unfinished. One that is pending may be through or not: it is not known,
// and never reversed. What a terminal of its own showed only a person can say, and is asked again.
func stepRefundRestart(a Attempt, e Event) (Decision, error) {
	if !a.Owes() {
		return refuse(a, e)
	}
	a.Prints = forgotten(a.Prints)
	if a.Paper == Printing {
		//mutant:begun-slip-of-a-refund-is-unknown
		a.Paper = PaperUnknown
	}
	switch {
	case a.AsksAPerson():
	case a.State == Pending:
		//mutant:start-never-reverses-a-refund
		a.State, a.Reason = Unresolved, CutByRestart
		return a.notKnown(Lazy), nil
	case a.State == Unresolved && a.Again:
		return a.notKnown(Lazy), nil
	}
	//mutant:acts-of-restarted-refund
	return Decision{a, Lazy, []Effect{TellPerson}}, nil
}
