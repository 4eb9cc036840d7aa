package explorer

import (
	"fmt"
	"slices"
	"strings"
)

// calmWord is the line of a script from which on nothing disturbs any more.
const calmWord = "calm"

// Run plays a script, one step a line, and returns what the world is after each, and a
// verdict last. A step that can't happen there is said to be impossible and passed over:
// so the history of a broken rule shows where the rule holds. What follows a # is a comment.
func Run(script string) (told string, sound bool) {
	p := player{x: newExplorer(anything), w: world{phase: down}, sound: true}
	for _, line := range strings.Split(script, "\n") {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line != "" {
			p.play(line)
		}
	}
	if p.sound {
		p.say("verdict: every promise is kept")
	}
	return p.told.String(), p.sound
}

// anything is the budget of a script: it knows itself what it wants.
var anything = Budget{Name: "script", Sales: Unlimited, Voids: Unlimited, Reprints: Unlimited, Notes: Unlimited, Refusals: Unlimited,
	Kills: Unlimited, PowerCuts: Unlimited, Losses: Unlimited, Duplicates: Unlimited, BankCrashes: Unlimited, PrinterFaults: Unlimited,
	DiskFaults: Unlimited, Unpackables: Unlimited, Terminals: Unlimited, Parts: Unlimited, PutBacks: Unlimited, Refunds: Unlimited, Codes: Unlimited, Days: Unlimited, Cables: Unlimited}

type player struct {
	x     *explorer
	w     world
	told  strings.Builder
	sound bool
}

func (p *player) say(format string, args ...any) { fmt.Fprintf(&p.told, format+"\n", args...) }

func (p *player) play(line string) {
	if line == calmWord {
		p.calm()
		return
	}
	for _, a := range p.x.moves(&p.w, nil) {
		if p.x.words(&p.w, a) == line {
			p.x.wrote = ""
			p.x.apply(&p.w, a)
			p.say("%s\n    %s%s", line, p.x.wrote, p.x.show(&p.w))
			p.judge(p.x.inspect(&p.w))
			return
		}
	}
	p.say("%s\n    impossible", line)
}

// calm plays on until all is at rest.
func (p *player) calm() {
	p.say(calmWord)
	last := p.w
	f := p.x.calm(&p.w, func(before *world, a action) {
		p.say("  %s", p.x.words(before, a))
		last = *before
		p.x.apply(&last, a)
	})
	p.w = last
	p.say("    %s", p.x.show(&p.w))
	p.judge(f)
}

func (p *player) judge(f fault) {
	if f != sound && p.sound {
		p.sound = false
		p.say("verdict: %s", f)
	}
}

// show says in one line what the journal, the bank and the paper hold of each attempt.
func (x *explorer) show(w *world) string {
	var parts []string
	for slot := range slots {
		if w.what[slot] != 0 {
			parts = append(parts, x.showSlot(w, slot))
		}
	}
	if w.now[closing] != 0 {
		parts = append(parts, "settlement "+string(x.m.closings[w.now[closing]].s.State))
	}
	if w.now[zed] != 0 {
		parts = append(parts, "day closed")
	}
	parts = append(parts, [...]string{"program down", "program starting", "program up", "journal stopped"}[w.phase])
	if n := w.commits(); n > 0 {
		parts = append(parts, fmt.Sprintf("%d lazy", n))
	}
	return strings.Join(parts, "; ")
}

func (x *explorer) showSlot(w *world, slot int) string {
	text := w.label(uint8(slot)) + ": "
	switch r := w.now[slot]; {
	case r == noAttempt:
		return text + "reserved"
	case r == 0:
		text += "not in the journal"
	default:
		text += string(x.m.facts[r].state) + x.showPaper(w, slot)
	}
	now, disk := &x.m.bills[w.now[slots+slot]].bill, &x.m.bills[w.disk[slots+slot]].bill
	if w.now[slot] != w.disk[slot] || now.State != disk.State || !slices.Equal(now.Prints, disk.Prints) {
		text += " (not synced)"
	}
	if w.what[slot] == contentCash || w.what[slot] >= contentGiven && !w.isRefund(slot) {
		return text
	}
	text += ", bank " + [...]string{"knows nothing", "approved", "declined", "reversed", "voided", "authorised"}[w.bank[slot]]
	if n := w.seen[slot] & papers; n > 0 {
		text += fmt.Sprintf(", %d unmarked out", n)
	}
	return text
}

// showPaper is the paper of a void, or of the sale whose first payment it is. How far one in several parts is paid is
// told with it.
func (x *explorer) showPaper(w *world, slot int) string {
	f, b := &x.m.facts[w.now[slot]], &x.m.bills[w.now[slots+slot]]
	switch {
	case f.void:
		return ", paper " + string(f.paper)
	case w.now[slots+slot] == 0:
		return ""
	case b.bill.Total.Minor > wholeMinor || b.several:
		return ", its sale " + string(b.state) + ", paper " + string(b.paper)
	}
	return ", paper " + string(b.paper)
}
