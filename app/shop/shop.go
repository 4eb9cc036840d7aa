// Package shop is the one place that constructs: it puts a journal, a bank's line and the devices
// together into a till and its desk, runs them, and stops them. It does nothing else.
package shop

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"veratill/app/articles"
	"veratill/app/control"
	"veratill/app/desk"
	"veratill/app/finding"
	"veratill/app/gear"
	"veratill/app/lines"
	"veratill/app/settings"
	"veratill/app/update"
	"veratill/txn"
	"veratill/txn/acquirer"
	"veratill/txn/journal"
	"veratill/txn/money"
	"veratill/txn/till"
	"veratill/txn/vault"
)

// Options say what a till is made of.
type Options struct {
	Dir      string
	Settings settings.Settings
	// SettingsDir is the folder of the settings file, which keeps a device that is chosen while
	// the till runs. It may be another one than Dir: a demonstration has its books apart.
	SettingsDir string
	// StateDir is the program's state folder, for what must not lie with the books; empty keeps nothing.
	StateDir string
	Version  string
	Made     time.Time // of the program; zero where that is not known
	Log      *slog.Logger
	Now      func() time.Time // nil is the clock
	// OpenUSB is where USB interfaces come from; nil is the bus.
	OpenUSB gear.OpenUSB
	// Encoded names a file that gets the bytes of each paper before they go to the printer; the
	// last paper's are kept. Empty is none.
	Encoded string
	// AnyDevices opens the till also where the settings name a device that can't be: it is then
	// absent, and its status says why. Without it that is an error, which a command can show.
	AnyDevices bool
	// Update is where newer versions come from; nil is nowhere.
	Update *update.Updater
	// NoReader, NoPrinter and NoBank leave them out, for commands that need none.
	NoReader, NoPrinter, NoBank bool
	// Look opens the books to look into them: they say themselves what currency they are in, whatever became of the settings.
	Look bool
	// World is what a till stands on that is simulated whole; nil is this computer.
	World *World
}

// Shop is a whole till. Its parts are closed by Stop or Close.
type Shop struct {
	Journal *journal.Journal
	Till    *till.Till
	Desk    *desk.Desk
	// Reconciler holds files of the clearing against the books, and takes them in.
	Reconciler *finding.Reconciler

	o        Options
	disputed map[string]control.Answer // what a second program asks of disputes
	finder   *finding.Finder
	gear     *gear.Gear
	bank     lines.Card
	line     acquirer.Config
	demo     bool   // no money moves
	bankURL  string // as it may be shown
	// terminal is nil where none stands beside the till.
	terminal *desk.Terminal
	ctx      context.Context
	cancel   context.CancelFunc
	served   sync.WaitGroup
	rounds   rounds
	signer   *vault.Signer      // nil where receipts are not signed
	messages *finding.Exchanged // nil where no line is asked
}

