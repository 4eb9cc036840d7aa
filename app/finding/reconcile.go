package finding

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"veratill/app/present"
	"veratill/app/settings"
	"veratill/assets/files"
	"veratill/txn"
	"veratill/txn/clearing"
	"veratill/txn/disk"
	"veratill/txn/external"
	"veratill/txn/journal"
	"veratill/txn/money"
	"veratill/txn/till"
)

// Books are what it reads of a journal.
type Books interface {
	Files(ctx context.Context) ([]txn.FileKept, error)
	Answers(ctx context.Context) ([]txn.Answered, error)
	Between(ctx context.Context, fromMs, toMs int64) ([]txn.Attempt, error)
	FiledHolds(ctx context.Context) error
}

// Keeper is a till, as far as it takes files in.
type Keeper interface {
	KeepFile(ctx context.Context, by txn.Actor, f txn.FileKept, cleared []txn.ID) error
	Resolve(ctx context.Context, by txn.Actor, id txn.ID, e txn.Evidence) (till.Outcome, error)
	AnswerDifference(ctx context.Context, by txn.Actor, a txn.Answered, sha256 string) error
	TakeApart(ctx context.Context, by txn.Actor, a txn.Answered, cleared []txn.ID) error
}

// Ground is what a reconciler stands on.
type Ground struct {
	Books    Books
	Dir      string    // the data folder
	Disk     disk.Disk // nil is the system's
	Currency money.Currency
	Where    *time.Location // of the shop
	Rates    map[clearing.Format][]clearing.Rate
	Accounts map[clearing.Format]clearing.Account
	Folders  []string // where files may lie that somebody brings
	Keeper   Keeper   // the till that takes files in; nil where nothing is kept
	Now      func() time.Time
}

// Reconciler brings the files of banks, acquirers and wallets to one folder's books: it reads and keeps them, and says what they and the books amount to. Its methods are
// safe for use by several goroutines.
type Reconciler struct{ ground Ground }

// NewReconciler makes a reconciler, and looks at nothing yet.
func NewReconciler(g Ground) *Reconciler {
	if g.Now == nil {
		g.Now = time.Now
	}
	if g.Disk == nil {
		g.Disk = disk.System{}
	}
	if g.Where == nil {
		g.Where = time.Local
	}
	return &Reconciler{g}
}

// Ask is how a file is to be read. Only the file is needed.
type Ask struct {
	Path    string
	Format  clearing.Format            // "" is found by its columns
	Hash    string                     // hex, SHA-1 or SHA-256: what the provider says that the file has
	Mapping map[clearing.Column]string // names of columns that a person gives
}

// Read is a file that was read and is not kept yet.
type Read struct {
	clearing.File
	Name    string
	SHA256  string
	Mapping map[clearing.Column]string
	Known   bool         // it was taken in before, byte by byte, and its copy is whole: taking it again changes nothing
	lost    txn.FileKept // its entry, where it was taken in before and the copy is gone or was changed
	cells   clearing.Cells
}

// errHash is the error of a file that is not the one of which the provider gave the hash.
var errHash = errors.New("the file has not the hash that the provider gave: download it again")

// Read reads a file, and keeps nothing. Errors: *clearing.RefusedError, another hash than asked for, those of the disk and of packed files.
func (r *Reconciler) Read(ctx context.Context, ask Ask) (Read, error) {
	raw, err := files.Read(ask.Path, mostBytes)
	if err != nil {
		return Read{}, err
	}
	if err := hashed(raw, ask.Hash); err != nil {
		return Read{}, err
	}
	sum := sha256.Sum256(raw)
	read := Read{Name: filepath.Base(ask.Path), SHA256: hex.EncodeToString(sum[:])}
	kept, err := r.kept(ctx)
	if err != nil {
		return Read{}, err
	}
	if at := slices.IndexFunc(kept, func(k txn.FileKept) bool { return k.SHA256 == read.SHA256 }); at >= 0 {
		//mutant:a-file-without-its-copy-is-taken-again
		if _, err := r.copied(kept[at]); err != nil {
			read.lost = kept[at]
		} else {
			read.Known = true
		}
	}
	all, err := tables(raw)
	if err != nil {
		return Read{}, err
	}
	return r.readTables(read, all, ask, kept)
}

