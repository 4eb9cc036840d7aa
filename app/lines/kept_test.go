package lines

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"veratill/txn"
)

// The key that was given last signs after a restart, until an installer writes another one.
func TestAnInstallersKeyCountsMore(t *testing.T) {
	o := Options{Dir: t.TempDir()}
	first, given := txn.Secret("activation"), time.Now().Truncate(time.Second)
	want := func(installed txn.Secret, key string, at time.Time) {
		t.Helper()
		got, when, err := o.lastKey("T1", installed)
		if err != nil || string(got) != key || !when.Equal(at) {
			t.Errorf("%q of %v, %v; want %s of %v", string(got), when, err, key, at)
		}
	}
	want(first, "activation", time.Time{})
	if err := o.keepKey("T1", first)(txn.Secret("day2"), given); err != nil {
		t.Fatal(err)
	}
	want(first, "day2", given)
	want(txn.Secret("activated anew"), "activated anew", time.Time{})
	if key, _, err := o.lastKey("T2", first); err != nil || string(key) != "activation" {
		t.Errorf("another terminal signs with %d bytes, %v", len(key), err)
	}
	if info, err := os.Stat(o.keptPath("T1")); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("the file of the key: %v, %v: others may read it", info.Mode(), err)
	}
	if err := os.WriteFile(o.keptPath("T1"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := o.lastKey("T1", first); err == nil || filepath.IsAbs(err.Error()) {
		t.Errorf("a damaged file of the key: %v", err)
	}
}
