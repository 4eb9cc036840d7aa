package txn_test

import (
	"fmt"
	"strings"
	"testing"

	"veratill/txn"
)

const (
	settlementBegins = "<!-- settlements: printed by go test ./txn -update -->\n"
	settlementEnds   = "<!-- end of settlements -->"
)

// The table of settlements in the documentation is the machine's.
func TestSettlementTableIsDocumented(t *testing.T) {
	var b strings.Builder
	b.WriteString("| settlement | event | becomes | commit | then |\n| --- | --- | --- | --- | --- |\n")
	for _, state := range txn.SettlementStates {
		for _, agrees := range []bool{false, true} {
			if agrees && state != txn.SettlementEnding {
				continue
			}
			for _, e := range settlementEvents() {
				s := txn.Settlement{State: state, Items: []txn.ID{1, 2}, Agrees: agrees, Tries: txn.TellAfterTries - 1}
				if state == txn.SettlementUploading {
					s.Sent = 1
				}
				d, err := txn.StepSettlement(s, e.event)
				if err != nil {
					continue
				}
				then := ""
				if d.Tell {
					then = "tell a person"
				}
				fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", map[bool]string{true: string(state) + " of one that agrees", false: string(state)}[agrees], e.name, d.After.State, d.Durability, then)
			}
		}
	}
	documented(t, settlementBegins, settlementEnds, b.String())
}

type settlementEvent struct {
	name  string
	event txn.SettlementEvent
}

// settlementEvents are the events with what they can bring.
func settlementEvents() (all []settlementEvent) {
	for _, kind := range txn.SettlementEventKinds {
		one := settlementEvent{string(kind), txn.SettlementEvent{Kind: kind, Item: 2, Detail: "Li Na"}}
		all = append(all, one)
		switch kind {
		case txn.SettlementAgreed:
			one.name, one.event.Ends = "agreed, and wants its end", true
			all = append(all, one)
		case txn.SettlementDiffered:
			one.name, one.event.Uploads = "differed, and takes an upload", true
			all = append(all, one)
		case txn.SettlementUnanswered:
			all[len(all)-1].name = "unanswered, the third time"
		}
	}
	return all
}
