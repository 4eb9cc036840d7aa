package vdev

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// controller is the folder of the kernel's virtual host controller.
const controller = "/sys/devices/platform/vhci_hcd.0/"

// letGo is how long the kernel may take to give a port back.
const letGo = 10 * time.Second

// freePort is VDEV_ST_NULL in the controller's status.
const freePort = "004"

// Plug puts the device on the bus and returns at once; WaitConfigured waits for the host. Errors:
// no controller (vhci_hcd is not loaded), no right, no free port, a device that is plugged in.
// What is left of a cable that was pulled is cleared up first, as by Unplug.
func (d *Device) Plug() error {
	select {
	case <-d.Pulled():
		if err := d.Unplug(); err != nil {
			return err
		}
	default:
	}
	for {
		port, err := firstFree()
		if err != nil {
			return err
		}
		err = d.plugInto(port)
		if !errors.Is(err, unix.EBUSY) && !errors.Is(err, unix.EINVAL) {
			return err
		}
		if state, other := portState(port); other != nil || state == freePort {
			return err // nobody else took it
		}
	}
}

func (d *Device) plugInto(port int) error {
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("vdev: %w", err)
	}
	defer unix.Close(ends[1]) // the kernel keeps its own hold of it
	if err := unix.SetNonblock(ends[0], true); err != nil {
		unix.Close(ends[0])
		return fmt.Errorf("vdev: %w", err)
	}
	conn := os.NewFile(uintptr(ends[0]), "vdev")
	deviceID := 0x10000 | (port + 1)
	order := fmt.Sprintf("%d %d %d %d", port, ends[1], deviceID, d.Speed)
	if err := os.WriteFile(controller+"attach", []byte(order), 0o200); err != nil {
		return errors.Join(fmt.Errorf("vdev: port %d: %w", port, err), conn.Close())
	}
	if err := d.Connect(conn); err != nil {
		return errors.Join(err, conn.Close())
	}
	d.change(func() { d.port = port })
	return nil
}

// Unplug pulls the cable, and returns once the kernel has given the port back and forgotten the
// device, and nothing of the device runs any more. An error says that it took more than 10 s.
// It must not be called from Control, Out or Session, for which it waits.
func (d *Device) Unplug() error {
	d.mu.Lock()
	plugged := d.now != nil
	d.mu.Unlock()
	if !plugged {
		return nil
	}
	path := d.Path()
	d.Disconnect()
	for end := time.Now().Add(letGo); ; time.Sleep(5 * time.Millisecond) {
		state, err := portState(d.port)
		if err != nil {
			return err
		}
		_, gone := os.Stat(path)
		if state == freePort && gone != nil {
			d.change(func() { d.now = nil })
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("vdev: port %d is still in state %s after %v; %s: %v", d.port, state, letGo, path, gone)
		}
	}
}

// Path is the device's folder in sysfs, such as …/usb5/5-1. It is there while the kernel knows
// the device; a device that was never plugged in has none, and Path is empty.
func (d *Device) Path() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.now == nil {
		return ""
	}
	// The controller has two buses, the first of which carries the slow speeds.
	buses, err := filepath.Glob(controller + "usb*")
	if err != nil || len(buses) == 0 {
		return ""
	}
	bus := buses[0]
	for _, b := range buses {
		if len(b) < len(bus) || len(b) == len(bus) && b < bus {
			bus = b
		}
	}
	return filepath.Join(bus, fmt.Sprintf("%s-%d", strings.TrimPrefix(filepath.Base(bus), "usb"), d.port+1))
}

// ports calls f with the number and the state of every port of the slow bus.
func ports(f func(port int, state string) bool) error {
	b, err := os.ReadFile(controller + "status")
	if err != nil {
		return fmt.Errorf("vdev: the kernel's virtual controller (vhci_hcd): %w", err)
	}
	for line := range strings.Lines(string(b)) {
		field := strings.Fields(line)
		if len(field) < 3 || field[0] != "hs" {
			continue
		}
		if port, err := strconv.Atoi(field[1]); err == nil && f(port, field[2]) {
			break
		}
	}
	return nil
}

func firstFree() (int, error) {
	free := -1
	err := ports(func(port int, state string) bool {
		if state == freePort {
			free = port
		}
		return free >= 0
	})
	if err == nil && free < 0 {
		err = errors.New("vdev: every port of the virtual controller is taken")
	}
	return free, err
}

func portState(port int) (string, error) {
	found := ""
	err := ports(func(n int, state string) bool {
		if n == port {
			found = state
		}
		return found != ""
	})
	return found, err
}

// FreePorts is how many ports of the controller have no device: what a test that leaks none
// finds as it left it. Errors: there is no controller.
func FreePorts() (int, error) {
	n := 0
	err := ports(func(_ int, state string) bool {
		if state == freePort {
			n++
		}
		return false
	})
	return n, err
}
