// Package fold says what the entries of the books amount to: attempts, days, reports, numbers
// that were taken. It is pure, so that the journal, its verification, reports and whoever
// receives entries elsewhere come to the same.
//
// Every entry is read and decided again by the version of the machine that wrote it. A
// version that was released never changes: it stays beside the newer ones with its own types,
// and the next one lifts what it amounts to. So books can be read for as long as they exist.
package fold

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"veratill/txn"
	"veratill/txn/chain"
	"veratill/txn/sale"
)

// Version is one version of the machine.
type Version struct {
	Number int
	New    func() State // the books before their first entry
	// Lift makes this version's state of that of the version before. It is pure, and nil for the oldest.
	Lift func(before State) (State, error)
}

// State is what entries amount to, in the types of one version.
type State interface {
	// Read makes a record of what was written. unknown names a word that this version does not
	// have, such as: the tender "wallet". err says why it is no record at all.
	Read(word string, body []byte) (record any, unknown string, err error)
	// Apply takes a record of the entry seq. An error says why it cannot follow from what came before.
	Apply(seq int64, record any) error
}

// Versions are all that a program knows, the oldest first, without gaps.
type Versions []Version

// Built are the versions of this program.
func Built() Versions {
	return Versions{{Number: txn.MachineVersion, New: func() State { return NewBooks() }}}
}

// Newest is the number that entries are written with.
func (v Versions) Newest() int { return v[len(v)-1].Number }

// ErrWrong means that an entry cannot follow from those before it.
var ErrWrong = errors.New("the entry does not follow from those before it")

// NewerError says where a program that is too old has to stop: it may show what came before,
// and must not act on these books.
type NewerError struct {
	Seq     int64  // the first entry that it does not understand
	Version int    // of that entry
	Why     string // the word that is not known; empty where the version alone says it
}

// Error implements error.
func (e *NewerError) Error() string {
	text := fmt.Sprintf("entry %d needs a program that knows version %d of the books", e.Seq, e.Version)
	if e.Why != "" {
		text = fmt.Sprintf("entry %d (version %d of the books) holds %s, which this program does not know", e.Seq, e.Version, e.Why)
	}
	return text
}

// Body is what an entry says: who acted, and the records.
type Body struct {
	txn.Actor
	Records []map[string]json.RawMessage `json:"records"` // each with one word
}

// Encode writes the body of an entry.
func Encode(by txn.Actor, records []txn.Record) ([]byte, error) {
	body, err := json.Marshal(by)
	if err != nil {
		return nil, err
	}
	// Written by hand: json.Marshal would copy and check every record twice, for which a customer waits.
	body = append(body[:len(body)-1], `,"records":[`...)
	for i, r := range records {
		one, err := json.Marshal(r)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			body = append(body, ',')
		}
		body = append(append(strconv.AppendQuote(append(body, '{'), r.Word()), ':'), one...)
		body = append(body, '}')
	}
	return append(body, "]}"...), nil
}

// Decode reads the body of an entry.
func Decode(body []byte) (Body, error) {
	var b Body
	err := ReadJSON(body, &b)
	for _, one := range b.Records {
		if len(one) != 1 && err == nil {
			err = errors.New("a record has one word")
		}
	}
	return b, err
}

// Understand reads one entry without what came before it. The error is a *NewerError or ErrWrong.
func (v Versions) Understand(e chain.Entry) error {
	for i := range v {
		if v[i].Number == e.Version {
			_, err := read(v[i].New(), e)
			return err
		}
	}
	return &NewerError{Seq: e.Seq, Version: e.Version}
}

// Run folds entries, one after the other.
type Run struct {
	At       chain.Cursor
	versions Versions
	place    int // in versions, of state
	state    State
	sold     Sold
}

// Sold reads what an entry says was sold: what comes back of a sale is held against it. It is asked for sales alone whose entry was folded before.
type Sold func(sale int64) (sale.Sale, error)

// Reads gives a run a way to look up what was sold. Without it books in which goods came back can't be folded.
func (r *Run) Reads(sold Sold) *Run {
	r.sold = sold
	return r
}

// NewRun begins before the first entry.
func NewRun(v Versions) *Run { return &Run{versions: v, state: v[0].New()} }

// Take folds the next entry. The error is chain.ErrBroken, ErrWrong or a *NewerError; then
// a run that met a *NewerError amounts to what came before that entry, and one that met another
// error amounts to nothing that can be relied on.
func (r *Run) Take(e chain.Entry) error {
	at := r.At
	if err := at.Follow(e); err != nil {
		return err
	}
	if err := r.reach(e); err != nil {
		return err
	}
	if books, ok := r.state.(*Books); ok && !books.mentions(e.Body) {
		r.At = at
		return nil
	}
	records, err := read(r.state, e)
	if err != nil {
		return err
	}
	if books, ok := r.state.(*Books); ok {
		books.sold = r.sold
	}
	for _, record := range records {
		if err := r.state.Apply(e.Seq, record); err != nil {
			return fmt.Errorf("%w: entry %d: %w", ErrWrong, e.Seq, err)
		}
	}
	r.At = at
	return nil
}

// reach lifts the state to the version of an entry.
func (r *Run) reach(e chain.Entry) error {
	if e.Version > r.versions.Newest() {
		return &NewerError{Seq: e.Seq, Version: e.Version}
	}
	for r.versions[r.place].Number < e.Version {
		if err := r.lift(); err != nil {
			return err
		}
	}
	if r.versions[r.place].Number != e.Version {
		return fmt.Errorf("%w: entry %d has version %d, which this program never had", ErrWrong, e.Seq, e.Version)
	}
	return nil
}

func (r *Run) lift() error {
	next := r.versions[r.place+1]
	lifted, err := next.Lift(r.state)
	if err != nil {
		return fmt.Errorf("%w: lifting to version %d: %w", ErrWrong, next.Number, err)
	}
	r.state, r.place = lifted, r.place+1
	return nil
}

// read decodes the records of an entry.
func read(s State, e chain.Entry) ([]any, error) {
	body, err := Decode(e.Body)
	if err != nil {
		return nil, fmt.Errorf("%w: entry %d: %w", ErrWrong, e.Seq, err)
	}
	records := make([]any, 0, len(body.Records))
	for _, one := range body.Records {
		for word, text := range one {
			record, unknown, err := s.Read(word, text)
			if unknown != "" {
				return nil, &NewerError{Seq: e.Seq, Version: e.Version, Why: unknown}
			}
			if err != nil {
				return nil, fmt.Errorf("%w: entry %d: %w", ErrWrong, e.Seq, err)
			}
			records = append(records, record)
		}
	}
	return records, nil
}

// Books are what all entries so far amount to, in this program's types.
func (r *Run) Books() (*Books, error) {
	for r.place < len(r.versions)-1 {
		if err := r.lift(); err != nil {
			return nil, err
		}
	}
	books, ok := r.state.(*Books)
	if !ok {
		return nil, errNotBooks
	}
	return books, nil
}
