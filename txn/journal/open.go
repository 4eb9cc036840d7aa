// Package journal is the till's memory: a SQLite file that loses nothing it has
// acknowledged, that notices when it was changed, and that refuses what it does
// not understand. It is the only importer of modernc.org/sqlite.
package journal

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"veratill/txn"
	"veratill/txn/chain"
	"veratill/txn/disk"
	"veratill/txn/fold"
)

// The file's identity, in SQLite's header: "VrTl", and the number of the last migration.
const applicationID = 0x5672546C

// prefillBytes of zeros are written to a new WAL, so that a commit overwrites
// instead of growing the file: 1.07 instead of 1.69 of a raw fdatasync (measured in design/journal.md).
const prefillBytes = 5 << 20

// zeros takes no memory: nothing ever writes to it, so the system has one page for all of it.
var zeros [prefillBytes]byte

// checkpointPages bounds the WAL when the till is never idle. Below it, Idle does the
// checkpoints, so that none of their syncs falls into a sale.
const checkpointPages = 4000

// Options of Open. The zero value is what a till uses.
type Options struct {
	Version    string        // of the program, for the boot record
	Shop, Till string        // the merchant's and the terminal's number, for the identity of the books
	NewID      func() string // makes the books' own number; random 32 hex digits when nil
	Versions   fold.Versions // other than the built-in ones in tests
	Currency   string        // ISO 4217, for a day that has to be opened; CNY when empty
	Now        func() time.Time
	// Progress is told by Look which of how many entries it has read; nil is nobody.
	Progress   func(entry, all int64)
	Migrations fs.FS // other than the built-in ones in tests
	Disk       disk.Disk
}

// Journal is an open journal. Its methods are safe for use by several goroutines.
type Journal struct {
	mu     sync.Mutex
	disk   disk.Disk
	dir    string
	unlock func() error
	now    func() time.Time
	failed error // set by a commit that could not be saved, never cleared
	// A sync failed, and the file that is open may lie otherwise on the disk than it reads.
	doubtful bool
	survived bool // a disk that refused, in this run

	generation int // of the file; each failed sync that was survived makes a new one
	file
	left []file // those of earlier generations: never closed, see renew

	versions fold.Versions
	identity txn.Identity
	at       chain.Cursor // the newest entry
	durable  chain.Cursor // the newest entry that a power cut cannot take
	day      Day
	numbers  txn.Numbers // whether somebody has to look at them; how far they have come is in at
	commits  int         // since the last checkpoint
	proof    *proof      // of the open day; nil before it is first asked for
	// What the tables say of files, answers and cases was compared with all entries in this run, and holds.
	filedHeld bool
}

// file is SQLite's way to one generation, and the WAL beside it where the journal syncs that itself.
type file struct {
	conn *conn
	wal  disk.File
}

// settings run in this order on every new connection. EXCLUSIVE has to come before
// the first look at the file: then there is no shared memory beside it.
var settings = []string{
	"busy_timeout = 2000", "locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = NORMAL", // see sync
	"fullfsync = 1", "checkpoint_fullfsync = 1", "cell_size_check = 1", "foreign_keys = 1",
	"secure_delete = 1", "temp_store = MEMORY", fmt.Sprintf("wal_autocheckpoint = %d", checkpointPages),
}

// dsn carries every setting, so that a connection never exists without them. They are
// one parameter because the driver sorts several by name.
func (j *Journal) dsn(path string) string {
	q := url.Values{"_txlock": {"immediate"}, "_pragma": {strings.Join(settings, "; PRAGMA ")}}
	return j.url(path, q)
}

func (j *Journal) url(path string, q url.Values) string {
	if vfs := j.disk.VFS(); vfs != "" {
		q.Set("vfs", vfs)
	}
	return (&url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path), RawQuery: q.Encode()}).String()
}

// Open opens the journal of a data folder, or makes one. Before it returns, one
// synced commit has been made, so that everything that can be read now is on the
// disk (rule 10). The error is one of this package's, wrapped with the path. With an error
// there is no journal, but where the disk failed one that can't be used comes along: it
// holds the file open, and is let go with the program.
func Open(ctx context.Context, dir string, o Options) (*Journal, error) {
	o = o.withDefaults()
	j := &Journal{disk: o.Disk, dir: dir, now: o.Now, versions: o.Versions}
	if err := j.disk.MakeDir(dir); err != nil {
		return nil, explain(dir, err)
	}
	if err := j.lock(); err != nil {
		return nil, err
	}
	// Whoever starts a till waits for it: half an opening is of no use to anybody.
	if err := j.open(context.WithoutCancel(ctx), o); err != nil {
		return j.stillborn(explain(j.path(), err))
	}
	return j, nil
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Currency == "" {
		o.Currency = "CNY"
	}
	if o.Migrations == nil {
		o.Migrations = builtIn()
	}
	if o.Disk == nil {
		o.Disk = disk.System{}
	}
	if o.NewID == nil {
		o.NewID = newID
	}
	if o.Versions == nil {
		o.Versions = fold.Built()
	}
	return o
}

