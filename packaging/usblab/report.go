package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
)

// report reads the console: what tests say, how they end, and what they want done outside.
type report struct {
	out io.Writer
	ask func(order string)
	up  func() // called when the first program runs; may be nil

	pack    string
	said    []string // by the test that runs
	tail    []string // the latest lines of all
	running bool
	before  int // failed tests of the packages before
	tests   int
	failed  int
	faults  int
	began   bool   // the first program runs
	told    bool   // the machine has said how it ended
	booted  string // seconds until the drivers were loaded
}

// verdict is the last line of a test that is no part of another.
var verdict = regexp.MustCompile(`^--- (PASS|FAIL|SKIP): (\S+) \((\S+)s\)$`)

// shownTail is how many lines of the console are shown when the machine dies.
const shownTail = 60

// listen reads until the machine is off. All of it goes into the log too.
func (r *report) listen(console io.Reader, log string) error {
	f, err := os.Create(log)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(console)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := strings.TrimRight(lines.Text(), "\r")
		fmt.Fprintln(f, line)
		r.tail = append(r.tail[max(0, len(r.tail)-shownTail+1):], line)
		r.line(line)
	}
	return lines.Err()
}

func (r *report) line(line string) {
	if order, is := strings.CutPrefix(line, "@@HOST "); is {
		r.ask(order)
		return
	}
	if mark, is := strings.CutPrefix(line, "@@"); is {
		r.mark(mark)
		return
	}
	if m := verdict.FindStringSubmatch(line); m != nil {
		r.verdict(m[1], m[2], m[3])
		return
	}
	if name, is := strings.CutPrefix(line, "=== RUN   "); is && !strings.Contains(name, "/") {
		r.said, r.running = nil, true
	}
	if line != "" {
		r.said = append(r.said, line)
	}
}

func (r *report) verdict(how, name, seconds string) {
	r.running = false
	switch how {
	case "PASS":
		r.tests++
		fmt.Fprintf(r.out, "ok    %6s s  %s %s\n", seconds, r.pack, name)
	case "SKIP":
		fmt.Fprintf(r.out, "skip  %6s s  %s %s\n", seconds, r.pack, name)
		r.show(r.said)
	default:
		r.tests++
		r.failed++
		fmt.Fprintf(r.out, "FAIL  %6s s  %s %s\n", seconds, r.pack, name)
		r.show(r.said)
	}
	r.said = nil
}

// mark is a line of the first program.
func (r *report) mark(mark string) {
	word, rest, _ := strings.Cut(mark, " ")
	switch word {
	case "UP":
		if !r.began && r.up != nil {
			r.up()
		}
		r.began = true
		fmt.Fprintf(r.out, "up    %s s\n", rest)
		if what, at, _ := strings.Cut(rest, " "); what == "devices" {
			r.booted = at
		}
	case "PACKAGE":
		r.pack = rest
	case "RC":
		if rest != "0" && (r.running || r.failed == r.before) { // no test says why: it fell over
			r.wrong("%s ended with %s", r.pack, rest)
			r.show(r.said)
		}
		r.running, r.before, r.said = false, r.failed, nil
	case "FIGURE":
		fmt.Fprintln(r.out, rest)
	case "RESULT":
		r.told = true
		if rest != "rc=0" {
			r.faults++
		}
	}
}

// wrong is a fault of no single test.
func (r *report) wrong(format string, args ...any) {
	r.faults++
	fmt.Fprintf(r.out, "FAIL  "+format+"\n", args...)
}

func (r *report) show(lines []string) {
	for _, l := range lines {
		fmt.Fprintln(r.out, "      "+l)
	}
}

// last shows the end of a console that stopped without a result.
func (r *report) last() {
	if !r.told {
		r.show(r.tail)
	}
}
