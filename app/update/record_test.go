package update

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"
)

var (
	oldOne = Release{"0.1.0", 1}
	newOne = Release{"0.2.0", 2}
	noon   = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
)

// in is a record in a state, with what belongs to it.
func in(s State) Record {
	r := Record{State: s, Seen: Seen{newOne, "2026-12-01"}, Offer: &Offer{Release: newOne, Date: "2026-12-01", File: whole().Files[0]}, From: oldOne,
		Kind: Archive, Program: "/opt/veratill/veratill", Package: "p", Previous: "v", Backup: &Backup{Name: "b", Books: "/books"}, Trial: "one"}
	if s == WentBack {
		r.Gone = newOne
	}
	if s == None {
		return Record{}
	}
	return r
}

// An update goes one way, and installing waits for a backup. Whatever is not in the table changes nothing.
func TestRecordGoesOneWay(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(r Record) (Record, error)
		from []State
		to   State
	}{
		"back up": {func(r Record) (Record, error) { return r.backUp(oldOne, "p", "v", "x", Backup{}, noon) }, []State{Offered, BackedUp}, BackedUp},
		"begin":   {func(r Record) (Record, error) { return r.Begin(noon) }, []State{BackedUp}, Installing},
		"not begun": {func(r Record) (Record, error) { return r.notBegun(fault(InstallFailed, ""), noon) },
			[]State{Installing}, Offered},
		"try":      {func(r Record) (Record, error) { return r.try("two", noon) }, []State{Installing}, Trial},
		"postpone": {func(r Record) (Record, error) { return r.postpone(noon) }, []State{Trial}, Installing},
		"pass":     {func(r Record) (Record, error) { return r.Pass(noon) }, []State{Installing, Trial}, Good},
		"go back":  {func(r Record) (Record, error) { return r.GoBack(fault(Crashed, ""), noon) }, []State{Installing, Trial}, WentBack},
		"again":    {func(r Record) (Record, error) { return r.Again(oldOne, noon) }, []State{WentBack, Offered, BackedUp}, Offered},
	} {
		for _, s := range States {
			before := in(s)
			after, err := c.do(in(s))
			if slices.Contains(c.from, s) {
				if err != nil || after.State != c.to || after.AtMs != noon.UnixMilli() {
					t.Errorf("%s from %q: %q, %v", name, s, after.State, err)
				}
				continue
			}
			if err == nil || after.State != before.State {
				t.Errorf("%s is possible from %q", name, s)
			}
		}
	}
	for _, me := range []Release{newOne, {"0.3.0", 1}} { // what was offered to an older program
		_, err := in(Offered).backUp(me, "p", "v", "x", Backup{}, noon)
		wants(t, "not newer", err, Older)
		_, err = in(WentBack).Again(me, noon)
		wants(t, "not newer, again", err, Nothing)
	}
	r := in(BackedUp)
	r.Backup = nil
	_, err := r.Begin(noon)
	wants(t, "without a backup", err, WrongState)
}

// A manifest is taken only forward: never an older one than was seen, never an older version than runs.
func TestBelieve(t *testing.T) {
	believe := func(r Record, m Manifest, me Release) (Record, error) {
		return r.believe(m, me, "linux", "amd64", Archive, noon)
	}
	r, err := believe(Record{}, whole(), oldOne)
	if err != nil || r.State != Offered || r.Offer.Release != newOne || r.From != oldOne || r.Seen.Release != newOne {
		t.Fatalf("%+v, %v", r, err)
	}
	older := whole()
	older.Version = "0.1.9"
	_, err = believe(r, older, oldOne)
	wants(t, "an older version", err, Replayed)
	older = whole()
	older.Build = 1
	_, err = believe(r, older, oldOne)
	wants(t, "an older build", err, Replayed)
	older = whole()
	older.Date = "2026-11-30"
	_, err = believe(r, older, oldOne)
	wants(t, "an older date", err, Replayed)
	for _, me := range []Release{newOne, {"0.2.0", 3}, {"1.0.0", 1}} { // it runs already, or something newer does
		if r, err := believe(Record{}, whole(), me); err != nil || r.State != None || r.Seen.Release != newOne {
			t.Errorf("for %v: %q, %v", me, r.State, err)
		}
	}
	m := whole()
	m.Files = m.Files[1:]
	r, err = believe(Record{}, m, oldOne)
	wants(t, "nothing for this computer", err, NoFile)
	if r.Seen.Release != newOne {
		t.Error("it was not seen")
	}
	for _, s := range []State{Installing, Trial} {
		for _, me := range []Release{oldOne, newOne} {
			_, err := believe(in(s), whole(), me)
			wants(t, string(s), err, WrongState)
		}
		if r, err := believe(in(s), later(), Release{"0.1.5", 1}); err != nil || r.State != Offered {
			t.Errorf("an update of another program than this keeps it from a newer one: %q, %v", r.State, err)
		}
	}
	if r, err := believe(in(WentBack), whole(), oldOne); err != nil || r.State != WentBack {
		t.Errorf("what went back is offered again by itself: %q, %v", r.State, err)
	}
	r, err = believe(in(WentBack), later(), oldOne)
	if err != nil || r.State != Offered || r.Offer.Version != "0.3.0" || r.Backup != nil {
		t.Errorf("after going back nothing newer is offered: %+v, %v", r, err)
	}
	if got := r.place(oldOne, "/usr/lib/previous"); got != "/opt/veratill/veratill" {
		t.Errorf("it would replace %s", got)
	}
	if got := in(Good).place(newOne, "/here"); got != "/here" {
		t.Errorf("it would replace %s", got)
	}
}

