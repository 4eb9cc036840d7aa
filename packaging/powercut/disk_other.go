//go:build !linux

package main

import (
	"errors"

	"veratill/packaging/ext4"
)

const (
	logFlush   uint32 = 1
	noLogFlush uint32 = 2
)

var errLinux = errors.New("the shutdown call is Linux's")

// disk is nothing here.
type disk struct{ ext4.Disk }

func (d disk) cut(uint32) error { return errLinux }
func (d disk) restore() error   { return errLinux }
