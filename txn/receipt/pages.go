package receipt

import (
	"crypto/ed25519"
	"encoding/hex"
	"strings"

	"veratill/txn"
)

// FactsSignature is by what facts behind the pages of a dispute are believed: the books' key signed them as they stand.
type FactsSignature struct {
	Key     string `json:"key"`     // 8 hex digits; see KeyID
	Ed25519 string `json:"ed25519"` // hex of 64 bytes
}

// factsDomain begins what is signed: a signature of facts is one of no receipt.
const factsDomain = "veratill dispute facts\x00"

// SignFacts signs facts, byte by byte as they will stand in their file.
func SignFacts(by ed25519.PrivateKey, facts []byte) FactsSignature {
	public, _ := by.Public().(ed25519.PublicKey)
	return FactsSignature{Key: keyID(public).String(), Ed25519: hex.EncodeToString(ed25519.Sign(by, append([]byte(factsDomain), facts...)))}
}

// CheckFacts judges facts of books of a number. newest is the highest number of an attempt that they speak of, or say was used up when they were made: what is newer than a
// key was in use, that key did not sign. The reason is empty where they are as their till signed them.
func (r Ring) CheckFacts(books string, newest txn.ID, facts []byte, s FactsSignature) Reason {
	signature, err := hex.DecodeString(s.Ed25519)
	if err != nil || len(signature) != ed25519.SignatureSize || s.Ed25519 != strings.ToLower(s.Ed25519) {
		return BadForm
	}
	reason := UnknownKey
	for _, till := range r {
		for _, k := range till.Keys {
			public, err := k.bytes()
			switch {
			case err != nil || k.ID != s.Key:
			//mutant:facts-are-of-the-books-of-their-key
			case till.Books != books:
				reason = OtherBooks
			//mutant:a-retired-key-signs-no-new-facts
			case k.LastOrder > 0 && newest > k.LastOrder:
				reason = KeyRetired
			//mutant:facts-are-signed
			case !ed25519.Verify(public, append([]byte(factsDomain), facts...), signature):
				reason = BadSignature
			default:
				return ""
			}
		}
	}
	return reason
}
