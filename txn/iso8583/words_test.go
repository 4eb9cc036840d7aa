package iso8583

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"
)

// What a bank says in GBK is read, in whichever of its fields; what else stands there is no reason to understand less.
func TestWordsOfABank(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("余额不足，请换卡")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range Profiles() {
		m := NewMessage("0210").Set(11, "000001").Set(39, "51").Set(44, gbk).Set(63, "CUP OK")
		body, err := p.Pack(m)
		if err != nil {
			t.Fatalf("%s: %v", p.Name, err)
		}
		got, err := p.UnpackAnswer(body)
		if err != nil || got.Get(39) != "51" || got.Words() != "余额不足，请换卡 CUP OK" {
			t.Errorf("%s: %q, %v", p.Name, got.Words(), err)
		}
	}
	for value, want := range map[string]string{"\x00\x01\xff": "", "card 6222020000000001234 seen": "card ******************* seen", "6222 0200 0000 0005 678": "**** **** **** **** ***",
		"6222-0200-0000-0005-678": "****-****-****-****-***", "6 2 2 2 0 2 0 0 0 0 0 0 0 0 0 5 6 7 8": strings.Repeat("* ", 18) + "*", "a\nb  c": "a b c", "12345678": "12345678"} {
		if got := NewMessage("0210").Set(48, value).Words(); got != want {
			t.Errorf("%q is read as %q, want %q", value, got, want)
		}
	}
}

// Whatever stands in those fields, no card number and nothing that can't be shown comes out.
func TestWordsHideCards(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := string(rapid.SliceOf(rapid.Byte()).Draw(r, "bytes")) + rapid.StringMatching(`[0-9]{9,19}`).Draw(r, "digits")
		words := NewMessage("0210").Set(62, text).Words()
		run := 0
		for _, c := range words {
			if !unicode.IsPrint(c) || c == utf8.RuneError {
				r.Fatalf("%q", words)
			}
			if run++; !unicode.IsDigit(c) {
				run = 0
			}
			if run > hiddenRun {
				r.Fatalf("%q holds a run of digits", words)
			}
		}
		if strings.Contains(words, "  ") {
			r.Fatalf("%q", words)
		}
	})
}
