package till

import (
	"context"
	"fmt"
	"time"

	"veratill/txn"
	"veratill/txn/plan"
)

// PayCode pays a sale by the payment code that a customer shows, p.Card.Code, for the cashier by. The error is a *txn.Fault, which says whether the
// customer is charged; with one after the attempt was begun, the outcome has the attempt. Cancelling ctx after the send gives the attempt up.
func (t *Till) PayCode(ctx context.Context, by txn.Actor, p Payment) (Outcome, error) {
	defer p.Card.Zero()
	amount, err := t.part(ctx, &p)
	if err != nil {
		return Outcome{}, fault(txn.ChargedNo, err)
	}
	if err := t.card.Acquire(ctx, 1); err != nil {
		return Outcome{}, fault(txn.ChargedNo, err)
	}
	defer t.card.Release(1)
	line, err := t.choose(ctx, p.Card.Code, amount.Minor)
	if err != nil {
		return Outcome{}, fault(txn.ChargedNo, err)
	}
	defer line.Prepare(txn.Order{}) // what has not left is wiped
	w := with{card: p.Card, sale: p.Sale, tell: p.Tell, line: line, wallet: line}
	w.told(Saving, 0)
	return t.ask(ctx, by, txn.Attempt{Kind: txn.Sale, Tender: txn.Code, Amount: amount, Card: p.Facts}, 0, w)
}

// choose picks the first wallet that takes a code and a sum, and is ready. Nothing has been sent then: once something was, no other one is tried.
func (t *Till) choose(ctx context.Context, code txn.Secret, amountMinor int64) (Wallet, error) {
	why := errNoWallet
	for _, wallet := range t.cfg.Wallets {
		//mutant:a-wallet-takes-its-codes
		if !wallet.Takes(code, amountMinor) {
			continue
		}
		if why = t.readyWallet(ctx, wallet); why == nil {
			return wallet, nil
		}
		if t.cfg.Journal.Failed() != nil || ctx.Err() != nil {
			break
		}
	}
	return nil, why
}

// readyWallet holds what has to be so before a wallet is asked. Nothing that is owed to another line, or to this one, stops it: its numbers are drawn, and
// a sale with a part that is not known takes no other.
func (t *Till) readyWallet(ctx context.Context, wallet Line) error {
	if err := t.cfg.Journal.Failed(); err != nil {
		return fmt.Errorf("%w: %w", ErrJournal, err)
	}
	if err := wallet.Ready(ctx); err != nil {
		return fmt.Errorf("%w: %w", errWalletOffline, err)
	}
	return ctx.Err()
}

// commitAndPrepare makes the beginning of an attempt durable, while what its line is to send is signed.
func (t *Till) commitAndPrepare(ctx context.Context, by txn.Actor, p plan.Plan, w *with) error {
	if w.wallet == nil {
		return t.commit(ctx, by, plan.Together(append([]plan.Plan{p}, w.swapped...)...))
	}
	signed := make(chan struct{})
	go func() {
		defer close(signed)
		w.wallet.Prepare(txn.Order{Attempt: p.After, Card: w.card})
	}()
	err := t.commit(ctx, by, p)
	<-signed // the code is wiped once this has failed
	return err
}

// lineOf is the line that an attempt was begun on, by the name that it kept; nil where the till has it no longer.
func (t *Till) lineOf(a txn.Attempt) Line {
	if a.Tender != txn.Code {
		return t.cfg.Lines.of(a)
	}
	for _, wallet := range t.cfg.Wallets {
		//mutant:owed-to-its-wallet
		if wallet.Name() == a.Line {
			return wallet
		}
	}
	return nil
}

// successor is the line that can be asked about what is owed to one that the settings no longer name; nil where there is none.
func (t *Till) successor(a txn.Attempt) Line {
	if a.Tender != txn.Code {
		if line := t.cfg.Lines[a.Tender]; line != nil && line.Succeeds(a.Line) {
			return line
		}
		return nil
	}
	for _, wallet := range t.cfg.Wallets {
		if wallet.Succeeds(a.Line) {
			return wallet
		}
	}
	return nil
}

// givingLine is the line by which money of a payment can go back: the one that took it, which may have another address now. A provider of payment codes is the
// same one wherever the account is reached; a card terminal gives back to whatever card is presented there, and voids alone what it took itself. nil where there is none.
func (t *Till) givingLine(payment txn.Attempt, kind txn.Kind) Line {
	if line := t.lineOf(payment); line != nil {
		return line
	}
	line := t.successor(payment)
	_, terminal := line.(renumbering)
	//mutant:money-goes-back-where-the-account-is-now
	if payment.Tender == txn.Code || terminal && kind == txn.Refund {
		return line
	}
	return nil
}

// ReplyWait is how long the line of an attempt asks before it gives the attempt up; 0 where it does not say, or is gone.
func (t *Till) ReplyWait(a txn.Attempt) time.Duration {
	line, says := t.lineOf(a).(patient)
	if !says {
		return 0
	}
	return line.ReplyWait()
}

// TakesCodes reports whether there is a wallet to pay to.
func (t *Till) TakesCodes() bool { return len(t.cfg.Wallets) > 0 }
