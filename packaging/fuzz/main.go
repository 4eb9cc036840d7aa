// Command fuzz runs every fuzz target of the repository in turn, each for its share of the time.
//
//	fuzz -for 10m [-parallel 2] [-only REGEXP] [-seed N] [-built]
//	fuzz -build
//
// It builds the targets first, which the time does not include; -build does nothing else,
// and -built leaves that out. Where the time is too short for all, the seed says which
// targets have their turn, and how many were left out is printed.
//
// Go's fuzzer counts the inputs that it hands to a target; a target of packaging/nasty
// tries each of them with its variations, nasty.Batch in all. An execution here is one
// input that was really tried: calls times nasty.Batch.
// It prints one `name: value` a line, `violations` last, and ends with 1 unless that is 0.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"time"

	"veratill/packaging/nasty"
)

// target is a fuzz function and how many inputs it tries a call.
type target struct {
	room, name string
	batch      int64
}

func main() {
	during := flag.Duration("for", 10*time.Minute, "for all targets together")
	parallel := flag.Int("parallel", runtime.NumCPU(), "how many workers")
	only := flag.String("only", "", "the targets that this `regexp` fits, as ROOM/NAME")
	seed := flag.Uint64("seed", uint64(time.Now().Unix()), "of the choice of targets, where the time is too short for all")
	onlyBuild := flag.Bool("build", false, "build the targets and end")
	built := flag.Bool("built", false, "take the targets as they were built last")
	flag.Parse()
	wanted, err := regexp.Compile(*only)
	stopOn(err)
	all, err := targets(wanted)
	stopOn(err)
	if !*built {
		begun := time.Now()
		stopOn(build(all))
		fmt.Printf("fuzz_build_seconds: %.0f\n", time.Since(begun).Seconds())
	}
	if !*onlyBuild {
		fuzz(all, *during, *seed, *parallel)
	}
}

// fuzz runs the targets that the time is enough for, prints the counts, and ends the program with 1 where something was found.
func fuzz(all []target, during time.Duration, seed uint64, parallel int) {
	corpora, err := corpora()
	stopOn(err)
	end := time.Now().Add(during)
	turns := fitting(all, during, seed)
	fmt.Printf("inputs_a_call: %d\n", nasty.Batch)
	var calls, execs int64
	failed, done := 0, 0
	for i, t := range turns {
		share := time.Until(end) / time.Duration(len(turns)-i)
		if share < leastShare/2 { // the targets before took longer than their shares
			break
		}
		n, err := t.run(share, parallel, corpora)
		if errors.Is(err, errNoTurn) { // a busy machine: the next run begins elsewhere
			continue
		}
		done++
		calls += n
		execs += n * t.batch
		fmt.Printf("execs_%s_%s: %d\n", strings.ReplaceAll(t.room, "/", "_"), t.name, n*t.batch)
		if err != nil {
			failed++
			fmt.Printf("violation: %s %s: %v\n", t.room, t.name, err)
		}
	}
	fmt.Printf("fuzz_targets: %d\nfuzz_targets_left_out: %d\nfuzz_calls: %d\nfuzz_execs: %d\nviolations: %d\n", done, len(all)-done, calls, execs, failed)
	if failed > 0 {
		os.Exit(1)
	}
}

var (
	declared = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)
	batched  = regexp.MustCompile(`\bnasty\.Fuzz\(`)
)

// targets finds every fuzz function that git knows, or would know.
func targets(wanted *regexp.Regexp) (all []target, err error) {
	out, err := exec.Command("git", "ls-files", "-co", "--exclude-standard", "*_test.go").Output()
	if err != nil {
		return nil, fmt.Errorf("git ls-files: %w", err)
	}
	for _, file := range strings.Fields(string(out)) {
		text, err := os.ReadFile(file)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		batch := int64(1)
		if batched.Match(text) { // a file has targets of one sort
			batch = nasty.Batch
		}
		for _, m := range declared.FindAllSubmatch(text, -1) {
			t := target{path.Dir(file), string(m[1]), batch}
			if wanted.MatchString(t.room + "/" + t.name) {
				all = append(all, t)
			}
		}
	}
	if len(all) == 0 {
		return nil, errors.New("there is no such fuzz target")
	}
	sort.Slice(all, func(i, k int) bool { return all[i].room+all[i].name < all[k].room+all[k].name })
	return all, nil
}

// leastShare is the time below which a target is not worth starting.
const leastShare = 2 * time.Second

// fitting are the targets that have leastShare each within the time, from a place that the seed chooses.
func fitting(all []target, during time.Duration, seed uint64) []target {
	n := min(len(all), max(1, int(during/leastShare)))
	if n == len(all) {
		return all
	}
	from := int(seed % uint64(len(all)))
	return append(all[from:len(all):len(all)], all[:from]...)[:n]
}

var counted = regexp.MustCompile(`execs: (\d+)`)

// What Go's fuzzer says: that its time ended while a worker was at work, which it counts as a
// failure though nothing was found (go.dev/issue/75804), that something was found, and that it still runs the inputs that it has.
const (
	overtime = "context deadline exceeded"
	found    = "Failing input written"
	baseline = "gathering baseline coverage"
)

// run fuzzes one target as go test does and returns how often it was called: the last count
// that the fuzzer gave. What it found lies under testdata then.
func (t target) run(share time.Duration, parallel int, corpora string) (calls int64, err error) {
	binary, err := t.binary()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(binary, "-test.paniconexit0", "-test.run=^$", "-test.fuzz=^"+t.name+"$", "-test.fuzztime="+share.String(),
		"-test.fuzzminimizetime=1x", "-test.parallel="+strconv.Itoa(parallel), "-test.fuzzcachedir="+filepath.Join(corpora, t.room))
	cmd.Dir = filepath.FromSlash(t.room)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	return said(out.Bytes(), cmd.Run())
}

// errNoTurn says that a target's time was over before the fuzzer had called its first input: nothing is known of it.
var errNoTurn = errors.New("the time was over before the first input")

// said reads what the fuzzer printed, and how it ended.
func said(out []byte, ended error) (calls int64, err error) {
	all := counted.FindAllSubmatch(out, -1)
	if len(all) > 0 {
		calls, _ = strconv.ParseInt(string(all[len(all)-1][1]), 10, 64)
	}
	switch late := bytes.Contains(out, []byte(overtime)) && !bytes.Contains(out, []byte(found)); {
	case ended != nil && !late:
		return calls, fmt.Errorf("%w\n%s", ended, out)
	case len(all) > 0:
		return calls, nil
	case bytes.Contains(out, []byte(baseline)):
		return 0, errNoTurn
	}
	return 0, fmt.Errorf("the fuzzer did not count\n%s", out)
}

func stopOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "fuzz:", err)
		os.Exit(1)
	}
}
