package reader

import (
	"bytes"
	"context"
	"errors"

	"veratill/devices"
	"veratill/devices/port"
)

// ccidCard is the card in a ccid's slot, with power.
type ccidCard struct {
	c   *ccid
	raw []byte // the ATR
	t0  bool   // it is spoken to in TPDUs
}

// connect gives the card power and agrees on how to speak. Errors are *Fault, *port.Error, ctx's.
func (c *ccid) connect(ctx context.Context) (Chip, error) {
	raw, err := c.powerOn(ctx)
	if err != nil {
		return nil, err
	}
	card := &ccidCard{c: c, raw: raw}
	a, err := parseATR(raw)
	if err != nil {
		_ = card.Close()
		return nil, &Fault{CardNonsense, err}
	}
	if err := card.agree(ctx, a); err != nil {
		_ = card.Close()
		return nil, err
	}
	return card, nil
}

// powerOn tries the voltages that the reader has, the highest first as EMV cards want it,
// unless it does that itself: bPowerSelect, CCID 1.1, 6.1.1.
func (c *ccid) powerOn(ctx context.Context) ([]byte, error) {
	voltages := []byte{0}
	if c.desc.features&autoVoltage == 0 {
		voltages = voltages[:0]
		for i := range byte(3) {
			if c.desc.voltages&(1<<i) != 0 {
				voltages = append(voltages, i+1)
			}
		}
		if len(voltages) == 0 {
			voltages = []byte{1}
		}
	}
	var last error
	for i, v := range voltages {
		if i > 0 { // a card has to be without power in between: ISO/IEC 7816-3, 6.2.3
			if _, err := c.command(ctx, iccPowerOff, [3]byte{}, nil); err != nil {
				return nil, err
			}
		}
		m, err := c.command(ctx, iccPowerOn, [3]byte{v}, nil)
		if err == nil {
			return bytes.Clone(m.data), nil
		}
		if last = err; CodeOf(err) == "" || CodeOf(err) == CardRemoved {
			break
		}
	}
	return nil, c.silence(ctx, last)
}

// silence finds out whether a card that does not answer is still there: a reader that says
// nothing at all is one that has to be attached anew.
func (c *ccid) silence(ctx context.Context, err error) error {
	if CodeOf(err) != CardMute && (CodeOf(err) != "" || port.ReasonOf(err) != devices.TimedOut) || ctx.Err() != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, silenceWithin)
	defer cancel()
	in, asked := c.present(ctx)
	switch {
	case asked != nil && CodeOf(err) == "":
		return err
	case asked == nil && !in:
		return &Fault{CardRemoved, ErrRemoved}
	}
	return &Fault{CardMute, nil}
}

// agree sets what reader and card speak. Readers that take APDUs do it themselves; the
// others are told, and speak T=0 at the speed at which the card begins.
func (k *ccidCard) agree(ctx context.Context, a atr) error {
	if k.c.desc.level != tpdu {
		return nil
	}
	if a.protocol() != 0 {
		return &Fault{Unsupported, ErrProtocol}
	}
	k.t0 = true
	if k.c.desc.features&(autoConfigure|autoNegotiate) != 0 {
		m, err := k.c.command(ctx, getParameters, [3]byte{}, nil)
		if err == nil && m.extra != 0 {
			return &Fault{Unsupported, ErrProtocol}
		}
		return err
	}
	speed, convention := byte(0x11), byte(0)
	if a.specific {
		speed = a.fiDi
	}
	if a.inverse {
		convention = 2
	}
	// abProtocolDataStructure for T=0: CCID 1.1, 6.1.7.
	_, err := k.c.command(ctx, setParameters, [3]byte{0}, []byte{speed, convention, a.guard, a.waiting, 0})
	return err
}

// Exchange implements Chip.
func (k *ccidCard) Exchange(ctx context.Context, apdu []byte) ([]byte, error) {
	return exchange(ctx, apdu, k.t0, k.transmit)
}

// transmit sends one block and gathers the parts of its answer: bChainParameter and
// wLevelParameter, CCID 1.1, 6.1.4 and 6.2.1.
func (k *ccidCard) transmit(ctx context.Context, block []byte) ([]byte, error) {
	const goOn = 0x10
	m, err := k.c.command(ctx, xfrBlock, [3]byte{}, block)
	var answer []byte
	for range maxRounds {
		if err != nil {
			clear(answer)
			return nil, k.c.silence(ctx, err)
		}
		if len(answer)+len(m.data) > maxAnswer {
			break
		}
		answer = grow(answer, m.data)
		clear(m.data)
		switch m.extra {
		case 1, 3:
			m, err = k.c.command(ctx, xfrBlock, [3]byte{0, goOn, 0}, nil)
		case 0, 2:
			return answer, nil
		default:
			clear(answer)
			return nil, &port.Error{Reason: devices.Interrupted, Err: ErrGarbled}
		}
	}
	clear(answer)
	return nil, &Fault{CardNonsense, ErrTooMany}
}

// ATR implements Chip.
func (k *ccidCard) ATR() []byte { return bytes.Clone(k.raw) }

// Close implements Chip.
func (k *ccidCard) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), controlWithin)
	defer cancel()
	_, err := k.c.command(ctx, iccPowerOff, [3]byte{}, nil)
	clear(k.c.buf[:cap(k.c.buf)])
	if errors.Is(err, ErrRemoved) {
		return nil
	}
	return err
}
