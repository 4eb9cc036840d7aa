package drivers

import (
	"bytes"
	"context"
	"os"
	"testing"
	"time"

	"veratill/devices/port"
	"veratill/devices/printer"
	"veratill/devices/reader"
	"veratill/packaging/usblab/guest"
	"veratill/packaging/usblab/models"
)

// Figures, not verdicts: bytes a second over USB beside a plain write to the kernel's own printer driver in the
// same run, and how long a swipe takes from the last byte of its report to the card.
func TestSpeed(t *testing.T) {
	guest.Require(t)
	p := models.LatePrinter(512, 0)
	p.Hold() // the bus is measured, not the emulator
	guest.Plug(t, p.Device)
	job := bytes.Repeat([]byte("0123456789abcde\n"), 16<<10)
	lp, err := os.OpenFile(guest.File(t, "/dev/usb/lp*"), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	if n, err := lp.Write(job); n != len(job) || err != nil {
		t.Fatal(n, err)
	}
	plain := time.Since(begun)
	if err := lp.Close(); err != nil {
		t.Fatal(err)
	}
	line, err := port.Open(context.Background(), address(t, fullAt))
	if err != nil {
		t.Fatal(err)
	}
	begun = time.Now()
	if n, err := line.WriteBy(begun.Add(guest.Patience), job); n != len(job) || err != nil {
		t.Fatal(n, err)
	}
	ours := time.Since(begun)
	if err := line.Close(); err != nil {
		t.Fatal(err)
	}
	guest.Figure("usb_bytes_per_s", rate(job, ours))
	guest.Figure("usblp_bytes_per_s", rate(job, plain))
	guest.Figure("usb_over_usblp", plain.Seconds()/ours.Seconds())
	guest.Figure("receipt_ms", aReceipt(t))
	guest.Figure("swipe_ms", aSwipe(t))
}

func rate(job []byte, took time.Duration) float64 { return float64(len(job)) / took.Seconds() }

// aReceipt is from the job to its proof, in milliseconds; the best of five.
func aReceipt(t testing.TB) float64 {
	p := models.FullPrinter(64)
	guest.Plug(t, p.Device)
	d, err := printer.Open(address(t, fullAt), printer.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	ready(t, d)
	best := time.Hour
	for id := range uint32(5) {
		begun := time.Now()
		if r := d.Print(context.Background(), printer.Job{ID: id + 1, Bytes: receipt(t)}); r.Outcome != printer.Printed {
			t.Fatalf("%+v", r)
		}
		best = min(best, time.Since(begun))
	}
	return float64(best.Microseconds()) / 1000
}

// aSwipe is from the swipe to the card, in milliseconds; the best of five.
func aSwipe(t testing.TB) float64 {
	m := models.MagTek()
	guest.Plug(t, m.Device)
	r, err := reader.Open(address(t, "usb:0801:0002"), port.OpenUSB, reader.Window{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	attached(t, r)
	best := time.Hour
	for range 5 {
		done := begin(r, context.Background())
		begun := time.Now()
		if err := m.Swipe(track1, track2); err != nil {
			t.Fatal(err)
		}
		got := ended(t, "a swipe", backWithin, done)
		best = min(best, time.Since(begun))
		if got.err != nil {
			t.Fatal(got.err)
		}
		got.card.Zero()
	}
	return float64(best.Microseconds()) / 1000
}
