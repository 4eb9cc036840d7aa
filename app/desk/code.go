package desk

import (
	"context"
	"errors"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/sale"
	"veratill/txn/till"
)

// errNoCode says that what was shown is no payment code.
var errNoCode = errors.New("it is no payment code of WeChat Pay, Alipay or UnionPay: ask the customer to show it again")

// PayCode implements present.Paying.
func (d *Desk) PayCode(ctx context.Context, by txn.Actor, s sale.Sale, partMinor int64, code txn.Secret, tell func(present.Progress)) present.Result {
	defer code.Zero()
	facts := txn.FactsOfCode(code)
	if facts.Scheme == "" {
		return d.asStands(s, refused("no payment code", errNoCode))
	}
	var last present.Progress
	stop := d.news.follow(func(typing bool) {
		p := last
		p.Typing = typing
		tell(p)
	})
	defer stop()
	stages := d.atProvider(func(p present.Progress) {
		p.Code = true
		last = p
		tell(p)
	})
	out, err := d.till.PayCode(ctx, by, till.Payment{Sale: s, AmountMinor: partMinor, Card: txn.Plastic{Code: code}, Facts: facts, Tell: stages})
	tell(present.Progress{Step: present.Finished, Code: true, STAN: out.Attempt.ID.STAN(), At: d.config.Now()})
	return d.asStands(s, d.result(out, err))
}
