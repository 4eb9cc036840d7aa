package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"veratill/app/present"
	"veratill/devices/reader"
	"veratill/txn"
	"veratill/txn/sale"
	"veratill/txn/till"
)

// stripe is DE22 of a swiped card without PIN.
const stripe = "022"

// errCashOnly says why no card is taken.
var errCashOnly = errors.New("this shop takes no cards: [till] mode is cash")

// PayCash implements present.Paying.
func (d *Desk) PayCash(ctx context.Context, by txn.Actor, s sale.Sale, receivedMinor int64) present.Result {
	out, err := d.till.PayCash(ctx, by, till.Payment{Sale: s, ReceivedMinor: receivedMinor})
	return d.asStands(s, d.result(out, err))
}

// PayVoucher implements present.Paying.
func (d *Desk) PayVoucher(ctx context.Context, by txn.Actor, s sale.Sale, worthMinor int64, number string) present.Result {
	out, err := d.till.PayVoucher(ctx, by, till.Payment{Sale: s, ReceivedMinor: worthMinor, Number: number})
	r := d.asStands(s, d.result(out, err))
	var taken *till.VoucherTaken
	if errors.As(err, &taken) {
		r.Earlier = taken.Before
	}
	return r
}

// PayCard implements present.Paying.
func (d *Desk) PayCard(ctx context.Context, by txn.Actor, s sale.Sale, partMinor int64, tell func(present.Progress)) present.Result {
	if d.gear.Settings().CashOnly() {
		return d.asStands(s, notBegun("cash only", errCashOnly))
	}
	if d.config.CardTerminal {
		return d.payAtTerminal(ctx, by, s, partMinor, tell)
	}
	tell(present.Progress{Step: present.Presenting, At: d.config.Now()})
	card, err := d.gear.ReadCard(ctx)
	if err != nil {
		return d.asStands(s, Unread(err))
	}
	defer card.Zero()
	if code, err := d.refusal(card); code != "" {
		return d.asStands(s, refused(code, err))
	}
	out, err := d.till.PayCard(ctx, by, till.Payment{
		Sale: s, AmountMinor: partMinor,
		Card:  txn.Plastic{PAN: txn.Secret(card.PAN()), Expiry: txn.Secret(card.Expiry()), Track2: txn.Secret(card.Track2())},
		Facts: txn.CardFacts{Masked: card.Masked(), Scheme: string(card.Scheme()), EntryMode: stripe},
		Tell:  d.progress(tell),
	})
	tell(present.Progress{Step: present.Finished, STAN: out.Attempt.ID.STAN(), At: d.config.Now()})
	return d.asStands(s, d.result(out, err))
}

// payAtTerminal pays by the card terminal, which reads the card. What stands on its display stands on the cashier's screen too.
func (d *Desk) payAtTerminal(ctx context.Context, by txn.Actor, s sale.Sale, partMinor int64, tell func(present.Progress)) present.Result {
	stages, stop := d.showing(tell)
	defer stop()
	out, err := d.till.PayCard(ctx, by, till.Payment{Sale: s, AmountMinor: partMinor, Tell: stages})
	tell(present.Progress{Step: present.Finished, Terminal: true, STAN: out.Attempt.ID.STAN(), At: d.config.Now()})
	return d.asStands(s, d.result(out, err))
}

// atTerminal reports whether what was paid in a way is at the card terminal on the cable.
func (d *Desk) atTerminal(tender txn.Tender) bool { return d.config.CardTerminal && tender == txn.Card }

// stages translates the till's stages of money that goes back for a screen: at the card terminal with what stands on its display, until stop.
func (d *Desk) stages(tender txn.Tender, tell func(present.Progress)) (stages func(till.Stage, txn.ID), stop func()) {
	//mutant:what-the-terminal-shows-of-giving-back-is-shown
	if d.atTerminal(tender) {
		return d.showing(tell)
	}
	if tender == txn.Code {
		return d.atProvider(tell), func() {}
	}
	return d.progress(tell), func() {}
}

// showing translates the till's stages for a screen, with what the card terminal shows. Until stop.
func (d *Desk) showing(tell func(present.Progress)) (stages func(till.Stage, txn.ID), stop func()) {
	var mu sync.Mutex
	var last present.Progress
	stop = d.news.followShown(func(lines []string) {
		mu.Lock()
		p := last
		mu.Unlock()
		p.Shown = lines
		tell(p)
	})
	return d.progress(func(p present.Progress) {
		p.Terminal = true
		mu.Lock()
		last = p
		mu.Unlock()
		tell(p)
	}), stop
}

