package txn

import "testing"

// Of a payment code four digits are kept, and whose it is.
func TestFactsOfCodeKeepFourDigits(t *testing.T) {
	if f := FactsOfCode(Secret("134567890123451234")); f.Masked != "**************1234" || f.Scheme != "WeChat Pay" || f.LastFour() != "1234" {
		t.Errorf("%+v", f)
	}
	if f := FactsOfCode(Secret("6901234567892")); f != (CardFacts{}) {
		t.Errorf("an article's code: %+v", f)
	}
}
