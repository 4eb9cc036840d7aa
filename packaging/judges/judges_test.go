// Package judges lets programs that nobody here wrote judge our paper. They are
// npm packages: `npm ci` in this folder installs them.
package judges

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"veratill/devices/printer"
	"veratill/escpos"
)

// node runs a judge. Without it the test is skipped aloud, or fails where the
// judges are required.
func node(t *testing.T, in []byte, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", args...)
	cmd.Stdin = bytes.NewReader(in)
	var out, fault bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &fault
	if err := cmd.Run(); err != nil {
		t.Fatalf("node %v: %v\n%s", args, err, fault.String())
	}
	return out.String()
}

func need(t *testing.T, module string) {
	t.Helper()
	missing := ""
	if _, err := exec.LookPath("node"); err != nil {
		missing = "node is missing"
	} else if _, err := os.Stat("node_modules/" + module + "/package.json"); errors.Is(err, os.ErrNotExist) {
		missing = "run `npm ci --omit=optional --ignore-scripts` in packaging/judges"
	}
	switch {
	case missing == "":
	case os.Getenv("VERATILL_JUDGES") == "required":
		t.Fatalf("the judge %s is required: %s", module, missing)
	default:
		fmt.Fprintf(os.Stderr, "SKIPPED JUDGE %s: %s\n", module, missing)
		t.Skipf("SKIPPED JUDGE %s: %s", module, missing)
	}
}

func encode(t *testing.T, p escpos.Profile, doc *escpos.Document) []byte {
	t.Helper()
	e, err := escpos.NewEncoder(p)
	if err != nil {
		t.Fatal(err)
	}
	b, err := e.Append(nil, doc)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// npos reads our bytes, as they arrive at the printer, without a fault and with
// every Chinese character as it was.
func TestNposReadsOurBytes(t *testing.T) {
	need(t, "npos")
	dots := escpos.NewBitmap(200, 300)
	for i := range dots.Bits {
		dots.Bits[i] = []byte{0x10, 0x04, 0x01, 0x1b, 0x1d, 0x00}[i%6]
	}
	full := escpos.SpecimenReceipt()
	full.Blocks = append([]escpos.Block{
		escpos.Drawer{}, escpos.Image{Bitmap: dots}, escpos.Text{S: "点阵 🧾 之后", Style: escpos.Style{Invert: true, Underline: true}},
		escpos.Code128{Data: "A{1}", Text: true}, escpos.Feed{Lines: 3},
	}, full.Blocks...)
	for _, paper := range []escpos.Paper{escpos.Paper80, escpos.Paper58} {
		for _, doc := range []*escpos.Document{escpos.SpecimenReceipt(), full} {
			b := received(t, encode(t, escpos.Profile{Paper: paper}, doc))
			var got struct {
				Commands []string
				Text     string
			}
			if err := json.Unmarshal([]byte(node(t, b, "npos.js")), &got); err != nil {
				t.Fatal(err)
			}
			text := strings.NewReplacer(" ", "", "\n", "").Replace(got.Text)
			for _, want := range []string{"真账便利店", "上海市黄浦区南京东路一百号", "康师傅红烧牛肉面×2￥5.11", "合计￥107.96", "谢谢惠顾"} {
				if !strings.Contains(text, want) {
					t.Errorf("%q is not in what npos read:\n%s", want, got.Text)
				}
			}
			commands := strings.Join(got.Commands, "\n")
			for _, want := range []string{"GS V", "GS (k", "GS (H", "GS a", "ESC @", "FS &"} {
				if !strings.Contains(commands, want) {
					t.Errorf("npos saw no %s in\n%s", want, commands)
				}
			}
		}
	}
}

// received is what the driver sends for a job, from the wire.
func received(t *testing.T, job []byte) []byte {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	unit := printer.NewEmulator(printer.Traits{})
	wire := make(chan []byte, 1)
	go func() {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		tap := &tap{Conn: conn}
		_ = unit.Attach(ctx, tap)
		wire <- tap.seen
	}()
	d := printer.New(printer.DialTCP(ln.Addr().String()), printer.Config{})
	r := d.Print(ctx, printer.Job{ID: 12, Bytes: job})
	_ = d.Close()
	if r.Outcome != printer.Printed {
		t.Fatalf("%+v", r)
	}
	return <-wire
}

type tap struct {
	net.Conn
	seen []byte
}

func (c *tap) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.seen = append(c.seen, b[:n]...)
	return n, err
}

// receiptio, as a host, sees our emulated printer as a real one: healthy when it
// is, and out of paper or open when it is.
func TestReceiptioSeesOurPrinter(t *testing.T) {
	need(t, "receiptio")
	var ln net.Listener
	var host string
	for range 50 { // it knows port 9100 alone: take a loopback address of our own
		host = fmt.Sprintf("127.%d.%d.%d", 2+rand.IntN(250), rand.IntN(250), 2+rand.IntN(250))
		var err error
		if ln, err = net.Listen("tcp", host+":9100"); err == nil {
			break
		}
	}
	if ln == nil {
		t.Skip("SKIPPED JUDGE receiptio: no loopback address has port 9100 free")
	}
	unit := printer.NewEmulator(printer.Traits{})
	papers := make(chan printer.Paper, 9)
	unit.OnPaper(func(p printer.Paper) { papers <- p })
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() { _ = unit.Serve(ctx, ln) }()
	for _, c := range []struct {
		cond         printer.Condition
		status, made string
	}{
		{printer.Condition{}, "online", "success"},
		{printer.Condition{PaperNearEnd: true}, "online", "success"},
		{printer.Condition{PaperOut: true}, "paperempty", "paperempty"},
		{printer.Condition{CoverOpen: true}, "coveropen", "coveropen"},
		{printer.Condition{}, "online", "success"},
	} {
		unit.Set(c.cond)
		if got := strings.TrimSpace(node(t, nil, "receiptio.js", host, "status")); got != c.status {
			t.Errorf("%+v: status %q, not %q", c.cond, got, c.status)
		}
		if got := strings.TrimSpace(node(t, nil, "receiptio.js", host, "print")); got != c.made {
			t.Errorf("%+v: print %q, not %q", c.cond, got, c.made)
		}
		if c.made != "success" {
			continue
		}
		select {
		case p := <-papers:
			if text := escpos.Decode(p.Bytes, escpos.DecodeOptions{}).Text(); !strings.Contains(text, "4.00") {
				t.Errorf("receiptio's paper reads:\n%s", text)
			}
		case <-time.After(5 * time.Second):
			t.Error("no paper was cut")
		}
	}
}
