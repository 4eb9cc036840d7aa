package present

import (
	"testing"

	"veratill/txn"
	"veratill/txn/sale"
)

func TestTestCodesAreCodes(t *testing.T) {
	for _, c := range TestCodes {
		if sale.PaymentCodeOf(txn.Secret(c.Code)) == sale.NoWallet {
			t.Errorf("%s is no payment code", c.Code)
		}
	}
}
