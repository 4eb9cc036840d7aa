//go:build !cgo

package port

import (
	"context"
	"errors"

	"veratill/devices"
)

// OpenUSB needs libusb, and this program was built without it: the error is NotSupported.
func OpenUSB(context.Context, devices.URL, func(Descriptor) bool) (USB, error) {
	return nil, &Error{devices.NotSupported, errors.New("this program was built without libusb (cgo)")}
}
