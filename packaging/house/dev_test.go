package house

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// doubles are the commands that ./dev calls, written so that a test installs, builds and runs nothing.
// The double of go notes its arguments, and "go test" ends with the status in the file "status".
var doubles = map[string]string{
	"go": `case $1 in
    env) echo go9.9.9 ;;
    test) echo "go $*" >>"$NOTES"; exit "$(cat "$STATUS")" ;;
esac`,
	"dpkg-query": "echo installed",
	"uname":      "echo Other system",
	"npm":        "", "Xvfb": "", "xdotool": "", "strace": "", "zbarimg": "", "pdftotext": "", "chromium": "", "node": "",
}

// dev runs a copy of ./dev among doubles. It returns the exit code, and what of go test and packaging/ was run.
func dev(t *testing.T, status string, args ...string) (code int, ran []string) {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"dev", "go.mod", "packaging/judges/package-lock.json"} {
		text, err := os.ReadFile(filepath.Join(root(t), name))
		if err != nil {
			t.Fatal(err)
		}
		write(name, string(text))
	}
	for name, script := range doubles {
		write("bin/"+name, "#!/bin/sh\n"+script+"\n")
	}
	write("packaging/judges/node_modules/empty", "")
	for _, name := range []string{"packaging/test", "packaging/check"} {
		write(name, "#!/bin/sh\necho "+name+" \"$@\" >>\"$NOTES\"\nexit \"$(cat \"$STATUS\")\"\n")
	}
	write("status", status)
	notes := filepath.Join(dir, "notes")
	cmd := exec.Command("sh", append([]string{filepath.Join(dir, "dev")}, args...)...)
	cmd.Env = append(os.Environ(), "PATH="+filepath.Join(dir, "bin")+":/usr/bin:/bin", "NOTES="+notes, "STATUS="+filepath.Join(dir, "status"))
	said, _ := cmd.CombinedOutput() // the exit code tells
	text, err := os.ReadFile(notes)
	if err != nil {
		t.Fatalf("./dev %v ran nothing, and said: %s", args, said)
	}
	return cmd.ProcessState.ExitCode(), strings.Split(strings.TrimSpace(string(text)), "\n")
}

func TestDevTestWithArgumentsRunsGoTestAlone(t *testing.T) {
	code, ran := dev(t, "0", "test", "./txn/...", "-run", "TestA|TestB C")
	const want = "go test -race -tags=ci -timeout=20m ./txn/... -run TestA|TestB C"
	if len(ran) != 1 || ran[0] != want || code != 0 {
		t.Errorf("./dev test with arguments ran %q and ended with %d, want %q alone and 0", ran, code, want)
	}
}

func TestDevTestWithoutArgumentsRunsEveryCheck(t *testing.T) {
	if code, ran := dev(t, "0", "test"); len(ran) != 1 || ran[0] != "packaging/test" || code != 0 {
		t.Errorf("./dev test ran %q and ended with %d, want packaging/test alone and 0", ran, code)
	}
}

func TestDevCheckRunsTheQuickChecksAlone(t *testing.T) {
	if code, ran := dev(t, "0", "check"); len(ran) != 1 || ran[0] != "packaging/check" || code != 0 {
		t.Errorf("./dev check ran %q and ended with %d, want packaging/check alone and 0", ran, code)
	}
}

func TestDevEndsAsItsTestsEnd(t *testing.T) {
	for _, args := range [][]string{{"test"}, {"test", "./txn"}, {"check"}} {
		if code, ran := dev(t, "3", args...); code != 3 {
			t.Errorf("./dev %v ended with %d where %v ended with 3", args, code, ran)
		}
	}
}

// GitHub runs what a person runs: ./dev check and ./dev test, and nothing that only GitHub knows.
func TestGitHubRunsTheChecksOfDev(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root(t), ".github/workflows/check.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var commands []string
	for _, m := range regexp.MustCompile(`\bcommand: (\w+)`).FindAllSubmatch(text, -1) {
		commands = append(commands, string(m[1]))
	}
	if !slices.Equal(commands, []string{"check", "test"}) {
		t.Errorf("the workflow runs ./dev with %q, want check and test", commands)
	}
	runs := regexp.MustCompile(`(?m)\brun: (.*)$`).FindAllSubmatch(text, -1)
	if len(runs) != 1 || string(runs[0][1]) != "./dev ${{ matrix.command }}" {
		t.Errorf("the workflow runs %q, want ./dev alone", runs)
	}
}
