package simulator

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"veratill/packaging/prove/counter"
	"veratill/txn"
	"veratill/txn/hostsim/bank"
	"veratill/txn/iso8583"
)

// host is the bank as money.md wants it: durable before it answers (rule 11); what it decides
// is the decision of all simulated banks. What goes wrong is on the way to it and back, or a crash.
type host struct {
	w      *world
	book   *bank.Book
	disk   *bank.Book // what of the book outlives a crash
	down   bool
	closes bool   // who stands before it accepts connections and ends them
	clock  string // of Script.Clock
	ahead  time.Duration
	signed bool // keys were given since its last restart

	asked   map[txn.ID]iso8583.Message // the first request of each number
	batches map[txn.ID]int64           // that its first message said
	said    map[txn.ID]map[string]bool // approval codes in its answers, by the number that they named
	others  map[txn.ID]bool            // an answer to its request named another payment, or said what was said of one
}

func newHost(w *world) *host {
	return &host{w: w, book: bank.NewBook(), disk: bank.NewBook(), asked: map[txn.ID]iso8583.Message{}, batches: map[txn.ID]int64{}, said: map[txn.ID]map[string]bool{}, others: map[txn.ID]bool{}}
}

// now is the bank's own clock.
func (b *host) now() time.Time { return time.Now().UTC().Add(b.ahead) }

// row is what the bank's book holds of an attempt.
func (b *host) row(id txn.ID) bank.Row {
	if b.w.readers != nil {
		return b.w.terminalRow(id)
	}
	key := bank.Key{Terminal: terminalNumber, Batch: b.batches[id], STAN: id.STAN()}
	r := b.book.Row(key)
	if b.book.Matching == bank.ByDay && r.State == bank.Reversed { // it keeps a request from happening, and hides what the day before took
		for _, held := range b.book.Rows() {
			if held.Key == key && held.State == bank.Approved {
				r = held
			}
		}
	}
	if other := b.w.others[id.STAN()]; other.RRN != "" && r.AmountMinor == other.AmountMinor {
		return bank.Row{} // another till's
	}
	return r
}

var (
	masterKey = mustHex(counter.DemoKey)
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
func (b *host) receive(c *conn, t transit) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	if b.down {
		return
	}
	switch {
	case t.MTI[1] == '8':
		b.network(c, t)
	case !b.signed && b.w.profile.MAC, !b.w.profile.Genuine(t.Message, t.body, workKey):
		b.answer(c, t, bank.Answer(b.w.profile, t.Message, "A0", b.w.values(t)))
	case t.MTI[1] == '3' || t.MTI[1] == '5':
		b.settle(c, t)
	default:
		b.money(c, t)
	}
}

// settle is the bank's word on the sums of a batch, on a payment of an upload or on its end.
func (b *host) settle(c *conn, t transit) {
	d := b.book.DecideClosing(b.w.profile, t.Message, false)
	if d.Item != nil {
		b.w.judgeTold(t, *d.Item)
	}
	b.keepClosing(d)
	b.w.say("bank says %s to %s %s", d.Code, t.MTI, t.Get(11))
	b.answer(c, t, d.Answer(b.w.profile, t.Message, b.w.values(t)))
}

// keepClosing is keep for what was decided about a settlement.
func (b *host) keepClosing(d bank.ClosingDecision) {
	b.book.KeepClosing(d)
	b.disk.KeepClosing(d)
}

// values are those of the bank's answers to a request: any that the fields may have. They follow
// from the seed and the STAN, so that a script which is made shorter keeps them.
func (w *world) values(t transit) bank.Source {
	r := rand.New(rand.NewPCG(w.seed, uint64(t.id)<<8|uint64(t.MTI[1])))
	values := bank.Any(r.IntN)
	return func(f iso8583.Field) string {
		value := values(f)
		switch {
		case w.bank.clock == "":
		case f.Number == 12:
			return w.bank.now().Format("150405")
		case f.Number == 13:
			return w.bank.now().Format("0102")
		}
		return value
	}
}

func (b *host) network(c *conn, t transit) {
	m := bank.Answer(b.w.profile, t.Message, "00", b.w.values(t))
	if b.w.profile.MAC {
		m.Set(62, signInKeys())
	}
	b.signed = true
	b.answer(c, t, m)
}

