package wallet_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
	"time"

	alipay "github.com/smartwalle/alipay/v3"
	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth/validators"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth/verifiers"
	"github.com/wechatpay-apiv3/wechatpay-go/core/option"

	"veratill/txn"
	"veratill/txn/wallet"
	"veratill/txn/walletsim"
)

func publicOf(t testing.TB, private []byte) []byte {
	t.Helper()
	key, err := wallet.ParsePrivate(private)
	if err != nil {
		t.Fatal(err)
	}
	b, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: b})
}

func pemOf(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}

// openssl judges an RSA signature. Without the program the test is skipped aloud, or fails where judges are required.
func openssl(t *testing.T, hash string, public []byte, text []byte, signature string) {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		if os.Getenv("VERATILL_JUDGES") == "required" {
			t.Fatal("the judge openssl is required")
		}
		fmt.Fprintln(os.Stderr, "SKIPPED JUDGE openssl: it is not installed")
		t.Skip("SKIPPED JUDGE openssl")
	}
	raw, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		t.Fatalf("%q: %v", signature, err)
	}
	dir := t.TempDir()
	for name, b := range map[string][]byte{"key": public, "text": text, "sig": raw} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command("openssl", "dgst", "-"+hash, "-verify", filepath.Join(dir, "key"), "-signature", filepath.Join(dir, "sig"), filepath.Join(dir, "text")).CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("Verified OK")) {
		t.Errorf("openssl: %v %s over %q", err, out, text)
	}
}

// exchange is what went over the wire, both ways.
type exchange struct {
	request  *http.Request
	sent     []byte
	status   int
	header   http.Header
	received []byte
}

// recorded runs each question of a provider, and keeps what went over the wire.
func recorded(t *testing.T, p wallet.Provider) []exchange {
	t.Helper()
	d := newDesk(t)
	var all []exchange
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		r.Body = io.NopCloser(bytes.NewReader(sent))
		got := httptest.NewRecorder()
		d.sim.ServeHTTP(got, r)
		all = append(all, exchange{r, sent, got.Code, got.Header(), got.Body.Bytes()})
		for name, values := range got.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(got.Code)
		w.Write(got.Body.Bytes())
	}))
	defer server.Close()
	c := configOf(t, p, server.URL)
	c.Timeout = 12 * time.Second // an undo waits for a third of it
	l, err := wallet.New(c)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	o := d.payment(l, p, 1234)
	if err := l.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	if v := l.Request(ctx, o); v.Kind != txn.BankApproved {
		t.Fatal(v)
	}
	back := txn.Order{Attempt: txn.Attempt{ID: 99, Kind: txn.Void, Reference: l.Reference(99, 1), Amount: o.Attempt.Amount, OpenedMs: time.Now().UnixMilli()}, Original: &o.Attempt}
	if v := l.Request(ctx, back); v.Kind != txn.BankApproved {
		t.Fatal(v)
	}
	l.Resolve(ctx, back, 1)
	other := d.payment(l, p, 500)
	if v := l.Request(ctx, other); v.Kind != txn.BankApproved {
		t.Fatal(v)
	}
	d.undone(l, other)
	return all
}

var inCredential = regexp.MustCompile(`(\w+)="([^"]*)"`)

// WeChat Pay: openssl and wechatpay-go verify what the till signs, and what the simulator signs.
func TestWeChatSignaturesAreJudged(t *testing.T) {
	ctx := context.Background()
	provider := keys(t).Provider["wechat"].PublicKey
	answers := validators.NewWechatPayResponseValidator(verifiers.NewSHA256WithRSAPubkeyVerifier(walletsim.WeChatPlatform, provider))
	requests := verifiers.NewSHA256WithRSAPubkeyVerifier(walletsim.WeChatSerial, keys(t).Shop["wechat"].PublicKey)
	for _, e := range recorded(t, wallet.WeChat) {
		said := map[string]string{}
		for _, m := range inCredential.FindAllStringSubmatch(e.request.Header.Get("Authorization"), -1) {
			said[m[1]] = m[2]
		}
		text := fmt.Sprintf("%s\n%s\n%s\n%s\n%s\n", e.request.Method, e.request.URL.RequestURI(), said["timestamp"], said["nonce_str"], e.sent)
		openssl(t, "sha256", publicOf(t, keys(t).ShopKey("wechat")), []byte(text), said["signature"])
		if err := requests.Verify(ctx, said["serial_no"], text, said["signature"]); err != nil {
			t.Errorf("wechatpay-go, of the till's %s %s: %v", e.request.Method, e.request.URL.Path, err)
		}
		openssl(t, "sha256", keys(t).ProviderKey("wechat"), fmt.Appendf(nil, "%s\n%s\n%s\n", e.header.Get("Wechatpay-Timestamp"), e.header.Get("Wechatpay-Nonce"), e.received), e.header.Get("Wechatpay-Signature"))
		if err := answers.Validate(ctx, &http.Response{StatusCode: e.status, Header: e.header, Body: io.NopCloser(bytes.NewReader(e.received))}); err != nil {
			t.Errorf("wechatpay-go, of the answer to %s: %v", e.request.URL.Path, err)
		}
	}
}

