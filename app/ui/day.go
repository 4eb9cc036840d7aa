package ui

import (
	"context"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/txn"
)

// dayTab is what the right side of the day's screen shows.
type dayTab int

const (
	overview dayTab = iota
	payments
	earlier
)

const entryLimit = 500 // of a day's list; the journal keeps all

// dayScreen is the manager's: the sums of a day, its payments, X and Z, and the
// days before. Batch 0 is the open day.
type dayScreen struct {
	quiet
	batch   int64
	tab     dayTab
	day     present.Day
	entries []present.Entry
	days    []present.Day
	loaded  bool
	loading bool
	again   bool // something has changed since that began
	note    present.Note
	update  present.Update
	marked  [3]int          // in each tab's list
	looks   []present.Entry // attention, as it is shown
	look    any             // the key of the one that the arrows have chosen; nil is none yet
	printed int64           // the X or Z that was asked for here, as the virtual printer shows it; 0 for none

	title   *line
	net     *line
	netWord *line
	facts   *rows
	list    []present.Fact
	said    *panel
	x, z    *button
	zAgain  *button // of a closed day
	paper   *paperView
	newer   *button // installs an update
	export  *button // the X or the Z as a file
	tabs    [3]*button
	table   *rows
	lines   []row
	plot    *plot
	head    *line
	listing *rows
	none    *panel
}

func (t *till) openDay() {
	if t.paying() || t.top().stands().page == dayPage { // a tap on the strip, while money may be moving
		return
	}
	t.leaveResult()
	t.showDay(&dayScreen{})
}

func (t *till) showDay(d *dayScreen) {
	t.open(d)
	d.load(t)
}

func (d *dayScreen) stands() standing {
	s := standing{page: dayPage, ready: d.loaded, wants: wanted{update: true, paper: d.printed != 0}}
	if d.batch != 0 {
		s.page = pastDayPage
	}
	if d.listed() > 0 || d.looked() >= 0 {
		s.back = "day.back"
	}
	return s
}

func (d *dayScreen) take(t *till, s seen) {
	if s.want.update {
		d.update = s.update
	}
	//mutant:the-open-day-is-read-anew
	if d.batch == 0 {
		d.load(t)
	}
}

// load reads everything that the screen shows, away from the window's goroutine; once more where something changed meanwhile.
func (d *dayScreen) load(t *till) {
	if d.loading {
		d.again = true
		return
	}
	d.loading, d.again = true, false
	t.call(func(ctx context.Context) func() {
		shown := d.read(ctx, t)
		return func() {
			d.loading = false
			shown()
			if d.again {
				d.load(t)
			}
		}
	})
}

// read reads the day, and returns what shows it.
func (d *dayScreen) read(ctx context.Context, t *till) (shown func()) {
	day, err := t.desk.Day(ctx, d.batch)
	if err != nil {
		return func() { d.failed(t, present.Bad, "day.failed", err) }
	}
	entries, err := t.desk.Entries(ctx, d.batch, entryLimit)
	if err != nil {
		return func() { d.failed(t, present.Bad, "day.failed", err) }
	}
	days, err := t.desk.Days(ctx)
	update := t.desk.Update()
	return func() {
		d.update = update
		if update.Fault != "" && d.note.Key == "" && d.batch == 0 {
			d.note = present.UpdateFaultNote(update.Fault, update.Detail)
		}
		d.marked[payments] = keptMark(d.marked[payments], d.entries, entries, entryKey)
		d.marked[earlier] = keptMark(d.marked[earlier], d.days, days, func(of present.Day) int64 { return of.Batch })
		d.day, d.entries, d.days, d.loaded = day, entries, days, true
		if err != nil {
			d.failed(t, present.Bad, "day.failed", err)
		}
		t.redraw()
	}
}

func (d *dayScreen) say(t *till, tone present.Tone, key, detail string, pairs ...string) {
	d.note = present.Note{Tone: tone, Key: key, Detail: detail, Pairs: pairs}
	t.redraw()
}

// failed says what could not be done: books that do not hold say so, whatever was asked of them.
func (d *dayScreen) failed(t *till, tone present.Tone, key string, err error) {
	if txn.FaultOf(err).Code == "books differ" {
		tone, key = present.Bad, "day.differs"
	}
	d.say(t, tone, key, err.Error())
}

func (d *dayScreen) build(t *till) (left, right fyne.CanvasObject) {
	return d.buildLeft(t), d.buildRight(t)
}

