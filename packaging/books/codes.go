package books

import (
	"os"

	"veratill/packaging/shop"
	"veratill/txn/walletsim"
)

// OfCodes opens the books of a shop that takes payment codes: the ledger is that of the simulated providers.
func OfCodes(s *shop.Shop) *Books {
	b := Of(s)
	b.codes = true
	return b
}

// numbered is an attempt with its number at its provider.
type numbered struct {
	Attempt
	Number string `json:"number"`
}

// readOrders makes the ledger's lines of the providers' orders, which know numbers and no STANs. An order that no attempt has, and that keeps
// money, is a lie by itself.
func (b *Books) readOrders() {
	var attempts []numbered
	if err := b.ask(&attempts, "journal", "list"); err != nil {
		b.say("the journal can't be listed: %v", err)
		return
	}
	f, err := os.Open(b.shop.Path(shop.WalletLedger))
	if err != nil {
		b.say("the providers' ledger: %v", err)
		return
	}
	defer f.Close()
	orders, err := walletsim.ReadLedger(f)
	if err != nil {
		b.say("the providers' ledger: %v", err)
		return
	}
	b.ledger = ledgerOf(attempts, orders)
	for _, o := range orders {
		if kept := o.State == walletsim.Paid && o.BackMinor() < o.AmountMinor; kept && !hasNumber(attempts, o.Number) {
			b.say("a provider took %d for the number %s, which the journal does not know", o.AmountMinor, o.Number)
		}
		for _, back := range o.Backs {
			if back.Number != o.Number+"U" && !hasNumber(attempts, back.Number) {
				b.say("a provider gave %d back under the number %s, which the journal does not know", back.AmountMinor, back.Number)
			}
		}
	}
}

func hasNumber(attempts []numbered, number string) bool {
	for _, a := range attempts {
		if a.Number == number {
			return true
		}
	}
	return false
}

// ledgerOf says of each attempt what the providers have of it: an order is approved while it is paid, also where refunds give some of it back, and
// voided once all of it went back by a void; what gives back is approved once money goes back under its number.
func ledgerOf(attempts []numbered, orders []walletsim.Order) map[int64]Line {
	lines, types := map[string]Line{}, map[string]string{}
	for _, a := range attempts {
		types[a.Number] = a.Type
	}
	for _, o := range orders {
		refunded := int64(0)
		for _, back := range o.Backs {
			l := Line{AmountMinor: back.AmountMinor, State: "approved", Type: "void"}
			if types[back.Number] == "refund" {
				l.Type = "refund"
				refunded += back.AmountMinor
			}
			lines[back.Number] = l
		}
		l := Line{AmountMinor: o.AmountMinor, State: "declined", Type: "sale"}
		switch back := o.BackMinor(); {
		case o.State != walletsim.Paid:
		case back > o.AmountMinor:
			l.State = "given back twice"
		case back == refunded:
			l.State = "approved"
		case back == o.AmountMinor:
			l.State = "voided"
		default:
			l.State = "given back in part"
		}
		lines[o.Number] = l
	}
	ledger := map[int64]Line{}
	for _, a := range attempts {
		if l, there := lines[a.Number]; there {
			l.STAN = a.STAN
			ledger[a.STAN] = l
		}
	}
	return ledger
}