// lock takes the folder for this program alone.
func (j *Journal) lock() (err error) {
	if j.unlock, err = j.disk.Lock(filepath.Join(j.dir, "till.lock")); errors.Is(err, disk.ErrHeld) {
		return fmt.Errorf("%w: %s", ErrInUse, j.dir)
	} else if err != nil {
		return explain(j.dir, err)
	}
	return nil
}

// stillborn ends a failed Open. SQLite moves the WAL into the file when it is closed,
// which no file survives whose pages may be lost: such a one is left open.
func (j *Journal) stillborn(err error) (*Journal, error) {
	if !j.doubtful {
		return nil, errors.Join(err, j.Abandon())
	}
	j.failed = err
	return j, err
}

func (j *Journal) open(ctx context.Context, o Options) error {
	migrations, err := readMigrations(o.Migrations)
	if err != nil {
		return err
	}
	if j.generation, err = newest(j.disk, j.dir); err != nil {
		return err
	}
	if j.generation == 0 {
		j.generation = 1
		if err := j.create(ctx, migrations); err != nil {
			return err
		}
	}
	cut, err := inspect(j.disk, j.path(), len(migrations))
	if err != nil {
		return err
	}
	if err := j.connect(ctx); err != nil {
		return err
	}
	if cut {
		if err := j.whole(ctx); err != nil {
			return err
		}
	}
	if err := j.migrate(ctx, migrations); err != nil {
		return err
	}
	if err := j.load(ctx); err != nil {
		return err
	}
	return j.boot(ctx, o)
}

// connect opens the file of this generation, with room in its WAL.
func (j *Journal) connect(ctx context.Context) (err error) {
	if err := j.prefill(); err != nil {
		return err
	}
	if j.conn, err = dial(ctx, j.dsn(j.path())); err != nil {
		return err
	}
	mode, err := first[string](j.conn.query(ctx, "PRAGMA journal_mode"))
	if err != nil {
		return err
	}
	if mode != "wal" {
		return fmt.Errorf("%w: journal mode is %q", ErrReadOnly, mode)
	}
	j.wal, err = j.disk.Open(j.path()+"-wal", os.O_RDWR)
	return err
}

