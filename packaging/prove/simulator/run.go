package simulator

import (
	"cmp"
	"context"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"veratill/packaging/prove/simdisk"
	"veratill/txn"
	"veratill/txn/hostsim/bank"
	"veratill/txn/iso8583"
	"veratill/txn/journal"
	"veratill/txn/vault"
)

// Result is what came of a history.
type Result struct {
	Sales, Messages, PowerCuts, Kills, Starts, FailedStarts int
	Kept                                                    int // raw messages, at the end

	Simulated  time.Duration
	Hash       uint64 // of all that happened: the same for the same script
	Violations []string
	Transcript string
}

// Add adds the counts of another history.
func (r *Result) Add(other Result) {
	r.Sales += other.Sales
	r.Messages += other.Messages
	r.PowerCuts += other.PowerCuts
	r.Kills += other.Kills
	r.Starts += other.Starts
	r.FailedStarts += other.FailedStarts
	r.Simulated += other.Simulated
	r.Violations = append(r.Violations, other.Violations...)
}

var zonesMu sync.Mutex // time.Local is the program's, so one history runs at a time

// setLocal makes a zone the program's. The race detector does not see that nobody reads it
// then; under it the program's zone stays what it is.
func setLocal(zone *time.Location) {
	if !raceDetector {
		time.Local = zone
	}
}

// Run lives through a script, in a bubble of testing/synctest: its clock is simulated.
func Run(t *testing.T, s Script, transcribe bool) Result {
	zonesMu.Lock()
	defer zonesMu.Unlock()
	local := time.Local
	defer setLocal(local)
	if s.Codes {
		if _, err := walletKeys(); err != nil {
			return Result{Violations: []string{err.Error()}}
		}
	}
	var r Result
	synctest.Test(t, func(*testing.T) { deepen(); r = live(s, transcribe) })
	return r
}

func live(s Script, transcribe bool) Result {
	w := &world{printerReady: true, zone: time.UTC, told: map[txn.ID]string{}, toldPaid: map[int64]bool{}, requests: map[txn.ID]int{},
		papers: map[txn.ID]*papers{}, receipts: map[int64]*papers{}, shown: map[txn.ID]bool{}, signed: map[txn.ID][]string{}, others: map[int64]bank.Row{}, doubtful: map[txn.ID]bool{}, cases: map[int64]txn.CaseState{}, denied: map[denial]bool{}, folders: folders{marks: map[string]*kept{}, paid: map[int64]bool{}}, seed: s.Seed, verify: s.Seed%8 == 0 || s.Lying, lying: s.Lying}
	w.faults.Ended = func(u simdisk.Upcoming) {
		w.policy = u.Cut
		w.life.end()
	}
	if transcribe {
		w.transcript = &strings.Builder{}
	}
	var err error
	if w.profile, err = iso8583.ProfileByName(s.Profile); err != nil {
		return Result{Violations: []string{err.Error()}}
	}
	setLocal(w.zone)
	w.bank = newHost(w)
	w.bank.is(s.Bank, s.Clock)
	if s.Codes {
		if err := w.openProviders(); err != nil {
			return Result{Violations: []string{err.Error()}}
		}
		defer w.providers.close()
	}
	if s.Cable {
		if err := w.openTerminal(); err != nil {
			return Result{Violations: []string{err.Error()}}
		}
		defer w.readers.close()
	}
	w.disk = firstDisk(s.Seed)
	w.kept = newRawMessages(s.Seed, cmp.Or(s.Messages, brokenBy(s.Seed)))
	begun := time.Now()
	if err := w.boot(); err != nil {
		w.bad("a new till does not start: %v", err)
	} else {
		w.tell(s)
	}
	w.bury()
	w.disk.Close()
	w.kept.close()
	if w.folders.copy != nil {
		w.folders.copy.Close()
	}
	r := Result{Sales: w.sales, Messages: w.messages, PowerCuts: w.cuts, Kills: w.kills - 1, Starts: w.lives, FailedStarts: w.failedBoots,
		Simulated: time.Since(begun), Hash: w.hash, Violations: w.violations, Kept: w.rawKept}
	if transcribe {
		r.Transcript = w.transcript.String()
	}
	return r
}

// firstDisk is what the first program of a history finds: in one of eight an empty disk, on
// which it has to make everything, and in the others what one that did has left.
func firstDisk(seed uint64) *simdisk.Disk {
	if seed%8 == 1 {
		return simdisk.New(seed)
	}
	return installed().Cut(simdisk.KeepAll, rand.New(rand.NewPCG(seed, 0x1D15C)))
}

// newID is the number of all simulated books: nothing here may be random.
func newID() string { return "0123456789abcdef0123456789abcdef" }

// installed is a disk with a journal and a key, both synced, that a program has been killed on.
var installed = sync.OnceValue(func() *simdisk.Disk {
	d := simdisk.New(0)
	dir := d.Root() + "/till"
	j, err := journal.Open(context.Background(), dir, journal.Options{Disk: d, Now: func() time.Time { return epoch }, NewID: newID})
	if err == nil {
		_, err = vault.Open(d, dir)
	}
	if err != nil {
		panic("nothing was wrong with this disk: " + err.Error())
	}
	d.Stop(simdisk.Killed)
	_ = j.Abandon() // a killed program's files are not closed in order either
	return d
})

// tell goes through the steps, lets everything end, and judges.
func (w *world) tell(s Script) {
	for _, step := range s.Steps {
		w.wait(step.After)
		w.act(step)
		if w.lied() {
			return
		}
	}
	w.cashier.Wait()
	w.wait(0)
	if w.lied() {
		return
	}
	w.finish()
	if w.providers != nil {
		w.orders = w.providers.sim.Orders()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.refused {
		w.judge()
	}
}
