package gear

import (
	"fmt"
	"sync"

	"veratill/app/settings"
	"veratill/assets"
	"veratill/devices"
	"veratill/devices/printer"
	"veratill/devices/reader"
	"veratill/devices/scanner"
	"veratill/escpos"
)

func (g *Gear) makePrinter(d settings.Devices) (made set, err error) {
	u, err := devices.ParseURL(d.Printer)
	if err != nil {
		return set{}, err
	}
	profile, err := profileOf(d)
	if err != nil {
		return set{}, err
	}
	made.printerURL, made.settings = d.Printer, d
	if made.encoder, err = escpos.NewEncoder(profile); err != nil {
		return set{}, err
	}
	if u.Scheme == devices.Virtual && u.Path == "" {
		made.emulator = printer.NewEmulator(printer.Traits{})
		made.emulator.OnPaper(func(p printer.Paper) { g.keepSheet(p, profile.Paper, profile.Encoding) })
		made.printer = printer.OpenVirtual(made.emulator, printer.Config{})
		return made, nil
	}
	made.printer, err = printer.Open(u, printer.Config{DrawerOpen: printer.ParseDrawerLevel(d.Drawer)})
	return made, err
}

// models are the printers that this program knows something of; they are read once.
var models = sync.OnceValues(func() (*printer.Models, error) { return printer.ReadModels(assets.Printers, assets.PrinterCorrections) })

// profileOf is what the encoder must know: the model's own, where the settings name one, and the
// roll that the settings say is in it. Errors name the setting that can't be.
func profileOf(d settings.Devices) (escpos.Profile, error) {
	encoding, err := escpos.ParseEncoding(d.Encoding)
	if err != nil {
		return escpos.Profile{}, err
	}
	glyphs, _ := escpos.NewFontGlyphs(assets.PaperFonts()...) // without a font a box stands for what the printer lacks: doctor says so
	profile := escpos.Profile{Paper: escpos.Paper80, Encoding: encoding, Glyphs: glyphs}
	if d.WidthMm == 58 {
		profile.Paper = escpos.Paper58
	}
	if d.Model == "" {
		return profile, nil
	}
	known, err := models()
	if err != nil {
		return escpos.Profile{}, err
	}
	model, ok := known.Lookup(d.Model)
	if !ok {
		return escpos.Profile{}, fmt.Errorf("no printer model %q is known: leave [devices] model empty", d.Model)
	}
	own, err := model.Profile(encoding, glyphs)
	if err == nil && widthMm(own.Paper) != d.WidthMm {
		own.Paper = profile.Paper
	}
	return own, err
}

// widthMm is the roll that a width of paper is for.
func widthMm(p escpos.Paper) int {
	if p.Dots <= 432 { // 54 mm at 203 dpi: no 80 mm printer prints so narrow
		return 58
	}
	return 80
}

// Propose says what a printer is by what it answered, and by what it says on the bus. The error is of
// the profiles, which are compiled in.
func Propose(f printer.Findings, u devices.URL) (printer.Proposal, error) {
	known, err := models()
	if err != nil {
		return printer.Proposal{}, err
	}
	var onBus []printer.Model
	if u.Scheme == devices.USB {
		onBus = known.ByUSB(u.Vendor, u.Product)
	}
	return known.Propose(f, onBus...), nil
}

// Suit changes settings for what a printer is; what is in doubt stays as it is set.
func Suit(d settings.Devices, p printer.Proposal) settings.Devices {
	if p.EncodingKnown {
		d.Encoding = p.Encoding.String()
	}
	if p.Known && len(p.Doubts) == 0 {
		d.Model, d.WidthMm = p.Model.Name, widthMm(p.Model.Paper)
	}
	if _, err := profileOf(d); err != nil { // a model that has not this encoding is driven as one that is not known
		d.Model = ""
	}
	return d
}

func (g *Gear) makeReader(address string) (made set, err error) {
	u, err := devices.ParseURL(address)
	if err != nil {
		return set{}, err
	}
	made.readerURL = address
	if u.Scheme == devices.Virtual && u.Path != "" {
		made.reader, err = reader.OpenFile(u.Path, g.nextTrack())
		return made, err
	}
	made.reader, err = reader.Open(u, g.config.OpenUSB, reader.Window{After: g.afterKeys, Back: g.backToKeys})
	made.chooser, _ = made.reader.(*reader.Virtual)
	return made, err
}

func (g *Gear) makeScanner(address string) (made set, err error) {
	u, err := devices.ParseURL(address)
	if err != nil {
		return set{}, err
	}
	made.scannerURL = address
	made.scanner, err = scanner.Open(u, g.config.OpenUSB, g.config.OpenPort, g.deliver)
	return made, err
}
