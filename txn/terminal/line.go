package terminal

import (
	"context"
	"errors"
	"time"

	"veratill/txn"
	"veratill/txn/zvt"
	"veratill/txn/zvt/wire"
)

// How long the till waits before it asks the terminal to say its approval again (84 9C), and how long it is held at most while a commit goes on.
const (
	holdStep = 3 * time.Second
	holdMost = 2 * time.Minute
)

// held is an approval that the terminal waits to have answered.
type held struct {
	id      txn.ID
	talk    *conversation
	decide  chan bool        // whether it is durable
	verdict chan txn.Verdict // what the terminal said then
}

// abortWait is how long the terminal may take to end a payment that was aborted here.
const abortWait = 20 * time.Second

// Request implements till.Line: a payment, the undoing of one, or money back.
func (l *Line) Request(ctx context.Context, o txn.Order) txn.Verdict {
	if err := l.take(context.WithoutCancel(ctx)); err != nil {
		return txn.Verdict{Kind: txn.NotSent, Reason: txn.LinkLost, Detail: err.Error()}
	}
	defer l.give()
	l.about = o.Attempt.ID
	switch o.Attempt.Kind {
	case txn.Void:
		return l.void(ctx, o)
	case txn.Refund:
		return l.refund(ctx, o)
	}
	return l.pay(ctx, o)
}

func (l *Line) amount(minor int64) zvt.Field {
	value, _ := zvt.BCD(minor, 6) // money has fewer digits
	return zvt.Field{Tag: zvt.FieldAmount, Value: value}
}

func (l *Line) currency() zvt.Field {
	return zvt.Field{Tag: zvt.FieldCurrency, Value: zvt.Pack("0"+l.cfg.Currency, 2)}
}

// mirrored is the receipt number that is said back with a payment (1F1F): that of the terminal's last transaction, as it was asked for just now, whoever
// made it. One less would have the terminal undo that, which may be somebody else's payment. -1 where the terminal does not say.
func (l *Line) mirrored() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case !l.asked || l.stale || !l.last.known:
		return -1
	case l.last.status.Mirror >= 0:
		//mutant:the-last-receipt-is-said-back
		return l.last.status.Mirror
	}
	return l.last.status.Receipt
}

// byTerminal is the payment type by which the terminal decides how the card pays (PA00P015 table 4).
var byTerminal = zvt.Field{Tag: zvt.FieldStatus, Value: []byte{0x40}}

// pay asks for a payment. An approval comes back unanswered: Acknowledge answers it once it is durable.
func (l *Line) pay(ctx context.Context, o txn.Order) txn.Verdict {
	fields := []zvt.Field{l.amount(o.Attempt.Amount.Minor), l.currency(), byTerminal}
	if l.cfg.Mirror {
		fields = append(fields, zvt.Field{Tag: zvt.FieldTLV, Value: zvt.AppendObjects(nil, zvt.Mirrored(l.mirrored()))})
	}
	c, err := l.begin(context.WithoutCancel(ctx), l.command(zvt.Authorisation, nil, fields...), true)
	if v, over := notBegun(c, err); over {
		return v
	}
	for {
		code, err := l.nextOrAbort(ctx, c)
		if err != nil {
			return l.lost(ctx, c, err)
		}
		switch code {
		case zvt.Completion, zvt.Aborted:
			return c.ended()
		}
		if c.heard.status.Result != 0 { // it may ask for the PIN again, and an abort follows where it does not
			if err := c.answer(zvt.Positive); err != nil {
				return l.lost(ctx, c, err)
			}
			continue
		}
		//mutant:only-the-asked-payment-is-approved
		if why := l.notOurs(o, c.heard.status); why != "" {
			l.cfg.Log.Warn("terminal", "approval", why)
			l.refuse(c)
			return txn.Verdict{Kind: txn.GaveUp, Reason: txn.WrongAnswer, Answer: answerOf(c.heard.status), Compares: true}
		}
		//mutant:approval-waits-for-the-commit
		return l.hold(o, c)
	}
}

