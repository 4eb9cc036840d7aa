//go:build cgo

package port

import (
	"errors"
	"testing"

	"github.com/google/gousb"

	"veratill/devices"
)

// oddBus is a bus with a device over which the library panics, as with one that gives an interface twice.
type oddBus struct {
	before []*gousb.DeviceDesc
	panics bool
	err    error
	opened int
}

func (b *oddBus) OpenDevices(opener func(*gousb.DeviceDesc) bool) (list []*gousb.Device, err error) {
	for _, d := range b.before {
		if opener(d) {
			b.opened++
			list = append(list, &gousb.Device{Desc: d})
		}
	}
	if b.panics {
		var none []int
		_ = none[len(b.before)-1]
	}
	return list, b.err
}

// An odd device of somebody's ends no till, and leaves nothing open.
func TestAnOddDeviceOnTheBus(t *testing.T) {
	u := devices.URL{Scheme: devices.USB, Vendor: 1, Product: 2}
	wanted := func(d *gousb.DeviceDesc) bool { return d.Vendor == 1 }
	bus := &oddBus{before: []*gousb.DeviceDesc{{Vendor: 1, Product: 2}}, panics: true}
	list, err := openDevices(bus, wanted)
	if len(list) > 0 || bus.opened > 0 {
		t.Errorf("%d of a bus that can't be listed are open", bus.opened)
	}
	reasonIs(t, absent(u, err), devices.NotSupported)
	bus.panics, bus.err = false, gousb.ErrorAccess
	if list, err = openDevices(bus, wanted); len(list) != 1 || bus.opened != 1 || !errors.Is(err, gousb.ErrorAccess) {
		t.Errorf("%d %v", bus.opened, err)
	}
	reasonIs(t, absent(u, err), devices.PortDenied)
	if list, err = openDevices(bus, func(*gousb.DeviceDesc) bool { return false }); len(list) != 0 {
		t.Error(list, err)
	}
	reasonIs(t, absent(u, nil), devices.Unplugged)
	reasonIs(t, absent(u, gousb.ErrorIO), devices.Unplugged)
	reasonIs(t, absent(u, gousb.ErrorBusy), devices.PortBusy)
}

// A serial number that the kernel's list shows is the one that libusb says, whatever either does to it.
func TestSameSerial(t *testing.T) {
	for _, c := range []struct {
		address, said string
		want          bool
	}{
		{"X1", "X1", true}, {"X1", "X2", false}, {"X1", "X1  ", true}, {"X1 ", "X1", true}, {"X1", "X1\t", true}, {"X1", "X1\x00\x00", true}, {"", "", true}, {"X", "", false},
		{"é1", "?1", true}, {"设备", "??", true}, {"设备", "?", false}, {"A\x01B", "A\x01B", true},
	} {
		if got := sameSerial(c.address, c.said); got != c.want {
			t.Errorf("%q and %q: %v", c.address, c.said, got)
		}
	}
}
