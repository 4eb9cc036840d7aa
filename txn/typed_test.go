package txn_test

import (
	"errors"
	"testing"

	"veratill/txn"
)

// What people type into the books holds no card's number and no payment code, whichever field it is; what a line answered is never held up by who was at the till.
func TestNoCardIsTypedIntoTheBooks(t *testing.T) {
	const card, code = "card 6222 0200 0000 0005 678", "13-4567-8901-2345-6789"
	clerk := txn.Actor{By: "01"}
	letGo := func(who string) txn.SettlementMoved {
		return txn.SettlementMoved{Event: txn.SettlementEvent{Kind: txn.SettlementLetGo, Detail: who}}
	}
	for name, r := range map[string]txn.Record{
		"a note of a case": txn.CaseMoved{Note: card}, "a reference of a case": txn.CaseMoved{Reference: card}, "a code of a case": txn.CaseMoved{Code: code},
		"an owner": txn.Answered{Owner: card}, "a note of a difference": txn.Answered{Note: code}, "what a bank said": txn.Answered{Said: card},
		"who answers": txn.AttemptMoved{Event: txn.Event{Kind: txn.Resolved, Evidence: txn.Evidence{Who: card}}}, "who left a batch": letGo(card),
		"a document": txn.AttemptMoved{Event: txn.Event{Kind: txn.Resolved, Evidence: txn.Evidence{Document: card}}},
	} {
		if err := txn.CheckTyped(clerk, r); !errors.Is(err, txn.ErrCardTyped) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, glued := range []txn.Record{txn.CaseMoved{Note: "PAN4111111111111111x"}, txn.Answered{Said: "PAN4111111111111111x"}, letGo("Li4111111111111111")} {
		if err := txn.CheckTyped(clerk, glued); !errors.Is(err, txn.ErrCardTyped) {
			t.Errorf("%+v: %v", glued, err)
		}
	}
	for _, r := range []txn.Record{txn.AttemptOpened{}, txn.ReturnOpened{}, txn.NumbersSeen{}, txn.CaseMoved{}, letGo("Li")} {
		for _, by := range []txn.Actor{{By: card}, {By: "01", For: card}, {By: "01", Why: code}} {
			if err := txn.CheckTyped(by, r); !errors.Is(err, txn.ErrCardTyped) {
				t.Errorf("%s by %+v: %v", r.Word(), by, err)
			}
		}
		if err := txn.CheckTyped(txn.Actor{By: "01", Why: "broken, *5678"}, r); err != nil {
			t.Errorf("%s: %v", r.Word(), err)
		}
	}
	if err := txn.CheckTyped(txn.Actor{By: card}, txn.ReturnOpened{}, txn.AttemptMoved{Event: txn.Event{Kind: txn.BankApproved}}); err != nil {
		t.Errorf("an approval is held up: %v", err)
	}
}
