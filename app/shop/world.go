package shop

import (
	"context"
	"net"

	"veratill/app/gear"
	"veratill/txn"
	"veratill/txn/disk"
	"veratill/txn/till"
)

// World is what a till stands on where a proof simulates it: a disk that can be broken, and a bank without a network. Nothing
// of this computer is waited for then: no other program asks the till, and no port is watched.
type World struct {
	Disk disk.Disk // where the books and their key lie
	Dir  string    // their folder on it
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Wallets are the lines to providers of payment codes in place of those of the settings; nil leaves those. See wallet.Config for tell.
	Wallets func(tell func(id txn.ID, typing bool)) ([]till.Wallet, error)
	// Port opens the ports of scanner and card terminal; nil is this computer's.
	Port gear.OpenPort
	// Paper is told of each paper that comes out of the virtual printer, by the number of its print; nil is nobody.
	Paper func(printID int64)
}

// disk is where the books lie.
func (o Options) disk() disk.Disk {
	if o.World != nil {
		return o.World.Disk
	}
	return disk.System{}
}

// port is how the ports of devices are opened; nil is this computer's way.
func (o Options) port() gear.OpenPort {
	if o.World != nil {
		return o.World.Port
	}
	return nil
}

// paper is who is told of paper; nil is nobody.
func (o Options) paper() func(printID int64) {
	if o.World != nil {
		return o.World.Paper
	}
	return nil
}

// booksDir is the folder of the books on their disk.
func (o Options) booksDir() string {
	if o.World != nil {
		return o.World.Dir
	}
	return o.Dir
}
