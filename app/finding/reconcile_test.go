package finding_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"veratill/app/finding"
	"veratill/app/settings"
	"veratill/txn"
	"veratill/txn/clearing"
	"veratill/txn/disk"
	"veratill/txn/external"
	"veratill/txn/journal"
	"veratill/txn/money"
	"veratill/txn/sale"
	"veratill/txn/till"
	"veratill/txn/vault"
)

var manager = txn.Actor{By: "Li Na"}

// counter is a till with real books, and a separate terminal that approves.
type counter struct {
	*testing.T
	dir   string
	books *journal.Journal
	till  *till.Till
	r     *finding.Reconciler
}

func newCounter(t *testing.T) *counter {
	t.Helper()
	dir := t.TempDir()
	j, err := journal.Open(t.Context(), dir, journal.Options{Currency: "CNY"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	keys, err := vault.Open(disk.System{}, dir)
	if err != nil {
		t.Fatal(err)
	}
	line := &external.Line{Ask: func(context.Context, txn.Order) external.Answer { return external.Answer{Shown: external.Approved} }}
	c := &counter{T: t, dir: dir, books: j, till: till.New(till.Config{Journal: j, Numbers: j, Lines: till.Lines{txn.External: line}, Terminal: "T0000001", Vault: keys})}
	if err := c.till.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.r = finding.NewReconciler(finding.Ground{Books: j, Keeper: c.till, Dir: dir, Currency: "CNY", Where: time.UTC, Rates: map[clearing.Format][]clearing.Rate{clearing.Named: {{PPM: 6000}}},
		Accounts: map[clearing.Format]clearing.Account{clearing.Named: {Lines: []string{external.Name}}}})
	return c
}

// sells takes a payment at the separate terminal.
func (c *counter) sells(minor int64) txn.Attempt {
	c.Helper()
	out, err := c.till.PayExternal(c.Context(), manager, till.Payment{Sale: sale.Sale{Currency: money.CNY, TotalMinor: minor}})
	if err != nil {
		c.Fatal(err)
	}
	return out.Attempt
}

// file writes a file with a row for each payment.
func (c *counter) file(name string, fees string, of ...txn.Attempt) string {
	c.Helper()
	text := "number,time,amount,fee\n"
	for _, a := range of {
		text += fmt.Sprintf("T%s,%s,%s,%s\n", a.ID, a.Opened().UTC().Format(time.DateTime), a.Amount.Figure(), fees)
	}
	path := filepath.Join(c.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		c.Fatal(err)
	}
	return path
}

func (c *counter) takes(path string) finding.Read {
	c.Helper()
	f, err := c.r.Read(c.Context(), finding.Ask{Path: path})
	if err == nil {
		err = c.r.Take(c.Context(), manager, f)
	}
	if err != nil {
		c.Fatal(err)
	}
	return f
}

func (c *counter) standing() clearing.Standing {
	c.Helper()
	s, err := c.r.Standing(c.Context())
	if err != nil {
		c.Fatal(err)
	}
	return s
}

// What a person said of a terminal is cleared by the row that somebody gives to it, in the books and for good: also when they are folded again, and when the file comes twice.
func TestAClaimIsClearedByItsRow(t *testing.T) {
	c := newCounter(t)
	a, b := c.sells(1250), c.sells(400)
	path := c.file("bill.csv", "0.08", a)
	c.takes(path)
	key := "table payment T1"
	if err := c.r.AnswerDifference(t.Context(), manager, txn.Answered{Key: key, Owner: "Li Na", Attempt: b.ID}); err == nil {
		t.Error("a row of 12.50 was given to a payment of 4.00")
	}
	if err := c.r.AnswerDifference(t.Context(), manager, txn.Answered{Key: key, Owner: "Li Na", Attempt: a.ID}); err != nil {
		t.Fatal(err)
	}
	if f := c.takes(path); !f.Known {
		t.Error("the same file is not known again")
	}
	now, err := c.books.Attempt(t.Context(), a.ID)
	if err != nil || now.State != txn.Claimed || len(now.Cleared) != 64 {
		t.Errorf("%+v, %v", now, err)
	}
	if v, err := c.books.Verify(t.Context()); err != nil || v.Attempts != 2 {
		t.Errorf("%+v, %v", v, err)
	}
	if files, err := c.books.Files(t.Context()); err != nil || len(files) != 1 || files[0].Rows != 1 || files[0].PaidMinor != 1250 {
		t.Errorf("%+v, %v", files, err)
	}
	s := c.standing()
	first, _ := s.Find("attempt 1")
	second, _ := s.Find("attempt 2")
	if first.Class != clearing.Matched || !first.ByPerson || second.Class != clearing.Timing {
		t.Errorf("%+v", s.Items)
	}
}

// A difference is open until somebody closes it as what it is; when it becomes another one it is open again.
func TestADifferenceHasAnEnd(t *testing.T) {
	c := newCounter(t)
	a := c.sells(10000)
	c.takes(c.file("bill.csv", "0.60", a))
	give := txn.Answered{Key: "table payment T1", Owner: "Li Na", Attempt: a.ID}
	closing := txn.Answered{Key: "attempt 1", Owner: "Li Na", Said: "贷记调整", Due: "2026-12-31", Closed: true}
	if err := c.r.AnswerDifference(t.Context(), manager, closing); err != nil { // of timing
		t.Fatal(err)
	}
	if i := c.standing().Items[1]; i.Open || i.Answer == nil || i.Answer.Said != "贷记调整" {
		t.Errorf("closed, and open all the same: %+v", i)
	}
	if err := c.r.AnswerDifference(t.Context(), manager, give); err != nil {
		t.Fatal(err)
	}
	c.takes(c.file("again.csv", "0.90", a)) // the same number with another fee is the same payment
	i := c.standing().Items[0]
	if i.Class != clearing.Matched {
		t.Errorf("%+v", i)
	}
	for name, wrong := range map[string]txn.Answered{"no owner": {Key: "table payment T9"}, "a date that is none": {Key: "attempt 1", Owner: "Li", Due: "31.12."}, "a key of nothing": {Key: "attempt 9", Owner: "Li"}} {
		if err := c.r.AnswerDifference(t.Context(), manager, wrong); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

// A fee is held against the settings' rate.
func TestAFeeIsHeldAgainstTheRate(t *testing.T) {
	c := newCounter(t)
	a := c.sells(10000)
	c.takes(c.file("bill.csv", "0.62", a))
	if err := c.r.AnswerDifference(t.Context(), manager, txn.Answered{Key: "table payment T1", Owner: "Li Na", Attempt: a.ID}); err != nil {
		t.Fatal(err)
	}
	if i := c.standing().Items[0]; i.Class != clearing.Fee || i.FeeE3 != 62_000 || i.DueE3 != 60_000 {
		t.Errorf("%+v", i)
	}
}

// A copy that is gone, or was changed, says so, and is read by nobody.
func TestAChangedCopyIsNotRead(t *testing.T) {
	c := newCounter(t)
	f := c.takes(c.file("bill.csv", "0.08", c.sells(1250)))
	path := filepath.Join(c.dir, "clearing", f.SHA256+".json.gz")
	was, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var other bytes.Buffer
	z := gzip.NewWriter(&other)
	fmt.Fprintln(z, `{"n":0}`+"\n"+`{"n":1,"c":["number","time","amount"]}`+"\n"+`{"n":2,"c":["T1","2026-11-01 08:00:00","99.00"]}`)
	z.Close()
	for name, content := range map[string][]byte{"changed": other.Bytes(), "cut": was[:len(was)/2], "empty": nil} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if s := c.standing(); !slices.Equal(s.Missing, []string{"bill.csv"}) || len(s.Items) != 0 {
			t.Errorf("%s: %+v", name, s)
		}
	}
	if err := os.WriteFile(path, was, 0o600); err != nil {
		t.Fatal(err)
	}
	if s := c.standing(); len(s.Missing) != 0 || len(s.Items) != 2 {
		t.Errorf("as it was kept: %+v", s)
	}
}

// Whatever a bill is packed in, it is the same bill.
func TestABillIsReadFromWhatItIsPackedIn(t *testing.T) {
	c := newCounter(t)
	a := c.sells(8010)
	plain := c.file("bill.csv", "0.48", a)
	text, err := os.ReadFile(plain)
	if err != nil {
		t.Fatal(err)
	}
	packed := map[string][]byte{"bill.csv.gz": gzipped(t, text), "bill.zip": zipped(t, map[string][]byte{"别的.txt": []byte("nothing"), "bill.csv": text}), "bill.xlsx": sheet(t, string(text))}
	chinese := strings.NewReplacer("number", "交易单号", "time", "交易时间", "amount", "交易金额", "fee", "手续费").Replace(string(text))
	if packed["gbk.csv"], err = simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(chinese)); err != nil {
		t.Fatal(err)
	}
	for name, raw := range packed {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := c.r.Read(t.Context(), finding.Ask{Path: path})
		if err != nil || f.Paid.AmountMinor != 8010 || f.FeeMinor != 48 || f.Rows[0].Provider != "T1" {
			t.Errorf("%s: %+v, %v", name, f.File, err)
		}
	}
	for name, raw := range map[string][]byte{"broken.zip": []byte("PK\x03\x04 and no more"), "old.xls": []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1...")} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		if f, err := c.r.Read(t.Context(), finding.Ask{Path: path}); err == nil {
			t.Errorf("%s was read: %+v", name, f.File)
		}
	}
}

func gzipped(t *testing.T, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(text); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A small file that unpacks to more than any bill has is refused for that, and not for what its end looks like.
func TestAFileThatUnpacksWithoutAnEndIsNoBill(t *testing.T) {
	lines := bytes.Repeat([]byte("\n"), 97<<20)
	r := finding.NewReconciler(finding.Ground{Books: &kept{}, Dir: t.TempDir(), Currency: "CNY", Where: time.UTC})
	for name, raw := range map[string][]byte{"bomb.csv.gz": gzipped(t, lines), "bomb.zip": zipped(t, map[string][]byte{"bill.csv": lines})} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		if len(raw) > 1<<20 {
			t.Fatalf("%s has %d bytes, so that it is no bomb", name, len(raw))
		}
		if f, err := r.Read(t.Context(), finding.Ask{Path: path}); err == nil || !strings.Contains(err.Error(), "unpacks to more than 96 MiB") {
			t.Errorf("%s: %d rows, %v", name, len(f.Rows), err)
		}
	}
}

func zipped(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sheet makes a workbook of a table, with figures as numbers.
func sheet(t *testing.T, text string) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for y, line := range strings.Split(strings.TrimSpace(text), "\n") {
		for x, cell := range strings.Split(line, ",") {
			name, _ := excelize.CoordinatesToCellName(x+1, y+1)
			var value any = cell
			var f float64
			if n, err := fmt.Sscanf(cell, "%f", &f); n == 1 && err == nil && y > 0 && x > 1 {
				value = f
			}
			if err := book.SetCellValue("Sheet1", name, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	b, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The provider's own hash is compared before anything is read.
func TestAFileHasItsProvidersHash(t *testing.T) {
	c := newCounter(t)
	path := c.file("bill.csv", "0.08", c.sells(1250))
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha1.Sum(raw)
	if _, err := c.r.Read(t.Context(), finding.Ask{Path: path, Hash: strings.ToUpper(hex.EncodeToString(sum[:]))}); err != nil {
		t.Errorf("with its own hash: %v", err)
	}
	sum[0]++
	if _, err := c.r.Read(t.Context(), finding.Ask{Path: path, Hash: hex.EncodeToString(sum[:])}); err == nil || !strings.Contains(err.Error(), "download it again") {
		t.Errorf("with another's: %v", err)
	}
}

// kept is what a till was asked to keep and to end.
type kept struct {
	attempts []txn.Attempt
	files    []txn.FileKept
	cleared  []txn.ID
	ended    map[txn.ID]txn.Evidence
	differs  error // what the entries say against the tables
}

func (k *kept) Files(context.Context) ([]txn.FileKept, error)                { return k.files, nil }
func (k *kept) Answers(context.Context) ([]txn.Answered, error)              { return nil, nil }
func (k *kept) FiledHolds(context.Context) error                             { return k.differs }
func (k *kept) Between(context.Context, int64, int64) ([]txn.Attempt, error) { return k.attempts, nil }
func (k *kept) KeepFile(_ context.Context, _ txn.Actor, f txn.FileKept, cleared []txn.ID) error {
	k.files, k.cleared = append(k.files, f), cleared
	return nil
}
func (k *kept) TakeApart(context.Context, txn.Actor, txn.Answered, []txn.ID) error      { return nil }
func (k *kept) AnswerDifference(context.Context, txn.Actor, txn.Answered, string) error { return nil }
func (k *kept) Resolve(_ context.Context, _ txn.Actor, id txn.ID, e txn.Evidence) (till.Outcome, error) {
	k.ended[id] = e
	return till.Outcome{}, nil
}

// Rule 16: a file that has a refund of which nobody knew ends it; a payment of which nobody knows it does not end, and an approved one neither.
func TestAFileEndsARefundThatNobodyKnewOf(t *testing.T) {
	at := time.Now()
	attempt := func(id txn.ID, kind txn.Kind, state txn.State, rrn string) txn.Attempt {
		a := txn.Attempt{ID: id, Kind: kind, Tender: txn.Card, State: state, Batch: 1, Amount: money.Amount{Minor: 500, Currency: "CNY"}, OpenedMs: at.UnixMilli(), EndedMs: at.UnixMilli()}
		a.Answer.RRN = rrn
		if kind != txn.Sale {
			a.Original = 1
		}
		return a
	}
	k := &kept{ended: map[txn.ID]txn.Evidence{}, attempts: []txn.Attempt{attempt(1, txn.Sale, txn.Approved, "100000000001"), attempt(2, txn.Refund, txn.Unresolved, "100000000002"),
		attempt(3, txn.Sale, txn.Reversing, "100000000003"), attempt(4, txn.Refund, txn.Approved, "100000000004")}}
	dir := t.TempDir()
	r := finding.NewReconciler(finding.Ground{Books: k, Keeper: k, Dir: dir, Currency: "CNY", Where: time.UTC})
	text := "rrn,time,amount\n"
	for id, sign := range map[int]string{1: "", 2: "-", 3: "", 4: "-"} {
		text += fmt.Sprintf("10000000000%d,%s,%s5.00\n", id, at.UTC().Format(time.DateTime), sign)
	}
	path := filepath.Join(dir, "bill.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := r.Read(t.Context(), finding.Ask{Path: path})
	if err == nil {
		err = r.Take(t.Context(), manager, f)
	}
	if err != nil {
		t.Fatal(err)
	}
	if e := k.ended[2]; len(k.ended) != 1 || e.As != txn.WasGivenBack || e.SHA256 != f.SHA256 || e.Document != "bill.csv" || e.Who != "Li Na" {
		t.Errorf("ended: %+v", k.ended)
	}
	if len(k.cleared) != 0 {
		t.Errorf("cleared: %v", k.cleared)
	}
}

// Books whose tables lost what was taken in say so: they list no difference, and take nothing in.
func TestBooksThatDifferListNothing(t *testing.T) {
	k := &kept{differs: journal.ErrDiffers}
	r := finding.NewReconciler(finding.Ground{Books: k, Keeper: k, Dir: t.TempDir(), Currency: "CNY"})
	if _, err := r.Standing(t.Context()); !errors.Is(err, journal.ErrDiffers) {
		t.Errorf("listed: %v", err)
	}
	if err := r.Take(t.Context(), txn.ByTill, finding.Read{}); !errors.Is(err, journal.ErrDiffers) || len(k.files) != 0 {
		t.Errorf("taken in: %v, %v", err, k.files)
	}
}

// Who the shop is in each file follows from its settings: a wallet's merchant, the bank's terminal, and whose file has what a separate terminal takes, whose own number nobody knows.
func TestTheSettingsSayWhoTheShopIs(t *testing.T) {
	s := settings.Settings{Till: settings.Till{Mode: settings.Bank, Terminal: "T1"}, Merchant: settings.Merchant{Number: "M1"}, Wallets: []settings.Wallet{{Provider: "wechat", Merchant: "19"}, {Provider: "wechat", Merchant: "20"}}}
	a := finding.Accounts(s)
	if !slices.Equal(a["wechat"].Merchants, []string{"19", "20"}) || !slices.Equal(a[clearing.ByCard].Terminals, []string{"T1"}) || !slices.Equal(a[clearing.ByCard].Merchants, []string{"M1"}) {
		t.Errorf("%+v", a)
	}
	if a := a[clearing.Named]; !slices.Equal(a.Merchants, []string{"M1", "19", "20"}) || !slices.Equal(a.Terminals, []string{"T1"}) {
		t.Errorf("in a bank's own table: %+v", a)
	}
	for name, change := range map[string]func(*settings.Settings){
		"the table is a separate terminal's":    func(s *settings.Settings) { s.Clearing.SeparateTerminal = "table" },
		"nobody says whose file a terminal has": func(s *settings.Settings) { s.Devices.SeparateTerminal = true },
		"a terminal on a cable":                 func(s *settings.Settings) { s.Devices.Bank = "zvt://127.0.0.1:20007" },
		"a wallet without a terminal's number": func(s *settings.Settings) {
			s.Wallets = append(s.Wallets, settings.Wallet{Provider: "unionpay", Merchant: "21"})
		},
	} {
		s := s
		s.Wallets = slices.Clone(s.Wallets)
		if change(&s); len(finding.Accounts(s)[clearing.Named].Terminals) != 0 {
			t.Errorf("%s, and %v are the table's terminals", name, finding.Accounts(s)[clearing.Named].Terminals)
		}
	}
	s.Clearing.SeparateTerminal = "allinpay"
	if a := finding.Accounts(s); len(a[clearing.ByCard].Terminals) != 0 || !slices.Equal(a[clearing.ByCard].Lines, []string{external.Name}) {
		t.Errorf("with a separate terminal in the same file: %+v", a)
	}
}

// What the files say of a payment is found for its page, from books that a till has open and from those that were read whole alike; a copy that is gone is said to be.
func TestWhatTheFilesSayOfAPayment(t *testing.T) {
	c := newCounter(t)
	a, b := c.sells(1250), c.sells(400)
	if f := c.r.Filed(t.Context(), []txn.ID{a.ID}); f.Trouble != "" || len(f.Items) != 0 {
		t.Errorf("without a file: %+v", f)
	}
	c.takes(c.file("bill.csv", "0.08", a))
	if err := c.r.AnswerDifference(t.Context(), manager, txn.Answered{Key: "table payment T1", Owner: "Li Na", Attempt: a.ID}); err != nil {
		t.Fatal(err)
	}
	f := c.r.Filed(t.Context(), []txn.ID{a.ID})
	if one, there := f.Of(a.ID); !there || one.Class != clearing.Matched || one.Name != "bill.csv" || one.BankMinor != 1250 || one.AtMs() == 0 || len(f.Items) != 1 {
		t.Errorf("%+v", f)
	}
	if one, there := c.r.Filed(t.Context(), []txn.ID{b.ID}).Of(b.ID); !there || one.Class != clearing.Timing || one.Has() || one.Name != "bill.csv" {
		t.Errorf("%+v", one)
	}
	held := c.seen()
	of, err := finding.SeenAffair(t.Context(), held, c.dir, settings.Settings{Clearing: settings.Clearing{SeparateTerminal: "table"}}, a.ID)
	if err != nil || len(of.Filed.Items) != 1 || of.Filed.Items[0].Class != clearing.Matched || len(of.Parts) != 1 {
		t.Errorf("%+v, %v", of, err)
	}
	if _, err := finding.SeenAffair(t.Context(), held, c.dir, settings.Settings{}, 99); !errors.Is(err, journal.ErrNotFound) {
		t.Errorf("of no payment: %v", err)
	}
	if err := os.RemoveAll(filepath.Join(c.dir, "clearing")); err != nil {
		t.Fatal(err)
	}
	if f := c.r.Filed(t.Context(), []txn.ID{a.ID}); !strings.Contains(f.Trouble, "bill.csv") {
		t.Errorf("without the copy: %+v", f)
	}
}

// seen reads the books whole, from a copy that no till has open.
func (c *counter) seen() journal.Seen {
	c.Helper()
	path := filepath.Join(c.TempDir(), "copy")
	if err := os.MkdirAll(path, 0o700); err != nil {
		c.Fatal(err)
	}
	if err := c.books.Backup(c.Context(), filepath.Join(path, "journal.db")); err != nil {
		c.Fatal(err)
	}
	s, err := journal.Look(c.Context(), path, journal.Options{})
	if err != nil {
		c.Fatal(err)
	}
	return s
}
