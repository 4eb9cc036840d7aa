package bus

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"veratill/packaging/usblab/emvcard"
	"veratill/packaging/usblab/guest"
	"veratill/packaging/usblab/models"
)

// Calls of usbfs: linux/usbdevice_fs.h.
const (
	usbClaim = 0x8004550F
	usbBulk  = 0xC0185502
)

// chipHost speaks CCID by hand: the kernel has no driver for chip readers.
type chipHost struct {
	t       *testing.T
	fd      int
	out, in uint32
	seq     byte
}

func openChip(t *testing.T, sysfs string, out, in uint32) *chipHost {
	t.Helper()
	number := func(name string) int {
		b, err := os.ReadFile(filepath.Join(sysfs, name))
		n, other := strconv.Atoi(strings.TrimSpace(string(b)))
		if err != nil || other != nil {
			t.Fatal(err, other)
		}
		return n
	}
	node := guest.File(t, fmt.Sprintf("/dev/bus/usb/%03d/%03d", number("busnum"), number("devnum")))
	fd, err := unix.Open(node, unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	var face uint32
	if _, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), usbClaim, uintptr(unsafe.Pointer(&face))); e != 0 {
		t.Fatal(e)
	}
	return &chipHost{t: t, fd: fd, out: out, in: in}
}

func (c *chipHost) bulk(endpoint uint32, b []byte, limit time.Duration) (int, error) {
	call := struct {
		endpoint, size, timeoutMs uint32
		bytes                     unsafe.Pointer
	}{endpoint, uint32(len(b)), uint32(limit.Milliseconds()), unsafe.Pointer(&b[0])}
	n, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(c.fd), usbBulk, uintptr(unsafe.Pointer(&call)))
	if e != 0 {
		return 0, e
	}
	return int(n), nil
}

// do exchanges a message; state is the answer's status byte.
func (c *chipHost) do(kind byte, body string) (state byte, answer []byte) {
	c.t.Helper()
	state, answer, err := c.try(kind, body, guest.Patience)
	if err != nil {
		c.t.Fatal(err)
	}
	return state, answer
}

// try is do with a limit. Answers to earlier messages are passed over.
func (c *chipHost) try(kind byte, body string, limit time.Duration) (state byte, answer []byte, err error) {
	c.seq++
	m := append([]byte{kind, byte(len(body)), 0, 0, 0, 0, c.seq, 0, 0, 0}, body...)
	if _, err := c.bulk(c.out, m, limit); err != nil {
		return 0, nil, err
	}
	b := make([]byte, 512)
	for {
		n, err := c.bulk(c.in, b, limit)
		if err != nil || n < 10 {
			return 0, nil, fmt.Errorf("an answer of %d bytes: %w", n, err)
		}
		if b[6] == c.seq {
			return b[7], b[10:min(n, 10+int(binary.LittleEndian.Uint32(b[1:])))], nil
		}
	}
}

// there asks for the card. QEMU's reader forgets an answer that is on its way when a card comes or
// goes: then it is asked again.
func (c *chipHost) there() (card, sure bool) {
	state, _, err := c.try(0x65, "", time.Second)
	return state&3 != 2, err == nil
}

// readTrack2 powers the card on and reads the record with tag 57.
func (c *chipHost) readTrack2() {
	c.t.Helper()
	if state, atr := c.do(0x62, ""); state != 0 || !bytes.Equal(atr, emvcard.ATR) {
		c.t.Fatalf("state %#x, ATR % x", state, atr)
	}
	c.do(0x6F, "\x00\xa4\x04\x00\x08"+string(emvcard.Application)+"\x00")
	c.do(0x6F, "\x80\xa8\x00\x00\x02\x83\x00\x00")
	_, record := c.do(0x6F, "\x00\xb2\x01\x0c\x00")
	want := append([]byte{0x57, byte(len(emvcard.Track2()))}, emvcard.Track2()...)
	if !bytes.Contains(record, want) || !bytes.HasSuffix(record, []byte{0x90, 0}) {
		c.t.Errorf("the record is % x", record)
	}
}

func TestChipReaderOnTheBus(t *testing.T) {
	guest.Require(t)
	r := models.ChipReader()
	guest.Plug(t, r.Device)
	c := openChip(t, r.Path(), uint32(models.OutEndpoint), uint32(models.InEndpoint))
	if state, _ := c.do(0x65, ""); state&3 != 2 {
		t.Errorf("without a card the state is %#x", state)
	}
	r.Insert(models.TestCard())
	c.readTrack2()
}

// QEMU's reader, with the card that the runner plays.
func TestQemuCard(t *testing.T) {
	guest.Require(t)
	guest.Wait(t, "QEMU's reader", func() bool { return onBus("08e6", "4433") })
	all, err := filepath.Glob("/sys/bus/usb/devices/*/idVendor")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if b, err := os.ReadFile(f); err != nil || strings.TrimSpace(string(b)) != "08e6" {
			continue
		}
		c := openChip(t, filepath.Dir(f), 0x03, 0x82)
		there := func() bool { card, sure := c.there(); return card && sure }
		guest.Wait(t, "the card", there)
		c.readTrack2()
		guest.Host(t, "card_remove")
		guest.Wait(t, "end of the card", func() bool { card, sure := c.there(); return !card && sure })
		guest.Host(t, "card_insert")
		guest.Wait(t, "the card again", there)
		c.readTrack2()
		return
	}
	t.Fatal("there is no reader")
}
