package find

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"veratill/txn"
)

// Field is what a reading looks at.
type Field uint8

// The closed set of fields. Low and High of a reading are a range with both ends in it; Text is as Fold leaves it, but for words of txn.
const (
	Amount        Field = iota + 1 // Low, High: minor units
	When                           // Low, High: Unix milliseconds at which the payment was begun
	LastFour                       // Text: four digits of the card
	Item                           // Text: words that an article of the sale has all of, in its name or as the beginning of its code
	Code                           // Text: what the code of an article of the sale begins with
	STAN                           // Low: the till's number of a message, 1–txn.STANs
	RRN                            // Text: the bank's number, without blanks and leading zeros
	Cashier                        // Text: the whole name
	CashierBegins                  // Text: what a word of the name begins with
	State                          // Text: one of txn.States
	Tender                         // Text: one of txn.Tenders
	Kind                           // Text: one of txn.Kinds
)

// Reading is one thing that a payment may be looked for by.
type Reading struct {
	Field     Field
	Low, High int64
	Text      string
	Fit       int // 1–100: how likely it is what a person meant
}

// Term is what one word of a query may mean: a payment fits where one of the readings does, and as well as the best of those.
type Term []Reading

// Query is what to look for: payments that every term fits.
type Query struct {
	Terms []Term
	Limit int // most payments of an answer; mostHits where it is 0 or more than that
}

// mostHits bounds an answer: nobody reads more, and a better query finds better.
const mostHits = 200

// bounded is the query with a limit.
func (q Query) bounded() Query {
	if q.Limit <= 0 || q.Limit > mostHits {
		q.Limit = mostHits
	}
	return q
}

// best is the fit of a payment that every term fits as well as it can.
func (q Query) best() (sum int) {
	for _, t := range q.Terms {
		most := 0
		for _, r := range t {
			most = max(most, r.Fit)
		}
		sum += most
	}
	return sum
}

// Fold makes one text of those that people take for the same: small letters, half-width forms, one blank between words.
func Fold(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r >= 0xFF01 && r <= 0xFF5E: // the full-width forms of ASCII
			r -= 0xFF01 - '!'
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		}
		return unicode.ToLower(r)
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// hasWord reports whether a folded text has a word that begins with another. Between letters that are written without blanks every one begins a word.
func hasWord(text, begin string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], begin)
		if i < 0 {
			return false
		}
		at += i
		first, _ := utf8.DecodeRuneInString(text[at:])
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		//mutant:a-word-is-found-by-its-beginning
		if at == 0 || !joins(before) || !joins(first) || unicode.IsDigit(before) != unicode.IsDigit(first) {
			return true
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
}

// joins reports whether a rune makes a word together with the one beside it.
func joins(r rune) bool {
	return unicode.IsDigit(r) || unicode.IsLetter(r) && !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer)
}

// plainRRN is an RRN as it is compared: banks fill it up with blanks and zeros.
func plainRRN(rrn string) string { return strings.TrimLeft(Fold(rrn), "0") }

// Hit is a payment that fits.
type Hit struct {
	ID       txn.ID
	OpenedMs int64 // when it was begun
	Fit      int   // the sum over the terms
}
