package till_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/external"
	"veratill/txn/money"
	"veratill/txn/sale"
	"veratill/txn/till"
)

// basket is a sale with a line, of an amount.
func basket(minor int64) sale.Sale {
	return sale.Sale{Currency: money.CNY, TotalMinor: minor, Lines: []sale.Line{{Code: "101", Name: map[string]string{"en": "Apples"}, Unit: sale.Piece,
		UnitPriceMinor: minor, QuantityE5: sale.OneE5, AmountMinor: minor}}}
}

// byCard is a part of a sale by card.
func (c *counter) byCard(s sale.Sale, minor int64) till.Payment {
	p := c.payment(0)
	p.Sale, p.AmountMinor = s, minor
	return p
}

// cardPart pays a part of a sale by card.
func (c *counter) cardPart(s sale.Sale, minor int64) till.Outcome {
	c.t.Helper()
	out, err := c.till.PayCard(context.Background(), clerk, c.byCard(s, minor))
	if err != nil {
		c.t.Fatalf("a part of %d: %v", minor, err)
	}
	return out
}

// rest is what is left of a sale, in cash.
func rest(number int64) till.Payment {
	return till.Payment{Sale: sale.Sale{ID: number}, ReceivedMinor: 1_000_000}
}

// cashRest pays what is left of a sale.
func (c *counter) cashRest(number int64) till.Outcome {
	c.t.Helper()
	out, err := c.till.PayCash(context.Background(), clerk, rest(number))
	if err != nil {
		c.t.Fatalf("the rest of sale %d: %v", number, err)
	}
	if out.Paper != nil {
		<-out.Paper
	}
	return out
}

func (c *counter) sheets() []till.Sheet {
	c.printer.mu.Lock()
	defer c.printer.mu.Unlock()
	return slices.Clone(c.printer.sheets)
}

// refused fails unless a payment was not begun because its sale does not take it.
func refused(t *testing.T, what string, out till.Outcome, err error) {
	t.Helper()
	if f := txn.FaultOf(err); out.Attempt.ID != 0 || !errors.Is(err, txn.ErrNotAllowed) || f.Charged != txn.ChargedNo || f.Code != "not allowed now" {
		t.Errorf("%s: %s, %v", what, describe(out), err)
	}
}

// A sale that is paid in two ways has one receipt, which comes with the last part, names both and says what was sold, also
// where whoever pays the rest knows no more than the sale's number.
func TestSplitSaleHasOneReceipt(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	first := c.cardPart(basket(10000), 3000)
	if first.Attempt.State != txn.Approved || first.Bill.State != txn.BillPartPaid || first.Paper != nil || first.Bill.Rest().Minor != 7000 || len(c.sheets()) != 0 {
		t.Fatalf("%s, sale %+v, %d sheets", describe(first), first.Bill, len(c.sheets()))
	}
	last := c.cashRest(first.SaleID)
	if last.Bill.State != txn.BillPaid || last.SaleID != first.SaleID || last.Attempt.Amount.Minor != 7000 || last.Attempt.ChangeMinor != 1_000_000-7000 {
		t.Fatalf("%s of %d, sale %+v", describe(last), last.Attempt.Amount.Minor, last.Bill)
	}
	all := c.sheets()
	if len(all) != 1 {
		t.Fatalf("%d sheets", len(all))
	}
	s := all[0]
	if s.Print.Kind != txn.PrintOriginal || s.Attempt.ID != 0 || !s.OpenDrawer || s.Bill.State != txn.BillPaid {
		t.Errorf("the sheet is %+v", s)
	}
	if want := []txn.Attempt{c.attempt(first.Attempt.ID), c.attempt(last.Attempt.ID)}; !reflect.DeepEqual(s.Parts, want) {
		t.Errorf("its parts are %+v, want %+v", s.Parts, want)
	}
	want := basket(10000)
	if want.ID = first.SaleID; !reflect.DeepEqual(s.Sale, want) {
		t.Errorf("it says that %+v was sold, want %+v", s.Sale, want)
	}
	if b := c.bill(first.SaleID); b.Paper != txn.Printed || b.Owes() {
		t.Errorf("the sale is %+v", b)
	}
	c.agree()
}

