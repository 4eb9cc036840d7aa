package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"veratill/app/present"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// cartPane is the left side of every screen that is about a sale: its lines, the selected one large and next to the total, with what can
// be done with it, and what can be done with the sale.
type cartPane struct {
	*fyne.Container
	list        *rows
	now         *linePane
	empty       *panel
	lines, tax  *line
	total       *line
	park, clear *button
	locked      bool
	bare        bool // the way back stands in the place of its buttons
}

func (t *till) newCartPane() *cartPane {
	k := t.kit
	c := &cartPane{}
	c.list = k.rows(func(i int) row { return t.cartRow(i) }, func(i int) { t.markLine(i) })
	c.list.height = target
	c.now = t.newLinePane()
	c.empty = k.panel(1.1)
	c.lines = newLine("", k.px(baseText), true, k.text, fyne.TextAlignLeading)
	c.tax = newLine("", k.px(smallText), false, k.muted, fyne.TextAlignLeading)
	c.total = newLine("", k.px(totalText), true, k.text, fyne.TextAlignTrailing)
	c.total.least = 30
	c.park = k.button(normal, t.words.Text("sell.park"), "F4", t.parkSale)
	c.clear = k.button(destroys, t.words.Text("goods.drop"), "Ctrl+Del", func() { t.pressClear() })
	rule := canvas.NewRectangle(k.hair)
	c.Container = box(func(a area) {
		if !c.bare {
			inRow(a.bottom(leaveHeight(k.look)), c.buttons())
		}
		c.layTotal(k, a.bottom(height(k.px(totalText))))
		if c.now.Visible() {
			place(c.now.Container, a.bottom(lineHeight(k.look)))
		}
		place(rule, area{a.x, a.y + a.h, a.w, 1})
		place(c.list, a)
		a.h = c.empty.high(a.w, a.h)
		place(c.empty, a)
	}, c.list, c.empty, c.now.Container, rule, c.lines, c.tax, c.total, c.park, c.clear)
	return c
}

// layTotal puts the total on the right, and what it is made of small beside it.
func (c *cartPane) layTotal(k *kit, a area) {
	half := a.h / 2
	left := a.w * 0.32
	place(c.lines, area{a.x + 4, a.y + 2, left - 4, half})
	place(c.tax, area{a.x + 4, a.y + half - 2, left - 4, half})
	place(c.total, area{a.x + left, a.y, a.w - left - 4, a.h})
}

// refresh shows the sale that is being made, or the one that the top screen is about.
func (c *cartPane) refresh(t *till) {
	shown, locked := t.shownSale()
	c.locked = locked
	selected := min(t.sell.Selected, len(shown.Lines)-1)
	if locked {
		selected = -1
	}
	show(c.now, selected >= 0)
	if selected >= 0 {
		c.now.show(t, shown.Lines[selected], shown.Currency)
	}
	count := len(shown.Lines)
	if selected == count-1 { // it stands large below the others
		count = max(count-1, 0)
	}
	c.list.show(count, min(max(selected, 0), count-1))
	c.empty.Hide()
	if len(shown.Lines) == 0 {
		c.empty.show(present.Message{Tone: present.Plain, What: t.words.Text("sell.empty"), Next: t.words.Text("sell.empty.next")})
		c.empty.Show()
	}
	c.lines.set(t.words.Text("sell.total") + " · " + t.words.Counted("sell.lines", len(shown.Lines)))
	c.tax.set(t.words.Text("sell.tax", "amount", t.money(shown.TaxMinor)))
	c.total.set(t.money(shown.TotalMinor))
	if e := shown.Exchange; e != nil {
		c.lines.set(t.words.Text("exchange.total"))
		c.tax.set(t.words.Text("exchange.back", "amount", t.money(e.AmountMinor)))
		c.total.set(t.money(shown.TotalMinor - e.AmountMinor))
	}
	//mutant:what-moves-stands-large
	if m := t.top().stands().moves; m.word != "" { // the total of what was sold stands small beside it
		c.lines.set(t.words.Text(m.word))
		c.tax.set(t.words.Text("pay.of-sale", "amount", t.money(sumOf(shown.Lines))))
		c.total.set(t.money(m.minor))
	}
	c.bare = t.top().stands().back != ""
	for _, b := range c.buttons() {
		show(b, !c.bare)
	}
	open := !locked && len(shown.Lines) > 0
	c.park.set(c.park.label, c.park.hint, open)
	if t.dropped != nil && len(shown.Lines) == 0 {
		c.clear.set(t.words.Text("goods.undrop"), "Ctrl+Z", !locked)
		c.clear.restyle(normal)
	} else {
		c.clear.set(t.words.Text("goods.drop"), "Ctrl+Del", open)
		c.clear.restyle(destroys)
	}
}

