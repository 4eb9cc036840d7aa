// Package doctor is the self-check that needs no window: what is here, what is
// missing, and what to do about it.
package doctor

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"veratill/app/settings"
	"veratill/assets"
	"veratill/devices"
	"veratill/escpos"
	"veratill/txn/acquirer"
	"veratill/txn/journal"
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
	return append(append(checks, settingsOf(home)...), fonts(), display())
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
			err = fmt.Errorf("%w, and here are a shop's books: nothing is sold until that is put right", err)
		}
	}
	if err != nil {
		return []Check{{"settings", Bad, err.Error()}}
	}
	if _, err := os.Stat(filepath.Join(home, settings.FileName)); errors.Is(err, os.ErrNotExist) {
		return []Check{{"settings", Warning, "none: this is a demonstration, no money moves"}}
	}
	return append([]Check{{"settings", Good, filepath.Join(home, settings.FileName)}}, addresses(s)...)
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
	bank := Check{"bank address", Good, "simulated: no money moves"}
	if s.CashOnly() {
		bank.Detail = "none: this shop takes no cards"
	}
	if s.Till.Mode == settings.Bank {
		line, err := acquirer.ParseURL(s.Devices.Bank)
		bank.Detail = line.Address
		if err != nil {
			bank.Level, bank.Detail = Bad, err.Error()
		}
	}
	checks := []Check{bank}
	named := []struct{ name, address string }{{"reader address", s.Devices.Reader}, {"printer address", s.Devices.Printer}}
	if s.Devices.Scanner != "" {
		named = append(named, struct{ name, address string }{"scanner address", s.Devices.Scanner})
	}
	for _, d := range named {
		c := Check{d.name, Good, d.address}
		if _, err := devices.ParseURL(d.address); err != nil {
			c.Level, c.Detail = Bad, err.Error()
		}
		checks = append(checks, c)
	}
	return checks
}

func fonts() Check {
	if _, err := escpos.NewFontGlyphs(assets.FontRegular, assets.FontBold); err != nil {
		return Check{"fonts", Bad, err.Error()}
	}
	return Check{"fonts", Good, fmt.Sprintf("embedded, %d kB", (len(assets.FontRegular)+len(assets.FontBold))>>10)}
}

// display says whether a window could open here; the command line needs none.
func display() Check {
	if runtime.GOOS == "linux" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return Check{"display", Warning, "none: the window can't open, the command line works"}
	}
	return Check{"display", Good, "present"}
}
