//go:build cgo

package port

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/gousb"

	"veratill/devices"
)

// claimed is a USB interface over gousb. What libusb allocates is given back in the
// order that it needs: transfers, interface, configuration, device, context.
type claimed struct {
	desc    Descriptor
	context *gousb.Context
	device  *gousb.Device
	config  *gousb.Config
	face    *gousb.Interface
	out     *gousb.OutEndpoint
	in      [InterruptIn + 1]*gousb.InEndpoint

	done    context.Context // ends at Close
	stop    context.CancelFunc
	control sync.Mutex   // the library keeps one time-out a device
	using   sync.RWMutex // read-held by every transfer; Close waits for it
}

// controlTimeout bounds a control request whose ctx does not: USB 2.0, 9.2.6.4 allows a
// device 5 s, and no device of a till needs more than a second.
const controlTimeout = time.Second

// OpenUSB claims the first interface for which want is true on the device of an address:
// by its numbers, its serial number where the address has one, and the interface's number
// where it has that. The system's own driver is set aside for this interface alone and comes
// back at Close. Errors are *Error: Unplugged where no such device is on the bus, PortDenied with
// the rule that is missing, PortBusy, NotSupported.
func OpenUSB(ctx context.Context, u devices.URL, want func(Descriptor) bool) (USB, error) {
	if err := ctx.Err(); err != nil {
		return nil, &Error{devices.Cancelled, err}
	}
	c, err := newContext()
	if err != nil {
		return nil, err
	}
	list, err := openDevices(c, func(d *gousb.DeviceDesc) bool {
		return d.Vendor == gousb.ID(u.Vendor) && d.Product == gousb.ID(u.Product)
	})
	if len(list) == 0 {
		_ = c.Close() // nothing is open on it
		return nil, absent(u, err)
	}
	k := choose(c, list, u, want)
	if k == nil {
		_ = c.Close()      // choose has closed what it did not take
		if keptFrom(err) { // of two of a model, the one that is meant
			return nil, absent(u, err)
		}
		return nil, &Error{devices.Unplugged, fmt.Errorf("no such interface at %s", u)}
	}
	if err := k.claim(); err != nil {
		_ = k.Close() // what it got before the fault
		return nil, err
	}
	return k, nil
}

// newContext starts libusb, which panics in the library where the system has no USB.
func newContext() (c *gousb.Context, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &Error{devices.NotSupported, fmt.Errorf("this system has no USB: %v", p)}
		}
	}()
	return gousb.NewContext(), nil
}

// lister is a gousb.Context, or a test's.
type lister interface {
	OpenDevices(opener func(*gousb.DeviceDesc) bool) ([]*gousb.Device, error)
}

// openDevices opens what wanted takes. The library panics over devices, whoever's, that give an
// interface two descriptors of the same number: it looks at all of them once before it opens one, so
// that nothing stays open. Such a bus is an *Error with NotSupported.
func openDevices(c lister, wanted func(*gousb.DeviceDesc) bool) (list []*gousb.Device, err error) {
	defer func() {
		if p := recover(); p != nil {
			list, err = nil, &Error{devices.NotSupported, fmt.Errorf("a device on the bus can't be listed: %v", p)}
		}
	}()
	there := false
	_, err = c.OpenDevices(func(d *gousb.DeviceDesc) bool {
		there = there || wanted(d)
		return false
	})
	if !there {
		return nil, err
	}
	return c.OpenDevices(wanted)
}

// keptFrom reports whether a device is there and this program may not open it.
func keptFrom(err error) bool {
	return errors.Is(err, gousb.ErrorAccess) || errors.Is(err, gousb.ErrorBusy)
}

// absent says why no device was opened.
func absent(u devices.URL, err error) error {
	var e *Error
	switch {
	case errors.As(err, &e):
		return e
	case err == nil, !keptFrom(err):
		return &Error{devices.Unplugged, fmt.Errorf("%s is not on the bus", u)}
	case errors.Is(err, gousb.ErrorAccess):
		return &Error{devices.PortDenied, fmt.Errorf("%w: %s", err, MissingRule)}
	}
	return &Error{devices.PortBusy, err}
}

// sameSerial compares a serial number of an address with what libusb says. The kernel's list, which
// addresses are made of, shows other bytes: it knows letters that libusb makes a '?' of, and is trimmed.
func sameSerial(address, said string) bool {
	plain := func(s string) string {
		s, _, _ = strings.Cut(s, "\x00") // the kernel's ends there
		return strings.Map(func(r rune) rune {
			if r < ' ' || r >= 0x7F {
				return '?'
			}
			return r
		}, strings.TrimSpace(s))
	}
	return plain(address) == plain(said)
}

// choose takes the first device and interface that fits, and closes all others.
func choose(c *gousb.Context, list []*gousb.Device, u devices.URL, want func(Descriptor) bool) (k *claimed) {
	for _, d := range list {
		if k == nil {
			k = fitting(c, d, u, want)
		}
		if k == nil || k.device != d {
			_ = d.Close() // no configuration of it is claimed
		}
	}
	return k
}

