package till

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"veratill/txn"
	"veratill/txn/plan"
)

// Back-off of the reversals that Run repeats, doubling; the first follows at once.
const (
	firstRepeat = time.Second
	lastRepeat  = 30 * time.Second
)

// Settle asks the bank to undo what is owed, one try each, and returns how many are left.
func (t *Till) Settle(ctx context.Context) (left int, err error) {
	if err := t.card.Acquire(ctx, 1); err != nil {
		return 0, err
	}
	defer t.card.Release(1)
	return t.settle(ctx, func(txn.Attempt) bool { return true })
}

// settleDue is Settle of what may leave now: the wait for an undo that may not would be the next customer's.
func (t *Till) settleDue(ctx context.Context) (left int, err error) {
	if err := t.card.Acquire(ctx, 1); err != nil {
		return 0, err
	}
	defer t.card.Release(1)
	early := 0
	left, err = t.settle(ctx, func(a txn.Attempt) bool {
		wallet, _ := t.lineOf(a).(Wallet)
		//mutant:nobody-waits-for-an-undo-that-is-too-early
		if wallet != nil && wallet.TooEarly(a) {
			early++
			return false
		}
		return true
	})
	return left + early, err
}

// Refused asks the bank again to undo what it has refused to, where it has not been asked for long.
func (t *Till) Refused(ctx context.Context) error {
	if err := t.card.Acquire(ctx, 1); err != nil {
		return err
	}
	defer t.card.Release(1)
	return t.settleRefused(ctx)
}

// reachable splits what is owed by whether its line is there and ready, and asks each line once. left is how many wait
// for a line that is not. While the journal has failed nothing is asked: a manager's evidence, or an answer that ends the asking, could not be saved and may
// be on the disk all the same.
func (t *Till) reachable(ctx context.Context, open []txn.Attempt) (can []txn.Attempt, left int) {
	//mutant:nothing-is-asked-again-that-evidence-may-have-ended
	if t.cfg.Journal.Failed() != nil {
		return nil, len(open)
	}
	ready := map[string]bool{}
	for _, a := range open {
		if _, asked := ready[a.Line]; !asked {
			line := t.lineOf(a)
			ready[a.Line] = line != nil && line.Ready(ctx) == nil // its page says why not
		}
		if ready[a.Line] {
			can = append(can, a)
		} else {
			left++
		}
	}
	return can, left
}

// owedToLines are the open attempts that their lines can be asked to undo: for a separate terminal no line can be, nobody undoes a refund, and
// nobody else waits for either (rule 15).
func (t *Till) owedToLines(ctx context.Context) ([]txn.Attempt, error) {
	open, err := t.openAttempts(ctx)
	return slices.DeleteFunc(open, func(a txn.Attempt) bool { return a.AsksAPerson() || a.Kind == txn.Refund }), err
}

func (t *Till) openAttempts(ctx context.Context) ([]txn.Attempt, error) {
	owed, err := t.cfg.Journal.Owed(ctx)
	if err != nil {
		return nil, err
	}
	var open []txn.Attempt
	for _, a := range owed {
		if a.Open() {
			open = append(open, a)
		}
	}
	return open, nil
}

// refusedRepeat is how rarely a reversal that the bank refused is asked for again.
const refusedRepeat = time.Hour

