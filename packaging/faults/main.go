// Command faults breaks the shipped program at the system calls of a card sale, one
// at a time: each write, sync, creation and renaming fails once, or from then on, with
// EIO or ENOSPC or comes back short; and the program is killed at every call that it
// makes. Then nothing is broken any more, what is owed is settled, and what the
// program had said is held against journal, ledger and paper.
//
//	faults -veratill PATH [-for 50s | -all] [-only faults|kills] [-fresh] [-seed N]
//
// Without -all it takes a sample: the syncs first, the rest by chance until the time
// is over. -fresh makes each sale the first one of a new folder.
// It prints one `name: value` a line, `violations` last, and ends with 1 unless that is 0.
package main

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"sort"
	"time"

	"veratill/packaging/tracer"
)

func main() {
	program := flag.String("veratill", "", "the program to break")
	during := flag.Duration("for", 50*time.Second, "how long a sample is taken")
	all := flag.Bool("all", false, "break every call in every way")
	only := flag.String("only", "", "faults or kills; both when left out")
	fresh := flag.Bool("fresh", false, "each sale is the first one of a new folder")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "of the sample")
	flag.Parse()
	t, err := begin(*program, *fresh)
	if errors.Is(err, tracer.ErrUnsupported) {
		fmt.Println("skipped:", err)
		return
	}
	stopOn(err)
	defer t.close()
	jobs := t.jobs(*only)
	fmt.Printf("system_calls_of_a_sale: %d\nfault_points: %d\n", t.calls, len(t.points))
	if *all {
		for _, j := range jobs {
			t.runOnAndOn(j)
		}
	} else {
		fmt.Printf("seed: %d\n", *seed)
		sample(t, jobs, *during, rand.New(rand.NewPCG(*seed, 1)))
	}
	t.judgeShop()
	t.print()
	if len(t.found) > 0 {
		t.close()
		os.Exit(1)
	}
}

// sample spreads the jobs over their positions and takes them by chance until the time is over.
func sample(t *trial, jobs []job, during time.Duration, random *rand.Rand) {
	until := time.Now().Add(during)
	var first, rest []job
	for _, j := range jobs {
		for n := 1; n <= j.upTo; n++ {
			j.nth = n
			if j.kind == syncs && !j.on {
				first = append(first, j)
			} else {
				rest = append(rest, j)
			}
		}
	}
	random.Shuffle(len(rest), func(i, k int) { rest[i], rest[k] = rest[k], rest[i] })
	// Kills are by far the most: faults and kills take turns, so that each gets its half.
	var kills, faults []job
	for _, j := range rest {
		if j.kind == every {
			kills = append(kills, j)
		} else {
			faults = append(faults, j)
		}
	}
	for i := 0; time.Now().Before(until) && (i < len(first) || len(kills)+len(faults) > 0); i++ {
		if i < len(first) {
			t.run(first[i])
			continue
		}
		if len(faults) > 0 {
			t.run(faults[0])
			faults = faults[1:]
		}
		if len(kills) > 0 {
			t.run(kills[0])
			kills = kills[1:]
		}
	}
}

// beyond is how often in a row a position is not reached before a job is through:
// one sale makes a few calls more than another.
const beyond = 5

// runOnAndOn breaks the 1st, 2nd, 3rd … call until the sale ends before it.
func (t *trial) runOnAndOn(j job) {
	missed := 0
	for j.nth = 1; missed < beyond; j.nth++ {
		if t.run(j) {
			missed = 0
		} else {
			missed++
		}
	}
}

func (t *trial) print() {
	keys := make([]string, 0, len(t.tally))
	for k := range t.tally {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		fmt.Printf("%s: %d\n", k, t.tally[k])
	}
	for _, v := range t.found {
		fmt.Println("violation:", v)
	}
	fmt.Printf("violations: %d\n", len(t.found))
}

func stopOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "faults:", err)
		os.Exit(1)
	}
}
