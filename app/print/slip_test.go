package print

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"veratill/escpos"
	"veratill/txn"
	"veratill/txn/disk"
	"veratill/txn/slips"
	"veratill/txn/till"
)

// keptFrom are the slips of a press with a printer of a width, in a folder.
func keptFrom(t testing.TB, paper escpos.Paper, merchantCopy bool) Slips {
	t.Helper()
	encoder, err := escpos.NewEncoder(escpos.Profile{Paper: paper})
	if err != nil {
		t.Fatal(err)
	}
	o := options(both)
	o.MerchantCopy = merchantCopy
	press := &Press{Options: func() Options { return o }}
	press.Use(nil, encoder)
	return Slips{Press: press, Store: slips.New(disk.System{}, t.TempDir())}
}

func sold() till.Sheet { return card(txn.Approved, txn.PrintOriginal) }

// What is kept reads as what was printed: line by line the merchant's part of the sheet, on both widths, also where the shop prints no merchant's slip.
func TestAKeptSlipReadsAsItWasPrinted(t *testing.T) {
	for _, paper := range []escpos.Paper{escpos.Paper80, escpos.Paper58} {
		for _, printed := range []bool{true, false} {
			k := keptFrom(t, paper, printed)
			slip, name, err := k.Make(sold())
			if err != nil || name != slips.Name(slip) || len(slip) == 0 {
				t.Fatalf("%d bytes, %q, %v", len(slip), name, err)
			}
			page, err := ReadSlip(slip)
			if err != nil {
				t.Fatal(err)
			}
			o := options(both)
			o.MerchantCopy = true
			whole := text(t, sold(), o, paper)
			if got := strings.TrimRight(page.Text(), "\n"); got == "" || !strings.Contains(whole, got) {
				t.Errorf("kept:\n%s\nprinted:\n%s", got, whole)
			}
		}
	}
}

// A slip is kept before its payment is durable: nothing on it is signed, and what is kept does not change with the key.
func TestAKeptSlipIsNotSigned(t *testing.T) {
	for _, sheet := range []till.Sheet{ended(sold()), ended(void())} {
		k, signer := keptFrom(t, escpos.Paper80, true), newKey()
		plain, _, err := k.Make(sheet)
		if err != nil {
			t.Fatal(err)
		}
		o := k.Press.Options()
		o.Signer = signer
		k.Press.Options = func() Options { return o }
		slip, _, err := k.Make(sheet)
		if err != nil || signer.signed != 0 || !bytes.Equal(slip, plain) || len(slip) == 0 {
			t.Errorf("%d statements were signed for a slip that is kept before its commit, %v", signer.signed, err)
		}
	}
}

func TestASlipWithoutAHeadIsNotRead(t *testing.T) {
	for _, bad := range []string{"", "\x1b@text", "{}\n", `{"dots":576,"columns":48,"encoding":"none"}` + "\n"} {
		if page, err := ReadSlip([]byte(bad)); err == nil {
			t.Errorf("%q reads as %q", bad, page.Text())
		}
	}
}

// BenchmarkSlip keeps a slip beside laying it out alone, which is the floor. It says what 10,000 payments take on the disk.
func BenchmarkSlip(b *testing.B) {
	k := keptFrom(b, escpos.Paper80, true)
	sheet := sold()
	size, floor := int64(0), time.Duration(0)
	for i := 0; b.Loop(); i++ {
		sheet.Parts[0].ID, sheet.Parts[0].Answer.RRN = txn.ID(i+1), fmt.Sprintf("%012d", i*7919)
		sheet.Parts[0].OpenedMs += 61_000
		began := time.Now()
		slip, _, err := k.Make(sheet)
		floor += time.Since(began)
		if err != nil {
			b.Fatal(err)
		}
		if err := k.Keep(slip, time.UnixMilli(sheet.Parts[0].OpenedMs)); err != nil {
			b.Fatal(err)
		}
	}
	names, err := disk.System{}.Names(k.Store.Dir())
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range names {
		info, err := disk.System{}.Stat(k.Store.Dir() + "/" + name)
		if err != nil {
			b.Fatal(err)
		}
		size += info.Size()
	}
	b.ReportMetric(float64(size)/float64(b.N)*10_000/1e6, "MB/10000")
	b.ReportMetric(float64(b.Elapsed())/float64(floor), "x-layout")
}
