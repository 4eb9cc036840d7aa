package update

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"veratill/assets/files"
	"veratill/txn/disk"
)

// Updater is the shell around a record: one till's folder of updates. Its methods are safe for
// use by several goroutines of one program; of several programs Lock lets one through.
type Updater struct {
	Dir     string  // DATA/updates
	Address string  // of the manifest; empty never asks
	Key     string  // the publisher's, as minisign writes it; empty is a build without updates
	ID      string  // of the program
	Me      Release // what runs

	// The rest has the meaning of this computer where it is left out.
	GOOS, GOARCH string
	Program      string // the file that is replaced
	Running      string // the file of what runs: it has another name once it was replaced
	Kind         func(ctx context.Context, program string) Kind
	Client       *http.Client
	Now          func() time.Time
	// Run runs a program to its end and gives what it said.
	Run func(ctx context.Context, name string, args ...string) ([]byte, error)

	mu sync.Mutex
}

// New fills in what is left out.
func New(u *Updater) *Updater {
	if u.GOOS == "" {
		u.GOOS, u.GOARCH = runtime.GOOS, runtime.GOARCH
	}
	if u.Running == "" {
		u.Running = runningProgram(u.Program)
	}
	if u.Run == nil {
		u.Run = runProgram
	}
	if u.Kind == nil {
		u.Kind = u.kindHere
	}
	if u.Client == nil {
		u.Client = newClient()
	}
	if u.Now == nil {
		u.Now = time.Now
	}
	return u
}

// Record is what is known now. A damaged one is put aside, and said once.
func (u *Updater) Record() (Record, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.load()
}

// Look is Record for whoever only shows it, also where nobody may go by it: an administrator looks at another user's till.
func (u *Updater) Look() (Record, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	return loadBy(u.Dir, files.Open)
}

func (u *Updater) load() (Record, error) {
	r, err := load(u.Dir)
	if Is(err, RecordDamaged) {
		path := filepath.Join(u.Dir, recordFile)
		err = errors.Join(err, os.Rename(path, path+".bad"))
	}
	return r, err
}

// change takes the record from one state to the next and makes that durable.
func (u *Updater) change(next func(Record) (Record, error)) (Record, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	before, err := u.load()
	if err != nil {
		return before, err
	}
	after, err := next(before)
	if err != nil {
		return before, err
	}
	return after, after.Save(u.Dir)
}

// SetUp says why this till never asks, or nothing. Faults: NotSetUp, NoAddress, BadAddress.
func (u *Updater) SetUp() error {
	switch {
	case u.Key == "":
		return fault(NotSetUp, "")
	case u.Address == "":
		return fault(NoAddress, "")
	}
	_, err := address(u.Address)
	return err
}

// Check asks for the manifest, and keeps what it offers. Faults: those of SetUp, of fetching, of
// Read and of Record.Believe.
func (u *Updater) Check(ctx context.Context) (Record, error) {
	if err := u.SetUp(); err != nil {
		return Record{}, err
	}
	text, signature, err := fetchManifest(ctx, u.Client, u.Address)
	if err != nil {
		return Record{}, err
	}
	m, err := Read(text, signature, u.Key, u.ID)
	if err != nil {
		return Record{}, err
	}
	var unfit error
	r, err := u.change(func(r Record) (Record, error) {
		kind := u.Kind(ctx, r.place(u.Me, u.Program))
		r, err := r.believe(m, u.Me, u.GOOS, u.GOARCH, kind, u.Now())
		if Is(err, NoFile) { // it was seen all the same
			unfit, err = err, nil
		}
		return r, err
	})
	return r, errors.Join(unfit, err)
}

// Fetch fetches what is on offer and verifies it, or finds it fetched. Faults: those of
// Record.Ready and of fetching.
func (u *Updater) Fetch(ctx context.Context) error {
	r, err := u.Record()
	if err == nil {
		err = r.Ready(u.Me)
	}
	if err != nil {
		return err
	}
	if err := files.MakeOwn(u.Dir); err != nil {
		return write(err)
	}
	return download(ctx, u.Client, r.Offer.File, filepath.Join(u.Dir, packageName(r.Offer.Release, r.Offer.File)))
}

