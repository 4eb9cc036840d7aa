package txn_test

import (
	"errors"
	"strings"
	"testing"

	"veratill/txn"
)

var packed = strings.Repeat("ab", 32)

// moved is a case after moves, each of which has to be allowed.
func moved(t *testing.T, moves ...txn.CaseMoved) txn.Case {
	t.Helper()
	var c txn.Case
	for _, m := range moves {
		var err error
		if c, err = txn.StepCase(c, m); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func received() txn.CaseMoved {
	return txn.CaseMoved{Case: 1, To: txn.CaseReceived, Attempt: 7, Claim: txn.ClaimTwice, Due: "2026-12-31"}
}

func chosen() txn.CaseMoved {
	return txn.CaseMoved{Case: 1, To: txn.CaseChosen, PackSHA256: packed}
}

func to(s txn.CaseState) txn.CaseMoved { return txn.CaseMoved{Case: 1, To: s} }

// The whole table: of each state, every other one that may follow, and none beside them.
func TestACaseGoesItsWayAndNoOther(t *testing.T) {
	ways := map[txn.CaseState][]txn.CaseMoved{
		"": nil, txn.CaseReceived: {received()}, txn.CaseChosen: {received(), chosen()}, txn.CaseSent: {received(), chosen(), to(txn.CaseSent)},
		txn.CaseWon:      {received(), chosen(), to(txn.CaseSent), to(txn.CaseWon)},
		txn.CaseLost:     {received(), chosen(), to(txn.CaseSent), to(txn.CaseLost)},
		txn.CaseAccepted: {received(), to(txn.CaseAccepted)},
	}
	allowed := map[txn.CaseState]string{"": "received", txn.CaseReceived: "chosen accepted", txn.CaseChosen: "chosen sent accepted", txn.CaseSent: "chosen won lost accepted"}
	next := []txn.CaseMoved{received(), chosen(), to(txn.CaseSent), to(txn.CaseWon), to(txn.CaseLost), to(txn.CaseAccepted)}
	for state, way := range ways {
		c := moved(t, way...)
		for _, m := range next {
			after, err := txn.StepCase(c, m)
			want := strings.Contains(" "+allowed[state]+" ", " "+string(m.To)+" ")
			if (err == nil) != want || err == nil && after.State != m.To || err != nil && !errors.Is(err, txn.ErrCase) {
				t.Errorf("%q → %s: %v", state, m.To, err)
			}
		}
		if c.Open() != (allowed[state] != "") {
			t.Errorf("%q: open is %v", state, c.Open())
		}
	}
}

func TestACaseKeepsWhatWasSent(t *testing.T) {
	other := strings.Repeat("cd", 32)
	c := moved(t, received(), chosen(), to(txn.CaseSent), txn.CaseMoved{Case: 1, To: txn.CaseChosen, PackSHA256: other})
	if c.SentSHA256 != packed || c.PackSHA256 != other || c.Due != "2026-12-31" || len(c.Moves) != 4 {
		t.Errorf("%+v", c)
	}
}

func TestACaseIsOpenedWhole(t *testing.T) {
	for name, m := range map[string]txn.CaseMoved{
		"no payment":    {Case: 1, To: txn.CaseReceived, Claim: txn.ClaimTwice},
		"no claim":      {Case: 1, To: txn.CaseReceived, Attempt: 7},
		"another claim": {Case: 1, To: txn.CaseReceived, Attempt: 7, Claim: "angry"},
		"no date":       {Case: 1, To: txn.CaseReceived, Attempt: 7, Claim: txn.ClaimTwice, Due: "soon"},
		"no number":     {To: txn.CaseReceived, Attempt: 7, Claim: txn.ClaimTwice},
	} {
		if c, err := txn.StepCase(txn.Case{}, m); !errors.Is(err, txn.ErrCase) || c.State != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	open := moved(t, received())
	for name, m := range map[string]txn.CaseMoved{
		"another payment":       {Case: 1, To: txn.CaseAccepted, Attempt: 8},
		"another claim":         {Case: 1, To: txn.CaseAccepted, Claim: txn.ClaimLate},
		"another case":          {Case: 2, To: txn.CaseAccepted},
		"evidence without hash": {Case: 1, To: txn.CaseChosen},
	} {
		if _, err := txn.StepCase(open, m); !errors.Is(err, txn.ErrCase) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := txn.TakeCase(nil, txn.CaseMoved{Case: 2, To: txn.CaseReceived, Attempt: 7, Claim: txn.ClaimTwice}); !errors.Is(err, txn.ErrCase) {
		t.Errorf("a number was left out: %v", err)
	}
}

func TestEachReasonCodeIsFoundAndSaysThatItIsUnchecked(t *testing.T) {
	for _, want := range txn.ReasonCodes {
		code := want.Code
		if strings.HasSuffix(code, ".") {
			code += "4"
		}
		got, known := txn.ReasonCodeOf(want.Scheme, code)
		if !known || got.Claim != want.Claim || got.Checked {
			t.Errorf("%s %s: %+v, %v", want.Scheme, code, got, known)
		}
	}
	for _, none := range []string{"10.", "10", "", "4503"} {
		if _, known := txn.ReasonCodeOf(txn.Visa, none); known {
			t.Errorf("visa %q is known", none)
		}
	}
}
