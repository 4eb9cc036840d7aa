package find

import (
	"slices"
	"strings"
	"time"

	"veratill/txn"
)

// date is a day of the calendar.
type date struct {
	set              bool
	year, month, day int
}

// clock is a time of the day, or a part of it.
type clock struct {
	set      bool
	from, to time.Duration // after midnight; to may be on the next day
}

// moment is what the words of a text say of when.
type moment struct {
	day   date
	time  clock
	part  daytime // "afternoon"; to is 0 where none was said
	dates []date  // what other words may be
}

// momentOf takes the words of days and times out of a text.
func momentOf(words []string, on Ground) (m moment, rest []string) {
	for i := 0; i < len(words); i++ {
		w := words[i]
		if i+1 < len(words) && (words[i+1] == "am" || words[i+1] == "pm") && isClock(w) { // "3 pm"
			w += words[i+1]
			i++
		}
		if left, ok := m.take(w, on); !ok {
			rest = append(rest, w)
		} else if left != "" {
			rest = append(rest, left)
		}
	}
	m.settle()
	for _, w := range rest {
		m.dates = append(m.dates, looseDates(w, on)...)
	}
	return m, rest
}

func isClock(w string) bool {
	_, ok := clockOf(w)
	return ok || isDigits(w) && len(w) <= 2
}

// take takes a word, or its beginning, as a day or a time. left is what else is in it.
func (m *moment) take(w string, on Ground) (left string, ok bool) {
	for left = w; left != ""; {
		next, took := m.takeOne(left, on, left == w)
		if !took {
			break
		}
		left, ok = next, true
	}
	return left, ok
}

// takeOne takes one piece off the beginning of a word; only words that say what they are may have something else behind them.
func (m *moment) takeOne(w string, on Ground, whole bool) (left string, ok bool) {
	if d, left, ok := dayOf(w, on); ok && !m.day.set {
		m.day = d
		return left, true
	}
	if p, left, ok := partOf(w); ok && m.part.to == 0 {
		m.part = p
		return left, true
	}
	if m.time.set {
		return w, false
	}
	if c, ok := clockOf(w); ok {
		m.time = c
		return "", true
	}
	if c, left, ok := spokenClock(w); ok && (left == "" || !whole) {
		m.time = c
		return left, true
	}
	return w, false
}

// settle joins an hour with the part of the day that it is said with: the afternoon's 3 is 15.
func (m *moment) settle() {
	switch {
	case m.part.to == 0:
	case !m.time.set:
		m.time = clock{true, hours(m.part.from), hours(m.part.to)}
	case m.part.from >= 11 && m.time.from+aboutTime < hours(12) && m.time.from+aboutTime+hours(12) < hours(24):
		if m.part.from == 11 && m.time.from+aboutTime >= hours(10) { // noon's 11 is 11
			return
		}
		//mutant:the-afternoon-has-its-own-hours
		m.time.from += hours(12)
		m.time.to += hours(12)
	case m.part.to == 24 && m.part.from >= 18 && m.time.from+aboutTime == hours(12): // midnight
		m.time.from += hours(12)
		m.time.to += hours(12)
	case m.part.to == 12 && m.time.from+aboutTime >= hours(12) && m.time.from+aboutTime < hours(13): // 12 am
		m.time.from -= hours(12)
		m.time.to -= hours(12)
	}
}

func hours(n int) time.Duration { return time.Duration(n) * time.Hour }

// term is when the payment was, as far as it was said.
func (m moment) term(on Ground) (t Term) {
	switch {
	case m.day.set:
		return m.day.readings(m, on, certain)
	case m.time.set:
		t = m.time.latest(on)
		for _, d := range m.dates {
			t = append(t, d.readings(m, on, certain)...)
		}
	}
	return t
}

// latest is the newest such time that has begun.
func (c clock) latest(on Ground) Term {
	day := shopDay(on)
	r := day.at(c, on)
	if r.Low > on.Now.UnixMilli() {
		r = day.before(1).at(c, on)
	}
	return Term{r}
}

// shopDay is the shop's day that it is now.
func shopDay(on Ground) date { return dateOf(txn.BusinessDay(on.Now, on.Begins)) }

func dateOf(at time.Time) date { return date{true, at.Year(), int(at.Month()), at.Day()} }

// before is the day so many days before.
func (d date) before(n int) date {
	return dateOf(time.Date(d.year, time.Month(d.month), d.day-n, 12, 0, 0, 0, time.UTC))
}

// valid reports whether there is such a day.
func (d date) valid() bool {
	return d.year >= 1970 && d.year < 2200 && dateOf(time.Date(d.year, time.Month(d.month), d.day, 12, 0, 0, 0, time.UTC)) == d
}

// readings are the day, or the time on it where one was said.
func (d date) readings(m moment, on Ground, fit int) Term {
	r := d.at(clock{true, on.Begins, on.Begins + hours(24) - time.Millisecond}, on)
	if m.time.set {
		r = d.at(m.time, on)
	}
	r.Fit = fit
	return Term{r}
}

// at is a time of a shop's day: what lies before the day's beginning is of the morning after.
func (d date) at(c clock, on Ground) Reading {
	if middle := (c.from + c.to) / 2; middle < on.Begins {
		c.from += hours(24)
		c.to += hours(24)
	}
	of := func(after time.Duration) int64 { // by the clock on the wall, also on the days on which it is changed
		return time.Date(d.year, time.Month(d.month), d.day, 0, 0, int(after/time.Second), int(after%time.Second), on.Now.Location()).UnixMilli()
	}
	return Reading{Field: When, Low: of(c.from), High: of(c.to), Fit: certain}
}

