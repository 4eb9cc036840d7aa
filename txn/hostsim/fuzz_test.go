package hostsim

import (
	"bytes"
	"slices"
	"testing"

	"veratill/assets/files"
	"veratill/packaging/nasty"
	"veratill/txn/hostsim/bank"
)

// A script that is taken has only rules that the bank knows, and decides every message.
func FuzzScript(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		s, err := ReadScript(bytes.NewReader(b))
		if err != nil {
			return
		}
		for _, amount := range []int64{0, 1250, 991, 999_999_999_999} {
			rule := s.find("0200", "", amount, false)
			if !slices.Contains(behaviours, rule.Do) || rule.wait() < 0 || rule.Do == Decline && len(rule.Code) != 2 {
				t.Fatalf("%+v", rule)
			}
		}
	})
}

// What a ledger holds is its whole lines, and they are read the same again without the rest.
func FuzzLedger(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		l := &ledger{book: bank.NewBook()}
		whole, err := files.EachLine(bytes.NewReader(b), l.line)
		if whole < 0 || whole > int64(len(b)) || whole > 0 && b[whole-1] != '\n' {
			t.Fatalf("%d of %d bytes", whole, len(b))
		}
		if err != nil {
			return
		}
		again := &ledger{book: bank.NewBook()}
		if n, err := files.EachLine(bytes.NewReader(b[:whole]), again.line); err != nil || n != whole || !slices.Equal(again.book.Rows(), l.book.Rows()) || again.rrn != l.rrn {
			t.Fatalf("read otherwise without the rest: %v", err)
		}
	})
}
