package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"veratill/app/gear"
	"veratill/app/lines"
	"veratill/app/settings"
	"veratill/devices"
	"veratill/devices/port"
	"veratill/devices/printer"
	"veratill/devices/reader"
	"veratill/devices/scanner"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// listedDevice is a device as `devices list -json` says it.
type listedDevice struct {
	Kind    devices.Kind   `json:"kind"`
	Address string         `json:"address"`
	Name    string         `json:"name"`
	Serial  string         `json:"serial,omitempty"`
	Where   string         `json:"where"`
	Problem devices.Reason `json:"problem,omitempty"`
	Detail  string         `json:"detail,omitempty"`
}

// devicesCommand lists what is plugged in, or tries one of it.
func devicesCommand(ctx context.Context, c *call) int {
	var t deviceTest
	asJSON := c.flags.Bool("json", false, "say it as JSON")
	c.flags.StringVar(&t.as, "as", "", "try it as a printer, reader or scanner, where its address does not tell")
	c.flags.BoolVar(&t.page, "page", false, "print a test page")
	c.flags.BoolVar(&t.drawer, "drawer", false, "open the cash drawer")
	c.flags.StringVar(&t.currency, "currency", "", "the `currency` in which a card terminal is registered (default from the settings, and EUR without any)")
	var s place
	s.folder(c)
	c.flags.DurationVar(&t.wait, "wait", 30*time.Second, "how long to wait for a card or a code")
	words, code, done := c.parseAround()
	switch {
	case done:
		return code
	case len(words) == 1 && words[0] == "list":
		return c.listDevices(ctx, *asJSON)
	case len(words) == 2 && words[0] == "end-of-day" && lines.IsTerminal(words[1]):
		return c.endTerminalDay(ctx, words[1], s.dir, t.currency)
	case len(words) == 2 && words[0] == "test" && lines.IsTerminal(words[1]):
		return c.testTerminal(ctx, words[1], s.dir, t.currency)
	case len(words) == 2 && words[0] == "test":
		u, err := devices.ParseURL(words[1])
		if err != nil {
			return c.misused("%v", err)
		}
		return c.testDevice(ctx, u, t)
	}
	return c.misused("devices list, devices test ADDRESS, or devices end-of-day of a card terminal (zvt:)")
}

func (c *call) listDevices(ctx context.Context, asJSON bool) int {
	all := []listedDevice{}
	for _, f := range append(port.List(ctx, gear.KindOf), reader.ListPCSC()...) {
		all = append(all, listedDevice{f.Kind, f.URL.String(), f.Name(), f.SerialNumber, f.Where, f.Problem, f.Detail})
	}
	if asJSON {
		return c.print(all)
	}
	if len(all) == 0 {
		fmt.Fprintln(c.out, "no printer, reader, scanner or serial line was found")
	}
	for _, d := range all {
		state := "ok"
		if d.Problem != devices.None {
			state = string(d.Problem) + ": " + d.Detail
		}
		fmt.Fprintf(c.out, "%-8s %-36s %-28s %s: %s\n", d.Kind, d.Address, d.Name, d.Where, state)
	}
	return exitOK
}

// deviceTest is what is to be tried of a device.
type deviceTest struct {
	as           string
	currency     string // a card terminal's
	page, drawer bool
	wait         time.Duration
}

func (c *call) testDevice(ctx context.Context, u devices.URL, t deviceTest) int {
	kind := t.as
	if kind == "" {
		kind = string(kindBy(ctx, u))
	}
	switch devices.Kind(kind) {
	case devices.PrinterKind:
		return c.testPrinter(ctx, u, t)
	case devices.ReaderKind:
		return c.testReader(ctx, u, t)
	case devices.ScannerKind:
		return c.testScanner(ctx, u, t)
	}
	return c.misused("%q is not printer, reader or scanner", kind)
}

// testTerminal registers at a card terminal and asks how it is. Nothing is charged.
func (c *call) testTerminal(ctx context.Context, address, dir, currency string) int {
	in, err := terminalCurrency(dir, currency)
	if err != nil {
		return c.misused("%v", err)
	}
	says, err := lines.TryTerminal(ctx, address, in)
	if err != nil {
		return c.fail(err)
	}
	return c.print(says)
}

// endTerminalDay makes a card terminal send its day to its host.
func (c *call) endTerminalDay(ctx context.Context, address, dir, currency string) int {
	in, err := terminalCurrency(dir, currency)
	if err != nil {
		return c.misused("%v", err)
	}
	amountMinor, slip, err := lines.EndTerminalDay(ctx, address, in)
	if err != nil {
		return c.fail(err)
	}
	return c.print(map[string]any{"amountMinor": amountMinor, "currency": in, "slip": slip})
}

// terminalCurrency is the currency in which a card terminal is registered: the one that is asked for, or that of the shop whose settings lie in a folder. A folder
// without any is no shop's, and most of these terminals take euros.
func terminalCurrency(dir, asked string) (money.Currency, error) {
	if asked != "" {
		in, err := money.ParseCurrency(asked)
		if err != nil {
			return in, fmt.Errorf("-currency: %w", err)
		}
		return in, nil
	}
	read, err := settings.Read(cmp.Or(dir, defaultDir()))
	switch {
	case err != nil:
		return "", fmt.Errorf("the settings say no currency: %w. Put them right, or name it with -currency", err)
	//mutant:a-terminal-is-registered-in-the-shop-s-currency
	case read.Demo():
		return "EUR", nil
	}
	return money.ParseCurrency(read.Till.Currency)
}

