// Command bench measures what the till promises, each against a raw figure of the
// same machine, the same disk and the same run. Run it alone: another program's work
// is in every figure.
//
//	bench [-veratill PATH -empty PATH] [-rows N] [-dir DIR] [-sales N]
//
// It prints one `name: value` a line. The windows are measured where there is a
// display; -rows also measures the window on a journal of so many attempts, which is
// made once and kept in the user's cache folder.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

func main() {
	program := flag.String("veratill", "", "the program, for the window's figures")
	empty := flag.String("empty", "", "the empty window's program")
	rows := flag.Int("rows", 0, "measure the window on a journal of this many attempts too")
	sales := flag.Int("sales", 400, "how many sales a figure is made of")
	windows := flag.Int("windows", 15, "how often each window is opened")
	dir := flag.String("dir", "", "where to work; the disk that is measured")
	flag.Parse()
	if *dir == "" {
		made, err := os.MkdirTemp("", "veratill-bench-")
		stopOn(err)
		defer os.RemoveAll(made)
		*dir = made
	}
	fmt.Println("context:", context())
	stopOn(measureCommits(*dir+"/commits", *sales))
	stopOn(measureApproval(*dir+"/approval", *sales))
	stopOn(measureReceipts())
	switch {
	case *program == "" || *empty == "":
	case os.Getenv("DISPLAY") == "":
		fmt.Fprintln(os.Stderr, "bench: without a display the windows are not measured")
	default:
		stopOn(measureWindows(*program, *empty, *dir, *windows, *rows))
	}
}

func stopOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// say prints a figure.
func say(name string, value float64, digits int) { fmt.Printf("%s: %.*f\n", name, digits, value) }

// p50 is the median, in microseconds.
func p50(all []time.Duration) float64 { return quantile(all, 0.50) }

func quantile(all []time.Duration, q float64) float64 {
	all = slices.Clone(all)
	slices.Sort(all)
	return float64(all[int(float64(len(all)-1)*q)].Nanoseconds()) / 1000
}

// context is the machine in a line.
func context() string {
	model := "unknown processor"
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for _, line := range strings.Split(string(text), "\n") {
			if name, ok := strings.CutPrefix(line, "model name"); ok {
				model = strings.TrimSpace(strings.TrimLeft(name, "\t :"))
				break
			}
		}
	}
	load := "?"
	if text, err := os.ReadFile("/proc/loadavg"); err == nil {
		load, _, _ = strings.Cut(string(text), " ")
	}
	return fmt.Sprintf("%s, %d cores, %s/%s, %s, load %s", model, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version(), load)
}
