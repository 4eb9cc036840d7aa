package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"veratill/app/control"
	"veratill/app/desk"
	"veratill/app/doctor"
	"veratill/app/finding"
	"veratill/app/lines"
	"veratill/app/office"
	"veratill/app/present"
	"veratill/app/print"
	"veratill/app/shop"
	"veratill/txn/disk"
	"veratill/txn/journal"
	"veratill/txn/report"
	"veratill/txn/slips"
	"veratill/txn/vault"
)

// look answers a question from the journal of a folder, which is read and not opened, or from the till that runs on it: nothing is written,
// and no start is told. Books that a newer program has written are read up to its first entry: then the error is a newerBooks.
func look[T any](ctx context.Context, c *call, s *place, question string, answer func(journal.Seen) (T, error)) (value T, err error) {
	o, err := s.books(ctx, c)
	if err != nil {
		return value, err
	}
	seen, err := journal.Look(ctx, o.Dir, journal.Options{Progress: c.progress()})
	if errors.Is(err, journal.ErrInUse) {
		return value, control.Ask(ctx, o.Dir, question, &value)
	}
	if err != nil {
		return value, damaged(err)
	}
	if value, err = answer(seen); err != nil || seen.Newer == nil {
		return value, err
	}
	return value, newerBooks{fmt.Errorf("%w: %w. This is what stands in the %d entries before it. Nothing was changed or sent: install that Veratill to go on",
		journal.ErrNewer, seen.Newer, seen.Entries)}
}

// peeked answers a question from the journal of a folder as it lies, of which the newest entries alone are checked, or from the till that runs on it.
func peeked[T any](ctx context.Context, c *call, s *place, question string, answer func(shop.Options, *journal.Journal) (T, error)) (value T, err error) {
	o, err := s.books(ctx, c)
	if err != nil {
		return value, err
	}
	var failed error
	err = journal.Peek(ctx, o.Dir, journal.Options{}, func(j *journal.Journal) { value, failed = answer(o, j) })
	if errors.Is(err, journal.ErrInUse) {
		return value, control.Ask(ctx, o.Dir, question, &value)
	}
	return value, errors.Join(err, failed)
}

// longBooks is how many entries are verified without a word: a second's work.
const longBooks = 20_000

// progress tells of long books how far a look at them has come, on the error output: it is no part of the answer.
func (c *call) progress() func(entry, all int64) {
	told := int64(0)
	return func(entry, all int64) {
		if percent := 10 * (10 * entry / max(all, 1)); all > longBooks && percent > told {
			told = percent
			fmt.Fprintf(c.errOut, "%s: the books are read: %d %%\n", c.name(), percent)
		}
	}
}

// books are the options of a till that has books.
func (s *place) books(ctx context.Context, c *call) (shop.Options, error) {
	o, err := s.options()
	if err != nil {
		return o, err
	}
	if !journal.Exists(o.Dir) {
		return o, fmt.Errorf("there is no journal in %s", o.Dir)
	}
	if err := s.guard(ctx, c, o.Update); err != nil {
		return o, err
	}
	if s.notice != "" {
		fmt.Fprintln(c.errOut, "veratill: "+s.notice)
	}
	return o, nil
}

// asked asks the till of a folder, or else the one that runs on it.
func asked[T any](ctx context.Context, c *call, s *place, question string, answer func(*shop.Shop) (T, error)) (value T, err error) {
	o, err := s.options()
	if err != nil {
		return value, err
	}
	if !journal.Exists(o.Dir) {
		return value, fmt.Errorf("there is no journal in %s", o.Dir)
	}
	till, err := s.open(ctx, c, func(o *shop.Options) { o.NoReader, o.NoPrinter, o.NoBank, o.Look = true, true, true, true })
	if errors.Is(err, journal.ErrInUse) {
		return value, control.Ask(ctx, o.Dir, question, &value)
	}
	if err != nil {
		return value, err
	}
	defer till.Stop()
	return answer(till)
}

// newerBooks says that an answer holds only what came before a newer program's first entry.
type newerBooks struct{ error }

