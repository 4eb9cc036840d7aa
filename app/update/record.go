package update

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"veratill/assets/files"
	"veratill/txn/disk"
)

// State is how far an update has come.
type State string

// The closed set of states, in their order. From Trial an update becomes Good or WentBack.
const (
	None       State = ""
	Offered    State = "offered"    // a manifest was believed, and it is newer
	BackedUp   State = "backed up"  // the file and a backup of the books are there and verified
	Installing State = "installing" // the package manager or the set-up has been let loose
	Trial      State = "trial"      // the new version's first start has begun
	Good       State = "good"       // it has come up; from here it may sell, and never goes back
	WentBack   State = "went back"  // it has not, and the version before runs
)

// States lists the closed set.
var States = []State{None, Offered, BackedUp, Installing, Trial, Good, WentBack}

// Seen is the newest manifest that was believed: an older one is a replay.
type Seen struct {
	Release
	Date string `json:"date,omitempty"` // YYYY-MM-DD
}

// Offer is what a manifest offers to this till.
type Offer struct {
	Release
	Date  string `json:"date"`
	Notes Notes  `json:"notes"`
	File  File   `json:"file"`
}

// Backup is the books as they were before.
type Backup struct {
	Name    string `json:"name"`    // in the folder of updates
	Books   string `json:"books"`   // the data folder whose journal it is
	Entries int64  `json:"entries"` // that it holds
	Head    string `json:"head"`    // hex of the newest entry's hash
}

// Record is what is known of updates on a till. Each of its methods that changes it gives the
// record after it, or a Fault of WrongState and changes nothing.
type Record struct {
	State     State   `json:"state"`
	AtMs      int64   `json:"atMs"`      // of the last change of State
	CheckedMs int64   `json:"checkedMs"` // of the last manifest that was believed
	Seen      Seen    `json:"seen"`
	Offer     *Offer  `json:"offer,omitempty"`
	From      Release `json:"from,omitzero"`      // what ran when it was offered
	Kind      Kind    `json:"kind,omitempty"`     // how it gets onto this computer
	Program   string  `json:"program,omitempty"`  // the file that is replaced
	Package   string  `json:"package,omitempty"`  // what was fetched, in the folder of updates
	Previous  string  `json:"previous,omitempty"` // a copy of the version before, in the folder of updates
	Backup    *Backup `json:"backup,omitempty"`
	Gone      Release `json:"gone,omitzero"`   // went back, and may still be in its place: From runs in its stead
	Trial     string  `json:"trial,omitempty"` // names the first start that is under way
	Fault     Code    `json:"fault,omitempty"` // why it went back, or is not installed
	Detail    string  `json:"detail,omitempty"`
	Told      bool    `json:"told,omitempty"` // the window has said Fault
}

// enter goes to a state from one of some others.
func (r Record) enter(to State, at time.Time, from ...State) (Record, error) {
	for _, f := range from {
		if r.State == f {
			r.State, r.AtMs = to, at.UnixMilli()
			return r, nil
		}
	}
	return r, fault(WrongState, "%q can't follow %q", to, r.State)
}

// believe takes a verified manifest: it is Offered if it is newer than what runs (me). Errors:
// Replayed where a newer one was seen before, NoFile, and WrongState while an update of me is
// under way. A version that went back is not offered again; Retry is for that.
func (r Record) believe(m Manifest, me Release, goos, goarch string, kind Kind, at time.Time) (Record, error) {
	if c := m.Release.Compare(r.Seen.Release); c < 0 || c == 0 && m.Date < r.Seen.Date {
		return r, fault(Replayed, "%s of %s, and %s of %s was seen", m.Version, m.Date, r.Seen.Version, r.Seen.Date)
	}
	if r.underWay(me) {
		return r, fault(WrongState, "%s is %s", r.Offer.Version, r.State)
	}
	r.Seen, r.CheckedMs = Seen{m.Release, m.Date}, at.UnixMilli()
	if m.Release.Compare(me) <= 0 || r.State == WentBack && r.Offer != nil && r.Offer.Release == m.Release {
		return r, nil
	}
	file, err := m.For(goos, goarch, kind)
	if err != nil {
		return r, err
	}
	offer := Offer{m.Release, m.Date, m.Notes, file}
	if r.State == BackedUp && r.Offer != nil && *r.Offer == offer && r.From == me {
		return r, nil
	}
	next := Record{State: Offered, AtMs: at.UnixMilli(), CheckedMs: r.CheckedMs, Seen: r.Seen, Offer: &offer, From: me, Kind: kind}
	if next.Program = r.place(me, ""); next.Program != "" {
		next.Gone, next.Previous = r.Gone, r.Previous
	}
	return next, nil
}

// place is the file that an update of me replaces: its own, but where it runs in the stead of a
// version that went back, that one's.
func (r Record) place(me Release, own string) string {
	if r.Program != "" && r.From == me && (r.State == WentBack || r.State == Offered || r.State == BackedUp) {
		return r.Program
	}
	return own
}

// underWay reports whether an update to or from me has begun and not ended.
func (r Record) underWay(me Release) bool {
	return r.Offer != nil && (r.State == Installing || r.State == Trial) && (me == r.Offer.Release || me == r.From)
}

// Ready reports whether there is something that me may install: never what is older.
func (r Record) Ready(me Release) error {
	switch {
	case r.Offer == nil || r.State != Offered && r.State != BackedUp:
		return fault(Nothing, "")
	case r.Offer.Compare(me) <= 0:
		return fault(Older, "%s, and %s runs", r.Offer.Version, me.Version)
	}
	return nil
}

