package simulator

import (
	"encoding/hex"
	"fmt"
	"sync"

	"veratill/txn"
	"veratill/txn/acquirer"
	"veratill/txn/iso8583"
)

// bank is the host as money.md wants it: durable before it answers (rule 11), and
// mindful of a reversal that came before its original (rule 12). What goes wrong is
// on the way to it and back, or a crash.
type bank struct {
	w      *world
	rows   map[txn.ID]*row
	down   bool
	signed bool // keys were given since its last restart
	rrn    int64
}

// row is what the bank holds of an attempt.
type row struct {
	state    bankState
	saved    bool
	amount   string
	original txn.ID // what a void undoes
	voided   bool   // undone by a void that was approved
	request  iso8583.Message
}

type bankState string

const (
	bankApproved bankState = "approved"
	bankDeclined bankState = "declined"
	bankReversed bankState = "reversed"
)

var (
	masterKey = mustHex(acquirer.DemoMasterKey)
	workKey   = mustHex("404142434445464748494A4B4C4D4E4F")
)

// signInKeys is DE62 of every sign-in: this bank has one working key.
var signInKeys = sync.OnceValue(func() string {
	private, err := iso8583.SealKeys(masterKey, workKey, workKey)
	if err != nil {
		panic(err)
	}
	return string(private)
})

func mustHex(text string) []byte {
	b, err := hex.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return b
}

// receive is one message at the bank.
func (b *bank) receive(c *conn, t transit) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	if b.down {
		return
	}
	switch {
	case t.MTI[1] == '8':
		b.network(c, t)
	case !b.signed && b.w.profile.MAC, !b.w.profile.Genuine(t.Message, t.body, workKey):
		b.answer(c, t, b.reply(t, "A0"))
	case t.MTI[1] == '2':
		b.answer(c, t, b.decide(t))
	case t.MTI[1] == '4':
		b.answer(c, t, b.undo(t))
	}
}

func (b *bank) network(c *conn, t transit) {
	m := b.reply(t, "00")
	if b.w.profile.MAC {
		m.Set(62, signInKeys())
	}
	b.signed = true
	b.answer(c, t, m)
}

func (b *bank) reply(t transit, code string) iso8583.Message {
	mti := []byte(t.MTI)
	mti[2]++
	mti[3] = '0'
	m := iso8583.NewMessage(string(mti)).Copy(t.Message, 3, 4, 7, 11, 25, 41, 42, 49, 60, 61, 70).Set(39, code)
	if t.MTI[1] != '8' {
		m.Set(12, "120000").Set(13, "0229")
	}
	return m
}

// decide is the bank's word on a sale or a void.
func (b *bank) decide(t transit) iso8583.Message {
	if was := b.rows[t.id]; was != nil {
		if was.state == bankReversed {
			return b.reply(t, "12")
		}
		return b.reply(t, "94")
	}
	r := &row{state: bankApproved, amount: t.Get(4), request: t.Message}
	code := "00"
	if batch, stan, void := b.w.profile.IsVoid(t.Message); void {
		r.original = txn.ID(batch*txn.NumbersPerBatch + stan)
		code = b.voidable(r)
	}
	if f := b.w.peek(b.w.bankFates); f.word(1) == "decline" {
		code = "51"
	}
	if f := b.w.peek(b.w.bankFates); f.word(1) == "wrong-amount" { // it takes what it says
		r.amount = fmt.Sprintf("%012d", number(r.amount)+1)
	}
	if code != "00" {
		r.state = bankDeclined
	} else if o := b.rows[r.original]; o != nil {
		o.state, o.voided = bankReversed, true
	}
	b.rrn++
	//mutant:bank-writes-first/simulator
	r.saved = true // rule 11: before the answer is on its way
	b.rows[t.id] = r
	b.w.say("bank %s %s", r.state, t.Get(11))
	return b.reply(t, code).Set(37, fmt.Sprintf("%012d", b.rrn)).Set(38, fmt.Sprintf("%06d", b.rrn%1_000_000))
}

func (b *bank) voidable(r *row) string {
	o := b.rows[r.original]
	switch {
	case o == nil || o.original != 0:
		return "25"
	case o.state != bankApproved:
		return "12"
	case o.amount != r.amount:
		return "64"
	}
	return "00"
}

// undo is the bank's word on a reversal.
func (b *bank) undo(t transit) iso8583.Message {
	was := b.rows[t.id]
	switch {
	case was == nil:
		//mutant:early-reversal-is-remembered/simulator
		b.rows[t.id] = &row{state: bankReversed, saved: true, request: t.Message} // rule 12
		return b.reply(t, "25")
	case was.state == bankDeclined:
		return b.reply(t, "12")
	case was.state == bankReversed:
		return b.reply(t, "00")
	}
	b.w.judgeReversal(t, was)
	was.state = bankReversed
	if o := b.rows[was.original]; o != nil && o.voided {
		o.state, o.voided = bankApproved, false
	}
	b.w.say("bank reversed %s", t.Get(11))
	return b.reply(t, "00")
}

// crash ends the bank's program: every line is cut, its keys are forgotten, and so is what was not saved.
func (b *bank) crash() {
	for id, r := range b.rows {
		if !r.saved {
			delete(b.rows, id)
		}
	}
	b.signed = false
	b.w.cutLines()
}

// answer lets an answer out, or does with it what its fate is.
func (b *bank) answer(c *conn, t transit, m iso8583.Message) {
	w := b.w
	f := w.next(&w.bankFates)
	fate := f.word(1)
	switch fate {
	case "wrong-amount":
		m.Set(4, fmt.Sprintf("%012d", number(m.Get(4))+1))
	case "wrong-terminal":
		m.Set(41, "OTHER001")
	case "wrong-stan":
		m.Set(11, fmt.Sprintf("%06d", 1+number(m.Get(11))%999_999))
	case "partial":
		m.Set(39, "10")
	case "refuse":
		m.Set(39, "96")
		if t.MTI[1] == '2' && b.rows[t.id] != nil && b.rows[t.id].state == bankApproved {
			m.Set(39, "94") // a bank that holds the money never says that it does not
		}
	}
	frame := w.frame(t, m)
	//mutant:answer-is-signed/simulator
	if fate == "wrong-mac" && w.profile.MAC {
		frame[len(frame)-1] ^= 1
	}
	switch fate {
	case "lose":
	case "cut":
		c.Close()
	case "garbage":
		w.after(ordinary, func() { c.deliver(w.profile.Frame([]byte("this is no message"), &t.headers)) })
	case "twice":
		w.after(ordinary, func() { c.deliver(frame) })
		w.after(2*ordinary, func() { c.deliver(frame) })
	case "delay":
		w.after(f.duration(2), func() { w.deliverLate(c, frame) })
	default:
		w.after(ordinary, func() { c.deliver(frame) })
	}
}

// frame signs an answer about money where the profile has a MAC.
func (w *world) frame(t transit, m iso8583.Message) []byte {
	var body []byte
	var err error
	if w.bank.signed || !w.profile.MAC {
		body, err = w.profile.Seal(m, workKey)
	} else {
		body, err = w.profile.Pack(m)
	}
	if err != nil {
		panic(fmt.Sprintf("the simulated bank can't say %s: %v", m.MTI, err))
	}
	return w.profile.Frame(body, &t.headers)
}

// deliverLate finds the till's newest line: an answer may come after a reconnect.
func (w *world) deliverLate(c *conn, frame []byte) {
	w.mu.Lock()
	if w.line != nil && c.closed() {
		c = w.line
	}
	w.mu.Unlock()
	c.deliver(frame)
}
