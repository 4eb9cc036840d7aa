package report

import (
	"veratill/txn"
	"veratill/txn/money"
)

// Fees are what providers of payment codes are to keep of a day's payments, by line: of each payment, and of each that went back as much less. ratesPPM are
// what they keep in parts per million, by line; one without a rate has no fee. It is what is expected, by the settings: what a provider really keeps stands in
// its bill. Each fee is rounded to the minor unit by itself, half up.
func Fees(attempts []txn.Attempt, ratesPPM map[string]int64) (map[string]Tally, error) {
	fees := map[string]Tally{}
	for _, a := range attempts {
		rate := ratesPPM[a.Line]
		if a.Tender != txn.Code || rate <= 0 || !a.Concluded() && a.State != txn.Voided {
			continue
		}
		fee, err := money.MulDiv(a.Amount.Minor, rate, 1_000_000)
		if err != nil {
			return nil, err
		}
		tally := fees[a.Line]
		//mutant:a-fee-goes-back-with-its-payment
		if a.Kind.GivesBack() {
			tally.AmountMinor -= fee
		} else {
			tally.Count, tally.AmountMinor = tally.Count+1, tally.AmountMinor+fee
		}
		fees[a.Line] = tally
	}
	return fees, nil
}
