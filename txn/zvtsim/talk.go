package zvtsim

import (
	"context"
	"errors"
	"fmt"
	"time"

	"veratill/txn/zvt"
	"veratill/txn/zvt/wire"
)

// talk is one connection of a till.
type talk struct {
	sim    *Sim
	wire   *wire.Wire
	ctx    context.Context
	config byte // of its registration; 0 before
}

// idle is how long a till may say nothing.
const idle = 24 * time.Hour

var errPulled = errors.New("the cable was pulled")

func (t *talk) run() {
	for {
		a, err := t.wire.Receive(t.ctx, idle)
		if err != nil {
			return
		}
		if a.Code.IsAnswer() { // of something that nobody waits for any more
			continue
		}
		if err := t.obey(a); err != nil {
			t.sim.say("%s: %v", a.Code, err)
			return
		}
	}
}

// names are the commands as a script has them.
var names = map[zvt.Code]string{zvt.Registration: Register, zvt.Authorisation: Pay, zvt.Reversal: Reverse, zvt.Refund: GiveBack, zvt.StatusEnquiry: Enquire, zvt.RepeatReceipt: Repeat, zvt.EndOfDay: Settle}

func (t *talk) obey(a zvt.APDU) error {
	c, err := read(a)
	if err != nil {
		return t.answer(0x849A) // ZVT protocol error
	}
	t.asked(true)
	defer t.asked(false)
	c.rule = t.rule(c)
	t.sim.say("%s amount %d receipt %d: %s", a.Code, c.amountMinor, c.receipt, c.rule.Do)
	switch c.rule.Do {
	case CutBefore:
		t.wire.Close()
		return errPulled
	case Silent: // until the till hangs up
		for {
			if _, err := t.wire.Receive(t.ctx, idle); err != nil {
				return err
			}
		}
	case Busy:
		return t.answer(zvt.Again)
	case Stale:
		if err := t.send(zvt.APDU{Code: zvt.Completion}); err != nil {
			return err
		}
	case Refuse:
		return t.answer(0x8400 | zvt.Code(c.rule.code()))
	}
	if c.password != "" && c.password != t.sim.cfg.Password && a.Code != zvt.StatusEnquiry {
		return t.answer(zvt.NotPossible)
	}
	switch a.Code {
	case zvt.Registration:
		return t.register(c)
	case zvt.StatusEnquiry:
		return t.enquire()
	case zvt.RepeatReceipt:
		return t.repeat(c)
	case zvt.Authorisation, zvt.Reversal, zvt.Refund:
		return t.transact(c)
	case zvt.EndOfDay:
		return t.endOfDay(c)
	case zvt.Initialise, zvt.Diagnosis:
		return t.obeyed(a.Code)
	case zvt.Abort, zvt.LogOff:
		return t.answer(zvt.Positive)
	}
	return t.answer(zvt.NotPossible)
}

// command is what a till asks for.
type command struct {
	code        zvt.Code
	password    string
	config      byte
	amountMinor int64
	receipt     int
	service     byte
	wait        time.Duration // for the answer to the Status-Information; 0 where it is not said
	mirror      int           // -1 where it is not said
	rule        Rule
}

// read reads a command.
func read(a zvt.APDU) (c command, err error) {
	c = command{code: a.Code, amountMinor: -1, receipt: -1, mirror: -1}
	b := a.Data
	switch a.Code {
	case zvt.Registration, zvt.Reversal, zvt.Refund, zvt.RepeatReceipt, zvt.EndOfDay, zvt.StatusEnquiry, zvt.Initialise:
		if len(b) < 3 {
			if a.Code == zvt.StatusEnquiry {
				return c, nil
			}
			return c, zvt.ErrShort
		}
		c.password, b = zvt.Digits(b[:3]), b[3:]
	}
	if a.Code == zvt.Registration {
		if len(b) < 1 {
			return c, zvt.ErrShort
		}
		c.config, b = b[0], b[1:]
		b = b[min(2, len(b)):] // the currency, without a bitmap in front
	}
	fields, err := zvt.Fields(b)
	for _, f := range fields {
		switch f.Tag {
		case zvt.FieldAmount:
			c.amountMinor, _ = zvt.Number(f.Value)
		case zvt.FieldReceipt:
			n, _ := zvt.Number(f.Value)
			c.receipt = int(n)
		case zvt.FieldService:
			c.service = f.Value[0]
		case zvt.FieldTimeout:
			c.wait = time.Duration(f.Value[0]) * time.Second
		case zvt.FieldTLV:
			objects, _ := zvt.Container(f.Value)
			if o, there := zvt.Find(objects, zvt.TagMirror); there && len(o.Value) > 0 {
				c.mirror = 0
				for _, x := range o.Value {
					c.mirror = c.mirror<<8 | int(x)
				}
			}
		}
	}
	return c, err
}

