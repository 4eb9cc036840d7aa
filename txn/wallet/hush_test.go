package wallet

import (
	"strings"
	"testing"

	"veratill/txn"
)

// What has the shape of a payment code is hidden however it is written, and the numbers of till and provider stay.
func TestWhatLooksLikeACodeIsHidden(t *testing.T) {
	for text, want := range map[string]string{
		"auth_code 137777111122223333 is bad":      "auth_code ****************** is bad",
		"1377 7711 1122 2233 33":                   "**** **** **** **** **",
		"paid with 13-77771111 2222-3333.":         "paid with **-******** ****-****.",
		`{"attach":"28763443825664394"}`:           `{"attach":"*****************"}`,
		"6225735053201615202":                      "*******************",
		"300000000000000000000000":                 "************************",
		"7 1377 7711 1122 2233 33":                 "7 **** **** **** **** **",
		"１３７７７７１１１１２２２２３３３３":                       "******************",
		`"\u0031\u003377771111222233\u0033\u0033"`: `"******************"`,
		"attach=%31377771111%322223333":            "attach=******************",
		"4200001111202611301234567890":             "4200001111202611301234567890", // transaction_id
		"2026113022001400001234567890":             "2026113022001400001234567890", // trade_no
		"261130000001ABCDEFGHJKLM":                 "261130000001ABCDEFGHJKLM",
		"7894259244096963":                         "7894259244096963",
		"2026-11-30 10:48:44 1796006926130":        "2026-11-30 10:48:44 1796006926130",
		"90880023 00049992 1395000809094655":       "90880023 00049992 1395000809094655",
		"1377:7711:1122:2233:33":                   "****:****:****:****:**",
		"%3B and \\u0041 stay":                     "%3B and \\u0041 stay",
	} {
		if got := withoutCode(text, nil); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
	if got := withoutCode("x00137777111122223333", txn.Secret("137777111122223333")); got != "x00"+strings.Repeat("*", 18) {
		t.Errorf("a code that is known, in a longer number: %q", got)
	}
}

// Nothing that is kept, shown or logged of an answer has a code: its words, its codes, its numbers, what was wrong with it.
func TestAnswerIsHushed(t *testing.T) {
	const code = "137777111122223333"
	s := said{code: code, detail: "it says " + code, answer: txn.Answer{ResponseCode: code, RRN: code, Words: "no " + code + ", nor card 6222 0200 0000 0012 34"}}.hushed([]byte(`{"a":"`+code+`"}`), nil)
	for _, text := range []string{s.code, s.detail, s.answer.ResponseCode, s.answer.RRN, s.answer.Words, s.answer.Raw} {
		if strings.Contains(text, code) || text == "" {
			t.Errorf("%q", text)
		}
	}
	if strings.Contains(s.answer.Words, "6222 0200 0000 0012 34") {
		t.Errorf("a card number: %q", s.answer.Words)
	}
}
