package hostsim

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"veratill/txn/hostsim/bank"
	"veratill/txn/iso8583"
)

func host(t *testing.T, ledger string) *Host {
	t.Helper()
	p, err := iso8583.ProfileByName("iso87")
	if err != nil {
		t.Fatal(err)
	}
	h, err := New(Config{Profile: p, Ledger: ledger})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// A book is read again as it was, and a last line that a crash cut short is cut off: nobody had heard of it.
func TestLedgerSurvives(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.jsonl")
	h := host(t, path)
	a := bank.Row{Key: bank.Key{Terminal: "T1", Batch: 1, STAN: 1}, AmountMinor: 100, State: bank.Approved, Kind: bank.Sale, RRN: h.ledger.nextRRN()}
	b := a
	b.STAN, b.State, b.RRN = 2, bank.Declined, " 1 2        "
	if err := h.ledger.write(a, b); err != nil {
		t.Fatal(err)
	}
	a.State = bank.Reversed
	if err := h.ledger.write(a); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"stan":3,"termin`); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	again := host(t, path)
	if rows := again.Rows(); !slices.Equal(rows, []bank.Row{a, b}) {
		t.Errorf("%+v", rows)
	}
	if again.ledger.nextRRN() != "000000000002" {
		t.Errorf("the next RRN is %s", again.ledger.nextRRN())
	}
	if err := again.ledger.write(bank.Row{Key: bank.Key{Terminal: "T1", Batch: 1, STAN: 4}, State: bank.Approved}); err != nil {
		t.Fatal(err)
	}
	if n := len(host(t, path).Rows()); n != 3 {
		t.Errorf("%d lines after the cut one was replaced", n)
	}
}

// A file of lines that are no bank's is left as it is.
func TestWhatIsNoBooksLineIsLeft(t *testing.T) {
	for _, content := range []string{`{"msg":"sold"}` + "\n" + `{"ms`, "{}\n", "text without an end"} {
		path := filepath.Join(t.TempDir(), "till.log")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := openLedger(path)
		if now, _ := os.ReadFile(path); err == nil || string(now) != content {
			t.Errorf("%q is %q afterwards: %v", content, now, err)
		}
	}
}

// A book with a damaged line in its middle is refused and kept.
func TestDamagedLedgerIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.jsonl")
	text := `{"terminal":"T1","stan":1,"state":"approved"}` + "\nnot json\n{\"stan\":2}\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := New(Config{Profile: iso8583.Profiles()[1], Ledger: path}); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("%v", err)
	}
	if kept, err := os.ReadFile(path); err != nil || string(kept) != text {
		t.Errorf("it became %q, %v", kept, err)
	}
}

// Scripts that can't be carried out name their line and what would do.
func TestScripts(t *testing.T) {
	for _, bad := range []string{`{"do":"sing"}`, `{"do":"decline"}`, `{"do":"silent","colour":"red"}`, `{"do":"delay","seconds":-1}`, `{"do":`, `[]`} {
		if _, err := ReadScript(strings.NewReader("# comment\n\n" + bad)); err == nil || !strings.Contains(err.Error(), "line 3") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	s, err := ReadScript(strings.NewReader(`{"message":"0200","nth":2,"do":"silent"}` + "\n" + `{"ending":"77","do":"twice"}`))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []Do{Answer, Silent, Answer} {
		if got := s.find("0200", "", 100, false).Do; got != want {
			t.Errorf("message %d: %s, want %s", i+1, got, want)
		}
	}
	if s.find("0400", "", 1277, false).Do != Twice || s.find("0400", "", 7712, false).Do != Answer {
		t.Error("the ending does not decide")
	}
}

// A rule says what an answer holds, also an RRN that another payment has, and the book holds the
// same: else a void that says it back would be refused.
func TestRuleSaysValues(t *testing.T) {
	h := host(t, "")
	named := Rule{Do: Answer, Fields: map[int]string{37: " 7          ", 38: ""}}
	for stan := int64(1); stan <= 2; stan++ {
		asked := bank.Request{Row: bank.Row{Key: bank.Key{Terminal: "T1", Batch: 1, STAN: stan}, AmountMinor: 100, Kind: bank.Sale}}
		m, err := h.decide(request{Message: iso8583.NewMessage("0200")}, asked, named)
		row := h.ledger.book.Row(asked.Key)
		if err != nil || m.Get(37) != named.Fields[37] || m.Has(38) || row.RRN != m.Get(37) || row.ApprovalCode != "" {
			t.Errorf("the answer says %q and %q, and the book %+v, %v", m.Get(37), m.Get(38), row, err)
		}
	}
	other := bank.Request{Row: bank.Row{Key: bank.Key{Terminal: "T1", Batch: 1, STAN: 3}, AmountMinor: 100, Kind: bank.Sale}}
	if m, err := h.decide(request{Message: iso8583.NewMessage("0200")}, other, Rule{Do: Answer}); err != nil || len(m.Get(38)) != 6 || m.Get(37) != "000000000008" {
		t.Errorf("without a rule the answer says %q and %q, %v", m.Get(37), m.Get(38), err)
	}
}
