// Package printer drives receipt printers, knows what their models are like, and emulates one.
//
// What happened to a job has three answers and no others: Printed is said only on
// proof, NotPrinted only when no byte of the job left the till, and everything
// else is Unknown. A time-out is Unknown: a queued job prints when paper is put in.
package printer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"veratill/devices"
)

// Outcome is what became of a job.
type Outcome uint8

// The three outcomes. The zero value is the careful one.
const (
	Unknown Outcome = iota
	Printed
	NotPrinted
)

var outcomeNames = [...]string{"unknown", "printed", "not printed"}

// String is the code as it stands in JSON and in the journal.
func (o Outcome) String() string {
	if int(o) < len(outcomeNames) {
		return outcomeNames[o]
	}
	return outcomeNames[Unknown]
}

// Proof is what an outcome rests on.
type Proof string

// The proofs, best first.
const (
	// ByProcessID: the printer echoed this job's own ID after all of it was on paper.
	ByProcessID Proof = "process id"
	// ByQueue: GS r was answered after the cut, and the printer had paper and was
	// online then. It proves order; it is counted as printed.
	ByQueue Proof = "gs r"
	// ByNothing: the printer gives no proof, or gave none in time.
	ByNothing Proof = "none"
)

// Job is one paper.
type Job struct {
	ID      uint32        // counter for the process ID; persisted by the caller, never used twice
	Bytes   []byte        // the encoded document, without a proof of its own
	Timeout time.Duration // for the whole job; 0 means Config.Timeout

	marked []byte // Bytes with marks in them, see Marked
	marks  int
}

// Report is what is known of a job.
type Report struct {
	Outcome   Outcome
	Proof     Proof
	BytesSent int            // bytes of the job that may have left; 0 exactly when NotPrinted
	Reason    devices.Reason // why it is not Printed
	Detail    string         // for the log
	// Cleared says that the printer confirmed that it forgot what it had not
	// printed: nothing of this job can come out any more. When an Unknown job is
	// not Cleared, its rest may come out when paper is loaded.
	Cleared bool
}

// Printer is a receipt printer. All methods may be called from any goroutine; one
// job runs at a time and others wait for it.
type Printer interface {
	// Begin begins a job and returns at once. What of it can leave the till without a wait has left then; end
	// does the rest and says what became of it. end has to be called, once, and takes no longer than the job's
	// timeout plus Config.ClearTimeout.
	Begin(ctx context.Context, job Job) (end func() Report)
	// Print is Begin and its end.
	Print(ctx context.Context, job Job) Report
	// Status is the last that is known, without asking.
	Status() devices.Status
	// Watch calls f on every change of Status, in order, until the printer is
	// closed. f must return soon and not call the printer.
	Watch(f func(devices.Status))
	// KickDrawer opens the cash drawer, on the connector pin of Config.DrawerPin. Where it is
	// known which level of its sensor means open, a drawer that does not open within 1.5 s is
	// a *Fault with DrawerStuck; otherwise nil says that the pulse was sent, and no more.
	KickDrawer(ctx context.Context) error
	// Refresh asks the printer how it is. The error is a *Fault when it cannot print.
	Refresh(ctx context.Context) (devices.Status, error)
	// Reconnect drops the connection and makes a new one.
	Reconnect(ctx context.Context) error
	// ClearBuffers makes the printer forget what it has not printed, cuts off what
	// hangs in it, and reports whether it confirmed that. A till that starts and
	// finds a print whose end is unknown calls it before the next job.
	ClearBuffers(ctx context.Context) (confirmed bool, err error)
	// Close ends the connection. A job under way becomes Unknown.
	Close() error
}

// Fault says why a printer did not do what it was asked. No job was under way.
type Fault struct {
	Reason devices.Reason
	Err    error // may be nil
}

func (f *Fault) Error() string {
	if f.Err == nil {
		return "printer: " + string(f.Reason)
	}
	return fmt.Sprintf("printer: %s: %v", f.Reason, f.Err)
}

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Err }

// ErrClosed is the cause of a Fault after Close.
var ErrClosed = errors.New("the printer is closed")

// Config are a driver's times and its drawer. Zero values mean the defaults in brackets.
type Config struct {
	Timeout      time.Duration // a whole job (10 s)
	DialTimeout  time.Duration // making a connection (2 s)
	ProbeTimeout time.Duration // learning once a connection what a printer answers (500 ms)
	MuteWait     time.Duration // after a job, on a printer that gives no proof (300 ms)
	ClearTimeout time.Duration // for the confirmation that buffers are clear (1.5 s)
	Heartbeat    time.Duration // between questions while idle (30 s): raw ports idle out in minutes

	DrawerPin  int         // connector pin that opens the drawer: 2 or 5 (2)
	DrawerOpen DrawerLevel // which level of its sensor means open, as Driver.DrawerOpen learned it
}

func (c Config) withDefaults() Config {
	def := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	def(&c.Timeout, 10*time.Second)
	def(&c.DialTimeout, 2*time.Second)
	def(&c.ProbeTimeout, 500*time.Millisecond)
	def(&c.MuteWait, 300*time.Millisecond)
	def(&c.ClearTimeout, 1500*time.Millisecond)
	def(&c.Heartbeat, 30*time.Second)
	return c
}
