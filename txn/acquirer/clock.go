package acquirer

import (
	"time"

	"veratill/txn/iso8583"
)

// bankClock is what the till knows of the bank's clock, which tells its time in DE12 and DE13 without a year or a zone. It is held
// against the time that went by, and never against the clock on the wall here: that one may be wrong, and jump.
type bankClock struct {
	begun   time.Time // with a monotonic reading
	ahead   time.Duration
	heardIn int // answers in a row that agree on it
}

// How closely two answers have to agree on the bank's clock to be believed, how many of them, and by how much more a moment has to lie
// before a request to prove anything: summer time comes and goes at banks too.
const (
	clockAgrees  = 2 * time.Minute
	clockBelief  = 2
	clockAllowed = 70 * time.Minute
)

// bankTime is DE13 and DE12 of a message as a moment of a year that stands for any.
func bankTime(m iso8583.Message) (time.Time, bool) {
	at, err := time.Parse("20060102150405", "2024"+hostTime(m))
	return at, err == nil
}

// year is how long it takes until DE13 and DE12 say the same again, nearly.
const year = 366 * 24 * time.Hour

// apart is the difference of two moments of that year, the shorter way round it.
func apart(a, b time.Time) time.Duration {
	d := a.Sub(b)
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

// hear learns from an answer that came just now.
func (b *bankClock) hear(m iso8583.Message, now time.Time) {
	at, told := bankTime(m)
	if !told {
		return
	}
	if b.begun.IsZero() {
		b.begun = now
	}
	ahead := apart(at, epoch.Add(now.Sub(b.begun)%year))
	if b.heardIn > 0 && (ahead-b.ahead).Abs() <= clockAgrees {
		b.heardIn++
	} else {
		b.heardIn = 1
	}
	b.ahead = ahead
}

// stale reports whether an answer tells a moment of the bank's that lies before its request, which left at sent, by more than is allowed: then
// it is about an earlier payment. It is false while too little is known of the bank's clock.
func (b *bankClock) stale(m iso8583.Message, sent time.Time) bool {
	at, told := bankTime(m)
	if !told || b.heardIn < clockBelief {
		return false
	}
	//mutant:a-moment-before-the-request-is-no-answer
	return apart(at, epoch.Add(sent.Sub(b.begun)%year).Add(b.ahead)) < -clockAllowed
}