func later() Manifest {
	m := whole()
	m.Release, m.Date = Release{"0.3.0", 3}, "2026-12-24"
	return m
}

// What a program does at its start follows from the record and from who it is.
func TestJudge(t *testing.T) {
	other := Release{"0.5.0", 1}
	for _, c := range []struct {
		state State
		me    Release
		trial string
		want  Verdict
	}{
		{None, oldOne, "", GoOn}, {Offered, oldOne, "", GoOn}, {BackedUp, oldOne, "", GoOn}, {Offered, newOne, "", GoOn},
		{Installing, oldOne, "", Unlucky}, {Installing, newOne, "", WantWatch}, {Installing, newOne, "one", WantWatch}, {Installing, other, "", GoOn},
		{Trial, oldOne, "", Finish}, {Trial, oldOne, "one", Finish}, {Trial, newOne, "", WantWatch}, {Trial, newOne, "two", WantWatch},
		{Trial, newOne, "one", OnTrial}, {Trial, other, "one", GoOn},
		{Good, oldOne, "", GoOn}, {Good, newOne, "", GoOn}, {Good, newOne, "one", GoOn},
		{WentBack, oldOne, "", GoOn}, {WentBack, newOne, "", StandBack}, {WentBack, newOne, "one", StandBack}, {WentBack, other, "", GoOn},
	} {
		if got := in(c.state).Judge(c.me, c.trial); got != c.want {
			t.Errorf("%q, %v, %q: %d, want %d", c.state, c.me, c.trial, got, c.want)
		}
	}
	// What went back stands back also while something newer, or itself again, is on offer; its own trial is one.
	r, err := in(WentBack).believe(later(), oldOne, "linux", "amd64", Archive, noon)
	if err != nil || r.Judge(newOne, "") != StandBack || r.Judge(oldOne, "") != GoOn || r.Previous != "v" {
		t.Errorf("%+v, %v", r, err)
	}
	r, err = in(WentBack).Again(oldOne, noon)
	if err != nil || r.Judge(newOne, "") != StandBack || r.Judge(oldOne, "") != GoOn {
		t.Errorf("%+v, %v", r, err)
	}
	r.State = Installing
	if got := r.Judge(newOne, ""); got != WantWatch {
		t.Errorf("tried again: %d", got)
	}
	if r, err = r.Pass(noon); err != nil || r.Judge(newOne, "") != GoOn {
		t.Errorf("it has come up: %+v, %v", r, err)
	}
}

// The record is found as it was kept; a damaged one is put aside and said.
func TestRecordIsKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "updates")
	if r, err := load(dir); err != nil || r.State != None {
		t.Errorf("without a file: %+v, %v", r, err)
	}
	for _, s := range States {
		if err := in(s).Save(dir); err != nil {
			t.Fatal(err)
		}
		if got, err := load(dir); err != nil || !reflect.DeepEqual(got, in(s)) {
			t.Errorf("%+v, %v", got, err)
		}
	}
	for _, damaged := range []string{"", "{", `{"state":"paid"}`, `{"state":"good"}`, `{"state":"good","offer":{},"previous":"../../bin/sh"}`} {
		path := filepath.Join(dir, recordFile)
		if err := os.WriteFile(path, []byte(damaged), 0o600); err != nil {
			t.Fatal(err)
		}
		u := New(&Updater{Dir: dir})
		r, err := u.Record()
		wants(t, damaged, err, RecordDamaged)
		if r.State != None {
			t.Errorf("%s gives %q", damaged, r.State)
		}
		if kept, err := os.ReadFile(path + ".bad"); err != nil || string(kept) != damaged {
			t.Errorf("%q is not kept: %q, %v", damaged, kept, err)
		}
		if _, err := u.Record(); err != nil {
			t.Errorf("it is said twice: %v", err)
		}
	}
}
