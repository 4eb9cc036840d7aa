// Command faults breaks the shipped program at the system calls of a card sale, one
// at a time: each write, sync, creation and renaming fails once, or from then on, with
// EIO or ENOSPC or comes back short; and the program is killed at every call that it
// makes. Then nothing is broken any more, what is owed is settled, and what the
// program had said is held against journal, ledger and paper.
//
//	faults -veratill PATH [-for 50s | -all] [-only faults|kills] [-fresh] [-at REGEXP] [-seed N]
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
	"regexp"
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
	at := flag.String("at", "", "only calls that this `regexp` fits, as CALL_FILE, such as pwrite64_journal")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "of the sample")
	flag.Parse()
	fits, err := regexp.Compile(*at)
	stopOn(err)
	t, err := begin(*program, *fresh, fits)
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

// sample takes the syncs that fail once, one after the other, and then faults and kills in
// turn, by chance, until the time is over: kills are by far the most, and each gets its half.
func sample(t *trial, jobs []job, during time.Duration, random *rand.Rand) {
	until := time.Now().Add(during)
	var first, faults, kills []job
	for _, j := range jobs {
		for j.nth = 1; j.nth <= j.upTo+beyond; j.nth++ { // a later sale may make some more
			switch {
			case j.kind == every:
				kills = append(kills, j)
			case j.kind == syncs && !j.on:
				first = append(first, j)
			default:
				faults = append(faults, j)
			}
		}
	}
	for _, some := range [][]job{faults, kills} {
		random.Shuffle(len(some), func(i, k int) { some[i], some[k] = some[k], some[i] })
	}
	for _, j := range first {
		if time.Now().Before(until) {
			t.run(j)
		}
	}
	for i := 0; time.Now().Before(until) && len(faults)+len(kills) > 0; i++ {
		for _, some := range [][]job{faults, kills} {
			if len(some) > 0 {
				t.run(some[i%len(some)])
			}
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
