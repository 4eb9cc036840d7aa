package txn

import (
	"errors"
	"slices"
	"testing"

	"veratill/txn/money"
)

func cardOf(id ID, kind Kind, state State, minor int64) Attempt {
	return Attempt{ID: id, Kind: kind, State: state, Tender: Card, Batch: 7, Line: "bank", Amount: money.Amount{Minor: minor, Currency: "CNY"}}
}

func asked(state SettlementState) Settlement {
	return Settlement{Batch: 7, Line: "bank", State: state, Items: []ID{3, 9}, Sent: 1, Agrees: state == SettlementBalanced}
}

// Each state meets each event: what is not in the table is not allowed, and changes nothing.
func TestSettlementTable(t *testing.T) {
	allowed := map[SettlementState]map[SettlementEventKind]SettlementState{
		SettlementAsked: {SettlementAgreed: SettlementBalanced, SettlementDiffered: SettlementUploading, SettlementAnswerNo: SettlementRefused,
			SettlementUnanswered: SettlementAsked, SettlementNotSent: SettlementRefused, SettlementLost: SettlementUnsure, SettlementUncompared: SettlementUnsure, SettlementLetGo: SettlementLeft},
		SettlementUploading: {ItemTaken: SettlementEnding, ItemRefused: SettlementEnding, SettlementAnswerNo: SettlementRefused,
			SettlementUnanswered: SettlementUploading, SettlementNotSent: SettlementRefused, SettlementLetGo: SettlementLeft},
		SettlementEnding: {SettlementEnded: SettlementDiffers, SettlementAnswerNo: SettlementRefused, SettlementUnanswered: SettlementEnding,
			SettlementNotSent: SettlementRefused, SettlementLetGo: SettlementLeft},
		SettlementRefused: {SettlementAgain: SettlementAsked, SettlementLetGo: SettlementLeft},
	}
	for _, state := range SettlementStates {
		for _, kind := range SettlementEventKinds {
			before := asked(state)
			d, err := StepSettlement(before, SettlementEvent{Kind: kind, Item: 9, Uploads: true, Detail: "Li Na", AtMs: 5})
			want, is := allowed[state][kind]
			switch {
			case !is && !errors.Is(err, ErrNotAllowed):
				t.Errorf("%s of %s is allowed: %+v", kind, state, d)
			case is && (err != nil || d.After.State != want):
				t.Errorf("%s of %s leads to %q, %v, and not to %s", kind, state, d.After.State, err, want)
			case is && (d.After.EndedMs != 0) == d.After.Unfinished():
				t.Errorf("%s of %s: ended at %d", kind, state, d.After.EndedMs)
			case is && (d.Durability == Lazy) != (kind == SettlementUnanswered || kind == ItemTaken || kind == ItemRefused):
				t.Errorf("%s of %s is %s", kind, state, d.Durability)
			}
		}
	}
}

// "Balanced" is said where the bank agreed, also where its end comes later, and by no other way.
func TestOnlyAnAgreementBalances(t *testing.T) {
	d, err := StepSettlement(asked(SettlementAsked), SettlementEvent{Kind: SettlementAgreed, Ends: true})
	if err != nil || d.After.State != SettlementEnding || !d.After.Agrees {
		t.Fatalf("%+v, %v", d.After, err)
	}
	if d, err = StepSettlement(d.After, SettlementEvent{Kind: SettlementEnded}); err != nil || d.After.State != SettlementBalanced {
		t.Errorf("%+v, %v", d.After, err)
	}
	for tries := range 4 {
		s := asked(SettlementAsked)
		s.Tries = tries
		if d, err := StepSettlement(s, SettlementEvent{Kind: SettlementUnanswered}); err != nil || d.After.Tries != tries+1 || d.Tell != (tries+1 == TellAfterTries) {
			t.Errorf("after %d tries: %+v, %v", tries, d, err)
		}
	}
}

