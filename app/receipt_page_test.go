package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/receipt"
)

// browser is a headless Chromium that is told what to do over a pipe (Chrome DevTools Protocol).
type browser struct {
	t       *testing.T
	in      io.WriteCloser
	out     *bufio.Reader
	session string
	number  int
	asked   []string // addresses that the page asked for
}

// chromium starts a browser. Without one the test is skipped aloud, or fails where the judges are required.
func chromium(t *testing.T) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}
	switch {
	case path == "" && os.Getenv("VERATILL_JUDGES") == "required":
		t.Fatal("the judge Chromium is required: apt-get install chromium")
	case path == "":
		fmt.Fprintln(os.Stderr, "SKIPPED JUDGE chromium: it is missing")
		t.Skip("SKIPPED JUDGE chromium: it is missing")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	theirIn, ourOut, err := os.Pipe()
	ourIn, theirOut, err2 := os.Pipe()
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	home, err := os.MkdirTemp("", "chromium") // t.TempDir would fail the test where a child of the browser writes a moment longer than it lives
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, path, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage", "--remote-debugging-pipe", "--lang=en-GB",
		"--host-resolver-rules=MAP * ~NOTFOUND", "--user-data-dir="+home, "about:blank")
	cmd.Env = append(os.Environ(), "HOME="+home, "DISPLAY=")
	cmd.ExtraFiles = []*os.File{theirIn, theirOut}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	theirIn.Close()
	theirOut.Close()
	t.Cleanup(func() {
		ourOut.Close()
		cancel()
		cmd.Wait()
		ourIn.Close()
		removeOnceLeft(home)
	})
	return &browser{t: t, in: ourOut, out: bufio.NewReader(ourIn)}
}

