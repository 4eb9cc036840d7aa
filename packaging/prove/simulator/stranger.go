package simulator

import (
	"context"
	"fmt"

	"veratill/packaging/prove/simdisk"
	"veratill/txn"
	"veratill/txn/hostsim/bank"
)

// The names of the lines that the settings of a simulated till may hold.
const (
	firstLine = "bank"
	otherLine = "another bank"
)

// strange is a bank that never heard of what was begun elsewhere: it refuses every card, has no payment to undo, and says that
// it undid nothing. A till that asked it about another bank's payment would believe that.
func (w *world) strange(c *conn, t transit) {
	w.mu.Lock()
	defer w.mu.Unlock()
	code := map[byte]string{'2': "05", '4': "25", '8': "00"}[t.MTI[1]]
	m := bank.Answer(w.profile, t.Message, code, w.values(t))
	if t.MTI[1] == '8' && w.profile.MAC {
		m.Set(62, signInKeys())
	}
	body, err := w.profile.Seal(m, workKey)
	if err != nil {
		panic(fmt.Sprintf("the simulated stranger can't say %s: %v", m.MTI, err))
	}
	w.say("another bank answers %s %s with %s", t.MTI, t.Get(11), code)
	frame := w.profile.Frame(body, &t.headers)
	w.after(ordinary, func() { c.deliver(frame) })
}

// changeSettings names the other line from the next start on, and starts the program again: an installer at work.
func (w *world) changeSettings() {
	if w.nextLine = otherLine; w.lineNow() == otherLine {
		w.nextLine = firstLine
	}
	w.life.disk.Stop(simdisk.Killed)
	w.life.end()
}

func (w *world) lineNow() string {
	if w.settings == "" {
		return firstLine
	}
	return w.settings
}

// putBack is what an installer does in the end: what is owed to the line that the settings no longer name is owed to nobody else, and a part
// that was taken there is given back there alone, so that they name it again.
func (w *world) putBack() {
	if w.life.ended() || w.life.till == nil || !w.lacksLine() {
		return
	}
	w.mu.Lock()
	w.say("the settings are put back")
	w.changeSettings()
	w.mu.Unlock()
	w.wait(0)
}

// lacksLine reports whether something can be brought to its end on the other line alone.
func (w *world) lacksLine() bool {
	ctx, l := context.Background(), w.life
	if owed, err := l.till.OwedElsewhere(ctx); err != nil || len(owed) > 0 {
		return err == nil
	}
	unfinished, err := l.till.Unfinished(ctx)
	if err != nil {
		return false
	}
	for _, b := range unfinished {
		for _, p := range b.Standing() {
			if a, err := l.journal.Attempt(ctx, p.ID); err == nil && a.Tender == txn.Card && a.Line != l.line {
				return true
			}
		}
	}
	return false
}
