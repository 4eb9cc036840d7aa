// Command fuzz runs every fuzz target of the repository in turn, each for its share of the time.
//
//	fuzz -for 10m [-parallel 2] [-only REGEXP]
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
	flag.Parse()
	wanted, err := regexp.Compile(*only)
	stopOn(err)
	all, err := targets(wanted)
	stopOn(err)
	stopOn(os.MkdirAll("build", 0o755))
	share := max(*during/time.Duration(len(all)), 6*time.Second).Round(time.Second)
	fmt.Printf("fuzz_targets: %d\nseconds_each: %.0f\ninputs_a_call: %d\n", len(all), share.Seconds(), nasty.Batch)
	var calls, execs int64
	failed := 0
	for _, t := range all {
		n, err := t.run(share, *parallel)
		calls += n
		execs += n * t.batch
		fmt.Printf("execs_%s_%s: %d\n", strings.ReplaceAll(t.room, "/", "_"), t.name, n*t.batch)
		if err != nil {
			failed++
			fmt.Printf("violation: %s %s: %v\n", t.room, t.name, err)
		}
	}
	fmt.Printf("fuzz_calls: %d\nfuzz_execs: %d\nviolations: %d\n", calls, execs, failed)
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

var counted = regexp.MustCompile(`execs: (\d+)`)

// What Go's fuzzer says: that its time ended while a worker was at work, which it counts as a
// failure though nothing was found (go.dev/issue/75804), and that something was found.
const (
	overtime = "context deadline exceeded"
	found    = "Failing input written"
)

// run fuzzes one target and returns how often it was called: the last count that the
// fuzzer gave. What it found lies under testdata then.
func (t target) run(share time.Duration, parallel int) (calls int64, err error) {
	cmd := exec.Command("go", "test", "./"+t.room, "-run", "^$", "-fuzz", "^"+t.name+"$", "-fuzztime", share.String(),
		"-fuzzminimizetime", "1x", "-parallel", strconv.Itoa(parallel))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	if all := counted.FindAllSubmatch(out.Bytes(), -1); len(all) > 0 {
		calls, _ = strconv.ParseInt(string(all[len(all)-1][1]), 10, 64)
	} else if err == nil {
		err = errors.New("the fuzzer did not count")
	}
	switch {
	case err == nil, bytes.Contains(out.Bytes(), []byte(overtime)) && !bytes.Contains(out.Bytes(), []byte(found)):
		return calls, nil
	}
	return calls, fmt.Errorf("%w\n%s", err, out.Bytes())
}

func stopOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "fuzz:", err)
		os.Exit(1)
	}
}
