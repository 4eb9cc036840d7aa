package hostsim

import (
	"bytes"
	"maps"
	"slices"
	"testing"

	"veratill/packaging/nasty"
)

// A script that is taken has only rules that the bank knows, and decides every message.
func FuzzScript(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		s, err := ReadScript(bytes.NewReader(b))
		if err != nil {
			return
		}
		for _, amount := range []int64{0, 1250, 991, 999_999_999_999} {
			rule := s.find("0200", amount, false)
			if !slices.Contains(behaviours, rule.Do) || rule.wait() < 0 || rule.Do == Decline && len(rule.Code) != 2 {
				t.Fatalf("%+v", rule)
			}
		}
	})
}

// What a ledger holds is its whole lines, and they are read the same again without the rest.
func FuzzLedger(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		l := &ledger{rows: map[ledgerKey]Line{}}
		whole, err := l.read(bytes.NewReader(b))
		if whole < 0 || whole > int64(len(b)) || whole > 0 && b[whole-1] != '\n' {
			t.Fatalf("%d of %d bytes", whole, len(b))
		}
		if err != nil {
			return
		}
		again := &ledger{rows: map[ledgerKey]Line{}}
		if n, err := again.read(bytes.NewReader(b[:whole])); err != nil || n != whole || !maps.Equal(again.rows, l.rows) || again.rrn != l.rrn {
			t.Fatalf("read otherwise without the rest: %v", err)
		}
	})
}
