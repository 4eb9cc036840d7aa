// Veratill 真账收银 is a cash register whose receipts never lie. This is its one
// program: without a command it opens the window.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"veratill/txn/sale"
)

// Exit codes. Those of money say where it is, so that a script needs no text.
const (
	exitOK        = 0
	exitFault     = 1
	exitUsage     = 2
	exitDeclined  = 10
	exitUnknown   = 11
	exitPaperless = 12
	exitPartPaid  = 13
)

// command is one word after the program's name.
type command struct {
	name    string
	summary string
	example string
	run     func(ctx context.Context, c *call) int
}

// call is what a command is given, so that tests can give it something else.
type call struct {
	args   []string
	whole  []string // as the program was started, for another version that takes over
	out    io.Writer
	errOut io.Writer
	flags  *flag.FlagSet
}

func commands() []command {
	return []command{
		{"sell", "make one sale, by card or in parts, after finishing what is owed", "veratill sell -data DIR -amount 12.50 -reader virtual:cards.txt -host 'tcp://127.0.0.1:5000?profile=unionpay&timeout=2s' -printer tcp://127.0.0.1:9100 -json\n" +
			"  veratill sell -data DIR -amount 50.00 -tender card:30.00 -tender cash -reader virtual:cards.txt\n  veratill sell -data DIR -item 6901234567892*2 -item 2001\n  veratill sell -data DIR -sale 42 -tender cash\n  veratill sell -data DIR -amount 12.50 -tender code -code-file - <code.txt", sell},
		{"void", "give an approved sale of the open day back", "veratill void -data DIR -attempt 42 -host 'tcp://127.0.0.1:5000?profile=unionpay' -printer tcp://127.0.0.1:9100 -json", void},
		{"refund", "give money of a sale back: an amount, or goods that came back; a whole payment of the open day is voided", "veratill refund -data DIR -attempt 42 -amount 5.00 -reader virtual:cards.txt -host 'tcp://127.0.0.1:5000?profile=unionpay' -printer tcp://127.0.0.1:9100 -json\n" +
			"  veratill refund -data DIR -sale 42 -items 6901234567892=2,2001=0.350 -reader virtual:cards.txt", refund},
		{"said", "say what a separate terminal showed, where nobody has said it yet", "veratill said -data DIR -attempt 42 -terminal approved -printer tcp://127.0.0.1:9100", said},
		{"reprint", "print a receipt again: the first one where none has come out, else a marked copy", "veratill reprint -data DIR -attempt 42 -printer tcp://127.0.0.1:9100", reprint},
		{"recover", "drive every open attempt to its end, and undo sales that are paid in part", "veratill recover -data DIR -host 'tcp://127.0.0.1:5000?profile=unionpay'\n  veratill recover -data DIR -undo", recoverOwed},
		{"settle", "settle the day's card payments with the bank, and go on with what earlier days owe", "veratill settle -data DIR -host 'tcp://127.0.0.1:5000?profile=unionpay' -json\n  veratill settle -data DIR -again\n  veratill settle -data DIR -leave 'Li Na' -batch 7", settleBatch},
		{"moved", "say that the bank has moved: what is owed at its old address is asked at the new one", "veratill moved -data DIR -who 'Li Na' -host 'tcp://10.0.0.6:5000?profile=unionpay'", moved},
		{"resolve", "end by evidence a payment, void or refund of which the bank says no more", "veratill resolve -data DIR -attempt 42 -as given-back -who 'Li Na' -document letter.pdf", resolve},
		{"numbers", "say how far the numbers of payments have come, and that somebody has read why they moved", "veratill numbers -data DIR\n  veratill numbers -data DIR -seen 'Li Na'", numbers},
		{"journal", "verify, list, search or back up the journal, check a backup, or restore one into an empty folder", "veratill journal verify -data DIR\n  veratill journal list -data DIR -json\n  veratill journal backup -data DIR\n  veratill journal check DIR/backup/books-20261127T180000.000.db\n  veratill journal restore -data NEW books-20261127T180000.000.db", journalCommand},
		{"find", "find payments by what people say of them: an amount, a time, a card's last four, what was sold, a number, a cashier", "veratill find -data DIR 80-90 yesterday 15:00\n  veratill find -data DIR -amount 12.50 -last4 1234 -at 2026-11-27\n" +
			"  veratill find -data DIR -item cola -state declined -json\n  veratill find -data DIR -rebuild", findPayments},
		{"case", "answer what a customer says of a payment, and lead a dispute with a bank: the pages for it, the slip as first printed", "veratill case verdict -data DIR -attempt 42 -says failed -lang en -json\n  veratill case open -data DIR -attempt 42 -code 4502 -due 2026-12-31\n" +
			"  veratill case pack 1 -data DIR -out FOLDER\n  veratill case sent 1 -data DIR\n  veratill case close 1 -data DIR -as won\n  veratill case slip -data DIR -attempt 42 -out slip.png", disputeCase},
		{"reconcile", "take in a file of a bank, an acquirer or a wallet, and say what differs from the books, or what was done about it",
			"veratill reconcile -data DIR -dry bill.csv\n  veratill reconcile -data DIR bill.csv -json\n  veratill reconcile -data DIR\n" +
				"  veratill reconcile -data DIR -key 'attempt 42' -owner 'Li Na' -said 贷记调整 -due 2026-12-31", reconcileFiles},
		{"receipt", "check signed receipts, give the public keys away, or make the page by which customers check", "veratill receipt verify -data DIR 'VT:…' -json\n  veratill receipt verify -keys keys.json codes.txt\n  veratill receipt keys -data DIR -o keys.json -qr key.png\n" +
			"  veratill receipt keys -data DIR -rotate\n  veratill receipt page -data DIR -o check.html", receiptCommand},
		{"totals", "the open day's totals", "veratill totals -data DIR -json", totals},
		{"insight", "say of some days when was sold, how it was paid, what, with which exceptions, and how the bank answered", "veratill insight -data DIR -from 2026-11-01 -to 2026-11-28\n  veratill insight -data DIR -table hours -out hours.xlsx", insightCommand},
		{"articles", "list what is sold and every row that is not, or try a list before the till has it", "veratill articles -data DIR -json\n  veratill articles new-prices.csv", listArticles},
		{"devices", "list what is plugged in, or try a printer, reader or scanner", "veratill devices list\n  veratill devices test usb:04b8:0202 -page -drawer\n  veratill devices test usb:0801:0002 -wait 20s", devicesCommand},
		{"hostsim", "a bank in a box, for this till or another", "veratill hostsim -listen 127.0.0.1:5000 -profile unionpay -ledger ledger.jsonl", hostSimulator},
		{"zvtsim", "a card terminal (ZVT) in a box, for this till or another", "veratill zvtsim -listen 127.0.0.1:20007 -ledger terminal.jsonl", terminalSimulator},
		{"walletsim", "WeChat Pay, Alipay, UnionPay QR and an aggregator in a box, for this till or another", "veratill walletsim -keys keys -ledger wallets.jsonl", walletSimulator},
		{"printersim", "a receipt printer in a box: each paper becomes a file", "veratill printersim -listen 127.0.0.1:9100 -out papers", printerSimulator},
		{"decode", "receipt bytes as text or picture, an ISO 8583 frame as redacted text", "veratill decode receipt.bin\n  veratill decode -encoding big5 receipt.bin\n  veratill decode -png -o receipt.png receipt.bin", decode},
		{"doctor", "check this computer, its settings and its devices", "veratill doctor -json", examine},
		{"update", "look for a newer version, install it, or say how it stands", "veratill update check -data DIR\n  veratill update install -data DIR\n  veratill update status -data DIR -json\n  veratill update retry -data DIR", updateCommand},
		{"version", "say which version this is", "veratill version -json", printVersion},
	}
}

