package iso8583

import "testing"

// No code is listed twice, without what it means, without a source, or as a yes and a no to the same request.
func TestEachCodeIsListedOnceWithItsSource(t *testing.T) {
	for _, p := range Profiles() {
		seen := map[string]bool{}
		for _, c := range p.Codes {
			if seen[c.DE39] || len(c.DE39) != 2 || c.Meaning == "" || c.Says == 0 || c.Source == "" {
				t.Errorf("%s: %+v", p.Name, c)
			}
			if yes := c.Says & (Approves | ApprovesInPart); yes != 0 && c.Says&(Refuses|RefusesVoid|AsksSignIn) != 0 || yes == Approves|ApprovesInPart {
				t.Errorf("%s: %s says yes and no", p.Name, c.DE39)
			}
			seen[c.DE39] = true
		}
	}
}

// A code by which nobody says that nothing was done is on no list; nor is one in another case, or with a blank. 08, 16 and 32 approve in plain
// ISO 8583:1987, the last in part, and say nothing at UnionPay; 12 and 22 end a reversal at UnionPay alone.
func TestCodesSayNoMoreThanTheirSource(t *testing.T) {
	silent := func(p *Profile, code string) bool {
		return !p.Approves(code) && !p.ApprovesInPart(code) && !p.Refuses(code, false) && !p.Refuses(code, true) && !p.EndsReversal(code, SameDay) && !p.RefusesReversal(code) && !p.NumberTaken(code) && !p.WantsSignIn(code)
	}
	for _, p := range Profiles() {
		for _, code := range []string{"", "  ", "0", "0 ", " 0", "000", "a0", "a2", "A", "06", "09", "68", "90", "91", "92", "96", "98", "ZZ"} {
			if !silent(p, code) {
				t.Errorf("%s: %q is on a list", p.Name, code)
			}
		}
	}
	for _, code := range []string{"08", "16", "32"} {
		if !silent(unionpay, code) || iso87.Approves(code) != (code != "32") || iso87.ApprovesInPart(code) != (code == "32") {
			t.Errorf("%s", code)
		}
	}
	for _, code := range []string{"12", "22"} {
		if !unionpay.EndsReversal(code, SameDay) || iso87.EndsReversal(code, SameDay) {
			t.Errorf("%s", code)
		}
	}
	for _, code := range []string{"77", "99", "A0"} {
		if !unionpay.Refuses(code, false) || !unionpay.WantsSignIn(code) {
			t.Errorf("%s is no refusal that asks for a sign-in", code)
		}
	}
}

// What a bank says to a reversal ends it, refuses it, or says nothing. At UnionPay, 12 ends it on the day of its original alone: later it says that the
// bank keeps the money. 25 ends it unless the bank's clock says that it is another day: the reversal names no date, and the bank may have looked at its new day alone. A code that asks for a sign-in refuses nothing: the reversal is sent again after that.
func TestAnswersToAReversal(t *testing.T) {
	for _, p := range Profiles() {
		for _, code := range []string{"05", "13", "30", "40", "58", "94"} {
			if p.EndsReversal(code, SameDay) || !p.RefusesReversal(code) {
				t.Errorf("%s: %s is no refusal of a reversal", p.Name, code)
			}
		}
		if p.RefusesReversal("77") || p.RefusesReversal("00") || p.RefusesReversal("25") && !p.EndsReversal("25", UnknownDay) || !p.NumberTaken("94") || p.NumberTaken("05") {
			t.Errorf("%s: a code that refuses nothing", p.Name)
		}
	}
	for code, ends := range map[string][3]bool{"00": {true, true, true}, "22": {true, true, true}, "12": {false, true, false}, "25": {true, true, false}} {
		for day, want := range ends {
			if got := unionpay.EndsReversal(code, Day(day)); got != want || !want && !unionpay.RefusesReversal(code) {
				t.Errorf("%s on day %d ends a reversal at UnionPay: %v", code, day, got)
			}
		}
	}
	for code, nothing := range map[string]bool{"12": true, "25": true, "22": false, "00": false, "58": false} {
		if unionpay.FindsNothing(code) != nothing {
			t.Errorf("%s says that nothing was approved: %v", code, !nothing)
		}
	}
	if !iso87.EndsReversal("25", AnotherDay) {
		t.Error("25 to a reversal that names the date of its original ends it on every day")
	}
}
