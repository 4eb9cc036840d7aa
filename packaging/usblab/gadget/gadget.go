// Package gadget makes USB devices of the kernel's own gadget functions (configfs on dummy_hcd):
// a printer at /dev/g_printer0, a HID device at /dev/hidg0, a serial line at /dev/ttyGS0. They show
// the drivers a second implementation beside package vdev, that of the kernel. Two controllers are
// there, dummy_udc.0 and dummy_udc.1, each for one gadget at a time.
//
// A gadget's file has to be closed before its function is bound again: Debian 12's kernel falls
// over otherwise. So the file is opened by Open, and Unplug closes it first.
package gadget

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

const configfs = "/sys/kernel/config/usb_gadget"

// patience is how long the host may take to configure a gadget.
const patience = 20 * time.Second

// Gadget is one device with one function.
type Gadget struct {
	dir, function, controller, node string

	mu   sync.Mutex
	open []*os.File
}

// Identity is what a gadget says of itself.
type Identity struct {
	Vendor, Product     uint16
	Maker, Name, Serial string
}

// Printer is a gadget of the printer class with its IEEE 1284 string. Its file takes what the host
// sends, and sends what is written.
func Printer(controller string, id Identity, deviceID string) (*Gadget, error) {
	return make1(controller, id, "printer", "/dev/g_printer0", map[string]string{"pnp_string": deviceID, "q_len": "10"})
}

// HID is a gadget of the HID class with one input report of so many bytes.
func HID(controller string, id Identity, descriptor []byte, reportLength int) (*Gadget, error) {
	return make1(controller, id, "hid", "/dev/hidg0", map[string]string{
		"protocol": "0", "subclass": "0", "report_length": fmt.Sprint(reportLength), "report_desc": string(descriptor)})
}

// Serial is a gadget of the class of modems (CDC ACM): /dev/ttyGS0 here, /dev/ttyACM0 at the host.
func Serial(controller string, id Identity) (*Gadget, error) {
	return make1(controller, id, "acm", "/dev/ttyGS0", nil)
}

func make1(controller string, id Identity, kind, node string, attributes map[string]string) (*Gadget, error) {
	g := &Gadget{dir: filepath.Join(configfs, kind+"-"+controller), function: kind + ".lab", controller: controller, node: node}
	texts := filepath.Join(g.dir, "strings/0x409")
	function := filepath.Join(g.dir, "functions", g.function)
	config := filepath.Join(g.dir, "configs/c.1")
	var all error
	for _, dir := range []string{g.dir, texts, function, config} {
		all = errors.Join(all, os.Mkdir(dir, 0o755))
	}
	put := func(value, dir, name string) {
		all = errors.Join(all, os.WriteFile(filepath.Join(dir, name), []byte(value), 0o644))
	}
	put(fmt.Sprintf("%#04x", id.Vendor), g.dir, "idVendor")
	put(fmt.Sprintf("%#04x", id.Product), g.dir, "idProduct")
	put(id.Maker, texts, "manufacturer")
	put(id.Name, texts, "product")
	put(id.Serial, texts, "serialnumber")
	for name, value := range attributes {
		put(value, function, name)
	}
	if all == nil {
		all = os.Symlink(function, filepath.Join(config, g.function))
	}
	if all != nil {
		return nil, errors.Join(fmt.Errorf("gadget %s: %w", kind, all), g.Remove())
	}
	return g, nil
}

// Plug puts the gadget on its bus.
func (g *Gadget) Plug() error {
	return os.WriteFile(filepath.Join(g.dir, "UDC"), []byte(g.controller), 0o644)
}

// Open opens the gadget's file, once the host has configured the gadget: before that the kernel
// says ENODEV. Unplug closes it, if the caller has not.
func (g *Gadget) Open() (*os.File, error) {
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		f, err := os.OpenFile(g.node, os.O_RDWR|syscall.O_NOCTTY, 0)
		if err == nil {
			g.mu.Lock()
			g.open = append(g.open, f)
			g.mu.Unlock()
			return f, nil
		}
		if !errors.Is(err, syscall.ENODEV) && !errors.Is(err, os.ErrNotExist) && !errors.Is(err, syscall.ENXIO) || time.Now().After(end) {
			return nil, err
		}
	}
}

// Unplug takes the gadget off its bus, and then closes its file, before it can be bound again.
func (g *Gadget) Unplug() error {
	err := os.WriteFile(filepath.Join(g.dir, "UDC"), []byte("\n"), 0o644)
	if errors.Is(err, syscall.ENODEV) { // it is not plugged in
		err = nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, f := range g.open {
		if other := f.Close(); other != nil && !errors.Is(other, os.ErrClosed) {
			err = errors.Join(err, other)
		}
	}
	g.open = nil
	return err
}

// Remove unplugs the gadget and takes it apart. What is not there any more is no error.
func (g *Gadget) Remove() error {
	err := g.Unplug()
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	config := filepath.Join(g.dir, "configs/c.1")
	for _, name := range []string{filepath.Join(config, g.function), config,
		filepath.Join(g.dir, "functions", g.function), filepath.Join(g.dir, "strings/0x409"), g.dir} {
		if other := os.Remove(name); other != nil && !errors.Is(other, os.ErrNotExist) {
			err = errors.Join(err, other)
		}
	}
	return err
}
