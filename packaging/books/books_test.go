package books

import (
	"maps"
	"strings"
	"testing"
)

// Each way to lie is noticed, and what is honest is not taken for a lie.
func TestClaims(t *testing.T) {
	const yes, no, unknown = `{"stan":2,"state":"approved","charged":"yes"}`, `{"state":"none","charged":"no"}`, `{"stan":2,"state":"pending","charged":"unknown"}`
	for name, c := range map[string]struct {
		claim  Claim
		taken  int
		sheets int
		saving bool
		lie    string // empty: honest
	}{
		"paid and on paper":                         {claim: Claim{Exit: 0, Out: []byte(yes)}, taken: 1, sheets: 1},
		"paid and nothing taken":                    {claim: Claim{Exit: 0, Out: []byte(yes)}, lie: "the bank holds nothing"},
		"paid without paper":                        {claim: Claim{Exit: 0, Out: []byte(yes)}, taken: 1, lie: "0 receipts"},
		"paid, paper not confirmed":                 {claim: Claim{Exit: 12, Out: []byte(yes)}, taken: 1},
		"stopped before anything":                   {claim: Claim{Exit: 1, Out: []byte(no), Err: []byte("the journal could not save")}, saving: true},
		"stopped and the bank has the money":        {claim: Claim{Exit: 1, Out: []byte(no), Err: []byte("it could not save")}, taken: 1, lie: "not charged"},
		"stopped without a word":                    {claim: Claim{Exit: 1, Out: []byte(no)}, lie: "did not say why"},
		"declined and the bank has the money":       {claim: Claim{Exit: 10, Out: []byte(no)}, taken: 1, lie: "not charged"},
		"not known, and it says that it can't save": {claim: Claim{Exit: 11, Out: []byte(unknown), Err: []byte("the journal can't save")}, saving: true},
		"not known, and the disk is not named":      {claim: Claim{Exit: 11, Out: []byte(unknown), Err: []byte("no answer")}, saving: true, lie: "can't save"},
		"a crash":                                   {claim: Claim{Exit: 2, Err: []byte("panic: runtime error")}, lie: "no outcome of a sale"},
		"only its exit code could be heard":         {claim: Claim{Exit: 0, Mute: true}, taken: 1, sheets: 1},
		"nothing said and no fault":                 {claim: Claim{Exit: 0}, taken: 1, sheets: 1, lie: "said nothing"},
	} {
		b := Of(nil)
		b.papers[2] = Sheets{Unmarked: c.sheets}
		b.judgeClaim(c.claim, c.taken, Attempt{STAN: 2}, c.saving)
		found := strings.Join(b.take(), "; ")
		if c.lie == "" && found != "" || !strings.Contains(found, c.lie) {
			t.Errorf("%s: %q, not %q", name, found, c.lie)
		}
	}
}

