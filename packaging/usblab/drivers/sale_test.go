package drivers

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"veratill/devices/printer"
	"veratill/packaging/usblab/guest"
	"veratill/packaging/usblab/models"
)

// program is the shipped one, in the lab.
const program = "/lab/veratill"

func needProgram(t testing.TB) {
	t.Helper()
	guest.Require(t)
	if _, err := os.Stat(program); err != nil {
		t.Skip("the lab was made without the program: usblab -veratill PATH")
	}
}

// bank starts the simulated bank and gives its address.
func bank(t testing.TB, dir string) string {
	t.Helper()
	os.Setenv("VERATILL_STATE", filepath.Join(dir, "state")) // each bank of these tests has tills of its own
	host := exec.Command(program, "hostsim", "-listen", "127.0.0.1:0", "-ledger", filepath.Join(dir, "ledger.jsonl"))
	out, err := host.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := host.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = host.Process.Kill(); _ = host.Wait() })
	said, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return "tcp://" + strings.TrimSpace(strings.TrimPrefix(said, "listening on ")) + "?timeout=20s"
}

// sold is what the program says of a sale.
type sold struct {
	STAN                                       int64
	State, Charged, Paper, Card, Code, Message string
}

// sell runs the program's sell and swipes once it waits. swipe is called again and again until it ends:
// what comes while nobody waits is not kept.
func sell(t testing.TB, dir, at, reader string, swipe func(), more ...string) (s sold, code int) {
	t.Helper()
	args := append([]string{"sell", "-data", filepath.Join(dir, "till"), "-amount", "12.50", "-host", at, "-reader", reader, "-json"}, more...)
	cmd := exec.Command(program, args...)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	cmd.Env = append(os.Environ(), "HOME="+dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // its exit code says it
		close(ended)
	}()
	for limit := time.After(4 * guest.Patience); ; {
		select {
		case <-ended:
			if err := json.Unmarshal(out.Bytes(), &s); err != nil {
				t.Fatalf("%v: %s%s", err, out.String(), errOut.String())
			}
			if strings.Contains(out.String()+errOut.String(), "1234567894567") {
				t.Error("a card's number is in the output")
			}
			return s, cmd.ProcessState.ExitCode()
		case <-limit:
			_ = cmd.Process.Kill()
			t.Fatalf("sell does not end: %s%s", out.String(), errOut.String())
		case <-time.After(500 * time.Millisecond):
			swipe()
		}
	}
}

// A whole sale by the shipped program: the card comes from a reader on the bus, the paper out of a printer on
// the bus, and what is printed is what was encoded, byte for byte.
func TestASaleOnTheBus(t *testing.T) {
	needProgram(t)
	dir := t.TempDir()
	p, m := models.FullPrinter(512), models.MagTek()
	paper := rollOf(p)
	guest.Plug(t, p.Device)
	guest.Plug(t, m.Device)
	encoded := filepath.Join(dir, "receipt.bin")
	at := bank(t, dir)
	swipe := func() { _ = m.Swipe(track1, track2) }
	s, code := sell(t, dir, at, "usb:0801:0002", swipe, "-printer", fullAt, "-encoded", encoded)
	if code != 0 || s.State != "approved" || s.Charged != "yes" || s.Paper != "printed" || s.Card != masked {
		t.Fatalf("%d %+v", code, s)
	}
	want, err := os.ReadFile(encoded)
	if err != nil {
		t.Fatal(err)
	}
	papers := paper.cut()
	if len(papers) != 1 || !bytes.Equal(papers[0], want) {
		t.Errorf("%d papers, and what is printed is not what was encoded", len(papers))
	}
	// Out of paper: the sale is paid all the same, and its receipt comes when there is paper.
	p.Emulator.Set(printer.Condition{PaperOut: true})
	if s, code = sell(t, dir, at, "usb:0801:0002", swipe, "-printer", fullAt); code != 12 || s.Charged != "yes" || s.Paper == "printed" {
		t.Errorf("without paper: %d %+v", code, s)
	}
	p.Emulator.Set(printer.Condition{})
	out, err := exec.Command(program, "reprint", "-data", filepath.Join(dir, "till"), "-stan", fmt.Sprint(s.STAN), "-printer", fullAt).CombinedOutput()
	if err != nil || !strings.Contains(string(out), fmt.Sprintf("receipt of STAN %06d: printed", s.STAN)) {
		t.Errorf("%v: %s", err, out)
	}
	if papers = paper.cut(); len(papers) == 0 {
		t.Error("no receipt after paper was loaded")
	}
}

