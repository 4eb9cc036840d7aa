package finding_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"veratill/app/finding"
	"veratill/app/present"
	"veratill/app/settings"
	"veratill/txn"
	"veratill/txn/clearing"
	"veratill/txn/money"
	"veratill/txn/till"
)

func (c *counter) attempt(id txn.ID) txn.Attempt {
	c.Helper()
	a, err := c.books.Attempt(c.Context(), id)
	if err != nil {
		c.Fatal(err)
	}
	return a
}

func (c *counter) answers(a txn.Answered) {
	c.Helper()
	if a.Owner = "Li Na"; a.Key == "" {
		c.Fatal("no key")
	}
	if err := c.r.AnswerDifference(c.Context(), manager, a); err != nil {
		c.Fatal(err)
	}
}

// A file whose copy is gone or was changed is taken in again, and counts as before, once: in the window it is not one that is known.
func TestAFileWithoutItsCopyIsTakenAgain(t *testing.T) {
	c := newCounter(t)
	path := c.file("bill.csv", "0.08", c.sells(1250))
	f := c.takes(path)
	lie := filepath.Join(c.dir, "clearing", f.SHA256+".json.gz")
	for name, spoil := range map[string]func() error{"gone": func() error { return os.Remove(lie) }, "changed": func() error { return os.WriteFile(lie, []byte("x"), 0o600) }} {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		if tried, err := c.r.TryFile(t.Context(), path); err != nil || tried.Known || !tried.Lost {
			t.Errorf("%s: %+v, %v", name, tried, err)
		}
		if f := c.takes(path); f.Known {
			t.Errorf("%s: known, although nobody can read it", name)
		}
		if s := c.standing(); len(s.Missing) != 0 || len(s.Files) != 1 || len(s.Items) != 2 {
			t.Errorf("%s, and taken again: %+v", name, s)
		}
		if files, err := c.books.Files(t.Context()); err != nil || len(files) != 1 {
			t.Errorf("%s: the books have it as %+v, %v", name, files, err)
		}
	}
	if f := c.takes(path); !f.Known {
		t.Error("whole, and not known")
	}
}

