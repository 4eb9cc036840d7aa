package ui

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/txn/sale"
)

// devicesScreen lists what stands on the counter: what each is, what it is used as, what
// is wrong with it, and the tests of what is in use.
type devicesScreen struct {
	quiet
	list    []present.Device
	sieve   sieve
	marked  int // among those that are shown
	loaded  bool
	running context.CancelFunc // of a test under way
	outcome present.Message

	cards            []*button // the parts that a sale stands on, each with its state; a press opens its page
	rows             *rows
	say              *panel // of the last test or choice, or else of the marked device
	facts            *rows
	shown            []present.Fact
	uses             [2]*button // what the marked device can be, the likeliest first
	stop             *button    // ends a test under way
	page, kick, card *button
	pace             *button // learns how fast the scanner types
	network          *field  // the address of a printer that no list can find
	typedAddress     string
}

func (t *till) openDevices() {
	if t.top().stands().page == devicesPage || t.paying() {
		return
	}
	t.leaveResult()
	d := &devicesScreen{}
	t.open(d)
	t.changed() // the look that it asks for finds the devices
}

func (d *devicesScreen) stands() standing {
	return standing{page: devicesPage, tells: true, ready: d.loaded, wants: wanted{devices: true}, keep: d.sieve.keep}
}

func (d *devicesScreen) take(t *till, s seen) {
	if s.want.devices {
		d.found(t, s.devices)
	}
}

// found is what was found. What is marked stays marked.
func (d *devicesScreen) found(t *till, list []present.Device) {
	old, first := d.device(), !d.loaded
	d.list, d.loaded = list, true
	// One address can stand twice, as the demonstration's printer and as its reader.
	same := func(one present.Device) bool { return one.Address == old.Address && one.InUse == old.InUse }
	d.sift(t)
	for place := range d.sieve.count() {
		if same(list[d.sieve.at(place)]) && !first {
			d.marked = place
			break
		}
	}
	d.marked = max(min(d.marked, d.sieve.count()-1), 0)
}

// sift takes the devices whose rows show what was typed.
func (d *devicesScreen) sift(t *till) {
	d.sieve.sift(len(d.list), func(i int) row { return d.of(t, i) })
}

// scanned shows a code instead of selling what it stands for: that is how a scanner is tried.
func (d *devicesScreen) scanned(t *till, code string) bool {
	d.outcome = present.Message{Tone: present.Good, What: t.words.Text("devices.scanned"), Next: code, Small: t.words.Text("devices.scanned.small")}
	switch wallet := sale.PaymentCodeOf(sale.CleanScan(code)); {
	case code == sale.Withheld:
		d.outcome = present.Message{Tone: present.Warning, What: t.words.Text("sell.card-number"), Next: t.words.Text("devices.card-number")}
	case wallet != sale.NoWallet: // whoever has it can pay with it
		d.outcome.Next = t.words.Wallet(wallet)
	}
	t.redraw()
	return true
}

func (d *devicesScreen) device() present.Device {
	if at := d.sieve.at(d.marked); at >= 0 && at < len(d.list) {
		return d.list[at]
	}
	return present.Device{}
}

func (d *devicesScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	d.say = k.panel(1.1)
	d.facts = k.rows(func(i int) row { return row{title: d.shown[i].Label, note: d.shown[i].Value} }, nil)
	d.rows = k.rows(func(i int) row { return d.row(t, i) }, func(i int) { d.mark(t, i) })
	for i, key := range []string{"F5", "F6"} {
		d.uses[i] = k.button(normal, "", key, func() { d.askUse(t, i) })
	}
	d.cards = nil
	for _, part := range present.Parts {
		d.cards = append(d.cards, k.button(chip, t.words.Text("part."+string(part)), "", func() { t.openDevice(part) }))
	}
	d.stop = k.button(normal, t.words.Text("devices.stop"), "Esc", t.onEscape)
	d.page = k.button(normal, t.words.Text("devices.page"), "F3", func() { d.testPage(t) })
	d.kick = k.button(normal, t.words.Text("devices.drawer"), "F10", func() { d.openDrawer(t) })
	d.card = k.button(normal, t.words.Text("devices.swipe"), "F8", func() { d.swipe(t) })
	d.pace = k.button(normal, t.words.Text("scanner.button"), "F9", func() { d.learnScanner(t) })
	d.network = newField(t.router, t.words.Text("devices.network"), func(text string) { d.typedAddress = text },
		func(name fyne.KeyName) bool { return d.networkKey(t, name) }, func() {})
	d.network.Text = d.typedAddress
	left = box(func(a area) {
		facts := a.bottom(min(d.facts.height*float32(len(d.shown)), a.h/2))
		place(d.say, a.top(d.say.high(a.w, a.h)))
		place(d.facts, facts)
	}, d.say, d.facts)
	return left, box(func(a area) {
		inRow(a.bottom(max(k.px(56), target)), []*button{d.page, d.kick, d.card, d.pace})
		uses := a.bottom(max(k.px(56), target))
		place(d.stop, uses)
		if !d.uses[1].Visible() {
			place(d.uses[0], uses)
		} else {
			inRow(uses, d.uses[:])
		}
		place(d.network, a.bottom(max(k.px(48), target)))
		d.layCards(k, &a)
		place(d.rows, a)
	}, append(objectsOf(d.cards), d.rows, d.network, d.uses[0], d.uses[1], d.stop, d.page, d.kick, d.card, d.pace)...)
}

