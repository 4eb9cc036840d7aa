package fold

import (
	"fmt"

	"veratill/txn"
)

// settles takes the settlement of a batch, which has to be of what the books hold of it.
func (b *Books) settles(s txn.Settlement) error {
	if _, twice := b.Settlements[s.Key()]; twice {
		return fmt.Errorf("batch %d is settled twice on %q", s.Batch, s.Line)
	}
	day, known := b.Days[s.Batch]
	if known && day.First > 0 {
		var attempts []txn.Attempt
		for _, a := range b.Attempts {
			if a.Batch == s.Batch {
				attempts = append(attempts, a)
			}
		}
		//mutant:a-settlement-is-as-begun
		if err := txn.BeginSettlement(s, attempts); err != nil {
			return err
		}
	} else if b.earlier == nil { // else it is of the day that ended with the entry that these books begin with
		return fmt.Errorf("batch %d is settled, and was never opened", s.Batch)
	}
	b.Settlements[s.Key()] = s
	return nil
}

// settlementMoved asks the machine again what an event leads to.
func (b *Books) settlementMoved(r txn.SettlementMoved) error {
	before, known := b.Settlements[r.Key()]
	if !known && b.earlier != nil { // begun on an earlier day
		return nil
	}
	if !known {
		return fmt.Errorf("batch %d was never settled on %q", r.Batch, r.Line)
	}
	d, err := txn.StepSettlement(before, r.Event)
	if err != nil {
		return err
	}
	b.Settlements[r.Key()] = d.After
	return nil
}
