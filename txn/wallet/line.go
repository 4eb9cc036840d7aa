package wallet

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"veratill/txn"
	"veratill/txn/messages"
	"veratill/txn/sale"
)

// Line is a provider as the till sees it. It is a till.Line and a till.Wallet.
type Line struct {
	cfg    Config
	speaks provider
	caller *caller
	pace   pace
	life   time.Duration // after pay: no code that was shown then is taken any more

	mu      sync.Mutex
	signed  *signedPayment
	proved  time.Time            // when the provider last answered so that it was believed
	since   map[txn.ID]time.Time // when a payment left, or, after a restart, when its undo was first asked for
	restart map[txn.ID]bool      // of those in since
}

// New makes a line of its settings. It connects to nobody. The error is an errConfig, or says what is wrong with the address.
func New(c Config) (*Line, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	speaks, err := c.speaker()
	if err != nil {
		return nil, err
	}
	if c.Address == "" {
		c.Address = addresses[c.Provider]
	}
	calls, err := newCaller(c.Address, c)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errConfig, err)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Tell == nil {
		c.Tell = func(txn.ID, bool) {}
	}
	l := &Line{cfg: c, speaks: speaks, caller: calls, pace: paced(c.Provider, c.Timeout), life: codeLife, since: map[txn.ID]time.Time{}, restart: map[txn.ID]bool{}}
	//mutant:no-setting-shortens-a-code-s-life
	if c.OnlyHere && c.Timeout != 0 { // a demonstration's code is nobody's money, and its people do not wait
		l.life = min(codeLife, c.Timeout*4/3)
	}
	return l, nil
}

// InName makes a line that has a name and asks nobody: for whoever only looks into the books, and has no keys.
func InName(c Config) (*Line, error) {
	c.Now, c.Log = time.Now, nil
	return Unready(c, errMute)
}

// Unready makes a line that has a name and asks nobody, because its keys are not to be had. Ready says why, and what is owed to it stays owed. The error says what is
// wrong with the address.
func Unready(c Config, why error) (*Line, error) {
	if c.Address == "" {
		c.Address = addresses[c.Provider]
	}
	calls, err := newCaller(c.Address, Config{})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errConfig, err)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.Private, c.Key, c.KeepKey, c.Tell = nil, nil, nil, func(txn.ID, bool) {}
	return &Line{cfg: c, speaks: mute{why}, caller: calls, since: map[txn.ID]time.Time{}, restart: map[txn.ID]bool{}}, nil
}

// mute asks nothing, and says why.
type mute struct{ why error }

var errMute = errors.New("this line has a name alone")

func (m mute) message(inquiry, time.Time) (message, error) { return message{}, m.why }

func (m mute) judge(inquiry, answer, time.Time) said { return doubt(txn.CannotPack, m.why.Error()) }

// at parts a line's name: before it stands who the shop is, behind it where the provider answers.
const at = " at "

// Name implements till.Line.
func (l *Line) Name() string {
	if l.cfg.Name != "" {
		return l.cfg.Name
	}
	return string(l.cfg.Provider) + " " + l.cfg.account() + at + l.caller.base.Host
}

// Numbering implements till.Line: the same for every address of one account.
func (l *Line) Numbering(name string) string {
	account, _, _ := strings.Cut(name, at)
	return "wallet " + account
}

// Succeeds implements till.Line: an account that is reached elsewhere now.
func (l *Line) Succeeds(name string) bool { return l.Numbering(name) == l.Numbering(l.Name()) }

// letters are those that nobody takes for a digit or for each other.
const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"

// Reference implements till.Line: the payment's number with the provider, 24 digits and letters or more. Date and attempt are for people; the letters
// are drawn, so that books that were lost, put back or copied never give a number twice.
func (l *Line) Reference(id txn.ID, _ int64) string {
	var drawn [12]byte
	rand.Read(drawn[:]) // it never fails
	for i, b := range drawn {
		drawn[i] = letters[int(b)%len(letters)]
	}
	return fmt.Sprintf("%s%06d%s", l.cfg.Now().Format("060102"), int64(id), drawn)
}

// Takes implements till.Wallet: whether a payment code and a sum are this line's.
func (l *Line) Takes(code txn.Secret, amountMinor int64) bool {
	scheme := sale.PaymentCodeOf(code)
	return scheme != sale.NoWallet && (scheme == takes[l.cfg.Provider] || l.cfg.Provider == Upay) &&
		amountMinor >= l.cfg.LeastMinor && (l.cfg.MostMinor == 0 || amountMinor <= l.cfg.MostMinor)
}

