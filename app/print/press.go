package print

import (
	"context"
	"log/slog"

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
	b, err := p.Encode(s)
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
