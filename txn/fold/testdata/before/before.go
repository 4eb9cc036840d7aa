// Package before is an example of a version of the machine that was released and then frozen: it
// stands beside the newer ones as it was, with its own types, and imports the standard library alone.
// It differs from the machine that follows it in one field (the cashier was called clerk) and one
// transition (no note could be printed for a payment that was declined).
package before

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// Version is the number of this machine.
const Version = 0

// Attempt is an attempt as this version wrote it.
type Attempt struct {
	ID     int64  `json:"id"`
	SaleID int64  `json:"saleId"`
	Kind   string `json:"kind"`
	Tender string `json:"tender"`
	Amount struct {
		Minor    int64  `json:"amountMinor"`
		Currency string `json:"currency"`
	} `json:"amount"`
	State    string  `json:"state"`
	Paper    string  `json:"paper"`
	Clerk    string  `json:"clerk,omitempty"`
	Prints   []Print `json:"prints,omitempty"`
	OpenedMs int64   `json:"openedMs"`
	EndedMs  int64   `json:"endedMs,omitempty"`
}

// Print is a print as this version wrote it.
type Print struct {
	ID      int64  `json:"id"`
	Kind    string `json:"kind"`
	AtMs    int64  `json:"atMs"`
	Outcome string `json:"outcome"`
	Proof   string `json:"proof,omitempty"`
}

// Event is an event as this version wrote it.
type Event struct {
	Kind    string `json:"kind"`
	PrintID int64  `json:"printId,omitempty"`
	Outcome string `json:"outcome,omitempty"`
	Proof   string `json:"proof,omitempty"`
	AtMs    int64  `json:"atMs"`
}

// Records of this version.
type (
	Opened struct {
		Attempt Attempt `json:"attempt"`
	}
	Moved struct {
		ID    int64 `json:"id"`
		Event Event `json:"event"`
	}
	Boot struct {
		Version  string          `json:"version"`
		AtMs     int64           `json:"atMs"`
		Identity json.RawMessage `json:"identity,omitempty"`
	}
	Day struct {
		Batch    int64  `json:"batch"`
		Currency string `json:"currency"`
		AtMs     int64  `json:"atMs"`
	}
	Sale struct {
		Sale json.RawMessage `json:"sale"`
	}
)

// Books are what entries amount to.
type Books struct {
	Identity json.RawMessage
	Attempts map[int64]Attempt
	Days     map[int64]Day
	Sales    int64
}

// New are the books before their first entry.
func New() *Books { return &Books{Attempts: map[int64]Attempt{}, Days: map[int64]Day{}} }

var events = []string{"bank approved", "bank declined", "print begun", "print ended"}

// Read makes a record of what was written; unknown names a word that this version does not have.
func (b *Books) Read(word string, body []byte) (record any, unknown string, err error) {
	records := map[string]any{"boot": &Boot{}, "day opened": &Day{}, "sale": &Sale{}, "attempt": &Opened{}, "event": &Moved{}}
	blank, known := records[word]
	if !known {
		return nil, fmt.Sprintf("the record %q", word), nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(blank); err != nil {
		return nil, "", err
	}
	if m, ok := blank.(*Moved); ok && !slices.Contains(events, m.Event.Kind) {
		return nil, fmt.Sprintf("the event %q", m.Event.Kind), nil
	}
	return blank, "", nil
}

// Apply takes a record of the entry seq.
func (b *Books) Apply(_ int64, record any) error {
	switch r := record.(type) {
	case *Boot:
		if len(r.Identity) > 0 {
			b.Identity = r.Identity
		}
	case *Day:
		b.Days[r.Batch] = *r
	case *Sale:
		b.Sales++
	case *Opened:
		b.Attempts[r.Attempt.ID] = r.Attempt
	case *Moved:
		after, err := Step(b.Attempts[r.ID], r.Event)
		if err != nil {
			return err
		}
		b.Attempts[r.ID] = after
	}
	return nil
}

// Step decides as this version did.
func Step(a Attempt, e Event) (Attempt, error) {
	switch {
	case e.Kind == "bank approved" && a.State == "pending":
		a.State, a.EndedMs = "approved", e.AtMs
	case e.Kind == "bank declined" && a.State == "pending":
		a.State, a.EndedMs = "declined", e.AtMs
	case e.Kind == "print begun" && a.State == "approved" && a.Paper == "none":
		a.Paper = "printing"
		a.Prints = append(slices.Clone(a.Prints), Print{ID: e.PrintID, Kind: "receipt", AtMs: e.AtMs, Outcome: "printing"})
	case e.Kind == "print ended" && a.Paper == "printing":
		a.Prints = slices.Clone(a.Prints)
		a.Paper, a.Prints[0].Outcome, a.Prints[0].Proof = e.Outcome, e.Outcome, e.Proof
	default:
		return a, fmt.Errorf("%s while %s, paper %s", e.Kind, a.State, a.Paper)
	}
	return a, nil
}
