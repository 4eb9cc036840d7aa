package acquirer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"veratill/txn"
	"veratill/txn/iso8583"
	"veratill/txn/messages"
)

// Why the bank can't be asked. With each of them nothing about money was sent.
var (
	errUnreachable = errors.New("the bank can't be reached")
	errSignIn      = errors.New("the bank refused the sign-in")
	// errCannotPack means that a field of a message does not fit the bank's message format, so
	// that nothing of it left. Asking again does not help: the settings or the program have to change.
	errCannotPack = errors.New("the message cannot be packed for this bank")
)

// Client is a line to one bank for one terminal. Its methods are safe for use by several goroutines.
type Client struct {
	cfg Config

	setup *semaphore.Weighted // one connect and sign-in at a time

	mu       sync.Mutex
	link     *link
	retired  []*link   // silent ones, which are still read
	answered time.Time // when the bank last answered
	clock    bankClock
	unread   string // why the newest frame could not be read
	keys     iso8583.Keys
	before   iso8583.Keys // those that the newest sign-in took the place of
	signedIn bool
	mute     bool // its echoes go unanswered: a new connection is proved by a sign-in
	tried    bool // whether lastErr says anything yet
	lastErr  error
	since    time.Time
	waiting  map[key]chan arrival
	past     past
	network  int64 // counts messages without money

	counts counts
}

// key is what an answer is found by: the class of its MTI (2, 4 or 8) and its STAN.
// The terminal is checked beside it, so that another's answer is counted as foreign.
type key struct {
	class    byte
	stan     string
	terminal string // DE41 without blanks: what was begun under another number is asked about under that one
}

// asks is what the answer to a message is found by.
//
//mutant:answer-has-its-stan/asked
func asks(m iso8583.Message) key { return key{m.MTI[1], m.Get(11), trim(m.Get(41))} }

// arrival is a frame that somebody waited for.
type arrival struct {
	message iso8583.Message
	body    []byte
}

// New makes a client. It does nothing until it is asked.
func New(cfg Config) *Client {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Client{cfg: cfg, setup: semaphore.NewWeighted(1), waiting: map[key]chan arrival{}, since: cfg.Now()}
}

// networkSTAN is another STAN for each message without money. No attempt ever gets one of them, and what a bank takes for a
// repeat of an earlier sign-in moves no money, so that they need no entry.
func (c *Client) networkSTAN() int64 {
	const numbers = 1_000_000 - txn.FirstNetworkSTAN
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.network == 0 { // another one than before a restart, most likely
		c.network = c.cfg.Now().Unix()
	}
	c.network++
	//mutant:network-stan
	return txn.FirstNetworkSTAN + (c.network%numbers+numbers)%numbers
}

func (c *Client) terminal(batch int64, at time.Time) iso8583.Terminal {
	return iso8583.Terminal{Number: c.cfg.Terminal, Merchant: c.cfg.Merchant, Batch: batch, Now: at}
}

// transaction writes an order in the words of the wire. The clock of a message is
// that of its attempt, so that a reversal says what its original said.
func (c *Client) transaction(o txn.Order) (iso8583.Transaction, error) {
	a := o.Attempt
	batch, stan, err := numbers(a.Reference)
	if err != nil {
		return iso8583.Transaction{}, err
	}
	t := iso8583.Transaction{
		// Its own numbers, and not those of the settings now: the bank finds it by them.
		Terminal: iso8583.Terminal{Number: a.Terminal, Merchant: a.Merchant, Batch: batch, Now: a.Opened()},
		STAN:     stan, AmountMinor: a.Amount.Minor, Currency: a.Amount.Currency.Numeric(),
		EntryMode: a.Card.EntryMode, PAN: o.Card.PAN, Expiry: o.Card.Expiry, Track2: o.Card.Track2,
		Approval: a.Late.ApprovalCode, Scheme: a.Card.Scheme,
	}
	if o.Original != nil {
		opened := o.Original.Opened()
		batch, stan, err := numbers(o.Original.Reference)
		if err != nil {
			return t, err
		}
		t.Original = &iso8583.Original{
			Batch: batch, STAN: stan, RRN: o.Original.Answer.RRN,
			Approval: o.Original.Answer.ApprovalCode, Date: opened.Format("0102"), Time: opened.Format("0102150405"),
		}
		if host := o.Original.Answer.HostTime; len(host) >= 4 {
			t.Original.Date = host[:4]
		}
	}
	return t, nil
}

