package uitest

import (
	"context"

	"veratill/app/present"
)

// Update implements present.Updating.
func (d *Desk) Update() present.Update {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.UpdateNow
}

// PrepareUpdate implements present.Updating.
func (d *Desk) PrepareUpdate(_ context.Context, tell func(present.UpdateStep)) (code, detail string) {
	for _, s := range present.UpdateSteps {
		tell(s)
	}
	d.mu.Lock()
	gate := d.Gate
	d.note("update")
	code = d.UpdateCode
	d.mu.Unlock()
	if gate != nil {
		<-gate
	}
	return code, ""
}

// RetryUpdate implements present.Updating.
func (d *Desk) RetryUpdate() (code, detail string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note("retry update")
	d.UpdateNow.State = "offered"
	return "", ""
}

// UpdateTold implements present.Updating.
func (d *Desk) UpdateTold() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note("update told")
	return nil
}
