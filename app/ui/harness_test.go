package ui

import (
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"veratill/app/present"
	"veratill/app/ui/uitest"
	"veratill/txn/sale"
)

// counter is a till under test: a clock that only the test moves, and a queue in
// place of Fyne's, so that the window is touched by the test's goroutine alone.
type counter struct {
	t    *testing.T
	desk *uitest.Desk
	till *till

	mu     sync.Mutex
	clock  time.Time
	queue  []func()
	timers []timer
	calls  int // that run beside the window
}

type timer struct {
	at time.Time
	f  func()
}

var morning = time.Date(2026, 11, 22, 14, 5, 3, 0, time.UTC)

func (c *counter) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.clock }

func (c *counter) do(f func()) { c.mu.Lock(); defer c.mu.Unlock(); c.queue = append(c.queue, f) }

// run is what runs beside the window.
func (c *counter) run(work func()) {
	c.mu.Lock()
	c.calls++
	c.mu.Unlock()
	go func() {
		work()
		c.mu.Lock()
		defer c.mu.Unlock()
		c.calls--
	}()
}

// rests reports whether nothing runs beside the window, or waits for it.
func (c *counter) rests() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.calls == 0 && len(c.queue) == 0
}

func (c *counter) after(d time.Duration, f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.timers = append(c.timers, timer{c.clock.Add(d), f})
}

// oneApp is the app of all windows: Fyne drops its fonts with every change of a theme, and keeps what it has laid out with them.
var oneApp = sync.OnceValue(test.NewApp)

// open makes a till; set alters the desk before the window sees it.
func open(t *testing.T, language, theme string, size fyne.Size, percent int, set func(d *uitest.Desk)) *counter {
	t.Helper()
	c := &counter{t: t, clock: morning}
	c.desk = uitest.New(language, theme, c.now)
	if set != nil {
		set(c.desk)
	}
	till, err := newTill(oneApp(), c.desk.Screens(), Options{Size: size, TextPercent: percent, Now: c.now, Go: c.run, Do: c.do, After: c.after})
	if err != nil {
		t.Fatal(err)
	}
	c.till = till
	t.Cleanup(func() {
		till.cancel()
		if !till.closed {
			till.close()
		}
		test.NewCanvas().Capture() // Fyne forgets widgets that have gone where something is drawn, and keeps them, and their tills, until then
	})
	till.Window().Resize(size)
	till.appear()
	c.drain()
	return c
}

func openDefault(t *testing.T, set func(d *uitest.Desk)) *counter {
	t.Helper()
	return open(t, "en", "light", fyne.NewSize(1366, 768), 100, set)
}

// drain runs what the window's queue holds.
func (c *counter) drain() {
	for {
		c.mu.Lock()
		queue := c.queue
		c.queue = nil
		c.mu.Unlock()
		if len(queue) == 0 {
			return
		}
		for _, f := range queue {
			f()
		}
	}
}

// wait runs the queue until a condition holds.
func (c *counter) wait(what string, holds func() bool) {
	c.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		c.drain()
		if holds() {
			return
		}
		if time.Now().After(deadline) {
			c.t.Fatalf("waited for: %s", what)
		}
		time.Sleep(time.Millisecond)
	}
}

// pass moves the clock, running the timers that come due.
func (c *counter) pass(d time.Duration) {
	c.mu.Lock()
	c.clock = c.clock.Add(d)
	var due []func()
	var later []timer
	for _, timer := range c.timers {
		if timer.at.After(c.clock) {
			later = append(later, timer)
		} else {
			due = append(due, timer.f)
		}
	}
	c.timers = later
	c.mu.Unlock()
	for _, f := range due {
		f()
	}
	c.drain()
}

// patient waits, as a person does who looks at the screen, until what a hand presses is taken.
func (c *counter) patient(h hand) {
	g := c.till.router.guard
	_, rests := g.screen.taker[h]
	_, turned := g.primary.taker[h]
	if now := c.now(); rests || turned || now.Before(g.screen.calm) || now.Before(g.primary.calm) {
		c.pass(calmFor)
	}
}

