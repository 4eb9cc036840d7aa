package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestMountOf(t *testing.T) {
	const mounts = `22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 27 7:0 / /tmp/bench rw - xfs /dev/loop0 rw
41 27 7:1 / /tmp/bench rw - ext4 /dev/loop1 rw
42 27 7:2 / /tmp/benches rw - btrfs /dev/loop2 rw
`
	for _, c := range []struct{ dir, name, number string }{
		{"/tmp/bench/till", "ext4", "7:1"}, // mounted over the other
		{"/tmp/bench", "ext4", "7:1"},
		{"/tmp/benches", "btrfs", "7:2"},
		{"/tmp/other", "ext4", "254:0"},
		{"/", "ext4", "254:0"},
	} {
		if name, number := mountOf(mounts, c.dir); name != c.name || number != c.number {
			t.Errorf("%s lies on %s %s, want %s %s", c.dir, name, number, c.name, c.number)
		}
	}
	if name, number := mountOf("", "/tmp"); name != "unknown" || number != "" {
		t.Errorf("without mounts /tmp lies on %s %s", name, number)
	}
}

func TestJournalOf(t *testing.T) {
	proc := t.TempDir()
	for _, made := range []string{"ext4/vda", "ext4/loop1", "jbd2/loop1-8", "jbd2/loop11-8"} {
		if err := os.MkdirAll(filepath.Join(proc, made), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ name, device, want string }{
		{"ext4", "vda", "no"},
		{"ext4", "loop1", "yes"},
		{"ext4", "vdb", "unknown"}, // the kernel tells nothing of it
		{"xfs", "vdb", "yes"},
		{"btrfs", "vdb", "unknown"},
	} {
		if got := journalOf(proc, c.name, c.device); got != c.want {
			t.Errorf("the journal of %s on %s is %s, want %s", c.name, c.device, got, c.want)
		}
	}
}
