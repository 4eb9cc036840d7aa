package main

import (
	"context"
	"fmt"
	"net"
	"time"

	"veratill/app/training"
	"veratill/txn/zvtsim"
)

// terminalSimulator is a card terminal in a box, as a program.
func terminalSimulator(ctx context.Context, c *call) int {
	listen := c.flags.String("listen", "127.0.0.1:20007", "`address` to listen on")
	line := c.flags.String("serial", "", "serial `line` in place of it, such as serial:///dev/ttyUSB1?baud=9600")
	cfg := zvtsim.Config{Log: func(line string) { fmt.Fprintln(c.errOut, line) }}
	c.flags.StringVar(&cfg.Ledger, "ledger", "", "`file` for the ledger, JSON lines; without it the book is in memory")
	script := c.flags.String("script", "", "`file` with a JSON rule a line; without it the last two digits of the amount decide")
	c.flags.StringVar(&cfg.TID, "tid", "29001006", "the terminal's number, 8 `digits`")
	c.flags.StringVar(&cfg.Password, "password", "000000", "the till's password, 6 `digits`")
	c.flags.StringVar(&cfg.Currency, "currency", "978", "the only currency, numeric")
	reading := c.flags.String("reading", string(zvtsim.ByItself), "what becomes of a payment that no till confirmed: \"by itself\" it is reversed, \"by mirror\" tag 1F1F says")
	tells := c.flags.String("tells", string(zvtsim.TellsBefore), "what a repeated receipt says of one that it reversed by itself: before, failed, bare, none")
	forgets := c.flags.String("forgets", "", "what it forgets: \"day\", with its end, when its receipt numbers begin anew, or \"last\", so that it tells of no last payment")
	c.flags.BoolVar(&cfg.NoLines, "no-lines", false, "it prints by itself, whatever the till asks for")
	c.flags.BoolVar(&cfg.Quiet, "quiet", false, "it sends no texts for the screen")
	c.flags.BoolVar(&cfg.NeedsInit, "needs-init", false, "it asks for an initialisation first")
	c.flags.BoolVar(&cfg.NeedsDiagnosis, "needs-diagnosis", false, "it asks for a diagnosis first")
	c.flags.BoolVar(&cfg.NeedsEndOfDay, "needs-end-of-day", false, "it asks for the end of its day first")
	c.flags.DurationVar(&cfg.Card, "card", time.Second, "how long a customer takes")
	c.flags.DurationVar(&cfg.Wait, "wait", 5*time.Second, "how long it waits for the till's answers")
	c.flags.DurationVar(&cfg.Undoing, "undoing", 0, "how long it takes to reverse a payment by itself; it is busy meanwhile")
	cut := c.flags.Int("cut", -1, "pull the cable of the first connection after so many bytes of both directions")
	if code, done := c.noMore(); done {
		return code
	}
	switch *forgets {
	case "", "day", "last":
		cfg.Forgets, cfg.ForgetsLast = *forgets == "day", *forgets == "last"
	default:
		return c.misused("-forgets %q is neither day nor last", *forgets)
	}
	cfg.Reading, cfg.Tells = zvtsim.Reading(*reading), zvtsim.Told(*tells)
	if err := cfg.Check(); err != nil {
		return c.misused("%v", err)
	}
	cfg.Cut = func(nth int) int {
		if nth == 1 {
			return *cut
		}
		return -1
	}
	var err error
	if *script != "" {
		if cfg.Script, err = zvtsim.LoadScript(*script); err != nil {
			return c.misused("-script: %v", err)
		}
	}
	sim, err := zvtsim.New(cfg)
	if err != nil {
		return c.fail(err)
	}
	if *line != "" {
		fmt.Fprintf(c.out, "listening on %s\n", *line)
		if err := training.TerminalOnSerial(ctx, sim, *line); err != nil {
			return c.fail(err)
		}
		return exitOK
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		return c.fail(err)
	}
	fmt.Fprintf(c.out, "listening on zvt://%s\n", listener.Addr())
	if err := sim.Serve(ctx, listener); err != nil {
		return c.fail(err)
	}
	return exitOK
}
