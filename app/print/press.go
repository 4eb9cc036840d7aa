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

// Press is the till's printer: it lays sheets out, encodes them and prints them.
type Press struct {
	Printer printer.Printer
	Encoder *escpos.Encoder
	Options func() Options // asked for every sheet: settings change while the till runs
	Log     *slog.Logger
	// Pressed is called with the bytes of every sheet before they are sent; may be nil.
	Pressed func(s till.Sheet, bytes []byte)

	mu       sync.Mutex
	prepared map[int64]*laidOut // by print number
}

// laidOut is a sheet's bytes, made once by whoever comes first.
type laidOut struct {
	once  sync.Once
	bytes []byte
	err   error
}

// mostPrepared bounds what is kept of sheets that were prepared and never printed.
const mostPrepared = 16

// Prepare implements till.Printer.
func (p *Press) Prepare(s till.Sheet) { p.laid(s) }

// laid is a sheet's bytes, from its preparation if there was one.
func (p *Press) laid(s till.Sheet) *laidOut {
	p.mu.Lock()
	l := p.prepared[s.Print.ID]
	if l == nil {
		if len(p.prepared) >= mostPrepared || p.prepared == nil {
			p.prepared = map[int64]*laidOut{}
		}
		l = &laidOut{}
		p.prepared[s.Print.ID] = l
	}
	p.mu.Unlock()
	l.once.Do(func() { l.bytes, l.err = p.Encode(s) })
	return l
}

func (p *Press) forget(printID int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.prepared, printID)
}

// Ready reports whether the last known status lets a job begin. It asks nothing.
func (p *Press) Ready() bool { return p.Printer.Status().Health != devices.Offline }

// Encode makes a sheet's bytes without printing them. Errors are those of Document
// and of the encoder.
func (p *Press) Encode(s till.Sheet) ([]byte, error) {
	doc, err := Document(s, p.Options())
	if err != nil {
		return nil, err
	}
	return p.Encoder.Append(nil, doc)
}

// Print implements till.Printer. The print's number is the process ID that proves
// it, so that a number is never printed twice.
func (p *Press) Print(ctx context.Context, s till.Sheet) (txn.Paper, string) {
	laid := p.laid(s)
	p.forget(s.Print.ID)
	b, err := laid.bytes, laid.err
	if err != nil {
		p.Log.Error("paper", "print", s.Print.ID, "error", err)
		return txn.NotPrinted, ""
	}
	if p.Pressed != nil {
		p.Pressed(s, b)
	}
	r := p.Printer.Print(ctx, printer.Job{ID: uint32(s.Print.ID % escpos.ProcessIDs), Bytes: b})
	level := slog.LevelInfo
	if r.Outcome != printer.Printed {
		level = slog.LevelWarn
	}
	p.Log.Log(ctx, level, "paper", "print", s.Print.ID, "outcome", r.Outcome.String(), "proof", string(r.Proof),
		"sent", r.BytesSent, "of", len(b), "reason", string(r.Reason), "cleared", r.Cleared, "detail", r.Detail)
	switch r.Outcome {
	case printer.Printed:
		return txn.Printed, string(r.Proof)
	case printer.NotPrinted:
		return txn.NotPrinted, ""
	}
	return txn.PaperUnknown, string(r.Proof)
}
