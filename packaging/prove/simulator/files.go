package simulator

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"veratill/txn"
	"veratill/txn/hostsim/bank"
)

// This file is the world in which a bank's own table is drawn from its ledger, read as any other one, and taken in.

// Settled is a payment, a void or a refund as a bank settles it.
type Settled struct {
	Terminal    string
	Batch, STAN int64
	Word        string // sale, void or refund
	At          time.Time
	AmountMinor int64 // in a currency of two places
}

// Differing says what a bank's table and attempts differ in: which attempts, and as what, and the rows that none of them explains. Whoever runs histories gives it.
var Differing func(rows []Settled, attempts []txn.Attempt) (differs map[txn.ID]string, strangers []string, err error)

// settles is what the bank settles: its payments that stand or were voided, its voids and its refunds.
func (w *world) settles(opened map[int64]time.Time) (rows []Settled) {
	newest := map[bank.Key]bank.Row{}
	for _, r := range w.bank.book.Rows() {
		newest[r.Key] = r
	}
	for _, r := range w.bank.book.Rows() {
		word := map[bank.Kind]string{bank.Sale: "sale", bank.Void: "void", bank.Refund: "refund"}[r.Kind]
		if newest[r.Key] != r || word == "" || r.State != bank.Approved && r.State != bank.Voided {
			continue
		}
		at, known := opened[r.STAN]
		if !known {
			at = time.Now()
		}
		rows = append(rows, Settled{Terminal: r.Terminal, Batch: r.Batch, STAN: r.STAN, Word: word, At: at, AmountMinor: r.AmountMinor})
	}
	return rows
}

// judgeFiles holds that what a bank's table and the books differ in is a difference, and nothing else is one. Lost books, and another till with this terminal's number, make it another's table.
func (w *world) judgeFiles(attempts []txn.Attempt) {
	if w.readers != nil || w.folders.partings > 0 || len(w.others) > 0 || slices.ContainsFunc(attempts, w.tookElsewhere) {
		return
	}
	opened := map[int64]time.Time{}
	for _, a := range attempts {
		if a.Tender == txn.Card {
			opened[a.ID.STAN()] = a.Opened()
		}
	}
	rows := w.settles(opened)
	if len(rows) == 0 {
		return
	}
	differs, strangers, err := Differing(rows, attempts)
	if err != nil {
		w.bad("the bank's table can't be read: %v", err)
		return
	}
	for _, s := range strangers {
		w.bad("the bank's table has %s", s)
	}
	for _, a := range attempts {
		if a.Tender == txn.Card && w.parts(a) != (differs[a.ID] != "") {
			w.bad("%s, %s of %d, is %s here and %q with %d at the bank, and its table tells it as %q", a.ID, a.Kind, a.Amount.Minor, a.State, w.bank.row(a.ID).State, w.bank.row(a.ID).AmountMinor, differs[a.ID])
		}
	}
}

// parts reports whether books and bank differ in an attempt.
func (w *world) parts(a txn.Attempt) bool {
	r := w.bank.row(a.ID)
	there := r.State == bank.Approved || r.State == bank.Voided
	here := a.Concluded() || a.State == txn.Kept || a.State == txn.Voided && !a.UndoneByLine()
	return there != here || there && r.AmountMinor != a.Amount.Minor
}

// fileTold is a file that was told to be taken in, with the payments by a person's word that it has.
type fileTold struct {
	sha256  string
	cleared []txn.ID
}

// takeFile takes a file in, which has what a cashier said of the separate terminal until now.
func (w *world) takeFile(ctx context.Context, l *life) {
	attempts, err := l.journal.AllAttempts(ctx)
	if err != nil {
		return // its disk has failed
	}
	w.mu.Lock()
	sum := sha256.Sum256(fmt.Append(nil, w.messages, w.sales, w.lives, len(w.filed)))
	w.mu.Unlock()
	told := fileTold{sha256: hex.EncodeToString(sum[:])}
	for _, a := range attempts {
		if a.State == txn.Claimed && a.Tender == txn.External && a.Cleared == "" {
			told.cleared = append(told.cleared, a.ID)
		}
	}
	f := txn.FileKept{Format: "table", Name: "bank.csv", SHA256: told.sha256, KeptSHA256: told.sha256, Currency: "CNY", Rows: int64(len(told.cleared))}
	err = l.till.KeepFile(ctx, clerk, f, told.cleared)
	if l.ended() {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.say("no file is taken in")
		return
	}
	w.say("a file with %d claims is taken in", len(told.cleared))
	w.filed = append(w.filed, told)
}

// judgeFiled holds that each file that was told to be taken in is in the books, with what it cleared.
func (w *world) judgeFiled(ctx context.Context, attempts []txn.Attempt) {
	files, err := w.life.journal.Files(ctx)
	if err != nil {
		return // its disk has failed
	}
	for _, told := range w.filed {
		if !slices.ContainsFunc(files, func(f txn.FileKept) bool { return f.SHA256 == told.sha256 }) {
			w.bad("a file was told to be taken in, and the books have it not")
		}
		for _, id := range told.cleared {
			if !slices.ContainsFunc(attempts, func(a txn.Attempt) bool { return a.ID == id && a.Cleared != "" }) {
				w.bad("%s was cleared by a file, and is a claim again", id)
			}
		}
	}
}
