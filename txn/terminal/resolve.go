package terminal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"veratill/txn"
	"veratill/txn/zvt"
)

// Resolve implements till.Line. A payment that was given up is looked for at the terminal, by the receipt number that it had before, and undone
// where it was made; an approval that was not confirmed is looked for alone. A void is asked for again: what is undone already is undone.
func (l *Line) Resolve(ctx context.Context, o txn.Order, try int) txn.Verdict {
	if err := l.take(ctx); err != nil {
		return notKnown(o, nil)
	}
	defer l.give()
	l.about = o.Attempt.ID
	var err error
	if l.heldNow() != nil {
		return notKnown(o, nil)
	}
	if err = l.connect(ctx); err == nil {
		err = l.enquire(ctx)
	}
	if err == nil {
		err = l.askLast(ctx)
	}
	if err != nil {
		l.note(err)
		return notKnown(o, err)
	}
	//mutant:another-terminal-is-not-asked
	if tid, _ := before(o.Attempt.Reference); tid != "" && l.said() != "" && tid != l.said() {
		//mutant:an-approval-of-another-terminal-is-not-known
		if o.Attempt.AwaitsLine() { // that one is gone, and nobody here can say whether it keeps it: evidence does
			return txn.Verdict{Kind: txn.LineUnsure, Reason: txn.LinkLost}
		}
		v := notKnown(o, nil)
		v.Kind, v.Detail = txn.ReversalNotSent, fmt.Sprintf("it was begun at terminal %s, and this is %s", tid, l.said())
		return v
	}
	switch {
	case o.Attempt.AwaitsLine():
		return l.stands(ctx, o)
	case o.Attempt.Kind == txn.Void:
		return l.voidAgain(ctx, o)
	}
	return l.undo(ctx, o, try)
}

// notKnown is the verdict where nothing was learnt.
func notKnown(o txn.Order, err error) txn.Verdict {
	if o.Attempt.AwaitsLine() {
		return txn.Verdict{}
	}
	v := txn.Verdict{Kind: txn.ReversalRepeated, Compares: true}
	if err != nil {
		v.Detail = err.Error()
	}
	return v
}

func (l *Line) said() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tid
}

func (l *Line) lastSaid() (last lastOne, asked bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last, l.asked
}

// after is the receipt number that follows another one.
func after(receipt int) int { return receipt%9999 + 1 }

// fresh is how long after an attempt was begun its terminal is taken not to have ended its day since. One that has may tell of no transaction any more, and
// give its receipt numbers anew: what it says then is about others.
const fresh = 15 * time.Minute

func (l *Line) isFresh(a txn.Attempt) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cfg.Now().Sub(a.Opened()).Abs() < fresh && !a.Opened().Before(l.dayEnded)
}

// madeLater reports whether a transaction was made when an attempt was over: it is somebody else's, whatever its number.
func (l *Line) madeLater(s zvt.Status, a txn.Attempt) bool {
	return madeAfter(s, a.Opened().Add(l.cfg.T4+slack))
}

// unmoved reports whether the last transaction is the one before an attempt still, so that none was made for it.
func (l *Line) unmoved(a txn.Attempt, last lastOne) bool {
	_, earlier := before(a.Reference)
	switch {
	case earlier < 0 || last.receipt() != earlier:
		return false
	case !last.known:
		//mutant:no-transaction-any-more-says-nothing
		return l.isFresh(a)
	case last.status.Receipt < 0: // it failed, and nobody says which one
		return false
	}
	//mutant:a-trace-number-tells-transactions-apart
	if trace := traceBefore(a.Reference); trace != "" && last.status.Trace != "" { // no clock is needed
		return trace == last.status.Trace
	}
	//mutant:a-number-that-comes-again-says-nothing
	return !madeAfter(last.status, a.Opened().Add(slack))
}