// kept lists the files that were taken in and count, each once, in the order in which they came.
func (r *Reconciler) kept(ctx context.Context) ([]txn.FileKept, error) {
	files, err := r.ground.Books.Files(ctx)
	if err != nil {
		return nil, err
	}
	answers, err := r.ground.Books.Answers(ctx)
	return txn.Counting(files, answers), err
}

// readTables reads the first of the tables of a file that is a bill: by the columns that a person names; as a provider's; by the columns that a person named of an earlier file; or by the names that
// tables have.
func (r *Reconciler) readTables(read Read, all []clearing.Cells, ask Ask, kept []txn.FileKept) (Read, error) {
	first := try{ask.Format, ask.Mapping}
	if len(ask.Mapping) > 0 && ask.Format == "" { // columns that a person names are no provider's
		first.format = clearing.Named
	}
	found, err := r.tryAll(read, all, first)
	if len(ask.Mapping) > 0 || ask.Format != "" || err == nil && found.Format != clearing.Named {
		return found, err
	}
	for _, k := range slices.Backward(kept) {
		of := try{clearing.Format(k.Format), mappingOf(k.Mapping)}
		has := func(c clearing.Cells) bool { return clearing.Has(c, of.mapping) }
		//mutant:what-a-person-named-comes-before-what-tables-call-it
		if len(k.Mapping) == 0 || err == nil && !slices.ContainsFunc(all, has) {
			continue
		}
		if mapped, wrong := r.tryAll(read, all, of); wrong == nil {
			return mapped, nil
		} else if err != nil {
			err = worse(err, wrong)
		}
	}
	return found, err
}

// tryAll reads the first of the tables that can be read so.
func (r *Reconciler) tryAll(read Read, all []clearing.Cells, t try) (Read, error) {
	var err error
	for _, cells := range all {
		f, wrong := clearing.Read(cells, clearing.Shop{Currency: r.ground.Currency, Where: r.ground.Where, Format: t.format, Mapping: t.mapping})
		if wrong == nil {
			read.File, read.cells, read.Mapping = f, cells, t.mapping
			return read, nil
		}
		err = worse(err, wrong)
	}
	return Read{}, err
}

// try is one way to read a file.
type try struct {
	format  clearing.Format
	mapping map[clearing.Column]string
}

// worse is which of two refusals says more: that of a table whose format was known.
func worse(a, b error) error {
	var refused *clearing.RefusedError
	if a == nil || errors.As(a, &refused) && (refused.Trouble == clearing.FileUnknown || refused.Trouble == clearing.FileEmpty) {
		return b
	}
	return a
}

// hashed compares a file with the hash that its provider gave; "" compares nothing.
func hashed(raw []byte, hash string) error {
	hash = strings.ToLower(strings.TrimSpace(hash))
	if hash == "" {
		return nil
	}
	one, two := sha1.Sum(raw), sha256.Sum256(raw)
	//mutant:a-file-has-the-hash-of-its-provider
	if hash != hex.EncodeToString(one[:]) && hash != hex.EncodeToString(two[:]) {
		return errHash
	}
	return nil
}

func mappingOf(said map[string]string) map[clearing.Column]string {
	m := make(map[clearing.Column]string, len(said))
	for c, name := range said {
		m[clearing.Column(c)] = name
	}
	return m
}

var errNoKeeper = errors.New("this program only looks at the books: nothing is kept")

// Take keeps a file that was read, and what it proves: payments by a person's word that it has, too. One that was taken before changes nothing.
func (r *Reconciler) Take(ctx context.Context, by txn.Actor, f Read) error {
	if r.ground.Keeper == nil {
		return errNoKeeper
	}
	if err := r.ground.Books.FiledHolds(ctx); err != nil {
		return err
	}
	//mutant:a-file-is-taken-once
	if f.Known {
		standing, err := r.StandingWith(ctx)
		if err != nil {
			return err
		}
		return r.endRefunds(ctx, by, standing, f) // one that could not be ended when it came
	}
	keptSHA, err := r.keep(f)
	if err != nil {
		return fmt.Errorf("the copy of the file can't be written, so that nothing of it was taken: %w", err)
	}
	kept := txn.FileKept{
		Format: string(f.Format), Name: f.Name, SHA256: f.SHA256, KeptSHA256: keptSHA, Currency: string(f.Currency), Rows: int64(len(f.Rows)),
		PaidMinor: f.Paid.AmountMinor, BackMinor: f.Back.AmountMinor, FeeMinor: f.FeeMinor, From: f.From, To: f.To,
	}
	if len(f.Mapping) > 0 {
		kept.Mapping = map[string]string{}
		for c, name := range f.Mapping {
			kept.Mapping[string(c)] = name
		}
	}
	standing, err := r.StandingWith(ctx, f)
	if err != nil {
		return err
	}
	if f.lost.KeptSHA256 != keptSHA { // else the books have its entry, and its copy is there again
		if err := r.ground.Keeper.KeepFile(ctx, by, kept, standing.Claims()); err != nil {
			return err
		}
	}
	return r.endRefunds(ctx, by, standing, f)
}

