package iso8583

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Terminal is who is speaking.
type Terminal struct {
	Number   string // DE41, 8 characters
	Merchant string // DE42, 15 characters
	Batch    int64
	Now      time.Time // DE7, 12, 13 where the profile sends this till's clock
}

// Transaction is a sale, a void or a refund with all that its messages need. Card data is
// only there while it is: a reversal after a restart has no track.
type Transaction struct {
	Terminal
	STAN        int64
	AmountMinor int64
	Currency    string // ISO 4217 numeric
	EntryMode   string // DE22
	// What is read of a card stays its owner's, who wipes it.
	PAN    []byte
	Expiry []byte // YYMM
	Track2 []byte

	Approval string // DE38 of this transaction, if it is known
	Scheme   string // of the card, as a reader names it
	Original *Original
}

// Original is what a void undoes, or a refund gives back of.
type Original struct {
	Batch, STAN int64
	Date        string // MMDD, the bank's if it is known
	Time        string // MMDDhhmmss as it was sent, for DE90
	RRN         string
	Approval    string
}

// Processing codes, DE3.
const (
	saleCode = "000000"
	voidCode = "200000" // and of a refund
)

// MTIs of a refund, and of its repeat.
const (
	refundMTI      = "0220"
	refundAgainMTI = "0221"
)

func six(n int64) string { return fmt.Sprintf("%06d", n) }

// pad fills DE41 and DE42, which are fixed, with spaces on the right.
func pad(text string, size int) string { return fmt.Sprintf("%-*s", size, text) }

// saidBack is a value of an earlier answer in a message of ours: as it came, and where it is
// shorter than its fixed-width field, filled with blanks on the right. Nothing stays nothing.
func (p *Profile) saidBack(number int, value string) string {
	//mutant:said-back-at-full-width
	if f, ok := p.Field(number); ok && f.Variable == 0 && value != "" {
		return pad(value, f.Length)
	}
	return value
}

func (p *Profile) begin(mti string, t Terminal, stan int64) Message {
	m := NewMessage(mti).Set(11, six(stan)).Set(41, pad(t.Number, 8)).Set(42, pad(t.Merchant, 15))
	if p.Style == Plain1987 {
		m.Set(7, t.Now.Format("0102150405"))
	}
	return m
}

// SignIn is the 0800 that asks for keys.
func (p *Profile) SignIn(t Terminal, stan int64) Message {
	m := p.begin("0800", t, stan)
	if p.Style == Plain1987 {
		return m.Set(70, "001")
	}
	// Q/CUP 009.1: 62 names the terminal's serial number, 63 the operator.
	return m.Set(60, "00"+six(t.Batch)+"003").Set(62, "Sequence No12Veratill").Set(63, "01 ")
}

// Echo asks whether anybody is there.
func (p *Profile) Echo(t Terminal, stan int64) Message {
	m := p.begin(p.EchoMTI, t, stan)
	if p.Style == Plain1987 {
		return m.Set(70, "301")
	}
	return m.Set(60, "00"+six(t.Batch)+"301")
}

// Financial is the 0200 of a sale, or of a void where t has an Original.
func (p *Profile) Financial(t Transaction) Message {
	m := p.common("0200", t).Hide(14, t.Expiry).Hide(35, t.Track2)
	if o := t.Original; o != nil {
		m.Set(37, p.saidBack(37, o.RRN)).Set(38, p.saidBack(38, o.Approval))
	}
	return m
}

// Refund is the 0220 of a transaction that has an Original, or its repeat: everything again, under the same number. The card is read again; DE37 and
// DE61 name what it gives back of.
func (p *Profile) Refund(t Transaction, again bool) Message {
	mti := refundMTI
	if again {
		mti = refundAgainMTI
	}
	m := p.common(mti, t).Hide(14, t.Expiry).Hide(35, t.Track2)
	if o := t.Original; o != nil {
		m.Set(37, p.saidBack(37, o.RRN))
	}
	if p.Style == UnionPayPOS {
		m.Set(63, organisation(t.Scheme))
	}
	return m
}