// notBegun is the verdict on a command that the terminal did not take.
func notBegun(c *conversation, err error) (v txn.Verdict, over bool) {
	var no refused
	switch {
	case err == nil:
		return v, false
	case errors.As(err, &no):
		return txn.Verdict{Kind: txn.BankDeclined, Answer: txn.Answer{ResponseCode: codeText(int(no.code)), Words: meaningOrBusy(no)}, Compares: true}, true
	case !c.left:
		return txn.Verdict{Kind: txn.NotSent, Reason: txn.LinkLost, Detail: err.Error()}, true
	case errors.Is(err, wire.ErrSilent):
		return txn.Verdict{Kind: txn.GaveUp, Reason: txn.NoAnswer, Compares: true}, true
	}
	return txn.Verdict{Kind: txn.GaveUp, Reason: txn.LinkLost, Compares: true}, true
}

func meaningOrBusy(no refused) string {
	if no.code == busy {
		return "terminal busy"
	}
	return meaning(no.code)
}

// nextOrAbort is next; where ctx ends, the terminal is asked once to abort (06 B0), which it does while it waits for a card.
func (l *Line) nextOrAbort(ctx context.Context, c *conversation) (zvt.Code, error) {
	if ctx.Err() == nil {
		code, err := c.next(ctx)
		if ctx.Err() == nil || err == nil {
			return code, err
		}
	}
	if !c.aborted {
		c.aborted = true
		if _, err := c.send(zvt.APDU{Code: zvt.Abort}); err != nil {
			return 0, err
		}
		c.until = time.Now().Add(min(abortWait, l.cfg.T4))
	}
	return c.next(context.WithoutCancel(ctx))
}

// lost is a payment of which nothing more comes.
func (l *Line) lost(ctx context.Context, c *conversation, err error) txn.Verdict {
	l.drop(err)
	v := txn.Verdict{Kind: txn.GaveUp, Reason: txn.LinkLost, Compares: true}
	switch {
	case ctx.Err() != nil:
		v.Reason = txn.Cancelled
	case errors.Is(err, wire.ErrSilent):
		v.Reason = txn.NoAnswer
	case c.heard.status.Result >= 0:
		v.Reason = txn.LinkLost
	}
	return v
}

// ended is the verdict on a payment that the terminal ended without an approval that stands.
func (c *conversation) ended() txn.Verdict {
	code := c.heard.code
	if code < 0 && c.heard.status.Result > 0 {
		code = c.heard.status.Result
	}
	a := answerOf(c.heard.status)
	a.RRN = ""
	if code >= 0 {
		a.ResponseCode = codeText(code)
		if a.Words == "" {
			a.Words = meaning(byte(code))
		}
	}
	//mutant:only-a-listed-code-is-a-refusal
	if refuses(code) && c.heard.status.Result != 0 {
		return txn.Verdict{Kind: txn.BankDeclined, Answer: a, Compares: true}
	}
	return txn.Verdict{Kind: txn.GaveUp, Reason: txn.CodeUnknown, Answer: a, Compares: true}
}

// notOurs says why an approval is not the one that was asked for; empty where it is.
func (l *Line) notOurs(o txn.Order, s zvt.Status) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, last := before(o.Attempt.Reference)
	switch {
	case s.AmountMinor != o.Attempt.Amount.Minor:
		return "another amount"
	case s.Receipt <= 0:
		return "no receipt number"
	case s.Receipt == last:
		return "the receipt number of the payment before"
	case s.TID != "" && l.tid != "" && s.TID != l.tid:
		return "another terminal"
	case s.Currency != "" && s.Currency != l.cfg.Currency:
		return "another currency"
	}
	return ""
}

// refuse answers an approval that is not taken: the terminal undoes it (2.2.6 c). What it says then is heard to its end.
func (l *Line) refuse(c *conversation) {
	c.until = time.Now().Add(min(abortWait, l.cfg.T4))
	if c.answer(zvt.Negative) == nil {
		for {
			code, err := c.next(context.Background())
			if err != nil || code == zvt.Completion || code == zvt.Aborted {
				break
			}
			answer := zvt.Positive
			if c.heard.status.Result == 0 { // it insists
				answer = zvt.Negative
			}
			if c.answer(answer) != nil {
				break
			}
		}
	}
	l.drop(nil) // the next conversation begins by asking what became of it
}

// hold keeps an approval unanswered until Acknowledge says whether it is durable.
func (l *Line) hold(o txn.Order, c *conversation) txn.Verdict {
	h := &held{id: o.Attempt.ID, talk: c, decide: make(chan bool, 1), verdict: make(chan txn.Verdict, 1)}
	l.mu.Lock()
	l.held = h
	l.mu.Unlock()
	v := txn.Verdict{Kind: txn.BankApproved, Answer: answerOf(c.heard.status), Card: factsOf(c.heard.status), Compares: true, Awaits: true}
	go l.wait(h) // from here on the conversation is its
	return v
}

