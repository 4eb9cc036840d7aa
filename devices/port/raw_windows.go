package port

import (
	"errors"
	"strings"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"veratill/devices"
)

// A printer on Windows is reached without taking it from Windows: by the path of the driver
// usbprint.sys, which can be read from too, or through the queue that a person has set up,
// in RAW mode, which can't. See Microsoft's "USB Printer Driver (Usbprint.sys)" and WritePrinter.

// usbPrinters is the interface class of usbprint.sys.
var usbPrinters = windows.GUID{Data1: 0x28d78fad, Data2: 0x5a12, Data3: 0x11d1, Data4: [8]byte{0xae, 0x5b, 0x00, 0x00, 0xf8, 0x03, 0xa8, 0xc2}}

const devicePath = `\\?\`

func openRaw(name string) (Port, error) {
	if strings.HasPrefix(name, devicePath) {
		return openUsbprint(name)
	}
	return openQueue(name)
}

func rawReason(err error) devices.Reason {
	switch {
	case errors.Is(err, windows.ERROR_FILE_NOT_FOUND), errors.Is(err, windows.ERROR_PATH_NOT_FOUND), errors.Is(err, windows.ERROR_INVALID_PRINTER_NAME):
		return devices.PortMissing
	case errors.Is(err, windows.ERROR_ACCESS_DENIED):
		return devices.PortDenied
	case errors.Is(err, windows.ERROR_SHARING_VIOLATION), errors.Is(err, windows.ERROR_BUSY):
		return devices.PortBusy
	case errors.Is(err, windows.ERROR_DEVICE_NOT_CONNECTED), errors.Is(err, windows.ERROR_BAD_COMMAND), errors.Is(err, windows.ERROR_NO_SUCH_DEVICE),
		errors.Is(err, windows.ERROR_GEN_FAILURE), errors.Is(err, windows.ERROR_DEVICE_REMOVED):
		return devices.Unplugged // "a device attached to the system is not functioning" is what a pulled cable gives
	}
	return devices.Interrupted
}

// usbprintPort is a printer behind usbprint.sys, with overlapped input and output so that
// everything has a deadline.
type usbprintPort struct {
	file   windows.Handle
	gate   gate
	reads  sync.Mutex
	writes sync.Mutex
	once   sync.Once
}

func openUsbprint(name string) (Port, error) {
	path, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return nil, &Error{devices.PortMissing, err}
	}
	file, err := windows.CreateFile(path, windows.GENERIC_READ|windows.GENERIC_WRITE, windows.FILE_SHARE_READ, nil,
		windows.OPEN_EXISTING, windows.FILE_FLAG_OVERLAPPED, 0)
	if err != nil {
		return nil, &Error{rawReason(err), err}
	}
	return &usbprintPort{file: file, gate: newGate()}, nil
}

// overlapped begins a transfer and waits for its end, its deadline or Close; the latter two
// cancel it and wait until the driver has let go of the buffer.
func (p *usbprintPort) overlapped(deadline time.Time, begin func(*windows.Overlapped) error) (int, error) {
	event, err := windows.CreateEvent(nil, 1, 0, nil)
	if err != nil {
		return 0, &Error{devices.Interrupted, err}
	}
	defer func() { _ = windows.CloseHandle(event) }() // it was opened here and is valid
	o := &windows.Overlapped{HEvent: event}
	if err := begin(o); err != nil && !errors.Is(err, windows.ERROR_IO_PENDING) {
		return 0, &Error{rawReason(err), err}
	}
	late := false
	for {
		const look = 50 * time.Millisecond
		state, _ := windows.WaitForSingleObject(event, uint32(look/time.Millisecond)) // a fault shows in the result below
		if state != uint32(windows.WAIT_TIMEOUT) {
			break
		}
		late = !deadline.IsZero() && !time.Now().Before(deadline)
		if late || p.closed() {
			_ = windows.CancelIoEx(p.file, o) // it may have ended in between: the result says
			break
		}
	}
	var n uint32
	err = windows.GetOverlappedResult(p.file, o, &n, true)
	switch {
	case err == nil:
		return int(n), nil
	case p.closed():
		return int(n), &Error{devices.Closed, ErrClosed}
	case late:
		return int(n), &Error{devices.TimedOut, ErrTimeout}
	}
	return int(n), &Error{rawReason(err), err}
}

func (p *usbprintPort) closed() bool {
	select {
	case <-p.gate.closed:
		return true
	default:
		return false
	}
}

func (p *usbprintPort) Read(b []byte) (int, error) {
	p.reads.Lock()
	defer p.reads.Unlock()
	for !p.closed() {
		n, err := p.overlapped(time.Time{}, func(o *windows.Overlapped) error { return windows.ReadFile(p.file, b, nil, o) })
		if n > 0 || err != nil {
			return n, err
		}
		time.Sleep(idlePause) // usbprint.sys answers at once with nothing
	}
	return 0, &Error{devices.Closed, ErrClosed}
}

func (p *usbprintPort) WriteBy(deadline time.Time, b []byte) (int, error) {
	p.writes.Lock()
	defer p.writes.Unlock()
	left := 0
	for left < len(b) {
		if err := p.gate.wait(deadline); err != nil {
			return left, err
		}
		piece := b[left:min(left+usbPiece, len(b))]
		n, err := p.overlapped(deadline, func(o *windows.Overlapped) error { return windows.WriteFile(p.file, piece, nil, o) })
		if err != nil {
			// The driver does not say how much of a transfer that was cut off is in the printer.
			return left + len(piece), err
		}
		left += n
	}
	return left, nil
}

func (p *usbprintPort) Pause(on bool) { p.gate.pause(on) }

func (p *usbprintPort) Close() error {
	p.gate.close()
	var err error
	p.once.Do(func() {
		p.reads.Lock()
		defer p.reads.Unlock()
		p.writes.Lock()
		defer p.writes.Unlock()
		err = windows.CloseHandle(p.file)
	})
	return err
}

var (
	winspool         = windows.NewLazySystemDLL("winspool.drv")
	openPrinter      = winspool.NewProc("OpenPrinterW")
	closePrinter     = winspool.NewProc("ClosePrinter")
	startDocPrinter  = winspool.NewProc("StartDocPrinterW")
	endDocPrinter    = winspool.NewProc("EndDocPrinter")
	writePrinter     = winspool.NewProc("WritePrinter")
	startPagePrinter = winspool.NewProc("StartPagePrinter")
	endPagePrinter   = winspool.NewProc("EndPagePrinter")
	enumPrinters     = winspool.NewProc("EnumPrintersW")
)

// docInfo is DOC_INFO_1 of winspool.h.
type docInfo struct{ name, output, kind *uint16 }

// queuePort is a queue of Windows. Each write is a document of its own, because a queue
// prints nothing of a document that has not ended. Nothing ever comes back.
type queuePort struct {
	printer windows.Handle
	gate    gate
	writes  sync.Mutex // held by a document under way, also by one that is stuck
	once    sync.Once
}

func openQueue(name string) (Port, error) {
	text, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return nil, &Error{devices.PortMissing, err}
	}
	p := &queuePort{gate: newGate()}
	if ok, _, err := openPrinter.Call(uintptr(unsafe.Pointer(text)), uintptr(unsafe.Pointer(&p.printer)), 0); ok == 0 {
		return nil, &Error{rawReason(err), err}
	}
	return p, nil
}

func (p *queuePort) Read([]byte) (int, error) {
	<-p.gate.closed
	return 0, &Error{devices.Closed, ErrClosed}
}

// WriteBy gives the queue a document. The spooler takes no deadline: one that is late is left
// behind in a goroutine and counts as taken whole, and the port is of no more use.
func (p *queuePort) WriteBy(deadline time.Time, b []byte) (int, error) {
	if err := p.gate.wait(deadline); err != nil {
		return 0, err
	}
	if len(b) == 0 {
		return 0, nil
	}
	if !p.writes.TryLock() {
		return 0, &Error{devices.TimedOut, ErrTimeout}
	}
	type ended struct {
		n   int
		err error
	}
	done := make(chan ended, 1)
	kept := append([]byte(nil), b...)
	go func() {
		defer p.writes.Unlock()
		n, err := p.document(kept)
		done <- ended{n, err}
	}()
	timer := time.NewTimer(time.Until(deadline))
	defer timer.Stop()
	select {
	case e := <-done:
		return e.n, e.err
	case <-timer.C:
		return len(b), &Error{devices.TimedOut, ErrTimeout}
	case <-p.gate.closed:
		return len(b), &Error{devices.Closed, ErrClosed}
	}
}

// document puts bytes into the queue as one document.
func (p *queuePort) document(b []byte) (int, error) {
	doc := docInfo{name: utf16("Veratill"), kind: utf16("RAW")}
	if ok, _, err := startDocPrinter.Call(uintptr(p.printer), 1, uintptr(unsafe.Pointer(&doc))); ok == 0 {
		return 0, &Error{rawReason(err), err} // nothing is in the queue
	}
	defer func() { _, _, _ = endDocPrinter.Call(uintptr(p.printer)) }() // what it took is in the queue either way
	_, _, _ = startPagePrinter.Call(uintptr(p.printer))                 // RAW documents have no pages: some drivers count them
	var n uint32
	ok, _, err := writePrinter.Call(uintptr(p.printer), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), uintptr(unsafe.Pointer(&n)))
	_, _, _ = endPagePrinter.Call(uintptr(p.printer))
	if ok == 0 || int(n) < len(b) {
		return max(int(n), 1), &Error{rawReason(err), err} // the queue may hold a part
	}
	return len(b), nil
}

// utf16 is for texts of this file, which hold no zero.
func utf16(s string) *uint16 {
	text, _ := windows.UTF16PtrFromString(s)
	return text
}

func (p *queuePort) Pause(on bool) { p.gate.pause(on) }

func (p *queuePort) Close() error {
	p.gate.close()
	p.once.Do(func() {
		go func() { // a document that is stuck keeps the handle
			p.writes.Lock()
			defer p.writes.Unlock()
			_, _, _ = closePrinter.Call(uintptr(p.printer)) // there is nothing to do about a handle that does not close
		}()
	})
	return nil
}

// printerInfo is PRINTER_INFO_4 of winspool.h: the level that asks no printer.
type printerInfo struct {
	name, server *uint16
	attributes   uint32
}

// listPrinters are the queues, and the printers behind usbprint.sys.
func listPrinters() (found []devices.Found) {
	paths, _ := windows.CM_Get_Device_Interface_List("", &usbPrinters, windows.CM_GET_DEVICE_INTERFACE_LIST_PRESENT) // none where it fails
	for _, path := range paths {
		if path != "" {
			found = append(found, devices.Found{URL: devices.URL{Scheme: devices.Windows, Path: path}, Kind: devices.PrinterKind, Product: "USB", Where: path})
		}
	}
	for _, name := range queues() {
		found = append(found, devices.Found{URL: devices.URL{Scheme: devices.Windows, Path: name}, Kind: devices.PrinterKind, Product: name, Where: "Windows"})
	}
	return found
}

func queues() (names []string) {
	const local, connections, level = 2, 4, 4
	var needed, count uint32
	_, _, _ = enumPrinters.Call(local|connections, 0, level, 0, 0, uintptr(unsafe.Pointer(&needed)), uintptr(unsafe.Pointer(&count))) // fails and says how much
	if needed == 0 {
		return nil
	}
	room := make([]printerInfo, int(needed)/int(unsafe.Sizeof(printerInfo{}))+1)
	ok, _, _ := enumPrinters.Call(local|connections, 0, level, uintptr(unsafe.Pointer(&room[0])), uintptr(len(room))*unsafe.Sizeof(printerInfo{}),
		uintptr(unsafe.Pointer(&needed)), uintptr(unsafe.Pointer(&count)))
	if ok == 0 {
		return nil
	}
	for _, info := range room[:min(int(count), len(room))] {
		names = append(names, windows.UTF16PtrToString(info.name))
	}
	return names
}

func lineProblem(string) (devices.Reason, string) { return devices.None, "" }
