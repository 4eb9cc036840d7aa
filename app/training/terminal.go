package training

import (
	"context"

	"veratill/devices"
	"veratill/devices/port"
	"veratill/txn/zvtsim"
)

// TerminalOnSerial lets a simulated card terminal speak on a serial line until ctx ends, such as serial:///dev/ttyUSB1?baud=9600.
func TerminalOnSerial(ctx context.Context, sim *zvtsim.Sim, address string) error {
	u, err := devices.ParseURL(address)
	if err != nil {
		return err
	}
	p, err := port.Open(ctx, u)
	if err != nil {
		return err
	}
	sim.Talk(ctx, p, true)
	return nil
}
