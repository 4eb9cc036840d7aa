// Package bus tests the lab itself by the kernel's own drivers: what a virtual device is for them,
// and what it got.
package bus

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"veratill/packaging/usblab/guest"
	"veratill/packaging/usblab/models"
	"veratill/packaging/usblab/vdev"
)

// attribute reads one file of a device in sysfs; empty where there is none.
func attribute(d *vdev.Device, name string) string {
	b, err := os.ReadFile(filepath.Join(d.Path(), name))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

// nodeOf waits for a device file whose entry in /sys/class is below the device.
func nodeOf(t *testing.T, d *vdev.Device, class, node string) string {
	t.Helper()
	var found string
	guest.Wait(t, class+" of "+d.Path(), func() bool {
		links, _ := filepath.Glob(filepath.Join("/sys/class", class)) // a fixed pattern
		for _, l := range links {
			at, err := filepath.EvalSymlinks(l)
			if err == nil && strings.HasPrefix(at, d.Path()+"/") {
				found = filepath.Join(node, filepath.Base(l))
				_, err = os.Stat(found)
				return err == nil
			}
		}
		return false
	})
	return found
}

// models of the counter, each with what the kernel has to see.
func everyModel() map[string]struct {
	d                  *vdev.Device
	id, serial, class  string
	speed, driver, sub string
} {
	type m = struct {
		d                  *vdev.Device
		id, serial, class  string
		speed, driver, sub string
	}
	return map[string]m{
		"full printer":       {models.FullPrinter(512).Device, "04b8:0202", "VERATILL01", "07", "480", "usblp", "02"},
		"full printer slow":  {models.FullPrinter(64).Device, "04b8:0202", "VERATILL01", "07", "12", "usblp", "02"},
		"clone printer":      {models.ClonePrinter(64).Device, "0416:5011", "", "07", "12", "usblp", "02"},
		"late printer":       {models.LatePrinter(512, 0).Device, "04b8:0202", "VERATILL01", "07", "480", "usblp", "02"},
		"MagTek":             {models.MagTek().Device, "0801:0002", "", "03", "12", "usbhid", "00"},
		"MagTek with serial": {models.MagTekSerial().Device, "0801:0011", "B1A2C3D", "03", "12", "usbhid", "00"},
		"MiniMag":            {models.MiniMag().Device, "0acd:2010", "", "03", "12", "usbhid", "00"},
		"SecureMag":          {models.SecureMag().Device, "0acd:2810", "SM0001", "03", "12", "usbhid", "00"},
		"plain HID":          {models.PlainHID().Device, "16c0:05df", "", "03", "12", "usbhid", "00"},
		"scanner":            {models.NewScanner().Device, "0c2e:0b61", "SC0001", "03", "12", "usbhid", "00"},
		"chip reader":        {models.ChipReader().Device, "076b:3021", "", "0b", "12", "", "00"},
	}
}

func TestEveryModelEnumerates(t *testing.T) {
	guest.Require(t)
	for name, m := range everyModel() {
		t.Run(name, func(t *testing.T) {
			guest.Plug(t, m.d)
			if got := attribute(m.d, "idVendor") + ":" + attribute(m.d, "idProduct"); got != m.id {
				t.Errorf("the kernel sees %s, not %s", got, m.id)
			}
			if got := attribute(m.d, "serial"); got != m.serial {
				t.Errorf("the serial number is %q, not %q", got, m.serial)
			}
			if got := attribute(m.d, "speed"); got != m.speed {
				t.Errorf("the speed is %s, not %s", got, m.speed)
			}
			face := filepath.Join(m.d.Path(), filepath.Base(m.d.Path())+":1.0")
			var class string
			guest.Wait(t, "class of "+face, func() bool { // the folder is there before its files are
				b, err := os.ReadFile(filepath.Join(face, "bInterfaceClass"))
				class = strings.TrimSpace(string(b))
				return err == nil
			})
			if class != m.class {
				t.Errorf("the class is %q, not %s", class, m.class)
			}
			if m.driver != "" {
				guest.Wait(t, m.driver, func() bool {
					at, err := os.Readlink(filepath.Join(face, "driver"))
					return err == nil && filepath.Base(at) == m.driver
				})
			}
		})
	}
}

// Plug in and pull out, at every moment of enumeration, and nothing is left.
func TestPortsAreUsedAgain(t *testing.T) {
	guest.Require(t)
	free, err := vdev.FreePorts()
	if err != nil {
		t.Fatal(err)
	}
	p := models.FullPrinter(512)
	for i := range 50 {
		if err := p.Plug(); err != nil {
			t.Fatalf("plug %d: %v", i, err)
		}
		path := p.Path()
		time.Sleep(time.Duration(i) * 2 * time.Millisecond)
		if err := p.Unplug(); err != nil {
			t.Fatalf("unplug %d: %v", i, err)
		}
		if _, err := os.Stat(path); err == nil {
			t.Fatalf("after unplug %d the kernel still has %s", i, path)
		}
	}
	if now, err := vdev.FreePorts(); err != nil || now != free {
		t.Errorf("%d ports are free, and %d were (%v)", now, free, err)
	}
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if to, err := os.Readlink("/proc/self/fd/" + f.Name()); err == nil && strings.HasPrefix(to, "socket:") {
			t.Errorf("a socket is left: %s", to)
		}
	}
	guest.Plug(t, p.Device) // and it still works
}