// removeOnceLeft removes a folder in which something that is ending may write still.
func removeOnceLeft(dir string) {
	for range 50 {
		if os.RemoveAll(dir) == nil {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// do gives one command and waits for its answer. Requests of the page are noted on the way.
func (b *browser) do(method string, params any) json.RawMessage {
	b.t.Helper()
	b.number++
	text, err := json.Marshal(map[string]any{"id": b.number, "method": method, "params": params, "sessionId": b.session})
	if b.session == "" {
		text, err = json.Marshal(map[string]any{"id": b.number, "method": method, "params": params})
	}
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.in.Write(append(text, 0)); err != nil {
		b.t.Fatal(err)
	}
	for {
		said, err := b.out.ReadBytes(0)
		if err != nil {
			b.t.Fatalf("the browser is gone in the middle of %s: %v", method, err)
		}
		var answer struct {
			ID     int
			Method string
			Params struct{ Request struct{ URL string } }
			Result json.RawMessage
			Error  *struct{ Message string }
		}
		if err := json.Unmarshal(bytes.TrimSuffix(said, []byte{0}), &answer); err != nil {
			b.t.Fatal(err)
		}
		switch {
		case answer.Method == "Network.requestWillBeSent":
			b.asked = append(b.asked, answer.Params.Request.URL)
		case answer.ID == b.number && answer.Error != nil:
			b.t.Fatalf("%s: %s", method, answer.Error.Message)
		case answer.ID == b.number:
			return answer.Result
		}
	}
}

// open opens a file as a person who taps it does, and waits until the page speaks.
func (b *browser) open(path string, before string) {
	b.t.Helper()
	var target struct{ TargetID, SessionID string }
	if err := json.Unmarshal(b.do("Target.createTarget", map[string]any{"url": "about:blank"}), &target); err != nil {
		b.t.Fatal(err)
	}
	if err := json.Unmarshal(b.do("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}), &target); err != nil {
		b.t.Fatal(err)
	}
	b.session = target.SessionID
	b.do("Network.enable", map[string]any{})
	b.do("Page.enable", map[string]any{})
	if before != "" {
		b.do("Page.addScriptToEvaluateOnNewDocument", map[string]any{"source": before})
	}
	b.do("Page.navigate", map[string]any{"url": "file://" + path})
	for b.value(`document.readyState === "complete" && typeof veratill === "object"`) != "true" {
		time.Sleep(20 * time.Millisecond)
	}
}

// value is what an expression of the page's comes to, as JSON.
func (b *browser) value(expression string) string {
	b.t.Helper()
	var said struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	if err := json.Unmarshal(b.do("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}), &said); err != nil {
		b.t.Fatal(err)
	}
	if said.ExceptionDetails != nil {
		b.t.Fatalf("%.200s: %s %s", expression, said.ExceptionDetails.Text, said.ExceptionDetails.Exception.Description)
	}
	return string(said.Result.Value)
}

const pageBooks = "0123456789abcdef0123456789abcdef"

func signingKey(n byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize))
}

// page writes the page of a till with two keys, of which the first signs nothing above the number 50, and a file of its keys.
func page(t *testing.T) (path, keys string) {
	t.Helper()
	till := receipt.Till{Format: 1, Name: "</script><b>真账\u2028便利店", Merchant: "898", Terminal: "T1", Books: pageBooks}
	for _, n := range []byte{1, 2} {
		till.Keys = append(till.Keys, receipt.NewKey(signingKey(n).Public().(ed25519.PublicKey), 1_795_000_000_000))
	}
	till.Keys[0].LastOrder = 50
	second := receipt.Till{Format: 1, Books: "ff" + pageBooks[2:], Keys: []receipt.Key{receipt.NewKey(signingKey(3).Public().(ed25519.PublicKey), 1)}}
	text, err := present.ReceiptPage(receipt.Ring{till, second})
	if err != nil {
		t.Fatal(err)
	}
	list, err := json.Marshal(till)
	other, err2 := json.Marshal(second)
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	path, keys = filepath.Join(t.TempDir(), "check.html"), filepath.Join(t.TempDir(), "keys.json")
	if err := errors.Join(os.WriteFile(path, []byte(text), 0o600), os.WriteFile(keys, append(list, other...), 0o600)); err != nil {
		t.Fatal(err)
	}
	if len(text) > 150_000 {
		t.Errorf("the page has %d bytes, above 150,000", len(text))
	}
	return path, keys
}

// of is the statement of a payment. What was given back was so by one refund.
func of(payment txn.ID, outcome receipt.Outcome, order txn.ID, backMinor int64) receipt.Statement {
	refunds := int64(0)
	if outcome == receipt.GivenBack {
		refunds = 1
	}
	return receipt.Statement{Refunds: refunds, Books: receipt.BooksID{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef}, Payment: payment, Sale: int64(payment) + 100, Order: order, Tender: txn.Card,
		RRN: "000000123456", Outcome: outcome, Amount: money.Amount{Minor: 1250, Currency: money.CNY}, BackMinor: backMinor, AtSeconds: 1_795_000_000}
}

func signedBy(t *testing.T, s receipt.Statement, key byte) string {
	t.Helper()
	text, err := s.Sign(signingKey(key))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

const alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

// bad are texts that have to be refused, each with how it came about.
func bad(t *testing.T, r *rand.Rand) (texts, how []string) {
	add := func(name, text string) { texts, how = append(texts, text), append(how, name) }
	sign := func() byte { return alphanumeric[r.IntN(len(alphanumeric))] }
	for i := range 320 { // altered: a sign is another one
		s := signedBy(t, of(txn.ID(60+i), receipt.Paid, txn.ID(60+i), 0), 2)
		b := []byte(s)
		at := r.IntN(len(b))
		for b[at] == s[at] {
			b[at] = sign()
		}
		add("altered", string(b))
	}
	for i := range 160 { // truncated, at either end or in the middle
		s := signedBy(t, of(txn.ID(400+i), receipt.Paid, txn.ID(400+i), 0), 2)
		from, to := r.IntN(len(s)/2), len(s)/2+1+r.IntN(len(s)/2-1)
		if i%2 == 0 {
			add("truncated", s[:to])
		} else {
			add("truncated", s[:from]+s[from+1+r.IntN(9):])
		}
	}
	for i := range 200 { // forged: signed by a stranger, by another till's key, by a retired one, or under a known number with no key at all
		s := of(txn.ID(600+i), receipt.Paid, txn.ID(600+i), 0)
		switch i % 4 {
		case 0:
			add("a stranger's", signedBy(t, s, 9))
		case 1:
			add("another till's", signedBy(t, s, 3))
		case 2:
			add("retired", signedBy(t, s, 1))
		case 3:
			add("no signature", resigned(t, signedBy(t, s, 2), func(signature []byte) { r.Shuffle(64, func(a, b int) { signature[a] = byte(r.Uint32()) }) }))
		}
	}
	for i := range 160 { // malleable: the same signature written otherwise, or another payment's
		s := signedBy(t, of(txn.ID(900+i), receipt.Paid, txn.ID(900+i), 0), 2)
		switch i % 4 {
		case 0:
			add("S + L", resigned(t, s, addOrder))
		case 1:
			add("R with another sign", resigned(t, s, func(signature []byte) { signature[31] ^= 0x80 }))
		case 2:
			other := bytesOf(t, signedBy(t, of(5, receipt.Paid, 5, 0), 2))
			add("another payment's signature", resigned(t, s, func(signature []byte) { copy(signature, other[len(other)-64:]) }))
		case 3:
			add("zeros", resigned(t, s, func(signature []byte) { clear(signature) }))
		}
	}
	for i := range 160 { // replayed: a true statement of one till under another's books, or with something behind it
		s := of(txn.ID(1100+i), receipt.Paid, txn.ID(1100+i), 0)
		if i%2 == 0 {
			s.Books[0] = 0xff
			add("other books", signedBy(t, s, 2))
			continue
		}
		add("twice in a row", strings.Repeat(signedBy(t, s, 2), 2))
	}
	for _, text := range []string{"", "VT:", "VT:.", "VT.", "vt:abc.", "VERATILL sale T1 STAN 000042 CNY 12.50", "VT:€.", "VT:" + strings.Repeat("€", 90) + ".", "VT:" + strings.Repeat("0", 270) + ".",
		"VT:" + strings.Repeat("0", 271) + ".", "VTK:000.", "https://example.com", strings.Repeat("A", 5000), "VT:\u00a000.", "<script>alert(1)</script>"} {
		if text != "" {
			add("nonsense", text)
		}
	}
	return texts, how
}

// bytesOf reads a text's bytes by base45.
func bytesOf(t *testing.T, text string) (b []byte) {
	t.Helper()
	text = strings.TrimSuffix(strings.TrimPrefix(text, "VT:"), ".")
	for ; len(text) > 0; text = text[min(3, len(text)):] {
		n, group := 0, text[:min(3, len(text))]
		for i := len(group) - 1; i >= 0; i-- {
			n = n*45 + strings.IndexByte(alphanumeric, group[i])
		}
		if len(group) == 3 {
			b = append(b, byte(n>>8))
		}
		b = append(b, byte(n))
	}
	return b
}

// resigned is a text with another signature.
func resigned(t *testing.T, text string, change func(signature []byte)) string {
	t.Helper()
	b := bytesOf(t, text)
	change(b[len(b)-64:])
	out := "VT:"
	for ; len(b) > 0; b = b[min(2, len(b)):] {
		n := int(b[0])
		if len(b) > 1 {
			n = n<<8 | int(b[1])
			out += string(alphanumeric[n%45]) + string(alphanumeric[n/45%45]) + string(alphanumeric[n/2025])
			continue
		}
		out += string(alphanumeric[n%45]) + string(alphanumeric[n/45])
	}
	return out + "."
}

// addOrder adds the order of the group to S, which a verifier that does not look takes for the same signature.
func addOrder(signature []byte) {
	order, _ := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	s := slices.Clone(signature[32:])
	slices.Reverse(s)
	sum := new(big.Int).Add(new(big.Int).SetBytes(s), order).FillBytes(make([]byte, 32))
	slices.Reverse(sum)
	copy(signature[32:], sum)
}

// shown is what the page's list or the command says of each text, such as "bad form" or "latest".
func byPage(t *testing.T, b *browser, texts []string) (said []string, payments string) {
	t.Helper()
	list, err := json.Marshal(strings.Join(texts, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	var rows [][2]string
	if err := json.Unmarshal([]byte(b.value(`document.getElementById("text").value = `+string(list)+`; document.getElementById("check").click();
		[...document.querySelectorAll("#results li")].map(l => [l.dataset.reason, l.dataset.latest])`)), &rows); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		said = append(said, row[0]+" "+row[1])
	}
	return said, b.value(`[...document.querySelectorAll(".card")].map(c => c.dataset.payment + " " + c.dataset.outcome).join("; ")`)
}

func byCommand(t *testing.T, keys string, texts []string) (said []string, payments string, code int) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "codes.txt")
	if err := os.WriteFile(path, []byte(strings.Join(texts, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("veratill", "receipt", "verify", "-keys", keys, "-json", path)
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	var v verdict
	if err := json.Unmarshal(out, &v); err != nil {
		t.Fatalf("%s: %v", out, err)
	}
	for _, r := range v.Results {
		said = append(said, fmt.Sprintf("%s %v", r.Reason, r.Latest))
	}
	var all []string
	for _, p := range v.Payments {
		outcome := p.Latest.Outcome
		if p.Contradict {
			outcome = "contradict"
		}
		all = append(all, fmt.Sprintf("%s|%d %s", p.Latest.Books, p.Latest.Payment, outcome))
	}
	text, err := json.Marshal(strings.Join(all, "; "))
	if err != nil {
		t.Fatal(err)
	}
	return said, string(text), cmd.ProcessState.ExitCode()
}

// A thousand statements that were altered, cut, forged, or shown where they do not belong are refused by the page in a browser and by the
// command, for the same reason, and genuine ones hold in both.
func TestPageAndCommandRefuseTheSame(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a browser")
	}
	b := chromium(t)
	path, keys := page(t)
	b.open(path, "")
	r := rand.New(rand.NewPCG(3, 5))
	texts, how := bad(t, r)
	for i := range 60 { // the genuine ones stand among them
		at := r.IntN(len(texts))
		texts = slices.Insert(texts, at, signedBy(t, of(txn.ID(5000+i), receipt.Paid, txn.ID(5000+i), 0), 2))
		how = slices.Insert(how, at, "genuine")
	}
	page, paid := byPage(t, b, texts)
	command, same, code := byCommand(t, keys, texts)
	if len(page) != len(texts) || len(command) != len(texts) || code != exitFault {
		t.Fatalf("%d texts, %d by the page, %d by the command, which ends with %d", len(texts), len(page), len(command), code)
	}
	refused := map[string]int{}
	for i, text := range texts {
		if page[i] != command[i] || (how[i] == "genuine") != (command[i] == " true") {
			t.Errorf("%s: the page says %q and the command %q of %q", how[i], page[i], command[i], text)
		}
		refused[how[i]]++
	}
	if paid != same {
		t.Errorf("payments by the page: %.300s, by the command: %.300s", paid, same)
	}
	t.Logf("%d refused by both: %v", len(texts)-60, refused)
	for _, address := range b.asked {
		if address != "file://"+path {
			t.Errorf("the page asked for %s", address)
		}
	}
}

// An earlier statement that is shown beside the later one is superseded, in whatever order; two that contradict each other are both refused; one that
// is shown alone holds, and the page says that it can't know of a later one.
func TestPageAndCommandFindTheLatest(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a browser")
	}
	b := chromium(t)
	path, keys := page(t)
	b.open(path, "")
	r := rand.New(rand.NewPCG(7, 9))
	for i := range 60 {
		id := txn.ID(100 + 10*i)
		all := []receipt.Statement{of(id, receipt.Paid, id, 0), of(id, receipt.GivenBack, id+2, 200), of(id, receipt.GivenBack, id+3, 1250),
			of(id, receipt.Voided, id+1, 1250), of(id, receipt.Reversed, id, 0), of(id, receipt.GivenBack, id+4, 300), of(id+1, receipt.Paid, id+1, 0)}
		late, again := all[1], all[4] // a refund with an earlier number came late, and a payment was undone a second time
		late.Refunds, late.BackMinor = 2, 450
		again.AtSeconds += 60
		all = append(all, late, again)
		var texts []string
		for range 1 + r.IntN(5) {
			texts = append(texts, signedBy(t, all[r.IntN(len(all))], 2))
		}
		if i%9 == 0 {
			demo := all[0]
			demo.Demo = true
			texts = append(texts, signedBy(t, demo, 2))
		}
		page, payments := byPage(t, b, texts)
		command, same, _ := byCommand(t, keys, texts)
		if !slices.Equal(page, command) || payments != same {
			t.Errorf("the page says %v, %s, and the command %v, %s", page, payments, command, same)
		}
	}
	lateRefund := of(9, receipt.GivenBack, 12, 450)
	lateRefund.Refunds = 2
	shown := []string{signedBy(t, lateRefund, 2), signedBy(t, of(9, receipt.GivenBack, 12, 200), 2)}
	if page, payments := byPage(t, b, shown); !slices.Equal(page, []string{" true", " false"}) || !strings.Contains(payments, "given back") {
		t.Errorf("a refund that came late: %v, %s", page, payments)
	}
	replayed, _ := byPage(t, b, []string{signedBy(t, of(7, receipt.Voided, 8, 1250), 2), signedBy(t, of(7, receipt.Paid, 7, 0), 2)})
	if !slices.Equal(replayed, []string{" true", " false"}) {
		t.Errorf("a receipt beside the void of its payment: %v", replayed)
	}
	if text := b.value(`document.body.innerText`); !strings.Contains(text, "What this can't know") || !strings.Contains(text, "later statement that nobody has shown here") {
		t.Errorf("the page does not say what it can't know: %.400s", text)
	}
}

// The page's own arithmetic is that of the standard: RFC 8032, 7.1, and FIPS 180-4's SHA-512 of "abc".
func TestThePageHoldsTheVectors(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a browser")
	}
	b := chromium(t)
	path, _ := page(t)
	b.open(path, "")
	if got := b.value(`veratill.hex(veratill.sha512(new TextEncoder().encode("abc")))`); got != `"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"` {
		t.Errorf("SHA-512: %s", got)
	}
	b.value(`var un = text => Uint8Array.from(text.match(/../g) || [], x => parseInt(x, 16)); true`)
	for _, v := range [][3]string{
		{"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "", "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
		{"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72", "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
		{"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82", "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
	} {
		if got := b.value(fmt.Sprintf(`veratill.verify(un(%q), un(%q), un(%q))`, v[0], v[1], v[2])); got != "true" {
			t.Errorf("%s: %s", v[0], got)
		}
		if got := b.value(fmt.Sprintf(`veratill.verify(un(%q), un(%q), un(%q))`, v[0], v[1]+"00", v[2])); got != "false" {
			t.Errorf("%s, of another message: %s", v[0], got)
		}
	}
	r := rand.New(rand.NewPCG(11, 13))
	for range 60 { // messages of every length round SHA-512's block, and a bit of each part changed
		key := signingKey(byte(r.IntN(200)))
		message := make([]byte, r.IntN(300))
		for i := range message {
			message[i] = byte(r.Uint32())
		}
		public, signature := slices.Clone(key.Public().(ed25519.PublicKey)), ed25519.Sign(key, message)
		part := [][]byte{public, message, signature, nil}[r.IntN(4)]
		if len(part) > 0 {
			part[r.IntN(len(part))] ^= 1 << r.IntN(8)
		}
		want := fmt.Sprint(ed25519.Verify(public, message, signature))
		if got := b.value(fmt.Sprintf(`veratill.verify(un("%x"), un("%x"), un("%x"))`, public, message, signature)); got != want {
			t.Errorf("the page says %s and Go %s: key %x, message %x, signature %x", got, want, public, message, signature)
		}
	}
}

// A phone that reads codes takes one by its camera, and one without a camera is never offered it.
func TestThePageReadsByCamera(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a browser")
	}
	b := chromium(t)
	path, _ := page(t)
	b.open(path, "delete window.BarcodeDetector")
	if got := b.value(`document.getElementById("camera").hidden && document.getElementById("picture").hidden`); got != "true" {
		t.Error("a phone that can't read codes is offered its camera")
	}
	code, err := json.Marshal(signedBy(t, of(77, receipt.Paid, 77, 0), 2))
	if err != nil {
		t.Fatal(err)
	}
	b.open(path, `window.BarcodeDetector = class { async detect() { return [{ rawValue: `+string(code)+` }] } };
		Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia: async () => { const c = document.createElement("canvas"); c.getContext("2d").fillRect(0, 0, 9, 9); return c.captureStream(5); } } })`)
	if got := b.value(`(async () => { document.getElementById("camera").click(); for (let i = 0; i < 500 && !document.querySelector(".card"); i++) await new Promise(r => setTimeout(r, 20)); return document.querySelector(".card").dataset.outcome + " " + document.getElementById("video").hidden; })()`); got != `"paid true"` {
		t.Errorf("%s", got)
	}
	for _, language := range []string{"zh", "en"} {
		b.value(`if (document.documentElement.lang !== "` + language + `") document.getElementById("language").click(); true`)
		missing := b.value(`[...document.querySelectorAll("[data-word]")].filter(e => e.textContent === e.dataset.word || !e.textContent).map(e => e.dataset.word).join(" ")`)
		if missing != `""` {
			t.Errorf("%s: no words for %s", language, missing)
		}
	}
}
