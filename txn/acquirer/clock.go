package acquirer

import (
	"time"

	"veratill/txn/iso8583"
)

// bankClock is what the till knows of the bank's clock, which tells its time in DE12 and DE13 without a year or a zone. It is held
// against the time that went by, and never against the clock on the wall here: that one may be wrong, and jump. It is learnt from genuine answers
// about money alone: whoever answers a sign-in need not be who books, and proves nothing.
type bankClock struct {
	begun time.Time // with a monotonic reading
	known reading
	// stray is what answers agree on that the known one says are too old: a bank's own clock is set back, too.
	stray reading
}

// reading is how far the bank's clock is ahead of the time since begun, by so many answers in a row that agree on it.
type reading struct {
	ahead   time.Duration
	heardIn int
}

// How closely two answers have to agree on the bank's clock to be believed, how many of them, and by how much more a moment has to lie
// before a request to prove anything: summer time comes and goes at banks too.
const (
	clockAgrees  = 2 * time.Minute
	clockBelief  = 2
	clockAllowed = 70 * time.Minute
)

func (r *reading) take(ahead time.Duration) {
	if r.heardIn > 0 && apart(epoch.Add(ahead), epoch.Add(r.ahead)).Abs() <= clockAgrees {
		r.heardIn++
	} else {
		r.heardIn = 1
	}
	r.ahead = ahead
}

func (r *reading) believed() bool { return r.heardIn >= clockBelief }

// bankTime is DE13 and DE12 of an answer as a moment of a year that stands for any. Where they are what its request said, they are this till's own
// clock, which the bank only says back: no word of its own.
func bankTime(request, answer iso8583.Message) (time.Time, bool) {
	told := hostTime(answer)
	//mutant:an-echo-is-no-clock
	if told == hostTime(request) {
		return time.Time{}, false
	}
	at, err := time.Parse("20060102150405", "2024"+told)
	return at, err == nil
}

// year is how long it takes until DE13 and DE12 say the same again, nearly.
const year = 366 * 24 * time.Hour

// apart is the difference of two moments of that year, the shorter way round it.
func apart(a, b time.Time) time.Duration {
	d := a.Sub(b) % year
	switch {
	case d > year/2:
		return d - year
	case d < -year/2:
		return d + year
	}
	return d
}

// epoch is where the time that went by is counted from, in that year.
var epoch = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// since is the time that went by as a moment of that year.
func (b *bankClock) since(now time.Time) time.Time { return epoch.Add(now.Sub(b.begun) % year) }

// hear learns from an answer that came just now.
func (b *bankClock) hear(request, answer iso8583.Message, now time.Time) {
	at, told := bankTime(request, answer)
	if !told {
		return
	}
	if b.begun.IsZero() {
		b.begun = now
	}
	b.known.take(apart(at, b.since(now)))
	b.stray = reading{}
}

// astray learns from answers that are stale: where they agree among themselves, the bank's clock is another one than was thought.
func (b *bankClock) astray(request, answer iso8583.Message, now time.Time) {
	at, told := bankTime(request, answer)
	if !told {
		return
	}
	b.stray.take(apart(at, b.since(now)))
	//mutant:a-bank-s-clock-is-learnt-anew
	if b.stray.believed() {
		b.known, b.stray = b.stray, reading{}
	}
}

// at is a moment here by the bank's clock; ok is false while too little is known of that.
func (b *bankClock) at(moment time.Time) (at time.Time, ok bool) {
	return b.since(moment).Add(b.known.ahead), b.known.believed()
}

// stale reports whether an answer tells a moment of the bank's that lies before its request, which left at sent, by more than is allowed: then
// it is about an earlier payment. It is false while too little is known of the bank's clock.
func (b *bankClock) stale(request, answer iso8583.Message, sent time.Time) bool {
	at, told := bankTime(request, answer)
	left, known := b.at(sent)
	if !told || !known {
		return false
	}
	//mutant:a-moment-before-the-request-is-no-answer
	return apart(at, left) < -clockAllowed
}
