package simulator

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"

	"veratill/txn"
	"veratill/txn/hostsim/bank"
	"veratill/txn/journal"
	"veratill/txn/till"
)

// What no history may show. Each sentence names the rule of the protocol that it is about.

// judgeSending looks at a message as it leaves the till.
func (w *world) judgeSending(t transit) {
	w.judgeOthers(t)
	w.judgeRefunds(t)
	if t.MTI[1] != '2' {
		return
	}
	if w.requests[t.id]++; w.requests[t.id] > 1 {
		w.bad("rules 8 and 9: a second request of %s left", t.id)
	}
	if !w.verify {
		return
	}
	owed, err := w.life.journal.Owed(context.Background())
	for _, a := range owed {
		if err == nil && a.Open() && !a.AsksAPerson() && a.Tender != txn.Code && a.ID != t.id && a.Reason != txn.ApprovedLate {
			w.bad("%s is asked for while %s is not known", t.id, a.ID)
		}
	}
}

// judgeLine holds that what was begun on one line is asked of that line alone, and where a bank is: a connection proves none.
func (w *world) judgeLine(c *conn, t transit) {
	if t.MTI[1] == '8' {
		return
	}
	if !c.answered.Load() {
		w.bad("%s of %s leaves on a line on which nobody has answered anything", t.MTI, t.id)
	}
	a, err := w.life.journal.Attempt(context.Background(), t.id)
	if err == nil && a.Line != c.life.line {
		w.bad("%s was begun on the line %q, and %s asks it of %q", t.id, a.Line, t.MTI, c.life.line)
	}
}

// judgeNames looks at how a void, and a reversal, name what they undo: as the bank said it. A
// message that says it otherwise is refused, or undoes another payment.
func (w *world) judgeNames(t transit, r bank.Request) {
	if o := w.bank.book.Row(r.OriginalKey()); !r.Reversal && r.Kind == bank.Void && o.Kind == bank.Sale {
		if r.NamesRRN != o.RRN || r.NamesCode != o.ApprovalCode {
			w.bad("%s voids RRN %q with approval code %q, and the bank said %q and %q", t.id, r.NamesRRN, r.NamesCode, o.RRN, o.ApprovalCode)
		}
	}
	if code := t.Get(38); r.Reversal && code != "" && !w.bank.said[t.id][code] {
		w.bad("a reversal of %s says approval code %q, which the bank never said", t.id, code)
	}
}

// judgeReversal looks at a reversal that the bank is about to carry out, or to remember.
func (w *world) judgeReversal(t transit, was bank.Row) {
	if was.State != bank.Approved {
		return
	}
	id := t.id
	original := w.bank.asked[id]
	if w.shown[id] {
		w.bad("rule 2: %s is reversed, and a receipt of it is out", id)
	}
	if w.told[id] == string(txn.Approved) {
		w.bad("rule 2: %s is reversed, and the screen said paid", id)
	}
	same := []int{3, 4, 22, 25, 42, 49, 60, 61}
	for _, n := range same {
		if n == 61 && !w.profile.MAC && was.Kind == bank.Sale {
			continue
		}
		if original.Has(n) && original.Get(n) != t.Get(n) {
			w.bad("a reversal of %s says another DE%d than its original", id, n)
		}
	}
	if elements := t.Get(90); elements != "" && elements[4:20] != original.Get(11)+original.Get(7) {
		w.bad("DE90 of a reversal of %s is not what its original sent", id)
	}
}

// judgeRefusal looks at an error that the cashier is told.
func (w *world) judgeRefusal(a txn.Attempt, err error) {
	if a.ID != 0 && !errors.Is(err, till.ErrJournal) && w.requests[a.ID] > 0 {
		w.bad("%s was sent to the bank, and the screen says that nothing was begun: %v", a.ID, err)
	}
}

// judgeBoot looks at why a program did not start.
func (w *world) judgeBoot(err error) {
	if err == nil || w.life.ended() {
		return
	}
	w.failedBoots++
	if errors.Is(err, journal.ErrDamaged) || errors.Is(err, journal.ErrForeign) || errors.Is(err, journal.ErrNewer) {
		w.bad("the journal can't be opened: %v", err)
		w.refused = w.lying // it says so, and that ends this history
	}
	if w.failedBoots > 200 {
		w.bad("the program does not start: %v", err)
		w.refused = w.lying
	}
}

// judgeKey looks at what a start met of the key for open card numbers.
func (w *world) judgeKey(lost bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if lost {
		w.bad("the key for open card numbers was lost")
	}
}

// judge holds journal, bank and paper side by side when everything has ended.
func (w *world) judge() {
	ctx := context.Background()
	l := w.life
	if l.ended() || l.journal == nil {
		w.bad("the till is not running at the end")
		return
	}
	attempts, err := l.journal.AllAttempts(ctx)
	if err != nil {
		w.bad("the journal can't be read: %v", err)
		return
	}
	bills, err := w.bills(ctx)
	if err != nil {
		w.bad("the sales can't be read: %v", err)
		return
	}
	known := map[txn.ID]bool{}
	for _, a := range attempts {
		known[a.ID] = true
		w.say("at the end %s: %s %d is %s%s%s", a.ID, a.Kind, a.Amount.Minor, a.State, paperOf(a, bills[a.SaleID]),
			map[bool]string{true: ", answered late"}[a.Late != txn.Answer{}])
		w.judgeAttempt(a)
		w.judgeDenied(a)
	}
	w.judgeCases(ctx)
	w.judgeFiles(attempts)
	w.judgeFiled(ctx, attempts)
	w.judgeSales(bills, attempts)
	w.judgeBack()
	w.judgeSlips(ctx, attempts, bills)
	w.judgeMessages(known)
	w.judgeCodesOwed(attempts)
	w.judgeCable(attempts)
	for _, r := range w.bank.book.Rows() {
		if w.others[r.STAN].RRN != "" && r.RRN == w.others[r.STAN].RRN {
			continue
		}
		if id := txn.ID(r.STAN); !known[id] && r.State == bank.Approved && w.folders.partings == 0 {
			w.bad("the bank has the money of %s, which the journal does not know", id)
		}
	}
	for id := range w.papers {
		if !known[id] {
			w.bad("paper of %s is out, which the journal does not know", id)
		}
	}
	for id := range w.told {
		if id != 0 && !known[id] {
			w.bad("%s was told to be %s, and the journal does not know it", id, w.told[id])
		}
	}
	w.judgeWaiting(attempts, bills)
	w.judgeDays(ctx)
	w.judgeBatches(ctx, attempts)
	if w.verify {
		if _, err := l.journal.Verify(ctx); err != nil && !(w.lying && errors.Is(err, journal.ErrDamaged)) {
			w.broke("the journal does not verify: %v", err)
		}
	}
}

