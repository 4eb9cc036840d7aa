package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"veratill/app/finding"
	"veratill/app/present"
	"veratill/app/shop"
	"veratill/txn"
	"veratill/txn/clearing"
	"veratill/txn/journal"
	"veratill/txn/money"
)

// reconciling are the flags of finding.
type reconciling struct {
	place
	file, format, hash, mapping string
	who                         string
	dry, all, asJSON, link      bool
	out                         string
	answer                      txn.Answered
	attempt                     int64
}

// reconcileFiles takes a file of a bank, an acquirer or a wallet in, lists what differs, or keeps what was done about a difference.
func reconcileFiles(ctx context.Context, c *call) int {
	r := reconciling{place: place{looking: true}}
	r.folder(c)
	f := c.flags
	f.StringVar(&r.format, "format", "", "whose file it is: "+formatsNamed()+" (default: found by its columns)")
	f.StringVar(&r.hash, "hash", "", "the file's SHA-1 or SHA-256 in `hex`, as the provider gives it")
	f.StringVar(&r.mapping, "map", "", "`columns` of a table: amount=Betrag,time=Datum,order=Referenz; kept for the next file with these columns. Each is one of "+columnsNamed())
	f.StringVar(&r.who, "who", "", "`name` of who takes the file in or answers (default: the settings' cashier)")
	f.BoolVar(&r.dry, "dry", false, "say what the file has and how it differs, and keep nothing")
	f.BoolVar(&r.all, "all", false, "list what matches and what is closed, too")
	f.StringVar(&r.answer.Key, "key", "", "answer the difference that is named so: `KEY`, as the list shows it")
	f.StringVar(&r.answer.Owner, "owner", "", "`name` of who sees to it")
	f.StringVar(&r.answer.Note, "note", "", "what was found, in `words`")
	f.StringVar(&r.answer.Due, "due", "", "by which `date`: 2026-12-31")
	f.StringVar(&r.answer.Said, "said", "", "what the bank `answered`: 贷记调整 (credit adjustment), 请款, 退单, 再请款")
	f.BoolVar(&r.answer.Closed, "close", false, "nothing is left to do about it")
	f.Int64Var(&r.attempt, "attempt", 0, "of a row that may be an attempt's: the attempt's `number`")
	f.BoolVar(&r.answer.Apart, "apart", false, "a row that was given to an attempt is not its after all: -key is the row's or the attempt's")
	f.BoolVar(&r.link, "link", false, "give each row that may be one claim alone, which no other row may be, to it, by the word of -owner")
	f.StringVar(&r.out, "out", "", "take a `file` out again that was a wrong one: its name, or the begin of its SHA-256")
	f.BoolVar(&r.asJSON, "json", false, "answer in JSON")
	words, code, done := c.parseAround()
	if done {
		return code
	}
	if wrong := r.check(words); wrong != "" {
		return c.misused("%s", wrong)
	}
	var err error
	switch {
	case r.answer.Key != "" || r.link || r.out != "":
		err = r.answers(ctx, c)
	case r.file != "":
		err = r.takes(ctx, c)
	default:
		err = r.lists(ctx, c)
	}
	if err != nil {
		return c.fail(err)
	}
	return exitOK
}

// check says what is wrong with the flags.
func (r *reconciling) check(words []string) string {
	if len(words) > 1 {
		return "one file at a time"
	}
	if len(words) == 1 {
		r.file = words[0]
	}
	r.answer.Attempt = txn.ID(r.attempt)
	switch {
	case r.format != "" && !slices.Contains(clearing.Formats, clearing.Format(r.format)):
		return "-format is one of " + formatsNamed()
	case r.acts() > 0 && r.file != "":
		return "take the file in first, then answer"
	case r.acts() > 1:
		return "one of -key, -link and -out at a time"
	case r.answer.Key == "" && (r.answer.Said != "" || r.answer.Note != "" || r.answer.Due != "" || r.answer.Closed || r.answer.Apart || r.attempt != 0) || r.acts() == 0 && r.answer.Owner != "":
		return "name the difference with -key"
	case r.acts() > 0 && r.answer.Owner == "":
		return "say who sees to it: -owner NAME"
	case r.answer.Apart && r.attempt != 0:
		return "-apart or -attempt"
	//mutant:what-a-bank-answers-is-one-of-four
	case r.answer.Said != "" && !slices.Contains(replies(), r.answer.Said):
		return "-said is one of " + joined(replies())
	}
	if _, err := columnsOf(r.mapping); err != nil {
		return err.Error()
	}
	return ""
}

