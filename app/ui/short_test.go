package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"veratill/app/ui/uitest"
)

// A short label that is scanned while a sale is paid is no money; the key for 00 or 000 is.
func TestAShortScanIsNoMoney(t *testing.T) {
	for _, code := range []string{"900", "100", "9001", "12345"} {
		c := openDefault(t, nil)
		c.tile(0)
		c.press(fyne.KeyF9)
		c.pass(calmFor)
		c.scan(code)
		if len(c.desk.CashPaid) != 0 || c.onResult() {
			t.Errorf("%s was received: %v", code, c.desk.CashPaid)
		}
		if _, asks := c.till.top().(*askScreen); asks {
			t.Errorf("%s is asked about as money", code)
		}
	}
	c := openDefault(t, nil)
	c.tile(0)
	c.press(fyne.KeyF9)
	c.keys("1")
	c.burst("00")
	c.pass(calmFor)
	c.press(fyne.KeyReturn)
	c.wait("a result", c.onResult)
	if len(c.desk.CashPaid) != 1 || c.desk.CashPaid[0] != 10_000 {
		t.Errorf("1 and the key for 00 are %v", c.desk.CashPaid)
	}
}

// A scan that was refused stays in sight while others are sold, until a person presses something.
func TestARefusedScanStays(t *testing.T) {
	c := openDefault(t, nil)
	c.scan("6901234567892")
	c.scan(firstCode(t))
	c.scan(firstCode(t))
	says := func() string { return c.till.front.note.message.What }
	refused := c.till.words.Text("sell.code-unknown", "code", "6901234567892")
	if c.total() != 400 || says() != refused {
		t.Errorf("total %d, and the screen says %q", c.total(), says())
	}
	c.press(fyne.KeyUp)
	if says() == refused {
		t.Error("it stays after a key")
	}
}

// Each key with Ctrl is one that the window hears.
func TestChordsAreHeard(t *testing.T) {
	for _, b := range bindings {
		if _, other := named[b.key]; b.ctrl && !other && !slices.Contains(chords, b.key) {
			t.Errorf("Ctrl+%s is not bound", b.key)
		}
	}
}

// Figures are shown with their key. Where a scanner turns out to type them, they are taken back, and nothing else is.
func TestFiguresAreShownAtOnceAndTakenBack(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.press(fyne.KeyF9)
	c.pass(calmFor)
	c.keys("5")
	pad := func() string { return c.till.top().(*payScreen).paying.Pad }
	c.burst("6") // no time has passed
	if pad() != "56" {
		t.Errorf("a figure is not shown with its key: %q", pad())
	}
	c.pass(usualPace * 3)
	if pad() != "56" {
		t.Errorf("a person's figure is gone: %q", pad())
	}
	c.burst("69")
	if pad() != "5669" {
		t.Errorf("%q", pad())
	}
	c.burst("0")
	if pad() != "56" {
		t.Errorf("a scanner's figures are not taken back: %q", pad())
	}
}

// A scan ends with Enter, Tab, a line feed, or nothing at all.
func TestAScanEndsInFourWays(t *testing.T) {
	for name, end := range map[string]func(c *counter){
		"Enter": func(c *counter) { c.hurry(fyne.KeyReturn) }, "Tab": func(c *counter) { c.hurry(fyne.KeyTab) },
		"line feed": func(c *counter) { c.chord(fyne.KeyJ) }, "nothing": func(c *counter) { c.pass(usualPace * 2) },
	} {
		t.Run(name, func(t *testing.T) {
			c := openDefault(t, nil)
			c.burst(firstCode(t))
			end(c)
			c.pass(time.Second)
			if c.till.sell.Cart.Len() != 1 || c.till.sell.Pad != "" {
				t.Errorf("%d lines, pad %q, note %q", c.till.sell.Cart.Len(), c.till.sell.Pad, c.till.sell.Note.Key)
			}
			c.press(fyne.KeyReturn) // the focus is on no button
			if c.till.sell.Cart.Len() != 1 || !c.onSell() {
				t.Error("the next Enter does something")
			}
		})
	}
}

