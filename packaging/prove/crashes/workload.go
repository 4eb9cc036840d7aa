// Package crashes cuts the power at every write and sync of what a journal does, from
// its first start to its recovery, lets a simulated disk keep what it likes of that
// which was not synced, and opens what is left with the shipped code. What was
// acknowledged has to be there, and whatever is there has to be what was written.
package crashes

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"testing/fstest"
	"time"

	"veratill/packaging/prove/simdisk"
	"veratill/txn"
	"veratill/txn/chain"
	"veratill/txn/journal"
	"veratill/txn/money"
	"veratill/txn/plan"
	"veratill/txn/sale"
)

// moment is a point of a recording at which something was acknowledged.
type moment struct {
	change int   // as many changes had been made
	seq    int64 // everything up to this entry has to survive from here on
	backup bool  // and so has the backup
}

// recording is a workload as the disk saw it.
type recording struct {
	name     string
	base     *simdisk.Disk // what it begins on
	changes  []simdisk.Change
	moments  []moment
	entries  map[int64]entry    // each that was written
	sums     map[int64][32]byte // of all tables after it
	backedUp int64              // the entry that a backup ends with
	late     fs.FS              // migrations of the program that opens what is left
}

type workload struct {
	name string
	run  func(*recorder) error
}

// workloads by name. The first begins on an empty disk; each other one with a journal that is open.
var workloads = []workload{
	{"first start", func(r *recorder) error { return nil }},
	{"sales", (*recorder).sales},
	{"a closed day", (*recorder).closedDay},
	{"a backup", (*recorder).backup},
	{"another start", (*recorder).restart},
	{"a migration", (*recorder).migration},
	{"a failed sync", (*recorder).failedSync},
	{"a start after failed syncs", (*recorder).doubtfulStart},
}

type entry struct{ body, hash string }

func entryOf(e chain.Entry) entry { return entry{string(e.Body), string(e.Hash[:])} }

type recorder struct {
	recording
	disk    *simdisk.Disk
	journal *journal.Journal
	random  *rand.Rand
}

var ctx = context.Background()

// opening is the clock of everything here: what is written has to be the same each time.
var opening = time.Date(2028, 2, 29, 23, 59, 0, 0, time.UTC)

func options(d *simdisk.Disk, migrations fs.FS) journal.Options {
	return journal.Options{Disk: d, Migrations: migrations, Now: func() time.Time { return opening },
		NewID: func() string { return "0123456789abcdef0123456789abcdef" }}
}

func folder(d *simdisk.Disk) string { return d.Root() + "/till" }

// record runs the nth workload with choices from a seed.
func record(n int, seed uint64, migrations fs.FS) (recording, error) {
	r := &recorder{recording: recording{name: workloads[n].name, entries: map[int64]entry{}, sums: map[int64][32]byte{}, late: migrations},
		disk: simdisk.New(seed), random: rand.New(rand.NewPCG(seed, uint64(n)))}
	defer r.disk.Close()
	keep := func(c simdisk.Change) { r.changes = append(r.changes, c) }
	if n == 0 {
		r.base, r.disk.Record = simdisk.New(seed), keep
	}
	if err := r.open(); err != nil {
		return r.recording, err
	}
	if n != 0 {
		r.base, r.disk.Record = r.disk.Cut(simdisk.KeepAll, r.random), keep
	}
	if err := workloads[n].run(r); err != nil {
		return r.recording, fmt.Errorf("%s: %w", r.name, err)
	}
	return r.recording, r.journal.Abandon()
}

func (r *recorder) open() (err error) {
	if r.journal, err = journal.Open(ctx, folder(r.disk), options(r.disk, r.late)); err != nil {
		return err
	}
	return r.acknowledge()
}

// acknowledge notes that all that is written now was promised to stay.
func (r *recorder) acknowledge() error {
	if err := r.note(); err != nil {
		return err
	}
	seq, _ := r.journal.Head()
	r.moments = append(r.moments, moment{change: len(r.changes), seq: seq})
	return nil
}