func main() {
	heard := console()
	noDump(os.Stderr)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := heardOrShown(heard, os.Args[1:], os.Stderr, tell, func(errOut io.Writer) int {
		return run(ctx, os.Args[1:], os.Stdout, errOut)
	})
	stop()
	os.Exit(code)
}

// heardOrShown runs the program. Where nobody reads the error output, what keeps a window from
// opening is shown in a box; never for a command, which nobody may be there to close the box of.
func heardOrShown(heard bool, args []string, errOut io.Writer, show func(title, text string), program func(io.Writer) int) int {
	if heard || !opensWindow(args) {
		return program(errOut)
	}
	var kept unread
	code := program(&kept)
	if code == exitOK {
		return code
	}
	if words, err := wordsOf(languages()); err == nil {
		show(words.Text("app.title"), kept.box(words))
	}
	return code
}

// discreet is an output without a card's number or a payment code that somebody typed in a wrong place, such as the name of a file: errors name what was given.
type discreet struct{ io.Writer }

func (d discreet) Write(p []byte) (int, error) {
	if _, err := io.WriteString(d.Writer, sale.Discreet(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// run finds the command and runs it. Flags alone, or nothing, open the window.
func run(ctx context.Context, args []string, out, errOut io.Writer) int {
	errOut = discreet{errOut}
	c := &call{args: args, whole: args, out: out, errOut: errOut}
	if opensWindow(args) {
		return window(ctx, c)
	}
	if isHelp(args[0]) || args[0] == "help" {
		usage(out)
		return exitOK
	}
	for _, k := range commands() {
		if k.name == args[0] {
			c.args = args[1:]
			c.flags = flag.NewFlagSet(k.name, flag.ContinueOnError)
			c.flags.SetOutput(errOut)
			c.flags.Usage = func() { commandUsage(c.flags, k) }
			return k.run(ctx, c)
		}
	}
	fmt.Fprintf(errOut, "veratill: there is no command %q; veratill -h lists them\n", args[0])
	return exitUsage
}

func opensWindow(args []string) bool {
	return len(args) == 0 || strings.HasPrefix(args[0], "-") && !isHelp(args[0])
}

func isHelp(word string) bool { return word == "-h" || word == "-help" || word == "--help" }

func usage(out io.Writer) {
	fmt.Fprint(out, "Veratill 真账收银: a cash register whose receipts never lie.\n\n  veratill [-data DIR]   opens the window; without settings it is a demonstration\n\n")
	for _, k := range commands() {
		fmt.Fprintf(out, "  veratill %-11s %s\n", k.name, k.summary)
	}
	fmt.Fprint(out, "\nveratill COMMAND -h explains a command with an example.\n"+
		"Exit codes: 0 done (paid and on paper), 10 declined, 11 not known yet, or given up and reversed,\n"+
		"12 paid but paper not confirmed, 13 paid in part (to be finished or undone), 2 wrong usage, 1 fault.\n")
}

func commandUsage(flags *flag.FlagSet, k command) {
	fmt.Fprintf(flags.Output(), "veratill %s: %s\n\nExample:\n  %s\n\nFlags:\n", k.name, k.summary, k.example)
	flags.PrintDefaults()
}

// parse reads the flags. done says that the command ends here, with a code.
func (c *call) parse() (code int, done bool) {
	err := c.flags.Parse(c.args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitOK, true
	case err != nil:
		return exitUsage, true
	}
	c.flags.Visit(func(f *flag.Flag) {
		//mutant:an-empty-flag-is-no-missing-one
		if f.Value.String() == "" && f.DefValue == "" && !isFunc(f) { // such as -host "$BANK" with a misspelt name: nothing may stand in for it
			code, done = c.misused("-%s is empty: give it a value, or leave it out", f.Name), true
		}
	})
	return code, done
}

// isFunc reports whether a flag keeps its value to itself.
func isFunc(f *flag.Flag) bool {
	_, kept := f.Value.(flag.Getter)
	return !kept
}

// noMore refuses words that no flag takes.
func (c *call) noMore() (code int, done bool) {
	if code, done := c.parse(); done {
		return code, true
	}
	if c.flags.NArg() > 0 {
		return c.misused("%q is one word too many", c.flags.Arg(0)), true
	}
	return 0, false
}

// parseAround reads flags before and after the words that are none.
func (c *call) parseAround() (words []string, code int, done bool) {
	for {
		if code, done := c.parse(); done {
			return nil, code, true
		}
		if c.flags.NArg() == 0 {
			return words, 0, false
		}
		words, c.args = append(words, c.flags.Arg(0)), c.flags.Args()[1:]
	}
}

func (c *call) misused(format string, args ...any) int {
	fmt.Fprintf(c.errOut, "%s: %s\n", c.name(), fmt.Sprintf(format, args...))
	return exitUsage
}

func (c *call) fail(err error) int {
	var other *handedOver
	if errors.As(err, &other) {
		return other.code
	}
	fmt.Fprintf(c.errOut, "%s: %v\n", c.name(), err)
	return exitFault
}

// name is how the command was called; the window has no word of its own.
func (c *call) name() string { return strings.TrimSpace("veratill " + c.flags.Name()) }
