package txn

import (
	"cmp"
	"slices"
)

// Prints belong to a sale (its receipt and copies) or to one attempt (the slip of a void or a refund, a note, a part's slip). How
// they begin and end is the same for both.

// addPrint adds a print without touching the list that other copies of its owner share.
func addPrint(prints []Print, kind PrintKind, e Event) []Print {
	return append(prints[:len(prints):len(prints)], Print{ID: e.PrintID, Kind: kind, AtMs: e.AtMs, Outcome: Printing})
}

// endPrint gives a print that is under way its outcome. ok is false where there is none, or the outcome is none.
func endPrint(prints []Print, e Event) (after []Print, ended Print, ok bool) {
	for i, p := range prints {
		if p.ID != e.PrintID || p.Outcome != Printing || !outcome(e.Outcome) {
			continue
		}
		//mutant:step-keeps-what-it-is-given
		prints = append([]Print(nil), prints...)
		prints[i].Outcome, prints[i].Proof = e.Outcome, e.Proof
		return prints, p, true
	}
	return prints, Print{}, false
}

func outcome(p Paper) bool { return p == Printed || p == NotPrinted || p == PaperUnknown }

// forgotten are the prints as a start finds them: what was under way has an unknown end.
func forgotten(prints []Print) []Print {
	prints = append([]Print(nil), prints...)
	for i := range prints {
		if prints[i].Outcome == Printing {
			//mutant:start-ends-prints
			prints[i].Outcome = PaperUnknown
		}
	}
	return prints
}

func printing(prints []Print) bool {
	for _, p := range prints {
		if p.Outcome == Printing {
			return true
		}
	}
	return false
}

// lastPrint is the number of the newest print, 0 without one.
func lastPrint(prints []Print) int64 {
	if len(prints) == 0 {
		return 0
	}
	return prints[len(prints)-1].ID
}

func sortPrints(prints []Print) {
	slices.SortFunc(prints, func(a, b Print) int { return cmp.Compare(a.ID, b.ID) })
}
