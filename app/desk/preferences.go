package desk

import (
	"encoding/json"
	"path/filepath"
	"strconv"

	"veratill/assets/files"
	"veratill/txn/disk"
)

// preferencesFile keeps what the window changes: never the commented settings file.
func (d *Desk) preferencesFile() string { return filepath.Join(d.config.Dir, "window.json") }

// ownBytes is more than the window's own small files take.
const ownBytes = 16 << 20

func (d *Desk) preferences() map[string]string {
	p := map[string]string{}
	if text, err := files.Read(d.preferencesFile(), ownBytes); err == nil && json.Unmarshal(text, &p) != nil {
		return map[string]string{} // a damaged preference is no preference
	}
	return p
}

// SavePreference implements present.Overview.
func (d *Desk) SavePreference(name, value string) error {
	p := d.preferences()
	p[name] = value
	return writeJSON(d.preferencesFile(), p)
}

// writeJSON replaces a small file whole, so that a kill leaves the old or the new one.
func writeJSON(path string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return disk.Replace(disk.System{}, path, text)
}

// Raised implements present.Overview.
func (d *Desk) Raised(raise func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.raise = raise
}

// Raise brings the window to the front, and reports whether there is one.
func (d *Desk) Raise() bool {
	d.mu.Lock()
	raise := d.raise
	d.mu.Unlock()
	if raise != nil {
		raise()
	}
	return raise != nil
}

// number is a preference that is one; what is none is 0.
func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
