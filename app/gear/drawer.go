package gear

import (
	"context"

	"veratill/app/present"
	"veratill/app/settings"
	"veratill/devices/printer"
)

// Drawer implements present.Equipment.
func (g *Gear) Drawer() present.Drawer {
	switch g.inUse().printer.Drawer() {
	case printer.Opened:
		return present.DrawerOpen
	case printer.Closed:
		return present.DrawerClosed
	}
	return present.DrawerUnknown
}

// OpenDrawer opens the drawer, whatever it is opened for.
func (g *Gear) OpenDrawer(ctx context.Context) error { return g.inUse().printer.KickDrawer(ctx) }

// keepDrawer keeps what a drawer's sensor has taught, so that the next start knows it. A printer
// that is no longer in use teaches nothing.
func (g *Gear) keepDrawer(p *printer.Driver) {
	learned := p.DrawerOpen().String()
	g.mu.Lock()
	known := g.settings.Devices.Drawer == learned || learned == "" || g.set.emulator != nil || g.set.printer != p
	if !known {
		g.settings.Devices.Drawer = learned
	}
	g.mu.Unlock()
	if known || g.config.SettingsDir == "" {
		return
	}
	if err := settings.Save(g.config.SettingsDir, settings.Change{Key: "drawer", Value: learned}); err != nil {
		g.config.Log.Warn("drawer", "error", err)
	}
}