// report reads one report of a reader through the kernel's hidraw.
func reports(t *testing.T, d *vdev.Device, size, count int, send func() error) [][]byte {
	t.Helper()
	f, err := os.Open(nodeOf(t, d, "hidraw/hidraw*", "/dev"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	time.Sleep(50 * time.Millisecond) // the driver begins to ask when the file is open
	if err := send(); err != nil {
		t.Fatal(err)
	}
	var all [][]byte
	guest.Within(t, "the report", func() {
		for range count {
			b := make([]byte, size+1)
			n, err := f.Read(b)
			if err != nil {
				t.Error(err)
				return
			}
			all = append(all, b[:n])
		}
	})
	return all
}

const (
	track1 = "%B6200000000000005^TEST/CARD^49122010000000000?"
	track2 = ";6200000000000005=49122010000000000?"
)

func TestReadersReportByteForByte(t *testing.T) {
	guest.Require(t)
	whole := func(size int, parts ...string) []byte {
		b := []byte(strings.Join(parts, ""))
		return append(b, make([]byte, size-len(b))...)
	}
	field := func(text string) string { return text + strings.Repeat("\x00", 110-len(text)) }
	lengths := string([]byte{0, 0, 0, byte(len(track1)), byte(len(track2)), 0, 0})
	total := len(track1) + len(track2) + 2
	plain := track1 + "\r" + track2 + "\r"
	for name, c := range map[string]struct {
		r    *models.Reader
		want [][]byte
	}{
		"MagTek":    {models.MagTek(), [][]byte{whole(337, lengths, field(track1), track2)}},
		"MiniMag":   {models.MiniMag(), [][]byte{whole(509, lengths, string([]byte{byte(total), 0}), plain)}},
		"plain HID": {models.PlainHID(), [][]byte{whole(64, "\x01\x3e", plain[:62]), whole(64, "\x01"+string(rune(len(plain)-62)), plain[62:])}},
	} {
		t.Run(name, func(t *testing.T) {
			guest.Plug(t, c.r.Device)
			got := reports(t, c.r.Device, 600, len(c.want), func() error { return c.r.Swipe(track1, track2) })
			for i, want := range c.want {
				if i >= len(got) || !bytes.Equal(got[i], want) {
					t.Errorf("report %d is\n%q, not\n%q", i, got, want)
				}
			}
		})
	}
}

// The frame of a SecureMag is judged by its own sums.
func TestSecureMagFrame(t *testing.T) {
	guest.Require(t)
	r := models.SecureMag()
	guest.Plug(t, r.Device)
	got := reports(t, r.Device, 600, 1, func() error { return r.Swipe(track1, track2) })
	if len(got) != 1 || len(got[0]) != models.SecureMagReport || got[0][0] != 2 {
		t.Fatalf("no frame: %q", got)
	}
	b := got[0]
	n := int(b[1]) | int(b[2])<<8
	var lrc, sum byte
	for _, c := range b[3 : 3+n] {
		lrc ^= c
		sum += c
	}
	if !bytes.Equal(b[3+n:6+n], []byte{lrc, sum, 3}) {
		t.Errorf("the end of the frame is % x, not % x 03", b[3+n:6+n], []byte{lrc, sum})
	}
	if text := string(b[10 : 3+n]); text != track1+track2 {
		t.Errorf("the tracks are %q", text)
	}
}

func TestScannerGoesOnInTheNextReport(t *testing.T) {
	guest.Require(t)
	s := models.NewScanner()
	guest.Plug(t, s.Device)
	code := strings.Repeat("0123456789", 7)
	got := reports(t, s.Device, 64, 2, func() error { return s.Scan("]C1", code) })
	if len(got) != 2 {
		t.Fatalf("%d reports", len(got))
	}
	if string(got[0][5:61])+string(got[1][5:5+got[1][1]]) != code || got[0][63] != 1 || got[1][63] != 0 || string(got[0][:5]) != "\x02\x38]C1" {
		t.Errorf("the reports are %q", got)
	}
}

// A card that is drawn through while nobody listens waits no longer than the cable is in.
func TestNothingIsSentToTheNextPlug(t *testing.T) {
	guest.Require(t)
	r := models.MagTek()
	guest.Plug(t, r.Device)
	if err := r.Send(models.InputEndpoint, []byte("old")); err != nil {
		t.Fatal(err)
	}
	if err := r.Unplug(); err != nil {
		t.Fatal(err)
	}
	if err := r.Send(models.InputEndpoint, []byte("x")); err == nil {
		t.Error("a reader without a cable has sent something")
	}
	guest.Plug(t, r.Device)
	if n := r.Queued(models.InputEndpoint); n != 0 {
		t.Errorf("%d bytes of the time before wait", n)
	}
}
