package journal

import (
	"context"
	"errors"
	"fmt"

	"veratill/txn"
)

const (
	sqlAttempt = `INSERT INTO attempt (id, owed, state, paper, kind, tender, amount_minor, cashier, opened_ms, body, sealed)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlMove        = `UPDATE attempt SET state = ?, paper = ?, body = ? WHERE id = ?`
	sqlMoveSettled = `UPDATE attempt SET state = ?, paper = ?, body = ?, owed = 0 WHERE id = ?`
	// sqlDestroy takes the sealed card number away; secure_delete overwrites its bytes.
	//mutant:pan-is-destroyed
	sqlDestroy      = `UPDATE attempt SET sealed = NULL WHERE id = ? AND sealed IS NOT NULL`
	sqlAnswer       = `INSERT OR IGNORE INTO answer (name, attempt) VALUES (?, ?)`
	sqlBill         = `INSERT INTO bill (sale, owed, batch, body) VALUES (?, ?, ?, ?)`
	sqlBillMoved    = `UPDATE bill SET owed = ?, batch = ?, body = ? WHERE sale = ?`
	sqlFiled        = `INSERT INTO filed (word, body) VALUES (?, ?)`
	sqlSlip         = `INSERT INTO slip (print, body) VALUES (?, ?)`
	sqlReport       = `INSERT INTO report (print, open, body) VALUES (?, 1, ?)`
	sqlReportClosed = `UPDATE report SET open = 0, body = ? WHERE print = ?`
	sqlDay          = `INSERT INTO day (batch, currency, first, opened_ms) SELECT ?, ?, attempt + 1, ? FROM entry ORDER BY seq DESC LIMIT 1`
	sqlDayClose     = `UPDATE day SET z = ?, closed_ms = ?, totals = ? WHERE batch = ? AND z IS NULL`
	sqlNumbers      = `INSERT INTO numbers (id, body) VALUES (1, ?)`
	sqlNumbersSeen  = `DELETE FROM numbers`
	sqlIdentity     = `INSERT INTO identity (id, body) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body`
	// sqlOwedAgain marks an attempt that had been finished with: a copy or a note of it is being printed, or the bank said something of it late. Of one
	// that is marked it writes no page.
	sqlOwedAgain = `UPDATE attempt SET owed = 1 WHERE id = ? AND owed = 0`
)

// apply turns a record into rows. Beside refold it is the only writer of the tables beside `entry`.
// rest are the records that follow in the same commit: a row that they write again is left to them.
func apply(ctx context.Context, to file, record txn.Record, rest []txn.Record) error {
	exec := to.conn.exec
	switch r := record.(type) {
	case txn.Tidied, txn.Renewed, txn.ReturnOpened, txn.Noted: // the entry itself is all there is of them; of a return, the bill of its attempt's record
		return nil
	case txn.SaleOpened:
		return insertBill(ctx, to, r.Bill)
	case txn.SaleMoved:
		return applyBill(ctx, to, r.Bill)
	case txn.Booted:
		return applyIdentity(ctx, to, r.Identity)
	case txn.DayOpened:
		return exec(ctx, sqlDay, r.Batch, r.Currency, r.AtMs)
	case txn.DayClosed:
		return exec(ctx, sqlDayClose, r.Z, r.AtMs, r.Totals, r.Batch)
	case txn.NumbersMoved:
		return applyNumbers(ctx, to, r)
	case txn.NumbersSeen:
		return exec(ctx, sqlNumbersSeen)
	case txn.AttemptOpened:
		if err := applyBill(ctx, to, r.Bill); err != nil {
			return err
		}
		return applyOpened(ctx, to, r)
	case txn.AttemptMoved:
		if err := errors.Join(applyBill(ctx, to, r.Bill), applyAnswer(ctx, to, r)); err != nil || movedAgain(r.ID, rest) {
			return err
		}
		return applyMoved(ctx, to, r)
	case txn.ReportOpened:
		body, err := marshal(r.Print)
		if err != nil {
			return err
		}
		return exec(ctx, sqlReport, r.Print.ID, body)
	case txn.ReportClosed:
		return applyReportClosed(ctx, to, r)
	case txn.FileKept, txn.Answered, txn.CaseMoved:
		return applyFiled(ctx, to, record)
	case txn.SlipKept:
		return applySlip(ctx, to, r)
	case txn.SettlementOpened:
		return keepSettlement(ctx, to, r.Settlement)
	case txn.SettlementMoved:
		return keepSettlement(ctx, to, r.After)
	}
	return fmt.Errorf("%w: record %q", ErrNewer, record.Word())
}

// numbers is what the row of a move holds: how far they have come is in the newest entry.
type numbers struct {
	Why  txn.NumberWhy `json:"why"`
	AtMs int64         `json:"atMs"`
}

func numbersOf(n txn.Numbers) numbers { return numbers{n.Why, n.AtMs} }

func applyNumbers(ctx context.Context, to file, r txn.NumbersMoved) error {
	now, err := to.readNumbers(ctx)
	if err != nil {
		return err
	}
	return keepNumbers(ctx, to, now.Move(r))
}

// keepNumbers writes why the numbers moved, or that nobody has to see it any more.
func keepNumbers(ctx context.Context, to file, n txn.Numbers) error {
	if err := to.conn.exec(ctx, sqlNumbersSeen); err != nil || n.Why == "" {
		return err
	}
	body, err := marshal(numbersOf(n))
	if err != nil {
		return err
	}
	return to.conn.exec(ctx, sqlNumbers, body)
}

func applyFiled(ctx context.Context, to file, r txn.Record) error {
	body, err := marshal(r)
	if err != nil {
		return err
	}
	return to.conn.exec(ctx, sqlFiled, r.Word(), body)
}

func applySlip(ctx context.Context, to file, r txn.SlipKept) error {
	body, err := marshal(r)
	if err != nil {
		return err
	}
	return to.conn.exec(ctx, sqlSlip, r.Print, body)
}

func insertBill(ctx context.Context, to file, b txn.Bill) error {
	body, err := marshal(b)
	if err != nil {
		return err
	}
	return to.conn.exec(ctx, sqlBill, b.SaleID, flag(b.Owes()), b.Batch, body)
}

// applyBill writes a bill as it is now, where its record has it: one of each commit does.
func applyBill(ctx context.Context, to file, b txn.Bill) error {
	if b.SaleID == 0 {
		return nil
	}
	body, err := marshal(b)
	if err != nil {
		return err
	}
	return to.conn.exec(ctx, sqlBillMoved, flag(b.Owes()), b.Batch, body, b.SaleID)
}

func applyIdentity(ctx context.Context, to file, id txn.Identity) error {
	if id.Books == "" {
		return nil
	}
	body, err := marshal(id)
	if err != nil {
		return err
	}
	return to.conn.exec(ctx, sqlIdentity, body)
}

func applyReportClosed(ctx context.Context, to file, r txn.ReportClosed) error {
	p, err := to.report(ctx, r.ID)
	if err != nil {
		return err
	}
	p.Outcome, p.Proof = r.Outcome, r.Proof
	body, err := marshal(p)
	if err != nil {
		return err
	}
	return to.conn.exec(ctx, sqlReportClosed, body, r.ID)
}

// applyAnswer keeps what a bank's answer can be told by, so that one that comes again for another attempt is known.
func applyAnswer(ctx context.Context, to file, r txn.AttemptMoved) error {
	said := r.Event.Kind == txn.BankApproved || r.Event.Kind == txn.BankDeclined ||
		r.After.Kind == txn.Refund && (r.Event.Kind == txn.BankApprovedLate || r.Event.Kind == txn.RefusedLate) // which end a refund late
	if name := r.After.Answer.Name(); name != "" && said {
		//mutant:answers-are-kept
		return to.conn.exec(ctx, sqlAnswer, name, int64(r.ID))
	}
	return nil
}

func movedAgain(id txn.ID, rest []txn.Record) bool {
	for _, r := range rest {
		if m, ok := r.(txn.AttemptMoved); ok && m.ID == id {
			return true
		}
	}
	return false
}

func applyOpened(ctx context.Context, to file, r txn.AttemptOpened) error {
	a := r.Attempt
	var sealed any
	if a.Open() && len(r.Sealed) > 0 {
		sealed = r.Sealed
	}
	if err := insertAttempt(ctx, to, a, sealed); err != nil || a.Tender != txn.Voucher || a.ToldBy() == "" {
		return err
	}
	return to.conn.exec(ctx, sqlAnswer, a.ToldBy(), int64(a.ID))
}

func insertAttempt(ctx context.Context, to file, a txn.Attempt, sealed any) error {
	body, err := marshal(a)
	if err != nil {
		return err
	}
	return to.conn.exec(ctx, sqlAttempt, int64(a.ID), flag(a.Owes()), string(a.State), string(a.Paper), string(a.Kind),
		string(a.Tender), a.Amount.Minor, a.Cashier, a.OpenedMs, body, sealed)
}

func flag(set bool) int64 {
	if set {
		return 1
	}
	return 0
}

// applyMoved writes an attempt as it is now, and destroys its card number where that is asked for.
// `owed` is only touched where it can change, to spare its index a page.
func applyMoved(ctx context.Context, to file, r txn.AttemptMoved) error {
	a, query := r.After, sqlMove
	if !a.Owes() {
		query = sqlMoveSettled
	}
	//mutant:what-owes-again-is-listed
	if a.Owes() { // whatever brought it back: a copy, a late approval, an answer that is another's
		if err := to.conn.exec(ctx, sqlOwedAgain, int64(a.ID)); err != nil {
			return err
		}
	}
	if r.DestroyPAN {
		if err := to.conn.exec(ctx, sqlDestroy, int64(a.ID)); err != nil {
			return err
		}
	}
	body, err := marshal(a)
	if err != nil {
		return err
	}
	return to.conn.exec(ctx, query, string(a.State), string(a.Paper), body, int64(a.ID))
}