// What a sale does not take is not begun: more than the rest, a part after the last one, cash that leaves a rest. Nothing of it
// reaches the bank.
func TestPartThatDoesNotFitIsNotBegun(t *testing.T) {
	ctx := context.Background()
	c := newCounter(t, "unionpay", "")
	number := c.cardPart(basket(10000), 3000).SaleID
	out, err := c.till.PayCard(ctx, clerk, c.byCard(sale.Sale{ID: number}, 7001))
	refused(t, "more than the rest", out, err)
	out, err = c.till.PayCash(ctx, clerk, till.Payment{Sale: sale.Sale{ID: number}, AmountMinor: 100, ReceivedMinor: 100})
	refused(t, "cash that leaves a rest", out, err)
	out, err = c.till.PayCard(ctx, clerk, c.byCard(basket(10000), 10001))
	refused(t, "more than a new sale", out, err)
	c.cashRest(number)
	out, err = c.till.PayCash(ctx, clerk, rest(number))
	refused(t, "the rest of what is paid", out, err)
	out, err = c.till.PayCard(ctx, clerk, c.byCard(sale.Sale{ID: number}, 100))
	refused(t, "a part of what is paid", out, err)
	if rows := c.host.Rows(); len(rows) != 1 {
		t.Errorf("the bank heard of %d parts", len(rows))
	}
	c.agree()
}

// A second part that is declined leaves the sale paid in part: the rest can still be paid.
func TestDeclinedPartLeavesTheRest(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	number := c.cardPart(basket(10005), 3000).SaleID
	declined := c.cardPart(sale.Sale{ID: number}, 7005)
	if declined.Attempt.State != txn.Declined || declined.Bill.State != txn.BillPartPaid || declined.Bill.Rest().Minor != 7005 || declined.Paper != nil {
		t.Fatalf("%s, sale %+v", describe(declined), declined.Bill)
	}
	c.cashRest(number)
	all := c.sheets()
	if b := c.bill(number); b.State != txn.BillPaid || len(b.Parts) != 3 || len(all) != 1 || len(all[0].Parts) != 2 {
		t.Errorf("sale %+v, sheets %+v", b, all)
	}
	c.agree()
}

// A sale that is not finished is undone from its last part to its first, each at the bank; then nothing of it stands, and
// it can be paid again.
func TestUnfinishedSaleIsUndoneInReverse(t *testing.T) {
	ctx := context.Background()
	c := newCounter(t, "unionpay", "")
	first := c.cardPart(basket(10005), 3000)
	number := first.SaleID
	second := c.cardPart(sale.Sale{ID: number}, 2000)
	c.cardPart(sale.Sale{ID: number}, 5005) // declined
	var stages []till.Stage
	undone, b, err := c.till.UndoSale(ctx, clerk, number, func(s till.Stage, _ txn.ID) { stages = append(stages, s) })
	if err != nil || len(undone) != 2 || undone[0].Attempt.Original != second.Attempt.ID || undone[1].Attempt.Original != first.Attempt.ID {
		t.Fatalf("undone %+v, %v", undone, err)
	}
	if b.State != txn.BillDropped || len(b.Standing()) != 0 || !slices.Contains(stages, till.Sending) {
		t.Errorf("the sale is %+v, stages %v", b, stages)
	}
	c.till.WaitForPaper()
	if kinds := c.printer.kinds(); !slices.Equal(kinds, []txn.PrintKind{txn.PrintOriginal, txn.PrintOriginal}) || c.sheets()[0].Attempt.Kind != txn.Void {
		t.Errorf("the papers of two voids are %v", kinds)
	}
	_, done, err := c.till.Reprint(ctx, clerk, undone[0].Attempt.ID)
	if err != nil || done == nil {
		t.Fatalf("a copy was asked for, and no print was begun: %v", err)
	}
	<-done
	if s := c.sheets()[2]; s.Print.Kind != txn.PrintRepeat || s.Attempt.ID != undone[0].Attempt.ID || s.Original.ID != second.Attempt.ID {
		t.Errorf("the copy of a void's slip is %+v", s)
	}
	if _, _, err := c.till.UndoSale(ctx, clerk, number, nil); !errors.Is(err, txn.ErrNotAllowed) {
		t.Errorf("it is undone again: %v", err)
	}
	if out := c.cashRest(number); out.Attempt.Amount.Minor != 10005 || out.Bill.State != txn.BillPaid {
		t.Errorf("paid again: %+v", out.Bill)
	}
	c.agree()
}

