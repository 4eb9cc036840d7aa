package wallet

import (
	"context"
	"time"

	"veratill/txn"
)

// Resolve implements till.Line: it undoes a payment that was given up, or learns what became of giving one back. A provider is asked until it says
// how it ended: nothing that it says of being paid, once the undo has left, is an approval.
func (l *Line) Resolve(ctx context.Context, o txn.Order, _ int) txn.Verdict {
	if o.Original != nil {
		return l.resolveGivingBack(ctx, o)
	}
	if !wait(ctx, l.pace.undoAfter-l.age(o.Attempt)) {
		return txn.Verdict{Kind: txn.ReversalRepeated}
	}
	in := l.inquiryOf(o, toUndo)
	s, left := l.ask(ctx, in)
	if !left && s.why == txn.CannotPack {
		return txn.Verdict{Kind: txn.ReversalNotSent, Detail: s.detail}
	}
	v := l.undoEnds(ctx, in, o.Attempt, s)
	if v.Kind == txn.ReversalAnswered {
		l.ended(o.Attempt.ID)
	}
	return v
}

// TooEarly implements till.Wallet.
func (l *Line) TooEarly(a txn.Attempt) bool { return a.Kind == txn.Sale && l.age(a) < l.pace.undoAfter }

// undoEnds judges the answer to an undo by asking how the order stands now: that it is closed, was never there or is given back ends it.
func (l *Line) undoEnds(ctx context.Context, in inquiry, a txn.Attempt, undo said) txn.Verdict {
	//mutant:paid-after-the-undo-is-undone-again
	if undo.state == undone && !l.pace.shows {
		return txn.Verdict{Kind: txn.ReversalAnswered, Answer: undo.answer}
	}
	in.question = toAsk
	now, _ := l.ask(ctx, in)
	again := txn.Verdict{Kind: txn.ReversalRepeated, Answer: now.answer}
	switch {
	case now.state == paid:
		if undo.state == refused {
			return l.giveBackInstead(ctx, in, undo)
		}
		return again
	case now.state == goingBack:
		//mutant:going-back-is-not-undone
		return l.goesBack(ctx, in, undo)
	case now.state == notPaid, now.state == undone:
		return txn.Verdict{Kind: txn.ReversalAnswered, Answer: now.answer}
	//mutant:never-there-is-believed-once-no-code-lives
	case now.state == neverThere && (undo.state == neverThere || undo.state == undone) && l.age(a) >= l.life:
		return txn.Verdict{Kind: txn.ReversalAnswered, Answer: now.answer}
	case undo.state == refused && now.state != unknown:
		return txn.Verdict{Kind: txn.ReversalRefused, Answer: undo.answer}
	}
	return again
}

// insteadOf is the giving back that stands in place of a payment's undo. Its number follows from the payment's, so that it is given back once however
// often it is asked for.
func insteadOf(in inquiry) inquiry {
	in.question, in.back, in.backMinor, in.backOpened = toGiveBack, in.number+"U", in.amountMinor, in.opened
	return in
}

// giveBackInstead gives back a payment whose time for an undo has passed, and learns what became of that.
func (l *Line) giveBackInstead(ctx context.Context, in inquiry, undo said) txn.Verdict {
	return endsInstead(l.askGivenBack(ctx, insteadOf(in)), undo)
}

// goesBack ends an undo whose order says that some of it goes back, and neither how much nor whether it arrives: what stands in place of the undo
// is asked about until it is known. Where there is none, an undo that was done is what the order speaks of.
func (l *Line) goesBack(ctx context.Context, in inquiry, undo said) txn.Verdict {
	if undo.state == refused {
		return l.giveBackInstead(ctx, in, undo)
	}
	in = insteadOf(in)
	in.question = toAskGivenBack
	s, _ := l.ask(ctx, in)
	if s.state == neverThere && undo.state == undone {
		return txn.Verdict{Kind: txn.ReversalAnswered, Answer: undo.answer}
	}
	return endsInstead(s, undo)
}

