package present

import (
	"strconv"
	"time"
)

// settleAfter is how long a fault must last before a chip shows it (screen.md 49).
const settleAfter = 3 * time.Second

// Settler keeps transient faults off the screen. It is not safe for use by several goroutines.
type Settler struct{ shown map[Part]Chip }

// Settle is the chips as they are to be shown now. A part that recovers shows so at once.
func (s *Settler) Settle(chips []Chip, now time.Time) []Chip {
	if s.shown == nil {
		s.shown = map[Part]Chip{}
	}
	out := make([]Chip, len(chips))
	for i, chip := range chips {
		old, had := s.shown[chip.Part]
		if had && chip.Health != Ready && old.Health != chip.Health && now.Sub(chip.Since) < settleAfter {
			out[i] = old
			continue
		}
		s.shown[chip.Part], out[i] = chip, chip
	}
	return out
}

// Unsettled reports whether a later look will show something else without any new event.
func (s *Settler) Unsettled(chips []Chip) bool {
	for _, chip := range chips {
		if s.shown[chip.Part].Health != chip.Health {
			return true
		}
	}
	return false
}

// ChipWord is the word on a chip: the named cause, or how the part is.
func (w *Words) ChipWord(c Chip) string {
	if c.Code != "" && c.Health != Ready {
		return w.Closed("chip.", c.Code)
	}
	return w.Text("health." + string(c.Health))
}

// gravest lists the parts by what stops with them: without the journal nothing is sold, without a scanner one types.
var gravest = []Part{Journal, Bank, Printer, Reader, Scanner}

// gravity is how bad a condition is.
var gravity = map[Health]int{Ready: 0, Busy: 1, Attention: 2, Offline: 3}

// Worst is the one part that is told at the top: the worst, and among equals the one that stops most. What is its name, Next its word. With
// all in order it says so.
func (w *Words) Worst(chips []Chip) Message {
	worst, others := Chip{Health: Ready}, 0
	for _, part := range gravest {
		for _, c := range chips {
			if c.Part != part || gravity[c.Health] < gravity[Attention] {
				continue
			}
			others++
			//mutant:the-worst-part-is-named
			if gravity[c.Health] > gravity[worst.Health] {
				worst = c
			}
		}
	}
	if worst.Health == Ready {
		return Message{Tone: Good, What: w.Text("health.all")}
	}
	m := Message{Tone: ToneOfHealth(worst.Health), What: w.Part(worst), Next: w.ChipWord(worst)}
	if others > 1 {
		m.What = w.Text("health.and-others", "part", m.What, "n", strconv.Itoa(others-1))
	}
	return m
}

// Part is what stands on the counter.
func (w *Words) Part(c Chip) string {
	if c.Terminal {
		return w.Text("part.terminal")
	}
	return w.Text("part." + string(c.Part))
}

// Device is the page behind a chip.
func (w *Words) Device(c Chip, now time.Time) Message {
	m := Message{Tone: ToneOfHealth(c.Health),
		What: w.Text("device.head", "part", w.Part(c), "word", w.ChipWord(c)), Detail: c.LastError}
	if key := "chip." + slug(c.Code) + ".next"; c.Code != "" && c.Health != Ready && w.Has(key) {
		m.Next = w.Text(key)
	} else if c.Health == Offline {
		m.Next = w.Text("health.offline.next")
	}
	if !c.Since.IsZero() {
		m.Small = w.Text("device.since", "time", clock(c.Since), "span", w.span(now.Sub(c.Since)))
	}
	if !c.Answered.IsZero() {
		m.Small = joined(m.Small, w.Text("device.answered", "time", clock(c.Answered)))
	}
	return m
}

// span is a length of time in one unit.
func (w *Words) span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return w.Text("span.seconds", "n", seconds(d))
	case d < time.Hour:
		return w.Text("span.minutes", "n", seconds(d/60))
	}
	return w.Text("span.hours", "n", seconds(d/3600))
}

// PrinterFaults are the faults that can be set on the virtual printer, "" being none.
var PrinterFaults = []string{"", "near end", "paper out", "cover open", "offline"}
