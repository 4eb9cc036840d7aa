package gear

import (
	"context"
	"errors"
	"fmt"
	"time"

	"veratill/app/settings"
	"veratill/devices/printer"
	"veratill/escpos"
)

// PrintTestPage implements present.Equipment.
func (g *Gear) PrintTestPage(ctx context.Context) error {
	s := g.inUse()
	findings, err := s.printer.Identify(ctx)
	if err != nil {
		return err
	}
	return PrintTestPage(ctx, s.printer, g.deviceSettings(), findings, g.config.Now())
}

// errTestPage is a test page that is not known to have come out.
var errTestPage = errors.New("the test page is not known to have come out")

// PrintTestPage prints a page that shows what a printer does with its settings. It is no
// receipt and stands in no journal: its process ID is of a range that receipts do not reach
// (they are counted from 1, and there are 81 million).
func PrintTestPage(ctx context.Context, p *printer.Driver, d settings.Devices, f printer.Findings, at time.Time) error {
	known, err := models()
	if err != nil {
		return err
	}
	model, ok := known.Lookup(d.Model)
	if !ok {
		model = known.Default()
	}
	profile, err := profileOf(d)
	if err != nil {
		return err
	}
	model.Paper = profile.Paper
	encoder, err := escpos.NewEncoder(profile)
	if err != nil {
		return err
	}
	page, err := encoder.Append(nil, printer.TestPage(model, profile.Encoding, f))
	if err != nil {
		return err
	}
	id := escpos.ProcessIDs/2 + uint32(at.Unix())%(escpos.ProcessIDs/4)
	if r := p.Print(ctx, printer.Job{ID: id, Bytes: page}); r.Outcome != printer.Printed {
		return fmt.Errorf("%w: %s, %s %s", errTestPage, r.Outcome, r.Reason, r.Detail)
	}
	return nil
}
