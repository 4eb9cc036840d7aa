package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

type attempt struct {
	STAN        int64  `json:"stan"`
	Type        string `json:"type"`
	AmountMinor int64  `json:"amountMinor"`
	State       string `json:"state"`
	Paper       string `json:"paper"`
}

// judge holds journal, ledger and paper side by side. Each sentence that it returns is a lie that was told.
func (w *world) judge() (found []string) {
	say := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	var attempts []attempt
	if err := w.ask(&attempts, "journal", "list", "-data", w.path("till"), "-json"); err != nil {
		say("the journal can't be listed: %v", err)
		return found
	}
	if out, err := exec.Command(w.program, "journal", "verify", "-data", w.path("till")).CombinedOutput(); err != nil {
		say("the journal does not verify: %s", out)
	}
	book := map[int64]ledgerLine{}
	for _, l := range readLedger(w.path("ledger.jsonl")) {
		book[l.STAN] = l
	}
	papers := w.readPapers(say)
	known := map[int64]bool{}
	for _, a := range attempts {
		if known[a.STAN] {
			say("STAN %d was used twice", a.STAN)
		}
		known[a.STAN] = true
		w.judgeMoney(a, book[a.STAN], say)
		w.judgePaper(a, papers[a.STAN], say)
	}
	for stan, l := range book {
		if !known[stan] && l.State == "approved" {
			say("the bank took %d for STAN %d, which the journal does not know", l.AmountMinor, stan)
		}
	}
	for stan := range papers {
		if !known[stan] {
			say("paper exists for STAN %d, which the journal does not know", stan)
		}
	}
	w.judgeTotals(attempts, say)
	w.counts.cuts, w.counts.lost = int(w.line.cuts.Load()), int(w.line.lost.Load())
	return found
}

// judgeMoney compares where the money is by the two books.
func (w *world) judgeMoney(a attempt, l ledgerLine, say func(string, ...any)) {
	agree := false
	switch a.State {
	case "approved":
		w.counts.approved++
		agree = l.State == "approved" && l.AmountMinor == a.AmountMinor
	case "voided":
		w.counts.voided++
		agree = l.State == "reversed"
	case "declined":
		w.counts.declined++
		agree = l.State != "approved"
	case "reversed":
		w.counts.reversed++
		agree = l.State != "approved"
	}
	if !agree {
		say("STAN %d: the journal says %s %d, the bank %q %d", a.STAN, a.State, a.AmountMinor, l.State, l.AmountMinor)
	}
}

// seen is what paper there is of a STAN.
type seen struct{ unmarked, copies int }

func (w *world) judgePaper(a attempt, p seen, say func(string, ...any)) {
	w.counts.papers += p.unmarked
	w.counts.copies += p.copies
	if a.Paper == "unknown" {
		w.counts.paperUnknown++
	}
	paid := a.State == "approved" || a.State == "voided"
	switch {
	case !paid && p.unmarked+p.copies > 0:
		say("STAN %d is %s and has paper", a.STAN, a.State)
	case p.unmarked > 1:
		say("STAN %d has %d papers that are not marked", a.STAN, p.unmarked)
	case a.Paper == "printed" && p.unmarked == 0:
		say("STAN %d is said to be printed and no paper is there", a.STAN)
	case (a.Paper == "none" || a.Paper == "not printed") && p.unmarked > 0:
		say("STAN %d is said to have no paper and has one", a.STAN)
	}
}

func (w *world) judgeTotals(attempts []attempt, say func(string, ...any)) {
	var totals struct {
		Sales, Voids struct {
			AmountMinor int64 `json:"amountMinor"`
		}
		Open int `json:"open"`
	}
	if err := w.ask(&totals, "totals", "-data", w.path("till"), "-json"); err != nil {
		say("no totals: %v", err)
		return
	}
	for _, a := range attempts {
		switch {
		case a.State != "approved" && a.State != "voided":
		case a.Type == "void":
			w.counts.sumMinor -= a.AmountMinor
		default:
			w.counts.sumMinor += a.AmountMinor
		}
	}
	w.counts.totalsMinor = totals.Sales.AmountMinor - totals.Voids.AmountMinor
	if w.counts.totalsMinor != w.counts.sumMinor || totals.Open != 0 {
		say("the day's totals say %d with %d open, the journal's sum is %d", w.counts.totalsMinor, totals.Open, w.counts.sumMinor)
	}
}

var (
	stanLine = regexp.MustCompile(`凭证号 STAN\s+(\d{6})`)
	copyMark = "COPY"
)

// readPapers counts the papers of each STAN. A job that was cut short hangs together
// with the next one on the same paper, as on a real printer: each title begins a new piece.
func (w *world) readPapers(say func(string, ...any)) map[int64]seen {
	all := map[int64]seen{}
	files, err := filepath.Glob(filepath.Join(w.path("papers"), "*.bin"))
	if err != nil {
		say("papers: %v", err)
	}
	sort.Strings(files)
	for _, file := range files {
		text, err := exec.Command(w.program, "decode", file).Output()
		if err != nil {
			say("%s can't be decoded: %v", filepath.Base(file), err)
			os.Stderr.Write(text)
			continue
		}
		countPieces(string(text), all)
	}
	return all
}

func countPieces(text string, all map[int64]seen) {
	marked := false
	for _, l := range strings.Split(text, "\n") {
		if strings.Contains(l, "RECEIPT") { // a title: a mark above it belongs to it
			continue
		}
		if strings.Contains(l, copyMark) {
			marked = true
		}
		if m := stanLine.FindStringSubmatch(l); m != nil {
			stan, err := strconv.ParseInt(m[1], 10, 64)
			if err != nil {
				continue
			}
			s := all[stan]
			if marked {
				s.copies++
			} else {
				s.unmarked++
			}
			all[stan] = s
			marked = false
		}
	}
}
