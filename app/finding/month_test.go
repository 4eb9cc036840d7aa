package finding_test

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"veratill/app/finding"
	"veratill/packaging/prove/month"
	"veratill/txn"
	"veratill/txn/clearing"
	"veratill/txn/money"
)

// planted reads a planted month's files as a shop does, and holds them against its payments.
func planted(t testing.TB, m month.Month) []clearing.Item {
	t.Helper()
	zone := time.FixedZone("", 8*60*60)
	shop := func(c money.Currency) *finding.Reconciler {
		return finding.NewReconciler(finding.Ground{Books: &kept{}, Dir: t.TempDir(), Currency: c, Where: zone})
	}
	here, abroad := shop("CNY"), shop("USD") // Square's file names no currency
	var files []clearing.File
	for n, f := range m.Files {
		path := filepath.Join(t.TempDir(), f.Name)
		if err := os.WriteFile(path, f.Content, 0o600); err != nil {
			t.Fatal(err)
		}
		ask := finding.Ask{Path: path}
		if f.Format == string(clearing.Named) {
			ask.Mapping = mapped(m.Mapping)
		}
		r := here
		if f.Format == "square" {
			r = abroad
		}
		read, err := r.Read(t.Context(), ask)
		if err != nil {
			t.Fatalf("file %d, %s of %s: %v", n, f.Name, f.Format, err)
		}
		if string(read.Format) != f.Format {
			t.Fatalf("%s is a file of %s, and was read as one of %s", f.Name, f.Format, read.Format)
		}
		files = append(files, read.File)
	}
	books := clearing.Books{Attempts: m.Attempts, Rates: map[clearing.Format]int64{}, Accounts: map[clearing.Format]clearing.Account{}}
	for f, ppm := range m.Rates {
		books.Rates[clearing.Format(f)] = ppm
	}
	some := func(text string) []string {
		return slices.DeleteFunc([]string{text}, func(s string) bool { return s == "" })
	}
	for f, ours := range m.Ours {
		account := clearing.Account{Merchants: some(ours.Merchant), Terminals: some(ours.Terminal)}
		if f == string(clearing.Named) { // the others are known by what they are; of a separate terminal nobody says whose it is
			account.Lines = some(ours.Line)
		}
		books.Accounts[clearing.Format(f)] = account
	}
	return clearing.Reconcile(files, books)
}

// named is a difference as two sides can say it: by its attempt, or else by the row's number.
func named(class, format string, attempt txn.ID, key string) string {
	if attempt != 0 {
		key = "attempt " + attempt.String()
	}
	return fmt.Sprintf("%s, %s: %s", class, format, key)
}

// Every planted difference is found, none is invented, and what looks alike is proposed and never matched: judged by a month that was written by somebody who had not seen the importer.
func TestThePlantedMonthIsFound(t *testing.T) {
	for seed := range uint64(3) {
		m := month.Plant(seed+1, 5000)
		want, is, matched := map[string]int{}, map[string]int{}, map[string]int{}
		proposed := map[string][]txn.ID{}
		for _, p := range m.Proposals {
			proposed[p.Key] = p.Attempts
		}
		for _, w := range m.Want {
			want[named(w.Class, w.Format, w.Attempt, w.Key)]++
		}
		for _, i := range planted(t, m) {
			key := ""
			if len(i.Rows) > 0 {
				key = cmp.Or(i.Rows[0].ProviderRefund, i.Rows[0].RefundOrder, i.Rows[0].RRN, i.Rows[0].Provider)
			}
			switch ids, alike := proposed[key]; {
			case i.Class == clearing.Matched:
				matched[string(i.Format)]++
			case !i.Class.Differs():
			case alike && i.Attempt == 0 && i.Class == clearing.BankOnly:
				if !slices.Equal(i.Proposed, ids) {
					t.Errorf("seed %d: %s %s is proposed to %v, want %v", seed+1, i.Format, key, i.Proposed, ids)
				}
				delete(proposed, key)
			default:
				if i.Class == clearing.TwiceInFile { // the attempt itself is as it should be, and the month does not call it so
					matched[string(i.Format)]--
				}
				is[named(string(i.Class), string(i.Format), i.Attempt, key)]++
			}
		}
		if len(proposed) > 0 {
			t.Errorf("seed %d: %d rows that look like a payment are no difference", seed+1, len(proposed))
		}
		compare(t, seed+1, want, is)
		if !maps.Equal(matched, m.Matched) {
			t.Errorf("seed %d: matched %v, want %v", seed+1, matched, m.Matched)
		}
	}
}

func compare(t *testing.T, seed uint64, want, is map[string]int) {
	t.Helper()
	shown := 0
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if is[key] != want[key] && shown < 30 {
			shown++
			t.Errorf("seed %d: not found: %s (%d of %d)", seed, key, is[key], want[key])
		}
	}
	for _, key := range slices.Sorted(maps.Keys(is)) {
		if want[key] == 0 && shown < 60 {
			shown++
			t.Errorf("seed %d: invented: %s", seed, key)
		}
	}
}
