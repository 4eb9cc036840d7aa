package wallet

import (
	"bytes"
	"slices"
	"strings"

	"veratill/txn"
)

// shape is what the payment codes of a provider look like.
type shape struct {
	of          Provider
	least, most int // digits
	from, to    int // the first two digits
}

// shapes are published by the providers: WeChat Pay 18 digits that begin with 10–15, Alipay 16–24 digits with 25–30, UnionPay 19 digits with 62.
// The aggregator takes all of them.
var shapes = []shape{
	{WeChat, 18, 18, 10, 15},
	{Alipay, 16, 24, 25, 30},
	{UnionPay, 19, 19, 62, 62},
}

// longestCode is the length of the longest payment code, in digits.
const longestCode = 24

// SchemeOf names whose payment code a text looks like; empty where it can be none.
func SchemeOf(code txn.Secret) Provider {
	if len(code) > longestCode || slices.ContainsFunc(code, func(b byte) bool { return b < '0' || b > '9' }) {
		return ""
	}
	for _, s := range shapes {
		if len(code) < s.least || len(code) > s.most {
			continue
		}
		if first := int(code[0]-'0')*10 + int(code[1]-'0'); first >= s.from && first <= s.to {
			return s.of
		}
	}
	return ""
}

// Facts is what may be kept of a payment code: whose it is, and its last four digits.
func Facts(code txn.Secret) txn.CardFacts {
	if SchemeOf(code) == "" {
		return txn.CardFacts{}
	}
	//mutant:code-is-masked
	masked := strings.Repeat("*", len(code)-4) + string(code[len(code)-4:])
	return txn.CardFacts{Masked: masked, Scheme: string(SchemeOf(code))}
}

// placeholder stands for the code while a message is composed, so that no text of Go's ever holds it: texts can't be wiped.
const placeholder = "PAYMENTCODEPAYMENTCODE"

// fill puts the code in the place of its placeholder.
func fill(text []byte, code txn.Secret) []byte {
	filled := bytes.ReplaceAll(text, []byte(placeholder), code)
	clear(text)
	return filled
}
