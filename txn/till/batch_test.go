package till_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/acquirer"
	"veratill/txn/till"
)

// dayOf makes a day of each kind: two payments that stand, one that was voided, one that was refused, and a refund.
func (c *counter) dayOf() (kept int) {
	c.t.Helper()
	first := c.payCard(1000)
	c.voids(c.payCard(2000).Attempt.ID)
	c.payCard(3050)
	if _, err := c.till.PayCard(context.Background(), clerk, c.payment(551)); err != nil {
		c.t.Fatal(err)
	}
	c.givesBack(c.giving(first.Attempt.ID, 250))
	return 3
}

func (c *counter) settled() txn.Settlement {
	c.t.Helper()
	all, err := c.journal.SettlementsOf(context.Background(), c.journal.OpenDay().Batch)
	if err != nil || len(all) != 1 {
		c.t.Fatalf("%+v, %v", all, err)
	}
	return all[0]
}

func (c *counter) closeDay() {
	c.t.Helper()
	day := c.journal.OpenDay()
	_, _, err := c.till.CloseDay(context.Background(), clerk, txn.DayClosed{Batch: day.Batch, Z: day.Batch}, txn.DayOpened{Batch: day.Batch + 1, Currency: "CNY"},
		func() ([]byte, error) { return []byte("{}"), nil })
	if err != nil {
		c.t.Fatal(err)
	}
}

// told holds that the bank was told of each payment that is kept, and took each once.
func (c *counter) told(kept int) {
	c.t.Helper()
	closings, items := c.host.Closings()
	if len(closings) != 1 || !closings[0].Ended || closings[0].Told != int64(kept) {
		c.t.Errorf("the bank's closings: %+v", closings)
	}
	if len(items) != kept {
		c.t.Errorf("the bank was told of %d payments, and %d are kept", len(items), kept)
	}
	for _, i := range items {
		if i.Code != "00" || i.Times < 1 {
			c.t.Errorf("%+v", i)
		}
	}
}

var bothProfiles = []string{"unionpay", "iso87"}

// A batch whose sums are the bank's balances, without what was voided or refused.
func TestBatchBalances(t *testing.T) {
	for _, profile := range bothProfiles {
		c := newCounterAt(t, profile, "", anyValues())
		c.dayOf()
		settled, err := c.till.SettleDay(context.Background(), clerk)
		if err != nil || len(settled) != 1 || settled[0].State != txn.SettlementBalanced {
			t.Fatalf("%s: %+v, %v", profile, settled, err)
		}
		ours, _ := txn.Total(settled[0].Sums)
		if ours != (txn.SettlementSum{Debits: 2, DebitMinor: 4050, Credits: 1, CreditMinor: 250}) {
			t.Errorf("%s: the till says %+v", profile, ours)
		}
		closings, items := c.host.Closings()
		if len(closings) != 1 || !closings[0].Balanced || len(items) != 0 || closings[0].Ended != (profile == "unionpay") {
			t.Errorf("%s: %+v, %+v", profile, closings, items)
		}
		if _, err := c.till.SettleDay(context.Background(), clerk); err != nil {
			t.Errorf("%s: asking once more: %v", profile, err)
		}
		if _, err := c.journal.Verify(context.Background()); err != nil {
			t.Error(err)
		}
	}
}

// No card is taken in a batch that is being settled; cash goes on, and the next day takes cards again.
func TestSettledBatchTakesNoCard(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	paid := c.payCard(1000)
	if _, err := c.till.SettleDay(context.Background(), clerk); err != nil {
		t.Fatal(err)
	}
	_, err := c.till.PayCard(context.Background(), clerk, c.payment(2000))
	if f := txn.FaultOf(err); !errors.Is(err, till.ErrBatchSettled) || f.Charged != txn.ChargedNo || f.Code != "batch settled" {
		t.Errorf("a card in a settled batch: %v, %+v", err, f)
	}
	if _, err := c.till.Void(context.Background(), clerk, paid.Attempt.ID, nil); !errors.Is(err, till.ErrBatchSettled) || txn.FaultOf(err).Charged != txn.ChargedYes {
		t.Errorf("a void in a settled batch: %v", err)
	}
	p := c.payment(500)
	p.ReceivedMinor = 500
	if _, err := c.till.PayCash(context.Background(), clerk, p); err != nil {
		t.Errorf("cash waits for the bank: %v", err)
	}
	c.closeDay()
	c.payCard(700)
}

