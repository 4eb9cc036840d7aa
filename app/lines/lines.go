// Package lines makes the ways to the money that the settings name and that are more than an address: the accounts with providers of payment
// codes. In a demonstration it makes the simulated ones, and the simulated bank.
package lines

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"veratill/app/settings"
	"veratill/app/training"
	"veratill/assets/files"
	"veratill/devices"
	"veratill/devices/port"
	"veratill/txn"
	"veratill/txn/acquirer"
	"veratill/txn/messages"
	"veratill/txn/money"
	"veratill/txn/sale"
	"veratill/txn/till"
	"veratill/txn/wallet"
)

// Demonstration is the name of the bank's line in a demonstration.
const Demonstration = training.LineName

// Options say what the lines are made of.
type Options struct {
	Settings settings.Settings
	Dir      string // of the settings file, from which files are seen
	InName   bool   // they are named alone, and ask nobody: no key is read
	Now      func() time.Time
	Log      *slog.Logger
	Tell     func(id txn.ID, typing bool)                                // see wallet.Config
	Show     func(lines []string)                                        // what stands on a card terminal's display, while it takes a payment
	Changed  func()                                                      // a card terminal's line went up or down
	Messages messages.Tap                                                // told what is exchanged about a payment; nil is nobody
	OpenPort func(ctx context.Context, u devices.URL) (port.Port, error) // to a card terminal; nil is this computer's way
}

// mostKey is more than any file of a key or of certificates has, in bytes.
const mostKey = 256 << 10

// Wallets are the lines to the providers of payment codes, in their order. The error names the account and what is wrong with it.
func Wallets(o Options) (all []till.Wallet, err error) {
	if o.Settings.Demo() && o.InName {
		for _, name := range training.WalletNames() {
			line, err := wallet.InName(wallet.Config{Name: name, Provider: wallet.WeChat})
			if err != nil {
				return nil, err
			}
			all = append(all, line)
		}
		return all, nil
	}
	for i, w := range o.Settings.Wallets {
		line, err := o.line(w)
		if err != nil {
			return nil, fmt.Errorf("[[wallet]] %d (%.20q): %w", i+1, w.Provider, err)
		}
		for _, other := range all {
			if other.Name() == line.Name() {
				return nil, fmt.Errorf("[[wallet]] %d (%.20q): the account is there twice: take one of them out", i+1, w.Provider)
			}
		}
		all = append(all, line)
	}
	return all, nil
}

func (o Options) line(w settings.Wallet) (*wallet.Line, error) {
	c := wallet.Config{Provider: wallet.Provider(w.Provider), Address: w.Address, Proxy: w.Proxy, App: w.App, Merchant: w.Merchant, SubMerchant: w.SubMerchant, Terminal: w.Terminal, Store: w.Store,
		Acquirer: w.Acquirer, Category: w.Category, Serial: w.Serial, Platform: w.ProviderKeyID, Version: w.Version, Shop: o.Settings.CalledName(), Now: o.Now, Log: o.Log, Tell: o.Tell, Messages: o.Messages}
	if o.InName {
		return wallet.InName(c)
	}
	var err error
	for _, sum := range []struct {
		text string
		into *int64
	}{{w.Least, &c.LeastMinor}, {w.Most, &c.MostMinor}} {
		if sum.text == "" {
			continue
		}
		amount, err := money.Parse(sum.text, money.CNY)
		if err != nil {
			return nil, fmt.Errorf("the sum %q: %w", sum.text, err)
		}
		*sum.into = amount.Minor
	}
	if w.Timeout != "" {
		if c.Timeout, err = time.ParseDuration(w.Timeout); err != nil {
			return nil, fmt.Errorf("timeout %q is no time such as 45s", w.Timeout)
		}
	}
	if (w.KeyFile == "") == (w.KeyEnv == "") {
		return nil, errKeys
	}
	var line *wallet.Line
	if err = o.keys(w, &c); err == nil {
		line, err = wallet.New(c)
	}
	//mutant:a-spoilt-key-closes-no-till
	if errors.Is(err, wallet.ErrKeys) {
		return o.unready(c, err)
	}
	return line, err
}

// unready is a line whose keys are not to be had: it alone is not ready, and says why, while the till sells by every other way.
func (o Options) unready(c wallet.Config, why error) (*wallet.Line, error) {
	line, err := wallet.Unready(c, why)
	if err == nil && o.Log != nil {
		o.Log.Warn("a line is not ready", "line", line.Name(), "error", why.Error())
	}
	return line, err
}

// keys reads what an account signs with and believes. The error is a wallet.ErrKeys.
func (o Options) keys(w settings.Wallet, c *wallet.Config) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("%w: %w", wallet.ErrKeys, err)
		}
	}()
	own, err := o.key(w)
	if err != nil {
		return err
	}
	c.Private, c.Key = own, bytes.TrimSpace(own)
	if c.Device = w.Device; c.Device != "" {
		c.KeepKey = o.keepKey(w.Terminal, c.Key)
		if c.Key, c.KeyGiven, err = o.lastKey(w.Terminal, c.Key); err != nil {
			return err
		}
	}
	if c.Public, err = o.read("providerKeyFile", w.ProviderKeyFile); err != nil {
		return err
	}
	c.CA, err = o.read("ca", w.CA)
	return err
}

// errKeys says where a secret key is to stand.
var errKeys = errors.New("name the shop's key once: keyFile or keyEnv")

