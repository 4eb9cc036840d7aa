package txn

import (
	"errors"

	"veratill/txn/sale"
)

// ErrCardTyped means that somebody typed a card's number or a payment code where words are kept. Its text never holds it.
var ErrCardTyped = errors.New("a card's number or a payment code is in what was typed, and would be kept: write its last four digits alone. Nothing was done")

// CheckTyped refuses what people typed for records that are to be kept, and for who keeps them, where it holds a card's number or a payment code. It asks of records alone that
// begin something or note what a person says: what a line has answered is never held up.
func CheckTyped(by Actor, records ...Record) error {
	var typed []string
	for _, r := range records {
		if m, moved := r.(AttemptMoved); moved && m.Event.Kind != Resolved { // its words were looked at when it began
			return nil
		}
		switch r := r.(type) {
		case AttemptOpened, ReturnOpened, SaleOpened, NumbersSeen, Noted:
		case CaseMoved:
			typed = append(typed, r.Code, r.Reference, r.Note)
		case Answered:
			typed = append(typed, r.Owner, r.Note, r.Said)
		case AttemptMoved:
			typed = append(typed, r.Event.Evidence.Document, r.Event.Evidence.Who)
		case SettlementMoved:
			if r.Event.Kind != SettlementLetGo {
				continue
			}
			typed = append(typed, r.Event.Detail)
		default:
			continue
		}
		typed = append(typed, by.By, by.For, by.Why)
	}
	for _, text := range typed {
		//mutant:no-card-is-typed-into-the-books
		if sale.TellsCard(text) {
			return ErrCardTyped
		}
	}
	return nil
}
