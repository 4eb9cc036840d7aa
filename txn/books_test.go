package txn_test

import (
	"slices"
	"testing"

	"veratill/txn"
)

// What is open in books that are not the newest is not known, at once and durably: nothing is sent for it by anything that happens later, and
// a manager's evidence ends it.
func TestBooksThatDifferUndoNothing(t *testing.T) {
	due := refusedOne(txn.Sale)
	due.Unsent = "0400: DE41"
	for _, a := range []txn.Attempt{sample(txn.Pending), sample(txn.Reversing), due, refusedOne(txn.Void)} {
		d := mustStep(t, a, event(txn.BooksDiffer))
		if d.After.State != txn.Unresolved || d.After.Reason != txn.BooksDiffered || d.After.Charged() != txn.ChargedUnknown || d.After.Unsent != "" {
			t.Errorf("%s becomes %s, %s", a.State, d.After.State, d.After.Reason)
		}
		if d.Durability != txn.Synced || !slices.Equal(d.Effects, []txn.Effect{txn.DestroyPAN, txn.TellPerson}) {
			t.Errorf("%s: %s, %v", a.State, d.Durability, d.Effects)
		}
		for _, kind := range txn.EventKinds {
			if later, err := txn.Step(d.After, event(kind)); err == nil && slices.Contains(later.Effects, txn.SendReversal) {
				t.Errorf("%s: %s asks to undo it", a.State, kind)
			}
		}
		for _, as := range txn.Findings {
			if ended := mustStep(t, d.After, txn.Event{Kind: txn.Resolved, Evidence: evidence(as)}); ended.After.Owes() {
				t.Errorf("%s: %s leaves it %s", a.State, as, ended.After.State)
			}
		}
	}
	for _, a := range []txn.Attempt{sample(txn.Approved), sample(txn.Declined), sample(txn.Reversed), sample(txn.Kept)} {
		refused(t, a, txn.BooksDiffer)
	}
	if d := mustStep(t, asked(), event(txn.BooksDiffer)); d.After.State != txn.Pending || !slices.Equal(d.Effects, []txn.Effect{txn.TellPerson}) {
		t.Errorf("at a separate terminal: %s, %v", d.After.State, d.Effects)
	}
}

// What waits for its paper in books that are not the newest may have it: it comes as a marked copy alone.
func TestPaperOfBooksThatDifferIsUnknown(t *testing.T) {
	for _, paper := range []txn.Paper{txn.NoPaper, txn.NotPrinted, txn.Printing} {
		d := mustStep(t, undone(paper), event(txn.BooksDiffer))
		if d.After.State != txn.Approved || d.After.Paper != txn.PaperUnknown || d.Durability != txn.Synced {
			t.Errorf("a slip that is %s: %s, %s, %s", paper, d.After.State, d.After.Paper, d.Durability)
		}
		b, err := txn.StepBill(bill(txn.BillPaid, paper), event(txn.BooksDiffer))
		if err != nil || b.After.Paper != txn.PaperUnknown || b.Durability != txn.Synced || !slices.Equal(b.Effects, []txn.Effect{txn.TellPerson}) {
			t.Errorf("a receipt that is %s: %+v, %v", paper, b, err)
		}
	}
	void := mustStep(t, refusedOne(txn.Void), event(txn.BooksDiffer)).After
	given := mustStep(t, void, txn.Event{Kind: txn.Resolved, Evidence: evidence(txn.WasGivenBack)}).After
	refused(t, given, txn.PrintBegun)
	b, err := txn.StepBill(bill(txn.BillPartPaid, txn.NoPaper), event(txn.BooksDiffer))
	if err != nil || b.After.Paper != txn.PaperUnknown || !slices.Equal(b.Effects, []txn.Effect{txn.TellPerson}) {
		t.Errorf("a sale that is paid in part: %+v, %v", b, err)
	}
	dropped := bill(txn.BillDropped, txn.NoPaper)
	b, err = txn.StepBill(dropped, event(txn.BooksDiffer))
	if err != nil || b.After.Paper != txn.PaperUnknown || b.Durability != txn.Synced || len(b.Effects) > 0 {
		t.Errorf("a sale that was dropped, and paid in newer books perhaps: %+v, %v", b, err)
	}
	if _, err := txn.StepBill(b.After, event(txn.BooksDiffer)); err == nil {
		t.Error("the same is written at each start")
	}
	if _, err := txn.StepBill(dropped, event(txn.Restarted)); err == nil {
		t.Error("an ordinary start makes the paper of a dropped sale unknown")
	}
}