// A bank whose day ended before the last payment differs: it is told of each payment, and the end does not make it a balance.
func TestBatchDiffers(t *testing.T) {
	for _, profile := range bothProfiles {
		c := newCounterAt(t, profile, `{"message":"0500","do":"cut off"}`, nil)
		kept := 0
		for range 3 {
			c.payCard(1000)
			kept++
		}
		settled, err := c.till.SettleDay(context.Background(), clerk)
		if err != nil || len(settled) != 1 || settled[0].State != txn.SettlementDiffers || settled[0].Code != "95" {
			t.Fatalf("%s: %+v, %v", profile, settled, err)
		}
		theirs, _ := txn.Total(settled[0].Bank)
		if theirs != (txn.SettlementSum{Debits: 2, DebitMinor: 2000}) || settled[0].Sent != kept || len(settled[0].Refused) > 0 {
			t.Errorf("%s: the bank said %+v, %+v", profile, theirs, settled[0])
		}
		c.told(kept)
	}
}

// Whatever message is lost on the way there or back, and where the till ends in between: the bank is asked again with the same numbers, takes each payment once, and the till does not
// say that it balances before the bank does.
func TestSettlementSurvivesEachLostMessage(t *testing.T) {
	for _, profile := range bothProfiles {
		for _, message := range []string{"0500", "0320"} {
			for _, do := range []string{"silent", "cut after", "cut before", "garbage", "truncated", "wrong stan", "restart"} {
				for nth := 1; nth <= 4 && (message == "0320" || nth == 1); nth++ {
					t.Run(fmt.Sprintf("%s %s %d %s", profile, message, nth, do), func(t *testing.T) {
						t.Parallel()
						lost := fmt.Sprintf("{\"message\":%q,\"nth\":%d,\"do\":%q}\n", message, nth, do)
						c := newCounterAt(t, profile, lost+`{"message":"0500","do":"decline","code":"95"}
{"message":"0501","do":"decline","code":"95"}`, nil)
						for range 3 {
							c.payCard(1000)
						}
						settled, err := c.till.SettleDay(context.Background(), clerk)
						if err != nil || len(settled) != 1 || !settled[0].Owed() {
							t.Fatalf("%+v, %v", settled, err)
						}
						before := settled[0]
						c.crash()
						c.closeDay()
						c.crash()
						if err := c.till.SettleOwed(context.Background()); err != nil {
							t.Fatal(err)
						}
						after, err := c.journal.SettlementsOf(context.Background(), 1)
						if err != nil || len(after) != 1 || after[0].Reference != before.Reference || after[0].Owed() {
							t.Fatalf("%+v, %v", after, err)
						}
						if after[0].State != txn.SettlementDiffers || len(after[0].Refused) > 0 {
							t.Errorf("the bank said 95, and has all: %+v", after[0])
						}
						c.told(3)
						if _, err := c.journal.Verify(context.Background()); err != nil {
							t.Error(err)
						}
					})
				}
			}
		}
	}
}

// An upload that was interrupted goes on before the next card, also on the next day, and no payment is counted twice.
func TestUploadGoesOnBeforeTheNextCard(t *testing.T) {
	for _, profile := range bothProfiles {
		c := newCounterAt(t, profile, `{"message":"0500","do":"cut off"}
{"message":"0320","nth":2,"do":"cut after"}`, nil)
		for range 3 {
			c.payCard(1000)
		}
		settled, err := c.till.SettleDay(context.Background(), clerk)
		if err != nil || settled[0].State != txn.SettlementUploading || settled[0].Sent != 1 {
			t.Fatalf("%s: %+v, %v", profile, settled, err)
		}
		c.closeDay()
		c.crash()
		c.payCard(700)
		c.told(3)
		_, items := c.host.Closings()
		if items[1].Times != 2 { // the one whose answer was lost
			t.Errorf("%s: %+v", profile, items)
		}
	}
}