// key is the shop's secret: a private key, or the aggregator's.
func (o Options) key(w settings.Wallet) ([]byte, error) {
	if w.KeyEnv == "" {
		return o.read("keyFile", w.KeyFile)
	}
	text := os.Getenv(w.KeyEnv)
	if text == "" {
		return nil, fmt.Errorf("the environment has no %s, which keyEnv names", shown(w.KeyEnv))
	}
	return []byte(text), nil
}

// shown is what a setting names, as far as an error may say it: a key that was pasted in place of its name would stand in the log. A file with a short ending, and the
// name of a variable in capitals with a low line, are no keys.
func shown(name string) string {
	ending := filepath.Ext(name)
	file := len(name) <= 255 && len(ending) > 1 && len(ending) <= 5 && !strings.ContainsFunc(ending[1:], func(r rune) bool { return r < 'a' || r > 'z' })
	variable := len(name) <= 64 && strings.Contains(name, "_") && !strings.ContainsFunc(name, func(r rune) bool { return r != '_' && (r < 'A' || r > 'Z') })
	//mutant:a-key-in-place-of-its-name-is-not-said
	if !file && !variable {
		return fmt.Sprintf("%.4q… (%d signs; a key itself does not belong here)", name, utf8.RuneCountInString(name))
	}
	return fmt.Sprintf("%q", name)
}

// read reads a file that a setting names; nil where it names none.
func (o Options) read(setting, name string) ([]byte, error) {
	if name == "" {
		return nil, nil
	}
	given := name
	if !filepath.IsAbs(name) {
		name = filepath.Join(o.Dir, name)
	}
	text, err := files.Read(name, mostKey)
	if err != nil {
		var of *fs.PathError
		if !errors.As(err, &of) { // it is there, and so a name
			return nil, fmt.Errorf("%s: %w", setting, err)
		}
		return nil, fmt.Errorf("%s: %s: %w", setting, shown(given), of.Err)
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, fmt.Errorf("%s: %s is empty", setting, filepath.Base(name))
	}
	return text, nil
}

// Simulated are the bank and the providers of a demonstration.
type Simulated struct {
	Bank    acquirer.Config // the till's end of the line to it
	Wallets []till.Wallet
	serve   []func(ctx context.Context, log *slog.Logger)
}

// Listen starts to listen for them on this machine, with their ledgers in the data folder dir. Serve has to follow.
func Listen(dir string, o Options) (*Simulated, error) {
	bank, line, err := training.Listen(dir, o.Now)
	if err != nil {
		return nil, err
	}
	s := &Simulated{Bank: line, serve: []func(context.Context, *slog.Logger){bank.Serve}}
	providers, wallets, err := training.Wallets(dir, training.WalletOptions{Now: o.Now, Log: o.Log, Tell: o.Tell, Messages: o.Messages})
	if err != nil {
		return nil, err
	}
	for _, w := range wallets {
		s.Wallets = append(s.Wallets, w)
	}
	s.serve = append(s.serve, providers.Serve)
	return s, nil
}

// Serve answers until ctx ends, each by itself: start runs a function.
func (s *Simulated) Serve(ctx context.Context, log *slog.Logger, start func(func())) {
	for _, serve := range s.serve {
		start(func() { serve(ctx, log) })
	}
}

// Rates are what the providers of the settings keep, in parts per million of a sum, by the name of their line. One that says no rate, or none that can be read,
// has none: it is for people alone.
func Rates(o Options) map[string]int64 {
	rates := map[string]int64{}
	o.InName = true
	for _, w := range o.Settings.Wallets {
		percentE5, ok := sale.ParseQuantity(w.Rate)
		if line, err := o.line(w); ok && err == nil {
			rates[line.Name()] = percentE5 / 10 // 0.38 % is 38,000 of these, and 3,800 parts per million
		}
	}
	return rates
}

// Names are the names of the lines of the settings, in their order. One that can't have a name has none.
func Names(o Options) (names []string) {
	if o.Settings.Demo() {
		return training.WalletNames()
	}
	o.InName = true
	for _, w := range o.Settings.Wallets {
		if line, err := o.line(w); err == nil {
			names = append(names, line.Name())
		}
	}
	return names
}

// Check is what the doctor says of an account.
type Check struct {
	Name   string // of the line
	Rate   string // percent
	Err    error  // why it does not work
	Skew   time.Duration
	Shared string // a file of a key that others can read; empty where none can be
}

// Examine asks each provider of the settings about a number that nobody has, and looks at the keys.
func Examine(ctx context.Context, o Options) (all []Check) {
	for _, w := range o.Settings.Wallets {
		c := Check{Name: w.Provider, Rate: w.Rate}
		line, err := o.line(w)
		if c.Err = err; err == nil {
			c.Name, c.Err = line.Name(), line.Check(ctx)
			c.Skew = line.Skew()
		}
		if w.KeyFile != "" {
			c.Shared = o.shared(w.KeyFile)
		}
		all = append(all, c)
	}
	return all
}

// shared is a file that others can read or write; empty where they can't, or where that can't be said.
func (o Options) shared(name string) string {
	if !filepath.IsAbs(name) {
		name = filepath.Join(o.Dir, name)
	}
	f, err := files.Open(name, mostKey)
	if err != nil {
		return ""
	}
	defer f.Close()
	if read, write, err := files.Others(f); err == nil && (read || write) {
		return name
	}
	return ""
}
