package txn_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"veratill/txn"
	"veratill/txn/money"
)

// A voucher ends as it begins: claimed, by the cashier's word, durable at once, charged and given back not known here; it never pays more than it is
// worth, and no change is given on it.
func TestAVoucherIsTheCashiersWord(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		a := txn.Attempt{ID: 1, Batch: 1, SaleID: 1, Kind: rapid.SampledFrom(txn.Kinds).Draw(r, "kind"), Tender: txn.Voucher, OpenedMs: 5,
			Amount:        money.Amount{Minor: rapid.Int64Range(1, 100).Draw(r, "amount"), Currency: money.CNY},
			ReceivedMinor: rapid.Int64Range(0, 120).Draw(r, "worth"), ChangeMinor: rapid.Int64Range(0, 1).Draw(r, "change")}
		if a.Kind.GivesBack() {
			a.Original = 7
		}
		d, err := txn.Begin(a)
		if a.Kind == txn.Sale && (a.ReceivedMinor < a.Amount.Minor || a.ChangeMinor != 0) {
			if !errors.Is(err, txn.ErrImpossible) {
				r.Fatalf("worth %d, pays %d, change %d: %v", a.ReceivedMinor, a.Amount.Minor, a.ChangeMinor, err)
			}
			return
		}
		if err != nil || d.After.State != txn.Claimed || d.Durability != txn.Synced || d.After.EndedMs != 5 || d.After.Owes() != a.Kind.GivesBack() {
			r.Fatalf("%+v, %v", d, err)
		}
		slip := len(d.Effects) == 1 && d.Effects[0] == txn.PrintReceipt
		if slip != a.Kind.GivesBack() || d.After.Charged() != txn.ChargedUnknown || a.Kind.GivesBack() && d.After.GivenBack() != txn.GivenBackUnknown {
			r.Fatalf("effects %v, charged %s, given back %q", d.Effects, d.After.Charged(), d.After.GivenBack())
		}
	})
}

// A voucher's number is kept as it is printed, in capitals; a card or a payment code that was scanned by mistake is not, and the error does not say it.
func TestAVouchersNumberIsNoCardsAndNoCode(t *testing.T) {
	for given, want := range map[string]string{"": "", "  ab-12 ": "AB-12", "00042": "00042"} {
		if number, err := txn.VoucherNumber(given); err != nil || number != want {
			t.Errorf("%q: %q, %v", given, number, err)
		}
	}
	for _, given := range []string{"4111111111111111", "134567890123456789", "281234567890123456", "a b", "券", strings.Repeat("9", 33)} {
		if number, err := txn.VoucherNumber(given); !errors.Is(err, txn.ErrVoucher) || number != "" || strings.Contains(err.Error(), given) {
			t.Errorf("%q: %q, %v", given, number, err)
		}
	}
}

// A card's number or a payment code is no voucher's number, grouped or with letters around it; a shop's own numbers are.
func TestNoCardIsAVouchersNumber(t *testing.T) {
	for _, text := range []string{"6222-0200-0000-0005-678", "13-4567-8901-2345-6789", "B134567890123456789", "v6222020000000005678x", "V-4111-1111-1111-1111"} {
		if _, err := txn.VoucherNumber(text); !errors.Is(err, txn.ErrVoucher) {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{"", "V1", "6990204110138", "2026-0001", "G-000000000012", "20261130-000123"} {
		if _, err := txn.VoucherNumber(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}