// A day closes although the bank is silent, its settlement stays owed, and is asked about until the bank answers.
func TestSilentBankKeepsNoDayOpen(t *testing.T) {
	c := newCounter(t, "unionpay", `{"message":"0500","nth":1,"do":"silent"}`)
	c.payCard(1000)
	c.closeDay()
	owed, err := c.journal.SettlementsOwed(context.Background())
	if err != nil || len(owed) != 1 || owed[0].Batch != 1 || owed[0].State != txn.SettlementAsked {
		t.Fatalf("%+v, %v", owed, err)
	}
	if err := c.till.SettleOwed(context.Background()); err != nil {
		t.Fatal(err)
	}
	owed, err = c.journal.SettlementsOwed(context.Background())
	if err != nil || len(owed) != 1 || owed[0].Tries != 1 {
		t.Fatalf("after a silence: %+v, %v", owed, err)
	}
	if err := c.till.SettleOwed(context.Background()); err != nil { // it is left alone for a while
		t.Fatal(err)
	}
	if closings, _ := c.host.Closings(); len(closings) != 1 || closings[0].Ended {
		t.Errorf("%+v", closings)
	}
	c.crash()
	if err := c.till.SettleOwed(context.Background()); err != nil {
		t.Fatal(err)
	}
	if owed, err = c.journal.SettlementsOwed(context.Background()); err != nil || len(owed) != 0 {
		t.Errorf("%+v, %v", owed, err)
	}
}

