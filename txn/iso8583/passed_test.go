package iso8583

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"
)

// withFields puts fields into a packed iso87 message by hand: bits of the two bitmaps, and the text behind what stands before them.
func withFields(t *testing.T, first, second, text string) []byte {
	t.Helper()
	return []byte("0210" + strings.ToUpper(first) + strings.ToUpper(second) + text)
}

// An answer may bring fields that no profile uses, and a bitmap of 64 or 128 bits, also one that is empty: what is asked of it is read as without them.
func TestFieldsOfKnownLengthArePassedOver(t *testing.T) {
	for name, body := range map[string][]byte{
		"64 bits":                       withFields(t, "0020000002000000", "", "000042"+"00"),
		"DE24 and DE33":                 withFields(t, "0020010082000000", "", "000042"+"123"+"05"+"98765"+"00"),
		"128 bits, the second are zero": withFields(t, "8020000002000000", "0000000000000000", "000042"+"00"),
		"DE102 and DE120":               withFields(t, "8020000002000000", "0000000004000100", "000042"+"00"+"04"+"ACCT"+"003"+"abc"),
	} {
		m, err := iso87.Unpack(body)
		if err != nil || m.Get(11) != "000042" || m.Get(39) != "00" || m.Has(24) || m.Has(33) || m.Has(102) || m.Has(120) {
			t.Errorf("%s: %v, %v", name, m, err)
		}
		if m, err := iso87.UnpackAnswer(body); err != nil || m.Get(39) != "00" {
			t.Errorf("%s, as an answer: %v", name, err)
		}
		if _, err := iso87.Unpack(append(body, 'x')); !errors.Is(err, ErrUnreadable) {
			t.Errorf("%s with a byte left over: %v", name, err)
		}
	}
	body, err := hex.DecodeString("0210" + "8020010002000000" + "0000000000000000" + "000042" + "1230" + "3030")
	if err != nil {
		t.Fatal(err)
	}
	if m, err := unionpay.Unpack(body); err != nil || m.Get(11) != "000042" || m.Get(39) != "00" {
		t.Errorf("unionpay with 128 bits and DE24: %v, %v", m, err)
	}
}

// What can't be read names the field.
func TestWhatCantBeReadIsNamed(t *testing.T) {
	for want, body := range map[string][]byte{
		"DE33": withFields(t, "0020000080000000", "", "000042"+"11"+"98765"),
	} {
		if _, err := iso87.Unpack(body); !errors.Is(err, ErrUnreadable) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s named", err, want)
		}
	}
}
