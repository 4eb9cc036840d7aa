package printer

import (
	"bytes"
	"context"
	"errors"
	"time"

	"veratill/devices"
	"veratill/devices/port"
	"veratill/escpos"
)

func reasonOf(err error) devices.Reason {
	var f *Fault
	if errors.As(err, &f) {
		return f.Reason
	}
	return port.ReasonOf(err)
}

func notPrinted(reason devices.Reason, detail string) Report {
	return Report{Outcome: NotPrinted, Proof: ByNothing, Reason: reason, Detail: detail}
}

// work is what a job sends and what is expected back.
type work struct {
	bytes  []byte
	id     [4]byte
	proof  Proof
	queued int // it takes this many answers to GS r
}

// expect notes what is asked back before a byte of it leaves.
func (l *link) expect(job Job) work {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := work{id: escpos.ProcessID(job.ID), proof: ByNothing}
	rest, marks := job.Bytes, 0
	if l.can.queued == yes {
		if job.marked == nil {
			job = job.Marked()
		}
		rest, marks = job.marked, job.marks
	}
	b := make([]byte, 0, len(rest)+16)
	if bytes.HasPrefix(rest, initialize) { // it ends automatic status: begin that again
		b = escpos.AppendAutoStatus(append(b, initialize...))
		rest = rest[len(initialize):]
	}
	b = append(b, rest...)
	// More answers than questions are an earlier till's: count from what was seen.
	l.queuedAsked = max(l.queuedAsked, l.queuedSeen) + marks
	switch {
	case l.can.proof == yes && job.ID%escpos.ProcessIDs < firstProbe:
		w.proof = ByProcessID
		b = escpos.AppendProof(b, w.id)
	case l.can.queued == yes:
		w.proof = ByQueue
		l.queuedAsked++
		b = escpos.AppendAskQueued(b)
	}
	if l.can.queued == yes {
		w.queued = l.queuedAsked
	}
	l.echo = [4]byte{}
	w.bytes = b
	return w
}

// initialize is ESC @.
var initialize = []byte("\x1b@")

// Marked is the job with its marks laid in. Begin lays them where nobody has; a customer waits for it then.
func (j Job) Marked() Job {
	j.marked, j.marks = appendMarked(make([]byte, 0, len(j.Bytes)+3*mostMarks), j.Bytes)
	return j
}

// Marks stand this many bytes of a job apart, or a little more; in a long job there are no
// more than so many.
const (
	markEvery = 256
	mostMarks = 8
)

// appendMarked appends a job with a GS r 1 behind a printed line every now and then, and
// says how many. A printer behind a line that stays up may lose its power and come back
// within a job: then it answers what stands at the end, and only a mark that was not
// answered says that the middle is not on paper. Printers take a second or more to come
// back, in which even a slow line carries more than stands between two marks.
func appendMarked(dst, job []byte) (out []byte, marks int) {
	from, next, every := 0, 0, max(markEvery, len(job)/mostMarks)
	for next < len(job) {
		c, n := escpos.Next(job[next:])
		if n == 0 {
			break // it ends in the middle of a command: nothing may stand there
		}
		next += n
		if next-from >= every && next < len(job) && endsLine(c.Op) {
			dst = escpos.AppendAskQueued(append(dst, job[from:next]...))
			from = next
			marks++
		}
	}
	return append(dst, job[from:]...), marks
}

func endsLine(op escpos.Op) bool {
	return op == escpos.OpLF || op == escpos.OpRaster || op == escpos.OpFeedLines
}

// proved is called under the lock.
func (l *link) proved(w work) bool {
	switch w.proof {
	case ByProcessID:
		return l.echo == w.id && l.queuedSeen >= w.queued
	case ByQueue:
		return l.queuedSeen >= w.queued
	}
	return false
}

// pollEvery is how often a printer without automatic status is asked during a job.
const pollEvery = 500 * time.Millisecond

