// Package devices is what stands on the counter: the addresses of devices, and
// what state they are in. It carries codes; words for people are the screen's.
package devices

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
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
	Path   string // serial: the port's name; virtual: a file, or empty
	Baud   int    // serial: bits a second, 1,200 to 921,600
}

func fault(what, example string) error {
	return fmt.Errorf("%w: %s; for example %s", ErrURL, what, example)
}

// ParseURL reads tcp://host[:port], serial:///dev/ttyUSB0?baud=19200,
// serial:COM3?baud=19200, virtual: and virtual:FILE. Errors are ErrURL.
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
	case Virtual:
		if strings.ContainsRune(rest, 0) {
			return URL{}, fault("a file name holds a zero byte", "virtual:tracks.txt")
		}
		return URL{Scheme: Virtual, Path: rest}, nil
	}
	return URL{}, fault(fmt.Sprintf("scheme %q is not one of tcp, serial, virtual", scheme), "tcp://192.168.1.50:9100")
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
	path, query, _ := strings.Cut(rest, "?")
	path = strings.TrimPrefix(path, "//")
	if path == "" {
		return URL{}, fault("the port's name is missing", example)
	}
	u := URL{Scheme: Serial, Path: path, Baud: DefaultBaud}
	values, err := url.ParseQuery(query)
	if err != nil {
		return URL{}, fault(fmt.Sprintf("%q cannot be read", query), example)
	}
	for key := range values {
		if key != "baud" {
			return URL{}, fault(fmt.Sprintf("%q is not a setting of a serial port", key), example)
		}
	}
	if b := values.Get("baud"); b != "" {
		n, err := strconv.Atoi(b)
		if err != nil || n < 1200 || n > 921_600 {
			return URL{}, fault(fmt.Sprintf("baud %q is not 1200 to 921600", b), example)
		}
		u.Baud = n
	}
	return u, nil
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
		return fmt.Sprintf("serial:%s%s?baud=%d", sep, u.Path, u.Baud)
	}
	return string(u.Scheme) + ":" + u.Path
}
