package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"time"

	"veratill/packaging/books"
	"veratill/packaging/shop"
	"veratill/packaging/tracer"
)

// kind is which calls a job counts and breaks.
type kind string

const (
	syncs  kind = "sync"   // fsync and fdatasync of the till's files and folder
	writes kind = "write"  // writes and truncations of them, and of the program's output
	makes  kind = "make"   // creating, renaming and removing them
	lines  kind = "socket" // what leaves for bank and printer
	every  kind = "any"    // every system call
)

// job breaks the nth call of a kind, or all from the nth on.
type job struct {
	name string
	kind kind
	deed tracer.Deed
	on   bool
	nth  int
	upTo int // how many such calls a sale that is not broken makes
}

// trial is the whole run.
type trial struct {
	program string
	fresh   bool
	at      *regexp.Regexp // only calls that it fits, as CALL_FILE
	shop    *shop.Shop
	books   *books.Books
	cards   string
	last    int64 // STANs up to here are judged
	sales   int   // in this shop
	calls   int
	kinds   map[kind]int
	points  map[string]bool // call and file, of a sale that is not broken
	tally   map[string]int
	found   []string
}

func begin(program string, fresh bool, at *regexp.Regexp) (*trial, error) {
	t := &trial{program: program, fresh: fresh, at: at, kinds: map[kind]int{}, points: map[string]bool{}, tally: map[string]int{}}
	if err := t.open(); err != nil {
		return t, err
	}
	t.precede()
	_, end, err := t.sell(func(c *tracer.Call) tracer.Deed {
		k, file := t.kindOf(c)
		if !t.at.MatchString(c.Name + "_" + file) {
			return tracer.Deed{}
		}
		t.kinds[every]++
		if k != "" {
			t.kinds[k]++
			t.points[c.Name+"_"+file] = true
		}
		return tracer.Deed{}
	})
	if err == nil && end.Exit != 0 {
		err = fmt.Errorf("a sale that nobody breaks ends with %d: %s", end.Exit, t.text("err"))
	}
	t.calls = end.Calls
	if err == nil { // the sale that was only looked at is not judged
		err = t.reopen()
	}
	return t, err
}

// open makes a new shop; one sale makes its journal, unless that is what is to be broken.
func (t *trial) open() error {
	dir, err := os.MkdirTemp("", "veratill-faults-")
	if err != nil {
		return err
	}
	if t.shop, err = shop.Open(t.program, dir); err != nil {
		return err
	}
	t.shop.ReplyWait = broken
	if t.cards, err = t.shop.Card("card.txt", "6222020000000001=49121010000000000"); err != nil {
		return err
	}
	t.books, t.last, t.sales = books.Of(t.shop), 0, 0
	if t.fresh {
		return nil
	}
	if out, err := t.whole(); err != nil {
		return fmt.Errorf("the first sale: %w: %s", err, out)
	}
	t.last, err = t.books.Newest()
	return err
}

// How long the till waits for the bank: in sales that are broken, so that many fit, and in one that nobody breaks, on a busy computer too.
const (
	broken = 150 * time.Millisecond
	whole  = 10 * time.Second
)

// whole makes a sale that nobody breaks, and gives what it said on the output.
func (t *trial) whole() ([]byte, error) {
	t.shop.ReplyWait = whole
	defer func() { t.shop.ReplyWait = broken }()
	out, err := t.shop.Sell(t.cards, "1.00").Output()
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		err = fmt.Errorf("%w: %s", err, ended.Stderr)
	}
	return out, err
}

func (t *trial) close() {
	t.shop.Close()
	os.RemoveAll(t.shop.Dir)
}

func (t *trial) reopen() error {
	t.close()
	return t.open()
}

// kindOf says what sort of call it is, and on which of the till's files.
func (t *trial) kindOf(c *tracer.Call) (kind, string) {
	k := kind("")
	switch c.Name {
	case "fsync", "fdatasync", "sync_file_range", "msync":
		k = syncs
	case "write", "pwrite64", "writev", "pwritev", "ftruncate", "fallocate", "copy_file_range":
		k = writes
	case "openat", "open":
		if !c.Creates() {
			return "", ""
		}
		k = makes
	case "rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir", "mkdirat", "link", "linkat":
		k = makes
	default:
		return "", ""
	}
	if name, ok := c.Under(t.shop.Till()); ok {
		return k, name
	}
	switch file := c.File(); {
	case k == writes && file == t.shop.Path("out"):
		return k, "output"
	case k == writes && strings.HasPrefix(file, "socket:"):
		return lines, "socket"
	}
	return "", ""
}

