// Package doctor is the self-check that needs no window: what is here, what is
// missing, and what to do about it.
package doctor

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"veratill/app/settings"
	"veratill/assets"
	"veratill/assets/files"
	"veratill/devices"
	"veratill/devices/printer"
	"veratill/escpos"
	"veratill/txn/acquirer"
	"veratill/txn/journal"
	"veratill/txn/terminal"
)

// Level is how a check came out.
type Level string

// The three levels.
const (
	Good    Level = "ok"
	Warning Level = "warning"
	Bad     Level = "bad"
)

// Check is one line of the doctor's page.
type Check struct {
	Name   string `json:"name"`
	Level  Level  `json:"level"`
	Detail string `json:"detail"`
}

// Folder checks a folder of books, and the settings of the data folder home, without opening
// the journal. A demonstration's books are in a folder of their own below home.
func Folder(dir, home string) []Check {
	checks := []Check{{"system", Good, runtime.GOOS + "/" + runtime.GOARCH}, writable(dir)}
	if n := journal.Failures(dir); n > 0 {
		checks = append(checks, Check{"disk", Warning, fmt.Sprintf("it failed (times: %d), and the journal went on in %s: nothing is lost, but have the disk replaced", n, journal.Name(n+1))})
	}
	checks = append(append(checks, settingsOf(home)...), fonts(), languages(), display())
	s, err := settings.Read(home)
	if err != nil {
		return checks // of settings that can't be read nobody knows the list
	}
	return append(checks, articlesOf(s)...)
}

func settingsOf(home string) []Check {
	s, err := settings.Read(home)
	if err == nil && s.Till.Mode == "" {
		err = settings.ErrMode
	}
	if journal.Exists(home) {
		if err == nil && s.Demo() {
			err = errors.New("they say that this is a demonstration")
		}
		if err != nil {
			err = fmt.Errorf("%w, and here are a shop's books", err)
		}
	}
	path := filepath.Join(home, settings.FileName)
	if err != nil {
		return append([]Check{{"settings", Bad, err.Error() + ": nothing is sold until that is put right"}}, rights(path)...)
	}
	if _, err := os.Lstat(path); errors.Is(err, os.ErrNotExist) {
		return []Check{{"settings", Warning, "none: this is a demonstration, no money moves"}}
	}
	checks := append([]Check{{"settings", Good, path}}, rights(path)...)
	for _, complaint := range s.Complaints {
		checks = append(checks, Check{"settings", Warning, complaint})
	}
	return append(checks, addresses(s)...)
}

// rights names who else may read or write the settings: they say whom the till believes, and may hold a key.
func rights(path string) []Check {
	f, err := files.Open(path, 1<<20)
	if err != nil {
		return nil // what is wrong with it is said already
	}
	defer f.Close()
	const name = "settings' rights"
	read, write, err := files.Others(f)
	guarded, way := files.Guarded(path, 1<<20)
	if way == nil {
		way = guarded.Close()
	}
	switch {
	case err != nil:
		return []Check{{name, Warning, err.Error()}}
	case write:
		return []Check{{name, Bad, "others can write to " + path + ", and so name another bank: let its owner alone write to it"}}
	case errors.Is(way, files.ErrOthers):
		return []Check{{name, Bad, way.Error() + ": who writes there can put other settings in their place"}}
	case read:
		text, err := files.Rest(f, 1<<20)
		if err != nil || bytes.Contains(text, []byte("tmk=")) {
			return []Check{{name, Bad, "others can read " + path + ", which holds a key: let its owner alone read it, and have the acquirer give the till another key"}}
		}
		return []Check{{name, Warning, "others can read " + path + ": let its owner alone read it"}}
	}
	return nil
}

