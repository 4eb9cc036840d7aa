package simulator

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"time"

	"veratill/txn"
	"veratill/txn/clearing"
	"veratill/txn/hostsim/bank"
	"veratill/txn/money"
)

// This file is the world in which a bank's own table is drawn from its ledger, read as any other one, and taken in.

// table is what the bank settles, as a table: its payments that stand or were voided, its voids and its refunds.
func (w *world) table(opened map[int64]time.Time) (text string, rows int) {
	var b bytes.Buffer
	lines := csv.NewWriter(&b)
	_ = lines.Write([]string{"terminal", "batch", "stan", "type", "time", "amount"}) // a buffer takes everything
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
		amount := money.Amount{Minor: r.AmountMinor, Currency: money.CNY}.Figure()
		_ = lines.Write([]string{r.Terminal, strconv.FormatInt(r.Batch, 10), strconv.FormatInt(r.STAN, 10), word, at.UTC().Format(time.DateTime), amount})
		rows++
	}
	lines.Flush()
	return b.String(), rows
}

// judgeFiles holds that what a bank's table and the books differ in is a difference, and nothing else is one. Lost books, and another till with this terminal's number, make it another's table.
func (w *world) judgeFiles(attempts []txn.Attempt) {
	if w.readers != nil || w.folders.partings > 0 || len(w.others) > 0 || slices.ContainsFunc(attempts, w.tookElsewhere) {
		return
	}
	opened := map[int64]time.Time{}
	var lines []string
	for _, a := range attempts {
		if a.Tender == txn.Card {
			opened[a.ID.STAN()] = a.Opened()
			lines = append(lines, a.Line)
		}
	}
	text, rows := w.table(opened)
	if rows == 0 {
		return
	}
	cells, err := clearing.Split(text)
	if err != nil {
		w.bad("the bank's table can't be split: %v", err)
		return
	}
	f, err := clearing.Read(cells, clearing.Shop{Currency: money.CNY, Where: time.UTC, Format: clearing.Named})
	if err != nil {
		w.bad("the bank's table can't be read: %v", err)
		return
	}
	f.From, f.To = "0001-01-01", "9999-12-31" // it covers each day that the till's clock ever said
	differs := map[txn.ID]clearing.Class{}
	for _, i := range clearing.Reconcile([]clearing.File{f}, clearing.Books{Attempts: attempts, Accounts: map[clearing.Format]clearing.Account{clearing.Named: {Lines: lines}}}) {
		switch {
		case i.Attempt != 0 && i.Class.Differs():
			differs[i.Attempt] = i.Class
		case i.Attempt == 0:
			w.bad("the bank's table has a row of %d that is %s", i.BankMinor, i.Class)
		}
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
	f := txn.FileKept{Format: string(clearing.Named), Name: "bank.csv", SHA256: told.sha256, KeptSHA256: told.sha256, Currency: string(money.CNY), Rows: int64(len(told.cleared))}
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
