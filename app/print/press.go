package print

import (
	"context"
	"log/slog"
	"sync"

	"veratill/devices"
	"veratill/devices/printer"
	"veratill/escpos"
	"veratill/txn"
	"veratill/txn/till"
)

// Press is the till's printer: it lays sheets out, encodes them and prints them on whatever
// printer is in use.
type Press struct {
	Options func() Options // asked for every sheet: settings change while the till runs
	Log     *slog.Logger
	// Pressed is called with the bytes of every sheet before they are sent; may be nil.
	Pressed func(s till.Sheet, bytes []byte)

	mu       sync.Mutex
	printer  printer.Printer
	encoder  *escpos.Encoder
	prepared map[int64]*laidOut // by print number
}

// Use prints on another printer from now on. What is being printed ends where it began; what
// was prepared is laid out anew for the other paper.
func (p *Press) Use(on printer.Printer, by *escpos.Encoder) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.printer, p.encoder, p.prepared = on, by, nil
}

func (p *Press) inUse() (printer.Printer, *escpos.Encoder) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.printer, p.encoder
}

// laidOut is a sheet as a printer's job, made once by whoever comes first. The print's number is the process ID that
// proves it, so that a number is never printed twice.
type laidOut struct {
	printer printer.Printer
	encoder *escpos.Encoder
	once    sync.Once
	job     printer.Job
	err     error
}

// mostPrepared bounds what is kept of sheets that were prepared and never printed.
const mostPrepared = 16

// Prepare implements till.Printer. What would be signed is not laid out before its intent is durable: a signature of what the power may still take
// would be of a receipt that never was.
func (p *Press) Prepare(s till.Sheet) {
	//mutant:nothing-is-signed-before-it-is-durable
	if p.Options().Signer == nil {
		p.laid(s)
	}
}

// laid is a sheet's bytes, from its preparation if there was one.
func (p *Press) laid(s till.Sheet) *laidOut {
	p.mu.Lock()
	l := p.prepared[s.Print.ID]
	if l == nil {
		if len(p.prepared) >= mostPrepared || p.prepared == nil {
			p.prepared = map[int64]*laidOut{}
		}
		l = &laidOut{printer: p.printer, encoder: p.encoder}
		p.prepared[s.Print.ID] = l
	}
	p.mu.Unlock()
	l.once.Do(func() { l.job, l.err = p.encode(s, l.encoder) })
	return l
}

func (p *Press) forget(printID int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.prepared, printID)
}

// Ready reports whether the last known status lets a job begin. It asks nothing.
func (p *Press) Ready() bool {
	on, _ := p.inUse()
	return on.Status().Health != devices.Offline
}

// encode makes a sheet's job. Errors are those of Document and of the encoder.
func (p *Press) encode(s till.Sheet, by *escpos.Encoder) (printer.Job, error) {
	doc, err := Document(s, p.Options())
	if err != nil {
		return printer.Job{}, err
	}
	b, err := by.Append(nil, doc)
	return printer.Job{ID: uint32(s.Print.ID % escpos.ProcessIDs), Bytes: b}.Marked(), err
}

// Begin implements till.Printer.
func (p *Press) Begin(ctx context.Context, s till.Sheet) (end func() (txn.Paper, string)) {
	laid := p.laid(s)
	p.forget(s.Print.ID)
	if laid.err != nil {
		p.Log.Error("paper", "print", s.Print.ID, "error", laid.err)
		return func() (txn.Paper, string) { return txn.NotPrinted, "it can't be laid out" }
	}
	if p.Pressed != nil {
		p.Pressed(s, laid.job.Bytes)
	}
	ended := laid.printer.Begin(ctx, laid.job)
	return func() (txn.Paper, string) { return p.outcome(ctx, s, len(laid.job.Bytes), ended()) }
}

// outcome is what a printer's report means to the till.
func (p *Press) outcome(ctx context.Context, s till.Sheet, of int, r printer.Report) (txn.Paper, string) {
	level := slog.LevelInfo
	if r.Outcome != printer.Printed {
		level = slog.LevelWarn
	}
	p.Log.Log(ctx, level, "paper", "print", s.Print.ID, "outcome", r.Outcome.String(), "proof", string(r.Proof),
		"sent", r.BytesSent, "of", of, "reason", string(r.Reason), "cleared", r.Cleared, "detail", r.Detail)
	switch r.Outcome {
	case printer.Printed:
		return txn.Printed, string(r.Proof)
	case printer.NotPrinted:
		return txn.NotPrinted, string(r.Reason)
	}
	if r.Proof == printer.ByNothing { // then why not
		return txn.PaperUnknown, string(r.Reason)
	}
	return txn.PaperUnknown, string(r.Proof)
}
