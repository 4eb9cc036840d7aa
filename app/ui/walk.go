package ui

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"

	"veratill/app/present"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// walker drives the real window through its screens, as a person would, and
// keeps a picture of each in both languages and every theme.
type walker struct {
	t   *till
	dir string
}

var errWalk = errors.New("the walk through the screens")

// The time that the walk waits for the desk, and for a frame to be drawn.
const (
	walkPatience = 100 * time.Second
	frameTime    = 250 * time.Millisecond
)

// on runs f on the window's goroutine and waits for it.
func (w *walker) on(f func()) {
	done := make(chan struct{})
	w.t.opts.Do(func() { f(); close(done) })
	<-done
}

func (w *walker) press(names ...fyne.KeyName) {
	for _, name := range names {
		w.on(func() { w.t.onKey(name) })
	}
}

func (w *walker) typed(text string) {
	for _, x := range text {
		w.on(func() { w.t.onRune(x) })
	}
}

// until waits for a state of the window.
func (w *walker) until(what string, holds func() bool) error {
	for began := time.Now(); time.Since(began) < walkPatience; time.Sleep(20 * time.Millisecond) {
		held := false
		w.on(func() { held = holds() })
		if held {
			return nil
		}
	}
	return fmt.Errorf("%w waited in vain for %s", errWalk, what)
}

// onPage reports whether a page is in front.
func (t *till) onPage(p page) bool { return t.top().stands().page == p }

// shot keeps the present screen in its four looks.
func (w *walker) shot(name string) error {
	for _, language := range []string{"zh", "en"} {
		words, err := present.NewWords(language)
		if err != nil {
			return err
		}
		for _, theme := range themes {
			w.on(func() {
				w.t.words = words
				w.t.dress(newLook(theme, w.t.kit.percent))
			})
			time.Sleep(frameTime)
			var picture image.Image
			w.on(func() { picture = w.t.capture() })
			if err := w.keep(fmt.Sprintf("%s-%s-%s.png", name, language, theme), picture); err != nil {
				return err
			}
		}
	}
	return nil
}

// capture reads the window's own frame. Where the display does not give it back
// (Mesa without a graphics card leaves the front buffer empty) the same widgets
// are drawn once more in software, at the window's size.
func (t *till) capture() image.Image {
	canvas := t.window.Canvas()
	picture := canvas.Capture()
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y += 16 {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x += 16 {
			if r, g, b, _ := picture.At(x, y).RGBA(); r|g|b != 0 {
				return picture
			}
		}
	}
	drawn := software.NewCanvas()
	drawn.SetPadded(false)
	drawn.SetContent(canvas.Content())
	drawn.Resize(canvas.Size())
	return drawn.Capture()
}

// smallest takes its time: the pictures are kept for ever.
var smallest = png.Encoder{CompressionLevel: png.BestCompression}

func (w *walker) keep(name string, picture image.Image) error {
	file, err := os.Create(filepath.Join(w.dir, name))
	if err != nil {
		return err
	}
	return errors.Join(smallest.Encode(file, picture), file.Close())
}

// walk makes the pictures. What a step needs and does not get ends the walk.
func (t *till) walk(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	w := &walker{t, dir}
	time.Sleep(2 * frameTime)
	for _, part := range []func() error{w.walkSell, w.walkCash, w.walkParts, w.walkTerminal, w.walkCard, w.walkDevice, w.walkDay, w.walkRest} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) goods() {
	items := w.t.catalog.InGroup("")
	for i, item := range items {
		if i%(len(items)/7+1) == 0 && item.Unit == sale.Piece {
			w.on(func() { w.t.onScan(item.Code) })
		}
	}
}

