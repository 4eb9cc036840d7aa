package present

import (
	"testing"

	"veratill/assets"
	"veratill/txn"
)

// Of what this computer could not save the window says that nobody knows it, and sends nobody to a bank: the next start says it. Of what was to go back it says no word that a
// payment is asked for again.
func TestWhatCouldNotBeSavedSendsNobodyToABank(t *testing.T) {
	for _, language := range assets.Languages {
		w := words(t, language)
		for _, code := range []string{"journal failed", "disk full"} {
			paid := w.Result(Result{Code: code, Charged: txn.ChargedUnknown}, false)
			if paid.Charged != w.Text("charged.unknown") || paid.Next != w.Text("result.unsaved.next") || paid.Tone != Unknown {
				t.Errorf("%s, a payment, %s: %+v", language, code, paid)
			}
			back := w.Result(Result{Code: code, Charged: txn.ChargedUnknown, Undoes: txn.Matter{Attempt: txn.Attempt{ID: 7}}}, false)
			if back.Charged != w.Text("charged.back-unknown") || back.Next != w.Text("result.unsaved.next") || back.Tone != Unknown {
				t.Errorf("%s, a void, %s: %+v", language, code, back)
			}
		}
	}
}
