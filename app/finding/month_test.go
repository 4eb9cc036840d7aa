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

// planted reads a planted month's files as a shop does.
func planted(t testing.TB, m month.Month) (files []clearing.File, books clearing.Books) {
	t.Helper()
	zone := time.FixedZone("", 8*60*60)
	shop := func(c money.Currency) *finding.Reconciler {
		return finding.NewReconciler(finding.Ground{Books: &kept{}, Dir: t.TempDir(), Currency: c, Where: zone})
	}
	here, abroad := shop("CNY"), shop("USD") // Square's file names no currency
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
	books = clearing.Books{Attempts: m.Attempts, Linked: map[string]txn.ID{}, Rates: map[clearing.Format][]clearing.Rate{}, Accounts: map[clearing.Format]clearing.Account{}}
	for f, ppm := range m.Rates {
		books.Rates[clearing.Format(f)] = []clearing.Rate{{PPM: ppm}}
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
	return files, books
}

// keyOf is the provider's number of an item's first row, as the month names it.
func keyOf(i clearing.Item) string {
	if len(i.Rows) == 0 {
		return ""
	}
	return cmp.Or(i.Rows[0].ProviderRefund, i.Rows[0].RefundOrder, i.Rows[0].RRN, i.Rows[0].Provider)
}

// person gives the rows of separate terminals to their payments, as somebody does who looks at the slips: each row is either matched by its code, or proposed. A row that stands alone is that of its claim.
func person(t *testing.T, seed uint64, m month.Month, items []clearing.Item) (linked map[string]txn.ID) {
	t.Helper()
	linked = map[string]txn.ID{}
	truth := map[string]txn.ID{}
	for _, l := range m.Links {
		truth[l.Format+l.Key] = l.Attempt
	}
	byCode, alone := 0, 0
	for _, i := range items {
		if i.Class == clearing.TwiceInFile {
			continue
		}
		of, there := truth[string(i.Format)+keyOf(i)]
		switch {
		case i.Class == clearing.BankOnly && i.Alone != 0:
			if alone++; there && i.Alone != of || !there && !slices.ContainsFunc(m.Proposals, func(p month.Proposal) bool { return p.Key == keyOf(i) && slices.Equal(p.Attempts, i.Proposed) }) {
				t.Errorf("seed %d: %s %s stands alone with attempt %s, and is of %s", seed, i.Format, keyOf(i), i.Alone, of)
			}
		case !there:
			continue
		case i.Attempt != 0:
			if byCode++; i.Attempt != of {
				t.Errorf("seed %d: %s %s is given to attempt %s, and is of %s", seed, i.Format, keyOf(i), i.Attempt, of)
			}
			continue
		}
		if there && !slices.Contains(i.Proposed, of) {
			t.Errorf("seed %d: %s %s is proposed to %v, and is of %s", seed, i.Format, keyOf(i), i.Proposed, of)
		} else if there && i.Rows[0].Kind == "payment" { // what went back follows
			linked[i.Key] = of
		}
	}
	if byCode < 50 || alone < 100 {
		t.Errorf("seed %d: %d rows were told by their code, and %d stand alone: too few", seed, byCode, alone)
	}
	return linked
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
		for _, w := range m.Want {
			want[named(w.Class, w.Format, w.Attempt, w.Key)]++
		}
		files, books := planted(t, m)
		first := clearing.Reconcile(files, books)
		alike := proposed(t, seed+1, m, first)
		books.Linked = person(t, seed+1, m, first)
		for _, i := range clearing.Reconcile(files, books) {
			switch key := keyOf(i); {
			case i.Class == clearing.Matched:
				matched[string(i.Format)]++
			case !i.Class.Differs():
			case i.Attempt == 0 && i.Class == clearing.BankOnly && alike[key]:
			default:
				if i.Class == clearing.TwiceInFile { // the attempt itself is as it should be, and the month does not call it so
					matched[string(i.Format)]--
				}
				is[named(string(i.Class), string(i.Format), i.Attempt, key)]++
			}
		}
		compare(t, seed+1, want, is)
		if !maps.Equal(matched, m.Matched) {
			t.Errorf("seed %d: matched %v, want %v", seed+1, matched, m.Matched)
		}
	}
}

// proposed holds the rows that nobody can tell apart against those that the month planted, and returns their keys.
func proposed(t *testing.T, seed uint64, m month.Month, items []clearing.Item) (alike map[string]bool) {
	t.Helper()
	alike = map[string]bool{}
	left := map[string][]txn.ID{}
	for _, p := range m.Proposals {
		left[p.Key], alike[p.Key] = p.Attempts, true
	}
	for _, i := range items {
		ids, there := left[keyOf(i)]
		if !there || i.Attempt != 0 || i.Class != clearing.BankOnly {
			continue
		}
		if !slices.Equal(i.Proposed, ids) {
			t.Errorf("seed %d: %s %s is proposed to %v, want %v", seed, i.Format, keyOf(i), i.Proposed, ids)
		}
		delete(left, keyOf(i))
	}
	if len(left) > 0 {
		t.Errorf("seed %d: %d rows that look like a payment are no difference", seed, len(left))
	}
	return alike
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