func (t *talk) rule(c command) Rule {
	t.sim.mu.Lock()
	defer t.sim.mu.Unlock()
	amount := max(c.amountMinor, 0)
	if before := t.sim.cfg.Before; before != nil {
		if r := before(names[c.code], amount); r != nil {
			return *r
		}
	}
	if name := names[c.code]; name != "" {
		return t.sim.cfg.Script.find(name, amount)
	}
	return Rule{Do: answer}
}

// asked notes that a command is being carried out, and for which attempt.
func (t *talk) asked(now bool) {
	t.sim.mu.Lock()
	defer t.sim.mu.Unlock()
	if t.sim.asked = now; now && t.sim.cfg.About != nil {
		t.sim.about = t.sim.cfg.About()
	}
}

func (t *talk) answer(code zvt.Code) error { return t.send(zvt.APDU{Code: code}) }

func (t *talk) send(a zvt.APDU) error {
	_, err := t.wire.Send(a, t.sim.cfg.Wait)
	return err
}

// tell sends a command to the till and waits for its answer. What the till asks for meanwhile is refused, but for an abort, which ends the wait
// for a card.
func (t *talk) tell(a zvt.APDU, within time.Duration) (zvt.Code, error) {
	if err := t.send(a); err != nil {
		return 0, err
	}
	for end := time.Now().Add(within); ; {
		got, err := t.wire.Receive(t.ctx, time.Until(end))
		if err != nil {
			return 0, err
		}
		if got.Code.IsAnswer() {
			return got.Code, nil
		}
		if err := t.answer(zvt.Again); err != nil {
			return 0, err
		}
	}
}

// end sends the command that gives the till the word back. What it answers changes nothing any more.
func (t *talk) end(code zvt.Code, data ...byte) error {
	_, err := t.tell(zvt.APDU{Code: code, Data: data}, t.sim.cfg.Wait)
	if errors.Is(err, wire.ErrSilent) {
		return nil
	}
	return err
}

func (t *talk) status(s zvt.Status) zvt.APDU {
	data, err := zvt.AppendFields(nil, s.Fields(t.sim.cfg.Charset)...)
	if err != nil {
		panic(err) // it is made here
	}
	return zvt.APDU{Code: zvt.StatusInfo, Data: data}
}

func (t *talk) register(c command) error {
	if err := t.answer(zvt.Positive); err != nil {
		return err
	}
	t.config = c.config
	t.sim.mu.Lock()
	var needs byte
	if t.sim.needs.init {
		needs |= 1
	}
	if t.sim.needs.diagnosis {
		needs |= 2
	}
	t.sim.mu.Unlock()
	data, err := zvt.AppendFields(nil, zvt.Field{Tag: zvt.FieldStatus, Value: []byte{needs}}, zvt.Field{Tag: zvt.FieldTID, Value: zvt.Pack(t.sim.cfg.TID, 4)},
		zvt.Field{Tag: zvt.FieldCurrency, Value: zvt.Pack("0"+t.sim.cfg.Currency, 2)})
	if err != nil {
		return err
	}
	return t.end(zvt.Completion, data...)
}

