// Package reader takes cards. A swipe becomes a Card, which cannot be printed,
// logged or marshalled with its number in it.
package reader

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"time"

	"veratill/assets/files"
	"veratill/devices"
)

// Reader waits for cards.
type Reader interface {
	// Read waits for one card. It returns ctx's error when that ends first, ErrClosed, and
	// where a card could not be read *Fault (a file of tracks: *FileError). After a fault
	// the card can be tried again.
	Read(ctx context.Context) (Card, error)
	// Status is the last that is known, without asking. It never blocks.
	Status() devices.Status
	// Close ends a Read that waits.
	Close() error
}

// Faults of readers.
var (
	ErrClosed  = errors.New("the reader is closed")
	ErrNoCards = errors.New("there is no track in the file")
)

// maxFile is the largest file of tracks, in bytes.
const maxFile = 4 << 20

// File is a virtual reader that swipes the tracks of a file, one after another,
// round and round. A # begins a comment; blank lines do not count. No track stays
// in memory between two swipes: the file is read anew for each.
type File struct {
	path  string
	count int // tracks when it was opened

	mu     sync.Mutex
	next   int
	status devices.Status
	closed bool
}

// OpenFile looks at a file of tracks. next is the index of the track that the first
// Read takes, counted from 0 and taken round and round: a program that makes one
// sale keeps NextIndex for the following one. Errors are *FileError.
func OpenFile(path string, next int) (*File, error) {
	f := &File{path: path, next: max(next, 0), status: devices.Status{Health: devices.Ready, Since: time.Now()}}
	err := f.with(func(lines []line) error {
		f.count = len(lines)
		f.next %= f.count
		return nil
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// line is a track in the file's bytes, and the number of its line.
type line struct {
	track  []byte
	number int
}

// with calls use with the file's tracks, of which there is at least one, and
// overwrites them in memory afterwards.
func (f *File) with(use func([]line) error) error {
	b, err := files.Read(f.path, maxFile)
	if err != nil {
		return &FileError{f.path, 0, err}
	}
	defer clear(b[:cap(b)])
	lines := linesOf(b)
	if len(lines) == 0 {
		return &FileError{f.path, 0, ErrNoCards}
	}
	return use(lines)
}

// linesOf finds the tracks in a file's bytes.
func linesOf(b []byte) (lines []line) {
	rest, more := bytes.TrimPrefix(b, []byte("\xEF\xBB\xBF")), true
	for n := 1; more; n++ {
		var one []byte
		one, rest, more = bytes.Cut(rest, []byte{'\n'})
		one, _, _ = bytes.Cut(one, []byte{'#'}) // no track holds a #
		if one = bytes.TrimSpace(one); len(one) > 0 {
			lines = append(lines, line{one, n})
		}
	}
	return lines
}

// Len is how many tracks the file had when it was opened.
func (f *File) Len() int { return f.count }

// NextIndex is the index of the track that the next Read takes.
func (f *File) NextIndex() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.next
}

// Read swipes the next track at once. A damaged one is an error with its line's
// number, and is passed: the Read after it takes the following line.
func (f *File) Read(ctx context.Context) (Card, error) {
	if err := ctx.Err(); err != nil {
		return Card{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return Card{}, ErrClosed
	}
	var card Card
	err := f.with(func(lines []line) error {
		l := lines[f.next%len(lines)]
		f.next = (f.next + 1) % len(lines)
		var err error
		if card, err = ParseTrack2(l.track); err != nil {
			return &FileError{f.path, l.number, err}
		}
		return nil
	})
	next := devices.Status{Health: devices.Ready, Since: time.Now()}
	if err != nil {
		next.Health, next.Reason, next.Detail = devices.Attention, devices.FileDamaged, err.Error()
	}
	if !next.Same(f.status) {
		f.status = next
	}
	return card, err
}

// Status implements Reader.
func (f *File) Status() devices.Status {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.status
}

// Close implements Reader.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	f.status = devices.Status{Health: devices.Offline, Reason: devices.Closed, Since: time.Now()}
	return nil
}
