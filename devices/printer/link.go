package printer

import (
	"sync"
	"time"

	"veratill/devices"
	"veratill/devices/port"
	"veratill/escpos"
)

// link is one connection: what has been asked on it, what has been answered, and
// what the printer has been seen to be able to do. It ends with the connection,
// so that no answer of an earlier one is ever taken for a later question.
type link struct {
	port    port.Port
	changed func() // called without the lock after the status may have changed

	mu      sync.Mutex
	wake    chan struct{} // closed and replaced on every answer
	err     error         // why the connection ended; nil while it lives
	demux   escpos.Demux
	asked   []byte        // DLE EOT questions without an answer yet, oldest first
	partial escpos.Status // answers of a round that is not complete
	status  escpos.Status
	known   bool // status has been heard
	heard   bool // anything at all has been heard
	auto    bool // automatic status has been heard
	rounds  int  // complete answers to DLE EOT 1 to 4
	can     abilities

	queuedAsked, queuedSeen int // GS r: the k-th answer belongs to the k-th question
	queuedPaperOut          bool
	probeID                 [4]byte // what the driver asked back to learn whether the printer can
	echo                    [4]byte
	cleared                 int
	autos                   int    // automatic statuses heard
	text                    string // the last answer to GS I 65 to 69
	texts                   int    // how many there were
}

// ability is what is known of one feature of a printer.
type ability uint8

const (
	untried ability = iota
	yes
	no
)

// abilities are found by trying: what clones say of themselves is not believed.
type abilities struct{ realTime, queued, proof ability }

func newLink(p port.Port, changed func()) *link {
	l := &link{port: p, changed: changed, wake: make(chan struct{})}
	go l.read()
	return l
}

// read takes answers until the connection ends.
func (l *link) read() {
	buf := make([]byte, 512)
	for {
		n, err := l.port.Read(buf)
		l.mu.Lock()
		if n > 0 {
			l.heard = true
			l.demux.Feed(buf[:n], l.take)
		}
		if err != nil && l.err == nil {
			l.err = err
		}
		close(l.wake)
		l.wake = make(chan struct{})
		l.mu.Unlock()
		l.changed()
		if err != nil {
			return
		}
	}
}

// take is called under the lock.
func (l *link) take(r escpos.Reply) {
	switch r.Kind {
	case escpos.RealTimeReply:
		l.realTime(r.Byte)
	case escpos.AutoReply:
		l.status, l.known, l.auto = escpos.AutoStatus(r.Auto), true, true
		l.autos++
	case escpos.QueuedReply:
		l.queuedSeen++
		l.queuedPaperOut = r.PaperOut()
		l.can.queued = yes
	case escpos.BlockReply:
		if id, ok := r.Proof(); ok {
			l.echo = id
			if id == l.probeID {
				l.can.proof = yes
			}
		}
		if r.Byte == 0x5F {
			l.text = string(r.Block)
			l.texts++
		}
		if r.Cleared() {
			l.cleared++
		}
	case escpos.FlowStop, escpos.FlowGo:
		l.port.Pause(r.Kind == escpos.FlowStop)
	}
}

func (l *link) realTime(answer byte) {
	if len(l.asked) == 0 {
		return // stale: nobody asked
	}
	n := l.asked[0]
	l.asked = l.asked[1:]
	if n == escpos.AskPrinter {
		l.partial = escpos.Status{}
	}
	l.partial.Apply(n, answer)
	if n == escpos.AskPaper {
		l.status, l.known = l.partial, true
		l.can.realTime = yes
		l.rounds++
	}
}

// wait returns true when done has become true, false at the deadline or when the
// connection or stop ends first. done is called under the lock.
func (l *link) wait(deadline time.Time, stop <-chan struct{}, done func() bool) bool {
	timer := time.NewTimer(time.Until(deadline))
	defer timer.Stop()
	for {
		l.mu.Lock()
		ok, dead, wake := done(), l.err != nil, l.wake
		l.mu.Unlock()
		if ok || dead {
			return ok
		}
		select {
		case <-wake:
		case <-timer.C:
			return false
		case <-stop:
			return false
		}
	}
}

