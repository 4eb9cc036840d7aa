package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"veratill/app/present"
	"veratill/assets/files"
	"veratill/txn"
)

// documentBytes is more than any letter of a bank needs, scanned or not.
const documentBytes = 64 << 20

// EvidenceOf reads what a manager brings: what the bank says became of the money, who answers for it, and the file in which the
// bank says so, of which name and hash are kept. The error says what is missing or wrong.
func EvidenceOf(as, who, document string) (e txn.Evidence, err error) {
	e.As, e.Who, e.Document = txn.Finding(as), strings.TrimSpace(who), filepath.Base(document)
	switch {
	case !slices.Contains(txn.Findings, e.As):
		return e, fmt.Errorf("%q is not one of %v, which is what a bank can say", as, txn.Findings)
	case e.Who == "":
		return e, errors.New("the name of who answers for it is missing")
	case document == "":
		return e, errors.New("the document is missing: the file in which the bank says so")
	}
	e.SHA256, err = hashOf(document)
	return e, err
}

// hashOf is the SHA-256 of a document. What is no file, is empty, or has no end is none.
func hashOf(path string) (string, error) {
	text, err := files.Read(path, documentBytes)
	if err != nil {
		return "", fmt.Errorf("the document: %w", err)
	}
	if len(text) == 0 {
		return "", fmt.Errorf("the document %s is empty", path)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// Resolve implements present.Resolving.
func (d *Desk) Resolve(ctx context.Context, by txn.Actor, id txn.ID, e txn.Evidence) present.Result {
	out, err := d.till.Resolve(ctx, by, id, e)
	if err != nil {
		return d.result(out, err)
	}
	if note := d.PrintNote(ctx, by, id); note.Code == "" { // the paper says by what it was ended, and that it is no receipt
		return note
	}
	return d.result(out, nil)
}

// Evidence implements present.Resolving.
func (d *Desk) Evidence(as, who, document string) (txn.Evidence, error) {
	return EvidenceOf(as, who, document)
}

// Numbers implements present.Resolving.
func (d *Desk) Numbers() txn.Numbers { return d.journal.Numbers() }

// NumbersSeen implements present.Resolving.
func (d *Desk) NumbersSeen(ctx context.Context, by txn.Actor) error {
	return d.till.NumbersSeen(ctx, by)
}
