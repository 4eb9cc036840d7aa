package cashier

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"veratill/assets"
	"veratill/devices/reader"
	"veratill/packaging/prove/simdisk"
	"veratill/txn/hostsim"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// acts are what a step may be.
var acts map[string]func(w *world, s Step)

func init() {
	acts = map[string]func(w *world, s Step){
		"wait":  func(*world, Step) {},
		"scan":  func(w *world, s Step) { w.scans(articles()[s.Number(1)%len(articles())].Code, s.Number(2)) },
		"code":  func(w *world, s Step) { w.scans(s.Word(1), s.Number(2)) },
		"torn":  (*world).scansTorn,
		"swipe": (*world).swipesTyped,
		"tile":  (*world).tapsTile,
		"type":  func(w *world, s Step) { w.typesPatiently(s.Word(1)) },
		"press": func(w *world, s Step) { w.patient(hand(s.Word(1))); w.press(fyne.KeyName(s.Word(1))) },
		"hurry": (*world).hurries,
		"hold":  (*world).holdsStep,
		"chord": func(w *world, s Step) { w.patient(hand(s.Word(1))); w.chord(fyne.KeyName(s.Word(1))) },
		"tap":   func(w *world, s Step) { w.tapsAny(s.Number(1), max(1, s.Number(2))) },
		"lean":  func(w *world, s Step) { w.taps(w.eye.large, time.Duration(s.Number(1))*time.Millisecond) },
		"across": func(w *world, s Step) {
			w.tapsWhile(w.eye.large, func() {
				w.pass(50 * time.Millisecond)
				w.press(fyne.KeyName(s.Word(1)))
			})
		},
		"keep":     (*world).keepsDigit,
		"now":      (*world).typesAtOnce,
		"again":    (*world).typesAfterATap,
		"undo":     func(w *world, _ Step) { w.dropsAndBringsBack() },
		"exact":    func(w *world, _ Step) { w.paysExact() },
		"cash":     func(w *world, s Step) { w.paysCash(s.Number(1)) },
		"notes":    (*world).paysNotes,
		"card":     func(w *world, s Step) { w.paysCard(s.Number(1)) },
		"x":        func(w *world, _ Step) { w.printsX() },
		"z":        func(w *world, s Step) { w.closesDay(s.Word(1) == "yes") },
		"voucher":  func(w *world, s Step) { w.paysVoucher(s.Number(1)) },
		"exchange": (*world).exchanges,
		"evidence": (*world).bringsEvidence,
		"back":     func(w *world, s Step) { w.givesBack(s.Number(1), s.Word(2)) },
		"cross":    func(w *world, s Step) { w.crosses(fyne.KeyName(s.Word(1))) },

		"wallet": (*world).paysCode,
		"serial": (*world).readsSerial,
		"disk":   (*world).diskStep,
		"mend":   func(w *world, _ Step) { w.mends(context.Background()) },

		"terminal-does": (*world).terminalDoes,
		"copy":          func(w *world, _ Step) { w.copiesBooks() },
		"put-back":      func(w *world, _ Step) { w.putsBooksBack(context.Background()) },
		"case":          (*world).leadsCase,

		"terminal": func(w *world, s Step) { w.paysAtTerminal(s.Word(1)) },
		"void":     func(w *world, s Step) { w.voids(s.Number(1)) },
		"refund":   func(w *world, s Step) { w.refunds(s.Word(1)) },
		"leave":    (*world).leavesStep,
		"bank":     (*world).bankStep,
		"line":     func(w *world, s Step) { w.lines.Cut(s.Word(1) == "down") },
		"paper":    func(w *world, s Step) { w.faultOfPrinter(strings.Join(s.Words[1:], " ")) },
		"kill":     func(w *world, _ Step) { w.kill(context.Background(), simdisk.Killed, simdisk.KeepAll) },
		"cut": func(w *world, s Step) {
			w.kill(context.Background(), simdisk.PowerCut, simdisk.Policies[s.Number(1)%len(simdisk.Policies)])
		},
	}
}

// act does a step, and holds where the goods are then.
func (w *world) act(s Step) {
	w.pass(s.After)
	if w.lied() {
		return
	}
	w.say("%s", s)
	w.steps++
	w.judge.intent.edits, w.judge.scanned, w.judge.coded, w.judge.halves = false, "", false, nil
	w.judge.unpaid = w.eye.face == "result.pay-again" && w.judge.goods != nil && w.judge.goods.linesMaking > 0
	acts[s.Words[0]](w, s)
	w.pass(0)
	if !w.lied() {
		w.judgeGoods()
	}
}

// leavesStep goes back to selling: by keys, or by finger.
func (w *world) leavesStep(s Step) {
	if s.Word(1) == "finger" {
		w.leaves(finger)
		return
	}
	w.leaves(hand(fyne.KeyEscape))
}

// articles are what the shop sells, from the demonstration's list.
var articles = sync.OnceValue(func() []sale.Item { return sale.ReadList(assets.DemoCatalogue, money.CNY, nil).Catalogue.InGroup("") })

// patient waits, as a person does who looks at the screen, until a press of a hand is meant for what stands there.
func (w *world) patient(h hand) {
	for range 3 {
		if w.eye.meant(h) {
			return
		}
		w.pass(calmFor)
	}
}

// scans is a burst of a scanner that types. pace is between its keys in ms, 5 where it is 0. No person means it.
func (w *world) scans(code string, pace int) {
	w.judge.scanned = code
	w.intendsCode(code)
	w.bursts(code, time.Duration(max(pace, 5))*time.Millisecond)
	w.machineEnter()
}

