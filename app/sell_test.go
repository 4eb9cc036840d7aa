package main

import (
	"testing"

	"veratill/app/counter"
	"veratill/app/present"
	"veratill/devices/reader"
)

// A card that this till does not take is a refusal like the bank's, whatever is wrong with it and however it came.
func TestEveryCardThatIsRefusedHereIsDeclined(t *testing.T) {
	codes := []string{"chip card swiped", "chip card inserted", "card expired"}
	for _, c := range []reader.Code{"", reader.Unreadable, reader.Partial, reader.Blank, reader.NoPaymentCard, reader.WrongChecksum, reader.NotUnderstood,
		reader.Encrypted, reader.SwipeLost, reader.CardRemoved, reader.CardMute, reader.CardNonsense, reader.CardBlocked, reader.Unsupported} {
		codes = append(codes, counter.CodeOfCard(&reader.Fault{Code: c}))
	}
	for _, code := range codes {
		if got := exitOf(present.Result{Code: code}); got != exitDeclined {
			t.Errorf("%q ends with %d", code, got)
		}
	}
	for _, code := range []string{"cancelled", "bank offline", "reversal owed", "journal failed", ""} {
		if got := exitOf(present.Result{Code: code}); got != exitFault {
			t.Errorf("%q ends with %d", code, got)
		}
	}
}
