package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"

	"gopkg.in/natefinch/lumberjack.v2"

	"veratill/app/settings"
	"veratill/app/shop"
	"veratill/assets"
	"veratill/assets/files"
	"veratill/txn"
	"veratill/txn/external"
	"veratill/txn/journal"
)

// place are the flags that say where a till is and what it stands on.
type place struct {
	dir, host, reader, printer string
	encoded                    string          // file for the bytes of the paper
	terminal                   external.Answer // what a separate terminal shows; zero where none was asked
	verbose                    bool
	read                       *shop.Options
	notice                     string // what is wrong with the settings, where the command goes on
	starts                     bool   // the command begins a till: a new version's first start is one
	readyLater                 bool   // on trial it is ready when its window shows, not when it is open
	onTrial                    bool   // it is that first start, and its coming up is not on record yet
	looking                    bool   // the command asks no bank: it takes the folder's own journal where there is one
}

func (s *place) folder(c *call) {
	c.flags.StringVar(&s.dir, "data", "", "data `folder` (default "+cmp.Or(defaultDir(), "none: the environment names no home folder")+")")
}

func (s *place) bank(c *call) {
	c.flags.StringVar(&s.host, "host", "", "the bank's `address`: tcp:// or tls://host:port?profile=unionpay|iso87&timeout=60s, or zvt://host:port of a card terminal (default from the settings)")
	c.flags.BoolVar(&s.verbose, "v", false, "say each step on the error output, for whoever looks for a fault")
}

func (s *place) paper(c *call) {
	c.flags.StringVar(&s.printer, "printer", "", "the printer's `address`: tcp://host:9100, usb:04b8:0202, serial:///dev/ttyUSB0?baud=9600, windows:NAME or virtual: (default from the settings)")
	c.flags.StringVar(&s.encoded, "encoded", "", "`file` that gets the bytes of the paper too, as they go to the printer: veratill decode reads it")
}

// defaultDir is where a till without -data keeps its books.
func defaultDir() string { return dataDir(runtime.GOOS, os.Getenv, os.UserHomeDir) }

// dataDir is the folder of a system, empty where the environment does not say it: the user's own, and on Windows that of all users, because a
// till's books are the shop's, whoever is logged on. The set-up gives every user the right to write there.
func dataDir(system string, env func(string) string, home func() (string, error)) string {
	if system == "windows" {
		if all := env("ProgramData"); all != "" {
			return filepath.Join(all, "Veratill")
		}
		return filepath.Join(`C:\ProgramData`, "Veratill") // where Windows has it unless somebody moved it
	}
	if base := env("XDG_DATA_HOME"); filepath.IsAbs(base) { // the standard takes no other: it would be another folder in each place
		return filepath.Join(base, "veratill")
	}
	own, err := home()
	if err != nil || !filepath.IsAbs(own) {
		return ""
	}
	return filepath.Join(own, ".local", "share", "veratill")
}

// stateDir is where the program keeps what must not lie with the books: how far they had come. It is the user's state folder
// (XDG), on Windows one beside the books' that all users have; VERATILL_STATE puts it elsewhere. Empty is nowhere.
func stateDir(system string, env func(string) string, home func() (string, error)) string {
	if own := env("VERATILL_STATE"); own != "" {
		return own
	}
	if system == "windows" {
		return dataDir(system, env, home) + " State"
	}
	if base := env("XDG_STATE_HOME"); base != "" {
		return filepath.Join(base, "veratill")
	}
	own, err := home()
	if err != nil {
		return ""
	}
	return filepath.Join(own, ".local", "state", "veratill")
}

// demoFolder is where a demonstration keeps its books, inside the data folder: its
// sales never mix with real ones, also when a settings file is lost or comes later.
const demoFolder = "demo"

// errKeyShown refuses a key that every list of this computer's programs shows. The package flag would show it once more.
var errKeyShown = errors.New("-host holds a key (tmk), and every list of this computer's programs shows it. Nothing was begun. Put it into the environment variable VERATILL_TMK, and take it out here")