// Refunds implements till.Line. A repeat is everything again; the card is read again for each refund.
func (c *Client) Refunds() txn.RefundWay {
	//mutant:repeats-are-not-known-unasked
	return txn.RefundWay{Repeats: c.cfg.Repeats || c.cfg.Profile != nil && c.cfg.Profile.RefundRepeats, ReadsCard: true}
}

// request writes the message that asks about an attempt: the 0200 of a sale or a void, the 0220 of a refund, and its repeat.
func (c *Client) request(a txn.Attempt) func(iso8583.Transaction) iso8583.Message {
	if a.Kind != txn.Refund {
		return c.cfg.Profile.Financial
	}
	return func(t iso8583.Transaction) iso8583.Message { return c.cfg.Profile.Refund(t, a.Tries > 0) }
}

// Request sends the 0200 or 0220 of an order, once, and waits for its answer until the reply
// wait is over. It never fails: what is not an approval or a refusal is GaveUp with its reason,
// or NotSent where the message does not fit the profile, so that no byte of it left.
func (c *Client) Request(ctx context.Context, o txn.Order) txn.Verdict {
	request, body, err := c.write(o, c.request(o.Attempt))
	if errors.Is(err, errCannotPack) {
		return txn.Verdict{Kind: txn.NotSent, Reason: txn.CannotPack, Detail: err.Error()}
	} else if err != nil { // without keys: the next sign-in brings them
		return txn.Verdict{Kind: txn.NotSent, Reason: txn.LinkLost}
	}
	sent := time.Now()
	id := o.Attempt.ID
	got, reason := c.exchange(ctx, id, request, body)
	defer clear(got.body)
	switch reason {
	case txn.NoReason:
	case neverLeft:
		return txn.Verdict{Kind: txn.NotSent, Reason: txn.LinkLost}
	default:
		return txn.Verdict{Kind: txn.GaveUp, Reason: reason}
	}
	v := c.judge(request, got)
	c.tell(id, messages.Received, got.message, request, verdictWord(v))
	v.Stale = c.stale(request, got, sent)
	c.frame(got.message, string(v.Kind))
	return v
}

// Resolve sends a 0400, or its repeat from the second try on, and waits for the answer.
// ReversalAnswered says that the bank confirmed that nothing is taken; ReversalRepeated that it
// has to be sent again; ReversalNotSent that it does not fit the profile and never left; ReversalRefused that the bank
// will not undo it, or, without an answer, that it may be another's payment and nothing was sent.
func (c *Client) Resolve(ctx context.Context, o txn.Order, try int) txn.Verdict {
	//mutant:what-is-not-ours-is-not-asked-of-a-number
	if !c.cfg.Compares && o.Attempt.Reason.MaybeAnothers() { // it was owed when the settings still said that this bank compares more
		return txn.Verdict{Kind: txn.ReversalRefused}
	}
	request, body, err := c.write(o, func(t iso8583.Transaction) iso8583.Message {
		return c.cfg.Profile.Reversal(t, reversalCode(o.Attempt.Reason), try)
	})
	again := txn.Verdict{Kind: txn.ReversalRepeated}
	if errors.Is(err, errCannotPack) {
		return txn.Verdict{Kind: txn.ReversalNotSent, Detail: err.Error()}
	} else if err != nil { // without keys: the next sign-in brings them
		return again
	}
	id := o.Attempt.ID
	got, reason := c.exchange(ctx, id, request, body)
	defer clear(got.body)
	if reason != txn.NoReason {
		return again
	}
	again.Answer = answerOf(got.message)
	//mutant:reversal-answer-is-signed
	if !c.trusted(got) || !c.cfg.Profile.Agrees(request, got.message) {
		c.tell(id, messages.Received, got.message, request, string(txn.BadMAC))
		return again
	}
	again.Kind = c.undone(c.newest(o.Attempt), request, got.message)
	c.tell(id, messages.Received, got.message, request, verdictWord(again))
	c.frame(got.message, string(again.Kind))
	return again
}

