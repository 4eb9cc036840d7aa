// Package slips keeps the merchant's slips of card payments as they were first printed, beside the journal: banks ask for the original for a year and longer, and take no
// reprint. A slip is named by the SHA-256 of its bytes, which stands in the entry that began its print, so that one that was altered is no slip any more.
package slips

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
	"regexp"
	"slices"
	"sync"
	"time"

	"veratill/txn/disk"
)

// Months is how long a slip is kept at least. A UnionPay retrieval comes within 12 months, and its answer takes part of another one.
const Months = 18

// Faults of a slip that is asked for.
var (
	ErrNotKept = errors.New("the slip is not kept")
	ErrAltered = errors.New("the slip was altered after it was kept")
)

// A file has the slips of a month, one frame after another. A frame is found by its mark, so that one that a power cut has torn loses itself alone.
//
//	mark, 8 bytes · length of the packed slip, 4 bytes, big-endian · SHA-256 of the slip, 32 bytes · the slip, packed by gzip
const (
	mark      = "VTSLIP1\n"
	headBytes = len(mark) + 4 + sha256.Size
	mostBytes = 4 << 20 // of a slip: paper of several metres, as dots
)

const (
	folder    = "slips"
	monthForm = "2006-01"
)

// firstMonth is when there were no slips yet. A file of an earlier one is of a clock that was wrong, and nobody knows how old it is: it stays.
const firstMonth = "2026-01"

var fileName = regexp.MustCompile(`^(\d{4}-\d{2})\.slips$`)

// Store is the slips of one data folder. Its methods are safe for use by several goroutines.
type Store struct {
	disk disk.Disk
	dir  string

	mu       sync.Mutex
	packer   *gzip.Writer
	unsynced map[string]bool // files that have slips which are not durable yet
}

// New is the store of a data folder. Nothing is made before the first slip is kept.
func New(d disk.Disk, dir string) *Store {
	return &Store{disk: d, dir: filepath.Join(dir, folder), unsynced: map[string]bool{}, packer: gzip.NewWriter(io.Discard)}
}

// Dir is the store's folder.
func (s *Store) Dir() string { return s.dir }

func (s *Store) path(month string) string { return filepath.Join(s.dir, month+".slips") }

// Name is what a slip is known by: the SHA-256 of its bytes, in hex.
func Name(slip []byte) string {
	sum := sha256.Sum256(slip)
	return hex.EncodeToString(sum[:])
}

// Keep writes a slip, and returns its name. It is durable after Sync: the books can make a slip that a power cut took anew, byte for byte.
func (s *Store) Keep(slip []byte, at time.Time) (name string, err error) {
	if len(slip) > mostBytes {
		return "", fmt.Errorf("a slip of %d bytes is above %d", len(slip), mostBytes)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var packed bytes.Buffer
	s.packer.Reset(&packed) // one that is made anew takes longer than all the rest
	if _, err := s.packer.Write(slip); err != nil {
		return "", err
	}
	if err := s.packer.Close(); err != nil {
		return "", err
	}
	sum := sha256.Sum256(slip)
	frame := make([]byte, 0, headBytes+packed.Len())
	frame = append(frame, mark...)
	frame = binary.BigEndian.AppendUint32(frame, uint32(packed.Len()))
	frame = append(frame, sum[:]...)
	frame = append(frame, packed.Bytes()...)
	return hex.EncodeToString(sum[:]), s.append(at.UTC().Format(monthForm), frame)
}

func (s *Store) append(month string, frame []byte) error {
	if err := s.disk.MakeDir(s.dir); err != nil {
		return err
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

// Read returns a slip by its name and about when it was kept. Errors: ErrNotKept, ErrAltered, those of the disk.
func (s *Store) Read(name string, at time.Time) (slip []byte, err error) {
	altered := false
	for _, month := range monthsAround(at) {
		raw, err := s.file(month)
		if err != nil {
			return nil, err
		}
		for _, f := range frames(raw) {
			if f.name != name {
				continue
			}
			if slip = f.slip(); slip != nil {
				return slip, nil
			}
			altered = true
		}
	}
	if altered {
		return nil, fmt.Errorf("%w: %s", ErrAltered, name)
	}
	return nil, fmt.Errorf("%w: %s", ErrNotKept, name)
}

// monthsAround are those whose file may have what was kept about a moment: a clock is set, and a month's end lies between.
func monthsAround(at time.Time) []string {
	months := []string{at.UTC().Format(monthForm), at.UTC().AddDate(0, 0, -7).Format(monthForm), at.UTC().AddDate(0, 0, 7).Format(monthForm)}
	slices.Sort(months)
	return slices.Compact(months)
}

// Lacks lists which slips are not there whole, of some by their names, each with about when it was kept. It reads each month once, and unpacks those slips alone.
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
		for _, f := range frames(raw) {
			if missing[f.name] && f.slip() != nil {
				delete(missing, f.name)
			}
		}
	}
	return missing, nil
}

// Names lists the slips that are kept whole, of all months.
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
		for _, f := range frames(raw) {
			kept[f.name] = kept[f.name] || f.slip() != nil
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
		if m := fileName.FindStringSubmatch(name); m != nil {
			months = append(months, m[1])
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

// frame is a slip as its file has it. Nothing of it is believed before slip has unpacked it.
type frame struct {
	name   string
	packed []byte // as long as its head says, or as the file is
}

// frames are those that a file may have: one begins at each mark. A slip that has a mark in it, and a length that was altered, lead to frames that are none, and to none that is left out.
func frames(raw []byte) (all []frame) {
	for {
		at := bytes.Index(raw, []byte(mark))
		if at < 0 || len(raw)-at < headBytes {
			return all
		}
		head, rest := raw[at:at+headBytes], raw[at+headBytes:]
		length := min(int(binary.BigEndian.Uint32(head[len(mark):])), len(rest))
		all = append(all, frame{hex.EncodeToString(head[len(mark)+4:]), rest[:length]})
		raw = raw[at+len(mark):]
	}
}

// slip is the slip of a frame, or nil where it is not the one of its name.
func (f frame) slip() []byte {
	z, err := gzip.NewReader(bytes.NewReader(f.packed))
	if err != nil {
		return nil
	}
	slip, err := io.ReadAll(io.LimitReader(z, mostBytes+1))
	//mutant:a-slip-that-was-altered-is-none
	if err != nil || len(slip) > mostBytes || Name(slip) != f.name {
		return nil
	}
	return slip
}

// Expire removes the files of months that ended more than Months months ago, and returns which months went.
func (s *Store) Expire(now time.Time) (gone []string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	months, err := s.months()
	if err != nil {
		return nil, err
	}
	first := time.Date(now.UTC().Year(), now.UTC().Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, -Months-1, 0).Format(monthForm)
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
	to := New(s.disk, dir)
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

// Expects reports whether a slip of a moment has to be kept still.
func (s *Store) Expects(at, now time.Time) bool { return at.AddDate(0, Months, 0).After(now) }
