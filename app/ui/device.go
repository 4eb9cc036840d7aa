package ui

import (
	"strings"

	"context"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"veratill/app/present"
)

// deviceScreen is the page behind a chip: how the part is and since when, its
// last problem, Test and Reconnect; for the virtual printer its faults and its paper.
type deviceScreen struct {
	quiet
	part    present.Part
	outcome present.Message // of the last test or reconnect
	running bool

	say, said       *panel
	facts           *rows
	list            []present.Fact
	test, reconnect *button
	all             *button // the list of everything that is plugged in
	faults          []*button
	fault           string
	head            *line
	paper           *paperView
	noPaper         *panel
}

func (t *till) openDevice(part present.Part) {
	if t.paying() {
		return
	}
	if top := t.top().stands(); top.page == devicePage {
		if top.part != part {
			t.stack[len(t.stack)-1] = &deviceScreen{part: part}
			t.show()
		}
		return
	}
	t.leaveResult()
	t.open(&deviceScreen{part: part})
	t.changed()
}

// rawCode is a part's fault as it is now, before the strip lets it settle.
func rawCode(chips []present.Chip, part present.Part) string {
	for _, c := range chips {
		if c.Part == part {
			return c.Code
		}
	}
	return ""
}

// virtual reports whether faults can be set here: only a virtual printer has them.
func (d *deviceScreen) virtual(t *till) bool {
	return d.part == present.Printer && t.about.Demo && strings.HasPrefix(d.chip(t).Address, "virtual:")
}

func (d *deviceScreen) chip(t *till) present.Chip {
	for _, c := range t.chips {
		if c.Part == d.part {
			return c
		}
	}
	return present.Chip{Part: d.part, Health: present.Offline}
}

func (d *deviceScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	d.say, d.said = k.panel(1.2), k.panel(1)
	d.facts = k.rows(func(i int) row { return row{title: d.list[i].Label, note: d.list[i].Value} }, nil)
	d.test = k.button(normal, t.words.Text("device.test"), "", func() { d.runTest(t) })
	d.reconnect = k.button(normal, t.words.Text("device.reconnect"), "", func() { d.runReconnect(t) })
	d.all = k.button(normal, t.words.Text("devices.title"), "Ctrl+E", t.openDevices)
	left = box(func(a area) {
		if d.part != present.Bank && d.part != present.Journal {
			place(d.all, a.bottom(max(k.px(56), target)))
		}
		place(d.say, a.top(d.say.high(a.w, a.h*0.6)))
		place(d.said, a.top(d.said.high(a.w, a.h)))
	}, d.say, d.said, d.all)
	show(d.all, d.part != present.Bank && d.part != present.Journal)
	objects := []fyne.CanvasObject{d.test, d.reconnect, d.facts}
	d.faults = nil
	d.head = newLine(t.words.Text("device.faults"), k.px(baseText), true, k.text, fyne.TextAlignLeading)
	d.paper, d.noPaper = t.newPaperView(), k.panel(1)
	d.paper.head.text = t.words.Text("device.paper")
	d.noPaper.message = present.Message{Tone: present.Plain, What: t.words.Text("device.no-paper")}
	rule := canvas.NewRectangle(k.border)
	if d.virtual(t) {
		for _, code := range present.PrinterFaults {
			b := k.button(normal, t.words.Text(faultKey(code)), "", func() { d.setFault(t, code) })
			d.faults = append(d.faults, b)
			objects = append(objects, b)
		}
		objects = append(objects, d.head, d.paper.object, d.noPaper)
	}
	return left, box(func(a area) { d.lay(t, a) }, append(objects, rule)...)
}

func faultKey(code string) string {
	if code == "" {
		return "device.fault.none"
	}
	return "device.fault." + dashed(code)
}

func (d *deviceScreen) lay(t *till, a area) {
	k := t.kit
	if d.virtual(t) {
		paper := a.right(max(a.w*0.46, 300))
		place(d.paper.object, paper)
		paper.h = min(paper.h, k.px(90))
		place(d.noPaper, paper)
	}
	cells := a.top(max(k.px(56), target)).columns(2)
	place(d.test, cells[0])
	place(d.reconnect, cells[1])
	if d.virtual(t) {
		n := (len(d.faults) + 1) / 2
		bottom := a.bottom(float32(n)*(max(k.px(52), target)+gap) + k.px(34))
		place(d.head, bottom.top(k.px(26)))
		for i := 0; i < len(d.faults); i += 2 {
			pair := bottom.top(max(k.px(52), target)).columns(2)
			for j := i; j < min(i+2, len(d.faults)); j++ {
				place(d.faults[j], pair[j-i])
			}
		}
	}
	place(d.facts, a)
}

