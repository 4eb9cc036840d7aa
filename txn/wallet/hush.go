package wallet

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"veratill/txn"
	"veratill/txn/digits"
	"veratill/txn/messages"
	"veratill/txn/sale"
)

// What a provider says is kept as evidence, and whatever it says may have the payment code in it: an answer to a question that is asked when the till itself has
// forgotten the code, too. So a code is hidden by what it is while that is known, and by its shape always.

// mostEvidence bounds what is kept of an answer, in bytes.
const mostEvidence = 8 << 10

// evidence is an answer as it came, without the payment code should the provider have said it back.
func evidence(body []byte, code txn.Secret) string {
	if len(body) > mostEvidence || !utf8.Valid(body) {
		return ""
	}
	return withoutCode(string(body), code)
}

// hushed is an answer as it may be kept, shown and logged.
func (s said) hushed(body []byte, code txn.Secret) said {
	s.code, s.detail = withoutCode(s.code, code), withoutCode(s.detail, code)
	a := &s.answer
	a.ResponseCode, a.RRN = withoutCode(a.ResponseCode, code), withoutCode(a.RRN, code)
	a.Words, a.Raw = messages.Hidden(withoutCode(a.Words, code)), evidence(body, code)
	return s
}

// escaped is a digit as JSON and forms may write it.
var escaped = regexp.MustCompile(`(?:\\u00|%)3([0-9])`)

// withoutCode is a text with * in place of each digit of a payment code: of the one that is known, and of whatever has the shape of one. A text that has one among escaped
// digits is kept with its digits as they are read.
func withoutCode(text string, code txn.Secret) string {
	if len(code) > 0 {
		//mutant:code-is-not-kept
		text = strings.ReplaceAll(text, string(code), strings.Repeat("*", len(code)))
	}
	plain := escaped.ReplaceAllString(text, "$1")
	if hidden := hideCodes(plain); hidden != plain {
		return hidden
	}
	return text
}

// hideCodes puts * in place of each digit of what has the shape of a payment code, in a row or grouped. A longer number is the provider's own and stays.
func hideCodes(text string) string {
	runes := []rune(text)
	spelt := digits.Spelt(runes)
	for _, run := range digits.Runs(runes) {
		for number, at := range run.Numbers(sale.LongestCode) {
			//mutant:what-looks-like-a-code-is-not-kept
			if sale.PaymentCodeOf(number) != sale.NoWallet {
				digits.Mask(runes, at)
			}
		}
	}
	for _, run := range spelt {
		//mutant:a-code-among-commas-is-not-kept
		if sale.PaymentCodeOf(run.Number()) != sale.NoWallet {
			digits.Mask(runes, run.At())
		}
	}
	return string(runes)
}