// partly says on the error output that an answer is not the whole one, and reports whether there is an answer.
func (c *call) partly(err error) (code int, answered bool) {
	var newer newerBooks
	if errors.As(err, &newer) {
		fmt.Fprintf(c.errOut, "%s: %v\n", c.name(), newer)
		return exitFault, true
	}
	if err != nil {
		return c.fail(err), false
	}
	return exitOK, true
}

// journalCommand looks at the journal: its first word says how.
func journalCommand(ctx context.Context, c *call) int {
	s := place{looking: true}
	s.folder(c)
	asJSON := c.flags.Bool("json", false, "answer in JSON")
	words, code, done := c.parseAround()
	if done {
		return code
	}
	switch what := strings.Join(words, " "); {
	case what == "verify":
		return verify(ctx, c, &s, *asJSON)
	case what == "list":
		return list(ctx, c, &s, *asJSON)
	case len(words) > 0 && words[0] == "audit":
		return audit(ctx, c, &s, strings.Join(words[1:], " "), *asJSON)
	case what == "backup":
		return backUp(ctx, c, &s, *asJSON)
	case len(words) == 2 && words[0] == "check":
		return check(ctx, c, words[1], *asJSON)
	case len(words) == 2 && words[0] == "restore":
		return restore(ctx, c, &s, words[1], *asJSON)
	}
	return c.misused("say verify, list, audit [WORDS], backup, check FILE, or restore FILE")
}

// restore makes a backup the books of a folder that has none.
func restore(ctx context.Context, c *call, s *place, path string, asJSON bool) int {
	o, err := s.options()
	if err != nil {
		return c.fail(err)
	}
	if err := ownAccount(o.Dir); err != nil {
		return c.fail(err)
	}
	v, beside, err := office.Restore(ctx, path, o.Dir)
	switch {
	case errors.Is(err, office.ErrHasBooks):
		return c.fail(fmt.Errorf("%s has books, and nothing of them was changed: name an empty folder with -data, or move that one away and keep it", o.Dir))
	case err != nil:
		return c.fail(fmt.Errorf("nothing was restored: %w", err))
	}
	if beside != nil {
		fmt.Fprintf(c.errOut, "%s: the books are back, and what lies beside the backup is not: %v. Copy the folders slips and messages and the file %s from there before the first start\n", c.name(), beside, vault.PublicKeysName)
	}
	if o.Dir != o.SettingsDir {
		fmt.Fprintf(c.errOut, "%s: the books lie in %s, which is a demonstration's, because %s has no settings of a shop. If these are a shop's books, move that folder away, put settings.toml into %s, and restore again\n",
			c.name(), o.Dir, o.SettingsDir, o.SettingsDir)
	}
	if asJSON {
		return c.print(v)
	}
	fmt.Fprintf(c.errOut, "%s: the books are back as the backup had them. What was paid after it is in no books: compare the last payments with the bank's list. "+
		"At the first start the till moves its numbers ahead, and takes no card before somebody has read why (veratill numbers -seen NAME)\n", c.name())
	return c.holds("it", v, false)
}

func list(ctx context.Context, c *call, s *place, asJSON bool) int {
	listed, err := look(ctx, c, s, "list", desk.ListSeen)
	code, answered := c.partly(err)
	if !answered {
		return code
	}
	if asJSON {
		return max(code, c.print(listed))
	}
	for _, l := range listed {
		fmt.Fprintf(c.out, "%6d %06d/%06d %-4s %-4s %12d %s %-9s charged: %-7s paper: %s%s\n", l.Attempt, l.Batch, l.STAN, l.Type, l.Tender, l.AmountMinor, l.Currency, l.State, l.Charged, l.Paper, demoWord(l.Demo))
	}
	return code
}

// backUp makes a verified copy of the books, also while the till sells.
func backUp(ctx context.Context, c *call, s *place, asJSON bool) int {
	made, err := asked(ctx, c, s, "backup", func(t *shop.Shop) (desk.BackedUp, error) { return t.Desk.Backup(ctx) })
	if err != nil {
		return c.fail(err)
	}
	if asJSON {
		return c.print(made)
	}
	fmt.Fprintln(c.out, made.Path)
	return c.holds("it", made.Verified, false)
}

