package find_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"veratill/txn/disk"
	"veratill/txn/find"
)

// fullDisk has room for so many bytes, and counts what is synced. It also says no to whatever is to be opened, while it is locked.
type fullDisk struct {
	disk.System
	room   int
	locked bool
	syncs  int
}

var errFull, errLocked = errors.New("no space left on device"), errors.New("the file is locked")

func (d *fullDisk) Open(path string, flag int) (disk.File, error) {
	if d.locked {
		return nil, errLocked
	}
	f, err := d.System.Open(path, flag)
	return fullFile{f, d}, err
}

func (d *fullDisk) SyncDir(string) error {
	d.syncs++
	return nil
}

type fullFile struct {
	disk.File
	disk *fullDisk
}

func (f fullFile) Write(b []byte) (int, error) {
	if len(b) > f.disk.room {
		n, _ := f.File.Write(b[:f.disk.room])
		f.disk.room = 0
		return n, errFull
	}
	f.disk.room -= len(b)
	return f.File.Write(b)
}

func (f fullFile) Sync() error     { f.disk.syncs++; return f.File.Sync() }
func (f fullFile) DataSync() error { f.disk.syncs++; return f.File.DataSync() }

// A full disk stops nothing: it is told, what was taken up is found from memory, of which it takes little, and once there is room the file has all.
func TestAFullDiskIsTold(t *testing.T) {
	for _, room := range []int{0, 1, 100, 2000, 5000} {
		dir := t.TempDir()
		s := newShop(t, 4, t.TempDir())
		d := &fullDisk{room: room}
		x := find.New(d, dir, s.j, s.clock).Small(8, 5)
		var failed error
		for range 300 {
			s.step()
			if _, err := x.Take(ctx); err != nil {
				failed = err
			}
		}
		if !errors.Is(failed, errFull) || !strings.Contains(failed.Error(), dir) {
			t.Fatalf("with room for %d bytes: %v", room, failed)
		}
		got, err := x.Find(ctx, find.Query{Limit: 5})
		if err != nil || !errors.Is(got.Trouble, errFull) || len(got.Hits) != 5 || got.Behind == 0 {
			t.Errorf("with room for %d bytes: %+v, %v", room, got, err)
		}
		d.room = 1 << 30
		agrees(t, s, x, 20)
		agrees(t, s, s.index(dir), 20)
		if d.syncs > 0 {
			t.Errorf("%d syncs: a sale may wait for one", d.syncs)
		}
	}
}

// A file that another program holds is told, and taken up where it was once it is free.
func TestALockedFileIsTold(t *testing.T) {
	s, dir := filled(t)
	d := &fullDisk{room: 1 << 30, locked: true}
	x := find.New(d, dir, s.j, s.clock).Small(8, 5)
	if err := x.TakeAll(ctx, nil); !errors.Is(err, errLocked) {
		t.Errorf("%v", err)
	}
	if got, err := x.Find(ctx, find.Query{}); err != nil || !errors.Is(got.Trouble, errLocked) || got.Behind == 0 {
		t.Errorf("%+v, %v", got, err)
	}
	before, err := os.ReadFile(filepath.Join(dir, find.FileName))
	if err != nil {
		t.Fatal(err)
	}
	d.locked = false
	agrees(t, s, x, 10)
	if after, err := os.ReadFile(filepath.Join(dir, find.FileName)); err != nil || !strings.HasPrefix(string(after), string(before)) {
		t.Errorf("it was made anew: %v", err)
	}
}

// An index that another account left, such as the superuser who looked for a payment, is made anew as this account's.
func TestAnotherAccountsIndexIsMadeAnew(t *testing.T) {
	s, dir := filled(t)
	d := &othersDisk{theirs: filepath.Join(dir, find.FileName)}
	agrees(t, s, find.New(d, dir, s.j, s.clock).Small(8, 5), 10)
	if d.theirs != "" {
		t.Error("it is theirs still")
	}
}

// othersDisk has a file that this account may remove and not open.
type othersDisk struct {
	disk.System
	theirs string
}

func (d *othersDisk) Open(path string, flag int) (disk.File, error) {
	if path == d.theirs {
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrPermission}
	}
	return d.System.Open(path, flag)
}

func (d *othersDisk) Remove(path string) error {
	if path == d.theirs {
		d.theirs = ""
	}
	return d.System.Remove(path)
}

// The file is for its owner alone.
func TestTheIndexIsForItsOwnerAlone(t *testing.T) {
	_, dir := filled(t)
	info, err := os.Stat(filepath.Join(dir, find.FileName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// lyingDisk gives back other bytes than were written.
type lyingDisk struct{ disk.System }

func (d lyingDisk) Open(path string, flag int) (disk.File, error) {
	f, err := d.System.Open(path, flag)
	return lyingFile{f}, err
}

type lyingFile struct{ disk.File }

func (f lyingFile) ReadAt(b []byte, at int64) (int, error) {
	n, err := f.File.ReadAt(b, at)
	if n > 64 && at > 300 {
		b[n/2] ^= 1
	}
	return n, err
}

// A disk that never gives back what was written ends with an error, and not with an index that is made again and again.
func TestALyingDiskEndsTheWork(t *testing.T) {
	s, _ := filled(t)
	x := find.New(lyingDisk{}, t.TempDir(), s.j, s.clock).Small(8, 5)
	var err error
	for range 20 {
		if err = x.TakeAll(ctx, nil); err != nil {
			break
		}
		s.step()
		s.void()
	}
	if got, findErr := x.Find(ctx, find.Query{Limit: 200}); findErr != nil || err == nil && got.Trouble == nil {
		t.Errorf("%v; %+v, %v", err, got, findErr)
	}
}
