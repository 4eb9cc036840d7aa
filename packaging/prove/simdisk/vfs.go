package simdisk

import (
	"strconv"
	"sync"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// SQLite's way to the disks: one VFS for all of them, which finds a disk by its path.
// What it says of itself (sector size, device characteristics, which opens sync the
// folder, what an empty file means) is what SQLite's own os_unix.c says on Linux, so
// that SQLite takes the same steps as on a real disk.

const vfsName = "simdisk"

// handle is what SQLite's file structure points to.
type handle struct {
	disk    *Disk
	file    *inode
	name    string
	syncDir bool // with the first sync
	remove  bool // on close
}

// cFile is SQLite's sqlite3_file with room for a handle's number.
type cFile struct {
	methods uintptr
	number  uintptr
}

var (
	registered sync.Once
	handlesMu  sync.RWMutex
	handles    = []*handle{nil}
	free       []uintptr
	methods    sqlite3.Tsqlite3_io_methods
)

// set stores a Go function where SQLite keeps a pointer to a C one; modernc's translated
// code calls it as a Go function value.
func set[F any](field *uintptr, f F) { *(*F)(unsafe.Pointer(field)) = f }

// at is what SQLite's memory holds at an address. That memory is not Go's: it neither moves nor goes.
func at[T any](address uintptr) *T { return *(**T)(unsafe.Pointer(&address)) }

func bytesAt(address uintptr, n int32) []byte { return unsafe.Slice(at[byte](address), int(n)) }

func registerOnce() { registered.Do(register) }

func register() {
	m := &methods
	m.FiVersion = 1
	set(&m.FxClose, xClose)
	set(&m.FxRead, xRead)
	set(&m.FxWrite, xWrite)
	set(&m.FxTruncate, xTruncate)
	set(&m.FxSync, xSync)
	set(&m.FxFileSize, xFileSize)
	set(&m.FxLock, xLock)
	set(&m.FxUnlock, xLock)
	set(&m.FxCheckReservedLock, xCheckReserved)
	set(&m.FxFileControl, xFileControl)
	set(&m.FxSectorSize, xSectorSize)
	set(&m.FxDeviceCharacteristics, xDeviceCharacteristics)

	tls := libc.NewTLS()
	p := libc.Xcalloc(tls, 1, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_vfs{})))
	name, err := libc.CString(vfsName)
	if p == 0 || err != nil {
		panic("no memory for SQLite's VFS")
	}
	v := at[sqlite3.Tsqlite3_vfs](p)
	v.FiVersion, v.FszOsFile, v.FmxPathname, v.FzName = 2, int32(unsafe.Sizeof(cFile{})), 512, name
	set(&v.FxOpen, xOpen)
	set(&v.FxDelete, xDelete)
	set(&v.FxAccess, xAccess)
	set(&v.FxFullPathname, xFullPathname)
	set(&v.FxRandomness, xRandomness)
	set(&v.FxSleep, xSleep)
	set(&v.FxCurrentTime, xCurrentTime)
	set(&v.FxGetLastError, xGetLastError)
	set(&v.FxCurrentTimeInt64, xCurrentTimeInt64)
	if rc := sqlite3.Xsqlite3_vfs_register(tls, p, 0); rc != 0 {
		panic("SQLite refuses the VFS: " + strconv.Itoa(int(rc)))
	}
}

func fileOf(p uintptr) *handle {
	handlesMu.RLock()
	defer handlesMu.RUnlock()
	return handles[at[cFile](p).number]
}

func keep(h *handle) uintptr {
	handlesMu.Lock()
	defer handlesMu.Unlock()
	if n := len(free); n > 0 {
		number := free[n-1]
		free, handles[number] = free[:n-1], h
		return number
	}
	handles = append(handles, h)
	return uintptr(len(handles) - 1)
}

