package receipt_test

import (
	"crypto/ed25519"
	"slices"
	"strings"
	"testing"

	"veratill/txn/receipt"
)

// Facts hold as they were signed, under the key of their books alone. Every byte of them, and of their signature, is altered in turn.
func TestFactsHoldAsTheyWereSignedAlone(t *testing.T) {
	by := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	public, _ := by.Public().(ed25519.PublicKey)
	books := strings.Repeat("ab", 16)
	ring := receipt.Ring{{Format: 1, Books: books, Keys: []receipt.Key{receipt.NewKey(public, 1)}}}
	facts := []byte(`{"attempt":{"id":42},"pdfSha256":"00"}`)
	signature := receipt.SignFacts(by, facts)
	if reason := ring.CheckFacts(books, 42, facts, signature); reason != "" {
		t.Fatalf("what was signed is refused: %s", reason)
	}
	for i := range facts {
		altered := slices.Clone(facts)
		altered[i] ^= 1
		if reason := ring.CheckFacts(books, 42, altered, signature); reason != receipt.BadSignature {
			t.Fatalf("byte %d altered: %q", i, reason)
		}
	}
	for i := range signature.Ed25519 {
		b := []byte(signature.Ed25519)
		b[i] = map[bool]byte{true: '1', false: '0'}[b[i] == '0']
		if reason := ring.CheckFacts(books, 42, facts, receipt.FactsSignature{Key: signature.Key, Ed25519: string(b)}); reason == "" {
			t.Fatalf("digit %d of the signature altered, and it holds", i)
		}
	}
	for name, of := range map[string]struct {
		books string
		s     receipt.FactsSignature
		want  receipt.Reason
	}{
		"other books":  {strings.Repeat("cd", 16), signature, receipt.OtherBooks},
		"another key":  {books, receipt.FactsSignature{Key: "00000000", Ed25519: signature.Ed25519}, receipt.UnknownKey},
		"no signature": {books, receipt.FactsSignature{Key: signature.Key}, receipt.BadForm},
		"large digits": {books, receipt.FactsSignature{Key: signature.Key, Ed25519: strings.ToUpper(signature.Ed25519)}, receipt.BadForm},
		"cut":          {books, receipt.FactsSignature{Key: signature.Key, Ed25519: signature.Ed25519[:126]}, receipt.BadForm},
	} {
		if reason := ring.CheckFacts(of.books, 42, facts, of.s); reason != of.want {
			t.Errorf("%s: %q, and not %q", name, reason, of.want)
		}
	}
}

// A key that was retired signs no facts that are newer than it was in use.
func TestFactsThatAreNewerThanTheirKeyAreRefused(t *testing.T) {
	by := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	public, _ := by.Public().(ed25519.PublicKey)
	books, facts := strings.Repeat("ab", 16), []byte(`{}`)
	key := receipt.NewKey(public, 1)
	key.LastOrder = 50
	ring := receipt.Ring{{Format: 1, Books: books, Keys: []receipt.Key{key}}}
	if reason := ring.CheckFacts(books, 50, facts, receipt.SignFacts(by, facts)); reason != "" {
		t.Errorf("facts of its last number are refused: %s", reason)
	}
	if reason := ring.CheckFacts(books, 51, facts, receipt.SignFacts(by, facts)); reason != receipt.KeyRetired {
		t.Errorf("facts of the next number: %q", reason)
	}
}