// A void that the bank declines leaves its payment standing, and the sale says so; the other payments are undone all the same.
func TestUndoneSaleSaysWhatStands(t *testing.T) {
	c := newCounter(t, "unionpay", `{"message":"0200","amountMinor":2000,"nth":2,"do":"decline","code":"05"}`)
	first := c.cardPart(basket(10000), 3000)
	second := c.cardPart(sale.Sale{ID: first.SaleID}, 2000)
	undone, b, err := c.till.UndoSale(context.Background(), clerk, first.SaleID, nil)
	if err != nil || len(undone) != 2 || undone[0].Attempt.State != txn.Declined || undone[1].Attempt.State != txn.Approved {
		t.Fatalf("undone %+v, %v", undone, err)
	}
	if stands := b.Standing(); b.State != txn.BillPartPaid || len(stands) != 1 || stands[0].ID != second.Attempt.ID || b.Rest().Minor != 8000 {
		t.Errorf("the sale is %+v", b)
	}
	if unfinished, err := c.till.Unfinished(context.Background()); err != nil || len(unfinished) != 1 || unfinished[0].SaleID != first.SaleID {
		t.Errorf("unfinished are %+v, %v", unfinished, err)
	}
	c.till.WaitForPaper()
	c.agree()
}

// A void that is not known stops the undoing: nothing else of that sale is begun until it is.
func TestUndoingStopsAtWhatIsNotKnown(t *testing.T) {
	c := newCounter(t, "unionpay", `{"message":"0200","amountMinor":2000,"nth":2,"do":"silent"}`)
	first := c.cardPart(basket(10000), 3000)
	second := c.cardPart(sale.Sale{ID: first.SaleID}, 2000)
	undone, b, err := c.till.UndoSale(context.Background(), clerk, first.SaleID, nil)
	if err != nil || len(undone) != 1 || undone[0].Attempt.State != txn.Reversing || undone[0].Attempt.Original != second.Attempt.ID || !b.Waits() {
		t.Fatalf("undone %+v, sale %+v, %v", undone, b, err)
	}
	out, err := c.till.PayCash(context.Background(), clerk, rest(first.SaleID))
	refused(t, "the rest while a void is not known", out, err)
	c.settle()
	if undone, b, err = c.till.UndoSale(context.Background(), clerk, first.SaleID, nil); err != nil || len(undone) != 2 || b.State != txn.BillDropped {
		t.Errorf("undone %+v, sale %+v, %v", undone, b, err)
	}
	c.till.WaitForPaper()
	c.agree()
}

// Where somebody pays the rest while a sale is being undone, what was paid is left alone.
func TestSaleThatIsPaidMeanwhileIsNotUndone(t *testing.T) {
	ctx := context.Background()
	c := newCounter(t, "unionpay", "")
	number := c.cardPart(basket(10000), 3000).SaleID
	j := &between{Journal: c.journal}
	counted := till.New(till.Config{Journal: j, Numbers: c.journal, Lines: till.Lines{txn.Card: c.bank}, Printer: c.printer, Vault: c.vault, Terminal: "T0000001", Merchant: "M00000000000001"})
	j.run = func() {
		if _, err := counted.PayCash(ctx, clerk, rest(number)); err != nil {
			t.Error(err)
		}
		counted.WaitForPaper()
	}
	undone, b, err := counted.UndoSale(ctx, clerk, number, nil)
	if !errors.Is(err, txn.ErrNotAllowed) || len(undone) != 0 || b.State != txn.BillPaid || txn.FaultOf(err).Charged != txn.ChargedYes {
		t.Errorf("undone %+v, sale %+v, %v", undone, b, err)
	}
	c.agree()
}