// sumOf is what lines come to, in minor units.
func sumOf(lines []sale.Line) (minor int64) {
	for _, l := range lines {
		minor += l.AmountMinor
	}
	return minor
}

// buttons are what can be done with the sale.
func (c *cartPane) buttons() []*button { return []*button{c.park, c.clear} }

// linePane is the selected line of a sale: what it is, what it comes to, one more, one less, the number, and off with it.
type linePane struct {
	*fyne.Container
	name, amount, each         *line
	less, number, more, remove *button
}

// lineHeight is how high it stands.
func lineHeight(l *look) float32 { return height(l.px(20)) + target + 6 }

func (t *till) newLinePane() *linePane {
	k := t.kit
	p := &linePane{}
	ground, mark := canvas.NewRectangle(k.marked), canvas.NewRectangle(k.tone(present.Waiting))
	ground.CornerRadius = 8
	p.name = newLine("", k.px(20), true, k.text, fyne.TextAlignLeading)
	p.amount = newLine("", k.px(22), true, k.text, fyne.TextAlignTrailing)
	p.each = newLine("", k.px(smallText), false, k.muted, fyne.TextAlignLeading)
	p.less = k.button(onMarked, "−", "", func() { t.onSell(t.sell.Less) })
	p.number = k.button(onMarked, "", "F5", func() { t.onSell(t.sell.SetQuantity) })
	p.more = k.button(onMarked, "+", "", func() { t.onSell(t.sell.More) })
	p.remove = k.button(destroys, t.words.Text("sell.remove"), "Del", func() { t.onSell(t.sell.Remove) })
	p.Container = box(func(a area) {
		place(ground, a)
		place(mark, area{a.x, a.y, 5, a.h})
		a = area{a.x + 12, a.y, a.w - 18, a.h - 6}
		low := a.bottom(target)
		top := area{a.x, a.y + 2, a.w, a.h + gap - 2}
		amount := width(p.amount.text, k.px(22), true) + 6
		place(p.name, area{top.x, top.y, top.w - amount, top.h})
		place(p.amount, area{top.x + top.w - amount, top.y, amount, top.h})
		place(p.remove, low.right(min(max(p.remove.natural()+16, 84), low.w*0.26)))
		place(p.more, low.right(target))
		place(p.number, low.right(min(max(p.number.natural(), k.px(64)), low.w*0.3)))
		place(p.less, low.right(target))
		place(p.each, low)
	}, ground, mark, p.name, p.amount, p.each, p.less, p.number, p.more, p.remove)
	return p
}

func (p *linePane) show(t *till, of sale.Line, c money.Currency) {
	p.name.set(t.words.Name(of.ShownName()))
	p.amount.set(present.Figure(of.AmountMinor, c))
	p.each.set(t.words.Each(of, c))
	p.number.set(sale.QuantityFigure(of.QuantityE5, of.Unit), "F5", true)
}

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
	return sale.Sale{Currency: cart.Currency(), Lines: cart.Sold(), TotalMinor: cart.TotalMinor(), TaxMinor: cart.TaxMinor(), Exchange: cart.Exchange()}, !t.selling()
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

// soldRow is one line of a sale, paid or not. One piece says no more than its price.
func (t *till) soldRow(line sale.Line, c money.Currency) row {
	r := row{title: t.words.Name(line.ShownName()), right: present.Figure(line.AmountMinor, c)}
	if line.QuantityE5 != sale.OneE5 || line.Unit != sale.Piece {
		r.beside = t.words.Quantity(line.QuantityE5, line.Unit) + " × " + present.Figure(line.UnitPriceMinor, c)
	}
	return r
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
