package iso8583

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// Sums are what the payments and refunds of a part of a batch come to.
type Sums struct{ Debits, DebitMinor, Credits, CreditMinor int64 }

// Batch is what the messages of a settlement say.
type Batch struct {
	Terminal
	STAN     int64  // of all its messages but those of payments
	Currency string // ISO 4217 numeric
	Own      Sums   // cards of UnionPay; in plain ISO 8583:1987 all
	Foreign  Sums   // other cards
	Again    bool   // it was asked before
}

// Management codes of DE60 in a settlement, as a UnionPay terminal program that is public sends them (LiaoYang_POS, tranproc.c).
const (
	settles      = "201" // the sums, and each payment of an upload
	endsDiffers  = "202"
	endsBalanced = "207"
)

// ErrSums means that sums do not fit the fields of a settlement.
var ErrSums = errors.New("the sums of the batch do not fit the bank's message")

// most of what DE48 holds: counts of three digits and amounts of twelve.
const (
	mostCount  = 999
	mostAmount = 999_999_999_999
)

func (s Sums) fits(count, amount int64) bool {
	return s.Debits <= count && s.Credits <= count && s.DebitMinor <= amount && s.CreditMinor <= amount
}

// Settle is the 0500 that tells the bank the sums of a batch.
func (p *Profile) Settle(b Batch) (Message, error) {
	m := p.begin(p.repeated("0500", b.Again), b.Terminal, b.STAN).Set(49, b.Currency)
	if p.Style == Plain1987 {
		all := b.Own.plus(b.Foreign)
		return m.Set(60, six(b.Batch)).Set(74, fmt.Sprintf("%010d", all.Credits)).Set(76, fmt.Sprintf("%010d", all.Debits)).
			Set(86, fmt.Sprintf("%016d", all.CreditMinor)).Set(88, fmt.Sprintf("%016d", all.DebitMinor)), nil
	}
	//mutant:sums-fit-their-fields
	if !b.Own.fits(mostCount, mostAmount) || !b.Foreign.fits(mostCount, mostAmount) {
		return m, fmt.Errorf("%w: DE48 holds at most %d payments and %d refunds of a kind of card", ErrSums, mostCount, mostCount)
	}
	return m.Set(48, b.Own.block('0')+b.Foreign.block('0')).Set(60, "00"+six(b.Batch)+settles).Set(63, "01 "), nil
}

func (s Sums) plus(o Sums) Sums {
	return Sums{s.Debits + o.Debits, s.DebitMinor + o.DebitMinor, s.Credits + o.Credits, s.CreditMinor + o.CreditMinor}
}

// blockSize is one of the two parts of DE48: debit amount n12, debit count n3, credit amount n12, credit count n3, flag n1.
const blockSize = 31

func (s Sums) block(flag byte) string {
	return fmt.Sprintf("%012d%03d%012d%03d%c", s.DebitMinor, s.Debits, s.CreditMinor, s.Credits, flag)
}

// parseBlock reads a part of DE48.
func parseBlock(text string) (s Sums, flag byte, ok bool) {
	var errs [4]error
	read := func(i, from, to int) (n int64) {
		n, errs[i] = strconv.ParseInt(text[from:to], 10, 64)
		return n
	}
	s = Sums{DebitMinor: read(0, 0, 12), Debits: read(1, 12, 15), CreditMinor: read(2, 15, 27), Credits: read(3, 27, 30)}
	return s, text[30], errors.Join(errs[:]...) == nil
}

// SumsOf are the sums that a 0500 or an 0510 says, with the flags of an answer; ok is false where it says none.
func (p *Profile) SumsOf(m Message) (own, foreign Sums, flags string, ok bool) {
	if p.Style != Plain1987 {
		text := m.Get(48)
		if len(text) != 2*blockSize {
			return own, foreign, "", false
		}
		own, first, okOwn := parseBlock(text[:blockSize])
		foreign, second, okForeign := parseBlock(text[blockSize:])
		return own, foreign, string([]byte{first, second}), okOwn && okForeign
	}
	for field, into := range map[int]*int64{74: &own.Credits, 76: &own.Debits, 86: &own.CreditMinor, 88: &own.DebitMinor} {
		n, err := strconv.ParseInt(m.Get(field), 10, 64)
		if err != nil {
			return Sums{}, Sums{}, m.Get(66), false
		}
		*into = n
	}
	return own, foreign, m.Get(66), true
}

// SayBalance puts a bank's sums, and whether they are the till's, into an 0510.
func (p *Profile) SayBalance(m Message, own, foreign Sums, balanced bool) Message {
	flag := map[bool]byte{true: '1', false: '2'}[balanced]
	if p.Style != Plain1987 {
		return m.Set(48, own.block(flag)+foreign.block(flag))
	}
	all := own.plus(foreign)
	return m.Set(66, string(flag)).Set(74, fmt.Sprintf("%010d", all.Credits)).Set(76, fmt.Sprintf("%010d", all.Debits)).
		Set(86, fmt.Sprintf("%016d", all.CreditMinor)).Set(88, fmt.Sprintf("%016d", all.DebitMinor))
}

