package uitest

import (
	"veratill/app/present"
	"veratill/txn"
)

// About implements present.Overview.
func (d *Desk) About() present.About { d.mu.Lock(); defer d.mu.Unlock(); return d.AboutNow }

// Chips implements present.Overview.
func (d *Desk) Chips() []present.Chip {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]present.Chip(nil), d.ChipsNow...)
}

// Watch implements present.Overview.
func (d *Desk) Watch(changed func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.watchers = append(d.watchers, changed)
}

// Finishing implements present.Overview.
func (d *Desk) Finishing() []present.Recovered {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]present.Recovered(nil), d.Found...)
}

// ForPerson implements present.Overview.
func (d *Desk) ForPerson() []txn.Matter {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]txn.Matter(nil), d.ForManager...)
}

// Looked implements present.Overview.
func (d *Desk) Looked(id txn.ID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note("looked " + id.String())
}

// Raised implements present.Overview.
func (d *Desk) Raised(func()) {}

// SavePreference implements present.Overview.
func (d *Desk) SavePreference(name, value string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note(name + "=" + value)
	return nil
}