// A radio that tears a scan in two: the halves are joined where the whole is an item's GTIN with a right check digit, and else never.
func TestATornScanIsJoinedByItsCheckDigit(t *testing.T) {
	code := firstCode(t)
	c := openDefault(t, nil)
	c.burst(code[:7])
	c.pass(usualPace * 3)
	c.scan(code[7:])
	if c.till.sell.Cart.Len() != 1 || c.till.refusal.Key != "" {
		t.Errorf("%d lines, refused %q", c.till.sell.Cart.Len(), c.till.refusal.Key)
	}
	c = openDefault(t, nil)
	c.burst(code[:7])
	c.pass(usualPace * 3)
	c.scan(demoItems(t)[1].Code) // an item of its own
	if lines := c.till.sell.Cart.Lines(); len(lines) != 1 || lines[0].Item.Code != demoItems(t)[1].Code {
		t.Errorf("%+v", lines)
	}
	c = openDefault(t, nil)
	c.burst(code[:7])
	c.pass(usualPace * 3)
	c.pass(tornFor + time.Second)
	c.scan(code[7:])
	if c.till.sell.Cart.Len() != 0 {
		t.Error("halves of different times were joined")
	}
	c = openDefault(t, nil)
	wrong := code[:len(code)-1] + string('0'+(code[len(code)-1]-'0'+1)%10)
	c.burst(wrong[:7])
	c.pass(usualPace * 3)
	c.scan(wrong[7:])
	if c.till.sell.Cart.Len() != 0 {
		t.Error("halves with a wrong check digit were joined")
	}
}

// slowly types as a slow scanner does.
func slowly(c *counter, code string, gap time.Duration) {
	for _, x := range code {
		c.paced(string(x), gap)
	}
}

// The pace of a scanner is learnt from three scans, and kept. A slow one is asked for a prefix; until it sends one, what it types on the
// pay screen is asked about, and the usual answer moves nothing.
func TestTheScannersPaceIsLearnt(t *testing.T) {
	c := openDefault(t, nil)
	c.devices()
	c.press(fyne.KeyF9)
	for range lessons {
		slowly(c, "69012345", 70*time.Millisecond)
		c.hurry(fyne.KeyReturn)
	}
	if got := c.till.router.pace; got.window != 105*time.Millisecond || got.prefix != 0 {
		t.Fatalf("learnt %+v", got)
	}
	if says := c.till.top().(*devicesScreen).outcome; !strings.Contains(says.Next, "~") {
		t.Errorf("a slow scanner is not asked for a prefix: %+v", says)
	}
	c.wait("it is kept", func() bool { return c.desk.Asked("scanPaceMs=105") == 1 })
	c.till.home()
	c.tile(0)
	c.press(fyne.KeyF9)
	c.pass(calmFor)
	slowly(c, "900", 90*time.Millisecond)
	c.hurry(fyne.KeyReturn)
	if _, asks := c.till.top().(*askScreen); !asks || len(c.desk.CashPaid) != 0 {
		t.Fatalf("it is not asked about: %v", c.desk.CashPaid)
	}
	c.pass(calmFor)
	c.press(fyne.KeyEscape)
	if !c.onPay() || c.till.top().(*payScreen).paying.Pad != "" {
		t.Errorf("pad %q", c.till.top().(*payScreen).paying.Pad)
	}
}

// A scanner that sends a prefix is known by it, however slow it is.
func TestAPrefixTellsAScan(t *testing.T) {
	c := openDefault(t, nil)
	c.devices()
	c.press(fyne.KeyF9)
	for range lessons {
		slowly(c, "~69012345", 90*time.Millisecond)
		c.hurry(fyne.KeyReturn)
	}
	if got := c.till.router.pace; got.prefix != '~' || got.slow() {
		t.Fatalf("learnt %+v", got)
	}
	c.press(fyne.KeyF9) // learnt once more, it keeps its prefix
	for range lessons {
		slowly(c, "~69012345", 90*time.Millisecond)
		c.hurry(fyne.KeyReturn)
	}
	if got := c.till.router.pace; got.prefix != '~' {
		t.Fatalf("learnt again %+v", got)
	}
	c.till.home()
	c.tile(0)
	c.press(fyne.KeyF9)
	c.pass(calmFor)
	slowly(c, "~"+firstCode(t), 180*time.Millisecond)
	c.hurry(fyne.KeyReturn)
	if len(c.desk.CashPaid) != 0 || c.till.sell.Cart.Lines()[0].Sold.QuantityE5 != 2*100_000 {
		t.Errorf("%v, %+v", c.desk.CashPaid, c.till.sell.Cart.Lines())
	}
}