func (d *deviceScreen) refresh(t *till) {
	c := d.chip(t)
	d.say.show(t.words.Device(c, t.opts.Now()))
	d.said.show(d.outcome)
	show(d.said, !d.outcome.Empty())
	last := t.words.Text("device.none")
	switch code := rawCode(t.raw, d.part); {
	//mutant:a-problem-of-now-is-the-latest
	case code != "":
		last = t.words.Closed("chip.", code)
	case c.LastError != "": // in a program's words, which are folded away
		last = t.words.Text("device.last-folded")
	}
	d.list = []present.Fact{{Label: t.words.Text("device.address"), Value: c.Address}, {Label: t.words.Text("device.last"), Value: last}}
	for _, count := range c.Counts {
		d.list = append(d.list, present.Fact{Label: t.words.Closed("count.", count.Name), Value: strconv.FormatInt(count.N, 10)})
	}
	d.facts.show(len(d.list), -1)
	if code := rawCode(t.raw, d.part); !d.running {
		d.fault = ""
		if slices.Contains(present.PrinterFaults, code) {
			d.fault = code
		}
	}
	d.test.set(d.test.label, "", !d.running)
	d.reconnect.set(d.reconnect.label, "", !d.running)
	for i, b := range d.faults {
		look := normal
		if present.PrinterFaults[i] == d.fault {
			look = chosen
		}
		b.restyle(look)
	}
	if d.virtual(t) {
		d.paper.set(newestPaper(t.sheets))
		show(d.noPaper, len(t.sheets) == 0)
	}
}

// run does one thing at a time and shows its outcome on the left.
func (d *deviceScreen) run(t *till, work func(context.Context, *present.Words) present.Message) {
	words := t.words // the goroutine keeps its own, whatever language is chosen meanwhile
	d.running, d.outcome = true, present.Message{Tone: present.Waiting, What: t.words.Text("device.running")}
	t.redraw()
	t.call(func(ctx context.Context) func() {
		outcome := work(ctx, words)
		return func() {
			d.running, d.outcome = false, outcome
			t.redraw()
			t.changed()
		}
	})
}

func (d *deviceScreen) runTest(t *till) {
	d.run(t, func(ctx context.Context, w *present.Words) present.Message {
		found, err := t.desk.Test(ctx, d.part)
		if err != nil {
			return present.Message{Tone: present.Warning, What: w.Text("device.test-failed"), Detail: err.Error()}
		}
		return present.Message{Tone: present.Plain, What: w.Text("device.tested"), Detail: found} // how the part is stands above
	})
}

func (d *deviceScreen) runReconnect(t *till) {
	d.run(t, func(ctx context.Context, w *present.Words) present.Message {
		if err := t.desk.Reconnect(ctx, d.part); err != nil {
			return present.Message{Tone: present.Warning, What: w.Text("device.reconnect-failed"), Detail: err.Error()}
		}
		return present.Message{Tone: present.Good, What: w.Text("device.reconnected")}
	})
}

func (d *deviceScreen) setFault(t *till, code string) {
	d.fault = code
	d.run(t, func(_ context.Context, w *present.Words) present.Message {
		if err := t.desk.Fault(code); err != nil {
			return present.Message{Tone: present.Warning, What: w.Text("device.fault-failed"), Detail: err.Error()}
		}
		return present.Message{Tone: present.Plain, What: w.Text("device.fault-set")}
	})
}

func (d *deviceScreen) primary(t *till) primaryAction {
	return primaryAction{label: t.words.Text("result.back"), hint: "Esc", enabled: true, press: t.back}
}

func (d *deviceScreen) key(_ *till, name fyne.KeyName) bool { return d.facts.turnKey(name) }

func (d *deviceScreen) typed(*till, rune) {}

func (d *deviceScreen) back(*till) bool { return false }

func (d *deviceScreen) stands() standing {
	return standing{page: devicePage, part: d.part, tells: true, wants: wanted{paper: true}}
}
