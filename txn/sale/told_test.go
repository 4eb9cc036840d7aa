package sale

import (
	"errors"
	"io/fs"
	"testing"
)

// What an error names is said without a card's number, a track or a code, and as it is where it has none.
func TestDiscreet(t *testing.T) {
	for text, want := range map[string]string{
		`"6222020000000001234" has no scheme`: `"*******************" has no scheme`, ";6222020000000001235=49121010000000000?": ";*******************=*****************?",
		"open 134567890123451234: no such file": "open ******************: no such file", "open till/by-hand-20261130T075027.832.db": "open till/by-hand-20261130T075027.832.db",
	} {
		if got := DiscreetError(errors.New(text)).Error(); got != want {
			t.Errorf("%q becomes %q", text, got)
		}
	}
	if DiscreetError(nil) != nil || !errors.Is(DiscreetError(fs.ErrExist), fs.ErrExist) {
		t.Error("it is another error")
	}
}

// A card's number and a payment code are seen among words, however they are grouped; what is none is left alone.
func TestTellsCard(t *testing.T) {
	for _, text := range []string{
		"6222020000000001234", "card 6222020000000001234", "card 6222 0200 0000 0001 234, says Li", "6222-0200-0000-0001-234", "４１１１ １１１１ １１１１ １１１１",
		"4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "no 17: 4111.1111.1111.1111", "17 4111 1111 1111 1111", "4111 1111 1111 1111 17", "3782 822463 10005",
		"13-4567-8901-2345-6789", "卡号6222020000000001234", "pay 2845 6789 0123 4567 89", ";6222020000000001235=49121010000000000?", "6222020000000001235^X",
		"PAN4111111111111111x", "4111111111111111X", "card no.4111 1111 1111 1111X", "V4111-1111-1111-1111", "Li6222020000000001234",
		"4111:1111:1111:1111", "card 4111,1111,1111,1111.", "4111, 1111, 1111, 1111", "3782:822463:10005", "4111:1111 1111;1111", "1,4111,1111,1111,1111,17",
	} {
		if !TellsCard(text) {
			t.Errorf("%q is not seen", text)
		}
	}
	for _, text := range []string{
		"", "broken", "card *1234", "622202*********1234", "4111111111111112", "PAN4111111111111112x", "2611111000008XEHXBXYWWPKD", "tel 138 0013 8000", "6990204110138", "000000000012", "RRN 000000000012, STAN 000003", "2026-11-30 10:20:33",
		"20261130 000123", "4200001111111111111111111117", "260 CNY of 30.11.2026", "0411111111111111111",
		"4111:1111:1111:1112", "1,234,567.89", "4,111,111,111,111,111", "41:11:11:11:11:11:11:11", "4111,1111,1111", "10:20:33, 12.50, 4111, 1111",
	} {
		if TellsCard(text) {
			t.Errorf("%q is taken for a card or a code", text)
		}
	}
}

// The numbers that banks and providers give their payments may have letters beside their digits: those are looked at for a card's number that stands alone.
func TestANumberOfLettersAndDigitsIsNoCard(t *testing.T) {
	if TellsPAN("4111111111111111X") || TellsPAN("V4111111111111111") || !TellsPAN("4111111111111111") {
		t.Error("letters make no difference")
	}
}
