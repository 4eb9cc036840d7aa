// Package drivers tries the till's own drivers on the virtual bus: what they say of a job, a
// swipe and a cable is held against what the device has seen. Its tests run inside the lab.
package drivers

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"veratill/devices"
	"veratill/devices/port"
	"veratill/devices/printer"
	"veratill/escpos"
	"veratill/packaging/usblab/guest"
	"veratill/packaging/usblab/models"
)

// backWithin is how soon a device that is plugged in again has to be in use.
const backWithin = 2 * time.Second

// slack is what a machine that is emulated on a busy one may need beside.
const slack = 3 * time.Second

func address(t testing.TB, text string) devices.URL {
	t.Helper()
	u, err := devices.ParseURL(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// roll is all paper of a printer: what was cut off, and what hangs in it.
type roll struct{ papers chan []byte }

func rollOf(p *models.Printer) *roll {
	r := &roll{papers: make(chan []byte, 1000)}
	p.Emulator.OnPaper(func(paper printer.Paper) { r.papers <- append([]byte(nil), paper.Bytes...) })
	return r
}

// cut is what was cut off since the last call.
func (r *roll) cut() (all [][]byte) {
	for {
		select {
		case p := <-r.papers:
			all = append(all, p)
		default:
			return all
		}
	}
}

func receipt(t testing.TB) []byte {
	t.Helper()
	e, err := escpos.NewEncoder(escpos.Profile{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := e.Append(nil, escpos.SpecimenReceipt())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func ready(t testing.TB, d *printer.Driver) {
	t.Helper()
	defer func() {
		if t.Failed() {
			t.Logf("the printer's status: %+v", d.Status())
		}
	}()
	guest.Wait(t, "a printer that is ready", func() bool { return d.Status().Health == devices.Ready })
}

// onBus plugs a printer in and drives it.
func onBus(t testing.TB, p *models.Printer, at string) *printer.Driver {
	t.Helper()
	guest.Plug(t, p.Device)
	d, err := printer.Open(address(t, at), printer.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	go port.Watch(ctx, d.Kick)
	return d
}

const (
	fullAt  = "usb:04b8:0202?serial=VERATILL01"
	cloneAt = "usb:0416:5011"
)

// The printed bytes are the job's, over packets of both sizes, and the proof is the printer's own.
func TestAJobIsPrinted(t *testing.T) {
	guest.Require(t)
	for _, size := range []uint16{64, 512} {
		p := models.FullPrinter(size)
		paper := rollOf(p)
		d := onBus(t, p, fullAt)
		ready(t, d)
		job := receipt(t)
		r := d.Print(context.Background(), printer.Job{ID: 1, Bytes: job})
		if r.Outcome != printer.Printed || r.Proof != printer.ByProcessID {
			t.Fatalf("%+v", r)
		}
		if got := paper.cut(); len(got) != 1 || !bytes.Equal(got[0], job) {
			t.Errorf("%d papers; the printed bytes are not the job's", len(got))
		}
		_ = d.Close()
		if err := p.Unplug(); err != nil {
			t.Error(err)
		}
	}
}

// The cable is pulled at every 64th byte of a receipt, on three kinds of printer. The job is never
// said to be printed unless all of it is on paper, the count of bytes is never below what came, and
// after the cable is in again the till prints within two seconds: the receipt is there once, or a
// second time with the mark of a copy, and never as half of another.
func TestPulledAtEvery64Bytes(t *testing.T) {
	guest.Require(t)
	job := receipt(t)
	again := append([]byte("\x1b@COPY\n"), job[2:]...)
	for name, k := range map[string]struct {
		make func() *models.Printer
		at   string
		step int
	}{
		"full": {func() *models.Printer { return models.FullPrinter(512) }, fullAt, 64},
		// A plug and an unplug take the kernel a second: the tests of devices/printer have these at every 64th.
		"clone": {func() *models.Printer { return models.ClonePrinter(64) }, cloneAt, 192},
		"late":  {func() *models.Printer { return models.LatePrinter(512, 50*time.Millisecond) }, fullAt, 192},
	} {
		t.Run(name, func(t *testing.T) {
			p := k.make()
			paper := rollOf(p)
			d := onBus(t, p, k.at)
			for at, id := 0, uint32(1); at < len(job)+k.step; at, id = at+k.step, id+2 {
				ready(t, d)
				before := p.Taken()
				p.PullAfter(at)
				r := d.Print(context.Background(), printer.Job{ID: id, Bytes: job, Timeout: 3 * time.Second})
				p.PullAfter(-1)
				if err := p.Unplug(); err != nil {
					t.Fatal(err)
				}
				p.Release()
				came := min(int(p.Taken()-before), len(job))
				papers := paper.cut()
				whole := len(papers) > 0 && bytes.Equal(papers[0], job)
				switch {
				case r.Outcome == printer.Printed && !whole:
					t.Fatalf("pulled after %d bytes: said to be printed, and is not: %+v", at, r)
				case r.BytesSent < came:
					t.Fatalf("pulled after %d bytes: %d said, %d came", at, r.BytesSent, came)
				case r.Outcome == printer.NotPrinted && came > 0:
					t.Fatalf("pulled after %d bytes: said not to be printed, and %d came: %+v", at, came, r)
				}
				plugged := guest.PlugAgain(t, p.Device)
				ready(t, d)
				if took := time.Since(plugged); took > backWithin+slack {
					t.Errorf("pulled after %d bytes: back after %v", at, took)
				}
				second := job
				if r.Outcome != printer.NotPrinted {
					second = again
				}
				paper.cut() // what a printer without a way to forget has spat out, or the cut that separates
				if r = d.Print(context.Background(), printer.Job{ID: id + 1, Bytes: second}); r.Outcome != printer.Printed {
					t.Fatalf("pulled after %d bytes: the next job: %+v", at, r)
				}
				if papers = paper.cut(); len(papers) == 0 || !bytes.Equal(papers[len(papers)-1], second) {
					t.Fatalf("pulled after %d bytes: of %d papers none is the next job", at, len(papers))
				}
			}
		})
	}
}

// Paper runs out, and the cover is opened, at each line of a receipt. Nothing is called printed that
// is not; when the printer is well again its next paper is whole.
func TestOutOfPaperAtEachLine(t *testing.T) {
	guest.Require(t)
	job := receipt(t)
	lines := bytes.Count(job, []byte{'\n'})
	p := models.FullPrinter(512)
	paper := rollOf(p)
	d := onBus(t, p, fullAt)
	for line, id := 0, uint32(100); line <= lines; line, id = line+1, id+2 {
		ready(t, d)
		p.Emulator.OutAfter(-1, line)
		r := d.Print(context.Background(), printer.Job{ID: id, Bytes: job, Timeout: 700 * time.Millisecond})
		papers := paper.cut()
		if whole := len(papers) > 0 && bytes.Equal(papers[0], job); (r.Outcome == printer.Printed) != whole && r.Outcome != printer.Unknown {
			t.Fatalf("out after line %d: %+v, on paper: %v", line, r, whole)
		}
		p.Emulator.Set(printer.Condition{CoverOpen: true}) // a person opens it, puts a roll in, and closes it
		p.Emulator.Set(printer.Condition{})
		ready(t, d)
		paper.cut()
		if r = d.Print(context.Background(), printer.Job{ID: id + 1, Bytes: job}); r.Outcome != printer.Printed {
			t.Fatalf("after line %d: the next job: %+v", line, r)
		}
		if papers = paper.cut(); len(papers) == 0 || !bytes.Equal(papers[len(papers)-1], job) {
			t.Fatalf("after line %d: the next paper is not the next job", line)
		}
	}
}

// A printer that takes nothing more (paper out, buffer full) ends a job in time, and exactly as many
// bytes are counted as it took.
func TestAPrinterThatTakesNothing(t *testing.T) {
	guest.Require(t)
	p := models.FullPrinter(512)
	guest.Plug(t, p.Device)
	line, err := port.Open(context.Background(), address(t, fullAt))
	if err != nil {
		t.Fatal(err)
	}
	defer line.Close()
	p.Emulator.Set(printer.Condition{PaperOut: true})
	before := p.Taken()
	began := time.Now()
	n, err := line.WriteBy(time.Now().Add(700*time.Millisecond), bytes.Repeat([]byte("0123456789abcde\n"), 16<<10))
	if port.ReasonOf(err) != devices.TimedOut || time.Since(began) > 700*time.Millisecond+slack {
		t.Errorf("%d, %v after %v", n, err, time.Since(began))
	}
	if took := int(p.Taken() - before); n != took || n == 0 {
		t.Errorf("%d bytes are counted, %d came", n, took)
	}
}

// A clone that lies about its name is found out, and driven by what it can.
func TestALieIsFoundOut(t *testing.T) {
	guest.Require(t)
	p := models.ClonePrinter(64)
	d := onBus(t, p, cloneAt)
	ready(t, d)
	f, err := d.Identify(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if f.Model == "" || f.ProcessID.Answer != printer.No || f.RealTime.Answer != printer.Yes || f.Automatic.Answer != printer.No {
		t.Errorf("%+v", f)
	}
	if got := fmt.Sprint(p.Emulator.Partial()); got != "[]" {
		t.Errorf("asking has printed %s", got)
	}
}

// The drawer opens, and its sensor is learned from that.
func TestTheDrawerIsLearned(t *testing.T) {
	guest.Require(t)
	p := models.FullPrinter(64)
	d := onBus(t, p, fullAt)
	ready(t, d)
	if err := d.KickDrawer(context.Background()); err != nil {
		t.Fatal(err)
	}
	guest.Wait(t, "an open drawer", func() bool { return d.Drawer() == printer.Opened })
	c := p.Emulator.Condition()
	c.DrawerOpen = false
	p.Emulator.Set(c)
	guest.Wait(t, "a closed drawer", func() bool { return d.Drawer() == printer.Closed })
	if p.Emulator.Kicks() != 1 {
		t.Errorf("%d kicks", p.Emulator.Kicks())
	}
}
