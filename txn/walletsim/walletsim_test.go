package walletsim_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"veratill/txn/walletsim"
)

// The keys of a folder are made once, and are the same for whoever opens it again.
func TestKeysAreMadeOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	made, err := walletsim.LoadKeys(dir, "https://127.0.0.1:1", "5s")
	if err != nil {
		t.Fatal(err)
	}
	again, err := walletsim.LoadKeys(dir, "https://127.0.0.1:2", "5s")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{"wechat", "alipay", "unionpay"} {
		if string(made.ShopKey(p)) != string(again.ShopKey(p)) || string(made.ProviderKey(p)) != string(again.ProviderKey(p)) {
			t.Errorf("%s has other keys", p)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "settings.toml"))
	if err != nil || made.Upay != again.Upay || string(made.Certificate) != string(again.Certificate) || !strings.Contains(string(text), "https://127.0.0.1:2") {
		t.Errorf("%s, %v", text, err)
	}
}

// ask sends the aggregator's question, whose signature is an MD5.
func ask(t *testing.T, client *http.Client, address, path, body, sign string) string {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, address+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", walletsim.UpayTerminal+" "+sign)
	response, err := client.Do(r)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// A request that nobody signed changes nothing.
func TestUnsignedRequestsAreRefused(t *testing.T) {
	keys, err := walletsim.MakeKeys()
	if err != nil {
		t.Fatal(err)
	}
	sim, err := walletsim.New(walletsim.Config{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- sim.Serve(ctx, listener, false) }()
	address := "http://" + listener.Addr().String()
	body := fmt.Sprintf(`{"terminal_sn":%q,"client_sn":"N1","total_amount":"100","dynamic_id":"134567890123451234","subject":"x","operator":"y"}`, walletsim.UpayTerminal)
	if got := ask(t, http.DefaultClient, address, "/upay/v2/pay", body, "0"); !strings.Contains(got, "ILLEGAL_SIGN") {
		t.Error(got)
	}
	for _, path := range []string{"/v3/pay/transactions/codepay", "/gateway.do", "/qrcGtwWeb-web/api/qrcode/b2c", "/elsewhere"} {
		response, err := http.Post(address+path, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
	}
	if orders := sim.Orders(); len(orders) != 0 {
		t.Errorf("%+v", orders)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// What the ledger holds is there again; a line that a crash cut short was never answered.
func TestLedgerIsReadAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger")
	whole := `{"provider":"wechat","number":"A1","id":"1","amountMinor":5,"code":"1234","state":"open","begunMs":1,"endsMs":2,"ends":"paid"}` + "\n"
	if err := os.WriteFile(path, []byte(whole+`{"provider":"wechat","num`), 0o600); err != nil {
		t.Fatal(err)
	}
	keys, err := walletsim.MakeKeys()
	if err != nil {
		t.Fatal(err)
	}
	sim, err := walletsim.New(walletsim.Config{Keys: keys, Ledger: path})
	if err != nil {
		t.Fatal(err)
	}
	if orders := sim.Orders(); len(orders) != 1 || orders[0].State != walletsim.Paid {
		t.Errorf("%+v", orders)
	}
	text, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(text), whole) || strings.Count(string(text), "\n") != 2 {
		t.Errorf("%s, %v", text, err)
	}
	if orders, err := walletsim.ReadLedger(strings.NewReader(string(text))); err != nil || len(orders) != 1 || orders[0].State != walletsim.Paid {
		t.Errorf("%+v, %v", orders, err)
	}
	if err := os.WriteFile(path, []byte("spoilt\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := walletsim.New(walletsim.Config{Keys: keys, Ledger: path}); err == nil {
		t.Error("a spoilt ledger was opened")
	}
}

func TestScriptsAreChecked(t *testing.T) {
	for text, want := range map[string]string{`{"do":"dance"}`: "dance", `{"question":"sing","do":"answer"}`: "sing", `{"do":"delay","seconds":1e9}`: "day", `{"doo":"answer"}`: "line 1", "# a\n\n{": "line 3"} {
		if _, err := walletsim.ReadScript(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if walletsim.AmountScript(walletsim.Rule{Do: walletsim.Answer}) == nil {
		t.Error("no script")
	}
}

func FuzzScript(f *testing.F) {
	f.Add(`{"provider":"wechat","question":"pay","ending":"91","nth":2,"do":"silent"}`)
	f.Fuzz(func(t *testing.T, text string) {
		if s, err := walletsim.ReadScript(strings.NewReader(text)); (s == nil) == (err == nil) {
			t.Fatalf("%v, %v", s, err)
		}
	})
}