// judgeAttempt compares what the journal says of an attempt with bank, paper and what was told.
func (w *world) judgeAttempt(a txn.Attempt) {
	r := w.bank.row(a.ID)
	charged := r.State == bank.Approved
	p := w.papers[a.ID]
	if p == nil {
		p = &papers{}
	}
	taken := a.Concluded() || a.State == txn.Voided || w.tookElsewhere(a)
	switch {
	case a.Open():
		w.bad("%s has not ended: it is %s", a.ID, a.State)
	case a.Tender == txn.External && r.State != "":
		w.bad("%s is of a separate terminal, and the bank has heard of it", a.ID)
	case a.Tender == txn.Code:
		w.judgeCode(a)
	case a.Tender == txn.Cash, a.Tender == txn.External, w.voidedElsewhere(a):
	case a.State == txn.Voided && a.VoidedBy == 0:
		w.judgeUndone(a, charged)
	case a.State == txn.Approved && (!charged || r.AmountMinor != a.Amount.Minor):
		w.bad("%s is approved here and %q at the bank", a.ID, r.State)
	case a.State == txn.Voided && r.State != bank.Voided:
		w.bad("%s is voided here and %q at the bank", a.ID, r.State)
	case a.State == txn.Kept && !charged:
		w.bad("%s is said to be kept, and the bank has no money of it", a.ID)
	case !taken && charged && a.State != txn.Kept:
		w.bad("%s is %s here, and the bank has the money", a.ID, a.State)
	}
	if w.readers == nil && a.Reason == txn.NotOurs && charged && !w.bank.others[a.ID] && w.folders.partings == 0 {
		w.bad("%s is said to be another's, and the bank has said of it what is its own", a.ID)
	}
	// A refusal is a lazy commit: lost with the power, it becomes a reversal, and nobody is charged either way.
	if told := w.told[a.ID]; (told == string(txn.Approved) || told == string(txn.Claimed)) && !taken || told == string(txn.Declined) && taken {
		w.bad("%s was told to be %s and is %s", a.ID, told, a.State)
	}
	if !taken && (p.unmarked+p.copies+p.slips > 0 || w.shown[a.ID]) {
		w.bad("%s is %s and has a receipt", a.ID, a.State)
	}
	w.judgeOutcome(a.ID.String(), a.Paper, p)
}

// judgeOutcome compares what the journal says of the one unmarked paper with what came out.
func (w *world) judgeOutcome(whose string, paper txn.Paper, out *papers) {
	switch {
	case paper == txn.Printed && out.unmarked == 0:
		w.bad("%s is said to be printed, and no paper is out", whose)
	case (paper == txn.NoPaper || paper == txn.NotPrinted) && out.unmarked > 0:
		w.bad("%s is said to have no paper, and has it", whose)
	case paper == txn.Printing:
		w.bad("the print of %s has not ended", whose)
	}
}

// judgeWaiting looks for receipts that the till let lie: the printer works at the end, so that each sale and void of this
// run has its paper by then. Of what a start found a person is told, who decides.
func (w *world) judgeWaiting(attempts []txn.Attempt, bills map[int64]txn.Bill) {
	told, toldOfSale := map[txn.ID]bool{}, map[int64]bool{}
	for _, f := range w.life.till.Found(context.Background()) {
		if f.OfSale {
			toldOfSale[f.Matter.Bill.SaleID] = true
		} else {
			told[f.Matter.Attempt.ID] = true
		}
	}
	for _, a := range attempts {
		if a.Unpapered() && a.Paper != txn.Printing && !told[a.ID] {
			w.bad("the slip of %s was to wait for the printer, and never came", a.ID)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(bills)) {
		if b := bills[id]; b.Unpapered() && b.Paper != txn.Printing && !toldOfSale[id] {
			w.bad("the receipt of sale %d was to wait for the printer, and never came", id)
		}
	}
}

// judgeDays holds the days' numbers against each other: no gap, none lost.
func (w *world) judgeDays(ctx context.Context) {
	days, err := w.life.journal.Days(ctx)
	if err != nil {
		w.bad("the days can't be read: %v", err)
		return
	}
	for i, d := range days {
		if batch := int64(len(days) - i); d.Batch != batch || i > 0 && d.Z != batch || i == 0 && d.Z != 0 {
			w.bad("day %d has batch %d and Z %d", batch, d.Batch, d.Z)
		}
	}
	if closed, err := strconv.Atoi(w.told[0]); err == nil && len(days) <= closed {
		w.bad("day %d was told to be closed and is not", closed)
	}
}