// check verifies a backup, wherever it lies, and changes nothing of it.
func check(ctx context.Context, c *call, path string, asJSON bool) int {
	v, err := journal.CheckBackup(ctx, path, journal.Options{})
	if err != nil {
		return c.fail(fmt.Errorf("%s is no backup that holds, and nothing of it was changed: %w", path, err))
	}
	return c.holds("the backup", v, asJSON)
}

func verify(ctx context.Context, c *call, s *place, asJSON bool) int {
	v, err := look(ctx, c, s, "verify", func(seen journal.Seen) (desk.Verified, error) {
		return desk.VerifiedSeen(seen, slips.New(disk.System{}, s.read.Dir), time.Now())
	})
	code, answered := c.partly(err)
	if !answered {
		return code
	}
	if asJSON {
		return max(code, c.print(v))
	}
	code = max(code, c.holds("the journal", v.Verified, false))
	if v.Slips.Kept+v.Slips.Missing+v.Slips.Removed > 0 {
		fmt.Fprintf(c.out, "merchant's slips: %d kept, %d missing or altered, %d removed after %d months\n", v.Slips.Kept, v.Slips.Missing, v.Slips.Removed, slips.Months)
	}
	return code
}

// holds says what was verified.
func (c *call) holds(what string, v journal.Verified, asJSON bool) int {
	if asJSON {
		return c.print(v)
	}
	fmt.Fprintf(c.out, "%s holds: %d entries, %d attempts, %d days, head %s\n", what, v.Entries, v.Attempts, v.Days, v.Head)
	return exitOK
}

func totals(ctx context.Context, c *call) int {
	s := place{looking: true}
	s.folder(c)
	asJSON := c.flags.Bool("json", false, "answer in JSON")
	batch := c.flags.Int64("batch", 0, "`number` of a day that is closed (default: the open day)")
	out := c.flags.String("out", "", "`file` that gets them: as a table (.csv, .xlsx), or as the X or the Z itself (.pdf)")
	if code, done := c.noMore(); done {
		return code
	}
	question := "totals"
	if *batch != 0 {
		question += "?batch=" + strconv.FormatInt(*batch, 10)
	}
	t, err := totalsAsked(ctx, c, &s, question, *batch)
	code, answered := c.partly(err)
	if !answered {
		return code
	}
	if *out != "" {
		if err := finding.WriteExport(*out, present.TotalsExport(t), print.OptionsOf(s.read.Settings), time.Now()); err != nil {
			return c.fail(fmt.Errorf("the totals were not written: %w", err))
		}
		fmt.Fprintln(c.out, *out)
		return code
	}
	if *asJSON {
		return max(code, c.print(t))
	}
	fmt.Fprintf(c.out, "%s batch %06d %s%s\nsales %d, %d\nvoids %d, %d\nrefunds %d, %d\nnet %d\nnot known yet %d\n", t.Date, t.Batch, t.Currency, demoWord(t.Demo),
		t.Sales.Count, t.Sales.AmountMinor, t.Voids.Count, t.Voids.AmountMinor, t.Refunds.Count, t.Refunds.AmountMinor, t.NetMinor, t.Open)
	if t.Kept.Count > 0 {
		fmt.Fprintf(c.out, "kept by the bank %d, %d\n", t.Kept.Count, t.Kept.AmountMinor)
	}
	for _, o := range t.Carried {
		fmt.Fprintf(c.out, "unresolved: attempt %d, STAN %06d of batch %06d, %s %d, %s\n", o.Attempt, o.STAN, o.Batch, o.Type, o.AmountMinor, o.Reason)
	}
	if len(t.Settlements) > 0 {
		saySettlements(c.out, t.Settlements, nil)
	}
	return code
}

