package txn

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"veratill/txn/money"
)

// SettlementState is how far the settlement of a batch has come.
type SettlementState string

// The closed set of states. No payment is begun in a batch that has one.
const (
	SettlementAsked     SettlementState = "asked"     // durable here; the bank may have the sums, and is asked until it answers
	SettlementUploading SettlementState = "uploading" // the bank's sums differ, and it is told of payment after payment
	SettlementEnding    SettlementState = "ending"    // the bank has what it wants, and has not confirmed the end of the batch
	SettlementBalanced  SettlementState = "balanced"  // the bank says that its sums are these
	SettlementDiffers   SettlementState = "differs"   // the batch has ended at the bank, whose sums were others
	SettlementRefused   SettlementState = "refused"   // the bank does not settle it, or the sums do not fit its message
	SettlementUnsure    SettlementState = "unsure"    // the answer is lost on a line that can be asked once, or compares nothing: a person compares the sums
	SettlementLeft      SettlementState = "left"      // a person's word that the bank settles it by itself
)

// SettlementStates lists the closed set in the order in which a document shows it.
var SettlementStates = []SettlementState{SettlementAsked, SettlementUploading, SettlementEnding, SettlementBalanced, SettlementDiffers,
	SettlementRefused, SettlementUnsure, SettlementLeft}

// SettlementSum is a part of the sums of a batch, as its line groups them: minor units.
type SettlementSum struct {
	Group       string `json:"group,omitempty"` // the line's own word, such as "foreign"; empty where it has one group
	Debits      int64  `json:"debits"`          // payments
	DebitMinor  int64  `json:"debitMinor"`
	Credits     int64  `json:"credits"` // refunds
	CreditMinor int64  `json:"creditMinor"`
}

// SettlementKey names a settlement: a line settles a batch once.
type SettlementKey struct {
	Batch int64
	Line  string
}

// Settlement is the sums of a batch on one line, held against the bank's. They are made once, before the bank is asked, and every later message says the same.
type Settlement struct {
	Batch     int64           `json:"batch"`
	Line      string          `json:"line"` // as its attempts have it
	Currency  money.Currency  `json:"currency"`
	Terminal  string          `json:"terminal,omitempty"`
	Merchant  string          `json:"merchant,omitempty"`
	Reference string          `json:"reference,omitempty"` // the line's own name of it
	State     SettlementState `json:"state"`
	Items     []ID            `json:"items,omitempty"`    // what is summed, in the order in which the bank is told of them
	Sums      []SettlementSum `json:"sums,omitempty"`     // the till's
	NotKnown  []ID            `json:"notKnown,omitempty"` // of the batch and line, and in no sum: the till does not hold that the bank keeps them
	Bank      []SettlementSum `json:"bank,omitempty"`     // the bank's, where it says them
	Agrees    bool            `json:"agrees,omitempty"`   // the bank said that its sums are the till's
	Sent      int             `json:"sent,omitempty"`     // of Items: those of which the bank has answered
	Refused   []ID            `json:"refused,omitempty"`  // of those: what the bank does not take
	Tries     int             `json:"tries,omitempty"`    // without an answer, since the last one that came
	Code      string          `json:"code,omitempty"`     // of the last answer that decided something
	Detail    string          `json:"detail,omitempty"`   // why nothing was sent, or who left it
	Slip      []string        `json:"slip,omitempty"`     // what a terminal printed at its end of the day
	Demo      bool            `json:"demo,omitempty"`
	OpenedMs  int64           `json:"openedMs"`
	EndedMs   int64           `json:"endedMs,omitempty"`
}

// Key names it.
func (s Settlement) Key() SettlementKey { return SettlementKey{s.Batch, s.Line} }

// Owed reports whether the bank is asked again by itself.
func (s Settlement) Owed() bool {
	return s.State == SettlementAsked || s.State == SettlementUploading || s.State == SettlementEnding
}

// Unfinished reports whether it is carried over to the next day: it is owed, or a person has to see to it.
func (s Settlement) Unfinished() bool { return s.Owed() || s.State == SettlementRefused }

// Total adds groups of sums up. The error is money's, of a sum that does not fit.
func Total(sums []SettlementSum) (t SettlementSum, err error) {
	for _, s := range sums {
		var errs [2]error
		t.Debits, t.Credits = t.Debits+s.Debits, t.Credits+s.Credits
		t.DebitMinor, errs[0] = money.Add(t.DebitMinor, s.DebitMinor)
		t.CreditMinor, errs[1] = money.Add(t.CreditMinor, s.CreditMinor)
		err = errors.Join(err, errs[0], errs[1])
	}
	return t, err
}

