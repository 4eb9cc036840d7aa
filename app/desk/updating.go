package desk

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"veratill/app/present"
	"veratill/app/update"
	"veratill/txn/journal"
	"veratill/txn/sale"
)

// updating is what a desk knows of updates beside their record.
type updating struct {
	fault    *update.Fault // of the last time that it asked
	prepared bool
}

// askLimit is how long a till asks for a newer version in the background.
const askLimit = time.Minute

// AskForUpdate looks for a newer version: at the start of a business day, before anything is sold,
// and never during one. What goes wrong is kept for the manager and disturbs nobody.
func (d *Desk) AskForUpdate() {
	u := d.config.Update
	if u == nil || d.ctx.Err() != nil || !d.beforeTheFirstSale(d.ctx) {
		return
	}
	if err := u.SetUp(); update.Is(err, update.NotSetUp) || update.Is(err, update.NoAddress) {
		return
	}
	d.asking.Go(func() {
		ctx, cancel := context.WithTimeout(d.ctx, askLimit)
		defer cancel()
		r, err := u.Check(ctx)
		d.mu.Lock()
		d.updating.fault = nil
		if err != nil {
			d.updating.fault = update.FaultOf(err)
		}
		d.mu.Unlock()
		d.config.Log.Info("update", "state", string(r.State), "seen", r.Seen.Version, "error", err)
		d.news.Changed()
	})
}

// beforeTheFirstSale reports whether nothing was begun in the open day.
func (d *Desk) beforeTheFirstSale(ctx context.Context) bool {
	begun, err := d.journal.Latest(ctx, d.journal.OpenDay().Batch, 1)
	return err == nil && len(begun) == 0
}

// hindrance is what keeps an update from being installed now: it would have to be taken back behind
// a payment if it did not come up.
func (d *Desk) hindrance(ctx context.Context) *update.Fault {
	if !d.beforeTheFirstSale(ctx) {
		return &update.Fault{Code: update.DayOpen}
	}
	owed, err := d.journal.Owed(ctx)
	reports, reportErr := d.journal.ReportsOpen(ctx)
	if err = errors.Join(err, reportErr); err != nil || len(owed)+len(reports) > 0 {
		return &update.Fault{Code: update.Owed, Cause: err}
	}
	return nil
}

// Prepare fetches and verifies what is on offer, backs the books up and verifies the backup: as
// far as a till can go that is open. After it nothing is written to the journal but starts, and the
// till has to be closed. With an error, a Fault of app/update, it goes on as before.
func (d *Desk) Prepare(ctx context.Context, tell func(present.UpdateStep)) error {
	u := d.config.Update
	if u == nil {
		return &update.Fault{Code: update.NotSetUp}
	}
	if err := errors.Join(update.Mine(d.config.SettingsDir), update.Mine(d.config.Dir)); err != nil {
		return err
	}
	if h := d.hindrance(ctx); h != nil {
		return h
	}
	tell(present.UpdateFetching)
	if err := u.Fetch(ctx); err != nil {
		return err
	}
	ran := d.config.Rounds.Rest() // the line to the bank takes numbers from the journal when it signs in
	err := d.backUp(ctx, tell)
	if err != nil && ran {
		d.config.Rounds.Resume()
	}
	d.mu.Lock()
	d.updating.prepared = err == nil
	d.mu.Unlock()
	return err
}

func (d *Desk) backUp(ctx context.Context, tell func(present.UpdateStep)) error {
	u := d.config.Update
	tell(present.UpdateBackingUp)
	name := u.BackupName()
	path := filepath.Join(u.Dir, name)
	made, err := d.backupTo(ctx, path, func() { tell(present.UpdateChecking) })
	switch {
	case errors.Is(err, journal.ErrDamaged) || errors.Is(err, journal.ErrForeign):
		return &update.Fault{Code: update.BackupDamaged, Cause: err}
	case err != nil:
		return &update.Fault{Code: update.BackupFailed, Cause: err}
	}
	if h := d.hindrance(ctx); h != nil { // somebody may have sold while it was fetched
		return h
	}
	if err := d.journal.OnlyStartsAfter(ctx, made.Entries); err != nil {
		return &update.Fault{Code: update.Owed, Cause: err}
	}
	books, err := filepath.Abs(d.config.Dir)
	if err != nil {
		return err
	}
	tell(present.UpdateClosing)
	return u.BackedUp(update.Backup{Name: name, Books: books, Entries: made.Entries, Head: made.Head})
}

// UpdatePrepared reports whether Prepare has succeeded: the till has to be closed, and the update installed.
func (d *Desk) UpdatePrepared() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.updating.prepared
}

// PrepareUpdate implements present.Updating.
func (d *Desk) PrepareUpdate(ctx context.Context, tell func(present.UpdateStep)) (code, detail string) {
	return coded(d.Prepare(ctx, tell))
}

// RetryUpdate implements present.Updating.
func (d *Desk) RetryUpdate() (code, detail string) {
	if d.config.Update == nil {
		return string(update.NotSetUp), ""
	}
	_, err := d.config.Update.Again()
	return coded(err)
}

// UpdateTold implements present.Updating.
func (d *Desk) UpdateTold() error {
	if d.config.Update == nil {
		return nil
	}
	return d.config.Update.Told()
}

func coded(err error) (code, detail string) {
	if err == nil {
		return "", ""
	}
	f := update.FaultOf(err)
	return string(f.Code), f.Detail()
}

// Update implements present.Updating.
func (d *Desk) Update() present.Update {
	u := d.config.Update
	if u == nil {
		return present.Update{}
	}
	r, err := u.Record()
	setUp := u.SetUp()
	shown := present.Update{SetUp: setUp == nil || update.Is(setUp, update.BadAddress), State: string(r.State), From: r.From.Version, Fault: string(r.Fault), Detail: r.Detail,
		News: r.Fault != "" && !r.Told}
	if r.Offer != nil {
		shown.Version = r.Offer.Version
		shown.Notes = sale.Name{ZH: r.Offer.Notes.ZH, EN: r.Offer.Notes.EN}
	}
	ready := r.Ready(u.Me) == nil
	if !ready && r.State != update.WentBack { // of an update that is over
		shown.State, shown.Fault, shown.Detail, shown.News = "", "", "", false
	}
	d.mu.Lock()
	asked := d.updating.fault
	d.mu.Unlock()
	if err != nil {
		asked = update.FaultOf(err)
	}
	if shown.Fault == "" && asked != nil {
		shown.Fault, shown.Detail = string(asked.Code), asked.Detail()
	}
	if ready { // every start asks this: the journal is asked only where there is something to install
		if h := d.hindrance(d.ctx); h != nil {
			shown.Hindrance = string(h.Code)
		}
	}
	return shown
}
