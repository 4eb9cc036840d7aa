package main

import (
	"context"
	"fmt"
	"net"

	"veratill/txn/walletsim"
)

// walletSimulator is the providers of payment codes in a box, as a program.
func walletSimulator(ctx context.Context, c *call) int {
	listen := c.flags.String("listen", "127.0.0.1:5443", "`address` to listen on")
	dir := c.flags.String("keys", "", "`folder` of the keys: they are made there where it has none, with settings that use them")
	book := c.flags.String("ledger", "", "`file` for the ledger, JSON lines; without it the book is in memory")
	script := c.flags.String("script", "", "`file` with a JSON rule a line; without it the last two digits of the amount decide")
	timeout := c.flags.String("timeout", "45s", "how `long` a till of the settings in the folder asks before it undoes a payment")
	plain := c.flags.Bool("plain", false, "HTTP in place of HTTPS, on this computer alone")
	if code, done := c.noMore(); done {
		return code
	}
	if *dir == "" {
		return c.misused("-keys has to name a folder")
	}
	cfg := walletsim.Config{Ledger: *book, Log: func(line string) { fmt.Fprintln(c.errOut, line) }}
	var err error
	if *script != "" {
		if cfg.Script, err = walletsim.LoadScript(*script); err != nil {
			return c.misused("-script: %v", err)
		}
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		return c.fail(err)
	}
	address := "https://" + listener.Addr().String()
	if *plain {
		if at, ok := listener.Addr().(*net.TCPAddr); !ok || !at.IP.IsLoopback() {
			listener.Close()
			return c.misused("-plain goes with an address of this computer, such as 127.0.0.1:5080")
		}
		address = "http://" + listener.Addr().String()
	}
	if cfg.Keys, err = walletsim.LoadKeys(*dir, address, *timeout); err != nil {
		listener.Close()
		return c.fail(err)
	}
	sim, err := walletsim.New(cfg)
	if err != nil {
		listener.Close()
		return c.fail(err)
	}
	fmt.Fprintf(c.out, "listening on %s\n", address)
	if err := sim.Serve(ctx, listener, !*plain); err != nil {
		return c.fail(err)
	}
	return exitOK
}
