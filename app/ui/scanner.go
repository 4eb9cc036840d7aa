package ui

import (
	"strconv"
	"time"
	"unicode/utf8"

	"veratill/app/present"
	"veratill/txn/sale"
)

// paceOf is the pace that was learnt at this till, within what a scanner can have.
func paceOf(a present.About) pace {
	p := pace{}
	if a.ScanPaceMs > 0 {
		p.window = min(max(time.Duration(a.ScanPaceMs)*time.Millisecond, fastestPace), slowestPace)
	}
	if x, size := utf8.DecodeRuneInString(a.ScanPrefix); size == len(a.ScanPrefix) && mayLead(x) {
		p.prefix = x
	}
	return p
}

// mayLead reports whether a character can be a scanner's prefix: a sign that no person types at a till, and no card reader sends first.
func mayLead(x rune) bool {
	switch x {
	case '~', '^', '`', '|', '\\', '_', '#', '$', '&', '@', '!', '<', '>', '{', '}', '[', ']':
		return true
	}
	return false
}

// lesson is how the pace of a scanner is learnt: three scans of anything.
type lesson struct {
	gaps  []time.Duration
	leads []rune // the first character of each scan
}

const lessons = 3

// take notes a scan, and reports whether it was one: what is shorter than a label has no pace.
func (l *lesson) take(code string, gaps []time.Duration) bool {
	if len(gaps) < burstLeast-1 {
		return false
	}
	first, _ := utf8.DecodeRuneInString(code)
	l.gaps, l.leads = append(l.gaps, gaps...), append(l.leads, first)
	return true
}

// pace is what three scans have shown: half as much again as the longest gap between two characters, and the sign that all began with.
func (l *lesson) pace() pace {
	longest := time.Duration(0)
	for _, gap := range l.gaps {
		longest = max(longest, gap)
	}
	p := pace{window: min(max(longest*3/2, fastestPace), slowestPace)}
	if lead := l.leads[0]; mayLead(lead) && lead == l.leads[1] && lead == l.leads[2] {
		p.prefix = lead
	}
	return p
}

// learnScanner takes the next three scans to learn how fast the scanner types.
func (d *devicesScreen) learnScanner(t *till) {
	if d.running != nil {
		return
	}
	var l lesson
	d.outcome = present.Message{Tone: present.Waiting, What: t.words.Text("scanner.learn"), Next: t.words.Text("scanner.learn.next")}
	t.router.learn = func(code string, gaps []time.Duration) {
		if !l.take(code, gaps) {
			d.outcome = present.Message{Tone: present.Warning, What: t.words.Text("scanner.too-short"), Next: t.words.Text("scanner.learn.next")}
			t.redraw()
			return
		}
		d.outcome.Tone, d.outcome.What = present.Waiting, t.words.Counted("scanner.learn-more", lessons-len(l.leads))
		if len(l.leads) == lessons {
			d.endLesson(t, l.pace())
		}
		t.redraw()
	}
	t.redraw()
}

// endLesson takes the pace that was learnt, and keeps it.
func (d *devicesScreen) endLesson(t *till, p pace) {
	t.router.learn, t.router.pace = nil, p
	t.keep("scanPaceMs", strconv.FormatInt(p.window.Milliseconds(), 10))
	lead := ""
	if p.prefix != 0 {
		lead = string(p.prefix)
	}
	t.keep("scanPrefix", lead)
	d.outcome = present.Message{Tone: present.Good, What: t.words.Text("scanner.learnt", "n", strconv.FormatInt(p.window.Milliseconds(), 10))}
	//mutant:a-slow-scanner-is-asked-for-a-prefix
	if p.slow() {
		d.outcome.Tone, d.outcome.Next = present.Warning, t.words.Text("scanner.slow")
	}
}

// stopLearning ends a lesson that is left, and reports whether one was under way.
func (t *till) stopLearning() bool {
	was := t.router.learn != nil
	t.router.learn = nil
	return was
}

// scanOrMoney asks what was typed on the pay screen at a pace that the scanner and a person share. The answer that moves nothing is the usual one.
func (p *payScreen) scanOrMoney(t *till, code string) bool {
	minor, ok := p.asMoney(code)
	//mutant:a-slow-scan-is-asked-about
	if !t.router.pace.slow() || p.paying.Mode != present.Choosing || !ok {
		return false
	}
	amount := t.money(minor)
	t.open(&askScreen{yes: text("scanner.money", "amount", amount), no: text("scanner.scan"), modal: true, sale: &p.paying.Sale,
		message: func(w *present.Words) present.Message {
			return present.Message{Tone: present.Warning, What: w.Text("scanner.which", "amount", amount), Next: w.Text("scanner.which.next")}
		},
		press: func() {
			for _, x := range code {
				p.typed(t, x)
			}
		}})
	return true
}

// asMoney is what was received if a code is an amount that was typed; ok is false where it can't be one.
func (p *payScreen) asMoney(code string) (minor int64, ok bool) {
	try := *p.paying
	for _, x := range code {
		if !try.Type(string(x)) {
			return 0, false
		}
	}
	return try.Received(), true
}

// tornFor is how long the second half of a scan may take.
const tornFor = 2 * time.Second

// mend joins the halves of a scan that a radio has torn: only where the whole is an item's GTIN with a right check digit, and the second
// half alone is no item. The first half was refused, in sight.
func (t *till) mend(code string) string {
	head := t.torn
	t.torn = ""
	if head == "" || t.opts.Now().Sub(t.tornAt) > tornFor {
		return code
	}
	if _, listed := t.catalog.Find(code); listed {
		return code
	}
	whole := head + code
	//mutant:torn-scans-are-joined-by-the-check-digit
	if kind, holds := sale.KindOf(whole); kind == sale.OwnCode || !holds {
		return code
	}
	if _, listed := t.catalog.Find(whole); !listed {
		return code
	}
	t.refusal, t.tornOver = t.tornOver, present.Note{} // what was refused before it is not seen yet
	return whole
}