// SumOf sums payments in groups, in the order of the groups; in names the group of an attempt.
func SumOf(kept []Attempt, groups []string, in func(Attempt) string) ([]SettlementSum, error) {
	sums := make([]SettlementSum, len(groups))
	for i, g := range groups {
		sums[i].Group = g
	}
	for _, a := range kept {
		at := slices.Index(groups, in(a))
		if at < 0 {
			return nil, fmt.Errorf("attempt %s is in no group of the settlement", a.ID)
		}
		s := SettlementSum{Debits: 1, DebitMinor: a.Amount.Minor}
		if a.Kind == Refund {
			s = SettlementSum{Credits: 1, CreditMinor: a.Amount.Minor}
		}
		total, err := Total([]SettlementSum{sums[at], s})
		if err != nil {
			return nil, err
		}
		total.Group = sums[at].Group
		sums[at] = total
	}
	return sums, nil
}

// InBatch splits the card attempts of a batch on one line, by their numbers: what the till holds that the bank keeps, and what is in no sum because that is not known. A payment
// that was voided, and its void, are in neither.
func InBatch(key SettlementKey, attempts []Attempt) (kept, notKnown []Attempt) {
	for _, a := range attempts {
		switch {
		case a.Tender != Card || a.Batch != key.Batch || a.Line != key.Line:
		//mutant:only-what-is-kept-is-settled
		case a.State == Approved && !a.AwaitsLine():
			if a.Kind != Void {
				kept = append(kept, a)
			}
		case a.State == Declined || a.State == Reversed || a.State == Voided:
		default:
			//mutant:what-is-not-known-of-a-batch-is-named
			notKnown = append(notKnown, a)
		}
	}
	byID := func(a, b Attempt) int { return cmp.Compare(a.ID, b.ID) }
	slices.SortFunc(kept, byID)
	slices.SortFunc(notKnown, byID)
	return kept, notKnown
}

// SettlementEventKind is something that happened to a settlement.
type SettlementEventKind string

// The closed set of events.
const (
	SettlementAgreed     SettlementEventKind = "agreed"       // the bank's sums are the till's
	SettlementDiffered   SettlementEventKind = "differed"     // they are not
	SettlementAnswerNo   SettlementEventKind = "answered no"  // the bank refuses: the sums, the upload or its end
	SettlementUnanswered SettlementEventKind = "unanswered"   // no answer that says anything
	SettlementNotSent    SettlementEventKind = "not sent"     // the message does not fit the bank's format
	SettlementLost       SettlementEventKind = "lost"         // no answer, on a line that can be asked once
	SettlementUncompared SettlementEventKind = "uncompared"   // the bank took the sums, and says neither its own nor whether they are the same
	ItemTaken            SettlementEventKind = "item taken"   // the bank has the next payment of the upload
	ItemRefused          SettlementEventKind = "item refused" // the bank has answered of it, and does not take it
	SettlementEnded      SettlementEventKind = "ended"        // the bank confirms the end of the batch
	SettlementAgain      SettlementEventKind = "again"        // a person has what was refused asked for once more
	SettlementLetGo      SettlementEventKind = "let go"       // a person says that the bank settles it by itself
)

// SettlementEventKinds lists the closed set in the order in which a document shows it.
var SettlementEventKinds = []SettlementEventKind{SettlementAgreed, SettlementDiffered, SettlementAnswerNo, SettlementUnanswered, SettlementNotSent,
	SettlementLost, SettlementUncompared, ItemTaken, ItemRefused, SettlementEnded, SettlementAgain, SettlementLetGo}

// SettlementEvent is one event with what it brings.
type SettlementEvent struct {
	Kind    SettlementEventKind `json:"kind"`
	Code    string              `json:"code,omitempty"`
	Bank    []SettlementSum     `json:"bank,omitempty"`    // of Agreed and Differed: the bank's sums, where it says them
	Ends    bool                `json:"ends,omitempty"`    // of Agreed: the bank wants to be told that the batch ends
	Uploads bool                `json:"uploads,omitempty"` // of Differed: the bank takes payment after payment
	Item    ID                  `json:"item,omitzero"`     // of ItemTaken and ItemRefused
	Detail  string              `json:"detail,omitempty"`  // of NotSent, and who let it go
	Slip    []string            `json:"slip,omitempty"`    // what a terminal printed
	AtMs    int64               `json:"atMs"`
}

// SettlementDecision is what StepSettlement made of an event.
type SettlementDecision struct {
	After      Settlement
	Durability Durability
	Tell       bool // a person has to hear of it
}

