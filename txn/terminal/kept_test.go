package terminal

import (
	"encoding/json"
	"strings"
	"testing"

	"veratill/txn/zvt"
)

// A terminal that sends a whole card number, whichever bitmap it stands in, and one that is told the till's password: what is kept of their messages has neither.
func TestWhatIsKeptOfAMessageNamesNoCard(t *testing.T) {
	pan, password := "6725900000000281", "123456"
	digits := zvt.Pack(pan, 8)
	for _, code := range []zvt.Code{zvt.Authorisation, zvt.StatusInfo, zvt.Completion, zvt.Aborted, zvt.Reversal, zvt.PrintLine, zvt.PrintBlock, zvt.Registration, zvt.Code(0x1234)} {
		for tag := 1; tag <= 0xFF; tag++ {
			for _, value := range [][]byte{digits, []byte(pan)} {
				data, err := zvt.AppendFields(nil, zvt.Field{Tag: byte(tag), Value: value})
				if err != nil { // the bitmap is shorter, or there is none
					continue
				}
				if code == zvt.Reversal || code == zvt.Registration {
					data = append(zvt.Pack(password, 3), data...)
				}
				raw, err := json.Marshal(told(zvt.APDU{Code: code, Data: data}))
				if err != nil {
					t.Fatal(err)
				}
				for _, secret := range []string{pan, pan[6:], password} {
					if strings.Contains(string(raw), secret) {
						t.Errorf("%s with bitmap %02X is kept as %s", code, tag, raw)
					}
				}
			}
		}
	}
}

// What a payment is decided by stands there: amount, result, receipt and terminal.
func TestWhatIsKeptOfAMessageSaysWhatDecides(t *testing.T) {
	s := zvt.Status{Result: 0, AmountMinor: 1250, Receipt: 42, TID: "29001006", PAN: "6725900000000281", PaymentType: -1, Mirror: -1, Text: "card 6725900000000281"}
	data, err := zvt.AppendFields(nil, s.Fields(zvt.CP437)...)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(told(zvt.APDU{Code: zvt.StatusInfo, Data: data}))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"000000001250", `"27 result","value":"00"`, "0042", "29001006", "672590******0281"} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("%s is not in %s", want, raw)
		}
	}
}
