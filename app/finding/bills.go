package finding

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"veratill/app/present"
	"veratill/txn"
)

// mostBills bounds what a person is shown; folders with thousands of files are cut by age.
const mostBills = 60

// Bills implements present.Reconciling. What can't be listed is left out: a person can type where it lies.
func (r *Reconciler) Bills(ctx context.Context) (bills []present.Bill) {
	for _, dir := range r.ground.Folders {
		if ctx.Err() != nil {
			return bills
		}
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue
		}
		for _, e := range entries {
			info, err := e.Info()
			if err == nil && info.Mode().IsRegular() && mayBeBill(e.Name()) {
				bills = append(bills, present.Bill{Name: e.Name(), Path: filepath.Join(dir, e.Name()), Folder: filepath.Base(dir), At: info.ModTime()})
			}
		}
	}
	slices.SortFunc(bills, func(a, b present.Bill) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Path, b.Path)) })
	return bills[:min(len(bills), mostBills)]
}

// mayBeBill goes by a file's name alone: nothing is opened before it is chosen.
func mayBeBill(name string) bool {
	return slices.Contains([]string{".csv", ".txt", ".xlsx", ".zip", ".gz", ".tsv"}, strings.ToLower(filepath.Ext(name))) && !strings.HasPrefix(name, ".")
}

// BillFolders are where browsers and sticks put files on this computer.
func BillFolders() (dirs []string) {
	if home, err := os.UserHomeDir(); err == nil {
		dirs = append(dirs, filepath.Join(home, "Downloads"), filepath.Join(home, "下载"), filepath.Join(home, "Desktop"), filepath.Join(home, "桌面"))
	}
	if runtime.GOOS == "windows" {
		for drive := 'D'; drive <= 'Z'; drive++ {
			dirs = append(dirs, string(drive)+`:\`)
		}
		return dirs
	}
	for _, pattern := range []string{"/media/*", "/media/*/*", "/run/media/*/*"} {
		found, err := filepath.Glob(pattern)
		if err == nil {
			dirs = append(dirs, found...)
		}
	}
	return dirs
}

// TryFile implements present.Reconciling.
func (r *Reconciler) TryFile(ctx context.Context, path string) (present.TriedFile, error) {
	read, err := r.Read(ctx, Ask{Path: path})
	if err != nil {
		return present.TriedFile{}, plainly(err)
	}
	standing, err := r.StandingWith(ctx, read)
	return present.TriedFile{Name: read.Name, File: read.File, SHA256: read.SHA256, Known: read.Known, Lost: read.lost.SHA256 != "", Standing: standing}, err
}

// TakeFile implements present.Reconciling. The file is read anew: what was shown may have been another one under its name.
func (r *Reconciler) TakeFile(ctx context.Context, by txn.Actor, path string) error {
	read, err := r.Read(ctx, Ask{Path: path})
	if err == nil {
		err = r.Take(ctx, by, read)
	}
	return plainly(err)
}

// plainly is an error without the system's word for what was tried.
func plainly(err error) error {
	var of *fs.PathError
	if errors.As(err, &of) {
		return errors.New(of.Path + ": " + of.Err.Error())
	}
	return err
}
