package ui

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"veratill/app/present"
)

// How the pay screen looks before anything is under way: the tenders, the three figures, two rows of money, and the pad.

const mostSums = 3

// noteHeight is the least height at which a note can be read.
func noteHeight(l *look) float32 { return l.px(64) }

func (p *payScreen) buildCash(t *till) fyne.CanvasObject {
	k := t.kit
	p.cash = k.button(chosen, t.words.Text("pay.cash"), "F9", func() { p.chooseCash(t) })
	p.card = k.button(normal, t.words.Text("pay.card"), "F2", func() { p.startCard(t) })
	tenders := []*button{p.cash, p.card}
	if t.about.CashOnly {
		tenders = tenders[:1]
	}
	p.code, p.voucher, p.terminal, p.split, p.held = nil, nil, nil, nil, nil
	if t.about.Codes {
		p.code = k.button(normal, t.words.Text("pay.code"), "F3", func() { p.chooseCode(t) })
		tenders = append(tenders, p.code)
	}
	if t.about.SeparateTerminal {
		name := "pay.terminal"
		if t.about.Codes { // five stand in the row
			name = "pay.terminal-short"
		}
		p.terminal = k.button(normal, t.words.Text(name), "F8", func() { p.startTerminal(t) })
		tenders = append(tenders, p.terminal)
	}
	if len(tenders) > 1 { // a voucher is a part by itself
		p.split = k.button(normal, t.words.Text("pay.split"), "F4", func() { p.toggleSplit(t) })
		tenders = append(tenders, p.split)
	}
	if t.about.Vouchers {
		p.voucher = k.button(normal, t.words.Text("pay.voucher"), "F6", func() { p.chooseVoucher(t) })
		tenders = append(tenders, p.voucher)
	}
	p.exact = k.button(normal, t.words.Text("pay.exact"), "F12", func() { p.change(t, func() { p.paying.AskExact(); p.paying.Exact = false }) })
	p.sums = []*button{p.exact}
	for _, sum := range present.QuickCash(p.paying.DueMinor(), p.paying.Sale.Currency, mostSums) {
		p.sums = append(p.sums, k.button(normal, t.money(sum), "", func() { p.change(t, func() { p.paying.Set(sum) }) }))
	}
	p.notes, p.tests = p.noteButtons(t), p.testButtons(t)
	if p.paying.Held() {
		p.held = []*button{k.button(normal, t.words.Text("pay.slip"), "F7", func() { p.printSlip(t) }),
			k.button(normal, t.words.Text("pay.undo"), "Esc", func() { p.askUndo(t) })}
	}
	p.pad, p.note = k.numberPad(t.onPad), k.panel(1)
	p.pad.keys[padEnter].style = takes
	rule := canvas.NewRectangle(k.hair)
	var objects []fyne.CanvasObject
	for _, row := range [][]*button{tenders, p.sums, p.notes, p.tests, p.held} {
		for _, b := range row {
			objects = append(objects, b)
		}
	}
	for i := range p.labels {
		p.labels[i] = newLine("", k.px(22), false, k.muted, fyne.TextAlignLeading)
		p.figures[i] = newLine("", k.px(34), true, k.text, fyne.TextAlignTrailing)
		objects = append(objects, p.labels[i], p.figures[i])
	}
	objects = append(objects, p.note, p.pad.Container, rule)
	return box(func(a area) { p.layCash(k, a, tenders, rule) }, objects...)
}

// noteButtons are the currency's notes, each in its colour: a tap puts one more to what was received.
func (p *payScreen) noteButtons(t *till) (notes []*button) {
	c := p.paying.Sale.Currency
	for _, note := range present.Banknotes(c) {
		b := t.kit.button(normal, "+ "+present.NoteFigure(note.Minor, c), "", func() {
			p.change(t, func() {
				if !p.paying.Add(note.Minor) {
					p.hint = present.Note{Tone: present.Warning, Key: "pay.too-much"}
				}
			})
		})
		hex, _ := strconv.ParseUint(note.Hue[1:], 16, 32)
		hue := rgb(uint32(hex))
		b.hue = &hue
		notes = append(notes, b)
	}
	return notes
}