// layCards puts the cards side by side above the list; where the list would have no room, they are as low as a finger needs.
func (d *devicesScreen) layCards(k *kit, a *area) {
	seen := visible(d.cards)
	high := 3*height(k.px(smallText)) + 28
	if a.h < 2*high+3*d.rows.height {
		high = max(target, 2*height(k.px(smallText))+8)
	}
	columns := max(min(int((a.w+gap)/(k.px(190)+gap)), len(seen)), 1)
	lines := (len(seen) + columns - 1) / columns
	columns = (len(seen) + lines - 1) / max(lines, 1)
	*a = inGrid(*a, columns, high, seen)
}

// refreshCards says of each part how it is, and which device it is.
func (d *devicesScreen) refreshCards(t *till) {
	for i, part := range present.Parts {
		at := slices.IndexFunc(t.chips, func(c present.Chip) bool { return c.Part == part })
		show(d.cards[i], at >= 0)
		if at < 0 {
			continue
		}
		if more := d.nameOf(t, part); d.cards[i].more != more {
			d.cards[i].more = more
			d.cards[i].Refresh()
		}
		d.cards[i].tell(present.ToneOfHealth(t.chips[at].Health), t.words.Part(t.chips[at]), t.words.ChipWord(t.chips[at]))
	}
}

// nameOf is which device plays a part; the bank is told by the terminal number that it knows this till by.
func (d *devicesScreen) nameOf(t *till, part present.Part) string {
	for _, one := range d.list {
		if one.InUse == part {
			return t.words.DeviceTitle(one)
		}
	}
	if part == present.Bank {
		return t.about.Terminal
	}
	return ""
}

// networkKey takes the printer of the typed address into use.
func (d *devicesScreen) networkKey(t *till, name fyne.KeyName) bool {
	switch {
	case isEnter(name) && d.typedAddress != "":
		address := present.PrinterAddress(d.typedAddress)
		t.unfocus()
		d.typedAddress = ""
		d.network.SetText("")
		d.askUseAt(t, present.Printer, address, address)
		return true
	case name == fyne.KeyEscape:
		t.unfocus()
		return true
	}
	return false
}

func (d *devicesScreen) row(t *till, i int) row {
	r := d.of(t, d.sieve.at(i))
	r.marked = i == d.marked
	return r
}

// of is the row of a device.
func (d *devicesScreen) of(t *till, i int) row {
	title, note, state, tone := t.words.DeviceRow(d.list[i])
	return row{title: title, note: note, right: state, tone: tone, icon: tone}
}

func (d *devicesScreen) refresh(t *till) {
	d.shown = nil
	d.sift(t)
	d.marked = max(min(d.marked, d.sieve.count()-1), 0)
	if d.sieve.count() > 0 {
		d.shown = t.words.DeviceFacts(d.device())
	}
	d.refreshCards(t)
	d.facts.show(len(d.shown), -1)
	d.say.show(d.sieve.told(t.words, d.message(t)))
	d.rows.show(d.sieve.count(), d.marked)
	idle := d.running == nil
	uses := d.device().Uses
	for i, b := range d.uses {
		show(b, idle && i < len(uses))
		if i < len(uses) {
			b.set(t.words.Text("devices.use", "part", t.words.Text("part."+string(uses[i]))), b.hint, d.usable(i))
		}
	}
	show(d.stop, !idle)
	for _, b := range []*button{d.page, d.kick, d.card, d.pace} {
		b.set(b.label, b.hint, idle)
	}
}

func (d *devicesScreen) message(t *till) present.Message {
	switch {
	case !d.outcome.Empty():
		return d.outcome
	case !d.loaded:
		return present.Message{Tone: present.Waiting, What: t.words.Text("devices.looking")}
	case len(d.list) == 0:
		return present.Message{Tone: present.Plain, What: t.words.Text("devices.none"), Next: t.words.Text("devices.none.next")}
	}
	return t.words.DeviceMessage(d.device())
}

func (d *devicesScreen) mark(t *till, i int) {
	d.marked = i
	if d.running == nil {
		d.outcome = present.Message{}
	}
	t.redraw()
}

// usable reports whether the marked device can be taken as the nth of its uses.
func (d *devicesScreen) usable(nth int) bool {
	one := d.device()
	return d.running == nil && len(one.Uses) > nth && one.InUse != one.Uses[nth] && one.Problem == ""
}

func (d *devicesScreen) primary(t *till) primaryAction {
	return primaryAction{label: t.words.Text("result.back"), hint: "Esc", enabled: d.running == nil, press: t.back}
}

// askUse asks before the marked device becomes the till's own: then it works with another one than before.
func (d *devicesScreen) askUse(t *till, nth int) {
	if !d.usable(nth) {
		return
	}
	one := d.device()
	d.askUseAt(t, one.Uses[nth], one.Address, t.words.DeviceTitle(one))
}

