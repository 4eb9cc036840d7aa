package journal

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"veratill/txn/disk"
)

// walOf makes a WAL of first pages, as SQLite lays it out.
func walOf(pages ...[]byte) []byte {
	wal := make([]byte, walHeader)
	binary.BigEndian.PutUint32(wal, walMagic)
	binary.BigEndian.PutUint32(wal[walPageSizeAt:], 4096)
	copy(wal[walSaltsAt:], "saltsalt")
	for _, page := range pages {
		frame := make([]byte, walFrame+4096)
		binary.BigEndian.PutUint32(frame, 1)
		copy(frame[frameSaltsAt:], "saltsalt")
		copy(frame[walFrame:], page)
		wal = append(wal, frame...)
	}
	return wal
}

// A file whose first page was being written when the power went is ours if its WAL says so,
// also where frames that were torn lie behind the good ones. (A torn one was believed, and
// a shop's journal was called foreign: found by cutting the recovery of a migration.)
func TestFirstPageIsKeptInTheWAL(t *testing.T) {
	ours := make([]byte, headerBytes)
	copy(ours, "SQLite format 3\x00")
	binary.BigEndian.PutUint16(ours[16:], 4096)
	binary.BigEndian.PutUint32(ours[60:], 1)
	binary.BigEndian.PutUint32(ours[68:], applicationID)
	torn := make([]byte, headerBytes)
	another := append([]byte(nil), ours...)
	binary.BigEndian.PutUint32(another[68:], 7)
	for name, c := range map[string]struct {
		wal  []byte
		kept bool
	}{
		"a good one":             {walOf(ours), true},
		"a good one and a torn":  {walOf(ours, torn), true},
		"a torn one":             {walOf(torn), false},
		"another program's":      {walOf(another), false},
		"no frame":               {walOf(), false},
		"no WAL":                 {nil, false},
		"room that was not used": {make([]byte, 1<<16), false},
	} {
		path := filepath.Join(t.TempDir(), "journal.db")
		for file, content := range map[string][]byte{path: []byte("nonsense" + string(make([]byte, 4088))), path + "-wal": c.wal} {
			if err := os.WriteFile(file, content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		cut, err := inspect(disk.System{}, path, 1)
		if c.kept && (err != nil || !cut) || !c.kept && !errors.Is(err, ErrForeign) {
			t.Errorf("%s: cut %v, %v", name, cut, err)
		}
	}
}
