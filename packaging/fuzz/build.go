package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// builtDir holds the test program of each room.
const builtDir = "build/fuzz.work"

// binary is where the test program of a target's room is.
func (t target) binary() (string, error) {
	return filepath.Abs(filepath.Join(builtDir, strings.ReplaceAll(t.room, "/", "_")+".test"))
}

// build builds the test program of each room for the fuzzer, which wants all of its code to count its branches.
func build(all []target) error {
	if err := os.MkdirAll(builtDir, 0o755); err != nil {
		return err
	}
	built := map[string]bool{}
	for _, t := range all {
		if built[t.room] {
			continue
		}
		built[t.room] = true
		binary, err := t.binary()
		if err != nil {
			return err
		}
		if out, err := exec.Command("go", "test", "-c", "-fuzz=.", "-o", binary, "./"+t.room).CombinedOutput(); err != nil {
			return fmt.Errorf("go test -c -fuzz=. ./%s: %w\n%s", t.room, err, out)
		}
	}
	return nil
}

// corpora is the folder in which go test keeps the inputs that reached something new, a folder a package.
func corpora() (string, error) {
	out, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		return "", fmt.Errorf("go env GOCACHE: %w", err)
	}
	module, err := exec.Command("go", "list", "-m").Output()
	if err != nil {
		return "", fmt.Errorf("go list -m: %w", err)
	}
	return filepath.Join(strings.TrimSpace(string(out)), "fuzz", strings.TrimSpace(string(module))), nil
}
