package terminal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"veratill/txn"
	"veratill/txn/messages"
	"veratill/txn/money"
	"veratill/txn/zvt"
	"veratill/txn/zvt/wire"
)

// refused is an answer of the terminal that it does not take a command.
type refused struct{ code byte }

func (r refused) Error() string {
	if r.code == busy {
		return "the terminal is busy: it asks to be waited for (9C)"
	}
	return fmt.Sprintf("the terminal does not take the command (%02X: %s)", r.code, meaning(r.code))
}

// Codes of chapter 10 and 11 that something hangs on.
const (
	aborted         = 0x6C
	busy            = 0x9C
	alreadyReversed = 0xB4
	needsInit       = 0x51
	cardInserted    = 0xDC
	needsDiagnosis  = 0xC2
	needsEndOfDay   = 0xF0
)

// refusals are the result codes by which a transaction was not made (chapter 10), with their words. A code that is on this list moved no money; one
// that is not, 9C and FF among them, says nothing.
var refusals = map[byte]string{
	0x64: "card not readable", 0x65: "no card data", 0x66: "processing error", 0x67: "not permitted for girocard", 0x68: "not permitted for this card",
	0x6A: "turnover file full", 0x6B: "terminal not registered", aborted: "aborted or timed out", 0x6E: "card blocked", 0x6F: "wrong currency", 0x71: "credit too low",
	0x72: "chip error", 0x73: "card data incorrect", 0x74: "keys exhausted", 0x75: "text not authentic", 0x76: "card not on the list", 0x77: "end of day not possible",
	0x78: "card expired", 0x79: "card not valid yet", 0x7A: "card unknown", 0x7B: "fallback not possible", 0x7C: "fallback not possible", 0x7D: "communication error",
	0x7E: "fallback not possible", 0x83: "function not possible", 0x85: "key missing", 0x89: "PIN pad defective", 0x9A: "protocol error", 0x9B: "dial-up error",
	0xA0: "receiver not ready", 0xA1: "host does not respond", 0xA3: "no connection to the host", 0xA5: "not allowed by PCI rules", 0xB1: "memory full",
	0xB2: "merchant journal full", 0xB7: "amount wrong", 0xBF: "supply voltage low", 0xC0: "card lock defective", 0xC1: "merchant card locked", needsDiagnosis: "diagnosis required",
	0xC3: "amount too high", 0xC4: "card profile invalid", 0xC5: "payment method not supported", 0xC6: "currency not applicable", 0xC8: "amount too small", 0xC9: "amount limit too small",
	0xCB: "EUR alone", 0xCC: "printer not ready", 0xCD: "no cashback", 0xD2: "not permitted for this card", cardInserted: "card inserted", 0xDD: "card stuck",
	0xDE: "card can't be inserted", 0xE0: "remote maintenance", 0xE2: "card reader defective", 0xE3: "shutter closed", 0xE4: "activation required", 0xE9: "not permitted", 0xEA: "card not permitted",
	0xEB: "PIN algorithm unknown", 0xEC: "PIN not possible", 0xED: "PIN pad defective", needsEndOfDay: "end of day required", 0xF5: "OPT error", 0xF6: "OPT data missing",
	0xFC: "device missing", 0xFE: "register unknown",
}

// refuses reports whether a result code says that nothing was moved: the host's own codes, 01 to 99, and those of the list.
func refuses(code int) bool {
	_, listed := refusals[byte(code)]
	return code > 0 && code < 0x64 || code > 0 && code <= 0xFF && listed
}

func meaning(code byte) string {
	switch text, known := refusals[code]; {
	case known:
		return text
	case code == alreadyReversed:
		return "already reversed"
	case code == 0xB5:
		return "reversal not possible"
	case code > 0 && code < 0x64:
		return "refused by the host"
	}
	return "a code of no list"
}

// heard is what came of a command until it ended.
type heard struct {
	status zvt.Status // the last Status-Information; Result is -1 without one
	slip   []string   // for the customer, or for anybody
	ended  zvt.Code   // Completion or Aborted
	code   int        // of an abort; -1 without

	merchant []string
	data     []byte // of a completion
}

