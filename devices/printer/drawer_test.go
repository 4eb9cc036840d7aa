package printer

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func kick(t *testing.T, u *unit) time.Duration {
	t.Helper()
	began := time.Now()
	if err := u.d.KickDrawer(context.Background()); err != nil {
		t.Fatal(err)
	}
	took := time.Since(began)
	pass(2 * time.Second)
	return took
}

// A kick teaches which level means open, on drawers of both kinds and with and without
// automatic status; from then on the state is known and watched.
func TestDrawerIsLearnedFromAKick(t *testing.T) {
	for _, traits := range []Traits{{}, {DrawerOpenHigh: true}, {NoAuto: true}, {NoAuto: true, DrawerOpenHigh: true}} {
		synctest.Test(t, func(t *testing.T) {
			u := onPipe(traits, quick, nil)
			defer u.d.Close()
			var seen []DrawerState
			u.d.WatchDrawer(func(s DrawerState) { seen = append(seen, s) })
			pass(time.Second)
			if u.d.Drawer() != NotKnown || u.d.DrawerOpen() != LevelNotKnown {
				t.Fatal("it was known before anything was seen")
			}
			kick(t, u)
			want := OpenIsLow
			if traits.DrawerOpenHigh {
				want = OpenIsHigh
			}
			if u.d.DrawerOpen() != want || u.d.Drawer() != Opened || ParseDrawerLevel(want.String()) != want {
				t.Fatalf("%+v: level %q, %v", traits, u.d.DrawerOpen(), u.d.Drawer())
			}
			u.Set(Condition{})
			pass(time.Second)
			if _, err := u.d.Refresh(context.Background()); err != nil || u.d.Drawer() != Closed {
				t.Errorf("%+v: shut, %v, %v", traits, u.d.Drawer(), err)
			}
			if fmt.Sprint(seen) != "[open closed]" {
				t.Errorf("%+v: watched %v", traits, seen)
			}
			if u.KicksOn(2) != 1 || u.KicksOn(5) != 0 {
				t.Error("pins")
			}
		})
	}
}

// A drawer that is known to be shut and does not open is an error with its reason; one
// without a sensor never is, and nobody waits for it.
func TestDrawerThatDoesNotOpen(t *testing.T) {
	for _, c := range []struct {
		traits Traits
		pin    int
		level  DrawerLevel
		stuck  bool
	}{
		{Traits{DrawerStuck: true}, 0, OpenIsLow, true},
		{Traits{DrawerStuck: true, NoAuto: true}, 0, OpenIsLow, true},
		{Traits{DrawerOnPin5: true}, 2, OpenIsLow, true},
		{Traits{DrawerOnPin5: true}, 5, OpenIsLow, false},
		{Traits{}, 5, OpenIsLow, true},
		{Traits{DrawerOpenHigh: true}, 0, OpenIsHigh, false},
		{Traits{DrawerStuck: true}, 0, LevelNotKnown, false},
		{Traits{NoDrawerSensor: true}, 0, LevelNotKnown, false},
		{Traits{Mute: true}, 0, OpenIsLow, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			conf := quick
			conf.DrawerPin, conf.DrawerOpen = c.pin, c.level
			u := onPipe(c.traits, conf, nil)
			defer u.d.Close()
			pass(time.Second)
			began := time.Now()
			err := u.d.KickDrawer(context.Background())
			var f *Fault
			if errors.As(err, &f) != c.stuck || c.stuck && f.Reason != DrawerStuck {
				t.Errorf("%+v: %v", c, err)
			}
			if took := time.Since(began); !c.stuck && took > 100*time.Millisecond || took > 2*time.Second {
				t.Errorf("%+v took %v", c, took)
			}
			if want := c.level != LevelNotKnown && !c.traits.Mute; want != (u.d.Drawer() != NotKnown) {
				t.Errorf("%+v: %v", c, u.d.Drawer())
			}
			if synctest.Wait(); u.Kicks() != 1 {
				t.Errorf("%+v: %d pulses", c, u.Kicks())
			}
		})
	}
}

// A level that was given wrongly is learned anew from two kicks, and not from one: the
// first may have been a person's hand.
func TestDrawerLevelIsCorrected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conf := quick
		conf.DrawerOpen = OpenIsHigh
		u := onPipe(Traits{}, conf, nil)
		defer u.d.Close()
		pass(time.Second)
		if u.d.Drawer() != Opened {
			t.Fatal("the level that was given is not used")
		}
		for i, want := range []DrawerLevel{OpenIsHigh, OpenIsLow} {
			kick(t, u)
			if got := u.d.DrawerOpen(); got != want {
				t.Errorf("after %d kicks: open is %q", i+1, got)
			}
			u.Set(Condition{})
			pass(time.Second)
		}
	})
}

// Whoever waits for a job does not wait for a drawer, and the other way round.
func TestDrawerDoesNotHoldUpAJob(t *testing.T) {
	makeJobs(t)
	synctest.Test(t, func(t *testing.T) {
		conf := quick
		conf.DrawerOpen = OpenIsLow
		u := onPipe(Traits{DrawerStuck: true}, conf, nil)
		defer u.d.Close()
		pass(time.Second)
		go func() { _ = u.d.KickDrawer(context.Background()) }()
		synctest.Wait()
		began := time.Now()
		if r := u.d.Print(context.Background(), Job{ID: 1, Bytes: lostJob}); r.Outcome != Printed || time.Since(began) > 100*time.Millisecond {
			t.Errorf("%+v after %v", r, time.Since(began))
		}
		pass(2 * time.Second)
	})
}

// A printer without automatic status is asked before the kick: what it said last is old.
func TestDrawerIsLookedAtBeforeAKick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conf := quick
		conf.DrawerOpen = OpenIsLow
		u := onPipe(Traits{NoAuto: true, DrawerStuck: true}, conf, nil)
		defer u.d.Close()
		u.Set(Condition{DrawerOpen: true})
		if _, err := u.d.Refresh(context.Background()); err != nil { // it may have been asked before that
			t.Fatal(err)
		}
		pass(time.Second)
		if u.d.Drawer() != Opened {
			t.Fatal(u.d.Drawer())
		}
		u.Set(Condition{})
		var f *Fault
		if err := u.d.KickDrawer(context.Background()); !errors.As(err, &f) || f.Reason != DrawerStuck {
			t.Error(err)
		}
	})
}