// quiet is how long a line must be silent before old questions are given up.
const quiet = 50 * time.Millisecond

// ask sends one round of questions and waits for the answers.
func (l *link) ask(deadline time.Time, stop <-chan struct{}) bool {
	l.drain(stop)
	l.mu.Lock()
	round := l.rounds
	l.asked = append(l.asked, escpos.AskPrinter, escpos.AskOffline, escpos.AskError, escpos.AskPaper)
	l.mu.Unlock()
	if err := l.send(deadline, appendRound(nil)); err != nil {
		return false
	}
	return l.wait(deadline, stop, func() bool { return l.rounds > round })
}

func appendRound(b []byte) []byte {
	for n := byte(escpos.AskPrinter); n <= escpos.AskPaper; n++ {
		b = escpos.AppendAsk(b, n)
	}
	return b
}

// drain gives late answers to earlier questions a moment, and then forgets the
// questions: an answer must never be read as that to another question.
func (l *link) drain(stop <-chan struct{}) {
	if l.wait(time.Now(), stop, func() bool { return len(l.asked) == 0 }) {
		return
	}
	l.wait(time.Now().Add(quiet), stop, func() bool { return len(l.asked) == 0 })
	l.mu.Lock()
	l.asked = nil
	l.mu.Unlock()
}

// send writes and ends the connection on an error, as ports ask for.
func (l *link) send(deadline time.Time, b []byte) error {
	_, err := l.write(deadline, b)
	return err
}

func (l *link) write(deadline time.Time, b []byte) (int, error) {
	n, err := l.port.WriteBy(deadline, b)
	if err != nil {
		l.close(err)
	}
	return n, err
}

// close ends the connection; why is kept when it is the first reason.
func (l *link) close(why error) {
	l.mu.Lock()
	if l.err == nil {
		l.err = why
		close(l.wake)
		l.wake = make(chan struct{})
	}
	l.mu.Unlock()
	_ = l.port.Close() // the reason is already known
}

func (l *link) broken() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// view is a consistent look at a link.
type view struct {
	status       escpos.Status
	known, heard bool
	can          abilities
	err          error
}

func (l *link) look() view {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.view()
}

// view is called under the lock.
func (l *link) view() view { return view{l.status, l.known, l.heard, l.can, l.err} }

// stopped is whether a printer that answers questions has stopped until a person helps it.
func (v view) stopped() bool {
	health, _ := judge(v.status)
	return v.known && v.can.realTime == yes && health == devices.Offline
}

// judge says what a screen shows of a printer's status, and whether it can print.
func judge(s escpos.Status) (devices.Health, devices.Reason) {
	switch {
	case s.Unrecoverable:
		return devices.Offline, devices.Broken
	case s.Cutter:
		return devices.Offline, devices.Cutter
	case s.Mechanical:
		return devices.Offline, devices.Mechanical
	case s.CoverOpen:
		return devices.Offline, devices.CoverOpen
	case s.PaperOut:
		return devices.Offline, devices.PaperOut
	case s.AutoRecover:
		return devices.Offline, devices.Hot
	case s.Feeding:
		return devices.Offline, devices.Feeding
	case s.Offline, s.Waiting:
		return devices.Offline, devices.SaysOffline
	case s.PaperNearEnd:
		return devices.Attention, devices.PaperNearEnd
	}
	return devices.Ready, devices.None
}

// health is the status of a connection as a whole.
func (v view) health() (devices.Health, devices.Reason) {
	switch {
	case v.err != nil:
		return devices.Offline, port.ReasonOf(v.err)
	case !v.known:
		return devices.Attention, devices.NoAnswer
	}
	return judge(v.status)
}
