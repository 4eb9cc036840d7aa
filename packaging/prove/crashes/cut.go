package crashes

import (
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"veratill/packaging/prove/simdisk"
	"veratill/txn/disk"
	"veratill/txn/journal"
)

// Budget says when to stop: at so many unique states, or when the time is over.
type Budget struct {
	States     int
	For        time.Duration // 0 is no limit
	Seed       uint64
	Migrations fs.FS // the journal's own
	OneIn      int   // looks at one cut in so many, chosen at random; 0 and 1 look at all
}

// Result is what was found.
type Result struct {
	States, Nested, Recordings int // unique states; those of a recovery among them
	Violations                 []string
}

// nestedOdds is how rarely the recovery of a state is itself recorded and cut.
const nestedOdds = 200

type explorer struct {
	budget Budget
	Result
	seen   map[uint64]struct{}
	random *rand.Rand
	until  time.Time
}

// Explore records every workload, with other choices each time, cuts it everywhere, and
// opens what is left, until the budget is used or three lies are found.
func Explore(b Budget) (Result, error) {
	x := newExplorer(b)
	for round := uint64(0); !x.over(); round++ {
		for n := range workloads {
			if x.over() {
				break
			}
			rec, err := record(n, b.Seed*1_000_003+round, b.Migrations)
			if err != nil {
				return x.Result, err
			}
			x.Recordings++
			if err := x.cutAll(rec, 0); err != nil {
				return x.Result, err
			}
		}
	}
	return x.Result, nil
}

func newExplorer(b Budget) *explorer {
	return &explorer{budget: b, seen: map[uint64]struct{}{}, random: rand.New(rand.NewPCG(b.Seed, 0xC7A5)),
		until: time.Now().Add(b.For)}
}

func (x *explorer) over() bool {
	return len(x.Violations) >= 3 || x.budget.States > 0 && x.States >= x.budget.States ||
		x.budget.For > 0 && time.Now().After(x.until)
}

// drawsOf is how often a policy is asked at one point: those that choose, several times.
var drawsOf = map[simdisk.Policy]int{simdisk.LoseAll: 1, simdisk.KeepAll: 1, simdisk.Prefix: 4, simdisk.Subset: 8, simdisk.Torn: 16, simdisk.Garbage: 8}

// cutAll plays a recording on its disk, and cuts after each change.
func (x *explorer) cutAll(rec recording, depth int) error {
	base := rec.base
	defer base.Close()
	promised, next := moment{}, 0
	for i := 0; i <= len(rec.changes) && !x.over(); i++ {
		for next < len(rec.moments) && rec.moments[next].change <= i {
			promised.seq = max(promised.seq, rec.moments[next].seq)
			promised.backup = promised.backup || rec.moments[next].backup
			next++
		}
		for _, policy := range simdisk.Policies {
			for range drawsOf[policy] {
				if x.budget.OneIn > 1 && x.random.IntN(x.budget.OneIn) > 0 {
					continue
				}
				if err := x.look(rec, base.Cut(policy, x.random), promised, depth, fmt.Sprintf("%s, after change %d of %d, %s", rec.name, i, len(rec.changes), policy)); err != nil {
					return err
				}
			}
		}
		if i < len(rec.changes) {
			if err := base.Play(rec.changes[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// look opens a state that was not seen yet, and judges it.
func (x *explorer) look(rec recording, state *simdisk.Disk, promised moment, depth int, where string) error {
	defer state.Close()
	key := state.Sum() ^ uint64(promised.seq+1)*0x9E3779B97F4A7C15
	if _, seen := x.seen[key]; seen || x.over() {
		return nil
	}
	x.seen[key] = struct{}{}
	x.States++
	if depth > 0 {
		x.Nested++
	}
	nest := depth == 0 && x.random.IntN(nestedOdds) == 0
	again := recording{name: "recovery of " + where, sums: rec.sums, backedUp: rec.backedUp, late: rec.late}
	if nest {
		again.base = state.Cut(simdisk.KeepAll, x.random)
		state.Record = func(c simdisk.Change) { again.changes = append(again.changes, c) }
	}
	last, lie := judge(rec, state, promised)
	if lie != "" {
		x.Violations = append(x.Violations, where+": "+lie)
	}
	if !nest {
		return nil
	}
	again.entries = maps.Clone(rec.entries)
	again.entries[last.seq] = last.entry // as it was found it is promised from now on
	again.moments = []moment{{seq: promised.seq, backup: promised.backup}, {change: len(again.changes), seq: last.seq}}
	return x.cutAll(again, depth+1)
}

// found is the last entry of a recording that a state holds, as it is there.
type found struct {
	seq int64
	entry
}

// judge opens a state and says what is wrong with it.
func judge(rec recording, state *simdisk.Disk, promised moment) (last found, lie string) {
	j, err := journal.Open(ctx, folder(state), options(state, rec.late))
	if err != nil {
		return last, "it does not open: " + err.Error()
	}
	defer j.Abandon()
	if last, lie = lastWritten(j, rec); lie != "" {
		return last, lie
	}
	if last.seq < promised.seq {
		return last, fmt.Sprintf("entry %d was acknowledged, and the last is %d", promised.seq, last.seq)
	}
	if last.seq > 0 {
		sum, err := j.Sum(ctx)
		if err != nil {
			return last, "its tables can't be read: " + err.Error()
		}
		if sum != rec.sums[last.seq] {
			return last, fmt.Sprintf("its tables are not those of entry %d", last.seq)
		}
	}
	if promised.backup {
		return last, judgeBackup(rec, state)
	}
	return last, ""
}

// lastWritten goes back to the last entry of the recording, over what starts have written since.
func lastWritten(j *journal.Journal, rec recording) (last found, lie string) {
	head, _ := j.Head()
	for seq := head; seq > 0; seq-- {
		e, err := j.Entry(ctx, seq)
		body := string(e.Body)
		last = found{seq, entryOf(e)}
		if err != nil {
			return last, "an entry can't be read: " + err.Error()
		}
		if last.hash == rec.entries[seq].hash {
			return last, ""
		}
		if !ofAStart(body) {
			return last, fmt.Sprintf("entry %d is none that was written: %s", seq, body)
		}
	}
	return found{}, ""
}

// ofAStart tells what a start writes by itself.
func ofAStart(body string) bool {
	for _, word := range []string{"boot", "tidied", "renewed"} {
		if strings.HasPrefix(body, `{"by":"till","records":[{"`+word+`"`) {
			return true
		}
	}
	return false
}

// judgeBackup puts the backup in a folder of its own and opens it.
func judgeBackup(rec recording, state *simdisk.Disk) string {
	content, err := disk.ReadFile(state, state.Root()+"/backup/copy.db")
	if err != nil {
		return "the backup is gone: " + err.Error()
	}
	restored := simdisk.New(1)
	defer restored.Close()
	f, err := restored.Open(folder(restored)+"/"+journal.Name(1), os.O_WRONLY|os.O_CREATE)
	if err == nil {
		_, err = f.Write(content)
	}
	if err != nil {
		return err.Error()
	}
	_, lie := judge(rec, restored, moment{seq: rec.backedUp})
	if lie != "" {
		return "the backup: " + lie
	}
	return ""
}
