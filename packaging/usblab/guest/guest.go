// Package guest is what tests need that run inside the virtual USB lab. A package whose tests
// import it is built by ./dev usblab and run in the virtual machine, as root, with udevd and the
// kernel's drivers loaded; by plain go test its tests skip themselves:
//
//	func TestPrinter(t *testing.T) {
//		guest.Require(t)
//		p := models.FullPrinter(512)
//		guest.Plug(t, p.Device)               // configured; unplugged when the test ends
//		lp := guest.File(t, "/dev/usb/lp*")
//		…
//		guest.Host(t, "device_del ccid0")     // the runner outside does it
//	}
//
// The machine has these devices of QEMU's beside what tests plug in: usb-ccid (08e6:4433, ccid0)
// with the card of package emvcard, usb-serial (0403:6001, ser0) on /dev/ttyUSB0, and usb-kbd
// (0627:0001, kbd0). What the runner does on Host is in Host's comment. The shipped program is
// /lab/veratill.
//
// QEMU's reader forgets an answer that is on its way when its card comes or goes: whoever waits for
// one needs a limit.
package guest

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"veratill/packaging/usblab/vdev"
)

// Rounds is how often what is repeated to find leaks is repeated: usblab's -rounds.
var Rounds = flag.Int("rounds", 12, "how often to plug in and pull out")

// Inside is the environment variable that is set in the lab.
const Inside = "VERATILL_USBLAB"

// Patience is how long the lab waits for what has to come: long enough for a machine that is
// emulated on a busy one.
const Patience = 20 * time.Second

// Require skips the test outside the lab.
func Require(t testing.TB) {
	t.Helper()
	if os.Getenv(Inside) == "" {
		t.Skip("runs inside the virtual USB lab: ./dev usblab")
	}
}

// Host asks the runner outside for something; what it changes has to be waited for. The commands:
//
//	device_del ID        pull one of QEMU's devices out: ccid0, ser0 or kbd0
//	device_add ID        plug it in again, once it is gone
//	card_remove          draw the card of ccid0
//	card_insert          put it in again
//	card_mute on|off     it answers no command any more
//	type GAP "TEXT"      type a Go string on kbd0, GAP ms a key, as a wedge does; \n is Enter
//	serial echo|printer  what is behind ser0: an echo, or an ESC/POS printer
//	serial_cut           pull ser0's cable in the middle
//	serial_join          plug it in again
func Host(t testing.TB, command string) {
	t.Helper()
	Require(t)
	fmt.Printf("\n@@HOST %s\n", command)
}

// Figure is a measurement, printed as `name: value` also of a test that passes.
func Figure(name string, value float64) { fmt.Printf("\n@@FIGURE %s: %.2f\n", name, value) }

// Plug plugs a device in, waits until the host has configured it, and pulls it out when the test ends.
func Plug(t testing.TB, d *vdev.Device) {
	t.Helper()
	t.Cleanup(func() {
		if err := d.Unplug(); err != nil {
			t.Error(err)
		}
	})
	PlugAgain(t, d)
}

// noticed is how long a plug may take to be seen before it is made anew: a host takes half a second.
const noticed = 5 * time.Second

// PlugAgain plugs in a device that was pulled out, waits until the host has configured it, and says when the plug went in
// that the host has seen. Now and then the kernel's virtual controller does not notice a device: such a one is pulled out
// and plugged in again, as a person would, and a figure says so.
func PlugAgain(t testing.TB, d *vdev.Device) (at time.Time) {
	t.Helper()
	for _, patience := range []time.Duration{noticed, noticed, Patience} {
		at = time.Now()
		if err := d.Plug(); err != nil {
			t.Fatal(err)
		}
		err := configured(d, patience)
		if err == nil {
			return at
		}
		Figure("plugs_not_noticed", 1)
		t.Logf("the host does not configure the device: %v; the kernel says:\n%s", err, kernelLog())
		if err := d.Unplug(); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatal("the host configures the device at no plug")
	return at
}

// configured waits until the host has configured a device.
func configured(d *vdev.Device, patience time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return d.WaitConfigured(ctx)
}

// kernelLog is the end of what the lab's kernel has said.
func kernelLog() string {
	const lines = 30
	out, err := exec.Command("dmesg").CombinedOutput()
	if err != nil {
		return err.Error()
	}
	all := strings.Split(strings.TrimSpace(string(out)), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

// Wait waits until ok is true, and fails the test with what was waited for after Patience.
func Wait(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(Patience); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("after %v: no %s", Patience, what)
		}
	}
}

// File waits for a file that fits the pattern, and gives the first one's name.
func File(t testing.TB, pattern string) string {
	t.Helper()
	var found []string
	Wait(t, pattern, func() bool {
		found, _ = filepath.Glob(pattern) // a pattern that is none fits nothing
		return len(found) > 0
	})
	return found[0]
}

// Within runs f, and fails the test if it has not returned after Patience.
func Within(t testing.TB, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(Patience):
		t.Fatalf("%s hangs", what)
	}
}
