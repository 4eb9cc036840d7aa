package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"veratill/escpos"
)

// TestMain lets the test's own binary be the program: the scripts run the real one.
// Where VERATILL_PROGRAM names a program, as ./dev check does, they run that instead.
func TestMain(m *testing.M) {
	becomeVersion()
	programs := map[string]func(){"veratill": main}
	if shipped := os.Getenv("VERATILL_PROGRAM"); shipped != "" {
		if err := runShipped(shipped); err != nil {
			fmt.Fprintln(os.Stderr, "VERATILL_PROGRAM:", err)
			os.Exit(1)
		}
		delete(programs, "veratill")
	}
	testscript.Main(m, programs)
}

// runShipped makes a program the first veratill in PATH.
func runShipped(program string) error {
	if filepath.Base(program) != "veratill" || !filepath.IsAbs(program) {
		return fmt.Errorf("%s is no absolute path of a program that is called veratill", program)
	}
	if _, err := exec.LookPath(program); err != nil {
		return err
	}
	return os.Setenv("PATH", filepath.Dir(program)+string(os.PathListSeparator)+os.Getenv("PATH"))
}

// The scripts in testdata/script drive the program as a person at a shell does.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:   scriptFolder,
		Files: scriptFiles,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"serve": serve, "exits": exits, "count": count, "first": firstOf,
			"program": putProgram, "publish": publish, "runs": runs, "future": future, "spoil": spoil, "opens": opens, "edited": edited, "tree": tree, "today": today, "codes": codes},
		Condition: func(word string) (bool, error) {
			return word == "root" && os.Geteuid() == 0 || word == "screen" && canOpen(), nil
		},
		Setup: func(e *testscript.Env) error { e.Setenv("HOME", e.WorkDir); e.Setenv("DISPLAY", ""); return nil },
	})
}

// serve NAME ARGS… starts a simulator on a free port and puts its address into $NAME.
func serve(ts *testscript.TestScript, _ bool, args []string) {
	program, err := exec.LookPath("veratill")
	ts.Check(err)
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program, append(args[1:2:2], append([]string{"-listen", "127.0.0.1:0"}, args[2:]...)...)...)
	cmd.Dir, cmd.Env = ts.MkAbs("."), append(os.Environ(), "VERATILL_TMK="+ts.Getenv("VERATILL_TMK"))
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	ts.Defer(func() { cancel(); cmd.Wait() })
	said, err := bufio.NewReader(out).ReadString('\n')
	ts.Check(err)
	ts.Setenv(args[0], strings.TrimSpace(strings.TrimPrefix(said, "listening on ")))
}

// exits CODE ARGS… runs the program and wants that exit code; its output is kept in $WORK/out and $WORK/err.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	program, err := exec.LookPath("veratill")
	ts.Check(err)
	var out, errOut strings.Builder
	cmd := exec.Command(program, args[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = ts.MkAbs("."), &out, &errOut
	cmd.Env = append(os.Environ(), "HOME="+ts.Getenv("HOME"), "XDG_DATA_HOME="+ts.Getenv("XDG_DATA_HOME"), "VERATILL_STATE="+ts.Getenv("VERATILL_STATE"), "VERATILL_TMK="+ts.Getenv("VERATILL_TMK"), "DISPLAY=", "WAYLAND_DISPLAY=")
	cmd.Run()
	ts.Check(os.WriteFile(ts.MkAbs("out"), []byte(out.String()), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs("err"), []byte(errOut.String()), 0o600))
	ts.Logf("%s%s", out.String(), errOut.String())
	if got := fmt.Sprint(cmd.ProcessState.ExitCode()); got != args[0] {
		ts.Fatalf("veratill %v ended with %s, want %s", args[1:], got, args[0])
	}
}

// count N PATTERN FILE… wants the pattern so many times in the files.
func count(ts *testscript.TestScript, _ bool, args []string) {
	n := 0
	for _, pattern := range args[2:] {
		files, err := filepath.Glob(ts.MkAbs(pattern))
		ts.Check(err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			ts.Check(err)
			n += len(regexp.MustCompile(args[1]).FindAllIndex(text, -1))
		}
	}
	if fmt.Sprint(n) != args[0] {
		ts.Fatalf("%q is there %d times, want %s", args[1], n, args[0])
	}
}

// firstOf NAME PATTERN puts the first file that fits into $NAME.
func firstOf(ts *testscript.TestScript, _ bool, args []string) {
	files, err := filepath.Glob(ts.MkAbs(args[1]))
	ts.Check(err)
	if len(files) == 0 {
		ts.Fatalf("no file is there like %s", args[1])
	}
	ts.Setenv(args[0], files[0])
}

// TestEveryCommandIsDescribed: whoever looks into the manual page or a README finds each command.
func TestEveryCommandIsDescribed(t *testing.T) {
	for file, form := range map[string]string{"packaging/linux/veratill.1.in": ".B %s\n", "README.md": "%s", "README.zh-CN.md": "%s"} {
		text, err := os.ReadFile(filepath.Join("..", file))
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range commands() {
			alone := fmt.Sprintf(form, k.name)
			longer := strings.Replace(alone, "\n", " ", 1) // journal verify, devices list
			if !strings.Contains(string(text), alone) && !strings.Contains(string(text), longer) {
				t.Errorf("%s does not describe veratill %s", file, k.name)
			}
		}
	}
}

// today writes the date of today, YYYY-MM-DD, over each TODAY in files, and the time over each NOW.
func today(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		now := time.Now()
		text := strings.NewReplacer("TODAY", now.Format(time.DateOnly), "NOW", now.Format(time.TimeOnly)).Replace(ts.ReadFile(name))
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o600))
	}
}

// codes FILE PAPER… writes the signed codes of papers into a file, one a line, as whoever scans them reads them.
func codes(ts *testscript.TestScript, _ bool, args []string) {
	found := ""
	for _, paper := range args[1:] {
		b, err := os.ReadFile(ts.MkAbs(paper))
		ts.Check(err)
		for _, code := range regexp.MustCompile(`\[QR (VT:[^\]]*)\]`).FindAllStringSubmatch(escpos.Decode(b, escpos.DecodeOptions{}).Text(), -1) {
			found += code[1] + "\n"
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(found), 0o600))
}
