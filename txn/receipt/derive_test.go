package receipt

import (
	"testing"

	"veratill/txn"
	"veratill/txn/money"
)

func cny(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: money.CNY} }

// card is an approved payment by card.
func card() txn.Attempt {
	return txn.Attempt{ID: 42, SaleID: 101, Kind: txn.Sale, Tender: txn.Card, Amount: cny(1250), State: txn.Approved, EndedMs: 1_795_000_000_500,
		Answer: txn.Answer{RRN: "000000123456"}}
}

func refund(id txn.ID, minor int64, state txn.State) txn.Attempt {
	return txn.Attempt{ID: id, SaleID: 101, Kind: txn.Refund, Tender: txn.Card, Amount: cny(minor), State: state, Original: 42, EndedMs: 1_795_000_000_000 + int64(id)*1000}
}

// billOf is the sale of attempts, as far as a statement asks.
func billOf(all ...txn.Attempt) txn.Bill {
	b := txn.Bill{SaleID: 101, Total: cny(1250), PaidMs: 1}
	for _, a := range all {
		b.Parts = append(b.Parts, txn.Part{ID: a.ID, Kind: a.Kind, Tender: a.Tender, State: a.State, AmountMinor: a.Amount.Minor, Original: a.Original})
	}
	return b
}

// What the books say of a payment is what its statement says.
func TestStatementsSayWhatTheBooksSay(t *testing.T) {
	voided := card()
	voided.State, voided.VoidedBy, voided.EndedMs = txn.Voided, 43, 1_795_000_100_000
	byVoid := txn.Attempt{ID: 43, SaleID: 101, Kind: txn.Void, Tender: txn.Card, Amount: cny(1250), State: txn.Approved, Original: 42}
	reversed := card()
	reversed.State = txn.Reversed
	inCash := refund(44, 100, txn.Approved)
	inCash.Tender, inCash.OtherWay = txn.Cash, true
	inGoods := refund(44, 100, txn.Approved)
	inGoods.Tender = txn.Exchange
	demo := card()
	demo.Demo = true
	odd := card()
	odd.Answer.RRN = "12 34"
	for name, c := range map[string]struct {
		payment txn.Attempt
		moved   []txn.Attempt
		want    Statement
	}{
		"paid":                      {card(), nil, paid()},
		"paid in a demonstration":   {demo, nil, with(func(s *Statement) { s.Demo = true })},
		"paid, with an odd number":  {odd, nil, with(func(s *Statement) { s.RRN = "" })},
		"a refund that was refused": {card(), []txn.Attempt{refund(44, 100, txn.Declined)}, paid()},
		"given back": {card(), []txn.Attempt{refund(44, 100, txn.Approved), refund(45, 1, txn.Declined), refund(46, 250, txn.Approved)},
			with(func(s *Statement) {
				s.Outcome, s.Order, s.BackMinor, s.Refunds, s.AtSeconds = GivenBack, 46, 350, 2, 1_795_000_046
			})},
		"given back by evidence": {card(), []txn.Attempt{refund(44, 100, txn.Claimed)},
			with(func(s *Statement) {
				s.Outcome, s.Order, s.BackMinor, s.AtSeconds, s.ByWord = GivenBack, 44, 100, 1_795_000_044, true
			})},
		"given back in cash": {card(), []txn.Attempt{inCash},
			with(func(s *Statement) {
				s.Outcome, s.Order, s.BackMinor, s.AtSeconds, s.OtherWay = GivenBack, 44, 100, 1_795_000_044, true
			})},
		"given back in goods": {card(), []txn.Attempt{inGoods},
			with(func(s *Statement) {
				s.Outcome, s.Order, s.BackMinor, s.AtSeconds, s.OtherWay = GivenBack, 44, 100, 1_795_000_044, true
			})},
		"voided, with a refund before the bank said so": {voided, []txn.Attempt{byVoid, refund(44, 100, txn.Approved)},
			with(func(s *Statement) { s.Outcome, s.Order, s.BackMinor, s.AtSeconds = Voided, 44, 1250, 1_795_000_100 })},
		"voided":   {voided, []txn.Attempt{byVoid}, with(func(s *Statement) { s.Outcome, s.Order, s.BackMinor, s.AtSeconds = Voided, 43, 1250, 1_795_000_100 })},
		"reversed": {reversed, nil, with(func(s *Statement) { s.Outcome = Reversed })},
	} {
		for range 3 {
			got, ok := Of(booksNumber, c.payment, billOf(append([]txn.Attempt{c.payment}, c.moved...)...), c.moved)
			if !ok || got != c.want {
				t.Errorf("%s: %+v, %v, want %+v", name, got, ok, c.want)
			}
			if _, err := got.Sign(seeded(1)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// Where the books don't know for certain, or have a person's word alone that money came, nothing is said.
func TestNothingIsSaidOfWhatIsNotKnown(t *testing.T) {
	change := func(f func(*txn.Attempt)) txn.Attempt { a := card(); f(&a); return a }
	for _, state := range txn.States {
		if state == txn.Approved || state == txn.Voided || state == txn.Reversed {
			continue
		}
		a := change(func(a *txn.Attempt) { a.State = state })
		if got, ok := Of(booksNumber, a, billOf(a), nil); ok {
			t.Errorf("of a payment that is %s: %+v", state, got)
		}
	}
	for name, a := range map[string]txn.Attempt{
		"its line has not confirmed": change(func(a *txn.Attempt) { a.Awaits = true }),
		"a terminal by itself":       change(func(a *txn.Attempt) { a.Tender = txn.External }),
		"a voucher":                  change(func(a *txn.Attempt) { a.Tender = txn.Voucher }),
		"goods":                      change(func(a *txn.Attempt) { a.Tender = txn.Exchange }),
		"no time":                    change(func(a *txn.Attempt) { a.EndedMs = 0 }),
		"a state of a newer program": change(func(a *txn.Attempt) { a.State = "new" }),
		"a refund":                   refund(44, 100, txn.Approved),
	} {
		if got, ok := Of(booksNumber, a, billOf(a), nil); ok {
			t.Errorf("%s: %+v", name, got)
		}
	}
	for _, state := range []txn.State{txn.Pending, txn.Unresolved, txn.Reversing} {
		back := refund(44, 100, state)
		if got, ok := Of(booksNumber, card(), billOf(card(), back), []txn.Attempt{back}); ok {
			t.Errorf("with a refund that is %s: %+v", state, got)
		}
	}
	through := refund(44, 100, txn.Approved)
	if got, ok := Of(booksNumber, card(), billOf(card(), through), nil); ok {
		t.Errorf("with a refund that nobody has read: %+v", got)
	}
	if got, ok := Of("", card(), billOf(card()), nil); ok {
		t.Errorf("of books without a number: %+v", got)
	}
}

// A refund that its bank first refused and later approved, once another one was through, makes a statement that is later than the one before: both are one till's.
func TestALateRefundContradictsNothing(t *testing.T) {
	key := seeded(1)
	declined, second := refund(44, 100, txn.Declined), refund(45, 250, txn.Approved)
	late := refund(44, 100, txn.Claimed)
	late.EndedMs = 1_795_000_900_000
	before, one := Of(booksNumber, card(), billOf(card(), declined, second), []txn.Attempt{declined, second})
	after, two := Of(booksNumber, card(), billOf(card(), late, second), []txn.Attempt{late, second})
	if !one || !two || after.AtSeconds != 1_795_000_900 || after.Refunds != 2 || after.BackMinor != 350 {
		t.Fatalf("%+v, %+v", before, after)
	}
	j := Ring{tillOf(booksNumber, key)}.Judge([]string{text(t, after, key), text(t, paid(), key), text(t, before, key)})
	if p := j.Payments[0]; p.Contradict || p.Latest != after || p.Count != 3 {
		t.Errorf("%+v", p)
	}
}
