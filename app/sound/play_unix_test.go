//go:build !windows

package sound

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// A player that fails is followed by the next one, which gets all samples; a computer without any is silent.
func TestTheNextPlayerIsTried(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir+":/bin:/usr/bin")
	for name, text := range map[string]string{
		"paplay": "#!/bin/sh\necho no daemon >&2\nexit 1\n",
		"pw-cat": "#!/bin/sh\ncat >" + dir + "/heard\n",
		"aplay":  "#!/bin/sh\ntouch " + dir + "/third\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	play(Declined)
	heard, err := os.ReadFile(filepath.Join(dir, "heard"))
	if err != nil || !bytes.Equal(heard, samples(Declined)) {
		t.Errorf("%d bytes were heard, %v", len(heard), err)
	}
	if _, err := os.Stat(filepath.Join(dir, "third")); err == nil {
		t.Error("it was played twice")
	}
	t.Setenv("PATH", t.TempDir())
	play(Declined)
}
