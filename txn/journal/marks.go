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
	"slices"
	"strings"
	"sync"

	"veratill/txn"
	"veratill/txn/disk"
)

// markBytes is the length of every mark: one write of it is whole or not there, whatever becomes of the program.
const markBytes = 1024

// Marks keeps a mark for each numbering in a folder that is not the books'. Its methods are safe for use by several goroutines.
type Marks struct {
	dir  string
	disk disk.Disk

	mu         sync.Mutex
	unreadable map[string]error // by its path; until it is put aside
}

// NewMarks keeps marks in a folder, which is made when the first one is written. A nil disk is the system's.
func NewMarks(dir string, d disk.Disk) *Marks {
	if d == nil {
		d = disk.System{}
	}
	return &Marks{dir: dir, disk: d}
}

// markName is how the file of a mark ends.
const markName = ".mark"

// File implements till.Marks.
func (m *Marks) File(numbering string) string {
	sum := sha256.Sum256([]byte(numbering))
	return filepath.Join(m.dir, hex.EncodeToString(sum[:8])+markName)
}

// Read implements till.Marks. A file that is cut short, that is no file, or that nobody may read is no missing mark; nor is a folder into
// which nobody may look.
func (m *Marks) Read() (marks []txn.Mark, unreadable map[string]error, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	unreadable = map[string]error{}
	names, err := m.disk.Names(m.dir)
	switch info, of := m.disk.Stat(m.dir); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, unreadable, nil
	case err != nil && of == nil && !info.IsDir(): // no mark can be there
		return nil, unreadable, err
	case err != nil:
		return nil, map[string]error{m.dir: fmt.Errorf("the folder of marks can't be read: %w", err)}, nil
	}
	for _, name := range names {
		if path := filepath.Join(m.dir, name); strings.HasSuffix(name, markName) {
			mark, err := m.readAt(path)
			if err != nil {
				unreadable[path] = fmt.Errorf("the mark %s can't be read: %w", path, err)
				continue
			}
			marks = append(marks, mark)
		}
	}
	m.unreadable = unreadable
	return marks, unreadable, nil
}

// readAt reads a mark, which has to be one whole and in its place; one that an earlier version kept has the name of a line there.
func (m *Marks) readAt(path string) (mark txn.Mark, err error) {
	info, err := m.disk.Stat(path)
	if err == nil && (!info.Mode().IsRegular() || info.Size() != markBytes) {
		err = fmt.Errorf("it is no file of %d bytes", markBytes)
	}
	if err != nil {
		return mark, err
	}
	text, err := disk.ReadFile(m.disk, path)
	if err == nil {
		err = json.Unmarshal(bytes.TrimRight(text, " \n"), &mark)
	}
	if err == nil && (mark.Books == "" || m.File(mark.Line) != path) {
		err = errors.New("it names no books, or is not in its place")
	}
	return mark, err
}

// Keep implements till.Marks. It is durable when it returns where that is asked for, and where it is new; else the system writes it when
// it likes, and a program that is killed loses nothing.
func (m *Marks) Keep(mark txn.Mark, durable bool) error {
	text, err := json.Marshal(mark)
	if err != nil {
		return err
	}
	if len(text) >= markBytes {
		return fmt.Errorf("the mark of a line with so long a name does not fit: %d bytes", len(text))
	}
	text = append(append(text, bytes.Repeat([]byte{' '}, markBytes-1-len(text))...), '\n')
	m.mu.Lock()
	defer m.mu.Unlock()
	path := m.File(mark.Line)
	//mutant:an-unreadable-mark-is-put-aside
	if m.unreadable[path] != nil {
		if err := m.putAside(path); err != nil {
			return err
		}
	}
	switch info, err := m.disk.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		if err := m.disk.MakeDir(m.dir); err != nil {
			return err
		}
		return disk.Replace(m.disk, path, text) // whole or not there: one that is cut short would be one that can't be read
	case err != nil:
		return err
	case info.Size() != markBytes:
		return fmt.Errorf("the mark %s is no longer what was kept there: somebody else wrote it", path)
	}
	return m.overwrite(path, text, durable)
}

func (m *Marks) overwrite(path string, text []byte, durable bool) error {
	f, err := m.disk.Open(path, os.O_WRONLY)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if durable {
		err = errors.Join(err, f.Sync())
	}
	return errors.Join(err, f.Close())
}

// putAside gives a mark that can't be read another name beside it, for whoever looks into what happened.
func (m *Marks) putAside(path string) error {
	names, err := m.disk.Names(m.dir)
	if err != nil {
		return err
	}
	aside := ""
	for n := 1; aside == "" || slices.Contains(names, filepath.Base(aside)); n++ {
		aside = fmt.Sprintf("%s-unreadable-%d", strings.TrimSuffix(path, markName), n)
	}
	if err := m.disk.Rename(path, aside); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	delete(m.unreadable, path)
	return nil
}

// Mark is how far these books have come for certain, as a mark says it, without its line: what the power may still take is not in it.
func (j *Journal) Mark() txn.Mark {
	j.mu.Lock()
	defer j.mu.Unlock()
	//mutant:a-mark-says-what-is-durable
	return txn.Mark{Books: j.identity.Books, Entry: j.durable.Seq, Head: hex.EncodeToString(j.durable.Hash[:]), Number: txn.ID(j.durable.Attempt)}
}

// HeadAt is the hash of an entry in hex; empty where there is none.
func (j *Journal) HeadAt(ctx context.Context, seq int64) (string, error) {
	e, err := j.Entry(ctx, seq)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return hex.EncodeToString(e.Hash[:]), err
}

// Restored says of these books whether they are a backup that was put back.
func (j *Journal) Restored(ctx context.Context) (r txn.Restored, err error) {
	text, err := j.restoring()
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	} else if err != nil {
		return r, err
	}
	var told restored
	if err := json.Unmarshal(text, &told); err != nil {
		return txn.Restored{Was: true}, nil // it was restored, at a time that nobody knows
	}
	r = txn.Restored{Was: true, Whole: told.Whole}
	ended, err := j.Entry(ctx, told.Entries) // the backup's last one; a clock that was set back says nothing of what came after it
	if err != nil {
		return r, err
	}
	last, err := list[txn.Attempt](ctx, j, sqlNewest)
	if err != nil || len(last) == 0 {
		return r, err
	}
	//mutant:what-was-sold-since-a-restore-knows-its-numbers
	if j.Next().Attempt-1 > txn.ID(ended.Attempt) { // the numbers moved then
		return txn.Restored{}, nil
	}
	r.AgeMs = max(told.AtMs-last[0].OpenedMs, 0)
	return r, nil
}

// restoring is the text of the newest putting back, fs.ErrNotExist without one. Generations after it go on from what was put back: a disk
// that fails before the numbers have moved takes nothing away from that.
func (j *Journal) restoring() (text []byte, err error) {
	j.mu.Lock()
	last := j.generation
	j.mu.Unlock()
	//mutant:a-renewed-file-was-restored-too
	first := 1
	for n := last; n >= first; n-- {
		if text, err = disk.ReadFile(j.disk, filepath.Join(j.dir, restoredFile(n))); !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return text, err
}

// Newest is the newest attempt; 0 before the first. Numbers may have moved beyond it.
func (j *Journal) Newest(ctx context.Context) (txn.ID, error) {
	last, err := list[txn.Attempt](ctx, j, sqlNewest)
	if err != nil || len(last) == 0 {
		return 0, err
	}
	return last[0].ID, nil
}