// bank says what the till's bank is, and what proves that it is one.
func bank(s settings.Settings) Check {
	c := Check{"bank address", Good, "simulated: no money moves"}
	if s.CashOnly() {
		c.Detail = "none: this shop takes no cards"
	}
	if s.Till.Mode != settings.Bank {
		return c
	}
	if terminal.Is(s.Devices.Bank) {
		at, err := terminal.Parse(s.Devices.Bank)
		if c.Detail = "card terminal at " + at.Address; err != nil {
			c.Level, c.Detail = Bad, err.Error()
		}
		return c
	}
	line, err := acquirer.ParseURL(s.Devices.Bank)
	if err == nil && !line.Demonstration { // also a bank at this computer: a tunnel may begin here
		err = s.Numbered()
	}
	switch c.Detail = line.Address; {
	case err != nil:
		c.Level, c.Detail = Bad, err.Error()
	case line.Demonstration:
		c.Level, c.Detail = Warning, line.Address+", without a terminal master key: every payment is a demonstration, no money moves"
	case !line.Profile.MAC && line.TLS == nil:
		c.Level, c.Detail = Warning, line.Address+", without MAC and TLS: whoever is on the way can answer in the bank's place"
	}
	return c
}

func writable(dir string) Check {
	c := Check{"data folder", Good, dir}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return Check{c.Name, Bad, err.Error()}
	}
	f, err := os.CreateTemp(dir, "doctor-*")
	if err != nil {
		return Check{c.Name, Bad, "this computer can't save: " + err.Error()}
	}
	_, err = f.Write(make([]byte, 4096))
	if err = errors.Join(err, f.Sync(), f.Close(), os.Remove(f.Name())); err != nil {
		return Check{c.Name, Bad, "this computer can't save: " + err.Error()}
	}
	return c
}

// addresses checks that what the settings name can be addresses at all.
func addresses(s settings.Settings) []Check {
	checks := []Check{bank(s)}
	named := []struct{ name, address string }{{"reader address", s.Devices.Reader}, {"printer address", s.Devices.Printer}}
	if s.Devices.Scanner != "" {
		named = append(named, struct{ name, address string }{"scanner address", s.Devices.Scanner})
	}
	for _, d := range named {
		c := Check{d.name, Good, d.address}
		if d.address == "virtual:" && !s.Demo() { // also where the settings name none
			c.Level, c.Detail = Warning, "virtual: what a demonstration has. A shop sees its paper on the screen alone, and reads no card"
		}
		if _, err := devices.ParseURL(d.address); err != nil {
			c.Level, c.Detail = Bad, err.Error()
		}
		checks = append(checks, c)
	}
	return append(checks, model(s)...)
}

// model says when the printer's is none that is known: what prints by the settings is refused then, before money moves.
func model(s settings.Settings) []Check {
	if s.Devices.Model == "" {
		return nil
	}
	known, err := printer.ReadModels(assets.Printers, assets.PrinterCorrections)
	if err == nil {
		if _, ok := known.Lookup(s.Devices.Model); ok {
			return nil
		}
		err = fmt.Errorf("no printer model %q is known: leave [devices] model empty", s.Devices.Model)
	}
	return []Check{{"printer model", Bad, err.Error()}}
}

func fonts() Check {
	fonts, size := append(assets.PaperFonts(), assets.FontBold), 0
	for _, font := range fonts {
		size += len(font)
	}
	if _, err := escpos.NewFontGlyphs(fonts...); err != nil {
		return Check{"fonts", Bad, strings.ReplaceAll(err.Error(), "\n", "; ")}
	}
	return Check{"fonts", Good, fmt.Sprintf("embedded, %d kB", size>>10)}
}

func languages() Check {
	for _, language := range assets.Languages {
		if _, err := assets.Language(language); err != nil {
			return Check{"languages", Bad, err.Error()}
		}
	}
	return Check{"languages", Good, strings.Join(assets.Languages, ", ")}
}

// display says whether a window could open here; the command line needs none.
func display() Check {
	if runtime.GOOS == "linux" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return Check{"display", Warning, "none: the window can't open, the command line works"}
	}
	return Check{"display", Good, "present"}
}
