package ui

import (
	"context"

	"veratill/app/present"
	"veratill/txn/sale"
)

// Goods are never lost: a sale that leaves the screen unpaid is parked, and one that can't be parked stays in memory until it can.

// parkSale keeps the sale in the making for later.
func (t *till) parkSale() {
	if !t.selling() || t.sell.Cart.Len() == 0 {
		return
	}
	t.parkMaking(present.Parked{}, present.Note{Tone: present.Good, Key: "sell.parked"})
}

// parkMaking parks what is on the sale in the making, and empties it. p has what else is known of it.
func (t *till) parkMaking(p present.Parked, done present.Note) {
	p.Lines, p.SaleID = t.sell.Cart.Lines(), t.sell.Cart.SaleID()
	parked := t.desk.Park(p)
	t.sell.Next()
	t.redraw()
	t.parking(p, parked, done)
}

// parking waits until lines are parked; where that fails they are put back, or kept until they can be.
func (t *till) parking(p present.Parked, parked <-chan error, done present.Note) {
	t.call(func(context.Context) func() {
		err := <-parked
		return func() {
			if err == nil {
				if done.Key != "" {
					t.sell.Note = done
				}
				t.countParked()
				t.redraw()
				return
			}
			if !t.selling() || t.sell.Cart.Len() > 0 || t.putBack(p) != nil {
				t.unparked = append(t.unparked, p)
			}
			t.tell(present.Bad, "sell.park-failed", err.Error())
		}
	})
}

// putBack makes a sale the one in the making.
func (t *till) putBack(p present.Parked) error {
	if err := t.sell.Recall(p.Lines); err != nil {
		return err
	}
	t.sell.Cart.Continue(p.SaleID)
	return nil
}

// countParked looks how many sales wait.
func (t *till) countParked() {
	t.call(func(context.Context) func() {
		parked, err := t.desk.Parked()
		return func() {
			if err == nil && t.parked != len(parked)+len(t.unparked) {
				t.parked = len(parked) + len(t.unparked)
				t.redraw()
			}
		}
	})
}

// namesOf are the articles of a sale.
func (t *till) namesOf(lines []sale.CartLine) (names []string) {
	for _, line := range lines {
		names = append(names, t.words.Name(line.Sold.ShownName()))
	}
	return names
}