// acts is how many things are to be done beside reading.
func (r *reconciling) acts() (n int) {
	for _, one := range []bool{r.answer.Key != "", r.link, r.out != ""} {
		if one {
			n++
		}
	}
	return n
}

// replies are what a bank may answer, as the books keep it.
func replies() (all []string) {
	for _, r := range present.Replies {
		all = append(all, r.Said)
	}
	return all
}

func formatsNamed() string { return joined(clearing.Formats) }
func columnsNamed() string { return joined(clearing.Columns) }

func joined[W ~string](all []W) string {
	names := make([]string, len(all))
	for i, w := range all {
		names[i] = string(w)
	}
	return strings.Join(names, ", ")
}

// columnsOf reads the names that a person gives for columns.
func columnsOf(text string) (map[clearing.Column]string, error) {
	if text == "" {
		return nil, nil
	}
	m := map[clearing.Column]string{}
	for _, pair := range strings.Split(text, ",") {
		column, name, ok := strings.Cut(pair, "=")
		if !ok || !clearing.Column(column).Named(name) {
			return nil, fmt.Errorf("-map: %q is not COLUMN=NAME with one of the columns %s; dates is no column, and says dmy or mdy", pair, columnsNamed())
		}
		m[clearing.Column(column)] = name
	}
	return m, nil
}

func (r *reconciling) asked() finding.Ask {
	mapping, _ := columnsOf(r.mapping) // checked before
	return finding.Ask{Path: r.file, Format: clearing.Format(r.format), Hash: r.hash, Mapping: mapping}
}

// takes reads a file, says what it has and how it differs, and unless -dry keeps it.
func (r *reconciling) takes(ctx context.Context, c *call) error {
	if r.dry {
		return r.peek(ctx, c, func(of *finding.Reconciler, currency money.Currency) error {
			read, err := of.Read(ctx, r.asked())
			if err != nil {
				return err
			}
			return r.tellFile(ctx, c, of, read, currency)
		})
	}
	opened, err := r.openToKeep(ctx, c)
	if err != nil {
		return err
	}
	defer opened.Stop()
	of := opened.Reconciler
	read, err := of.Read(ctx, r.asked())
	if err != nil {
		return err
	}
	o, err := r.options()
	if err != nil {
		return err
	}
	if err := of.Take(ctx, actor(r.who, o), read); err != nil {
		return err
	}
	if read.Known {
		fmt.Fprintf(c.errOut, "%s: %s was taken in before: nothing changed\n", c.name(), read.Name)
	}
	read.Known = true // it is among the kept ones now
	return r.tellFile(ctx, c, of, read, money.Currency(opened.Journal.OpenDay().Currency))
}

// reconciler holds files against the books of a folder that nothing opens.
func reconciler(o shop.Options, books *journal.Journal) *finding.Reconciler {
	return finding.NewReconciler(finding.Ground{Books: books, Dir: o.Dir, Currency: money.Currency(books.OpenDay().Currency),
		Rates: o.Settings.Rates(), Accounts: finding.Accounts(o.Settings)})
}

// peek reads the books as they lie, and opens nothing.
func (r *reconciling) peek(ctx context.Context, c *call, do func(*finding.Reconciler, money.Currency) error) error {
	o, err := r.books(ctx, c)
	if err != nil {
		return err
	}
	var failed error
	err = journal.Peek(ctx, o.Dir, journal.Options{}, func(j *journal.Journal) {
		failed = do(reconciler(o, j), money.Currency(j.OpenDay().Currency))
	})
	return errors.Join(err, failed)
}

// lists says what of all kept files differs.
func (r *reconciling) lists(ctx context.Context, c *call) error {
	told, err := peeked(ctx, c, &r.place, "reconcile", func(o shop.Options, j *journal.Journal) (finding.Reconciled, error) {
		standing, err := reconciler(o, j).Standing(ctx)
		standing.Currency = j.OpenDay().Currency
		return finding.Reconciled{Standing: standing}, err
	})
	if err != nil {
		return damaged(err)
	}
	return r.tell(c, told, money.Currency(told.Currency))
}

