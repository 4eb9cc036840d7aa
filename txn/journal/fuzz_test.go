package journal

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	"veratill/packaging/nasty"
	"veratill/txn"
)

// A header is taken only from a file that is ours, of a format that is known, and of pages that SQLite has.
func FuzzHeader(f *testing.F) {
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		var h [headerBytes]byte
		copy(h[:], b)
		err := inspectHeader(h, 3)
		if err != nil {
			if !errors.Is(err, ErrForeign) && !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrNewer) {
				t.Fatal(err)
			}
			return
		}
		if string(h[:16]) != "SQLite format 3\x00" || string(h[68:72]) != "VrTl" || int32(binary.BigEndian.Uint32(h[60:])) > 3 {
			t.Fatalf("taken: % x", h)
		}
	})
}

// readEntry reads an entry's body as a replay does.
func readEntry(body []byte) (all []txn.Record, err error) {
	var records []map[string]json.RawMessage
	if err := json.Unmarshal(body, &records); err != nil {
		return nil, err
	}
	for _, one := range records {
		for word, text := range one {
			blank := txn.NewRecord(word)
			if blank == nil {
				return nil, ErrNewer
			}
			if err := json.Unmarshal(text, blank); err != nil {
				return nil, err
			}
			all = append(all, reflect.ValueOf(blank).Elem().Interface().(txn.Record))
			if len(one) > 1 {
				return nil, ErrDamaged // nothing that was written by encode has two
			}
		}
	}
	return all, nil
}

// An entry that can be read is written in one form, which is read the same and stays
// the same; and the chain notices an entry that is not the one that was linked.
func FuzzEntry(f *testing.F) {
	var start [32]byte
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		hash := chained(start, 2, 1, b)
		c := chain{begun: true, seq: 1}
		if err := c.next(entry{seq: 2, print: 1, body: string(b), hash: hash[:]}); err != nil {
			t.Fatal(err)
		}
		if len(b) > 0 {
			changed := append([]byte(nil), b...)
			changed[len(b)/2] ^= 1
			c := chain{begun: true, seq: 1}
			if err := c.next(entry{seq: 2, print: 1, body: string(changed), hash: hash[:]}); !errors.Is(err, ErrDamaged) {
				t.Fatal("a changed entry is not noticed")
			}
		}
		records, err := readEntry(b)
		if err != nil {
			return
		}
		once, err := encode(records)
		if err != nil {
			t.Fatal(err)
		}
		again, err := readEntry(once)
		if err != nil {
			t.Fatalf("written, and can't be read: %v", err)
		}
		twice, err := encode(again)
		if err != nil || string(once) != string(twice) {
			t.Fatalf("%s is written as %s: %v", once, twice, err)
		}
	})
}