// conversation is one command with what follows it. It is over once the terminal gives the word back, or the connection ends.
type conversation struct {
	line    *Line
	about   txn.ID // the attempt; 0 where it is about none
	wire    *wire.Wire
	heard   heard
	tell    bool // what it shows is for the cashier's screen
	until   time.Time
	left    bool // a byte of the command may have left
	aborted bool // the terminal was asked to abort it
}

// begin sends a command and waits until the terminal has taken it. left is false only where no byte of it left. The error may be refused.
func (l *Line) begin(ctx context.Context, a zvt.APDU, tell bool) (*conversation, error) {
	w := l.connection()
	c := &conversation{line: l, about: l.about, wire: w, tell: tell, heard: heard{status: zvt.Status{Result: -1, Receipt: -1, AmountMinor: -1, Mirror: -1}, code: -1}}
	if w == nil {
		return c, errors.New("no connection to the terminal")
	}
	//mutant:what-came-before-a-command-is-forgotten
	w.Forget()
	var err error
	c.left, err = c.send(a)
	if err != nil {
		l.drop(err)
		return c, err
	}
	got, err := c.answered(ctx)
	switch {
	case err != nil:
		l.drop(err)
		return c, err
	case !got.IsPositive():
		return c, refused{byte(got)}
	}
	l.heard()
	c.until = time.Now().Add(l.cfg.T4)
	return c, nil
}

// answered waits for the terminal's answer to the command (80 or 84). What comes before it is of a command before: a completion that came twice would end this one
// as it ended that one. It is left unanswered, because nobody knows what the answer would confirm.
func (c *conversation) answered(ctx context.Context) (zvt.Code, error) {
	for end := time.Now().Add(c.line.cfg.T3); ; {
		got, err := c.receive(ctx, time.Until(end))
		//mutant:a-command-is-answered-before-it-ends
		if err != nil || got.Code.IsAnswer() {
			return got.Code, err
		}
		c.line.cfg.Log.Warn("terminal", "before the answer to a command", got.Code.String())
	}
}

// next waits for what the terminal says next and answers it, but for a Status-Information, which is left to the caller: got is its code. What ends the
// command is Completion or Aborted.
func (c *conversation) next(ctx context.Context) (got zvt.Code, err error) {
	for {
		a, err := c.receive(ctx, time.Until(c.until))
		if err != nil {
			return 0, err
		}
		c.line.heard()
		switch a.Code {
		case zvt.Intermediate:
			c.progress(a.Data)
		case zvt.StatusInfo:
			c.until = time.Now().Add(c.line.cfg.T4)
			c.heard.status, err = zvt.ReadStatus(a.Data, c.line.cfg.Charset)
			return a.Code, err
		case zvt.PrintLine, zvt.PrintBlock:
			c.print(a)
		case zvt.Completion, zvt.Aborted:
			c.heard.ended, c.heard.data = a.Code, a.Data
			if a.Code == zvt.Aborted {
				c.heard.code = zvt.FirstByte(a.Data)
			}
			return a.Code, c.answer(zvt.Positive)
		case zvt.SetClock: // the till keeps its own
		default:
			if a.Code.IsAnswer() {
				continue
			}
			if err := c.answer(zvt.NotPossible); err != nil {
				return 0, err
			}
			continue
		}
		if err := c.answer(zvt.Positive); err != nil {
			return 0, err
		}
	}
}

func (c *conversation) answer(code zvt.Code) error {
	_, err := c.send(zvt.APDU{Code: code})
	return err
}

// mostMinutes bounds how long a terminal may ask to be waited for.
const mostMinutes = 30

func (c *conversation) progress(data []byte) {
	p := zvt.ReadProgress(data, c.line.cfg.Charset)
	wait := c.line.cfg.T4
	if p.Minutes > 0 {
		wait = max(wait, time.Duration(min(p.Minutes, mostMinutes))*time.Minute)
	}
	c.until = time.Now().Add(wait)
	if !c.tell {
		return
	}
	lines := p.Lines
	if lines == nil {
		lines = shown(p.State)
	}
	for i := range lines {
		lines[i] = withheld(lines[i])
	}
	if lines != nil {
		c.line.cfg.Tell(lines)
	}
}

// mostSlip bounds what is kept of a terminal's receipts, in lines.
const mostSlip = 120

