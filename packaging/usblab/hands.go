package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"
)

// hands do outside what a test inside asks for, one order after the other.
type hands struct {
	m      *machine
	card   *vscCard
	serial *serialLine
	orders chan string
	done   chan struct{}
	once   sync.Once

	mu     sync.Mutex
	faults []error
}

func newHands(m *machine) *hands {
	h := &hands{m: m, orders: make(chan string, 64), done: make(chan struct{})}
	go func() {
		defer close(h.done)
		h.begin()
		for o := range h.orders {
			if err := h.obey(o); err != nil {
				h.fault(fmt.Errorf("%q: %w", o, err))
			}
		}
	}()
	return h
}

// begin takes hold of the card and the serial line.
func (h *hands) begin() {
	conn, err := h.m.dial(context.Background(), "card")
	if err == nil {
		h.card = newVSCCard(conn)
		err = h.card.begin()
	}
	if err != nil {
		h.fault(err)
	}
	h.serial = newSerialLine(func() (net.Conn, error) { return h.m.dial(context.Background(), "serial") })
	if err := h.serial.join(); err != nil {
		h.fault(err)
	}
}

func (h *hands) fault(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.faults = append(h.faults, err)
}

// order is called with each order that is read on the console.
func (h *hands) order(text string) {
	select {
	case h.orders <- text:
	default:
		h.fault(errors.New("too many orders at once"))
	}
}

// close waits for the orders that were given.
func (h *hands) close() {
	h.once.Do(func() {
		close(h.orders)
		<-h.done
		if h.card != nil {
			h.card.close()
		}
		h.serial.close()
	})
}

func (h *hands) errors() []error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.faults
}

// obey does one order; they are documented at guest.Host.
func (h *hands) obey(order string) error {
	word, rest, _ := strings.Cut(order, " ")
	switch word {
	case "device_del":
		return h.m.qmp.unplug(rest)
	case "device_add":
		return h.add(rest)
	case "card_remove":
		return h.card.remove()
	case "card_insert":
		return h.card.insert()
	case "card_mute":
		h.card.mute.Store(rest == "on")
		return nil
	case "type":
		return h.typeText(rest)
	case "serial":
		return h.serial.behind(rest)
	case "serial_cut":
		return h.serial.cut()
	case "serial_join":
		return h.serial.join()
	}
	return errors.New("there is no such order")
}

// add plugs a device in again; a chip reader gets its card.
func (h *hands) add(id string) error {
	if parts[id] == nil {
		return errors.New("there is no such device")
	}
	for _, part := range parts[id] {
		if _, err := h.m.qmp.do("device_add", part); err != nil {
			return err
		}
	}
	if id == "ccid0" {
		return h.card.again()
	}
	return nil
}

// keyboardPoll is how often the guest asks QEMU's keyboard, which answers with one key going down
// or up each time, and forgets what is more than 16 of them behind.
const keyboardPoll = 10 * time.Millisecond

// typeText types GAP "TEXT".
func (h *hands) typeText(rest string) error {
	number, quoted, _ := strings.Cut(rest, " ")
	gap, err := strconv.Atoi(number)
	if err != nil {
		return err
	}
	text, err := strconv.Unquote(quoted)
	if err != nil {
		return err
	}
	for _, r := range text {
		k, known := keyFor(r)
		if !known {
			return fmt.Errorf("no key types %q", r)
		}
		var events []any
		press := func(key string, down bool) {
			events = append(events, map[string]any{"type": "key", "data": map[string]any{
				"down": down, "key": map[string]any{"type": "qcode", "data": key}}})
		}
		if k.shift {
			press("shift", true)
		}
		press(k.name, true)
		press(k.name, false)
		if k.shift {
			press("shift", false)
		}
		if _, err := h.m.qmp.do("input-send-event", map[string]any{"events": events}); err != nil {
			return err
		}
		time.Sleep(max(time.Duration(gap)*time.Millisecond, time.Duration(len(events))*keyboardPoll))
	}
	return nil
}

// key is one of the keyboard's, by QEMU's name.
type key struct {
	name  string
	shift bool
}

var keys = map[rune]key{';': {"semicolon", false}, '=': {"equal", false}, '?': {"slash", true}, '%': {"5", true}, '^': {"6", true},
	'/': {"slash", false}, ' ': {"spc", false}, '\n': {"ret", false}, '-': {"minus", false}, '.': {"dot", false}, '+': {"equal", true}}

// keyFor finds the key of the American layout.
func keyFor(r rune) (key, bool) {
	switch {
	case r >= '0' && r <= '9' || r >= 'a' && r <= 'z':
		return key{string(r), false}, true
	case r >= 'A' && r <= 'Z':
		return key{strings.ToLower(string(r)), true}, true
	}
	k, known := keys[r]
	return k, known
}