// A part at a separate terminal that nobody has said blocks its sale and no other: the rest is not taken, and what was taken is
// not undone, until it is said.
func TestUnknownPartBlocksItsSaleAlone(t *testing.T) {
	ctx := context.Background()
	c := newCounter(t, "unionpay", "")
	p := terminal{says: external.Answer{Shown: external.Nothing}}
	var calls told
	c.till = c.withTerminal(&p, &calls)
	number := c.cardPart(basket(10000), 3000).SaleID
	open, err := c.till.PayExternal(ctx, clerk, till.Payment{Sale: sale.Sale{ID: number}, AmountMinor: 2000})
	if err != nil || open.Attempt.State != txn.Pending {
		t.Fatalf("%s, %v", describe(open), err)
	}
	out, err := c.till.PayCash(ctx, clerk, rest(number))
	refused(t, "the rest in cash", out, err)
	out, err = c.till.PayCard(ctx, clerk, c.byCard(sale.Sale{ID: number}, 1000))
	refused(t, "another part by card", out, err)
	if undone, b, err := c.till.UndoSale(ctx, clerk, number, nil); !errors.Is(err, till.ErrNotVoidable) || len(undone) != 0 || b.TakenMinor() != 3000 {
		t.Errorf("undone %+v, sale %+v, %v", undone, b, err)
	}
	if other := c.payCard(500); other.Bill.State != txn.BillPaid {
		t.Errorf("another sale is %s", other.Bill.State)
	}
	if rows := c.host.Rows(); len(rows) != 2 {
		t.Errorf("the bank heard of %d payments", len(rows))
	}
	if said, err := c.till.Said(ctx, clerk, open.Attempt.ID, external.Answer{Shown: external.Approved}.Verdict()); err != nil || said.Bill.State != txn.BillPartPaid || said.Paper != nil {
		t.Errorf("%s, sale %+v, %v", describe(said), said.Bill, err)
	}
	if last := c.cashRest(number); last.Attempt.Amount.Minor != 5000 || last.Bill.State != txn.BillPaid {
		t.Errorf("the rest was %d, sale %+v", last.Attempt.Amount.Minor, last.Bill)
	}
}

// A card part that is not known yet goes first: the rest is not taken in cash, and once the bank has confirmed that nothing was
// taken, the sale is as it was.
func TestPartThatIsUndoneLeavesTheSaleAsItWas(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	number := c.cardPart(basket(10091), 3000).SaleID
	lost := c.cardPart(sale.Sale{ID: number}, 7091)
	if lost.Attempt.State != txn.Reversing || lost.Paper != nil || !lost.Bill.Waits() {
		t.Fatalf("%s, sale %+v", describe(lost), lost.Bill)
	}
	out, err := c.till.PayCash(context.Background(), clerk, rest(number))
	refused(t, "the rest in cash", out, err)
	c.settle()
	if b := c.bill(number); b.State != txn.BillPartPaid || b.Rest().Minor != 7091 || b.Waits() {
		t.Errorf("the sale is %+v", b)
	}
	c.cashRest(number)
	c.agree()
}

// A start finds a sale that is paid in part before any single payment, as it was and with its last payment, and calls a person
// to it; when it is finished, it is told as it is now.
func TestStartFindsTheUnfinishedSaleFirst(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	part := c.cardPart(sale.Sale{ID: c.cardPart(basket(10000), 2000).SaleID}, 1000)
	lost := c.payCard(1091)
	c.crash()
	var p told
	counted := c.telling(&p, "T0000001")
	found := counted.Found(context.Background())
	if len(found) != 2 || !found[0].OfSale || found[0].Matter.Bill.SaleID != part.SaleID || found[0].Matter.Attempt.ID != part.Attempt.ID ||
		found[0].Before != txn.Approved || found[0].Paper != txn.NoPaper || found[0].Matter.Bill.State != txn.BillPartPaid {
		t.Fatalf("found %+v", found)
	}
	if found[1].OfSale || found[1].Matter.Attempt.ID != lost.Attempt.ID || found[1].Matter.Bill.SaleID != lost.SaleID {
		t.Errorf("behind it is %+v", found[1])
	}
	if p.ofSale(part.SaleID) != 1 {
		t.Errorf("a person was called %d times", p.ofSale(part.SaleID))
	}
	c.settle()
	c.cashRest(part.SaleID)
	if again := counted.Found(context.Background()); again[0].Matter.Bill.State != txn.BillPaid || again[0].Paper != txn.NoPaper {
		t.Errorf("later it is told as %+v", again[0])
	}
	c.agree()
}

