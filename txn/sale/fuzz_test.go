package sale

import (
	"slices"
	"strings"
	"testing"

	"veratill/packaging/nasty"
	"veratill/txn/money"
)

// A code keeps its digits, and a check digit that holds is the one that is computed:
// any other digit in its place does not hold.
func FuzzCode(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		raw := string(b)
		code := CleanScan(raw)
		if !strings.Contains(raw, code) {
			t.Fatalf("%q became %q", raw, code)
		}
		kind, holds := KindOf(code)
		if kind == OwnCode {
			return
		}
		last := len(code) - 1
		check, ok := CheckDigit(code[:last])
		if !ok || holds != (code[last] == '0'+check) {
			t.Fatalf("%q: %s, %v", code, kind, holds)
		}
		other := code[:last] + string('0'+(code[last]-'0'+1)%10)
		if _, also := KindOf(other); holds && also {
			t.Fatalf("%q and %q hold", code, other)
		}
	})
}

// Every article that is read from a list can be found by its code and be sold, under a name that can be read; every row with something
// in it is sold or refused; and no remark holds what a terminal would take for a command.
func FuzzList(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		text := string(b)
		for _, head := range []string{"", "code,name,price,tax,unit\n", "条码;品名;售价;税率;说明\n"} {
			judgeList(t, ReadList(head+text, money.CNY, nil), text)
		}
	})
}

func judgeList(t *testing.T, l List, searched string) {
	for _, item := range l.InGroup("") {
		found, ok := l.Find(item.Code)
		if !ok || found.Code != item.Code {
			t.Fatalf("%q is not found", item.Code)
		}
		for _, name := range []string{item.Name.ZH, item.Name.EN} {
			if name != "" && (&listReader{}).rubbish(name) {
				t.Fatalf("%q is sold", name)
			}
		}
		cart := NewCart(money.CNY)
		if _, err := cart.Add(item, OneE5); err != nil || cart.TotalMinor() != item.UnitPriceMinor {
			t.Fatalf("%d became %d, %v", item.UnitPriceMinor, cart.TotalMinor(), err)
		}
	}
	if l.Len()+l.Refused() != l.Rows {
		t.Fatalf("%d rows: %d are sold, %d are refused", l.Rows, l.Len(), l.Refused())
	}
	for _, r := range l.Remarks {
		if strings.ContainsFunc(r.Value+r.Code+r.Column, func(c rune) bool { return !printable(c) }) || !slices.Contains(RemarkKinds, r.Kind) {
			t.Fatalf("%+v", r)
		}
	}
	l.Search(searched, 5)
}