// await waits for the proof of a job that has left, and settles its report.
func (d *Driver) await(ctx context.Context, l *link, w work, deadline time.Time, r *Report) {
	if w.proof == ByNothing {
		d.unproven(ctx, l, r)
		return
	}
	for !l.wait(earlier(deadline, time.Now().Add(pollEvery)), ctx.Done(), func() bool { return l.proved(w) }) {
		if err := l.broken(); err != nil {
			r.Reason, r.Detail = port.ReasonOf(err), err.Error()
			d.spoilt()
			return
		}
		if ctx.Err() != nil || !time.Now().Before(deadline) {
			d.overdue(ctx, l, w, r)
			return
		}
		if v := l.look(); v.can.realTime == yes {
			l.poll(deadline)
		}
	}
	if w.proof == ByQueue && !d.paperAndOnline(l, w, r) {
		return
	}
	r.Outcome, r.Proof = Printed, w.proof
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// poll asks a round without waiting for it: the answers come while the job is
// waited for. A round that is still open is not doubled.
func (l *link) poll(deadline time.Time) {
	l.mu.Lock()
	open := len(l.asked) > 0 || l.auto
	if !open {
		l.asked = append(l.asked, escpos.AskPrinter, escpos.AskOffline, escpos.AskError, escpos.AskPaper)
	}
	l.mu.Unlock()
	if !open {
		_ = l.send(deadline, appendRound(nil)) // a failure ends the link, which the caller sees
	}
}

// paperAndOnline backs a queue's proof up: it counts only with paper, online, and
// said by the printer after the job.
func (d *Driver) paperAndOnline(l *link, w work, r *Report) bool {
	never := make(chan struct{})
	fresh := l.ask(time.Now().Add(d.conf.ProbeTimeout), never)
	l.mu.Lock()
	out, noise := l.queuedPaperOut, l.queuedSeen > w.queued
	heard := fresh || l.auto && l.can.realTime != yes // one that answers questions has to
	l.mu.Unlock()
	health, reason := l.look().health()
	switch {
	case noise: // one of the bytes that looked like an answer was none
		r.Reason, r.Detail = devices.NoAnswer, "more answers than questions"
	case out:
		r.Reason = devices.PaperOut
	case health == devices.Offline:
		r.Reason = reason
	case !heard:
		r.Reason = devices.NoAnswer
	default:
		return true
	}
	r.Cleared = d.clear(l)
	return false
}

// unproven ends a job on a printer that cannot prove anything: sent, not
// confirmed. If it says that it stopped, its buffers are cleared.
func (d *Driver) unproven(ctx context.Context, l *link, r *Report) {
	l.wait(time.Now().Add(d.conf.MuteWait), ctx.Done(), func() bool { return false })
	r.Reason = devices.NoAnswer
	if err := l.broken(); err != nil {
		r.Reason, r.Detail = port.ReasonOf(err), err.Error()
		return
	}
	v := l.look()
	if v.can.realTime != yes {
		return
	}
	l.ask(time.Now().Add(d.conf.ProbeTimeout), ctx.Done())
	if health, reason := l.look().health(); health == devices.Offline {
		r.Reason = reason
		r.Cleared = d.clear(l)
	}
}

// overdue ends a job whose proof did not come: held as unknown, and cleared from
// the printer so that it cannot come out later without a mark.
func (d *Driver) overdue(ctx context.Context, l *link, w work, r *Report) {
	r.Reason = devices.TimedOut
	if errors.Is(context.Cause(ctx), context.Canceled) {
		r.Reason = devices.Cancelled
	}
	if health, reason := l.look().health(); health == devices.Offline && reason != devices.None {
		r.Reason = reason
	}
	l.mu.Lock()
	if l.echo != ([4]byte{}) {
		r.Detail = "the printer answered for another job"
	}
	l.mu.Unlock()
	r.Cleared = d.clear(l)
	l.mu.Lock()
	defer l.mu.Unlock()
	if w.proof == ByProcessID && l.proved(w) { // it came at the last moment
		r.Outcome, r.Proof, r.Reason = Printed, w.proof, devices.None
	}
}

// spoilt notes that a job may be left in the printer.
func (d *Driver) spoilt() {
	d.mu.Lock()
	d.dirty = true
	d.mu.Unlock()
}

// clear makes the printer forget, and reports whether it said so. Without the
// confirmation nothing may follow on this connection: it is ended, and the next
// one begins by clearing again.
func (d *Driver) clear(l *link) bool {
	if d.forget(l, d.conf.ClearTimeout) {
		return true
	}
	d.spoilt()
	l.close(&port.Error{Reason: devices.Clearing, Err: port.ErrTimeout})
	return false
}

// cutOff separates what a lost job may have left hanging, so that no receipt
// begins with a piece of another one. ESC @ ends automatic status: begin it again.
const cutOff = "\x1b@\x1da\xff\x1dVB\x00"

// forget asks for cleared buffers and waits for the confirmation.
func (d *Driver) forget(l *link, timeout time.Duration) bool {
	l.mu.Lock()
	before := l.cleared
	l.mu.Unlock()
	deadline := time.Now().Add(timeout)
	if l.send(deadline, escpos.AppendClearBuffers(nil)) != nil {
		return false
	}
	if !l.wait(deadline, d.done, func() bool { return l.cleared > before }) {
		return false
	}
	l.mu.Lock()
	l.queuedAsked = l.queuedSeen // forgotten questions are not answered
	l.mu.Unlock()
	return l.send(deadline, []byte(cutOff)) == nil
}