func (t *talk) enquire() error {
	if err := t.answer(zvt.Positive); err != nil {
		return err
	}
	state := byte(0)
	t.sim.mu.Lock()
	switch {
	case t.sim.needs.init:
		state = 0x51
	case t.sim.needs.diagnosis:
		state = 0xC2
	case t.sim.needs.endOfDay:
		state = 0xF0
	}
	t.sim.mu.Unlock()
	if t.sim.isBusy() {
		state = 0x9C
	}
	return t.end(zvt.Completion, state)
}

func (t *talk) obeyed(code zvt.Code) error {
	t.sim.mu.Lock()
	if code == zvt.Initialise {
		t.sim.needs.init = false
	} else {
		t.sim.needs.diagnosis = false
	}
	t.sim.mu.Unlock()
	if err := t.answer(zvt.Positive); err != nil {
		return err
	}
	return t.end(zvt.Completion)
}

func (t *talk) repeat(c command) error {
	if t.sim.isBusy() {
		return t.answer(zvt.Again)
	}
	if err := t.answer(zvt.Positive); err != nil {
		return err
	}
	s, ok := t.sim.lastTold()
	if !ok {
		return t.end(zvt.Aborted, unknownOne)
	}
	if c.service&1 != 0 {
		if _, err := t.tell(t.status(s), t.sim.cfg.Wait); err != nil {
			return err
		}
	}
	if c.service&2 == 0 && t.sendsLines() {
		if err := t.print(s); err != nil {
			return err
		}
	}
	return t.end(zvt.Completion)
}

func (t *talk) endOfDay(c command) error {
	if err := t.answer(zvt.Positive); err != nil {
		return err
	}
	count, minor := t.sim.sums()
	if c.rule.Do == OtherAmount {
		minor++
	}
	s := bare(0)
	s.AmountMinor = max(minor, 0)
	a := t.status(s)
	totals := append(zvt.Pack("0001", 2), zvt.Pack("9999", 2)...)
	sum, _ := zvt.BCD(max(minor, 0), 6)
	totals = append(append(totals, byte(min(count, 255))), sum...)
	totals = append(totals, make([]byte, 5*7)...)
	var err error
	if a.Data, err = zvt.AppendFields(a.Data, zvt.Field{Tag: zvt.FieldTotals, Value: totals}); err != nil {
		return err
	}
	if err := t.sim.endDay(); err != nil { // before anybody hears of it
		return err
	}
	if c.rule.Do == CutAfter {
		t.wire.Close()
		return errPulled
	}
	if _, err := t.tell(a, t.sim.cfg.Wait); err != nil {
		return err
	}
	return t.end(zvt.Completion)
}

// transact is a payment, a reversal or a refund.
func (t *talk) transact(c command) error {
	if c.mirror >= 0 {
		if err := t.sim.mirrored(c.mirror); err != nil {
			return err
		}
	}
	if t.sim.isBusy() {
		return t.answer(zvt.Again)
	}
	if c.amountMinor <= 0 && c.code != zvt.Reversal {
		return t.answer(0x84C8) // amount too small
	}
	if err := t.answer(zvt.Positive); err != nil {
		return err
	}
	if stop, err := t.reads(c); stop || err != nil {
		return err
	}
	switch c.rule.Do {
	case Decline, Stale:
		return t.declines(c.rule.code())
	case AbortOnly:
		return t.end(zvt.Aborted, c.rule.code())
	}
	if c.code == zvt.Reversal {
		if code := t.sim.reversible(c.receipt, c.amountMinor); code != 0 {
			return t.declines(code)
		}
	}
	return t.approves(c)
}

// reads waits for the customer's card, with texts for the screen. stop says that the till aborted it.
func (t *talk) reads(c command) (stop bool, err error) {
	texts := []string{"Karte einstecken / durchziehen", "Bitte warten"}
	if c.rule.Do == LateText {
		texts = append(texts, "Bitte Geheimzahl eingeben", "Betrag bestätigen", "Geheimzahl falsch")
	}
	if t.sim.cfg.Quiet || t.config&zvt.TellProgress == 0 {
		texts = nil
	}
	wait := t.sim.cfg.Card
	if c.rule.Do == Delay || c.rule.Do == LateText {
		wait += c.rule.wait()
	}
	for i, text := range texts {
		if _, err := t.tell(t.progress(byte(0x0A+4*min(i, 1)), text), t.sim.cfg.Wait); err != nil {
			return false, err
		}
		if stop, err := t.pauses(wait / time.Duration(len(texts))); stop || err != nil {
			return stop, err
		}
	}
	if len(texts) == 0 {
		return t.pauses(wait)
	}
	return false, nil
}

