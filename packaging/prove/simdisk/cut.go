package simdisk

import (
	"maps"
	"math/rand/v2"
	"slices"
)

const sectorBytes = 512

// Policy is what becomes of changes that were not synced when the power goes.
type Policy uint8

// The closed set of policies. A sector that was being written when the power went may hold anything.
const (
	LoseAll Policy = iota // nothing of it is there
	KeepAll               // all of it is there
	Prefix                // of each file the first few
	Subset                // any of them, whatever their order was
	Torn                  // any 512-byte sectors of them
	Garbage               // as Torn, and sectors may hold nonsense
	policies
)

// Policies lists the closed set.
var Policies = []Policy{LoseAll, KeepAll, Prefix, Subset, Torn, Garbage}

// String names the policy for transcripts.
func (p Policy) String() string {
	return [...]string{"lose all", "keep all", "prefix", "subset", "torn", "garbage"}[p]
}

// Reopen is the disk as the next run finds it after Stop: after a kill with
// everything that was written in the system's cache, after a power cut with what a
// policy lets be. The old one is of no more use.
func (d *Disk) Reopen(p Policy) *Disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dead == Killed {
		return (&Disk{files: d.files, durable: d.durable, names: d.names, locks: map[string]bool{}, random: d.random}).mount()
	}
	after := d.cut(p, d.random)
	for name, f := range after.files {
		if old := d.files[name]; old != nil { // nobody looks at it again
			f.arena, old.arena = old.arena[:0], nil
		}
	}
	return after.mount()
}

// Cut is the disk as it would be found if the power went now. It may be called again and again.
func (d *Disk) Cut(p Policy, random *rand.Rand) *Disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.cut(p, random).mount()
}

func (d *Disk) cut(p Policy, random *rand.Rand) *Disk {
	names := d.cutNames(p, random)
	after := &Disk{files: map[string]*inode{}, durable: map[string]*inode{}, locks: map[string]bool{},
		random: rand.New(rand.NewPCG(random.Uint64(), 0x5D15C))}
	found := map[*inode]*inode{}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		old := names[name]
		if found[old] == nil {
			found[old] = old.cut(p, random)
		}
		after.files[name], after.durable[name] = found[old], found[old]
	}
	return after
}

// cutNames is what the folder is found to hold: names go to the disk in order, so that
// the first few of the changes are there.
func (d *Disk) cutNames(p Policy, random *rand.Rand) map[string]*inode {
	names := maps.Clone(d.durable)
	keep := len(d.names)
	switch p {
	case LoseAll:
		keep = 0
	case KeepAll:
	default:
		keep = random.IntN(keep + 1)
	}
	for _, o := range d.names[:keep] {
		o.apply(names)
	}
	return names
}

func (f *inode) cut(p Policy, random *rand.Rand) *inode {
	kept := f.kept.clone()
	keep := len(f.pending)
	switch p {
	case LoseAll:
		keep = 0
	case Prefix:
		keep = random.IntN(keep + 1)
	}
	for _, change := range f.pending[:keep] {
		switch {
		case p != KeepAll && p != Prefix && (p == Subset || change.truncate) && random.IntN(2) == 0:
		case change.truncate:
			kept.resize(change.off)
		case p == Torn || p == Garbage:
			tear(&kept, change, p == Garbage, random)
		default:
			kept.write(change.off, change.data)
		}
	}
	return &inode{seen: kept.clone(), kept: kept}
}

// tear lets each sector of a write be there or not.
func tear(m *image, change pending, garbage bool, random *rand.Rand) {
	for off, data := change.off, change.data; len(data) > 0; {
		n := min(sectorBytes-off%sectorBytes, int64(len(data)))
		switch x := random.IntN(8); {
		case x < 4:
			m.write(off, data[:n])
		case x == 4 && garbage:
			nonsense := make([]byte, n)
			for i := range nonsense {
				nonsense[i] = byte(random.Uint32())
			}
			m.write(off, nonsense)
		}
		off, data = off+n, data[n:]
	}
}
