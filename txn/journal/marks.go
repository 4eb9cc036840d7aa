package journal

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"veratill/txn"
	"veratill/txn/disk"
)

// markBytes is the length of every mark: one write of it is whole or not there, whatever becomes of the program.
const markBytes = 1024

// Marks keeps a mark for each line in a folder that is not the books'. Its methods are safe for use by several goroutines.
type Marks struct {
	dir  string
	disk disk.Disk
	mu   sync.Mutex
}

// NewMarks keeps marks in a folder, which is made when the first one is written. A nil disk is the system's.
func NewMarks(dir string, d disk.Disk) *Marks {
	if d == nil {
		d = disk.System{}
	}
	return &Marks{dir: dir, disk: d}
}

func (m *Marks) path(line string) string {
	sum := sha256.Sum256([]byte(line))
	return filepath.Join(m.dir, hex.EncodeToString(sum[:8])+".mark")
}

// Mark reads the mark of a line; the zero Mark where there is none, or where a power cut left nothing that can be read.
func (m *Marks) Mark(line string) (txn.Mark, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var mark txn.Mark
	info, err := m.disk.Stat(m.path(line))
	if errors.Is(err, fs.ErrNotExist) {
		return mark, nil
	} else if err != nil {
		return mark, err
	}
	if !info.Mode().IsRegular() || info.Size() != markBytes {
		return mark, nil
	}
	text, err := disk.ReadFile(m.disk, m.path(line))
	if err != nil {
		return mark, err
	}
	if json.Unmarshal(bytes.TrimRight(text, " \n"), &mark) != nil || mark.Line != line {
		return txn.Mark{}, nil
	}
	return mark, nil
}

// Keep writes a mark. It is durable when it returns where that is asked for; else the system writes it when it likes, and a program
// that is killed loses nothing.
func (m *Marks) Keep(mark txn.Mark, durable bool) error {
	text, err := json.Marshal(mark)
	if err != nil {
		return err
	}
	if len(text) >= markBytes {
		return fmt.Errorf("the mark of a line with so long a name does not fit: %d bytes", len(text))
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	text = append(append(text, bytes.Repeat([]byte{' '}, markBytes-1-len(text))...), '\n')
	f, err := m.disk.Open(m.path(mark.Line), os.O_WRONLY|os.O_CREATE)
	if errors.Is(err, fs.ErrNotExist) {
		if err = m.disk.MakeDir(m.dir); err == nil {
			f, err = m.disk.Open(m.path(mark.Line), os.O_WRONLY|os.O_CREATE)
		}
	}
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if durable {
		err = errors.Join(err, f.Sync())
	}
	if err = errors.Join(err, f.Close()); err == nil && durable {
		err = m.disk.SyncDir(m.dir)
	}
	return err
}

// Mark is how far these books have come, as a mark says it, without its line.
func (j *Journal) Mark() txn.Mark {
	j.mu.Lock()
	defer j.mu.Unlock()
	return txn.Mark{Books: j.identity.Books, Entry: j.durable.Seq, Head: hex.EncodeToString(j.durable.Hash[:]), Number: txn.ID(j.at.Attempt)}
}

// HeadAt is the hash of an entry in hex; empty where there is none.
func (j *Journal) HeadAt(ctx context.Context, seq int64) (string, error) {
	e, err := j.Entry(ctx, seq)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return hex.EncodeToString(e.Hash[:]), err
}

// Restored reports whether the file of these books is a backup that was put back, and how old it was then: the time from its last
// attempt to the putting back, by the till's clock.
func (j *Journal) Restored(ctx context.Context) (ageMs int64, was bool, err error) {
	j.mu.Lock()
	path := filepath.Join(j.dir, restoredFile(j.generation))
	j.mu.Unlock()
	text, err := disk.ReadFile(j.disk, path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, false, nil
	} else if err != nil {
		return 0, false, err
	}
	var told restored
	if err := json.Unmarshal(text, &told); err != nil {
		return 0, true, nil // it was restored, at a time that nobody knows
	}
	last, err := list[txn.Attempt](ctx, j, `SELECT body FROM attempt ORDER BY id DESC LIMIT 1`)
	if err != nil || len(last) == 0 {
		return 0, true, err
	}
	return max(0, told.AtMs-last[0].OpenedMs), true, nil
}