// organisation is the three letters of a card's brand in DE63 of a refund, as makers of UnionPay terminals publish them; CUP where it is not known.
func organisation(scheme string) string {
	if letters, known := map[string]string{"Visa": "VIS", "Mastercard": "MCC", "Maestro": "MAE", "JCB": "JCB", "Diners Club": "DCC", "American Express": "AMX"}[scheme]; known {
		return letters
	}
	return "CUP"
}

// Reversal is the 0400 of a transaction, the same STAN and batch, with its reason
// in DE39; from the second try on it is the profile's repeat. No track, no PIN.
func (p *Profile) Reversal(t Transaction, reason string, try int) Message {
	mti := "0400"
	if try > 1 {
		mti = p.RepeatMTI
	}
	m := p.common(mti, t).Set(38, p.saidBack(38, t.Approval)).Set(39, reason)
	if p.Style == Plain1987 {
		m.Set(90, originalElements(six(t.STAN), t.Now.Format("0102150405")))
	}
	return m
}

// common are the fields that a reversal repeats from its original as they were.
func (p *Profile) common(mti string, t Transaction) Message {
	m := p.begin(mti, t.Terminal, t.STAN).
		Hide(2, t.PAN).Set(3, saleCode).Set(4, fmt.Sprintf("%012d", t.AmountMinor)).
		Set(22, t.EntryMode).Set(25, "00").Set(49, t.Currency)
	kind := "22"
	if o := t.Original; o != nil {
		kind = "23"
		naming := p.VoidNames
		if isRefund(mti) {
			kind, naming = "25", p.RefundNames
		}
		m.Set(3, voidCode).Set(61, o.named(naming))
	}
	if p.Style == Plain1987 {
		m.Set(12, t.Now.Format("150405")).Set(13, t.Now.Format("0102")).Set(60, six(t.Batch))
		if o := t.Original; o != nil {
			m.Set(90, originalElements(six(o.STAN), o.Time))
		}
		return m
	}
	return m.Set(60, kind+six(t.Batch)+"000")
}

// named is DE61. What is on no list names everything.
func (o Original) named(n Naming) string {
	switch n {
	case ByNumber:
		return six(o.Batch) + six(o.STAN)
	case ByDate:
		return six(0) + six(0) + o.Date
	}
	return six(o.Batch) + six(o.STAN) + o.Date
}

func isRefund(mti string) bool { return len(mti) == 4 && mti[1:3] == "22" }

// IsRefund reports whether a request asks for a refund, and which batch and STAN it names, 0 where DE61 leaves that to the date and to DE37.
func (p *Profile) IsRefund(m Message) (batch, stan int64, ok bool) {
	if !isRefund(m.MTI) {
		return 0, 0, false
	}
	batch, stan, _ = original(m)
	return batch, stan, true
}

// originalElements is DE90, n42.
func originalElements(stan, at string) string {
	return "0200" + stan + at + "0000000000000000000000"
}

