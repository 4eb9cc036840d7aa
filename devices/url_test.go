package devices

import (
	"errors"
	"strings"
	"testing"
)

func TestURL(t *testing.T) {
	for in, want := range map[string]URL{
		"tcp://10.0.0.1:9100":                    {Scheme: TCP, Host: "10.0.0.1:9100"},
		"tcp://printer":                          {Scheme: TCP, Host: "printer:9100"},
		"tcp://[::1]:9100/":                      {Scheme: TCP, Host: "[::1]:9100"},
		"tcp://[::1]":                            {Scheme: TCP, Host: "[::1]:9100"},
		"serial:///dev/ttyUSB0?baud=19200":       {Scheme: Serial, Path: "/dev/ttyUSB0", Baud: 19200},
		"serial:///dev/ttyS1":                    {Scheme: Serial, Path: "/dev/ttyS1", Baud: 9600},
		"serial:COM3?baud=115200":                {Scheme: Serial, Path: "COM3", Baud: 115200},
		"serial:/dev/ttyS1":                      {Scheme: Serial, Path: "/dev/ttyS1", Baud: 9600},
		"usb:04b8:0202":                          {Scheme: USB, Vendor: 0x04b8, Product: 0x0202, Interface: Any},
		"usb:04B8:0e15?serial=X%201&interface=0": {Scheme: USB, Vendor: 0x04b8, Product: 0x0e15, SerialNumber: "X 1"},
		`windows:POS-80 (copy 1)`:                {Scheme: Windows, Path: "POS-80 (copy 1)"},
		`windows:\\?\usb#vid_04b8&pid_0202#{x}`:  {Scheme: Windows, Path: `\\?\usb#vid_04b8&pid_0202#{x}`},
		"pcsc:ACS ACR39U 0":                      {Scheme: PCSC, Path: "ACS ACR39U 0"},
		"wedge:":                                 {Scheme: Wedge, Prefix: ";", Suffix: "?", GapMs: 30},
		"wedge:?prefix=%25&suffix=&gapMs=50":     {Scheme: Wedge, Prefix: "%", GapMs: 50},
		"virtual:":                               {Scheme: Virtual},
		"virtual:/tmp/tracks.txt":                {Scheme: Virtual, Path: "/tmp/tracks.txt"},
	} {
		got, err := ParseURL(in)
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", in, got, err)
		}
		if again, err := ParseURL(got.String()); err != nil || again != got {
			t.Errorf("%s: written as %s: %v", in, got, err)
		}
	}
	for _, bad := range []string{"", "printer", "http://x", "tcp:x", "tcp://", "tcp://x:0", "tcp://x:99999", "tcp://:9100", "tcp://a:b:c",
		"tcp://u@x:1", "serial:", "serial:///dev/x?baud=9", "serial:COM1?parity=even", "serial:COM1?%zz", "virtual:\x00",
		"usb:", "usb:4b8:0202", "usb:04b8", "usb:04b8:zzzz", "usb:04b8:0202?interface=256", "usb:04b8:0202?serial=%00", "usb:04b8:0202?port=1",
		"usb:04b8:0202?serial=1&serial=2", "windows:", "windows:a\nb", "pcsc:", "pcsc:" + strings.Repeat("x", 256),
		"wedge:x", "wedge:?prefix=", "wedge:?gapMs=1", "wedge:?gapMs=900", "wedge:?prefix=123456789", "wedge:?suffix=%0A"} {
		_, err := ParseURL(bad)
		if !errors.Is(err, ErrURL) || !strings.Contains(err.Error(), "for example") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
