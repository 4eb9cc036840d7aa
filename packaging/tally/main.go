// Command tally reads `go test -json` and says what somebody wants to know: each
// package in a line, the whole output of what failed, each skip with its reason,
// and the count. It ends with 1 when anything failed.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// event is a line of `go test -json` (see `go doc test2json`).
type event struct {
	Action     string
	Package    string
	ImportPath string // of a build's output
	Test       string
	Output     string
	Elapsed    float64
}

type tally struct {
	output                  map[string]string // by package and test
	passed, failed, skipped int
	broken                  int // packages that failed without a failing test
	inPackage               map[string]int
	failing                 map[string]bool
}

func main() {
	t := tally{output: map[string]string{}, inPackage: map[string]int{}, failing: map[string]bool{}}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 16<<20)
	for in.Scan() {
		var e event
		if json.Unmarshal(in.Bytes(), &e) != nil || e.Action == "" {
			fmt.Println(in.Text()) // not a test's: the tool itself speaks
			continue
		}
		t.take(e)
	}
	if err := in.Err(); err != nil {
		fmt.Fprintln(os.Stderr, "tally:", err)
		os.Exit(1)
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", t.passed, t.failed+t.broken, t.skipped)
	if t.failed+t.broken > 0 || t.passed == 0 {
		os.Exit(1)
	}
}

func (t *tally) take(e event) {
	key := e.Package + e.ImportPath + " " + e.Test
	switch e.Action {
	case "output", "build-output":
		t.output[key] += e.Output
		return
	case "build-fail":
		fmt.Print(t.output[key])
	case "pass", "fail", "skip":
		if e.Test == "" {
			t.endPackage(e, key)
		} else {
			t.endTest(e, key)
		}
	default:
		return
	}
	delete(t.output, key)
}

func (t *tally) endTest(e event, key string) {
	switch e.Action {
	case "pass":
		t.passed++
		t.inPackage[e.Package]++
	case "skip":
		t.skipped++
		fmt.Printf("skipped %s %s:%s\n", e.Package, e.Test, reason(t.output[key]))
	case "fail":
		t.failed++
		t.failing[e.Package] = true
		fmt.Print(t.output[key])
	}
}

func (t *tally) endPackage(e event, key string) {
	switch e.Action {
	case "fail":
		if !t.failing[e.Package] {
			t.broken++
			fmt.Print(t.output[key])
		}
		fmt.Printf("FAIL %s %.1f s\n", e.Package, e.Elapsed)
	case "pass":
		cached := ""
		if strings.Contains(t.output[key], "(cached)") {
			cached = ", cached"
		}
		fmt.Printf("ok   %s %d passed, %.1f s%s\n", e.Package, t.inPackage[e.Package], e.Elapsed, cached)
	}
}

// reason is what a skipped test said, without what the tool says round it.
func reason(output string) (said string) {
	for _, line := range strings.Split(output, "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "=== ") && !strings.HasPrefix(line, "--- ") {
			said += " " + line
		}
	}
	return said
}
