// Command bench measures what the till promises, each against a raw figure of the
// same machine, the same disk and the same run. Run it alone: another program's work
// is in every figure.
//
//	bench [-veratill PATH -empty PATH] [-rows N] [-dir DIR | -ext4] [-sales N]
//
// It prints one `name: value` a line. What waits for the disk is measured in a tight loop, and at rest: a till
// mostly stands still before a commit, and a processor and a disk that were asleep are slower. -ext4 measures it on
// an ext4 with a journal, which is made on a loop device for the run (root). The windows are measured where there is a
// display; -rows also measures the window on a journal of so many attempts, and how payments are found in it, which is
// made once and kept in the user's cache folder.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"veratill/packaging/ext4"
)

func main() {
	var o options
	flag.StringVar(&o.program, "veratill", "", "the program, for the window's figures")
	flag.StringVar(&o.empty, "empty", "", "the empty window's program")
	flag.IntVar(&o.rows, "rows", 0, "measure the window, and how payments are found, on a journal of this many attempts too")
	flag.IntVar(&o.sales, "sales", 400, "how many sales a figure is made of")
	flag.IntVar(&o.windows, "windows", 15, "how often each window is opened")
	flag.IntVar(&o.glass, "glass", 100, "how many scans, figures and sales at the window a figure is made of")
	flag.StringVar(&o.dir, "dir", "", "where to work; the disk that is measured")
	flag.BoolVar(&o.ext4, "ext4", false, "measure on an ext4 with a journal, made on a loop device for this run (root)")
	flag.Parse()
	if o.ext4 && !ext4.Apart() {
		if why := ext4.Missing(); why != "" {
			stopOn(fmt.Errorf("-ext4: %s", why))
		}
		code, err := ext4.Again()
		stopOn(err)
		os.Exit(code)
	}
	stopOn(o.run())
}

type options struct {
	program, empty, dir  string
	rows, sales, windows int
	glass                int
	ext4                 bool
}

// run measures all that was asked for.
func (o options) run() error {
	dir, remove, err := o.workplace()
	defer remove()
	if err != nil {
		return err
	}
	fmt.Println("context:", context())
	sayFilesystem(dir)
	if err := errors.Join(o.measureWaits(dir, "", 0), o.measureWaits(dir, "at_rest_", rest), measureReceipts()); err != nil {
		return err
	}
	if o.rows > 0 {
		if err := measureFind(dir, o.rows); err != nil {
			return err
		}
		if o.program != "" {
			if err := measureBooks(o.program, dir, o.rows); err != nil {
				return err
			}
		}
	}
	if o.program == "" || o.empty == "" {
		return nil
	}
	if os.Getenv("DISPLAY") == "" {
		fmt.Fprintln(os.Stderr, "bench: without a display the windows are not measured")
		return nil
	}
	return errors.Join(measureWindows(o.program, o.empty, dir, o.windows, o.rows), measureGlass(o.program, o.empty, dir, o.glass))
}

// measureWaits measures what a person waits for the disk, with a pause before each wait.
func (o options) measureWaits(dir, prefix string, pause time.Duration) error {
	if err := measureCommits(filepath.Join(dir, prefix+"commits"), prefix, o.sales, pause); err != nil {
		return err
	}
	return measureApproval(filepath.Join(dir, prefix+"approval"), prefix, o.sales, pause)
}

// diskSize of an -ext4: from half a GiB on mkfs.ext4 makes the blocks that a till's disk has. The file is sparse.
const diskSize = 1 << 30

// workplace is the folder to work in. remove takes away what was made for it; a signal does that too.
func (o options) workplace() (dir string, remove func(), err error) {
	made, disk := "", ext4.Disk{}
	remove = func() {
		if disk.Image != "" {
			disk.Remove()
			os.Remove(disk.At)
		}
		if made != "" {
			os.RemoveAll(made)
		}
	}
	onSignal(remove)
	if dir = o.dir; dir == "" {
		if made, err = os.MkdirTemp("", "veratill-bench-"); err != nil {
			return "", remove, err
		}
		dir = made
	}
	if !o.ext4 {
		return dir, remove, nil
	}
	disk = ext4.Disk{Image: filepath.Join(dir, "disk.img"), At: filepath.Join(dir, "disk")}
	return disk.At, remove, disk.Make(diskSize)
}

func onSignal(do func()) {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		<-stop
		do()
		os.Exit(1)
	}()
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
