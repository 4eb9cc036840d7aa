package shop

import (
	"context"
	"net"

	"veratill/txn/disk"
)

// World is what a till stands on where a proof simulates it: a disk that can be broken, and a bank without a network. Nothing
// of this computer is waited for then: no other program asks the till, and no port is watched.
type World struct {
	Disk disk.Disk // where the books and their key lie
	Dir  string    // their folder on it
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// disk is where the books lie.
func (o Options) disk() disk.Disk {
	if o.World != nil {
		return o.World.Disk
	}
	return disk.System{}
}

// booksDir is the folder of the books on their disk.
func (o Options) booksDir() string {
	if o.World != nil {
		return o.World.Dir
	}
	return o.Dir
}
