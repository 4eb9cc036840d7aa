package drivers

import (
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"veratill/devices/reader"
	"veratill/packaging/usblab/guest"
)

// What the keys of a US keyboard write, by the kernel's numbers (input-event-codes.h), without and with Shift.
var keys = map[uint16][2]rune{
	2: {'1', '!'}, 3: {'2', '@'}, 4: {'3', '#'}, 5: {'4', '$'}, 6: {'5', '%'}, 7: {'6', '^'}, 8: {'7', '&'}, 9: {'8', '*'}, 10: {'9', '('}, 11: {'0', ')'},
	13: {'=', '+'}, 28: {'\r', '\r'}, 39: {';', ':'}, 53: {'/', '?'},
}

// keyboard is the file of QEMU's keyboard.
func keyboard(t testing.TB) *os.File {
	t.Helper()
	var f *os.File
	guest.Wait(t, "QEMU's keyboard", func() bool {
		names, _ := filepath.Glob("/sys/class/input/event*/device/name")
		for _, name := range names {
			if text, _ := os.ReadFile(name); strings.Contains(string(text), "QEMU USB Keyboard") {
				f, _ = os.Open("/dev/input/" + filepath.Base(filepath.Dir(filepath.Dir(name))))
			}
		}
		return f != nil
	})
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// A reader that types, as a keyboard on the bus: its card is read, with the times of the kernel's own events, and
// nothing of it is given back to be typed; what a person types is.
func TestWedge(t *testing.T) {
	guest.Require(t)
	f := keyboard(t)
	typed := make(chan string, 100) // what is given back and what is let through, in their order
	w, err := reader.NewWedge(address(t, "wedge:?gapMs=100"), reader.Window{Back: func(text string) { typed <- text }})
	if err != nil {
		t.Fatal(err)
	}
	done := begin(w, context.Background())
	go feed(f, w, typed)
	guest.Host(t, `type 10 ";6217001234567894567=49121010000000000?\n"`)
	got := ended(t, "a card that is typed", 2*guest.Patience, done)
	if got.err != nil || got.card.Masked() != masked {
		t.Fatalf("%v %v", got.card, got.err)
	}
	got.card.Zero()
	time.Sleep(time.Second)
	guest.Host(t, `type 400 ";12"`)
	seen := ""
	guest.Wait(t, "what a person has typed", func() bool {
		select {
		case text := <-typed:
			seen += text
		default:
		}
		return seen == ";12"
	})
}

// feed gives a keyboard's characters to the wedge, and to passed those that it does not take, until the keyboard's file is closed.
func feed(f *os.File, w *reader.Wedge, passed chan<- string) {
	event := make([]byte, 24) // struct input_event on amd64
	shift := 0
	for {
		if _, err := f.Read(event); err != nil {
			return
		}
		le := binary.LittleEndian
		kind, code, value := le.Uint16(event[16:]), le.Uint16(event[18:]), le.Uint32(event[20:])
		if kind != 1 {
			continue
		}
		if code == 42 || code == 54 {
			shift = min(int(value), 1)
		}
		if r := keys[code][shift]; r != 0 && value == 1 {
			if !w.Feed(r, time.Unix(int64(le.Uint64(event)), int64(le.Uint64(event[8:]))*1000)) {
				passed <- string(r)
			}
		}
	}
}
