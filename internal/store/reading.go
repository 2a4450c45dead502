package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// Mark is how far one folder, or one path, of an account has been read. What stands in Data is the reader's own affair.
type Mark struct {
	Place    string
	Validity uint32 // UIDVALIDITY; 0 for files
	Data     []byte
}

// Reading is one reading of an account on its way into the store. It is for one goroutine.
type Reading struct {
	s       *Store
	name    string
	account int64
	token   int64
	marks   []Mark
	places  map[string]int64
}

// Begin starts a reading of an account, which it makes known.
func (s *Store) Begin(ctx context.Context, account string) (*Reading, error) {
	r := &Reading{s: s, name: account}
	err := s.use(ctx, &s.mail, func(db *database) error {
		r.marks, r.places = nil, map[string]int64{}
		return db.change(ctx, func(tx *sql.Tx) error { return r.begin(ctx, tx) })
	})
	if err != nil {
		return nil, fmt.Errorf("begin to read an account: %w", err)
	}
	return r, nil
}

func (r *Reading) begin(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO account (name, token) VALUES (?, ?) ON CONFLICT DO NOTHING", r.name, rand.Int64())
	if err != nil {
		return err
	}
	if err := tx.QueryRowContext(ctx, "SELECT id, token FROM account WHERE name = ?", r.name).Scan(&r.account, &r.token); err != nil {
		return err
	}
	return each(ctx, tx, func(rows *sql.Rows) error {
		var m Mark
		if err := rows.Scan(&m.Place, &m.Validity, &m.Data); err != nil {
			return err
		}
		r.marks = append(r.marks, m)
		return nil
	}, "SELECT place.name, validity, data FROM mark JOIN place ON place.id = mark.place WHERE account = ? ORDER BY place.name", r.account)
}

// Marks are where earlier readings ended.
func (r *Reading) Marks() []Mark { return r.marks }

// querier is a transaction or a pool.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// each runs a query and takes its rows.
func each(ctx context.Context, db querier, take func(*sql.Rows) error, query string, args ...any) error {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := take(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// still fails with [ErrRebuilt] when the account was forgotten, or the file replaced, since the reading began: what would be
// written now would stand alone.
func (r *Reading) still(ctx context.Context, tx *sql.Tx) error {
	var id int64
	err := tx.QueryRowContext(ctx, "SELECT id FROM account WHERE id = ? AND token = ?", r.account, r.token).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrRebuilt
	}
	return err
}

// batch is how many records one transaction takes, so that it is done in 50 ms: the other process writes too.
const batch = 500

// Chunk is what a stretch of reading brought.
type Chunk struct {
	Records []Record
	Own     []string // the account's addresses, as messages tell them, lower case
	Unread  []Unread // messages that were not handed over
	Mark    *Mark    // what covers all of it; nil where that is still to come
}

// Keep keeps a chunk, its end and its mark in one transaction. A record of the same message is replaced. It fails with
// [ErrRebuilt].
func (r *Reading) Keep(ctx context.Context, c Chunk) error {
	for {
		now := c
		if now.Records = c.Records[:min(batch, len(c.Records))]; len(now.Records) < len(c.Records) {
			now.Own, now.Unread, now.Mark = nil, nil, nil
		}
		if err := r.keep(ctx, now); err != nil {
			return fmt.Errorf("keep what was read: %w", err)
		}
		if c.Records = c.Records[len(now.Records):]; len(c.Records) == 0 {
			return nil
		}
	}
}

func (r *Reading) keep(ctx context.Context, c Chunk) error {
	return r.s.use(ctx, &r.s.mail, func(db *database) error {
		return db.change(ctx, func(tx *sql.Tx) error {
			if err := r.still(ctx, tx); err != nil {
				return err
			}
			if err := r.insert(ctx, tx, c.Records); err != nil {
				return err
			}
			if err := r.note(ctx, tx, c.Own, c.Unread); err != nil {
				return err
			}
			if c.Mark != nil {
				place, err := r.place(ctx, tx, c.Mark.Place)
				if err != nil {
					return err
				}
				if _, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO mark (place, validity, data) VALUES (?, ?, ?)", place, c.Mark.Validity, c.Mark.Data); err != nil {
					return err
				}
			}
			return r.s.makeRoom(ctx, tx, len(c.Records))
		})
	})
}

// note keeps addresses and what could not be read.
func (r *Reading) note(ctx context.Context, tx *sql.Tx, own []string, unread []Unread) error {
	for _, a := range own {
		if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO own (account, address) VALUES (?, ?)", r.account, a); err != nil {
			return err
		}
	}
	for _, u := range unread {
		if _, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO unread (account, source, why, folder) VALUES (?, ?, ?, ?)", r.account, u.Source, u.Why, u.Folder); err != nil {
			return err
		}
	}
	return nil
}

