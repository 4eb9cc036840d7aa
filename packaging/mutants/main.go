// Command mutants takes the rules of money out of the code, one at a time: each has to
// be noticed. A rule that nothing misses is a rule that the next change may lose.
//
//	mutants [-detector tests|explorer|simulator|cashier] [-for DURATION] [-parallel N] [-share K/N] [-own] [PART OF A RULE'S NAME[|ANOTHER]…]
//
// There are four detectors: the tests of packages; the explorer, which looks at every
// history of the pure machine in a model of its surroundings; the simulator, which runs the
// shipped shell against simulated ones; the cashier, which presses the keys of the shipped window
// and reads what it shows. What is kept outside the pure machine is taken out
// of the explorer's model instead: that shows that the rule is needed, and that it would be missed.
//
// What is taken out is marked in the code by a comment, //mutant:NAME, before the statement,
// case, declaration or element that a rule rests on. The table says what is done to that
// piece of syntax. A marked line may be moved anywhere: the table holds no place.
//
// Nothing is written into the tree: a mutant is an overlay of Go's build. One line a mutant
// and detector is printed, and the counts last; it ends with 1 unless all were caught.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// workDir holds overlays, programs and the scripts of counterexamples. Its own go.mod
// keeps the edited files out of this module's ./...
var workDir = "build/mutants.work"

// settings are the flags.
type settings struct {
	detector string
	long     time.Duration
	parallel int
	share    share
	wanted   string
}

func main() {
	var s settings
	flag.StringVar(&s.detector, "detector", "", "only this one: tests, explorer, simulator or cashier")
	flag.DurationVar(&s.long, "for", 2*time.Minute, "how long the explorer looks for one mutant")
	flag.IntVar(&s.parallel, "parallel", 1, "mutants at once, at most 2")
	flag.BoolVar(&ownAlone, "own", false, "of tests, ask those of the edited packages alone: quick, and what they miss others may notice")
	flag.Var(&s.share, "share", "K/N: only each Nth mutant, from the Kth on (K modulo N)")
	flag.Parse()
	s.wanted = strings.Join(flag.Args(), " ")
	if s.parallel < 1 || s.parallel > 2 {
		fail(errors.New("-parallel is 1 or 2: a test that waits for a clock needs a core"))
	}
	if s.detector != "" { // so that two may look at the same time
		workDir += "-" + s.detector
	}
	if err := errors.Join(os.RemoveAll(workDir), os.MkdirAll(workDir, 0o755),
		os.WriteFile(workDir+"/go.mod", []byte("module mutants.work\n"), 0o644)); err != nil {
		fail(err)
	}
	marks, err := readMarks(".")
	if err = errors.Join(err, marks.agree(table)); err != nil {
		fail(err)
	}
	known := false
	sum := tally{marks: marks}
	for _, d := range detectors(s.long) {
		if s.detector == "" || s.detector == d.name {
			known = true
			sum.run(d, s)
		}
	}
	if !known {
		fail(fmt.Errorf("there is no detector %q", s.detector))
	}
	sum.print()
	if sum.missed > 0 || sum.tried == 0 {
		os.Exit(1)
	}
}

// wants reports whether a rule is asked for: any of the parts is in its name.
func (s settings) wants(rule string) bool {
	return slices.ContainsFunc(strings.Split(s.wanted, "|"), func(part string) bool { return strings.Contains(rule, part) })
}

// share is a part of the mutants that a run looks at: all of them, unless it is said.
type share struct{ from, each int }

func (s *share) String() string { return fmt.Sprintf("%d/%d", s.from, s.each) }

// Set reads K/N. N shares with K from 0 to N-1 are all mutants.
func (s *share) Set(text string) error {
	if _, err := fmt.Sscanf(text, "%d/%d", &s.from, &s.each); err != nil || s.from < 0 || s.each < 1 {
		return fmt.Errorf("a share is K/N, such as 2/6, not %q", text)
	}
	s.from %= s.each
	return nil
}

func (s share) has(n int) bool { return s.each == 0 || n%s.each == s.from }

func fail(err error) {
	fmt.Fprintln(os.Stderr, "mutants:", err)
	os.Exit(1)
}

// tally counts what became of the mutants.
type tally struct {
	marks                 places
	mu                    sync.Mutex
	tried, caught, missed int
}

func (t *tally) print() {
	fmt.Println("mutants:", t.tried)
	fmt.Println("mutants_caught:", t.caught)
	fmt.Println("mutants_missed:", t.missed)
}

// run tries the mutants of a detector, a few at once.
func (t *tally) run(d detector, s settings) {
	var mutants []mutant
	var files []string
	for n, m := range d.mutants() {
		if s.share.has(n) && s.wants(m.rule) {
			mutants = append(mutants, m)
			for _, e := range m.edits {
				files = append(files, t.marks[e.mark].path)
			}
		}
	}
	if len(mutants) == 0 {
		return
	}
	if err := d.untouched(files); err != nil {
		fail(fmt.Errorf("%s: the code is not as it should be even without a mutant, so that nothing can be learnt: %w", d.name, err))
	}
	turns := make(chan struct{}, s.parallel)
	var all sync.WaitGroup
	for n, m := range mutants {
		turns <- struct{}{}
		all.Go(func() {
			t.try(d, m, fmt.Sprintf("%s-%d", d.name, n))
			<-turns
		})
	}
	all.Wait()
}

// try makes one mutant and tells what became of it. One that can't be made, or does not
// build, is missed: nobody knows whether it would be caught.
func (t *tally) try(d detector, m mutant, name string) {
	begun := time.Now()
	by := ""
	made, err := t.marks.write(m, name)
	if err == nil {
		by, err = d.try(made)
	}
	took := time.Since(begun).Seconds()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.tried++
	switch {
	case err != nil:
		t.missed++
		fmt.Printf("ERROR by %s: %s: %v\n", d.name, m.rule, err)
	case by == "":
		t.missed++
		fmt.Printf("NOT CAUGHT by %s in %.1f s: %s\n", d.name, took, m.rule)
	default:
		t.caught++
		fmt.Printf("caught by %s in %.1f s: %s (%s)\n", d.name, took, m.rule, by)
	}
}
