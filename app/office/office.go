// Package office is what a manager does with the books beside selling: backups are looked at and restored, the journal and the program's log are read, and tables are given away as files.
package office

import (
	"context"
	"log/slog"
	"time"

	"veratill/app/print"
	"veratill/txn"
	"veratill/txn/chain"
)

// Books are what it reads of the journal of a running till.
type Books interface {
	Identity() txn.Identity
	Head() (seq int64, hash [32]byte)
	HeadAt(ctx context.Context, seq int64) (string, error)
	After(ctx context.Context, seq int64, limit int) ([]chain.Entry, error)
}

// Marks are those that a till keeps outside its books, see till.Marks.
type Marks interface {
	Read() (marks []txn.Mark, unreadable map[string]error, err error)
}

// Config is what an office stands on.
type Config struct {
	Books   Books
	Dir     string   // the data folder
	Second  string   // the second place for backups; empty is none
	Folders []string // where browsers and sticks put files
	Marks   Marks    // nil where none are kept
	LogFile string   // the program's log; empty where it has none
	Log     *slog.Logger
	Now     func() time.Time
	Paper   print.Options // how an X and a Z are laid out
	// WriteTable writes a table to a new file, by its ending.
	WriteTable func(path string, rows [][]string) error
}

// Office implements present.Office.
type Office struct{ c Config }

// New makes one.
func New(c Config) *Office { return &Office{c} }
