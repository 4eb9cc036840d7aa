package ui

import (
	"context"
	"errors"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"veratill/app/present"
	"veratill/app/sound"
	"veratill/txn"
	"veratill/txn/sale"
)

// Options are what the window is told beside the desk. The zero value is a window
// of 1366×768 at 100 % text that runs on the wall clock.
type Options struct {
	ID, Name    string // of the program, for the desktop
	Size        fyne.Size
	FullScreen  bool
	TextPercent int    // 100–150
	OnReady     func() // called once, after the first frame with content was drawn

	// Screenshots names a directory: the window walks through its screens on the
	// given desk, writes each as PNG in both languages and every theme, and closes.
	// It makes sales, so it is for a demo desk alone.
	Screenshots string

	Sound func(sound.Kind) // plays a sound and returns at once; nil is silence

	// For tests: where time comes from, what runs beside the window, and how it gets back to it.
	Now   func() time.Time
	Go    func(func())
	Do    func(func())
	After func(time.Duration, func())
}

func (o Options) withDefaults() Options {
	if o.Size.IsZero() {
		o.Size = fyne.NewSize(1366, 768)
	}
	if o.TextPercent == 0 {
		o.TextPercent = 100
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Go == nil {
		o.Go = func(work func()) { go work() }
	}
	if o.Do == nil {
		o.Do = fyne.Do
	}
	if o.After == nil {
		do := o.Do
		o.After = func(d time.Duration, f func()) { time.AfterFunc(d, func() { do(f) }) }
	}
	return o
}

// till is the window of one desk. Its methods run on the window's goroutine only.
type till struct {
	app    fyne.App
	window fyne.Window
	desk   present.Desk
	opts   Options
	ctx    context.Context
	cancel context.CancelFunc

	words   *present.Words
	kit     *kit
	router  *router
	about   present.About
	catalog present.Catalogue

	sell      *present.Sell
	front     *sellScreen    // where everything begins and ends
	stack     []screen       // the last is shown; the first is the front
	raw       []present.Chip // as the desk tells them
	chips     []present.Chip // as they are shown
	settler   present.Settler
	finishing []present.Recovered
	forPerson []txn.Matter // what waits for the manager
	sheets    []present.Sheet
	owed      []txn.Matter // payments and sales of this run that are not finished
	lastPaid  txn.Matter   // what F7 prints again
	// seenEnded are reversed payments whose page was opened in this window, with what their lines had said late by then.
	seenEnded map[txn.ID]txn.Answer
	unparked  []present.Parked // sales that could not be parked; they are in memory alone
	refusal   present.Note     // of a scan, until a person has pressed something
	notice    present.Note     // told on another screen than the sale's, until a person has pressed something
	silent    bool             // no sounds are wanted
	torn      string           // what was scanned and refused: the first half of a scan, perhaps
	tornAt    time.Time
	tornOver  present.Note    // the refusal that stood there before
	dropped   *present.Parked // that can be brought back; nil where there is none
	parked    int             // how many wait
	locked    bool
	closed    bool
	// The first screen says that a new version went back, or was not installed.
	newsOfUpdate bool
	watching     watch
	pictures     pictures
	endTry       context.CancelFunc // of a card that is only tried; nil while none is

	band   fyne.CanvasObject
	strip  *strip
	cart   *cartPane
	action *button
	leave  *button // one level back, where the primary button is no way back
	noted  *panel  // the notice, above the left pane
	body   *fyne.Container
	now    time.Time
}

// newTill makes the window and shows nothing yet. It asks the desk only for what the
// first frame says; appear begins to watch it.
func newTill(app fyne.App, desk present.Desk, opts Options) (*till, error) {
	t := &till{app: app, desk: desk, opts: opts.withDefaults(), seenEnded: map[txn.ID]txn.Answer{}}
	t.ctx, t.cancel = context.WithCancel(context.Background())
	t.about, t.catalog = desk.About(), desk.Catalogue()
	look := newLook(t.about.Theme, t.opts.TextPercent)
	if app.Settings().Theme() != fyne.Theme(look) {
		app.Settings().SetTheme(look)
	}
	words := present.AnyWords(t.about.Language)
	if !t.about.Currency.Known() {
		return nil, errors.New("the currency of the till is not known")
	}
	t.words, t.silent = words, t.about.Silent
	t.now = t.opts.Now()
	t.sell = present.NewSell(desk.Cart())
	t.sell.Labels = t.about.Labels
	if t.about.Notice != "" {
		t.sell.Note = present.Note{Tone: present.Warning, Key: "notice." + dashed(t.about.Notice)}
	}
	if u := desk.Update(); u.News && t.sell.Note.Key == "" {
		t.sell.Note, t.newsOfUpdate = u.UpdateNews(), true
	}
	if note := desk.FoundGoods().Note(); note.Key != "" {
		t.sell.Note, t.sell.Selected = note, desk.Cart().Last()
	}
	t.raw = desk.Chips()
	t.chips = t.settler.Settle(t.raw, t.now)
	t.finishing, t.forPerson = desk.Finishing(), desk.ForPerson()
	t.front, t.pictures = &sellScreen{}, pictures{}
	if len(t.catalog.Favourites()) > 0 {
		t.front.group = favourites
	}
	t.stack = []screen{t.front}
	if len(t.finishing) > 0 {
		t.stack = append(t.stack, &finishingScreen{})
	}
	t.router = &router{now: t.opts.Now, after: t.opts.After, guard: newGuard(t.opts.Now), seen: t.seenRefusal, tooSoon: t.tooSoon, key: t.onKey, typed: t.onRune,
		shortcut: t.onChord, scan: t.onScan, withhold: func(typed []rune) bool { return t.catalog.Withholds(typed) }, card: desk.TypedKey, unfocus: t.unfocus, keep: t.keepFigures, pace: paceOf(t.about)}
	desk.HoldKeys(t.opts.After, t.router.again)
	t.window = app.NewWindow(words.Text("app.title"))
	t.window.SetPadded(false)
	t.window.Resize(t.opts.Size)
	t.window.SetCloseIntercept(t.askClose)
	t.window.SetOnDropped(func(_ fyne.Position, files []fyne.URI) { t.openDropped(files) })
	t.router.bind(t.window.Canvas())
	t.dress(look)
	t.window.Resize(t.opts.Size)
	t.window.SetFullScreen(t.opts.FullScreen || t.about.FullScreen)
	return t, nil
}

// Window is the window, for whoever has to place or capture it.
func (t *till) Window() fyne.Window { return t.window }

// appear shows the window and begins to follow the desk.
func (t *till) appear() {
	t.window.Show()
	if t.newsOfUpdate {
		t.call(func(context.Context) func() {
			_ = t.desk.UpdateTold() // it is told once more then
			return nil
		})
	}
	t.desk.Raised(func() {
		t.opts.Do(func() {
			t.window.Show()
			t.window.RequestFocus()
		})
	})
	t.desk.AskPerson(t.askPerson)
	t.desk.Watch(t.changed)
	//mutant:what-changed-before-is-seen
	t.changed() // what became so between the first frame and the watch is told to nobody
	t.desk.Scanned(func(code string) {
		if t.catalog.Withholds([]rune(code)) {
			code = sale.Withheld
		}
		t.opts.Do(func() { t.onScan(code) })
	})
	t.askNumbers()
	t.countParked()
	t.tick()
}

// dress builds the whole window in a look. Models stay; widgets are new.
func (t *till) dress(l *look) {
	t.kit = &kit{look: l, router: t.router, details: t.words.Text("panel.details")}
	if t.app.Settings().Theme() != fyne.Theme(l) { // Fyne drops its fonts with every change
		t.app.Settings().SetTheme(l)
	}
	t.band = t.buildBand()
	t.strip = t.newStrip()
	t.cart = t.newCartPane()
	t.action = t.kit.button(primary, "", "", func() { t.runPrimary() })
	t.leave = t.kit.button(normal, "", "", t.onEscape)
	t.noted = t.kit.panel(1)
	t.body = box(func(area) {})
	first := t.firstFrame()
	background := canvas.NewRectangle(l.background)
	frame := box(func(a area) {
		place(first, area{0, 0, 1, 1})
		if t.about.Demo {
			place(t.band, area{0, 0, a.w, l.px(28)})
			a.y, a.h = l.px(28), a.h-l.px(28)
		}
		bar := t.strip.needs()
		place(t.strip.Container, area{gap, a.y + 4, a.w - 2*gap, bar})
		a.y, a.h = a.y+bar+4, a.h-bar-4
		place(t.body, a.inset(gap))
	}, t.body, t.strip.Container) // in the order of Tab
	if t.about.Demo {
		frame.Add(t.band)
	}
	frame.Add(first)
	t.window.SetContent(container.NewStack(background, frame))
	t.show()
}

// buildBand is the band that no one can miss while no money moves.
func (t *till) buildBand() fyne.CanvasObject {
	ground := canvas.NewRectangle(t.kit.tone(present.Training))
	text := newLine(t.words.Text("band.demo"), t.kit.px(16), true, t.kit.onFill, fyne.TextAlignCenter)
	return box(func(a area) {
		place(ground, a)
		place(text, area{gap, 0, a.w - 2*gap, a.h})
	}, ground, text)
}

// leftWidth is the width of the left pane, the same on every screen.
func leftWidth(w float32) float32 { return min(max(w*0.35, 372), 600) }

// leaveHeight is the row above the primary button: what can be done with a line of the sale, or the way back.
func leaveHeight(l *look) float32 { return max(target, l.px(48)) }

// show builds the top screen.
func (t *till) show() {
	if t.endTry != nil && t.top().stands().page != devicesPage {
		t.endTry() // a card that is swiped now is meant for what is in front
	}
	if t.top().stands().page != devicesPage {
		//mutant:a-lesson-ends-with-its-page
		t.stopLearning() // and so is a scan
	}
	if t.locked {
		t.window.Canvas().Unfocus()
		lock := t.buildLock()
		t.body.Layout = cutter{func(a area) { place(lock, a) }}
		t.body.Objects = []fyne.CanvasObject{lock}
		t.body.Refresh()
		t.told(primaryAction{})
		return
	}
	t.window.Canvas().Unfocus()
	left, right := t.top().build(t)
	if left == nil {
		left = t.cart.Container
	}
	t.body.Layout = cutter{func(a area) {
		pane := a.left(leftWidth(a.w))
		place(t.action, pane.bottom(max(t.kit.px(60), target)))
		if t.leave.Visible() {
			place(t.leave, pane.bottom(leaveHeight(t.kit.look)))
		}
		if t.noted.Visible() {
			place(t.noted, pane.top(t.noted.high(pane.w, pane.h/2)))
		}
		place(left, pane)
		place(right, a)
	}}
	// The order here is the order of Tab: what the screen is for comes first.
	t.body.Objects = []fyne.CanvasObject{t.action, right, left, t.leave, t.noted}
	t.body.Refresh()
	t.redraw()
}

func (t *till) top() screen { return t.stack[len(t.stack)-1] }

// open puts a screen on top of the present one; Esc comes back.
func (t *till) open(s screen) {
	if t.updating() {
		return
	}
	t.stack = append(t.stack, s)
	t.show()
}

// drop takes a screen out of the stack, wherever it lies; what opens next is shown.
func (t *till) drop(s screen) {
	t.stack = slices.DeleteFunc(t.stack, func(open screen) bool { return open == s })
}

// conclude opens a result in place of the screen that waited for it.
func (t *till) conclude(waited screen, result *resultScreen) {
	t.drop(waited)
	t.owe(result.result.Matter())
	t.open(result)
	t.changed() // the paper, and whatever else this sale moved
	//mutant:a-refusal-for-doubtful-books-says-why
	if result.result.Code == "numbers in doubt" {
		t.askNumbers()
	}
}

// back goes one level back. The screen for selling is the last.
func (t *till) back() {
	if len(t.stack) > 1 {
		t.stack = t.stack[:len(t.stack)-1]
	}
	t.show()
	t.changed() // what it shows is read anew
}

// inSight reports whether a screen is still in front: what comes back late of one that is not, takes no other screen away and covers none.
func (t *till) inSight(s screen) bool {
	//mutant:what-comes-late-moves-no-screen
	return t.top() == s
}

// home goes back to selling.
func (t *till) home() {
	t.stack = t.stack[:1]
	t.show()
}

// redraw brings everything in line with the models.
func (t *till) redraw() {
	if t.locked {
		return
	}
	t.strip.refresh(t)
	t.cart.refresh(t)
	t.top().refresh(t)
	notice := present.Message{}
	if !t.selling() {
		notice = t.words.Tell(t.notice, t.about.Currency)
	}
	t.noted.show(notice)
	show(t.noted, !notice.Empty())
	back := t.top().stands().back
	show(t.leave, back != "")
	if back != "" {
		t.leave.set("← "+t.words.Text(back), "Esc", true)
	}
	act := t.top().primary(t)
	t.action.set(act.label, act.hint, act.enabled)
	t.action.restyle(act.style())
	t.told(act)
	relay(t.body)
	t.desk.Shown()
}

// shownFace is what the window shows, and what its buttons mean, as far as that can change where it stands.
type shownFace struct {
	screen screen
	means  string
	locked bool
}

// told tells the guard what is shown, and what the primary button means.
func (t *till) told(act primaryAction) {
	face := shownFace{t.top(), t.top().stands().means, t.locked}
	g := t.router.guard
	//mutant:a-scan-is-the-cashier-s-own-act
	if g.acting == scanning && !t.selling() { // what a scan asks came unlooked for; the sale that it goes into did not
		g.acting = ""
		defer func() { g.acting = scanning }()
	}
	g.look(&g.screen, face)
	if !act.enabled {
		g.look(&g.primary, nil)
		return
	}
	face.means = act.means
	g.look(&g.primary, face)
}

// tooSoon says that a figure was not taken, because the screen had just changed: the amount is typed again, and whole.
func (t *till) tooSoon() {
	if t.locked {
		return
	}
	t.top().refused(t, present.Note{Tone: present.Warning, Key: "pad.too-soon"})
}

// relay lays containers out anew: how high a message stands depends on its words.
// Widgets that keep their size are not touched.
func relay(object fyne.CanvasObject) {
	c, ok := object.(*fyne.Container)
	if !ok || !c.Visible() {
		return
	}
	c.Layout.Layout(c.Objects, c.Size())
	for _, child := range c.Objects {
		relay(child)
	}
}

func (t *till) runPrimary() {
	if act := t.top().primary(t); act.enabled && act.press != nil && t.router.guard.meant(&t.router.guard.primary) {
		act.press()
	}
}

// cashier is who is at the till now: what is written to the books from here on is by them.
func (t *till) cashier() txn.Actor { return txn.Actor{By: t.about.Cashier} }

func (t *till) money(minor int64) string { return present.Money(minor, t.about.Currency) }

// tell shows a note: where the sale is made, or on whatever is in front, until a person presses something. What went wrong stands where the
// sale is made too.
func (t *till) tell(tone present.Tone, key, detail string, pairs ...string) {
	note := present.Note{Tone: tone, Key: key, Detail: detail, Pairs: pairs}
	//mutant:what-is-told-stands-in-front
	if !t.selling() {
		t.notice = note
	}
	if t.selling() || tone == present.Bad {
		t.sell.Note = note
	}
	t.redraw()
}

// call runs work in a goroutine and what it returns on the window's.
func (t *till) call(work func(ctx context.Context) func()) {
	t.opts.Go(func() {
		if then := work(t.ctx); then != nil {
			t.opts.Do(then)
		}
	})
}

func (t *till) unfocus() { t.window.Canvas().Unfocus() }

// switchLanguage and switchTheme work at once and are kept for the next start.
func (t *till) switchLanguage() {
	next := "en"
	if t.words.Language() == "en" {
		next = "zh"
	}
	words, err := present.NewWords(next)
	if err != nil {
		return // both are compiled in and read by a test
	}
	t.words = words
	t.window.SetTitle(words.Text("app.title"))
	t.keep("language", next)
	t.dress(t.kit.look)
}

func (t *till) switchTheme() {
	next := t.kit.next()
	t.keep("theme", next)
	t.dress(newLook(next, t.kit.percent))
}

func (t *till) keep(name, value string) {
	t.call(func(context.Context) func() {
		_ = t.desk.SavePreference(name, value) // the switch worked; a preference that is lost costs one press
		return nil
	})
}
