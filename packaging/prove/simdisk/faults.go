package simdisk

import "sync"

// Faults are what a disk will do, one after the other: its Hook is a disk's. The zero value does nothing. Its methods are safe for use by several goroutines.
type Faults struct {
	mu   sync.Mutex
	next []Upcoming
	// Ended is told, on the goroutine that meets it, of a fault that ends the program; nil is nobody. It may not ask the disk.
	Ended func(u Upcoming)
}

// Upcoming is a fault that a disk will have.
type Upcoming struct {
	In    int    // changes from now, or from the fault before
	Times int    // calls in a row
	Kind  Fault  // SyncLost and SyncLie wait for a sync, Full for a call that needs room
	Cut   Policy // of a power cut
}

// Add puts a fault behind those that are to come.
func (f *Faults) Add(u Upcoming) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next = append(f.next, u)
}

// Mend takes all of them away.
func (f *Faults) Mend() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next = nil
}

// Hook is what a disk asks.
func (f *Faults) Hook(c Call) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c.Kind == Read || len(f.next) == 0 {
		return None
	}
	u := &f.next[0]
	waits := c.Kind != Sync && (u.Kind == SyncLost || u.Kind == SyncLie) || c.Kind != Write && c.Kind != Create && u.Kind == Full
	if u.In--; u.In > 0 || waits {
		return None
	}
	if (u.Kind == PowerCut || u.Kind == Killed) && f.Ended != nil {
		f.Ended(*u)
	}
	kind := u.Kind
	if u.Times--; u.Times == 0 {
		f.next = f.next[1:]
	}
	return kind
}