// A copy that another version of the program would write otherwise is entered anew, and its file counts once.
func TestACopyThatIsWrittenOtherwiseIsEnteredAnew(t *testing.T) {
	k := &kept{ended: map[txn.ID]txn.Evidence{}}
	dir := t.TempDir()
	r := finding.NewReconciler(finding.Ground{Books: k, Keeper: k, Dir: dir, Currency: "CNY", Where: time.UTC})
	path := filepath.Join(t.TempDir(), "bill.csv")
	if err := os.WriteFile(path, []byte("rrn,time,amount\n1,2026-11-05 08:00,5.00\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	take := func() finding.Read {
		f, err := r.Read(t.Context(), finding.Ask{Path: path})
		if err == nil {
			err = r.Take(t.Context(), manager, f)
		}
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	take()
	k.files[0].KeptSHA256 = strings.Repeat("0", 64)
	if f := take(); f.Known || len(k.files) != 2 || k.files[1].SHA256 != f.SHA256 {
		t.Errorf("%+v: %+v", f.Known, k.files)
	}
	if f := take(); !f.Known || len(k.files) != 2 {
		t.Errorf("%+v: %+v", f.Known, k.files)
	}
}

// Copies go along to a second place, whole ones alone, and one that is whole there stays.
func TestASecondPlaceHasTheFiles(t *testing.T) {
	c := newCounter(t)
	first, second := c.takes(c.file("a.csv", "0.08", c.sells(1250))), c.takes(c.file("b.csv", "0.08", c.sells(400)))
	there := t.TempDir()
	at := func(dir string, f finding.Read) string {
		return filepath.Join(dir, "clearing", f.SHA256+".json.gz")
	}
	if err := c.r.CopyTo(there); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(at(c.dir, first))
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string]string{at(c.dir, first): "spoilt here", at(there, second): "spoilt there"} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.r.CopyTo(there); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(at(there, first)); err != nil || string(got) != string(whole) {
		t.Errorf("the one that is whole there alone: %q, %v", got, err)
	}
	mine, err := os.ReadFile(at(c.dir, second))
	if got, wrong := os.ReadFile(at(there, second)); err != nil || wrong != nil || string(got) != string(mine) {
		t.Errorf("the one that is whole here alone: %q, %v, %v", got, err, wrong)
	}
}

// stubborn is a till that can't end a refund for a while.
type stubborn struct {
	*kept
	wrong error
}

func (s *stubborn) Resolve(ctx context.Context, by txn.Actor, id txn.ID, e txn.Evidence) (till.Outcome, error) {
	if s.wrong != nil {
		return till.Outcome{}, s.wrong
	}
	return s.kept.Resolve(ctx, by, id, e)
}

// Where a file is taken and a refund that it has can't be ended, that is what is told, and not that nothing was changed; the same file, or the next one, ends it, by the name of the file that has it.
func TestARefundThatCouldNotBeEndedIsEndedLater(t *testing.T) {
	at := time.Now()
	attempt := func(id txn.ID, kind txn.Kind, state txn.State, original txn.ID) txn.Attempt {
		a := txn.Attempt{ID: id, Kind: kind, Tender: txn.Card, State: state, Batch: 1, Amount: money.Amount{Minor: 500, Currency: "CNY"}, OpenedMs: at.UnixMilli(), EndedMs: at.UnixMilli(), Original: original}
		a.Answer.RRN = "10000000000" + id.String()
		return a
	}
	file := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte("rrn,time,amount\n"+text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	has := file("has-it.csv", "100000000001,"+at.UTC().Format(time.DateTime)+",5.00\n100000000002,"+at.UTC().Format(time.DateTime)+",-5.00\n")
	next := file("next.csv", "9,"+at.UTC().Format(time.DateTime)+",1.00\n")
	for name, then := range map[string]string{"by the same file": has, "by the next one": next} {
		s := &stubborn{&kept{ended: map[txn.ID]txn.Evidence{}, attempts: []txn.Attempt{attempt(1, txn.Sale, txn.Approved, 0), attempt(2, txn.Refund, txn.Unresolved, 1)}}, errors.New("the line is busy")}
		r := finding.NewReconciler(finding.Ground{Books: s, Keeper: s, Dir: t.TempDir(), Currency: "CNY", Where: time.UTC})
		err := r.TakeFile(t.Context(), manager, has)
		if !errors.Is(err, present.ErrRefundOpen) || len(s.files) != 1 {
			t.Fatalf("%s: %v, %d files", name, err, len(s.files))
		}
		if note := present.FileRefused(err); note.Key != "billfile.refund-open" {
			t.Errorf("%s: told as %q", name, note.Key)
		}
		s.wrong = nil
		if err := r.TakeFile(t.Context(), manager, then); err != nil {
			t.Fatal(name, err)
		}
		if e := s.ended[2]; e.Document != "has-it.csv" || e.SHA256 != s.files[0].SHA256 {
			t.Errorf("%s: ended by %+v", name, e)
		}
	}
}

// A row that a person gave to a payment is taken from it again: the row and the payment are open as before, and the payment is a claim that nothing proves, in the books and for good.
func TestARowIsTakenFromItsPaymentAgain(t *testing.T) {
	c := newCounter(t)
	a, b := c.sells(1250), c.sells(1250)
	c.takes(c.file("bill.csv", "0.08", b))
	before := c.standing()
	c.answers(txn.Answered{Key: "table payment T2", Attempt: a.ID})
	if len(c.attempt(a.ID).Cleared) != 64 {
		t.Fatal("not cleared")
	}
	for name, key := range map[string]string{"by the attempt": "attempt 1", "by the row": "table payment T2"} {
		c.answers(txn.Answered{Key: key, Apart: true})
		if now := c.attempt(a.ID); now.Cleared != "" || now.State != txn.Claimed {
			t.Errorf("%s: %+v", name, now)
		}
		s := c.standing()
		if row, there := s.Find("table payment T2"); !there || !row.Open || row.Class != clearing.BankOnly || len(s.Items) != len(before.Items) {
			t.Errorf("%s: %+v", name, s.Items)
		}
		c.answers(txn.Answered{Key: "table payment T2", Attempt: a.ID})
	}
	c.answers(txn.Answered{Key: "attempt 1", Apart: true})
	c.answers(txn.Answered{Key: "table payment T2", Attempt: b.ID})
	if c.attempt(a.ID).Cleared != "" || len(c.attempt(b.ID).Cleared) != 64 {
		t.Errorf("%+v, %+v", c.attempt(a.ID), c.attempt(b.ID))
	}
	if err := c.r.AnswerDifference(t.Context(), manager, txn.Answered{Key: "attempt 1", Owner: "Li Na", Apart: true}); err == nil {
		t.Error("a row that nobody gave was taken away")
	}
	if _, err := c.books.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// A file that was a wrong one is taken out: it counts nowhere, what it cleared is a claim again, and taken in once more it counts as before.
func TestAWrongFileIsTakenOut(t *testing.T) {
	c := newCounter(t)
	a, b := c.sells(1250), c.sells(400)
	path := c.file("wrong.csv", "0.08", a)
	f := c.takes(path)
	c.takes(c.file("right.csv", "0.08", b))
	c.answers(txn.Answered{Key: "table payment T1", Attempt: a.ID})
	c.answers(txn.Answered{Key: "table payment T2", Attempt: b.ID})
	for name, wrong := range map[string]string{"no such file": "other.csv", "nothing": ""} {
		if _, err := c.r.TakeFileOut(t.Context(), manager, wrong, "Li Na"); err == nil {
			t.Errorf("%s was taken out", name)
		}
	}
	if out, err := c.r.TakeFileOut(t.Context(), manager, f.SHA256[:12], "Li Na"); err != nil || out.Name != "wrong.csv" {
		t.Fatal(out, err)
	}
	if c.attempt(a.ID).Cleared != "" || len(c.attempt(b.ID).Cleared) != 64 {
		t.Errorf("%+v, %+v", c.attempt(a.ID), c.attempt(b.ID))
	}
	s := c.standing()
	if names := len(s.Files); names != 1 || s.Files[0].Name != "right.csv" {
		t.Errorf("%+v", s.Files)
	}
	if _, err := c.r.TakeFileOut(t.Context(), manager, "wrong.csv", "Li Na"); err == nil {
		t.Error("taken out twice")
	}
	time.Sleep(2 * time.Millisecond) // the books tell both by the clock
	if f := c.takes(path); f.Known || len(c.standing().Files) != 2 {
		t.Errorf("taken in once more: %+v", c.standing().Files)
	}
	if len(c.attempt(a.ID).Cleared) != 64 {
		t.Error("what a person said of its row holds no more")
	}
	if _, err := c.books.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// Rows that stand alone with a claim are given to it, all at once and by the word of who says so; the others stay.
func TestRowsThatStandAloneAreGivenToTheirClaims(t *testing.T) {
	c := newCounter(t)
	a, b, d := c.sells(1250), c.sells(400), c.sells(400)
	c.takes(c.file("bill.csv", "0.08", a, b, d))
	if n, err := c.r.LinkAlone(t.Context(), manager, "Li Na"); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if len(c.attempt(a.ID).Cleared) != 64 || c.attempt(b.ID).Cleared+c.attempt(d.ID).Cleared != "" {
		t.Errorf("%q %q %q", c.attempt(a.ID).Cleared, c.attempt(b.ID).Cleared, c.attempt(d.ID).Cleared)
	}
	if n, err := c.r.LinkAlone(t.Context(), manager, "Li Na"); err != nil || n != 0 {
		t.Error(n, err)
	}
	if err := c.r.AnswerDifference(t.Context(), manager, txn.Answered{Key: "attempt 1", Owner: "Li Na", Apart: true}); err != nil {
		t.Error(err)
	}
}

// Names that a person gave columns come before what tables call them, where the file has all of them, and behind a provider's own format.
func TestWhatAPersonNamedComesFirst(t *testing.T) {
	k := &kept{}
	r := finding.NewReconciler(finding.Ground{Books: k, Keeper: k, Dir: t.TempDir(), Currency: "EUR", Where: time.UTC})
	file := func(text string) string {
		path := filepath.Join(t.TempDir(), "bill.csv")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	mapped := finding.Ask{Path: file("time,rrn,amount,Auszahlung\n2026-11-05 08:00,1,5.00,4.90\n"), Mapping: map[clearing.Column]string{"amount": "Auszahlung", "order": "rrn"}}
	f, err := r.Read(t.Context(), mapped)
	if err == nil {
		err = r.Take(t.Context(), manager, f)
	}
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int64{
		"time,rrn,amount,Auszahlung\n2026-11-06 08:00,2,7.00,6.90\n":                                                                     690,
		"time,rrn,amount\n2026-11-06 08:00,2,7.00\n":                                                                                     700,
		"created,reporting_category,currency,gross,fee,charge_id,Auszahlung,rrn\n2026-11-06 08:00:00,charge,eur,7.00,0.10,ch_1,6.90,1\n": 700,
	} {
		if f, err := r.Read(t.Context(), finding.Ask{Path: file(text)}); err != nil || f.Paid.AmountMinor != want {
			t.Errorf("%q: %d, %v, want %d", text, f.Paid.AmountMinor, err, want)
		}
	}
}

// A number that the settings leave out is nobody's, although the demonstration's stands in its place.
func TestAnInventedNumberIsNobodys(t *testing.T) {
	s, err := settings.Parse("[till]\nmode = \"bank\"\nterminal = \"00000007\"\n[devices]\nbank = \"zvt://127.0.0.1:20007\"\n")
	if err != nil {
		t.Fatal(err)
	}
	for format, a := range finding.Accounts(s) {
		if len(a.Merchants) != 0 {
			t.Errorf("%s has the merchants %v", format, a.Merchants)
		}
	}
	if a := finding.Accounts(s)[clearing.ByCard]; !slices.Equal(a.Terminals, []string{"00000007"}) {
		t.Errorf("its own terminal: %+v", a)
	}
}

// The shop's bills are those of its wallets, and of whoever settles what a separate terminal takes.
func TestTheShopsBills(t *testing.T) {
	s := settings.Settings{Wallets: []settings.Wallet{{Provider: "wechat"}, {Provider: "upay"}, {Provider: "alipay"}, {Provider: "wechat"}}, Clearing: settings.Clearing{SeparateTerminal: "adyen"}}
	if got := finding.Bills(s); !slices.Equal(got, []string{"adyen", "alipay", "wechat"}) {
		t.Errorf("%v", got)
	}
}
