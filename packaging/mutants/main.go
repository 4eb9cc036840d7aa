// Command mutants takes the rules of money out of the code, one at a time, and runs
// the tests: each has to be noticed. A rule that no test misses is a rule that the
// next change may lose.
//
//	mutants [PART OF A RULE'S NAME]
//
// It prints one line a rule, `mutants_caught` last, and ends with 1 unless all were.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// workDir is always the same, so that Go's build cache serves from one run to the
// next. Its own go.mod keeps it out of this module's ./...
const workDir = "build/mutants.work"

func main() {
	flag.Parse()
	wanted := strings.Join(flag.Args(), " ")
	if err := copyTree(); err != nil {
		fail(err)
	}
	if out, err := runTests(packagesOf(wanted)); err != nil {
		fmt.Print(out)
		fail(errors.New("the tests fail as they are: nothing can be learnt from them"))
	}
	caught, tried, broken := 0, 0, 0
	for _, m := range mutants {
		if !strings.Contains(m.rule, wanted) {
			continue
		}
		tried++
		begun := time.Now()
		by, err := try(m)
		took := time.Since(begun).Seconds()
		switch {
		case err != nil:
			broken++
			fmt.Printf("%s: ERROR %v\n", m.rule, err)
		case by == "":
			fmt.Printf("%s: NOT CAUGHT in %.1f s\n", m.rule, took)
		default:
			caught++
			fmt.Printf("%s: caught by %s in %.1f s\n", m.rule, by, took)
		}
	}
	fmt.Printf("mutants_caught: %d of %d\n", caught, tried)
	if caught < tried || broken > 0 || tried == 0 {
		os.Exit(1)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "mutants:", err)
	os.Exit(1)
}

// copyTree copies what git knows, or would, as it is now.
func copyTree() error {
	if err := os.RemoveAll(workDir); err != nil {
		return err
	}
	list, err := exec.Command("git", "ls-files", "-co", "--exclude-standard", "-z").Output()
	if err != nil {
		return err
	}
	for _, name := range strings.Split(strings.TrimRight(string(list), "\x00"), "\x00") {
		text, err := os.ReadFile(name)
		if errors.Is(err, os.ErrNotExist) { // deleted and not yet committed
			continue
		}
		if err != nil {
			return err
		}
		to := filepath.Join(workDir, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(to, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func packagesOf(wanted string) (all []string) {
	seen := map[string]bool{}
	for _, m := range mutants {
		for _, p := range m.packages {
			if strings.Contains(m.rule, wanted) && !seen[p] {
				seen[p] = true
				all = append(all, p)
			}
		}
	}
	return all
}

var failed = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)

// try makes a mutant, runs the tests and puts the files back. It returns the first test that failed, or "".
func try(m mutant) (by string, err error) {
	kept := map[string][]byte{}
	defer func() {
		for name, text := range kept {
			err = errors.Join(err, os.WriteFile(name, text, 0o644))
		}
	}()
	for _, e := range m.edits {
		name := filepath.Join(workDir, e.file)
		text, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		if _, done := kept[name]; !done {
			kept[name] = text
		}
		if n := strings.Count(string(text), e.old); n != 1 {
			return "", fmt.Errorf("%s: the text to replace is there %d times: %q", e.file, n, e.old)
		}
		if err := os.WriteFile(name, []byte(strings.Replace(string(text), e.old, e.new, 1)), 0o644); err != nil {
			return "", err
		}
	}
	out, err := runTests(m.packages)
	switch {
	case err == nil:
		return "", nil
	case strings.Contains(out, "[build failed]") || strings.Contains(out, "[setup failed]"):
		return "", fmt.Errorf("it does not build:\n%s", out)
	}
	if found := failed.FindStringSubmatch(out); found != nil {
		return found[1], nil
	}
	if strings.Contains(out, "panic: ") {
		return "a panic", nil
	}
	return "", fmt.Errorf("the tests failed without a test that did:\n%s", out)
}

func runTests(packages []string) (string, error) {
	cmd := exec.Command("go", append([]string{"test", "-count=1", "-failfast", "-vet=off", "-timeout", "120s"}, packages...)...)
	cmd.Dir = workDir
	cmd.Env = append(os.Environ(), "VERATILL_JUDGES=required")
	out, err := cmd.CombinedOutput()
	return string(out), err
}
