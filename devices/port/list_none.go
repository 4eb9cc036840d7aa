//go:build !cgo && !linux

package port

import (
	"context"
	"strings"

	"veratill/devices"
)

// listUSB needs libusb, and this program was built without it.
func listUSB(context.Context, KindOf) []devices.Found { return nil }

// signature changes when a printer or a line comes or goes.
func signature() string {
	var names []string
	for _, f := range append(listPrinters(), listSerial()...) {
		names = append(names, f.URL.String())
	}
	return strings.Join(names, " ")
}