// The provider's own library speaks with the simulator: its signatures are taken, and it believes the answers.
func TestWeChatLibrarySpeaksWithTheSimulator(t *testing.T) {
	d := newDesk(t)
	server := httptest.NewServer(d.sim)
	defer server.Close()
	ctx := context.Background()
	k := keys(t)
	client, err := core.NewClient(ctx, option.WithMerchantCredential(walletsim.WeChatMerchant, walletsim.WeChatSerial, k.Shop["wechat"]),
		option.WithVerifier(verifiers.NewSHA256WithRSAPubkeyVerifier(walletsim.WeChatPlatform, k.Provider["wechat"].PublicKey)))
	if err != nil {
		t.Fatal(err)
	}
	got, err := client.Post(ctx, server.URL+"/v3/pay/transactions/codepay", map[string]any{"appid": walletsim.WeChatApp, "mchid": walletsim.WeChatMerchant, "description": "面包", "out_trade_no": "LIBRARY00000001",
		"amount": map[string]any{"total": 250}, "payer": map[string]any{"auth_code": codes[wallet.WeChat]}})
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(got.Response.Body)
	if err != nil || !bytes.Contains(body, []byte(`"trade_state":"SUCCESS"`)) || d.order("LIBRARY00000001").AmountMinor != 250 {
		t.Errorf("%s, %v", body, err)
	}
	if _, err := client.Get(ctx, server.URL+"/v3/pay/transactions/out-trade-no/NONE0000?mchid="+walletsim.WeChatMerchant); err == nil || !core.IsAPIError(err, "ORDER_NOT_EXIST") {
		t.Errorf("a number that is not there: %v", err)
	}
}

// Alipay: openssl verifies both ways; the text is put together here, not by what signed it.
func TestAlipaySignaturesAreJudged(t *testing.T) {
	node := regexp.MustCompile(`^\{"(\w+_response)":(\{.*\}),"sign":"([^"]+)"\}$`)
	for _, e := range recorded(t, wallet.Alipay) {
		values, err := url.ParseQuery(string(e.sent))
		if err != nil {
			t.Fatal(err)
		}
		var pairs []string
		for name := range values {
			if name != "sign" {
				pairs = append(pairs, name+"="+values.Get(name))
			}
		}
		sort.Strings(pairs)
		openssl(t, "sha256", publicOf(t, keys(t).ShopKey("alipay")), []byte(strings.Join(pairs, "&")), values.Get("sign"))
		m := node.FindSubmatch(e.received)
		if m == nil {
			t.Fatalf("%s", e.received)
		}
		openssl(t, "sha256", keys(t).ProviderKey("alipay"), m[2], string(m[3]))
	}
}

