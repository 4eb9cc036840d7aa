package till

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"veratill/txn"
	"veratill/txn/plan"
)

// Books is the journal under the rule that one plan at a time is read, made and committed. It is there before the
// till: lines are built on it, take numbers from it, and bring it what came too late.
type Books struct {
	journal Journal
	numbers Numbers // of that journal
	now     func() time.Time
	log     *slog.Logger
	changed func()

	// slips keeps the slips that a plan prints, and returns their records; nil keeps none.
	slips func(ctx context.Context, p plan.Plan) []txn.Record

	write sync.Mutex // one read, step and commit at a time

	kick chan struct{} // wakes Run
	late struct {
		sync.Mutex
		plans []plan.Plan // made of late answers and committed; the till carries them
	}
	early map[txn.ID][]txn.Verdict // answers that overtook the verdict of their attempt; of write
}

// NewBooks puts the rule over a journal and its numbers. changed is called, from any goroutine, after each commit; log and changed may
// be nil.
func NewBooks(journal Journal, numbers Numbers, now func() time.Time, log *slog.Logger, changed func()) *Books {
	if now == nil {
		now = time.Now
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if changed == nil {
		changed = func() {}
	}
	return &Books{journal: journal, numbers: numbers, now: now, log: log, changed: changed, kick: make(chan struct{}, 1), early: map[txn.ID][]txn.Verdict{}}
}

// commit makes a plan as durable as it asks. The caller holds the write lock.
func (b *Books) commit(ctx context.Context, by txn.Actor, p plan.Plan) error {
	if b.slips != nil {
		//mutant:a-slip-is-in-the-entry-of-its-print
		p.Records = append(slices.Clone(p.Records), b.slips(ctx, p)...)
	}
	//mutant:attempt-before-request/shell
	return b.save(ctx, by, p.Durability, p.Records...)
}

func (b *Books) save(ctx context.Context, by txn.Actor, d txn.Durability, records ...txn.Record) error {
	if len(records) == 0 {
		return nil
	}
	//mutant:no-card-is-typed-into-the-books/shell
	if err := txn.CheckTyped(by, records...); err != nil {
		return err
	}
	if err := b.journal.Commit(ctx, by, d, records...); err != nil {
		b.log.Error("journal", "error", err)
		b.changed()
		return fmt.Errorf("%w: %w", ErrJournal, err)
	}
	for _, r := range records {
		b.log.Debug("step", "record", r.Word(), "durability", d.String(), "event", eventOf(r))
	}
	b.changed()
	return nil
}

func eventOf(r txn.Record) string {
	switch m := r.(type) {
	case txn.AttemptMoved:
		return string(m.Event.Kind)
	case txn.SaleMoved:
		return string(m.Event.Kind)
	}
	return ""
}

// OpenBatch is the batch of the open day.
func (b *Books) OpenBatch() int64 { return b.journal.Next().Batch }

// Kick wakes Run: a reversal is owed, or the printer changed.
func (b *Books) Kick() {
	select {
	case b.kick <- struct{}{}:
	default:
	}
}

// Sent lists the attempts that a line was asked about under a STAN, the newest first: of those that were begun within txn.STANRest there
// is one at most. It is how an answer that nobody waits for any more finds its attempt, also after a restart.
func (b *Books) Sent(line string, stan int64) (sent []txn.Order) {
	ctx := context.Background()
	for id := txn.Newest(b.journal.Next().Attempt-1, stan); id > 0; id -= txn.STANs {
		b.write.Lock()
		m, err := b.matterAndOriginal(ctx, id)
		b.write.Unlock()
		if err == nil && m.Attempt.Line == line {
			sent = append(sent, txn.Order{Attempt: m.Attempt, Original: m.Original})
		}
	}
	return sent
}

// AnsweredLate takes a genuine answer that nobody waited for any more: evidence, an approval that opens the reversal again, or word that the
// number may be another's. One that overtakes the verdict of its attempt is kept until that is journaled.
func (b *Books) AnsweredLate(id txn.ID, v txn.Verdict) {
	ctx := context.Background()
	b.write.Lock()
	defer b.write.Unlock()
	m, err := b.matterAndOriginal(ctx, id)
	//mutant:late-answer-waits-for-the-verdict
	if err == nil && m.Attempt.State == txn.Pending {
		b.early[id] = append(b.early[id], v)
		return
	}
	if err == nil {
		_, err = b.hearLate(ctx, m, v)
	}
	if err != nil && !errors.Is(err, txn.ErrNotAllowed) {
		b.log.Error("late answer", "attempt", id.String(), "error", err)
	}
}

// hearLate journals a late answer, and leaves what follows from it to the till. The caller holds the write lock.
func (b *Books) hearLate(ctx context.Context, m txn.Matter, v txn.Verdict) (plan.Plan, error) {
	v, taken, err := b.number(ctx, m.Attempt, v)
	if err != nil {
		return plan.Plan{}, err
	}
	view := plan.View{Next: b.journal.Next(), Taken: taken, AtMs: b.now().UnixMilli()}
	p, err := plan.Move(view, m, txn.LateEventOf(m.Attempt.Kind, v))
	if err != nil {
		return p, err
	}
	if err := b.commit(ctx, txn.ByTill, p); err != nil || len(p.Acts) == 0 {
		return p, err
	}
	b.late.Lock()
	b.late.plans = append(b.late.plans, p)
	b.late.Unlock()
	b.Kick()
	return p, nil
}

// overtaken journals what overtook the verdict that a plan was about, and returns the plan with its attempt as it is then. The caller holds the write lock.
func (b *Books) overtaken(ctx context.Context, p plan.Plan) plan.Plan {
	early := b.early[p.After.ID]
	delete(b.early, p.After.ID)
	for _, v := range early {
		m, err := b.matterAndOriginal(ctx, p.After.ID)
		if err != nil {
			b.log.Error("late answer", "attempt", p.After.ID.String(), "error", err)
			break
		}
		after, err := b.hearLate(ctx, m, v)
		switch {
		case err == nil:
			p.After, p.Bill = after.After, after.Bill
		case !errors.Is(err, txn.ErrNotAllowed):
			b.log.Error("late answer", "attempt", p.After.ID.String(), "error", err)
		}
	}
	return p
}

// number settles whose the number is that a verdict is about; taken is that of plan.View. The caller holds the write lock.
func (b *Books) number(ctx context.Context, a txn.Attempt, v txn.Verdict) (settled txn.Verdict, taken bool, err error) {
	if a.Tender != txn.Card {
		return v, false, nil
	}
	twin, err := b.numbers.Twin(ctx, a, v.Answer)
	if err != nil {
		return v, false, err
	}
	//mutant:a-number-that-came-before-is-undone-by-nobody
	if v.Compares && v.Kind == txn.NumberIsTaken {
		v.Compares = !b.cameBefore(ctx, a)
	}
	//mutant:late-twin-is-asked-for
	if v = v.Number(twin); v.Reason.MaybeAnothers() {
		taken, err = b.takenBefore(ctx, a)
	}
	return v, taken, err
}

// cameBefore reports whether another attempt of these books had the number of one: after 998,999 of them it comes again.
func (b *Books) cameBefore(ctx context.Context, a txn.Attempt) bool {
	for id := a.ID - txn.STANs; id > 0; id -= txn.STANs {
		o, err := b.journal.Attempt(ctx, id)
		if err == nil && o.Tender == a.Tender && o.Terminal == a.Terminal {
			return true
		}
	}
	return false
}

// takenBefore reports whether the bank knew a number before the till gave it for another card of this day already.
func (b *Books) takenBefore(ctx context.Context, a txn.Attempt) (bool, error) {
	day, err := b.numbers.Attempts(ctx, a.Batch)
	return slices.ContainsFunc(day, func(o txn.Attempt) bool {
		//mutant:a-void-is-of-the-same-card
		return o.ID != a.ID && o.Reason.MaybeAnothers() && o.Card.Masked != a.Card.Masked
	}), err
}

// takeLate are the plans of late answers that nobody has carried out yet.
func (b *Books) takeLate() []plan.Plan {
	b.late.Lock()
	defer b.late.Unlock()
	plans := b.late.plans
	b.late.plans = nil
	return plans
}

// decide reads an attempt, plans what becomes of it and commits that, as one step. Nothing is done yet: see carry.
func (b *Books) decide(ctx context.Context, by txn.Actor, id txn.ID, how func(txn.Matter) (plan.Plan, error)) (plan.Plan, error) {
	b.write.Lock()
	defer b.write.Unlock()
	m, err := b.matter(ctx, id)
	if err != nil {
		return plan.Plan{}, err
	}
	p, err := how(m)
	if err != nil {
		return p, err
	}
	if err := b.commit(ctx, by, p); err != nil {
		return p, err
	}
	return b.overtaken(ctx, p), nil
}

// decideSale is decide for a sale.
func (b *Books) decideSale(ctx context.Context, by txn.Actor, sale int64, how func(txn.Bill) (plan.Plan, error)) (plan.Plan, error) {
	b.write.Lock()
	defer b.write.Unlock()
	bill, err := b.journal.Bill(ctx, sale)
	if err != nil {
		return plan.Plan{}, err
	}
	p, err := how(bill)
	if err != nil {
		return p, err
	}
	return p, b.commit(ctx, by, p)
}

// matter reads an attempt with its sale's bill, as they are now.
func (b *Books) matter(ctx context.Context, id txn.ID) (m txn.Matter, err error) {
	if m.Attempt, err = b.journal.Attempt(ctx, id); err != nil {
		return m, err
	}
	m.Bill, err = b.journal.Bill(ctx, m.Attempt.SaleID)
	return m, err
}

// matterAndOriginal reads what a void undoes too.
func (b *Books) matterAndOriginal(ctx context.Context, id txn.ID) (txn.Matter, error) {
	m, err := b.matter(ctx, id)
	if err != nil || m.Attempt.Original == 0 {
		return m, err
	}
	original, err := b.journal.Attempt(ctx, m.Attempt.Original)
	m.Original = &original
	return m, err
}
