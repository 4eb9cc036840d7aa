package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// part is one of the proofs.
type part struct {
	name    string
	share   int  // of the time, relative to the others
	whole   bool // goes on until all of it was done, and is cut off before where the time is short; the others end with their time
	command func(ctx context.Context, during time.Duration) *exec.Cmd
}

// built are the commands that build the parts, and whatever the parts would build themselves.
var built = [][]string{
	{"go", "build", "-o", "build/explore", "./packaging/prove/explore"},
	{"go", "build", "-o", "build/mutants", "./packaging/mutants"},
	{"go", "build", "-o", "build/kill", "./packaging/kill"},
	{"go", "build", "-o", "build/powercut", "./packaging/powercut"},
	{"go", "build", "-o", "build/fuzz", "./packaging/fuzz"},
	{"go", "test", "-c", "-o", "build/simulator.test", "./packaging/prove/simulator"},
	{"go", "test", "-c", "-o", "build/crashes.test", "./packaging/prove/crashes"},
	{"go", "test", "-c", "-tags=ci", "-o", "build/cashier.test", "./packaging/prove/cashier"},
	{"build/fuzz", "-build"},
}

func build(ctx context.Context) error {
	for _, args := range built {
		cmd := exec.CommandContext(ctx, args[0], args[1:]...)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, out)
		}
	}
	return nil
}

// parts in the order in which they are begun. The shares are about the minutes that each
// needs on one processor for ten million sales, ten million crash states, ten million actions at the window, ten thousand kills and
// a hundred million fuzz executions, by the rates in PROOF.md. The mutants have at most a third of
// the time; what they do not need of it the others get. The longest are cut in two, one for each processor.
func parts(program string, seed uint64) []part {
	forTime := func(args ...string) func(context.Context, time.Duration) *exec.Cmd {
		return func(ctx context.Context, during time.Duration) *exec.Cmd {
			return exec.CommandContext(ctx, args[0], append(args[1:len(args):len(args)], "-for", during.Round(time.Second).String())...)
		}
	}
	whole := func(args ...string) func(context.Context, time.Duration) *exec.Cmd {
		return func(ctx context.Context, _ time.Duration) *exec.Cmd {
			return exec.CommandContext(ctx, args[0], args[1:]...)
		}
	}
	return []part{
		{"mutants_explorer", 80, true, whole("build/mutants", "-detector", "explorer")},
		{"mutants_simulator", 85, true, whole("build/mutants", "-detector", "simulator")},
		{"mutants_cashier", 20, true, whole("build/mutants", "-detector", "cashier")},
		{"explorer", 3, false, forTime("build/explore")},
		{"simulator", 44, false, long("simulator", seed*1_000_000)},
		{"crash_states", 49, false, long("crashes", seed)},
		{"window", 90, false, long("cashier", seed*1_000_000)},
		{"kills", 9, false, forTime("build/kill", "-veratill", program)},
		{"power_cuts_ext4", 1, false, forTime("build/powercut", "-veratill", program)},
		{"simulator", 44, false, long("simulator", seed*1_000_000+500_000_000)},
		{"crash_states", 49, false, long("crashes", seed+1)},
		{"window", 90, false, long("cashier", seed*1_000_000+500_000_000)},
		{"fuzz", 11, false, forTime("build/fuzz", "-built", "-parallel", "1", "-seed", strconv.FormatUint(seed, 10))},
	}
}

// long runs the TestLong of a package in its folder, as go test does.
func long(room string, from uint64) func(context.Context, time.Duration) *exec.Cmd {
	return func(ctx context.Context, during time.Duration) *exec.Cmd {
		binary, err := filepath.Abs("build/" + room + ".test")
		if err != nil {
			binary = "build/" + room + ".test"
		}
		cmd := exec.CommandContext(ctx, binary, "-test.run", "^TestLong$", "-test.timeout", "0")
		cmd.Dir = filepath.Join("packaging", "prove", room)
		cmd.Env = append(os.Environ(), "GOMAXPROCS=1", "VERATILL_FOR="+during.Round(time.Second).String(), fmt.Sprintf("VERATILL_FROM=%d", from))
		return cmd
	}
}

// patience is how long a part that is cut off may take to clean up before it is killed.
const patience = 2 * time.Second

// run lets a part run in its slot and returns what it said. With the slot it is cut off, and whatever it started too.
func (p part) run(ctx context.Context, slot time.Duration) outcome {
	inSlot, cancel := context.WithTimeout(ctx, slot)
	defer cancel()
	cmd := p.command(inSlot, told(slot))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = patience
	inGroup(cmd)
	begun := time.Now()
	err := cmd.Run()
	killGroup(cmd) // what is left of it
	return outcome{text: out.String(), err: err, took: time.Since(begun), cut: err != nil && inSlot.Err() != nil, stopped: ctx.Err() != nil}
}