// odd puts goods on the sale whose sum ends with the given minor units, which is
// how a test amount is made: by weight.
func (w *walker) odd(want int64) bool {
	for _, item := range w.t.catalog.InGroup("") {
		for grams := int64(200); item.Unit == sale.Kilogram && grams < 3000; grams++ {
			cart := sale.NewCart(w.t.about.Currency)
			if _, err := cart.Add(item, grams*sale.GramE5); err == nil && cart.TotalMinor()%100 == want {
				w.on(func() {
					w.t.sell.TimesE5 = grams * sale.GramE5
					w.t.sell.Choose(item)
					w.t.redraw()
				})
				return true
			}
		}
	}
	return false
}

func (w *walker) walkSell() error {
	finishing := false
	w.on(func() { finishing = w.t.onPage(foundPage) })
	if finishing {
		if err := w.shot("finishing"); err != nil {
			return err
		}
		w.on(w.t.home)
	}
	if err := w.shot("sell-empty"); err != nil {
		return err
	}
	w.goods()
	return w.shot("sell")
}

func (w *walker) walkCash() error {
	w.press(fyne.KeyF9)
	if err := w.shot("pay"); err != nil {
		return err
	}
	var received string
	w.on(func() {
		s, _ := w.t.shownSale()
		received = money.Amount{Minor: (s.TotalMinor/10_000 + 1) * 10_000, Currency: s.Currency}.Figure()
	})
	w.typed(received)
	if err := w.shot("pay-cash"); err != nil {
		return err
	}
	w.press(fyne.KeyReturn)
	if err := w.until("the cash", func() bool { return w.t.onPage(resultPage) }); err != nil {
		return err
	}
	time.Sleep(time.Second) // the paper comes after the money
	if err := w.shot("result-cash"); err != nil {
		return err
	}
	w.press(fyne.KeyReturn)
	return w.shot("sell-change")
}

// walkParts pays a part by card, asks whether to undo it, and takes the rest in cash.
func (w *walker) walkParts() error {
	if len(w.t.desk.TestCards()) == 0 {
		return nil
	}
	w.press(fyne.KeyEscape)
	w.goods()
	w.press(fyne.KeyF9, fyne.KeyF4)
	w.typed("30")
	if err := w.shot("pay-part"); err != nil {
		return err
	}
	w.press(fyne.KeyF2)
	if err := w.until("the card", func() bool { return w.t.onPage(payPage) && w.t.top().stands().ready }); err != nil {
		return err
	}
	time.Sleep(frameTime)
	w.press(fyne.KeyReturn)
	if err := w.until("the part", func() bool { return w.t.onPage(payPage) && w.t.top().stands().held }); err != nil {
		return err
	}
	if err := w.shot("part-paid"); err != nil {
		return err
	}
	w.press(fyne.KeyEscape)
	if err := w.shot("part-undo"); err != nil {
		return err
	}
	w.press(fyne.KeyReturn, fyne.KeyReturn)
	if err := w.until("the cash", func() bool { return w.t.onPage(resultPage) }); err != nil {
		return err
	}
	w.press(fyne.KeyReturn)
	return nil
}

// walkTerminal asks what a separate terminal shows, where one stands beside the till.
func (w *walker) walkTerminal() error {
	if !w.t.about.SeparateTerminal {
		return nil
	}
	w.goods()
	w.press(fyne.KeyF9, fyne.KeyF8)
	if err := w.until("the question", func() bool { return w.t.onPage(terminalPage) }); err != nil {
		return err
	}
	if err := w.shot("terminal"); err != nil {
		return err
	}
	w.typed("1")
	if err := w.until("the result", func() bool { return w.t.onPage(resultPage) }); err != nil {
		return err
	}
	w.press(fyne.KeyReturn)
	return nil
}

// walkCard makes an approved sale, a declined one (…05) and one that is not
// answered (…91), which the simulated bank decides by the amount.
func (w *walker) walkCard() error {
	if len(w.t.desk.TestCards()) == 0 {
		return nil
	}
	w.goods()
	if err := w.swipe("pay-card", "result-approved"); err != nil {
		return err
	}
	w.press(fyne.KeyReturn)
	if w.odd(5) {
		if err := w.swipe("", "result-declined"); err != nil {
			return err
		}
		w.on(func() { w.t.home(); w.t.sell.Next(); w.t.redraw() })
	}
	if !w.odd(91) {
		return nil
	}
	if err := w.swipe("pay-waiting", "result-unknown"); err != nil {
		return err
	}
	w.press(fyne.KeyReturn)
	w.on(func() { w.t.openUnknown() })
	if err := w.shot("not-known-yet"); err != nil {
		return err
	}
	w.on(w.t.home)
	return nil
}

