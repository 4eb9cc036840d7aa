package main

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"

	"veratill/devices/printer"
	"veratill/packaging/usblab/emvcard"
)

// vscCard is the card in QEMU's reader: the protocol of its virtual smart cards (libcacard's
// vscard_common.h), in which this end is the card's.
type vscCard struct {
	conn  net.Conn
	card  emvcard.Card
	mute  atomic.Bool
	write sync.Mutex
	ended chan struct{}
}

// Messages, and the reader to which the first ones go.
const (
	vscInit       = 1
	vscReaderAdd  = 3
	vscATR        = 5
	vscCardRemove = 6
	vscAPDU       = 7
	noReader      = 0xFFFFFFFF

	mostAPDU = 64 << 10
)

func newVSCCard(conn net.Conn) *vscCard { return &vscCard{conn: conn, ended: make(chan struct{})} }

// begin says hello, and puts the card in.
func (v *vscCard) begin() error {
	go v.serve()
	hello := append([]byte("VSCD"), 0, 0, 4, 2, 0, 0, 0, 0) // version 0.4.2, no capability
	if err := v.send(vscInit, noReader, hello); err != nil {
		return err
	}
	return v.again()
}

// again is for a reader that has been plugged in anew.
func (v *vscCard) again() error {
	return errors.Join(v.send(vscReaderAdd, noReader, []byte("veratill\x00")), v.insert())
}

func (v *vscCard) insert() error { return v.send(vscATR, 0, emvcard.ATR) }
func (v *vscCard) remove() error { return v.send(vscCardRemove, 0, nil) }

func (v *vscCard) send(kind, reader uint32, body []byte) error {
	v.write.Lock()
	defer v.write.Unlock()
	b := binary.BigEndian.AppendUint32(nil, kind)
	b = binary.BigEndian.AppendUint32(b, reader)
	b = binary.BigEndian.AppendUint32(b, uint32(len(body)))
	_, err := v.conn.Write(append(b, body...))
	return err
}

// serve answers commands until QEMU hangs up.
func (v *vscCard) serve() {
	defer close(v.ended)
	var head [12]byte
	for {
		if _, err := io.ReadFull(v.conn, head[:]); err != nil {
			return
		}
		size := binary.BigEndian.Uint32(head[8:])
		if size > mostAPDU {
			return
		}
		body := make([]byte, size)
		if _, err := io.ReadFull(v.conn, body); err != nil {
			return
		}
		if binary.BigEndian.Uint32(head[:]) == vscAPDU && !v.mute.Load() {
			if v.send(vscAPDU, 0, v.card.Answer(body)) != nil {
				return
			}
		}
	}
}

func (v *vscCard) close() {
	v.conn.Close()
	<-v.ended
}

// serialLine is what is behind QEMU's USB serial adapter, which is on the bus while this end is
// connected.
type serialLine struct {
	dial    func() (net.Conn, error)
	conn    net.Conn
	ended   chan struct{}
	printer atomic.Pointer[net.Conn] // nil is an echo
}

func newSerialLine(dial func() (net.Conn, error)) *serialLine { return &serialLine{dial: dial} }

// join plugs the adapter in.
func (s *serialLine) join() error {
	if s.conn != nil {
		return errors.New("the serial line is in already")
	}
	conn, err := s.dial()
	if err != nil {
		return err
	}
	s.conn, s.ended = conn, make(chan struct{})
	go s.serve(conn, s.ended)
	return nil
}

// serve carries what the guest sends to the printer, or back.
func (s *serialLine) serve(conn net.Conn, ended chan struct{}) {
	defer close(ended)
	buf := make([]byte, 4096)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return
		}
		var to io.Writer = conn
		if p := s.printer.Load(); p != nil {
			to = *p
		}
		if _, err := to.Write(buf[:n]); err != nil {
			return
		}
	}
}

// cut pulls the adapter's cable.
func (s *serialLine) cut() error {
	if s.conn == nil {
		return errors.New("the serial line is cut already")
	}
	err := s.conn.Close()
	<-s.ended
	s.conn = nil
	return err
}

// behind puts an echo or a printer behind the line.
func (s *serialLine) behind(what string) error {
	s.unhook()
	switch what {
	case "echo":
		return nil
	case "printer":
		if s.conn == nil {
			return errors.New("the serial line is cut")
		}
		here, there := net.Pipe()
		e := printer.NewEmulator(printer.Traits{})
		go func() { _ = e.Attach(context.Background(), there) }() // ends with the pipe
		go io.Copy(s.conn, here)
		s.printer.Store(&here)
		return nil
	}
	return errors.New("behind the serial line is echo or printer")
}

func (s *serialLine) unhook() {
	if p := s.printer.Swap(nil); p != nil {
		(*p).Close()
	}
}

func (s *serialLine) close() {
	s.unhook()
	if s.conn != nil {
		_ = s.cut() // the machine is off: it has hung up itself
	}
}
