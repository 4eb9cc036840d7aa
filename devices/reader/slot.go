package reader

import (
	"context"
	"errors"
	"time"

	"veratill/devices"
)

// slot is a chip reader's place for a card, whoever drives the reader.
type slot interface {
	// present asks whether a card is in. Errors are of the reader.
	present(ctx context.Context) (bool, error)
	// change returns when that may have changed, when wake has a token, and at times besides.
	change(ctx context.Context, wake <-chan struct{})
	// listen runs beside all that and hears of changes, until ctx ends (nil) or the reader is lost.
	listen(ctx context.Context) error
	// connect gives the card power.
	connect(ctx context.Context) (Chip, error)
	Close() error
}

// chipWithin is for all of reading one card.
const chipWithin = 30 * time.Second

// chips serves the cards of a slot.
type chips struct{ slot }

// serve implements attached. A card is read when somebody waits, once: it has to be taken
// out before it is read again, so that no card pays twice because it was left in.
func (s chips) serve(ctx context.Context, d *Driver) error {
	ctx, cancel := context.WithCancelCause(ctx)
	heard := make(chan struct{})
	go func() {
		defer close(heard)
		if err := s.listen(ctx); err != nil {
			cancel(err)
		}
	}()
	err := s.watch(ctx, d)
	if lost := context.Cause(ctx); lost != nil && !errors.Is(lost, context.Canceled) {
		err = lost
	}
	cancel(nil)
	<-heard
	return err
}

func (s chips) watch(ctx context.Context, d *Driver) error {
	used := false
	for {
		in, err := s.present(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return err
		case !in:
			used = false
		case !used && d.hand.wants():
			used = true
			if err := s.read(ctx, d); err != nil {
				return err
			}
		}
		s.change(ctx, d.hand.wake)
	}
}

// read reads the card that is in. The error is the reader's; what is the card's goes to who waits.
func (s chips) read(ctx context.Context, d *Driver) error {
	d.state.Set(devices.Busy, devices.None, "")
	card, err := s.card(ctx)
	if ctx.Err() != nil || err != nil && CodeOf(err) == "" {
		card.Zero()
		d.hand.give(Card{}, &Fault{SwipeLost, nil})
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	d.state.Set(devices.Ready, devices.None, "")
	d.hand.give(card, err)
	return nil
}

func (s chips) card(ctx context.Context) (Card, error) {
	ctx, cancel := context.WithTimeout(ctx, chipWithin)
	defer cancel()
	chip, err := s.connect(ctx)
	if err != nil {
		return Card{}, err
	}
	card, err := readChip(ctx, chip)
	_ = chip.Close()
	if errors.Is(err, context.DeadlineExceeded) {
		err = &Fault{CardMute, err}
	}
	return card, err
}
