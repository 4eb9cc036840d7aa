package ui

import (
	"context"

	"veratill/app/present"
)

// askNumbers asks a person to read why the numbers of payments moved ahead. It does nothing where there is nothing that stops cards.
func (t *till) askNumbers() {
	n := t.desk.Numbers()
	if !n.Why.Stops() {
		return
	}
	next := "numbers.next"
	if n.Why.OfBooks() {
		next = "numbers.next.books"
	}
	t.open(&askScreen{yes: text("numbers.seen"), no: text("numbers.not-yet"), press: t.numbersSeen,
		message: func(w *present.Words) present.Message {
			return present.Message{Tone: present.Warning, What: w.Text("code.numbers-in-doubt"), Charged: w.Text("numbers." + dashed(string(n.Why))), Next: w.Text(next)}
		}})
}

func (t *till) numbersSeen() {
	by := t.cashier()
	t.call(func(ctx context.Context) func() {
		err := t.desk.NumbersSeen(ctx, by)
		return func() {
			if err != nil {
				t.tell(present.Bad, "numbers.failed", err.Error())
			}
			t.changed()
		}
	})
}
