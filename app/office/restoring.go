package office

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"veratill/app/present"
	"veratill/assets/files"
	"veratill/txn"
	"veratill/txn/disk"
	"veratill/txn/journal"
	"veratill/txn/messages"
	"veratill/txn/slips"
	"veratill/txn/vault"
)

// mostKeysBytes bounds the list of public keys beside a backup.
const mostKeysBytes = 16 << 20

// FiledFolder is where the copies of the files of the clearing lie, in a data folder and in a second place.
const FiledFolder = "clearing"

// mostBackups bounds what a person is shown; a folder has 35 by its own rule.
const mostBackups = 200

// Backups implements present.Office: those of the data folder, of the second place, and of sticks, the newest first. What can't be listed is left out: a person can type where it lies.
func (o *Office) Backups(ctx context.Context) (all []present.Backup) {
	dirs := []string{filepath.Join(o.c.Dir, "backup")}
	for _, dir := range append([]string{o.c.Second}, o.c.Folders...) {
		if dir == "" {
			continue
		}
		dirs = append(dirs, dir, filepath.Join(dir, "backup"))
		if tills, err := filepath.Glob(filepath.Join(dir, "till-*")); err == nil { // a second place has a folder for each till
			dirs = append(dirs, tills...)
		}
	}
	seen := map[string]bool{}
	for _, dir := range dirs {
		if seen[dir] || ctx.Err() != nil {
			continue
		}
		seen[dir] = true
		files, _ := journal.BackupsIn(disk.System{}, dir)
		for _, f := range files {
			all = append(all, present.Backup{Name: f.Name, Path: filepath.Join(dir, f.Name), Folder: dir, At: f.At})
		}
	}
	slices.SortFunc(all, func(a, b present.Backup) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Path, b.Path)) })
	return all[:min(len(all), mostBackups)]
}

// LookAtBackup implements present.Office: it verifies a backup, and says what it has and what follows where it is restored. Nothing is changed.
func (o *Office) LookAtBackup(ctx context.Context, path string) (h present.HeldBackup, err error) {
	seen, err := journal.LookAtBackup(ctx, path, journal.Options{})
	if err != nil {
		return h, err
	}
	h = present.HeldBackup{Path: path, Shop: seen.Identity.Shop, Till: seen.Identity.Till, Books: seen.Identity.Books, Entries: seen.Entries, Attempts: seen.Attempts}
	for _, d := range seen.Books.Days {
		if d.Batch >= h.Day {
			h.Day, h.DayOpenedMs, h.Currency = d.Batch, d.OpenedMs, d.Currency
		}
		h.LastZ = max(h.LastZ, d.Z)
	}
	for _, b := range seen.Books.Bills {
		if b.WasPaid() && b.Batch == h.Day {
			h.Sales, h.SalesMinor = h.Sales+1, h.SalesMinor+b.Total.Minor
		}
	}
	for _, a := range seen.Books.Attempts {
		if a.OpenedMs >= h.Last.OpenedMs {
			h.Last = a
		}
		if a.Owes() {
			h.Owed++
		}
	}
	h.Behind, h.Number, err = o.behind(seen.Verified)
	if err == nil {
		h.Here, err = o.here(ctx, seen.Verified)
	}
	return h, err
}

// behind says how many entries the marks know of these books that a backup lacks, and the highest number that was used up by then; −1 where no mark is of them.
func (o *Office) behind(v journal.Verified) (entries int64, number txn.ID, err error) {
	if entries = -1; o.c.Marks == nil {
		return entries, 0, nil
	}
	marks, _, _ := o.c.Marks.Read() // what can't be read says nothing, and no number is believed because of it
	for _, m := range marks {
		if m.Books == v.Identity.Books {
			entries, number = max(entries, m.Entry-v.Entries, 0), max(number, m.Number)
		}
	}
	return entries, number, nil
}

