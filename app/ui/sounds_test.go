package ui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/app/sound"
	"veratill/txn"
)

// heard notes what the window plays.
func heard(c *counter) *[]sound.Kind {
	var list []sound.Kind
	c.till.opts.Sound = func(k sound.Kind) { list = append(list, k) }
	return &list
}

// A scan that is on the sale, one that is not, and one that meets a payment are told apart by ear.
func TestScansSoundAsTheyEnd(t *testing.T) {
	c := openDefault(t, nil)
	list := heard(c)
	c.scan(firstCode(t))
	c.scan("6999999999991")
	c.press(fyne.KeyF9)
	c.pass(calmFor)
	c.scan("900")
	if want := []sound.Kind{sound.Taken, sound.Refused, sound.Refused}; !slices.Equal(*list, want) {
		t.Errorf("heard %v, want %v", *list, want)
	}
}

// The end of a payment sounds as the money went; what nobody knows sounds like neither yes nor no.
func TestResultsSoundAsTheMoneyWent(t *testing.T) {
	for state, want := range map[txn.State]sound.Kind{txn.Approved: sound.Approved, txn.Declined: sound.Declined, txn.Reversed: sound.Declined,
		txn.Pending: sound.Unknown, txn.Reversing: sound.Unknown, txn.Unresolved: sound.Unknown, txn.Claimed: sound.Approved} {
		r := present.Result{Attempt: txn.Attempt{ID: 1, Kind: txn.Sale, Tender: txn.Card, State: state}}
		r.Charged = r.Attempt.Charged()
		if got := ofResult(r); got != want {
			t.Errorf("%s sounds %s, want %s", state, got, want)
		}
	}
	if got := ofResult(present.Result{Code: "offline", Charged: txn.ChargedNo}); got != sound.Refused {
		t.Errorf("a payment that was not begun sounds %s", got)
	}
}

func TestSoundsCanBeSwitchedOff(t *testing.T) {
	c := openDefault(t, nil)
	list := heard(c)
	c.till.switchSound()
	c.scan(firstCode(t))
	if len(*list) != 0 {
		t.Errorf("heard %v", *list)
	}
	c.wait("the preference", func() bool { return c.desk.Asked("sound=off") == 1 })
	c.till.switchSound()
	c.scan(firstCode(t))
	if !slices.Equal(*list, []sound.Kind{sound.Taken, sound.Taken}) {
		t.Errorf("heard %v", *list)
	}
}
