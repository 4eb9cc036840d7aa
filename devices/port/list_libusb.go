//go:build cgo && !linux

package port

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/gousb"

	"veratill/devices"
)

// listUSB asks libusb, and each device that may be of use for its name.
func listUSB(_ context.Context, kindOf KindOf) (found []devices.Found) {
	c, err := newContext()
	if err != nil {
		return nil // no bus
	}
	list, _ := openDevices(c, func(d *gousb.DeviceDesc) bool { return len(kinds(d, Descriptor{}, kindOf)) > 0 }) // what can't be opened is left out
	for _, d := range list {
		says := func(text string, _ error) string { return text } // empty with an error
		desc := Descriptor{Maker: says(d.Manufacturer()), Name: says(d.Product()), SerialNumber: says(d.SerialNumber())}
		found = append(found, kinds(d.Desc, desc, kindOf)...)
		_ = d.Close() // no configuration of it is claimed
	}
	_ = c.Close() // nothing is open on it
	return found
}

func kinds(d *gousb.DeviceDesc, desc Descriptor, kindOf KindOf) (found []devices.Found) {
	desc.Vendor, desc.Product = uint16(d.Vendor), uint16(d.Product)
	for _, config := range d.Configs {
		for _, face := range config.Interfaces {
			here := faceOf(desc, face.AltSettings[0])
			if kind, ok := kindOf(here); ok && (kind != devices.PrinterKind || !onWindows) {
				found = append(found, devices.Found{Kind: kind, Maker: here.Maker, Product: here.Name, SerialNumber: here.SerialNumber,
					Where: fmt.Sprintf("bus %d port %d", d.Bus, d.Port),
					URL:   devices.URL{Scheme: devices.USB, Vendor: here.Vendor, Product: here.Product, SerialNumber: here.SerialNumber, Interface: here.Interface}})
			}
		}
	}
	return found
}

// signature changes when a device comes or goes.
func signature() string {
	c, err := newContext()
	if err != nil {
		return "" // no bus: nothing comes or goes
	}
	var b strings.Builder
	_, _ = openDevices(c, func(d *gousb.DeviceDesc) bool { // none is opened
		fmt.Fprintf(&b, "%d.%d ", d.Bus, d.Address)
		return false
	})
	_ = c.Close() // nothing is open on it
	return b.String()
}
