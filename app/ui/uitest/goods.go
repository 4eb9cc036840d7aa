package uitest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/sale"
)

// Shown implements present.Goods.
func (d *Desk) Shown() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.Kept = d.cart.Lines()
}

// FoundGoods implements present.Goods.
func (d *Desk) FoundGoods() present.FoundGoods { return d.Goods }

// Park implements present.Goods.
func (d *Desk) Park(p present.Parked) <-chan error {
	d.mu.Lock()
	defer d.mu.Unlock()
	done := make(chan error, 1)
	d.note("park")
	if d.ParkFails {
		done <- errors.New("disk is full")
		return done
	}
	if p.ID == "" {
		p.ID, p.At, p.Cashier = fmt.Sprintf("sale-%d", len(d.Calls)), d.Now(), d.AboutNow.Cashier
	}
	d.parked = append(d.parked, p)
	done <- nil
	return done
}

// Parked implements present.Goods. What waits for the bank is told as it is by now.
func (d *Desk) Parked() ([]present.Parked, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	parked := slices.Clone(d.parked)
	for i, p := range parked {
		if b, known := d.bills[p.SaleID]; known {
			parked[i].Unknown = b.NotKnown()
		}
	}
	parked = slices.DeleteFunc(parked, func(p present.Parked) bool { return d.bills[p.SaleID].WasPaid() })
	return parked, d.ParkedErr
}

// Recall implements present.Goods. With a StallDisk it waits until that is closed.
func (d *Desk) Recall(id string) (present.Parked, error) {
	d.stall()
	return d.takeParked(id)
}

func (d *Desk) stall() {
	d.mu.Lock()
	stalled := d.StallDisk
	d.mu.Unlock()
	if stalled != nil {
		<-stalled
	}
}

// Dropped implements present.Goods.
func (d *Desk) Dropped(_ context.Context, by txn.Actor, p present.Parked, back bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	word := "dropped"
	if back {
		word = "brought back"
	}
	d.noteBy(by, word)
	return d.DropErr
}

// DropParked implements present.Goods.
func (d *Desk) DropParked(id string) (present.Parked, error) {
	d.mu.Lock()
	d.note("drop parked")
	d.mu.Unlock()
	d.stall()
	return d.takeParked(id)
}

func (d *Desk) takeParked(id string) (present.Parked, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	at := slices.IndexFunc(d.parked, func(p present.Parked) bool { return p.ID == id })
	if at < 0 {
		return present.Parked{}, errors.New("it is gone")
	}
	p := d.parked[at]
	if p.Unknown = d.bills[p.SaleID].NotKnown(); p.Unknown {
		return p, present.ErrNotKnown
	}
	d.parked = slices.Delete(slices.Clone(d.parked), at, at+1)
	return p, nil
}

// TakeParked takes all that is parked away, as if another program had.
func (d *Desk) TakeParked() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.parked = nil
}

// Waiting are the goods that are parked, for tests.
func (d *Desk) Waiting() (all [][]sale.CartLine) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, p := range d.parked {
		all = append(all, p.Lines)
	}
	return all
}

// Receipts implements present.Printing.
func (d *Desk) Receipts(_ context.Context, limit int) (all []present.Entry, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, e := range d.entries {
		if a, known := d.attempts[e.Attempt.ID]; known {
			e.Attempt, e.Bill = a, d.bills[a.SaleID]
		}
		slip := e.Attempt.Kind.GivesBack()
		if (slip && e.Attempt.Concluded() || !slip && e.Bill.WasPaid()) && len(all) < limit {
			all = append(all, e)
		}
	}
	return all, nil
}

// SoldMinor is what the books have been paid for, with what was given back since, in minor units.
func (d *Desk) SoldMinor() (sum int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, b := range d.bills {
		if b.WasPaid() {
			sum += b.Total.Minor
		}
	}
	return sum
}

// CardsAsked counts the card payments that were begun.
func (d *Desk) CardsAsked() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.CardPaid)
}
