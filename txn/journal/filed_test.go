package journal_test

import (
	"errors"
	"strings"
	"testing"

	"veratill/txn"
	"veratill/txn/journal"
)

// A row of the files that were taken in, or of what was done about them, that is gone, changed or too many is not what the entries say.
func TestWhatWasFiledIsInTheEntries(t *testing.T) {
	for _, query := range []string{"", "DELETE FROM filed", "DELETE FROM filed WHERE id = 2", "UPDATE filed SET body = replace(body, 'a.csv', 'b.csv')", "UPDATE filed SET word = 'case' WHERE id = 1",
		"INSERT INTO filed (word, body) SELECT word, body FROM filed WHERE id = 1", "UPDATE filed SET id = 9 WHERE id = 1", "UPDATE filed SET word = 'pencil' WHERE id = 2"} {
		dir := t.TempDir()
		j := threeDays(t, dir)
		commit(t, j, txn.Synced, txn.FileKept{Format: "table", Name: "a.csv", SHA256: strings.Repeat("a", 64), KeptSHA256: strings.Repeat("b", 64), Rows: 2, Mapping: map[string]string{"amount": "Betrag"}})
		commit(t, j, txn.Lazy, txn.Answered{Key: `table payment {"file":1}`, Class: "bank only", Owner: "li", Note: `{"answer":{"key":"no"}}`})
		close(t, j)
		if query != "" {
			tamper(t, dir, query)
		}
		var held error
		if err := journal.Peek(ctx, dir, journal.Options{}, func(j *journal.Journal) { held = j.FiledHolds(ctx) }); err != nil {
			t.Fatal(err)
		}
		if (query == "") != (held == nil) || query != "" && !errors.Is(held, journal.ErrDiffers) {
			t.Errorf("%q: %v", query, held)
		}
	}
}
