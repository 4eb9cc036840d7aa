package gear

import (
	"context"
	"slices"

	"veratill/app/present"
	"veratill/devices"
)

// Chips are the conditions of the devices that there are, in their order on the screen.
func (g *Gear) Chips() []present.Chip {
	var chips []present.Chip
	all := g.inUse().configured()
	slices.SortFunc(all, func(a, b configured) int {
		return slices.Index(present.Parts, a.part) - slices.Index(present.Parts, b.part)
	})
	for _, k := range all {
		chips = append(chips, present.Chip{Part: k.part, Health: present.Health(k.status.Health.String()), Code: string(k.status.Reason),
			Since: k.status.Since, Address: k.address, LastError: k.status.Detail})
	}
	return chips
}

// Test asks a device how it is, and says in one line what was seen.
func (g *Gear) Test(ctx context.Context, p present.Part) (string, error) {
	if p == present.Printer {
		s, err := g.inUse().printer.Refresh(ctx)
		return said(s), err
	}
	for _, k := range g.inUse().configured() {
		if k.part == p {
			return said(k.status), nil
		}
	}
	return "", ErrPart
}

func said(s devices.Status) string { return s.Health.String() + " " + string(s.Reason) }

// Reconnect opens a device anew.
func (g *Gear) Reconnect(ctx context.Context, p present.Part) error {
	if p == present.Printer {
		return g.inUse().printer.Reconnect(ctx)
	}
	g.replugged()
	return nil
}

// ClearPrinter makes the printer forget a job that an earlier run left on its way, and reports
// whether it said that it has. A printer that is not there has nothing to forget.
func (g *Gear) ClearPrinter(ctx context.Context) (confirmed bool, err error) {
	p := g.inUse().printer
	if p == nil {
		return true, nil
	}
	return p.ClearBuffers(ctx)
}
