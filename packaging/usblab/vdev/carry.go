package vdev

import (
	"errors"
	"unicode/utf16"
)

// take carries a transfer to the device, packet by packet.
func (s *session) take(p *pipe, t *transfer) int32 {
	for first := true; first || t.done < len(t.data); first = false {
		if status, free := s.free(p, t, func() bool { return true }); !free {
			return status
		}
		n := min(p.size, len(t.data)-t.done)
		switch err := s.deliver(p, t, t.data[t.done:t.done+n]); {
		case errors.Is(err, ErrStall):
			s.d.change(func() { p.halted = true })
			return statusStall
		case err != nil:
			return statusUnlinked
		}
		t.done += n
	}
	return statusOK
}

// free waits until the endpoint sends no NAK and ready, asked under the lock, is true. It returns
// false with the transfer's status if the endpoint is halted or the transfer taken back.
func (s *session) free(p *pipe, t *transfer, ready func() bool) (status int32, ok bool) {
	halted := false
	ok = s.d.await(t.ctx, func() bool {
		if halted = p.halted; halted {
			return true
		}
		return !s.d.nak[p.address] && ready()
	})
	switch {
	case !ok:
		return statusUnlinked, false
	case halted:
		return statusStall, false
	}
	return statusOK, true
}

// deliver hands one packet to the device, and pulls the cable where it was ordered.
func (s *session) deliver(p *pipe, t *transfer, b []byte) error {
	pull := false
	s.d.mu.Lock()
	if left := s.d.pullAt - s.d.taken; s.d.pullSet && int64(len(b)) >= left {
		b, pull = b[:max(left, 0)], true
	}
	s.d.mu.Unlock()
	if len(b) > 0 && s.d.Out != nil {
		if err := s.d.Out(t.ctx, p.address, b); err != nil {
			return err
		}
	}
	s.d.change(func() {
		s.d.taken += int64(len(b))
		if pull {
			s.d.pullSet = false
		}
	})
	if pull {
		s.cancel()
		return ErrUnplugged
	}
	return nil
}

// give carries packets to the host until one is short, or the host's buffer is full.
func (s *session) give(p *pipe, t *transfer) int32 {
	for {
		var k packet
		if status, free := s.free(p, t, func() bool {
			if len(p.packets) == 0 {
				return false
			}
			k, p.packets = p.packets[0], p.packets[1:]
			p.queued -= len(k.bytes)
			return true
		}); !free {
			return status
		}
		room := t.want - len(t.answer)
		if k.babble || len(k.bytes) > room {
			t.answer = append(t.answer, k.bytes[:min(room, len(k.bytes))]...)
			return statusBabble
		}
		t.answer = append(t.answer, k.bytes...)
		if len(k.bytes) < p.size || len(t.answer) == t.want {
			return statusOK
		}
	}
}

// control answers one control request.
func (s *session) control(t *transfer) int32 {
	s.d.mu.Lock()
	refused := s.d.refuse != nil && s.d.refuse(t.setup)
	s.d.mu.Unlock()
	if refused {
		return statusStall
	}
	answer, ok := s.standard(t.setup)
	if !ok && s.d.Control != nil {
		answer, ok = s.d.Control(t.setup, t.data)
	}
	switch {
	case !ok:
		return statusStall
	case t.in:
		t.answer = append([]byte(nil), answer[:min(len(answer), t.want)]...)
	default:
		t.done = len(t.data)
	}
	return statusOK
}

// Requests of USB 2.0, table 9-4, by request type and request.
const (
	deviceStatus    = 0x8000
	interfaceStatus = 0x8100
	endpointStatus  = 0x8200
	clearEndpoint   = 0x0201
	setEndpoint     = 0x0203
	getDescriptor   = 0x8006
	getConfig       = 0x8008
	setConfig       = 0x0009
	getInterface    = 0x810A
	setInterface    = 0x010B
)

// standard answers what every device has to.
func (s *session) standard(q Setup) (answer []byte, ok bool) {
	switch int(q.RequestType)<<8 | int(q.Request) {
	case getDescriptor:
		return s.descriptor(q.Value)
	case setConfig:
		s.d.change(func() { s.configured = q.Value != 0 })
		return nil, true
	case getConfig:
		s.d.mu.Lock()
		defer s.d.mu.Unlock()
		if s.configured {
			return s.d.Config[5:6], true
		}
		return []byte{0}, true
	case setInterface:
		return nil, true
	case getInterface:
		return []byte{0}, true
	case deviceStatus, interfaceStatus:
		return []byte{0, 0}, true
	case endpointStatus, clearEndpoint, setEndpoint:
		return s.halt(q)
	}
	return nil, false
}

// halt asks for, clears or sets the halt of an endpoint.
func (s *session) halt(q Setup) (answer []byte, ok bool) {
	s.d.change(func() {
		p := s.pipes[uint8(q.Index)]
		if ok = p != nil; !ok {
			return
		}
		switch q.Request {
		case 0:
			answer = []byte{0, 0}
			if p.halted {
				answer[0] = 1
			}
		default:
			p.halted = q.Request == 3
		}
	})
	return answer, ok
}

func (s *session) descriptor(value uint16) ([]byte, bool) {
	index := int(value & 0xFF)
	switch value >> 8 {
	case 1:
		return s.d.Descriptor, true
	case 2:
		return s.d.Config, index == 0
	case 3:
		if index == 0 {
			return []byte{4, 3, 0x09, 0x04}, true // English, as everybody's
		}
		if index > len(s.d.Strings) {
			return nil, false
		}
		b := []byte{0, 3}
		for _, u := range utf16.Encode([]rune(s.d.Strings[index-1])) {
			b = append(b, byte(u), byte(u>>8))
		}
		b = b[:min(len(b), 254)]
		b[0] = byte(len(b))
		return b, true
	}
	return nil, false
}