// testButtons stand where the notes do while a demonstration waits for a payment code: a tap shows one.
func (p *payScreen) testButtons(t *till) (tests []*button) {
	if !t.about.TestCodes {
		return nil
	}
	for _, test := range present.TestCodes {
		tests = append(tests, t.kit.button(normal, t.words.Text(test.Key), "", func() { p.startCode(t, test.Code) }))
	}
	return tests
}

// layCash lays the screen out: the tenders in a row, then what is due, received and given back, then what sets the sum and what adds to
// it; beside them the pad, and above it what was said. Where there is no room for that, it stands on the rows of money until the next press.
func (p *payScreen) layCash(k *kit, a area, tenders []*button, rule fyne.CanvasObject) {
	high := a.h
	tall := max(k.px(60), 64)
	if high < k.px(400) { // a small screen with large text
		tall = 56
	}
	inRow(a.top(tall), tenders)
	side := a.right(padWidth(a.w))
	pad := padHeight(k.look, high)
	beside := side.h-pad-gap >= noteHeight(k.look)
	place(p.pad.Container, side.bottom(pad))
	rows := p.moneyRows(a.w)
	lines := float32(len(rows))
	figure := min(k.px(52), max((a.h-lines*(target+gap))/3-gap, 24))
	for i := range p.labels {
		if i == 2 {
			place(rule, area{a.x, a.y - gap/2, a.w, 2})
		}
		cell := a.top(figure)
		p.labels[i].size, p.figures[i].size = min(k.px(22), figure/1.45), min(k.px(34), figure/1.45)
		place(p.labels[i], area{cell.x + 4, cell.y, cell.w*0.36 - gap, cell.h})
		place(p.figures[i], area{cell.x + cell.w*0.36, cell.y, cell.w*0.64 - 4, cell.h})
	}
	show(p.note, beside || p.hint.Key != "")
	if beside {
		place(p.note, side)
	} else {
		place(p.note, a)
	}
	each := max(min(k.px(60), (a.h+gap)/max(lines, 1)-gap), target)
	for _, row := range rows {
		inRow(a.top(each), row)
		for _, b := range row {
			show(b, beside || p.hint.Key == "")
		}
	}
}

// moneyRows are the buttons below the figures, row by row.
func (p *payScreen) moneyRows(w float32) (rows [][]*button) {
	notes, hidden := p.notes, p.tests
	if p.paying.Code && len(p.tests) > 0 {
		notes, hidden = p.tests, p.notes
	}
	for _, b := range hidden {
		show(b, false)
	}
	rows = append(rows, p.sums)
	if wide := (w+gap)/float32(len(p.sums)) - gap; wide < 72 {
		rows = [][]*button{p.sums[:2], p.sums[2:]}
	}
	columns := 3
	if len(notes) == 4 {
		columns = 2
	}
	for len(notes) > 0 {
		n := min(columns, len(notes))
		rows, notes = append(rows, notes[:n]), notes[n:]
	}
	if len(p.held) > 0 {
		rows = append(rows, p.held)
	}
	return rows
}

// inGrid places buttons row by row from the top, and gives what is left below them.
func inGrid(a area, columns int, high float32, buttons []*button) (rest area) {
	for row := range slices.Chunk(buttons, max(columns, 1)) {
		for i, cell := range a.top(high).columns(columns)[:len(row)] {
			place(row[i], cell)
		}
	}
	return a
}

// visible are those buttons that are seen, in their order.
func visible(buttons []*button) (seen []*button) {
	for _, b := range buttons {
		if b.Visible() {
			seen = append(seen, b)
		}
	}
	return seen
}

// inRows parts buttons into rows of one length in which each has the room that its words need, the last row first: rows are placed from below.
func inRows(buttons []*button, w float32) (rows [][]*button) {
	widest := float32(target)
	for _, b := range buttons {
		widest = max(widest, b.natural())
	}
	most := max(int((w+gap)/(widest+gap)), 2)
	lines := (len(buttons) + most - 1) / most
	for ; lines > 0; lines-- {
		n := (len(buttons) + lines - 1) / lines
		rows, buttons = append(rows, buttons[:n]), buttons[n:]
	}
	slices.Reverse(rows)
	return rows
}

// inRow places buttons side by side.
func inRow(a area, row []*button) {
	for i, cell := range a.columns(len(row)) {
		place(row[i], cell)
	}
}
