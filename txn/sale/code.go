package sale

import "strings"

// CodeKind is what a scanned or typed code is.
type CodeKind string

// The kinds of code that a scanner delivers. ownCode is the shop's own: nothing can be checked.
const (
	ean13   CodeKind = "EAN-13"
	ean8    CodeKind = "EAN-8"
	upcA    CodeKind = "UPC-A"
	ownCode CodeKind = "own"
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
	case 13:
		kind = ean13
	case 12:
		kind = upcA
	case 8:
		kind = ean8
	default:
		return ownCode, true
	}
	check, digits := CheckDigit(code[:len(code)-1])
	if last := code[len(code)-1]; !digits || last < '0' || last > '9' {
		return ownCode, true
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
func PaymentCodeOf(code string) PaymentCode {
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

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