// press presses keys as a patient person does, and hurry as one in a hurry.
func (c *counter) press(names ...fyne.KeyName) {
	for _, name := range names {
		c.patient(hand(name))
		c.hurry(name)
	}
}

func (c *counter) hurry(names ...fyne.KeyName) {
	for _, name := range names {
		c.down(name)
		c.up(name)
	}
}

// down does what the GLFW driver does with a key that goes down, again what it does while that is held, and up with its release.
func (c *counter) down(name fyne.KeyName) {
	if f, ok := c.till.Window().Canvas().Focused().(desktop.Keyable); ok {
		f.KeyDown(&fyne.KeyEvent{Name: name})
	} else {
		c.till.router.keyDown(&fyne.KeyEvent{Name: name})
	}
	c.again(name)
}

func (c *counter) again(name fyne.KeyName) {
	canvas := c.till.Window().Canvas()
	e := &fyne.KeyEvent{Name: name}
	if name == fyne.KeyTab {
		canvas.FocusNext()
	} else if f := canvas.Focused(); f != nil {
		f.TypedKey(e)
	} else {
		canvas.OnTypedKey()(e)
	}
	c.drain()
}

func (c *counter) up(name fyne.KeyName) {
	if f, ok := c.till.Window().Canvas().Focused().(desktop.Keyable); ok {
		f.KeyUp(&fyne.KeyEvent{Name: name})
	} else {
		c.till.router.keyUp(&fyne.KeyEvent{Name: name})
	}
}

// character is what the driver does with a key that has a sign, without its release.
func (c *counter) character(x rune) {
	c.down(fyne.KeyName(handOf(x)))
	c.sign(x)
}

func (c *counter) sign(x rune) {
	canvas := c.till.Window().Canvas()
	if f := canvas.Focused(); f != nil {
		f.TypedRune(x)
	} else {
		canvas.OnTypedRune()(x)
	}
}

// paced types characters at a pace.
func (c *counter) paced(text string, pace time.Duration) {
	for _, x := range text {
		c.character(x)
		c.up(fyne.KeyName(handOf(x)))
		c.pass(pace)
	}
}

// burst types characters faster than a person.
func (c *counter) burst(text string) { c.paced(text, 5*time.Millisecond) }

// keys types characters as a person does.
func (c *counter) keys(text string) {
	for _, x := range text {
		c.patient(handOf(x))
		c.paced(string(x), 155*time.Millisecond)
	}
}

func (c *counter) scan(code string) {
	c.burst(code)
	c.hurry(fyne.KeyReturn)
}

func (c *counter) chord(name fyne.KeyName) {
	c.patient(hand(name))
	s := &desktop.CustomShortcut{KeyName: name, Modifier: fyne.KeyModifierControl}
	c.till.router.keyDown(&fyne.KeyEvent{Name: name})
	defer c.till.router.keyUp(&fyne.KeyEvent{Name: name})
	if f, ok := c.till.Window().Canvas().Focused().(fyne.Shortcutable); ok {
		f.TypedShortcut(s)
	} else {
		c.till.router.chord(name, fyne.KeyModifierControl)
	}
	c.drain()
}

// tile presses an article's tile, as a click does.
func (c *counter) tile(n int) {
	s := c.till.stack[0].(*sellScreen)
	c.tap(s.grid.pool[n])
}

// tap presses a button as a mouse does, patiently.
func (c *counter) tap(b fyne.Tappable) {
	c.patient(pointer)
	test.Tap(b)
	c.drain()
}

func (c *counter) onResult() bool { _, ok := c.till.top().(*resultScreen); return ok }
func (c *counter) onSell() bool   { _, ok := c.till.top().(*sellScreen); return ok }
func (c *counter) onPay() bool    { _, ok := c.till.top().(*payScreen); return ok }

func (c *counter) total() int64 { return c.till.sell.Cart.TotalMinor() }

func (c *counter) message() present.Message {
	c.t.Helper()
	r, ok := c.till.top().(*resultScreen)
	if !ok {
		c.t.Fatalf("no result on the screen but %T", c.till.top())
	}
	return r.say.message
}

func demoItems(t *testing.T) []sale.Item {
	t.Helper()
	return uitest.New("en", "light", time.Now).Catalogue().InGroup("")
}