// money is the bank's word on a sale, a void or a reversal.
func (b *host) money(c *conn, t transit) {
	r, err := bank.Read(b.w.profile, t.Message)
	if err != nil {
		b.w.bad("the till sent what the bank can't read: %v", err)
		return
	}
	if r.Date == "" {
		r.Date = b.w.bankDay()
	}
	values := b.w.values(t)
	f := b.w.peek(b.w.bankFates)
	if code := refusalOf(f, b.w.profile); !r.Reversal && code != "" {
		r.RefuseWith = code
	}
	if b.batches[t.id] == 0 {
		b.batches[t.id] = r.Batch
	}
	b.w.judgeNames(t, r)
	if r.Reversal && f.Word(1) == "refuse-undo" { // nothing is undone, and it says so
		b.answer(c, t, bank.Answer(b.w.profile, t.Message, "58", values))
		return
	}
	if before, known := b.book.AsBefore(r); known && f.Word(1) == "as-before" && strings.Trim(before.Again.RRN, " 0") != "" {
		b.w.say("bank says what it said of %06d to %s", before.Again.STAN, t.Get(11))
		b.others[t.id] = true
		b.answer(c, t, before.Answer(b.w.profile, t.Message, values))
		return
	}
	d := b.book.Decide(b.w.profile, r, values)
	b.others[t.id] = b.others[t.id] || d.Again.State != ""
	switch {
	case len(d.Rows) == 0:
	case r.Reversal:
		b.w.judgeReversal(t, b.row(t.id))
		b.w.say("bank %s %s", d.Rows[0].State, t.Get(11))
	default:
		b.asked[t.id] = t.Message
		if f.Word(1) == "wrong-amount" && b.book.Matching != bank.ByAll { // it takes what it says; one that compares amounts would find nothing by its own fault
			d.Rows[0].AmountMinor++
		}
		b.w.say("bank %s %s, RRN %q, approval code %q", d.Rows[0].State, t.Get(11), d.Rows[0].RRN, d.Rows[0].ApprovalCode)
	}
	b.keep(d.Rows)
	b.answer(c, t, d.Answer(b.w.profile, t.Message, values))
}

// keep is rule 11: the rows are on the disk before the answer is on its way.
func (b *host) keep(rows []bank.Row) {
	b.book.Keep(rows...)
	//mutant:bank-writes-first/simulator
	b.disk.Keep(rows...)
}

// crash ends the bank's program: every line is cut, its keys are forgotten, and so is what was not saved.
func (b *host) crash() {
	b.book = b.disk.Clone()
	b.signed = false
	b.w.cutLines()
}

// answer lets an answer out, or does with it what its fate is.
func (b *host) answer(c *conn, t transit, m iso8583.Message) {
	w := b.w
	f := w.fate(c, t, &w.bankFates)
	fate := f.Word(1)
	if b.clock == "echo" && t.Has(12) {
		m.Copy(t.Message, 12, 13)
	}
	b.others[t.id] = b.others[t.id] || fate == "wrong-amount"
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
		if t.MTI[1] == '2' && b.row(t.id).State == bank.Approved {
			m.Set(39, "94") // a bank that holds the money never says that it does not
		}
	case "bare":
		if t.MTI[1] == '5' { // it takes what it is told, and says nothing of its own
			m.Set(48, "").Set(66, "").Set(74, "").Set(76, "").Set(86, "").Set(88, "")
		}
	case "code":
		b.code(t, m, f)
	}
	b.note(m)
	frame := w.frame(t, m)
	//mutant:answer-is-signed/simulator
	if fate == "wrong-mac" && w.profile.MAC {
		frame[len(frame)-1] ^= 1
	}
	deliver := func(to *conn) {
		if to.deliver(frame) {
			w.hears(to, t, m, fate)
		}
	}
	switch fate {
	case "lose":
	case "cut":
		c.Close()
	case "garbage":
		w.after(ordinary, func() { c.deliver(w.profile.Frame([]byte("this is no message"), &t.headers)) })
	case "twice":
		w.after(ordinary, func() { deliver(c) })
		w.after(2*ordinary, func() { deliver(c) })
	case "delay":
		w.after(f.Duration(2), func() { deliver(w.newestLine(c)) })
	default:
		w.after(ordinary, func() { deliver(c) })
	}
}

// code answers with the code of a fate. A bank that holds the money never says that it refused, and one that does not
// never says that it approved; a code on no list it says of either. To a reversal, which is carried out by now, the bank
// may say anything.
func (b *host) code(t transit, m iso8583.Message, f Step) {
	if settles := t.MTI[1] == '3' || t.MTI[1] == '5'; settles {
		if p := b.w.profile; m.Get(39) == "00" || !p.Approves(codeOf(f)) && !p.NumberTaken(codeOf(f)) { // it never says that it has what it has not
			m.Set(39, codeOf(f))
		}
		return
	}
	p, holds := b.w.profile, b.row(t.id).State == bank.Approved
	if t.MTI[1] != '2' || holds && !p.Refuses(codeOf(f), true) || !holds && !p.Approves(codeOf(f)) {
		m.Set(39, codeOf(f))
	}
}

// codeOf is DE39 of a fate. A script writes a blank as _.
func codeOf(s Step) string { return strings.ReplaceAll(s.Word(2), "_", " ") }

// refusalOf is the code with which a fate lets the bank refuse.
func refusalOf(s Step, p *iso8583.Profile) string {
	switch {
	case s.Word(1) == "decline":
		return "51"
	case s.Word(1) == "code" && p.Refuses(codeOf(s), false):
		return codeOf(s)
	}
	return ""
}

// note remembers an approval code under the number that an answer names.
func (b *host) note(m iso8583.Message) {
	if id := b.w.idOf(m); id != 0 {
		if b.said[id] == nil {
			b.said[id] = map[string]bool{}
		}
		b.said[id][m.Get(38)] = true
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

// newestLine is where an answer comes: maybe after a reconnect.
func (w *world) newestLine(c *conn) *conn {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.line != nil && c.closed() {
		return w.line
	}
	return c
}