// errShopsBooks keeps a shop from selling by a simulated bank when its settings are lost.
var errShopsBooks = errors.New("here are a shop's books, so no demonstration is opened, whose payments would move no money. " +
	"Nothing was begun. Put the settings right, or name another folder with -data for a demonstration")

// errNoFolder keeps a till from opening new books wherever it is started.
var errNoFolder = errors.New("the environment names no home folder (HOME), so where the till's books are is not known. Nothing was begun. Name the folder with -data")

// errSpoilt keeps a till from guessing what its settings were to say.
var errSpoilt = errors.New("nothing was begun, and nothing is sold until that is put right")

// settings reads those of a folder. A person has to mend what is wrong with them: whoever only looks into the books is told,
// and nobody sells.
func (s *place) settings(home string, books bool) (read settings.Settings, err error) {
	read, err = settings.Read(home)
	switch {
	//mutant:spoilt-settings-sell-nothing
	case err == nil:
		s.notice = read.Notice(filepath.Join(home, settings.FileName))
		return read, nil
	case s.looking: // the books themselves say what they are in
		s.notice, read = err.Error(), settings.Default()
		read.Till.Currency = ""
		return read, nil
	case books:
		return read, fmt.Errorf("%w: %w", err, errShopsBooks)
	}
	return read, fmt.Errorf("%w: %w", err, errSpoilt)
}

// options reads the settings, once, and lets the flags overrule them.
func (s *place) options() (shop.Options, error) {
	if s.read != nil {
		return *s.read, nil
	}
	dir := s.dir
	if dir == "" {
		dir = defaultDir()
	}
	if dir == "" {
		return shop.Options{}, errNoFolder
	}
	home, books := dir, journal.Exists(dir)
	read, err := s.settings(home, books)
	if err != nil {
		return shop.Options{}, err
	}
	if u, err := url.Parse(s.host); err == nil && u.Query().Has("tmk") {
		return shop.Options{}, errKeyShown
	}
	if s.host != "" {
		read.UseBank(s.host)
	}
	read.Devices.SeparateTerminal = read.Devices.SeparateTerminal || s.terminal.Shown != ""
	if read.Till.Mode == "" && !s.looking {
		return shop.Options{}, fmt.Errorf("%s: %w. Nothing was begun", filepath.Join(home, settings.FileName), settings.ErrMode)
	}
	for _, over := range []struct {
		flag string
		into *string
	}{{s.reader, &read.Devices.Reader}, {s.printer, &read.Devices.Printer}} {
		if over.flag != "" {
			*over.into = over.flag
		}
	}
	if read.Demo() {
		switch {
		case !books:
			dir = filepath.Join(home, demoFolder)
		case !s.looking:
			return shop.Options{}, fmt.Errorf("%s says that this is a demonstration: %w", s.told(home), errShopsBooks)
		}
	}
	s.read = &shop.Options{Dir: dir, SettingsDir: home, StateDir: stateDir(runtime.GOOS, os.Getenv, os.UserHomeDir), Settings: read, Version: version, Made: made(), Encoded: s.encoded}
	//mutant:papers-stay-out-of-the-books
	if inside(s.encoded, dir, home, s.read.StateDir) {
		s.read = nil
		return shop.Options{}, fmt.Errorf("-encoded %s lies in a folder of the till, where its books and keys are: name a file elsewhere. Nothing was begun", s.encoded)
	}
	if err := isPaper(s.encoded); err != nil { // of another till, perhaps
		s.read = nil
		return shop.Options{}, fmt.Errorf("-encoded %w. Nothing was begun", err)
	}
	if s.read.Update, err = updater(home, read.Update.Manifest); err != nil {
		return shop.Options{}, err
	}
	return *s.read, nil
}

// isPaper refuses a file that is there and is no paper of a printer, which alone is written over: it may be books or a key.
func isPaper(path string) error {
	if path == "" {
		return nil
	}
	f, err := files.OpenAs(path, os.O_RDONLY, 0)
	if err != nil { // it is not there; or it can't be read, and is not written either
		return nil
	}
	defer f.Close()
	begin := make([]byte, 2)
	n, err := io.ReadFull(f, begin)
	//mutant:only-paper-is-written-over
	if !errors.Is(err, io.EOF) && string(begin[:n]) != "\x1b@" {
		return newOnly(fs.ErrExist, path)
	}
	return nil
}