func (t *talk) progress(state byte, text string) zvt.APDU {
	inside := zvt.AppendObjects(nil, zvt.Object{Tag: zvt.TagTexts, Inside: []zvt.Object{{Tag: zvt.TagTextLine, Value: t.sim.cfg.Charset.Encode(text)}}})
	data, err := zvt.AppendFields([]byte{state, 0x01}, zvt.Field{Tag: zvt.FieldTLV, Value: inside})
	if err != nil {
		panic(err) // it is made here
	}
	return zvt.APDU{Code: zvt.Intermediate, Data: data}
}

// pauses lets time pass. An abort of the till ends it while a card is waited for.
func (t *talk) pauses(d time.Duration) (stop bool, err error) {
	if d <= 0 {
		return false, nil
	}
	got, err := t.wire.Receive(t.ctx, d)
	switch {
	case errors.Is(err, wire.ErrSilent):
		return false, nil
	case err != nil:
		return false, err
	case got.Code == zvt.Abort:
		if err := t.answer(zvt.Positive); err != nil {
			return true, err
		}
		return true, t.end(zvt.Aborted, aborted)
	}
	return false, nil
}

func (t *talk) declines(code byte) error {
	if _, err := t.tell(t.status(bare(int(code))), t.sim.cfg.Wait); err != nil {
		return err
	}
	return t.end(zvt.Aborted, code)
}

// approves has the host's approval, and goes on until the till has confirmed it or it is undone.
func (t *talk) approves(c command) error {
	if c.rule.Do == PINAgain {
		if _, err := t.tell(t.status(bare(0x55)), t.sim.cfg.Wait); err != nil {
			return err
		}
	}
	amount := c.amountMinor
	if c.code == zvt.Reversal {
		t.sim.mu.Lock()
		amount = t.sim.ledger.payment(c.receipt).AmountMinor
		t.sim.mu.Unlock()
		if err := t.sim.reverse(c.receipt); err != nil {
			return err
		}
	}
	r, err := t.sim.authorise(names[c.code], amount, max(c.receipt, 0))
	if err != nil { // nobody hears of what the ledger does not hold
		return err
	}
	err = t.confirms(c, r)
	if err == nil || errors.Is(err, errUndone) {
		return nil
	}
	if failed := t.sim.abandon(r); failed != nil {
		return failed
	}
	return err
}

var errUndone = errors.New("it was undone")

// confirms brings a transaction to its end with the till. With an error the till never confirmed it.
func (t *talk) confirms(c command, r Row) error {
	switch c.rule.Do {
	case CutAfter:
		t.wire.Close()
		return errPulled
	case SilentAfter:
		if _, err := t.wire.Receive(t.ctx, idle); err != nil {
			return err
		}
		return wire.ErrSilent
	case Unasked:
		if _, err := t.tell(zvt.APDU{Code: 0x0FCA, Data: []byte{1, 2, 3}}, t.sim.cfg.Wait); err != nil {
			return err
		}
	}
	if err := t.asksForWord(c, r); err != nil {
		return err
	}
	if c.rule.Do == CutAfterAck {
		t.wire.Close()
		return errPulled
	}
	if t.sendsLines() {
		if err := t.print(t.sim.statusOf(r)); err != nil {
			return err
		}
	}
	if c.rule.Do == AbortedLate || c.rule.Do == RefusedLate {
		if err := t.sim.undo(r); err != nil {
			return err
		}
		if c.rule.Do == AbortedLate {
			return errors.Join(errUndone, t.end(zvt.Aborted, aborted))
		}
		s := t.sim.statusOf(r)
		s.Result = aborted
		_, err := t.tell(t.status(s), t.sim.cfg.Wait)
		return errors.Join(errUndone, err, t.end(zvt.Completion))
	}
	if err := t.sim.store(r); err != nil {
		return err
	}
	if err := t.end(zvt.Completion); err != nil { // it stands, whoever has heard of that
		t.sim.say("receipt %04d stands: %v", r.Receipt, err)
	}
	return nil
}