func fitting(c *gousb.Context, d *gousb.Device, u devices.URL, want func(Descriptor) bool) *claimed {
	d.ControlTimeout = controlTimeout
	says := func(text string, err error) string {
		if err != nil { // it has the text and can't say it: as good as none
			return ""
		}
		return text
	}
	desc := Descriptor{Vendor: uint16(d.Desc.Vendor), Product: uint16(d.Desc.Product),
		Maker: says(d.Manufacturer()), Name: says(d.Product()), SerialNumber: says(d.SerialNumber())}
	if u.SerialNumber != "" && !sameSerial(u.SerialNumber, desc.SerialNumber) {
		return nil
	}
	number, err := d.ActiveConfigNum()
	if err != nil {
		return nil
	}
	config := d.Desc.Configs[number]
	for i, face := range config.Interfaces {
		if i != face.Number || u.Interface != devices.Any && u.Interface != face.Number {
			continue // the library counts on interfaces that are numbered without gaps
		}
		here := faceOf(desc, face.AltSettings[0])
		here.Extra = extra(d, number, face.Number)
		if want(here) {
			k := &claimed{desc: here, context: c, device: d}
			k.done, k.stop = context.WithCancel(context.Background())
			return k
		}
	}
	return nil
}

func faceOf(d Descriptor, s gousb.InterfaceSetting) Descriptor {
	d.Interface, d.Class, d.Sub, d.Protocol = s.Number, uint8(s.Class), uint8(s.SubClass), uint8(s.Protocol)
	for pipe, e := range pipesOf(s) {
		d.Sizes[pipe] = e.MaxPacketSize
	}
	return d
}

// pipesOf are the endpoints that are used: the lowest address of each kind.
func pipesOf(s gousb.InterfaceSetting) map[Pipe]gousb.EndpointDesc {
	pipes := make(map[Pipe]gousb.EndpointDesc)
	for _, address := range slices.Sorted(maps.Keys(s.Endpoints)) {
		e := s.Endpoints[address]
		if pipe, ok := pipeOf(e); ok {
			if _, taken := pipes[pipe]; !taken {
				pipes[pipe] = e
			}
		}
	}
	return pipes
}

func pipeOf(e gousb.EndpointDesc) (Pipe, bool) {
	in := e.Direction == gousb.EndpointDirectionIn
	switch {
	case e.TransferType == gousb.TransferTypeBulk && !in:
		return BulkOut, true
	case e.TransferType == gousb.TransferTypeBulk:
		return BulkIn, true
	case e.TransferType == gousb.TransferTypeInterrupt && in:
		return InterruptIn, true
	}
	return 0, false
}

// extra asks the device for its whole configuration, which the library does not show, and
// cuts out what stands behind the interface. A device that does not answer has none.
func extra(d *gousb.Device, config, face int) []byte {
	whole := make([]byte, 4096)
	for index := range len(d.Desc.Configs) {
		n, err := d.Control(0x80, 6, uint16(0x0200|index), 0, whole)
		if err != nil || n < 9 || int(whole[5]) != config {
			continue
		}
		return classDescriptors(whole[:n], face)
	}
	return nil
}

// claim takes the interface and its pipes. The configuration is taken before the system's
// driver is set aside: the other way round the library sets the drivers of all interfaces
// aside, a keyboard's beside a reader's too.
func (k *claimed) claim() error {
	number, err := k.device.ActiveConfigNum()
	if err == nil {
		k.config, err = k.device.Config(number)
	}
	if err == nil {
		err = k.device.SetAutoDetach(true)
	}
	if err == nil {
		k.face, err = k.config.Interface(k.desc.Interface, 0)
	}
	if err != nil {
		return k.fault(err)
	}
	for pipe, e := range pipesOf(k.face.Setting) {
		if pipe == BulkOut {
			k.out, err = k.face.OutEndpoint(e.Number)
		} else {
			k.in[pipe], err = k.face.InEndpoint(e.Number)
		}
		if err != nil {
			return k.fault(err)
		}
	}
	return nil
}

func (k *claimed) Descriptor() Descriptor { return k.desc }

// begin holds the interface open during a transfer, and gives the context that ends with
// the caller's or with Close.
func (k *claimed) begin(ctx context.Context) (both context.Context, end func(), err error) {
	k.using.RLock()
	if k.done.Err() != nil {
		k.using.RUnlock()
		return nil, nil, &Error{devices.Closed, ErrClosed}
	}
	both, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(k.done, cancel)
	return both, func() {
		stop()
		cancel()
		k.using.RUnlock()
	}, nil
}

func (k *claimed) Read(ctx context.Context, from Pipe, b []byte) (int, error) {
	both, end, err := k.begin(ctx)
	if err != nil {
		return 0, err
	}
	defer end()
	if int(from) >= len(k.in) || k.in[from] == nil {
		return 0, &Error{devices.NotSupported, fmt.Errorf("the device has no %s", from)}
	}
	n, err := k.in[from].ReadContext(both, b)
	return max(n, 0), k.ended(ctx, err)
}

