// Package messages keeps what a till exchanged with banks, providers and terminals about a payment, as it may be kept: beside the journal, by month. The lines say what of a message is
// harmless, by closed lists; of everything else only name and length are kept. No money waits for it: a message that can't be kept is lost, and the payment goes on.
package messages

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"veratill/txn"
	"veratill/txn/disk"
	"veratill/txn/monthly"
)

// Months is how long messages are kept at least: as long as the slips that they stand beside.
const Months = 18

// Way is which way a message went.
type Way string

// The closed set of ways.
const (
	Sent     Way = "sent"
	Received Way = "received"
	Late     Way = "late"    // received, when nobody waited for it any more
	Nothing  Way = "nothing" // no message came that was waited for
)

// Field is a field of a message as it may be kept. One whose value is withheld has its name and its length alone.
type Field struct {
	Name   string `json:"name"`
	Value  string `json:"value,omitempty"`
	Length int    `json:"length,omitempty"` // of the value that is withheld, in bytes or characters as the line counts them
}

// Message is what was sent or received about an attempt to move money.
type Message struct {
	Attempt txn.ID  `json:"attempt"`
	AtMs    int64   `json:"atMs"`
	Line    string  `json:"line"` // the name of the line
	Way     Way     `json:"way"`
	Kind    string  `json:"kind"`              // the line's own word for it: an MTI, a method, a command
	Verdict string  `json:"verdict,omitempty"` // what the till took it to mean, a word of a closed set of the line's
	Fields  []Field `json:"fields,omitempty"`
}

// Tap is told each message. It never waits for a disk.
type Tap func(Message)

// Bounds of a store. A card payment has two messages of about 380 bytes as they are packed; 96 MiB are 120,000 payments a month.
const (
	mostBytes = 64 << 10
	mostFile  = 96 << 20
)

// Store is the messages of one data folder. Its methods are safe for use by several goroutines.
type Store struct{ papers *monthly.Store }

// New is the store of a data folder. Nothing is made before the first message is kept.
func New(d disk.Disk, dir string) *Store {
	return &Store{monthly.New(d, dir, monthly.Kind{Folder: "messages", Ending: ".messages", Mark: "VTMESG1\n", Months: Months, MostBytes: mostBytes, MostFile: mostFile, Name: nameOf})}
}

// nameOf is a message's name: its attempt, in 8 bytes, and the beginning of the SHA-256 of its bytes. So those of an attempt are found without reading the others.
func nameOf(message []byte) (name [sha256.Size]byte) {
	name = sha256.Sum256(message)
	var of struct {
		Attempt int64 `json:"attempt"`
	}
	if json.Unmarshal(message, &of) == nil {
		copy(name[8:], name[:])
		binary.BigEndian.PutUint64(name[:], uint64(of.Attempt))
	}
	return name
}

// Keep writes a message. It is as durable as the system makes it by itself: no sale waits for a disk because of it.
func (s *Store) Keep(m Message) error {
	raw, err := json.Marshal(m)
	if err == nil {
		_, err = s.papers.Keep(raw, time.UnixMilli(m.AtMs))
	}
	return err
}

// Kept are the messages of an attempt.
type Kept struct {
	Messages []Message `json:"messages"`          // in the order in which they were exchanged
	Altered  int       `json:"altered,omitempty"` // that are there, and not as they were kept
}

// after is how long after its end something may still be exchanged about an attempt.
const after = 7 * 24 * time.Hour

// Of reads the messages of an attempt. One that has not ended has messages until now.
func (s *Store) Of(a txn.Attempt, now time.Time) (k Kept, err error) {
	k.Messages = []Message{}
	to := now
	if a.EndedMs != 0 {
		to = time.UnixMilli(a.EndedMs).Add(after)
	}
	var id [8]byte
	binary.BigEndian.PutUint64(id[:], uint64(a.ID))
	err = s.read(&k, hex.EncodeToString(id[:]), a.Opened(), to)
	slices.SortStableFunc(k.Messages, func(a, b Message) int { return cmp.Compare(a.AtMs, b.AtMs) })
	return k, err
}

// All reads the messages of every attempt, in the order in which they were kept.
func (s *Store) All() (k Kept, err error) {
	err = s.read(&k, "", time.Unix(0, 0), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC))
	return k, err
}

func (s *Store) read(k *Kept, begins string, from, to time.Time) error {
	found, altered, err := s.papers.Named(begins, from, to)
	k.Altered = altered
	for _, raw := range found {
		var m Message
		if json.Unmarshal(raw, &m) != nil {
			k.Altered++
			continue
		}
		k.Messages = append(k.Messages, m)
	}
	return err
}

// Expire removes the messages of months that ended more than Months months ago, and returns which months went.
func (s *Store) Expire(now time.Time) (gone []string, err error) { return s.papers.Expire(now) }

// CopyTo brings the messages to another folder, see monthly.Store.CopyTo.
func (s *Store) CopyTo(dir string) error { return s.papers.CopyTo(dir) }
