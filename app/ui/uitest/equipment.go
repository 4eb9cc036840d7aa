package uitest

import (
	"context"

	"veratill/app/present"
)

// Devices implements present.Equipment.
func (d *Desk) Devices(context.Context) []present.Device {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]present.Device{}, d.Plugged...)
}

// UseDevice implements present.Equipment.
func (d *Desk) UseDevice(_ context.Context, p present.Part, address string) error {
	d.Change(func(d *Desk) {
		d.note("use " + string(p) + " " + address)
		for i := range d.Plugged {
			if d.Plugged[i].InUse == p {
				d.Plugged[i].InUse = ""
			}
			if d.Plugged[i].Address == address {
				d.Plugged[i].InUse = p
			}
		}
	})
	return nil
}

// PrintTestPage implements present.Equipment.
func (d *Desk) PrintTestPage(context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note("test page")
	return d.PageErr
}

// TrySwipe implements present.Checking.
func (d *Desk) TrySwipe(ctx context.Context) (present.Swipe, error) {
	d.mu.Lock()
	d.note("try swipe")
	d.mu.Unlock()
	select {
	case <-d.presented:
		return present.Swipe{Masked: "622848******1234", Scheme: "UnionPay"}, nil
	case <-ctx.Done():
		return present.Swipe{}, ctx.Err()
	}
}

// Test implements present.Checking.
func (d *Desk) Test(_ context.Context, p present.Part) (string, error) {
	return string(p) + " answers in 12 ms", nil
}

// Reconnect implements present.Checking.
func (d *Desk) Reconnect(context.Context, present.Part) error { return nil }
