package finding

import (
	"context"
	"log/slog"
	"time"

	"veratill/app/casework"
	"veratill/app/office"
	"veratill/app/present"
	"veratill/app/print"
	"veratill/app/settings"
	"veratill/txn/disk"
)

// SlipsOf keeps the merchant's slips of what a press prints, in a data folder.
func SlipsOf(press *print.Press, on disk.Disk, dir string) print.Slips {
	return print.Slips{Press: press, Store: casework.SlipsIn(on, dir)}
}

// CaseGround is what cases stand on beside a reconciler's ground.
type CaseGround struct {
	Books  casework.Books
	Keeper casework.Keeper
	Shop   string         // the merchant's name
	Sign   casework.Signs // nil where the till signs nothing
}

// Cases leads disputes with banks, on the ground of the reconciler.
func (r *Reconciler) Cases(g CaseGround) casework.Disputes {
	return casework.Disputes{Books: g.Books, Slips: r.Slips(), Exchanges: r.Messages(), Files: r, Keeper: g.Keeper, Shop: g.Shop, Sign: g.Sign, Dir: r.ground.Dir, Now: r.ground.Now}
}

// Slips are the merchant's slips of the data folder.
func (r *Reconciler) Slips() *casework.Kept { return casework.SlipsIn(r.ground.Disk, r.ground.Dir) }

// Messages are what was exchanged about payments, in the data folder.
func (r *Reconciler) Messages() *casework.Messages {
	return casework.MessagesIn(r.ground.Disk, r.ground.Dir)
}

// Exchanged keeps what is exchanged about payments.
type Exchanged = casework.Keeping

// KeepMessages begins to keep what is exchanged about payments in a data folder. Close has to follow.
func KeepMessages(on disk.Disk, dir string, log *slog.Logger) *Exchanged {
	return casework.KeepMessages(on, dir, log)
}

// OfficeGround is what an office stands on.
type OfficeGround = office.Config

// NewOffice makes what a manager does with the books beside selling.
func NewOffice(g OfficeGround, of settings.Settings) present.Office {
	g.Folders, g.WriteTable, g.Paper, g.Second = BillFolders(), WriteTable, print.OptionsOf(of), of.Backup.Second
	return office.New(g)
}

// Audit answers a second program with what people did, as far as it has every word of what is looked for.
func Audit(ctx context.Context, g OfficeGround, looked string) (present.AuditPage, error) {
	words, err := present.NewWords("en")
	if err != nil {
		return present.AuditPage{}, err
	}
	return office.New(g).Audit(ctx, words.AuditHas(looked), office.MostTold)
}

// WriteExport writes an export to a new file, by its ending: .csv, .xlsx or .pdf.
func WriteExport(path string, e present.Export, paper print.Options, now time.Time) error {
	return office.Write(path, e, paper, now, WriteTable)
}
