package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"veratill/app/present"
	"veratill/app/update"
	"veratill/txn/disk"
	"veratill/txn/journal"
)

// handedOver says that another version has done this program's work, and how that ended.
type handedOver struct{ code int }

func (h *handedOver) Error() string {
	return fmt.Sprintf("another version took over and ended with %d", h.code)
}

// trialLimit is how long a new version's first start may take.
var trialLimit = update.TrialLimit

// updater is the shell of updates of a data folder.
func updater(home, address string) (*update.Updater, error) {
	me, err := update.ReleaseOf(version, build)
	if err != nil {
		return nil, fmt.Errorf("this program is stamped with build %q: %w", build, err)
	}
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	if real, err := filepath.EvalSymlinks(program); err == nil {
		program = real
	}
	dir, err := filepath.Abs(filepath.Join(home, "updates"))
	if err != nil {
		return nil, err
	}
	return update.New(&update.Updater{Dir: dir, Address: address, Key: updateKey, ID: id, Me: me, Program: program}), nil
}

// guard stands before every opening of the books. A version whose first start this is is watched by
// the one before; one that went back is stood in for by it; and what was cut short is ended.
func (s *place) guard(ctx context.Context, c *call, u *update.Updater) error {
	r, err := u.Record()
	if err != nil { // a till sells, whatever became of its updates
		c.tellFault(err)
		return nil
	}
	if s.starts && !s.backedUp(r) {
		s.starts = false // a first start is tried on the books that can be put back
	}
	trial := os.Getenv(update.TrialVariable)
	os.Unsetenv(update.TrialVariable)
	switch r.Judge(u.Me, trial) {
	case update.OnTrial:
		s.onTrial = s.starts
	case update.WantWatch:
		return s.beforeTrial(ctx, c, u, r)
	case update.StandBack:
		return c.standBack(ctx, u, r)
	case update.Unlucky:
		return s.installed(ctx, c, u, r)
	case update.Finish:
		return s.alone(u, func() error { return c.goBack(ctx, u, &update.Fault{Code: update.Interrupted}) })
	}
	return nil
}

// backedUp reports whether these are the books of which the record has a backup: flags may name others.
func (s *place) backedUp(r update.Record) bool {
	books, err := filepath.Abs(s.read.Dir)
	return r.Backup == nil || err == nil && books == r.Backup.Books
}

// installed looks, as the version before, whether the new one is in its place: then its first start
// is due. Where it is not, installing was cut short.
func (s *place) installed(ctx context.Context, c *call, u *update.Updater, r update.Record) error {
	if said, err := u.Ask(ctx, r.Program); err == nil && said == r.Offer.Release {
		if s.starts {
			return &handedOver{c.try(ctx, u, c.whole)}
		}
		return nil
	}
	return s.alone(u, func() error {
		c.tellFault(&update.Fault{Code: update.NotInstalled})
		return u.Unlucky()
	})
}

// alone does something that another program may be doing: then nothing is opened.
func (s *place) alone(u *update.Updater, do func() error) error {
	unlock, err := u.Lock()
	if err != nil {
		return told(err)
	}
	return errors.Join(told(do()), unlock())
}

// told puts a fault into the words of a person, as an error.
func told(err error) error {
	if err == nil {
		return nil
	}
	var other *handedOver
	if errors.As(err, &other) {
		return err
	}
	return errors.New(faultText(err))
}

// beforeTrial lets the version before watch the first start of this one, or do itself what is no start.
func (s *place) beforeTrial(ctx context.Context, c *call, u *update.Updater, r update.Record) error {
	previous, err := u.Previous(ctx, r)
	if err != nil { // nothing to go back to: it starts all the same
		c.tellFault(err)
		s.onTrial = s.starts
		return nil
	}
	if !s.starts {
		return c.takeOver(previous, c.whole)
	}
	return c.takeOver(previous, tryArgs(u, c.whole))
}

func tryArgs(u *update.Updater, args []string) []string {
	return append([]string{"update", "try", "-data", filepath.Dir(u.Dir), "--"}, args...)
}

// standBack lets the version before go on in place of this one, which went back.
func (c *call) standBack(ctx context.Context, u *update.Updater, r update.Record) error {
	previous, err := u.Previous(ctx, r)
	if err != nil {
		c.tellFault(err)
		return nil
	}
	return c.takeOver(previous, c.whole)
}

