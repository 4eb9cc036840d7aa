package drivers

import (
	"context"
	"os"
	"runtime"
	"testing"
	"time"

	"veratill/devices"
	"veratill/devices/port"
	"veratill/devices/printer"
	"veratill/devices/reader"
	"veratill/packaging/usblab/guest"
	"veratill/packaging/usblab/models"
	"veratill/packaging/usblab/vdev"
)

// holdings are what a program holds on to.
type holdings struct {
	files, goroutines int
	memory            uint64 // bytes that the system has given
}

func held(t testing.TB) holdings {
	t.Helper()
	runtime.GC()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return holdings{len(files), runtime.NumGoroutine(), m.HeapInuse + m.StackInuse}
}

// Rounds of plugging in, use and pulling out, of a printer and a reader at once: files, goroutines
// and memory are as before.
func TestRounds(t *testing.T) {
	guest.Require(t)
	rounds := *guest.Rounds
	p, m := models.FullPrinter(512), models.MagTek()
	var before holdings
	for round := range rounds + 1 {
		if round == 1 { // the first one makes what is made once
			before = settledAt(t, holdings{})
		}
		guest.Within(t, "a round", func() { oneRound(t, p, m) })
	}
	after := settledAt(t, before)
	if after.files > before.files || after.goroutines > before.goroutines || after.memory > before.memory+4<<20 {
		t.Errorf("%+v before %d rounds, %+v after", before, rounds, after)
	}
	guest.Figure("rounds", float64(rounds))
	guest.Figure("files_more", float64(after.files-before.files))
	guest.Figure("goroutines_more", float64(after.goroutines-before.goroutines))
	guest.Figure("memory_more_kb", float64(int64(after.memory)-int64(before.memory))/1024)
}

// settledAt waits until nothing more is held than is wanted, or for a second.
func settledAt(t testing.TB, want holdings) holdings {
	t.Helper()
	var now holdings
	for range 50 {
		now = held(t)
		if now.files <= want.files && now.goroutines <= want.goroutines {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	return now
}

// oneRound opens the ports themselves, as drivers do each time that a device comes.
func oneRound(t testing.TB, p *models.Printer, m *models.Reader) {
	for _, d := range []*vdev.Device{p.Device, m.Device} {
		guest.PlugAgain(t, d)
	}
	line := opened(t, func() (port.Port, error) { return port.Open(context.Background(), address(t, fullAt)) })
	bus := opened(t, func() (port.USB, error) {
		return port.OpenUSB(context.Background(), address(t, usbOf(m.Device)), func(d port.Descriptor) bool { return d.Class == port.ClassHID })
	})
	if line == nil || bus == nil {
		return
	}
	if _, err := line.WriteBy(time.Now().Add(time.Second), []byte("\x10\x04\x01")); err != nil {
		t.Error(err)
	}
	read := make(chan error, 2)
	go func() {
		b := make([]byte, 64)
		_, err := line.Read(b)
		for err == nil {
			_, err = line.Read(b)
		}
		read <- err
	}()
	go func() {
		_, err := bus.Read(context.Background(), port.InterruptIn, make([]byte, 337))
		read <- err
	}()
	for _, d := range []*vdev.Device{p.Device, m.Device} {
		if err := d.Unplug(); err != nil {
			t.Error(err)
		}
	}
	for range 2 {
		if err := <-read; port.ReasonOf(err) != devices.Unplugged && port.ReasonOf(err) != devices.Interrupted {
			t.Errorf("a read that was under way: %v", err)
		}
	}
	_ = line.Close()
	_ = bus.Close()
}

// opened waits for a device that the system is still making known.
func opened[D any](t testing.TB, open func() (D, error)) (d D) {
	var err error
	for end := time.Now().Add(guest.Patience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if d, err = open(); err == nil {
			return d
		}
	}
	t.Error(err)
	return d
}

// Drivers that are opened and closed while nothing is there hold on to nothing either.
func TestDriversOfAbsentDevices(t *testing.T) {
	guest.Require(t)
	before := held(t)
	for range 20 {
		p, err := printer.Open(address(t, "usb:fffe:fffe"), printer.Config{})
		if err != nil {
			t.Fatal(err)
		}
		r, err := reader.Open(address(t, "usb:fffe:ffff"), port.OpenUSB, reader.Window{})
		if err != nil {
			t.Fatal(err)
		}
		guest.Wait(t, "word that nothing is there", func() bool {
			return p.Status().Reason == devices.Unplugged && r.Status().Reason == devices.Unplugged
		})
		_, _ = p.Close(), r.Close()
	}
	if after := settledAt(t, before); after.files > before.files || after.goroutines > before.goroutines {
		t.Errorf("%+v before, %+v after", before, after)
	}
}
