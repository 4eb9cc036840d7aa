package lines

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"veratill/assets/files"
	"veratill/txn"
	"veratill/txn/disk"
)

// keptKey is the file of an aggregator's key that a check-in gave. It stands beside the settings, and a program that is killed has the key before it
// or this one, of which both are valid.
type keptKey struct {
	Terminal string    `json:"terminal"`
	Key      string    `json:"key"`
	Given    time.Time `json:"given"`
	// First is a hash of the key that the installer wrote: one that was written since counts more than what was given before.
	First string `json:"first"`
}

// keptPath is where the key of a terminal is kept.
func (o Options) keptPath(terminal string) string {
	return filepath.Join(o.Dir, "upay-"+hashOf([]byte(terminal))+".key")
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

// lastKey is the key that a terminal signs with: the one that its last check-in gave, if the installer wrote no other since. The error says that
// there is a file of it that can't be read.
func (o Options) lastKey(terminal string, first txn.Secret) (key txn.Secret, given time.Time, err error) {
	text, err := files.Read(o.keptPath(terminal), mostKey)
	if errors.Is(err, fs.ErrNotExist) {
		return first, given, nil
	}
	var kept keptKey
	if err == nil {
		defer clear(text)
		if err = json.Unmarshal(text, &kept); err == nil && (kept.Terminal == "" || kept.Key == "" || kept.First == "") {
			err = errors.New("it has no key")
		}
	}
	if err != nil {
		return nil, given, fmt.Errorf("the key that the aggregator gave last can't be read: remove %s, and put the key of a new activation into the settings: %w", filepath.Base(o.keptPath(terminal)), err)
	}
	//mutant:an-installer-s-key-counts-more
	if kept.Terminal != terminal || kept.First != hashOf(first) {
		return first, given, nil
	}
	return txn.Secret(kept.Key), kept.Given, nil
}

// keepKey makes a terminal's new key durable.
func (o Options) keepKey(terminal string, first txn.Secret) func(txn.Secret, time.Time) error {
	hash := hashOf(first)
	return func(key txn.Secret, given time.Time) error {
		text, err := json.Marshal(keptKey{Terminal: terminal, Key: string(key), Given: given, First: hash})
		if err != nil {
			return err
		}
		defer clear(text)
		return disk.Replace(disk.System{}, o.keptPath(terminal), text)
	}
}
