package uitest

import (
	"context"
	"errors"
	"slices"
	"strings"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/clearing"
)

// Standing implements present.Reconciling.
func (d *Desk) Standing(context.Context) (clearing.Standing, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.StandingNow
	s.Items = slices.Clone(s.Items) // the window reads them while somebody answers one
	return s, nil
}

// Bills implements present.Reconciling.
func (d *Desk) Bills(context.Context) []present.Bill {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.BillsNow
}

// TryFile implements present.Reconciling. A file of which the name begins with "cut" is damaged.
func (d *Desk) TryFile(_ context.Context, path string) (present.TriedFile, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note("tried " + path)
	if strings.Contains(path, "cut") {
		return present.TriedFile{}, &clearing.RefusedError{Trouble: clearing.RowCut, Format: "wechat", Line: 12}
	}
	return d.TriedNow, nil
}

// TakeFile implements present.Reconciling.
func (d *Desk) TakeFile(_ context.Context, by txn.Actor, path string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noteBy(by, "took "+path)
	d.StandingNow = d.TriedNow.Standing
	return nil
}

// AnswerDifference implements present.Reconciling.
func (d *Desk) AnswerDifference(_ context.Context, by txn.Actor, a txn.Answered) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if a.Due != "" && len(a.Due) != 10 {
		return errors.New(a.Due + " is no date: write 2026-12-31")
	}
	d.noteBy(by, "answered "+a.Key+" by "+a.Owner+" "+a.Said)
	for i, item := range d.StandingNow.Items {
		if item.Key == a.Key {
			d.StandingNow.Items[i].Answer, d.StandingNow.Items[i].Open = &a, !a.Closed
		}
	}
	return nil
}

// LinkAlone implements present.Reconciling.
func (d *Desk) LinkAlone(_ context.Context, by txn.Actor, owner string) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noteBy(by, "linked alone by "+owner)
	n := len(d.StandingNow.StandsAlone())
	d.StandingNow.Items = slices.DeleteFunc(d.StandingNow.Items, func(i clearing.Difference) bool { return i.Alone != 0 })
	return n, nil
}

// TakeFileOut implements present.Reconciling.
func (d *Desk) TakeFileOut(_ context.Context, by txn.Actor, name, owner string) (txn.FileKept, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noteBy(by, "took out "+name+" by "+owner)
	return txn.FileKept{SHA256: name}, nil
}
