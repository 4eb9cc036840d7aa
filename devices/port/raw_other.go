//go:build !windows

package port

import (
	"errors"

	"veratill/devices"
)

func openRaw(name string) (Port, error) {
	return nil, &Error{devices.NotSupported, errors.New("windows: addresses are for Windows: here a USB printer is usb:VVVV:PPPP, and " + name + " is not looked for")}
}
