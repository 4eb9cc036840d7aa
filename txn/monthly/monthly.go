// Package monthly keeps papers of one kind beside the journal, in a file for each month: merchant's slips as they were printed, messages as they were exchanged. Each is named by a
// hash of its bytes, so that one that was altered is none any more, and one that a power cut has torn loses itself alone.
package monthly

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"veratill/txn/disk"
)

// Faults of a paper that is asked for, and of one that is to be kept.
var (
	ErrNotKept = errors.New("it is not kept")
	ErrAltered = errors.New("it was altered after it was kept")
	ErrFull    = errors.New("the file of this month has as much as one may have")
)

// Kind is what a store keeps.
type Kind struct {
	Folder string // in the data folder
	Ending string // of its files' names, with the dot
	Mark   string // 8 bytes, with which each paper begins in its file
	Months int    // for which a paper is kept at least
	// MostBytes bounds one paper, and MostFile the file of a month; 0 is no bound of a file.
	MostBytes int
	MostFile  int64
	// Name makes the name of a paper, of its bytes; nil is their SHA-256.
	Name func(paper []byte) [sha256.Size]byte
}

// A file has the papers of a month, one frame after another. A frame is found by its mark.
//
//	mark, 8 bytes · length of the packed paper, 4 bytes, big-endian · name of the paper, 32 bytes · the paper, packed by gzip
const (
	markBytes = 8
	headBytes = markBytes + 4 + sha256.Size
)

const monthForm = "2006-01"

// firstMonth is when nothing was kept yet. A file of an earlier one is of a clock that was wrong, and nobody knows how old it is: it stays.
const firstMonth = "2026-01"

// Store is what is kept of one kind in one data folder. Its methods are safe for use by several goroutines.
type Store struct {
	kind Kind
	disk disk.Disk
	dir  string

	mu       sync.Mutex
	packer   *gzip.Writer
	unsynced map[string]bool // files that have papers which are not durable yet
}

// New is the store of a data folder. Nothing is made before the first paper is kept.
func New(d disk.Disk, dir string, of Kind) *Store {
	if of.Name == nil {
		of.Name = func(paper []byte) [sha256.Size]byte { return sha256.Sum256(paper) }
	}
	return &Store{kind: of, disk: d, dir: filepath.Join(dir, of.Folder), unsynced: map[string]bool{}, packer: gzip.NewWriter(io.Discard)}
}

// Dir is the store's folder.
func (s *Store) Dir() string { return s.dir }

func (s *Store) path(month string) string { return filepath.Join(s.dir, month+s.kind.Ending) }

// name is what a paper is known by, in hex.
func (s *Store) name(paper []byte) string {
	sum := s.kind.Name(paper)
	return hex.EncodeToString(sum[:])
}

// Keep writes a paper, and returns its name, in hex. It is durable after Sync. Errors: ErrFull, those of the disk.
func (s *Store) Keep(paper []byte, at time.Time) (name string, err error) {
	if len(paper) > s.kind.MostBytes {
		return "", fmt.Errorf("a paper of %d bytes is above %d", len(paper), s.kind.MostBytes)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var packed bytes.Buffer
	s.packer.Reset(&packed) // one that is made anew takes longer than all the rest
	if _, err := s.packer.Write(paper); err != nil {
		return "", err
	}
	if err := s.packer.Close(); err != nil {
		return "", err
	}
	sum := s.kind.Name(paper)
	frame := make([]byte, 0, headBytes+packed.Len())
	frame = append(frame, s.kind.Mark...)
	frame = binary.BigEndian.AppendUint32(frame, uint32(packed.Len()))
	frame = append(frame, sum[:]...)
	frame = append(frame, packed.Bytes()...)
	return hex.EncodeToString(sum[:]), s.append(at.UTC().Format(monthForm), frame)
}

func (s *Store) append(month string, frame []byte) error {
	if err := s.disk.MakeDir(s.dir); err != nil {
		return err
	}
	if s.kind.MostFile > 0 {
		if info, err := s.disk.Stat(s.path(month)); err == nil && info.Size()+int64(len(frame)) > s.kind.MostFile {
			return ErrFull
		}
	}
	f, err := s.disk.Open(s.path(month), os.O_WRONLY|os.O_CREATE|os.O_APPEND)
	if err != nil {
		return err
	}
	_, err = f.Write(frame)
	s.unsynced[month] = true
	return errors.Join(err, f.Close())
}

// Sync makes durable what was kept.
func (s *Store) Sync() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for month := range s.unsynced {
		if err := disk.SyncFile(s.disk, s.path(month)); err != nil {
			return err
		}
		if err := s.disk.SyncDir(s.dir); err != nil {
			return err
		}
		delete(s.unsynced, month)
	}
	return nil
}

// Read returns a paper by its name and about when it was kept. Errors: ErrNotKept, ErrAltered, those of the disk.
func (s *Store) Read(name string, at time.Time) (paper []byte, err error) {
	found, altered, err := s.Named(name, at, at)
	switch {
	case err != nil:
		return nil, err
	case len(found) > 0:
		return found[0], nil
	case altered > 0:
		return nil, fmt.Errorf("%w: %s", ErrAltered, name)
	}
	return nil, fmt.Errorf("%w: %s", ErrNotKept, name)
}

// Named returns the papers whose name in hex begins so, of those that were kept about the time between two moments, in the order in which they were kept; altered is how many of that
// name are not whole.
func (s *Store) Named(begins string, from, to time.Time) (found [][]byte, altered int, err error) {
	months, err := s.months()
	if err != nil {
		return nil, 0, err
	}
	around := append(monthsAround(from), monthsAround(to)...)
	first, last := slices.Min(around), slices.Max(around)
	for _, month := range months {
		if month < first || month > last {
			continue
		}
		raw, err := s.file(month)
		if err != nil {
			return nil, altered, err
		}
		for _, f := range s.frames(raw) {
			if !strings.HasPrefix(f.name, begins) {
				continue
			}
			if paper := s.unpack(f); paper != nil {
				found = append(found, paper)
			} else {
				altered++
			}
		}
	}
	return found, altered, nil
}