// answers keeps what was done about a difference, about all rows that stand alone, or about a file.
func (r *reconciling) answers(ctx context.Context, c *call) error {
	opened, err := r.openToKeep(ctx, c)
	if err != nil {
		return err
	}
	defer opened.Stop()
	of := opened.Reconciler
	o, err := r.options()
	if err != nil {
		return err
	}
	by := actor(r.who, o)
	switch {
	case r.link:
		n, err := of.LinkAlone(ctx, by, r.answer.Owner)
		fmt.Fprintf(c.errOut, "%s: %d rows were given to the claims that they stand alone with\n", c.name(), n)
		if err != nil {
			return err
		}
	case r.out != "":
		f, err := of.TakeFileOut(ctx, by, r.out, r.answer.Owner)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.errOut, "%s: %s counts nowhere from now on, and what it cleared is a claim again; a refund that it ended stays ended\n", c.name(), f.Name)
	default:
		if err := of.AnswerDifference(ctx, by, r.answer); err != nil {
			return err
		}
	}
	standing, err := of.Standing(ctx)
	if err != nil {
		return err
	}
	return r.tell(c, finding.Reconciled{Standing: standing}, money.Currency(opened.Journal.OpenDay().Currency))
}

// tellFile says what a file has, and what it and the books amount to.
func (r *reconciling) tellFile(ctx context.Context, c *call, of *finding.Reconciler, f finding.Read, currency money.Currency) error {
	standing, err := of.StandingWith(ctx, f)
	if err != nil {
		return err
	}
	told := finding.Reconciled{File: finding.FileOf(f), Standing: standing}
	told.File.Kept = !r.dry
	return r.tell(c, told, currency)
}

// tell prints what differs.
func (r *reconciling) tell(c *call, told finding.Reconciled, currency money.Currency) error {
	told.Currency = string(currency)
	if !r.all {
		told.Standing = told.Asks()
	}
	if r.asJSON {
		c.print(told)
		return nil
	}
	figure := func(minor int64) string { return money.Amount{Minor: minor, Currency: currency}.Figure() }
	if f := told.File; f != nil {
		fmt.Fprintf(c.out, "%s is a file of %s: %d rows of %s to %s. Paid %s (%d), given back %s (%d), fees %s, net %s %s. %s\n", f.Name, f.Format, f.Rows, f.From, f.To,
			figure(f.PaidMinor), f.Paid, figure(f.BackMinor), f.Back, figure(f.FeeMinor), figure(f.NetMinor), f.Currency, ownSums(f.OwnSums))
		if !f.Kept {
			fmt.Fprintln(c.out, "Nothing was kept: this was a trial.")
		}
		for _, word := range slices.Sorted(maps.Keys(f.Others)) {
			fmt.Fprintf(c.out, "%d rows of %q are no payments.\n", f.Others[word], word)
		}
		if f.BesideMinor != 0 {
			fmt.Fprintf(c.out, "Rows that are no payments bring %s: that is in the net.\n", figure(f.BesideMinor))
		}
	}
	for _, name := range told.Missing {
		fmt.Fprintf(c.errOut, "%s: the copy of %s is gone or was changed, so that what it said is missing here: take the file in again from where it came\n", c.name(), name)
	}
	for _, s := range told.Sums {
		fmt.Fprintf(c.out, "%6d  %-18s till %12s  file %12s  open %d\n", s.Count, s.Class, figure(s.TillMinor), figure(s.BankMinor), s.Open)
	}
	for _, i := range told.Items {
		fmt.Fprintln(c.out, finding.Line(i, currency))
	}
	if n := len(told.StandsAlone()); n > 0 {
		fmt.Fprintf(c.out, "%d rows may each be one claim alone, which no other row may be: once you have looked, veratill reconcile -link -owner NAME gives them all\n", n)
	}
	if len(told.Sums) == 0 {
		fmt.Fprintln(c.errOut, c.name()+": no file of the last half year was taken in: veratill reconcile FILE")
	}
	return nil
}

func ownSums(n int) string {
	if n == 0 {
		return "It gives no sums of itself to check."
	}
	return fmt.Sprintf("Its own %d sums hold.", n)
}
