package main

import (
	"bytes"
	stdcontext "context"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"veratill/app/present"
	"veratill/app/settings"
	"veratill/app/shop"
	"veratill/devices/printer"
	"veratill/txn"
	"veratill/txn/acquirer"
	"veratill/txn/hostsim"
	"veratill/txn/iso8583"
	"veratill/txn/sale"
)

// moments are when the bank's last byte went to the till and when the first byte of
// a receipt came to the printer.
type moments struct {
	pause time.Duration // the bank's, before each answer

	mu       sync.Mutex
	approved time.Time
	durable  time.Time // the approval and the intent to print are on the disk
	paper    time.Time
}

func (m *moments) reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.approved, m.durable, m.paper = time.Time{}, time.Time{}, time.Time{}
}

// watch notes when the till says that it begins the paper.
func (m *moments) watch(p present.Progress) {
	if p.Step == present.Papering {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.durable = time.Now()
	}
}

// latency is the time between the two, or 0 when one is missing.
func (m *moments) latency() time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.approved.IsZero() || m.paper.IsZero() {
		return 0
	}
	return m.paper.Sub(m.approved)
}

// measureApproval makes card sales on a whole till: settings, reader, journal, vault,
// bank over TCP, receipt, driver, printer over TCP. It pauses before each sale, each answer and each raw write.
func measureApproval(dir, prefix string, sales int, pause time.Duration) error {
	ctx, cancel := stdcontext.WithCancel(stdcontext.Background())
	defer cancel()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	at := moments{pause: pause}
	bank, err := startBank(ctx, dir, &at)
	if err != nil {
		return err
	}
	paper, err := startPrinter(ctx, &at)
	if err != nil {
		return err
	}
	till, err := openTill(ctx, dir, bank, paper)
	if err != nil {
		return err
	}
	defer till.Stop()
	raw, err := newFloors(dir)
	if err != nil {
		return err
	}
	defer raw.close()
	var took, saved []time.Duration
	for n := range sales {
		at.reset()
		time.Sleep(pause)
		if r := till.Desk.PayCard(ctx, txn.Actor{}, threeLines(), 0, at.watch); r.Attempt.State != txn.Approved {
			return fmt.Errorf("sale %d: %s %s %s", n, r.Attempt.State, r.Code, r.Detail)
		}
		till.Till.WaitForPaper()
		if d := at.latency(); d > 0 && n >= warmUp {
			took, saved = append(took, d), append(saved, at.durable.Sub(at.approved))
		}
		for _, f := range []*floor{raw.append, raw.overwrite} {
			time.Sleep(pause)
			if err := f.write(); err != nil {
				return err
			}
		}
		if err := till.Journal.Idle(ctx); err != nil {
			return err
		}
	}
	if len(took) < sales/2 {
		return fmt.Errorf("only %d of %d receipts were timed", len(took), sales)
	}
	say(prefix+"approval_to_durable_p50_us", p50(saved), 1)
	say(prefix+"approval_to_receipt_p50_us", p50(took), 1)
	raw.say(prefix+"approval_to_receipt", p50(took))
	say(prefix+"approval_to_receipt_p99_us", quantile(took, 0.99), 1)
	return nil
}

// warmUp is how many sales are made before any is counted.
const warmUp = 10

func openTill(ctx stdcontext.Context, dir, bank, paper string) (*shop.Shop, error) {
	cards := filepath.Join(dir, "cards.txt")
	if err := os.WriteFile(cards, []byte(";6222020000000001=49121010000000000?\n"), 0o600); err != nil {
		return nil, err
	}
	s := settings.Default()
	s.UseBank("tcp://" + bank + "?profile=unionpay&timeout=5s")
	s.Devices.Reader = "virtual:" + cards
	s.Devices.Printer = "tcp://" + paper
	till, err := shop.Open(ctx, shop.Options{Dir: filepath.Join(dir, "till"), Settings: s, Version: "bench"})
	if err != nil {
		return nil, err
	}
	till.Run()
	return till, nil
}

// threeLines is a sale of three articles, as a cart freezes it.
func threeLines() sale.Sale {
	cart := sale.NewCart(currency)
	for i, name := range []string{"康师傅红烧牛肉面", "农夫山泉 550ml", "绿箭口香糖"} {
		item := sale.Item{Code: fmt.Sprintf("69%011d", i), Name: sale.Name{ZH: name, EN: "Goods"}, UnitPriceMinor: int64(350 + 100*i),
			TaxRatePPM: 130_000, Unit: sale.Piece}
		if _, err := cart.Add(item, sale.OneE5); err != nil {
			panic(err)
		}
	}
	s, err := cart.Freeze()
	if err != nil {
		panic(err)
	}
	return s
}

// startBank is the simulated bank behind a line that notes when an answer to a 0200 leaves.
func startBank(ctx stdcontext.Context, dir string, at *moments) (string, error) {
	profile, err := iso8583.ProfileByName("unionpay")
	if err != nil {
		return "", err
	}
	key, err := hex.DecodeString(acquirer.DemoMasterKey)
	if err != nil {
		return "", err
	}
	host, err := hostsim.New(hostsim.Config{Profile: profile, MasterKey: key, Ledger: filepath.Join(dir, "ledger.jsonl")})
	if err != nil {
		return "", err
	}
	behind, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	go host.Serve(ctx, behind)
	before, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	go func() {
		for {
			till, err := before.Accept()
			if err != nil {
				return
			}
			bank, err := net.Dial("tcp", behind.Addr().String())
			if err != nil {
				till.Close()
				return
			}
			go func() { io.Copy(bank, till); bank.Close() }()
			go func() { passAnswers(till, bank, at); till.Close() }()
		}
	}()
	return before.Addr().String(), nil
}

// financialAnswer is the MTI of a 0210 behind length, TPDU and header.
var financialAnswer = []byte{0x02, 0x10}

func passAnswers(till, bank net.Conn, at *moments) {
	buffer := make([]byte, 4096)
	for {
		n, err := bank.Read(buffer)
		if err != nil {
			return
		}
		if n > 15 && bytes.Equal(buffer[13:15], financialAnswer) {
			time.Sleep(at.pause)
			at.mu.Lock()
			at.approved = time.Now()
			at.mu.Unlock()
		}
		if _, err := till.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// startPrinter is the emulated printer behind a connection that notes when a receipt begins.
func startPrinter(ctx stdcontext.Context, at *moments) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	unit := printer.NewEmulator(printer.Traits{})
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go unit.Attach(ctx, &watched{Conn: conn, at: at})
		}
	}()
	return listener.Addr().String(), nil
}

type watched struct {
	net.Conn
	at *moments
}

// receiptBegins is ESC @, with which every receipt begins and no question does.
var receiptBegins = []byte{0x1B, '@'}

func (w *watched) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	now := time.Now()
	w.at.mu.Lock()
	defer w.at.mu.Unlock()
	if !w.at.approved.IsZero() && w.at.paper.IsZero() && bytes.Contains(b[:n], receiptBegins) {
		w.at.paper = now
	}
	return n, err
}