// A difference is followed by each payment in its order, and what the bank does not take is named.
func TestUploadGoesInItsOrder(t *testing.T) {
	s := asked(SettlementAsked)
	s.Sent = 0
	d, err := StepSettlement(s, SettlementEvent{Kind: SettlementDiffered, Uploads: true, Code: "95"})
	if err != nil || d.After.State != SettlementUploading || !d.Tell {
		t.Fatalf("%+v, %v", d, err)
	}
	if _, err := StepSettlement(d.After, SettlementEvent{Kind: ItemTaken, Item: 9}); !errors.Is(err, ErrNotAllowed) {
		t.Errorf("the second payment went before the first: %v", err)
	}
	if d, err = StepSettlement(d.After, SettlementEvent{Kind: ItemRefused, Item: 3}); err != nil || d.After.State != SettlementUploading || !slices.Equal(d.After.Refused, []ID{3}) {
		t.Fatalf("%+v, %v", d.After, err)
	}
	if d, err = StepSettlement(d.After, SettlementEvent{Kind: ItemTaken, Item: 9}); err != nil || d.After.State != SettlementEnding || d.After.Sent != 2 {
		t.Fatalf("%+v, %v", d.After, err)
	}
	if d, err = StepSettlement(d.After, SettlementEvent{Kind: SettlementEnded}); err != nil || d.After.State != SettlementDiffers {
		t.Errorf("%+v, %v", d.After, err)
	}
	if d, _ := StepSettlement(s, SettlementEvent{Kind: SettlementDiffered}); d.After.State != SettlementDiffers {
		t.Errorf("a bank that takes no upload: %+v", d.After)
	}
}

// What is refused is asked for again with the progress of its upload, and never told of twice.
func TestUploadGoesOnWhereItWas(t *testing.T) {
	s := asked(SettlementRefused)
	s.Sent = 2
	d, err := StepSettlement(s, SettlementEvent{Kind: SettlementAgain})
	if err != nil {
		t.Fatal(err)
	}
	if d, err = StepSettlement(d.After, SettlementEvent{Kind: SettlementDiffered, Uploads: true}); err != nil || d.After.State != SettlementEnding {
		t.Errorf("%+v, %v", d.After, err)
	}
}

// The sums are of what the till holds that the bank keeps, and the rest is named.
func TestOnlyWhatIsKeptIsSettled(t *testing.T) {
	all := []Attempt{
		cardOf(1, Sale, Approved, 100), cardOf(2, Sale, Voided, 200), cardOf(3, Void, Approved, 200), cardOf(4, Refund, Approved, 30),
		cardOf(5, Sale, Declined, 1), cardOf(6, Sale, Reversed, 2), cardOf(7, Sale, Unresolved, 4), cardOf(8, Refund, Pending, 8),
		cardOf(9, Sale, Kept, 16), {ID: 10, Kind: Sale, State: Approved, Tender: Cash, Batch: 7}, cardOf(13, Sale, Claimed, 3),
	}
	other, later, awaits := cardOf(11, Sale, Approved, 5), cardOf(12, Sale, Approved, 5), cardOf(14, Sale, Approved, 5)
	other.Line, later.Batch, awaits.Awaits = "other", 8, true
	all = append(all, other, later, awaits)
	kept, notKnown := InBatch(SettlementKey{7, "bank"}, all)
	ids := func(of []Attempt) (n []ID) {
		for _, a := range of {
			n = append(n, a.ID)
		}
		return n
	}
	if got := ids(kept); !slices.Equal(got, []ID{1, 4}) {
		t.Errorf("kept %v", got)
	}
	if got := ids(notKnown); !slices.Equal(got, []ID{7, 8, 9, 13, 14}) {
		t.Errorf("not known %v", got)
	}
	sums, err := SumOf(kept, []string{"", "foreign"}, func(Attempt) string { return "" })
	if err != nil || sums[0] != (SettlementSum{Debits: 1, DebitMinor: 100, Credits: 1, CreditMinor: 30}) || sums[1] != (SettlementSum{Group: "foreign"}) {
		t.Errorf("%+v, %v", sums, err)
	}
	s := Settlement{Batch: 7, Line: "bank", State: SettlementAsked, Items: []ID{4, 1}, NotKnown: ids(notKnown), Sums: sums}
	if err := BeginSettlement(s, all); err != nil {
		t.Error(err)
	}
	for name, wrong := range map[string]func(*Settlement){
		"a payment is missing":        func(s *Settlement) { s.Items = []ID{1} },
		"a payment is there twice":    func(s *Settlement) { s.Items = []ID{1, 1, 4} },
		"another's payment is summed": func(s *Settlement) { s.Items = []ID{1, 4, 11} },
		"the sums are others": func(s *Settlement) {
			s.Sums = []SettlementSum{{Debits: 1, DebitMinor: 101, Credits: 1, CreditMinor: 30}}
		},
		"what is not known is hidden": func(s *Settlement) { s.NotKnown = nil },
		"it is balanced as it begins": func(s *Settlement) { s.State = SettlementBalanced },
	} {
		bad := s
		wrong(&bad)
		if BeginSettlement(bad, all) == nil {
			t.Errorf("a settlement begins although %s", name)
		}
	}
}
