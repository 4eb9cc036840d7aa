package finding_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"veratill/app/finding"
	"veratill/txn/clearing"
	"veratill/txn/money"
)

// said is what somebody read in a sample who had not seen the importer: by eye, and by another program's sums.
type said struct {
	Format    string `json:"format"`
	Rows      int64  `json:"rows"`
	PaidMinor int64  `json:"paidMinor"`
	BackMinor int64  `json:"backMinor"`
	FeeMinor  int64  `json:"feeMinor"`
	NetMinor  *int64 `json:"netMinor"` // what its own column of what comes sums to, or what was paid less what the shop gets none of; nil where nobody summed it
	Currency  string `json:"currency"`
	From, To  string
	Mapping   map[string]string
	First     struct {
		Kind, At                      string
		AmountMinor                   int64
		OrderNo, RefundNo, ProviderNo string
		Terminal, RRN, LastFour       string
		Batch, STAN                   any
	}
}

// samples are the files of a folder beside which somebody wrote what is in them.
func samples(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("..", "..", "txn", "clearing", "testdata", folder, "*.json"))
	if err != nil || len(names) == 0 {
		t.Fatal("there is no sample", err)
	}
	all := map[string][]byte{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(name, ".json")] = text
	}
	return all
}

// Each format's samples are read as somebody else read them.
func TestSamplesAreReadAsOthersReadThem(t *testing.T) {
	for path, text := range samples(t, "samples") {
		var want said
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(path, err)
		}
		r := finding.NewReconciler(finding.Ground{Books: &kept{}, Dir: t.TempDir(), Currency: money.Currency(want.Currency), Where: time.UTC})
		f, err := r.Read(t.Context(), finding.Ask{Path: path, Mapping: mapped(want.Mapping)})
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(path), err)
			continue
		}
		is := said{Format: string(f.Format), Rows: f.Paid.Count + f.Back.Count, PaidMinor: f.Paid.AmountMinor, BackMinor: f.Back.AmountMinor, FeeMinor: f.FeeMinor, Currency: string(f.Currency), From: f.From, To: f.To}
		is.First, is.Mapping = want.First, want.Mapping
		if want.NetMinor != nil {
			net := f.NetMinor()
			is.NetMinor = &net
		}
		if !reflect.DeepEqual(is, want) {
			t.Errorf("%s:\n is   %+v\n want %+v", filepath.Base(path), is, want)
		}
		if want.Rows > 0 {
			first(t, filepath.Base(path), f.File, want)
		}
	}
}

// first compares the first row, as far as somebody wrote of it.
func first(t *testing.T, name string, f clearing.File, want said) {
	t.Helper()
	row, w := f.Rows[0], want.First
	for _, c := range []struct{ what, is, want string }{
		{"kind", string(row.Kind), w.Kind}, {"order", row.Order, w.OrderNo}, {"refund", row.RefundOrder, w.RefundNo}, {"provider", cmp.Or(row.ProviderRefund, row.Provider), w.ProviderNo}, {"terminal", row.Terminal, w.Terminal},
		{"RRN", row.RRN, w.RRN}, {"last four", row.LastFour, w.LastFour},
	} {
		if c.want != "" && c.is != c.want {
			t.Errorf("%s: the first row's %s is %q, want %q", name, c.what, c.is, c.want)
		}
	}
	if row.AmountMinor != w.AmountMinor {
		t.Errorf("%s: the first row's amount is %d, want %d", name, row.AmountMinor, w.AmountMinor)
	}
	if stan := strings.TrimLeft(fmt.Sprint(w.STAN), "0"); stan != "" && stan != "<nil>" && stan != fmt.Sprint(row.STAN) {
		t.Errorf("%s: the first row's STAN is %d, want %s", name, row.STAN, stan)
	}
}

// A damaged file is refused, whatever is wrong with it, and says what to do.
func TestDamagedSamplesAreRefused(t *testing.T) {
	for path, text := range samples(t, filepath.Join("samples", "damaged")) {
		var why struct{ Format, Why string }
		if err := json.Unmarshal(text, &why); err != nil {
			t.Fatal(path, err)
		}
		r := finding.NewReconciler(finding.Ground{Books: &kept{}, Dir: t.TempDir(), Currency: "CNY", Where: time.UTC})
		f, err := r.Read(t.Context(), finding.Ask{Path: path})
		if err == nil {
			t.Errorf("%s (%s) was read: %d rows", filepath.Base(path), why.Why, len(f.Rows))
			continue
		}
		t.Logf("%s: %v", filepath.Base(path), err)
	}
}

// mapped are the columns that a person named, in this program's words.
func mapped(said map[string]string) map[clearing.Column]string {
	words := map[string]clearing.Column{"at": "time", "orderNo": "order", "refundNo": "refund", "providerNo": "number", "lastFour": "card"}
	m := map[clearing.Column]string{}
	for meaning, heading := range said {
		m[cmp.Or(words[meaning], clearing.Column(meaning))] = heading
	}
	return m
}
