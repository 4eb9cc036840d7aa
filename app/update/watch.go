package update

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"os"
	"os/exec"
	"time"
)

// TrialVariable tells a program that is started on trial which trial it is.
const TrialVariable = "VERATILL_UPDATE_TRIAL"

// TrialLimit is how long a new version may take until it is ready: the slowest first frame that was
// seen took 3 s, and a migration copies the books first.
const TrialLimit = 3 * time.Minute

// lookEvery is how often a watcher looks whether the record says that the new version is good.
const lookEvery = 100 * time.Millisecond

// Watch makes the first start of the new version, with arguments, and waits until it is on record
// that it has come up; it then calls up, and waits for its end, whose exit code it gives. A Fault of
// Crashed, Silent or Interrupted means that it has not come up: it runs no more, and the caller goes back. With
// the context's error a person ended it, and the next start is the first. Run by the version
// before, which holds Lock until up is called.
func (u *Updater) Watch(ctx context.Context, args []string, limit time.Duration, up func()) (exit int, err error) {
	r, err := u.Record()
	if err != nil {
		return 0, err
	}
	if r.State == Trial {
		return 0, fault(Interrupted, "")
	}
	id := rand.Text()
	if r, err = u.change(func(r Record) (Record, error) { return r.try(id, u.Now()) }); err != nil {
		return 0, err
	}
	//mutant:runs-what-is-guarded
	if err := Guarded(r.Program); err != nil {
		return 0, &Fault{Crashed, err}
	}
	c := exec.Command(r.Program, args...)
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	c.Env = append(os.Environ(), TrialVariable+"="+id)
	if err := c.Start(); err != nil {
		return 0, fault(Crashed, "%w", err)
	}
	w := watched{u: u, id: id, program: c, ended: make(chan error, 1)}
	go func() { w.ended <- c.Wait() }()
	if err := w.wait(ctx, limit); err != nil {
		return 0, err
	}
	up()
	return w.end(ctx), nil
}

// watched is a first start that is under way.
type watched struct {
	u       *Updater
	id      string
	program *exec.Cmd
	ended   chan error
}

// up reports whether the new version has come up: only that takes the record out of this trial. What
// comes after, such as the next update, is no more of the watcher's business.
func (w watched) up() bool {
	r, err := w.u.Record()
	return err == nil && (r.State != Trial || r.Trial != w.id)
}

// wait waits until the new version has come up, or has not.
func (w watched) wait(ctx context.Context, limit time.Duration) error {
	late := time.NewTimer(limit)
	defer late.Stop()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case err := <-w.ended:
			w.ended <- err
			return w.judge(ctx, fault(Crashed, "%v", cmp.Or(err, errors.New("it ended before it was ready"))))
		case <-ctx.Done():
			w.stop()
			return w.judge(ctx, nil)
		case <-late.C:
			if w.up() {
				return nil
			}
			w.stop()
			return w.judge(ctx, fault(Silent, "%v", limit))
		case <-look.C:
			if w.up() {
				return nil
			}
		}
	}
}

// judge says why a new version that runs no more has not come up, or nothing where it had in the last moment.
func (w watched) judge(ctx context.Context, why *Fault) error {
	switch {
	case w.up():
		return nil
	case ctx.Err() != nil:
		_, saved := w.u.change(func(r Record) (Record, error) { return r.postpone(w.u.Now()) })
		return errors.Join(ctx.Err(), saved)
	}
	return why
}

// end waits for the end of a new version that has come up.
func (w watched) end(ctx context.Context) (exit int) {
	select {
	case <-w.ended:
	case <-ctx.Done():
		w.stop()
	}
	return w.program.ProcessState.ExitCode()
}

// stop asks a program to end, and ends it where it does not.
func (w watched) stop() {
	if w.program.Process.Signal(os.Interrupt) == nil {
		select {
		case err := <-w.ended:
			w.ended <- err
			return
		case <-time.After(5 * time.Second):
		}
	}
	w.program.Process.Kill()
	w.ended <- <-w.ended
}

// GoBack ends a trial that failed: the books become the backup's again where their format moved,
// then that is on record, then the version before gets its place. tooNew and restore are the
// journal's. Where the new version sold nothing is taken back: Fault Sold, and the next start
// tries it again. Each step may be cut and is then done again by the next start.
func (u *Updater) GoBack(ctx context.Context, why *Fault, tooNew func(books string) (bool, error), restore func(books, backup string) error) error {
	r, err := u.Record()
	if err != nil {
		return err
	}
	if r.Backup == nil || r.State != Trial {
		return fault(WrongState, "%s", r.State)
	}
	if moved, err := tooNew(r.Backup.Books); err != nil {
		return &Fault{RestoreFailed, err}
	} else if moved {
		if err := Guarded(u.path(r.Backup.Name)); err != nil { // what others could have put there becomes no books
			return &Fault{RestoreFailed, err}
		}
		err := restore(r.Backup.Books, u.path(r.Backup.Name))
		if Is(err, Sold) {
			_, saved := u.change(func(r Record) (Record, error) { return r.postpone(u.Now()) })
			return errors.Join(err, saved)
		}
		if err != nil {
			return &Fault{RestoreFailed, err}
		}
	}
	if r, err = u.change(func(r Record) (Record, error) { return r.GoBack(why, u.Now()) }); err != nil {
		return err
	}
	_ = u.putPreviousBack(ctx, r) // where it can't, the record sends each start to the version before
	return nil
}
