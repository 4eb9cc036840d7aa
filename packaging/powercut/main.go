// Command powercut cuts the power of a real ext4 while the shipped program sells into
// it: the file system lies in an image on a loop device, and the kernel's shutdown call
// freezes it as it is, so that whatever was not synced is gone. It is mounted again,
// what is owed is settled, and journal, ledger and paper are compared; ledger and paper
// lie elsewhere, as a bank and a receipt do. Every outcome that was told before a cut
// has to stand after it.
//
//	powercut -veratill PATH [-cuts N] [-for 30s] [-seed N]
//
// It needs root, loop devices and ext4; where one is missing it says so in one line and
// ends with 0. The mounts are made in a mount namespace of its own: however the program
// ends, they end with it, and the loop device with them.
// It prints one `name: value` a line, `violations` last, and ends with 1 unless that is 0.
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"veratill/packaging/ext4"
)

func main() {
	program := flag.String("veratill", "", "the program that sells")
	cuts := flag.Int("cuts", 0, "how many cuts; as many as fit into -for when left out")
	during := flag.Duration("for", 30*time.Second, "for how long, without -cuts")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "of the random choices")
	flag.Parse()
	if why := ext4.Missing(); why != "" {
		skip(why)
		return
	}
	if !ext4.Apart() {
		code, err := ext4.Again()
		if err != nil {
			skip(err.Error())
		}
		os.Exit(code)
	}
	t := &trial{program: *program, random: rand.New(rand.NewPCG(*seed, 1))}
	t.cleanOnSignal()
	if err := t.open(); err != nil {
		t.close()
		skip(err.Error())
		return
	}
	fmt.Printf("seed: %d\n", *seed)
	begun := time.Now()
	for *cuts > 0 && t.cuts < *cuts || *cuts == 0 && time.Since(begun) < *during {
		if err := t.round(); err != nil {
			t.found = append(t.found, err.Error())
			break
		}
	}
	t.close()
	t.print(time.Since(begun))
	if len(t.found) > 0 {
		os.Exit(1)
	}
}

// skip says aloud that nothing was tried, and why.
func skip(why string) {
	fmt.Printf("skipped: %s\npower_cuts_ext4: 0\nviolations: 0\n", why)
}

func (t *trial) print(took time.Duration) {
	for _, l := range []struct {
		name  string
		value any
	}{
		{"cuts_that_flush_the_log", t.flushed}, {"cuts_in_a_new_folder", t.atFirst}, {"cuts_in_a_sale", t.inSale}, {"sales", t.sales}, {"kills_before_a_cut", t.kills},
		{"acknowledged_before_a_cut", t.acknowledged}, {"approved", t.counts.Approved}, {"reversed", t.counts.Reversed},
		{"papers", t.counts.Papers}, {"paper_unknown", t.counts.PaperUnknown}, {"seconds", int(took.Seconds())}, {"power_cuts_ext4", t.cuts},
	} {
		fmt.Printf("%s: %v\n", l.name, l.value)
	}
	for _, v := range t.found {
		fmt.Println("violation:", v)
	}
	fmt.Printf("violations: %d\n", len(t.found))
}