// note keeps what the journal holds after its newest entries.
func (r *recorder) note() error {
	head, _ := r.journal.Head()
	for seq := head; seq > 0 && r.entries[seq].hash == ""; seq-- {
		e, err := r.journal.Entry(ctx, seq)
		if err != nil {
			return err
		}
		r.entries[seq] = entryOf(e)
		// Only boots and tidying come more than one at a time, and no table shows them.
		if r.sums[seq], err = r.journal.Sum(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (r *recorder) commit(d txn.Durability, records ...txn.Record) error {
	if err := r.journal.Commit(ctx, txn.ByTill, d, records...); err != nil {
		return err
	}
	if d == txn.Synced {
		return r.acknowledge()
	}
	return r.note()
}

// view is what a plan needs to know of a till whose printer is ready.
func (r *recorder) view() plan.View {
	return plan.View{Next: r.journal.Next(), Ready: true, AtMs: opening.UnixMilli()}
}

// carry commits what is planned as the till does.
func (r *recorder) carry(how func(plan.View) (plan.Plan, error)) (txn.Matter, error) {
	p, err := how(r.view())
	if err != nil {
		return txn.Matter{}, err
	}
	return txn.Matter{Attempt: p.After, Bill: p.Bill}, r.commit(p.Durability, p.Records...)
}

// begin begins a new sale, with a payment of so much of it.
func (r *recorder) begin(tender txn.Tender, total, part int64) (txn.Matter, error) {
	return r.carry(func(v plan.View) (plan.Plan, error) {
		opened := &txn.SaleOpened{Sale: sale.Sale{Currency: money.CNY, TotalMinor: total}, Batch: v.Batch, Cashier: "01", AtMs: v.AtMs}
		a := txn.Attempt{Kind: txn.Sale, Tender: tender, Cashier: "01", Amount: money.Amount{Minor: part, Currency: money.CNY}, OpenedMs: v.AtMs}
		var sealed []byte
		if tender == txn.Card {
			sealed = make([]byte, 44)
		}
		return plan.Begin(v, txn.Matter{Attempt: a}, opened, sealed)
	})
}

// next begins another attempt of a sale: all that is left of it in cash, or the void of what was paid in cash.
func (r *recorder) next(m txn.Matter, original *txn.Attempt) (txn.Matter, error) {
	return r.carry(func(v plan.View) (plan.Plan, error) {
		m.Attempt = txn.Attempt{Kind: txn.Sale, Tender: txn.Cash, Cashier: "01", Amount: m.Bill.Rest(), OpenedMs: v.AtMs}
		if m.Original = original; original != nil {
			m.Attempt.Kind, m.Attempt.Amount, m.Attempt.Original = txn.Void, original.Amount, original.ID
		}
		return plan.Begin(v, m, nil, nil)
	})
}

func (r *recorder) move(m txn.Matter, e txn.Event) (txn.Matter, error) {
	return r.carry(func(v plan.View) (plan.Plan, error) { return plan.Move(v, m, e) })
}

// printed ends the receipt of a sale.
func (r *recorder) printed(m txn.Matter) error {
	_, err := r.carry(func(v plan.View) (plan.Plan, error) {
		return plan.MoveSale(v, m.Bill, txn.Event{Kind: txn.PrintEnded, PrintID: m.Bill.Prints[0].ID, Outcome: txn.Printed, Proof: "process id"})
	})
	return err
}

var approved = txn.Event{Kind: txn.BankApproved, Answer: txn.Answer{ResponseCode: "00", RRN: "000000000001"}}

// sell makes one sale with one of the ends that there are.
func (r *recorder) sell() error {
	end, total := r.random.IntN(5), 2+r.random.Int64N(1_000_000)
	switch end {
	case 0:
		m, err := r.begin(txn.Cash, total, total)
		if err != nil {
			return err
		}
		return r.printed(m)
	case 1:
		return r.sellInParts(total)
	}
	m, err := r.begin(txn.Card, total, total)
	if err != nil {
		return err
	}
	switch end {
	case 2:
		_, err = r.move(m, txn.Event{Kind: txn.BankDeclined, Answer: txn.Answer{ResponseCode: "51"}})
		return err
	case 3:
		if m, err = r.move(m, txn.Event{Kind: txn.GaveUp, Reason: txn.NoAnswer}); err == nil {
			_, err = r.move(m, txn.Event{Kind: txn.ReversalAnswered})
		}
		return err
	}
	if m, err = r.move(m, approved); err != nil {
		return err
	}
	return r.printed(m)
}

// sellInParts takes a part by card and the rest in cash, which is given back afterwards.
func (r *recorder) sellInParts(total int64) error {
	m, err := r.begin(txn.Card, total, total/2)
	if err != nil {
		return err
	}
	if m, err = r.move(m, approved); err != nil {
		return err
	}
	if m, err = r.next(m, nil); err != nil {
		return err
	}
	if err := r.printed(m); err != nil {
		return err
	}
	if m.Bill, err = r.journal.Bill(ctx, m.Bill.SaleID); err != nil {
		return err
	}
	cash := m.Attempt
	_, err = r.next(m, &cash)
	return err
}

func (r *recorder) sales() error {
	for range 3 {
		if err := r.sell(); err != nil {
			return err
		}
	}
	return nil
}

func (r *recorder) closedDay() error {
	if err := r.sell(); err != nil {
		return err
	}
	day := r.journal.OpenDay()
	next := r.journal.Next()
	err := r.commit(txn.Synced, txn.DayClosed{Batch: day.Batch, Z: 1, Totals: []byte("{}")},
		txn.ReportOpened{Print: txn.Print{ID: next.Print, Kind: txn.PrintZ, Outcome: txn.Printing}, Batch: day.Batch},
		txn.DayOpened{Batch: day.Batch + 1, Currency: "CNY"})
	if err != nil {
		return err
	}
	return r.sell()
}

func (r *recorder) backup() error {
	if err := r.sell(); err != nil {
		return err
	}
	seq, _ := r.journal.Head()
	if err := r.journal.Backup(ctx, r.disk.Root()+"/backup/copy.db"); err != nil {
		return err
	}
	r.backedUp = seq
	r.moments = append(r.moments, moment{change: len(r.changes), backup: true})
	return r.sell()
}

// restart is a kill and a start, whose synced commit promises all that it found (rule 10).
func (r *recorder) restart() error {
	if err := r.sales(); err != nil {
		return err
	}
	if err := r.again(); err != nil {
		return err
	}
	return r.sell()
}

func (r *recorder) again() error {
	record := r.disk.Record
	r.disk.Stop(simdisk.Killed)
	if err := r.journal.Abandon(); err != nil {
		return err
	}
	old := r.disk
	r.disk = old.Reopen(simdisk.KeepAll)
	r.disk.Record = record
	old.Close()
	return r.open()
}

// migration is a start of a program that is newer by one format.
func (r *recorder) migration() error {
	if err := r.sell(); err != nil {
		return err
	}
	newer, err := withMigration(r.late)
	if err != nil {
		return err
	}
	r.late = newer
	if err := r.again(); err != nil {
		return err
	}
	return r.sell()
}

// withMigration adds one that makes a table and fills it.
func withMigration(from fs.FS) (fs.FS, error) {
	all := fstest.MapFS{}
	names, err := fs.Glob(from, "*.sql")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, err
		}
		all[name] = &fstest.MapFile{Data: text}
	}
	added := "CREATE TABLE later (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;\nINSERT INTO later SELECT seq, body FROM entry;"
	all[fmt.Sprintf("%04d_later.sql", len(names)+1)] = &fstest.MapFile{Data: []byte(added)}
	return all, nil
}

// failSyncs lets the next syncs fail, and lose what they were to write.
func (r *recorder) failSyncs(times int) {
	r.disk.Hook = func(c simdisk.Call) simdisk.Fault {
		if c.Kind != simdisk.Sync || times == 0 {
			return simdisk.None
		}
		times--
		return simdisk.SyncLost
	}
}

// failedSync is survived in a new file, and selling goes on there.
func (r *recorder) failedSync() error {
	if err := r.sell(); err != nil {
		return err
	}
	r.failSyncs(1)
	if err := r.sales(); err != nil {
		return err
	}
	return r.again()
}

// doubtfulStart is a start after syncs failed until nothing could be saved any more: what
// it reads may not be on the disk, whatever the system says.
func (r *recorder) doubtfulStart() error {
	if err := r.sell(); err != nil {
		return err
	}
	r.failSyncs(8)
	if r.sell() == nil {
		return fmt.Errorf("a sale was saved on a disk that fails")
	}
	r.failSyncs(0)
	if err := r.again(); err != nil {
		return err
	}
	return r.sell()
}
