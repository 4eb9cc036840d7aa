package journal

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sort"
)

//go:embed migration/*.sql
var embedded embed.FS

func builtIn() fs.FS {
	sub, err := fs.Sub(embedded, "migration")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	return sub
}

type migration struct {
	version int
	sql     string
}

// readMigrations reads NNNN_name.sql files, which have to be numbered 1, 2, 3 …
func readMigrations(from fs.FS) ([]migration, error) {
	names, err := fs.Glob(from, "*.sql")
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	var all []migration
	for i, name := range names {
		text, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, err
		}
		var version int
		if _, err := fmt.Sscanf(name, "%d_", &version); err != nil || version != i+1 {
			return nil, fmt.Errorf("migration %s is not number %d", name, i+1)
		}
		all = append(all, migration{version, string(text)})
	}
	return all, nil
}

// apply runs one migration and its version number in one transaction.
func (m migration) apply(ctx context.Context, c *conn) error {
	if err := c.run(ctx, sqlBegin); err != nil {
		return err
	}
	if err := c.run(ctx, m.sql); err != nil {
		return errors.Join(fmt.Errorf("migration %d: %w", m.version, err), c.run(ctx, "ROLLBACK"))
	}
	if err := c.run(ctx, fmt.Sprintf("PRAGMA user_version = %d", m.version)); err != nil {
		return errors.Join(err, c.run(ctx, "ROLLBACK"))
	}
	return c.run(ctx, sqlCommit)
}

// backupBefore makes the backup of a migration. A clock that went back must not find its name taken.
func (j *Journal) backupBefore(ctx context.Context, version int) error {
	name := fmt.Sprintf("before-format-%d-%s", version, j.now().UTC().Format("20060102T150405.000"))
	path := filepath.Join(j.dir, "backup", name)
	for n := 1; ; n++ {
		numbered := fmt.Sprintf("%s-%d.db", path, n)
		there, err := j.there(numbered)
		if err != nil {
			return err
		}
		if !there {
			return j.backupTo(ctx, numbered)
		}
	}
}

// migrate brings an older journal up to date. Each step is preceded by a backup.
func (j *Journal) migrate(ctx context.Context, all []migration) error {
	known, err := first[int64](j.conn.query(ctx, "PRAGMA user_version"))
	if err != nil {
		return err
	}
	version := int(known)
	//mutant:newer-journal-is-refused/schema
	if version > len(all) {
		return fmt.Errorf("%w: format %d, this program knows %d", ErrNewer, version, len(all))
	}
	//mutant:newer-journal-is-refused/migrations
	for _, m := range all[version:] {
		if err := j.backupBefore(ctx, m.version); err != nil {
			return fmt.Errorf("backup before migration %d: %w", m.version, err)
		}
		if err := m.apply(ctx, j.conn); err != nil {
			return err
		}
	}
	return nil
}