// kindBy is what an address is most likely for.
func kindBy(ctx context.Context, u devices.URL) devices.Kind {
	switch u.Scheme {
	case devices.PCSC, devices.Wedge, devices.Virtual:
		return devices.ReaderKind
	case devices.USB:
		for _, f := range port.List(ctx, gear.KindOf) {
			if f.URL.Vendor == u.Vendor && f.URL.Product == u.Product {
				return f.Kind
			}
		}
	}
	return devices.PrinterKind
}

// within is how long a device may take to be there.
const within = 5 * time.Second

func (c *call) testPrinter(ctx context.Context, u devices.URL, t deviceTest) int {
	p, err := printer.Open(u, printer.Config{})
	if err != nil {
		return c.fail(err)
	}
	defer func() { _ = p.Close() }() // it ends with the command
	connecting, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	findings, err := p.Identify(connecting)
	if err != nil {
		s := p.Status()
		return c.fail(fmt.Errorf("%s: %s %s: %w", u, s.Health, s.Reason, err))
	}
	proposal, err := gear.Propose(findings, u)
	if err != nil {
		return c.fail(err)
	}
	suited := gear.Suit(settings.Default().Devices, proposal)
	code := c.print(map[string]any{"address": u.String(), "status": p.Status().Health.String(), "reason": p.Status().Reason,
		"says": map[string]string{"maker": findings.Maker, "model": findings.Model, "firmware": findings.Firmware, "serial": findings.SerialNumber, "font": findings.Font},
		"can": map[string]string{"realTimeStatus": findings.RealTime.Answer.String(), "automaticStatus": findings.Automatic.Answer.String(),
			"queuedStatus": findings.Queued.Answer.String(), "processID": findings.ProcessID.Answer.String(), "clear": findings.Clear.Answer.String(),
			"drawerSensor": findings.Drawer.Answer.String()},
		"known": proposal.Known, "doubts": proposal.Doubts, "model": suited.Model, "encoding": suited.Encoding, "widthMm": suited.WidthMm})
	if t.drawer && code == exitOK {
		if err := p.KickDrawer(ctx); err != nil {
			return c.fail(err)
		}
		for end := time.Now().Add(2 * time.Second); p.Drawer() == printer.NotKnown && time.Now().Before(end); {
			time.Sleep(20 * time.Millisecond) // a drawer opens within a second and a half, or has no sensor
		}
		fmt.Fprintf(c.out, "drawer: %s\n", p.Drawer())
	}
	if t.page && code == exitOK {
		if err := gear.PrintTestPage(ctx, p, suited, findings, time.Now()); err != nil {
			return c.fail(err)
		}
		fmt.Fprintln(c.out, "test page: printed")
	}
	return code
}

func (c *call) testReader(ctx context.Context, u devices.URL, t deviceTest) int {
	if u.Scheme == devices.Wedge {
		return c.misused("a reader that types needs the window: try it on the page of the devices (Ctrl+E)")
	}
	r, err := reader.Open(u, port.OpenUSB, reader.Window{})
	if err != nil {
		return c.fail(err)
	}
	defer func() { _ = r.Close() }() // it ends with the command
	if err := settle(ctx, r.Status); err != nil {
		return c.fail(fmt.Errorf("%s: %w", u, err))
	}
	fmt.Fprintf(c.errOut, "%s is ready: swipe or insert a card within %s. Nothing is charged.\n", u, t.wait)
	waiting, cancel := context.WithTimeout(ctx, t.wait)
	defer cancel()
	card, err := r.Read(waiting)
	if err != nil {
		return c.fail(err)
	}
	defer card.Zero()
	return c.print(map[string]any{"card": card.Masked(), "scheme": card.Scheme(), "chip": card.Entry() == reader.Inserted, "label": card.Label(), "luhn": card.LuhnOK()})
}

func (c *call) testScanner(ctx context.Context, u devices.URL, t deviceTest) int {
	codes := make(chan string, 1)
	s, err := scanner.Open(u, port.OpenUSB, port.Open, func(code string) {
		select {
		case codes <- code:
		default: // one is enough
		}
	})
	if err != nil {
		return c.fail(err)
	}
	defer func() { _ = s.Close() }() // it ends with the command
	if err := settle(ctx, s.Status); err != nil {
		return c.fail(fmt.Errorf("%s: %w", u, err))
	}
	fmt.Fprintf(c.errOut, "%s is ready: scan something within %s\n", u, t.wait)
	select {
	case code := <-codes:
		if sale.HoldsCard([]byte(code)) {
			code = sale.Withheld
		}
		return c.print(map[string]string{"code": code})
	case <-time.After(t.wait):
		return c.fail(errors.New("nothing was scanned"))
	case <-ctx.Done():
		return c.fail(ctx.Err())
	}
}

// settle waits until a device is there, or says why it is not.
func settle(ctx context.Context, status func() devices.Status) error {
	for deadline := time.Now().Add(within); ; {
		s := status()
		switch {
		case s.Health != devices.Offline && s.Reason != devices.Connecting:
			return nil
		case s.Health == devices.Offline && time.Now().After(deadline):
			return fmt.Errorf("%s: %s", s.Reason, s.Detail)
		case ctx.Err() != nil:
			return ctx.Err()
		}
		time.Sleep(20 * time.Millisecond)
	}
}
