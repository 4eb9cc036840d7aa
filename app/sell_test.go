package main

import (
	"context"
	"errors"
	"testing"

	"veratill/app/desk"
	"veratill/app/present"
	"veratill/devices/reader"
	"veratill/txn"
)

// A card that this till does not take is a refusal like the bank's, whatever is wrong with it.
func TestEveryCardThatIsRefusedHereIsDeclined(t *testing.T) {
	for _, c := range []reader.Code{"", reader.Unreadable, reader.Partial, reader.Blank, reader.NoPaymentCard, reader.WrongChecksum, reader.NotUnderstood,
		reader.Encrypted, reader.SwipeLost, reader.CardRemoved, reader.CardMute, reader.CardNonsense, reader.CardBlocked, reader.Unsupported} {
		if r := desk.Unread(&reader.Fault{Code: c}); exitOf(r) != exitDeclined || r.Charged != txn.ChargedNo {
			t.Errorf("a card that is %q ends with %d, charged %s", c, exitOf(r), r.Charged)
		}
	}
	if got := exitOf(desk.Unread(errors.New("something else"))); got != exitDeclined {
		t.Errorf("a card with a fault that nobody knows ends with %d", got)
	}
}

// What kept a payment from being begun is a fault, and so is a wait for a card that nobody ended by presenting one.
func TestWhatWasNotBegunIsAFault(t *testing.T) {
	for _, code := range []string{"cancelled", "bank offline", "reversal owed", "journal failed", ""} {
		if got := exitOf(present.Result{Code: code}); got != exitFault {
			t.Errorf("%q ends with %d", code, got)
		}
	}
	if got := exitOf(desk.Unread(context.Canceled)); got != exitFault {
		t.Errorf("a cancelled wait ends with %d", got)
	}
}