// totalsAsked are the totals of a day. The open one is proved from its own entries; for a closed one, and in books that another program wrote last, all
// entries are read.
func totalsAsked(ctx context.Context, c *call, s *place, question string, batch int64) (report.Totals, error) {
	if batch == 0 {
		t, err := peeked(ctx, c, s, question, func(_ shop.Options, j *journal.Journal) (report.Totals, error) {
			begins, err := s.read.Settings.DayBegins()
			if err != nil {
				return report.Totals{}, err
			}
			return desk.OpenDay(ctx, j, begins, time.Now())
		})
		if !errors.Is(err, journal.ErrNewer) {
			return t, damaged(err)
		}
	}
	return look(ctx, c, s, question, func(seen journal.Seen) (report.Totals, error) {
		if batch != 0 {
			return desk.ClosedSeen(seen, batch)
		}
		begins, err := s.read.Settings.DayBegins()
		if err != nil {
			return report.Totals{}, err
		}
		return desk.TotalsSeen(seen, begins, time.Now())
	})
}

// damaged says of books that do not hold what to do.
func damaged(err error) error {
	if errors.Is(err, journal.ErrDamaged) || errors.Is(err, journal.ErrDiffers) {
		return fmt.Errorf("%w. Nothing was changed. Keep the data folder as it is, see veratill journal verify, and ask whoever looks after this till", err)
	}
	return err
}

// walletChecks ask each provider of payment codes about a number that nobody has, and look at the keys.
func walletChecks(ctx context.Context, o shop.Options) (all []doctor.Check) {
	for _, w := range lines.Examine(ctx, lines.Options{Settings: o.Settings, Dir: o.SettingsDir}) {
		check := doctor.Check{Name: "payment codes", Level: doctor.Good, Detail: w.Name}
		if w.Rate != "" {
			check.Detail += ", which keeps " + w.Rate + " %"
		}
		const clockMost = time.Minute
		switch {
		case w.Shared != "":
			check.Level, check.Detail = doctor.Bad, "others can read "+w.Shared+", the key of "+w.Name+": let its owner alone read it, and have the provider give the shop another key"
		case w.Err != nil:
			check.Level, check.Detail = doctor.Bad, w.Name+": "+w.Err.Error()
		case w.Skew.Abs() > clockMost:
			check.Level, check.Detail = doctor.Warning, fmt.Sprintf("%s: its clock differs from this computer's by %s: set the time", w.Name, w.Skew.Round(time.Second))
		}
		all = append(all, check)
	}
	return all
}

func examine(ctx context.Context, c *call) int {
	s := place{looking: true}
	s.folder(c)
	asJSON := c.flags.Bool("json", false, "answer in JSON")
	if code, done := c.noMore(); done {
		return code
	}
	o, err := s.options()
	if err != nil {
		return c.fail(err)
	}
	page := struct {
		OK     bool           `json:"ok"`
		Checks []doctor.Check `json:"checks"`
	}{OK: true, Checks: doctor.Folder(o.Dir, o.SettingsDir)}
	page.Checks = append(page.Checks, walletChecks(ctx, o)...)
	page.Checks = append(page.Checks, receiptChecks(o)...)
	if journal.Exists(o.Dir) {
		checks, err := look(ctx, c, &s, "doctor", func(seen journal.Seen) ([]doctor.Check, error) {
			names, marks := shop.LineNames(o)
			return desk.ChecksSeen(seen, names, marks, o.StateDir)
		})
		if other := (*handedOver)(nil); errors.As(err, &other) {
			return other.code
		}
		page.Checks = append(page.Checks, checks...)
		if err != nil {
			page.Checks = append(page.Checks, doctor.Check{Name: "journal", Level: doctor.Bad, Detail: err.Error()})
		}
	}
	for _, check := range page.Checks {
		page.OK = page.OK && check.Level != doctor.Bad
	}
	if *asJSON {
		c.print(page)
	} else {
		for _, check := range page.Checks {
			fmt.Fprintf(c.out, "%-8s %-22s %s\n", check.Level, check.Name, check.Detail)
		}
	}
	if !page.OK {
		return exitFault
	}
	return exitOK
}
