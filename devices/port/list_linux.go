package port

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"veratill/devices"
)

// sysUSB is where the kernel shows the bus: Documentation/ABI/stable/sysfs-bus-usb.
var sysUSB = "/sys/bus/usb/devices"

// listUSB reads the kernel's list, which needs no permission and disturbs nobody.
func listUSB(_ context.Context, kindOf KindOf) (found []devices.Found) {
	entries, err := os.ReadDir(sysUSB)
	if err != nil {
		return nil // no bus
	}
	for _, e := range entries {
		if name := e.Name(); !strings.Contains(name, ":") && !strings.HasPrefix(name, "usb") {
			found = append(found, listDevice(filepath.Join(sysUSB, name), kindOf)...)
		}
	}
	return found
}

func listDevice(dir string, kindOf KindOf) (found []devices.Found) {
	vendor, ok := sysHex(dir, "idVendor")
	product, ok2 := sysHex(dir, "idProduct")
	if !ok || !ok2 {
		return nil // it went while it was looked at
	}
	desc := Descriptor{Vendor: uint16(vendor), Product: uint16(product),
		Maker: sysText(dir, "manufacturer"), Name: sysText(dir, "product"), SerialNumber: sysText(dir, "serial")}
	whole, _ := os.ReadFile(filepath.Join(dir, "descriptors")) // without it there is no Extra, which a list can miss
	faces, _ := filepath.Glob(dir + ":*")                      // the pattern is well formed
	slices.Sort(faces)
	for _, face := range faces {
		here := describeSys(desc, face, whole)
		kind, ok := kindOf(here)
		if !ok {
			continue
		}
		f := devices.Found{Kind: kind, Maker: here.Maker, Product: here.Name, SerialNumber: here.SerialNumber, Where: where(dir),
			URL: devices.URL{Scheme: devices.USB, Vendor: here.Vendor, Product: here.Product, SerialNumber: here.SerialNumber, Interface: devices.Any}}
		if slices.ContainsFunc(found, func(o devices.Found) bool { return o.Kind == kind }) {
			f.URL.Interface = here.Interface // the second of the kind on one device has to be named
		}
		f.Problem, f.Detail = nodeProblem(dir)
		found = append(found, f)
	}
	return found
}

func describeSys(d Descriptor, face string, whole []byte) Descriptor {
	number, _ := sysHex(face, "bInterfaceNumber")
	class, _ := sysHex(face, "bInterfaceClass")
	sub, _ := sysHex(face, "bInterfaceSubClass")
	protocol, _ := sysHex(face, "bInterfaceProtocol")
	d.Interface, d.Class, d.Sub, d.Protocol = int(number), uint8(class), uint8(sub), uint8(protocol)
	if len(whole) > deviceDescriptor { // the device's own descriptor stands before the configurations
		d.Extra = classDescriptors(whole[deviceDescriptor:], d.Interface)
	}
	if reports, _ := filepath.Glob(filepath.Join(face, "*", "report_descriptor")); len(reports) > 0 {
		d.Report, _ = os.ReadFile(reports[0]) // a list can miss it
	}
	return d
}

// deviceDescriptor is the length of a device descriptor: USB 2.0, table 9-8.
const deviceDescriptor = 18

func sysText(dir, name string) string {
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(strings.ToValidUTF8(string(b), "?"))
}

func sysHex(dir, name string) (uint64, bool) {
	n, err := strconv.ParseUint(sysText(dir, name), 16, 16)
	return n, err == nil
}

// where is the socket in words: "1-2.3" is port 3 of the hub at port 2 of bus 1.
func where(dir string) string {
	bus, path, _ := strings.Cut(filepath.Base(dir), "-")
	return fmt.Sprintf("bus %s port %s", bus, path)
}

// nodeProblem is why this user can't open a device.
func nodeProblem(dir string) (devices.Reason, string) {
	bus, _ := strconv.Atoi(sysText(dir, "busnum")) // 0 names no node, which is then absent
	number, _ := strconv.Atoi(sysText(dir, "devnum"))
	return accessProblem(fmt.Sprintf("/dev/bus/usb/%03d/%03d", bus, number), MissingRule)
}

func lineProblem(path string) (devices.Reason, string) {
	return accessProblem(path, "add this user to the group dialout and sign in again")
}

func accessProblem(path, remedy string) (devices.Reason, string) {
	err := unix.Access(path, unix.R_OK|unix.W_OK)
	switch err {
	case nil:
		return devices.None, ""
	case unix.EACCES, unix.EPERM:
		return devices.PortDenied, fmt.Sprintf("%s: %v: %s", path, err, remedy)
	}
	return devices.PortMissing, fmt.Sprintf("%s: %v", path, err)
}

// listPrinters is for systems that keep printers to themselves.
func listPrinters() []devices.Found { return nil }

// signature changes whenever a device comes or goes: the kernel numbers devices upwards.
func signature() string {
	var b strings.Builder
	for _, pattern := range []string{sysUSB + "/*/devnum", "/dev/ttyUSB*", "/dev/ttyACM*"} {
		names, _ := filepath.Glob(pattern) // the patterns are well formed
		for _, name := range names {
			b.WriteString(name)
			if strings.HasSuffix(name, "devnum") {
				text, _ := os.ReadFile(name) // it may go in between: then the next look tells
				b.WriteString(hex.EncodeToString(text))
			}
		}
	}
	return b.String()
}