// bursts types as a device does, which means nothing by it.
func (w *world) bursts(text string, pace time.Duration) {
	for _, x := range text {
		name := fyne.KeyName(strings.ToUpper(string(x)))
		w.event(machine, func() {
			w.window.KeyDown(name)
			w.window.KeyAgain(name)
			w.window.Sign(x)
			w.window.KeyUp(name)
		})
		w.pass(pace)
	}
}

// machine is a device that types.
const machine hand = "a device"

func (w *world) machineEnter() {
	w.event(machine, func() {
		w.window.KeyDown(fyne.KeyReturn)
		w.window.KeyAgain(fyne.KeyReturn)
		w.window.KeyUp(fyne.KeyReturn)
	})
}

// scansTorn is a radio scanner that pauses within a code.
func (w *world) scansTorn(s Step) {
	code := articles()[s.Number(1)%len(articles())].Code
	at := min(max(1, s.Number(2)), len(code)-1)
	inField := w.window.Canvas().Focused() != nil // where it is typed into, and an Enter chooses what it finds
	w.bursts(code[:at], 5*time.Millisecond)
	w.pass(time.Duration(s.Number(3)) * time.Millisecond)
	w.bursts(code[at:], 5*time.Millisecond)
	w.machineEnter()
	w.judge.intent.edits, w.judge.typed = w.judge.intent.edits || inField, true // one of the halves may stand on the pad, or in the search
	w.judge.scanned, w.judge.halves = code, []string{code[:at], code[at:]}
	w.pass(100 * time.Millisecond)
}

// swipesTyped is a card that is swiped at a reader which types, where nobody asked for it: its number is shown nowhere.
func (w *world) swipesTyped(s Step) {
	card := reader.DemoCards()[s.Number(1)%5]
	c, err := card.Swipe()
	if err != nil {
		return
	}
	track := ";" + string(c.Track2()) + "?"
	if s.Word(2) == "bare" { // a reader that sends no sentinels
		track = string(c.PAN())
	}
	w.judge.cards = append(w.judge.cards, string(c.PAN()))
	w.swipes++
	w.bursts(track, 5*time.Millisecond)
	if s.Word(3) != "cut" {
		w.machineEnter()
	}
	w.pass(100 * time.Millisecond)
}

// priceForm is how a tile says its price.
var priceForm = regexp.MustCompile(`^[0-9,]+\.[0-9]{2}$`)

// tapsTile is a finger on an article.
func (w *world) tapsTile(s Step) {
	if !w.eye.selling() {
		return
	}
	var tiles []part
	for _, p := range w.eye.glass.pressable() {
		if n := len(p.texts); n > 1 && p.at.X > w.eye.large.X && priceForm.MatchString(p.texts[n-1]) {
			tiles = append(tiles, p)
		}
	}
	if len(tiles) == 0 {
		return
	}
	w.patient(finger)
	w.taps(tiles[s.Number(1)%len(tiles)].middle(), 60*time.Millisecond)
}

// typesPatiently types as a person does who looks.
func (w *world) typesPatiently(text string) {
	for _, x := range text {
		w.patient(hand(strings.ToUpper(string(x))))
		w.types(string(x), 155*time.Millisecond)
	}
	if w.eye.selling() && utf8.RuneCountInString(text) > 0 {
		w.judge.typed = true
	}
}

// hurries presses a key several times.
func (w *world) hurries(s Step) {
	for range max(1, s.Number(2)) {
		w.down(fyne.KeyName(s.Word(1)))
		w.pass(20 * time.Millisecond)
		w.up(fyne.KeyName(s.Word(1)))
		w.pass(40 * time.Millisecond)
	}
}

// holdsStep leans on a key. It does once what it does, so that at most one line goes.
func (w *world) holdsStep(s Step) {
	before, selling := w.judge.goods, w.eye.selling()
	w.holds(fyne.KeyName(s.Word(1)), time.Duration(s.Number(2))*time.Millisecond)
	now, err := w.findGoods()
	if !w.lied() && selling && w.eye.selling() && (err != nil || before != nil && s.Word(1) == string(fyne.KeyDelete) && before.linesMaking-now.linesMaking > 1) {
		w.bad("somebody leant on a key, and lines of the sale are gone: %d were there: %v", before.linesMaking, err)
	}
}

// tapsAny is a finger on the nth part that can be pressed, so many times: a child's, or one that slips.
func (w *world) tapsAny(n, times int) {
	all := w.eye.glass.pressable()
	if len(all) == 0 {
		return
	}
	at := all[n%len(all)].middle()
	for range times {
		w.taps(at, 30*time.Millisecond)
		w.pass(90 * time.Millisecond)
	}
}

// bankStep says what the bank does with the next message about money: bank DO [CODE] [SECONDS], or with the next reversal: bank refuses-to-undo.
func (w *world) bankStep(s Step) {
	if s.Word(1) == "refuses-to-undo" {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.stubborn++
		return
	}
	rule := &hostsim.Rule{Do: hostsim.Do(strings.ReplaceAll(s.Word(1), "-", " "))}
	switch rule.Do {
	case hostsim.Decline:
		rule.Code = s.Word(2)
	case hostsim.Delay, hostsim.Late:
		seconds, err := strconv.ParseFloat(s.Word(2), 64)
		if err == nil {
			rule.Seconds = seconds
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rules = append(w.rules, rule)
}

// faultOfPrinter is what somebody does to the virtual printer.
func (w *world) faultOfPrinter(fault string) {
	if err := w.shop.Desk.Screens().Fault(fault); err != nil {
		w.bad("the virtual printer takes no fault: %v", err)
	}
}
