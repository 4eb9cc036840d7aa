package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"veratill/packaging/shop"
)

// trial is the whole run: the shop, the cards that were used, and the counts.
type trial struct {
	shop  *shop.Shop
	cards []card
	want  int
	said  bytes.Buffer  // every output of every program
	pause time.Duration // of the hand at the window, between its keys

	sales, kills, crashes, cores, files int
	pieces                              int // that were unpacked of files
	bytes                               int64
}

const outputsFile = "outputs.txt"

func begin(program, dir string, sales int) (*trial, error) {
	for _, name := range []string{cardsDir, "crash"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
			return nil, err
		}
	}
	s, err := shop.Open(program, dir)
	if err == nil {
		err = settle(s)
	}
	return &trial{shop: s, want: sales}, err
}

// settle writes the settings of the shop: the doctor misses them where there are books.
func settle(s *shop.Shop) error {
	if err := os.MkdirAll(s.Till(), 0o700); err != nil {
		return err
	}
	text := fmt.Sprintf("[devices]\nbank = %q\nprinter = %q\n", s.HostURL(), s.PrinterURL())
	return os.WriteFile(filepath.Join(s.Till(), "settings.toml"), []byte(text), 0o600)
}

// endings of the amounts: good ones, and each fault that the bank knows.
var endings = []int{0, 10, 20, 30, 95, 5, 51, 91, 92, 93, 94, 96}

// killEvery: each fifth sale is killed, at a step that moves along.
const killEvery = 5

func (t *trial) sellAll() {
	for n := range t.want {
		_, file := t.cardFile(n)
		amount := fmt.Sprintf("%d.%02d", 1+n%90, endings[n%len(endings)])
		step := 0
		if n%killEvery == 0 {
			step = 1 + n/killEvery%8
		}
		if t.run(t.shop.Sell(file, amount), step, syscall.SIGKILL) {
			t.kills++
		}
		t.sales++
		if n%40 == 39 {
			t.ask("journal", "list", "-data", t.shop.Till(), "-json")
			t.ask("totals", "-data", t.shop.Till(), "-json")
			t.ask("doctor", "-data", t.shop.Till(), "-json")
		}
	}
}

// crashAll ends sales by the signals that make Go print every stack and, where the
// system allows it, write a core: while the bank keeps silent, and at each later step.
func (t *trial) crashAll() {
	t.shop.ReplyWait = 4 * time.Second
	for i, signal := range []syscall.Signal{syscall.SIGABRT, syscall.SIGQUIT, syscall.SIGSEGV} {
		for step := 1; step <= 4; step++ {
			_, file := t.cardFile(t.want + 10*i + step)
			ending := "91" // in the middle: the request is out and nothing comes
			if step > 2 {
				ending = "00"
			}
			cmd := t.shop.Sell(file, "7."+ending)
			cmd.Dir = t.shop.Path("crash")
			cmd.Env = append(os.Environ(), "GOTRACEBACK=crash")
			if t.run(withCores(cmd), step, signal) {
				t.crashes++
			}
			t.keepCore(fmt.Sprintf("core-%d-%d", signal, step))
		}
	}
	t.shop.ReplyWait = 300 * time.Millisecond
}

// withCores lets the command write a core of any size.
func withCores(cmd *exec.Cmd) *exec.Cmd {
	sh := exec.Command("sh", append([]string{"-c", `ulimit -c unlimited; exec "$@"`, "sh"}, cmd.Args...)...)
	sh.Dir, sh.Env = cmd.Dir, cmd.Env
	return sh
}

// keepCore gives a core dump a name of its own, so that the next does not overwrite it.
func (t *trial) keepCore(name string) {
	found, err := filepath.Glob(t.shop.Path("crash/core*"))
	stopOn(err)
	for _, path := range found {
		if base := filepath.Base(path); base == "core" || strings.HasPrefix(base, "core.") {
			t.cores++
			stopOn(os.Rename(path, t.shop.Path("crash/"+name)))
		}
	}
}

// run starts a command and ends it by the signal a moment after its nth journaled
// step, or lets it end. It tells whether the signal ended it.
func (t *trial) run(cmd *exec.Cmd, step int, signal syscall.Signal) bool {
	var out bytes.Buffer
	cmd.Stdout = &out
	fault, err := cmd.StderrPipe()
	stopOn(err)
	stopOn(cmd.Start())
	limit := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	defer limit.Stop()
	t.watch(fault, step, func() {
		if signal != syscall.SIGKILL {
			time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
		}
		cmd.Process.Signal(signal)
	})
	cmd.Wait()
	t.said.Write(out.Bytes())
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	return ok && step > 0 && (status.Signaled() || status.ExitStatus() == 2)
}

func (t *trial) watch(from io.Reader, step int, end func()) {
	in := bufio.NewReader(from)
	for n := 0; ; {
		line, err := in.ReadBytes('\n')
		t.said.Write(line)
		if err != nil {
			return
		}
		if bytes.Contains(line, []byte(`"msg":"step"`)) {
			if n++; n == step {
				end()
			}
		}
	}
}

func (t *trial) ask(args ...string) {
	out, err := t.shop.Command(args...).CombinedOutput()
	t.said.Write(out)
	if err != nil {
		fmt.Fprintf(os.Stderr, "carddata: %v: %v\n", args, err)
	}
}

// end finishes what is owed, as the next morning would, and keeps every output as a file.
func (t *trial) end() {
	for range 10 {
		out, err := t.shop.Recover()
		t.said.Write(out)
		if err == nil {
			break
		}
	}
	t.ask("journal", "list", "-data", t.shop.Till(), "-json")
	t.ask("journal", "verify", "-data", t.shop.Till())
	t.said.Write(t.shop.Close())
	stopOn(os.WriteFile(t.shop.Path(outputsFile), t.said.Bytes(), 0o600))
}
