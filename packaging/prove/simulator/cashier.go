package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing/synctest"
	"time"

	"veratill/packaging/prove/counter"
	"veratill/txn"
	"veratill/txn/report"
	"veratill/txn/sale"
	"veratill/txn/till"
)

// work is a step at the counter. A cashier does one thing after the other; what goes
// wrong meanwhile are steps of their own.
func (w *world) work(s Step) {
	w.cashier.Wait()
	w.wait(0) // a till that ended is started again before anybody works with it
	if w.lied() {
		return
	}
	l := w.life
	w.mu.Lock()
	w.say("%s", s.String())
	ctx, cancel := context.WithCancel(context.Background())
	w.cancelSale = cancel
	w.mu.Unlock()
	w.cashier.Go(func() {
		deepen()
		defer cancel()
		switch s.Words[0] {
		case "card":
			w.sales++
			w.told1(l, s)(l.till.PayCard(ctx, clerk, w.payment(s.Sum(1))))
		case "code":
			w.sales++
			w.payCode(ctx, l, s)
		case "cash":
			w.sales++
			p := w.payment(s.Sum(1))
			p.ReceivedMinor = s.Sum(1) + 500
			d := denial{l.journal.Next().Attempt, w.now().UnixMilli()}
			out, err := l.till.PayCash(ctx, clerk, p)
			w.told1(l, s)(out, err)
			w.denies(l, d, err)
		case "terminal":
			w.sales++
			w.beside.Shows(s.Word(2))
			w.told1(l, s)(l.till.PayExternal(ctx, clerk, w.payment(s.Sum(1))))
		case "void":
			if id, ok := w.pickSold(s.Sum(1)); ok {
				w.told1(l, s)(l.till.Void(ctx, clerk, id, nil))
			}
		case "refund":
			w.refund(ctx, l, s)
		case "reprint", "note", "slip":
			w.printAgain(ctx, l, s)
		case "split", "part", "rest", "undo", "give":
			w.bySale(ctx, l, s)
		case "x", "z":
			w.report(ctx, l, s.Words[0])
		case "settle":
			w.settleDay(ctx, l)
		case "case":
			w.leadCase(ctx, l, s)
		case "file":
			w.takeFile(ctx, l)
		case "backup":
			w.backUp(ctx, l)
		}
	})
	synctest.Wait()
}

// clerk sells in every simulation.
var clerk = txn.Actor{By: "01"}

// sayAll is what a manager does in the end: whatever nobody has said yet of the separate terminal is said.
func (w *world) sayAll() {
	ctx, l := context.Background(), w.life
	if l.ended() || l.journal == nil {
		return
	}
	owed, err := l.journal.Owed(ctx)
	for _, a := range owed {
		if err == nil && a.AsksAPerson() {
			w.told1(l, Step{Words: []string{"said"}})(l.till.Said(ctx, clerk, a.ID, counter.Declined()))
		}
	}
}

// The card that everybody pays with, as a reader reads it.
const (
	pan    = "6222020000000001"
	expiry = "4912"
	track2 = pan + "=" + expiry + "1010000000000"
)

func (w *world) payment(minor int64) till.Payment {
	return till.Payment{
		Sale:  sale.Sale{Currency: "CNY", TotalMinor: minor},
		Card:  txn.Plastic{PAN: txn.Secret(pan), Expiry: txn.Secret(expiry), Track2: txn.Secret(track2)},
		Facts: txn.CardFacts{Masked: "622202******0001", Scheme: "UnionPay", EntryMode: "022"},
	}
}

// pickSold is the nth newest of what was told to be paid.
func (w *world) pickSold(n int64) (txn.ID, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := int64(len(w.sold)) - 1 - n
	if i < 0 {
		return 0, false
	}
	return w.sold[i], true
}

// told1 keeps what the screen said of a payment. What a till says that has ended is heard by nobody.
func (w *world) told1(l *life, s Step) func(till.Outcome, error) {
	return func(out till.Outcome, err error) {
		if l.ended() {
			return
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		a := out.Attempt
		if g := l.journal.Generation(); g > 1 && g != w.generation {
			w.generation = g
			w.say("the journal is in file %d", g)
		}
		if err != nil {
			w.say("%s: %s", s.Words[0], faultOf(err))
			w.readNumbers(err)
			w.judgeRefusal(a, err)
			return
		}
		w.say("%s: %s is %s, %s", s.Words[0], a.ID, a.State, a.Reason)
		w.told[a.ID] = string(a.State)
		if a.AwaitsLine() { // it is told as not known
			delete(w.told, a.ID)
		}
		if a.Concluded() && a.Kind == txn.Sale && !a.AwaitsLine() {
			w.sold = append(w.sold, a.ID)
		}
		w.hearOf(out.Bill)
	}
}

// faultOf names an error without the path of this run's disk.
func faultOf(err error) string {
	for _, known := range []error{till.ErrJournal, till.ErrBankOffline, till.ErrNumbers, till.ErrOwed, till.ErrNotVoidable, till.ErrDayOpen,
		till.ErrSaleOpen, till.ErrBatchSettled, txn.ErrNotAllowed, context.Canceled} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	return "another fault"
}

func (w *world) printAgain(ctx context.Context, l *life, s Step) {
	id, ok := w.pickSold(s.Sum(1))
	if !ok {
		return
	}
	print := l.till.Reprint
	switch s.Words[0] {
	case "note":
		print = l.till.PrintNote
	case "slip":
		print = l.till.PrintSlip
	}
	if _, _, err := print(ctx, clerk, id); err != nil && !l.ended() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.say("%s: %s", s.Words[0], faultOf(err))
		w.readNumbers(err)
	}
}

// report prints an X, or closes the day with a Z.
func (w *world) report(ctx context.Context, l *life, kind string) {
	day := l.journal.OpenDay()
	sum := func() ([]byte, error) {
		attempts, err := l.journal.Attempts(ctx, day.Batch)
		if err != nil {
			return nil, err
		}
		bills, err := l.journal.Bills(ctx, day.Batch)
		if err != nil {
			return nil, err
		}
		totals, err := report.Sum(attempts, bills, time.UTC)
		if err != nil {
			return nil, err
		}
		return json.Marshal(totals)
	}
	var err error
	if kind == "x" {
		var totals []byte
		if totals, err = sum(); err == nil {
			_, _, err = l.till.PrintReport(ctx, clerk, day.Batch, totals)
		}
	} else {
		_, _, err = l.till.CloseDay(ctx, clerk, txn.DayClosed{Batch: day.Batch, Z: day.Batch}, txn.DayOpened{Batch: day.Batch + 1, Currency: "CNY"}, sum)
	}
	if l.ended() {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.say("%s: %s", kind, faultOf(err))
		w.readNumbers(err)
	} else if kind == "z" {
		w.told[0] = fmt.Sprint(day.Batch) // the newest day that was told to be closed
	}
}
