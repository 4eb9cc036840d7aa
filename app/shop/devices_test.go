package shop_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"veratill/app/desk"
	"veratill/app/gear"
	"veratill/app/present"
	"veratill/app/settings"
	"veratill/app/shop"
	"veratill/assets"
	"veratill/devices"
	"veratill/devices/port"
	"veratill/devices/printer"
	"veratill/devices/reader"
	"veratill/txn"
)

// shop is a demonstration whose settings file can be changed.
func chosen(t *testing.T) (c *counter, home string) {
	t.Helper()
	home = t.TempDir()
	c, err := open(shop.Options{Dir: filepath.Join(home, "demo"), SettingsDir: home, Settings: settings.Default(), Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, home
}

// unit is a printer behind a socket.
func unit(t *testing.T, traits printer.Traits) (e *printer.Emulator, address string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	e = printer.NewEmulator(traits)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = e.Serve(ctx, ln)
	}()
	t.Cleanup(func() { cancel(); <-served })
	return e, "tcp://" + ln.Addr().String()
}

// A printer is chosen while the till runs: the next receipt comes out of it, the settings name it with what it said
// of itself, and the virtual one prints no more.
func TestAPrinterIsChosen(t *testing.T) {
	c, home := chosen(t)
	e, address := unit(t, printer.Traits{})
	papers := make(chan printer.Paper, 8)
	e.OnPaper(func(p printer.Paper) { papers <- p })
	if err := c.UseDevice(context.Background(), present.Printer, address); err != nil {
		t.Fatal(err)
	}
	kept, err := settings.Read(home)
	if err != nil || kept.Devices.Printer != address || kept.Devices.Encoding != "gbk" {
		t.Errorf("%+v %v", kept.Devices, err)
	}
	c.PayCash(context.Background(), clerk, cart(550), 1000)
	select {
	case p := <-papers:
		if !strings.Contains(string(p.Bytes), "5.50") {
			t.Errorf("another paper: %q", p.Bytes)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the new printer prints nothing")
	}
	if n := len(c.Sheets()); n != 0 {
		t.Errorf("the old printer has printed %d papers", n)
	}
	if err := c.PrintTestPage(context.Background()); err != nil {
		t.Fatal(err)
	}
	if p := <-papers; !strings.Contains(string(p.Bytes), "Test page") {
		t.Errorf("no test page: %q", p.Bytes)
	}
	for _, d := range c.Devices(context.Background()) {
		if d.InUse == present.Printer && d.Address != address {
			t.Errorf("%+v", d)
		}
	}
}

// A device that is not there is not taken: the till goes on with the one that it has, and the settings stay.
func TestAnAbsentDeviceIsNotTaken(t *testing.T) {
	c, home := chosen(t)
	for part, address := range map[present.Part]string{present.Printer: "tcp://127.0.0.1:1", present.Reader: "usb:fffe:fffe", present.Scanner: "serial:///dev/veratill-none",
		present.Bank: "tcp://127.0.0.1:1"} {
		if err := c.UseDevice(context.Background(), part, address); err == nil {
			t.Errorf("%s is taken as %s", address, part)
		}
	}
	if err := c.UseDevice(context.Background(), present.Bank, "virtual:"); !errors.Is(err, gear.ErrPart) {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(home, settings.FileName)); err == nil {
		t.Error("the settings were written")
	}
	if r := card(t, c, 1250, "0"); r.Charged != txn.ChargedYes {
		t.Errorf("%+v", r)
	}
	until(t, "its paper", func() bool { return len(c.Sheets()) == 1 })
}

// Settings that can't be written keep the device that was there.
func TestAChoiceThatCantBeKept(t *testing.T) {
	c, home := chosen(t)
	if err := os.WriteFile(filepath.Join(home, settings.FileName), []byte("devices = { printer = \"virtual:\" }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, address := unit(t, printer.Traits{})
	if err := c.UseDevice(context.Background(), present.Printer, address); !errors.Is(err, settings.ErrForm) && err == nil {
		t.Fatal("it was taken")
	}
	c.PayCash(context.Background(), clerk, cart(550), 1000)
	until(t, "its paper", func() bool { return len(c.Sheets()) == 1 })
}

// What the drawer's sensor teaches is kept for the next start.
func TestTheDrawersSensorIsKept(t *testing.T) {
	c, home := chosen(t)
	_, address := unit(t, printer.Traits{})
	if err := c.UseDevice(context.Background(), present.Printer, address); err != nil {
		t.Fatal(err)
	}
	if err := c.OpenDrawer(context.Background(), clerk); err != nil {
		t.Fatal(err)
	}
	until(t, "an open drawer", func() bool { return c.Drawer() == present.DrawerOpen })
	until(t, "the level in the settings", func() bool {
		s, err := settings.Read(home)
		return err == nil && s.Devices.Drawer == "low"
	})
}

// A card that is only tried is shown masked and charges nobody; one that would be refused says so.
func TestATriedCard(t *testing.T) {
	c, _ := chosen(t)
	try := func(id string) present.Swipe {
		t.Helper()
		done := make(chan present.Swipe, 1)
		go func() {
			s, err := c.TrySwipe(context.Background())
			if err != nil {
				t.Error(err)
			}
			done <- s
		}()
		until(t, "the reader", func() bool { return c.PresentCard(id) == nil })
		return <-done
	}
	if s := try("0"); s.Masked != "620000******0005" || s.Scheme != "UnionPay" || s.Code != "" {
		t.Errorf("%+v", s)
	}
	if s := try(testCard(t, c, "chip card, swiped")); s.Code != "chip card swiped" {
		t.Errorf("%+v", s)
	}
	if totals, err := c.Shop.Desk.Totals(context.Background(), 0); err != nil || totals.Sales.Count != 0 {
		t.Errorf("%+v %v", totals, err)
	}
}

// Where no reader that types is set up, what one types lands nowhere all the same.
func TestTheGuardOfTheKeys(t *testing.T) {
	c, _ := chosen(t)
	typed := ""
	c.HoldKeys(func(time.Duration, func()) {}, func(text string) { typed += text })
	at := time.Now()
	for _, x := range ";6217001234567894567=49121010000000000?\r" {
		at = at.Add(3 * time.Millisecond)
		if !c.TypedKey(x, at) {
			t.Fatalf("%q is let through", x)
		}
	}
	if typed != "" {
		t.Errorf("%q was given back", typed)
	}
	if at = at.Add(time.Minute); c.TypedKey('5', at) {
		t.Error("a person's digit is kept")
	}
}

// Every fault of a card has its words, and what to do next, in both languages.
func TestEveryCardFaultHasWords(t *testing.T) {
	for _, language := range assets.Languages {
		w, err := present.NewWords(language)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range []reader.Code{reader.Unreadable, reader.Partial, reader.Blank, reader.NoPaymentCard, reader.WrongChecksum, reader.NotUnderstood,
			reader.Encrypted, reader.SwipeLost, reader.CardRemoved, reader.CardMute, reader.CardNonsense, reader.CardBlocked, reader.Unsupported} {
			key := "code." + strings.ReplaceAll(desk.CodeOfCard(&reader.Fault{Code: code}), " ", "-")
			if !w.Has(key) || !w.Has(key+".next") {
				t.Errorf("%s: %s", language, key)
			}
		}
		for _, reason := range []devices.Reason{devices.Unplugged, devices.Refused, devices.NotSupported, printer.DrawerStuck} {
			if key := "chip." + strings.ReplaceAll(string(reason), " ", "-"); !w.Has(key) || !w.Has(key+".next") {
				t.Errorf("%s: %s", language, key)
			}
		}
	}
}

func TestKindOf(t *testing.T) {
	for want, d := range map[devices.Kind]port.Descriptor{
		devices.PrinterKind: {Class: port.ClassPrinter, Protocol: 2},
		devices.ReaderKind:  {Class: port.ClassSmartCard},
		devices.ScannerKind: {Class: port.ClassHID, Report: []byte{0x05, 0x8C, 0x09, 0xFE, 0x75, 0x08, 0x95, 0x38, 0x81, 0x02}},
		"":                  {Class: port.ClassHID, Vendor: 0x046D, Report: []byte{0x06, 0x00, 0xFF, 0x09, 0x01, 0x75, 0x08, 0x95, 0x14, 0x81, 0x02}}, // a mouse's maker's own
	} {
		if kind, ok := gear.KindOf(d); kind != want || ok != (want != "") {
			t.Errorf("%+v: %q", d, kind)
		}
	}
	if kind, _ := gear.KindOf(port.Descriptor{Class: port.ClassHID, Vendor: 0x0801, Product: 2}); kind != devices.ReaderKind {
		t.Errorf("MagTek: %q", kind)
	}
}

// Something is plugged in while a part of the gear is not there, or has no use for that.
func TestReplugged(t *testing.T) {
	c, _ := chosen(t)
	if err := c.Reconnect(context.Background(), present.Reader); err != nil {
		t.Fatal(err)
	}
	_, address := unit(t, printer.Traits{})
	if err := c.UseDevice(context.Background(), present.Printer, address); err != nil {
		t.Fatal(err)
	}
	if err := c.Reconnect(context.Background(), present.Reader); err != nil {
		t.Fatal(err)
	}
}
