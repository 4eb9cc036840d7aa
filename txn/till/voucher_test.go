package till_test

import (
	"context"
	"errors"
	"testing"

	"veratill/txn"
	"veratill/txn/sale"
	"veratill/txn/till"
)

// withVouchers is a till that takes vouchers.
func (c *counter) withVouchers() *till.Till {
	c.t.Helper()
	own := till.New(till.Config{Journal: c.journal, Numbers: c.journal, Lines: till.Lines{txn.Card: c.bank}, Printer: c.printer, Vault: c.vault,
		Terminal: "T0000001", Merchant: "M00000000000001", Vouchers: true})
	if err := own.Start(context.Background()); err != nil {
		c.t.Fatal(err)
	}
	return own
}

// A voucher pays what is due at most, opens no drawer, and leaves what it does not pay to another part; it goes back as a voucher, as a whole on its day
// or in part. A till whose settings take none refuses it.
func TestAVoucherPaysWhatIsDueAtMost(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	ctx, own := context.Background(), c.withVouchers()
	out, err := c.till.PayVoucher(ctx, clerk, till.Payment{Sale: basket(1000), ReceivedMinor: 5000})
	notBegun(t, "where no vouchers are taken", out, err, "no vouchers")
	out, err = own.PayVoucher(ctx, clerk, till.Payment{Sale: basket(1000), ReceivedMinor: 5000, Number: "4111111111111111"})
	notBegun(t, "with a card's number", out, err, "voucher number")
	out, err = own.PayVoucher(ctx, clerk, till.Payment{Sale: basket(1000), ReceivedMinor: 5000, Number: "ab-7"})
	a := out.Attempt
	if err != nil || a.State != txn.Claimed || a.Amount.Minor != 1000 || a.ReceivedMinor != 5000 || a.ChangeMinor != 0 || a.Reference != "AB-7" || out.Bill.State != txn.BillPaid {
		t.Fatalf("%s: %+v, %v", describe(out), a, err)
	}
	<-out.Paper
	if sheets := c.sheets(); sheets[len(sheets)-1].OpenDrawer {
		t.Error("a voucher opened the drawer")
	}
	voided, err := own.Void(ctx, clerk, a.ID, nil)
	if err != nil || voided.Attempt.State != txn.Claimed || voided.Attempt.Tender != txn.Voucher || voided.Bill.State != txn.BillReturned {
		t.Fatalf("%s, %v", describe(voided), err)
	}
	<-voided.Paper

	// The number was handed back as a whole, and may be taken again; then it was taken, in whatever case it is typed, and needs a reason.
	if out, err = own.PayVoucher(ctx, clerk, till.Payment{Sale: basket(1000), ReceivedMinor: 1000, Number: "ab-7"}); err != nil {
		t.Fatalf("a voucher that was handed back: %v", err)
	}
	<-out.Paper
	first := out.Attempt.ID
	out, err = own.PayVoucher(ctx, clerk, till.Payment{Sale: basket(1000), ReceivedMinor: 1000, Number: "Ab-7"})
	notBegun(t, "with a voucher that was taken", out, err, "voucher taken")
	var taken *till.VoucherTaken
	if !errors.As(err, &taken) || taken.Before.ID != first {
		t.Errorf("taken before by %+v", taken)
	}
	if out, err = own.PayVoucher(ctx, forAReason, till.Payment{Sale: basket(1000), ReceivedMinor: 1000, Number: "ab-7"}); err != nil {
		t.Fatalf("with a reason: %v", err)
	}
	<-out.Paper
	part, err := own.PayVoucher(ctx, clerk, till.Payment{Sale: basket(8600), ReceivedMinor: 5000})
	if err != nil || part.Bill.State != txn.BillPartPaid || part.Bill.Rest().Minor != 3600 {
		t.Fatalf("%s, %v", describe(part), err)
	}
	rest, err := own.PayCash(ctx, clerk, till.Payment{Sale: sale.Sale{ID: part.SaleID}, ReceivedMinor: 4000})
	if err != nil || rest.Bill.State != txn.BillPaid || rest.Attempt.ChangeMinor != 400 {
		t.Fatalf("%s, %v", describe(rest), err)
	}
	<-rest.Paper
	back, err := own.GiveBack(ctx, clerk, till.Giving{Payment: part.Attempt.ID, AmountMinor: 1500})
	if err != nil || back.Attempt.Kind != txn.Refund || back.Attempt.Tender != txn.Voucher || back.Attempt.State != txn.Claimed || back.Bill.BackOf(part.Attempt.ID).LeftMinor != 3500 {
		t.Fatalf("%s, %v", describe(back), err)
	}
	<-back.Paper
	more, err := own.GiveBack(ctx, clerk, till.Giving{Payment: part.Attempt.ID, AmountMinor: 3501})
	notBegun(t, "more than is left of it", more, err, "not refundable")
	if _, err := c.journal.Verify(ctx); err != nil {
		t.Error(err)
	}
}
