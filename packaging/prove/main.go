// Command prove runs everything that tries to make a receipt lie, for a given time: the
// explorer of the pure machine, the mutants, the simulator, people at the window, the crash states, kills and
// power cuts of the real program, and the fuzz targets. It uses two processors.
//
//	prove -veratill PATH -for 10m
//
// It builds the parts first, which the time does not include, and says how long that took.
// A part that has not ended when its share of the time is over is cut off.
// It prints one `name: value` a line, `violations` last, and ends with 1 unless that is 0.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// shortest is the least time for a run, so that each part has some seconds.
const shortest = time.Minute

func main() {
	program := flag.String("veratill", "", "the program to kill")
	during := flag.Duration("for", 10*time.Minute, "for how long, apart from building")
	seed := flag.Uint64("seed", uint64(time.Now().Unix()), "of the random choices")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if *during < shortest {
		fail(fmt.Errorf("%s is too short for the parts together: prove needs at least %s", *during, shortest))
	}
	fmt.Printf("prove_seed: %d\n", *seed)
	if commit, err := exec.Command("git", "describe", "--always", "--dirty").Output(); err == nil {
		fmt.Printf("commit: %s", commit)
	}
	fmt.Println("-- building the parts; the fuzz targets take some minutes the first time")
	begun := time.Now()
	if err := build(ctx); err != nil {
		fail(err)
	}
	fmt.Printf("prove_build_seconds: %.0f\n", time.Since(begun).Seconds())
	begun = time.Now()
	t := run(ctx, parts(*program, *seed), *during)
	fmt.Printf("prove_seconds: %.0f\n", time.Since(begun).Seconds())
	sound := t.print()
	if ctx.Err() != nil {
		fail(fmt.Errorf("interrupted before the time was over"))
	}
	if !sound {
		os.Exit(1)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "prove:", err)
	os.Exit(1)
}

// run works through the lanes side by side until the time is over, and counts what the parts say.
func run(ctx context.Context, all []part, during time.Duration) *tally {
	end := time.Now().Add(during)
	t := newTally()
	var running sync.WaitGroup
	for _, lane := range lanesOf(all) {
		running.Go(func() {
			for n, p := range lane {
				if ctx.Err() == nil {
					t.take(p, p.run(ctx, slot(time.Until(end), lane[n:])))
				}
			}
		})
	}
	running.Wait()
	return t
}