// BackupName is the name of a new backup in the folder of updates.
func (u *Updater) BackupName() string {
	return backupPrefix + u.Me.Version + "-" + u.Now().UTC().Format("20060102T150405.000") + backupSuffix
}

const backupPrefix, backupSuffix = "books-", ".db"

// BackedUp keeps that the books are backed up and the backup was verified, and takes a copy of the
// program that runs. Faults: WrongState, Older, NoRoom, CantWrite.
func (u *Updater) BackedUp(b Backup) error {
	mine := "veratill-" + u.Me.Version + "-previous" + exeSuffix(u.GOOS)
	if err := copyProgram(u.Running, filepath.Join(u.Dir, mine)); err != nil {
		return err
	}
	_, err := u.change(func(r Record) (Record, error) {
		if err := r.Ready(u.Me); err != nil {
			return r, err
		}
		return r.backUp(u.Me, packageName(r.Offer.Release, r.Offer.File), mine, r.place(u.Me, u.Program), b, u.Now())
	})
	return err
}

// Again puts a version that went back on offer once more.
func (u *Updater) Again() (Record, error) {
	return u.change(func(r Record) (Record, error) { return r.Again(u.Me, u.Now()) })
}

// Pass makes durable that this program has come up. Before that it may not open the line to the bank.
func (u *Updater) Pass() error {
	_, err := u.change(func(r Record) (Record, error) { return r.Pass(u.Now()) })
	if err == nil {
		u.Tidy()
	}
	return err
}

// Failed keeps what kept an update from being installed.
func (u *Updater) Failed(f *Fault) error {
	_, err := u.change(func(r Record) (Record, error) { return r.Fail(f), nil })
	return err
}

// Told keeps that the window has said why it is not installed, or went back.
func (u *Updater) Told() error {
	_, err := u.change(func(r Record) (Record, error) { r.Told = true; return r, nil })
	return err
}

// Lock lets one program at a time install or watch. The error is a Fault of InUse or CantWrite.
func (u *Updater) Lock() (unlock func() error, err error) {
	if err := files.MakeOwn(u.Dir); err != nil {
		return nil, write(err)
	}
	unlock, err = (disk.System{}).Lock(filepath.Join(u.Dir, lockFile))
	if errors.Is(err, disk.ErrHeld) {
		return nil, fault(InUse, "another program is updating")
	}
	return unlock, write(err)
}

const lockFile = "updates.lock"

// backupsKept is how many of the newest backups stay, whatever the record says.
const backupsKept = 2

// Tidy removes what an earlier update left: everything but the record, what it names, and the two
// newest backups. What can't be removed stays.
func (u *Updater) Tidy() {
	u.mu.Lock()
	defer u.mu.Unlock()
	r, err := load(u.Dir)
	if err != nil {
		return
	}
	entries, err := os.ReadDir(u.Dir)
	if err != nil {
		return
	}
	keep := append(r.names(), recordFile, lockFile)
	var backups []fs.DirEntry
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), backupPrefix) && strings.HasSuffix(e.Name(), backupSuffix) {
			backups = append(backups, e)
		}
	}
	slices.SortFunc(backups, func(a, b fs.DirEntry) int { return made(b).Compare(made(a)) })
	for _, b := range backups[:min(backupsKept, len(backups))] {
		keep = append(keep, b.Name())
	}
	for _, e := range entries {
		if e.Type().IsRegular() && !slices.Contains(keep, e.Name()) {
			_ = os.Remove(filepath.Join(u.Dir, e.Name())) // it costs room and nothing else
		}
	}
}

func made(e fs.DirEntry) time.Time {
	info, err := e.Info()
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// Mine refuses a data folder that is another user's: what would be written there its till could not read.
func Mine(dir string) error {
	owned, err := ownFolder(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return write(err)
	case !owned:
		return fault(OtherUser, "%s", dir)
	}
	return nil
}

// path is a file in the folder of updates.
func (u *Updater) path(name string) string { return filepath.Join(u.Dir, name) }

// Unlucky keeps that the new version did not get into its place, where installing was cut short.
func (u *Updater) Unlucky() error {
	_, err := u.change(func(r Record) (Record, error) { return r.notBegun(fault(NotInstalled, ""), u.Now()) })
	return err
}