// stands looks whether the terminal keeps an approval that it may have undone by itself. What it says of its last transaction decides, and where
// that leaves a doubt the terminal is asked to undo it, which it answers either way: no paper of it is out, and nobody was told that it is paid.
func (l *Line) stands(ctx context.Context, o txn.Order) txn.Verdict {
	receipt := receiptOf(o.Attempt.Answer)
	last, asked := l.lastSaid()
	s := last.status
	switch {
	case !asked || receipt < 0:
		return txn.Verdict{Kind: txn.LineUnsure, Reason: txn.NoAnswer}
	case s.Receipt == receipt && s.Result <= 0 && s.AmountMinor == o.Attempt.Amount.Minor && sameMoment(o.Attempt.Answer, s):
		return l.kept(l.withSlip(ctx, s))
	//mutant:what-the-terminal-undid-is-not-kept
	case s.Receipt == receipt && s.Result > 0 && !l.madeLater(s, o.Attempt) || l.unmoved(o.Attempt, last):
		return txn.Verdict{Kind: txn.LineUndid, Answer: answerOf(s)}
	//mutant:a-number-of-another-day-is-not-undone
	case s.Receipt < 0 && l.isFresh(o.Attempt): // it failed, and nobody says which one; or there is none any more
		switch code, err := l.reverse(ctx, receipt, o.Attempt.Amount.Minor); {
		case err != nil, code == busy:
			return txn.Verdict{}
		case code == 0, code == alreadyReversed:
			return txn.Verdict{Kind: txn.LineUndid, Answer: answerOf(s)}
		}
	}
	return txn.Verdict{Kind: txn.LineUnsure, Reason: txn.NotOurs}
}

// withSlip asks for the receipts of the terminal's last transaction (06 20 with service byte 01), whose lines were lost with its answer. That it stands is known: without them
// it is kept all the same.
func (l *Line) withSlip(ctx context.Context, last zvt.Status) heard {
	without := heard{status: last}
	if !l.cfg.Lines {
		return without
	}
	c, err := l.run(ctx, l.repeatReceipt(tellsStatus), false)
	if err != nil || c.heard.ended != zvt.Completion || answerOf(c.heard.status) != answerOf(last) {
		return without
	}
	//mutant:what-was-confirmed-late-has-its-slip
	return c.heard
}

// sameMoment reports whether a transaction is the one that an answer was about, as far as both say.
func sameMoment(a txn.Answer, s zvt.Status) bool {
	now := answerOf(s)
	return now.RRN == a.RRN && (a.HostTime == "" || now.HostTime == "" || now.HostTime == a.HostTime)
}

const notPossible = 0xB5

// slack is how far the clocks of till and terminal may be apart.
const slack = 2 * time.Minute

// madeAfter reports whether a transaction was made after a moment, by the terminal's clock, which says no year.
func madeAfter(s zvt.Status, limit time.Time) bool {
	made, err := time.ParseInLocation("0102150405", s.Date+s.Time, limit.Location())
	if err != nil {
		return false
	}
	made = made.AddDate(limit.Year()-made.Year(), 0, 0)
	switch gap := made.Sub(limit); {
	case gap < -halfYear: // it is of the next year
		made = made.AddDate(1, 0, 0)
	case gap > halfYear:
		made = made.AddDate(-1, 0, 0)
	}
	return made.After(limit)
}

const halfYear = 182 * 24 * time.Hour

// undo undoes a payment that was given up, where the terminal made it.
func (l *Line) undo(ctx context.Context, o txn.Order, try int) txn.Verdict {
	_, earlier := before(o.Attempt.Reference)
	last, asked := l.lastSaid()
	s := last.status
	ended := txn.Verdict{Kind: txn.ReversalAnswered, Compares: true}
	refused := func(code string) txn.Verdict {
		return txn.Verdict{Kind: txn.ReversalRefused, Answer: txn.Answer{ResponseCode: code}, Compares: true}
	}
	if !asked || earlier < 0 {
		return refused("no receipt number")
	}
	next := after(earlier)
	switch {
	//mutant:unmoved-is-not-charged
	case l.unmoved(o.Attempt, last) || s.Result > 0 && s.Receipt == next && !l.madeLater(s, o.Attempt):
		return ended
	case s.Receipt == next && s.AmountMinor != o.Attempt.Amount.Minor: // a payment of another amount: nobody here knows whose
		return refused("another amount")
	//mutant:a-later-payment-is-somebody-else-s
	case l.madeLater(s, o.Attempt): // at the terminal, without a till
		return refused("made later")
	//mutant:somebody-else-s-payment-is-not-undone
	case s.Receipt >= 0 && s.Receipt != next && (try < 2 || s.Receipt != after(next)): // others came in between
		return refused("receipt number moved")
	//mutant:a-number-of-another-day-is-not-undone/undo
	case s.Receipt < 0 && !l.isFresh(o.Attempt):
		return refused("no receipt any more")
	}
	code, err := l.reverse(ctx, next, o.Attempt.Amount.Minor) // where it names no last payment, its answer says whether there was one
	switch {
	case err != nil:
		return notKnown(o, err)
	case code == 0, code == alreadyReversed, code == notPossible && s.Result > 0:
		return ended
	case code == busy:
		return notKnown(o, nil)
	}
	return refused(codeText(code))
}

