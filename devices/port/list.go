package port

import (
	"context"
	"slices"
	"strings"
	"time"

	"go.bug.st/serial/enumerator"

	"veratill/devices"
)

// MissingRule is what to do when the system keeps a device from this user: the rule that
// the Linux package installs, by its name.
const MissingRule = "install the udev rule 70-veratill.rules and plug the device in again, or ask who looks after this computer"

// KindOf says what a device on the bus is for; false leaves it out of a list. A class tells
// printers and chip readers; what a HID device is for is known one room higher.
type KindOf func(Descriptor) (devices.Kind, bool)

// List finds the devices of this computer: on the USB bus, printers that Windows knows, and
// serial lines. A part that can't be listed is left out. Nothing is opened, so that no
// device that is in use is disturbed; on systems other than Linux a name needs a short look.
func List(ctx context.Context, kindOf KindOf) []devices.Found {
	found := append(listUSB(ctx, kindOf), listPrinters()...)
	found = append(found, listSerial()...)
	slices.SortStableFunc(found, func(a, b devices.Found) int {
		return strings.Compare(string(a.Kind)+a.URL.String(), string(b.Kind)+b.URL.String())
	})
	return found
}

// listSerial are the lines that somebody may have put a device on.
func listSerial() []devices.Found {
	ports, err := enumerator.GetDetailedPortsList()
	if err != nil {
		return nil // the system has no such list: lines can still be named
	}
	var found []devices.Found
	for _, p := range ports {
		u := devices.URL{Scheme: devices.Serial, Path: p.Name, Baud: devices.DefaultBaud}
		f := devices.Found{URL: u, Kind: devices.SerialLine, Product: p.Product, SerialNumber: p.SerialNumber, Where: p.Name}
		f.Problem, f.Detail = lineProblem(p.Name)
		found = append(found, f)
	}
	return found
}

// Watch calls changed soon after a device is plugged in or pulled out, until ctx ends. It
// looks every watchEvery at a list that costs less than a millisecond and opens nothing: that
// works without a device daemon too.
func Watch(ctx context.Context, changed func()) {
	last := signature()
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if now := signature(); now != last {
			last = now
			changed()
		}
	}
}

const watchEvery = 250 * time.Millisecond
