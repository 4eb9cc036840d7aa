// Package models are the devices of a counter as virtual USB devices: printers, card readers, a
// chip reader and a scanner, each with the habits of a kind of real unit. All are vdev.Devices, so
// a test can pull their cable, stall them and let the host wait:
//
//	p := models.FullPrinter(512)
//	guest.Plug(t, p.Device)             // plugged in until the test ends
//	p.Emulator.OutAfter(300, -1)        // paper runs out
//	p.PullAfter(1000)                   // the cable goes
//
//	r := models.MagTek()
//	guest.Plug(t, r.Device)
//	err := r.Swipe("%B62…^…?", ";62…=…?")
//
//	c := models.ChipReader()
//	guest.Plug(t, c.Device)
//	c.Insert(models.TestCard())
//
// What is in their descriptors and reports is documented with each model, with its source.
package models

import "veratill/packaging/usblab/vdev"

// Numbers of classes, and requests to an interface.
const (
	classHID       = 0x03
	classPrinter   = 0x07
	classSmartCard = 0x0B
)

// Endpoints that all models have in the same places.
const (
	OutEndpoint   uint8 = 0x01 // bulk, printers and chip readers
	InEndpoint    uint8 = 0x82 // bulk, printers and chip readers
	EventEndpoint uint8 = 0x83 // interrupt, chip readers
	InputEndpoint uint8 = 0x81 // interrupt, HID readers and scanners
)

// speedOf is the speed at which a bulk endpoint has packets of size bytes.
func speedOf(size uint16) vdev.Speed {
	if size > 64 {
		return vdev.High
	}
	return vdev.Full
}