// What the bank refuses is asked for again by a person, or left to the bank by their word; neither is told as balanced.
func TestRefusedSettlement(t *testing.T) {
	c := newCounter(t, "unionpay", `{"message":"0500","nth":1,"do":"decline","code":"58"}
{"message":"0500","nth":1,"do":"decline","code":"40"}`)
	c.payCard(1000)
	ctx := context.Background()
	if settled, err := c.till.SettleDay(ctx, clerk); err != nil || settled[0].State != txn.SettlementRefused || settled[0].Code != "58" {
		t.Fatalf("%+v, %v", settled, err)
	}
	key := c.settled().Key()
	if s, err := c.till.SettlementAgain(ctx, clerk, key); err != nil || s.State != txn.SettlementAsked {
		t.Fatalf("%+v, %v", s, err)
	}
	if err := c.till.SettleOwed(ctx); err != nil || c.settled().Code != "40" {
		t.Fatalf("%+v, %v", c.settled(), err)
	}
	if _, err := c.till.LeaveSettlement(ctx, clerk, key, ""); !errors.Is(err, txn.ErrNotAllowed) {
		t.Errorf("it was left by nobody: %v", err)
	}
	if s, err := c.till.LeaveSettlement(ctx, clerk, key, "Li Na"); err != nil || s.State != txn.SettlementLeft || s.EndedMs == 0 {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := c.till.SettlementAgain(ctx, clerk, txn.SettlementKey{Batch: 9, Line: "x"}); err == nil {
		t.Error("a batch that nobody settled is asked about")
	}
}

// A batch is not settled while money of it is on its way, and its number is named where it stays not known.
func TestNothingIsUnderWayWhenABatchIsSettled(t *testing.T) {
	c := newCounter(t, "iso87", `{"message":"0200","amountMinor":991,"do":"silent"}
{"message":"0400","nth":1,"do":"silent"}
{"message":"0401","nth":1,"do":"decline","code":"58"}`)
	c.payCard(1000)
	if _, err := c.till.PayCard(context.Background(), clerk, c.payment(991)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.till.SettleDay(context.Background(), clerk); !errors.Is(err, till.ErrOwed) {
		t.Fatalf("a batch is settled with a payment on its way: %v", err)
	}
	deadline := time.Now().Add(time.Minute)
	var settled []txn.Settlement
	for err := error(nil); len(settled) == 0 && time.Now().Before(deadline); {
		if settled, err = c.till.SettleDay(context.Background(), clerk); err != nil && !errors.Is(err, till.ErrOwed) {
			t.Fatal(err)
		}
	}
	if len(settled) != 1 || !slices.Equal(settled[0].NotKnown, []txn.ID{2}) || !slices.Equal(settled[0].Items, []txn.ID{1}) {
		t.Fatalf("%+v", settled)
	}
}

// A sale that is paid in part comes first: in a settled batch its card could neither be voided nor make up the rest.
func TestBatchIsSettledWithItsSales(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	part := c.cardPart(c.payment(3000).Sale, 1000)
	if _, err := c.till.SettleDay(context.Background(), clerk); !errors.Is(err, till.ErrSaleOpen) {
		t.Fatalf("a batch is settled with a sale that is paid in part: %v", err)
	}
	c.cashRest(part.SaleID)
	if settled, err := c.till.SettleDay(context.Background(), clerk); err != nil || settled[0].State != txn.SettlementBalanced {
		t.Errorf("%+v, %v", settled, err)
	}
}

// durably is a line that looks whether what it is asked for is on the disk.
type durably struct {
	*acquirer.Client
	c     *counter
	early int
}

func (d *durably) SettleBatch(ctx context.Context, s txn.Settlement, next txn.Order) txn.SettlementEvent {
	head, _ := d.c.journal.Head()
	if durable, _ := d.c.journal.Durable(); durable < head && s.State != txn.SettlementUploading {
		d.early++
	}
	return d.Client.SettleBatch(ctx, s, next)
}

// The intent is on the disk before the bank is asked, and its answer before anything says that it balances.
func TestSettlementIsDurableBeforeItIsSent(t *testing.T) {
	c := newCounter(t, "unionpay", "")
	line := &durably{Client: c.bank, c: c}
	own := till.New(till.Config{Journal: c.journal, Numbers: c.journal, Settlements: c.journal, Lines: till.Lines{txn.Card: line}, Printer: c.printer, Vault: c.vault,
		Terminal: "T0000001", Merchant: "M00000000000001"})
	c.payCardAt(own, 1000)
	own.WaitForPaper() // that it came out is written when the system likes, and nothing of the settlement rests on it
	settled, err := own.SettleDay(context.Background(), clerk)
	if err != nil || settled[0].State != txn.SettlementBalanced || line.early > 0 {
		t.Errorf("%+v, %v; %d messages left before what they rest on was durable", settled, err, line.early)
	}
	head, _ := c.journal.Head()
	if durable, _ := c.journal.Durable(); durable != head {
		t.Error("it balances, and a power cut can take that")
	}
}

// A settlement is asked of its own line alone: behind other settings it stays owed to the bank that it was begun with.
func TestSettlementStaysWithItsLine(t *testing.T) {
	c := newCounter(t, "unionpay", `{"message":"0500","nth":1,"do":"cut before"}`)
	c.payCard(1000)
	if settled, err := c.till.SettleDay(context.Background(), clerk); err != nil || settled[0].State != txn.SettlementAsked {
		t.Fatalf("%+v, %v", settled, err)
	}
	c.closeDay()
	c.terminal = "T0000002"
	c.crash()
	if err := c.till.SettleOwed(context.Background()); err != nil {
		t.Fatal(err)
	}
	if closings, _ := c.host.Closings(); len(closings) > 0 {
		t.Errorf("another line was asked: %+v", closings)
	}
	c.terminal = ""
	c.crash()
	if err := c.till.SettleOwed(context.Background()); err != nil {
		t.Fatal(err)
	}
	if closings, _ := c.host.Closings(); len(closings) != 1 || !closings[0].Ended || closings[0].Terminal != "T0000001" {
		t.Errorf("%+v", closings)
	}
}