// Money and paper are compared for each attempt.
func TestMoneyAndPaper(t *testing.T) {
	for name, c := range map[string]struct {
		attempt Attempt
		line    Line
		sheets  Sheets
		lie     string
	}{
		"as it should be":             {attempt: Attempt{2, "sale", 100, "approved", "printed"}, line: Line{2, 100, "approved", "sale"}, sheets: Sheets{Unmarked: 1}},
		"another amount":              {attempt: Attempt{2, "sale", 100, "approved", "none"}, line: Line{2, 101, "approved", "sale"}, lie: "the journal says approved 100"},
		"reversed here, kept there":   {attempt: Attempt{2, "sale", 100, "reversed", "none"}, line: Line{2, 100, "approved", "sale"}, lie: "the journal says reversed"},
		"still open":                  {attempt: Attempt{2, "sale", 100, "reversing", "none"}, line: Line{2, 100, "reversed", "sale"}, lie: "the journal says reversing"},
		"voided by both":              {attempt: Attempt{2, "sale", 100, "voided", "none"}, line: Line{2, 100, "voided", "sale"}},
		"voided here, reversed there": {attempt: Attempt{2, "sale", 100, "voided", "none"}, line: Line{2, 100, "reversed", "sale"}, lie: "the journal says voided"},
		"two receipts":                {attempt: Attempt{2, "sale", 100, "approved", "printed"}, line: Line{2, 100, "approved", "sale"}, sheets: Sheets{Unmarked: 2}, lie: "not marked"},
		"a receipt of nothing":        {attempt: Attempt{2, "sale", 100, "reversed", "none"}, line: Line{2, 100, "reversed", "sale"}, sheets: Sheets{Unmarked: 1}, lie: "has paper"},
		"printed, and it is not":      {attempt: Attempt{2, "sale", 100, "approved", "printed"}, line: Line{2, 100, "approved", "sale"}, lie: "no paper is there"},
		"not printed, and it is":      {attempt: Attempt{2, "sale", 100, "approved", "not printed"}, line: Line{2, 100, "approved", "sale"}, sheets: Sheets{Unmarked: 1}, lie: "has one"},
		"a marked copy of a receipt":  {attempt: Attempt{2, "sale", 100, "approved", "unknown"}, line: Line{2, 100, "approved", "sale"}, sheets: Sheets{Unmarked: 1, Copies: 1}},
		"a slip of its part":          {attempt: Attempt{2, "sale", 100, "voided", "none"}, line: Line{2, 100, "voided", "sale"}, sheets: Sheets{Parts: 1}},
		"a part's slip of nothing":    {attempt: Attempt{2, "sale", 100, "reversed", "none"}, line: Line{2, 100, "reversed", "sale"}, sheets: Sheets{Parts: 1}, lie: "has paper"},
		"a refund by both":            {attempt: Attempt{2, "refund", 100, "approved", "printed"}, line: Line{2, 100, "approved", "refund"}, sheets: Sheets{Unmarked: 1}},
		"a refund that is not known":  {attempt: Attempt{2, "refund", 100, "unresolved", "none"}, line: Line{2, 100, "approved", "refund"}},
		"a refund by evidence":        {attempt: Attempt{2, "refund", 100, "claimed", "none"}, line: Line{2, 100, "approved", "refund"}},
		"by evidence, and never was":  {attempt: Attempt{2, "refund", 100, "claimed", "none"}, lie: "the journal says claimed"},
		"a refund refused here alone": {attempt: Attempt{2, "refund", 100, "declined", "none"}, line: Line{2, 100, "approved", "refund"}, lie: "the journal says declined"},
		"a refund that was reversed":  {attempt: Attempt{2, "refund", 100, "reversing", "none"}, line: Line{2, 100, "approved", "refund"}, lie: "the journal says reversing"},
		"a sale that is not known":    {attempt: Attempt{2, "sale", 100, "unresolved", "none"}, line: Line{2, 100, "approved", "sale"}, lie: "the journal says unresolved"},
	} {
		b := Of(nil)
		b.ledger[2], b.papers[2] = c.line, c.sheets
		var counts Counts
		b.judgeMoney(c.attempt, &counts)
		b.judgePaper(c.attempt, &counts)
		found := strings.Join(b.take(), "; ")
		if c.lie == "" && found != "" || !strings.Contains(found, c.lie) {
			t.Errorf("%s: %q, not %q", name, found, c.lie)
		}
	}
}

// A strip holds several pieces; a mark belongs to the piece that it stands in.
func TestPieces(t *testing.T) {
	b := Of(nil)
	b.countPieces("SALES RECEIPT\n凭证号 STAN  000002\nRECEIPT\n*** COPY ***\n凭证号 STAN  000002\nRECEIPT\n凭证号 STAN  000004\n")
	b.countPieces("NOT A RECEIPT\n凭证号 STAN  000005\n这是一笔销售的部分付款。\nNOT A RECEIPT\nRECEIPT\n凭证号 STAN  000005\n凭证号 STAN  000006\n")
	want := map[int64]Sheets{2: {Unmarked: 1, Copies: 1}, 4: {Unmarked: 1}, 5: {Unmarked: 1, Parts: 1}, 6: {Unmarked: 1}}
	if !maps.Equal(b.papers, want) {
		t.Errorf("%v, not %v", b.papers, want)
	}
}

// No more goes back of a payment than the bank took, by however many refunds.
func TestNoMoreGoesBackThanWasTaken(t *testing.T) {
	for name, c := range map[string]struct {
		payment, first, second Line
		lie                    string
	}{
		"in two steps":       {Line{1, 100, "approved", "sale"}, Line{2, 60, "approved", "refund"}, Line{3, 40, "approved", "refund"}, ""},
		"one was refused":    {Line{1, 100, "approved", "sale"}, Line{2, 60, "approved", "refund"}, Line{3, 60, "declined", "refund"}, ""},
		"more than was paid": {Line{1, 100, "approved", "sale"}, Line{2, 60, "approved", "refund"}, Line{3, 41, "approved", "refund"}, "101 went back"},
		"after a void":       {Line{1, 100, "voided", "sale"}, Line{2, 1, "approved", "refund"}, Line{}, "1 went back"},
	} {
		b := Of(nil)
		b.original = map[int64]int64{2: 1, 3: 1}
		b.ledger = map[int64]Line{1: c.payment, 2: c.first, 3: c.second}
		b.judgeBack()
		if found := strings.Join(b.take(), "; "); c.lie == "" && found != "" || !strings.Contains(found, c.lie) {
			t.Errorf("%s: %q, not %q", name, found, c.lie)
		}
	}
}
