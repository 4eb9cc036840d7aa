// Command kill proves that no crash turns a sale into a lie: it kills the shipped
// program again and again, against a bank behind a lossy line and a printer behind
// TCP, and then holds the bank's ledger, the journal and the paper side by side.
//
//	kill -veratill PATH -kills 500 [-seed N] [-dir DIR]
//
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
	kills := flag.Int("kills", 500, "how many kills at least")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "of the random choices")
	dir := flag.String("dir", "", "where to work; kept for looking at")
	flag.Parse()
	if *dir == "" {
		made, err := os.MkdirTemp("", "veratill-kill-")
		stopOn(err)
		*dir = made
	}
	fmt.Printf("seed: %d\n", *seed)
	w := &world{program: *program, dir: *dir, random: rand.New(rand.NewPCG(*seed, 1))}
	stopOn(w.start())
	defer w.stop()
	for w.counts.kills < *kills {
		w.round()
	}
	w.line.calm()
	w.finish()
	found := w.judge()
	w.counts.print()
	for _, v := range found {
		fmt.Println("violation:", v)
	}
	fmt.Printf("violations: %d\n", len(found))
	if len(found) > 0 {
		fmt.Println("kept in", w.dir)
		w.stop()
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
