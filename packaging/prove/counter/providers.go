package counter

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"veratill/app/training"
	"veratill/txn"
	"veratill/txn/till"
	"veratill/txn/wallet"
	"veratill/txn/walletsim"
)

// Keys of the providers are made once, outside of any bubble of testing/synctest.
var Keys = sync.OnceValues(walletsim.MakeSharedKeys)

// codeRules let the last digits of a code decide what becomes of its payment, as the codes of the demonstration do, and worse.
var codeRules = []walletsim.Rule{
	{Question: "pay", Shown: "0051", Do: walletsim.Decline},
	{Question: "pay", Shown: "0071", Do: walletsim.Typing, Seconds: 8},
	{Question: "pay", Shown: "0072", Do: walletsim.Typing, Seconds: 3600},
	{Question: "pay", Shown: "0073", Do: walletsim.TypingRefused, Seconds: 8},
	{Question: "pay", Shown: "0091", Do: walletsim.Silent},
	{Question: "pay", Shown: "0092", Do: walletsim.SystemError},
	{Question: "pay", Shown: "0093", Do: walletsim.WrongSignature},
	{Question: "pay", Shown: "0094", Do: walletsim.CutBefore},
	{Question: "pay", Shown: "0095", Do: walletsim.OtherAmount},
	{Question: "pay", Shown: "0097", Do: walletsim.Typing, Seconds: 3600}, {Question: "undo", Shown: "0097", Nth: 1, Do: walletsim.PaidAfter},
	{Question: "pay", Shown: "0098", Do: walletsim.Typing, Seconds: 3600}, {Question: "undo", Shown: "0098", Nth: 1, Do: walletsim.Again},
	{Question: "give back", Nth: 2, Do: walletsim.CutAfter}, {Question: "give back", Nth: 3, Do: walletsim.Processing, Seconds: 40},
}

// CodeEndings are what customers' codes end with: a third of them are paid at once.
var CodeEndings = []string{"0001", "0001", "0001", "0001", "0051", "0071", "0072", "0073", "0091", "0092", "0093", "0094", "0095", "0097", "0098"}

// codeTimeout is how long a provider is asked before a payment is undone.
const codeTimeout = 15 * time.Second

// Providers are simulated providers of payment codes.
type Providers struct {
	*Lines
	sim  *walletsim.Sim
	keys *walletsim.Keys
}

// NewProviders makes them. They answer while Serve runs.
func NewProviders() (*Providers, error) {
	keys, err := Keys()
	if err != nil {
		return nil, err
	}
	sim, err := walletsim.New(walletsim.Config{Keys: keys, Script: walletsim.AmountScript(codeRules...), Now: time.Now})
	return &Providers{NewLines(), sim, keys}, err
}

// Serve answers until ctx ends.
func (p *Providers) Serve(ctx context.Context) { _ = p.sim.Serve(ctx, p.Lines, false) }

// Wallets are a till's lines to them.
func (p *Providers) Wallets(tell func(txn.ID, bool)) (all []till.Wallet, err error) {
	for _, c := range training.Accounts(p.keys)[:2] {
		c.Address, c.Timeout, c.Now, c.Tell, c.Dial = "http://127.0.0.1:1", codeTimeout, time.Now, tell, p.Dial
		line, err := wallet.New(c)
		if err != nil {
			return nil, err
		}
		all = append(all, line)
	}
	return all, nil
}

// Owed is what a provider has of somebody's money: the number of its order, what was paid, and what of that it still has.
type Owed struct {
	Number              string
	PaidMinor, HasMinor int64
}

// Book is what the providers have, one row a payment that was asked for. The error names a payment of which more went back than was paid.
func (p *Providers) Book() (all []Owed, err error) {
	for _, o := range p.sim.Orders() {
		row := Owed{Number: o.Number}
		if o.State == walletsim.Paid {
			row.PaidMinor, row.HasMinor = o.AmountMinor, o.AmountMinor-o.BackMinor()
		}
		if o.BackMinor() > o.AmountMinor {
			err = errors.Join(err, errors.New("more went back of "+o.Number+" than was paid"))
		}
		all = append(all, row)
	}
	return all, err
}

// Of is the row of a number; the zero one where there is none.
func Of(book []Owed, number string) Owed {
	if i := slices.IndexFunc(book, func(o Owed) bool { return o.Number == number }); i >= 0 {
		return book[i]
	}
	return Owed{}
}
