package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// part is one of the store's files.
type part struct {
	name, path string
	forms      []string // see migrate
	large      bool     // looked through only after a process died with it open
	db         *database
	checked    bool // looked through since this process began
}

// database is one SQLite file while it is open: a connection that writes, and a few that read.
type database struct {
	write, read *sql.DB
}

// readers is how many connections of a process read at once.
const readers = 4

// pragmas set up each connection. With WAL a process that dies loses nothing that it committed; a power cut may cost mail.db
// its last chunks, which are read again, and person.db nothing, since it is synced at each commit (https://sqlite.org/pragma.html#pragma_synchronous).
// The files may come from a stranger: cell_size_check and trusted_schema are for those.
var pragmas = []string{
	"busy_timeout(5000)", "secure_delete(1)", "temp_store(2)", "mmap_size(0)", "cell_size_check(1)", "trusted_schema(0)", "journal_size_limit(4194304)",
}

// open opens the file, checks it and its form. It fails with [ErrNewer] or errOldForm.
func (p *part) open(ctx context.Context) (*database, error) {
	check := !p.checked && (!p.large || leftOver(p.path))
	if err := makeFile(p.path); err != nil {
		return nil, err
	}
	db, err := p.connect()
	if err != nil {
		return nil, err
	}
	err = p.look(ctx, db, check)
	if err != nil {
		return nil, errors.Join(err, db.close())
	}
	p.checked = true
	return db, nil
}

// look checks the form of an open file and, where it is due, all of it.
func (p *part) look(ctx context.Context, db *database, check bool) error {
	if check {
		if err := soundness(ctx, db.read, "quick_check"); err != nil {
			return fmt.Errorf("check %s: %w", p.name, err)
		}
	}
	return p.checkForm(ctx, db)
}

// leftOver reports whether a process died with the file open: the last one that closes it removes the WAL.
func leftOver(path string) bool {
	info, err := os.Stat(path + "-wal")
	return err == nil && info.Size() > 0
}

// making is held while a file is made, see makeFile.
var making sync.Mutex

// makeFile makes the file for its owner alone, before SQLite would make it for everybody; its companions follow it. A file that
// is there is not opened: closing it would free all locks that this process has on it (https://sqlite.org/howtocorrupt.html,
// "Posix advisory locks canceled by a separate thread doing close()").
func makeFile(path string) error {
	making.Lock()
	defer making.Unlock()
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		var f *os.File
		if f, err = os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600); err == nil {
			err = f.Close()
		}
		if errors.Is(err, fs.ErrExist) { // another process was quicker
			err = nil
		}
	case err == nil && info.Mode().Perm()&0o077 != 0:
		err = os.Chmod(path, 0o600)
	}
	if err != nil {
		return fmt.Errorf("open the store: %w", err)
	}
	return nil
}

// connect opens the pools; what is wrong with the file shows at the first use.
func (p *part) connect() (*database, error) {
	synchronous := "synchronous(FULL)"
	if p.large {
		synchronous = "synchronous(NORMAL)"
	}
	write, err := sql.Open("sqlite", address(p.path, synchronous, "journal_mode(WAL)"))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", p.name, err)
	}
	read, err := sql.Open("sqlite", address(p.path, "query_only(1)"))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", p.name, err), write.Close())
	}
	write.SetMaxOpenConns(1)
	read.SetMaxOpenConns(readers)
	return &database{write: write, read: read}, nil
}

// address is the file's name for the driver.
func address(path string, more ...string) string {
	path = filepath.ToSlash(path)
	if filepath.IsAbs(path) && path[0] != '/' {
		path = "/" + path // C:/… (https://sqlite.org/uri.html)
	}
	q := url.Values{"_txlock": {"immediate"}, "_defensive": {"1"}, "_pragma": append(more, pragmas...)}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

func (d *database) close() error {
	if err := errors.Join(d.read.Close(), d.write.Close()); err != nil {
		return fmt.Errorf("close the store: %w", err)
	}
	return nil
}

// change runs f in one transaction that begins as a writing one.
func (d *database) change(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := d.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := f(tx); err != nil {
		_ = tx.Rollback() // what f met counts; without a commit nothing is written
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// soundness runs one of SQLite's checks of a whole file.
func soundness(ctx context.Context, db *sql.DB, check string) error {
	var said string
	if err := db.QueryRowContext(ctx, "PRAGMA "+check+"(1)").Scan(&said); err != nil {
		return err
	}
	if said != "ok" {
		return fmt.Errorf("%w: %s", errUnsound, said)
	}
	return nil
}

var errUnsound = errors.New("the file is damaged")

// damaged reports whether an error says that a file is not, or no more, a sound database.
func damaged(err error) bool {
	switch code(err) {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return true
	case sqlite3.SQLITE_ERROR: // a file with other tables in it
		return strings.Contains(err.Error(), "no such ") || strings.Contains(err.Error(), "already exists")
	}
	return errors.Is(err, errUnsound)
}

// full reports whether an error says that the disk is full.
// The memory that processes share lies in a file beside the database, and says so in its own way when it cannot grow.
func full(err error) bool {
	var e *sqlite.Error
	return code(err) == sqlite3.SQLITE_FULL || errors.Is(err, errNoSpace) || errors.As(err, &e) && e.Code() == sqlite3.SQLITE_IOERR_SHMSIZE
}

// forbidden reports whether an error says that a file may not be written.
func forbidden(err error) bool {
	return code(err) == sqlite3.SQLITE_READONLY || code(err) == sqlite3.SQLITE_CANTOPEN || errors.Is(err, fs.ErrPermission)
}

// code gives SQLite's primary result code of an error, 0 where it is of another kind (https://sqlite.org/rescode.html).
func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}