// endRefunds ends the refunds that nobody knew of and that a file has (rule 16), each by the file that has it. What else is not known a person ends: a payment that the bank has may still be undone.
// The error is a present.ErrRefundOpen: the file was taken all the same, and the next one that is taken ends it, or the same one once more.
func (r *Reconciler) endRefunds(ctx context.Context, by txn.Actor, s clearing.Standing, f Read) (err error) {
	for _, i := range s.Refunds() {
		e := txn.Evidence{As: txn.WasGivenBack, Document: f.Name, SHA256: f.SHA256, Who: by.By}
		//mutant:the-evidence-is-the-file-that-has-it
		if i.File >= 0 && i.File < len(s.Files) {
			e.Document, e.SHA256 = s.Files[i.File].Name, s.Files[i.File].SHA256
		}
		if _, wrong := r.ground.Keeper.Resolve(ctx, by, i.Attempt, e); wrong != nil {
			err = errors.Join(err, fmt.Errorf("%w, attempt %s: %w", present.ErrRefundOpen, i.Attempt, wrong))
		}
	}
	return err
}

// reach is how far back files are looked at: longer than a bank takes.
const reach = 183 * 24 * time.Hour

// slack is how far before and behind its files an attempt may lie that one of their rows is of.
const slack = 35 * 24 * time.Hour

// Standing implements present.Reconciling.
func (r *Reconciler) Standing(ctx context.Context) (clearing.Standing, error) {
	//mutant:what-was-filed-is-compared
	if err := r.ground.Books.FiledHolds(ctx); err != nil { // a file whose row is gone would seem never to have come
		return clearing.Standing{}, err
	}
	return r.StandingWith(ctx)
}

// StandingWith works out what the kept files of the last half year and the books amount to, with one that is not kept yet, where it is given.
func (r *Reconciler) StandingWith(ctx context.Context, more ...Read) (clearing.Standing, error) {
	s := clearing.Standing{Currency: string(r.ground.Currency), Sums: []clearing.ClassSum{}, Items: []clearing.Difference{}, Days: []clearing.DayLine{}}
	taken, err := r.ground.Books.Files(ctx)
	if err != nil {
		return s, err
	}
	answers, err := r.ground.Books.Answers(ctx)
	if err != nil {
		return s, err
	}
	kept := txn.Counting(taken, answers)
	since := r.ground.Now().Add(-reach).Format(time.DateOnly)
	var all []clearing.File
	for _, k := range kept {
		if k.To != "" && k.To < since {
			continue
		}
		s.Files = append(s.Files, k)
		f, err := r.again(k)
		if err != nil {
			s.Missing = append(s.Missing, k.Name)
			f = clearing.File{Format: clearing.Format(k.Format)} // it covers nothing
		}
		all = append(all, f)
	}
	for _, f := range more {
		if !f.Known {
			all = append(all, f.File)
		}
	}
	from, to := span(all)
	if from == "" {
		return s, nil
	}
	fromMs, toMs := r.moment(from).Add(-slack).UnixMilli(), r.moment(to).Add(slack).UnixMilli()
	attempts, err := r.ground.Books.Between(ctx, fromMs, toMs)
	if err != nil {
		return s, err
	}
	items := clearing.Reconcile(all, clearing.Books{Attempts: attempts, Rates: r.ground.Rates, Accounts: r.ground.Accounts, Linked: linked(answers)})
	stood := clearing.Stand(items, answers)
	s.Sums, s.Items, s.Days = stood.Sums, stood.Items, clearing.ByDay(items, attempts, from, to, r.ground.Where)
	return s, nil
}