// The printer's cable goes in the middle of the receipt: the sale stays paid, its paper is not said to be printed,
// and the receipt comes out again, as a marked copy.
func TestASaleWhosePrinterGoes(t *testing.T) {
	needProgram(t)
	dir := t.TempDir()
	p, m := models.FullPrinter(512), models.MagTek()
	paper := rollOf(p)
	guest.Plug(t, p.Device)
	guest.Plug(t, m.Device)
	at := bank(t, dir)
	armed := false
	s, code := sell(t, dir, at, "usb:0801:0002", func() {
		if !armed {
			armed = true
			p.PullAfter(600)
		}
		_ = m.Swipe(track1, track2)
	}, "-printer", fullAt)
	if code != 12 || s.State != "approved" || s.Charged != "yes" || s.Paper == "printed" {
		t.Fatalf("%d %+v", code, s)
	}
	p.PullAfter(-1)
	if err := p.Unplug(); err != nil {
		t.Fatal(err)
	}
	guest.PlugAgain(t, p.Device)
	paper.cut()
	out, err := exec.Command(program, "reprint", "-data", filepath.Join(dir, "till"), "-stan", fmt.Sprint(s.STAN), "-printer", fullAt).CombinedOutput()
	if err != nil || !strings.Contains(string(out), fmt.Sprintf("copy of STAN %06d: printed", s.STAN)) {
		t.Fatalf("%v: %s", err, out)
	}
	if papers := paper.cut(); len(papers) == 0 || !bytes.Contains(papers[len(papers)-1], []byte("COPY")) {
		t.Errorf("of %d papers the last is no marked copy", len(papers))
	}
	verify, err := exec.Command(program, "journal", "verify", "-data", filepath.Join(dir, "till")).CombinedOutput()
	if err != nil {
		t.Errorf("%v: %s", err, verify)
	}
}

// Somebody who is not root sees the devices by their names, and why he can't use them; with the rule that the
// package installs, he can.
func TestPermissions(t *testing.T) {
	needProgram(t)
	const nobody, lp = 65534, "lp"
	list := func(groups ...uint32) string {
		cmd := exec.Command(program, "devices", "list")
		cmd.Env = []string{"HOME=/tmp", "PATH=/bin"}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody, Groups: groups}}
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		for line := range strings.Lines(string(out)) {
			if strings.Contains(line, "usb:04b8:0202") {
				return line
			}
		}
		return ""
	}
	group := groupID(t, lp)
	p := models.FullPrinter(512)
	guest.Plug(t, p.Device)
	guest.Wait(t, "the printer with its problem", func() bool {
		line := list()
		return strings.Contains(line, "EPSON TM-T88V") && strings.Contains(line, "port denied") && strings.Contains(line, "70-veratill.rules")
	})
	rules, err := os.ReadFile("/lab/70-veratill.rules")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll("/run/udev/rules.d", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("/run/udev/rules.d/70-veratill.rules", rules, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Remove("/run/udev/rules.d/70-veratill.rules") })
	if out, err := exec.Command("/bin/udevadm", "control", "--reload").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := p.Unplug(); err != nil {
		t.Fatal(err)
	}
	guest.PlugAgain(t, p.Device)
	guest.Wait(t, "the printer without a problem", func() bool {
		line := list(group)
		return line != "" && strings.HasSuffix(strings.TrimSpace(line), "ok")
	})
	if line := list(); !strings.Contains(line, "port denied") {
		t.Errorf("who is not in the group may use it: %s", line)
	}
}

func groupID(t testing.TB, name string) uint32 {
	t.Helper()
	groups, err := os.ReadFile("/etc/group")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(groups)) {
		if f := strings.Split(line, ":"); f[0] == name {
			var id uint32
			for _, c := range f[2] {
				id = id*10 + uint32(c-'0')
			}
			return id
		}
	}
	t.Fatalf("no group %s", name)
	return 0
}
