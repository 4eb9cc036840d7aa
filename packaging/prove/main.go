// Command prove runs everything that tries to make a receipt lie, for a given time: the
// explorer of the pure machine, the mutants, the simulator, the crash states, kills and
// power cuts of the real program, and the fuzz targets. It uses two processors.
//
//	prove -veratill PATH -for 10m
//
// It prints one `name: value` a line, `violations` last, and ends with 1 unless that is 0.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"time"
)

// lanes is how many parts run side by side.
const lanes = 2

func main() {
	program := flag.String("veratill", "", "the program to kill")
	during := flag.Duration("for", 10*time.Minute, "for how long; the mutants take the time that they need")
	seed := flag.Uint64("seed", uint64(time.Now().Unix()), "of the random choices")
	flag.Parse()
	fmt.Printf("prove_seed: %d\n", *seed)
	if commit, err := exec.Command("git", "describe", "--always", "--dirty").Output(); err == nil {
		fmt.Printf("commit: %s", commit)
	}
	if err := build(); err != nil {
		fmt.Fprintln(os.Stderr, "prove:", err)
		os.Exit(1)
	}
	begun := time.Now()
	t := run(parts(*program, *seed), *during)
	fmt.Printf("prove_seconds: %.0f\n", time.Since(begun).Seconds())
	if !t.print() {
		os.Exit(1)
	}
}

// run gives each part its share of the time and shows its last words when it ends.
func run(all []part, during time.Duration) *tally {
	total := 0
	for _, p := range all {
		total += p.share
	}
	queue := make(chan part)
	t := newTally()
	var running sync.WaitGroup
	for range lanes {
		running.Go(func() {
			for p := range queue {
				took := lanes * during * time.Duration(p.share) / time.Duration(total)
				t.take(p, p.run(took))
			}
		})
	}
	for _, p := range all {
		queue <- p
	}
	close(queue)
	running.Wait()
	return t
}