// print keeps what the terminal wants printed for the customer, and for the merchant; what it wants for itself it says of its own.
func (c *conversation) print(a zvt.APDU) {
	p := zvt.ReadPrint(a, c.line.cfg.Charset)
	var to *[]string
	switch p.For {
	case zvt.ForAnybody, zvt.ForCustomer:
		to = &c.heard.slip
	//mutant:a-terminal-s-merchant-slip-is-kept
	case zvt.ForMerchant:
		to = &c.heard.merchant
	default:
		return
	}
	for _, line := range p.Lines {
		if len(*to) == mostSlip {
			return
		}
		line = withheld(line)
		if last := len(*to) - 1; last >= 0 {
			(*to)[last], line = withheldAcross((*to)[last], line)
		}
		*to = append(*to, line)
	}
}

const figures = "0123456789 "

// withheldAcross hides what two lines that follow each other have of a card number, where it is broken over them.
func withheldAcross(one, other string) (string, string) {
	//mutant:a-number-over-two-lines-is-hidden
	if both := one[len(strings.TrimRight(one, figures)):] + " " + other[:len(other)-len(strings.TrimLeft(other, figures))]; messages.Hidden(both) == both {
		return one, other
	}
	hide := func(text string) string {
		return strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return '*'
			}
			return r
		}, text)
	}
	return hide(one), hide(other)
}

// mostLine bounds a line that is kept, in bytes.
const mostLine = 60

// withheld hides the middle of whatever may be a whole card number in a line: a terminal that is not set up to hide it sends it in clear.
func withheld(line string) string {
	if line = messages.Hidden(line); len(line) > mostLine {
		line = strings.ToValidUTF8(line[:mostLine], "")
	}
	return line
}

// masked is a card number as it may be kept: first six and last four digits at most.
func masked(pan string) string {
	if strings.Contains(pan, "*") {
		shown := 0
		for _, d := range pan {
			if d != '*' {
				shown++
			}
		}
		if shown <= 10 {
			return pan
		}
	}
	if len(pan) < 13 {
		return ""
	}
	return pan[:6] + strings.Repeat("*", len(pan)-10) + pan[len(pan)-4:]
}

// run carries a command out to its end, with every Status-Information answered at once: for what moves no money, and for what can't be undone by
// the terminal.
func (l *Line) run(ctx context.Context, a zvt.APDU, tell bool) (*conversation, error) {
	if a.Code == zvt.Reversal || a.Code == zvt.Refund { // its last transaction is another one afterwards
		l.mu.Lock()
		l.stale = true
		l.mu.Unlock()
	}
	c, err := l.begin(ctx, a, tell)
	if err != nil {
		return c, err
	}
	for {
		code, err := c.next(ctx)
		if err != nil {
			l.drop(err)
			return c, err
		}
		switch code {
		case zvt.Completion, zvt.Aborted:
			return c, nil
		}
		if err := c.answer(zvt.Positive); err != nil {
			l.drop(err)
			return c, err
		}
	}
}

// take waits until nobody speaks with the terminal.
func (l *Line) take(ctx context.Context) error {
	select {
	case <-l.talking:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *Line) give() {
	l.about = 0
	l.talking <- struct{}{}
}

func (l *Line) connection() *wire.Wire {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.wire
}

// drop ends the connection; why is kept for the page of the devices.
func (l *Line) drop(why error) {
	l.mu.Lock()
	if l.wire != nil {
		l.wire.Close()
	}
	l.wire, l.asked = nil, false
	l.lastErr, l.since = why, l.cfg.Now()
	l.mu.Unlock()
	l.cfg.Changed()
}

func (l *Line) heard() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answered = l.cfg.Now()
}

// connect opens the way to the terminal and registers there.
func (l *Line) connect(ctx context.Context) error {
	if w := l.connection(); w != nil && !w.Dead() {
		return nil
	}
	l.drop(nil)
	dialling, cancel := context.WithTimeout(ctx, l.cfg.T3)
	defer cancel()
	pipe, err := l.cfg.Dial(dialling)
	if err != nil {
		l.note(err)
		return fmt.Errorf("the terminal at %s can't be reached: %w", l.cfg.Address, err)
	}
	l.mu.Lock()
	l.wire = wire.New(pipe, l.cfg.Serial)
	l.mu.Unlock()
	err = l.register(ctx)
	if err != nil {
		l.drop(err)
	}
	l.note(err)
	return err
}