// boot empties the WAL, makes the synced commit of rule 10 and opens a day where none is open.
func (j *Journal) boot(ctx context.Context, o Options) error {
	lifted, err := j.lifted(ctx)
	if err != nil {
		return err
	}
	atMs := o.Now().UnixMilli()
	records := []txn.Record{txn.Booted{Version: o.Version, AtMs: atMs, Identity: j.identityFor(o)}}
	if renewed, err := j.renewIfDoubtful(ctx); err != nil {
		return err
	} else if renewed {
		records = append(records, j.renewal())
	}
	if lifted != nil { // its entries did not count attempts
		j.at.Attempt = max(j.at.Attempt, int64(lifted.Numbers.Last))
	}
	if j.day.Batch == 0 || j.day.Z != 0 {
		records = append(records, txn.DayOpened{Batch: j.day.Batch + 1, Currency: o.Currency, AtMs: atMs})
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	//mutant:start-empties-the-wal
	// First, so that no sale pays for the WAL's new header, and the last sync of a start covers all.
	if err := j.moveWAL(ctx); errors.Is(err, errBusy) {
		return err
	} else if err != nil {
		if err := j.stopOn(j.survive(ctx, err, commit{})); err != nil {
			return err
		}
	}
	next, err := j.next(txn.ByTill, records)
	if err != nil {
		return err
	}
	next.lifted = lifted
	//mutant:start-syncs-first
	return j.put(ctx, txn.Synced, next)
}

// identityFor is the identity that a boot record has to tell: a new one for new books, the old one with
// another number where the shop or the till got one, and nothing where it is as it was.
func (j *Journal) identityFor(o Options) txn.Identity {
	id := txn.Identity{Books: j.identity.Books, Shop: orElse(o.Shop, j.identity.Shop), Till: orElse(o.Till, j.identity.Till)}
	if id.Books == "" {
		id.Books = o.NewID()
	}
	if id == j.identity {
		return txn.Identity{}
	}
	return id
}

func orElse(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}

// newID is 128 random bits in hex.
func newID() string {
	var b [16]byte
	rand.Read(b[:]) // it never fails (crypto/rand)
	return hex.EncodeToString(b[:])
}

// create makes a journal beside its final name and renames it, so that a half-made one is never met.
func (j *Journal) create(ctx context.Context, migrations []migration) error {
	fresh := j.path() + ".new"
	if err := disk.RemoveAny(j.disk, fresh, fresh+"-wal", fresh+"-shm"); err != nil {
		return err
	}
	// Made empty first, so that it and its WAL are for their owner alone.
	if err := j.makeEmpty(fresh); err != nil {
		return err
	}
	c, err := dial(ctx, j.dsn(fresh))
	if err != nil {
		return err
	}
	err = func() error {
		if err := c.run(ctx, fmt.Sprintf("PRAGMA application_id = %d", applicationID)); err != nil {
			return err
		}
		for _, m := range migrations {
			if err := m.apply(ctx, c); err != nil {
				return err
			}
		}
		return c.emptyWAL(ctx)
	}()
	if err = errors.Join(err, c.close()); err != nil {
		return err
	}
	if cut, err := inspect(j.disk, fresh, len(migrations)); err != nil {
		return err
	} else if cut {
		return fmt.Errorf("%w: a new one is not whole", ErrDamaged)
	}
	return j.settle(fresh, j.path())
}

// makeEmpty makes a file that must not be there, for its owner alone.
func (j *Journal) makeEmpty(path string) error {
	f, err := j.disk.Open(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return err
	}
	return f.Close()
}

// settle makes a whole file durable, and then its name.
func (j *Journal) settle(fresh, path string) error {
	if err := disk.SyncFile(j.disk, fresh); err != nil {
		return err
	}
	if err := j.disk.Rename(fresh, path); err != nil {
		return err
	}
	return j.disk.SyncDir(filepath.Dir(path))
}

// prefill gives a WAL of zeros to a journal that has none. A WAL that is there is never touched.
func (j *Journal) prefill() error {
	wal := j.path() + "-wal"
	f, err := j.disk.Open(wal, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.Write(zeros[:])
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, j.disk.Remove(wal))
	}
	return j.disk.SyncDir(j.dir)
}

// explain gives an error of the driver or the system this package's name for it.
func explain(path string, err error) error {
	for _, known := range []error{ErrInUse, ErrForeign, ErrNewer, ErrDamaged, ErrDiffers, ErrReadOnly, ErrFull, ErrFailed} {
		if errors.Is(err, known) {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	text := err.Error()
	kind := ErrFailed
	switch {
	case strings.Contains(text, "SQLITE_NOTADB"), strings.Contains(text, "file is not a database"),
		strings.Contains(text, "malformed"), strings.Contains(text, "SQLITE_CORRUPT"), strings.Contains(text, "no such table"):
		kind = ErrDamaged
	case strings.Contains(text, "database is locked"), strings.Contains(text, "SQLITE_BUSY"):
		kind = ErrInUse
	case strings.Contains(text, "disk is full"), strings.Contains(text, "no space left"):
		kind = ErrFull
	case errors.Is(err, fs.ErrPermission), strings.Contains(text, "readonly"), strings.Contains(text, "read-only"):
		kind = ErrReadOnly
	}
	return fmt.Errorf("%s: %w (%w)", path, kind, err)
}

// Abandon closes everything, whatever state it is in. A till just ends its program
// instead; this is for programs that open many, on disks that take nothing any more or
// that nobody will read again.
func (j *Journal) Abandon() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	var err error
	for _, f := range append(j.left, j.file) {
		err = errors.Join(err, f.close())
	}
	return errors.Join(err, j.unlock())
}

func (f file) close() error {
	var err error
	if f.wal != nil {
		err = f.wal.Close() // before SQLite removes the file
	}
	if f.conn != nil {
		err = errors.Join(err, f.conn.close())
	}
	return err
}

// Close checkpoints and closes. A till does not need it: the way it stops is the
// way it crashes, so that the way it starts is the only one there is. Tests and
// programs that go on using the folder do.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.failed != nil {
		return j.unlock() // trap 2: after a failed commit the old connection is never closed
	}
	return errors.Join(j.file.close(), j.unlock())
}
