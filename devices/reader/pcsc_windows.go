package reader

import (
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// WinSCard.dll, in its wide forms: learn.microsoft.com/windows/win32/api/winscard. Nothing
// is decided here.
var (
	winscard                    = windows.NewLazySystemDLL("WinSCard.dll")
	procEstablish               = winscard.NewProc("SCardEstablishContext")
	procRelease                 = winscard.NewProc("SCardReleaseContext")
	procListReaders             = winscard.NewProc("SCardListReadersW")
	procStatusChange            = winscard.NewProc("SCardGetStatusChangeW")
	procCancel                  = winscard.NewProc("SCardCancel")
	procConnect                 = winscard.NewProc("SCardConnectW")
	procTransmit                = winscard.NewProc("SCardTransmit")
	procDisconnect              = winscard.NewProc("SCardDisconnect")
	_                smartCards = (*winSCard)(nil)
)

// Constants of winscard.h.
const (
	scopeUser     = 0
	shareShared   = 2
	protocolT0T1  = 3
	unpowerCard   = 2
	longestAnswer = 65_538
)

// winSCard is one context of the service.
type winSCard struct{ context uintptr }

// readerState is SCARD_READERSTATEW.
type readerState struct {
	reader         *uint16
	user           uintptr
	current, event uint32
	atrLength      uint32
	atr            [36]byte
}

// ioRequest is SCARD_IO_REQUEST.
type ioRequest struct{ protocol, length uint32 }

func newSmartCards() (smartCards, error) {
	if err := winscard.Load(); err != nil {
		return nil, pcscNoService.fault()
	}
	return &winSCard{}, nil
}

// call needs what its pointers point to to stay where it is.
//
//go:uintptrescapes
func call(p *windows.LazyProc, args ...uintptr) error {
	if err := p.Find(); err != nil {
		return pcscNoService
	}
	if code, _, _ := p.Call(args...); uint32(code) != 0 {
		return pcscError(uint32(code))
	}
	return nil
}

func (w *winSCard) establish() error {
	return call(procEstablish, scopeUser, 0, 0, uintptr(unsafe.Pointer(&w.context)))
}

func (w *winSCard) release() error { return call(procRelease, w.context) }

func (w *winSCard) readers() ([]uint16, error) {
	var n uint32
	if err := call(procListReaders, w.context, 0, 0, uintptr(unsafe.Pointer(&n))); err != nil {
		return nil, err
	}
	b := make([]uint16, n+1)
	if err := call(procListReaders, w.context, 0, uintptr(unsafe.Pointer(&b[0])), uintptr(unsafe.Pointer(&n))); err != nil {
		return nil, err
	}
	return b[:min(int(n), len(b))], nil
}

func (w *winSCard) statusChange(reader string, known uint32, wait time.Duration) (uint32, []byte, error) {
	name, err := windows.UTF16PtrFromString(reader)
	if err != nil {
		return 0, nil, pcscUnknownReader
	}
	s := readerState{reader: name, current: known}
	err = call(procStatusChange, w.context, uintptr(wait.Milliseconds()), uintptr(unsafe.Pointer(&s)), 1)
	return s.event, append([]byte(nil), s.atr[:min(int(s.atrLength), len(s.atr))]...), err
}

func (w *winSCard) cancel() error { return call(procCancel, w.context) }

func (w *winSCard) connect(reader string) (handle uintptr, protocol uint32, err error) {
	name, err := windows.UTF16PtrFromString(reader)
	if err != nil {
		return 0, 0, pcscUnknownReader
	}
	err = call(procConnect, w.context, uintptr(unsafe.Pointer(name)), shareShared, protocolT0T1,
		uintptr(unsafe.Pointer(&handle)), uintptr(unsafe.Pointer(&protocol)))
	return handle, protocol, err
}

func (w *winSCard) transmit(handle uintptr, protocol uint32, command []byte) ([]byte, error) {
	request := ioRequest{protocol, uint32(unsafe.Sizeof(ioRequest{}))}
	b := make([]byte, longestAnswer)
	n := uint32(len(b))
	err := call(procTransmit, handle, uintptr(unsafe.Pointer(&request)), uintptr(unsafe.Pointer(unsafe.SliceData(command))), uintptr(len(command)),
		0, uintptr(unsafe.Pointer(&b[0])), uintptr(unsafe.Pointer(&n)))
	if err != nil {
		clear(b)
		return nil, err
	}
	return b[:min(int(n), len(b))], nil
}

func (w *winSCard) disconnect(handle uintptr) error { return call(procDisconnect, handle, unpowerCard) }
