package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// outcome is how a part ended.
type outcome struct {
	text string
	err  error
	took time.Duration
}

// tally adds up what the parts count.
type tally struct {
	mu    sync.Mutex
	order []string
	sums  map[string]float64
	lies  int
}

func newTally() *tally { return &tally{sums: map[string]float64{}} }

var line = regexp.MustCompile(`(?m)^([a-z][a-z0-9_]*): (-?[0-9.]+(?:e[-+]?[0-9]+)?)$`)

// take adds a part's counts. A part that ended badly and counts no violation is one.
func (t *tally) take(p part, o outcome) {
	t.mu.Lock()
	defer t.mu.Unlock()
	said := map[string]float64{}
	for _, m := range line.FindAllStringSubmatch(o.text, -1) {
		if v, err := strconv.ParseFloat(m[2], 64); err == nil {
			said[m[1]] = v
		}
	}
	lies := said["violations"] + said["mutants_missed"]
	if o.err != nil && lies == 0 {
		lies = 1
	}
	t.lies += int(lies)
	fmt.Printf("-- %s: %.0f s, %d violations\n", p.name, o.took.Seconds(), int(lies))
	t.keep(p.name, o, lies > 0)
	for _, name := range counted {
		if n, there := said[name]; there {
			t.add(name, n)
		}
	}
}

// counted are the counts that are shown, in their order. Each has its name wherever it is printed.
var counted = []string{"explorer_states", "explorer_transitions", "explorer_depth", "explorer_searches", "mutants", "mutants_caught", "mutants_missed",
	"sim_seeds", "sim_sales", "sim_messages", "sim_hours", "power_cuts", "sim_kills", "sim_seconds", "crash_states",
	"crash_states_of_recoveries", "crash_seconds", "kills", "power_cuts_ext4", "fuzz_targets", "fuzz_execs"}

func (t *tally) add(name string, v float64) {
	if _, there := t.sums[name]; !there {
		t.order = append(t.order, name)
	}
	t.sums[name] += v
}

// keep writes all that a part said into a file, and shows it where it found something.
func (t *tally) keep(name string, o outcome, show bool) {
	path := filepath.Join("build", "prove-"+name+".log")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err == nil {
		fmt.Fprintf(f, "%s\n%v\n", o.text, o.err)
		f.Close()
	}
	if show {
		fmt.Printf("%s\n%v\n", o.text, o.err)
	}
}

// print shows the sums, and reports whether there was no lie.
func (t *tally) print() bool {
	for _, name := range t.order {
		fmt.Printf("%s: %.0f\n", name, t.sums[name])
	}
	for _, rate := range []struct{ name, of, per string }{
		{"sim_sales_per_s", "sim_sales", "sim_seconds"}, {"power_cuts_per_s", "power_cuts", "sim_seconds"},
		{"crash_states_per_s", "crash_states", "crash_seconds"}} {
		if t.sums[rate.per] > 0 {
			fmt.Printf("%s: %.0f\n", rate.name, t.sums[rate.of]/t.sums[rate.per])
		}
	}
	fmt.Printf("violations: %d\n", t.lies)
	return t.lies == 0
}
