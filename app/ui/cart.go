package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"veratill/app/present"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// cartPane is the left side of every screen that is about a sale: its lines, the
// tax within, the total, and what can be done with a line.
type cartPane struct {
	*fyne.Container
	list                      *rows
	empty                     *panel
	lines, tax, label         *line
	total                     *line
	park, drop, number, clear *button
	locked                    bool
	bare                      bool // the way back stands in the place of its buttons
}

func (t *till) newCartPane() *cartPane {
	k := t.kit
	c := &cartPane{}
	c.list = k.rows(func(i int) row { return t.cartRow(i) }, func(i int) { t.markLine(i) })
	c.empty = k.panel(1.1)
	c.lines = newLine("", k.px(smallText), false, k.muted, fyne.TextAlignLeading)
	c.tax = newLine("", k.px(smallText), false, k.muted, fyne.TextAlignTrailing)
	c.label = newLine("", k.px(22), true, k.text, fyne.TextAlignLeading)
	c.total = newLine("", k.px(totalText), true, k.text, fyne.TextAlignTrailing)
	c.total.least = 30
	c.park = k.button(normal, t.words.Text("sell.park"), "F4", t.parkSale)
	c.number = k.button(normal, t.words.Text("sell.quantity"), "F5", func() { t.onSell(t.sell.SetQuantity) })
	c.drop = k.button(normal, t.words.Text("sell.remove"), "Del", func() { t.onSell(t.sell.Remove) })
	c.clear = k.button(normal, t.words.Text("goods.drop"), "", func() { t.pressClear() })
	rule := canvas.NewRectangle(k.border)
	c.Container = box(func(a area) {
		if !c.bare {
			inRow(a.bottom(leaveHeight(k.look)), c.buttons())
		}
		figure := a.bottom(height(k.px(totalText)))
		place(c.label, area{figure.x, figure.y, figure.w * 0.24, figure.h})
		place(c.total, area{figure.x + figure.w*0.24, figure.y, figure.w*0.76 - 4, figure.h})
		above := a.bottom(height(k.px(smallText)))
		above.y, a.h = above.y+gap, a.h+gap
		place(c.lines, area{above.x, above.y, above.w / 3, above.h})
		place(c.tax, area{above.x + above.w/3, above.y, above.w*2/3 - 4, above.h})
		place(rule, area{a.x, a.y + a.h - 2, a.w, 1})
		a.h -= 4
		place(c.list, a)
		a.h = c.empty.high(a.w, a.h)
		place(c.empty, a)
	}, c.list, c.empty, rule, c.lines, c.tax, c.label, c.total, c.park, c.number, c.drop, c.clear)
	return c
}

// refresh shows the sale that is being made, or the one that the top screen is about.
func (c *cartPane) refresh(t *till) {
	shown, locked := t.shownSale()
	c.locked = locked
	marked := t.sell.Selected
	if locked {
		marked = -1
	}
	c.list.show(len(shown.Lines), marked)
	c.empty.Hide()
	if len(shown.Lines) == 0 {
		c.empty.show(present.Message{Tone: present.Plain, What: t.words.Text("sell.empty"), Next: t.words.Text("sell.empty.next")})
		c.empty.Show()
	}
	c.lines.set(t.words.Counted("sell.lines", len(shown.Lines)))
	c.tax.set(t.words.Text("sell.tax", "amount", t.money(shown.TaxMinor)))
	c.label.set(t.words.Text("sell.total"))
	c.total.set(t.money(shown.TotalMinor))
	c.bare = t.top().stands().back != ""
	for _, b := range c.buttons() {
		show(b, !c.bare)
	}
	open := !locked && len(shown.Lines) > 0
	c.park.set(c.park.label, c.park.hint, open)
	c.number.set(c.number.label, c.number.hint, open)
	c.drop.set(c.drop.label, c.drop.hint, open)
	if t.dropped != nil && len(shown.Lines) == 0 {
		c.clear.set(t.words.Text("goods.undrop"), "", !locked)
	} else {
		c.clear.set(t.words.Text("goods.drop"), "", open)
	}
}

// buttons are what can be done with the sale, and with a line of it.
func (c *cartPane) buttons() []*button { return []*button{c.park, c.number, c.drop, c.clear} }

// pressClear drops the sale, or brings back what was dropped just now.
func (t *till) pressClear() {
	if t.sell.Cart.Len() == 0 {
		t.bringDroppedBack()
		return
	}
	t.dropSale()
}

// shownSale is what the left pane shows, and whether it can't be changed now.
func (t *till) shownSale() (s sale.Sale, locked bool) {
	if fixed := t.top().stands().sale; fixed != nil {
		return *fixed, true
	}
	cart := t.sell.Cart
	return sale.Sale{Currency: cart.Currency(), Lines: cart.Sold(), TotalMinor: cart.TotalMinor(), TaxMinor: cart.TaxMinor()}, false
}

func (t *till) cartRow(i int) row {
	shown, locked := t.shownSale()
	if i >= len(shown.Lines) {
		return row{}
	}
	r := t.soldRow(shown.Lines[i], shown.Currency)
	r.marked = !locked && i == t.sell.Selected
	return r
}

// soldRow is one line of a sale, paid or not.
func (t *till) soldRow(line sale.Line, c money.Currency) row {
	return row{
		title: t.words.Name(line.ShownName()),
		note:  t.words.Quantity(line.QuantityE5, line.Unit) + " × " + present.Figure(line.UnitPriceMinor, c),
		right: present.Figure(line.AmountMinor, c),
	}
}

func (t *till) markLine(i int) {
	if _, locked := t.shownSale(); locked || i >= t.sell.Cart.Len() {
		return
	}
	t.sell.Select(i)
	t.redraw()
}

// onSell runs something on the sale in the making; it does nothing while a sale is being paid.
func (t *till) onSell(what func()) {
	if !t.selling() {
		return
	}
	what()
	t.redraw()
}
