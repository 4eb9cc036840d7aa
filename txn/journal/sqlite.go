package journal

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"

	"modernc.org/sqlite"
)

// conn is one connection to SQLite. It speaks to the driver itself: a journal has one
// connection and one lock, and the pool, the locks and the conversions of database/sql
// take a tenth of a sale's time. Whoever uses it holds that lock.
type conn struct {
	raw    rawConn
	stmts  map[string]rawStmt
	named  []driver.NamedValue // of the statement that is being bound
	closed bool                // the driver does not look whether it is
}

var errClosed = errors.New("the journal is closed")

// rawConn and rawStmt are what the driver has.
type rawConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
}

type rawStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

func dial(ctx context.Context, dsn string) (*conn, error) {
	connector, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	raw, err := connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &conn{raw: raw.(rawConn), stmts: map[string]rawStmt{}}, nil
}

func (c *conn) close() error {
	if c.closed {
		return nil
	}
	c.closed = true
	var err error
	for _, s := range c.stmts {
		err = errors.Join(err, s.Close())
	}
	return errors.Join(err, c.raw.Close())
}

// emptyWAL moves all of the WAL into the file. SQLite's own checkpoint at the end says
// nothing when it fails, and then the WAL stays behind while the file is renamed: this one
// has to succeed.
func (c *conn) emptyWAL(ctx context.Context) error {
	busy, err := first[int64](c.query(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"))
	if err == nil && busy != 0 {
		err = errBusy
	}
	return err
}

// run executes what is not worth keeping, or must not be prepared beforehand.
func (c *conn) run(ctx context.Context, query string, args ...any) error {
	named, err := c.bind(args)
	if err != nil {
		return err
	}
	_, err = c.raw.ExecContext(ctx, query, named)
	return err
}

// exec executes a statement that stays prepared.
func (c *conn) exec(ctx context.Context, query string, args ...any) error {
	s, err := c.prepared(ctx, query)
	if err != nil {
		return err
	}
	named, err := c.bind(args)
	if err != nil {
		return err
	}
	_, err = s.ExecContext(ctx, named)
	return err
}

// prepared is a statement of this connection, prepared when it is first needed: a start
// needs few of them.
func (c *conn) prepared(ctx context.Context, query string) (rawStmt, error) {
	if c.closed {
		return nil, errClosed
	}
	if s := c.stmts[query]; s != nil {
		return s, nil
	}
	s, err := c.raw.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.stmts[query] = s.(rawStmt)
	return c.stmts[query], nil
}

// bind turns arguments into the driver's, as database/sql does.
func (c *conn) bind(args []any) ([]driver.NamedValue, error) {
	if c.closed {
		return nil, errClosed
	}
	c.named = c.named[:0]
	for i, arg := range args {
		value, err := driver.DefaultParameterConverter.ConvertValue(arg)
		if err != nil {
			return nil, err
		}
		c.named = append(c.named, driver.NamedValue{Ordinal: i + 1, Value: value})
	}
	return c.named, nil
}

// cursor walks over the rows of a query.
type cursor struct {
	rows driver.Rows
	row  []driver.Value
}

// next reports whether there was another row, which is then in row.
func (c *cursor) next() (bool, error) {
	err := c.rows.Next(c.row)
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	return err == nil, err
}

func cursorOf(rows driver.Rows, err error) (*cursor, error) {
	if err != nil {
		return nil, err
	}
	return &cursor{rows, make([]driver.Value, len(rows.Columns()))}, nil
}

// query runs a query once. The cursor's rows have to be closed.
func (c *conn) query(ctx context.Context, query string, args ...any) (*cursor, error) {
	named, err := c.bind(args)
	if err != nil {
		return nil, err
	}
	return cursorOf(c.raw.QueryContext(ctx, query, named))
}

// ask is query for a statement that stays prepared.
func (c *conn) ask(ctx context.Context, query string, args ...any) (*cursor, error) {
	s, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	named, err := c.bind(args)
	if err != nil {
		return nil, err
	}
	return cursorOf(s.QueryContext(ctx, named))
}

// each calls do with every row.
func (c *cursor) each(do func(row []driver.Value) error) error {
	for {
		more, err := c.next()
		if err == nil && more {
			err = do(c.row)
		}
		if err != nil || !more {
			return errors.Join(err, c.rows.Close())
		}
	}
}

// first is the first value of the only row. ErrNotFound where there is none.
func first[T any](c *cursor, err error) (T, error) {
	var v T
	if err != nil {
		return v, err
	}
	found := false
	err = c.each(func(row []driver.Value) error {
		found = true
		v, _ = row[0].(T) // NULL is the zero value
		return nil
	})
	if err == nil && !found {
		err = ErrNotFound
	}
	return v, err
}
