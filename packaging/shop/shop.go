// Package shop puts the shipped program between a bank and a printer, each a
// process of its own, for the programs of packaging that try it as a stranger would.
package shop

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Shop is a till's folder with a bank and a printer round it.
type Shop struct {
	Program string
	Dir     string // everything lies under it
	Bank    string // address of the simulated bank
	Printer string // address of the simulated printer
	Folder  string // the till's own folder, where it does not lie under Dir
	Line    string // the bank's address as the till is told it, where it goes another way

	// ReplyWait is the till's; short, so that many silent answers fit.
	ReplyWait time.Duration

	running []*exec.Cmd
	said    []*bytes.Buffer
}

// Ledger is the name of the bank's book in the shop's folder.
const Ledger = "ledger.jsonl"

// Open starts a bank and a printer that work in dir; bank are more flags for the bank. Close has to follow.
func Open(program, dir string, bank ...string) (*Shop, error) {
	program, err := filepath.Abs(program)
	if err != nil {
		return nil, err
	}
	s := &Shop{Program: program, Dir: dir, ReplyWait: 300 * time.Millisecond}
	if s.Bank, err = s.serve(append([]string{"hostsim", "-listen", "127.0.0.1:0", "-profile", "unionpay", "-ledger", s.Path(Ledger)}, bank...)...); err != nil {
		return nil, err
	}
	s.Printer, err = s.serve("printersim", "-listen", "127.0.0.1:0", "-pictures=false", "-out", s.Path("papers"))
	if err != nil {
		s.Close()
	}
	return s, err
}

// WalletLedger is the name of the providers' book in the shop's folder.
const WalletLedger = "wallets.jsonl"

