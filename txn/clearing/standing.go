package clearing

import (
	"cmp"
	"slices"

	"veratill/txn"
)

// Difference is an item with what was done about it.
type Difference struct {
	Item
	Open   bool          `json:"open"`
	Answer *txn.Answered `json:"answer,omitempty"` // the newest, where it is of the class that the item still is
}

// ClassSum is what the items of one class come to.
type ClassSum struct {
	Class     Class `json:"class"`
	Count     int64 `json:"count"`
	Open      int64 `json:"open"`      // of them: those that somebody still has to see to
	TillMinor int64 `json:"tillMinor"` // payments less what went back
	BankMinor int64 `json:"bankMinor"` // the same, of the files
}

// Standing is what files and books amount to.
type Standing struct {
	Currency string         `json:"currency"`
	Files    []txn.FileKept `json:"files"`             // in the order in which they came
	Missing  []string       `json:"missing,omitempty"` // names of those whose copy can't be read: what they said is not in here
	Sums     []ClassSum     `json:"classes"`           // those that there are, what weighs most first
	Items    []Difference   `json:"items"`             // what weighs most first, and within a class in the order of the books
	Days     []DayLine      `json:"days"`
}

// Stand gives items their answers, and sums them up.
func Stand(items []Item, answers []txn.Answered) (s Standing) {
	newest := map[string]txn.Answered{}
	for _, a := range answers {
		newest[a.Key] = a
	}
	sums := map[Class]*ClassSum{}
	for _, i := range items {
		d := Difference{Item: i, Open: i.Class.Differs()}
		//mutant:an-answer-is-of-its-class
		if a, there := newest[i.Key]; there && a.Class == string(i.Class) {
			d.Answer, d.Open = &a, d.Open && !a.Closed
		}
		sum := sums[i.Class]
		if sum == nil {
			sum = &ClassSum{Class: i.Class}
			sums[i.Class] = sum
		}
		back := i.Kind.GivesBack() || i.Attempt == 0 && len(i.Rows) > 0 && i.Rows[0].Kind == refund
		//mutant:what-went-back-is-no-sum-of-what-was-paid
		sum.Count, sum.TillMinor, sum.BankMinor = sum.Count+1, sum.TillMinor+signed(i.TillMinor, back), sum.BankMinor+signed(i.BankMinor, back)
		if d.Open {
			sum.Open++
		}
		s.Items = append(s.Items, d)
	}
	for _, c := range classes {
		if sum := sums[c]; sum != nil {
			s.Sums = append(s.Sums, *sum)
		}
	}
	slices.SortStableFunc(s.Items, func(a, b Difference) int {
		return cmp.Compare(slices.Index(classes, a.Class), slices.Index(classes, b.Class))
	})
	return s
}

// Find is the difference of a key.
func (s Standing) Find(key string) (Difference, bool) {
	at := slices.IndexFunc(s.Items, func(d Difference) bool { return d.Key == key })
	if at < 0 {
		return Difference{}, false
	}
	return s.Items[at], true
}

// Claims are the payments by a person's word that the files have, and of which the books may not say so yet.
func (s Standing) Claims() (ids []txn.ID) {
	for _, i := range s.Items {
		//mutant:a-claim-is-cleared-by-its-match
		if i.Class == Matched && i.State == txn.Claimed && i.Attempt != 0 {
			ids = append(ids, i.Attempt)
		}
	}
	return ids
}

// Refunds are those of which nobody knew and that the files have as done, of the whole amount: none that is still under way, and none that failed or came back since.
func (s Standing) Refunds() (all []Difference) {
	for _, i := range s.Items {
		//mutant:a-file-ends-a-refund
		if i.Class == Unknown && i.Kind == txn.Refund && i.BankMinor == i.TillMinor && wentBack(i.Rows) {
			all = append(all, i)
		}
	}
	return all
}

// wentBack reports whether rows of a refund say that the money went back for good.
func wentBack(rows []Row) bool {
	last := -1
	for n, row := range rows {
		//mutant:a-refund-under-way-is-not-done
		if row.Waits {
			return false
		}
		if !row.Failed && (last < 0 || row.At.After(rows[last].At)) {
			last = n
		}
	}
	//mutant:a-refund-that-came-back-is-not-done
	return last >= 0 && !slices.ContainsFunc(rows, func(row Row) bool { return row.Failed && !row.At.Before(rows[last].At) })
}

// StandsAlone are the rows that may be one claim alone, which no other row may be.
func (s Standing) StandsAlone() (all []Difference) {
	for _, i := range s.Items {
		if i.Alone != 0 && i.Open {
			all = append(all, i)
		}
	}
	return all
}

// Asks leaves what somebody has to see to, or may end by itself.
func (s Standing) Asks() Standing {
	s.Items = slices.DeleteFunc(slices.Clone(s.Items), func(d Difference) bool { return !d.Open })
	return s
}