// inside reports whether a file lies in one of the folders, however the path to it is spelt. One that can't be followed is nowhere, and can't be written either.
func inside(path string, folders ...string) bool {
	if path == "" {
		return false
	}
	for at := unlinked(path); ; at = filepath.Dir(at) {
		for _, folder := range folders {
			if folder != "" && at == unlinked(folder) {
				return true
			}
		}
		if at == filepath.Dir(at) {
			return false
		}
	}
}

// unlinked is a path without links; what is not there yet lies in its folder.
func unlinked(path string) string {
	path, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if found, err := filepath.EvalSymlinks(path); err == nil || path == filepath.Dir(path) {
		return cmp.Or(found, path)
	}
	return filepath.Join(unlinked(filepath.Dir(path)), filepath.Base(path))
}

// told names what says so: the settings file, or that there is none.
func (s *place) told(home string) string {
	path := filepath.Join(home, settings.FileName)
	if _, err := os.Stat(path); err != nil {
		return "there is no " + path + ", which"
	}
	return path
}

// logger writes to a file in the data folder that is turned over at 10 MB, and with -v to the error output.
func (s *place) logger(dir string, errOut io.Writer) *slog.Logger {
	file := &lumberjack.Logger{Filename: filepath.Join(dir, "veratill.log"), MaxSize: 10, MaxBackups: 3}
	if s.verbose {
		return slog.New(slog.NewJSONHandler(io.MultiWriter(file, errOut), &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	return slog.New(slog.NewJSONHandler(file, &slog.HandlerOptions{Level: slog.LevelInfo}))
}

// open makes a till for a command.
func (s *place) open(ctx context.Context, c *call, change func(*shop.Options)) (*shop.Shop, error) {
	o, err := s.options()
	if err != nil {
		return nil, err
	}
	if err := ownAccount(o.Dir); err != nil {
		return nil, err
	}
	if err := s.guard(ctx, c, o.Update); err != nil {
		return nil, err
	}
	if s.notice != "" {
		fmt.Fprintln(c.errOut, "veratill: "+s.notice)
	}
	if change != nil {
		change(&o)
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, err
	}
	o.Log = s.logger(o.Dir, c.errOut)
	opened, err := shop.Open(ctx, o)
	if errors.Is(err, journal.ErrInUse) {
		return nil, fmt.Errorf("%w. Nothing was done. Use the till that is open, or close it", err)
	}
	if err == nil && s.onTrial && !s.readyLater {
		if err := s.passTrial(); err != nil {
			opened.Close()
			return nil, err
		}
	}
	return opened, err
}

// print writes a value as JSON on one line of the output.
func (c *call) print(v any) int {
	if err := json.NewEncoder(c.out).Encode(v); err != nil {
		return c.fail(err)
	}
	return exitOK
}

// openToKeep opens a till to write into its books alone: no device is opened, and no bank is asked.
func (s *place) openToKeep(ctx context.Context, c *call) (*shop.Shop, error) {
	return s.open(ctx, c, func(o *shop.Options) { o.NoReader, o.NoBank, o.NoPrinter, o.Look = true, true, true, true })
}

// actor is who writes into the books: the one who is named, or else the settings' cashier.
func actor(who string, o shop.Options) txn.Actor {
	return txn.Actor{By: cmp.Or(who, o.Settings.Till.Cashier, txn.ByTill.By)}
}

// speaks is the language that a command is asked for, and where it is asked for none that of the settings.
func (s *place) speaks(asked string) string {
	if asked != "" {
		return asked
	}
	read := *s // whoever opens the books reads them as they are opened
	if o, err := read.options(); err == nil && o.Settings.Window.Language != "" {
		return o.Settings.Window.Language
	}
	return assets.Languages[0]
}
