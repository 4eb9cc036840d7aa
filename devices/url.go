// Package devices is what stands on the counter: the addresses of devices, and
// what state they are in. It carries codes; words for people are the screen's.
package devices

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ErrURL is the kind of every fault of a device address. The message says what is
// wrong and gives an example.
var ErrURL = errors.New("device address")

// Scheme is how a device is reached. The set is closed.
type Scheme string

// The schemes.
const (
	TCP     Scheme = "tcp"
	Serial  Scheme = "serial"
	USB     Scheme = "usb"     // a printer, reader or scanner on the bus
	Windows Scheme = "windows" // a printer by its queue's name, or by the path of usbprint.sys
	PCSC    Scheme = "pcsc"    // a chip reader that Windows holds, by its name
	Wedge   Scheme = "wedge"   // a reader that types
	Virtual Scheme = "virtual"
)

// DefaultBaud is the speed of a serial port whose address names none: what
// receipt printers leave the factory with.
const DefaultBaud = 9600

// DefaultPrinterPort is where network printers listen (raw, "JetDirect").
const DefaultPrinterPort = "9100"

// URL is the address of a device.
type URL struct {
	Scheme Scheme
	Host   string // tcp: host:port
	Path   string // serial, windows, pcsc: a name; virtual: a file, or empty
	Baud   int    // serial: bits a second, 1,200 to 921,600
	Stop   int    // serial: stop bits behind each byte, 1 or 2; 0 is what the device's kind has, which is 1 but for card terminals

	Vendor, Product uint16 // usb: the numbers that say what it is
	SerialNumber    string // usb: which of several; empty is the first that is found
	Interface       int    // usb: its number, where a device has several of the kind; otherwise Any

	Prefix, Suffix string // wedge: what stands before and behind a track
	GapMs          int    // wedge: the longest pause between two characters, 5 to 250
}

// Any is an Interface that is not given: the first of the kind is taken.
const Any = -1

func fault(what, example string) error {
	return fmt.Errorf("%w: %s; for example %s", ErrURL, what, example)
}

// ParseURL reads tcp://host[:port], serial:///dev/ttyUSB0?baud=19200,
// serial:COM3?baud=19200, usb:04b8:0202?serial=X1&interface=1, windows:NAME, pcsc:NAME,
// wedge:?prefix=%25&suffix=%3F&gapMs=30, virtual: and virtual:FILE. Errors are ErrURL.
func ParseURL(s string) (URL, error) {
	scheme, rest, found := strings.Cut(s, ":")
	if !found {
		return URL{}, fault(fmt.Sprintf("%q has no scheme", s), "tcp://192.168.1.50:9100")
	}
	switch Scheme(scheme) {
	case TCP:
		return parseTCP(rest)
	case Serial:
		return parseSerial(rest)
	case USB:
		return parseUSB(rest)
	case Wedge:
		return parseWedge(rest)
	case Windows, PCSC:
		return parseNamed(Scheme(scheme), rest)
	case Virtual:
		if strings.ContainsRune(rest, 0) {
			return URL{}, fault("a file name holds a zero byte", "virtual:tracks.txt")
		}
		return URL{Scheme: Virtual, Path: rest}, nil
	}
	return URL{}, fault(fmt.Sprintf("scheme %q is not one of tcp, serial, usb, windows, pcsc, wedge, virtual", scheme), "tcp://192.168.1.50:9100")
}

func parseTCP(rest string) (URL, error) {
	const example = "tcp://192.168.1.50:9100"
	host, found := strings.CutPrefix(rest, "//")
	host = strings.TrimSuffix(host, "/")
	if !found || host == "" || strings.ContainsAny(host, "/?#@ ") {
		return URL{}, fault(fmt.Sprintf("%q is not //host:port", rest), example)
	}
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		name, port = strings.Trim(host, "[]"), DefaultPrinterPort
		if strings.Contains(host, ":") && !strings.HasPrefix(host, "[") {
			return URL{}, fault(fmt.Sprintf("%q is not host:port", host), example)
		}
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
		return URL{}, fault(fmt.Sprintf("port %q is not 1 to 65535", port), example)
	}
	if name == "" {
		return URL{}, fault("the host is missing", example)
	}
	if strings.ContainsAny(name, "[]") || strings.Contains(name, ":") && net.ParseIP(name) == nil {
		return URL{}, fault(fmt.Sprintf("%q is no host", name), example)
	}
	return URL{Scheme: TCP, Host: net.JoinHostPort(name, port)}, nil
}

func parseSerial(rest string) (URL, error) {
	const example = "serial:///dev/ttyUSB0?baud=19200 or serial:COM3?baud=19200"
	path, values, err := query(rest, example, "baud", "stop")
	if err != nil {
		return URL{}, err
	}
	path = strings.TrimPrefix(path, "//")
	if path == "" {
		return URL{}, fault("the port's name is missing", example)
	}
	u := URL{Scheme: Serial, Path: path}
	if u.Baud, err = number(values, "baud", DefaultBaud, 1200, 921_600, example); err != nil {
		return URL{}, err
	}
	u.Stop, err = number(values, "stop", 0, 1, 2, example)
	return u, err
}

