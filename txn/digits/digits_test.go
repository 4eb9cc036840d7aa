package digits

import (
	"strings"
	"testing"
)

// A card's number is hidden however people and banks write it, and what is none stays.
func TestHide(t *testing.T) {
	for text, want := range map[string]string{
		"card 6222020000000005678 ok":                   "card ******************* ok",
		"card 6222 0200 0000 0005 678 ok":               "card **** **** **** **** *** ok",
		"PAN:6222-0200-0000-0005-678":                   "PAN:****-****-****-****-***",
		"6 2 2 2 0 2 0 0 0 0 0 0 0 0 0 5 6 7 8":         strings.Repeat("* ", 18) + "*",
		"6222\u00a00200\u00a00000\u00a00005\u00a0678":   "****\u00a0****\u00a0****\u00a0****\u00a0***",
		"6222.0200.0000.0005.678":                       "****.****.****.****.***",
		"6222 – 0200  0000/0005_678":                    "**** – ****  ****/****_***",
		"６２２２　０２００　０００００００５６７８":                         "****　****　***********",
		"6222\u200b0200\u200b0000\u200b0005\u200b678":   "****\u200b****\u200b****\u200b****\u200b***",
		"٦٢٢٢٠٢٠٠٠٠٠٠٠٠٠٥٦٧٨":                           "*******************",
		"at 2026-11-30 10:20, 12.34, ref 000123, 95516": "at 2026-11-30 10:20, 12.34, ref 000123, 95516",
		"PAN 4000:0000:0000:0002.":                      "PAN ****:****:****:****.",
		"4000,0000,0000,0002":                           "****,****,****,****",
		"4000, 0000; 0000 0002, 1234":                   "****, ****; **** ****, ****",
		"3782,822463,10005":                             "****,******,*****",
		"４０００：００００：００００：０００２":                           "****：****：****：****",
		"1,234,567,890,123.45":                          "1,234,567,890,123.45",
		"4,40:00:00,0000:00:00,002":                     "4,40:00:00,0000:00:00,002",
		"1000,2000":                                     "1000,2000",
		"12345678":                                      "12345678", "123456789": "*********", "余额 12.00": "余额 12.00",
	} {
		if got := Hide(text, 8); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// Groups in a row make a number, and longer ones than are asked for are none.
func TestNumbers(t *testing.T) {
	var all []string
	for number, at := range Runs([]rune("12 3-456"))[0].Numbers(4) {
		if len(at) != len(number) {
			t.Errorf("%s stands at %v", number, at)
		}
		all = append(all, string(number))
	}
	if got := strings.Join(all, " "); got != "12 123 3 3456 456" {
		t.Error(got)
	}
}

// A run knows its groups, where each digit stands, and whether blanks alone keep them apart.
func TestRuns(t *testing.T) {
	runs := Runs([]rune("a 12 3, 4-5"))
	if len(runs) != 2 || !runs[0].Blanks || runs[1].Blanks || runs[0].Len() != 3 || len(runs[0].Groups) != 2 || runs[1].At()[1] != 10 || string(runs[0].Groups[0].Digits) != "12" {
		t.Errorf("%+v", runs)
	}
}