// OpenCodes starts simulated providers of payment codes and a printer that work in dir, and puts the settings of a till there that takes codes and
// asks for so long. script is a script of theirs; empty lets the amounts decide. Close has to follow.
func OpenCodes(program, dir, script string, asks time.Duration) (*Shop, error) {
	program, err := filepath.Abs(program)
	if err != nil {
		return nil, err
	}
	s := &Shop{Program: program, Dir: dir}
	args := []string{"walletsim", "-listen", "127.0.0.1:0", "-keys", s.Path("keys"), "-ledger", s.Path(WalletLedger), "-timeout", asks.String()}
	if script != "" {
		args = append(args, "-script", script)
	}
	if _, err = s.serve(args...); err != nil {
		return nil, err
	}
	if s.Printer, err = s.serve("printersim", "-listen", "127.0.0.1:0", "-pictures=false", "-out", s.Path("papers")); err != nil {
		s.Close()
		return nil, err
	}
	settings, err := os.ReadFile(filepath.Join(s.Path("keys"), "settings.toml"))
	if err == nil {
		err = errors.Join(os.MkdirAll(s.Till(), 0o700), os.WriteFile(filepath.Join(s.Till(), "settings.toml"), settings, 0o600))
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// TerminalLedger is the name of the card terminal's memory in the shop's folder.
const TerminalLedger = "terminal.jsonl"

// OpenTerminal starts a simulated card terminal and a printer that work in dir, and puts the settings of a till there that takes cards by it. script is
// a script of its own; empty lets the amounts decide. wait is how long both wait for each other. Close has to follow.
func OpenTerminal(program, dir, script string, wait time.Duration) (*Shop, error) {
	program, err := filepath.Abs(program)
	if err != nil {
		return nil, err
	}
	s := &Shop{Program: program, Dir: dir}
	args := []string{"zvtsim", "-listen", "127.0.0.1:0", "-ledger", s.Path(TerminalLedger), "-wait", wait.String(), "-card", "0s", "-quiet"}
	if script != "" {
		args = append(args, "-script", script)
	}
	at, err := s.serve(args...)
	if err != nil {
		return nil, err
	}
	if s.Printer, err = s.serve("printersim", "-listen", "127.0.0.1:0", "-pictures=false", "-out", s.Path("papers")); err != nil {
		s.Close()
		return nil, err
	}
	settings := fmt.Sprintf("[merchant]\nname = \"Kiosk\"\nnumber = \"1\"\n[till]\nmode = \"bank\"\ncurrency = \"EUR\"\nterminal = \"1\"\n[devices]\nbank = \"%s?t3=%s&t4=%s\"\n",
		at, wait, max(4*wait, time.Second))
	if err := errors.Join(os.MkdirAll(s.Till(), 0o700), os.WriteFile(filepath.Join(s.Till(), "settings.toml"), []byte(settings), 0o600)); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// SellAtTerminal is the command of one sale by the card terminal, not yet started.
func (s *Shop) SellAtTerminal(amount string) *exec.Cmd {
	return s.Command("sell", "-data", s.Till(), "-amount", amount, "-printer", s.PrinterURL(), "-json", "-v")
}

// SellByCode is the command of one sale by the payment code of a file, not yet started.
func (s *Shop) SellByCode(code, amount string) *exec.Cmd {
	return s.Command("sell", "-data", s.Till(), "-amount", amount, "-tender", "code", "-code-file", code, "-printer", s.PrinterURL(), "-json", "-v")
}

// serve starts a simulator and reads where it listens. What it says on the error output is kept.
func (s *Shop) serve(args ...string) (string, error) {
	cmd := s.Command(args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	said := &bytes.Buffer{}
	cmd.Stderr = said
	if err := cmd.Start(); err != nil {
		return "", err
	}
	s.running, s.said = append(s.running, cmd), append(s.said, said)
	first, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("%s: %w", args[0], err)
	}
	return strings.TrimSpace(strings.TrimPrefix(first, "listening on ")), nil
}

// Path is a name in the shop's folder.
func (s *Shop) Path(name string) string { return filepath.Join(s.Dir, name) }

// Till is the till's own folder.
func (s *Shop) Till() string {
	if s.Folder != "" {
		return s.Folder
	}
	return s.Path("till")
}

// Command is the shipped program with arguments, not yet started. Its state folder is the shop's own, so that no shop meets the marks of another.
func (s *Shop) Command(args ...string) *exec.Cmd {
	cmd := exec.Command(s.Program, args...)
	cmd.Env = append(os.Environ(), "VERATILL_STATE="+s.Path("state"))
	return cmd
}

// Sell is the command of one sale with the cards of a file, not yet started.
func (s *Shop) Sell(cards, amount string) *exec.Cmd {
	return s.Command("sell", "-data", s.Till(), "-amount", amount, "-reader", "virtual:"+cards,
		"-host", s.HostURL(), "-printer", s.PrinterURL(), "-json", "-v")
}

// SellInParts is the command of one sale that is paid by two cards, not yet started.
func (s *Shop) SellInParts(cards, first, second string) *exec.Cmd {
	sum := func(a, b string) string {
		var minor [2]int
		for i, text := range []string{a, b} {
			whole, part, _ := strings.Cut(text, ".")
			w, _ := strconv.Atoi(whole) // both are made by the caller, with two decimals
			p, _ := strconv.Atoi(part)
			minor[i] = 100*w + p
		}
		return fmt.Sprintf("%d.%02d", (minor[0]+minor[1])/100, (minor[0]+minor[1])%100)
	}
	cmd := s.Sell(cards, sum(first, second))
	cmd.Args = append(cmd.Args, "-tender", "card:"+first, "-tender", "card:"+second)
	return cmd
}

// Undo is the command that drives what is owed to its end and undoes what is paid in part, not yet started.
func (s *Shop) Undo() *exec.Cmd {
	return s.Command(append(s.recovering(), "-v")...)
}

// recovering drives what is owed to its end. A shop that takes payment codes has its lines in the settings.
func (s *Shop) recovering() []string {
	args := []string{"recover", "-undo", "-data", s.Till()}
	if s.Bank != "" || s.Line != "" {
		args = append(args, "-host", s.HostURL())
	}
	return args
}

// PrinterURL is the printer's address as the till is told it.
func (s *Shop) PrinterURL() string { return "tcp://" + s.Printer }

// HostURL is the bank's address as the till is told it.
func (s *Shop) HostURL() string {
	if s.Line != "" {
		return s.Line
	}
	return fmt.Sprintf("tcp://%s?profile=unionpay&timeout=%s", s.Bank, s.ReplyWait)
}

// Recover drives what is owed to its end, and undoes what is paid in part.
func (s *Shop) Recover() ([]byte, error) {
	return s.Command(s.recovering()...).CombinedOutput()
}

// settleTries bounds Settle: on a good line the first or the second try ends everything.
const settleTries = 20

// unknownRefund is what recover says of a refund of which its bank has said nothing: only its answer or a manager's evidence ends that, and it stops nothing.
var unknownRefund = regexp.MustCompile(`(?m)^veratill recover: STAN \d+, the refund of .* is unresolved .*\n`)

// Settle recovers until nothing is owed but refunds that are not known, as the next morning would, and returns what the last try said where that never
// came.
func (s *Shop) Settle() error {
	var said []byte
	var err error
	for range settleTries {
		if said, err = s.Recover(); err == nil || unknownRefund.Match(said) && !bytes.Contains(unknownRefund.ReplaceAll(said, nil), []byte("veratill recover: ")) {
			return nil
		}
	}
	return fmt.Errorf("nothing ends what is owed: %w: %s", err, said)
}

// Card writes a file with one track 2 and returns its path.
func (s *Shop) Card(name, track2 string) (string, error) {
	path := s.Path(name)
	return path, os.WriteFile(path, []byte(";"+track2+"?\n"), 0o600)
}

// Close ends the simulators and returns what they said on their error outputs.
func (s *Shop) Close() []byte {
	for _, cmd := range s.running {
		cmd.Process.Kill()
		cmd.Wait()
	}
	var all []byte
	for _, b := range s.said {
		all = append(all, b.Bytes()...)
	}
	s.running, s.said = nil, nil
	return all
}