func parseUSB(rest string) (URL, error) {
	const example = "usb:04b8:0202 or usb:04b8:0202?serial=X1"
	ids, values, err := query(rest, example, "serial", "interface")
	if err != nil {
		return URL{}, err
	}
	vendor, product, _ := strings.Cut(ids, ":")
	u := URL{Scheme: USB, SerialNumber: values.Get("serial")}
	if u.Vendor, err = hexID(vendor, "vendor", example); err != nil {
		return URL{}, err
	}
	if u.Product, err = hexID(product, "product", example); err != nil {
		return URL{}, err
	}
	if len(u.SerialNumber) > 126 || strings.ContainsFunc(u.SerialNumber, control) {
		return URL{}, fault("the serial number is longer than a device can have, or holds control characters", example)
	}
	u.Interface, err = number(values, "interface", Any, 0, 255, example)
	return u, err
}

// hexID reads the four hex digits of a vendor or a product.
func hexID(s, which, example string) (uint16, error) {
	n, err := strconv.ParseUint(s, 16, 16)
	if err != nil || len(s) != 4 {
		return 0, fault(fmt.Sprintf("%s %q is not four hex digits", which, s), example)
	}
	return uint16(n), nil
}

func control(r rune) bool { return r < ' ' || r == 0x7F || r == utf8.RuneError }

// parseNamed reads the name of something that Windows knows by it.
func parseNamed(scheme Scheme, name string) (URL, error) {
	if name == "" || len(name) > 255 || strings.ContainsFunc(name, control) {
		return URL{}, fault(fmt.Sprintf("%q is no name of 1 to 255 characters", name), string(scheme)+":POS-80")
	}
	return URL{Scheme: scheme, Path: name}, nil
}

// Defaults of a reader that types: the sentinels of track 2, and no person's pace.
const (
	defaultPrefix = ";"
	defaultSuffix = "?"
	defaultGapMs  = 30
)

func parseWedge(rest string) (URL, error) {
	const example = "wedge: or wedge:?prefix=%3B&suffix=%3F&gapMs=30"
	name, values, err := query(rest, example, "prefix", "suffix", "gapMs")
	if err != nil {
		return URL{}, err
	}
	if name != "" {
		return URL{}, fault(fmt.Sprintf("%q stands where nothing can", name), example)
	}
	u := URL{Scheme: Wedge, Prefix: defaultPrefix, Suffix: defaultSuffix}
	if values.Has("prefix") {
		u.Prefix = values.Get("prefix")
	}
	if values.Has("suffix") {
		u.Suffix = values.Get("suffix")
	}
	for _, affix := range []string{u.Prefix, u.Suffix} {
		if len(affix) > 8 || strings.ContainsFunc(affix, control) {
			return URL{}, fault(fmt.Sprintf("%q is longer than 8 characters, or holds control characters", affix), example)
		}
	}
	if u.Prefix == "" {
		return URL{}, fault("without a prefix a card can't be told from what a person types", example)
	}
	u.GapMs, err = number(values, "gapMs", defaultGapMs, 5, 250, example)
	return u, err
}

// query cuts the settings off an address, and refuses those that are not in names.
func query(rest, example string, names ...string) (string, url.Values, error) {
	path, text, _ := strings.Cut(rest, "?")
	values, err := url.ParseQuery(text)
	if err != nil {
		return "", nil, fault(fmt.Sprintf("%q cannot be read", text), example)
	}
	for key, each := range values {
		if !slices.Contains(names, key) {
			return "", nil, fault(fmt.Sprintf("%q is not a setting of this address", key), example)
		}
		if len(each) > 1 {
			return "", nil, fault(fmt.Sprintf("%q is given twice", key), example)
		}
	}
	return path, values, nil
}

// number is a setting between least and most, or the fallback where it is not given.
func number(values url.Values, name string, fallback, least, most int, example string) (int, error) {
	text := values.Get(name)
	if text == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, fault(fmt.Sprintf("%s %q is not %d to %d", name, text, least, most), example)
	}
	return n, nil
}

// String is the address as ParseURL reads it.
func (u URL) String() string {
	switch u.Scheme {
	case TCP:
		return "tcp://" + u.Host
	case Serial:
		sep := ""
		if strings.HasPrefix(u.Path, "/") {
			sep = "//"
		}
		text := fmt.Sprintf("serial:%s%s?baud=%d", sep, u.Path, u.Baud)
		if u.Stop > 0 {
			text += fmt.Sprintf("&stop=%d", u.Stop)
		}
		return text
	case USB:
		return u.usb()
	case Wedge:
		return fmt.Sprintf("wedge:?prefix=%s&suffix=%s&gapMs=%d", url.QueryEscape(u.Prefix), url.QueryEscape(u.Suffix), u.GapMs)
	}
	return string(u.Scheme) + ":" + u.Path
}

func (u URL) usb() string {
	values := url.Values{}
	if u.SerialNumber != "" {
		values.Set("serial", u.SerialNumber)
	}
	if u.Interface != Any {
		values.Set("interface", strconv.Itoa(u.Interface))
	}
	s := fmt.Sprintf("usb:%04x:%04x", u.Vendor, u.Product)
	if len(values) > 0 {
		s += "?" + values.Encode()
	}
	return s
}