// A day is not closed while a sale is paid in part, and is once it is finished.
func TestDayIsNotClosedWithAnUnfinishedSale(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	number := c.cardPart(basket(10000), 3000).SaleID
	closes := func() (<-chan struct{}, error) {
		_, done, err := c.till.CloseDay(context.Background(), clerk, txn.DayClosed{Batch: 1, Z: 1}, txn.DayOpened{Batch: 2, Currency: "CNY"},
			func() ([]byte, error) { return []byte("{}"), nil })
		return done, err
	}
	if _, err := closes(); !errors.Is(err, till.ErrSaleOpen) || txn.FaultOf(err).Code != "sale unfinished" || c.journal.OpenDay().Batch != 1 {
		t.Errorf("the day was closed: %v", err)
	}
	c.printer.outcome = txn.NotPrinted // it is paid: that its receipt is owed keeps no day open
	c.cashRest(number)
	if b := c.bill(number); !b.Owes() {
		t.Fatalf("the sale is %+v", b)
	}
	done, err := closes()
	if err != nil || c.journal.OpenDay().Batch != 2 {
		t.Fatalf("the day was not closed: %v", err)
	}
	<-done
}

// Killed while its receipt was printed, a sale stays paid; its paper comes again as a copy alone, whichever of its payments it is
// asked for by, and names them all, also one that was given back since.
func TestCopyOfASplitSaleNamesItsPayments(t *testing.T) {
	ctx := context.Background()
	c := newCounter(t, "unionpay", "")
	first := c.cardPart(basket(10000), 3000)
	hold := make(chan struct{})
	c.printer.hold = hold
	last := c.cardPart(sale.Sale{ID: first.SaleID}, 7000)
	c.crash()
	found := c.till.Found(ctx)
	if len(found) != 1 || !found[0].OfSale || found[0].Paper != txn.Printing || found[0].Matter.Bill.Paper != txn.PaperUnknown {
		t.Errorf("the start found %+v", found)
	}
	c.printer.mu.Lock()
	c.printer.hold = nil
	c.printer.mu.Unlock()
	close(hold)
	voided, err := c.till.Void(ctx, clerk, first.Attempt.ID, nil)
	if err != nil || voided.Bill.State != txn.BillReturnedInPart {
		t.Fatalf("%s, sale %+v, %v", describe(voided), voided.Bill, err)
	}
	<-voided.Paper
	_, done, err := c.till.Reprint(ctx, clerk, first.Attempt.ID)
	if err != nil {
		t.Fatal(err)
	}
	<-done
	all := c.sheets()
	s := all[len(all)-1]
	want := []txn.Attempt{c.attempt(first.Attempt.ID), c.attempt(last.Attempt.ID)}
	if s.Print.Kind != txn.PrintRepeat || !reflect.DeepEqual(s.Parts, want) || want[0].State != txn.Voided || s.Bill.State != txn.BillReturnedInPart {
		t.Errorf("the copy is %+v", s)
	}
	c.agree()
}

