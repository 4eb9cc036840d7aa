package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"

	"veratill/assets"
)

// spoil FILE WHAT… puts a copy of the program there whose fonts, or whose Chinese or English words, can't be read.
func spoil(ts *testscript.TestScript, _ bool, args []string) {
	path, err := exec.LookPath("veratill")
	ts.Check(err)
	program, err := os.ReadFile(path)
	ts.Check(err)
	carried := map[string][]byte{"font": assets.FontRegular, "bold": assets.FontBold, "paper": assets.FontTraditional}
	for _, language := range assets.Languages {
		carried[language], err = assets.Files.ReadFile("language/" + language + ".txt")
		ts.Check(err)
	}
	for _, what := range args[1:] {
		at := bytes.Index(program, carried[what][:min(len(carried[what]), 8192)])
		if at < 0 {
			ts.Fatalf("the program does not carry %s as it is", what)
		}
		copy(program[at:], bytes.Repeat([]byte("x"), 512))
	}
	to := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(filepath.Dir(to), 0o755))
	syscall.ForkLock.RLock() // see putProgram
	defer syscall.ForkLock.RUnlock()
	ts.Check(os.WriteFile(to, program, 0o755))
}

// untilReady runs a window until its first frame is on the screen, and ends it. One that does not end is killed, and no window that works.
const untilReady = `"$@" -ready-file ready.file & p=$!; n=0
while [ ! -s ready.file ] && [ $n -lt 300 ] && kill -0 $p 2>/dev/null; do sleep 0.1; n=$((n + 1)); done
kill $p 2>/dev/null; n=0
while [ $n -lt 200 ] && kill -0 $p 2>/dev/null; do sleep 0.1; n=$((n + 1)); done
kill -9 $p 2>/dev/null && echo "the window did not end" && exit 1
wait $p; [ -s ready.file ] && rm ready.file`

// opens PROGRAM ARGS… opens the window on a display that nobody sees, and wants its first frame. What it says is in $WORK/err.
func opens(ts *testscript.TestScript, neg bool, args []string) {
	cmd := exec.Command("sh", append([]string{filepath.Join(repository, "packaging", "xvfb"), "sh", "-c", untilReady, "sh"}, args...)...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = append(os.Environ(), "HOME="+ts.Getenv("HOME"))
	said, err := cmd.CombinedOutput()
	ts.Check(os.WriteFile(ts.MkAbs("err"), said, 0o600))
	ts.Logf("%s", said)
	if (err == nil) == neg {
		ts.Fatalf("the window of %v: %v", args, fmt.Sprint(err))
	}
}

// repository is the folder above this one, from wherever a script runs.
var repository = func() string {
	here, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	return filepath.Dir(here)
}()

// canOpen reports whether there is what a window needs in a test.
func canOpen() bool {
	_, err := exec.LookPath("Xvfb")
	return err == nil && opensWindows
}
