// Package training is the wiring of a demonstration: it starts the simulated bank. Besides tests
// and the command that runs that bank by itself nobody reaches a simulator.
package training

import (
	"context"
	"encoding/hex"
	"errors"
	"log/slog"
	"net"
	"path/filepath"
	"time"

	"veratill/devices/reader"
	"veratill/txn/acquirer"
	"veratill/txn/hostsim"
	"veratill/txn/iso8583"
)

// profile is the bank's dialect, and wait the till's wait for its replies: long enough to be seen, short enough
// to wait for.
const (
	profile = "unionpay"
	wait    = 15 * time.Second
)

// LineName is kept with every attempt of a demonstration: the port of its bank is another one at each start.
const LineName = "demonstration"

// Bank is a simulated bank on a port of this machine.
type Bank struct {
	host     *hostsim.Host
	listener net.Listener
}

// Listen makes a simulated bank with its ledger in the data folder dir, and the till's end of the
// line to it. Serve has to follow.
func Listen(dir string, now func() time.Time) (*Bank, acquirer.Config, error) {
	b, err := listen(dir, now)
	if err != nil {
		return nil, acquirer.Config{}, err
	}
	line, err := acquirer.ParseURL("tcp://" + b.listener.Addr().String() + "?profile=" + profile)
	if err != nil {
		return nil, line, errors.Join(err, b.listener.Close())
	}
	line.Name, line.Timeout = LineName, wait
	return b, line, nil
}

func listen(dir string, now func() time.Time) (*Bank, error) {
	dialect, err := iso8583.ProfileByName(profile)
	if err != nil {
		return nil, err
	}
	key, err := hex.DecodeString(acquirer.DemoMasterKey)
	if err != nil {
		return nil, err
	}
	host, err := hostsim.New(hostsim.Config{Profile: dialect, MasterKey: key, Ledger: filepath.Join(dir, "demo-bank.jsonl"),
		Script: hostsim.DemoScript(cardRules()...), Now: now})
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(errors.New("the simulated bank can't listen on this machine"), err)
	}
	return &Bank{host, listener}, nil
}

// does is what the bank does with a sale by a demonstration card; with the others it does as it should.
var does = map[reader.DemoKind]hostsim.Rule{
	reader.DemoNoMoney:   {Do: hostsim.Decline, Code: "51"},
	reader.DemoRefused:   {Do: hostsim.Decline, Code: "05"},
	reader.DemoSilent:    {Do: hostsim.Silent},
	reader.DemoLate:      {Do: hostsim.Late},
	reader.DemoCut:       {Do: hostsim.CutAfter},
	reader.DemoUnsent:    {Do: hostsim.CutBefore},
	reader.DemoUntrusted: {Do: hostsim.WrongMAC},
}

// cardRules let the test cards decide what the bank does, so that each answer can be chosen by its name.
func cardRules() (rules []hostsim.Rule) {
	for _, card := range reader.DemoCards() {
		if rule, special := does[card.Kind]; special {
			rule.Message, rule.Card = "0200", card.Last4
			rules = append(rules, rule)
		}
	}
	return rules
}

// Serve answers until ctx ends. What goes wrong is logged.
func (b *Bank) Serve(ctx context.Context, log *slog.Logger) {
	if err := b.host.Serve(ctx, b.listener); err != nil {
		log.Error("simulated bank", "error", err)
	}
}
