package txn_test

import (
	"testing"

	"veratill/txn"
)

// The books are those with which a line was last asked, or went on from them; else the mark says what it looks like.
func TestMarkAgainstBooks(t *testing.T) {
	mark := txn.Mark{Line: "bank", Books: "a", Entry: 10, Head: "h", Number: 5}
	for name, c := range map[string]struct {
		now  txn.Mark
		head string
		want txn.NumberWhy
	}{
		"the same":                       {txn.Mark{Books: "a", Entry: 10, Head: "h", Number: 5}, "h", ""},
		"gone on":                        {txn.Mark{Books: "a", Entry: 12, Head: "i", Number: 6}, "h", ""},
		"a lost -wal":                    {txn.Mark{Books: "a", Entry: 8, Head: "g", Number: 4}, "", txn.EntriesMissing},
		"a number that is missing":       {txn.Mark{Books: "a", Entry: 11, Head: "g", Number: 4}, "h", txn.EntriesMissing},
		"a copy that went another way":   {txn.Mark{Books: "a", Entry: 12, Head: "x", Number: 9}, "y", txn.EntriesDiffer},
		"books that were begun anew":     {txn.Mark{Books: "b", Entry: 2, Head: "x"}, "", txn.OtherBooks},
		"other books that are far ahead": {txn.Mark{Books: "b", Entry: 99, Head: "x", Number: 99}, "z", txn.OtherBooks},
	} {
		if got := mark.Against(c.now, c.head); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if to := mark.Beyond(c.now); to < mark.Number+txn.NumbersAhead || to < c.now.Number+txn.NumbersAhead {
			t.Errorf("%s: the numbers move to %s", name, to)
		}
	}
}
