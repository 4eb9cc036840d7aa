//go:build !linux

package main

import "errors"

const (
	logFlush   uint32 = 1
	noLogFlush uint32 = 2
)

var errLinux = errors.New("the shutdown call is Linux's")

// disk is nothing here.
type disk struct{ image, at string }

func missing() string                        { return errLinux.Error() }
func inNamespace() (bool, error)             { return false, errLinux }
func again() int                             { return 0 }
func newDisk(image, at string) (disk, error) { return disk{}, errLinux }
func (d disk) cut(uint32) error              { return errLinux }
func (d disk) restore() error                { return errLinux }
func (d disk) remove()                       {}
