package zvtsim

import (
	"errors"
	"fmt"
	"time"

	"veratill/txn/zvt"
)

// Codes of chapter 10 that the terminal answers with.
const (
	aborted     = 0x6C
	reversed    = 0xB4
	notPossible = 0xB5
	unknownOne  = 0x64
)

// Why a payment was undone.
const (
	bySelf     = "never confirmed"
	byTill     = "refused by the till"
	byReversal = "reversal"
	byMirror   = "mirrored"
)

// authorise makes a transaction durable before the till hears of it.
func (s *Sim) authorise(kind string, amountMinor int64, of int) (Row, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.authorised(kind, amountMinor, of)
}

// authorised is authorise for callers that hold mu.
func (s *Sim) authorised(kind string, amountMinor int64, of int) (Row, error) {
	r := Row{Receipt: 1, Trace: 1, Kind: kind, AmountMinor: amountMinor, State: Open, Of: of, About: s.about, AtMs: s.cfg.Now().UnixMilli(), Card: "6725900000******281"}
	if last := s.ledger.last(); last != nil {
		r.Trace = last.Trace + 1
		r.Receipt = last.Receipt%9999 + 1
		if last.Ended && s.cfg.Forgets {
			r.Receipt = 1
		}
		if last.State == Reversed && last.Why != byReversal && last.Kind != Reverse && s.cfg.Reading == ByMirror {
			r.Receipt = last.Receipt // "PT will reuse the receipt number of the last transaction" (4.2)
		}
	}
	if undone := s.ledger.payment(of); kind == Reverse && undone != nil {
		r.OfTrace = undone.Trace
	}
	return r, s.ledger.keep(r)
}

// store makes a transaction stand.
func (s *Sim) store(r Row) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.ledger.last(); now == nil || now.Trace != r.Trace || now.State != Open {
		return errors.New("it was undone meanwhile")
	}
	r.State = Stored
	return s.ledger.keep(r)
}

// abandon is what becomes of a transaction that the till never confirmed.
func (s *Sim) abandon(r Row) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cfg.Reading == ByMirror || r.Kind != Pay { // the next command says what becomes of it; a reversal is not reversed
		r.State = Stored
		return s.ledger.keep(r)
	}
	r.State, r.Why = Reversed, bySelf
	s.busy = s.cfg.Now().Add(s.cfg.Undoing)
	s.say("receipt %04d: reversed by itself", r.Receipt)
	return s.ledger.keep(r)
}

// undo is what becomes of one that the till refused.
func (s *Sim) undo(r Row) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.State, r.Why = Reversed, byTill
	s.say("receipt %04d: reversed, the till refused it", r.Receipt)
	return s.ledger.keep(r)
}

// isBusy reports whether it is undoing something.
func (s *Sim) isBusy() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cfg.Now().Before(s.busy)
}

// mirrored takes the receipt number that a till says back, where the terminal reads it so: one less than the last one undoes that, a refund too; a reversal
// is not reversed.
func (s *Sim) mirrored(receipt int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := s.ledger.last()
	if s.cfg.Reading != ByMirror || last == nil || last.Kind == Reverse || last.State != Stored || receipt != last.Receipt-1 {
		return nil
	}
	r := *last
	r.State, r.Why = Reversed, byMirror
	s.say("receipt %04d: reversed, the till is one behind", r.Receipt)
	return s.ledger.keep(r)
}

// reversible looks at the payment of a reversal; code is why it can't be undone, 0 where it can.
func (s *Sim) reversible(receipt int, amountMinor int64) (code byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.ledger.payment(receipt)
	switch {
	case r == nil, amountMinor >= 0 && r.AmountMinor != amountMinor, r.Ended && s.cfg.Forgets:
		return notPossible
	case r.State == Reversed:
		return reversed
	case r.State != Stored:
		return notPossible
	}
	return 0
}

// reverse undoes a payment, with the row of its reversal.
func (s *Sim) reverse(receipt int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.ledger.payment(receipt)
	if r == nil {
		return errors.New("no such payment")
	}
	now := *r
	now.State, now.Why = Reversed, byReversal
	return s.ledger.keep(now)
}

// ByHand makes a payment at the terminal itself, as somebody does who types an amount there. done is false while a till's command is carried out.
func (s *Sim) ByHand(amountMinor int64) (done bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last := s.ledger.last(); s.asked || last != nil && last.State == Open {
		return false, nil
	}
	s.about = 0
	r, err := s.authorised(Pay, amountMinor, 0)
	if err != nil {
		return false, err
	}
	r.State, r.Card = Stored, "5413330000******119"
	return true, s.ledger.keep(r)
}

// EndDayByHand ends its day at the terminal itself. done is false while a till's command is carried out.
func (s *Sim) EndDayByHand() (done bool, err error) {
	s.mu.Lock()
	last := s.ledger.last()
	done = !s.asked && (last == nil || last.State != Open)
	s.mu.Unlock()
	if done {
		err = s.endDay()
	}
	return done, err
}

// lastTold is what a repeated receipt tells; ok is false where there is nothing to tell.
func (s *Sim) lastTold() (status zvt.Status, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := s.ledger.last()
	if last == nil || last.Ended && s.cfg.Forgets || s.cfg.ForgetsLast {
		return status, false
	}
	if last.State != Reversed || last.Why != bySelf && last.Why != byTill && last.Why != byMirror {
		return s.statusOf(*last), true
	}
	switch s.cfg.Tells {
	case TellsFailed:
		status = s.statusOf(*last)
		status.Result = aborted
		return status, true
	case TellsBare:
		return bare(aborted), true
	case TellsNone:
		return status, false
	}
	if before := s.ledger.lastStored(); before != nil {
		return s.statusOf(*before), true
	}
	return status, false
}

// bare is a status that says its result alone.
func bare(result int) zvt.Status {
	return zvt.Status{Result: result, AmountMinor: -1, Receipt: -1, Mirror: -1, PaymentType: -1}
}

// statusOf is a transaction as a Status-Information tells it.
func (s *Sim) statusOf(r Row) zvt.Status {
	at, mirror := time.UnixMilli(r.AtMs).In(s.cfg.Now().Location()), -1 // by its own clock, wherever the till is
	if s.cfg.Reading == ByMirror {                                      // others were seen to know no such tag
		mirror = r.Receipt
	}
	return zvt.Status{AmountMinor: r.AmountMinor, Currency: s.cfg.Currency, Receipt: r.Receipt, Trace: fmt.Sprintf("%06d", r.Trace%1_000_000),
		Time: at.Format("150405"), Date: at.Format("0102"), TID: s.cfg.TID, Contract: "100764992", AID: fmt.Sprintf("%06d", 290_000+r.Trace%1000), PAN: r.Card,
		CardName: "girocard", PaymentType: -1, Mirror: mirror}
}

// sums are what stands since the last end of the day, for a Status-Information of it.
func (s *Sim) sums() (count int, minor int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.ledger.rows {
		if !r.Counts() || r.Ended {
			continue
		}
		switch r.Kind {
		case Pay:
			count, minor = count+1, minor+r.AmountMinor
		case GiveBack:
			minor -= r.AmountMinor
		}
	}
	return count, minor
}

// endDay makes the sums those of a day that has ended.
func (s *Sim) endDay() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.ledger.rows {
		if r.Ended {
			continue
		}
		r.Ended = true
		if err := s.ledger.keep(r); err != nil {
			return err
		}
	}
	s.needs.endOfDay = false
	return nil
}
