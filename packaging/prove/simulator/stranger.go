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
	// spelledLine is the first one at an address that is spelt otherwise.
	spelledLine = "bank elsewhere:5000"
)

// strange is a bank that never heard of what was begun elsewhere: it refuses every card, has no payment to undo, and says that
// it undid nothing. A till that asked it about another bank's payment would believe that.
func (w *world) strange(c *conn, t transit) {
	w.mu.Lock()
	defer w.mu.Unlock()
	code := map[byte]string{'2': "05", '4': "25", '3': "25", '5': "58", '8': "00"}[t.MTI[1]]
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

// changeSettings names a line from the next start on, and starts the program again: an installer at work.
func (w *world) changeSettings(line string) {
	w.nextLine = line
	w.life.disk.Stop(simdisk.Killed)
	w.life.end()
}

// otherSettings is the line of another bank, or back from there the first one.
func (w *world) otherSettings() string {
	if w.lineNow() == otherLine {
		return firstLine
	}
	return otherLine
}

// otherSpelling is the line of the same bank at the other spelling of its address.
func (w *world) otherSpelling() string {
	if w.lineNow() == firstLine {
		return spelledLine
	}
	return firstLine
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
	if w.life.ended() || w.life.till == nil {
		return
	}
	lacks := w.lacksLine()
	if lacks == "" {
		return
	}
	w.mu.Lock()
	w.say("the settings are put back")
	w.changeSettings(lacks)
	w.mu.Unlock()
	w.wait(0)
}

// lacksLine is the line on which alone something can be brought to its end; empty where that is the one of the settings.
func (w *world) lacksLine() string {
	ctx, l := context.Background(), w.life
	if owed, err := l.till.OwedElsewhere(ctx); err == nil && len(owed) > 0 {
		return owed[0].Line
	}
	unfinished, err := l.till.Unfinished(ctx)
	if err != nil {
		return ""
	}
	for _, b := range unfinished {
		for _, p := range b.Standing() {
			if a, err := l.journal.Attempt(ctx, p.ID); err == nil && a.Tender == txn.Card && a.Line != l.line {
				return a.Line
			}
		}
	}
	return ""
}
