package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// part is one of the proofs.
type part struct {
	name    string
	share   int // of the time, relative to the others
	command func(during time.Duration) *exec.Cmd
}

// built are the programs that the parts are.
var built = [][]string{
	{"build", "-o", "build/explore", "./packaging/prove/explore"},
	{"build", "-o", "build/mutants", "./packaging/mutants"},
	{"build", "-o", "build/kill", "./packaging/kill"},
	{"build", "-o", "build/powercut", "./packaging/powercut"},
	{"build", "-o", "build/fuzz", "./packaging/fuzz"},
	{"test", "-c", "-o", "build/simulator.test", "./packaging/prove/simulator"},
	{"test", "-c", "-o", "build/crashes.test", "./packaging/prove/crashes"},
}

func build() error {
	for _, args := range built {
		cmd := exec.Command("go", args...)
		cmd.Stderr = os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("go %v: %w", args, err)
		}
	}
	return nil
}

// parts in the order in which they are begun. The shares are about the minutes that each
// needs on one processor for ten million sales, ten million crash states, ten thousand kills and
// a hundred million fuzz executions, by the rates of the README; the mutants take what they
// need. The two longest are cut in two, so that both processors have work to the end.
func parts(program string, seed uint64) []part {
	forTime := func(args ...string) func(time.Duration) *exec.Cmd {
		return func(during time.Duration) *exec.Cmd {
			return exec.Command(args[0], append(args[1:], "-for", during.Round(time.Second).String())...)
		}
	}
	whole := func(args ...string) func(time.Duration) *exec.Cmd {
		return func(time.Duration) *exec.Cmd { return exec.Command(args[0], args[1:]...) }
	}
	return []part{
		{"mutants_explorer", 1, whole("build/mutants", "-detector", "explorer")},
		{"mutants_simulator", 1, whole("build/mutants", "-detector", "simulator")},
		{"explorer", 1, forTime("build/explore")},
		{"simulator", 44, long("simulator", seed*1_000_000)},
		{"crash_states", 49, long("crashes", seed)},
		{"kills", 9, forTime("build/kill", "-veratill", program)},
		{"power_cuts_ext4", 1, forTime("build/powercut", "-veratill", program)},
		{"simulator", 44, long("simulator", seed*1_000_000+500_000_000)},
		{"crash_states", 49, long("crashes", seed+1)},
		{"fuzz", 11, forTime("build/fuzz", "-parallel", "1")},
	}
}

// long runs the TestLong of a package in its folder, as go test does.
func long(room string, from uint64) func(time.Duration) *exec.Cmd {
	return func(during time.Duration) *exec.Cmd {
		binary, err := filepath.Abs("build/" + room + ".test")
		if err != nil {
			binary = "build/" + room + ".test"
		}
		cmd := exec.Command(binary, "-test.run", "^TestLong$", "-test.timeout", "0")
		cmd.Dir = filepath.Join("packaging", "prove", room)
		cmd.Env = append(os.Environ(), "GOMAXPROCS=1", "VERATILL_FOR="+during.Round(time.Second).String(), fmt.Sprintf("VERATILL_FROM=%d", from))
		return cmd
	}
}

// run lets a part run and returns what it said. One that falls without a word is a violation of its own.
func (p part) run(during time.Duration) outcome {
	cmd := p.command(during)
	begun := time.Now()
	out, err := cmd.CombinedOutput()
	return outcome{text: string(out), err: err, took: time.Since(begun)}
}