// A receipt that waits for the printer does not come any more once a part of its sale was given back; the slip of that void does.
func TestReceiptOfWhatWasReturnedDoesNotCome(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	c := newCounter(t, "unionpay", "")
	c.printer.ready = false
	number := c.cardPart(basket(10000), 3000).SaleID
	last := c.cashRest(number)
	if _, err := c.till.Void(ctx, clerk, last.Attempt.ID, nil); err != nil {
		t.Fatal(err)
	}
	c.printer.mu.Lock()
	c.printer.ready = true
	c.printer.mu.Unlock()
	var running sync.WaitGroup
	running.Go(func() { c.till.Run(ctx) })
	for range 500 {
		if len(c.sheets()) > 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	c.till.Kick()
	time.Sleep(50 * time.Millisecond)
	cancel()
	running.Wait()
	c.till.WaitForPaper()
	if all := c.sheets(); len(all) != 1 || all[0].Attempt.Kind != txn.Void || len(all[0].Parts) != 0 {
		t.Errorf("the papers are %+v", all)
	}
	if b := c.bill(number); b.State != txn.BillReturnedInPart || b.Paper != txn.NoPaper || b.Owes() {
		t.Errorf("the sale is %+v", b)
	}
}

// A sale of 0.00 is paid without a payment, has its receipt, and opens no drawer; a copy of it is found by its number. With
// something to pay or without a line it is none.
func TestSaleOfNothingIsGiven(t *testing.T) {
	ctx := context.Background()
	c := newCounter(t, "unionpay", "")
	out, err := c.till.Give(ctx, clerk, basket(0))
	if err != nil || out.Attempt.ID != 0 || out.Bill.State != txn.BillPaid || out.SaleID != out.Bill.SaleID || out.Paper == nil {
		t.Fatalf("%+v, %v", out, err)
	}
	<-out.Paper
	if _, done, err := c.till.ReprintSale(ctx, clerk, out.SaleID); err != nil {
		t.Fatal(err)
	} else {
		<-done
	}
	all := c.sheets()
	if len(all) != 2 || all[0].Print.Kind != txn.PrintOriginal || all[1].Print.Kind != txn.PrintRepeat {
		t.Fatalf("the papers are %+v", all)
	}
	for _, s := range all {
		if s.OpenDrawer || len(s.Parts) != 0 || s.Attempt.ID != 0 || s.Sale.ID != out.SaleID || len(s.Sale.Lines) != 1 || s.Bill.State != txn.BillPaid {
			t.Errorf("a sheet is %+v", s)
		}
	}
	again := basket(0)
	again.ID = out.SaleID
	for name, s := range map[string]sale.Sale{"something to pay": basket(100), "a sale that is there": again, "no line": {Currency: money.CNY}} {
		if out, err := c.till.Give(ctx, clerk, s); err == nil || out.SaleID != 0 || txn.FaultOf(err).Charged != txn.ChargedNo {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
	}
	if b := c.bill(out.SaleID); b.Paper != txn.Printed || b.Owes() {
		t.Errorf("the sale is %+v", b)
	}
	c.agree()
}

// The receipt of a sale of 0.00 that waits for the printer is asked for by the sale's number, and is not marked then.
func TestGivenSaleWaitsForThePrinter(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	c.printer.ready = false
	out, err := c.till.Give(context.Background(), clerk, basket(0))
	if err != nil || out.Paper != nil {
		t.Fatalf("%+v, %v", out, err)
	}
	c.crash()
	found := c.till.Found(context.Background())
	if len(found) != 1 || !found[0].OfSale || found[0].Matter.Bill.SaleID != out.SaleID || found[0].Matter.Attempt.ID != 0 {
		t.Errorf("the start found %+v", found)
	}
	if _, done, err := c.till.ReprintSale(context.Background(), clerk, out.SaleID); err != nil {
		t.Fatal(err)
	} else {
		<-done
	}
	if kinds := c.printer.kinds(); !slices.Equal(kinds, []txn.PrintKind{txn.PrintOriginal}) {
		t.Errorf("the papers are %v", kinds)
	}
}

// Before its sale is paid, a part has a slip and no receipt, however its paper is asked for; the receipt comes unmarked all the
// same.
func TestPartHasASlipBeforeItsSaleIsPaid(t *testing.T) {
	ctx := context.Background()
	c := newCounter(t, "unionpay", "")
	part := c.cardPart(basket(10000), 3000)
	for _, print := range []func(context.Context, txn.Actor, txn.ID) (int64, <-chan struct{}, error){c.till.PrintSlip, c.till.Reprint} {
		_, done, err := print(ctx, clerk, part.Attempt.ID)
		if err != nil {
			t.Fatal(err)
		}
		<-done
	}
	if _, _, err := c.till.ReprintSale(ctx, clerk, part.SaleID); !errors.Is(err, txn.ErrNotAllowed) {
		t.Errorf("a receipt of what is not paid: %v", err)
	}
	all := c.sheets()
	for _, s := range all {
		if s.Print.Kind != txn.PrintPart || s.Attempt.ID != part.Attempt.ID || len(s.Parts) != 0 || s.OpenDrawer || s.Bill.State != txn.BillPartPaid {
			t.Errorf("a slip is %+v", s)
		}
	}
	if a, b := c.attempt(part.Attempt.ID), c.bill(part.SaleID); len(all) != 2 || len(a.Prints) != 2 || a.Owes() || b.Paper != txn.NoPaper || len(b.Prints) != 0 {
		t.Errorf("%d slips; the part has %+v, the sale %+v", len(all), a.Prints, b)
	}
	c.cashRest(part.SaleID)
	if kinds := c.printer.kinds(); kinds[len(kinds)-1] != txn.PrintOriginal {
		t.Errorf("the papers are %v", kinds)
	}
	c.agree()
}

// Parts that a separate terminal showed complete a sum as others do, by a person's word, and nothing of them reaches the bank.
func TestClaimedPartsCompleteASale(t *testing.T) {
	ctx := context.Background()
	c := newCounter(t, "unionpay", "")
	p := terminal{says: external.Answer{Shown: external.Approved, ApprovalCode: "A1"}}
	var calls told
	counted := c.withTerminal(&p, &calls)
	first, err := counted.PayExternal(ctx, clerk, till.Payment{Sale: basket(10000), AmountMinor: 4000})
	if err != nil || first.Bill.State != txn.BillPartPaid || first.Paper != nil {
		t.Fatalf("%s, sale %+v, %v", describe(first), first.Bill, err)
	}
	last, err := counted.PayExternal(ctx, clerk, till.Payment{Sale: sale.Sale{ID: first.SaleID}})
	if err != nil || last.Bill.State != txn.BillPaid || last.Attempt.Amount.Minor != 6000 || last.Paper == nil {
		t.Fatalf("%s, sale %+v, %v", describe(last), last.Bill, err)
	}
	<-last.Paper
	all := c.sheets()
	if len(all) != 1 || len(all[0].Parts) != 2 || all[0].Parts[0].State != txn.Claimed || all[0].Parts[1].State != txn.Claimed || all[0].OpenDrawer {
		t.Errorf("the sheets are %+v", all)
	}
	if rows := c.host.Rows(); len(rows) != 0 {
		t.Errorf("the bank heard of it: %+v", rows)
	}
	if _, err := c.journal.Verify(ctx); err != nil {
		t.Error(err)
	}
}

// layouts is a printer that keeps what it was given to lay out beforehand.
type layouts struct {
	*printer
	prepared chan till.Sheet
}

func (p layouts) Prepare(s till.Sheet) { p.prepared <- s }

// What the printer is given to lay out while a sale becomes durable is the very sheet that it prints then: the part that
// completes the sum is on it as it is approved.
func TestReceiptIsLaidOutAsItIsPrinted(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	p := layouts{c.printer, make(chan till.Sheet, 9)}
	c.till = till.New(till.Config{Journal: c.journal, Numbers: c.journal, Lines: till.Lines{txn.Card: c.bank}, Printer: p, Vault: c.vault, Terminal: "T0000001", Merchant: "M00000000000001"})
	number := c.cardPart(basket(10000), 3000).SaleID
	out := c.cardPart(sale.Sale{ID: number}, 7000)
	if out.Paper == nil {
		t.Fatalf("%s, sale %+v", describe(out), out.Bill)
	}
	<-out.Paper
	if laid, printed := <-p.prepared, c.sheets()[0]; !reflect.DeepEqual(laid, printed) {
		t.Errorf("laid out was\n%+v, printed\n%+v", laid, printed)
	}
}

// Of several who pay the rest of one sale at once, by card and in cash, one does; nothing is taken twice.
func TestRestIsTakenOnce(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	number := c.cardPart(basket(10000), 3000).SaleID
	var mu sync.Mutex
	var paid []till.Outcome
	took := func(out till.Outcome, err error) {
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			paid = append(paid, out)
			return
		}
		refused(t, "another payer", out, err)
	}
	var paying sync.WaitGroup
	for range 2 {
		paying.Go(func() { took(c.till.PayCard(context.Background(), clerk, c.byCard(sale.Sale{ID: number}, 0))) })
		paying.Go(func() { took(c.till.PayCash(context.Background(), clerk, rest(number))) })
	}
	paying.Wait()
	c.till.WaitForPaper()
	if len(paid) != 1 || paid[0].Bill.State != txn.BillPaid {
		t.Fatalf("%d of 4 have paid: %+v", len(paid), paid)
	}
	if b := c.bill(number); b.State != txn.BillPaid || b.TakenMinor() != 10000 || len(b.Parts) != 2 || len(c.sheets()) != 1 {
		t.Errorf("sale %+v, %d sheets", b, len(c.sheets()))
	}
	c.agree()
}
