package shop_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"veratill/app/present"
	"veratill/app/settings"
	"veratill/app/shop"
	"veratill/devices/printer"
	"veratill/txn"
)

// Settings that name what can't be opened keep no till from opening: it sells, says what is wrong with which
// device, calls no receipt printed, and takes another device. A command is told instead.
func TestATillOpensWithoutItsDevices(t *testing.T) {
	for name, bad := range map[string]func(*settings.Devices){
		"printer address":  func(d *settings.Devices) { d.Printer = "usb:what" },
		"printer scheme":   func(d *settings.Devices) { d.Printer = "pcsc:x" },
		"printer encoding": func(d *settings.Devices) { d.Encoding = "klingon" },
		"reader address":   func(d *settings.Devices) { d.Reader = "sub:1" },
		"reader file":      func(d *settings.Devices) { d.Reader = "virtual:" + filepath.Join(t.TempDir(), "none") },
		"scanner address":  func(d *settings.Devices) { d.Scanner = "tcp://h:1" },
	} {
		t.Run(name, func(t *testing.T) {
			o := shop.Options{Dir: t.TempDir(), SettingsDir: t.TempDir(), Settings: settings.Default(), Version: "test"}
			bad(&o.Settings.Devices)
			if c, err := open(o); err == nil {
				c.Close()
				t.Error("a command is not told")
			}
			o.AnyDevices = true
			c, err := open(o)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			part := present.Part(strings.Fields(name)[0])
			until(t, "a chip that says it", func() bool {
				for _, chip := range c.Chips() {
					if chip.Part == part {
						return chip.Health == present.Offline && chip.Code == "not supported" && chip.LastError != ""
					}
				}
				return false
			})
			if r := c.PayCash(context.Background(), clerk, cart(550), 1000); r.Charged != txn.ChargedYes || r.Code != "" {
				t.Errorf("cash: %+v", r)
			}
			c.Till.WaitForPaper()
			if n := len(c.Sheets()); (part == present.Printer) != (n == 0) {
				t.Errorf("%d papers", n)
			}
			if part != present.Printer {
				return
			}
			if r := card(t, c, 1250, "0"); r.Charged != txn.ChargedYes || r.Attempt.Paper == txn.Printed {
				t.Errorf("card: %+v", r)
			}
			_, address := unit(t, printer.Traits{})
			if err := c.UseDevice(context.Background(), present.Printer, address); err != nil {
				t.Error(err)
			}
		})
	}
}

// A model that is not known is no reason not to print.
func TestAnUnknownModelPrints(t *testing.T) {
	o := shop.Options{Dir: t.TempDir(), Settings: settings.Default(), Version: "test", AnyDevices: true}
	o.Settings.Devices.Model = "no such model"
	c, err := open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	c.PayCash(context.Background(), clerk, cart(550), 1000)
	until(t, "its paper", func() bool { return len(c.Sheets()) == 1 })
}
