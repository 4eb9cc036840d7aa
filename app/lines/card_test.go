package lines

import (
	"testing"

	"veratill/txn/terminal"
)

func TestASerialTerminalHasTwoStopBits(t *testing.T) {
	for address, want := range map[string]string{
		"zvt:serial:///dev/ttyACM0":                   "serial:///dev/ttyACM0?baud=9600&stop=2",
		"zvt:serial:COM3?baud=115200&password=123456": "serial:COM3?baud=115200&stop=2",
		"zvt:serial:///dev/ttyACM0?stop=1":            "serial:///dev/ttyACM0?baud=9600&stop=1",
		"zvt:serial:///dev/ttyACM0?baud=19200&stop=1": "serial:///dev/ttyACM0?baud=19200&stop=1",
		"zvt://192.168.1.60":                          "tcp://192.168.1.60:20007",
	} {
		c, err := terminal.Parse(address)
		if err != nil {
			t.Fatal(address, err)
		}
		if u, err := portOf(c); err != nil || u.String() != want {
			t.Errorf("%s is %s, %v; want %s", address, u, err, want)
		}
	}
	if _, err := terminal.Parse("zvt:serial:COM3?stop=3"); err == nil {
		t.Error("three stop bits are taken")
	}
}