// A library of others speaks with the simulator: its signatures are taken, and it believes the answers.
func TestAlipayLibrarySpeaksWithTheSimulator(t *testing.T) {
	d := newDesk(t, `{"question":"pay","amountMinor":300,"do":"typing","seconds":3600}`)
	server := httptest.NewServer(d.sim)
	defer server.Close()
	ctx := context.Background()
	block, _ := pem.Decode(keys(t).ShopKey("alipay"))
	bare := base64.StdEncoding.EncodeToString(block.Bytes)
	client, err := alipay.New(walletsim.AlipayApp, bare, true, alipay.WithProductionGateway(server.URL+"/gateway.do"))
	if err != nil {
		t.Fatal(err)
	}
	public, _ := pem.Decode(keys(t).ProviderKey("alipay"))
	if err := client.LoadAliPayPublicKey(base64.StdEncoding.EncodeToString(public.Bytes)); err != nil {
		t.Fatal(err)
	}
	pay := alipay.TradePay{Trade: alipay.Trade{Subject: "面包", OutTradeNo: "LIBRARY00000002", TotalAmount: "2.50"}, Scene: "bar_code", AuthCode: codes[wallet.Alipay]}
	if got, err := client.TradePay(ctx, pay); err != nil || got.Code != "10000" || got.TotalAmount != "2.50" || d.order("LIBRARY00000002").State != walletsim.Paid {
		t.Errorf("pay: %+v, %v", got, err)
	}
	if got, err := client.TradeQuery(ctx, alipay.TradeQuery{OutTradeNo: "LIBRARY00000002"}); err != nil || got.TradeStatus != alipay.TradeStatusSuccess {
		t.Errorf("ask: %+v, %v", got, err)
	}
	if got, err := client.TradeRefund(ctx, alipay.TradeRefund{OutTradeNo: "LIBRARY00000002", RefundAmount: "1.00", OutRequestNo: "B1"}); err != nil || got.FundChange != "Y" {
		t.Errorf("give back: %+v, %v", got, err)
	}
	if got, err := client.TradeFastPayRefundQuery(ctx, alipay.TradeFastPayRefundQuery{OutTradeNo: "LIBRARY00000002", OutRequestNo: "B1"}); err != nil || got.RefundStatus != "REFUND_SUCCESS" || got.RefundAmount != "1.00" {
		t.Errorf("ask about giving back: %+v, %v", got, err)
	}
	pay.OutTradeNo, pay.TotalAmount = "LIBRARY00000003", "3.00"
	if got, err := client.TradePay(ctx, pay); err != nil || got.Code != "10003" {
		t.Errorf("typing: %+v, %v", got, err)
	}
	if got, err := client.TradeCancel(ctx, alipay.TradeCancel{OutTradeNo: "LIBRARY00000003"}); err != nil || got.RetryFlag != "N" || d.order("LIBRARY00000003").State != walletsim.Undone {
		t.Errorf("undo: %+v, %v", got, err)
	}
}

// UnionPay: openssl verifies both ways, in both versions; the text is put together here, and openssl makes its inner digest too.
func TestUnionPaySignaturesAreJudged(t *testing.T) {
	parts := func(text string, escaped bool) (joined, signature string) {
		var pairs []string
		for pair := range strings.SplitSeq(text, "&") {
			name, value, _ := strings.Cut(pair, "=")
			if escaped {
				var err error
				if value, err = url.QueryUnescape(value); err != nil {
					t.Fatal(err)
				}
			}
			if name == "signature" {
				signature = value
				continue
			}
			pairs = append(pairs, name+"="+value)
		}
		sort.Strings(pairs)
		return strings.Join(pairs, "&"), signature
	}
	inner := func(hash, text string) []byte {
		cmd := exec.Command("openssl", "dgst", "-"+hash, "-r")
		cmd.Stdin = strings.NewReader(text)
		out, err := cmd.Output()
		if err != nil && os.Getenv("VERATILL_JUDGES") == "required" {
			t.Fatal(err)
		}
		digest, _, _ := strings.Cut(string(out), " ")
		return []byte(digest)
	}
	for _, e := range recorded(t, wallet.UnionPay) {
		text, signature := parts(string(e.sent), true)
		openssl(t, "sha256", publicOf(t, keys(t).ShopKey("unionpay")), inner("sha256", text), signature)
		text, signature = parts(string(e.received), false)
		openssl(t, "sha256", keys(t).ProviderKey("unionpay"), inner("sha256", text), signature)
	}
}

// The aggregator's signature is an MD5 that openssl makes as well.
func TestUpaySignaturesAreJudged(t *testing.T) {
	for _, e := range recorded(t, wallet.Upay) {
		cmd := exec.Command("openssl", "dgst", "-md5", "-r")
		cmd.Stdin = strings.NewReader(string(e.sent) + keys(t).Upay)
		out, err := cmd.Output()
		if err != nil {
			if os.Getenv("VERATILL_JUDGES") == "required" {
				t.Fatal(err)
			}
			t.Skip("SKIPPED JUDGE openssl")
		}
		want, _, _ := strings.Cut(string(out), " ")
		if got := e.request.Header.Get("Authorization"); got != walletsim.UpayTerminal+" "+want {
			t.Errorf("%q, want the digest %s", got, want)
		}
	}
}
