package update

import (
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

// Watch makes the first start of the new version, with arguments, and waits until it is Good; then
// for its end, whose exit code it gives. A Fault of Crashed, Silent or Interrupted means that it
// was not ready: it runs no more, and the caller goes back. With context.Canceled a person ended
// it, and the next start is the first. Run by the version before, which holds Lock.
func (u *Updater) Watch(ctx context.Context, args []string, limit time.Duration) (exit int, err error) {
	r, err := u.Record()
	if err != nil {
		return 0, err
	}
	if r.State == Trial {
		return 0, fault(Interrupted, "")
	}
	id := rand.Text()
	if r, err = u.change(func(r Record) (Record, error) { return r.Try(id, u.Now()) }); err != nil {
		return 0, err
	}
	c := exec.Command(r.Program, args...)
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	c.Env = append(os.Environ(), TrialVariable+"="+id)
	if err := c.Start(); err != nil {
		return 0, fault(Crashed, "%w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	return u.wait(ctx, c, ended, limit)
}

func (u *Updater) wait(ctx context.Context, c *exec.Cmd, ended <-chan error, limit time.Duration) (int, error) {
	late := time.NewTimer(limit)
	defer late.Stop()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case err := <-ended:
			return u.ended(ctx, c, err)
		case <-ctx.Done():
			stop(c, ended)
			return u.ended(ctx, c, ctx.Err())
		case <-late.C:
			if u.good() {
				continue
			}
			stop(c, ended)
			if u.good() { // in the last moment
				return c.ProcessState.ExitCode(), nil
			}
			return 0, fault(Silent, "%v", limit)
		case <-look.C:
			if u.good() {
				look.Stop() // now only its end counts
			}
		}
	}
}

func (u *Updater) good() bool {
	r, err := u.Record()
	return err == nil && r.State == Good
}

// ended judges a new version that runs no more.
func (u *Updater) ended(ctx context.Context, c *exec.Cmd, err error) (int, error) {
	if u.good() {
		return c.ProcessState.ExitCode(), nil
	}
	if ctx.Err() != nil {
		_, saved := u.change(func(r Record) (Record, error) { return r.Postpone(u.Now()) })
		return 0, errors.Join(ctx.Err(), saved)
	}
	if err == nil {
		err = errors.New("it ended before it was ready")
	}
	return 0, fault(Crashed, "%w", err)
}

// stop asks a program to end, and ends it where it does not.
func stop(c *exec.Cmd, ended <-chan error) {
	if c.Process.Signal(os.Interrupt) == nil {
		select {
		case <-ended:
			return
		case <-time.After(5 * time.Second):
		}
	}
	c.Process.Kill()
	<-ended
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
		err := restore(r.Backup.Books, u.path(r.Backup.Name))
		if Is(err, Sold) {
			_, saved := u.change(func(r Record) (Record, error) { return r.Postpone(u.Now()) })
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
