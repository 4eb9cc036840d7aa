package simulator

import (
	"context"
	"slices"

	"veratill/txn"
	"veratill/txn/hostsim/bank"
)

// settling reports whether the bank of the settings still owes an answer about a batch.
func (w *world) settling(ctx context.Context) bool {
	owed, err := w.life.journal.SettlementsOwed(ctx)
	return err != nil || slices.ContainsFunc(owed, func(s txn.Settlement) bool { return s.Owed() && s.Line == w.life.line })
}

// settleDay settles the open day's batch, as a manager does before the day is closed. What is told to balance has to balance.
func (w *world) settleDay(ctx context.Context, l *life) {
	settled, err := l.till.SettleDay(ctx, clerk)
	if l.ended() {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.say("settle: %s", faultOf(err))
		w.readNumbers(err)
	}
	for _, s := range settled {
		w.say("batch %d is %s, %d of %d told", s.Batch, s.State, s.Sent, len(s.Items))
		c, _ := w.bank.book.Closing(terminalNumber, s.Batch)
		if s.State == txn.SettlementBalanced && s.Line != otherLine && !c.Balanced && w.readers == nil {
			w.bad("batch %d is told to balance, and the bank says that it does not", s.Batch)
		}
	}
}

// judgeTold looks at a payment of an upload as it comes to the bank: what this till undid, or never sold, is in none.
func (w *world) judgeTold(t transit, i bank.Item) {
	if i.Code != "00" && i.Code != "64" && w.folders.partings == 0 && w.bank.book.Matching == bank.ByBatch {
		w.bad("the bank is told of %s, and keeps nothing of it: %s", t.id, i.Code)
	}
}

// judgeBatches holds what the till says of each batch against the bank: every closed day with cards is settled, "balanced" is true, and a difference is named.
func (w *world) judgeBatches(ctx context.Context, attempts []txn.Attempt) {
	days, err := w.life.journal.Days(ctx)
	if err != nil {
		w.bad("the days can't be read: %v", err)
		return
	}
	for _, d := range days {
		settled, err := w.life.journal.SettlementsOf(ctx, d.Batch)
		if err != nil {
			w.bad("the settlements can't be read: %v", err)
			return
		}
		for _, a := range attempts {
			has := slices.ContainsFunc(settled, func(s txn.Settlement) bool { return s.Line == a.Line })
			if d.Z != 0 && a.Batch == d.Batch && a.Tender == txn.Card && !has {
				w.bad("%s is of batch %d, which is closed, and nobody settles it on %q", a.ID, d.Batch, a.Line)
			}
		}
		for _, s := range settled {
			w.say("at the end batch %d on %q is %s", s.Batch, s.Line, s.State)
			w.judgeSettlement(s, attempts)
		}
	}
}

func (w *world) judgeSettlement(s txn.Settlement, attempts []txn.Attempt) {
	if s.Line == w.life.line && s.Owed() {
		w.bad("the settlement of batch %d has not ended: %s", s.Batch, s.State)
	}
	if s.Line == otherLine || w.folders.partings > 0 || w.readers != nil { // a card terminal ends its day without a batch of the till's
		return
	}
	kept, _ := txn.InBatch(s.Key(), attempts)
	now, err := txn.SumOf(kept, []string{""}, func(txn.Attempt) string { return "" })
	said, errOfSaid := txn.Total(s.Sums)
	if err != nil || errOfSaid != nil {
		w.bad("the sums of batch %d do not fit: %v %v", s.Batch, err, errOfSaid)
		return
	}
	c, asked := w.bank.book.Closing(terminalNumber, s.Batch)
	if s.State == txn.SettlementBalanced && (!asked || !c.Balanced || c.Bank.Debits != said.Debits || c.Bank.DebitMinor != said.DebitMinor || c.Bank.CreditMinor != said.CreditMinor) {
		w.bad("batch %d is said to balance, with %+v, and the bank has %+v", s.Batch, said, c)
	}
	if s.State == txn.SettlementDiffers && s.Sent != len(s.Items) {
		w.bad("batch %d differs, and the bank was told of %d of %d payments", s.Batch, s.Sent, len(s.Items))
	}
	if s.State == txn.SettlementBalanced && now[0].DebitMinor < said.DebitMinor {
		w.bad("batch %d balanced with %d, and the till keeps %d", s.Batch, said.DebitMinor, now[0].DebitMinor)
	}
}