// asksForWord tells the till of an approval, and waits until it has answered.
func (t *talk) asksForWord(c command, r Row) error {
	told := t.told(c, r)
	wait := t.sim.cfg.Wait
	if c.wait > 0 {
		wait = min(c.wait, wait)
	}
	if c.rule.Do == Twice {
		if err := t.send(told); err != nil {
			return err
		}
	}
	for {
		code, err := t.tell(told, wait)
		switch {
		case err != nil:
			return err
		case code.IsPositive():
			return nil
		case code == zvt.Again:
			if _, err := t.pauses(2 * time.Second); err != nil {
				return err
			}
			continue
		}
		if err := t.sim.undo(r); err != nil {
			return err
		}
		return errors.Join(errUndone, t.declines(aborted))
	}
}

// told is the Status-Information of an approval, or what a rule makes of it.
func (t *talk) told(c command, r Row) zvt.APDU {
	s := t.sim.statusOf(r)
	switch c.rule.Do {
	case OtherAmount:
		s.AmountMinor--
	case OtherTID:
		s.TID = "11111111"
	case NoReceipt:
		s.Receipt = -1
	}
	a := t.status(s)
	switch c.rule.Do {
	case Garbage:
		a.Data = append([]byte{0xC7, 0x01}, a.Data...)
	case Contradict:
		a.Data = append(a.Data, zvt.FieldResult, aborted)
	}
	return a
}

// sendsLines reports whether receipts are printed by the till, line by line.
func (t *talk) sendsLines() bool {
	return !t.sim.cfg.NoLines && t.config&(zvt.TillPrintsPayments|zvt.SendsLines) == zvt.TillPrintsPayments|zvt.SendsLines
}

// print sends both receipts. Each block has to be answered: without that a payment is not confirmed (2.2.8).
func (t *talk) print(s zvt.Status) error {
	for copyOf := zvt.ForMerchant; copyOf <= zvt.ForCustomer; copyOf++ {
		lines := []string{map[zvt.Copy]string{zvt.ForMerchant: "** Händlerbeleg **", zvt.ForCustomer: "** Kundenbeleg **"}[copyOf], "Terminal-ID: " + s.TID,
			fmt.Sprintf("Beleg-Nr. %04d", s.Receipt), "girocard", "Nr. ###############" + s.PAN[max(0, len(s.PAN)-4):], "Genehmigungs-Nr. " + s.AID,
			fmt.Sprintf("EUR %d,%02d", s.AmountMinor/100, s.AmountMinor%100), "Zahlung erfolgt"}
		var texts []zvt.Object
		for _, line := range lines {
			texts = append(texts, zvt.Object{Tag: zvt.TagTextLine, Value: t.sim.cfg.Charset.Encode(line)})
		}
		texts = append(texts, zvt.Object{Tag: zvt.TagAttribute, Value: []byte{0x81}})
		inside := zvt.AppendObjects(nil, zvt.Object{Tag: zvt.TagReceipt, Value: []byte{byte(copyOf)}}, zvt.Object{Tag: zvt.TagPrintTexts, Inside: texts})
		data, err := zvt.AppendFields(nil, zvt.Field{Tag: zvt.FieldTLV, Value: inside})
		if err != nil {
			return err
		}
		code, err := t.tell(zvt.APDU{Code: zvt.PrintBlock, Data: data}, t.sim.cfg.Wait)
		if err != nil {
			return err
		}
		if !code.IsPositive() {
			return fmt.Errorf("the till does not print: %s", code)
		}
	}
	return nil
}
