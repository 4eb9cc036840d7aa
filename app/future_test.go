package main

import (
	"crypto/sha256"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite"

	"veratill/txn/chain"
)

// future FILE BODY… appends an entry to a journal as a program of a later version would.
func future(ts *testscript.TestScript, _ bool, args []string) {
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	defer db.Close()
	var at chain.Cursor
	var hash []byte
	ts.Check(db.QueryRow(`SELECT seq, version, print, attempt, hash FROM entry ORDER BY seq DESC LIMIT 1`).Scan(&at.Seq, &at.Version, &at.Print, &at.Attempt, &hash))
	at.Hash = [sha256.Size]byte(hash)
	e := at.Next(at.Version, at.Print, at.Attempt, []byte(args[1]))
	_, err = db.Exec(`INSERT INTO entry (seq, version, print, attempt, body, hash) VALUES (?, ?, ?, ?, ?, ?)`, e.Seq, e.Version, e.Print, e.Attempt, string(e.Body), e.Hash[:])
	ts.Check(err)
}

// edited FILE SQL changes a journal behind the till's back.
func edited(ts *testscript.TestScript, _ bool, args []string) {
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	defer db.Close()
	_, err = db.Exec(args[1])
	ts.Check(err)
}

// tree NAME DIR writes into a file what a folder holds: each file's name and the hash of its bytes.
func tree(ts *testscript.TestScript, _ bool, args []string) {
	var all strings.Builder
	dir := ts.MkAbs(args[1])
	ts.Check(fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, path))
		fmt.Fprintf(&all, "%x %s\n", sha256.Sum256(text), path)
		return err
	}))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(all.String()), 0o600))
}
