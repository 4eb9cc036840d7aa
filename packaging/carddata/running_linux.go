package main

import (
	"bytes"
	"cmp"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"veratill/packaging/shop"
)

// afterSale is how long after a sale memory is searched: nothing makes Go collect meanwhile.
const afterSale = 2 * time.Second

// searchMemory makes one sale each in several ways and then looks through the memory of the till that made it. While a payment is being
// asked about the number has to be there: a search that does not find it then would find nothing.
func searchMemory(program, dir string) (left int, err error) {
	for i, w := range []way{
		{name: "while the bank is asked", begin: (*trial).command, amount: "9.91", open: true},
		{name: "command line", begin: (*trial).command, amount: "9.00"},
		{name: "a bank that says the card back", begin: (*trial).command, amount: "9.00", script: sayBack},
		{name: "declined", begin: (*trial).command, amount: "9.05", noPaper: true},
		{name: "not known, and reversed", begin: (*trial).command, amount: "9.91", noPaper: true, wait: 300 * time.Millisecond},
		{name: "TLS, and a bank that says the card back", begin: (*trial).command, amount: "9.00", tls: true, script: sayBack},
		{name: "window, file of tracks", begin: (*trial).window},
		{name: "window, reader that types", begin: (*trial).typed},
		{name: "window, number that is typed without sentinels", begin: (*trial).bare, noPaper: true},
	} {
		found, searched, err := w.searchSlower(program, filepath.Join(dir, fmt.Sprint(i)), 500+i)
		if err != nil {
			return left, fmt.Errorf("%s: %w", w.name, err)
		}
		fmt.Printf("memory, %s: %d MB searched, met %d\n", w.name, searched>>20, len(found))
		byOwner := map[string]int{}
		for _, m := range found {
			byOwner[m.owner+", "+m.shape]++
			if os.Getenv("CARDDATA_SHOW") != "" {
				fmt.Printf("  %x %s, %s: %q\n", m.at, m.owner, m.shape, m.around)
			}
			if !w.open && ours(m.owner) {
				left++
			}
		}
		for _, owner := range slices.Sorted(maps.Keys(byOwner)) {
			fmt.Printf("  %d in %s\n", byOwner[owner], owner)
		}
		if w.open && len(found) == 0 {
			return left, fmt.Errorf("the search does not find the number of a card that is being asked about")
		}
	}
	return left, nil
}

// ours reports whether the till itself has to wipe what lies there. What Go's TLS and C libraries keep is named in SAFETY.
func ours(owner string) bool {
	return strings.HasPrefix(owner, goHeap) && !strings.HasSuffix(owner, tlsRecord) || strings.HasPrefix(owner, "first thread")
}

// sayBack lets the bank bring number and track back in its answer.
const sayBack = `{"message":"0200","do":"answer","fields":{"2":%q,"35":%q}}`

// way is a way to make a sale.
type way struct {
	name   string
	begin  func(t *trial, cards string, c card, amount string) (*exec.Cmd, error) // starts the till and makes the sale
	amount string
	open   bool // the bank stays silent, and memory is searched meanwhile

	script  string // of the bank, with places for number and track
	noPaper bool   // it ends without a receipt
	wait    time.Duration
	tls     bool
}

// errNoPayment says that the till began no payment: keys that are sent into a window of a busy machine are not always taken, and
// a till that was asked for nothing shows nothing.
var errNoPayment = errors.New("the till began no payment")

// searchSlower searches again, in another shop and with a slower hand, where the till began no payment.
func (w way) searchSlower(program, dir string, n int) (found []met, searched int64, err error) {
	for pause := time.Second; ; pause *= 2 {
		found, searched, err = w.search(program, filepath.Join(dir, pause.String()), n, pause)
		if pause > 2*time.Second || !errors.Is(err, errNoPayment) {
			return found, searched, err
		}
		fmt.Printf("memory, %s: %v; tried again\n", w.name, err)
	}
}

func (w way) search(program, dir string, n int, pause time.Duration) (found []met, searched int64, err error) {
	if err := os.MkdirAll(filepath.Join(dir, cardsDir), 0o700); err != nil {
		return nil, 0, err
	}
	c := makeCard(n)
	var more []string
	if w.script != "" {
		more = []string{"-script", filepath.Join(dir, cardsDir, "script")}
		if err := os.WriteFile(more[1], fmt.Appendf(nil, w.script, c.pan, c.track2), 0o600); err != nil {
			return nil, 0, err
		}
	}
	s, err := shop.Open(program, dir, more...)
	if err != nil {
		return nil, 0, err
	}
	defer s.Close()
	s.ReplyWait = cmp.Or(w.wait, 20*time.Second)
	if w.tls {
		if s.Line, err = overTLS(dir, s.Bank); err != nil {
			return nil, 0, err
		}
	}
	t := &trial{shop: s, pause: pause}
	file, err := s.Card(filepath.Join(cardsDir, "card.txt"), c.track2)
	if err != nil {
		return nil, 0, err
	}
	till, err := w.begin(t, file, c, w.amount)
	if till != nil && till.Process != nil {
		defer func() { till.Process.Kill(); till.Wait() }()
	}
	if err != nil {
		return nil, 0, err
	}
	if w.open || w.noPaper {
		time.Sleep(afterSale + 2*time.Second)
	} else if err := t.paid(); err != nil {
		return nil, 0, err
	}
	return scan(till.Process.Pid, c)
}

