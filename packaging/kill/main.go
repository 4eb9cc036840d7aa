// Command kill proves that no crash turns a sale into a lie: it kills the shipped
// program again and again, against a bank behind a lossy line and a printer behind
// TCP, and then holds the bank's ledger, the journal and the paper side by side.
//
//	kill -veratill PATH [-kills 500] [-for 40m] [-seed N] [-dir DIR] [-codes | -zvt]
//
// It ends after so many kills or so much time, whichever comes first where both are
// given. Every few thousand commands it closes the books, judges them and opens new ones,
// so that a long run costs no more a kill than a short one.
// It prints one `name: value` a line, `violations` last, and ends with 1 unless that is 0.
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"
)

func main() {
	program := flag.String("veratill", "", "the program to kill")
	kills := flag.Int("kills", 0, "how many kills at least; 500 without -for")
	during := flag.Duration("for", 0, "for how long")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "of the random choices")
	dir := flag.String("dir", "", "where to work; kept for looking at")
	codes := flag.Bool("codes", false, "payment codes and their providers, in place of cards and a bank")
	zvt := flag.Bool("zvt", false, "a card terminal over ZVT, in place of a bank")
	flag.Parse()
	if *kills == 0 && *during == 0 {
		*kills = 500
	}
	if *dir == "" {
		made, err := os.MkdirTemp("", "veratill-kill-")
		stopOn(err)
		*dir = made
	}
	fmt.Printf("seed: %d\n", *seed)
	begun := time.Now()
	w := &world{program: *program, dir: *dir, codes: *codes, zvt: *zvt, random: rand.New(rand.NewPCG(*seed, 1))}
	stopOn(w.open())
	defer w.close()
	for !(*kills > 0 && w.counts.kills >= *kills) && !(*during > 0 && time.Since(begun) >= *during) {
		w.round()
		if w.rounds >= bookRounds {
			w.judge()
			stopOn(w.turn())
		}
	}
	w.judge()
	w.counts.print()
	fmt.Printf("seconds: %.0f\n", time.Since(begun).Seconds())
	for _, v := range w.found {
		fmt.Println("violation:", v)
	}
	fmt.Printf("violations: %d\n", len(w.found))
	if len(w.found) > 0 {
		fmt.Println("kept in", w.dir)
		w.close()
		os.Exit(1)
	}
	os.RemoveAll(w.dir)
}

func stopOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "kill:", err)
		os.Exit(1)
	}
}

// cards is how many test cards take turns.
const cards = 50

// writeCards makes a file of stripe cards that expire far from now.
func writeCards(dir string) (string, error) {
	path := filepath.Join(dir, "cards.txt")
	text := "# test cards\n"
	for i := range cards {
		text += fmt.Sprintf(";62220200%08d=49121010000000000?\n", i)
	}
	return path, os.WriteFile(path, []byte(text), 0o600)
}
