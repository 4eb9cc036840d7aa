package ui

import (
	"context"
	"image/color"
	"maps"
	"unicode"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/txn/sale"
)

// sellScreen is where a sale is made: search, groups and articles on the right,
// what was just said above the number pad.
type sellScreen struct {
	quiet
	search *field // made when it is first used: an entry reads fonts that no other widget needs
	prompt *button
	place  *fyne.Container
	groups []*button
	names  []string                // of the groups, as their buttons stand
	hues   map[string]*color.NRGBA // of the groups; all items together have none
	grid   *tiles
	note   *panel
	none   *panel
	pad    *numberPad
	group  string           // "" is all
	text   string           // in the search field
	onSale map[string]int64 // of each item's code, in 1/100,000 of its unit
}

const searchLimit = 60

func (s *sellScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	s.search, s.place = nil, box(func(a area) {
		if s.search != nil {
			place(s.search, a)
		}
		place(s.prompt, a)
	})
	s.prompt = k.button(entry, t.words.Text("sell.search"), "", func() { s.focus(t) })
	s.place.Add(s.prompt)
	s.grid = k.tiles(func(item sale.Item) tileFace { return s.tile(t, item) }, func(item sale.Item) { s.choose(t, item) })
	s.note, s.none = k.panel(1), k.panel(1)
	s.none.message = present.Message{Tone: present.Plain, What: t.words.Text("sell.none-found"), Next: t.words.Text("sell.none-found.next")}
	s.pad = k.numberPad(t.onPad)
	s.groups = s.groups[:0]
	objects := []fyne.CanvasObject{s.place}
	s.names, s.hues = s.families(t), map[string]*color.NRGBA{}
	for i, group := range t.catalog.Groups() {
		s.hues[group] = &groupHues[i%len(groupHues)]
	}
	for _, name := range s.names {
		word := t.words.Text("sell.all")
		switch name {
		case "":
		case favourites:
			word = t.words.Text("sell.favourites")
		default:
			word = t.words.Closed("group.", name)
		}
		b := k.button(family, word, "", func() { s.openGroup(t, name) })
		b.hue = s.hues[name]
		s.groups = append(s.groups, b)
		objects = append(objects, b)
	}
	objects = append(objects, s.grid, s.none, s.note, s.pad.Container)
	s.showItems(t)
	return nil, box(func(a area) { s.lay(k, a) }, objects...)
}

func (s *sellScreen) lay(k *kit, a area) {
	high := a.h
	place(s.place, a.top(max(target, k.px(baseText)*1.4+24)))
	beside := a
	side := beside.right(padWidth(a.w))
	pad := padHeight(k.look, high)
	if lines := float32((len(s.groups) + 1) / 2); side.h-pad-gap >= lines*(target+gap)-gap { // the groups stand above the pad
		a = beside
		place(s.pad.Container, side.bottom(pad))
		s.layGroups(side)
	} else {
		used := flow(a, target, s.groupWidths(a.w), func(i int, cell area) { place(s.groups[i], cell) })
		a.y, a.h = a.y+used+gap, a.h-used-gap
		side = a.right(padWidth(a.w))
		place(s.pad.Container, side.bottom(pad))
	}
	place(s.grid, a)
	place(s.none, area{a.x, a.y, a.w, min(a.h, k.px(150))})
	note := a // what is told lies on the last rows of items, until it is seen
	place(s.note, note.bottom(min(s.note.high(a.w, k.px(150)), a.h/2)))
	show(s.note, !s.note.message.Empty())
}

// layGroups puts the groups two in a row, as high as there is room for, and no higher than they look well.
func (s *sellScreen) layGroups(a area) {
	lines := (len(s.groups) + 1) / 2
	high := min((a.h+gap)/float32(lines)-gap, 68)
	inGrid(a, 2, high, s.groups)
}

// favourites stands for the items on the first tiles among the groups: a name that no list can have.
const favourites = "\x00"

// families are the groups as their buttons stand: the favourites first, where the list marks some, then all, then each group.
func (s *sellScreen) families(t *till) (names []string) {
	if len(t.catalog.Favourites()) > 0 {
		names = append(names, favourites)
	}
	return append(append(names, ""), t.catalog.Groups()...)
}

// inFamily are the items of one.
func (s *sellScreen) inFamily(t *till) []sale.Item {
	if s.group == favourites {
		return t.catalog.Favourites()
	}
	return t.catalog.InGroup(s.group)
}