// endsInstead is what became of giving back in place of an undo, as a verdict on the undo.
func endsInstead(s, undo said) txn.Verdict {
	switch s.state {
	case givenBack:
		return txn.Verdict{Kind: txn.ReversalAnswered, Answer: s.answer}
	case refused, notGivenBack:
		return txn.Verdict{Kind: txn.ReversalRefused, Answer: undo.answer}
	case stuck: // asked on about, rarely: whoever helps it on ends it
		return txn.Verdict{Kind: txn.ReversalRefused, Answer: s.answer}
	default:
		return txn.Verdict{Kind: txn.ReversalRepeated, Answer: s.answer}
	}
}

// Refunds implements till.Line: every provider gives back once under one number, however often it is asked for.
func (l *Line) Refunds() txn.RefundWay { return txn.RefundWay{Repeats: true} }

// giveBack asks once to give a payment back, and then what became of that until the time is up. A refund that is repeated is asked about first.
func (l *Line) giveBack(ctx context.Context, o txn.Order) txn.Verdict {
	begun := time.Now()
	in := l.inquiryOf(o, toGiveBack)
	if o.Attempt.State == txn.Unresolved {
		if v, over := verdictOfGivingBack(l.askGivenBack(ctx, in)); over {
			return v
		}
		return txn.Verdict{Kind: txn.GaveUp, Reason: txn.NoAnswer, Compares: true}
	}
	s, left := l.ask(ctx, in)
	if !left {
		return txn.Verdict{Kind: txn.NotSent, Reason: s.why, Detail: s.detail}
	}
	for next := l.pace.first; ; next = l.pace.every {
		if v, over := verdictOfGivingBack(s); over {
			return v
		}
		if time.Since(begun)+next > l.pace.most || !wait(ctx, next) {
			return gaveUp(s)
		}
		s = l.askGivenBack(ctx, in)
	}
}

// verdictOfGivingBack is an answer as a verdict; over is false while it is to be asked on.
func verdictOfGivingBack(s said) (v txn.Verdict, over bool) {
	switch s.state {
	case givenBack:
		return txn.Verdict{Kind: txn.BankApproved, Answer: s.answer, Compares: true}, true
	case refused, notGivenBack:
		return txn.Verdict{Kind: txn.BankDeclined, Answer: s.answer, Compares: true}, true
	case stuck: // nobody at the till can wait for it
		//mutant:what-is-stuck-is-not-known
		return txn.Verdict{Kind: txn.GaveUp, Reason: txn.CodeUnknown, Answer: s.answer, Compares: true}, true
	}
	return v, false
}

// resolveGivingBack learns what became of giving back. It is never undone: the same number is asked about, and asked for again where the
// provider does not know it, until it was given back or never will be.
func (l *Line) resolveGivingBack(ctx context.Context, o txn.Order) txn.Verdict {
	switch s := l.askGivenBack(ctx, l.inquiryOf(o, toGiveBack)); s.state {
	case givenBack:
		//mutant:given-back-late-is-given-back
		return txn.Verdict{Kind: txn.BankApproved, Answer: s.answer, Compares: true}
	case notGivenBack, refused:
		return txn.Verdict{Kind: txn.ReversalAnswered, Answer: s.answer}
	//mutant:what-is-stuck-is-asked-about-rarely
	case stuck: // whoever helps it on ends it
		return txn.Verdict{Kind: txn.ReversalRefused, Answer: s.answer}
	default:
		return txn.Verdict{Kind: txn.ReversalRepeated, Answer: s.answer}
	}
}

// askGivenBack asks what became of giving back, and for it again, under the same number, where the provider does not know of it.
func (l *Line) askGivenBack(ctx context.Context, in inquiry) said {
	in.question = toAskGivenBack
	s, _ := l.ask(ctx, in)
	if s.state == neverThere {
		in.question = toGiveBack
		s, _ = l.ask(ctx, in)
	}
	return s
}