// reverse asks the terminal to undo a payment (06 30). code is its result; 0 undoes it.
func (l *Line) reverse(ctx context.Context, receipt int, amountMinor int64) (code int, err error) {
	c, err := l.reversal(ctx, receipt, amountMinor)
	if err != nil {
		var no refused
		if errors.As(err, &no) {
			return int(no.code), nil
		}
		return -1, err
	}
	switch {
	case c.heard.ended == zvt.Completion && c.heard.status.Result <= 0:
		return 0, nil
	case c.heard.status.Result > 0:
		return c.heard.status.Result, nil
	case c.heard.code >= 0:
		return c.heard.code, nil
	}
	return -1, errors.New("the terminal does not say how the reversal ended")
}

func (l *Line) reversal(ctx context.Context, receipt int, amountMinor int64) (*conversation, error) {
	number, _ := zvt.BCD(int64(max(receipt, 0)), 2)
	c, err := l.run(context.WithoutCancel(ctx), l.command(zvt.Reversal, zvt.Pack(l.cfg.Password, 3), zvt.Field{Tag: zvt.FieldReceipt, Value: number}, l.amount(amountMinor), l.currency()), true)
	//mutant:a-reversal-is-of-its-sum
	if err == nil && c.heard.ended == zvt.Completion && l.ofAnother(c.heard.status, amountMinor) {
		return c, errOfAnother
	}
	return c, err
}

var errOfAnother = errors.New("the terminal says that it reversed another sum, or of another terminal")

// void undoes a payment that stands, for a person who asks for it.
func (l *Line) void(ctx context.Context, o txn.Order) txn.Verdict {
	receipt := receiptOf(o.Original.Answer)
	if receipt < 0 {
		return txn.Verdict{Kind: txn.NotSent, Reason: txn.CannotPack, Detail: "the payment has no receipt number of the terminal"}
	}
	if tid, _ := before(o.Original.Reference); tid != "" && l.said() != "" && tid != l.said() {
		return txn.Verdict{Kind: txn.NotSent, Reason: txn.CannotPack, Detail: fmt.Sprintf("it was paid at terminal %s, and this is %s", tid, l.said())}
	}
	//mutant:a-receipt-number-of-another-day-is-not-voided
	if l.renumbered(o, receipt) {
		return txn.Verdict{Kind: txn.NotSent, Reason: txn.CannotPack, Detail: fmt.Sprintf("the terminal has ended its day since, and receipt %04d may be another payment's: give it back as a refund", receipt)}
	}
	c, err := l.reversal(ctx, receipt, o.Original.Amount.Minor)
	if errors.Is(err, errOfAnother) {
		return txn.Verdict{Kind: txn.GaveUp, Reason: txn.WrongAnswer, Answer: answerOf(c.heard.status), Compares: true}
	} else if err != nil {
		if v, over := notBegun(c, err); over {
			return v
		}
	}
	a := answerOf(c.heard.status)
	switch code := c.heard.code; {
	case c.heard.ended == zvt.Completion && c.heard.status.Result <= 0:
		return txn.Verdict{Kind: txn.BankApproved, Answer: a, Slip: c.heard.slip, MerchantSlip: c.heard.merchant, Compares: true}
	case code == alreadyReversed, c.heard.status.Result == alreadyReversed:
		return txn.Verdict{Kind: txn.BankApproved, Answer: a, Compares: true}
	case code == notPossible, c.heard.status.Result == notPossible:
		a.ResponseCode, a.RRN = codeText(notPossible), ""
		return txn.Verdict{Kind: txn.BankDeclined, Answer: a, Compares: true}
	}
	return c.ended()
}

// renumbered reports whether a payment's receipt number may be another one's by now: the terminal has ended its day since, with or without the till.
func (l *Line) renumbered(o txn.Order, receipt int) bool {
	last, asked := l.lastSaid()
	switch {
	case !asked || !last.known || last.status.Receipt < 0: // nobody says what it made last
		if !l.isFresh(*o.Original) {
			return true
		}
	case last.receipt() < receipt:
		return true
	case last.receipt() == receipt && (last.status.AmountMinor >= 0 && last.status.AmountMinor != o.Original.Amount.Minor || !sameMoment(o.Original.Answer, last.status)):
		return true
	}
	tid, _ := before(o.Original.Reference)
	return slices.ContainsFunc(o.Later, func(a txn.Attempt) bool {
		at, _ := before(a.Reference)
		n := receiptOf(a.Answer)
		//mutant:later-numbers-tell-of-a-new-day
		return n > 0 && n <= receipt && (at == tid || at == "" || tid == "")
	})
}