// newest is an attempt as the books have it now, with what came late while its reversal was under way.
func (c *Client) newest(a txn.Attempt) txn.Attempt {
	for _, o := range c.cfg.Books.Sent(a.Line, a.ID.STAN()) {
		//mutant:late-approval-before-the-answer
		if o.Attempt.ID == a.ID {
			return o.Attempt
		}
	}
	return a
}

// undone is what a genuine answer to a reversal says.
func (c *Client) undone(a txn.Attempt, request, answer iso8583.Message) txn.EventKind {
	p, code := c.cfg.Profile, answer.Get(39)
	switch {
	//mutant:not-found-contradicts-an-approval
	case p.Approves(a.Late.ResponseCode) && p.FindsNothing(code):
		return txn.ReversalRefused // it approved it, and now says that there is nothing: one of the two is wrong
	case p.EndsReversal(code, c.dayOf(a, request, answer)):
		return txn.ReversalAnswered
	//mutant:another-s-amount-is-never-ours
	case a.Reason.MaybeAnothers() && code == "64": // only a bank that compares is asked: what it holds is of another amount, and so another's
		return txn.ReversalAnswered
	case p.RefusesReversal(code):
		return txn.ReversalRefused
	}
	return txn.ReversalRepeated
}

// dayOf is what the bank's own clock says of the day on which it answers a reversal: whether that is the one on which it was asked for what is to be undone. The
// calendar of this till decides nothing: its clock may be slow, or in another zone.
func (c *Client) dayOf(a txn.Attempt, request, answer iso8583.Message) iso8583.Day {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	said, told := bankTime(request, answer)
	if !told {
		//mutant:a-bank-that-tells-no-time-is-known-by-its-clock
		said, told = c.clock.at(now)
	}
	if !told {
		return iso8583.UnknownDay
	}
	// How long ago it was asked, by whichever clock says longer: the one that can't be set stands still while the computer sleeps. Of a request of an earlier run
	// the clock on the wall alone says it, and nothing where it was set back beyond that.
	ago := c.cfg.Now().Sub(a.Opened())
	if left, known := c.past.left(key{'2', request.Get(11), trim(request.Get(41))}); known {
		ago = max(ago, now.Sub(left))
	}
	//mutant:a-day-goes-by-the-bank-s-clock
	if ago < 0 || ago >= 24*time.Hour || said.Add(-ago-clockAgrees).YearDay() != said.YearDay() {
		return iso8583.AnotherDay
	}
	return iso8583.SameDay
}

// write makes the message of an order, and packs it.
func (c *Client) write(o txn.Order, how func(iso8583.Transaction) iso8583.Message) (m iso8583.Message, body []byte, err error) {
	t, err := c.transaction(o)
	if err != nil {
		c.counts.unpackable.Add(1)
		return m, nil, err
	}
	m = how(t)
	body, err = c.pack(m)
	return m, body, err
}

// pack turns a message into its signed bytes. The error is iso8583.ErrKeys where the sign-in has
// given no key, else an error that names the field and never its value.
func (c *Client) pack(m iso8583.Message) ([]byte, error) {
	c.mu.Lock()
	mak := c.keys.MAK
	c.mu.Unlock()
	body, err := c.cfg.Profile.Seal(m, mak)
	if err == nil || errors.Is(err, iso8583.ErrKeys) {
		return body, err
	}
	c.counts.unpackable.Add(1)
	return nil, fmt.Errorf("%w: %s: %w", errCannotPack, m.MTI, err)
}

