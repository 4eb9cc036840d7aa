package uitest

import (
	"context"
	"errors"
	"time"

	"veratill/app/present"
	"veratill/txn"
)

// Backups implements present.Office.
func (d *Desk) Backups(context.Context) []present.Backup {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.BackupsNow
}

// LookAtBackup implements present.Office: HeldNow is in each; one whose name is damaged has nothing.
func (d *Desk) LookAtBackup(_ context.Context, path string) (present.HeldBackup, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if path == "damaged.db" {
		return present.HeldBackup{}, errors.New("the journal is damaged: damaged.db: entry 12 has another hash")
	}
	held := d.HeldNow
	held.Path = path
	return held, nil
}

// RestoreTo implements present.Office.
func (d *Desk) RestoreTo(time.Time) string { return "/var/lib/veratill-restored-20261122-140500" }

// RestoreBackup implements present.Office: it fails with RestoreErr.
func (d *Desk) RestoreBackup(_ context.Context, by txn.Actor, path, dir string) (present.Restored, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noteBy(by, "restore "+path+" into "+dir)
	return present.Restored{Dir: dir, Entries: d.HeldNow.Entries, Attempts: d.HeldNow.Attempts}, d.RestoreErr
}

// Audit implements present.Office.
func (d *Desk) Audit(_ context.Context, keep func(present.AuditEntry) bool, most int) (p present.AuditPage, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, e := range d.AuditNow {
		if keep(e) && len(p.Entries) < most {
			p.Entries = append(p.Entries, e)
		}
	}
	return p, nil
}

// Log implements present.Office.
func (d *Desk) Log(context.Context) ([]present.LogLine, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.LogNow, nil
}

// Examine implements present.Checking.
func (d *Desk) Examine(context.Context) []present.Check {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note("examine")
	return d.ChecksNow
}

// Places implements present.Office.
func (d *Desk) Places() []present.Place {
	return []present.Place{{Dir: "/mnt/downloads"}, {Dir: "/media/STICK", Stick: true}}
}

// Export implements present.Office: it fails with ExportErr.
func (d *Desk) Export(_ context.Context, by txn.Actor, e present.Export, ending, dir string) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	path := dir + "/" + e.Stem + ending
	d.noteBy(by, "export "+path)
	d.Exported = e
	return path, d.ExportErr
}
