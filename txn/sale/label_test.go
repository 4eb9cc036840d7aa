package sale

import (
	"errors"
	"testing"

	"veratill/packaging/nasty"
)

func withCheck(t *testing.T, digits string) string {
	t.Helper()
	c, ok := CheckDigit(digits)
	if !ok {
		t.Fatal(digits)
	}
	return digits + string('0'+c)
}

func TestLabels(t *testing.T) {
	labels, err := ParseLabels([]string{"21=weight", "29=price"})
	if err != nil {
		t.Fatal(err)
	}
	plu, kind, value, ok := labels.Read(withCheck(t, "210010101250"))
	if plu != "00101" || kind != WeightLabel || value != 1250 || !ok {
		t.Error(plu, kind, value, ok)
	}
	if plu, kind, value, ok = labels.Read(withCheck(t, "290010100999")); plu != "00101" || kind != PriceLabel || value != 999 || !ok {
		t.Error(plu, kind, value, ok)
	}
	good := withCheck(t, "210010101250")
	misread := good[:12] + string('0'+(good[12]-'0'+1)%10)
	for _, bad := range []string{misread, withCheck(t, "220010101250"), "21001", good[:11] + "x" + good[12:], ""} {
		if _, _, _, ok := labels.Read(bad); ok {
			t.Errorf("%q is taken for a label", bad)
		}
	}
	if _, err := ParseLabels([]string{"21=weight", "21=price"}); !errors.Is(err, errLabels) {
		t.Errorf("21 is both: %v", err)
	}
	for _, bad := range []string{"21", "21=grams", "31=weight", "2=weight", "2x=price"} {
		if _, err := ParseLabels([]string{bad}); !errors.Is(err, errLabels) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestPaymentCodes(t *testing.T) {
	for code, want := range map[string]PaymentCode{
		"134567890123456789": WeChat, "104567890123456789": WeChat, "164567890123456789": NoWallet,
		"2867890123456789": Alipay, "301234567890123456789012": Alipay, "3112345678901234": NoWallet,
		"6212345678901234567": UnionPay, "621234567890123456": NoWallet,
		"6901234567892": NoWallet, "13456789012345678x": NoWallet, "": NoWallet, "28678901234567": NoWallet,
	} {
		if got := PaymentCodeOf(code); got != want {
			t.Errorf("%s: %q and not %q", code, got, want)
		}
	}
}

// A label that is read has an article of five digits, a value of five, and a check digit that holds.
func FuzzLabel(f *testing.F) {
	labels := Labels{"21": WeightLabel, "22": PriceLabel}
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		code := CleanScan(string(b))
		if wallet := PaymentCodeOf(code); wallet != NoWallet && len(code) < 16 {
			t.Fatalf("%q is %s", code, wallet)
		}
		plu, kind, value, ok := labels.Read(code)
		if !ok {
			return
		}
		if _, holds := KindOf(code); !holds || len(plu) != 5 || value < 0 || value > 99_999 || kind == "" {
			t.Fatalf("%q: %q %q %d", code, plu, kind, value)
		}
	})
}