func (c *call) takeOver(program string, args []string) error {
	if err := update.Guarded(program); err != nil {
		return told(err)
	}
	code, err := handOver(program, args)
	if err != nil {
		return fmt.Errorf("%s can't take over: %w", program, err)
	}
	return &handedOver{code}
}

// passTrial makes durable that this version has come up: from here it may sell, and never goes back.
func (s *place) passTrial() error {
	s.onTrial = false
	return told(s.read.Update.Pass())
}

// try is what the version before does at the first start of a new one: it starts it, with args,
// and waits until it is on record that it has come up. If it does not come up, the books and the program
// are as before, and this version does what the new one was started for.
func (c *call) try(ctx context.Context, u *update.Updater, args []string) int {
	unlock, err := u.Lock()
	if err != nil {
		return c.fault(err)
	}
	defer unlock()
	r, err := u.Record()
	if err != nil {
		return c.fault(err)
	}
	if r.State == update.Good || r.State == update.WentBack { // another start was first
		unlock()
		return c.fail(c.takeOver(r.Program, args))
	}
	if err := free(r); err != nil {
		return c.fault(err)
	}
	code, err := u.Watch(ctx, args, trialLimit, func() { unlock() }) // the next update need not wait for its end
	if err == nil {
		return code
	}
	f := update.FaultOf(err)
	if ctx.Err() != nil || f.Code != update.Crashed && f.Code != update.Silent && f.Code != update.Interrupted {
		return c.fault(err)
	}
	if err := c.goBack(ctx, u, f); err != nil {
		return c.fault(err)
	}
	if err := unlock(); err != nil {
		return c.fail(err)
	}
	return run(ctx, args, c.out, c.errOut)
}

// free refuses while a till is open on the books: a first start would end for that, and for nothing else.
func free(r update.Record) error {
	if r.Backup == nil {
		return nil
	}
	unlock, err := disk.System{}.Lock(filepath.Join(r.Backup.Books, "till.lock"))
	if err != nil {
		return &update.Fault{Code: update.InUse, Cause: err}
	}
	return unlock()
}

// goBack brings books and program back, and says so.
func (c *call) goBack(ctx context.Context, u *update.Updater, why *update.Fault) error {
	err := u.GoBack(ctx, why,
		func(books string) (bool, error) { return journal.TooNew(ctx, books, journal.Options{}) },
		func(books, backup string) error {
			err := journal.Restore(ctx, books, backup, journal.Options{})
			if errors.Is(err, journal.ErrSold) {
				return &update.Fault{Code: update.Sold, Cause: err}
			}
			return err
		})
	if err == nil {
		c.tellFault(why)
	}
	return err
}

// installAndReopen installs what the window has prepared, and lets the window come up again: the new
// version's, which the version before watches, or this one's.
func (s *place) installAndReopen(ctx context.Context, c *call) int {
	u := s.read.Update
	err := c.install(ctx, u)
	r, recordErr := u.Record()
	if err = errors.Join(err, recordErr); err != nil {
		c.tellFault(err)
		if err := u.Failed(update.FaultOf(err)); err != nil {
			c.tellFault(err)
		}
		time.Sleep(time.Second) // a kiosk that fails over and over must not spin
		return c.fail(c.takeOver(u.Program, c.whole))
	}
	previous, err := u.Previous(ctx, r)
	if err != nil {
		c.tellFault(err)
		return c.fail(c.takeOver(r.Program, c.whole))
	}
	return c.fail(c.takeOver(previous, tryArgs(u, c.whole)))
}

func (c *call) install(ctx context.Context, u *update.Updater) error {
	unlock, err := u.Lock()
	if err != nil {
		return err
	}
	return errors.Join(u.Install(context.WithoutCancel(ctx)), unlock())
}

// fault ends a command with a fault of updates.
func (c *call) fault(err error) int {
	c.tellFault(err)
	return exitFault
}

func (c *call) tellFault(err error) { fmt.Fprintf(c.errOut, "%s: %s\n", c.name(), faultText(err)) }

// faultText is what a person at a shell is told: what happened, that no money moved, what to do next.
func faultText(err error) string {
	w, wordsErr := present.NewWords("en")
	if wordsErr != nil {
		return err.Error()
	}
	f := update.FaultOf(err)
	m := w.Tell(present.UpdateFaultNote(string(f.Code), f.Detail()), "CNY")
	text := m.What + ". " + m.Charged + " " + m.Next
	if m.Detail != "" {
		text += " (" + m.Detail + ")"
	}
	return text
}