func (r *Reconciler) moment(day string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, day, r.ground.Where)
	if err != nil {
		return r.ground.Now()
	}
	return t
}

// span is the earliest and the latest day of files.
func span(all []clearing.File) (from, to string) {
	for _, f := range all {
		if f.From != "" && (from == "" || f.From < from) {
			from = f.From
		}
		to = max(to, f.To)
	}
	return from, to
}

// linked are the rows that a person gave to an attempt.
func linked(answers []txn.Answered) map[string]txn.ID {
	m := map[string]txn.ID{}
	for _, a := range answers {
		switch {
		case a.Attempt != 0:
			m[a.Key] = a.Attempt
		//mutant:a-row-can-be-taken-from-its-payment
		case a.Apart:
			delete(m, a.Key)
		}
	}
	return m
}

// AnswerDifference implements present.Reconciling. The error says what is wrong with the answer.
func (r *Reconciler) AnswerDifference(ctx context.Context, by txn.Actor, a txn.Answered) error {
	if r.ground.Keeper == nil {
		return errNoKeeper
	}
	standing, err := r.Standing(ctx)
	if err != nil {
		return err
	}
	if a.Apart {
		return r.takeApart(ctx, by, a, standing)
	}
	i, there := standing.Find(a.Key)
	if !there {
		return fmt.Errorf("there is no difference %q: veratill reconcile lists them", a.Key)
	}
	if !i.Class.Differs() {
		return fmt.Errorf("%q is %s: there is nothing to answer", a.Key, i.Class)
	}
	if a.Attempt != 0 && (i.Attempt != 0 || !slices.Contains(i.Proposed, a.Attempt)) {
		return fmt.Errorf("attempt %s is not one that %q may be: %v are", a.Attempt, a.Key, i.Proposed)
	}
	if a.Due != "" {
		if _, err := time.Parse(time.DateOnly, a.Due); err != nil {
			return fmt.Errorf("%q is no date: write 2026-12-31", a.Due)
		}
	}
	return r.answer(ctx, by, a, i, standing)
}

// answer keeps an answer that holds.
func (r *Reconciler) answer(ctx context.Context, by txn.Actor, a txn.Answered, of clearing.Difference, s clearing.Standing) error {
	a.Class = string(of.Class)
	if err := a.Complete(); err != nil {
		return err
	}
	sha256 := ""
	if of.File >= 0 && of.File < len(s.Files) {
		sha256 = s.Files[of.File].SHA256
	}
	return r.ground.Keeper.AnswerDifference(ctx, by, a, sha256)
}

// takeApart takes a row from the attempt that a person gave it to. It is named by either.
func (r *Reconciler) takeApart(ctx context.Context, by txn.Actor, a txn.Answered, s clearing.Standing) error {
	at := slices.IndexFunc(s.Items, func(d clearing.Difference) bool { return d.Linked != "" && (d.Linked == a.Key || d.Key == a.Key) })
	if at < 0 {
		return fmt.Errorf("nobody gave %q to an attempt: there is nothing to take apart", a.Key)
	}
	a.Key, a.Class, a.Closed = s.Items[at].Linked, string(clearing.BankOnly), false
	return r.ground.Keeper.TakeApart(ctx, by, a, []txn.ID{s.Items[at].Attempt})
}

