package walletsim

import (
	"crypto/md5"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"time"

	"veratill/assets/files"
)

// upayKeysFile has the aggregator's keys once the terminal has checked in. upay-key.txt stays what the activation gave.
const upayKeysFile = "upay-simulator-keys.json"

// terminalKeys are the aggregator's keys of the terminal: after a check-in the new one and the one before it are valid, until the day is over.
// A terminal that never checks in has one key, which lasts.
type terminalKeys struct {
	Now  string `json:"now"`
	Last string `json:"last,omitempty"`
	Day  string `json:"day,omitempty"` // of the last check-in, in Beijing
}

func dayOf(at time.Time) string { return at.In(china).Format(time.DateOnly) }

// signed reports whether a request has the signature of a key that is valid. A check-in may be signed with a key of yesterday.
func (k *Keys) signed(body []byte, signature string, checkIn bool, at time.Time) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !checkIn && k.terminal.Day != "" && k.terminal.Day != dayOf(at) {
		return false
	}
	for _, key := range []string{k.terminal.Now, k.terminal.Last} {
		if key != "" && signature == fmt.Sprintf("%x", md5.Sum([]byte(string(body)+key))) {
			return true
		}
	}
	return false
}

// renew gives the terminal a new key, which is durable before anybody hears of it.
func (k *Keys) renew(at time.Time) (string, error) {
	drawn := make([]byte, 16)
	rand.Read(drawn) // it never fails
	k.mu.Lock()
	defer k.mu.Unlock()
	fresh := terminalKeys{Now: hex.EncodeToString(drawn), Last: k.terminal.Now, Day: dayOf(at)}
	if k.dir != "" {
		text, err := json.Marshal(fresh)
		if err == nil {
			err = files.Write(filepath.Join(k.dir, upayKeysFile), text, 0o600)
		}
		if err != nil {
			return "", err
		}
	}
	k.terminal = fresh
	return fresh.Now, nil
}