func (k *claimed) Write(ctx context.Context, b []byte) (int, error) {
	both, end, err := k.begin(ctx)
	if err != nil {
		return 0, err
	}
	defer end()
	if k.out == nil {
		return 0, &Error{devices.NotSupported, fmt.Errorf("the device has no %s", BulkOut)}
	}
	n, err := k.out.WriteContext(both, b)
	return taken(n, len(b), err), k.ended(ctx, err)
}

// taken is how much of a write may be in the device. A transfer that ended without a word,
// as one does when the cable is pulled, counts as taken whole: the host does not learn how far it
// came (virtual host controllers say 0). One that could not begin has sent nothing.
func taken(n, whole int, err error) int {
	var status gousb.TransferStatus
	if errors.As(err, &status) {
		switch status {
		case gousb.TransferNoDevice, gousb.TransferError, gousb.TransferOverflow:
			return whole
		}
	}
	return max(n, 0)
}

func (k *claimed) Control(ctx context.Context, s Setup, data []byte) (int, error) {
	_, end, err := k.begin(ctx)
	if err != nil {
		return 0, err
	}
	defer end()
	k.control.Lock()
	defer k.control.Unlock()
	if err := ctx.Err(); err != nil {
		return 0, cancelled(ctx)
	}
	k.device.ControlTimeout = controlTimeout
	if by, ok := ctx.Deadline(); ok { // a time-out of 0 would be none at all
		k.device.ControlTimeout = max(min(time.Until(by), controlTimeout), time.Millisecond)
	}
	n, err := k.device.Control(s.RequestType, s.Request, s.Value, s.Index, data)
	return max(n, 0), k.ended(ctx, err)
}

// cancelled tells a deadline that passed from somebody who no longer waits.
func cancelled(ctx context.Context) *Error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return &Error{devices.TimedOut, ErrTimeout}
	}
	return &Error{devices.Cancelled, context.Canceled}
}

// ended says how a transfer ended that was begun with ctx.
func (k *claimed) ended(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case k.done.Err() != nil:
		return &Error{devices.Closed, ErrClosed}
	case errors.Is(err, gousb.TransferCancelled) && ctx.Err() != nil:
		return cancelled(ctx)
	case errors.Is(err, gousb.TransferError), errors.Is(err, gousb.ErrorIO):
		return k.suspect(err)
	}
	return k.fault(err)
}

// suspect asks a device whose transfer failed without a word whether it is still there: a
// pulled cable shows as a failed transfer first, and as an absent device a little later.
func (k *claimed) suspect(err error) error {
	k.control.Lock()
	defer k.control.Unlock()
	k.device.ControlTimeout = 100 * time.Millisecond
	status := make([]byte, 2)
	for range 3 {
		_, asked := k.device.Control(0x80, 0, 0, 0, status) // GET_STATUS: USB 2.0, 9.4.5
		if asked == nil {
			break
		}
		if gone(asked) {
			return &Error{devices.Unplugged, asked}
		}
		time.Sleep(20 * time.Millisecond)
	}
	return &Error{devices.Interrupted, err}
}

func gone(err error) bool {
	return errors.Is(err, gousb.TransferNoDevice) || errors.Is(err, gousb.ErrorNoDevice) || code(err) == gousb.ErrorNoDevice
}

var codeInText = regexp.MustCompile(`\[code (-\d+)\]`)

// code is libusb's number of an error that the library has put into a sentence.
func code(err error) gousb.Error {
	found := codeInText.FindStringSubmatch(err.Error())
	if found == nil {
		return gousb.Success
	}
	n, _ := strconv.Atoi(found[1]) // the expression holds a number
	return gousb.Error(n)
}

// fault gives an error of the library its reason.
func (k *claimed) fault(err error) error {
	var e *Error
	switch c := code(err); {
	case errors.As(err, &e):
		return e
	case gone(err):
		return &Error{devices.Unplugged, err}
	case errors.Is(err, gousb.TransferStall), c == gousb.ErrorPipe:
		return &Error{devices.Refused, err}
	case errors.Is(err, gousb.TransferTimedOut), c == gousb.ErrorTimeout:
		return &Error{devices.TimedOut, ErrTimeout}
	case c == gousb.ErrorAccess:
		return &Error{devices.PortDenied, fmt.Errorf("%w: %s", err, MissingRule)}
	case c == gousb.ErrorBusy:
		return &Error{devices.PortBusy, err}
	case c == gousb.ErrorNotSupported:
		return &Error{devices.NotSupported, err}
	}
	return &Error{devices.Interrupted, err}
}

// Close implements USB. It waits for transfers under way, which it ends.
func (k *claimed) Close() error {
	k.stop()
	k.using.Lock()
	defer k.using.Unlock()
	if k.device == nil {
		return nil
	}
	if k.face != nil {
		k.face.Close()
	}
	var err error
	if k.config != nil {
		err = k.config.Close()
	}
	err = errors.Join(err, k.device.Close(), k.context.Close())
	k.device = nil
	return err
}
