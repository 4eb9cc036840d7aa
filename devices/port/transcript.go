package port

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"veratill/devices"
)

// A transcript is what passed between the till and a device, as text for people and for
// Playback. Lines that are empty or begin with # say nothing. The first that counts is
//
//	transcript usb
//	transcript port
//
// Of a USB interface its description follows:
//
//	device 0801:0002 interface 0 class 03 00 00 sizes 0 0 8
//	maker "MagTek"
//	name "USB Swipe Reader"
//	serial "B1"
//	extra 092100010001221c00
//
// Then one line per operation: the milliseconds since the beginning, which is for people,
// and what was done. > is to the device, < from it, in hex; a fault is ! and its reason
// (devices.Reason), behind the bytes that passed before it. A write's fault may say how
// many bytes the device has taken.
//
//	@0 control 81 06 2200 0000 < 0600ff0901
//	@4 control 21 09 0300 0000 > 0102
//	@9 bulk out > 6500000000000000000000
//	@12 bulk in < 81000000000000010000
//	@13 bulk out > 6501 ! unplugged 1
//	@950 interrupt < 5003
//	@990 interrupt ! unplugged
//	@20 write > 1b40
//	@25 read < 12
type transcript struct {
	kind  string // usb, port
	about Descriptor
	steps []step
}

// step is one operation.
type step struct {
	line  int
	ms    int64
	what  string // control, a Pipe's name, write or read
	setup Setup
	sent  bool // to the device
	data  []byte
	fault devices.Reason // None is none
	taken int            // of a write that failed
}

const (
	kindUSB  = "usb"
	kindPort = "port"

	doControl = "control"
	doWrite   = "write"
	doRead    = "read"
)

// Limits of a transcript.
const (
	maxSteps = 100_000
	maxLine  = 1 << 20 // bytes
)

// ErrTranscript is the kind of every fault of a transcript, and of a driver that does not
// do what stands there.
var ErrTranscript = errors.New("transcript")

// TranscriptError is a fault of a transcript or a difference from it. It holds none of the data.
type TranscriptError struct {
	Line int // 1, 2, …; behind the last when there is nothing more
	What string
}

func (e *TranscriptError) Error() string {
	return fmt.Sprintf("%v, line %d: %s", ErrTranscript, e.Line, e.What)
}

// Unwrap is ErrTranscript.
func (e *TranscriptError) Unwrap() error { return ErrTranscript }

// String is the step's line.
func (s step) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "@%d %s", s.ms, s.what)
	if s.what == doControl {
		fmt.Fprintf(&b, " %02x %02x %04x %04x", s.setup.RequestType, s.setup.Request, s.setup.Value, s.setup.Index)
	}
	if s.sent {
		fmt.Fprintf(&b, " > %x", s.data)
	} else if len(s.data) > 0 || s.fault == devices.None {
		fmt.Fprintf(&b, " < %x", s.data)
	}
	if s.fault != devices.None {
		fmt.Fprintf(&b, " ! %s", s.fault)
		if s.sent && s.taken > 0 {
			fmt.Fprintf(&b, " %d", s.taken)
		}
	}
	return b.String()
}

// heading is what stands before the steps.
func (t transcript) heading() string {
	var b strings.Builder
	fmt.Fprintf(&b, "transcript %s\n", t.kind)
	if t.kind != kindUSB {
		return b.String()
	}
	d := t.about
	fmt.Fprintf(&b, "device %04x:%04x interface %d class %02x %02x %02x sizes %d %d %d\n",
		d.Vendor, d.Product, d.Interface, d.Class, d.Sub, d.Protocol, d.Sizes[BulkOut], d.Sizes[BulkIn], d.Sizes[InterruptIn])
	for _, s := range []struct{ key, value string }{{"maker", d.Maker}, {"name", d.Name}, {"serial", d.SerialNumber}} {
		if s.value != "" {
			fmt.Fprintf(&b, "%s %q\n", s.key, s.value)
		}
	}
	if len(d.Extra) > 0 {
		fmt.Fprintf(&b, "extra %x\n", d.Extra)
	}
	return b.String()
}

// readTranscript reads all of one. Errors are *TranscriptError and the reader's.
func readTranscript(from io.Reader) (transcript, error) {
	var t transcript
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, maxLine)
	number := 0
	for lines.Scan() {
		number++
		text := strings.TrimSpace(lines.Text())
		if text == "" || text[0] == '#' {
			continue
		}
		if err := t.take(number, text); err != nil {
			return transcript{}, &TranscriptError{number, err.Error()}
		}
	}
	if err := lines.Err(); err != nil {
		return transcript{}, &TranscriptError{number + 1, err.Error()}
	}
	if t.kind == "" {
		return transcript{}, &TranscriptError{number + 1, "there is nothing in it"}
	}
	return t, nil
}