// dayOf takes a day off the beginning of a word.
func dayOf(w string, on Ground) (d date, left string, ok bool) {
	today := shopDay(on)
	if word, n, ok := longest(w, days); ok {
		return today.before(n), w[len(word):], true
	}
	if word, weekday, ok := longest(w, weekdays); ok {
		now := time.Date(today.year, time.Month(today.month), today.day, 12, 0, 0, 0, time.UTC).Weekday()
		return today.before((int(now) - int(weekday) + 7) % 7), w[len(word):], true
	}
	if d, left, ok := spokenDate(w, on); ok {
		return d, left, true
	}
	for _, layout := range []string{"2006-1-2", "2006/1/2", "2006.1.2", "2.1.2006"} {
		if at, err := time.Parse(layout, w); err == nil && dateOf(at).valid() {
			return dateOf(at), "", true
		}
	}
	return d, w, false
}

// longest is the longest word of a table that a text begins with. A word of letters has to end where the text's word ends.
func longest[V any](text string, table map[string]V) (word string, value V, ok bool) {
	for w, v := range table {
		if len(w) > len(word) && strings.HasPrefix(text, w) && (w[0] >= 0x80 || len(w) == len(text)) {
			word, value, ok = w, v, true
		}
	}
	return word, value, ok
}

func partOf(w string) (p daytime, left string, ok bool) {
	word, p, ok := longest(w, daytimes)
	return p, w[len(word):], ok
}

// spokenDate takes 11月27日 off the beginning of a word.
func spokenDate(w string, on Ground) (d date, left string, ok bool) {
	month, rest := digits(w)
	rest, ok = strings.CutPrefix(rest, "月")
	if !ok || month == 0 {
		return d, w, false
	}
	day, rest := digits(rest)
	for _, end := range []string{"日", "号"} {
		rest = strings.TrimPrefix(rest, end)
	}
	d = latestYear(month, day, on)
	return d, rest, d.valid()
}

// digits takes a number of at most two digits off the beginning of a text; 0 is none.
func digits(text string) (n int, rest string) {
	i := 0
	for i < len(text) && i < 2 && text[i] >= '0' && text[i] <= '9' {
		n = 10*n + int(text[i]-'0')
		i++
	}
	return n, text[i:]
}

// latestYear is the newest such day that has begun.
func latestYear(month, day int, on Ground) date {
	today := shopDay(on)
	for year := today.year; year > today.year-8; year-- { // 29 February may be long ago
		d := date{true, year, month, day}
		if d.valid() && (d.month < today.month || d.month == today.month && d.day <= today.day || year < today.year) {
			return d
		}
	}
	return date{}
}

// looseDates are the days that a word may be: 11-27, 27/11, 27.11.
func looseDates(w string, on Ground) (all []date) {
	for _, sign := range []string{"-", "/", "."} {
		a, b, ok := strings.Cut(strings.TrimSuffix(w, "."), sign)
		if !ok || !isDigits(a) || !isDigits(b) || len(a) > 2 || len(b) > 2 || sign == "." && !strings.HasSuffix(w, ".") {
			continue
		}
		first, _ := digits(a)
		second, _ := digits(b)
		for _, d := range []date{latestYear(first, second, on), latestYear(second, first, on)} {
			if d.set && !slices.Contains(all, d) {
				all = append(all, d)
			}
		}
	}
	return all
}

// about is half an hour before a time until half an hour behind it.
func about(hour, minute int) clock {
	at := hours(hour) + time.Duration(minute)*time.Minute
	return clock{true, at - aboutTime, at + aboutTime}
}

// clockOf reads 15:00, 3pm, 3:30pm.
func clockOf(w string) (c clock, ok bool) {
	part := daytime{}
	for _, end := range []string{"am", "pm"} {
		if cut, found := strings.CutSuffix(w, end); found {
			w, part = cut, daytimes[end]
		}
	}
	a, b, colon := strings.Cut(w, ":")
	if !colon && part.to == 0 || !isDigits(a) || len(a) > 2 || colon && (!isDigits(b) || len(b) != 2) {
		return c, false
	}
	hour, _ := digits(a)
	minute, _ := digits(b)
	if hour > 24 || minute > 59 || part.to != 0 && (hour > 12 || hour == 0) {
		return c, false
	}
	switch {
	case part.to == 12 && hour == 12:
		hour = 0
	case part.to == 24 && hour < 12:
		hour += 12
	}
	return about(hour, minute), true
}

// spokenClock takes 3点, 3点半 or 15点20分 off the beginning of a word.
func spokenClock(w string) (c clock, left string, ok bool) {
	hour, rest := digits(w)
	if rest == w || hour > 24 {
		return c, w, false
	}
	for _, end := range []string{"点钟", "点", "时"} {
		if behind, found := strings.CutPrefix(rest, end); found {
			rest, ok = behind, true
			break
		}
	}
	if !ok {
		return c, w, false
	}
	minute := 0
	if behind, half := strings.CutPrefix(rest, "半"); half {
		minute, rest = 30, behind
	} else if n, behind := digits(rest); behind != rest && n <= 59 {
		minute, rest = n, strings.TrimPrefix(behind, "分")
	}
	return about(hour, minute), rest, true
}
