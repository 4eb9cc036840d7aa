package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"veratill/app/present"
)

// updateScreen stands while an update is prepared: the books are backed up, and nothing may be sold
// behind that. No key, click or scan leaves it; it ends by itself.
type updateScreen struct {
	quiet
	step present.UpdateStep
	say  *panel
}

func (u *updateScreen) build(t *till) (left, right fyne.CanvasObject) {
	u.say = t.kit.panel(1.3)
	return box(func(area) {}), box(func(a area) { place(u.say, a.top(u.say.high(a.w, a.h))) }, u.say)
}

func (u *updateScreen) refresh(t *till) { u.say.show(t.words.UpdateBusy(u.step)) }

func (u *updateScreen) primary(t *till) primaryAction {
	return primaryAction{label: t.words.Text("day.back"), hint: "Esc"}
}

func (u *updateScreen) key(*till, fyne.KeyName) bool { return true }

func (u *updateScreen) typed(*till, rune) {}

func (u *updateScreen) back(*till) bool { return true }

func (u *updateScreen) stands() standing { return standing{page: updatePage, busy: true} }

func (u *updateScreen) scanned(*till, string) bool { return true }

// updating reports whether an update is being prepared.
func (t *till) updating() bool { return t.top().stands().page == updatePage }

// updateButton is the word on the manager's button for updates; empty where there is nothing to press.
func (d *dayScreen) updateButton(t *till) string {
	switch {
	case d.batch != 0:
		return ""
	case d.update.Ready():
		return t.words.Text("update.install", "version", d.update.Version)
	case d.update.Retriable():
		return t.words.Text("update.retry", "version", d.update.Version)
	}
	return ""
}

// pressUpdate asks before it installs; to put a version that went back on offer again takes nothing back.
func (d *dayScreen) pressUpdate(t *till) {
	if d.update.Ready() {
		update := d.update
		t.open(&askScreen{message: func(w *present.Words) present.Message { return w.UpdateAsk(update) },
			yes: text("update.yes", "version", update.Version), no: text("result.back"), press: func() { d.installUpdate(t) }})
		return
	}
	t.call(func(context.Context) func() {
		code, detail := t.desk.RetryUpdate()
		return func() {
			if code != "" {
				d.tellUpdate(t, code, detail)
				return
			}
			d.note = present.Note{}
			d.load(t)
		}
	})
}

func (d *dayScreen) tellUpdate(t *till, code, detail string) {
	d.note = present.UpdateFaultNote(code, detail)
	t.redraw()
}

// installUpdate prepares the update under a screen of its own. Then the window closes: what comes up
// after it is the new version.
func (d *dayScreen) installUpdate(t *till) {
	u := &updateScreen{step: present.UpdateFetching}
	t.open(u)
	t.call(func(ctx context.Context) func() {
		code, detail := t.desk.PrepareUpdate(ctx, func(s present.UpdateStep) {
			t.opts.Do(func() { u.step = s; t.redraw() })
		})
		return func() {
			if code == "" {
				t.close()
				return
			}
			if t.inSight(u) {
				t.back()
			}
			d.tellUpdate(t, code, detail)
			d.load(t)
		}
	})
}