// jobs are all ways to break a sale.
func (t *trial) jobs(only string) (all []job) {
	add := func(k kind, name string, deed tracer.Deed, on bool) {
		if only != "" && (only == "kills") != (k == every) {
			return
		}
		all = append(all, job{name: string(k) + "_" + name, kind: k, deed: deed, on: on, upTo: t.kinds[k]})
	}
	for _, k := range []kind{syncs, writes, makes} {
		add(k, "eio", tracer.Deed{Fail: syscall.EIO}, false)
		add(k, "enospc", tracer.Deed{Fail: syscall.ENOSPC}, false)
		add(k, "eio_from_then_on", tracer.Deed{Fail: syscall.EIO}, true)
		add(k, "enospc_from_then_on", tracer.Deed{Fail: syscall.ENOSPC}, true)
	}
	add(writes, "short", tracer.Deed{Short: true}, false)
	add(lines, "reset", tracer.Deed{Fail: syscall.ECONNRESET}, false)
	add(every, "kill", tracer.Deed{Kill: true}, false)
	return all
}

// sell makes one traced sale with its outputs in files.
func (t *trial) sell(at func(*tracer.Call) tracer.Deed) (books.Claim, tracer.End, error) {
	cmd := t.shop.Sell(t.cards, fmt.Sprintf("%d.00", 1+t.sales%90))
	var opened []*os.File
	for _, name := range []string{"out", "err"} {
		f, err := os.Create(t.shop.Path(name))
		if err != nil {
			return books.Claim{}, tracer.End{}, err
		}
		defer f.Close()
		opened = append(opened, f)
	}
	cmd.Stdout, cmd.Stderr = opened[0], opened[1]
	end, err := tracer.Run(cmd, at)
	return books.Claim{Killed: end.Killed, Exit: end.Exit, Out: t.text("out"), Err: t.text("err")}, end, err
}

func (t *trial) text(name string) []byte {
	b, err := os.ReadFile(t.shop.Path(name))
	if err != nil {
		return []byte(err.Error())
	}
	return b
}

// shopSales is how many sales one journal sees: judging looks at all of them each time.
const shopSales = 100

// precede makes a whole sale, so that the start of the next one has pages to move from
// the WAL into the database, and can be broken while it does.
func (t *trial) precede() {
	if t.fresh {
		return
	}
	out, err := t.whole()
	if err != nil {
		stopOn(fmt.Errorf("a sale that nobody breaks: %w", err))
	}
	var s struct {
		STAN int64 `json:"stan"`
	}
	stopOn(json.Unmarshal(out, &s))
	t.last = s.STAN
}

// run breaks one sale and judges it. It tells whether the call was reached.
func (t *trial) run(j job) bool {
	t.precede()
	n, where, saving, mute := 0, "", false, false
	claim, _, err := t.sell(func(c *tracer.Call) tracer.Deed {
		k, file := t.kindOf(c)
		if j.kind != every && k != j.kind || !t.at.MatchString(c.Name+"_"+file) {
			return tracer.Deed{}
		}
		if n++; n != j.nth && !(j.on && n > j.nth) || j.deed.Short && c.Name == "ftruncate" {
			return tracer.Deed{}
		}
		if where == "" {
			where = c.Name
			if file != "" {
				where += "_" + file
			}
		}
		mute = mute || file == "output"
		saving = saving || strings.HasPrefix(file, "journal")
		return j.deed
	})
	stopOn(err)
	if where == "" {
		t.tally["not_reached"]++
	} else {
		t.count(j, where, claim)
	}
	claim.Mute = mute
	t.judge(claim, fmt.Sprintf("%s %d (%s)", j.name, j.nth, where), saving && !j.deed.Kill && !j.deed.Short)
	return where != ""
}

func (t *trial) count(j job, where string, claim books.Claim) {
	if j.kind == every {
		t.tally["kills"]++
		t.tally["killed_at_"+strings.SplitN(where, "_/", 2)[0]]++
		return
	}
	t.tally["faults"]++
	t.tally["faults_"+j.name]++
	t.tally["hit_"+where]++
	t.tally["outcome_"+claim.Outcome()]++
}

// judge settles what a broken sale left, and holds its words against the money.
func (t *trial) judge(claim books.Claim, what string, saving bool) {
	if err := t.shop.Settle(); err != nil {
		t.found = append(t.found, what+": "+err.Error()+" (kept in "+t.shop.Dir+")")
		t.shop.Close() // nothing more can be learnt of this till: the next sale gets another
		stopOn(t.open())
		return
	}
	last, found := t.books.Round(claim, t.last, saving)
	t.last = last
	for _, f := range found {
		t.found = append(t.found, what+": "+f)
	}
	if t.sales++; t.sales >= shopSales || t.fresh {
		t.judgeShop()
		stopOn(t.reopen())
	}
}

// judgeShop compares the whole of the books once more, with the chain and the totals.
func (t *trial) judgeShop() {
	if t.sales == 0 {
		return
	}
	c, found := t.books.Judge()
	t.found = append(t.found, found...)
	t.tally["judged_approved"] += c.Approved
	t.tally["judged_reversed"] += c.Reversed
	t.tally["judged_papers"] += c.Papers
	t.tally["judged_paper_unknown"] += c.PaperUnknown
}