// proofLasts is how long an answer that was believed shows that the line works. The connection stays warm as long.
const proofLasts = 5 * time.Minute

// Ready implements till.Line. Unless the provider has answered lately, it is asked about a number that nobody has: the answer shows that address,
// keys and clock are right before a customer's money is at stake.
func (l *Line) Ready(ctx context.Context) error {
	l.mu.Lock()
	proved := !l.proved.IsZero() && time.Since(l.proved) < proofLasts
	l.mu.Unlock()
	if proved {
		return nil
	}
	return l.Check(ctx)
}

// Check asks the provider about a number that nobody has. The error says what is wrong: no connection, keys that do not fit, a clock that is off.
func (l *Line) Check(ctx context.Context) error {
	if m, is := l.speaks.(mute); is {
		return m.why
	}
	refused := l.checkIn(ctx)
	now := l.cfg.Now()
	s, _ := l.ask(ctx, inquiry{question: toAsk, number: l.Reference(0, 0), opened: now})
	if s.state != unknown {
		return nil
	}
	if refused != nil {
		return fmt.Errorf("%s does not answer as it should: %w", l.cfg.Provider, refused)
	}
	if skew := l.Skew(); skew.Abs() >= skewMost {
		return fmt.Errorf("%s does not answer as it should (%s), and %s", l.cfg.Provider, s.detail, clockText(skew))
	}
	return fmt.Errorf("%s does not answer as it should: %s", l.cfg.Provider, s.detail)
}

// Skew is how far the provider's clock was ahead of this computer's when it last answered, to the second.
func (l *Line) Skew() time.Duration { return time.Duration(l.caller.skew.Load()) }

// ask asks one question. left reports whether a byte of it may have left.
func (l *Line) ask(ctx context.Context, in inquiry) (s said, left bool) {
	begun := time.Now()
	l.checkIn(ctx) // with a key of yesterday no question is answered; what went wrong is in the log, and the key that there is may still do
	m, err := l.take(in)
	if err != nil {
		return doubt(txn.CannotPack, err.Error()), false
	}
	within := askTimeout
	if in.question == toPay {
		within = payTimeout
	}
	if l.cfg.Timeout != 0 {
		within = min(within, l.cfg.Timeout)
	}
	l.tell(in, messages.Sent, "", m.kept)
	a, failed := l.caller.send(ctx, m, within)
	if failed != nil {
		s, left = doubt(failed.reason(), failed.err.Error()).hushed(nil, in.code), failed.left
		l.tell(in, messages.Nothing, string(failed.reason()), nil)
	} else {
		s, left = l.speaks.judge(in, a, l.cfg.Now()).hushed(a.body, in.code), true
		l.tell(in, messages.Received, strings.TrimSpace(string(s.state)+" "+string(s.why)), in.keptAnswer(a))
	}
	if failed == nil && s.why != txn.BadMAC && s.why != txn.WrongAnswer && s.why != txn.Unreadable && a.status < 500 {
		l.mu.Lock()
		l.proved = time.Now()
		l.mu.Unlock()
	}
	l.cfg.Log.Debug("wallet", "line", l.Name(), "question", string(in.question), "number", in.number, "state", string(s.state), "code", s.code,
		"detail", s.detail, "ms", time.Since(begun).Milliseconds())
	return s, left
}

// signedPayment is one that was signed before it may leave.
type signedPayment struct {
	number  string
	message message
	at      time.Time
}

// signedLasts is how old a signed payment may be when it leaves: its moment is part of what was signed.
const signedLasts = 10 * time.Second

// Prepare implements till.Wallet.
func (l *Line) Prepare(o txn.Order) {
	l.forget()
	if o.Attempt.ID == 0 {
		return
	}
	in := l.inquiryOf(o, toPay)
	in.code = o.Card.Code
	m, err := l.speaks.message(in, l.cfg.Now())
	if err != nil { // Request finds it again, and says so
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.signed = &signedPayment{in.number, m, time.Now()}
}

// forget wipes a payment that was signed and has not left.
func (l *Line) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.signed != nil {
		l.signed.message.wipe()
		l.signed = nil
	}
}

// take gives a question as it is to leave: the payment that was signed already, or else it is made now.
func (l *Line) take(in inquiry) (message, error) {
	l.mu.Lock()
	ready := l.signed
	if ready != nil && in.question == toPay && ready.number == in.number && time.Since(ready.at) < signedLasts {
		l.signed = nil
	} else {
		ready = nil
	}
	l.mu.Unlock()
	if ready != nil {
		return ready.message, nil
	}
	return l.speaks.message(in, l.cfg.Now())
}

