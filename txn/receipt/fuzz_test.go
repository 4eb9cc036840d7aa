package receipt

import (
	"crypto/ed25519"
	"encoding/json"
	"testing"

	"veratill/packaging/nasty"
)

// Whatever text comes: it is read in one form alone, and without the key nothing holds that was not signed.
func FuzzRead(f *testing.F) {
	key := seeded(1)
	ring := Ring{tillOf(booksNumber, key)}
	genuine, err := paid().Sign(key)
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(genuine))
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		for _, text := range []string{string(b), textBegin + string(b) + textEnd, textBegin + toText(b) + textEnd} {
			s, reason := Read(text)
			if reason == "" {
				if again := textBegin + toText(append(s.Statement.payload(s.Key), s.signature...)) + textEnd; again != text {
					t.Fatalf("%q is also written %q", text, again)
				}
			}
			if ring.one(text).Reason == "" && text != genuine {
				t.Fatalf("%q holds", text)
			}
		}
		if toText(b) != "" {
			if back, ok := fromText(toText(b)); !ok || string(back) != string(b) {
				t.Fatalf("%q", b)
			}
		}
	})
}

// A signed payload of any bytes is refused or is a statement that says the same when it is written again: the form alone is no defence once a key
// has been misused, and two readers must not read two things.
func FuzzPayload(f *testing.F) {
	key := seeded(1)
	f.Add(paid().payload(keyID(key.Public().(ed25519.PublicKey))))
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		s := Signed{payload: b}
		if s.parse() && string(s.Statement.payload(s.Key)) != string(b) {
			t.Fatalf("%x is read as %+v, which is written %x", b, s.Statement, s.Statement.payload(s.Key))
		}
	})
}

// A list of keys that can be read is the same after it was written.
func FuzzRing(f *testing.F) {
	text, err := json.Marshal(tillOf(booksNumber, seeded(1)))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		ring, err := ReadRing(b)
		if err != nil {
			return
		}
		var all []byte
		for _, till := range ring {
			text, err := json.Marshal(till)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, text...)
		}
		if again, err := ReadRing(all); err != nil || len(again) != len(ring) {
			t.Fatalf("%q is read otherwise: %v", all, err)
		}
	})
}
