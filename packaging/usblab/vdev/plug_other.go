//go:build !linux

package vdev

import "errors"

var errLinux = errors.New("vdev: the virtual controller is Linux's")

// Plug needs Linux.
func (d *Device) Plug() error { return errLinux }

// Unplug needs Linux.
func (d *Device) Unplug() error { return nil }

// Path is empty but on Linux.
func (d *Device) Path() string { return "" }

// FreePorts needs Linux.
func FreePorts() (int, error) { return 0, errLinux }
