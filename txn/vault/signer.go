package vault

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"veratill/txn"
	"veratill/txn/disk"
	"veratill/txn/receipt"
)

// Names in the data folder, mode 0600. The private key is in no backup; the public ones may be given to anybody.
const (
	SignerName     = "receipt.key"
	PublicKeysName = "receipt.keys"
)

// Signer signs receipts with the key of one till's books. It is safe for use by several goroutines once it is open: nothing of it changes.
type Signer struct {
	o    SignerOptions
	disk disk.Disk
	dir  string
	// seed is behind a function, so that no form in which a signer is printed shows it.
	seed func() txn.Secret
	till receipt.Till
	// foreign says that the list of public keys that lay here was that of other books.
	foreign bool
	// remarks say what was made anew, and why.
	remarks []string
}

// SignerOptions say whose key it is.
type SignerOptions struct {
	Disk disk.Disk // nil is the system's
	// Books is the number of the books. A key of other books is none of theirs.
	Books                    string
	Name, Merchant, Terminal string // of the shop, for whoever reads the list of public keys
	// StateDir is a folder outside the books that says where the key was made. A folder of books that was copied or brought to another computer takes a
	// key of its own there, so that two tills never sign with one key. Empty keeps nothing, and can't tell.
	StateDir string
	NowMs    int64
}

// place is what is kept outside the folder: which key is used where.
type place struct {
	Books string `json:"books"`
	Key   string `json:"key"`
	Dir   string `json:"dir"`
}

