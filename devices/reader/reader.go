// Package reader takes cards. A swipe becomes a Card, which cannot be printed,
// logged or marshalled with its number in it.
package reader

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"veratill/devices"
)

// Reader waits for cards.
type Reader interface {
	// Read waits for one swipe. It returns ctx's error when that ends first, a
	// track's fault (see ParseTrack2) when a swipe was not readable, and ErrClosed.
	Read(ctx context.Context) (Card, error)
	// Status is the last that is known, without asking.
	Status() devices.Status
	// Close ends a Read that waits.
	Close() error
}

// Faults of readers.
var (
	ErrClosed  = errors.New("the reader is closed")
	ErrNoCards = errors.New("there is no track in the file")
	ErrTooBig  = errors.New("the file is larger than a file of tracks can be")
)

// Limits of a file of tracks.
const (
	maxFile = 4 << 20
	maxLine = 256
)

// File is a virtual reader that swipes the tracks of a file, one after another,
// round and round. A # begins a comment; blank lines do not count.
type File struct {
	path string

	mu     sync.Mutex
	lines  [][]byte // each a track, not parsed before its turn
	number []int    // line numbers in the file
	next   int
	status devices.Status
	closed bool
}

// OpenFile reads a file of tracks. next is the index of the track that the first
// Read takes, counted from 0 and taken round and round: a program that makes one
// sale keeps NextIndex for the following one. Errors are *FileError.
func OpenFile(path string, next int) (*File, error) {
	b, err := readLimited(path)
	if err != nil {
		return nil, &FileError{path, 0, err}
	}
	defer clear(b)
	f := &File{path: path, status: devices.Status{Health: devices.Ready, Since: time.Now()}}
	scan := bufio.NewScanner(bytes.NewReader(b))
	scan.Buffer(make([]byte, 0, maxLine), maxFile)
	for n := 1; scan.Scan(); n++ {
		line := bytes.TrimSpace(bytes.TrimPrefix(scan.Bytes(), []byte("\xEF\xBB\xBF")))
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		if at := bytes.IndexByte(line, '#'); at > 0 { // no track holds a #
			line = bytes.TrimSpace(line[:at])
		}
		f.lines = append(f.lines, append([]byte(nil), line[:min(len(line), maxLine)]...))
		f.number = append(f.number, n)
	}
	if len(f.lines) == 0 {
		return nil, &FileError{path, 0, ErrNoCards}
	}
	f.next = max(next, 0) % len(f.lines)
	return f, nil
}

func readLimited(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxFile {
		return nil, ErrTooBig
	}
	return os.ReadFile(path)
}

// Len is how many tracks the file has.
func (f *File) Len() int { return len(f.lines) }

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
	i := f.next
	f.next = (i + 1) % len(f.lines)
	card, err := ParseTrack2(f.lines[i])
	next := devices.Status{Health: devices.Ready, Since: time.Now()}
	if err != nil {
		err = &FileError{f.path, f.number[i], err}
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

// Close overwrites the tracks in memory.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, l := range f.lines {
		clear(l)
	}
	f.closed = true
	f.status = devices.Status{Health: devices.Offline, Reason: devices.Closed, Since: time.Now()}
	return nil
}
