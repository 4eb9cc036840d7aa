package training

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"path/filepath"
	"time"

	"veratill/txn"
	"veratill/txn/messages"
	"veratill/txn/wallet"
	"veratill/txn/walletsim"
)

// Providers are the simulated providers of payment codes on a port of this machine.
type Providers struct {
	sim      *walletsim.Sim
	listener net.Listener
}

// codeRules let the last digits of a payment code decide what its provider does, so that each answer can be chosen by the code that is shown.
var codeRules = []walletsim.Rule{
	{Question: "pay", Shown: "0051", Do: walletsim.Decline},
	{Question: "pay", Shown: "0071", Do: walletsim.Typing, Seconds: 8},
	{Question: "pay", Shown: "0072", Do: walletsim.Typing, Seconds: 3600},
	{Question: "pay", Shown: "0073", Do: walletsim.TypingRefused, Seconds: 8},
	{Question: "pay", Shown: "0091", Do: walletsim.Silent},
	{Question: "pay", Shown: "0092", Do: walletsim.SystemError},
}

// WalletNames are the names of the lines to the simulated providers: the port is another one at each start.
func WalletNames() (names []string) {
	for _, p := range simulated {
		names = append(names, nameOf(p))
	}
	return names
}

var simulated = []wallet.Provider{wallet.WeChat, wallet.Alipay, wallet.UnionPay}

func nameOf(p wallet.Provider) string { return LineName + " " + string(p) }

// WalletOptions are what the lines to simulated providers have of any other's, see wallet.Config.
type WalletOptions struct {
	Now      func() time.Time
	Log      *slog.Logger
	Tell     func(id txn.ID, typing bool)
	Messages messages.Tap
}

// Wallets makes simulated providers with their ledger in the data folder dir, and the till's lines to them. Serve has to follow.
func Wallets(dir string, o WalletOptions) (*Providers, []*wallet.Line, error) {
	keys, err := walletsim.MakeSharedKeys()
	if err != nil {
		return nil, nil, err
	}
	sim, err := walletsim.New(walletsim.Config{Keys: keys, Ledger: filepath.Join(dir, "demo-wallets.jsonl"), Script: walletsim.AmountScript(codeRules...), Now: o.Now})
	if err != nil {
		return nil, nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, errors.Join(errors.New("the simulated providers can't listen on this machine"), err)
	}
	var lines []*wallet.Line
	for _, c := range Accounts(keys) {
		c.Address, c.Timeout = "http://"+listener.Addr().String(), wait
		c.Now, c.Log, c.Tell, c.Messages = o.Now, o.Log, o.Tell, o.Messages
		line, err := wallet.New(c)
		if err != nil {
			return nil, nil, errors.Join(err, listener.Close())
		}
		lines = append(lines, line)
	}
	return &Providers{sim, listener}, lines, nil
}

// Accounts are the simulated shop's with the simulated providers, on this computer alone; the keys are those that the simulator has. Address, clock and
// patience are left to the caller.
func Accounts(keys *walletsim.Keys) []wallet.Config {
	all := []wallet.Config{
		{Provider: wallet.WeChat, App: walletsim.WeChatApp, Merchant: walletsim.WeChatMerchant, Serial: walletsim.WeChatSerial, Platform: walletsim.WeChatPlatform},
		{Provider: wallet.Alipay, App: walletsim.AlipayApp},
		{Provider: wallet.UnionPay, Acquirer: walletsim.UnionAcquirer, Merchant: walletsim.UnionMerchant, Terminal: walletsim.UnionTerminal, Category: walletsim.UnionCategory, Serial: walletsim.UnionSerial},
	}
	for i, c := range all {
		c.Name, c.OnlyHere = nameOf(c.Provider), true
		c.Private, c.Public = keys.ShopKey(string(c.Provider)), keys.ProviderKey(string(c.Provider))
		all[i] = c
	}
	return all
}

// Serve answers until ctx ends. What goes wrong is logged.
func (p *Providers) Serve(ctx context.Context, log *slog.Logger) {
	if err := p.sim.Serve(ctx, p.listener, false); err != nil {
		log.Error("simulated providers", "error", err)
	}
}
