package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// unpack reads a newc archive as the kernel does.
func unpack(t *testing.T, b []byte) (names []string, body map[string]string) {
	t.Helper()
	body = map[string]string{}
	for at := 0; at < len(b); {
		field := func(n int) int {
			v, err := strconv.ParseInt(string(b[at+6+8*n:at+14+8*n]), 16, 64)
			if err != nil {
				t.Fatal(err)
			}
			return int(v)
		}
		if string(b[at:at+6]) != "070701" {
			t.Fatalf("no head at %d: %q", at, b[at:at+6])
		}
		size, long := field(6), field(11)
		name := string(b[at+110 : at+110+long-1])
		from := (at + 110 + long + 3) &^ 3
		if name != "TRAILER!!!" {
			names = append(names, name)
			body[name] = fmt.Sprintf("%o %s", field(1), b[from:from+size])
		}
		at = (from + size + 3) &^ 3
	}
	return names, body
}

func TestArchive(t *testing.T) {
	var b bytes.Buffer
	file := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(file, []byte("abcde"), 0o755); err != nil {
		t.Fatal(err)
	}
	for range 2 { // one behind the other
		a := newArchive(&b)
		a.text("init", "x", 0o755)
		a.file("lib/deep/f", file)
		a.file("/lib/deep/f", file) // once
		a.link("sbin/g", "/lib/deep/f")
		if size, err := a.end(); err != nil || size%4 != 0 {
			t.Fatal(size, err)
		}
	}
	names, body := unpack(t, b.Bytes())
	if got := strings.Join(names[:6], " "); got != "init lib lib/deep lib/deep/f sbin sbin/g" || len(names) != 12 {
		t.Errorf("the names are %q", names)
	}
	for name, want := range map[string]string{"init": "100755 x", "lib/deep": "40755 ", "lib/deep/f": "100755 abcde", "sbin/g": "120777 /lib/deep/f"} {
		if body[name] != want {
			t.Errorf("%s is %q, not %q", name, body[name], want)
		}
	}
	a := newArchive(&b)
	a.file("x", filepath.Join(t.TempDir(), "nothing"))
	if _, err := a.end(); err == nil {
		t.Error("a file that is not there was archived")
	}
}

func TestReport(t *testing.T) {
	for _, c := range []struct {
		name, console          string
		tests, failed, faults  int
		told                   bool
		shown, notShown, order string
	}{
		{"passed", "@@UP devices 3.5\n@@PACKAGE bus\n=== RUN   TestA\nnoise\n@@HOST type 20 \"x\"\n--- PASS: TestA (0.10s)\nPASS\n@@RC 0\n@@RESULT rc=0\n",
			1, 0, 0, true, "ok      0.10 s  bus TestA", "noise", `type 20 "x"`},
		{"failed", "=== RUN   TestA\n=== RUN   TestA/sub\n    x_test.go:1: because\n    --- FAIL: TestA/sub (0.00s)\n--- FAIL: TestA (0.10s)\nFAIL\n@@RC 1\n@@RESULT rc=1\n",
			1, 1, 1, true, "because", "", ""},
		{"fell over", "=== RUN   TestA\npanic: gone\n@@RC 2\n@@RESULT rc=2\n", 0, 0, 2, true, "panic: gone", "", ""},
		{"fell over after a failure", "=== RUN   TestA\n--- FAIL: TestA (0.10s)\n=== RUN   TestB\npanic: gone\n@@RC 2\n@@RESULT rc=2\n", 1, 1, 2, true, "panic: gone", "", ""},
		{"never began", "@@PACKAGE bus\ncan't load libusb\n@@RC 127\n@@RESULT rc=127\n", 0, 0, 2, true, "can't load libusb", "", ""},
		{"skipped", "=== RUN   TestA\n    x_test.go:1: why\n--- SKIP: TestA (0.10s)\nPASS\n@@RC 0\n@@RESULT rc=0\n", 0, 0, 0, true, "why", "", ""},
		{"died", "=== RUN   TestA\nOops: 0000\n", 0, 0, 0, false, "Oops: 0000", "", ""},
	} {
		var out strings.Builder
		asked := ""
		r := report{out: &out, ask: func(o string) { asked = o }}
		if err := r.listen(strings.NewReader(strings.ReplaceAll(c.console, "\n", "\r\n")), filepath.Join(t.TempDir(), "log")); err != nil {
			t.Fatal(err)
		}
		r.last()
		if r.tests != c.tests || r.failed != c.failed || r.faults != c.faults || r.told != c.told || asked != c.order {
			t.Errorf("%s: %+v, asked for %q", c.name, r, asked)
		}
		if !strings.Contains(out.String(), c.shown) || c.notShown != "" && strings.Contains(out.String(), c.notShown) {
			t.Errorf("%s: it shows\n%s", c.name, out.String())
		}
	}
}

func TestKeys(t *testing.T) {
	for _, r := range "%B6200000000000005^A/B^4912?;=\n+-. z" {
		if k, known := keyFor(r); !known || k.name == "" {
			t.Errorf("no key for %q", r)
		}
	}
	if _, known := keyFor('é'); known {
		t.Error("the American keyboard has an é")
	}
	if k, _ := keyFor('Q'); !k.shift || k.name != "q" {
		t.Errorf("Q is %+v", k)
	}
}