// CodeOfCard is the closed word for a card that was not read.
func CodeOfCard(err error) string {
	code := string(reader.CodeOf(err))
	switch {
	case code == "":
		return "card unreadable"
	case strings.HasPrefix(code, "card "):
		return code
	}
	return "card " + code
}

// clockFar is how far from the day of the program's making a clock may be before it is asked for: nobody sells with a program that old, or from before.
const clockFar = 365 * 24 * time.Hour

// clockIsFar reports whether the clock is far from the day on which the program was made; it is false where that is not known.
func (d *Desk) clockIsFar() bool {
	made := d.config.Made
	return !made.IsZero() && d.config.Now().Sub(made).Abs() > clockFar
}

// refusal looks at a card that was read. A code says why it is refused here, before anything is begun.
func (d *Desk) refusal(card reader.Card) (code string, err error) {
	switch {
	case card.Expired(d.config.Now().Format("0601")):
		//mutant:a-wrong-clock-is-said
		if d.clockIsFar() {
			return "clock wrong", fmt.Errorf("the card is past its expiry by a clock that says %s, and this program is of %s", d.config.Now().Format(time.DateOnly), d.config.Made.Format(time.DateOnly))
		}
		return "card expired", errors.New("the card is past its expiry")
	case card.Entry() == reader.Inserted:
		return "chip card inserted", errors.New("the chip was read for its number alone")
	case card.IsChip():
		// A chip card that is only swiped may be a copy of its stripe (design: fallback).
		return "chip card swiped", errors.New("service code " + card.ServiceCode())
	}
	return "", nil
}

// progress translates the till's stages for a screen.
func (d *Desk) progress(tell func(present.Progress)) func(till.Stage, txn.ID) {
	return d.within(tell, func(txn.ID) time.Duration { return d.bank.ReplyWait() })
}

// atProvider is progress of what a provider of payment codes is asked: one of several, each with a wait of its own.
func (d *Desk) atProvider(tell func(present.Progress)) func(till.Stage, txn.ID) {
	//mutant:a-code-is-waited-for-as-its-account-says
	return d.within(tell, d.replyWait)
}

// within is progress where an attempt is given up after a wait; one of 0 has no end that is shown.
func (d *Desk) within(tell func(present.Progress), waits func(txn.ID) time.Duration) func(till.Stage, txn.ID) {
	return func(stage till.Stage, id txn.ID) {
		p := present.Progress{STAN: id.STAN(), At: d.config.Now()}
		switch stage {
		case till.Saving:
			p.Step = present.Saving
		case till.Sending:
			p.Step = present.Sending
			if wait := waits(id); wait > 0 {
				p.Deadline = p.At.Add(wait)
			}
		case till.Papering:
			p.Step = present.Papering
		}
		tell(p)
	}
}

// replyWait is how long the line of an attempt is asked before the attempt is given up; 0 where nobody knows.
func (d *Desk) replyWait(id txn.ID) time.Duration {
	a, err := d.journal.Attempt(d.ctx, id)
	if err != nil {
		return 0
	}
	return d.till.ReplyWait(a)
}

// Give implements present.Paying.
func (d *Desk) Give(ctx context.Context, by txn.Actor, s sale.Sale) present.Result {
	out, err := d.till.Give(ctx, by, s)
	return d.asStands(s, d.result(out, err))
}

// Attempt is one attempt as it is now.
func (d *Desk) Attempt(id txn.ID) (txn.Attempt, error) { return d.journal.Attempt(d.ctx, id) }

// MatterOf is an attempt with its sale, as they are now.
func (d *Desk) MatterOf(id txn.ID) (txn.Matter, error) {
	return d.Current(txn.Matter{Attempt: txn.Attempt{ID: id}})
}

// Current implements present.Paying.
func (d *Desk) Current(m txn.Matter) (now txn.Matter, err error) {
	now.Bill.SaleID = m.Bill.SaleID
	if m.Attempt.ID != 0 {
		if now.Attempt, err = d.journal.Attempt(d.ctx, m.Attempt.ID); err != nil {
			return m, err
		}
		now.Bill.SaleID = now.Attempt.SaleID
	}
	now.Bill, err = d.journal.Bill(d.ctx, now.Bill.SaleID)
	return now, err
}

// BillOf is what is owed, paid and given back of a sale, as it is now.
func (d *Desk) BillOf(saleID int64) (txn.Bill, error) { return d.journal.Bill(d.ctx, saleID) }

// SaleOf implements present.Paying.
func (d *Desk) SaleOf(saleID int64) (sale.Sale, error) { return d.journal.Sale(d.ctx, saleID) }