func (d *dayScreen) buildLeft(t *till) fyne.CanvasObject {
	k := t.kit
	d.title = newLine("", k.px(22), true, k.text, fyne.TextAlignLeading)
	d.netWord = newLine(t.words.Text("day.net"), k.px(22), false, k.muted, fyne.TextAlignLeading)
	d.net = newLine("", k.px(totalText), true, k.text, fyne.TextAlignTrailing)
	d.facts = k.rows(func(i int) row { return row{title: d.list[i].Label, right: d.list[i].Value} }, nil)
	d.facts.height = k.px(42)
	d.said = k.panel(1)
	d.x = k.button(normal, t.words.Text("day.x"), "", func() { d.printX(t) })
	d.z = k.button(normal, t.words.Text("day.z"), "", func() { t.openClosing(d) })
	d.zAgain = k.button(normal, t.words.Text("day.z-again"), "", func() { d.printZ(t) })
	d.newer = k.button(normal, d.updateButton(t), "", func() { d.pressUpdate(t) })
	d.export = k.button(normal, t.words.Text("export.open"), "F4", func() { d.exports(t) })
	objects := []fyne.CanvasObject{d.title, d.netWord, d.net, d.facts, d.said, d.export}
	if d.batch == 0 {
		objects = append(objects, d.x, d.z, d.newer)
	} else {
		objects = append(objects, d.zAgain)
	}
	return box(func(a area) {
		place(d.title, a.top(k.px(32)))
		figure := a.top(height(k.px(totalText)))
		place(d.netWord, area{figure.x + 4, figure.y, figure.w * 0.25, figure.h})
		place(d.net, area{figure.x + figure.w*0.25, figure.y, figure.w*0.75 - 6, figure.h})
		if d.batch == 0 {
			cells := a.bottom(max(k.px(56), target)).columns(2)
			place(d.x, cells[0])
			place(d.z, cells[1])
			if d.updateButton(t) != "" {
				place(d.newer, a.bottom(max(k.px(56), target)))
			}
		} else {
			place(d.zAgain, a.bottom(max(k.px(56), target)))
		}
		place(d.export, a.bottom(max(k.px(48), target)))
		place(d.said, a.bottom(d.said.high(a.w, a.h)))
		place(d.facts, a.top(min(d.facts.height*float32(max(len(d.list), 6)), a.h)))
	}, objects...)
}

func (d *dayScreen) buildRight(t *till) fyne.CanvasObject {
	k := t.kit
	words := [3]string{"day.overview", "day.payments", "day.earlier"}
	var objects []fyne.CanvasObject
	for i, key := range words {
		d.tabs[i] = k.button(normal, t.words.Text(key), "", func() { d.tab, d.printed = dayTab(i), 0; t.show() })
		if d.batch == 0 || i != int(earlier) {
			objects = append(objects, d.tabs[i])
		}
	}
	d.tabs[d.tab].style = chosen
	d.none = k.panel(1)
	var body fyne.CanvasObject
	switch d.tab {
	case overview:
		body = d.buildOverview(t)
	case payments:
		d.listing = k.rows(func(i int) row {
			r := entryRow(t, d.entries[i].Matter())
			r.marked = i == d.marked[payments]
			return r
		}, func(i int) { d.openAt(t, i) }).by(func(i int) any { return entryKey(d.entries[i]) })
		body = box(func(a area) { place(d.listing, a) }, d.listing)
	default:
		d.listing = k.rows(func(i int) row {
			day := d.days[i]
			return row{title: t.words.DayTitle(day), count: t.words.Counted("day.sales-count", int(day.Sales.Count)), right: t.money(day.NetMinor), marked: i == d.marked[earlier]}
		}, func(i int) { d.openAt(t, i) }).by(func(i int) any { return d.days[i].Batch })
		body = box(func(a area) { place(d.listing, a) }, d.listing)
	}
	d.paper = t.newPaperView()
	d.paper.head.set(t.words.Text("day.paper"))
	objects = append(objects, body, d.none, d.paper.object)
	return box(func(a area) {
		cells := a.top(max(k.px(52), target)).columns(3)
		for i := range d.tabs {
			place(d.tabs[i], cells[i])
		}
		show(body, !d.paper.object.Visible())
		place(body, a)
		place(d.paper.object, area{a.x, a.y, min(a.w, k.px(420)), a.h})
		place(d.none, area{a.x, a.y, a.w, min(a.h, k.px(90))})
	}, objects...)
}

