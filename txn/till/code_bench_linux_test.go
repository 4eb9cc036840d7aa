package till_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/disk"
	"veratill/txn/journal"
	"veratill/txn/till"
	"veratill/txn/vault"
	"veratill/txn/wallet"
	"veratill/txn/walletsim"
)

// BenchmarkCode measures a payment by code on a warm connection: from the scan to its request at the provider, and from the provider's answer to the first
// byte of paper, each in microseconds and in syncs of a file in the same folder.
func BenchmarkCode(b *testing.B) {
	keys, err := walletKeys()
	if err != nil {
		b.Fatal(err)
	}
	script, err := walletsim.ReadScript(strings.NewReader(""))
	if err != nil {
		b.Fatal(err)
	}
	sim, err := walletsim.New(walletsim.Config{Keys: keys, Script: script})
	if err != nil {
		b.Fatal(err)
	}
	var came, answered, papered time.Time
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		came = time.Now()
		sim.ServeHTTP(w, r)
		answered = time.Now()
	}))
	defer server.Close()
	dir := b.TempDir()
	books, err := journal.Open(context.Background(), dir, journal.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer books.Close()
	vaulted, err := vault.Open(disk.System{}, dir)
	if err != nil {
		b.Fatal(err)
	}
	line, err := wallet.New(wallet.Config{Provider: wallet.WeChat, App: walletsim.WeChatApp, Merchant: walletsim.WeChatMerchant, Serial: walletsim.WeChatSerial, Platform: walletsim.WeChatPlatform,
		Address: server.URL, Private: keys.ShopKey("wechat"), Public: keys.ProviderKey("wechat")})
	if err != nil {
		b.Fatal(err)
	}
	paper := &printer{ready: true, outcome: txn.Printed, begun: func() { papered = time.Now() }}
	t := till.New(till.Config{Journal: books, Numbers: books, Wallets: []till.Wallet{line}, Printer: paper, Vault: vaulted, Terminal: "T0000001", Merchant: "M1"})
	if err := t.Start(context.Background()); err != nil {
		b.Fatal(err)
	}
	var there, back, syncs []time.Duration
	for b.Loop() {
		p := till.Payment{Sale: pieces(1, 1000), Card: txn.Plastic{Code: txn.Secret(shownCode)}, Facts: txn.FactsOfCode(txn.Secret(shownCode))}
		begun := time.Now()
		out, err := t.PayCode(context.Background(), clerk, p)
		if err != nil || out.Attempt.State != txn.Approved {
			b.Fatalf("%+v, %v", out.Attempt, err)
		}
		<-out.Paper
		there, back = append(there, came.Sub(begun)), append(back, papered.Sub(answered))
		syncs = append(syncs, timedSync(b, filepath.Join(dir, "sync")))
	}
	median := func(all []time.Duration) float64 {
		slices.Sort(all)
		return float64(all[len(all)/2].Microseconds())
	}
	sync := median(syncs)
	b.ReportMetric(median(there), "µs-scan-to-request")
	b.ReportMetric(median(back), "µs-answer-to-paper")
	b.ReportMetric(sync, "µs-sync")
	b.ReportMetric(median(there)/sync, "syncs-to-request")
	b.ReportMetric(median(back)/sync, "syncs-to-paper")
}

// timedSync is how long a page and its sync take.
func timedSync(b *testing.B, path string) time.Duration {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	begun := time.Now()
	if _, err := f.Write(make([]byte, 4096)); err != nil {
		b.Fatal(err)
	}
	if err := syscall.Fdatasync(int(f.Fd())); err != nil {
		b.Fatal(err)
	}
	return time.Since(begun)
}
