//go:build !windows

package reader

import (
	"errors"

	"veratill/devices"
	"veratill/devices/port"
)

var errNoPCSC = errors.New("PC/SC readers are reached on Windows; here the reader's usb address is")

func newSmartCards() (smartCards, error) {
	return nil, &port.Error{Reason: devices.NotSupported, Err: errNoPCSC}
}
