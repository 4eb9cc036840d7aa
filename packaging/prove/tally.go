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
	text    string
	err     error
	took    time.Duration
	cut     bool // it had not ended when its slot was over
	stopped bool // somebody stopped the whole run
}

// tally adds up what the parts count.
type tally struct {
	mu    sync.Mutex
	order []string
	sums  map[string]float64
	lies  int
	cut   int // parts that were cut off
}

func newTally() *tally { return &tally{sums: map[string]float64{}} }

var line = regexp.MustCompile(`(?m)^([a-z][a-z0-9_]*): (-?[0-9.]+(?:e[-+]?[0-9]+)?)$`)

// Findings as they are told when they are made, by a part that may be cut off before it counts them.
var (
	violation = regexp.MustCompile(`(?m)^violation: `)
	mutant    = regexp.MustCompile(`(?m)^(caught|NOT CAUGHT|ERROR) by `)
)

// counts reads what a part counted, and counts the findings itself where the part was cut off.
func counts(o outcome) map[string]float64 {
	said := map[string]float64{}
	for _, m := range line.FindAllStringSubmatch(o.text, -1) {
		if v, err := strconv.ParseFloat(m[2], 64); err == nil {
			said[m[1]] = v
		}
	}
	if !o.cut {
		return said
	}
	said["violations"] = max(said["violations"], float64(len(violation.FindAllString(o.text, -1))))
	if said["mutants"] > 0 { // it had counted already
		return said
	}
	for _, m := range mutant.FindAllStringSubmatch(o.text, -1) {
		said["mutants"]++
		if m[1] == "caught" {
			said["mutants_caught"]++
		} else {
			said["mutants_missed"]++
		}
	}
	return said
}

// lies is how many violations a part's end amounts to. A part that ended badly, or did not end with its time, and
// counts no violation is one: what it would have found is not known. Mutants may be cut off, and so may whatever a
// person stops.
func lies(p part, o outcome, said map[string]float64) int {
	n := int(said["violations"] + said["mutants_missed"])
	if n == 0 && o.err != nil && !(o.cut && p.whole) && !o.stopped {
		return 1
	}
	return n
}

// take adds a part's counts.
func (t *tally) take(p part, o outcome) {
	t.mu.Lock()
	defer t.mu.Unlock()
	said := counts(o)
	lies := lies(p, o, said)
	t.lies += lies
	how := ""
	if o.cut {
		t.cut++
		how = ", cut off before its end"
	}
	fmt.Printf("-- %s: %.0f s%s, %d violations\n", p.name, o.took.Seconds(), how, lies)
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
	"crash_states_of_recoveries", "crash_seconds", "window_seeds", "window_actions", "window_payments", "window_kills", "window_seconds", "kills", "power_cuts_ext4", "fuzz_targets", "fuzz_targets_left_out", "fuzz_execs"}

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
		{"crash_states_per_s", "crash_states", "crash_seconds"}, {"window_actions_per_s", "window_actions", "window_seconds"}} {
		if t.sums[rate.per] > 0 {
			fmt.Printf("%s: %.0f\n", rate.name, t.sums[rate.of]/t.sums[rate.per])
		}
	}
	fmt.Printf("parts_cut_off: %d\nviolations: %d\n", t.cut, t.lies)
	return t.lies == 0
}
