package simulator

import (
	"bytes"
	"crypto/ed25519"
	"slices"

	"veratill/txn"
	"veratill/txn/hostsim/bank"
	"veratill/txn/receipt"
	"veratill/txn/till"
)

// signs is the key of the simulated till's receipts.
var signs = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))

// believed is who reads its receipts.
var believed = receipt.Ring{{Format: 1, Books: newID(), Keys: []receipt.Key{receipt.NewKey(signs.Public().(ed25519.PublicKey), 1)}}}

// statements looks at what paper that comes out would say, signed, of its payments. Each has to be as the bank has it, and all that is out of one payment
// goes together: whoever collects papers finds no two that contradict each other, whatever was cut, killed or answered late between them.
func (w *world) statements(s till.Sheet) {
	payments, moved := s.Parts, s.Moved
	switch {
	case s.Attempt.Kind == txn.Sale && s.Attempt.ID != 0:
		payments = []txn.Attempt{s.Attempt}
	case s.Attempt.ID != 0:
		payments, moved = []txn.Attempt{s.Original}, append(slices.Clone(moved), s.Attempt)
	}
	for _, a := range payments {
		of, ok := receipt.Of(newID(), a, s.Bill, moved)
		if !ok {
			continue
		}
		w.judgeStatement(of)
		text, err := of.Sign(signs)
		if err != nil {
			w.bad("the statement of %s can't be signed: %v", a.ID, err)
			continue
		}
		if slices.Contains(w.signed[a.ID], text) {
			continue
		}
		w.signed[a.ID] = append(w.signed[a.ID], text)
		for _, p := range believed.Judge(w.signed[a.ID]).Payments {
			if p.Contradict && w.folders.partings == 0 {
				w.bad("the receipts of %s contradict each other", a.ID)
			}
		}
	}
}

// judgeStatement holds a statement of a card payment against the bank. What the bank does after it was issued it can't know.
func (w *world) judgeStatement(s receipt.Statement) {
	if s.Tender != txn.Card || s.ByWord {
		return
	}
	state := w.bank.row(s.Payment).State
	has := state == bank.Approved || state == bank.Voided // a void may have come since
	switch {
	case s.Outcome == receipt.Voided && state != bank.Voided:
		w.bad("it is signed that %s was voided, and the bank says %q", s.Payment, state)
	case s.Outcome == receipt.Reversed && has:
		w.bad("it is signed that %s was reversed, and the bank says %q", s.Payment, state)
	case (s.Outcome == receipt.Paid || s.Outcome == receipt.GivenBack) && !has:
		w.bad("it is signed that %s is paid, and the bank says %q", s.Payment, state)
	}
}
