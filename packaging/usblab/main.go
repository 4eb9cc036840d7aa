// Command usblab is the virtual USB lab: a real kernel's USB stack in a virtual machine, with
// devices that exist only there. It boots Debian's kernel in QEMU and runs inside it, as root,
// the tests of every package below packaging/usblab that imports package guest. No right is
// needed outside: KVM is used where it is allowed, and emulation otherwise.
//
//	usblab [-veratill PATH] [-run PATTERN] [-rounds N] [-tcg] [-keep] [-limit 8m]
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
	flag.DurationVar(&o.limit, "limit", 8*time.Minute, "after which the machine is turned off")
	flag.IntVar(&o.rounds, "rounds", 12, "how often the test of leaks plugs a printer and a reader in and pulls them out")
	flag.Parse()
	code, err := o.run()
	switch {
	case errors.Is(err, errSkip):
		fmt.Println(err)
		fmt.Println("usblab_tests: 0")
		code = 0
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
	rounds           int
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
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop() // from here on a signal leaves nothing behind
	dir, err := os.MkdirTemp("", "veratill-usblab-")
	if err != nil {
		return 1, err
	}
	if o.keep {
		fmt.Println("kept:", dir)
	} else {
		defer os.RemoveAll(dir)
	}
	flags := fmt.Sprintf("-rounds %d -test.timeout %s", o.rounds, o.limit)
	if o.pattern != "" {
		flags += " -test.run " + o.pattern
	}
	begun := time.Now()
	img, err := makeImage(cache, dir, o.program, flags)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return 1, err
	}
	fmt.Printf("the image is made, %.1f s\n", time.Since(begun).Seconds())
	ctx, cancel := context.WithTimeout(ctx, o.limit)
	defer cancel()
	return o.drive(ctx, img, dir)
}

// kvmPatience is how long a machine on KVM may take to its first program: it needs 2 s. There are
// machines that have /dev/kvm and on which nothing comes up with it.
const kvmPatience = 10 * time.Second

// drive runs the machine on KVM, and emulated where nothing comes up on KVM.
func (o options) drive(ctx context.Context, img image, dir string) (int, error) {
	if !o.emulate {
		up, code, err := o.attempt(ctx, img, dir)
		if up || ctx.Err() != nil {
			return code, err
		}
		fmt.Println("nothing comes up on KVM here: the machine is emulated")
		o.emulate = true
	}
	_, code, err := o.attempt(ctx, img, dir)
	return code, err
}

// attempt boots the machine, listens to it until it is off, and judges. up is false when KVM was to
// be used and no program ran.
func (o options) attempt(parent context.Context, img image, dir string) (up bool, code int, err error) {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	begun := time.Now()
	m, err := boot(ctx, img, dir, o.emulate)
	if err != nil {
		return false, 1, err
	}
	hands := newHands(m)
	defer hands.close()
	r := report{out: os.Stdout, ask: hands.order}
	if m.accel == "kvm" {
		late := time.AfterFunc(kvmPatience, cancel)
		r.up = func() { late.Stop() }
	}
	err = r.listen(m.console, filepath.Join(dir, "console.log"))
	ended := m.wait()
	hands.close()
	if m.accel == "kvm" && !r.began {
		return false, 1, err
	}
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
	fmt.Printf("image_mb: %d\nboot_seconds: %s\nusblab_tests: %d\nusblab_failed: %d\nusblab_seconds: %d\naccel: %s\n",
		img.size>>20, r.booted, r.tests, r.failed, int(time.Since(begun).Seconds()), m.accel)
	if r.failed > 0 || r.faults > 0 || err != nil {
		return true, 1, err
	}
	return true, 0, nil
}