func (l *Line) note(err error) {
	l.mu.Lock()
	l.tried, l.lastErr, l.since = true, err, l.cfg.Now()
	l.mu.Unlock()
	l.cfg.Changed()
}

// register says what this till is, and obeys what the terminal needs first (PA00P015 2.1).
func (l *Line) register(ctx context.Context) error {
	c, err := l.run(ctx, l.registration(), false)
	if err != nil {
		return fmt.Errorf("registration: %w", err)
	}
	if c.heard.ended != zvt.Completion {
		return fmt.Errorf("registration: the terminal ended it (%02X: %s)", c.heard.code, meaning(byte(c.heard.code)))
	}
	r, err := zvt.ReadRegistered(c.heard.data)
	switch {
	case err != nil:
		return fmt.Errorf("registration: what the terminal says of itself can't be read: %w", err)
	case l.cfg.TID != "" && r.TID != "" && r.TID != l.cfg.TID:
		return fmt.Errorf("this is terminal %s, and the settings say %s: nothing was begun", r.TID, l.cfg.TID)
	case r.Currency != "" && r.Currency != l.cfg.Currency:
		return fmt.Errorf("the terminal takes %s, and the till sells in %s: nothing was begun", currencyOf(r.Currency), currencyOf(l.cfg.Currency))
	case r.Personalise:
		return errors.New("the terminal asks for its personalisation (OPT): call who looks after it")
	}
	l.mu.Lock()
	l.tid = r.TID
	l.mu.Unlock()
	if r.Initialise {
		if err := l.obey(ctx, zvt.Initialise, "initialisation"); err != nil {
			return err
		}
	}
	if r.Diagnose {
		return l.obey(ctx, zvt.Diagnosis, "diagnosis")
	}
	return nil
}

// currencyOf is a currency as people call it, where it is one that the till knows.
func currencyOf(numeric string) string {
	if c := money.OfNumeric(numeric); c != "" {
		return string(c)
	}
	return "currency " + numeric
}

func (l *Line) registration() zvt.APDU {
	config := zvt.TellProgress
	if l.cfg.Lines {
		config |= zvt.TillPrintsPayments | zvt.SendsLines
	}
	permitted := zvt.Object{Tag: zvt.TagPermitted, Inside: []zvt.Object{}}
	for _, code := range []zvt.Code{zvt.StatusInfo, zvt.Intermediate, zvt.PrintLine, zvt.PrintBlock, zvt.Completion, zvt.Aborted} {
		permitted.Inside = append(permitted.Inside, zvt.Object{Tag: zvt.TagCommand, Value: []byte{byte(code >> 8), byte(code)}})
	}
	data := append(zvt.Pack(l.cfg.Password, 3), config)
	data = append(data, zvt.Pack("0"+l.cfg.Currency, 2)...)
	return l.command(zvt.Registration, data, zvt.Field{Tag: zvt.FieldTLV, Value: zvt.AppendObjects(nil, permitted)})
}

// command is one of the till. Its fields are made here, so that they fit.
func (l *Line) command(code zvt.Code, data []byte, fields ...zvt.Field) zvt.APDU {
	data, err := zvt.AppendFields(data, fields...)
	if err != nil {
		panic(err)
	}
	return zvt.APDU{Code: code, Data: data}
}

func (l *Line) obey(ctx context.Context, code zvt.Code, what string) error {
	var data []byte
	if code == zvt.Initialise {
		data = zvt.Pack(l.cfg.Password, 3)
	}
	c, err := l.run(ctx, zvt.APDU{Code: code, Data: data}, false)
	switch {
	case err != nil:
		return fmt.Errorf("%s, which the terminal asks for: %w", what, err)
	case c.heard.ended != zvt.Completion:
		return fmt.Errorf("%s, which the terminal asks for, did not end well (%02X: %s)", what, c.heard.code, meaning(byte(c.heard.code)))
	}
	return nil
}

