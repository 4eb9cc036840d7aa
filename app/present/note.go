package present

import (
	"veratill/txn/money"
	"veratill/txn/sale"
)

// Message is what a person is told, in the order of the house: what happened,
// whether the customer is charged, what to do next. Small is for the records. Detail is a program's own text, in the
// language that it has: it is shown where somebody asks for it.
type Message struct {
	Tone    Tone
	What    string
	Charged string // shown bold
	Next    string
	Small   string
	Detail  string
}

// Empty reports whether there is nothing to tell.
func (m Message) Empty() bool { return m.What == "" }

// Tell puts a note into words: KEY is what happened, KEY.next what to do where there is something to do.
func (w *Words) Tell(n Note, c money.Currency) Message {
	if n.Key == "" {
		return Message{}
	}
	if n.Wallet != sale.NoWallet {
		n.Pairs = append(n.Pairs, "wallet", w.Wallet(n.Wallet))
	}
	pairs := append([]string{"name", w.Name(n.Item.Name), "price", Money(n.Item.UnitPriceMinor, c)}, n.Pairs...)
	m := Message{Tone: n.Tone, What: w.Text(n.Key, pairs...), Detail: n.Detail}
	if n.Charged != "" {
		m.Charged = w.Text(n.Charged)
	} else if w.Has(n.Key + ".charged") {
		m.Charged = w.Text(n.Key+".charged", pairs...)
	}
	if w.Has(n.Key + ".next") {
		m.Next = w.Text(n.Key+".next", pairs...)
	}
	return m
}

// Wallet is what a wallet is called in this language.
func (w *Words) Wallet(of sale.PaymentCode) string { return w.Closed("wallet.", string(of)) }
