package acquirer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"veratill/txn"
	"veratill/txn/iso8583"
	"veratill/txn/messages"
)

// Groups of a settlement's sums: the two parts of UnionPay's DE48.
const (
	ownCards     = ""
	foreignCards = "foreign"
)

func groupOf(a txn.Attempt) string {
	if iso8583.IsForeign(a.Card.Scheme) {
		return foreignCards
	}
	return ownCards
}

// CanSettle implements the till's line: what keeps a request from being sent keeps a settlement.
func (c *Client) CanSettle(ctx context.Context) error { return c.Ready(ctx) }

// PlanSettlement completes a settlement that is to begin. The bank is told of payments first and then of refunds, each by number, as a public UnionPay terminal program tells of them
// (LiaoYang_POS, PosBatchUp: what was online, then refunds).
func (c *Client) PlanSettlement(s txn.Settlement, kept []txn.Attempt) (txn.Settlement, error) {
	var err error
	if s.Sums, err = txn.SumOf(kept, []string{ownCards, foreignCards}, groupOf); err != nil {
		return s, err
	}
	for _, kind := range []txn.Kind{txn.Sale, txn.Refund} {
		for _, a := range kept {
			if a.Kind == kind {
				s.Items = append(s.Items, a.ID)
			}
		}
	}
	s.Reference = settlementReference(s.Batch)
	return s, nil
}

// settlementReference follows from the batch, so that it is the same each time that the bank is asked, also after a restart. It is no payment's number.
func settlementReference(batch int64) string {
	return fmt.Sprintf("%06d/%06d", batch, txn.FirstNetworkSTAN+batch%1000)
}

// SettleBatch sends the next message of a settlement, 0500 or 0320, and says what its answer means; the zero event where nothing was sent. next is the payment that the bank is told of, where
// one is.
func (c *Client) SettleBatch(ctx context.Context, s txn.Settlement, next txn.Order) txn.SettlementEvent {
	if c.Ready(ctx) != nil {
		return txn.SettlementEvent{}
	}
	request, err := c.settlementMessage(s, next)
	var body []byte
	if err == nil {
		body, err = c.pack(request)
	}
	switch {
	case errors.Is(err, iso8583.ErrKeys):
		return txn.SettlementEvent{}
	case err != nil:
		return txn.SettlementEvent{Kind: txn.SettlementNotSent, Detail: err.Error()}
	}
	about := next.Attempt.ID // 0 where it is about the batch
	got, reason := c.exchange(ctx, about, request, body)
	defer clear(got.body)
	if reason == neverLeft {
		return txn.SettlementEvent{}
	}
	if reason != txn.NoReason || !c.trusted(got) {
		return txn.SettlementEvent{Kind: txn.SettlementUnanswered}
	}
	e := c.settlementSays(s, next, request, got.message)
	c.tell(about, messages.Received, got.message, request, string(e.Kind))
	c.frame(got.message, string(e.Kind))
	return e
}

func (c *Client) settlementMessage(s txn.Settlement, next txn.Order) (m iso8583.Message, err error) {
	p, b := c.cfg.Profile, iso8583.Batch{Currency: s.Currency.Numeric(), Again: s.Tries > 0 || s.Code != "" && s.State == txn.SettlementAsked}
	if b.Batch, b.STAN, err = numbers(cmp.Or(s.Reference, settlementReference(s.Batch))); err != nil { // it was begun while the settings named another line
		return m, err
	}
	// Its own numbers, and not those of the settings now.
	b.Number, b.Merchant, b.Now = s.Terminal, s.Merchant, c.cfg.Now()
	switch s.State {
	case txn.SettlementAsked:
		b.Own, b.Foreign = sumsIn(s.Sums, ownCards), sumsIn(s.Sums, foreignCards)
		return p.Settle(b)
	case txn.SettlementUploading:
		t, err := c.transaction(next)
		if err != nil {
			return m, err
		}
		t.Approval = next.Attempt.Answer.ApprovalCode
		return p.Upload(t, next.Attempt.Answer.RRN, next.Attempt.Kind == txn.Refund, s.Tries > 0), nil
	}
	return p.EndBatch(b, s.Sent, s.Agrees), nil
}

func sumsIn(all []txn.SettlementSum, group string) iso8583.Sums {
	at := slices.IndexFunc(all, func(s txn.SettlementSum) bool { return s.Group == group })
	if at < 0 {
		return iso8583.Sums{}
	}
	return iso8583.Sums{Debits: all[at].Debits, DebitMinor: all[at].DebitMinor, Credits: all[at].Credits, CreditMinor: all[at].CreditMinor}
}

// settlementSays is what a genuine answer means. One that is on no list says nothing: the bank is asked again.
func (c *Client) settlementSays(s txn.Settlement, next txn.Order, request, answer iso8583.Message) txn.SettlementEvent {
	p, e := c.cfg.Profile, txn.SettlementEvent{Kind: txn.SettlementUnanswered, Code: answer.Get(39)}
	says := func(says iso8583.BatchSays, yes, no txn.SettlementEventKind) {
		switch says {
		case iso8583.BatchAgrees:
			e.Kind = yes
		case iso8583.BatchRefused:
			e.Kind = no
		}
	}
	switch s.State {
	case txn.SettlementAsked:
		verdict := p.Balances(request, answer)
		says(verdict, txn.SettlementAgreed, txn.SettlementAnswerNo)
		switch verdict {
		case iso8583.BatchDiffers:
			e.Kind, e.Uploads = txn.SettlementDiffered, true
		case iso8583.BatchUncompared:
			e.Kind = txn.SettlementUncompared
		}
		e.Ends = e.Kind == txn.SettlementAgreed && p.EndsBalanced
		if e.Kind != txn.SettlementUnanswered {
			e.Bank = bankSums(p, answer)
		}
	case txn.SettlementUploading:
		says(p.Told(request, answer), txn.ItemTaken, txn.ItemRefused)
		if e.Kind != txn.SettlementUnanswered {
			e.Item = next.Attempt.ID
		}
	default:
		says(p.Told(request, answer), txn.SettlementEnded, txn.SettlementAnswerNo)
	}
	return e
}

// bankSums are the sums that an 0510 says; nil where it says none.
func bankSums(p *iso8583.Profile, answer iso8583.Message) []txn.SettlementSum {
	own, foreign, _, said := p.SumsOf(answer)
	if !said {
		return nil
	}
	sum := func(group string, s iso8583.Sums) txn.SettlementSum {
		return txn.SettlementSum{Group: group, Debits: s.Debits, DebitMinor: s.DebitMinor, Credits: s.Credits, CreditMinor: s.CreditMinor}
	}
	return []txn.SettlementSum{sum(ownCards, own), sum(foreignCards, foreign)}
}