// StepSettlement decides, as Step does: pure, and ErrNotAllowed changes nothing.
func StepSettlement(s Settlement, e SettlementEvent) (SettlementDecision, error) {
	d := SettlementDecision{After: s, Durability: Synced}
	a := &d.After
	a.Tries = 0
	switch {
	case e.Kind == SettlementAgreed && s.State == SettlementAsked:
		a.Agrees, a.Bank, a.Code = true, e.Bank, e.Code
		a.State = SettlementBalanced
		if e.Ends {
			a.State = SettlementEnding
		}
	case e.Kind == SettlementDiffered && s.State == SettlementAsked:
		a.Agrees, a.Bank, a.Code = false, e.Bank, e.Code
		a.State, d.Tell = afterDifference(*a, e.Uploads), true
	case (e.Kind == ItemTaken || e.Kind == ItemRefused) && s.State == SettlementUploading:
		if err := a.take(e); err != nil {
			return SettlementDecision{}, err
		}
		d.Durability = Lazy // lost with the power, the bank is told of it again under the same number, and counts it once
	case e.Kind == SettlementEnded && s.State == SettlementEnding:
		a.State = SettlementDiffers
		//mutant:an-end-is-not-a-balance
		if s.Agrees {
			a.State = SettlementBalanced
		}
	case e.Kind == SettlementAnswerNo && s.Owed():
		a.State, a.Code, d.Tell = SettlementRefused, e.Code, true
	case e.Kind == SettlementNotSent && s.Owed():
		a.State, a.Code, a.Detail, d.Tell = SettlementRefused, "", e.Detail, true
	case e.Kind == SettlementLost && s.State == SettlementAsked:
		a.State, d.Tell = SettlementUnsure, true
	//mutant:what-is-not-compared-is-not-known
	case e.Kind == SettlementUncompared && s.State == SettlementAsked:
		a.State, a.Code, d.Tell = SettlementUnsure, e.Code, true
	//mutant:no-answer-is-no-balance
	case e.Kind == SettlementUnanswered && s.Owed():
		a.Tries, d.Durability = s.Tries+1, Lazy
		d.Tell = a.Tries == TellAfterTries
	case e.Kind == SettlementAgain && s.State == SettlementRefused:
		a.State, a.Detail = SettlementAsked, ""
	case e.Kind == SettlementLetGo && s.Unfinished() && e.Detail != "":
		a.State, a.Detail = SettlementLeft, e.Detail
	default:
		return SettlementDecision{}, fmt.Errorf("%w: %s of a settlement that is %s", ErrNotAllowed, e.Kind, s.State)
	}
	if len(e.Slip) > 0 {
		a.Slip = e.Slip
	}
	if !a.Unfinished() {
		a.EndedMs = e.AtMs
	}
	return d, nil
}

// afterDifference is where a difference leads: an upload goes on behind what the bank has answered of already.
func afterDifference(s Settlement, uploads bool) SettlementState {
	switch {
	case !uploads:
		return SettlementDiffers
	case s.Sent < len(s.Items):
		return SettlementUploading
	}
	return SettlementEnding
}

// take counts the next payment of an upload.
func (s *Settlement) take(e SettlementEvent) error {
	//mutant:an-upload-goes-in-its-order
	if s.Sent >= len(s.Items) || s.Items[s.Sent] != e.Item {
		return fmt.Errorf("%w: %s is not the next payment of the upload", ErrNotAllowed, e.Item)
	}
	s.Sent++
	if e.Kind == ItemRefused {
		s.Refused = append(slices.Clone(s.Refused), e.Item)
	}
	if s.Sent == len(s.Items) {
		s.State = SettlementEnding
	}
	return nil
}

// BeginSettlement says what is wrong with a settlement that is to begin, over all attempts of its batch.
func BeginSettlement(s Settlement, attempts []Attempt) error {
	kept, notKnown := InBatch(s.Key(), attempts)
	items := slices.Sorted(slices.Values(s.Items))
	of := func(all []Attempt) (ids []ID) {
		for _, a := range all {
			ids = append(ids, a.ID)
		}
		return ids
	}
	if s.State != SettlementAsked || !slices.Equal(items, of(kept)) || !slices.Equal(s.NotKnown, of(notKnown)) {
		return fmt.Errorf("the settlement of batch %d on %q is not as it is begun", s.Batch, s.Line)
	}
	ours, err := SumOf(kept, []string{""}, func(Attempt) string { return "" })
	told, errOfTold := Total(s.Sums)
	if err := errors.Join(err, errOfTold); err != nil {
		return err
	}
	//mutant:what-is-settled-is-the-sum
	if told != ours[0] {
		return fmt.Errorf("the settlement of batch %d on %q has other sums than its payments", s.Batch, s.Line)
	}
	return nil
}

// SettlementOpened is the intent to settle: durable before the bank is asked.
type SettlementOpened struct {
	Settlement Settlement `json:"settlement"`
}

// SettlementMoved is one event of a settlement. Replay runs StepSettlement on it again.
type SettlementMoved struct {
	Batch int64           `json:"batch"`
	Line  string          `json:"line"`
	Event SettlementEvent `json:"event"`
	After Settlement      `json:"-"` // as StepSettlement decided; what the row shows
}

// Key names the settlement.
func (r SettlementMoved) Key() SettlementKey { return SettlementKey{r.Batch, r.Line} }

// Word implements Record.
func (SettlementOpened) Word() string { return "settlement" }
func (SettlementMoved) Word() string  { return "settlement event" } // Word implements Record.

func (s Settlement) unknown() string {
	return outside("state of a settlement", s.State, SettlementStates)
}