// ofAnother reports whether a terminal says of a reversal that it was of another sum, currency or terminal.
func (l *Line) ofAnother(s zvt.Status, amountMinor int64) bool {
	tid := l.said()
	return s.AmountMinor >= 0 && s.AmountMinor != amountMinor || s.Currency != "" && s.Currency != l.cfg.Currency || s.TID != "" && tid != "" && s.TID != tid
}

// voidAgain asks for a void that is not known once more, while its terminal has not ended its day: afterwards the receipt number may be another payment's of the
// same sum.
func (l *Line) voidAgain(ctx context.Context, o txn.Order) txn.Verdict {
	//mutant:a-void-is-asked-for-again-on-its-day
	if !l.isFresh(o.Attempt) {
		return txn.Verdict{Kind: txn.ReversalRefused, Answer: txn.Answer{ResponseCode: "no receipt any more"}, Compares: true}
	}
	v := l.void(ctx, o)
	switch v.Kind {
	case txn.BankApproved:
		return v
	case txn.BankDeclined: // whether the first one undid it before is what nobody says
		if v.Answer.ResponseCode == codeText(busy) {
			return notKnown(o, nil)
		}
		return txn.Verdict{Kind: txn.ReversalRefused, Answer: v.Answer, Compares: true}
	case txn.NotSent:
		return txn.Verdict{Kind: txn.ReversalNotSent, Detail: v.Detail, Compares: true}
	}
	return notKnown(o, nil)
}

// refund gives money back (06 31), once: one that is not known is looked for.
func (l *Line) refund(ctx context.Context, o txn.Order) txn.Verdict {
	if o.Attempt.Tries > 0 {
		return l.refundAgain(o)
	}
	c, err := l.run(context.WithoutCancel(ctx), l.command(zvt.Refund, zvt.Pack(l.cfg.Password, 3), l.amount(o.Attempt.Amount.Minor), l.currency(), byTerminal), true)
	s := c.heard.status
	if s.Result == 0 && l.notOurs(o, s) == "" { // should its end be lost, it is told by this
		l.mu.Lock()
		l.gave = gave{o.Attempt.ID, answerOf(s)}
		l.mu.Unlock()
	}
	if err != nil {
		if v, over := notBegun(c, err); over {
			return v
		}
	}
	if c.heard.ended != zvt.Completion || s.Result != 0 {
		return c.ended()
	}
	if why := l.notOurs(o, s); why != "" {
		return txn.Verdict{Kind: txn.GaveUp, Reason: txn.WrongAnswer, Answer: answerOf(s), Compares: true}
	}
	return txn.Verdict{Kind: txn.BankApproved, Answer: answerOf(s), Slip: c.heard.slip, MerchantSlip: c.heard.merchant, Compares: true}
}

// gave is what the terminal said of the newest refund, in this run.
type gave struct {
	id   txn.ID
	said txn.Answer
}

// refundAgain looks for a refund that is not known. It is never asked for anew: the card would have to be there. A terminal does not say whether its last
// transaction was a refund or a payment, so that number and sum prove nothing: it is the refund where the terminal had named it before the line was lost.
func (l *Line) refundAgain(o txn.Order) txn.Verdict {
	tid, earlier := before(o.Attempt.Reference)
	last, asked := l.lastSaid()
	s := last.status
	l.mu.Lock()
	heard := l.gave
	l.mu.Unlock()
	v := txn.Verdict{Kind: txn.GaveUp, Reason: txn.NoAnswer, Compares: true}
	switch {
	case !asked, earlier < 0, tid != "" && l.said() != "" && tid != l.said():
	//mutant:no-transaction-is-no-proof-of-no-refund
	case last.known && l.unmoved(o.Attempt, last):
		v = txn.Verdict{Kind: txn.BankDeclined, Answer: txn.Answer{Words: "the terminal made no refund"}, Compares: true}
	//mutant:a-refund-is-told-by-what-the-terminal-named
	case heard.id == o.Attempt.ID && s.Result == 0 && s.AmountMinor == o.Attempt.Amount.Minor && sameMoment(heard.said, s):
		v = txn.Verdict{Kind: txn.BankApproved, Answer: answerOf(s), Compares: true}
	}
	return v
}