// swipe pays by the first test card. asked names a picture of the chooser, or of
// the bank deciding when it is "pay-waiting".
func (w *walker) swipe(asked, after string) error {
	w.press(fyne.KeyF9, fyne.KeyF2)
	if err := w.until("the card", func() bool { return w.t.onPage(payPage) && w.t.top().stands().ready }); err != nil {
		return err
	}
	time.Sleep(frameTime)
	if asked == "pay-card" {
		if err := w.shot(asked); err != nil {
			return err
		}
	}
	w.press(fyne.KeyReturn)
	if asked == "pay-waiting" {
		err := w.until("the bank", func() bool {
			return !w.t.onPage(payPage) || w.t.top().stands().ready
		})
		if err = errors.Join(err, w.shot(asked)); err != nil {
			return err
		}
	}
	if err := w.until("the result", func() bool { return w.t.onPage(resultPage) }); err != nil {
		return err
	}
	time.Sleep(time.Second)
	return w.shot(after)
}

func (w *walker) walkDevice() error {
	if w.t.about.Demo {
		if err := w.t.desk.Fault("paper out"); err != nil {
			return err
		}
		time.Sleep(4 * time.Second) // a fault is shown after three
	}
	w.on(func() { w.t.openDevice(present.Printer) })
	time.Sleep(time.Second)
	if err := w.shot("printer"); err != nil {
		return err
	}
	if w.t.about.Demo {
		if err := w.t.desk.Fault(""); err != nil {
			return err
		}
	}
	w.on(w.t.openDevices)
	if err := w.until("the devices", func() bool { return w.t.onPage(devicesPage) && w.t.top().stands().ready }); err != nil {
		return err
	}
	if err := w.shot("devices"); err != nil {
		return err
	}
	w.on(func() { w.t.openDevice(present.Bank) })
	if err := w.shot("bank"); err != nil {
		return err
	}
	w.on(w.t.home)
	return nil
}

func (w *walker) walkDay() error {
	day := &dayScreen{}
	w.on(func() { w.t.showDay(day) })
	if err := w.until("the day", func() bool { return day.loaded }); err != nil {
		return err
	}
	if err := w.shot("day"); err != nil {
		return err
	}
	w.on(func() { day.tab = payments; w.t.show() })
	if err := w.shot("day-payments"); err != nil {
		return err
	}
	w.on(func() { w.t.openClosing(day) })
	if err := w.until("the list", func() bool { return w.t.onPage(closingPage) && w.t.top().stands().ready }); err != nil {
		return err
	}
	if err := w.shot("day-close"); err != nil {
		return err
	}
	w.press(fyne.KeyEscape)
	found := false
	w.on(func() {
		if len(day.entries) > 0 {
			found = true
			w.t.openEntry(day.entries[len(day.entries)-1])
		}
	})
	if found {
		if err := w.shot("payment"); err != nil {
			return err
		}
	}
	w.on(w.t.home)
	looked := &findScreen{}
	w.on(func() { w.t.open(looked) })
	if err := w.until("the payments", func() bool { return looked.loaded }); err != nil {
		return err
	}
	if err := w.shot("find"); err != nil {
		return err
	}
	w.on(w.t.home)
	return nil
}

func (w *walker) walkRest() error {
	w.press(fyne.KeyF1)
	if err := w.shot("keys"); err != nil {
		return err
	}
	w.press(fyne.KeyEscape)
	w.goods()
	w.on(w.t.lock)
	if err := w.shot("lock"); err != nil {
		return err
	}
	w.on(w.t.unlock)
	return nil
}
