package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// detector is somebody who has to notice that a rule is gone.
type detector struct {
	name string
	who  who
	// untouched proves that it finds nothing in the code as it is.
	untouched func(files []string) error
	// try looks at a mutant. It returns what noticed it, or "" if nothing did; an error
	// says that the mutant is none: it does not build, or the detector itself fell.
	try func(m made) (by string, err error)
}

func detectors(long time.Duration) []detector {
	return []detector{
		{"tests", tests, testsUntouched, tryTests},
		{"explorer", explorer,
			func([]string) error { return explorerUntouched() },
			func(m made) (string, error) { return tryExplorer(m.overlay, m.name, long) }},
		{"simulator", simulator,
			func([]string) error { return simulatorUntouched() },
			func(m made) (string, error) { return trySimulator(m.overlay) }},
		{"cashier", cashier,
			func([]string) error { return cashierUntouched() },
			func(m made) (string, error) { return tryCashier(m.overlay) }},
	}
}

// mutants are those of the table that a detector has to notice.
func (d detector) mutants() (all []mutant) {
	for _, m := range table {
		if m.by&d.who != 0 {
			all = append(all, m)
		}
	}
	return all
}

// ------------------------------------------------ the tests of packages

// ownAlone leaves out the packages that use an edited one.
var ownAlone bool

func testsUntouched(files []string) error {
	own, users, err := testers(files)
	if err != nil {
		return err
	}
	if ownAlone {
		users = nil
	}
	out, err := goTest("", append(own, users...), nil)
	return because(err, out)
}

// tryTests asks the edited packages first: they are quick, and mostly it is they who notice.
func tryTests(m made) (string, error) {
	own, users, err := testers(m.files)
	if err != nil {
		return "", err
	}
	if ownAlone {
		users = nil
	}
	for _, packages := range [][]string{own, users} {
		if len(packages) == 0 {
			continue
		}
		out, err := goTest(m.overlay, packages, nil)
		if by, err := verdict(out, err); by != "" || err != nil {
			return by, err
		}
	}
	return "", nil
}

// printed are the tests that compare a document with the code it is printed from. They notice
// every change and no lie: whoever makes one writes the document anew.
const printed = "Documented$"

// goTest runs tests, under an overlay if one is named.
func goTest(overlay string, packages, environment []string, more ...string) (string, error) {
	args := []string{"test", "-count=1", "-failfast", "-vet=off", "-tags=ci", "-skip", printed, "-timeout", "300s"}
	if overlay != "" {
		args = append(args, "-overlay", overlay)
	}
	cmd := exec.Command("go", append(append(args, packages...), more...)...)
	// A property test that fails would leave its case in the tree, where the code as it is would meet it again.
	cmd.Env = append(append(os.Environ(), "VERATILL_JUDGES=required", "RAPID_NOFAILFILE=true"), environment...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

var failed = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)

// verdict reads what go test said. A mutant that does not build was not caught by anybody.
func verdict(out string, err error) (string, error) {
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

func because(err error, out string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w\n%s", err, out)
}

// ------------------------------------------------ the explorer

const exploreRoom = "./packaging/prove/explore"

// buildExplorer builds apart from running, so that what does not build is not taken for caught.
func buildExplorer(overlay, name string) (string, error) {
	program, err := filepath.Abs(filepath.Join(workDir, name+".explore"))
	if err != nil {
		return "", err
	}
	args := []string{"build", "-o", program}
	if overlay != "" {
		args = append(args, "-overlay", overlay)
	}
	out, err := exec.Command("go", append(args, exploreRoom)...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("it does not build:\n%s", out)
	}
	return program, nil
}

func explorerUntouched() error {
	program, err := buildExplorer("", "untouched")
	if err != nil {
		return err
	}
	out, err := exec.Command(program, "-budget", "small").CombinedOutput()
	return because(err, string(out))
}

var broken = regexp.MustCompile(`(?m)^violation: (.*)$`)

// tryExplorer searches growing budgets. The counterexample is kept beside the overlay.
func tryExplorer(overlay, name string, long time.Duration) (string, error) {
	program, err := buildExplorer(overlay, name)
	if err != nil {
		return "", err
	}
	defer os.Remove(program)
	out, err := exec.Command(program, "-for", long.String()).CombinedOutput()
	var ended *exec.ExitError
	switch found := broken.FindSubmatch(out); {
	case err == nil:
		return "", nil
	case errors.As(err, &ended) && ended.ExitCode() == 1 && found != nil:
		return string(found[1]), os.WriteFile(filepath.Join(workDir, name+".script"), out, 0o644)
	}
	return "", because(err, string(out))
}

// ------------------------------------------------ the simulator

const simulatorRoom = "packaging/prove/simulator"

// How many histories the simulator plays against a mutant beside its scripts, and how many of the code as it is have to pass before.
const (
	simulatorSeeds = 2000
	untouchedSeeds = 300
)

func runSimulator(overlay string, seeds int) (string, error) {
	return goTest(overlay, []string{"./" + simulatorRoom}, []string{fmt.Sprintf("VERATILL_SEEDS=%d", seeds), "VERATILL_SHRINK=no"}, "-run", "TestSeeds|TestScriptsShowNoLie|TestHistoriesByCode|TestHistoriesAtACardTerminal")
}

func simulatorUntouched() error {
	out, err := runSimulator("", untouchedSeeds)
	return because(err, out)
}

func trySimulator(overlay string) (string, error) {
	out, err := runSimulator(overlay, simulatorSeeds)
	return verdict(out, err)
}

// ------------------------------------------------ the cashier

const cashierRoom = "packaging/prove/cashier"

// cashierSeeds is how many histories people make at the window of a mutant, beside the scripts; of the code as it is a few have to pass before.
const (
	cashierSeeds          = 150
	cashierUntouchedSeeds = 20
)

func runCashier(overlay string, seeds int) (string, error) {
	return goTest(overlay, []string{"./" + cashierRoom}, []string{fmt.Sprintf("VERATILL_SEEDS=%d", seeds), "VERATILL_SHRINK=no"}, "-run", "TestSeeds|TestScripts")
}

func cashierUntouched() error {
	out, err := runCashier("", cashierUntouchedSeeds)
	return because(err, out)
}

func tryCashier(overlay string) (string, error) {
	out, err := runCashier(overlay, cashierSeeds)
	return verdict(out, err)
}