// neverLeft says of an exchange that no byte of its message left. It stays in this package.
const neverLeft txn.Reason = "never left"

// exchange sends one message about an attempt, or about none, which body is the packed form of, and waits for its answer. It wipes body.
// A reason other than NoReason says why there is none that can be judged.
func (c *Client) exchange(ctx context.Context, about txn.ID, m iso8583.Message, body []byte) (got arrival, reason txn.Reason) {
	c.mu.Lock()
	l := c.link
	money := m.MTI[1] != '8'
	// It was lost since it was ready, or is a new one on which the bank has answered nothing: no byte leaves.
	//mutant:money-leaves-on-a-line-that-was-answered-on
	if money && (l == nil || l.dead() || !l.proved) {
		c.mu.Unlock()
		clear(body)
		return arrival{}, neverLeft
	}
	k := asks(m)
	answer := make(chan arrival, 1)
	c.waiting[k] = answer
	c.past.asked(k, time.Now())
	if l != nil {
		l.money = l.money || money
	}
	c.mu.Unlock()
	defer c.forget(k, answer)
	frame := c.cfg.Profile.Frame(body, nil)
	clear(body)
	if l == nil {
		clear(frame)
		return arrival{}, txn.LinkLost
	}
	deadline := time.NewTimer(c.cfg.Timeout)
	defer deadline.Stop()
	err := l.send(frame, c.cfg.Timeout)
	//mutant:sent-frames-are-wiped
	clear(frame)
	if err != nil {
		return arrival{}, txn.LinkLost
	}
	//mutant:wire-sends-once
	c.counts.sent.Add(1)
	c.frame(m, "sent")
	c.tell(about, messages.Sent, m, iso8583.Message{}, "")
	defer func() {
		if reason != txn.NoReason {
			c.tell(about, messages.Nothing, iso8583.Message{}, m, string(reason))
		}
	}()
	select {
	case got := <-answer:
		c.heard(l)
		return got, txn.NoReason
	case <-l.down:
		// The answer may have come in the same breath as the end of the line.
		select {
		case got := <-answer:
			c.heard(l)
			return got, txn.NoReason
		default:
			return arrival{}, txn.LinkLost
		}
	case <-deadline.C:
		c.retire(l)
		return arrival{}, txn.NoAnswer
	case <-ctx.Done():
		return arrival{}, txn.Cancelled
	}
}

// tell tells what was sent or received about an attempt, as it may be kept. asked is what m answers.
func (c *Client) tell(about txn.ID, way messages.Way, m, asked iso8583.Message, verdict string) {
	if c.cfg.Messages == nil || about == 0 {
		return
	}
	told := messages.Message{Attempt: about, AtMs: c.cfg.Now().UnixMilli(), Line: c.Name(), Way: way, Kind: m.MTI, Verdict: verdict}
	for _, p := range c.cfg.Profile.Parts(m, asked) {
		f := messages.Field{Name: strings.TrimSpace(fmt.Sprintf("DE%d %s", p.Number, p.Name)), Value: p.Value}
		if f.Value == "" {
			f.Length = p.Length
		}
		told.Fields = append(told.Fields, f)
	}
	c.cfg.Messages(told)
}

// verdictWord is what an answer was taken to mean, with why where there is a reason.
func verdictWord(v txn.Verdict) string {
	return strings.TrimSpace(string(v.Kind) + " " + string(v.Reason))
}

// forget ends a wait. An answer that came in the same moment is wiped, because nobody takes it any more.
func (c *Client) forget(k key, answer chan arrival) {
	c.mu.Lock()
	delete(c.waiting, k)
	c.mu.Unlock()
	select {
	case got := <-answer:
		clear(got.body)
	default:
	}
}

// frame writes one line of a frame into the log.
func (c *Client) frame(m iso8583.Message, verdict string) {
	c.cfg.Log.Debug("frame", "mti", m.MTI, "stan", m.Get(11), "code", m.Get(39), "verdict", verdict)
}