// What is not known yet says in how many seconds the bank is asked again, and counts them down.
func TestTheScreenCountsDownToTheNextQuestion(t *testing.T) {
	c := openDefault(t, unknownCard)
	c.desk.Change(func(d *uitest.Desk) {
		for i := range d.ChipsNow {
			d.ChipsNow[i].Asks = c.clock.Add(20 * time.Second)
		}
	})
	c.tile(0)
	c.card()
	says := func(n string) bool {
		return strings.Contains(c.message().Next, c.till.words.Text("result.asks-again", "n", n))
	}
	for _, n := range []string{"12", "9", "4"} {
		for range 40 {
			if says(n) {
				break
			}
			c.pass(500 * time.Millisecond)
		}
		if !says(n) {
			t.Fatalf("not %s s: %q", n, c.message().Next)
		}
	}
}

// A computer that is slow to draw hears the rest of a scan late and all at once; a person who rolls over two keys is no scanner.
func TestAScanIsKnownWhileTheWindowDraws(t *testing.T) {
	late := func(c *counter, gaps ...time.Duration) {
		for i, x := range firstCode(t) {
			gap := time.Duration(0)
			if i < len(gaps) {
				gap = gaps[i]
			}
			c.paced(string(x), gap)
		}
	}
	for _, gaps := range [][]time.Duration{{80 * time.Millisecond}, {80 * time.Millisecond, 100 * time.Millisecond}, {5 * time.Millisecond, 110 * time.Millisecond}} {
		c := openDefault(t, nil)
		late(c, gaps...)
		c.hurry(fyne.KeyReturn)
		if c.till.sell.Cart.Len() != 1 || c.till.sell.Pad != "" {
			t.Errorf("after %v: %d lines, pad %q", gaps, c.till.sell.Cart.Len(), c.till.sell.Pad)
		}
	}
	c := openDefault(t, nil)
	c.tile(0)
	c.press(fyne.KeyF9)
	c.pass(calmFor)
	c.paced("0", 110*time.Millisecond)
	c.paced("9", 40*time.Millisecond)
	c.paced("5", 40*time.Millisecond)
	c.press(fyne.KeyReturn)
	c.wait("a result", c.onResult)
	if len(c.desk.CashPaid) != 1 || c.desk.CashPaid[0] != 9_500 {
		t.Errorf("a person's 095 is %v", c.desk.CashPaid)
	}
}

// What ends a scan that a radio has torn is no money: not the Enter alone, and not a figure or two with it. A person's are.
func TestTheEndOfATornScanIsNoMoney(t *testing.T) {
	code := firstCode(t)
	for _, head := range []int{len(code), len(code) - 1, len(code) - 2} {
		c := openDefault(t, nil)
		c.tile(0)
		c.press(fyne.KeyF9, fyne.KeyF4)
		c.keys("1")
		c.press(fyne.KeyF2)
		c.press(fyne.KeyReturn)
		c.wait("a part is taken", func() bool { return c.onPay() && c.till.top().stands().held })
		c.pass(2 * time.Second)
		c.burst(code[:head])
		c.pass(150 * time.Millisecond)
		c.burst(code[head:])
		c.hurry(fyne.KeyReturn)
		c.pass(time.Second)
		if c.desk.Asked("cash") != 0 || c.till.top().(*payScreen).paying.Pad != "" {
			t.Errorf("torn behind %d: cash %d, pad %q", head, c.desk.Asked("cash"), c.till.top().(*payScreen).paying.Pad)
		}
		c.keys("1")
		c.press(fyne.KeyReturn)
		c.wait("a person's money", func() bool { return c.desk.Asked("cash") == 1 })
	}
}

// A person's figure behind a scan that ended by a pause makes the Enter behind it theirs.
func TestAnEnterBehindAPersonsFigureIsTheirs(t *testing.T) {
	c := openDefault(t, nil)
	c.tile(0)
	c.press(fyne.KeyF9, fyne.KeyF4)
	c.keys("1")
	c.press(fyne.KeyF2)
	c.press(fyne.KeyReturn)
	c.wait("a part is taken", func() bool { return c.onPay() && c.till.top().stands().held })
	c.pass(2 * time.Second)
	c.burst(firstCode(t)) // no Enter comes behind it
	c.pass(150 * time.Millisecond)
	c.keys("1")
	c.press(fyne.KeyReturn)
	c.wait("a person's money", func() bool { return c.desk.Asked("cash") == 1 })
}
