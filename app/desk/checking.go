package desk

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"veratill/app/doctor"
	"veratill/app/present"
	"veratill/devices/reader"
	"veratill/txn"
	"veratill/txn/till"
)

// Checks looks at what this till stands on, for `doctor`.
func (d *Desk) Checks(ctx context.Context) []doctor.Check {
	all := []doctor.Check{d.Backups().check(d.config.Now())}
	for _, chip := range d.Chips() {
		level := doctor.Good
		switch chip.Health {
		case present.Attention, present.Busy:
			level = doctor.Warning
		case present.Offline:
			level = doctor.Bad
		}
		detail := cmp.Or(chip.Code, chip.Address)
		if chip.LastError != "" {
			detail += " (" + chip.LastError + ")"
		}
		all = append(all, doctor.Check{Name: string(chip.Part), Level: level, Detail: detail})
	}
	all = append(all, d.numbersCheck(), d.owedCheck(ctx))
	owed, err := d.journal.SettlementsOwed(ctx)
	if err != nil {
		return append(all, doctor.Check{Name: settlementsName, Level: doctor.Bad, Detail: err.Error()})
	}
	return append(all, settlementsCheck(owed)...)
}

// Examine implements present.Checking.
func (d *Desk) Examine(ctx context.Context) (all []present.Check) {
	for _, c := range append(doctor.Folder(d.config.Dir, d.config.SettingsDir), d.Checks(ctx)...) {
		all = append(all, present.Check{Name: c.Name, Level: string(c.Level), Detail: c.Detail})
	}
	return all
}

const settlementsName = "settlement"

// settlementsCheck names the batches that have not been settled to their end; nothing where there is none.
func settlementsCheck(owed []txn.Settlement) (all []doctor.Check) {
	for _, s := range owed {
		if !s.Unfinished() {
			continue
		}
		does := "the till keeps asking"
		if s.State == txn.SettlementRefused {
			does = "ask the bank why (code " + s.Code + "), then veratill settle -again, or -leave NAME where it settles by itself"
		}
		all = append(all, doctor.Check{Name: settlementsName, Level: doctor.Warning, Detail: fmt.Sprintf("batch %06d on %q is %s: %s", s.Batch, s.Line, s.State, does)})
	}
	return all
}

func movedDetail(why txn.NumberWhy, stateDir string) string {
	detail := fmt.Sprintf("they moved ahead (%s): veratill numbers says why", why)
	if why == txn.MarkUnreadable {
		detail += fmt.Sprintf("; what could not be read was put aside in %s", stateDir)
	}
	return detail
}

// numbersCheck says whether the numbers of payments are in doubt, and what the start found of the mark outside the books.
func (d *Desk) numbersCheck() doctor.Check {
	n := d.journal.Numbers()
	check := doctor.Check{Name: "numbers", Level: doctor.Good, Detail: fmt.Sprintf("the last one is %s", n.Last)}
	if n.Why != "" {
		check.Level, check.Detail = doctor.Warning, movedDetail(n.Why, d.config.StateDir)
	}
	switch found := d.till.MarkFound(); {
	case found.State == till.MarkNew && n.Last > 0:
		check.Level = doctor.Warning
		check.Detail += "; no mark of them was kept outside the books until now: nothing said whether these books were the newest, and so nothing open in them was undone"
	case found.State == till.MarkFails:
		check.Level = doctor.Warning
		check.Detail += fmt.Sprintf("; the mark outside the books can't be kept (%v), so that books which are lost or copied are not noticed, and what a start finds open is undone by nobody: make the state folder writable, or name another one in VERATILL_STATE", found.Err)
	case found.State == till.NoMarks && !d.config.Demo && !d.gear.Settings().CashOnly():
		check.Level = doctor.Warning
		check.Detail += "; no mark is kept outside the books, because no state folder is known: name one in VERATILL_STATE"
	}
	return check
}

func (d *Desk) owedCheck(ctx context.Context) doctor.Check {
	owed, err := d.till.OwedBy(ctx)
	if err != nil {
		return doctor.Check{Name: owedName, Level: doctor.Bad, Detail: err.Error()}
	}
	return owedCheck(owed)
}

const owedName = "payments not known yet"

func owedCheck(owed till.Owings) doctor.Check {
	check := doctor.Check{Name: owedName, Level: doctor.Good, Detail: "none"}
	var todo []string
	for _, part := range []struct {
		n    int
		does string
	}{
		{owed.Bank, "the bank has not answered for %d: run veratill recover"},
		{owed.Elsewhere, "%d are owed to a bank or wallet that the settings no longer name: put it back, or say veratill moved -who NAME"},
		{owed.Resolve, "the bank says no more of %d, or holds a payment under the number that may be another's: ask the bank, then say veratill resolve with what it wrote"},
		{owed.People, "nobody has said what the separate terminal showed of %d: run veratill said, or say it in the window"},
		{owed.Sales, "%d sales are paid in part: finish them in the window or with veratill sell -sale, or undo them with veratill recover -undo"},
	} {
		if part.n > 0 {
			todo = append(todo, fmt.Sprintf(part.does, part.n))
		}
	}
	if len(todo) > 0 {
		check.Level, check.Detail = doctor.Warning, strings.Join(todo, "; ")
	}
	return check
}

// Test implements present.Checking.
func (d *Desk) Test(ctx context.Context, p present.Part) (string, error) {
	switch p {
	case present.Bank:
		took, err := d.bank.Echo(ctx)
		return fmt.Sprintf("echo %d ms", took.Milliseconds()), err
	case present.Journal:
		v, err := d.journal.Verify(ctx)
		return fmt.Sprintf("%d entries, %d attempts", v.Entries, v.Attempts), err
	}
	return d.gear.Test(ctx, p)
}

// Reconnect implements present.Checking.
func (d *Desk) Reconnect(ctx context.Context, p present.Part) error {
	switch p {
	case present.Bank:
		return d.bank.Reconnect(ctx)
	case present.Journal:
		return d.journal.Failed()
	}
	return d.gear.Reconnect(ctx, p)
}

// TrySwipe implements present.Checking.
func (d *Desk) TrySwipe(ctx context.Context) (present.Swipe, error) {
	card, err := d.gear.ReadCard(ctx)
	if err != nil {
		return present.Swipe{}, err
	}
	defer card.Zero()
	code, _ := d.refusal(card) // the code says it
	return present.Swipe{Masked: card.Masked(), Scheme: string(card.Scheme()), Chip: card.Entry() == reader.Inserted, Code: code}, nil
}
