package gear

import (
	"veratill/app/print"
	"veratill/assets/files"
	"veratill/txn/till"
)

// usePrinter lets papers go to a printer from now on.
func (g *Gear) usePrinter(made set) {
	g.mu.Lock()
	g.set.printer, g.set.emulator, g.set.encoder, g.set.printerURL = made.printer, made.emulator, made.encoder, made.printerURL
	g.mu.Unlock()
	if g.press == nil {
		g.press = &print.Press{Log: g.config.Log, Options: g.paperOptions, Pressed: g.pressed}
	}
	g.press.Use(made.printer, made.encoder)
}

// pressed notes which paper is being printed, and keeps its bytes where that is wanted.
func (g *Gear) pressed(s till.Sheet, encoded []byte) {
	g.mu.Lock()
	g.pressing = s.Print.ID
	g.mu.Unlock()
	if g.config.Encoded == "" {
		return
	}
	if err := files.Write(g.config.Encoded, encoded, 0o600); err != nil {
		g.config.Log.Warn("paper", "encoded", g.config.Encoded, "error", err)
	}
}

func (g *Gear) paperOptions() print.Options {
	o := print.OptionsOf(g.Settings())
	o.Demo, o.Books, o.Signer = g.config.Demo, g.config.Books, g.config.Signer
	return o
}

// NoSign is what of a text the printer in use has no sign for; empty where there is no printer.
func (g *Gear) NoSign(text string) string {
	if encoder := g.inUse().encoder; encoder != nil {
		return encoder.Lacks(text)
	}
	return ""
}