// Upload is the 0320 of one payment or refund of a batch that differs: what names it, and no card number, which the till has destroyed. rrn is the bank's
// reference number of it.
func (p *Profile) Upload(t Transaction, rrn string, refund, again bool) Message {
	kind, code := "22", saleCode
	if refund {
		kind, code = "25", voidCode
	}
	m := p.begin(p.repeated("0320", again), t.Terminal, t.STAN).Set(3, code).Set(4, fmt.Sprintf("%012d", t.AmountMinor)).
		Set(22, t.EntryMode).Set(25, "00").Set(37, p.saidBack(37, rrn)).Set(38, p.saidBack(38, t.Approval)).Set(49, t.Currency)
	if p.Style == Plain1987 {
		return m.Set(12, t.Now.Format("150405")).Set(13, t.Now.Format("0102")).Set(60, six(t.Batch))
	}
	return m.Set(60, kind+six(t.Batch)+settles)
}

// EndBatch is the 0320 that says how many payments were told of, and that the batch ends.
func (p *Profile) EndBatch(b Batch, told int, balanced bool) Message {
	m := p.begin(p.repeated("0320", b.Again), b.Terminal, b.STAN).Set(49, b.Currency)
	if p.Style == Plain1987 {
		return m.Set(60, six(b.Batch)).Set(48, fmt.Sprintf("%04d", told))
	}
	how := map[bool]string{true: endsBalanced, false: endsDiffers}[balanced]
	return m.Set(48, fmt.Sprintf("%04d", told)).Set(60, "00"+six(b.Batch)+how)
}

// EndsBatch reports whether a 0320 ends its batch, and how many payments it says were told of.
func (p *Profile) EndsBatch(m Message) (told int64, ends bool) {
	if m.Has(4) {
		return 0, false
	}
	told, err := strconv.ParseInt(m.Get(48), 10, 64)
	return told, err == nil
}

// repeated is the MTI of a message that was sent before, where the dialect tells one from the first.
func (p *Profile) repeated(mti string, again bool) string {
	if again && p.Style == Plain1987 {
		return mti[:3] + "1"
	}
	return mti
}

// BatchSays is what an answer means to a settlement.
type BatchSays int

// The meanings of an answer.
const (
	BatchUnknown    BatchSays = iota // it says nothing that can be relied on
	BatchAgrees                      // to a 0500: the sums are the bank's; to a 0320: taken
	BatchDiffers                     // to a 0500 alone
	BatchRefused                     // the bank does not do it
	BatchUncompared                  // to a 0500 alone: the bank has taken the sums, and says neither its own nor whether they are the same
)

// mismatch is DE39 of a bank whose sums are others (ISO 8583:1987: reconcile error).
const mismatch = "95"

// Balances is what an 0510 says. Balanced is said by the code together with the flags of the dialect, or, of a bank of plain ISO 8583:1987 that sends no flag (DE66), with its own
// sums, which the till compares. Of that dialect an 0510 that says neither has compared nothing.
func (p *Profile) Balances(request, answer Message) BatchSays {
	code := answer.Get(39)
	switch {
	case !p.sameBatch(request, answer):
		return BatchUnknown
	case code == mismatch:
		return BatchDiffers
	case p.refusesBatch(code):
		return BatchRefused
	case !p.Approves(code):
		return BatchUnknown
	//mutant:other-sums-are-no-balance
	case p.otherSums(request, answer):
		return BatchDiffers
	}
	_, _, flags, said := p.SumsOf(answer)
	if p.Style == Plain1987 && flags == "" {
		//mutant:what-compares-nothing-is-no-balance
		if !said {
			return BatchUncompared
		}
		return BatchAgrees
	}
	//mutant:balanced-is-said-by-the-flags
	if flags == map[Style]string{UnionPayPOS: "11", Plain1987: "1"}[p.Style] {
		return BatchAgrees
	}
	return BatchDiffers
}

// otherSums reports whether an 0510 says other sums than its 0500, also where it says only some of them.
func (p *Profile) otherSums(request, answer Message) bool {
	if p.Style == Plain1987 {
		//mutant:one-other-sum-is-a-difference
		return slices.ContainsFunc(sumFields, func(n int) bool { return answer.Has(n) && answer.Get(n) != request.Get(n) })
	}
	own, foreign, _, said := p.SumsOf(answer)
	ours, oursForeign, _, _ := p.SumsOf(request)
	return said && (own != ours || foreign != oursForeign)
}

// sumFields hold the sums of a settlement in plain ISO 8583:1987.
var sumFields = []int{74, 76, 86, 88}

// Told is what an 0330 says, of a payment or of the end of a batch.
func (p *Profile) Told(request, answer Message) BatchSays {
	code := answer.Get(39)
	switch {
	case !p.sameBatch(request, answer):
		return BatchUnknown
	case p.Approves(code), p.NumberTaken(code): // it has it already
		return BatchAgrees
	case p.refusesBatch(code), code == mismatch:
		return BatchRefused
	}
	return BatchUnknown
}

func (p *Profile) refusesBatch(code string) bool {
	return !p.Approves(code) && !p.WantsSignIn(code) && (p.Refuses(code, true) || p.EndsReversal(code, SameDay))
}

// sameBatch reports whether an answer contradicts nothing that names its request.
func (p *Profile) sameBatch(request, answer Message) bool {
	//mutant:a-settlement-s-answer-is-its-own
	return answers(request.MTI, answer.MTI) && p.samePayment(request, answer, 0)
}

// IsForeign reports whether a card's scheme, as a reader names it, is another than UnionPay: DE48 has such cards apart.
func IsForeign(scheme string) bool { return organisation(scheme) != "CUP" }
