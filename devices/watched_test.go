package devices

import (
	"slices"
	"testing"
)

// Watchers hear each change once and in order; the time of a status is that of its last change; after its end
// nothing is taken any more.
func TestWatched(t *testing.T) {
	var w Watched
	if s := w.Status(); s.Health != Offline || s.Reason != None {
		t.Errorf("before anything: %+v", s)
	}
	w.Begin()
	var heard []Reason
	w.Watch(func(s Status) { heard = append(heard, s.Reason) })
	w.Set(Offline, Unplugged, "first")
	since := w.Status().Since
	w.Set(Offline, Unplugged, "second")
	if s := w.Status(); s.Since != since || s.Detail != "second" {
		t.Errorf("the same again: %+v", s)
	}
	w.Set(Ready, None, "")
	w.End(Offline, Closed, "")
	w.Set(Ready, None, "")
	if s := w.Status(); s.Reason != Closed {
		t.Errorf("after its end: %+v", s)
	}
	if want := []Reason{Unplugged, None, Closed}; !slices.Equal(heard, want) {
		t.Errorf("%q and not %q", heard, want)
	}
}