// buildOverview has the plot above and the tables and what needs a look below.
func (d *dayScreen) buildOverview(t *till) fyne.CanvasObject {
	k := t.kit
	d.head = newLine(t.words.Text("day.by-hour")+" ("+string(t.about.Currency)+")", k.px(baseText), true, k.text, fyne.TextAlignLeading)
	d.plot = k.plot()
	d.table = k.rows(func(i int) row { return d.lines[i] }, nil)
	d.table.height = k.px(36)
	d.listing = k.rows(func(i int) row {
		r := entryRow(t, d.looks[i].Matter())
		r.marked = i == d.looked()
		return r
	}, func(i int) { t.openEntry(d.looks[i]) }).by(func(i int) any { return entryKey(d.looks[i]) })
	look := newLine(t.words.Text("day.attention"), k.px(baseText), true, k.text, fyne.TextAlignLeading)
	calm := newLine(t.words.Text("day.attention-none"), k.px(baseText), false, k.muted, fyne.TextAlignLeading)
	body := box(func(a area) {
		place(d.head, a.top(k.px(26)))
		place(d.plot, a.top(a.h*0.34))
		columns := a.columns(2)
		place(d.table, columns[0])
		place(look, columns[1].top(k.px(28)))
		place(d.listing, columns[1])
		place(calm, columns[1].top(k.px(30)))
		show(calm, d.loaded && len(d.looks) == 0)
	}, d.head, d.plot, d.table, look, calm, d.listing)
	return body
}

// looked is where the chosen one of what needs attention stands; −1 where none is chosen. It is chosen by the arrows, so that the large button goes back
// to selling until then.
func (d *dayScreen) looked() int {
	if d.tab != overview || d.look == nil {
		return -1
	}
	return slices.IndexFunc(d.looks, func(e present.Entry) bool { return entryKey(e) == d.look })
}

// markLook chooses one of what needs attention by a key.
func (d *dayScreen) markLook(t *till, name fyne.KeyName) bool {
	marked, moved := markKey(name, d.looked(), len(d.looks))
	if !moved || len(d.looks) == 0 || d.tab != overview || d.paper.object.Visible() {
		return false
	}
	d.look = entryKey(d.looks[max(marked, 0)])
	t.redraw()
	return true
}

// attention are the sales and payments that a person should look at.
func (d *dayScreen) attention(t *till) []present.Entry {
	return d.day.Attention(func(a txn.Attempt) bool {
		late, was := t.seenEnded[a.ID]
		return was && late == a.Late
	})
}

func entryRow(t *till, m txn.Matter) row {
	e := t.words.Entry(m)
	return row{icon: e.Tone, title: e.Time + "  " + e.Title, note: e.Small, right: e.Amount, end: e.State, tone: e.Tone}
}

func (d *dayScreen) refresh(t *till) {
	after := present.Note{}
	if d.loaded && d.batch == 0 {
		after = present.AfterZ(d.day, d.days, t.opts.Now())
	}
	told := d.note
	if told.Key == "" && d.tab != payments { // there it stands in place of the list
		told = after
	}
	note := t.words.Tell(told, t.about.Currency)
	d.said.show(note)
	show(d.said, !note.Empty())
	show(d.none, !d.loaded || d.tab == payments && len(d.entries) == 0 || d.tab == earlier && len(d.days) == 0)
	d.none.show(present.Message{Tone: present.Plain, What: t.words.Text(d.noneKey())})
	if d.tab == payments && after.Key != "" {
		d.none.show(t.words.Tell(after, t.about.Currency))
	}
	//mutant:an-x-is-shown-as-it-came-out
	d.paper.showOf(t, map[int64]bool{d.printed: d.printed != 0})
	if d.paper.object.Visible() {
		d.none.Hide()
	}
	if !d.loaded {
		return
	}
	d.title.set(t.words.DayTitle(d.day))
	d.net.set(t.money(d.day.NetMinor))
	d.list = t.words.DayFacts(d.day, t.about.Currency)
	if d.batch == 0 {
		d.list = append(d.list, t.words.UpdateFact(d.update))
	}
	label := d.updateButton(t)
	d.newer.set(label, "", label != "")
	show(d.newer, label != "")
	d.facts.show(len(d.list), -1)
	switch d.tab {
	case overview:
		d.lines = d.lines[:0]
		for _, table := range t.words.DayTables(d.day, t.about.Currency) {
			d.lines = append(d.lines, row{title: table.Heading, head: true})
			for _, r := range table.Rows {
				d.lines = append(d.lines, row{title: r[0], count: r[1], right: r[2]})
			}
		}
		d.table.show(len(d.lines), -1)
		d.looks = d.attention(t)
		d.listing.show(len(d.looks), d.looked())
		d.plot.show(d.day.ByHour, t.about.Currency)
	case payments:
		d.listing.show(len(d.entries), d.marked[payments])
	default:
		d.listing.show(len(d.days), d.marked[earlier])
	}
}

// listed is how many rows the list in front has that Enter opens; of the overview's it opens the one that the arrows have chosen.
func (d *dayScreen) listed() int {
	switch {
	case !d.loaded || d.tab == overview || d.paper != nil && d.paper.object.Visible():
		return 0
	case d.tab == payments:
		return len(d.entries)
	}
	return len(d.days)
}

// openAt opens a row of the list in front.
func (d *dayScreen) openAt(t *till, i int) {
	if i < 0 || i >= d.listed() {
		return
	}
	if d.marked[d.tab] = i; d.tab == payments {
		t.openEntry(d.entries[i])
		return
	}
	d.openEarlier(t, d.days[i])
}