// Open makes a till: it opens the journal, takes up what the last run left, and
// starts the devices. Nothing is sent to the bank yet. The errors are those of the rooms below.
func Open(ctx context.Context, o Options) (*Shop, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Shop{o: o}
	s.ctx, s.cancel = context.WithCancel(context.WithoutCancel(ctx))
	if err := s.open(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Shop) open(ctx context.Context) error {
	if err := s.readLine(); err != nil {
		return err
	}
	begins, err := s.o.Settings.DayBegins()
	if err != nil {
		return err
	}
	labels, err := s.o.Settings.Labels()
	if err != nil {
		return err
	}
	currency, err := s.openJournal(ctx)
	if err != nil {
		return err
	}
	sold := articles.Read(s.o.Settings.Till.Catalogue, currency)
	if !sold.Whole() { // nothing of the money waits for it: whatever is wrong with the list is told on its page
		s.o.Log.Warn("articles", "sold", sold.Len(), "refused", sold.Refused(), "remarks", len(sold.Remarks))
	}
	keys, err := vault.Open(s.o.disk(), s.o.booksDir())
	if err != nil {
		return err
	}
	if keys.Lost() {
		s.o.Log.Warn("the key for open card numbers was spoilt, and a new one was made: reversals of what was open go without a card number")
	}
	s.openSigner()
	news := desk.NewNews(s.Journal, s.o.Log)
	if err := s.openGear(news); err != nil {
		return err
	}
	if err := s.openTill(ctx, keys, news); err != nil {
		return err
	}
	s.finder = finding.New(s.o.Dir, s.Journal, begins, s.o.Now)
	s.Reconciler = finding.NewReconciler(finding.Ground{Books: s.Journal, Dir: s.o.Dir, Disk: s.o.disk(), Currency: currency, Rates: s.o.Settings.Rates(),
		Accounts: finding.Accounts(s.o.Settings), Keeper: s.Till, Folders: finding.BillFolders(), Now: s.o.Now})
	ground := finding.CaseGround{Books: s.Journal, Keeper: s.Till, Shop: s.o.Settings.Merchant.Name}
	if s.signer != nil {
		ground.Sign = s.signer.SignFacts
	}
	cases := s.Reconciler.Cases(ground)
	s.disputed = map[string]control.Answer{
		"cases": func(ctx context.Context) (any, error) { return cases.Cases(ctx) },
		"slip":  func(ctx context.Context) (any, error) { return cases.Slip(ctx, control.Said(ctx, "attempt")) },
		"audit": func(ctx context.Context) (any, error) {
			return finding.Audit(ctx, s.office(), control.Said(ctx, "words"))
		},
		"messages": func(ctx context.Context) (any, error) {
			return cases.Exchange(ctx, control.Said(ctx, "attempt"))
		},
	}
	s.rounds = rounds{till: s.Till, bank: s.bank.Kept, line: !s.o.Settings.CashOnly(), ctx: s.ctx}
	config := desk.Config{
		Journal: s.Journal, Finding: s.finder, Insights: s.finder, Reconciling: s.Reconciler, Till: s.Till, Bank: s.bank.Watched, CardTerminal: lines.IsTerminal(s.o.Settings.Devices.Bank), BankAddress: s.bankURL, Gear: s.gear, News: news, Rounds: &s.rounds,
		Articles: sold, Picture: s.picture, Currency: currency, Labels: labels, DayBegins: begins, KeyLost: keys.Lost(),
		StateDir: s.o.StateDir, Dir: s.o.Dir, SettingsDir: s.o.SettingsDir,
		RatesPPM: lines.Rates(lines.Options{Settings: s.o.Settings}), Demo: s.demo, Notice: s.notice(), Version: s.o.Version, Made: s.o.Made, Log: s.o.Log, Now: s.o.Now, Update: s.o.Update, Terminal: s.terminal, SecondBackup: s.o.Settings.Backup.Second, Disputes: cases, Slips: s.Reconciler.Slips(), Messages: s.Reconciler.Messages(),
		Beside: []string{vault.PublicKeysName}, Filed: s.Reconciler, Bills: finding.Bills(s.o.Settings),
	}
	if s.signer != nil {
		config.Signing = s.signer
	}
	config.Office = finding.NewOffice(s.office(), s.o.Settings)
	s.Desk = desk.New(config)
	s.gear.Watch(s.Till) // only now: a watcher may be called at once, and it wakes the till
	s.clearPrinter(ctx)
	return s.serve()
}

// office is the ground of what a manager does with the books beside selling.
func (s *Shop) office() finding.OfficeGround {
	ground := finding.OfficeGround{Books: s.Journal, Dir: s.o.Dir, Log: s.o.Log, Now: s.o.Now, LogFile: filepath.Join(s.o.Dir, "veratill.log")}
	if marks := s.marks(); marks != nil {
		ground.Marks = marks
	}
	return ground
}

// openJournal opens the books and says what currency they are in.
func (s *Shop) openJournal(ctx context.Context) (currency money.Currency, err error) {
	currency, err = money.ParseCurrency(s.o.Settings.Till.Currency)
	if err != nil && !s.o.Look {
		return "", err
	}
	s.Journal, err = journal.Open(ctx, s.o.booksDir(), journal.Options{Version: s.o.Version, Currency: string(currency), Now: s.o.Now,
		Shop: s.o.Settings.Merchant.Number, Till: s.o.Settings.Till.Terminal, Disk: s.o.disk()})
	if err != nil {
		return "", err
	}
	day := s.Journal.OpenDay()
	switch {
	case s.o.Look:
		return money.ParseCurrency(day.Currency)
	case day.Currency != string(currency):
		return "", fmt.Errorf("the books in %s are in %s and the settings say currency %q: books keep one currency. Put %q back into the settings. "+
			"A shop that changes its currency closes the day with that first, and goes on with another data folder", s.o.booksDir(), day.Currency, currency, day.Currency)
	}
	return currency, nil
}

// openSigner opens the key of receipts where they are to be signed. No money waits for it: where it can't be opened nothing is signed, and
// receipts have the code that names their payment.
func (s *Shop) openSigner() {
	if !s.o.Settings.Receipt.Signed || s.o.NoPrinter {
		return
	}
	signer, err := vault.OpenSigner(s.o.booksDir(), SignerOptions(s.o, s.Journal.Identity().Books))
	if err != nil {
		s.o.Log.Error("receipts are not signed", "error", err)
		return
	}
	for _, remark := range signer.Remarks() {
		s.o.Log.Warn("receipts", "remark", remark)
	}
	s.signer = signer
}

// SignerOptions say whose key of receipts is opened: that of the books of this number.
func SignerOptions(o Options, books string) vault.SignerOptions {
	now := o.Now
	if now == nil {
		now = time.Now
	}
	return vault.SignerOptions{Disk: o.disk(), Books: books, Name: o.Settings.Merchant.Name, Merchant: o.Settings.Merchant.Number,
		Terminal: o.Settings.Till.Terminal, StateDir: o.StateDir, NowMs: now().UnixMilli()}
}

func (s *Shop) openGear(news *desk.News) (err error) {
	config := gear.Config{
		Settings: s.o.Settings, SettingsDir: s.o.SettingsDir, Dir: s.o.Dir, Books: s.Journal.Identity().Books, Demo: s.demo && !s.o.NoBank,
		Log: s.o.Log, Now: s.o.Now, OpenUSB: s.o.OpenUSB, OpenPort: s.o.port(), Paper: s.o.paper(), Encoded: s.o.Encoded, Absent: s.o.AnyDevices,
		NoReader: s.o.NoReader, NoPrinter: s.o.NoPrinter, Changed: news.Changed,
	}
	if s.signer != nil {
		config.Signer = s.signer
	}
	s.gear, err = gear.Open(config)
	return err
}

// openTill builds the lines on the books, and the till on both.
func (s *Shop) openTill(ctx context.Context, keys *vault.Vault, news *desk.News) error {
	if !s.o.NoBank && s.o.World == nil { // a simulated disk is no place of it: it would count its writes
		s.messages = finding.KeepMessages(s.o.disk(), s.o.booksDir(), s.o.Log)
	}
	line, wallets, err := s.openLines(news)
	if err != nil {
		return err
	}
	books := till.NewBooks(s.Journal, s.Journal, s.o.Now, s.o.Log, news.Changed)
	line.Books, line.Changed, line.Now, line.Log = books, news.Changed, s.o.Now, s.o.Log
	if s.messages != nil {
		line.Messages = s.messages.Tell
	}
	if err := s.openCard(line, news); err != nil {
		return err
	}
	var unusual till.Unusual
	if unusual.CardMinor, unusual.OtherMinor, unusual.NoReceiptMinor, err = s.o.Settings.MostInCash(); err != nil {
		return err
	}
	config := till.Config{
		Journal: s.Journal, Numbers: s.Journal, Settlements: s.Journal, Books: books, Lines: till.Lines{}, Wallets: wallets, Vault: keys, Now: s.o.Now, Log: s.o.Log, Changed: news.Changed,
		Demo: s.demo, Vouchers: s.o.Settings.Till.Vouchers, Refunds: unusual, Terminal: s.o.Settings.Till.Terminal, Merchant: s.o.Settings.Merchant.Number,
		Tell: news.CallPerson, Evidence: s.Journal,
	}
	if !s.o.Settings.CashOnly() { // what is owed to an earlier bank stays owed to that one
		config.Lines[txn.Card] = s.bank.Line
	}
	if s.o.Settings.Devices.SeparateTerminal {
		s.terminal = &desk.Terminal{}
		config.Lines[txn.External] = s.terminal.Line()
	}
	if press := s.gear.Press(); press != nil {
		config.Printer = press
		config.Slips = finding.SlipsOf(press, s.o.disk(), s.o.booksDir())
	}
	if marks := s.marks(); marks != nil {
		config.Marks = marks
	}
	s.Till = till.New(config)
	return s.Till.Start(ctx)
}

// told says who is told what the lines exchange.
func (s *Shop) told(o lines.Options) lines.Options {
	if s.messages != nil {
		o.Messages = s.messages.Tell
	}
	return o
}

// openCard makes the line for cards.
func (s *Shop) openCard(bank acquirer.Config, news *desk.News) (err error) {
	address := s.o.Settings.Devices.Bank
	if s.o.NoBank || !lines.IsTerminal(address) {
		s.bank = lines.Bank(bank)
		return nil
	}
	currency, err := money.ParseCurrency(s.o.Settings.Till.Currency)
	if err != nil {
		return err
	}
	s.bank, err = lines.Terminal(address, currency, s.told(lines.Options{Now: s.o.Now, Log: s.o.Log, Show: news.Shown, Changed: news.Changed, OpenPort: s.o.port()}))
	return err
}

// readLine reads what the settings say of the bank, before any book is opened. A demonstration's bank is started later.
func (s *Shop) readLine() (err error) {
	o := s.o.Settings
	s.demo = o.Demo()
	switch {
	case o.CashOnly():
	case s.o.NoBank: // it is named, so that what is owed to it is told from what is owed elsewhere, and never asked
		s.line, err = s.lineInName()
	case lines.IsTerminal(o.Devices.Bank): // it has its own number, and its own proof of what it is
		s.bankURL, err = lines.TerminalName(o.Devices.Bank)
	case !o.Demo():
		s.line, err = acquirer.ParseURL(o.Devices.Bank)
		//mutant:a-bank-gets-the-shops-numbers
		if err == nil && !s.line.Demonstration {
			err = o.Numbered()
		}
		//mutant:no-key-is-a-demonstration
		s.bankURL, s.demo = s.line.Address, s.line.Demonstration
	}
	return err
}

// lineInName is the line of the settings by its name alone: no bank is dialled, and no key is needed.
func (s *Shop) lineInName() (acquirer.Config, error) {
	o := s.o.Settings
	switch {
	case o.Demo():
		return acquirer.Config{Name: lines.Demonstration}, nil
	case o.Devices.Bank == "": // whoever only looks may meet settings that say nothing
		return acquirer.Config{}, nil
	}
	if lines.IsTerminal(o.Devices.Bank) {
		name, err := lines.TerminalName(o.Devices.Bank)
		return acquirer.Config{Name: name}, err
	}
	name, err := acquirer.NameOf(o.Devices.Bank, o.Till.Terminal, o.Merchant.Number)
	if err != nil && s.o.Look { // no bank has this address, and nothing is owed to it
		return acquirer.Config{}, nil
	}
	return acquirer.Config{Name: name}, err
}

// LineNames are the names of the lines that the settings name, and the marks that a till on them keeps outside its books; nil where it keeps none.
func LineNames(o Options) (names []string, marks till.Marks) {
	o.Look = true
	s := Shop{o: o}
	if line, err := s.lineInName(); err == nil && !o.Settings.CashOnly() {
		names = append(names, line.Name)
	}
	return append(names, lines.Names(lines.Options{Settings: o.Settings})...), s.marks()
}

// marks are kept outside the books of a shop.
func (s *Shop) marks() till.Marks {
	if s.o.StateDir == "" || s.o.Settings.Demo() {
		return nil
	}
	return journal.NewMarks(s.o.StateDir, nil)
}

// openLines makes the lines to providers of payment codes, and starts the simulated bank and providers of a demonstration, whose addresses they have.
func (s *Shop) openLines(news *desk.News) (line acquirer.Config, wallets []till.Wallet, err error) {
	line = s.line
	o := s.told(lines.Options{Settings: s.o.Settings, Dir: s.o.SettingsDir, InName: s.o.NoBank, Now: s.o.Now, Log: s.o.Log, Tell: news.Asking})
	switch {
	case s.o.Settings.Demo() && !s.o.NoBank:
		simulated, err := lines.Listen(s.o.Dir, o)
		if err != nil {
			return line, nil, err
		}
		simulated.Serve(s.ctx, s.o.Log, s.served.Go)
		line, wallets, s.bankURL = simulated.Bank, simulated.Wallets, "simulated"
	default:
		if wallets, err = lines.Wallets(o); err != nil && !s.o.Look {
			return line, nil, err
		}
	}
	if w := s.o.World; w != nil {
		line.Dial = w.Dial
		if w.Wallets != nil {
			if wallets, err = w.Wallets(o.Tell); err != nil {
				return line, nil, err
			}
		}
	}
	line.Terminal, line.Merchant = s.o.Settings.Till.Terminal, s.o.Settings.Merchant.Number
	return line, wallets, nil
}

// notice is the word for settings that are left out, or for receipts that are not signed though they should be; the whole sentence stands on the error
// output, and doctor says it.
func (s *Shop) notice() string {
	if len(s.o.Settings.Complaints) > 0 {
		return "settings in part"
	}
	//mutant:unsigned-receipts-are-told
	if s.o.Settings.Receipt.Signed && !s.o.NoPrinter && s.signer == nil {
		return "receipts unsigned"
	}
	return ""
}

// picture is that of an item.
func (s *Shop) picture(name string) ([]byte, error) {
	return articles.Picture(s.o.Settings.Till.Catalogue, name)
}

// clearPrinter makes the printer forget a job that the last run left on its way: it
// must not come out before, or in, the next one.
func (s *Shop) clearPrinter(ctx context.Context) {
	for _, f := range s.Till.Found(ctx) {
		if f.Paper == txn.Printing {
			confirmed, err := s.gear.ClearPrinter(ctx)
			s.o.Log.Info("paper", "cleared", confirmed, "error", err)
			return
		}
	}
}

// Run keeps the bank's line up, repeats what is owed and prints what waited, until Stop. At the
// start of a business day it looks for a newer version.
func (s *Shop) Run() {
	s.rounds.Resume()
	if s.o.World == nil {
		s.served.Go(func() { s.gear.WatchPorts(s.ctx) })
		s.served.Go(func() { s.Desk.KeepBackups(s.ctx) })
	}
	s.served.Go(func() { s.finder.Run(s.ctx, func(err error) { s.o.Log.Warn("find", "error", err) }) })
	s.Desk.Prove()
	s.Desk.AskForUpdate()
}

// Stop waits for paper that is being printed and stops the devices. The journal is
// left as it stands: the way a till stops is the way it crashes, so that there is
// one way to start, and the WAL keeps the room that was made for it.
func (s *Shop) Stop() {
	if s.Till != nil {
		s.Till.WaitForPaper()
	}
	s.cancel()
	if s.bank.Kept != nil {
		s.bank.Kept.Close()
	}
	if s.gear != nil {
		s.gear.Close()
	}
	s.rounds.wait.Wait()
	if s.Desk != nil {
		s.Desk.Close()
	}
	s.served.Wait()
	if s.messages != nil { // what the lines said until now is kept
		s.messages.Close()
	}
}

// Close stops and closes the journal too, for a program that goes on without this till.
func (s *Shop) Close() {
	s.Stop()
	if s.Journal != nil {
		if err := s.Journal.Close(); err != nil {
			s.o.Log.Error("journal", "error", err)
		}
	}
}

// serve answers other programs that want to look at this data folder.
func (s *Shop) serve() error {
	if s.o.World != nil {
		return nil
	}
	answers := map[string]control.Answer{
		"totals": s.totals,
		"list":   func(ctx context.Context) (any, error) { return s.Desk.List(ctx) },
		"find":   s.find,
		"insight": func(ctx context.Context) (any, error) {
			return finding.Insight(ctx, s.Journal, control.Said(ctx, "from"), control.Said(ctx, "to"), s.o.Now())
		},
		"dispute": func(ctx context.Context) (any, error) {
			return s.Desk.Dispute(ctx, control.Said(ctx, "attempt"), control.Said(ctx, "says"), control.Said(ctx, "lang"))
		},
		"reconcile": func(ctx context.Context) (any, error) { return s.Reconciler.Standing(ctx) },
		"verify":    func(ctx context.Context) (any, error) { return s.Desk.Verify(ctx) },
		"backup":    func(ctx context.Context) (any, error) { return s.Desk.Backup(ctx) },
		"doctor":    func(ctx context.Context) (any, error) { return s.Desk.Checks(ctx), nil },
		"raise":     func(context.Context) (any, error) { return s.Desk.Raise(), nil },
		"version":   func(context.Context) (any, error) { return s.o.Version, nil },
	}
	maps.Copy(answers, s.disputed)
	return control.Serve(s.ctx, s.o.Dir, answers)
}

// totals answers for the open day, or behind "batch" for an earlier one.
func (s *Shop) totals(ctx context.Context) (any, error) {
	batch, err := strconv.ParseInt(cmp.Or(control.Said(ctx, "batch"), "0"), 10, 64)
	if err != nil {
		return nil, err
	}
	return s.Desk.Totals(ctx, batch)
}

// find answers what a second program looks for: behind "asked" a question in JSON, behind "rebuild" that the index is made anew first.
func (s *Shop) find(ctx context.Context) (any, error) {
	if control.Said(ctx, "rebuild") != "" {
		s.finder.Rebuild()
	}
	found, err := s.finder.FindSaid(ctx, control.Said(ctx, "asked"))
	return desk.FoundListOf(found), err
}
