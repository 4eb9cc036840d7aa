package counter

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"veratill/app/present"
	"veratill/devices/reader"
	"veratill/txn"
	"veratill/txn/journal"
	"veratill/txn/sale"
	"veratill/txn/till"
)

// stripe is DE22 of a swiped card without PIN.
const stripe = "022"

// PayCash implements present.Paying.
func (c *Counter) PayCash(ctx context.Context, s sale.Sale, receivedMinor int64) present.Result {
	out, err := c.Till.PayCash(ctx, till.Payment{Sale: s, ReceivedMinor: receivedMinor})
	return c.result(out, err)
}

// PayCard implements present.Paying.
func (c *Counter) PayCard(ctx context.Context, s sale.Sale, tell func(present.Progress)) present.Result {
	if c.o.Settings.CashOnly() {
		return notBegun("cash only", errCashOnly)
	}
	tell(present.Progress{Step: present.Presenting, At: c.o.Now()})
	card, err := c.inUse().reader.Read(ctx)
	c.keepTrack()
	if err != nil {
		return Unread(err)
	}
	defer card.Zero()
	if code, err := c.refusal(card); code != "" {
		return refused(code, err)
	}
	out, err := c.Till.PayCard(ctx, till.Payment{
		Sale:  s,
		Card:  txn.Plastic{PAN: txn.Secret(card.PAN()), Expiry: txn.Secret(card.Expiry()), Track2: txn.Secret(card.Track2())},
		Facts: txn.CardFacts{Masked: card.Masked(), Scheme: string(card.Scheme()), EntryMode: stripe},
		Tell:  c.progress(tell),
	})
	tell(present.Progress{Step: present.Finished, STAN: out.Attempt.ID.STAN(), At: c.o.Now()})
	return c.result(out, err)
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

// refusal looks at a card that was read. A code says why it is refused here, before anything is begun.
func (c *Counter) refusal(card reader.Card) (code string, err error) {
	switch {
	case card.Expired(c.o.Now().Format("0601")):
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
func (c *Counter) progress(tell func(present.Progress)) func(till.Stage, txn.ID) {
	return func(stage till.Stage, id txn.ID) {
		p := present.Progress{STAN: id.STAN(), At: c.o.Now()}
		switch stage {
		case till.Saving:
			p.Step = present.Saving
		case till.Sending:
			p.Step, p.Deadline = present.Sending, p.At.Add(c.Bank.ReplyWait())
		case till.Papering:
			p.Step = present.Papering
		}
		tell(p)
	}
}

// Void implements present.Returning.
func (c *Counter) Void(ctx context.Context, id txn.ID, tell func(present.Progress)) present.Result {
	out, err := c.Till.Void(ctx, id, c.progress(tell))
	return c.result(out, err)
}

// Unread is the result of a card that was not read, or for which nobody waits any more.
func Unread(err error) present.Result {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return notBegun("cancelled", err)
	}
	return refused(CodeOfCard(err), err)
}

// refused is a card that this till does not take: a refusal like the bank's.
func refused(code string, err error) present.Result {
	r := notBegun(code, err)
	r.Refused = true
	return r
}

func notBegun(code string, err error) present.Result {
	r := present.Result{Code: code, Charged: txn.ChargedNo}
	if err != nil {
		r.Detail = err.Error()
	}
	return r
}

// result says how a payment or a void ended, and where the money is.
func (c *Counter) result(out till.Outcome, err error) present.Result {
	r := present.Result{Attempt: out.Attempt, SaleID: out.SaleID, PrintID: out.PrintID}
	if out.Attempt.ID != 0 {
		r.Charged, r.GivenBack = c.chargedOf(out.Attempt), out.Attempt.GivenBack()
	}
	if err != nil {
		r.Charged, r.Code, r.Detail = txn.FaultOf(err).Charged, Code(err), err.Error()
	}
	return r
}

// chargedOf says whether the customer is charged: of a void it looks at the payment that it was to undo.
func (c *Counter) chargedOf(a txn.Attempt) txn.Charged {
	if a.Kind != txn.Void {
		return a.Charged()
	}
	payment, err := c.Attempt(a.Original)
	if err != nil {
		return txn.ChargedUnknown
	}
	return txn.ChargedAfter(payment, a)
}

// ResultOf is how an attempt stands now.
func (c *Counter) ResultOf(id txn.ID) (present.Result, error) {
	a, err := c.Attempt(id)
	return c.result(till.Outcome{Attempt: a, SaleID: a.SaleID}, nil), err
}

// Code is the closed word for an error, which the language catalogue translates. What the journal says of its
// disk is more exact than the till's word for it.
func Code(err error) string {
	for _, k := range []struct {
		err  error
		code string
	}{
		{journal.ErrFull, "disk full"}, {journal.ErrBatchFull, "batch full"}, {journal.ErrNotFound, "not found"},
	} {
		if errors.Is(err, k.err) {
			return k.code
		}
	}
	return txn.FaultOf(err).Code
}

// TestCards implements present.Paying.
func (c *Counter) TestCards() []present.TestCard {
	if c.inUse().chooser == nil {
		return nil
	}
	var all []present.TestCard
	for i, d := range reader.DemoCards() {
		all = append(all, present.TestCard{ID: strconv.Itoa(i), Scheme: string(d.Scheme), Masked: "**** " + d.Last4, Name: demoNames[d.Kind]})
	}
	return all
}

// demoNames say what a demonstration card is for.
var demoNames = map[reader.DemoKind]sale.Name{
	reader.DemoGood:    {ZH: "磁条卡", EN: "stripe card"},
	reader.DemoChip:    {ZH: "芯片卡(刷磁条)", EN: "chip card, swiped"},
	reader.DemoExpired: {ZH: "过期卡", EN: "expired card"},
	reader.DemoDamaged: {ZH: "损坏的磁条", EN: "damaged stripe"},
}

// PresentCard implements present.Paying.
func (c *Counter) PresentCard(id string) error {
	chooser := c.inUse().chooser // once: the reader may be exchanged meanwhile
	if chooser == nil {
		return errors.New("the reader has no card chooser")
	}
	i, err := strconv.Atoi(id)
	cards := reader.DemoCards()
	if err != nil || i < 0 || i >= len(cards) {
		return errors.New("there is no such card")
	}
	card, err := cards[i].Swipe()
	if err != nil {
		return err
	}
	if !chooser.Present(card) {
		return errors.New("nobody waits for a card now")
	}
	return nil
}