// inquiryOf is what the till asks about an attempt.
func (l *Line) inquiryOf(o txn.Order, q question) inquiry {
	in := inquiry{question: q, about: o.Attempt.ID, number: o.Attempt.Reference, amountMinor: o.Attempt.Amount.Minor, opened: o.Attempt.Opened(), subject: l.cfg.Shop, cashier: o.Attempt.Cashier}
	if in.subject == "" {
		in.subject = "Veratill"
	}
	if o.Original != nil {
		in.back, in.backMinor, in.backOpened = in.number, in.amountMinor, in.opened
		in.number, in.amountMinor, in.opened = o.Original.Reference, o.Original.Amount.Minor, o.Original.Opened()
	}
	return in
}

// Request implements till.Line: a payment, or giving one back. It pays once and asks until the provider has said how it ended, or the time is up.
func (l *Line) Request(ctx context.Context, o txn.Order) txn.Verdict {
	if o.Original != nil {
		return l.giveBack(ctx, o)
	}
	if o.Attempt.Amount.Currency != "CNY" {
		return txn.Verdict{Kind: txn.NotSent, Reason: txn.CannotPack, Detail: "wallets take CNY alone"}
	}
	in := l.inquiryOf(o, toPay)
	in.code = o.Card.Code
	begun := l.left(o.Attempt.ID)
	s, left := l.ask(ctx, in)
	in.code.Zero()
	if !left {
		l.ended(o.Attempt.ID)
		return txn.Verdict{Kind: txn.NotSent, Reason: s.why, Detail: s.detail}
	}
	in.code, in.question = nil, toAsk
	for next := l.pace.first; ; next = l.pace.every {
		if v, over := verdictOfPayment(s); over {
			if v.Kind != txn.GaveUp {
				l.ended(o.Attempt.ID)
			}
			return v
		}
		l.cfg.Tell(o.Attempt.ID, s.state == paying)
		//mutant:asking-has-an-end
		if time.Since(begun)+next > l.pace.most {
			return gaveUp(s)
		}
		if !wait(ctx, next) {
			return txn.Verdict{Kind: txn.GaveUp, Reason: txn.Cancelled, Answer: s.answer, Compares: true}
		}
		if again, asked := l.ask(ctx, in); asked && (again.state != unknown || s.state == unknown) {
			s = again
		}
	}
}

// verdictOfPayment is an answer as a verdict; over is false while it is to be asked on.
func verdictOfPayment(s said) (v txn.Verdict, over bool) {
	switch s.state {
	case paid:
		return txn.Verdict{Kind: txn.BankApproved, Answer: s.answer, Compares: true}, true
	case notPaid:
		return txn.Verdict{Kind: txn.BankDeclined, Answer: s.answer, Compares: true}, true
	case failed, undone, goingBack, refused: // whatever that is, it is no payment, and an undo says how it ends
		return gaveUp(s), true
	}
	return v, false
}

// gaveUp leaves a payment to be undone.
func gaveUp(s said) txn.Verdict {
	why := txn.NoAnswer
	if s.state == unknown || s.state == failed {
		why = s.why
	}
	return txn.Verdict{Kind: txn.GaveUp, Reason: why, Answer: s.answer, Compares: true}
}

// wait waits; false where ctx ended first.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(max(d, 0))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// left notes when a payment leaves, by a clock that nobody sets.
func (l *Line) left(id txn.ID) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.since[id] = time.Now()
	return l.since[id]
}

// ended forgets when a payment left.
func (l *Line) ended(id txn.ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.since, id)
	delete(l.restart, id)
}

// age is how long ago a payment left, at least: of one that an earlier run of the till sent, by the clock on the wall, unless that is
// before it.
func (l *Line) age(a txn.Attempt) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	since, known := l.since[a.ID]
	if !known {
		since = time.Now()
		l.since[a.ID], l.restart[a.ID] = since, true
	}
	age := time.Since(since)
	if l.restart[a.ID] {
		age = max(age, l.cfg.Now().Sub(a.Opened()))
	}
	return age
}

// ReplyWait is how long the provider is asked about a payment, or about giving one back, before nobody waits for it any more.
func (l *Line) ReplyWait() time.Duration { return l.pace.most }

// Acknowledge implements till.Line: no provider waits for it.
func (l *Line) Acknowledge(context.Context, txn.Order, bool) (v txn.Verdict) { return v }