// turn goes to the list beside.
func (d *dayScreen) turn(t *till, by int) {
	last := len(d.tabs) - 1
	if d.batch != 0 { // an earlier day has none before it
		last--
	}
	d.tab, d.printed = dayTab(min(max(int(d.tab)+by, 0), last)), 0
	t.show()
}

func (d *dayScreen) noneKey() string {
	switch {
	case !d.loaded:
		return "day.loading"
	case d.tab == earlier:
		return "day.no-days"
	}
	return "day.none"
}

func (d *dayScreen) openEarlier(t *till, day present.Day) {
	t.showDay(&dayScreen{batch: day.Batch})
}

func (d *dayScreen) printX(t *till) {
	by := t.cashier()
	t.call(func(ctx context.Context) func() {
		day, err := t.desk.PrintX(ctx, by)
		return func() {
			if err != nil {
				d.failed(t, present.Warning, "day.x-failed", err)
				return
			}
			d.day, d.printed = day, day.PrintID
			d.say(t, present.Good, "day.x-done", "")
			t.changed()
		}
	})
}

// printZ prints the Z of an earlier day once more.
func (d *dayScreen) printZ(t *till) {
	by, batch := t.cashier(), d.batch
	t.call(func(ctx context.Context) func() {
		day, err := t.desk.ReprintZ(ctx, by, batch)
		return func() {
			if err != nil {
				d.failed(t, present.Warning, "day.z-again-failed", err)
				return
			}
			d.printed = day.PrintID
			d.say(t, present.Good, "day.z-again-done", "", "z", strconv.FormatInt(day.Z, 10))
			t.changed()
		}
	})
}

// askZ asks before the day is closed; first is done where the answer is yes.
func (d *dayScreen) askZ(t *till, first func()) {
	//mutant:a-day-is-closed-after-a-question
	t.open(&askScreen{message: t.message(present.Warning, "day.z-ask"), yes: text("day.z-yes", "amount", t.money(d.day.NetMinor)),
		no: text("result.back"), press: func() { first(); d.closeDay(t) }})
}

func (d *dayScreen) closeDay(t *till) {
	by := t.cashier()
	//mutant:a-day-that-closes-says-so
	d.say(t, present.Waiting, "day.z-closing", "") // a settlement that the bank is slow to answer ends first
	t.call(func(ctx context.Context) func() {
		day, err := t.desk.CloseDay(ctx, by)
		return func() {
			if err != nil {
				d.failed(t, present.Warning, "day.z-failed", err)
				return
			}
			d.printed = day.PrintID
			d.say(t, present.Good, "day.z-done", "", "z", strconv.FormatInt(day.Z, 10))
			d.load(t)
			t.changed()
		}
	})
}

func (d *dayScreen) primary(t *till) primaryAction {
	if d.listed() > 0 {
		return primaryAction{label: t.words.Text("find.open"), hint: "Enter", enabled: true, press: func() { d.openAt(t, d.marked[d.tab]) }, means: "open"}
	}
	if at := d.looked(); at >= 0 {
		return primaryAction{label: t.words.Text("find.open"), hint: "Enter", enabled: true, press: func() { t.openEntry(d.looks[at]) }, means: "open"}
	}
	return primaryAction{label: t.words.Text("day.back"), hint: "Esc", enabled: true, press: t.home}
}

// exports gives the day's totals away, as the X or the Z.
func (d *dayScreen) exports(t *till) {
	batch := d.batch
	t.openExport(func(ctx context.Context) (present.Export, error) {
		totals, err := t.desk.Totals(ctx, batch)
		return present.TotalsExport(totals), err
	})
}

func (d *dayScreen) key(t *till, name fyne.KeyName) bool {
	if name == fyne.KeyF4 {
		d.exports(t)
		return true
	}
	if name == fyne.KeyLeft || name == fyne.KeyRight {
		d.turn(t, map[fyne.KeyName]int{fyne.KeyLeft: -1, fyne.KeyRight: 1}[name])
		return true
	}
	if marked, moved := markKey(name, d.marked[d.tab], d.listed()); moved && d.listed() > 0 {
		d.marked[d.tab] = marked
		t.redraw()
		return true
	}
	if d.markLook(t, name) {
		return true
	}
	if by := map[fyne.KeyName]float32{fyne.KeyPageUp: -1, fyne.KeyPageDown: 1}[name]; by != 0 && d.paper.object.Visible() {
		d.paper.turn(by)
		return true
	}
	if d.listing == nil {
		return false
	}
	return d.listing.turnKey(name)
}

func (d *dayScreen) typed(t *till, x rune) { t.findTyped(x) }

func (d *dayScreen) back(*till) bool { return false }