// heard notes that the bank answered just now what was sent on a line.
func (c *Client) heard(l *link) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answered, l.proved = c.cfg.Now(), true
}

// stale looks at the moment that a genuine answer tells, and learns the bank's clock from it.
func (c *Client) stale(request iso8583.Message, got arrival, sent time.Time) bool {
	if !c.trusted(got) {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.clock.stale(request, got.message, sent) {
		c.clock.astray(request, got.message, time.Now())
		return true
	}
	c.clock.hear(request, got.message, time.Now())
	return false
}

// Name is what attempts keep of the line that they were begun on.
// It is what the line is, and not what the settings call it: dialect, address, terminal and merchant. A line of
// another name is another bank, or another till's, and is never asked about what was begun on this one.
func (c *Client) Name() string {
	switch {
	case c.cfg.Name != "":
		return c.cfg.Name
	case c.cfg.Profile == nil: // no bank is set up
		return ""
	}
	return strings.Join(append(c.nameBegins(), c.cfg.Address, c.cfg.Terminal, c.cfg.Merchant), " ")
}

// Numbering implements till.Line: a line's name without its address, which is the one word with a colon.
func (c *Client) Numbering(name string) string {
	words := strings.Fields(name)
	//mutant:numbers-go-by-no-address
	if i := slices.IndexFunc(words, func(word string) bool { return strings.Contains(word, ":") }); i >= 0 {
		words = slices.Delete(words, i, i+1)
	}
	return strings.Join(words, " ")
}

// nameBegins are the words before the address. A demonstration is another line than the bank at the same address: what is
// owed to the one is never asked of the other, and a key that is lost makes no simulator answer for a bank.
func (c *Client) nameBegins() []string {
	words := []string{"iso8583", c.cfg.Profile.Name}
	//mutant:demonstration-is-another-line
	if c.cfg.Demonstration {
		words = append(words, "demonstration")
	}
	return words
}

// KeyOf says which key the line of a name can't do without, as an attempt keeps the name; empty where it needs none.
func KeyOf(name string) string {
	words := strings.Fields(name) // see Name
	if len(words) < 4 || words[0] != "iso8583" {
		return ""
	}
	//mutant:the-key-that-is-missing-is-named
	if p, err := iso8583.ProfileByName(words[1]); err != nil || !p.MAC || !strings.Contains(words[2], ":") {
		return ""
	}
	return fmt.Sprintf("the terminal master key that the acquirer at %s gave terminal %s", words[2], words[3])
}

// Succeeds reports whether the line of another name speaks the same dialect, so that what is owed to it can be asked here
// once a manager says that the bank has moved.
func (c *Client) Succeeds(name string) bool {
	if c.cfg.Profile == nil {
		return false
	}
	words, begins := strings.Fields(name), c.nameBegins()
	n := len(begins) // the address comes next, and has a colon, which the word of a demonstration has not
	return len(words) > n && slices.Equal(words[:n], begins) && strings.Contains(words[n], ":")
}

// Reference is how the bank knows an attempt: batch and STAN, "000001/000042".
func (c *Client) Reference(id txn.ID, batch int64) string {
	return fmt.Sprintf("%06d/%06d", batch, id.STAN())
}

// numbers are batch and STAN of a reference. What is no reference of this line is not sent.
func numbers(reference string) (batch, stan int64, err error) {
	_, err = fmt.Sscanf(reference, "%06d/%06d", &batch, &stan)
	if err != nil || batch == 0 || stan == 0 {
		return 0, 0, fmt.Errorf("%w: %q is no batch and STAN", errCannotPack, reference)
	}
	return batch, stan, nil
}

// Acknowledge does nothing: a host of ISO 8583 has committed before it answers.
func (c *Client) Acknowledge(context.Context, txn.Order, bool) (v txn.Verdict) { return v }

// ReplyWait is how long an answer is waited for.
func (c *Client) ReplyWait() time.Duration { return c.cfg.Timeout }