// paid waits for the paper of the sale, and then for a while.
func (t *trial) paid() error {
	for deadline := time.Now().Add(40 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if _, err := os.Stat(t.shop.Path("papers/000001.bin")); err == nil {
			time.Sleep(afterSale)
			return nil
		}
		if time.Now().After(deadline) {
			break
		}
	}
	books, err := t.shop.Command("journal", "list", "-data", t.shop.Till()).CombinedOutput()
	if err == nil && len(bytes.TrimSpace(books)) == 0 {
		return errNoPayment
	}
	return fmt.Errorf("no paper came out; the books: %s", books)
}

// command is a sale on the command line, of a program that does not end: nobody reads what it has to say, and its pipe is full.
func (t *trial) command(cards string, _ card, amount string) (*exec.Cmd, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	if err := fill(w); err != nil {
		return nil, err
	}
	till := t.shop.Sell(cards, amount)
	till.Stdout = w
	keepOpen = append(keepOpen, r, w)
	return till, till.Start()
}

// keepOpen holds pipes until the end.
var keepOpen []*os.File

// fill writes until nothing more fits.
func fill(w *os.File) error {
	raw, err := w.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Write(func(fd uintptr) bool {
		for {
			if _, err := syscall.Write(int(fd), make([]byte, 4096)); err == syscall.EAGAIN {
				return true
			} else if err != nil {
				failed = err
				return true
			}
		}
	})
	if err == nil {
		err = failed
	}
	return err
}

// window is a sale in the window, with the keys that a cashier presses. The card comes from a file.
func (t *trial) window(cards string, _ card, _ string) (*exec.Cmd, error) {
	return t.inWindow("virtual:"+cards, "")
}

// typed is a sale in the window whose card comes from a reader that types.
func (t *trial) typed(_ string, c card, _ string) (*exec.Cmd, error) {
	return t.inWindow("wedge:", ";"+c.track2+"?")
}

// bare is a number in the window that a reader types as a scanner types a code.
func (t *trial) bare(_ string, c card, _ string) (*exec.Cmd, error) {
	return t.inWindow("virtual:", c.pan)
}

func (t *trial) inWindow(reader, track string) (*exec.Cmd, error) {
	ready := t.shop.Path("ready")
	if err := settleWindow(t.shop, reader); err != nil {
		return nil, err
	}
	till := t.shop.Command("-data", t.shop.Till(), "-ready-file", ready)
	if err := till.Start(); err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		if _, err := os.Stat(ready); err == nil {
			break
		}
		if time.Now().After(deadline) {
			return till, fmt.Errorf("no window came up: run it under packaging/xvfb")
		}
	}
	time.Sleep(t.pause) // the bank's line
	for _, keys := range [][]string{{"type", "--delay", "120", "6990204110138"}, {"key", "Return"}, {"key", "F9"}, {"key", "F2"}} {
		if out, err := exec.Command("xdotool", keys...).CombinedOutput(); err != nil {
			return till, fmt.Errorf("xdotool: %w: %s", err, out)
		}
		time.Sleep(t.pause)
	}
	if track == "" {
		return till, nil
	}
	hand := exec.Command("xdotool", "type", "--delay", "5", "--file", "-") // not as an argument, which every list of programs shows
	hand.Stdin = strings.NewReader(track + "\n")
	out, err := hand.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("xdotool: %w: %s", err, out)
	}
	return till, err
}

func settleWindow(s *shop.Shop, reader string) error {
	if err := os.MkdirAll(s.Till(), 0o700); err != nil {
		return err
	}
	text := fmt.Sprintf("[devices]\nbank = %q\nprinter = %q\nreader = %q\n", s.HostURL(), s.PrinterURL(), reader)
	return os.WriteFile(filepath.Join(s.Till(), "settings.toml"), []byte(text), 0o600)
}

// overTLS lets the till reach the bank by TLS, and gives the address that the till is told.
func overTLS(dir, bank string) (string, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", err
	}
	now := time.Now()
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: now.Add(-24 * 365 * time.Hour), NotAfter: now.Add(24 * 365 * time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	certificate, err := x509.CreateCertificate(rand.Reader, about, about, key.Public(), key)
	if err != nil {
		return "", err
	}
	ca := filepath.Join(dir, "bank.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}), 0o600); err != nil {
		return "", err
	}
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{certificate}, PrivateKey: key}}})
	if err != nil {
		return "", err
	}
	go func() {
		for {
			in, err := listener.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", bank)
			if err != nil {
				in.Close()
				continue
			}
			go func() { io.Copy(out, in); out.Close() }()
			go func() { io.Copy(in, out); in.Close() }()
		}
	}()
	return fmt.Sprintf("tls://%s?profile=unionpay&timeout=20s&ca=%s", listener.Addr(), ca), nil
}
