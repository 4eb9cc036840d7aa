package journal_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"veratill/txn"
	"veratill/txn/journal"
	"veratill/txn/money"
	"veratill/txn/plan"
	"veratill/txn/sale"
)

var ctx = context.Background()

func open(t *testing.T, dir string) *journal.Journal {
	t.Helper()
	j, err := journal.Open(ctx, dir, journal.Options{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func commit(t *testing.T, j *journal.Journal, d txn.Durability, records ...txn.Record) {
	t.Helper()
	if err := j.Commit(ctx, txn.ByTill, d, records...); err != nil {
		t.Fatal(err)
	}
}

// closeLongAfter closes the books once what was committed is out of reach of the check that every start makes.
func closeLongAfter(t *testing.T, j *journal.Journal) {
	t.Helper()
	for range 70 {
		commit(t, j, txn.Lazy, txn.Tidied{})
	}
	close(t, j)
}

// begin journals a pending attempt with a sealed number.
func begin(t *testing.T, j *journal.Journal) txn.Attempt {
	t.Helper()
	return beginSale(t, j, sale.Sale{Currency: money.CNY, TotalMinor: 1250})
}

func beginSale(t *testing.T, j *journal.Journal, s sale.Sale) txn.Attempt {
	t.Helper()
	return beginBy(t, j, s, txn.Attempt{Tender: txn.Card}, []byte("sealed-card-number"))
}

// atTerminal begins a payment at a separate terminal.
func atTerminal(t *testing.T, j *journal.Journal) txn.Attempt {
	t.Helper()
	return beginBy(t, j, sale.Sale{Currency: money.CNY, TotalMinor: 1250}, txn.Attempt{Tender: txn.External, Line: "external"}, nil)
}

func beginBy(t *testing.T, j *journal.Journal, s sale.Sale, a txn.Attempt, sealed []byte) txn.Attempt {
	t.Helper()
	a.Kind, a.Cashier, a.OpenedMs, a.Amount = txn.Sale, "01", 1000, s.Total()
	opened := txn.SaleOpened{Sale: s, Batch: j.OpenDay().Batch, Cashier: "01", AtMs: 1000}
	return planned(t, j)(plan.Begin(viewOf(t, j, false), txn.Matter{Attempt: a}, &opened, sealed)).After
}

// viewOf is what a plan needs to know of a till with this journal.
func viewOf(t *testing.T, j *journal.Journal, ready bool) plan.View {
	t.Helper()
	return plan.View{Next: j.Next(), Ready: ready, AtMs: 2000}
}

func nextPrint(j *journal.Journal) int64 { return j.Next().Print }

// planned commits a plan, synced.
func planned(t *testing.T, j *journal.Journal) func(plan.Plan, error) plan.Plan {
	t.Helper()
	return func(p plan.Plan, err error) plan.Plan {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		commit(t, j, txn.Synced, p.Records...)
		return p
	}
}

// matter reads an attempt and its sale.
func matter(t *testing.T, j *journal.Journal, id txn.ID) txn.Matter {
	t.Helper()
	a, err := j.Attempt(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return txn.Matter{Attempt: a, Bill: billOf(t, j, a.SaleID)}
}

func billOf(t *testing.T, j *journal.Journal, sale int64) txn.Bill {
	t.Helper()
	b, err := j.Bill(ctx, sale)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// move takes an attempt through events, each in an entry of its own. No receipt comes of them.
func move(t *testing.T, j *journal.Journal, a txn.Attempt, events ...txn.Event) txn.Attempt {
	t.Helper()
	for _, e := range events {
		a = planned(t, j)(plan.Move(viewOf(t, j, false), matter(t, j, a.ID), e)).After
	}
	return a
}

// sell begins a payment of the whole of a sale, has it approved and its receipt begun, as a till does.
func sell(t *testing.T, j *journal.Journal) plan.Plan {
	t.Helper()
	approved := txn.Event{Kind: txn.BankApproved, Answer: txn.Answer{RRN: "1"}}
	return planned(t, j)(plan.Move(viewOf(t, j, true), matter(t, j, begin(t, j).ID), approved))
}

// papered ends the receipt of a sale.
func papered(t *testing.T, j *journal.Journal, b txn.Bill, outcome txn.Paper) txn.Bill {
	t.Helper()
	e := txn.Event{Kind: txn.PrintEnded, PrintID: b.Prints[len(b.Prints)-1].ID, Outcome: outcome}
	return planned(t, j)(plan.MoveSale(viewOf(t, j, true), b, e)).Bill
}

func close(t *testing.T, j *journal.Journal) {
	t.Helper()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
}

// What was committed, synced or lazy, is there again, with the numbers that follow from it.
func TestReopened(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	sold := sell(t, j)
	pending := begin(t, j)
	commit(t, j, txn.Lazy, txn.NumbersMoved{To: pending.ID + 1000, Why: txn.EntriesMissing, AtMs: 7})
	close(t, j)
	j = open(t, dir)
	defer close(t, j)
	again := matter(t, j, sold.After.ID)
	if again.Attempt.State != txn.Approved || again.Attempt.Answer.RRN != "1" || again.Bill.State != txn.BillPaid || again.Bill.Paper != txn.Printing {
		t.Errorf("%+v", again)
	}
	owed, err := j.Owed(ctx)
	if err != nil || len(owed) != 1 || owed[0].ID != pending.ID {
		t.Errorf("%+v are owed, %v", owed, err)
	}
	if bills, err := j.OwedBills(ctx); err != nil || len(bills) != 2 {
		t.Errorf("of sales, %d are owed, %v", len(bills), err)
	}
	if next := j.Next().Attempt; next != pending.ID+1001 {
		t.Errorf("the next attempt is %v", next)
	}
	if n := j.Numbers(); n != (txn.Numbers{Last: pending.ID + 1000, Why: txn.EntriesMissing, AtMs: 7}) {
		t.Errorf("the numbers are %+v", n)
	}
	if nextPrint(j) != 2 {
		t.Errorf("next print is %d", nextPrint(j))
	}
	if v, err := j.Verify(ctx); err != nil || v.Attempts != 2 {
		t.Errorf("%+v, %v", v, err)
	}
}

// What was through and is not known again is on the list of what is owed, whatever was heard late: nobody else would look at it, and its row would not be what its
// entries amount to.
func TestWhatIsHeardLateIsOwedAgain(t *testing.T) {
	for name, late := range map[string]txn.Event{"an approval": {Kind: txn.BankApprovedLate, Answer: txn.Answer{RRN: "8"}}, "one of another payment": {Kind: txn.TakenLate, Reason: txn.NotOurs}} {
		j := open(t, t.TempDir())
		a := move(t, j, begin(t, j), txn.Event{Kind: txn.GaveUp, Reason: txn.NoAnswer}, txn.Event{Kind: txn.ReversalAnswered, Answer: txn.Answer{ResponseCode: "00"}})
		if owed, err := j.Owed(ctx); err != nil || len(owed) != 0 {
			t.Fatalf("%s: while it is %s, %d are owed, %v", name, a.State, len(owed), err)
		}
		a = move(t, j, a, late)
		if owed, err := j.Owed(ctx); err != nil || len(owed) != 1 || owed[0].State != a.State {
			t.Errorf("%s: it is %s, and %v are owed, %v", name, a.State, owed, err)
		}
		if _, err := j.Verify(ctx); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		close(t, j)
	}
}

// The encrypted number goes with the commit that ends its attempt.
func TestSealedNumberEndsWithItsAttempt(t *testing.T) {
	j := open(t, t.TempDir())
	defer close(t, j)
	for _, end := range [][]txn.Event{
		{{Kind: txn.BankApproved}},
		{{Kind: txn.BankDeclined}},
		{{Kind: txn.GaveUp, Reason: txn.NoAnswer}, {Kind: txn.ReversalAnswered}},
	} {
		a := begin(t, j)
		if sealed, err := j.Sealed(ctx, a.ID); err != nil || len(sealed) == 0 {
			t.Fatalf("while open: %q, %v", sealed, err)
		}
		a = move(t, j, a, end...)
		if sealed, err := j.Sealed(ctx, a.ID); err != nil || len(sealed) != 0 {
			t.Errorf("%s: %q, %v", a.State, sealed, err)
		}
	}
}

// A file that this program must not write is refused with the right words, and not one byte of it changes.
func TestRefusals(t *testing.T) {
	made := func(t *testing.T) string {
		dir := t.TempDir()
		j := open(t, dir)
		begin(t, j)
		close(t, j)
		return dir
	}
	change := func(t *testing.T, query string) string {
		dir := made(t)
		tamper(t, dir, query)
		return dir
	}
	file := func(t *testing.T, content []byte) string {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, journal.Name(1)), content, 0o600); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	cases := map[string]struct {
		dir  func(t *testing.T) string
		want error
	}{
		"somebody's text":   {func(t *testing.T) string { return file(t, bytes.Repeat([]byte("dear diary "), 1000)) }, journal.ErrForeign},
		"another program's": {func(t *testing.T) string { return change(t, "PRAGMA application_id = 42") }, journal.ErrForeign},
		"a newer format":    {func(t *testing.T) string { return change(t, "PRAGMA user_version = 99") }, journal.ErrNewer},
		"empty":             {func(t *testing.T) string { return file(t, nil) }, journal.ErrDamaged},
		"zeros":             {func(t *testing.T) string { return file(t, make([]byte, 8192)) }, journal.ErrDamaged},
		"cut short":         {func(t *testing.T) string { dir := made(t); cut(t, dir, 4096*3); return dir }, journal.ErrDamaged},
		"cut inside a page": {func(t *testing.T) string { dir := made(t); cut(t, dir, 4096*3+100); return dir }, journal.ErrDamaged},
		"an entry changed": {func(t *testing.T) string {
			return change(t, "UPDATE entry SET body = replace(body, '1250', '125') WHERE seq = (SELECT MAX(seq) FROM entry)")
		}, journal.ErrDamaged},
		"an entry taken out": {func(t *testing.T) string {
			return change(t, "DELETE FROM entry WHERE seq = (SELECT MAX(seq) - 1 FROM entry)")
		}, journal.ErrDamaged},
		"a table missing":         {func(t *testing.T) string { return change(t, "DROP TABLE numbers") }, journal.ErrDamaged},
		"not to be written":       {func(t *testing.T) string { dir := made(t); chmod(t, dir, 0o400); return dir }, journal.ErrReadOnly},
		"a folder under its name": {func(t *testing.T) string { dir := t.TempDir(); mkdir(t, dir); return dir }, journal.ErrForeign},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			dir := c.dir(t)
			before := content(dir)
			j, err := journal.Open(ctx, dir, journal.Options{})
			if err == nil {
				close(t, j)
			}
			if !errors.Is(err, c.want) {
				t.Errorf("opening gave %v, want %v", err, c.want)
			}
			if !bytes.Equal(before, content(dir)) {
				t.Error("the file was changed")
			}
		})
	}
}

func tamper(t *testing.T, dir, query string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, journal.Name(1)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(query); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func cut(t *testing.T, dir string, size int64) {
	t.Helper()
	if err := os.Truncate(filepath.Join(dir, journal.Name(1)), size); err != nil {
		t.Fatal(err)
	}
}

func chmod(t *testing.T, dir string, mode fs.FileMode) {
	t.Helper()
	if err := os.Chmod(filepath.Join(dir, journal.Name(1)), mode); err != nil {
		t.Fatal(err)
	}
}

func mkdir(t *testing.T, dir string) {
	t.Helper()
	if err := os.Mkdir(filepath.Join(dir, journal.Name(1)), 0o700); err != nil {
		t.Fatal(err)
	}
}

func content(dir string) []byte {
	b, err := os.ReadFile(filepath.Join(dir, journal.Name(1)))
	if err != nil {
		return nil
	}
	return b
}

// A second program on the same folder is told so, and can open it when the first is gone.
func TestOneProgramAFolder(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	if _, err := journal.Open(ctx, dir, journal.Options{}); !errors.Is(err, journal.ErrInUse) {
		t.Errorf("the second got %v", err)
	}
	close(t, j)
	close(t, open(t, dir))
}

// On a disk that is full nothing is begun that can't be kept, and what was there stays readable.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=6500k", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: no small disk can be mounted here: %s", out)
	}
	defer exec.Command("umount", "-l", dir).Run()
	j := open(t, dir)
	begin(t, j)
	var err error
	for n := 0; err == nil && n < 5000; n++ {
		number := j.Next().Sale
		err = j.Commit(ctx, txn.ByTill, txn.Synced, txn.SaleOpened{Sale: sale.Sale{ID: number, Lines: make([]sale.Line, 200)}, Bill: txn.Bill{SaleID: number}})
	}
	if !errors.Is(err, journal.ErrFull) && !errors.Is(err, journal.ErrFailed) {
		t.Fatalf("filling the disk gave %v", err)
	}
	if err := j.Commit(ctx, txn.ByTill, txn.Synced, txn.Booted{}); !errors.Is(err, journal.ErrFailed) {
		t.Errorf("after a failed commit the next one gave %v", err)
	}
	if j.Failed() == nil {
		t.Error("the journal does not say that it failed")
	}
}

// A commit that fails stops the journal for good: whether it is on the disk is not known.
func TestFailedCommitStopsTheJournal(t *testing.T) {
	j := open(t, t.TempDir())
	a := begin(t, j)
	if err := j.Commit(ctx, txn.ByTill, txn.Synced, txn.AttemptOpened{Attempt: a}); !errors.Is(err, journal.ErrFailed) {
		t.Errorf("the same attempt again gave %v", err)
	}
	if err := j.Commit(ctx, txn.ByTill, txn.Synced, txn.Booted{}); !errors.Is(err, journal.ErrFailed) {
		t.Errorf("the next commit gave %v", err)
	}
}

// What somebody changed behind the till's back is found by Verify, whichever table it is in.
func TestVerifyFindsTampering(t *testing.T) {
	for _, query := range []string{
		"UPDATE attempt SET amount_minor = 1",
		"UPDATE attempt SET state = 'declined'",
		"UPDATE attempt SET body = replace(body, 'approved', 'declined')",
		"UPDATE attempt SET owed = 0",
		"DELETE FROM attempt",
		"UPDATE attempt SET body = replace(body, '\"saleId\":', '\"saleId\":1')",
		"INSERT INTO numbers VALUES (1, '{}')",
		"UPDATE bill SET body = replace(body, '\"state\":\"paid\"', '\"state\":\"dropped\"')",
		"UPDATE bill SET body = replace(body, '1250', '1251')",
		"UPDATE bill SET owed = 0",
		"UPDATE bill SET batch = 2",
		"DELETE FROM bill WHERE sale = (SELECT MIN(sale) FROM bill)",
		"INSERT INTO bill SELECT sale + 100, owed, batch, body FROM bill",
		"UPDATE day SET opened_ms = 0",
		"UPDATE entry SET body = replace(body, '1250', '0125') WHERE seq = 2",
		"UPDATE slip SET body = replace(body, 'aaaa', 'bbbb')",
		"DELETE FROM slip",
		"INSERT INTO slip VALUES (99, '{}')",
		"UPDATE filed SET body = replace(body, 'Li Na', 'Wang')",
		"DELETE FROM filed",
	} {
		dir := t.TempDir()
		j := open(t, dir)
		sell(t, j)
		kept := txn.SlipKept{Print: 90, SaleID: 1, SHA256: strings.Repeat("a", 64)}
		if err := j.Commit(ctx, txn.ByTill, txn.Synced, kept, txn.Answered{Key: "attempt 1", Class: "amount", Owner: "Li Na"}); err != nil {
			t.Fatal(err)
		}
		begin(t, j)
		closeLongAfter(t, j)
		tamper(t, dir, query)
		if _, err := journal.Look(ctx, dir, journal.Options{}); !errors.Is(err, journal.ErrDamaged) {
			t.Errorf("%s: Look gave %v", query, err)
		}
		j = open(t, dir)
		if _, err := j.Verify(ctx); !errors.Is(err, journal.ErrDamaged) {
			t.Errorf("%s: Verify gave %v", query, err)
		}
		close(t, j)
	}
}

// An older journal is backed up before it is changed, and the backup is whole.
func TestMigration(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	begin(t, j)
	close(t, j)
	first, err := os.ReadFile("migration/0001_journal.sql")
	if err != nil {
		t.Fatal(err)
	}
	two := fstest.MapFS{
		"0001_journal.sql": {Data: first},
		"0002_more.sql":    {Data: []byte("CREATE TABLE more (id INTEGER PRIMARY KEY) STRICT;")},
	}
	if j, err = journal.Open(ctx, dir, journal.Options{Migrations: two}); err != nil {
		t.Fatal(err)
	}
	close(t, j)
	if _, err := journal.Open(ctx, dir, journal.Options{}); !errors.Is(err, journal.ErrNewer) {
		t.Errorf("the older program opened it: %v", err)
	}
	backups, err := filepath.Glob(filepath.Join(dir, "backup", "before-format-2-*.db"))
	if err != nil || len(backups) != 1 {
		t.Fatalf("backups: %v, %v", backups, err)
	}
	restored := t.TempDir()
	b, err := os.ReadFile(backups[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(restored, journal.Name(1)), b, 0o600); err != nil {
		t.Fatal(err)
	}
	j = open(t, restored)
	defer close(t, j)
	if v, err := j.Verify(ctx); err != nil || v.Attempts != 1 {
		t.Errorf("the backup: %+v, %v", v, err)
	}
}

// A migration that fails leaves the journal as it was.
func TestFailedMigrationChangesNothing(t *testing.T) {
	dir := t.TempDir()
	close(t, open(t, dir))
	first, err := os.ReadFile("migration/0001_journal.sql")
	if err != nil {
		t.Fatal(err)
	}
	bad := fstest.MapFS{"0001_journal.sql": {Data: first}, "0002_bad.sql": {Data: []byte("CREATE TABLE half (id); CREATE NONSENSE;")}}
	if _, err := journal.Open(ctx, dir, journal.Options{Migrations: bad}); err == nil {
		t.Fatal("a migration that can't run was run")
	}
	j := open(t, dir)
	defer close(t, j)
	if _, err := j.Verify(ctx); err != nil {
		t.Error(err)
	}
}

// A day is closed once, and numbers run on over it.
func TestDay(t *testing.T) {
	j := open(t, t.TempDir())
	defer close(t, j)
	last := begin(t, j).ID
	commit(t, j, txn.Synced, txn.DayClosed{Batch: 1, Z: 1, Totals: []byte(`{"z":1}`), AtMs: 5}, txn.DayOpened{Batch: 2, Currency: "CNY", AtMs: 5})
	if next := j.Next(); next.Attempt != last+1 || next.Batch != 2 {
		t.Errorf("the next day begins with %+v", next)
	}
	days, err := j.Days(ctx)
	if err != nil || len(days) != 2 || days[1].Z != 1 || string(days[1].Totals) != `{"z":1}` {
		t.Errorf("%+v, %v", days, err)
	}
}

// A STAN comes again after all the others, and not within 60 days.
func TestSTANRests(t *testing.T) {
	now := time.UnixMilli(1_800_000_000_000)
	j, err := journal.Open(ctx, t.TempDir(), journal.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer close(t, j)
	opened := func(at time.Time) txn.ID {
		v := plan.View{Next: j.Next(), AtMs: at.UnixMilli()}
		a := txn.Attempt{Kind: txn.Sale, Tender: txn.Card, OpenedMs: v.AtMs, Amount: money.Amount{Minor: 1, Currency: money.CNY}}
		return planned(t, j)(plan.Begin(v, txn.Matter{Attempt: a}, &txn.SaleOpened{Sale: sale.Sale{Currency: money.CNY, TotalMinor: 1}, Batch: v.Batch}, nil)).After.ID
	}
	first := opened(now.Add(-61 * 24 * time.Hour))
	second := opened(now.Add(-59 * 24 * time.Hour))
	for id, want := range map[txn.ID]error{second + 1: nil, first + txn.STANs: nil, second + txn.STANs: journal.ErrNumbersUsed, second + txn.STANs + 1: nil} {
		if err := j.Rested(ctx, id); !errors.Is(err, want) {
			t.Errorf("attempt %s with STAN %d: %v, want %v", id, id.STAN(), err, want)
		}
	}
}
