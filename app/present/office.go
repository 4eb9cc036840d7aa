package present

import (
	"context"
	"path/filepath"
	"strconv"
	"time"

	"veratill/txn"
	"veratill/txn/money"
)

// Office is what a manager does with the books beside selling.
type Office interface {
	// Backups lists those that can be found, the newest first.
	Backups(ctx context.Context) []Backup
	// LookAtBackup verifies one, and says what it has and what follows where it is restored. Nothing is changed.
	LookAtBackup(ctx context.Context, path string) (HeldBackup, error)
	// RestoreTo is a folder for a backup of a moment, beside the data folder.
	RestoreTo(made time.Time) string
	// RestoreBackup makes one the books of a folder that has none.
	RestoreBackup(ctx context.Context, by txn.Actor, path, dir string) (Restored, error)
	// Audit lists what people did and what rules decided, by the journal, the newest first: those that keep wants, so many at most.
	Audit(ctx context.Context, keep func(AuditEntry) bool, most int) (AuditPage, error)
	// Places are folders for files: those of downloads and sticks that are there, and the data folder.
	Places() []Place
	// Export writes a new file into a folder, by one of Endings, under a name that is free, and returns where it lies.
	Export(ctx context.Context, by txn.Actor, e Export, ending, dir string) (path string, err error)
	// Log is the end of the program's log, the newest line first.
	Log(ctx context.Context) ([]LogLine, error)
}

// Place is a folder for files.
type Place struct {
	Dir   string
	Stick bool // it may be pulled out: it lies in neither the user's nor the data folder
}

// Backup is a file that is a backup by its name.
type Backup struct {
	Name, Path, Folder string
	At                 time.Time // when it was made
}

// BackupStands is how a backup stands to the books that this till has open.
type BackupStands string

// The closed set of ways in which one stands.
const (
	OfOtherBooks BackupStands = "other"  // it is of other books
	BackupIsNow  BackupStands = "now"    // it is these books as they are
	BackupBefore BackupStands = "before" // these books went on from it
	BackupAhead  BackupStands = "ahead"  // it has more than these books
	BackupForked BackupStands = "forked" // the same books went on twice
)

// HeldBackup is what a backup has, and what follows where it is restored.
type HeldBackup struct {
	Path              string
	Shop, Till, Books string
	Entries, Attempts int64
	Day               int64 // the batch that is open in it
	DayOpenedMs       int64
	Currency          string
	LastZ             int64
	Sales             int64 // paid in that day
	SalesMinor        int64
	Last              txn.Attempt // the newest
	Owed              int         // attempts that are not known in it
	Here              BackupStands
	Behind            int64  // entries that a mark knows of and it lacks; −1 where no mark is of these books
	Number            txn.ID // the highest that was used up by then
}

// Restored is what came of restoring.
type Restored struct {
	Dir               string
	Entries, Attempts int64
	Beside            error // what lies beside the backup and was not brought along; nil where all was
}

// BackupHead says how a backup stands, and what follows where it is restored.
func (w *Words) BackupHead(h HeldBackup) Message {
	tone := map[BackupStands]Tone{BackupIsNow: Good, BackupBefore: Warning, OfOtherBooks: Warning, BackupAhead: Warning, BackupForked: Bad}[h.Here]
	pairs := []string{"entries", strconv.FormatInt(h.Behind, 10), "number", h.Number.String()}
	rule := "restore.rule.moved"
	switch {
	case h.Behind > 0:
		rule = "restore.rule.behind"
	case h.Behind == 0:
		rule = "restore.rule.newest"
	}
	return Message{Tone: tone, What: w.Text("restore.stands." + string(h.Here)), Next: w.Sentences(w.Text("restore.stands."+string(h.Here)+".next"), w.Text(rule, pairs...))}
}

// BackupFacts are what a backup has.
func (w *Words) BackupFacts(h HeldBackup) []Fact {
	c := money.Currency(h.Currency)
	facts := []Fact{
		{w.Text("restore.shop"), joined(h.Shop, h.Till)},
		{w.Text("restore.entries"), strconv.FormatInt(h.Entries, 10)},
		{w.Text("restore.payments"), strconv.FormatInt(h.Attempts, 10)},
		{w.Text("restore.day"), joined(strconv.FormatInt(h.Day, 10), w.moment(h.DayOpenedMs))},
		{w.Text("restore.sales"), w.Text("day.tally", "n", strconv.FormatInt(h.Sales, 10), "amount", Money(h.SalesMinor, c))},
		{w.Text("restore.z"), strconv.FormatInt(h.LastZ, 10)},
	}
	if h.Last.ID != 0 {
		facts = append(facts, Fact{w.Text("restore.last"), joined(w.moment(h.Last.OpenedMs), Money(h.Last.Amount.Minor, h.Last.Amount.Currency))})
	}
	if h.Owed > 0 {
		facts = append(facts, Fact{w.Text("restore.owed"), strconv.Itoa(h.Owed)})
	}
	return append(facts, Fact{w.Text("restore.file"), filepath.Base(h.Path)})
}

// RestoredNote says what came of restoring, and what to do next.
func RestoredNote(r Restored) Note {
	n := Note{Tone: Good, Key: "restore.done", Pairs: []string{"dir", r.Dir, "entries", strconv.FormatInt(r.Entries, 10)}}
	if r.Beside != nil {
		n.Tone, n.Key, n.Detail = Warning, "restore.done-in-part", r.Beside.Error()
	}
	return n
}