// take reads one line that counts.
func (t *transcript) take(number int, text string) error {
	key, rest, _ := strings.Cut(text, " ")
	switch {
	case t.kind == "":
		if key != "transcript" || rest != kindUSB && rest != kindPort {
			return errors.New("it does not begin with transcript usb or transcript port")
		}
		t.kind = rest
	case strings.HasPrefix(key, "@"):
		if len(t.steps) == maxSteps {
			return errors.New("it has more operations than a transcript can have")
		}
		s, err := parseStep(key, rest)
		if err != nil {
			return err
		}
		if usual := t.kind == kindPort; (s.what == doRead || s.what == doWrite) != usual {
			return fmt.Errorf("%s is no operation of a %s", s.what, t.kind)
		}
		s.line = number
		t.steps = append(t.steps, s)
	case t.kind == kindUSB && len(t.steps) == 0:
		return t.describe(key, rest)
	default:
		return errors.New("it is no operation")
	}
	return nil
}

func (t *transcript) describe(key, rest string) (err error) {
	d := &t.about
	switch key {
	case "device":
		n, scanErr := fmt.Sscanf(rest, "%x:%x interface %d class %x %x %x sizes %d %d %d", &d.Vendor, &d.Product, &d.Interface,
			&d.Class, &d.Sub, &d.Protocol, &d.Sizes[BulkOut], &d.Sizes[BulkIn], &d.Sizes[InterruptIn])
		if n != 9 || scanErr != nil {
			return errors.New("the device's line can't be read")
		}
		if d.Interface < 0 || d.Interface > 255 {
			return errors.New("the interface is not 0 to 255")
		}
		for _, size := range d.Sizes {
			if size < 0 || size > 1024 {
				return errors.New("a packet is not 0 to 1024 bytes")
			}
		}
	case "maker":
		d.Maker, err = strconv.Unquote(rest)
	case "name":
		d.Name, err = strconv.Unquote(rest)
	case "serial":
		d.SerialNumber, err = strconv.Unquote(rest)
	case "extra":
		d.Extra, err = hex.DecodeString(rest)
	default:
		return errors.New("it is neither a description nor an operation")
	}
	if err != nil {
		return fmt.Errorf("%s can't be read", key)
	}
	return nil
}

// parseStep reads "@12" and what is behind it.
func parseStep(at, rest string) (s step, err error) {
	if s.ms, err = strconv.ParseInt(at[1:], 10, 64); err != nil || s.ms < 0 {
		return s, errors.New("the time is no number of milliseconds")
	}
	rest, fault, failed := strings.Cut(rest, "!")
	head, data, sent := strings.Cut(rest, ">")
	if !sent {
		head, data, _ = strings.Cut(rest, "<")
	}
	s.sent = sent
	if s.data, err = hex.DecodeString(strings.TrimSpace(data)); err != nil {
		return s, errors.New("the data are no hex")
	}
	if err = s.operation(strings.TrimSpace(head)); err != nil {
		return s, err
	}
	if failed {
		return s, s.failure(strings.TrimSpace(fault))
	}
	if !sent && !strings.Contains(rest, "<") {
		return s, errors.New("it says neither what passed nor what failed")
	}
	return s, nil
}

func (s *step) operation(head string) error {
	out := map[string]bool{doWrite: true, BulkOut.String(): true, doRead: false, BulkIn.String(): false, InterruptIn.String(): false}
	if sends, plain := out[head]; plain {
		if s.what = head; s.sent != sends {
			return errors.New("the direction is wrong for the operation")
		}
		return nil
	}
	n, err := fmt.Sscanf(head, doControl+" %x %x %x %x", &s.setup.RequestType, &s.setup.Request, &s.setup.Value, &s.setup.Index)
	if n != 4 || err != nil {
		return errors.New("it is no operation")
	}
	if s.what = doControl; s.sent == s.setup.In() {
		return errors.New("the direction is wrong for the request")
	}
	return nil
}

// reasons are the faults that a transcript knows.
var reasons = []devices.Reason{devices.Unplugged, devices.Refused, devices.TimedOut, devices.Cancelled, devices.Closed,
	devices.Interrupted, devices.Unreachable, devices.PortMissing, devices.PortDenied, devices.PortBusy}

func (s *step) failure(text string) error {
	for _, r := range reasons {
		rest, is := strings.CutPrefix(text, string(r))
		if !is || rest != "" && (rest[0] != ' ' || !s.sent) {
			continue
		}
		s.fault = r
		if rest == "" {
			return nil
		}
		n, err := strconv.Atoi(rest[1:])
		if err != nil || n < 0 || n > len(s.data) {
			return errors.New("more is taken than was sent")
		}
		s.taken = n
		return nil
	}
	return errors.New("the fault is none that a bus has")
}
