//go:build !linux

// Package ext4 is Linux's; here it says so.
package ext4

import "errors"

var errLinux = errors.New("ext4 on a loop device is Linux's")

// Disk is nothing here.
type Disk struct{ Image, At string }

// Missing says that this is not Linux.
func Missing() string { return errLinux.Error() }

// Apart reports false.
func Apart() bool { return false }

// Again runs nothing.
func Again() (int, error) { return 0, errLinux }

// Make makes nothing.
func (d Disk) Make(int64) error { return errLinux }

// Mount mounts nothing.
func (d Disk) Mount() error { return errLinux }

// Unmount unmounts nothing.
func (d Disk) Unmount() error { return errLinux }

// Remove has nothing to remove.
func (d Disk) Remove() {}
