package vault_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/receipt"
	"veratill/txn/vault"
)

const books = "0123456789abcdef0123456789abcdef"

// signer opens the key of a folder whose place is kept in state.
func signer(t *testing.T, dir, state string) *vault.Signer {
	t.Helper()
	s, err := vault.OpenSigner(dir, vault.SignerOptions{Books: books, Name: "店", Merchant: "898", Terminal: "1", StateDir: state, NowMs: 1000})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func paid(id txn.ID) receipt.Statement {
	s, _ := receipt.Of(books, txn.Attempt{ID: id, SaleID: 9, Kind: txn.Sale, Tender: txn.Card, State: txn.Approved, Amount: money.Amount{Minor: 100, Currency: money.CNY}, EndedMs: 5000}, txn.Bill{}, nil)
	return s
}

// reasonOf judges a text by the public keys of a folder, as they lie there.
func reasonOf(t *testing.T, dir, text string) receipt.Reason {
	t.Helper()
	list, err := os.ReadFile(filepath.Join(dir, vault.PublicKeysName))
	if err != nil {
		t.Fatal(err)
	}
	ring, err := receipt.ReadRing(list)
	if err != nil {
		t.Fatal(err)
	}
	return ring.Judge([]string{text}).Results[0].Reason
}

// A key is made once, is the same after a restart, and signs the same statement the same way; its file is for its owner alone.
func TestTheKeyOfReceiptsStays(t *testing.T) {
	dir, state := t.TempDir(), t.TempDir()
	first := signer(t, dir, state).Sign(paid(1))
	again := signer(t, dir, state)
	if first == "" || again.Sign(paid(1)) != first || len(again.Remarks()) > 0 || len(again.Till().Keys) != 1 {
		t.Errorf("%q, then %q: %v", first, again.Sign(paid(1)), again.Remarks())
	}
	if got := reasonOf(t, dir, first); got != "" {
		t.Errorf("refused: %s", got)
	}
	info, err := os.Stat(filepath.Join(dir, vault.SignerName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if ring, err := receipt.ReadRing([]byte(again.KeyText())); err != nil || ring.Judge([]string{first}).Results[0].Reason != "" {
		t.Errorf("the key on paper is another one: %v", err)
	}
}

// The private key is in nothing that is printed, logged or written but its own file.
func TestThePrivateKeyIsShownNowhere(t *testing.T) {
	dir, state := t.TempDir(), t.TempDir()
	s := signer(t, dir, state)
	seed, err := os.ReadFile(filepath.Join(dir, vault.SignerName))
	if err != nil {
		t.Fatal(err)
	}
	shown := fmt.Sprintf("%v %+v %#v %s", s, s, s, s.Sign(paid(1)))
	shown += fmt.Sprintf("%v %+v %#v", *s, *s, *s)
	for _, form := range []string{string(seed), fmt.Sprintf("%x", seed), strings.Trim(fmt.Sprint([]byte(seed)), "[]"), strings.Trim(fmt.Sprintf("%#v", []byte(seed)), "[]byte{}")} {
		if strings.Contains(shown, form) {
			t.Errorf("the private key is shown: %s", shown)
		}
	}
	for _, other := range []string{dir, state} {
		names, err := os.ReadDir(other)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range names {
			text, err := os.ReadFile(filepath.Join(other, n.Name()))
			if err != nil || n.Name() != vault.SignerName && bytes.Contains(text, seed[:8]) {
				t.Errorf("%s has the private key, or can't be read: %v", n.Name(), err)
			}
		}
	}
}

// After a rotation the old key's statements hold, up to the last number it had, and new ones are signed by the new key alone.
func TestARotationKeepsTheOldKey(t *testing.T) {
	dir, state := t.TempDir(), t.TempDir()
	s := signer(t, dir, state)
	before, after := s.Sign(paid(7)), s.Sign(paid(8))
	old, err := os.ReadFile(filepath.Join(dir, vault.SignerName))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Rotate(7); err != nil {
		t.Fatal(err)
	}
	now := signer(t, dir, state)
	if len(now.Remarks()) > 0 || len(now.Till().Keys) != 2 || now.Sign(paid(8)) == after {
		t.Errorf("%v, %+v", now.Remarks(), now.Till())
	}
	if content, err := os.ReadFile(filepath.Join(dir, vault.SignerName)); err != nil || bytes.Equal(content, old) {
		t.Errorf("the old private key is still there, %v", err)
	}
	for text, want := range map[string]receipt.Reason{before: "", after: receipt.KeyRetired, now.Sign(paid(8)): "", now.Sign(paid(7)): ""} {
		if got := reasonOf(t, dir, text); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// copied is a folder with all that lies in another one.
func copied(t *testing.T, from string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return to
}

// A folder that was copied, on the same computer or to another one, signs with a key of its own from then on, and knows the keys before.
func TestACopiedFolderSharesNoKey(t *testing.T) {
	dir, state := t.TempDir(), t.TempDir()
	first := signer(t, dir, state).Sign(paid(1))
	here, elsewhere := copied(t, dir), copied(t, dir)
	keys := []string{first}
	for _, c := range []struct{ dir, state string }{{here, state}, {elsewhere, t.TempDir()}, {dir, state}} {
		s := signer(t, c.dir, c.state)
		signed := s.Sign(paid(1))
		if slices.Contains(keys, signed) || len(s.Remarks()) == 0 {
			t.Errorf("%v", s.Remarks())
		}
		keys = append(keys, signed)
		if reasonOf(t, c.dir, signed) != "" || reasonOf(t, c.dir, first) != "" {
			t.Error("what one of its keys signed is refused")
		}
		if again := signer(t, c.dir, c.state); again.Sign(paid(1)) != signed {
			t.Error("the next start makes another key")
		}
	}
	if reasonOf(t, dir, keys[1]) != receipt.UnknownKey {
		t.Error("the copy's key is believed as the till's")
	}
}

// A key that is lost or spoilt is made anew, and so is one of other books. A list that can't be used is put aside and not lost, and the key goes on.
func TestSpoiltKeysAreMadeAnew(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, dir string){
		"no key":   func(t *testing.T, dir string) { os.Remove(filepath.Join(dir, vault.SignerName)) },
		"half":     func(t *testing.T, dir string) { os.Truncate(filepath.Join(dir, vault.SignerName), 16) },
		"no list":  func(t *testing.T, dir string) { os.Remove(filepath.Join(dir, vault.PublicKeysName)) },
		"bad list": func(t *testing.T, dir string) { os.Truncate(filepath.Join(dir, vault.PublicKeysName), 40) },
		"another's list": func(t *testing.T, dir string) {
			path := filepath.Join(dir, vault.PublicKeysName)
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var list receipt.Till
			if err := json.Unmarshal(text, &list); err != nil {
				t.Fatal(err)
			}
			list.Books = "ff" + books[2:]
			text, _ = json.Marshal(list)
			os.WriteFile(path, text, 0o600)
		},
	} {
		dir, state := t.TempDir(), t.TempDir()
		first := signer(t, dir, state).Sign(paid(1))
		spoil(t, dir)
		s := signer(t, dir, state)
		if now := s.Sign(paid(1)); now == "" || (now == first) != (name == "no list" || name == "bad list") || reasonOf(t, dir, now) != "" {
			t.Errorf("%s: %q", name, now)
		}
		aside, err := filepath.Glob(filepath.Join(dir, vault.PublicKeysName+"-aside-*"))
		wasList := name == "another's list" || name == "bad list"
		if err != nil || (len(aside) == 1) != wasList {
			t.Errorf("%s: put aside %v, %v", name, aside, err)
		}
		if wasList && len(s.Remarks()) == 0 {
			t.Errorf("%s: nobody hears of it", name)
		}
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, vault.SignerName), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.OpenSigner(dir, vault.SignerOptions{Books: books}); err == nil {
		t.Error("a folder is taken for a key")
	}
}

// A statement that could not be written down anywhere is not signed: where the place of the key can't be kept, nothing is.
func TestNothingIsSignedWhereThePlaceCanNotBeKept(t *testing.T) {
	state := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(state, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.OpenSigner(t.TempDir(), vault.SignerOptions{Books: books, StateDir: state}); err == nil {
		t.Error("it signs, and a copy of its folder would sign with the same key")
	}
}

// A rotation that the power cuts in the middle leaves no key that signs without being listed, and what was signed before holds.
func TestARotationThatIsCutIsMadeAgain(t *testing.T) {
	for _, lost := range [][]string{{vault.SignerName}, {vault.SignerName, "place"}, {"place"}} {
		dir, state := t.TempDir(), t.TempDir()
		s := signer(t, dir, state)
		before := s.Sign(paid(7))
		places, err := filepath.Glob(filepath.Join(state, "*.place"))
		if err != nil || len(places) != 1 {
			t.Fatal(places, err)
		}
		was := map[string][]byte{}
		for name, path := range map[string]string{vault.SignerName: filepath.Join(dir, vault.SignerName), "place": places[0]} {
			if was[name], err = os.ReadFile(path); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Rotate(7); err != nil {
			t.Fatal(err)
		}
		for _, name := range lost { // its new content had not reached the disk
			path := filepath.Join(dir, name)
			if name == "place" {
				path = places[0]
			}
			if err := os.WriteFile(path, was[name], 0o600); err != nil {
				t.Fatal(err)
			}
		}
		now := signer(t, dir, state)
		if signed := now.Sign(paid(8)); reasonOf(t, dir, signed) != "" || reasonOf(t, dir, before) != "" || len(now.Remarks()) == 0 {
			t.Errorf("%v lost: the new one is %q, the old one %q, %v", lost, reasonOf(t, dir, signed), reasonOf(t, dir, before), now.Remarks())
		}
		if again := signer(t, dir, state); len(again.Remarks()) > 0 {
			t.Errorf("%v lost: the next start says %v", lost, again.Remarks())
		}
	}
}

// A folder that is reached by a link is the same place, and keeps its key.
func TestALinkIsTheSamePlace(t *testing.T) {
	dir, state := t.TempDir(), t.TempDir()
	link := filepath.Join(t.TempDir(), "till")
	if err := os.Symlink(dir, link); err != nil {
		t.Skip(err)
	}
	if first := signer(t, dir, state).Sign(paid(1)); signer(t, link, state).Sign(paid(1)) != first {
		t.Error("it signs with another key")
	}
}
