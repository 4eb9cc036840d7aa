// Command usblab is the virtual USB lab: a real kernel's USB stack in a virtual machine, with
// devices that exist only there. It boots Debian's kernel in QEMU and runs inside it, as root,
// the tests of every package below packaging/usblab that imports package guest. No right is
// needed outside: KVM is used where it is allowed, and emulation otherwise.
//
//	usblab [-veratill PATH] [-run PATTERN] [-tcg] [-keep] [-limit 5m]
//
// Devices come from three makers: package vdev (written in Go, with every fault), the kernel's
// own gadgets (package gadget), and QEMU (a chip reader with a scripted card, a serial line, a
// keyboard). The runner outside plays the card, what is behind the serial line, and the hands at
// keyboard and cable, as the tests ask for on the console: see package guest.
//
// The kernel is a package of the distribution; it is fetched by apt-get, not installed, and kept
// with what was picked of it under the user's cache folder, veratill/. Where something is missing
// it says so in one line and ends with 0.
//
// It prints a line for each test that passed and all that a failed one said, then one `name: value`
// a line, `accel` last.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

func main() {
	var o options
	flag.StringVar(&o.program, "veratill", "", "the shipped program, for tests that run it")
	flag.StringVar(&o.pattern, "run", "", "only tests that fit this pattern")
	flag.BoolVar(&o.emulate, "tcg", false, "without KVM")
	flag.BoolVar(&o.keep, "keep", false, "keep the machine's image and the whole console")
	flag.DurationVar(&o.limit, "limit", 5*time.Minute, "after which the machine is turned off")
	flag.Parse()
	code, err := o.run()
	switch {
	case errors.Is(err, errSkip):
		fmt.Println(err)
		fmt.Println("usblab_tests: 0")
	case err != nil:
		fmt.Fprintln(os.Stderr, "usblab:", err)
		code = 1
	}
	os.Exit(code)
}

// options are the command's.
type options struct {
	program, pattern string
	emulate, keep    bool
	limit            time.Duration
}

// missing says what is not here for the lab.
func missing() error {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return fmt.Errorf("%w: the lab's kernel and devices are those of Linux on amd64", errSkip)
	}
	for _, name := range []string{"qemu-system-x86_64", "dpkg", "apt-get", "apt-cache", "depmod", "modprobe", "ldd", "go", "/bin/busybox", "/bin/udevadm"} {
		if _, err := exec.LookPath(name); err != nil {
			return fmt.Errorf("%w: %v", errSkip, err)
		}
	}
	return nil
}

// run makes the machine, lets it work, and gives the exit code.
func (o options) run() (int, error) {
	// depmod and modprobe are not on the path of everybody.
	if err := os.Setenv("PATH", os.Getenv("PATH")+":/usr/sbin:/sbin"); err != nil {
		return 1, err
	}
	if err := missing(); err != nil {
		return 0, err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return 1, err
	}
	cache = filepath.Join(cache, "veratill")
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return 1, err
	}
	dir, err := os.MkdirTemp("", "veratill-usblab-")
	if err != nil {
		return 1, err
	}
	if o.keep {
		fmt.Println("kept:", dir)
	} else {
		defer os.RemoveAll(dir)
	}
	flags := ""
	if o.pattern != "" {
		flags = "-test.run " + o.pattern
	}
	begun := time.Now()
	img, err := makeImage(cache, dir, o.program, flags)
	if err != nil {
		return 1, err
	}
	fmt.Printf("image: %d MB in %.1f s\n", img.size>>20, time.Since(begun).Seconds())
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, o.limit)
	defer cancel()
	return o.drive(ctx, img, dir)
}

// drive boots the machine, listens to it until it is off, and judges.
func (o options) drive(ctx context.Context, img image, dir string) (int, error) {
	begun := time.Now()
	m, err := boot(ctx, img, dir, o.emulate)
	if err != nil {
		return 1, err
	}
	hands := newHands(m)
	defer hands.close()
	r := report{out: os.Stdout, ask: hands.order}
	err = r.listen(m.console, filepath.Join(dir, "console.log"))
	ended := m.wait()
	hands.close()
	switch {
	case ctx.Err() != nil:
		r.wrong("the machine was turned off after %.0f s", time.Since(begun).Seconds())
	case !r.told:
		r.wrong("the machine went off without a result: %v", ended)
	case r.tests == 0:
		r.wrong("no test ran")
	}
	for _, e := range hands.errors() {
		r.wrong("the runner: %v", e)
	}
	r.last()
	fmt.Printf("usblab_tests: %d\nusblab_failed: %d\nusblab_seconds: %d\nboot_seconds: %s\naccel: %s\n",
		r.tests, r.failed, int(time.Since(begun).Seconds()), r.booted, m.accel)
	if r.failed > 0 || r.faults > 0 || err != nil {
		return 1, err
	}
	return 0, nil
}
