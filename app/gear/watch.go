package gear

import (
	"context"

	"veratill/devices"
	"veratill/devices/port"
	"veratill/devices/printer"
)

// deliver hands a code to whoever sells.
func (g *Gear) deliver(code string) {
	g.mu.Lock()
	takers := g.scanned
	g.mu.Unlock()
	for _, take := range takers {
		take(code)
	}
}

// Scanned implements present.Typing.
func (g *Gear) Scanned(take func(code string)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.scanned = append(g.scanned, take)
}

// Watch tells the window of every change, and the till of a printer that is ready again. A
// watcher may be called at once, so the till has to have started.
func (g *Gear) Watch(t Till) {
	g.till = t
	for _, device := range g.inUse().all() {
		g.watchNew(device)
	}
}

func (g *Gear) watchNew(device any) {
	if p, ok := device.(*printer.Driver); ok {
		g.watchPrinter(p)
		return
	}
	g.watch(device)
}

func (g *Gear) watchPrinter(p *printer.Driver) {
	p.Watch(func(devices.Status) {
		g.till.Kick()
		g.config.Changed()
	})
	p.WatchDrawer(func(printer.DrawerState) {
		g.keepDrawer(p)
		g.config.Changed()
	})
}

func (g *Gear) watch(device any) {
	if d, ok := device.(interface{ Watch(func(devices.Status)) }); ok {
		d.Watch(func(devices.Status) { g.config.Changed() })
	}
}

// WatchPorts looks for what is plugged in or pulled out, until ctx ends.
func (g *Gear) WatchPorts(ctx context.Context) { port.Watch(ctx, g.replugged) }

// replugged is called when something was plugged in or pulled out.
func (g *Gear) replugged() {
	for _, device := range g.inUse().all() {
		if d, ok := device.(interface{ Kick() }); ok {
			d.Kick()
		}
	}
	g.config.Changed()
}
