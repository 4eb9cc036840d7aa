//go:build unix

package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// shell is a part that runs a script; its child's process ID lies in the file that is returned.
func shell(t *testing.T, script string) (p part, pidFile string) {
	t.Helper()
	pidFile = filepath.Join(t.TempDir(), "pid")
	return part{name: "script", command: func(ctx context.Context, _ time.Duration) *exec.Cmd {
		return exec.CommandContext(ctx, "sh", "-c", script, "sh", pidFile)
	}}, pidFile
}

func TestAPartIsCutOffWithItsSlotAndSoAreItsChildren(t *testing.T) {
	for name, script := range map[string]string{
		"that waits":              `echo begun; sleep 60 & echo $! >"$1"; wait`,
		"that ignores interrupts": `trap "" INT; echo begun; sleep 60 & echo $! >"$1"; wait`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, pidFile := shell(t, script)
			const slot = time.Second
			o := p.run(context.Background(), slot)
			if !o.cut || o.err == nil || o.took > slot+patience+2*time.Second || !strings.Contains(o.text, "begun") {
				t.Errorf("cut off %v after %s, error %v, it said %q", o.cut, o.took, o.err, o.text)
			}
			text, err := os.ReadFile(pidFile)
			if err != nil {
				t.Fatal(err)
			}
			pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
			if err != nil {
				t.Fatal(err)
			}
			for range 100 {
				if gone(pid) {
					return
				}
				time.Sleep(10 * time.Millisecond)
			}
			t.Errorf("process %d, which the part started, is still running", pid)
		})
	}
}

// gone reports whether a process has ended. One that nobody has waited for yet has ended too.
func gone(pid int) bool {
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return true
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && strings.Contains(string(stat), ") Z ")
}

func TestAPartThatEndsInTimeIsNotCutOff(t *testing.T) {
	p, _ := shell(t, `echo "sim_sales: 5"`)
	if o := p.run(context.Background(), 30*time.Second); o.cut || o.err != nil || counts(o)["sim_sales"] != 5 {
		t.Errorf("%+v", o)
	}
}
