// Package simdisk is a disk that loses power: what was written and not synced is
// gone, there, or torn when it comes back. SQLite and the till's own file code run on
// it as they do on the system's disk, so that every moment of a write can be cut, and
// every call can fail. It is for proofs and tests alone.
package simdisk

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Kind is what is asked of a disk.
type Kind uint8

// The closed set of kinds. All but Read change something.
const (
	Read Kind = iota
	Write
	Truncate
	Sync
	Create
	Rename
	Remove
	SyncDir
)

// String names the kind for transcripts.
func (k Kind) String() string {
	return [...]string{"read", "write", "truncate", "sync", "create", "rename", "remove", "sync folder"}[k]
}

// Fault is what goes wrong with a call.
type Fault uint8

// The closed set of faults.
const (
	None     Fault = iota
	PowerCut       // the power goes before the call has any effect
	Killed         // the program is killed there: what it wrote stays in the system's cache
	IOError        // the call fails, and nothing happened
	Full           // half of a write happens, then there is no room
	SyncLost       // the sync fails, and the system calls the lost pages written
	SyncLie        // the sync is said to have happened
	Flip           // a read returns one bit that is another
)

// Call is what a hook is asked about.
type Call struct {
	Kind Kind
	Path string // from the disk's root
	N    int    // how manieth call of its sort, reads and changes apart, from 1
}

// Disk is one disk as one run of a program sees it. Its methods are safe for use by several goroutines.
type Disk struct {
	mu      sync.Mutex
	id      int64
	files   map[string]*inode // as the program sees them
	durable map[string]*inode // as the disk has them
	names   []nameOp          // changes of names since the folder was synced
	locks   map[string]bool
	random  *rand.Rand

	calls, reads int
	dead         Fault // PowerCut or Killed: every call fails

	// Hook decides on each call; nil lets all of them be. It may not call the disk.
	Hook func(Call) Fault
	// Record, where it is set, is told of every change, in order.
	Record func(Change)
}

// inode is a file whatever its name.
type inode struct {
	seen, kept image // as programs see it, and as the disk has it
	pending    []pending
	arena      []byte // the bytes of pending
}

// pending is a change that was not synced.
type pending struct {
	truncate bool
	off      int64 // of a truncate the new size
	data     []byte
}

type nameOp struct {
	kind     Kind // Create, Rename or Remove
	name, to string
	file     *inode
}

// Change is one recorded change of a disk.
type Change struct {
	Kind     Kind
	Path, To string
	Off      int64
	Data     []byte // a copy
	Lost     bool   // of a sync: it failed, and what it was to write is called written
}

var (
	disksMu sync.RWMutex
	disks   = map[int64]*Disk{}
	lastID  atomic.Int64
)

const rootPrefix = "/simdisk/"

// New makes an empty disk. Its random choices come from the seed. Close has to follow.
func New(seed uint64) *Disk {
	d := &Disk{files: map[string]*inode{}, durable: map[string]*inode{}, locks: map[string]bool{},
		random: rand.New(rand.NewPCG(seed, 0x5D15C))}
	return d.mount()
}

func (d *Disk) mount() *Disk {
	registerOnce()
	d.id = lastID.Add(1)
	disksMu.Lock()
	defer disksMu.Unlock()
	disks[d.id] = d
	return d
}

// Close lets the disk go; what is still open on it finds it dead.
func (d *Disk) Close() {
	d.Stop(PowerCut)
	disksMu.Lock()
	defer disksMu.Unlock()
	delete(disks, d.id)
}

// Root is the path under which the disk's files lie.
func (d *Disk) Root() string { return fmt.Sprintf("%s%d", rootPrefix, d.id) }

// locate finds the disk of a path, and the path on it.
func locate(path string) (*Disk, string) {
	rest, ok := strings.CutPrefix(path, rootPrefix)
	if !ok {
		return nil, path
	}
	number, name, _ := strings.Cut(rest, "/")
	var id int64
	for _, digit := range []byte(number) {
		id = id*10 + int64(digit-'0')
	}
	disksMu.RLock()
	defer disksMu.RUnlock()
	return disks[id], name
}

// Stop ends the run that uses the disk at this moment: PowerCut or Killed.
func (d *Disk) Stop(how Fault) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dead == None {
		d.dead = how
	}
}

// Dead is how the run on this disk ended, None while it goes on.
func (d *Disk) Dead() Fault {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.dead
}

// Calls is how many changes were asked for so far.
func (d *Disk) Calls() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.calls
}

// Unsynced is how many changes a power cut could take now.
func (d *Disk) Unsynced() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := len(d.names)
	for _, f := range d.files {
		n += len(f.pending)
	}
	return n
}

// fault asks the hook. The caller holds the lock.
func (d *Disk) fault(kind Kind, path string) Fault {
	if d.dead != None {
		return d.dead
	}
	n := &d.calls
	if kind == Read {
		n = &d.reads
	}
	*n++
	if d.Hook == nil {
		return None
	}
	f := d.Hook(Call{kind, path, *n})
	if f == PowerCut || f == Killed {
		d.dead = f
	}
	return f
}