// enquire asks how the terminal is (05 01). The error says what has to be done about it.
func (l *Line) enquire(ctx context.Context) error {
	c, err := l.run(ctx, zvt.APDU{Code: zvt.StatusEnquiry}, false)
	if err != nil {
		return err
	}
	if c.heard.ended != zvt.Completion {
		return fmt.Errorf("the terminal does not say how it is (%02X)", c.heard.code)
	}
	switch state, _ := zvt.TerminalState(c.heard.data); state {
	case -1, 0, cardInserted, 0xE1:
		return nil
	case busy:
		return refused{busy}
	case needsInit:
		return l.obey(ctx, zvt.Initialise, "initialisation")
	case needsDiagnosis, 0x62:
		return l.obey(ctx, zvt.Diagnosis, "diagnosis")
	case needsEndOfDay:
		return errors.New("the terminal asks for its end of the day (F0): make it at the terminal, or with veratill devices end-of-day")
	default:
		return fmt.Errorf("the terminal is not ready (%02X: %s)", state, meaning(byte(state)))
	}
}

// The bits of the service byte with which a receipt is asked for again.
const (
	tellsStatus  byte = 1 // in a Status-Information
	withoutPaper byte = 2
)

// repeatReceipt asks for the terminal's last transaction again (06 20).
func (l *Line) repeatReceipt(service byte) zvt.APDU {
	return l.command(zvt.RepeatReceipt, zvt.Pack(l.cfg.Password, 3), zvt.Field{Tag: zvt.FieldService, Value: []byte{service}})
}

// askLast asks for the terminal's last transaction, without paper.
func (l *Line) askLast(ctx context.Context) error {
	c, err := l.run(ctx, l.repeatReceipt(tellsStatus|withoutPaper), false)
	var no refused
	switch {
	case errors.As(err, &no) && no.code != busy: // it has no such command
		l.mu.Lock()
		l.asked = false
		l.mu.Unlock()
		return nil
	case err != nil:
		return err
	}
	if c.heard.ended == zvt.Aborted && c.heard.code == busy {
		return refused{busy}
	}
	s := c.heard.status
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stale = false
	l.asked, l.last = true, lastOne{known: s.Result >= 0 || s.Receipt >= 0, status: s}
	return nil
}

// Ready implements till.Line: it connects and registers, sees to what the terminal needs, and asks for its last transaction, by which a lost answer
// is found again.
func (l *Line) Ready(ctx context.Context) error {
	if err := l.take(ctx); err != nil {
		return err
	}
	defer l.give()
	if l.heldNow() != nil {
		return errors.New("the terminal waits for a payment to be saved")
	}
	old := l.connection() != nil
	err := l.ready(ctx)
	var no refused
	if err != nil && old && !errors.As(err, &no) && ctx.Err() == nil { // the connection may have died of age
		err = l.ready(ctx)
	}
	l.note(err)
	return err
}

func (l *Line) ready(ctx context.Context) error {
	if err := l.connect(ctx); err != nil {
		return err
	}
	if err := l.enquire(ctx); err != nil {
		return err
	}
	return l.askLast(ctx)
}

func (l *Line) heldNow() *held {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.held
}

// answerOf is a Status-Information as the books keep it. RRN names the transaction at this terminal: receipt, trace and date.
func answerOf(s zvt.Status) txn.Answer {
	a := txn.Answer{ApprovalCode: s.AID}
	if s.Result >= 0 {
		a.ResponseCode = codeText(s.Result)
	}
	if s.Receipt >= 0 {
		a.RRN = fmt.Sprintf("%04d-%s-%s", s.Receipt, s.Trace, s.Date)
	}
	if len(s.Date) == 4 && len(s.Time) == 6 {
		a.HostTime = s.Date + s.Time
	}
	words := slices.DeleteFunc([]string{s.Text}, func(text string) bool { return text == "" })
	for i := range words {
		words[i] = withheld(words[i])
	}
	a.Words = strings.Join(words, ", ")
	return a
}

// codeText is a result code as the books keep it: the host's own, 01 to 99, as its digits, and the terminal's as T and hex, so that none is taken for
// one of a bank.
func codeText(code int) string {
	if code < 0x64 {
		return fmt.Sprintf("%02d", code)
	}
	return fmt.Sprintf("T%02X", code)
}

// factsOf is what may be kept of the card that the terminal read.
func factsOf(s zvt.Status) txn.CardFacts {
	return txn.CardFacts{Masked: masked(s.PAN), Scheme: withheld(s.CardName)}
}

// receiptOf is the receipt number of an approval in the books; -1 where it has none.
func receiptOf(a txn.Answer) int {
	var n int
	if _, err := fmt.Sscanf(a.RRN, "%04d-", &n); err != nil {
		return -1
	}
	return n
}
