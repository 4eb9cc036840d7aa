package txn

import (
	"errors"
	"strings"

	"veratill/txn/sale"
)

// ErrVoucher means that what was given is no number of a voucher. Its text never holds it.
var ErrVoucher = errors.New("a voucher's number has up to 32 letters, digits and hyphens, and is neither a card's number nor a payment code")

// mostVoucher is how long a voucher's number may be.
const mostVoucher = 32

// unlettered keeps the digits of a voucher's number apart from its letters: a card's number with a letter before it would be kept as well.
func unlettered(c rune) rune {
	if c >= 'A' && c <= 'Z' {
		return ','
	}
	return c
}

// VoucherNumber is the number on a voucher as it is kept, from what a cashier typed or scanned; empty is none. A card or a payment code that
// was scanned by mistake is refused, because it would be kept.
func VoucherNumber(text string) (string, error) {
	text = strings.ToUpper(strings.TrimSpace(text))
	for _, c := range []byte(text) {
		if c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return "", ErrVoucher
		}
	}
	//mutant:a-voucher-s-number-is-no-card-s
	if len(text) > mostVoucher || sale.HoldsCard([]byte(text)) || sale.PaymentCodeOf(text) != sale.NoWallet || sale.TellsCard(strings.Map(unlettered, text)) {
		return "", ErrVoucher
	}
	return text, nil
}