// settleRefused asks again for the reversals that the bank has refused, each once in refusedRepeat: banks are mended. Nobody waits for them.
func (t *Till) settleRefused(ctx context.Context) error {
	owed, err := t.cfg.Journal.Owed(ctx)
	if err != nil {
		return err
	}
	refused := slices.DeleteFunc(owed, func(a txn.Attempt) bool { return !a.UndoRefused() || !t.rested(a.ID) })
	refused, _ = t.reachable(ctx, refused)
	for _, a := range refused {
		if !t.isDue(a.ID) {
			p, err := t.move(ctx, txn.ByTill, a.ID, txn.Event{Kind: txn.ReversalDue})
			if err != nil {
				return err
			}
			t.carry(ctx, p, with{})
			a = p.After
		}
		if _, err := t.undo(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// rested reports whether a refused reversal may be asked for again, and notes that it is.
func (t *Till) rested(id txn.ID) bool {
	now := t.nowMs()
	t.mu.Lock()
	defer t.mu.Unlock()
	last, known := t.askedMs[id]
	if known && now-last < refusedRepeat.Milliseconds() && now >= last || !known && !t.due[id] {
		if !known { // it was refused just now
			t.askedMs[id] = now
		}
		return false
	}
	t.askedMs[id] = now
	return true
}

func (t *Till) isDue(id txn.ID) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.due[id]
}

// settle is Settle of some attempts, for callers that hold the conversation.
func (t *Till) settle(ctx context.Context, of func(txn.Attempt) bool) (left int, err error) {
	for _, p := range t.takeLate() {
		t.carryLate(ctx, p)
	}
	if err := t.giveUpRefunds(ctx); err != nil {
		return 0, err
	}
	open, err := t.owedToLines(ctx)
	if err != nil {
		return 0, err
	}
	open = slices.DeleteFunc(open, func(a txn.Attempt) bool { return !of(a) })
	waiting, err := t.settleAwaiting(ctx)
	if err != nil {
		return waiting, err
	}
	open, left = t.reachable(ctx, open)
	left += waiting
	for _, a := range open {
		ended, err := t.undo(ctx, a)
		if err != nil {
			return left, err
		}
		if !ended {
			left++
		}
	}
	return left, nil
}

// carryLate carries out what follows from an answer that nobody waited for: of a refund, that is its slip.
func (t *Till) carryLate(ctx context.Context, p plan.Plan) {
	w := with{}
	if p.After.Kind == txn.Refund {
		s, err := t.cfg.Journal.Sale(ctx, p.After.SaleID)
		if err != nil {
			t.cfg.Log.Error("sale of a refund", "attempt", p.After.ID.String(), "error", err)
		}
		w.sale = s
	}
	t.carry(ctx, p, w)
}

// undo sends the reversal of an attempt that is journaled as reversing (rule 6), if one is due, and
// journals what came of it.
func (t *Till) undo(ctx context.Context, a txn.Attempt) (ended bool, err error) {
	//mutant:unjournaled-verdict-is-given-up
	if a.State == txn.Pending { // its verdict could not be journaled while it was open: it is given up now
		p, err := t.giveUp(ctx, a.ID)
		if err != nil {
			return false, err
		}
		a = p.After
	}
	order, err := t.order(ctx, a)
	if err != nil {
		return false, err
	}
	defer order.Card.Zero()
	v, sent := t.reverse(ctx, order)
	if !sent {
		return false, nil
	}
	p, err := t.learn(ctx, a.ID, v)
	//mutant:late-answer-overtakes-a-reversal
	if errors.Is(err, txn.ErrNotAllowed) { // a late answer said meanwhile that it may be another's
		return true, nil
	}
	if err != nil {
		return false, err
	}
	w := t.withSale(ctx, p)
	w.again = true
	t.carry(ctx, p, w)
	return !p.After.Open(), nil
}

// learn journals what came of a reversal. Of giving a payment code's money back it may be that it was given back: then its payment is marked in the
// same commit.
func (t *Till) learn(ctx context.Context, id txn.ID, v txn.Verdict) (plan.Plan, error) {
	return t.decide(ctx, txn.ByTill, id, func(m txn.Matter) (plan.Plan, error) {
		if v.Kind == txn.BankApproved && m.Attempt.Original != 0 {
			original, err := t.cfg.Journal.Attempt(ctx, m.Attempt.Original)
			if err != nil {
				return plan.Plan{}, err
			}
			m.Original = &original
		}
		return plan.Move(t.view(), m, txn.EventOf(v))
	})
}

// withSale is what the paper of a plan needs, where there is one.
func (t *Till) withSale(ctx context.Context, p plan.Plan) (w with) {
	if slices.ContainsFunc(p.Acts, func(act plan.Act) bool { return act.Print.ID != 0 }) {
		var err error
		if w.sale, err = t.cfg.Journal.Sale(ctx, p.After.SaleID); err != nil { // the paper says what the bill has of it
			t.cfg.Log.Error("sale of a slip", "sale", p.After.SaleID, "error", err)
		}
	}
	return w
}

func (t *Till) giveUp(ctx context.Context, id txn.ID) (plan.Plan, error) {
	p, err := t.decide(ctx, txn.ByTill, id, func(m txn.Matter) (plan.Plan, error) { return plan.Undo(t.view(), m) })
	if err != nil {
		return p, err
	}
	t.carry(ctx, p, with{})
	return p, nil
}

// order gathers what a reversal says: the card number while it is kept, and what a void was to undo.
func (t *Till) order(ctx context.Context, a txn.Attempt) (txn.Order, error) {
	o := txn.Order{Attempt: a}
	sealed, err := t.cfg.Journal.Sealed(ctx, a.ID)
	if err != nil {
		return o, err
	}
	if len(sealed) > 0 {
		// A number that can't be opened is left out: the bank finds the attempt by its STAN.
		if o.Card.PAN, err = t.cfg.Vault.Unseal(a.ID, sealed); err != nil {
			t.cfg.Log.Warn("card number of an open attempt", "attempt", a.ID.String(), "error", err)
		}
	}
	if a.Original != 0 {
		original, err := t.cfg.Journal.Attempt(ctx, a.Original)
		if err != nil {
			return o, err
		}
		o.Original = &original
	}
	o.Later, err = t.later(ctx, o)
	return o, err
}

// How long nothing happens before the journal tidies up, and how rarely a till that
// goes on doing nothing looks again.
const (
	firstIdle = 2 * time.Second
	lastIdle  = 30 * time.Second
)

// Run repeats owed reversals until they are answered, prints receipts that waited
// for the printer, and lets the journal tidy up when nothing else is to do. It
// ends with ctx.
func (t *Till) Run(ctx context.Context) {
	wait, idle := firstRepeat, firstIdle
	for {
		left, err := t.settleDue(ctx)
		if err == nil {
			err = t.Refused(ctx)
		}
		if err == nil {
			err = t.Repeat(ctx)
		}
		if err == nil {
			err = t.SettleOwed(ctx)
		}
		if err != nil && ctx.Err() == nil {
			t.cfg.Log.Error("reversals", "error", err)
		}
		t.printWaiting(ctx)
		timer := time.NewTimer(idle)
		idle = min(2*idle, lastIdle)
		t.asksMs.Store(0)
		if left > 0 || err != nil {
			timer.Reset(wait)
			//mutant:it-is-said-when-the-till-asks-again
			t.asksMs.Store(t.cfg.Now().Add(wait).UnixMilli())
			wait = min(2*wait, lastRepeat)
		} else {
			wait = firstRepeat
		}
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-t.kick:
			timer.Stop()
			idle = firstIdle
		case <-timer.C:
			t.Tidy(ctx)
		}
	}
}

// AsksAgain is when the bank is asked next for what is not known yet; zero while it is being asked, and where nothing is owed.
func (t *Till) AsksAgain() time.Time {
	if ms := t.asksMs.Load(); ms != 0 {
		return time.UnixMilli(ms)
	}
	return time.Time{}
}

// Tidy lets the journal put itself in order, if nobody talks to the bank just now.
func (t *Till) Tidy(ctx context.Context) {
	if !t.card.TryAcquire(1) {
		return
	}
	defer t.card.Release(1)
	// Tidying writes an entry, and a sale is named after the entry that it will be in.
	//mutant:tidying-takes-no-number/lock
	t.write.Lock()
	//mutant:tidying-takes-no-number/unlock
	defer t.write.Unlock()
	t.keepMark(true)
	if t.cfg.Slips != nil {
		if err := t.cfg.Slips.Sync(); err != nil {
			t.cfg.Log.Error("slip", "error", err)
		}
	}
	if err := t.cfg.Journal.Idle(ctx); err != nil && ctx.Err() == nil {
		t.cfg.Log.Error("journal", "error", err)
	}
}

// Owed is how many attempts are not known yet, whoever has to say it.
func (t *Till) Owed(ctx context.Context) (int, error) {
	o, err := t.OwedBy(ctx)
	return o.Bank + o.Elsewhere + o.People, err
}

// Owings are what is unfinished, by who can finish it.
type Owings struct {
	Bank      int // attempts that the bank has to answer for
	Elsewhere int // attempts that are owed to lines which the settings no longer name
	Resolve   int // attempts that their bank says no more of: a manager's evidence ends them
	People    int // attempts of which a person has to say what a separate terminal showed
	Sales     int // sales that are paid in part: a person finishes or undoes them
}

// OwedBy counts what is unfinished.
func (t *Till) OwedBy(ctx context.Context) (Owings, error) {
	attempts, err := t.cfg.Journal.Owed(ctx)
	if err != nil {
		return Owings{}, err
	}
	bills, err := t.cfg.Journal.OwedBills(ctx)
	return OwingsOf(slices.Values(attempts), slices.Values(bills), func(a txn.Attempt) bool { return t.lineOf(a) != nil }), err
}

// OwingsOf counts what of attempts and sales is unfinished; here reports whether an attempt's line is the one that the settings name.
func OwingsOf(attempts iter.Seq[txn.Attempt], bills iter.Seq[txn.Bill], here func(txn.Attempt) bool) (o Owings) {
	for a := range attempts {
		switch {
		//mutant:a-refund-of-a-line-that-is-gone-is-ended-by-evidence
		case a.State == txn.Unresolved, a.Kind == txn.Refund && a.Open() && !a.AsksAPerson() && !here(a): // the next start leaves it to evidence
			o.Resolve++
		case a.AsksAPerson():
			o.People++
		case !a.Open() && !a.AwaitsLine():
		case here(a):
			o.Bank++
		default:
			o.Elsewhere++
		}
	}
	for b := range bills {
		if b.State == txn.BillPartPaid {
			o.Sales++
		}
	}
	return o
}