// backUp says that the file is fetched and the books are backed up, both verified.
func (r Record) backUp(me Release, pack, previous, program string, b Backup, at time.Time) (Record, error) {
	if err := r.Ready(me); err != nil {
		return r, err
	}
	r.From, r.Package, r.Previous, r.Program, r.Backup = me, pack, previous, program, &b
	r.Fault, r.Detail = "", ""
	return r.enter(BackedUp, at, Offered, BackedUp)
}

// Begin says that installing begins. It waits for a backup.
func (r Record) Begin(at time.Time) (Record, error) {
	if r.Offer == nil || r.Backup == nil || r.Package == "" {
		return r, fault(WrongState, "there is no backup")
	}
	return r.enter(Installing, at, BackedUp)
}

// notBegun says that the new version did not get into its place; it is on offer as before.
func (r Record) notBegun(f *Fault, at time.Time) (Record, error) {
	return r.Fail(f).enter(Offered, at, Installing)
}

// Fail keeps what kept it from being installed, for whoever looks next.
func (r Record) Fail(f *Fault) Record {
	r.Fault, r.Detail, r.Told = f.Code, f.Detail(), false
	return r
}

// try says that the first start begins; id names it.
func (r Record) try(id string, at time.Time) (Record, error) {
	r.Trial, r.Fault, r.Detail = id, "", ""
	return r.enter(Trial, at, Installing)
}

// postpone says that a person ended the first start before it was ready: the next one is the first.
func (r Record) postpone(at time.Time) (Record, error) {
	r.Trial = ""
	return r.enter(Installing, at, Trial)
}

// Pass says that the new version has come up.
func (r Record) Pass(at time.Time) (Record, error) {
	r.Trial, r.Fault, r.Detail, r.Package, r.Previous, r.Gone = "", "", "", "", "", Release{}
	return r.enter(Good, at, Installing, Trial)
}

// GoBack says that it has not, and that the version before runs.
func (r Record) GoBack(f *Fault, at time.Time) (Record, error) {
	r.Trial = ""
	if r.Offer != nil {
		r.Gone = r.Offer.Release
	}
	return r.Fail(f).enter(WentBack, at, Installing, Trial)
}

// Again lets a version that went back be offered once more.
func (r Record) Again(me Release, at time.Time) (Record, error) {
	if r.Offer == nil || r.Offer.Compare(me) <= 0 {
		return r, fault(Nothing, "")
	}
	r.Backup, r.Package, r.Fault, r.Detail = nil, "", "", ""
	return r.enter(Offered, at, WentBack, Offered, BackedUp)
}

// Verdict is what a program does when it is started.
type Verdict int

// The closed set of verdicts.
const (
	GoOn      Verdict = iota // nothing is under way that concerns it
	OnTrial                  // it is on trial, and somebody watches
	WantWatch                // its first start needs the version before to watch
	StandBack                // it went back: the version before takes over
	Unlucky                  // it is the version before, and the new one did not get into its place
	Finish                   // it is the version before, and a trial was cut short
)

// Judge says what the program me has to do at its start; trial is the name of the trial that it was started for.
func (r Record) Judge(me Release, trial string) Verdict {
	if r.Offer == nil {
		return GoOn
	}
	begun := r.State == Installing || r.State == Trial
	switch {
	case me == r.Offer.Release && r.State == Trial && trial != "" && trial == r.Trial:
		return OnTrial
	case me == r.Offer.Release && begun:
		return WantWatch
	case me == r.Gone && r.Gone != Release{}:
		return StandBack
	case me == r.From && r.State == Installing:
		return Unlucky
	case me == r.From && r.State == Trial:
		return Finish
	}
	return GoOn
}

// recordBytes is more than any record takes.
const recordBytes = 1 << 20

// recordFile is the record's name in the folder of updates.
const recordFile = "record.json"

// load reads the record of a folder of updates; without one it is empty. The error is a Fault of
// RecordDamaged, OthersWrite or CantWrite, and the record is empty then.
func load(dir string) (Record, error) {
	return loadBy(dir, files.Guarded) // it says what is run and installed
}

func loadBy(dir string, open func(path string, limitBytes int64) (*os.File, error)) (Record, error) {
	f, err := open(filepath.Join(dir, recordFile), recordBytes)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Record{}, nil
	case errors.Is(err, files.ErrOthers):
		return Record{}, fault(OthersWrite, "%w", err)
	case err != nil:
		return Record{}, fault(CantWrite, "%w", err)
	}
	text, err := files.Rest(f, recordBytes)
	if err = errors.Join(err, f.Close()); err != nil {
		return Record{}, fault(CantWrite, "%w", err)
	}
	return parseRecord(text)
}

func parseRecord(text []byte) (Record, error) {
	var r Record
	if err := json.Unmarshal(text, &r); err != nil {
		return Record{}, fault(RecordDamaged, "%w", err)
	}
	known := false
	for _, s := range States {
		known = known || s == r.State
	}
	if !known || r.State != None && r.Offer == nil {
		return Record{}, fault(RecordDamaged, "state %q", r.State)
	}
	for _, name := range r.names() {
		if name != "" && name != filepath.Base(name) {
			return Record{}, fault(RecordDamaged, "%q is outside the folder", name)
		}
	}
	return r, nil
}

// names are the files in the folder of updates that the record needs.
func (r Record) names() []string {
	all := []string{r.Package, r.Previous}
	if r.Backup != nil {
		all = append(all, r.Backup.Name)
	}
	return all
}

// Save makes the record durable, whole: after a power cut it is the old or the new one.
func (r Record) Save(dir string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := files.MakeOwn(dir); err != nil {
		return write(err)
	}
	return write(disk.Replace(disk.System{}, filepath.Join(dir, recordFile), text))
}