// monthsAround are those whose file may have what was kept about a moment: a clock is set, and a month's end lies between.
func monthsAround(at time.Time) []string {
	months := []string{at.UTC().Format(monthForm), at.UTC().AddDate(0, 0, -7).Format(monthForm), at.UTC().AddDate(0, 0, 7).Format(monthForm)}
	slices.Sort(months)
	return slices.Compact(months)
}

// Lacks lists which papers are not there whole, of some by their names, each with about when it was kept. It reads each month once, and unpacks those papers alone.
func (s *Store) Lacks(kept map[string]time.Time) (missing map[string]bool, err error) {
	missing, months := map[string]bool{}, map[string]bool{}
	for name, at := range kept {
		missing[name] = true
		for _, month := range monthsAround(at) {
			months[month] = true
		}
	}
	for month := range months {
		raw, err := s.file(month)
		if err != nil {
			return nil, err
		}
		for _, f := range s.frames(raw) {
			if missing[f.name] && s.unpack(f) != nil {
				delete(missing, f.name)
			}
		}
	}
	return missing, nil
}

// Names lists the papers that are kept whole, of all months.
func (s *Store) Names() (kept map[string]bool, err error) {
	months, err := s.months()
	if err != nil {
		return nil, err
	}
	kept = map[string]bool{}
	for _, month := range months {
		raw, err := s.file(month)
		if err != nil {
			return nil, err
		}
		for _, f := range s.frames(raw) {
			kept[f.name] = kept[f.name] || s.unpack(f) != nil
		}
	}
	return kept, nil
}

// months lists the months that have a file, the oldest first.
func (s *Store) months() (months []string, err error) {
	names, err := s.disk.Names(s.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, name := range names {
		month, mine := strings.CutSuffix(name, s.kind.Ending)
		if _, err := time.Parse(monthForm, month); mine && err == nil {
			months = append(months, month)
		}
	}
	slices.Sort(months)
	return months, nil
}

// file is a month's file as it lies; nothing where there is none.
func (s *Store) file(month string) ([]byte, error) {
	f, err := s.disk.Open(s.path(month), os.O_RDONLY)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// frame is a paper as its file has it. Nothing of it is believed before unpack has seen it.
type frame struct {
	name   string
	packed []byte // as long as its head says, or as the file is
}

// frames are those that a file may have: one begins at each mark. A paper that has a mark in it, and a length that was altered, lead to frames that are none, and to none that is left out.
func (s *Store) frames(raw []byte) (all []frame) {
	for {
		at := bytes.Index(raw, []byte(s.kind.Mark))
		if at < 0 || len(raw)-at < headBytes {
			return all
		}
		head, rest := raw[at:at+headBytes], raw[at+headBytes:]
		length := min(int(binary.BigEndian.Uint32(head[markBytes:])), len(rest))
		all = append(all, frame{hex.EncodeToString(head[markBytes+4:]), rest[:length]})
		raw = raw[at+markBytes:]
	}
}

// unpack is the paper of a frame, or nil where it is not the one of its name.
func (s *Store) unpack(f frame) []byte {
	z, err := gzip.NewReader(bytes.NewReader(f.packed))
	if err != nil {
		return nil
	}
	paper, err := io.ReadAll(io.LimitReader(z, int64(s.kind.MostBytes)+1))
	//mutant:a-slip-that-was-altered-is-none
	if err != nil || len(paper) > s.kind.MostBytes || s.name(paper) != f.name {
		return nil
	}
	return paper
}

// Expire removes the files of months that ended more than Kind.Months months ago, and returns which months went.
func (s *Store) Expire(now time.Time) (gone []string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	months, err := s.months()
	if err != nil {
		return nil, err
	}
	first := time.Date(now.UTC().Year(), now.UTC().Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, -s.kind.Months-1, 0).Format(monthForm)
	for _, month := range months {
		//mutant:a-slip-is-kept-for-18-months
		if month > first || month < firstMonth {
			continue
		}
		if err := s.disk.Remove(s.path(month)); err != nil {
			return gone, err
		}
		gone = append(gone, month)
	}
	return gone, nil
}

// CopyTo brings the files to another folder, those that have grown there whole. One that has more there than here stays: what is missing here is there.
func (s *Store) CopyTo(dir string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	months, err := s.months()
	if err != nil || len(months) == 0 {
		return err
	}
	to := New(s.disk, dir, s.kind)
	if err := s.disk.MakeDir(to.dir); err != nil {
		return err
	}
	for _, month := range months {
		here, err := s.disk.Stat(s.path(month))
		if err != nil {
			return err
		}
		//mutant:a-copy-of-slips-loses-none
		if there, err := s.disk.Stat(to.path(month)); err == nil && there.Size() >= here.Size() {
			continue
		}
		fresh := to.path(month) + ".new"
		if err := disk.Copy(s.disk, s.path(month), fresh); err != nil {
			return errors.Join(err, disk.RemoveAny(s.disk, fresh))
		}
		if err := s.disk.Rename(fresh, to.path(month)); err != nil {
			return err
		}
	}
	return s.disk.SyncDir(to.dir)
}

// Expects reports whether a paper of a moment has to be kept still.
func (s *Store) Expects(at, now time.Time) bool { return at.AddDate(0, s.kind.Months, 0).After(now) }