func (r *Reading) insert(ctx context.Context, tx *sql.Tx, records []Record) error {
	if len(records) == 0 {
		return nil
	}
	insert, err := tx.PrepareContext(ctx, "INSERT OR REPLACE INTO record (place, validity, uid, key, source, kind, at, ident, digest, copy, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
	if err != nil {
		return err
	}
	defer insert.Close()
	for i := range records {
		rec := &records[i]
		place, err := r.place(ctx, tx, rec.Place)
		if err != nil {
			return err
		}
		data, k := fit(rec)
		source := rec.Source
		if rec.UID != 0 {
			source = ""
		}
		if _, err := insert.ExecContext(ctx, place, rec.Validity, rec.UID, rec.key(), source, k, rec.at().Unix(), rec.ident(), int64(rec.Digest), rec.Copy, data); err != nil {
			return err
		}
	}
	return nil
}

// maxRecord bounds one record. Real ones have some hundred bytes, the largest some thousand recipients.
const maxRecord = 512 << 10

// fit encodes a record so that it fits: a header that was made to be huge loses its traces, and at worst the message is
// listed as unreadable.
func fit(r *Record) ([]byte, kind) {
	data := encode(r)
	if len(data) <= maxRecord {
		return data, r.kind()
	}
	slim := *r
	switch r.kind() {
	case kindSent:
		m := *r.Sent
		m.Traits.Received, m.Traits.Headers, m.References = nil, nil, nil
		slim.Sent = &m
	case kindReport:
		m := *r.Report
		m.Traits.Received, m.Traits.Headers, m.Report.Original.Received = nil, nil, nil
		slim.Report = &m
	}
	if data = encode(&slim); len(data) <= maxRecord {
		return data, slim.kind()
	}
	return encode(&Record{Unread: "endless-header"}), kindUnread
}

// place gives the number of a folder or path, which it makes known.
func (r *Reading) place(ctx context.Context, tx *sql.Tx, name string) (id int64, err error) {
	if id, ok := r.places[name]; ok {
		return id, nil
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO place (account, name) VALUES (?, ?) ON CONFLICT DO NOTHING", r.account, name); err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, "SELECT id FROM place WHERE account = ? AND name = ?", r.account, name).Scan(&id)
	if err == nil && len(r.places) < 10_000 {
		r.places[name] = id
	}
	return id, err
}

// Covered is what a complete reading of an account covered.
type Covered struct {
	Roles  []string  // of the folders that were read, as internal/mailbox has them
	Since  time.Time // the day from which on; zero for the beginning
	At     time.Time // when the reading began
	Unread []Unread  // what could not be read besides single messages
	Own    []string  // the account's addresses, lower case
	// Anew are the reasons that every reading gives anew where they still hold: what earlier ones noted for them goes.
	Anew []string
}

// Unread is a message or folder that could not be read.
type Unread struct {
	Source string
	Why    string // an id for words: "note." + Why
	Folder bool   // a whole folder, in which any bounce may lie
}

// Finish says that the account was read to its end: what it covered is kept, and what an older UIDVALIDITY left behind goes as
// far as it was found again. What was not found again stays: it was read, and proves what it proves. It fails with
// [ErrRebuilt].
func (r *Reading) Finish(ctx context.Context, c Covered) error {
	err := r.s.use(ctx, &r.s.mail, func(db *database) error {
		if err := r.clearOld(ctx, db); err != nil {
			return err
		}
		if err := r.s.clearAged(ctx, db); err != nil {
			return err
		}
		return db.change(ctx, func(tx *sql.Tx) error {
			if err := r.still(ctx, tx); err != nil {
				return err
			}
			return r.cover(ctx, tx, c)
		})
	})
	if err != nil {
		return fmt.Errorf("finish reading an account: %w", err)
	}
	return nil
}

func (r *Reading) cover(ctx context.Context, tx *sql.Tx, c Covered) error {
	var since any
	if !c.Since.IsZero() {
		since = c.Since.Unix()
	}
	if _, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO reading (account, since, at) VALUES (?, ?, ?)", r.account, since, c.At.Unix()); err != nil {
		return err
	}
	// A message that could not be read is read no more, but for some reasons; a folder is tried each time. Their notes are today's.
	for _, why := range c.Anew {
		if _, err := tx.ExecContext(ctx, "DELETE FROM unread WHERE account = ? AND why = ?", r.account, why); err != nil {
			return err
		}
	}
	for _, q := range []string{"DELETE FROM cover WHERE account = ?", "DELETE FROM unread WHERE account = ? AND folder"} {
		if _, err := tx.ExecContext(ctx, q, r.account); err != nil {
			return err
		}
	}
	for _, role := range c.Roles {
		if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO cover (account, role) VALUES (?, ?)", r.account, role); err != nil {
			return err
		}
	}
	return r.note(ctx, tx, c.Own, c.Unread)
}