// here says how a backup stands to the books that this till has open.
func (o *Office) here(ctx context.Context, v journal.Verified) (present.BackupStands, error) {
	if o.c.Books.Identity().Books != v.Identity.Books {
		return present.OfOtherBooks, nil
	}
	seq, head := o.c.Books.Head()
	switch at, err := o.c.Books.HeadAt(ctx, v.Entries); {
	case v.Entries == seq && hex.EncodeToString(head[:]) == v.Head:
		return present.BackupIsNow, nil
	case err != nil:
		return "", err
	case at == "":
		return present.BackupAhead, nil
	//mutant:a-fork-is-told
	case at != v.Head:
		return present.BackupForked, nil
	}
	return present.BackupBefore, nil
}

// RestoreTo implements present.Office: where a backup would be restored to, beside the data folder, under a name that is free.
func (o *Office) RestoreTo(made time.Time) string {
	return filepath.Clean(o.c.Dir) + "-restored-" + made.Local().Format("20060102-150405")
}

// RestoreBackup implements present.Office, by Restore.
func (o *Office) RestoreBackup(ctx context.Context, by txn.Actor, path, dir string) (present.Restored, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return present.Restored{}, err
	}
	v, beside, err := Restore(ctx, path, dir)
	r := present.Restored{Dir: dir, Entries: v.Entries, Attempts: v.Attempts, Beside: beside}
	o.c.Log.Info("restore", "by", by.By, "backup", path, "into", dir, "entries", v.Entries, "error", errors.Join(err, beside))
	return r, err
}

// ErrHasBooks says that a folder has books: nothing is restored over them.
var ErrHasBooks = errors.New("the folder has books, and nothing of them was changed")

// Restore makes a backup the books of a folder that has none, and brings along what lies beside it: slips, messages, files of the clearing, and the public keys by which receipts are checked. beside says what of those
// is not there; the books are back all the same. Errors: ErrHasBooks, and those of journal.RestoreNew.
func Restore(ctx context.Context, path, dir string) (v journal.Verified, beside, err error) {
	v, err = journal.RestoreNew(ctx, dir, path, journal.Options{})
	if errors.Is(err, fs.ErrExist) {
		return v, nil, ErrHasBooks
	}
	if err != nil {
		return v, nil, err
	}
	return v, restoreBeside(path, dir), nil
}

// restoreBeside brings along what lies with a backup, beside it in a second place, and beside its folder in a data folder: the merchant's slips, what was exchanged about payments, the files
// of the clearing that were taken in, and the public keys by which receipts are checked that these books have signed.
func restoreBeside(backup, dir string) error {
	for _, from := range []string{filepath.Dir(backup), filepath.Dir(filepath.Dir(backup))} {
		if err := errors.Join(slips.New(disk.System{}, from).CopyTo(dir), messages.New(disk.System{}, from).CopyTo(dir), bringFiled(from, dir)); err != nil {
			return err
		}
	}
	keys, err := files.Read(filepath.Join(filepath.Dir(backup), vault.PublicKeysName), mostKeysBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := files.WriteNew(filepath.Join(dir, vault.PublicKeysName), keys, 0o600); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// bringFiled copies the files of the clearing that are not there yet.
func bringFiled(from, dir string) error {
	on := disk.System{}
	names, err := on.Names(filepath.Join(from, FiledFolder))
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(names) == 0 {
		return nil
	}
	if err == nil {
		err = on.MakeDir(filepath.Join(dir, FiledFolder))
	}
	if err != nil {
		return err
	}
	for _, name := range names {
		to := filepath.Join(dir, FiledFolder, name)
		//mutant:a-restore-brings-the-files
		if _, err := on.Stat(to); errors.Is(err, fs.ErrNotExist) && strings.HasSuffix(name, ".json.gz") {
			if err := disk.Copy(on, filepath.Join(from, FiledFolder, name), to); err != nil {
				return err
			}
		}
	}
	return on.SyncDir(filepath.Join(dir, FiledFolder))
}
