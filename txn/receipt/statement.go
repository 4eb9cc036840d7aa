// Package receipt makes and reads signed statements of a payment's outcome, which stand as a QR code on receipts. It is pure: it derives a statement
// from what the books say, writes it, and judges those that somebody shows.
//
// What a statement that holds proves, and what it doesn't, is said once, in the languages' files under "verify.proves" and "verify.proves-not": the
// page and the command show it from there. It holds as far as the public key is the till's, and its private key was nobody else's.
package receipt

import (
	"crypto/ed25519"
	"encoding/binary"
	"errors"
	"strings"

	"veratill/txn"
	"veratill/txn/money"
)

// Outcome is what became of a payment.
type Outcome byte

// The closed set. The numbers are on paper and never change. A higher one is later than a lower one of the same order.
const (
	Paid      Outcome = 1 // the bank, the provider or the drawer has the money
	GivenBack Outcome = 2 // some or all of it went back by refunds
	Voided    Outcome = 3 // all of it went back by a void
	Reversed  Outcome = 4 // it was undone before it was kept: nobody is charged
)

var outcomeNames = map[Outcome]string{Paid: "paid", GivenBack: "given back", Voided: "voided", Reversed: "reversed"}

// String is the outcome's word in JSON.
func (o Outcome) String() string { return outcomeNames[o] }

// BooksID tells the books of a till from all others: the first 8 bytes of their number.
type BooksID [8]byte

// Statement is what a till says of a payment. It holds no card data.
type Statement struct {
	Books     BooksID
	Payment   txn.ID // the till's number of the payment
	Sale      int64  // the number of its sale
	Order     txn.ID // the number of the newest attempt that the statement takes into account: of two statements the one with the higher order is later
	Tender    txn.Tender
	RRN       string // the bank's or the provider's number of the payment; may be empty
	Outcome   Outcome
	Amount    money.Amount // of the payment
	BackMinor int64        // of it, what went back in all; 0 unless it is given back or voided
	Refunds   int64        // by how many refunds it went back; 0 unless it is given back. One that was begun earlier may get through later, under the same order
	AtSeconds int64        // Unix time of the outcome by the till's clock
	Demo      bool         // a demonstration: no money moved
	OtherWay  bool         // some of it went back in another way than it was paid: in cash, or in goods that were taken for those that came back
	ByWord    bool         // that it went back, or was undone, is a person's word with a document, not the bank's answer
}

// Limits of a statement.
const (
	// maxBytes bounds payload and signature together, so that narrow paper holds their code.
	maxBytes = 180
	version  = 1
	mostRRN  = 40
	most     = 1<<42 - 1 // of numbers, sums and times: every reader counts so far without a loss
)

const flagDemo, flagOtherWay, flagByWord = 1, 2, 4

var tenders = map[byte]txn.Tender{1: txn.Card, 2: txn.Cash, 3: txn.Code}

func tenderByte(of txn.Tender) byte {
	for b, t := range tenders {
		if t == of {
			return b
		}
	}
	return 0
}

// errNoStatement means that a statement has a field that no payment has.
var errNoStatement = errors.New("this is no statement that can be written")

// valid reports whether the fields go together. Written and read statements obey the same rules.
func (s Statement) valid() bool {
	fits := func(n, least int64) bool { return n >= least && n <= most }
	switch {
	case !fits(int64(s.Payment), 1), !fits(s.Sale, 1), !fits(int64(s.Order), 1), !fits(s.AtSeconds, 1), tenderByte(s.Tender) == 0:
		return false
	case s.Amount.Payable() != nil, len(s.RRN) > mostRRN, strings.ContainsFunc(s.RRN, func(r rune) bool { return r <= ' ' || r > '~' }):
		return false
	}
	switch s.Outcome {
	case Paid:
		return s.Order == s.Payment && s.BackMinor == 0 && s.Refunds == 0 && !s.OtherWay && !s.ByWord
	case GivenBack:
		return s.Order > s.Payment && s.BackMinor > 0 && s.BackMinor <= s.Amount.Minor && fits(s.Refunds, 1)
	case Voided:
		return s.Order > s.Payment && s.BackMinor == s.Amount.Minor && s.Refunds == 0 && !s.OtherWay
	case Reversed:
		return s.Order == s.Payment && s.BackMinor == 0 && s.Refunds == 0 && !s.OtherWay
	}
	return false
}

