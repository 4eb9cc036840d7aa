// Command syncs counts with strace how often the shipped program waits for the disk
// in a card sale, beyond what its start and its end cost: two is the floor (the
// attempt before the request leaves, the approval and the intent to print together).
//
//	syncs -veratill PATH
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"veratill/packaging/shop"
)

const floor = 2

func main() {
	program := flag.String("veratill", "", "the program to watch")
	flag.Parse()
	dir, err := os.MkdirTemp("", "veratill-syncs-")
	stopOn(err)
	defer os.RemoveAll(dir)
	s, err := shop.Open(*program, dir)
	stopOn(err)
	defer s.Close()
	good, err := s.Card("good.txt", "6222020000000001=49121010000000000")
	stopOn(err)
	expired, err := s.Card("expired.txt", "6222020000000001=01011010000000000")
	stopOn(err)
	_, err = s.Sell(good, "1.00").Output() // makes the journal, so that nobody pays for that below
	stopOn(err)
	// A sale of an expired card starts and ends the till and begins no attempt.
	without := syncs(s, expired, 10)
	with := syncs(s, good, 0)
	fmt.Printf("syncs_of_start_and_end: %d\nsyncs_of_a_card_sale: %d\n", without, with-without)
	if with-without != floor {
		s.Close()
		os.RemoveAll(dir)
		os.Exit(1)
	}
}

// syncs runs one sale under strace and counts.
func syncs(s *shop.Shop, cards string, exit int) int {
	trace := s.Path("trace")
	sell := s.Sell(cards, "1.00")
	cmd := exec.Command("strace", append([]string{"-f", "-o", trace, "-e", "trace=fsync,fdatasync,sync_file_range,msync", "--"}, sell.Args...)...)
	cmd.Env = sell.Env
	var fault bytes.Buffer
	cmd.Stderr = &fault
	cmd.Run()
	if got := cmd.ProcessState.ExitCode(); got != exit {
		stopOn(fmt.Errorf("the sale ended with %d, not %d: %s", got, exit, fault.String()))
	}
	text, err := os.ReadFile(trace)
	stopOn(err)
	n := 0
	for _, line := range strings.Split(string(text), "\n") {
		// A call that another thread interrupted stands in two lines; the second says "resumed".
		if strings.Contains(line, "sync(") || strings.Contains(line, "sync_file_range(") {
			n++
		}
	}
	return n
}

func stopOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "syncs:", err)
		os.Exit(1)
	}
}