// tile is what an item looks like on the grid: its name, its price, its colour, and how much of it is on the sale.
func (s *sellScreen) tile(t *till, item sale.Item) tileFace {
	return tileFace{label: t.words.Name(item.Name), price: s.noSign(t, item) + t.words.PriceTag(item, t.about.Currency),
		hue: s.hues[item.Group], badge: s.badge(item), image: t.picture(item.Picture)}
}

// badge is how much of an item is on the sale; empty is none of it.
func (s *sellScreen) badge(item sale.Item) string {
	of := s.onSale[item.Code]
	if of == 0 {
		return ""
	}
	return sale.QuantityFigure(of, item.Unit)
}

// count notes how much of each item is on the sale, and draws the grid anew where that has changed.
func (s *sellScreen) count(t *till) {
	now := map[string]int64{}
	for _, line := range t.sell.Cart.Lines() {
		now[line.Item.Code] += line.Sold.QuantityE5
	}
	if !maps.Equal(now, s.onSale) {
		s.onSale = now
		s.grid.Refresh()
	}
}

// noSign marks an article whose name the printer can't show whole; the page of the articles says what is missing.
func (s *sellScreen) noSign(t *till, item sale.Item) string {
	//mutant:an-item-without-signs-is-marked
	if t.desk.NoSign(item.Name.ZH+item.Name.EN) != "" {
		return "⚠ "
	}
	return ""
}

// groupWidths are the widths of the groups' buttons: natural ones, or narrower
// where that saves a second row and the words stay readable.
func (s *sellScreen) groupWidths(w float32) []float32 {
	widths, sum := make([]float32, len(s.groups)), float32(0)
	for i, b := range s.groups {
		widths[i] = b.natural()
		sum += widths[i]
	}
	room := w - gap*float32(len(widths)-1)
	if room >= sum || room < sum*0.62 {
		return widths
	}
	wide, narrow := float32(0), room-1
	for _, each := range widths { // those that can't give anything keep what a finger needs
		if each*room/sum < target {
			narrow -= target
		} else {
			wide += each
		}
	}
	for i, each := range widths {
		if widths[i] = target; each*room/sum >= target {
			widths[i] = each * narrow / wide
		}
	}
	return widths
}

// focus puts the search in the place of its prompt and the cursor into it.
func (s *sellScreen) focus(t *till) {
	if s.search == nil {
		s.search = newField(t.router, t.words.Text("sell.search"), func(text string) { s.searched(t, text) },
			func(name fyne.KeyName) bool { return s.searchKey(t, name) }, s.showPrompt)
		s.search.Text = s.text
		s.place.Add(s.search)
	}
	s.prompt.Hide()
	s.search.Show()
	relay(s.place)
	t.window.Canvas().Focus(s.search)
}

// showPrompt brings the prompt back when nothing is searched for.
func (s *sellScreen) showPrompt() {
	if s.text == "" {
		s.search.Hide()
		s.prompt.Show()
	}
}

// clear empties the search.
func (s *sellScreen) clear() {
	s.text = ""
	if s.search != nil {
		s.search.SetText("")
	}
}

// showItems fills the grid from the search or the group.
func (s *sellScreen) showItems(t *till) {
	items, marked := s.inFamily(t), -1
	if s.text != "" {
		items, marked = t.catalog.Search(s.text, searchLimit), 0
	}
	s.none.Hide()
	if len(items) == 0 {
		s.none.Show()
	}
	s.grid.show(items, marked)
	for i, b := range s.groups {
		if marked := s.text == "" && s.names[i] == s.group; b.marked != marked {
			b.marked = marked
			b.Refresh()
		}
	}
}

func (s *sellScreen) searched(t *till, text string) {
	s.text = text
	s.showItems(t)
}

func (s *sellScreen) openGroup(t *till, name string) {
	s.group = name
	s.clear()
	if s.search != nil {
		s.showPrompt()
	}
	s.showItems(t)
}

func (s *sellScreen) choose(t *till, item sale.Item) {
	t.sell.Choose(item)
	t.redraw()
}