// payload is the statement as bytes, for a key. Each statement has one form.
func (s Statement) payload(key KeyID) []byte {
	flags := byte(0)
	for flag, set := range map[byte]bool{flagDemo: s.Demo, flagOtherWay: s.OtherWay, flagByWord: s.ByWord} {
		if set {
			flags |= flag
		}
	}
	b := append([]byte{version, byte(s.Outcome), tenderByte(s.Tender), flags}, key[:]...)
	b = append(b, s.Books[:]...)
	for _, n := range []int64{int64(s.Payment), s.Sale, int64(s.Order - s.Payment), s.Amount.Minor, s.BackMinor, s.Refunds, s.AtSeconds} {
		b = binary.AppendUvarint(b, uint64(n))
	}
	b = append(b, s.Amount.Currency...)
	return append(append(b, byte(len(s.RRN))), s.RRN...)
}

// A text begins and ends with these, so that a blank at its end is not lost where it is copied.
const (
	textBegin = "VT:"
	textEnd   = "."
)

// domain begins what is signed: a signature of a statement is one of nothing else.
const domain = "veratill receipt statement\x00"

// Sign writes a statement as the text of a code, signed. The error says that it is none, or that it would not fit.
func (s Statement) Sign(by ed25519.PrivateKey) (string, error) {
	public, ok := by.Public().(ed25519.PublicKey)
	if !ok || !s.valid() {
		return "", errNoStatement
	}
	p := s.payload(keyID(public))
	signed := append(p, ed25519.Sign(by, append([]byte(domain), p...))...)
	if len(signed) > maxBytes {
		return "", errNoStatement
	}
	return textBegin + toText(signed) + textEnd, nil
}

// Signed is a statement that was read, with what it takes to believe it.
type Signed struct {
	Statement
	Key KeyID // by which it says that it is signed

	payload, signature []byte
}

// mostText is the longest text that a statement has.
const mostText = len(textBegin) + (maxBytes+1)/2*3 + len(textEnd)

// Read reads the text of a code. It believes nothing yet: see Ring.Judge. reason is empty where the text has the form of a statement.
func Read(text string) (s Signed, reason Reason) {
	inside, begins := strings.CutPrefix(text, textBegin)
	inside, ends := strings.CutSuffix(inside, textEnd)
	if len(text) > mostText || !begins || !ends {
		return s, NoStatement
	}
	b, ok := fromText(inside)
	switch {
	case !ok || len(b) == 0 || len(b) > maxBytes:
		return s, BadForm
	//mutant:an-unknown-version-is-refused
	case b[0] != version:
		return s, UnknownVersion
	case len(b) <= ed25519.SignatureSize:
		return s, BadForm
	}
	s.payload, s.signature = b[:len(b)-ed25519.SignatureSize], b[len(b)-ed25519.SignatureSize:]
	if !s.parse() {
		return s, BadForm
	}
	return s, ""
}

// parse reads the payload. What is read is written again and compared: a statement has one form alone, and nothing behind it.
func (s *Signed) parse() bool {
	b := s.payload
	if len(b) < 4+len(s.Key)+len(s.Books) {
		return false
	}
	s.Outcome, s.Tender = Outcome(b[1]), tenders[b[2]]
	s.Demo, s.OtherWay, s.ByWord = b[3]&flagDemo != 0, b[3]&flagOtherWay != 0, b[3]&flagByWord != 0
	b = b[4:]
	b = b[copy(s.Key[:], b):]
	b = b[copy(s.Books[:], b):]
	var numbers [7]int64
	for i := range numbers {
		n, size := binary.Uvarint(b)
		if size <= 0 || n > most {
			return false
		}
		numbers[i], b = int64(n), b[size:]
	}
	s.Payment, s.Sale, s.Order = txn.ID(numbers[0]), numbers[1], txn.ID(numbers[0]+numbers[2])
	s.Amount.Minor, s.BackMinor, s.Refunds, s.AtSeconds = numbers[3], numbers[4], numbers[5], numbers[6]
	if len(b) < 4 || len(b) < 4+int(b[3]) {
		return false
	}
	s.Amount.Currency, s.RRN = money.Currency(b[:3]), string(b[4:4+int(b[3])])
	//mutant:a-statement-has-one-form
	if string(s.Statement.payload(s.Key)) != string(s.payload) {
		return false
	}
	return s.valid()
}