// OpenSigner reads the key of a data folder, or makes one and makes it durable. It makes a new one, and retires the one before, where that was made
// in another place, is lost or spoilt. Public keys stay listed for ever, so that what they signed can be checked. The error is the disk's: nothing is
// signed then.
func OpenSigner(dir string, o SignerOptions) (*Signer, error) {
	s := &Signer{o: o, disk: o.Disk, dir: dir}
	if s.disk == nil {
		s.disk = disk.System{}
	}
	if err := s.readList(); err != nil {
		return nil, err
	}
	seed, err := disk.ReadFile(s.disk, filepath.Join(dir, SignerName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	why := ""
	switch {
	case err != nil:
		why = "there was none"
	case len(seed) != ed25519.SeedSize:
		why = "the file " + SignerName + " was spoilt"
	//mutant:a-copied-folder-signs-with-its-own-key
	case !s.inPlace(keyOf(seed)):
		why = "the folder was copied or moved since it was made"
	case len(s.till.Keys) == 0 && !s.foreign: // its list is lost, and what it signed holds all the same
		s.hold(seed)
		s.till.Keys = []receipt.Key{receipt.NewKey(publicOf(seed), s.o.NowMs)}
		s.till.Name, s.till.Merchant, s.till.Terminal = s.o.Name, s.o.Merchant, s.o.Terminal
		return s, s.writeList()
	case !s.lists(seed):
		why = "the list of public keys has another one as the newest"
	}
	if why == "" {
		s.hold(seed)
		return s, s.describe()
	}
	if err == nil {
		s.remarks = append(s.remarks, "a new key for signing receipts was made: "+why)
	}
	return s, s.renew(0)
}

func (s *Signer) hold(seed txn.Secret) { s.seed = func() txn.Secret { return seed } }

func publicOf(seed txn.Secret) ed25519.PublicKey {
	return ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
}

func keyOf(seed txn.Secret) receipt.Key { return receipt.NewKey(publicOf(seed), 0) }

// lists reports whether a key is the newest of the list, and in use.
func (s *Signer) lists(seed txn.Secret) bool {
	n := len(s.till.Keys)
	return n > 0 && s.till.Keys[n-1].Public == keyOf(seed).Public && s.till.Keys[n-1].RetiredMs == 0
}

// readList reads the public keys. A list of other books, or that can't be read, is put aside under another name: nobody's keys are lost.
func (s *Signer) readList() error {
	s.till = receipt.Till{Format: 1, Books: s.o.Books}
	path := filepath.Join(s.dir, PublicKeysName)
	text, err := disk.ReadFile(s.disk, path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	var kept receipt.Till
	why := json.Unmarshal(text, &kept)
	if why == nil {
		why = kept.Check()
	}
	if why == nil && kept.Books == s.o.Books {
		s.till = kept
		return nil
	}
	if why == nil {
		s.foreign, why = true, fmt.Errorf("it is of the books %s", kept.Books)
	}
	names, err := s.disk.Names(s.dir)
	if err != nil {
		return err
	}
	aside := ""
	for n := 1; aside == "" || slices.Contains(names, aside); n++ {
		aside = fmt.Sprintf("%s-aside-%d", PublicKeysName, n)
	}
	s.remarks = append(s.remarks, fmt.Sprintf("%s was put aside as %s: %v", PublicKeysName, aside, why))
	return s.disk.Rename(path, filepath.Join(s.dir, aside))
}

// describe keeps the shop's name and numbers in the list as they are now.
func (s *Signer) describe() error {
	before := s.till
	s.till.Name, s.till.Merchant, s.till.Terminal = s.o.Name, s.o.Merchant, s.o.Terminal
	if before.Name == s.till.Name && before.Merchant == s.till.Merchant && before.Terminal == s.till.Terminal {
		return nil
	}
	return s.writeList()
}

func (s *Signer) writeList() error {
	text, err := json.MarshalIndent(s.till, "", "  ")
	if err != nil {
		return err
	}
	return disk.Replace(s.disk, filepath.Join(s.dir, PublicKeysName), append(text, '\n'))
}

// renew makes a new key. The public one is durable before anything can be signed with it. last is the highest number that the key before may have
// signed; 0 where nobody knows.
func (s *Signer) renew(last txn.ID) error {
	seed := make(txn.Secret, ed25519.SeedSize)
	if _, err := rand.Read(seed); err != nil {
		return err
	}
	for i := range s.till.Keys {
		if k := &s.till.Keys[i]; k.RetiredMs == 0 {
			//mutant:a-rotated-key-has-its-last-number
			k.RetiredMs, k.LastOrder = max(s.o.NowMs, 1), last
		}
	}
	s.till.Name, s.till.Merchant, s.till.Terminal = s.o.Name, s.o.Merchant, s.o.Terminal
	s.till.Keys = append(s.till.Keys, receipt.NewKey(publicOf(seed), s.o.NowMs))
	if err := s.writeList(); err != nil {
		return err
	}
	if err := disk.Replace(s.disk, filepath.Join(s.dir, SignerName), seed); err != nil {
		return err
	}
	if s.seed != nil {
		s.seed().Zero()
	}
	s.hold(seed)
	return s.keepPlace()
}

// Rotate throws the private key away and makes a new one; what the old one signed can be checked for ever. last is the highest number of an attempt
// that is used up: of whatever comes later the old key says nothing. No till may run on the folder meanwhile.
func (s *Signer) Rotate(last txn.ID) error { return s.renew(last) }

func (s *Signer) placePath() string {
	return filepath.Join(s.o.StateDir, "receipt-"+s.o.Books+".place")
}

func (s *Signer) placeNow(k receipt.Key) (place, error) {
	dir, err := filepath.Abs(s.dir)
	if real, failed := filepath.EvalSymlinks(dir); failed == nil { // by whatever way the folder is reached, it is one place
		dir = real
	}
	return place{Books: s.o.Books, Key: k.ID, Dir: dir}, err
}

// inPlace reports whether the key was made for the folder where it lies.
func (s *Signer) inPlace(k receipt.Key) bool {
	if s.o.StateDir == "" {
		return true
	}
	text, err := disk.ReadFile(disk.System{}, s.placePath())
	var kept place
	if err != nil || json.Unmarshal(text, &kept) != nil {
		return false
	}
	now, err := s.placeNow(k)
	return err == nil && kept == now
}

func (s *Signer) keepPlace() error {
	if s.o.StateDir == "" {
		return nil
	}
	now, err := s.placeNow(keyOf(s.seed()))
	if err != nil {
		return err
	}
	text, err := json.Marshal(now)
	if err != nil {
		return err
	}
	if err := (disk.System{}).MakeDir(s.o.StateDir); err != nil {
		return err
	}
	return disk.Replace(disk.System{}, s.placePath(), text)
}

// Remarks say what was made anew when the signer was opened, and why; none in an ordinary start.
func (s *Signer) Remarks() []string { return s.remarks }

// Till is the list of public keys. The newest is the last.
func (s *Signer) Till() receipt.Till { return s.till }

// Sign writes a statement as the text of a code. It is empty where the statement is none.
func (s *Signer) Sign(of receipt.Statement) string {
	text, err := of.Sign(ed25519.NewKeyFromSeed(s.seed()))
	if err != nil {
		return ""
	}
	return text
}

// SignFacts signs the facts behind the pages of a dispute.
func (s *Signer) SignFacts(facts []byte) receipt.FactsSignature {
	return receipt.SignFacts(ed25519.NewKeyFromSeed(s.seed()), facts)
}

// KeyText is the newest public key as the text of a code, which stands on each Z.
func (s *Signer) KeyText() string {
	text, err := s.till.Text()
	if err != nil {
		return ""
	}
	return text
}