func (d *Disk) record(c Change) {
	if d.Record != nil {
		d.Record(c)
	}
}

// The changes themselves. The caller holds the lock and has asked for faults.

func (d *Disk) create(name string) *inode {
	f := &inode{}
	d.files[name] = f
	d.names = append(d.names, nameOp{kind: Create, name: name, file: f})
	d.record(Change{Kind: Create, Path: name})
	return f
}

func (d *Disk) rename(from, to string) {
	f := d.files[from]
	delete(d.files, from)
	d.files[to] = f
	d.names = append(d.names, nameOp{kind: Rename, name: from, to: to, file: f})
	d.record(Change{Kind: Rename, Path: from, To: to})
}

func (d *Disk) remove(name string) {
	f := d.files[name]
	delete(d.files, name)
	d.names = append(d.names, nameOp{kind: Remove, name: name, file: f})
	d.record(Change{Kind: Remove, Path: name})
}

func (d *Disk) syncDir() {
	for _, o := range d.names {
		o.apply(d.durable)
	}
	d.names = d.names[:0]
	d.record(Change{Kind: SyncDir})
}

func (o nameOp) apply(names map[string]*inode) {
	switch o.kind {
	case Create:
		names[o.name] = o.file
	case Remove:
		if names[o.name] == o.file {
			delete(names, o.name)
		}
	case Rename:
		if names[o.name] == o.file {
			delete(names, o.name)
		}
		names[o.to] = o.file
	}
}

func (d *Disk) write(f *inode, name string, off int64, data []byte) {
	f.pending = append(f.pending, pending{off: off, data: f.keep(data)})
	if off >= f.seen.size && isRoom(data) {
		f.seen.resize(off + int64(len(data)))
	} else {
		f.seen.write(off, data)
	}
	if d.Record != nil {
		d.Record(Change{Kind: Write, Path: name, Off: off, Data: slices.Clone(data)})
	}
}

func (d *Disk) truncate(f *inode, name string, size int64) {
	f.pending = append(f.pending, pending{truncate: true, off: size})
	f.seen.resize(size)
	d.record(Change{Kind: Truncate, Path: name, Off: size})
}

func (d *Disk) sync(f *inode, name string) {
	for _, p := range f.pending {
		if p.truncate {
			f.kept.resize(min(p.off, f.kept.size)) // what a truncate took is not brought back by a later write
			continue
		}
		f.kept.take(&f.seen, p.off, int64(len(p.data)))
	}
	if len(f.pending) > 0 && f.kept.size != f.seen.size {
		f.kept.resize(f.seen.size)
	}
	f.forget()
	d.record(Change{Kind: Sync, Path: name})
}

// keep copies the bytes of a change. A journal makes room with megabytes of zeros: those
// are there already.
func (f *inode) keep(data []byte) []byte {
	if isRoom(data) {
		return room[:len(data)]
	}
	f.arena = append(f.arena, data...)
	end := len(f.arena)
	return f.arena[end-len(data) : end : end]
}

var room = make([]byte, 8<<20)

// isRoom reports whether data are many zeros.
func isRoom(data []byte) bool {
	return len(data) <= len(room) && len(data) > 1<<16 && bytes.Equal(data, room[:len(data)])
}

// lose is a sync that failed: what was pending is seen, and never gets to the disk by itself.
func (d *Disk) lose(f *inode, name string) {
	f.forget()
	d.record(Change{Kind: Sync, Path: name, Lost: true})
}

// forget calls what is pending written. The bytes are kept for as long as a cut may look at them.
func (f *inode) forget() { f.pending, f.arena = f.pending[:0], f.arena[:0] }

// Play makes a recorded change on this disk, as the program made it.
func (d *Disk) Play(c Change) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.files[c.Path]
	if f == nil && c.Kind != Create && c.Kind != SyncDir {
		return fmt.Errorf("%s %s: %w", c.Kind, c.Path, fs.ErrNotExist)
	}
	switch c.Kind {
	case Write:
		d.write(f, c.Path, c.Off, c.Data)
	case Truncate:
		d.truncate(f, c.Path, c.Off)
	case Sync:
		if c.Lost {
			d.lose(f, c.Path)
		} else {
			d.sync(f, c.Path)
		}
	case Create:
		d.create(c.Path)
	case Rename:
		d.rename(c.Path, c.To)
	case Remove:
		d.remove(c.Path)
	case SyncDir:
		d.syncDir()
	}
	return nil
}

// Sum is a hash over all names and contents as a program sees them. It is the same
// for the same disk within one run of a proof.
func (d *Disk) Sum() uint64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	var sum uint64
	for _, name := range slices.Sorted(maps.Keys(d.files)) {
		for _, c := range []byte(name) {
			sum = (sum ^ uint64(c)) * 1099511628211
		}
		sum = (sum ^ d.files[name].seen.sum()) * 1099511628211
	}
	return sum
}