// searchKey are the keys that mean something while the search has the focus.
func (s *sellScreen) searchKey(t *till, name fyne.KeyName) bool {
	switch {
	case name == fyne.KeyEscape:
		s.endSearch(t)
	case isEnter(name):
		if s.text == "" {
			t.unfocus()
			return true
		}
		if s.grid.marked >= 0 && s.grid.marked < len(s.grid.items) {
			item := s.grid.items[s.grid.marked]
			s.endSearch(t)
			s.choose(t, item)
		}
	case name == fyne.KeyDown:
		s.grid.mark(s.grid.columns)
	case name == fyne.KeyUp:
		s.grid.mark(-s.grid.columns)
	case name == fyne.KeyRight && s.search.CursorColumn >= len([]rune(s.text)):
		s.grid.mark(1)
	case name == fyne.KeyLeft && s.grid.marked > 0:
		s.grid.mark(-1)
	default:
		return false
	}
	return true
}

func (s *sellScreen) endSearch(t *till) {
	s.clear()
	t.unfocus()
	if s.search != nil {
		s.showPrompt()
	}
	s.showItems(t)
}

func (s *sellScreen) refresh(t *till) {
	s.pad.echo.set(t.sell.PadText(t.words))
	note := t.telling(t.sell.Note)
	if note.Key == "sell.added" { // it stands large next to the total
		note = present.Note{}
	}
	s.note.show(t.words.Tell(note, t.about.Currency))
	s.count(t)
}

func (s *sellScreen) primary(t *till) primaryAction {
	if t.sell.Cart.Len() == 0 {
		return primaryAction{label: t.words.Text("sell.pay-empty"), hint: "F9"}
	}
	word := "sell.pay"
	if t.sell.Cart.TotalMinor() == 0 {
		word = "sell.give"
	}
	due := t.sell.Cart.DueMinor()
	if t.sell.Cart.Exchange() != nil && due <= 0 {
		word, due = "exchange.pay", -due
	}
	return primaryAction{label: t.words.Text(word, "amount", t.money(due)), hint: "F9",
		enabled: true, press: t.openPay, takes: true}
}

func (s *sellScreen) key(t *till, name fyne.KeyName) bool {
	switch name {
	case fyne.KeyReturn, fyne.KeyEnter:
		t.sell.Enter(t.catalog) // with nothing typed Enter does nothing: paying is F9, so that no stray Enter pays
	case fyne.KeyBackspace:
		t.sell.Erase()
	case fyne.KeyDelete:
		t.sell.Remove()
	case fyne.KeyUp:
		t.sell.Select(t.sell.Selected - 1)
	case fyne.KeyDown:
		t.sell.Select(t.sell.Selected + 1)
	case fyne.KeyPageDown:
		s.grid.scroll(s.grid.visible)
	case fyne.KeyPageUp:
		s.grid.scroll(-s.grid.visible)
	case fyne.KeyF2:
		s.focus(t)
	default:
		return false
	}
	t.redraw()
	return true
}

func (s *sellScreen) typed(t *till, x rune) {
	switch {
	case x >= '0' && x <= '9' || x == '.':
		t.sell.Type(string(x))
	case x == '*' || x == '×':
		t.sell.Star()
	case x == '+':
		t.sell.More()
	case x == '-':
		t.sell.Less()
	case unicode.IsLetter(x): // a name or its initials
		s.focus(t)
		s.search.Entry.TypedRune(x)
		return
	default:
		t.sell.Note = present.NotUnderstood(x)
	}
	t.redraw()
}

// refused says why what was typed is not there.
func (s *sellScreen) refused(t *till, why present.Note) {
	t.sell.Note = why
	t.redraw()
}

func (s *sellScreen) back(t *till) bool {
	switch {
	case t.sell.Waiting():
		t.sell.Drop()
	case s.text != "":
		s.endSearch(t)
	default:
		return false
	}
	t.redraw()
	return true
}

// openDrawer opens the drawer without a sale.
func (t *till) openDrawer() {
	by := t.cashier()
	t.call(func(ctx context.Context) func() {
		err := t.desk.OpenDrawer(ctx, by)
		return func() {
			if err != nil {
				t.tell(present.Warning, "sell.drawer-failed", err.Error())
				return
			}
			t.tell(present.Good, "sell.drawer", "")
		}
	})
}

func (s *sellScreen) stands() standing { return standing{page: sellPage, keep: s.keep} }

// keep notes the pad: figures do nothing else here.
func (s *sellScreen) keep(t *till) (undo func()) {
	pad, note := t.sell.Pad, t.sell.Note
	return func() {
		t.sell.Pad, t.sell.Note = pad, note
		t.redraw()
	}
}
