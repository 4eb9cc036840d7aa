package receipt

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"veratill/txn"
)

// KeyID is by what a statement names the key of its signature: the first 4 bytes of the SHA-256 of the public key. It is a hint and proves nothing.
type KeyID [4]byte

// String is the number in hex, as paper and lists show it.
func (id KeyID) String() string { return hex.EncodeToString(id[:]) }

func keyID(public ed25519.PublicKey) (id KeyID) {
	sum := sha256.Sum256(public)
	copy(id[:], sum[:])
	return id
}

// Key is a public key by which a till signs, or has signed.
type Key struct {
	ID     string `json:"id"`     // 8 hex digits; see KeyID
	Public string `json:"public"` // base64 of 32 bytes
	MadeMs int64  `json:"madeMs,omitempty"`
	// LastOrder is the highest number that the till had used when it took another key: whatever has a higher order, this key did not sign. 0 is
	// no bound: the key is in use, or nobody knows when its till left it.
	LastOrder txn.ID `json:"lastOrder,omitempty"`
	RetiredMs int64  `json:"retiredMs,omitempty"` // for people; 0 while it is in use
}

// NewKey is the entry of a public key that is in use from now on.
func NewKey(public ed25519.PublicKey, madeMs int64) Key {
	return Key{ID: keyID(public).String(), Public: base64.StdEncoding.EncodeToString(public), MadeMs: madeMs}
}

// Till is the public keys of one till's books.
type Till struct {
	Format   int    `json:"veratillReceiptKeys"` // 1
	Name     string `json:"name,omitempty"`      // of the shop
	Merchant string `json:"merchant,omitempty"`  // its number
	Terminal string `json:"terminal,omitempty"`
	Books    string `json:"books"` // hex: 16 digits at least
	Keys     []Key  `json:"keys"`
}

// keysFormat is the number of the format of such a file.
const keysFormat = 1

// Ring is the tills whose statements are believed.
type Ring []Till

// errKeys means that a text has no keys by which a statement can be believed.
var errKeys = errors.New("these are no public keys of a till")

// Limits of a file of keys.
const (
	mostTills = 1000
	mostKeys  = 1000
)

// ReadRing reads files of keys, one behind the other, and keys as their code on paper says them, each on a line. One that is wrong is an error: a
// list that is believed in part would refuse true receipts in silence.
func ReadRing(text []byte) (ring Ring, err error) {
	for {
		text = bytes.TrimLeft(text, " \t\r\n\ufeff")
		switch {
		case len(text) == 0 && len(ring) == 0:
			return nil, fmt.Errorf("%w: there are none", errKeys)
		case len(text) == 0:
			return ring, nil
		case len(ring) >= mostTills:
			return nil, fmt.Errorf("%w: there are more than %d tills", errKeys, mostTills)
		}
		var till Till
		if bytes.HasPrefix(text, []byte(keyBegin)) {
			line, rest, _ := bytes.Cut(text, []byte("\n"))
			till, err = readKeyText(strings.TrimSpace(string(line)))
			text = rest
		} else {
			d := json.NewDecoder(bytes.NewReader(text))
			if err = d.Decode(&till); err == nil {
				text = text[d.InputOffset():]
			}
		}
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("it ends early")
		}
		if err == nil {
			err = till.Check()
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errKeys, err)
		}
		ring = append(ring, till)
	}
}

// Check says what is wrong with a till's keys.
func (t Till) Check() error {
	if t.Format != keysFormat {
		return fmt.Errorf("the format %d is not %d", t.Format, keysFormat)
	}
	if _, err := booksID(t.Books); err != nil {
		return err
	}
	if len(t.Keys) == 0 || len(t.Keys) > mostKeys {
		return fmt.Errorf("a till has 1 to %d keys", mostKeys)
	}
	for _, k := range t.Keys {
		public, err := k.bytes()
		if err != nil {
			return fmt.Errorf("key %q: %w", k.ID, err)
		}
		if k.ID != keyID(public).String() || k.LastOrder < 0 || k.LastOrder > most {
			return fmt.Errorf("key %q: its number is not that of the key", k.ID)
		}
	}
	return nil
}

func booksID(text string) (id BooksID, err error) {
	b, err := hex.DecodeString(text)
	if err != nil || len(b) < len(id) || text != strings.ToLower(text) {
		return id, fmt.Errorf("%q is no number of books", text)
	}
	copy(id[:], b)
	return id, nil
}

// bytes is the public key. One that is not written in the one form that a point has, or whose point is of small order, is none: signatures by
// such a key hold for everything.
func (k Key) bytes() (ed25519.PublicKey, error) {
	b, err := base64.StdEncoding.Strict().DecodeString(k.Public)
	//mutant:a-weak-key-is-none
	if err != nil || len(b) != ed25519.PublicKeySize || !belowField(b) || slices.Contains(smallOrder, hex.EncodeToString(b)) {
		return nil, errors.New("it is no public key")
	}
	return b, nil
}

// belowField reports whether the y of a point is below 2^255 − 19.
func belowField(b []byte) bool {
	for i := 31; i > 0; i-- {
		full := byte(0xFF)
		if i == 31 {
			full = 0x7F
		}
		if b[i]&full != full {
			return true
		}
	}
	return b[0] < 0xED
}

// smallOrder are the points of order 1, 2, 4 and 8 as they are written below 2^255 − 19, with both signs of x where x is 0.
var smallOrder = []string{
	"0100000000000000000000000000000000000000000000000000000000000000",
	"0100000000000000000000000000000000000000000000000000000000000080",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0000000000000000000000000000000000000000000000000000000000000080",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
}

// keyBegin begins the text of a key's code, which a Z has.
const keyBegin = "VTK:"

// Text is the newest key of a till as the text of a code: the books' number and the key.
func (t Till) Text() (string, error) {
	if err := t.Check(); err != nil {
		return "", err
	}
	books, err := booksID(t.Books)
	if err != nil {
		return "", err
	}
	public, err := t.Keys[len(t.Keys)-1].bytes()
	return keyBegin + toText(slices.Concat([]byte{version}, books[:], public)) + textEnd, err
}

// readKeyText reads what Text wrote.
func readKeyText(text string) (t Till, err error) {
	inside, begins := strings.CutPrefix(text, keyBegin)
	inside, ends := strings.CutSuffix(inside, textEnd)
	b, ok := fromText(inside)
	if !begins || !ends || !ok || len(b) != 1+len(BooksID{})+ed25519.PublicKeySize || b[0] != version {
		return t, errors.New("it is not the code of a key")
	}
	return Till{Format: keysFormat, Books: hex.EncodeToString(b[1:9]), Keys: []Key{NewKey(b[9:], 0)}}, nil
}
