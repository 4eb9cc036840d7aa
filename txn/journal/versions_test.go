package journal_test

import (
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"veratill/packaging/prove/simdisk"
	"veratill/txn"
	"veratill/txn/chain"
	"veratill/txn/disk"
	"veratill/txn/fold"
	"veratill/txn/fold/testdata/before"
	"veratill/txn/journal"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// two are the versions of a program that came after before.Version: the frozen machine, and the one
// of this repository as the version that follows it.
func two() fold.Versions {
	return fold.Versions{
		{Number: before.Version, New: func() fold.State { return before.New() }},
		{Number: before.Version + 1, New: func() fold.State { return fold.NewBooks() }, Lift: lift},
	}
}

func old() fold.Versions { return two()[:1] }

// oldNumbers is how the older version numbered attempts: batch × 1,000,000 + STAN.
const oldNumbers = 1_000_000

// lift is the one pure function between the two versions.
func lift(from fold.State) (fold.State, error) {
	was, is := from.(*before.Books), fold.NewBooks()
	if len(was.Identity) > 0 {
		if err := json.Unmarshal(was.Identity, &is.Identity); err != nil {
			return nil, err
		}
	}
	for batch, d := range was.Days {
		is.Days[batch] = fold.Day{Batch: d.Batch, Currency: d.Currency, First: txn.ID(d.Batch*oldNumbers + 1), OpenedMs: d.AtMs}
	}
	for id, a := range was.Attempts {
		lifted := liftAttempt(a)
		is.Attempts[txn.ID(id)] = lifted
		is.Numbers.Last = max(is.Numbers.Last, lifted.ID)
		bill, err := liftBill(a, lifted)
		if err != nil {
			return nil, err
		}
		is.Bills[a.SaleID] = bill
	}
	return is, nil
}

// liftBill makes the bill of a sale, which the older version did not have: its one payment is all of it, and that payment's
// receipt is its own.
func liftBill(was before.Attempt, is txn.Attempt) (txn.Bill, error) {
	of := sale.Sale{ID: is.SaleID, Currency: is.Amount.Currency, TotalMinor: is.Amount.Minor}
	opened, err := txn.OpenBill(txn.SaleOpened{Sale: of, Batch: is.Batch, Cashier: is.Cashier, AtMs: is.OpenedMs})
	if err != nil {
		return txn.Bill{}, err
	}
	taken, err := txn.TakePart(opened.After, is)
	if err != nil {
		return txn.Bill{}, err
	}
	b := taken.After
	b.Paper = txn.Paper(was.Paper)
	for _, p := range was.Prints {
		b.Prints = append(b.Prints, txn.Print{ID: p.ID, Kind: txn.PrintKind(p.Kind), AtMs: p.AtMs, Outcome: txn.Paper(p.Outcome), Proof: p.Proof})
	}
	return b, nil
}

func liftAttempt(a before.Attempt) txn.Attempt {
	return txn.Attempt{ID: txn.ID(a.ID), Batch: a.ID / oldNumbers, SaleID: a.SaleID, Kind: txn.Kind(a.Kind), Tender: txn.Tender(a.Tender),
		Amount: money.Amount{Minor: a.Amount.Minor, Currency: money.Currency(a.Amount.Currency)}, State: txn.State(a.State),
		Paper: txn.NoPaper, Cashier: a.Clerk, OpenedMs: a.OpenedMs, EndedMs: a.EndedMs}
}

// oldProgram writes books as the program of before.Version did: its own records in its own
// words, chained, and its own rows in the tables.
type oldProgram struct {
	t  *testing.T
	db *sql.DB
	at chain.Cursor
}

const sqlAppend = `INSERT INTO entry (seq, version, print, attempt, body, hash) VALUES (?, ?, ?, ?, ?, ?)`

// write appends an entry of one record after another, given as word and value.
func (p *oldProgram) write(pairs ...any) {
	p.t.Helper()
	var records []map[string]any
	print := p.at.Print
	for i := 0; i < len(pairs); i += 2 {
		records = append(records, map[string]any{pairs[i].(string): pairs[i+1]})
		if m, ok := pairs[i+1].(before.Moved); ok {
			print = max(print, m.Event.PrintID)
		}
	}
	body, err := json.Marshal(map[string]any{"by": "01", "records": records})
	if err != nil {
		p.t.Fatal(err)
	}
	e := p.at.Next(before.Version, print, 0, body)
	if _, err := p.db.Exec(sqlAppend, e.Seq, e.Version, e.Print, e.Attempt, string(e.Body), e.Hash[:]); err != nil {
		p.t.Fatal(err)
	}
	p.at = chain.At(e)
}

// keep writes an attempt's row in the old shape.
func (p *oldProgram) keep(a before.Attempt, owed int, sealed any) {
	p.t.Helper()
	body, err := json.Marshal(a)
	if err != nil {
		p.t.Fatal(err)
	}
	_, err = p.db.Exec(`INSERT INTO attempt (id, owed, state, paper, kind, tender, amount_minor, cashier, opened_ms, body, sealed)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, a.ID, owed, a.State, a.Paper, a.Kind, a.Tender, a.Amount.Minor, a.Clerk, a.OpenedMs, string(body), sealed)
	if err != nil {
		p.t.Fatal(err)
	}
}

// attempt goes through events by the old machine, in entries of its own.
func (p *oldProgram) attempt(stan int64, sealed any, events ...before.Event) {
	p.t.Helper()
	a := before.Attempt{ID: oldNumbers + stan, SaleID: p.at.Seq + 1, Kind: "sale", Tender: "card", State: "pending", Paper: "none", Clerk: "Li", OpenedMs: 1000}
	a.Amount.Minor, a.Amount.Currency = 100*stan, "CNY"
	p.write("sale", map[string]any{"sale": map[string]any{"id": a.SaleID, "currency": "CNY", "lines": []int{}, "totalMinor": a.Amount.Minor, "taxMinor": 0}},
		"attempt", before.Opened{Attempt: a})
	for _, e := range events {
		e.AtMs = 2000
		p.write("event", before.Moved{ID: a.ID, Event: e})
		after, err := before.Step(a, e)
		if err != nil {
			p.t.Fatal(err)
		}
		a = after
	}
	owed := 0
	if a.State == "pending" || a.Paper == "printing" {
		owed = 1
	}
	p.keep(a, owed, sealed)
}

// oldBooks is a folder with books of before.Version: one attempt paid and printed, one declined, one still open.
func oldBooks(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	j, err := journal.Open(ctx, dir, journal.Options{Versions: old(), Version: "before", Shop: "M1", Till: "T1"})
	if err != nil {
		t.Fatal(err)
	}
	seq, _ := j.Head()
	newest, err := j.Entry(ctx, seq)
	if err != nil {
		t.Fatal(err)
	}
	close(t, j)
	db, err := sql.Open("sqlite", filepath.Join(dir, journal.Name(1)))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	p := oldProgram{t: t, db: db, at: chain.At(newest)}
	p.attempt(1, nil, before.Event{Kind: "bank approved"}, before.Event{Kind: "print begun", PrintID: 1},
		before.Event{Kind: "print ended", PrintID: 1, Outcome: "printed", Proof: "process id"})
	p.attempt(2, nil, before.Event{Kind: "bank declined"})
	p.attempt(3, []byte("sealed-card-number"))
	return dir
}

// onDisk copies a folder of the system's disk to a simulated one, which can fail.
func onDisk(t *testing.T, dir string) (*simdisk.Disk, string) {
	t.Helper()
	d := simdisk.New(1)
	t.Cleanup(d.Close)
	text, err := os.ReadFile(filepath.Join(dir, journal.Name(1)))
	if err == nil {
		err = disk.Replace(d, d.Root()+"/till/"+journal.Name(1), text)
	}
	if err != nil {
		t.Fatal(err)
	}
	return d, d.Root() + "/till"
}

func openedBy(t *testing.T, dir string, d disk.Disk, v fold.Versions) *journal.Journal {
	t.Helper()
	j, err := journal.Open(ctx, dir, journal.Options{Versions: v, Migrations: newer(t), Disk: d, Version: "after"})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// Books of an older version verify under its own machine, are backed up before they are lifted, and
// go on: what was begun under the old version ends under the new one, with its sealed number.
func TestOlderVersionGoesOn(t *testing.T) {
	dir := oldBooks(t)
	if v, err := journal.CheckBackup(ctx, filepath.Join(dir, journal.Name(1)), journal.Options{Versions: two()}); err == nil {
		t.Errorf("tables in the old shape were taken for the new one: %+v", v)
	}
	seen, err := journal.Look(ctx, dir, journal.Options{Versions: two()})
	if err != nil || seen.Newer != nil || seen.Attempts != 3 || seen.Books.Attempts[1_000_001].Cashier != "Li" {
		t.Fatalf("%+v, %v", seen.Verified, err)
	}
	d, on := onDisk(t, dir)
	j := openedBy(t, on, d, two())
	if v, err := j.Verify(ctx); err != nil || v.Attempts != 3 || v.Identity.Shop != "M1" {
		t.Fatalf("after lifting: %+v, %v", v, err)
	}
	owed, err := j.Owed(ctx)
	if err != nil || len(owed) != 1 || owed[0].ID != 1_000_003 {
		t.Fatalf("owed is %+v, %v", owed, err)
	}
	if sealed, err := j.Sealed(ctx, 1_000_003); err != nil || string(sealed) != "sealed-card-number" {
		t.Errorf("the sealed number is %q, %v", sealed, err)
	}
	if b := matter(t, j, 1_000_001).Bill; b.State != txn.BillPaid || b.Paper != txn.Printed || len(b.Prints) != 1 || b.Cashier != "Li" {
		t.Errorf("the sale that was paid is %+v", b)
	}
	if owed, err := j.OwedBills(ctx); err != nil || len(owed) != 1 || owed[0].State != txn.BillOpen {
		t.Errorf("of sales, owed is %+v, %v", owed, err)
	}
	a := move(t, j, owed[0], txn.Event{Kind: txn.Restarted})
	move(t, j, a, txn.Event{Kind: txn.ReversalAnswered})
	declined, err := j.Attempt(ctx, 1_000_002)
	if err != nil {
		t.Fatal(err)
	}
	move(t, j, declined, txn.Event{Kind: txn.NoteBegun, PrintID: nextPrint(j)}) // which the old machine refuses
	move(t, j, begin(t, j), txn.Event{Kind: txn.BankApproved})
	goesOn(t, d, j, two())
}

// goesOn backs books up, lets a sync fail, restores the backup, and sells after each.
func goesOn(t *testing.T, d *simdisk.Disk, j *journal.Journal, v fold.Versions) {
	t.Helper()
	backup := d.Root() + "/updates/books.db"
	if err := j.Backup(ctx, backup); err != nil {
		t.Fatal(err)
	}
	checked, err := journal.CheckBackup(ctx, backup, journal.Options{Versions: v, Migrations: newer(t), Disk: d})
	if err != nil {
		t.Fatalf("the backup: %v", err)
	}
	d = killed(t, d, j)
	if err := journal.Restore(ctx, dirOn(d), d.Root()+"/updates/books.db", journal.Options{Versions: v, Migrations: newer(t), Disk: d}); err != nil {
		t.Fatalf("restoring: %v", err)
	}
	j = openedBy(t, dirOn(d), d, v)
	lost := false
	d.Hook = func(c simdisk.Call) simdisk.Fault {
		if c.Kind == simdisk.Sync && !lost {
			lost = true
			return simdisk.SyncLost
		}
		return simdisk.None
	}
	generation := j.Generation()
	move(t, j, begin(t, j), txn.Event{Kind: txn.BankApproved})
	if j.Generation() != generation+1 {
		t.Errorf("after a failed sync the journal is in file %d, before in %d", j.Generation(), generation)
	}
	after, err := j.Verify(ctx)
	if err != nil || after.Attempts != checked.Attempts+1 || after.Identity != checked.Identity {
		t.Errorf("at the end: %+v, %v; in the backup %+v", after, err, checked)
	}
	j.Abandon()
}

func dirOn(d *simdisk.Disk) string { return d.Root() + "/till" }

// What a newer program wrote is read up to its first entry, which the error names, and is left
// alone by everything that acts.
func TestNewerBooksAreLeftAlone(t *testing.T) {
	for name, future := range map[string]struct {
		version int
		body    string
		why     string
	}{
		"a newer version": {1, `{"by":"till","records":[{"numbers moved":{"to":1009,"why":"other books","atMs":1}}]}`, "version 1"},
		"a record":        {0, `{"by":"till","records":[{"wallet paid":{"id":7}}]}`, `record "wallet paid"`},
		"a tender":        {0, openedAs("tender", "wallet"), `tender "wallet"`},
		"a state":         {0, openedAs("state", "adjusted"), `state "adjusted"`},
		"a kind":          {0, openedAs("kind", "exchange"), `kind "exchange"`},
		"a unit":          {0, soldAs(`"unit":"pint"`), `unit "pint"`},
		"no unit":         {0, soldAs(`"code":"1"`), `unit ""`},
		"a discount":      {0, soldAs(`"unit":"kg","discounts":[{"kind":"coupon","amountMinor":1,"why":""}]`), `discount "coupon"`},
		"a sale's event":  {0, `{"by":"till","records":[{"sale event":{"sale":2,"event":{"kind":"refunded","atMs":1}}}]}`, `event "refunded"`},
		"an event":        {0, `{"by":"till","records":[{"event":{"id":1000001,"event":{"kind":"inquired","atMs":1}}}]}`, `event "inquired"`},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			j := open(t, dir)
			move(t, j, begin(t, j), txn.Event{Kind: txn.BankApproved})
			backup := filepath.Join(t.TempDir(), "books.db")
			if err := j.Backup(ctx, backup); err != nil {
				t.Fatal(err)
			}
			seq, _ := j.Head()
			close(t, j)
			appendRaw(t, dir, future.version, future.body)
			sum := sumOf(t, dir)
			if _, err := journal.Open(ctx, dir, journal.Options{}); !errors.Is(err, journal.ErrNewer) || !strings.Contains(err.Error(), future.why) {
				t.Errorf("opening gave %v", err)
			}
			if err := journal.Restore(ctx, dir, backup, journal.Options{}); err == nil {
				t.Error("a backup took the place of what a newer program sold")
			}
			if _, err := journal.CheckBackup(ctx, filepath.Join(dir, journal.Name(1)), journal.Options{}); !errors.Is(err, journal.ErrNewer) {
				t.Errorf("as a backup it is %v", err)
			}
			seen, err := journal.Look(ctx, dir, journal.Options{})
			if err != nil || seen.Newer == nil || seen.Newer.Seq != seq+1 || seen.Entries != seq || seen.Attempts != 1 {
				t.Errorf("looking gave %+v, %v, %v", seen.Verified, seen.Newer, err)
			}
			if seen.Books.Attempts[1].State != txn.Approved {
				t.Errorf("what came before is %+v", seen.Books.Attempts)
			}
			if after := sumOf(t, dir); after != sum {
				t.Error("the books were changed")
			}
		})
	}
}

// openedAs is an entry that opens an attempt with one word that this program does not have.
func openedAs(field, word string) string {
	a := map[string]any{"id": 2, "batch": 1, "saleId": 2, "kind": "sale", "tender": "card", "amount": map[string]any{"amountMinor": 1, "currency": "CNY"},
		"state": "pending", "paper": "none", "openedMs": 1}
	a[field] = word
	body, err := json.Marshal(map[string]any{"by": "01", "records": []any{map[string]any{"attempt": map[string]any{"attempt": a}}}})
	if err != nil {
		panic(err)
	}
	return string(body)
}

// appendRaw writes an entry behind the newest one, as another program would.
func appendRaw(t *testing.T, dir string, version int, body string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, journal.Name(1)))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var at chain.Cursor
	var hash []byte
	if err := db.QueryRow(`SELECT seq, version, print, attempt, hash FROM entry ORDER BY seq DESC LIMIT 1`).Scan(&at.Seq, &at.Version, &at.Print, &at.Attempt, &hash); err != nil {
		t.Fatal(err)
	}
	at.Hash = [sha256.Size]byte(hash)
	e := at.Next(version, at.Print, at.Attempt, []byte(body))
	if _, err := db.Exec(sqlAppend, e.Seq, e.Version, e.Print, e.Attempt, string(e.Body), e.Hash[:]); err != nil {
		t.Fatal(err)
	}
}

// sumOf is a hash over every row of every table, as another reader sees them.
func sumOf(t *testing.T, dir string) string {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, journal.Name(1)))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all := sha256.New()
	for _, table := range []string{"entry", "attempt", "bill", "report", "day", "numbers", "identity"} {
		rows, err := db.Query("SELECT * FROM " + table)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			for _, v := range values {
				fmt.Fprintf(all, "%v|", *v.(*any))
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
	}
	return fmt.Sprintf("%x", all.Sum(nil))
}

// Every stored book, made by the program of its version, verifies, opens, goes on after a failed sync and a
// restore, and sells.
func TestStoredBooksGoOn(t *testing.T) {
	books, err := filepath.Glob("testdata/books/*/*.db")
	if err != nil || len(books) == 0 {
		t.Fatalf("there are no stored books: %v", err)
	}
	for _, path := range books {
		t.Run(filepath.ToSlash(path), func(t *testing.T) {
			dir := t.TempDir()
			text, err := os.ReadFile(path)
			if err == nil {
				err = os.WriteFile(filepath.Join(dir, journal.Name(1)), text, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			v, err := journal.CheckBackup(ctx, filepath.Join(dir, journal.Name(1)), journal.Options{})
			if err != nil || v.Attempts < 7 || v.Days < 2 {
				t.Fatalf("%+v, %v", v, err)
			}
			d, on := onDisk(t, dir)
			goesOn(t, d, openedBy(t, on, d, nil), nil)
		})
	}
}

var update = flag.Bool("update", false, "make the stored books of this program's version anew")

// The stored books of this program's version hold a day with every end that a payment and a sale can have, its Z, and a
// second day with a sale that is paid in part and three payments that are still open, one at a separate terminal and one of goods of each unit.
// Until the first release they are made anew with the format.
func TestStoredBooksAreMade(t *testing.T) {
	if !*update {
		t.Skip("the stored books are made by -update alone")
	}
	dir := t.TempDir()
	j, err := journal.Open(ctx, dir, journal.Options{Version: "0", Shop: "898000000000001", Till: "00000001",
		Now:   func() time.Time { return time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC) },
		NewID: func() string { return "00112233445566778899aabbccddeeff" }})
	if err != nil {
		t.Fatal(err)
	}
	for _, end := range [][]txn.Event{
		{{Kind: txn.BankApproved, Answer: txn.Answer{ResponseCode: "00", RRN: "112233445566", ApprovalCode: " A1  B"}}},
		{{Kind: txn.BankDeclined, Answer: txn.Answer{ResponseCode: "51"}}},
		{{Kind: txn.GaveUp, Reason: txn.NoAnswer}, {Kind: txn.AnsweredLate, Answer: txn.Answer{ResponseCode: "00"}}, {Kind: txn.ReversalRepeated}, {Kind: txn.ReversalAnswered}},
		{{Kind: txn.NotSent, Reason: txn.CannotPack, Detail: "DE41"}},
		{{Kind: txn.BooksDiffer}, {Kind: txn.Resolved, Evidence: txn.Evidence{As: txn.WasKept, Document: "letter.pdf", SHA256: strings.Repeat("0", 64), Who: "Li Na"}}},
		{{Kind: txn.Restarted}, {Kind: txn.ReversalNotSent, Detail: "DE38"}, {Kind: txn.ReversalAnswered}},
	} {
		move(t, j, begin(t, j), end...)
	}
	move(t, j, atTerminal(t, j), txn.Event{Kind: txn.NotSaid}, txn.Event{Kind: txn.PersonClaimed, Answer: txn.Answer{ApprovalCode: "123456"}})
	move(t, j, atTerminal(t, j), txn.Event{Kind: txn.PersonDenied})
	for _, outcome := range []txn.Paper{txn.Printed, txn.NotPrinted, txn.PaperUnknown} {
		papered(t, j, sell(t, j).Bill, outcome)
	}
	ofEachEnd(t, j)
	refundedGoods(t, j)
	commit(t, j, txn.Synced, txn.DayClosed{Batch: 1, Z: 1, Totals: []byte("{}"), AtMs: 5}, txn.DayOpened{Batch: 2, Currency: "CNY", AtMs: 5},
		txn.ReportOpened{Print: txn.Print{ID: nextPrint(j), Kind: txn.PrintZ, Outcome: txn.Printing}, Batch: 1})
	begin(t, j)
	atTerminal(t, j)
	partPaid(t, j)
	beginSale(t, j, ofEachUnit(t))
	path := fmt.Sprintf("testdata/books/%d/days.db", txn.MachineVersion)
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
	if err := j.Backup(ctx, path); err != nil {
		t.Fatal(err)
	}
	close(t, j)
}

// Each version that the program knows has stored books.
func TestEveryVersionHasStoredBooks(t *testing.T) {
	for _, v := range fold.Built() {
		if found, err := filepath.Glob(fmt.Sprintf("testdata/books/%d/*.db", v.Number)); err != nil || len(found) == 0 {
			t.Errorf("version %d has no stored books: go test ./txn/journal -run TestStoredBooksAreMade -update", v.Number)
		}
	}
}

// frozenVersions are the folders of versions that were released, each with the hash of its files.
var frozenVersions = map[string]string{
	"../fold/testdata/before": "28b3f2ac067d77f91e43555e4e36de4c8a7be0339f117aeef96654ae4af9befe",
}

// A frozen version is never changed again: a changed rule is a new version beside it.
func TestFrozenVersionsStayAsTheyWere(t *testing.T) {
	for dir, want := range frozenVersions {
		if got := hashOf(t, os.DirFS(dir)); got != want {
			t.Errorf("%s was changed: it is %s and was %s. Make a new version instead", dir, got, want)
		}
		for _, name := range goFiles(t, dir) {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range file.Imports {
				if first, _, _ := strings.Cut(i.Path.Value, "/"); strings.Contains(first, ".") || strings.HasPrefix(first, `"veratill`) {
					t.Errorf("%s imports %s: a frozen version stands on the standard library alone, because all else changes", name, i.Path.Value)
				}
			}
		}
	}
}

func goFiles(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no Go file in %s: %v", dir, err)
	}
	return names
}

// hashOf is a hash over the names and contents of a folder's files.
func hashOf(t *testing.T, dir fs.FS) string {
	t.Helper()
	names, err := fs.Glob(dir, "*")
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	all := sha256.New()
	for _, name := range names {
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(all, "%s %d %s\n", name, len(text), text)
	}
	return fmt.Sprintf("%x", all.Sum(nil))
}
