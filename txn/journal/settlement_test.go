package journal_test

import (
	"errors"
	"testing"

	"veratill/txn"
	"veratill/txn/journal"
)

// settling begins to settle a batch on a line that has no payment in it.
func settling(t *testing.T, j *journal.Journal, batch int64, line string) txn.Settlement {
	t.Helper()
	s := txn.Settlement{Batch: batch, Line: line, State: txn.SettlementAsked, OpenedMs: 4}
	commit(t, j, txn.Synced, txn.SettlementOpened{Settlement: s})
	return s
}

func settlementEvent(t *testing.T, j *journal.Journal, s txn.Settlement, e txn.SettlementEvent) txn.Settlement {
	t.Helper()
	d, err := txn.StepSettlement(s, e)
	if err != nil {
		t.Fatal(err)
	}
	commit(t, j, d.Durability, txn.SettlementMoved{Batch: s.Batch, Line: s.Line, Event: e, After: d.After})
	return d.After
}

// A settlement is carried over from day to day until it ends, is named once more on the day on which it does, and the whole is what the entries say.
func TestSettlementsAreCarriedOver(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	sell(t, j)
	first := settling(t, j, 1, "bank")
	ended := settlementEvent(t, j, settling(t, j, 1, "other"), txn.SettlementEvent{Kind: txn.SettlementAgreed, AtMs: 4})
	nextDay(t, j)
	nextDay(t, j)
	proved := func(want ...txn.Settlement) {
		t.Helper()
		p, err := j.Proven(ctx)
		if err != nil || len(p.Settlements) != len(want) {
			t.Fatalf("%+v, %v", p.Settlements, err)
		}
		for i, s := range want {
			if is := p.Settlements[i]; is.Key() != s.Key() || is.State != s.State {
				t.Errorf("%+v, and not %+v", is, s)
			}
		}
	}
	proved(first)
	second := settling(t, j, 3, "bank")
	proved(first, second)
	first = settlementEvent(t, j, first, txn.SettlementEvent{Kind: txn.SettlementUnanswered, AtMs: 6})
	settlementEvent(t, j, first, txn.SettlementEvent{Kind: txn.SettlementAgreed, AtMs: 6})
	second = settlementEvent(t, j, second, txn.SettlementEvent{Kind: txn.SettlementAnswerNo, Code: "58", AtMs: 6})
	proved(second)
	nextDay(t, j)
	settlementEvent(t, j, second, txn.SettlementEvent{Kind: txn.SettlementLetGo, Detail: "Li Na", AtMs: 7})
	proved(txn.Settlement{Batch: 3, Line: "bank", State: txn.SettlementLeft})
	if v, err := j.Verify(ctx); err != nil {
		t.Errorf("%+v, %v", v, err)
	}
	if of, err := j.SettlementsOf(ctx, 1); err != nil || len(of) != 2 || of[1].State != ended.State {
		t.Errorf("%+v, %v", of, err)
	}
	if owed, err := j.SettlementsOwed(ctx); err != nil || len(owed) != 0 {
		t.Errorf("%+v, %v", owed, err)
	}
	close(t, j)
}

// What somebody changes of a settlement is found: by a look at the day where it is of this day, and by Verify wherever it is.
func TestChangedSettlementIsFound(t *testing.T) {
	for _, query := range []string{
		"UPDATE settlement SET body = replace(body, '\"asked\"', '\"balanced\"')",
		"UPDATE settlement SET batch = 4",
		"DELETE FROM settlement",
	} {
		dir := t.TempDir()
		j := threeDays(t, dir)
		settling(t, j, 3, "bank")
		closeLongAfter(t, j)
		tamper(t, dir, query)
		j = open(t, dir)
		if _, err := j.Proven(ctx); !errors.Is(err, journal.ErrDiffers) {
			t.Errorf("%s: %v", query, err)
		}
		if _, err := j.Verify(ctx); !errors.Is(err, journal.ErrDamaged) {
			t.Errorf("%s: Verify gave %v", query, err)
		}
		close(t, j)
	}
}