func xOpen(_ *libc.TLS, _, zName, pFile uintptr, flags int32, pOut uintptr) int32 {
	c := at[cFile](pFile)
	*c = cFile{}
	d, name := locate(libc.GoString(zName))
	if d == nil {
		return sqlite3.SQLITE_CANTOPEN
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dead != None {
		return sqlite3.SQLITE_CANTOPEN
	}
	f := d.files[name]
	if f == nil {
		if flags&sqlite3.SQLITE_OPEN_CREATE == 0 || d.fault(Create, name) != None {
			return sqlite3.SQLITE_CANTOPEN
		}
		f = d.create(name)
	}
	const journals = sqlite3.SQLITE_OPEN_WAL | sqlite3.SQLITE_OPEN_MAIN_JOURNAL | sqlite3.SQLITE_OPEN_SUPER_JOURNAL
	c.number = keep(&handle{disk: d, file: f, name: name, remove: flags&sqlite3.SQLITE_OPEN_DELETEONCLOSE != 0,
		syncDir: flags&sqlite3.SQLITE_OPEN_CREATE != 0 && flags&journals != 0})
	if pOut != 0 {
		*at[int32](pOut) = flags
	}
	c.methods = uintptr(unsafe.Pointer(&methods))
	return sqlite3.SQLITE_OK
}

func xClose(_ *libc.TLS, p uintptr) int32 {
	c := at[cFile](p)
	h := fileOf(p)
	handlesMu.Lock()
	handles[c.number] = nil
	free = append(free, c.number)
	handlesMu.Unlock()
	c.methods = 0
	d := h.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	if h.remove && d.dead == None && d.files[h.name] == h.file {
		d.remove(h.name)
	}
	return sqlite3.SQLITE_OK
}

func xRead(_ *libc.TLS, p, buf uintptr, n int32, off int64) int32 {
	h := fileOf(p)
	d := h.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	b := bytesAt(buf, n)
	fault := d.fault(Read, h.name)
	if fault != None && fault != Flip {
		return sqlite3.SQLITE_IOERR_READ
	}
	got := h.file.seen.read(off, b)
	if fault == Flip && got > 0 {
		bit := d.random.IntN(got * 8)
		b[bit/8] ^= 1 << (bit % 8)
	}
	if got < len(b) {
		clear(b[got:])
		return sqlite3.SQLITE_IOERR_SHORT_READ
	}
	return sqlite3.SQLITE_OK
}

func xWrite(_ *libc.TLS, p, buf uintptr, n int32, off int64) int32 {
	h := fileOf(p)
	d := h.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	b := bytesAt(buf, n)
	switch d.fault(Write, h.name) {
	case None:
		d.write(h.file, h.name, off, b)
		return sqlite3.SQLITE_OK
	case Full:
		d.write(h.file, h.name, off, b[:n/2])
		return sqlite3.SQLITE_FULL
	}
	return sqlite3.SQLITE_IOERR_WRITE
}

func xTruncate(_ *libc.TLS, p uintptr, size int64) int32 {
	h := fileOf(p)
	d := h.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fault(Truncate, h.name) != None {
		return sqlite3.SQLITE_IOERR_TRUNCATE
	}
	d.truncate(h.file, h.name, size)
	return sqlite3.SQLITE_OK
}

func xSync(_ *libc.TLS, p uintptr, _ int32) int32 {
	h := fileOf(p)
	d := h.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	switch d.fault(Sync, h.name) {
	case None:
		d.sync(h.file, h.name)
	case SyncLie:
	case SyncLost:
		d.lose(h.file, h.name)
		return sqlite3.SQLITE_IOERR_FSYNC
	default:
		return sqlite3.SQLITE_IOERR_FSYNC
	}
	if !h.syncDir {
		return sqlite3.SQLITE_OK
	}
	h.syncDir = false
	switch d.fault(SyncDir, h.name) { // os_unix.c goes on whatever becomes of this
	case None:
		d.syncDir()
	case PowerCut, Killed:
		return sqlite3.SQLITE_IOERR_FSYNC
	}
	return sqlite3.SQLITE_OK
}

func xFileSize(_ *libc.TLS, p, out uintptr) int32 {
	h := fileOf(p)
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	if h.disk.dead != None {
		return sqlite3.SQLITE_IOERR_FSTAT
	}
	*at[int64](out) = h.file.seen.size
	return sqlite3.SQLITE_OK
}

// One program has a disk to itself: the till's own lock stands before SQLite's.
func xLock(*libc.TLS, uintptr, int32) int32 { return sqlite3.SQLITE_OK }

func xCheckReserved(_ *libc.TLS, _, out uintptr) int32 {
	*at[int32](out) = 0
	return sqlite3.SQLITE_OK
}

func xFileControl(*libc.TLS, uintptr, int32, uintptr) int32 { return sqlite3.SQLITE_NOTFOUND }

func xSectorSize(*libc.TLS, uintptr) int32 { return 4096 }

func xDeviceCharacteristics(*libc.TLS, uintptr) int32 {
	return sqlite3.SQLITE_IOCAP_POWERSAFE_OVERWRITE | sqlite3.SQLITE_IOCAP_SUBPAGE_READ
}

func xDelete(_ *libc.TLS, _, zPath uintptr, syncs int32) int32 {
	d, name := locate(libc.GoString(zPath))
	if d == nil {
		return sqlite3.SQLITE_IOERR_DELETE
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dead == None && d.files[name] == nil {
		return sqlite3.SQLITE_IOERR_DELETE_NOENT
	}
	if d.fault(Remove, name) != None {
		return sqlite3.SQLITE_IOERR_DELETE
	}
	d.remove(name)
	if syncs == 0 {
		return sqlite3.SQLITE_OK
	}
	switch d.fault(SyncDir, name) {
	case None:
		d.syncDir()
	case SyncLie:
	default:
		return sqlite3.SQLITE_IOERR_DIR_FSYNC
	}
	return sqlite3.SQLITE_OK
}

func xAccess(_ *libc.TLS, _, zPath uintptr, flags int32, out uintptr) int32 {
	d, name := locate(libc.GoString(zPath))
	if d == nil {
		return sqlite3.SQLITE_IOERR_ACCESS
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dead != None {
		return sqlite3.SQLITE_IOERR_ACCESS
	}
	there := int32(0)
	// os_unix.c: an empty file does not exist.
	if f := d.files[name]; f != nil && (flags != sqlite3.SQLITE_ACCESS_EXISTS || f.seen.size > 0) {
		there = 1
	}
	*at[int32](out) = there
	return sqlite3.SQLITE_OK
}

func xFullPathname(_ *libc.TLS, _, z uintptr, n int32, out uintptr) int32 {
	path := libc.GoString(z)
	if len(path) >= int(n) {
		return sqlite3.SQLITE_CANTOPEN
	}
	b := unsafe.Slice(at[byte](out), int(n))
	b[copy(b, path)] = 0
	return sqlite3.SQLITE_OK
}

func xRandomness(_ *libc.TLS, _ uintptr, n int32, out uintptr) int32 {
	clear(unsafe.Slice(at[byte](out), int(n)))
	return n
}

func xSleep(_ *libc.TLS, _ uintptr, us int32) int32 { return us }

func xCurrentTime(_ *libc.TLS, _, out uintptr) int32 {
	*at[float64](out) = julianDay
	return sqlite3.SQLITE_OK
}

func xCurrentTimeInt64(_ *libc.TLS, _, out uintptr) int32 {
	*at[int64](out) = julianDay * 86_400_000
	return sqlite3.SQLITE_OK
}

// julianDay is a day in 2026: the journal takes its times from the till, never from SQLite.
const julianDay = 2_461_000

func xGetLastError(*libc.TLS, uintptr, int32, uintptr) int32 { return 0 }