// wait asks the terminal for patience while the commit goes on, and answers it once it is known.
func (l *Line) wait(h *held) {
	h.verdict <- l.settle(h)
}

func (l *Line) settle(h *held) txn.Verdict {
	c, first := h.talk, h.talk.heard.status
	step := min(holdStep, l.cfg.T3*3/5)
	for end := time.Now().Add(holdMost); ; {
		select {
		case durable := <-h.decide:
			return l.conclude(c, durable)
		case <-c.wire.Ended(): // it will hear nothing any more, and undoes it
			l.drop(errors.New("the connection to the terminal ended before its approval was saved"))
			return txn.Verdict{}
		case <-time.After(step):
		}
		//mutant:a-commit-that-never-ends-is-refused
		if time.Now().After(end) {
			l.refuse(c)
			return txn.Verdict{}
		}
		if c.answer(zvt.Again) != nil {
			break
		}
		c.until = time.Now().Add(l.cfg.T4)
		code, err := c.next(context.Background())
		if err != nil || code != zvt.StatusInfo || c.heard.status != first { // it has given up waiting, or says something else
			break
		}
	}
	l.drop(errors.New("the terminal did not wait for the till to save its approval"))
	return txn.Verdict{}
}

// conclude answers an approval, and hears the terminal to its end. A verdict without a kind says that it was not heard.
func (l *Line) conclude(c *conversation, durable bool) txn.Verdict {
	if !durable {
		l.refuse(c)
		return txn.Verdict{}
	}
	c.until = time.Now().Add(l.cfg.T4)
	approved := c.heard.status
	//mutant:durable-before-the-terminal-hears-of-it
	if err := c.answer(zvt.Positive); err != nil {
		l.drop(err)
		return txn.Verdict{}
	}
	for {
		code, err := c.next(context.Background())
		switch {
		case err != nil:
			l.drop(err)
			return txn.Verdict{}
		//mutant:an-approval-that-is-taken-back-is-asked-about
		case code == zvt.Completion && !sameResult(approved, c.heard.status):
			l.drop(errors.New("the terminal said something else of a payment once it was told that its approval is saved"))
			return txn.Verdict{}
		case code == zvt.Completion:
			return l.kept(c.heard)
		case code == zvt.Aborted:
			l.drop(nil) // it says that it was not made: the next conversation asks
			return txn.Verdict{}
		}
		if err := c.answer(zvt.Positive); err != nil {
			l.drop(err)
			return txn.Verdict{}
		}
	}
}

// sameResult reports whether a terminal still says of a payment what it had said.
func sameResult(was, now zvt.Status) bool {
	return now.Result <= 0 && (now.Receipt < 0 || now.Receipt == was.Receipt) && (now.AmountMinor < 0 || now.AmountMinor == was.AmountMinor)
}

// kept is a payment that the terminal keeps.
func (l *Line) kept(h heard) txn.Verdict {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked = false
	return txn.Verdict{Kind: txn.LineKept, Slip: h.slip, MerchantSlip: h.merchant}
}

// How long the till looks at once for what became of a payment whose answer was lost, and how long it waits between two looks, in T3.
const (
	lookFor   = 4
	lookEvery = 5 // to the T3
)

// Acknowledge implements till.Line.
func (l *Line) Acknowledge(ctx context.Context, o txn.Order, durable bool) txn.Verdict {
	l.mu.Lock()
	h := l.held
	l.mu.Unlock()
	if h == nil || h.id != o.Attempt.ID {
		return txn.Verdict{}
	}
	if err := l.take(ctx); err != nil {
		return txn.Verdict{}
	}
	h.decide <- durable
	v := <-h.verdict
	l.mu.Lock()
	l.held = nil
	l.mu.Unlock()
	l.give()
	if !durable || v.Kind != "" {
		return v
	}
	for end := time.Now().Add(lookFor * l.cfg.T3); time.Now().Before(end) && ctx.Err() == nil; time.Sleep(l.cfg.T3 / lookEvery) {
		if l.Ready(ctx) != nil {
			continue
		}
		if v := l.Resolve(ctx, o, 1); v.Kind != "" {
			return v
		}
	}
	return txn.Verdict{}
}
