package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"path/filepath"
	"time"
)

// machine is the virtual machine that runs.
type machine struct {
	cmd     *exec.Cmd
	dir     string
	console io.Reader
	words   bytes.Buffer // QEMU's own
	qmp     *qmp
	accel   string // kvm or tcg
	stop    context.CancelFunc
}

// parts are the devices that can be pulled and plugged in again, as QEMU describes them.
var parts = map[string][]map[string]any{
	"ccid0": {{"driver": "usb-ccid", "id": "ccid0", "bus": "xhci.0"},
		{"driver": "ccid-card-passthru", "id": "card0", "chardev": "card", "bus": "ccid0.0"}},
	"ser0": {{"driver": "usb-serial", "id": "ser0", "chardev": "serial", "bus": "xhci.0"}},
	"kbd0": {{"driver": "usb-kbd", "id": "kbd0", "bus": "xhci.0"}},
}

// arguments are QEMU's. A kernel that falls over ends the run at once. The processor is a plain one:
// KVM inside a virtual machine fails to set registers of newer ones. A kernel that tests its timer on
// a busy machine finds that it has none.
func arguments(img image, dir string, emulate bool) []string {
	a := []string{"-M", "q35", "-cpu", "qemu64", "-smp", "2", "-m", "512", "-nodefaults", "-display", "none", "-no-reboot",
		"-kernel", img.kernel, "-initrd", img.initrd,
		"-append", "console=ttyS0 quiet panic=-1 oops=panic mitigations=off nokaslr no_timer_check",
		"-serial", "stdio",
		"-qmp", "unix:" + filepath.Join(dir, "qmp") + ",server=on,wait=off",
		"-chardev", "socket,id=card,path=" + filepath.Join(dir, "card") + ",server=on,wait=off",
		"-chardev", "socket,id=serial,path=" + filepath.Join(dir, "serial") + ",server=on,wait=off",
		"-device", "qemu-xhci,id=xhci"}
	for _, id := range []string{"ccid0", "ser0", "kbd0"} {
		for _, part := range parts[id] {
			text, _ := json.Marshal(part) // of strings: it can't fail
			a = append(a, "-device", string(text))
		}
	}
	if !emulate {
		a = append(a, "-accel", "kvm")
	}
	return append(a, "-accel", "tcg,thread=multi")
}

// boot starts the machine. It ends with ctx.
func boot(ctx context.Context, img image, dir string, emulate bool) (*machine, error) {
	m := &machine{dir: dir, accel: "tcg"}
	ctx, m.stop = context.WithCancel(ctx)
	m.cmd = exec.CommandContext(ctx, "qemu-system-x86_64", arguments(img, dir, emulate)...)
	m.cmd.Stderr = &m.words
	console, err := m.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	m.console = console
	if err := m.cmd.Start(); err != nil {
		return nil, err
	}
	conn, err := m.dial(ctx, "qmp")
	if err == nil {
		m.qmp, err = openQMP(conn)
	}
	if err == nil {
		err = m.askAccel()
	}
	if err != nil {
		m.stop()
		return nil, fmt.Errorf("%w; %w", err, m.wait())
	}
	return m, nil
}

// askAccel notes whether KVM is in use.
func (m *machine) askAccel() error {
	said, err := m.qmp.do("query-kvm", nil)
	if err != nil {
		return err
	}
	var kvm struct{ Enabled bool }
	if err := json.Unmarshal(said, &kvm); err != nil {
		return err
	}
	if kvm.Enabled {
		m.accel = "kvm"
	}
	return nil
}

// dial connects to one of QEMU's sockets, which it makes when it has begun.
func (m *machine) dial(ctx context.Context, name string) (net.Conn, error) {
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		conn, err := net.Dial("unix", filepath.Join(m.dir, name))
		if err == nil || ctx.Err() != nil || time.Now().After(end) {
			return conn, err
		}
	}
}

// wait returns when the machine is off, with QEMU's words if it was unhappy.
func (m *machine) wait() error {
	err := m.cmd.Wait()
	m.stop()
	if m.qmp != nil {
		m.qmp.conn.Close()
	}
	if err != nil || m.words.Len() > 0 && m.accel != "tcg" {
		return errors.Join(err, errors.New(m.words.String()))
	}
	return nil
}