// LinkAlone implements present.Reconciling.
func (r *Reconciler) LinkAlone(ctx context.Context, by txn.Actor, owner string) (n int, err error) {
	if r.ground.Keeper == nil {
		return 0, errNoKeeper
	}
	standing, err := r.Standing(ctx)
	if err != nil {
		return 0, err
	}
	for _, i := range standing.StandsAlone() {
		if err := r.answer(ctx, by, txn.Answered{Key: i.Key, Owner: owner, Attempt: i.Alone}, i, standing); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// TakeFileOut implements present.Reconciling.
func (r *Reconciler) TakeFileOut(ctx context.Context, by txn.Actor, name, owner string) (txn.FileKept, error) {
	if r.ground.Keeper == nil {
		return txn.FileKept{}, errNoKeeper
	}
	if err := r.ground.Books.FiledHolds(ctx); err != nil {
		return txn.FileKept{}, err
	}
	kept, err := r.kept(ctx)
	if err != nil {
		return txn.FileKept{}, err
	}
	kept = slices.DeleteFunc(kept, func(k txn.FileKept) bool { return k.Name != name && (name == "" || !strings.HasPrefix(k.SHA256, name)) })
	if len(kept) != 1 {
		return txn.FileKept{}, fmt.Errorf("%d of the files that were taken in are called %q or have that hash: name one, by its SHA-256", len(kept), name)
	}
	f := kept[0]
	var cleared []txn.ID
	if f.From != "" {
		attempts, err := r.ground.Books.Between(ctx, r.moment(f.From).Add(-slack).UnixMilli(), r.moment(f.To).Add(slack).UnixMilli())
		if err != nil {
			return f, err
		}
		for _, a := range attempts {
			//mutant:what-a-wrong-file-cleared-is-a-claim-again
			if a.Cleared == f.SHA256 {
				cleared = append(cleared, a.ID)
			}
		}
	}
	return f, r.ground.Keeper.TakeApart(ctx, by, txn.Answered{Key: f.Key(), Class: "file", Owner: owner}, cleared)
}

// The journal's own books, as they are read here.
var _ Books = (*journal.Journal)(nil)

// Accounts is who a shop is in the files of each format, by its settings.
func Accounts(s settings.Settings) map[clearing.Format]clearing.Account {
	accounts := map[clearing.Format]clearing.Account{}
	for _, w := range s.Wallets {
		a := accounts[clearing.Format(w.Provider)]
		if w.Merchant != "" {
			a.Merchants = append(a.Merchants, w.Merchant)
		}
		accounts[clearing.Format(w.Provider)] = a
	}
	if s.Clearing.SeparateTerminal != "" {
		accounts[clearing.Format(s.Clearing.SeparateTerminal)] = clearing.Account{Lines: []string{external.Name}}
	}
	//mutant:the-bank-files-name-this-till
	if !s.CashOnly() && s.Clearing.SeparateTerminal != string(clearing.ByCard) { // a separate terminal has a number of its own
		merchant, terminal := s.OwnNumbers()
		accounts[clearing.ByCard] = clearing.Account{Merchants: some(merchant), Terminals: some(terminal)}
	}
	if a, known := ofTable(s); known {
		accounts[clearing.Named] = a
	}
	return accounts
}

// ofTable is who a shop is in a bank's own table, which may have all that goes through the bank, and the wallets too. A separate terminal whose file it is, or of
// whose file nobody says anything, has numbers of its own; so has a terminal on a cable, and a wallet that no setting gives one.
func ofTable(s settings.Settings) (a clearing.Account, known bool) {
	separate := s.Clearing.SeparateTerminal
	if s.CashOnly() || separate == string(clearing.Named) || s.Devices.SeparateTerminal && separate == "" {
		return a, false
	}
	merchant, terminal := s.OwnNumbers()
	a = clearing.Account{Merchants: some(merchant), Terminals: some(terminal)}
	named := !strings.HasPrefix(s.Devices.Bank, "zvt")
	for _, w := range s.Wallets {
		if len(a.Merchants) > 0 {
			a.Merchants = append(a.Merchants, slices.Concat(some(w.Merchant), some(w.SubMerchant))...)
		}
		switch {
		case w.Terminal != "" && len(a.Terminals) > 0:
			a.Terminals = append(a.Terminals, w.Terminal)
		case w.Terminal == "" && w.Provider != "wechat" && w.Provider != "alipay": // which have files of their own
			named = false
		}
	}
	//mutant:a-table-names-this-till
	if !named {
		a.Terminals = nil
	}
	return a, true
}

// Bills are the formats of the files that the shop's providers give, by its settings: those of its wallets, and of whoever settles what a separate terminal takes.
func Bills(s settings.Settings) (formats []string) {
	for _, w := range s.Wallets {
		if slices.Contains(clearing.Formats, clearing.Format(w.Provider)) {
			formats = append(formats, w.Provider)
		}
	}
	formats = append(formats, some(s.Clearing.SeparateTerminal)...)
	slices.Sort(formats)
	return slices.Compact(formats)
}

func some(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}
