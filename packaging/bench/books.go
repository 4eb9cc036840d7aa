package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"veratill/txn/money"
)

// bookRuns is how often each command is run; the quickest counts, because whatever else the computer does only adds to it.
const bookRuns = 3

// measureBooks measures what a manager waits for, in books of so many payments and in books of one, by the commands of the program in turn: the
// figures of the day, a payment that is looked for, files of the bank, a backup, its restoring, and the end of the day on what was restored.
func measureBooks(program, dir string, rows int) error {
	long, err := longJournal(rows)
	if err != nil {
		return err
	}
	short := filepath.Join(dir, "books-of-one")
	if err := grow(filepath.Join(short, "demo"), 1); err != nil {
		return err
	}
	b := books{program: program, dir: dir, rows: rows}
	defer os.RemoveAll(filepath.Join(dir, "restored"))
	return errors.Join(b.beside("day", short, long, "totals"),
		b.beside("find", short, long, "find", "12.34"),
		b.reconcile(short, long, 10_000), b.reconcile(short, long, 100_000),
		b.backups(short, long))
}

type books struct {
	program, dir string
	rows         int
}

// beside measures a command on both books.
func (b books) beside(name, short, long string, args ...string) error {
	one, err := b.run(bookRuns, short, args...)
	if err != nil {
		return err
	}
	many, err := b.run(bookRuns, long, args...)
	b.say(name, one, many)
	return err
}

func (b books) say(name string, one, many time.Duration) {
	say("books_of_one_"+name+"_s", one.Seconds(), 3)
	say("books_"+name+"_s", many.Seconds(), 3)
	say("books_"+name+"_over_one", many.Seconds()/one.Seconds(), 2)
}

// run is the quickest of some runs of a command in a data folder.
func (b books) run(times int, data string, args ...string) (best time.Duration, err error) {
	for range times {
		cmd := exec.Command(b.program, append(args, "-data", data, "-json")...)
		begun := time.Now()
		out, err := cmd.CombinedOutput()
		took := time.Since(begun)
		if err != nil {
			return 0, fmt.Errorf("%v: %w: %.300s", args, err, out)
		}
		if best == 0 || took < best {
			best = took
		}
	}
	return best, nil
}

// reconcile measures a bank's file of so many rows, of the newest card payments there are.
func (b books) reconcile(short, long string, rows int) error {
	path := filepath.Join(b.dir, fmt.Sprintf("bank-%d.csv", rows))
	defer os.Remove(path)
	if err := os.WriteFile(path, []byte(bankFile(b.rows, rows)), 0o600); err != nil {
		return err
	}
	return b.beside(fmt.Sprintf("reconcile_%d", rows), short, long, "reconcile", "-dry", "-map", "rrn=rrn,amount=amount,time=time", path)
}

// bankFile has the newest card payments of books of so many sales, at most as many rows as are wanted.
func bankFile(sales, rows int) string {
	text := "rrn,amount,time\n"
	lines := make([]byte, 0, rows*48)
	for n, left := sales-1, rows; n >= 0 && left > 0; n-- {
		if !byCard(int64(n)) || refusedCard(int64(n)) {
			continue
		}
		left--
		atMs := soldAt(n/salesADay, max(1, sales/salesADay), n%salesADay)
		amount := money.Amount{Minor: variedLines(int64(n)).TotalMinor, Currency: currency}
		lines = fmt.Appendf(lines, "%s,%s,%s\n", rrnOf(int64(n)), amount.Figure(), time.UnixMilli(atMs).Format(time.DateTime))
	}
	return text + string(lines)
}

// backups measures a backup with its check, restoring it, and the end of the day on the restored books.
func (b books) backups(short, long string) error {
	var took [2][3]time.Duration
	for i, data := range []string{short, long} {
		begun := time.Now()
		if _, err := b.run(1, data, "journal", "backup"); err != nil {
			return err
		}
		took[i][0] = time.Since(begun)
		made, err := filepath.Glob(filepath.Join(data, "demo", "backup", "*.db"))
		if err != nil || len(made) == 0 {
			return errors.Join(err, errors.New("no backup is there"))
		}
		restored := filepath.Join(b.dir, "restored", fmt.Sprint(i))
		if took[i][1], err = b.run(1, restored, "journal", "restore", made[0]); err != nil {
			return err
		}
		os.RemoveAll(filepath.Dir(made[0]))
		if took[i][2], err = b.run(1, restored, "totals"); err != nil {
			return err
		}
	}
	for n, name := range []string{"backup", "restore", "restored_day"} {
		b.say(name, took[0][n], took[1][n])
	}
	return nil
}
