package office

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"time"

	"veratill/app/present"
	"veratill/assets/files"
	"veratill/txn"
	"veratill/txn/chain"
	"veratill/txn/fold"
)

// A look back reads the journal in small pieces, so that a sale waits for one piece at most, and has an end.
const (
	pieceEntries = 256
	mostEntries  = 200_000
)

// MostTold is how many entries are told at most to who looks back.
const MostTold = 500

// Audit implements present.Office: what people did and what rules decided, of the journal's durable entries, the newest first. keep says which are wanted; at most so many are returned.
func (o *Office) Audit(ctx context.Context, keep func(present.AuditEntry) bool, most int) (p present.AuditPage, err error) {
	newest, _ := o.c.Books.Head()
	books := fold.NewBooks()
	for to := newest; to > 0 && newest-to < mostEntries && len(p.Entries) < most; to -= pieceEntries {
		if err := ctx.Err(); err != nil {
			return p, err
		}
		entries, err := o.c.Books.After(ctx, max(to-pieceEntries, 0), int(min(pieceEntries, to)))
		if err != nil {
			return p, err
		}
		for _, e := range slices.Backward(entries) {
			found, err := audited(books, e)
			if err != nil {
				return p, err
			}
			for _, one := range slices.Backward(found) {
				if keep(one) {
					p.Entries = append(p.Entries, one)
				}
			}
		}
		p.More = to > pieceEntries
	}
	if len(p.Entries) > most {
		p.Entries, p.More = p.Entries[:most], true
	}
	return p, nil
}

// audited is what an entry says of people and rules.
func audited(books *fold.Books, e chain.Entry) (all []present.AuditEntry, err error) {
	body, err := fold.Decode(e.Body)
	if err != nil {
		return nil, err
	}
	for _, record := range body.Records {
		for word, raw := range record {
			read, unknown, err := books.Read(word, raw)
			if err != nil {
				return nil, err
			}
			r, is := read.(txn.Record)
			if unknown != "" || !is { // of a newer program: it is named, and nothing is said of it
				all = append(all, present.AuditEntry{Seq: e.Seq, By: body.By, Kind: "newer"})
				continue
			}
			if one, tells := auditOf(r); tells {
				one.Seq, one.By, one.For, one.Why = e.Seq, body.By, body.For, body.Why
				all = append(all, one)
			}
		}
	}
	return all, nil
}

// auditOf is what a record says, where it is about people or rules.
func auditOf(r txn.Record) (a present.AuditEntry, tells bool) {
	switch r := r.(type) {
	case txn.Booted:
		return present.AuditEntry{AtMs: r.AtMs, Kind: "start", Detail: r.Version}, true
	case txn.Renewed:
		return present.AuditEntry{AtMs: r.AtMs, Kind: "renewed"}, true
	case txn.DayOpened:
		return present.AuditEntry{AtMs: r.AtMs, Kind: "day-opened", Number: r.Batch}, true
	case txn.DayClosed:
		return present.AuditEntry{AtMs: r.AtMs, Kind: "day-closed", Number: r.Z}, true
	case txn.NumbersMoved:
		return present.AuditEntry{AtMs: r.AtMs, Kind: "numbers-moved", Detail: string(r.Why), Attempt: r.To}, true
	case txn.NumbersSeen:
		return present.AuditEntry{AtMs: r.AtMs, Kind: "numbers-seen"}, true
	//mutant:people-s-deeds-are-told
	case txn.Noted:
		return present.AuditEntry{AtMs: r.AtMs, Kind: string(r.Deed), Amount: r.Amount, Number: int64(r.Lines)}, true
	case txn.FileKept:
		return present.AuditEntry{AtMs: r.AtMs, Kind: "file", Detail: r.Name}, true
	case txn.Answered:
		return present.AuditEntry{AtMs: r.AtMs, Kind: "answer", Detail: r.Owner + ": " + r.Note, Attempt: r.Attempt}, true
	case txn.CaseMoved:
		return present.AuditEntry{AtMs: r.AtMs, Kind: "case", Number: r.Case, State: string(r.To), Detail: r.Note, Attempt: r.Attempt}, true
	case txn.SettlementOpened:
		return present.AuditEntry{AtMs: r.Settlement.OpenedMs, Kind: "settlement", Number: r.Settlement.Batch}, true
	case txn.SettlementMoved:
		told := []txn.SettlementEventKind{txn.ItemTaken, txn.SettlementUnanswered} // those come once a payment, and once a minute
		return present.AuditEntry{AtMs: r.Event.AtMs, Kind: "settled " + string(r.Event.Kind), Number: r.Batch, Detail: r.Event.Detail}, !slices.Contains(told, r.Event.Kind)
	case txn.AttemptOpened:
		a := r.Attempt
		return present.AuditEntry{AtMs: a.OpenedMs, Kind: string(a.Kind), Attempt: a.ID, Amount: a.Amount}, a.Kind.GivesBack()
	case txn.AttemptMoved:
		return auditOfEvent(r)
	}
	return a, false
}

// ofPeople are the events of an attempt that people bring about, or that a file proves.
var ofPeople = []txn.EventKind{txn.PersonClaimed, txn.PersonDenied, txn.Resolved, txn.LineMoved, txn.Cleared, txn.CopyBegun, txn.NoteBegun}

func auditOfEvent(r txn.AttemptMoved) (present.AuditEntry, bool) {
	detail := r.Event.Line
	if e := r.Event.Evidence; e.As != "" {
		detail = string(e.As) + ", " + e.Who + ", " + e.Document
	}
	return present.AuditEntry{AtMs: r.Event.AtMs, Kind: string(r.Event.Kind), Attempt: r.ID, Detail: detail}, slices.Contains(ofPeople, r.Event.Kind)
}

// mostLog bounds the log: the program begins another file above 10 MB.
const mostLog = 16 << 20

// mostLines is how many of its lines are shown, the newest.
const mostLines = 20_000

// Log implements present.Office: the end of the program's log, the newest line first.
func (o *Office) Log(context.Context) ([]present.LogLine, error) {
	raw, err := files.Read(o.c.LogFile, mostLog)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []present.LogLine
	for line := range bytes.SplitSeq(raw, []byte{'\n'}) {
		var l struct {
			Time  time.Time `json:"time"`
			Level string    `json:"level"`
			Msg   string    `json:"msg"`
		}
		if json.Unmarshal(line, &l) == nil {
			all = append(all, present.LogLine{At: l.Time, Level: l.Level, What: l.Msg, Whole: string(line)})
		}
	}
	slices.Reverse(all)
	return all[:min(len(all), mostLines)], nil
}
