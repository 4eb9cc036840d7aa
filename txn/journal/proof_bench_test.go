package journal_test

import (
	"crypto/sha256"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/journal"
)

// BenchmarkTheOpenDayIsProved proves a day of 20,000 payments after a start, which an X, a Z, a void or a reprint may have to wait for: 1 s at
// most. The floor is to read the same entries and hash them.
func BenchmarkTheOpenDayIsProved(b *testing.B) {
	const payments = 20_000
	dir := b.TempDir()
	j, err := journal.Open(ctx, dir, journal.Options{})
	if err != nil {
		b.Fatal(err)
	}
	t := &testing.T{}
	for range payments {
		papered(t, j, sell(t, j).Bill, txn.Printed)
	}
	if err := j.Close(); err != nil || t.Failed() {
		b.Fatal(err, t.Failed())
	}
	for b.Loop() {
		floor := readAndHash(b, dir)
		j, err := journal.Open(ctx, dir, journal.Options{})
		if err != nil {
			b.Fatal(err)
		}
		begun := time.Now()
		p, err := j.Proven(ctx)
		took := time.Since(begun)
		if err != nil || len(p.Attempts) != payments {
			b.Fatal(len(p.Attempts), err)
		}
		if err := j.Close(); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(took.Seconds(), "proof-s")
		b.ReportMetric(took.Seconds()/floor.Seconds(), "×floor")
	}
}

func readAndHash(b *testing.B, dir string) time.Duration {
	b.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, journal.Name(1)))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	begun := time.Now()
	rows, err := db.Query("SELECT body FROM entry ORDER BY seq")
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	sum := sha256.New()
	for rows.Next() {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			b.Fatal(err)
		}
		sum.Write(body)
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	return time.Since(begun)
}