func (d *devicesScreen) askUseAt(t *till, part present.Part, address, name string) {
	//mutant:a-device-is-exchanged-after-a-question
	t.open(&askScreen{yes: text("devices.use-yes"), no: text("result.back"), press: func() { d.useAt(t, part, address) },
		message: func(w *present.Words) present.Message {
			return present.Message{Tone: present.Warning, What: w.Text("devices.use-ask", "name", name, "part", w.Text("part."+string(part))), Next: w.Text("devices.use-ask.next"), Small: address}
		}})
}

func (d *devicesScreen) useAt(t *till, part present.Part, address string) {
	words := t.words
	d.run(t, func(ctx context.Context) present.Message {
		if err := t.desk.UseDevice(ctx, part, address); err != nil {
			return present.Message{Tone: present.Warning, What: words.Text("devices.use-failed"), Next: words.Text("devices.use-failed.next"), Detail: err.Error()}
		}
		return present.Message{Tone: present.Good, What: words.Text("devices.used", "part", words.Text("part."+string(part)))}
	})
}

func (d *devicesScreen) testPage(t *till) {
	words := t.words
	d.run(t, func(ctx context.Context) present.Message {
		if err := t.desk.PrintTestPage(ctx); err != nil {
			return present.Message{Tone: present.Warning, What: words.Text("devices.page-failed"), Next: words.Text("health.offline.next"), Detail: err.Error()}
		}
		return present.Message{Tone: present.Good, What: words.Text("devices.page-printed"), Next: words.Text("devices.page-printed.next")}
	})
}

func (d *devicesScreen) openDrawer(t *till) {
	words, by := t.words, t.cashier()
	d.run(t, func(ctx context.Context) present.Message {
		err := t.desk.OpenDrawer(ctx, by)
		state := t.desk.Drawer()
		if err != nil {
			return present.Message{Tone: present.Warning, What: words.Text("devices.drawer-failed"), Detail: err.Error()}
		}
		return present.Message{Tone: present.Good, What: words.Text("sell.drawer"), Next: words.Text("devices.drawer." + string(state))}
	})
}

func (d *devicesScreen) swipe(t *till) {
	if d.running != nil {
		return
	}
	words := t.words
	d.outcome = present.Message{Tone: present.Waiting, What: words.Text("devices.swipe-now"), Next: words.Text("devices.swiped.nothing")}
	defer func() { t.endTry = d.running }()
	d.runSaying(t, func(ctx context.Context) present.Message {
		card, err := t.desk.TrySwipe(ctx)
		switch {
		case ctx.Err() != nil:
			return present.Message{}
		case err != nil:
			return present.Message{Tone: present.Warning, What: words.Text("code.card-unreadable"), Next: words.Text("code.card-unreadable.next"), Detail: err.Error()}
		}
		return words.Swiped(card)
	})
}

// run does one thing at a time and shows its outcome on the left.
func (d *devicesScreen) run(t *till, work func(context.Context) present.Message) {
	if d.running != nil {
		return
	}
	d.outcome = present.Message{Tone: present.Waiting, What: t.words.Text("device.running")}
	d.runSaying(t, work)
}

func (d *devicesScreen) runSaying(t *till, work func(context.Context) present.Message) {
	ctx, cancel := context.WithCancel(t.ctx)
	d.running = cancel
	t.redraw()
	t.call(func(context.Context) func() {
		outcome := work(ctx)
		cancel()
		return func() {
			d.running, d.outcome = nil, outcome
			t.redraw()
			t.changed()
		}
	})
}

func (d *devicesScreen) key(t *till, name fyne.KeyName) bool {
	marked, moved := markKey(name, d.marked, d.sieve.count())
	switch {
	case moved:
		d.mark(t, marked)
	case name == fyne.KeyBackspace:
		return d.sieve.erase(t)
	case isEnter(name) && d.sieve.text != "": // of a scanner whose pace nobody has learnt, say
		return d.sieve.back(t)
	case name == fyne.KeyF3:
		d.testPage(t)
	case name == fyne.KeyF4:
		t.window.Canvas().Focus(d.network)
	case name == fyne.KeyF5:
		d.askUse(t, 0)
	case name == fyne.KeyF6:
		d.askUse(t, 1)
	case name == fyne.KeyF8:
		d.swipe(t)
	case name == fyne.KeyF9:
		d.learnScanner(t)
	case name == fyne.KeyF10:
		d.openDrawer(t)
	default:
		return false
	}
	return true
}

// typed looks for devices by what their rows show. No sign works anything here: a scanner that is tried, and types as slowly as a person, types them too.
func (d *devicesScreen) typed(t *till, x rune) {
	//mutant:a-scanner-that-is-tried-works-nothing
	d.sieve.typed(t, x)
}

// back ends a test that waits for somebody, before it leaves the page.
func (d *devicesScreen) back(t *till) bool {
	if t.stopLearning() {
		d.outcome = present.Message{}
		t.redraw()
		return true
	}
	if d.running != nil {
		d.running()
		return true
	}
	return d.sieve.back(t)
}
