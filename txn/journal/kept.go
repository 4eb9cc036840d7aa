package journal

import (
	"errors"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"veratill/txn/disk"
)

// How many backups are kept of each kind: the newest one of a day, a week, a month. A backup may be of all three.
const (
	keptDays   = 7
	keptWeeks  = 4
	keptMonths = 24
)

// backupForm is how a backup is named: the moment when it was made, in UTC.
const backupForm = "20060102T150405.000"

// A backup's name begins with who wanted it: the till, which lets it go some day, or a person, who does that alone.
const (
	byTill   = "books-"
	byPerson = "by-hand-"
)

var backupName = regexp.MustCompile(`^(` + byTill + `|` + byPerson + `)(\d{8}T\d{6}\.\d{3})\.db$`)

// BackupName is the name of a backup that the till makes now, and BackupNameByHand of one that a person asks for.
func BackupName(now time.Time) string { return byTill + now.UTC().Format(backupForm) + ".db" }

// BackupNameByHand is described at BackupName.
func BackupNameByHand(now time.Time) string { return byPerson + now.UTC().Format(backupForm) + ".db" }

// backupTime is when a backup was made, by its name; ok is false for a file of another name.
func backupTime(name string) (at time.Time, ok bool) {
	said := backupName.FindStringSubmatch(name)
	if said == nil {
		return at, false
	}
	at, err := time.Parse(backupForm, said[2])
	return at, err == nil
}

// BackupFile is a backup as it lies in a folder.
type BackupFile struct {
	Name string
	At   time.Time // when it was made
}

// BackupsIn lists the backups in a folder, by their names, in no order: whoever says how the backups stand says it by this list. A folder that is not there has
// none. Errors are those of the disk.
func BackupsIn(on disk.Disk, dir string) (all []BackupFile, err error) {
	names, err := on.Names(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, name := range names {
		at, ok := backupTime(name)
		if !ok {
			continue
		}
		if info, err := on.Stat(filepath.Join(dir, name)); err == nil && info.Mode().IsRegular() {
			all = append(all, BackupFile{name, at})
		}
	}
	return all, err
}

// Expired lists which backups of a folder may go: of the last 7 days, 4 weeks and 24 months that have any, the newest of each stays. Files of other names are nobody's
// business, what a person asked for stays, and the newest backup of all never goes.
func Expired(names []string, where *time.Location) (gone []string) {
	type one struct {
		name string
		at   time.Time
	}
	var all []one
	for _, name := range names {
		//mutant:a-backup-by-hand-stays
		if at, ok := backupTime(name); ok && strings.HasPrefix(name, byTill) {
			all = append(all, one{name, at.In(where)})
		}
	}
	slices.SortFunc(all, func(a, b one) int { return b.at.Compare(a.at) })
	kept := map[string]bool{}
	for _, span := range []struct {
		most int
		of   func(time.Time) string
	}{{keptDays, func(t time.Time) string { return t.Format(time.DateOnly) }}, {keptWeeks, weekOf}, {keptMonths, func(t time.Time) string { return t.Format("2006-01") }}} {
		seen := map[string]bool{}
		for _, b := range all {
			//mutant:the-newest-backup-of-each-span-stays
			if of := span.of(b.at); !seen[of] && len(seen) < span.most {
				seen[of], kept[b.name] = true, true
			}
		}
	}
	for _, b := range all {
		if !kept[b.name] {
			gone = append(gone, b.name)
		}
	}
	return gone
}

// weekOf is the Monday of a week.
func weekOf(t time.Time) string {
	return t.AddDate(0, 0, -(int(t.Weekday())+6)%7).Format(time.DateOnly)
}