// Batch is the batch that a message names, or 0.
func (p *Profile) Batch(m Message) int64 {
	text := m.Get(60)
	if p.Style == UnionPayPOS {
		if len(text) < 8 {
			return 0
		}
		text = text[2:8]
	}
	if len(text) < 6 {
		return 0
	}
	n, err := strconv.ParseInt(text[:6], 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// IsVoid reports whether a 0200 or 0400 is about a void, and which batch and STAN it undoes.
func (p *Profile) IsVoid(m Message) (batch, stan int64, ok bool) {
	if m.Get(3) != voidCode || isRefund(m.MTI) {
		return 0, 0, false
	}
	batch, stan, _ = original(m)
	return batch, stan, true
}

// original is the batch and STAN that DE61 names; ok is false where it names none.
func original(m Message) (batch, stan int64, ok bool) {
	text := m.Get(61)
	if len(text) < 12 {
		return 0, 0, false
	}
	batch, err1 := strconv.ParseInt(text[:6], 10, 64)
	stan, err2 := strconv.ParseInt(text[6:12], 10, 64)
	if err1 != nil || err2 != nil {
		return 0, 0, false
	}
	return batch, stan, true
}

// Matches reports whether an answer brings back what its request said: the fields that the
// profile names, and the batch where it is told.
func (p *Profile) Matches(request, answer Message) bool {
	for _, n := range p.MustMatch {
		if !answer.Has(n) {
			return false
		}
	}
	return p.Agrees(request, answer) && (!answer.Has(60) || p.Batch(answer) == p.Batch(request))
}

// Agrees reports whether nothing in an answer contradicts its request; a field that is
// left out contradicts nothing. It is enough for a refusal, which charges nobody.
func (p *Profile) Agrees(request, answer Message) bool {
	return answers(request.MTI, answer.MTI) && p.samePayment(request, answer, 0)
}

// TakesPart reports whether an answer approves its request in part, and contradicts it by the amount alone.
func (p *Profile) TakesPart(request, answer Message) bool {
	return answers(request.MTI, answer.MTI) && p.ApprovesInPart(answer.Get(39)) && p.samePayment(request, answer, 4)
}

// Contradicts reports whether an answer to such a request names another payment: another amount, card, time or batch. The amount of an
// approval in part is another.
func (p *Profile) Contradicts(request, answer Message) bool {
	return answers(request.MTI, answer.MTI) && !p.samePayment(request, answer, 0) && !p.TakesPart(request, answer)
}

// samePayment reports whether nothing that names a payment differs but one field, 0 for none.
func (p *Profile) samePayment(request, answer Message, but int) bool {
	//mutant:what-names-a-payment-agrees
	for _, n := range p.names() {
		if n != but && answer.Has(n) && request.Has(n) && answer.told(n) != request.told(n) {
			return false
		}
	}
	return p.Batch(answer) == 0 || p.Batch(answer) == p.Batch(request)
}

// ShownPAN is what may be shown of the card number that a message names; empty where it names none.
func (m Message) ShownPAN() string {
	if !m.Has(2) {
		return ""
	}
	return m.told(2)
}

// told is a field's value without the blanks that fixed-width fields are filled with; of a card number what may be shown.
func (m Message) told(number int) string {
	secret, hidden := m.hidden[number]
	switch {
	case hidden:
		return redactHidden(number, secret)
	case number == 2 && !strings.Contains(m.fields[2], "*"):
		return Mask(m.fields[2])
	}
	return strings.TrimSpace(m.fields[number])
}

// Specimens fill the table of messages in the documentation.
var (
	specimenTerminal = Terminal{Number: "00000001", Merchant: "000000000000001", Batch: 1}
	specimenSale     = Transaction{Terminal: specimenTerminal, STAN: 1, AmountMinor: 1, Currency: "156", EntryMode: "022",
		PAN: []byte("6200000000000005"), Expiry: []byte("3012"), Track2: []byte("6200000000000005=3012"), Approval: ""}
	specimenRefund = Transaction{Terminal: specimenTerminal, STAN: 3, AmountMinor: 1, Currency: "156", EntryMode: "022",
		PAN: []byte("6200000000000005"), Expiry: []byte("3012"), Track2: []byte("6200000000000005=3012"), Scheme: "UnionPay",
		Original: &Original{Batch: 1, STAN: 1, Date: "0101", RRN: "000000000001", Approval: "000001"}}
	specimenBatch = Batch{Terminal: specimenTerminal, STAN: 999001, Currency: "156", Own: Sums{Debits: 1, DebitMinor: 1}}
	specimenVoid  = Transaction{Terminal: specimenTerminal, STAN: 2, AmountMinor: 1, Currency: "156", EntryMode: "012",
		Original: &Original{Batch: 1, STAN: 1, Date: "0101", RRN: "000000000001", Approval: "000001"}}
)

// answers tells the MTI of a request's answer: the third digit is one more. The last one
// says who sent it, and that a request was a repeat.
func answers(request, answer string) bool {
	return len(request) == 4 && len(answer) == 4 && answer[:2] == request[:2] && answer[2] == request[2]+1
}
