package iso8583

import (
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
)

// Whatever value is drawn fits its field, and comes back from the wire as it was. Every kind
// of value that once misled a program is among the drawn ones.
func TestDrawnValuesFitAndComeBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, p := range Profiles() {
		for _, f := range p.Fields {
			for range 300 {
				m := NewMessage("0210").Set(f.Number, f.Value(r.IntN))
				body, err := p.Pack(m)
				if err != nil {
					t.Fatalf("%s: %v", p.Name, err)
				}
				if again, err := p.Unpack(body); err != nil || !maps.Equal(again.fields, m.fields) {
					t.Fatalf("%s: DE%d %q comes back as %q, %v", p.Name, f.Number, m.Get(f.Number), again.Get(f.Number), err)
				}
			}
		}
	}
}

func TestDrawnValuesHoldEveryShape(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	is := map[string]func(text string) bool{
		"digits":          func(s string) bool { return strings.Trim(s, digits) == "" },
		"all blanks":      func(s string) bool { return strings.TrimSpace(s) == "" },
		"blanks in front": func(s string) bool { return s[0] == ' ' && strings.TrimSpace(s) != "" },
		"blanks behind":   func(s string) bool { return s[len(s)-1] == ' ' && strings.TrimSpace(s) != "" },
		"blanks inside":   func(s string) bool { return strings.Contains(strings.TrimSpace(s), " ") },
		"letters alone":   func(s string) bool { return !strings.ContainsAny(s, digits+" ") },
	}
	for _, f := range unionpay.Fields {
		if f.Number != 37 && f.Number != 38 {
			continue
		}
		seen := map[string]bool{}
		for range 2000 {
			value := f.Value(r.IntN)
			for name, holds := range is {
				seen[name] = seen[name] || holds(value)
			}
		}
		for name := range is {
			if !seen[name] {
				t.Errorf("DE%d never has %s", f.Number, name)
			}
		}
	}
}

// Banks in China answer with GBK text in free fields: it is read, and no byte of it is changed.
func TestGBKTextIsRead(t *testing.T) {
	const gbk = "\xbd\xbb\xd2\xd7\xb3\xc9\xb9\xa6"
	for _, p := range Profiles() {
		for _, n := range []int{44, 63} {
			body, err := p.Pack(NewMessage("0210").Set(n, gbk))
			if err != nil {
				t.Fatal(err)
			}
			if m, err := p.Unpack(body); err != nil || m.Get(n) != gbk {
				t.Errorf("%s: DE%d is read as %q, %v", p.Name, n, m.Get(n), err)
			}
		}
	}
}
