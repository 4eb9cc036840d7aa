package iso8583

import (
	"strings"
	"testing"
)

// However long a card number is, at least six of its digits are hidden, and never the last four alone of what is shown.
func TestMaskHidesSixDigitsAtLeast(t *testing.T) {
	for n := range 25 {
		pan := strings.Repeat("1234567890", 3)[:n]
		masked := Mask(pan)
		hidden, shown := strings.Count(masked, "*"), len(strings.TrimRight(strings.TrimLeft(masked, "0123456789"), "0123456789"))
		if len(masked) != n || hidden < min(n, hiddenLeast) || hidden != shown || n-hidden > 10 {
			t.Errorf("%d digits: %s", n, masked)
		}
	}
}
