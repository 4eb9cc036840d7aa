package sale

import "strings"

// CodeKind is what a scanned or typed code is.
type CodeKind string

// The kinds of code that a scanner delivers. OwnCode is the shop's own: nothing can be checked.
const (
	ean13   CodeKind = "EAN-13"
	ean8    CodeKind = "EAN-8"
	upcA    CodeKind = "UPC-A"
	gtin14  CodeKind = "GTIN-14"
	OwnCode CodeKind = "own"
)

// CheckDigit computes the GS1 check digit for the digits before it: weights 3
// and 1 from the right. It is 0–9, and false when a character is not a digit.
func CheckDigit(digits string) (byte, bool) {
	if digits == "" {
		return 0, false
	}
	sum, weight := 0, 3
	for i := len(digits) - 1; i >= 0; i-- {
		if digits[i] < '0' || digits[i] > '9' {
			return 0, false
		}
		sum += int(digits[i]-'0') * weight
		weight = 4 - weight
	}
	return byte((10 - sum%10) % 10), true
}

// KindOf tells the kind of a code by its length, and whether its check digit
// holds. An own code always holds.
func KindOf(code string) (kind CodeKind, holds bool) {
	switch len(code) {
	case 14:
		kind = gtin14
	case 13:
		kind = ean13
	case 12:
		kind = upcA
	case 8:
		kind = ean8
	default:
		return OwnCode, true
	}
	check, digits := CheckDigit(code[:len(code)-1])
	if last := code[len(code)-1]; !digits || last < '0' || last > '9' {
		return OwnCode, true
	}
	return kind, code[len(code)-1] == '0'+check
}

// CleanScan takes off what a scanner may put round a code: spaces and an AIM
// identifier (ISO/IEC 15424), such as "]E0".
func CleanScan(raw string) string {
	code := strings.TrimSpace(raw)
	if len(code) > 3 && code[0] == ']' {
		code = code[3:]
	}
	return code
}

// gtinDigits is how many digits every GTIN has once zeros stand before it (GS1 General Specifications, 2.1).
const gtinDigits = 14

// codeKey is what a code is found by. A GTIN is its 14 digits, whether it comes as EAN-8, UPC-A, EAN-13, GTIN-14 or behind
// AI 01 of a GS1 element string. Any other code is a shop's own number and stands for itself.
func codeKey(code string) string {
	if kind, holds := KindOf(code); kind != OwnCode && holds {
		return strings.Repeat("0", gtinDigits-len(code)) + code
	}
	if gtin, ok := elementGTIN(code); ok {
		return gtin
	}
	return code
}

// groupSeparator is FNC1 as a scanner sends it.
const groupSeparator = "\x1d"

// elementGTIN is the GTIN of a GS1 element string: what stands behind AI 01, in brackets or at the front. Dates and variants, whose
// length is fixed, may stand before it (GS1 General Specifications, 3.2 and 7.8.5). Its check digit has to hold, so that no number
// of a shop's own is taken apart.
func elementGTIN(code string) (string, bool) {
	rest, bracketed := strings.CutPrefix(code[max(strings.Index(code, "(01)"), 0):], "(01)")
	for rest = strings.TrimPrefix(rest, groupSeparator); !bracketed; {
		if after, found := strings.CutPrefix(rest, "01"); found {
			rest = after
			break
		}
		size, fixed := fixedElements[rest[:min(len(rest), 2)]]
		if !fixed || len(rest) < size {
			return "", false
		}
		rest = strings.TrimPrefix(rest[size:], groupSeparator)
	}
	if len(rest) < gtinDigits {
		return "", false
	}
	kind, holds := KindOf(rest[:gtinDigits])
	return rest[:gtinDigits], kind == gtin14 && holds
}

// fixedElements are the element strings of a fixed length that may stand before AI 01, with their whole length.
var fixedElements = map[string]int{"11": 8, "12": 8, "13": 8, "15": 8, "16": 8, "17": 8, "20": 4}

// PaymentCode is whose payment code a scan is: what a customer's phone shows, and no article.
type PaymentCode string

// The wallets whose codes are told apart; NoWallet is a code of something else.
const (
	NoWallet PaymentCode = ""
	WeChat   PaymentCode = "WeChat Pay"
	Alipay   PaymentCode = "Alipay"
	UnionPay PaymentCode = "UnionPay QR"
)

// PaymentCodeOf tells a payment code from goods by its length and first digits: WeChat 18 digits
// from 10 to 15 (WeChat Pay, "Code Payment"), Alipay 16 to 24 digits from 25 to 30 (Alipay,
// alipay.trade.pay, auth_code), UnionPay 19 digits from 62 (China UnionPay QRC, payee-scans mode).
// No EAN or UPC is so long.
func PaymentCodeOf[T ~string | ~[]byte](code T) PaymentCode {
	if len(code) < 16 || len(code) > 24 || !allDigits(code) {
		return NoWallet
	}
	first := int(code[0]-'0')*10 + int(code[1]-'0')
	switch {
	case len(code) == 18 && first >= 10 && first <= 15:
		return WeChat
	case len(code) == 19 && first == 62:
		return UnionPay
	case first >= 25 && first <= 30:
		return Alipay
	}
	return NoWallet
}

func allDigits[T ~string | ~[]byte](s T) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return len(s) > 0
}
