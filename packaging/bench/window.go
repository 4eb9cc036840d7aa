package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// windowLimit is how long a window may take before it counts as missing.
const windowLimit = 60 * time.Second

// measureWindows opens the empty window, ours on an empty journal and, if asked for,
// ours on a long one, in turn, so that what disturbs one disturbs all.
func measureWindows(program, empty, dir string, times, rows int) error {
	home := filepath.Join(dir, "home")
	if err := os.MkdirAll(home, 0o700); err != nil {
		return err
	}
	ready := filepath.Join(dir, "ready")
	cases := []struct {
		name string
		args []string
		took []time.Duration
	}{
		{name: "empty_window_ready_ms", args: []string{empty, "-ready-file", ready}},
		{name: "window_ready_ms", args: []string{program, "-data", filepath.Join(dir, "short"), "-ready-file", ready}},
	}
	if rows > 0 {
		long, err := longJournal(rows)
		if err != nil {
			return err
		}
		again := cases[1]
		again.name, again.args = "window_ready_long_ms", []string{program, "-data", long, "-ready-file", ready}
		cases = append(cases, again)
	}
	for n := range times + 1 {
		for i := range cases {
			took, err := open(cases[i].args, home, ready)
			if err != nil {
				return err
			}
			if n > 0 { // the first of each fills the caches and makes the journal
				cases[i].took = append(cases[i].took, took)
			}
		}
	}
	for _, c := range cases {
		say(c.name, p50(c.took)/1000, 1)
	}
	say("window_ready_over_empty", p50(cases[1].took)/p50(cases[0].took), 3)
	if rows > 0 {
		say("window_journal_rows", float64(rows), 0)
		say("window_ready_2m_over_empty_journal", p50(cases[2].took)/p50(cases[1].took), 3)
	}
	return nil
}

// open starts a program and returns how long it took until its first frame.
func open(args []string, home, ready string) (time.Duration, error) {
	if err := os.Remove(ready); err != nil && !errors.Is(err, os.ErrNotExist) {
		return 0, err
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_DATA_HOME="+home)
	var said bytes.Buffer
	cmd.Stderr = &said
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	defer func() {
		cmd.Process.Kill()
		<-ended
		time.Sleep(200 * time.Millisecond) // the display puts the window away
	}()
	for time.Since(begun) < windowLimit {
		if _, err := os.Stat(ready); err == nil {
			return time.Since(begun), nil
		}
		select {
		case err := <-ended:
			ended <- err
			return 0, fmt.Errorf("%v ended without a window: %w\n%s", args, err, said.String())
		case <-time.After(time.Millisecond):
		}
	}
	return 0, fmt.Errorf("%v showed nothing within %s", args, windowLimit)
}
